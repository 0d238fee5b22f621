"""What is the school's own: its contact details, and the names under which it and its staff write comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from auditbot.check.personal_data.addresses import postcodes_in
from auditbot.check.personal_data.emails import find_emails
from auditbot.check.personal_data.phones import find_phones
from auditbot.check.personal_data.private import CERTAIN
from auditbot.check.personal_data.values import OwnContacts, PersonalData
from auditbot.check.texts_of_post import PublishedText
from auditbot.model import Post
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared
from auditbot.settings import School

_CONTACT_PAGE = re.compile(
    r"/(?:contact(?:s|-us|-details|-information|-the-school|-our-school)?|(?:how-to-)?find-us|get-in-touch|imprint)"
    r"(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"(?:the )?(?:school )?(?:office|admin|administrator|school|reception desk|website team)", re.I)


@dataclass(frozen=True, slots=True)
class Ours:
    """What the checks of words need to know of the school itself."""

    contacts: OwnContacts = field(default_factory=OwnContacts)
    """Contact details it may publish."""
    names: frozenset[str] = frozenset()
    """Names under which the school itself writes, folded: its own and those of its accounts."""


def ours_of(school: School, accounts: Mapping[str, Account], posts: Iterable[Post]) -> Ours:
    """Return what is the school's own: declared in the settings, or standing on its own contact pages.

    A mobile number or a private mailbox counts as its own only where the settings say so.
    """
    hosts = [urlsplit(one.url).hostname or "" for one in accounts.values() if one.kind == "website"]
    given = OwnContacts(
        domains=(*school.domains, *(host.removeprefix("www.") for host in hosts)),
        emails=tuple(one for one in school.contacts if "@" in one),
        postcodes=tuple(code for one in school.contacts if "@" not in one for code in postcodes_in(one)),
        numbers=tuple(one for one in school.contacts if "@" not in one and not any(postcodes_in(one))),
    )
    pages = [post.text for post in posts if _CONTACT_PAGE.search(urlsplit(post.url).path)]
    contacts = OwnContacts(
        domains=given.domains,
        emails=(*given.emails, *_published(pages, find_emails)),
        postcodes=(*given.postcodes, *(code for text in pages for code in postcodes_in(text))),
        numbers=(*given.numbers, *_published(pages, find_phones)),
    )
    return Ours(contacts, frozenset(name.casefold() for name in (school.name, *accounts)))


def _published(pages: Iterable[str], find: Callable[[str, OwnContacts], Iterator[PersonalData]]) -> Iterator[str]:
    for text in pages:
        yield from (text[one.start : one.end] for one in find(text, OwnContacts()) if one.score < CERTAIN)


def author_role(published: PublishedText, declared: Declared, ours: Ours) -> str:
    """Return who speaks: school, staff, or unknown for whoever else comments."""
    name = " ".join(published.commenter.casefold().split())
    if not name:
        return published.author_role
    if name in ours.names or _OFFICE.fullmatch(name):
        return "school"
    return "staff" if name in _staff_names(declared) else published.author_role


def _staff_names(declared: Declared) -> frozenset[str]:
    """Return how members of staff sign: "Mrs Khan", "Farah Khan", "Mrs Farah Khan"."""
    names = set()
    for member in declared.staff:
        for parts in ((member.title, member.surname), (member.forename, member.surname)):
            names |= {" ".join(parts).casefold()} if all(parts) else set()
        names.add(" ".join(part for part in (member.title, member.forename, member.surname) if part).casefold())
    return frozenset(name for name in names if " " in name)
