"""``config/declarations.toml``: what named roles declare, which documents are on file, which photos were approved."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.toml_file import CONFIG, explain, read_toml

Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, config=CONFIG)
class Attestation:
    """One [[attestation]]: a role declares, for its members, that rules are known and kept."""

    clauses: Annotated[tuple[str, ...], Field(min_length=1)]
    """The clauses it covers, like ["B1", "B3"]."""
    role: Text
    """Who declares, by role: "All staff", "Headteacher"."""
    declared_on: date
    """When."""
    valid_days: Annotated[int, Field(ge=1, le=1830)] = 365
    """For how long it stands."""

    @property
    def lapses_on(self) -> date:
        """The first day on which it no longer stands."""
        return self.declared_on + timedelta(days=self.valid_days)


@dataclass(frozen=True, config=CONFIG)
class DocumentOnFile:
    """One [[document]]: a policy of the school that a clause rests on."""

    clause: Text
    """The clause it is for: A1 (acceptable use), A3 (e-safety sanctions) or E1 (e-safety, anti-bullying sanctions)."""
    title: Text
    """Its title."""
    approved_on: date
    """When it was approved."""
    review_on: date
    """When it is due for review."""
    place: str = ""
    """Where it can be found."""


@dataclass(frozen=True, config=CONFIG)
class EventApproval:
    """One [[event_approval]]: the Headteacher agrees that pictures of school events are posted."""

    approved_by: Text
    """Who agreed, by role."""
    approved_on: date
    """When."""
    event: str = ""
    """Which event; empty for a standing approval."""
    first_day: date | None = None
    """Posts from this day on are covered; empty: from the day of approval."""
    last_day: date | None = None
    """Posts up to this day are covered; empty: no end."""
    accounts: tuple[str, ...] = ()
    """The accounts it holds for; empty: every account."""

    def covers(self, account: str, day: date, today: date) -> bool:
        """Return whether a post of this account on this day is covered, as far as is known today."""
        if self.approved_on > today:
            return False
        first = self.first_day or self.approved_on
        return (not self.accounts or account in self.accounts) and first <= day <= (self.last_day or date.max)


@dataclass(frozen=True, config=CONFIG)
class Tool:
    """One [[tool]]: a social media tool that pupils use in school."""

    name: Text
    """Its name."""
    used_since: date
    """When pupils began to use it."""
    risk_assessment: str = ""
    """The id of its risk assessment: the name of its file in config/risk_assessments, without .toml."""


@dataclass(frozen=True, config=CONFIG)
class Declarations:
    """The whole of config/declarations.toml."""

    attestation: tuple[Attestation, ...] = ()
    """What roles declare."""
    document: tuple[DocumentOnFile, ...] = ()
    """Documents on file."""
    event_approval: tuple[EventApproval, ...] = ()
    """Approved pictures of events."""
    tool: tuple[Tool, ...] = ()
    """Social media tools that pupils use in school."""
    no_tools_used: bool = False
    """True if pupils use no social media tool in school."""
    not_ours: tuple[str, ...] = ()
    """Addresses of social media accounts that the school's pages lead to and that are somebody else's."""


def read_declarations(path: Path) -> Declarations:
    """Return what is declared; nothing if there is no such file. Raises SettingsError naming every problem."""
    if not path.is_file():
        return Declarations()
    content = read_toml(path)
    try:
        declared: Declarations = TypeAdapter(Declarations).validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise SettingsError(path, explain(error, _KNOWN, content)) from error
    backwards = [
        f"event_approval {number}: last_day lies before first_day"
        for number, given in enumerate(declared.event_approval, 1)
        if given.first_day and given.last_day and given.last_day < given.first_day
    ]
    if backwards:
        raise SettingsError(path, backwards)
    return declared


_KNOWN = {
    "": ["attestation", "document", "event_approval", "tool", "no_tools_used", "not_ours"],
    "attestation": list(Attestation.__dataclass_fields__),
    "document": list(DocumentOnFile.__dataclass_fields__),
    "event_approval": list(EventApproval.__dataclass_fields__),
    "tool": list(Tool.__dataclass_fields__),
}
