"""The request to take something down. It names the post and the photo, never the child nor the reason.

A title, an address or a file name that holds the name of any pupil of the register is left out of the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from auditbot.check.surnames.text import fold
from auditbot.check.texts import clock
from auditbot.model import Finding, PhotoEvidence
from auditbot.present.cards import Card, Place
from auditbot.present.excerpt import spoken
from auditbot.present.report_context import PupilLabel, ReportContext
from auditbot.present.wording import moment, nothing_to_take_down, short
from auditbot.registers.people import Pupil

# The names no take-down request may hold: those of every pupil, as words of a title, an address or a file name.

SHORTEST_WORD = 2
SHORTEST_RUN_TOGETHER = 5
"""Names run together, as in "aokafor", are looked for from this length: shorter ones are too often plain words."""


def secret_names(pupils: Iterable[Pupil]) -> frozenset[str]:
    """Return every forename and surname of the pupils, in law, in use and former, as :func:`words` would give them.

    Names of several words count word by word and run together, and so do forename and surname, or one and an initial.
    """
    return frozenset(name for pupil in pupils for name in _of_pupil(pupil))


def _of_pupil(pupil: Pupil) -> Iterator[str]:
    given = [name for name in (pupil.legal_forename, pupil.preferred_forename) if name.strip()]
    given += [name.split()[0] for name in given]
    family = [name for name in (pupil.legal_surname, pupil.preferred_surname, *pupil.former_surnames) if name.strip()]
    for name in (*given, *family):
        yield from (word for word in words(name) if len(word) >= SHORTEST_WORD)
    together = [*given, *family]
    together += [one + other for first in given for last in family for one, other in _pairs(first, last)]
    for name in together:
        run = "".join(re.findall(r"[^\W\d_]", fold(name).text)).casefold()
        if len(run) >= SHORTEST_RUN_TOGETHER:
            yield run


def _pairs(first: str, last: str) -> tuple[tuple[str, str], ...]:
    return ((first, last), (last, first), (first[0], last), (last, first[0]), (first, last[0]), (last[0], first))


def words(text: str) -> list[str]:
    """Return the words of a title, an address or a file name: folded to plain lower-case letters.

    Words that a file name runs together, as in "AmaraHarvest2.jpg", are given whole and apart.
    """
    plain = fold(unquote(text)).text
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", plain if apart == plain else f"{plain} {apart}")]


_MOMENT = re.compile(r"#t=(\d+)$", re.ASCII)
SHORT = 2
"""Names as short as this are looked for as whole words only, initials not at all: they are part of too many words."""

NEW_ADDRESS = (
    "Please take the page down, so that its address no longer answers. It can come back under a title and an address "
    "that I agree with you; the old address must not lead there."
)
NEW_WORDING = "Please take the post off the page until its wording has been changed; I will tell you which words."


@dataclass(frozen=True, slots=True)
class Secret:
    """Names that may not stand in a request."""

    concerned: frozenset[str]
    """Those of the children the findings are about: looked for within words too."""
    register: frozenset[str]
    """Those of all pupils: looked for as whole words."""


def take_down_request(card: Card, context: ReportContext) -> str:
    """Return the words to send to whoever looks after the account; empty if there is nothing to take down."""
    findings = [finding for group in card.groups if not nothing_to_take_down(group.first) for finding in group.findings]
    if not findings or not card.places[0].url:
        return ""
    secret = Secret(_names(findings, context.pupils), context.secret_names)
    posts = [_post(card, place, context, secret) for place in card.places]
    asked = dict.fromkeys(sentence for finding in findings for sentence in _asked(finding, secret))
    if NEW_ADDRESS in asked:
        asked.pop(NEW_WORDING, None)
    about = f"This is about {_and(posts)}."
    if len(posts) > 1:
        about += " Please do the same in each."
    return " ".join([about, *asked, "Please tell me when it is done."])


def _asked(finding: Finding, secret: Secret) -> tuple[str, ...]:
    evidence = finding.evidence
    if isinstance(evidence, PhotoEvidence):
        whole = "film" if _MOMENT.search(evidence.photo_url) else "photo"
        return (
            f"Please take down {_photo(evidence, secret)}.",
            f"Please remove the whole {whole}, from the page and from the media library, so that its own address no "
            "longer answers. Please do not crop it or cover any part of it.",
        )
    field = evidence.field
    if found := re.match(r"(video \d+) title", field):
        return (f"Please take the title of {found[1]} off the page; I will tell you what can stand there.",)
    if found := re.match(r"(comment|document|video|captions) (\d+)", field):
        whole = " and its file, so that its own address no longer answers" if found[1] != "comment" else ""
        return (f"Please take down {found[1]} {found[2]}{whole}.",)
    if found := re.match(r"photo (\d+) (alt|caption)", field):
        words = "description" if found[2] == "alt" else "caption"
        return (f"Please take the {words} of photo {found[1]} off the page; I will tell you what can stand there.",)
    if found := re.match(r"photo (\d+)", field):
        return (f"Please take down photo {found[1]} and its file, so that its own address no longer answers.",)
    return (NEW_ADDRESS if field == "address" else NEW_WORDING,)


def _photo(evidence: PhotoEvidence, secret: Secret) -> str:
    parts = urlsplit(evidence.photo_url)
    name = unquote(PurePosixPath(parts.path).name)
    if found := _MOMENT.search(evidence.photo_url):
        at = f"the moment at {clock(int(found[1]))} is meant"
        return (
            f"a film that I will show you ({at})" if not name or _holds(name, secret) else f"the film “{name}” ({at})"
        )
    page = re.fullmatch(r"page=(\d+)", parts.fragment)
    on_page = f"the picture on page {page[1]} of " if page else ""
    if parts.scheme not in ("http", "https") or not name or _holds(name, secret) or (parts.fragment and not page):
        return f"{on_page}a document that I will show you" if page else "the photo that I will show you"
    return f"{on_page}the document “{name}”" if page else f"the photo “{name}”"


def _post(card: Card, place: Place, context: ReportContext, secret: Secret) -> str:
    title = context.titles.get(place.url, "")
    posted = f"published on {moment(place.posted_at, ZoneInfo(context.timezone))}" if place.posted_at else ""
    # The host is the school's own or a platform's: it names no child, though a pupil may be called as the school is.
    # A file's whole path may name one, and what only a download shows has no address that helps anybody.
    web = place.url.startswith(("http://", "https://"))
    address = "" if _holds(place.url.split("/", 3)[-1] if web else spoken(place.url), secret) else spoken(place.url)
    address = "" if place.url.startswith("archive:") else address
    name = (
        f"the post “{short(title)}”" if title.strip() and not _holds(title, secret) else f"a post on “{card.account}”"
    )
    details = "; ".join(part for part in (posted, address) if part)
    return f"{name} ({details})" if details else f"{name} (I will show you which)"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _names(findings: Iterable[Finding], pupils: Mapping[str, PupilLabel]) -> frozenset[str]:
    """Return the words, folded, that would name a child concerned: parts of labels, and surnames that were found."""
    said: list[str] = []
    for finding in findings:
        said += [pupils[pupil].name for pupil in finding.pupil_ids if pupil in pupils]
        if finding.clause == "C12":
            evidence = finding.evidence
            whole = evidence.words if isinstance(evidence, PhotoEvidence) else evidence.text
            said.append(whole[evidence.start : evidence.end])
    return frozenset(word for text in said for word in words(text) if len(word) >= SHORT)


def _holds(text: str, secret: Secret) -> bool:
    found = words(text)
    joined = " ".join(found)
    concerned = any(word in found if len(word) <= SHORT else word in joined for word in secret.concerned)
    return concerned or not secret.register.isdisjoint(found)
