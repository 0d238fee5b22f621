"""``config/policy.toml``, ``allowed_phrases.toml`` and ``casework.toml``: clauses, allowed phrases, concerns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.registers.policy_checks import HEADTEACHER, KNOWN_CODES, CheckName, check_for, checks_of
from auditbot.safe_files import write_private
from auditbot.settings import CONFIG, explain, read_toml


def _clause_id(value: str) -> str:
    if not re.fullmatch(r"[A-Z]\d{0,2}|[A-Z]{0,3}\d{1,3}(?:[.\-]\d{1,3}){0,3}[a-z]?|[A-Z]{1,4}", value, re.ASCII):
        raise ValueError(f"{value!r} should be a number as in the policy, like C11 or 4.2")
    return value


def _known_check(value: str) -> str:
    if value not in {name.value for name in CheckName}:
        raise ValueError(f"{value!r} is no check; those there are: {', '.join(name.value for name in CheckName)}")
    return value


@dataclass(frozen=True, config=CONFIG)
class Clause:
    """One [[clause]] of the policy."""

    id: Annotated[str, AfterValidator(_clause_id)]
    """The clause's id, for example C11."""
    summary: Annotated[str, Field(min_length=1)]
    """What it asks for, in one sentence."""
    how: tuple[Literal["pages", "register", "attest", "workflow", "not audited"], ...]
    """How it can be audited."""
    severity: Literal["today", "week", "governance", ""]
    """How soon a finding needs somebody; empty if there can be none."""
    school_wording: str = ""
    """The school's own sentence."""
    school_number: str = ""
    """The school's own number."""
    not_audited_because: str = ""
    """What reports say of it while the program does not check it; which it checks, the program alone knows."""
    checks: tuple[Annotated[str, AfterValidator(_known_check)], ...] = ()
    """The checks that it uses. In a file that names none at all, the ids are those of the policy that ships."""
    finding_severity: Literal["today", "week", "governance", ""] = ""
    """How soon its findings need somebody, where the school says other than the program."""
    days: Annotated[int | None, Field(ge=1, le=3650)] = None
    """Its number of days: after how many a password is changed (eight weeks if the clause says none)."""
    roles: tuple[str, ...] = ()
    """Whose approval it asks for; empty: the Headteacher's."""

    @property
    def number(self) -> str:
        """What findings cite: the school's own number, else the id."""
        return self.school_number or self.id

    @property
    def whose(self) -> tuple[str, ...]:
        """Whose approval counts."""
        return self.roles or HEADTEACHER


@dataclass(frozen=True, config=CONFIG)
class Holiday:
    """One [[holiday]]: days on which nothing falls due."""

    first: date
    """Its first day."""
    last: date
    """Its last day."""


@dataclass(frozen=True, config=CONFIG)
class _Policy:
    clause: tuple[Clause, ...]
    holiday: tuple[Holiday, ...] = ()


class Policy(dict[str, Clause]):
    """The clauses of a policy by id, in the file's order, and what stands behind each."""

    def __init__(self, clauses: Iterable[Clause], holidays: Iterable[Holiday] = ()) -> None:
        super().__init__((clause.id, clause) for clause in clauses)
        self.holidays = tuple(holidays)
        """Days on which nothing falls due."""
        named = any(clause.checks for clause in self.values())
        self.checks: Mapping[str, tuple[CheckName, ...]] = {
            clause.id: checks_of(clause.id, clause.checks, any_named=named) for clause in self.values()
        }
        """The checks of each clause, by its id."""
        self._cited: dict[tuple[str, str], Clause | None] = {}

    def behind(self, check: CheckName) -> Clause | None:
        """Return the first clause that uses a check, or None: then the check finds nothing."""
        return next((self[name] for name, checks in self.checks.items() if check in checks), None)

    def cited(self, code: str, kind: str) -> Clause | None:
        """Return the clause that a finding of this code and kind is cited under, or None if the policy has none."""
        if code not in KNOWN_CODES:
            return self.get(code)
        if (code, kind) not in self._cited:  # asked for each finding, of which there may be tens of thousands
            behind = (self.behind(check) for check in check_for(code, kind))
            self._cited[code, kind] = next((clause for clause in behind if clause), None)
        return self._cited[code, kind]

    def due(self, day: date) -> date:
        """Return the day on which something falls due that would be due on this one: the first that is no holiday."""
        for holiday in sorted(self.holidays, key=lambda each: each.first):
            if holiday.first <= day <= holiday.last:
                day = holiday.last + timedelta(days=1)
        return day


def read_policy(path: Path) -> Policy:
    """Return the clauses by id, in the file's order. Raises SettingsError naming every problem."""
    try:
        content = read_toml(path)
        policy = TypeAdapter(_Policy).validate_json(json.dumps(content, default=str))
    except FileNotFoundError as error:
        raise SettingsError(path, ["the file does not exist"]) from error
    except ValidationError as error:
        known = {"": ["clause", "holiday"], "clause": list(Clause.__dataclass_fields__)}
        known["holiday"] = list(Holiday.__dataclass_fields__)
        raise SettingsError(path, explain(error, known, content)) from error
    problems = [] if policy.clause else ["it holds no [[clause]]"]
    ids = [clause.id for clause in policy.clause]
    problems += [f"clause {name} stands twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    if problems:
        raise SettingsError(path, problems)
    return Policy(policy.clause, policy.holiday)


# ``config/allowed_phrases.toml``: phrases the school has looked at and allows, each with a reason and an end
# date.

SURNAMES = "C12"


def _some_words(value: str) -> str:
    if len(re.findall(r"\w", value)) < 3:
        raise ValueError("should hold three letters or digits at least")
    return value


def _clause_or_none(value: str) -> str:
    if value and not re.fullmatch(r"[A-Z]\d{1,2}", value, re.ASCII):
        raise ValueError(f"{value!r} should be a clause like C12, or left out")
    return value


@dataclass(frozen=True, config=CONFIG)
class AllowedPhrase:
    """One [[phrase]] of the register."""

    text: Annotated[str, AfterValidator(_some_words)]
    """The words as published; capitals and the width of spaces do not matter."""
    reason: Annotated[str, Field(min_length=1)]
    """Why they may stand."""
    until: date
    """The last day on which they may."""
    clause: Annotated[str, AfterValidator(_clause_or_none)] = ""
    """The one clause they are allowed under; empty for every clause about words."""


@dataclass(frozen=True, config=CONFIG)
class _Register:
    phrase: tuple[AllowedPhrase, ...] = ()


def read_allowed(path: Path) -> tuple[AllowedPhrase, ...]:
    """Return all phrases, expired ones too; none if there is no file. Raises SettingsError naming every problem."""
    try:
        content = read_toml(path)
        return TypeAdapter(_Register).validate_json(json.dumps(content, default=str)).phrase
    except FileNotFoundError:
        return ()
    except ValidationError as error:
        known = {"": ["phrase"], "phrase": list(AllowedPhrase.__dataclass_fields__)}
        raise SettingsError(path, explain(error, known, content)) from error


def covers(phrases: Iterable[AllowedPhrase], clause: str, text: str, start: int, end: int, today: date) -> bool:
    """Whether a phrase that is allowed today stands around these characters of the text, and covers them all.

    Marks and spaces at the edges of the characters do not count. A surname is allowed only within more words than the
    surname: a phrase that is nothing else would allow it everywhere.
    """
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    for phrase in phrases:
        if phrase.until < today or phrase.clause not in ("", clause):
            continue
        for found in _pattern(phrase.text).finditer(text):
            longer = re.search(r"\w", text[found.start() : start] + text[end : found.end()]) is not None
            if found.start() <= start and end <= found.end() and (longer or clause != SURNAMES):
                return True
    return False


def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, phrase.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


# ``config/casework.toml``: concerns that somebody reported by hand, and findings that were referred.

Text = Annotated[str, Field(min_length=1)]


ConcernClause = Literal["B6", "C5", "C9", "C10", "C11", "C12", "D1", "D2", "D3", "E2"]
CLAUSES: tuple[str, ...] = get_args(ConcernClause)
"""Clauses that a concern can be about."""


@dataclass(frozen=True, config=CONFIG)
class Concern:
    """One [[concern]]: something published that a person reported; it lives like any finding until it is closed."""

    id: Text
    """Its number, given when it was entered."""
    clause: ConcernClause
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
    about_head: bool = False
    """Whether it is about the Headteacher, who is then shown nothing of it."""


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
            said = {name: value for name, value in vars(entry).items() if value not in ("", None, False)}
            lines += [f"{name} = {_toml(value)}" for name, value in said.items()]
            blocks.append("\n".join(lines) + "\n")
    write_private(path, "\n".join(blocks).encode("utf-8"))


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


# ``config/declarations.toml``: what named roles declare, which documents are on file, which photos were
# approved.


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
    classes: tuple[str, ...] = ()
    """The classes or year groups that took part, as the register writes them; empty if nothing is said."""

    def covers(self, account: str, day: date, today: date) -> bool:
        """Return whether a post of this account on this day is covered, whoever agreed, as far as is known today."""
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
    year_groups: tuple[str, ...] = ()
    """The year groups that use it."""


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
        raise SettingsError(path, explain(error, _KNOWN_DECLARATIONS, content)) from error
    backwards = [
        f"event_approval {number}: last_day lies before first_day"
        for number, given in enumerate(declared.event_approval, 1)
        if given.first_day and given.last_day and given.last_day < given.first_day
    ]
    if backwards:
        raise SettingsError(path, backwards)
    return declared


_KNOWN_DECLARATIONS = {
    "": ["attestation", "document", "event_approval", "tool", "no_tools_used", "not_ours"],
    "attestation": list(Attestation.__dataclass_fields__),
    "document": list(DocumentOnFile.__dataclass_fields__),
    "event_approval": list(EventApproval.__dataclass_fields__),
    "tool": list(Tool.__dataclass_fields__),
}
