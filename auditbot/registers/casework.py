"""``config/casework.toml``: concerns that somebody reported by hand, and findings that were referred."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.private_files import write_private
from auditbot.toml_file import CONFIG, explain, read_toml

Text = Annotated[str, Field(min_length=1)]


Clause = Literal["B6", "C5", "C9", "C10", "C11", "C12", "D1", "D2", "D3", "E2"]
CLAUSES: tuple[str, ...] = get_args(Clause)
"""Clauses that a concern can be about."""


@dataclass(frozen=True, config=CONFIG)
class Concern:
    """One [[concern]]: something published that a person reported; it lives like any finding until it is closed."""

    id: Text
    """Its number, given when it was entered."""
    clause: Clause
    """The clause it concerns."""
    reported_on: date
    """When it was reported."""
    reported_by: Text
    """Who reported it, by role: "A parent"."""
    address: str = ""
    """Where it is published; empty if it has no address."""
    account: str = ""
    """The school's account it stands on; empty if it is somebody else's."""
    quote: str = ""
    """The words it is about, as published."""
    closed_on: date | None = None
    """When it was closed; empty while it is open."""
    outcome: str = ""
    """How it ended."""


@dataclass(frozen=True, config=CONFIG)
class Referral:
    """One [[referral]]: a finding or concern was taken to the Headteacher or the LADO (clause B9)."""

    finding: Text
    """The finding's id, or the concern's."""
    referred_to: Literal["Headteacher", "LADO"]
    """To whom."""
    referred_on: date
    """When."""
    referred_by: Text
    """By whom, by role."""


@dataclass(frozen=True, config=CONFIG)
class Casework:
    """The whole of config/casework.toml."""

    concern: tuple[Concern, ...] = ()
    """Concerns, open and closed."""
    referral: tuple[Referral, ...] = ()
    """Referrals."""


_KNOWN = {
    "": ["concern", "referral"],
    "concern": list(Concern.__dataclass_fields__),
    "referral": list(Referral.__dataclass_fields__),
}
HEADING = "# Concerns entered by hand (auditbot concern), and findings that were referred (auditbot refer).\n"


def read_casework(path: Path) -> Casework:
    """Return what was entered; nothing if there is no such file. Raises SettingsError naming every problem."""
    if not path.is_file():
        return Casework()
    content = read_toml(path)
    try:
        casework: Casework = TypeAdapter(Casework).validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise SettingsError(path, explain(error, _KNOWN, content)) from error
    ids = [concern.id for concern in casework.concern]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise SettingsError(path, [f"concern {name} stands there twice" for name in doubled])
    return casework


def write_casework(path: Path, casework: Casework) -> None:
    """Replace the file in one step, private to this user."""
    blocks = [HEADING]
    for table, entries in (("concern", casework.concern), ("referral", casework.referral)):
        for entry in entries:
            lines = [f"[[{table}]]"]
            lines += [f"{name} = {_toml(value)}" for name, value in vars(entry).items() if value not in ("", None)]
            blocks.append("\n".join(lines) + "\n")
    write_private(path, "\n".join(blocks).encode("utf-8"))


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
