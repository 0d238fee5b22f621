"""Which check stands behind a clause of the school's policy, and whose word an approval needs.

A policy is the school's own: its ids, its words, its numbers. The program knows checks. A clause names those that it
uses; one that names none is declared by a role or not audited, and a check that no clause names finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class CheckName(StrEnum):
    """What the program can check, as config/policy.toml names it."""

    ACCEPTABLE_USE = "acceptable_use_document"
    TOOLS_ASSESSED = "tools_assessed"
    SANCTIONS = "sanctions_document"
    EVENT_PHOTOS = "event_photos_approved"
    STAFF_WORDS = "staff_words"
    REFERRALS = "referrals"
    SERVICE_APPROVED = "service_approved"
    OWNER_NAMED = "owner_named"
    ACCOUNTS_KNOWN = "accounts_known"
    RISK_ASSESSED = "risk_assessed"
    PASSWORDS = "passwords"
    SCHOOL_EMAIL = "school_email"
    CLAIMS = "claims"
    PERSONAL_DATA = "personal_data"
    COMMERCIAL = "commercial"
    CONDUCT = "conduct"
    EQUALITY = "equality"
    PRIVATE_CONTACT = "private_contact"
    EDUCATIONAL = "educational"
    PHOTO_PERMISSION = "photo_permission"
    SURNAMES = "surnames"
    COMMENT_PHOTOS = "comment_photos"
    COMPLAINTS = "complaints"
    MALICIOUS = "malicious_comments"
    BULLYING_DOCUMENT = "bullying_document"
    BULLYING = "bullying"
    FORM = "form_filled"
    ATTESTED = "attested"


@dataclass(frozen=True, slots=True)
class CheckOf:
    """What a check finds."""

    code: str
    """The code that its findings carry."""
    kinds: frozenset[str] = frozenset()
    """The kinds of finding that are its own; none: all of the code that no other check has."""


OF_CHECK: Mapping[CheckName, CheckOf] = {
    CheckName.ACCEPTABLE_USE: CheckOf("A1"),
    CheckName.TOOLS_ASSESSED: CheckOf("A2"),
    CheckName.SANCTIONS: CheckOf("A3"),
    CheckName.EVENT_PHOTOS: CheckOf("B2"),
    CheckName.STAFF_WORDS: CheckOf("B6"),
    CheckName.REFERRALS: CheckOf("B9"),
    CheckName.SERVICE_APPROVED: CheckOf("C1"),
    CheckName.OWNER_NAMED: CheckOf("C1", frozenset({"no_owner", "owner_gone"})),
    CheckName.ACCOUNTS_KNOWN: CheckOf("C1", frozenset({"unregistered_account"})),
    CheckName.RISK_ASSESSED: CheckOf("C2"),
    CheckName.PASSWORDS: CheckOf("C3"),
    CheckName.SCHOOL_EMAIL: CheckOf("C4"),
    CheckName.PERSONAL_DATA: CheckOf("C5"),
    CheckName.CLAIMS: CheckOf("C5", frozenset({"words_claim", "words_copyright"})),
    CheckName.COMMERCIAL: CheckOf("C6"),
    CheckName.CONDUCT: CheckOf("C7"),
    CheckName.EQUALITY: CheckOf("C8"),
    CheckName.PRIVATE_CONTACT: CheckOf("C9"),
    CheckName.EDUCATIONAL: CheckOf("C10"),
    CheckName.PHOTO_PERMISSION: CheckOf("C11"),
    CheckName.SURNAMES: CheckOf("C12"),
    CheckName.COMMENT_PHOTOS: CheckOf("D1"),
    CheckName.COMPLAINTS: CheckOf("D2"),
    CheckName.MALICIOUS: CheckOf("D3"),
    CheckName.BULLYING_DOCUMENT: CheckOf("E1"),
    CheckName.BULLYING: CheckOf("E2"),
    CheckName.FORM: CheckOf("F"),
    CheckName.ATTESTED: CheckOf(""),
}
"""What each check finds."""

KNOWN_CODES = frozenset(check.code for check in OF_CHECK.values())
"""Codes that a check of the table has; a finding of any other is cited under the clause whose id is its code."""

BY_ID: Mapping[str, tuple[CheckName, ...]] = {
    **{
        code: tuple(name for name, check in OF_CHECK.items() if check.code == code)
        for code in dict.fromkeys(check.code for check in OF_CHECK.values() if check.code)
    },
    **dict.fromkeys(("B1", "B3", "B4", "B5", "B7", "B8"), (CheckName.ATTESTED,)),
}
"""The checks of a clause that names none, in a policy that names none anywhere and numbers its clauses as ours does."""

HEADTEACHER = ("Headteacher", "Head of School", "Principal")
"""Whose approval counts where a clause names no role."""
NOT_THEMSELVES = re.compile(r"\b(deputy|assistant|secretary|pp|on behalf|office)\b", re.IGNORECASE)
PLACEHOLDER = re.compile(
    r"(?:\W*|tb[acd]|to be (?:confirmed|completed|added|done|decided)|to ?do|pending|x{1,4}|not yet|unknown"
    r"|awaiting.*)",
    re.IGNORECASE,
)
"""What stands in a cell that nobody has filled in. "None" and "n/a" are answers."""


def is_filled(text: str) -> bool:
    """Return whether a cell says something: not empty, and no "TBC", "-" or "?"."""
    return PLACEHOLDER.fullmatch(text.strip().rstrip(".…")) is None


def names_role(text: str, roles: Iterable[str], people: Iterable[str] = ()) -> bool:
    """Return whether an approval names one of the roles, or one of the people who hold one ("Mrs J Head")."""
    plain = _plain(text)
    if any(re.search(rf"\b{re.escape(person)}\b", text, re.IGNORECASE) for person in people):
        return True
    written = [role for role in roles if _plain(role) in plain]
    return any(NOT_THEMSELVES.search(role) or not NOT_THEMSELVES.search(text) for role in written)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


def checks_of(clause_id: str, named: Sequence[str], *, any_named: bool) -> tuple[CheckName, ...]:
    """Return the checks of a clause: those that it names, or, in a policy that names none, those of its id."""
    if named or any_named:
        return tuple(CheckName(name) for name in named)
    return BY_ID.get(clause_id, ())


def check_for(code: str, kind: str) -> Iterator[CheckName]:
    """Yield the checks that a finding of this code and kind is of, the one that has the kind for its own first."""
    of_code = [(name, check) for name, check in OF_CHECK.items() if check.code == code]
    own = [name for name, check in of_code if kind in check.kinds]
    yield from own or [name for name, check in of_code if not check.kinds]
    if kind == CONCERN:
        yield from (name for name, check in of_code if check.kinds)


CONCERN = "concern"
"""The kind of what a person reported: it is of any check of its code."""
