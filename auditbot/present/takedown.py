"""Requests to take something down that can be followed: each says where, never which child, never why.

Names of pupils in a title are left out, with … in their place. An address or a file name that holds one is left out
whole, because part of it would lead nowhere; the day of the post, its place in that day and the photo's place in the
post still say which one is meant. A surname that is an everyday word ("Day", "Winter") counts only beside a forename,
or where the audit took it for a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import unquote, urldefrag, urlsplit
from zoneinfo import ZoneInfo

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.text import fold
from auditbot.check.texts import clock
from auditbot.decisions.decided import State
from auditbot.model import Finding, PhotoEvidence, TextEvidence
from auditbot.present.cards import Card, Place
from auditbot.present.excerpt import spoken
from auditbot.present.kinds import Risk, kind_of
from auditbot.present.report_context import PupilLabel, ReportContext
from auditbot.present.wording import moment, nothing_to_take_down, short, words_of_staff
from auditbot.registers.people import Pupil
from auditbot.sentences import _, say

_MOMENT = re.compile(r"#t=(\d+)$", re.ASCII)
_PAGE = re.compile(r"page=(\d+)", re.ASCII)
SHORT = 2
"""Names as short as this are looked for as whole words only, initials not at all: they are part of too many words."""
SHORTEST_WORD = 2
SHORTEST_RUN_TOGETHER = 5
"""Names run together, as in "aokafor", are looked for from this length: shorter ones are too often plain words."""
LEFT_OUT = "…"
"""Stands where a name was."""
QUOTED = 60
"""Characters quoted on either side of words that are to change."""

PREFACE = say(
    "Please take down what is listed here, each as a whole: from the page and from the media library too, so that its "
    "own address no longer answers. Please do not crop or cover any part. Please tell me when it is done."
)
PREFACE_BOTH = say(
    "Please do what is listed here. What is to be taken down comes down as a whole: from the page and from the media "
    "library too, so that its own address no longer answers. Please do not crop or cover any part. Please tell me when "
    "it is done."
)
PREFACE_WORDS = say("Please make the changes listed here, and tell me when it is done.")


class Ask(IntEnum):
    """What somebody is asked to do, the strongest first: of two in one post, the stronger alone is asked."""

    PAGE = 0
    """Take the page down; it may come back under another address."""
    PHOTO = 1
    """Take a photo down."""
    FILM = 2
    """Take a film down."""
    DOCUMENT = 3
    """Take a document down."""
    COMMENT = 4
    """Remove a comment."""
    WORDS = 5
    """Change words."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked in one post."""

    account: str
    """Name of the account."""
    post: str
    """Which post: its title, day and address, without any pupil's name."""
    url: str
    """Its permalink, never to be sent: only to find the post again."""
    asks: tuple[tuple[Ask, str], ...]
    """What is asked: the kind, and it in words, each a whole sentence without its full stop."""
    numbers: tuple[int, ...] = ()
    """Numbers of the cards that it is asked for."""
    findings: tuple[str, ...] = ()
    """The findings that it stands for."""

    def text(self) -> str:
        """Return the request on one line."""
        return f"{self.post}: {'; '.join(words for _, words in self.asks)}."


@dataclass(frozen=True, slots=True)
class Letter:
    """All that one account's editor is asked, in one message."""

    account: str
    """Name of the account."""
    owner: str
    """Who looks after it, by role; empty if nobody is recorded."""
    requests: tuple[Request, ...]
    """What is asked, post by post."""

    def text(self) -> str:
        """Return the whole message as plain text."""
        asks = {ask for request in self.requests for ask, _ in request.asks}
        preface = PREFACE_WORDS if asks <= {Ask.WORDS} else PREFACE_BOTH if Ask.WORDS in asks else PREFACE
        lines = [f"{number}. {request.text()}" for number, request in enumerate(self.requests, 1)]
        return "\n".join([preface, "", *lines])


@dataclass(frozen=True, slots=True)
class Secret:
    """Names that may not stand in a request."""

    concerned: frozenset[str]
    """Those of the children the findings are about: looked for within words too."""
    register: frozenset[str]
    """Those of all pupils: looked for as whole words, or, of everyday words, as two that follow each other."""


def requests(
    cards: Iterable[Card], context: ReportContext, wanted: Callable[[Finding], bool] = lambda _: True
) -> tuple[Request, ...]:
    """Return what has to be asked for these cards, one request a post, in their order; none if nothing comes down.

    ``wanted`` says of each finding whether it is asked for.
    """
    posts, named = dict[tuple[str, str], list[tuple[Card, Finding]]](), dict[tuple[str, str], set[str]]()
    for card in cards:
        for finding in (finding for group in card.groups for finding in group.findings):
            place = (finding.account, finding.post_url)
            if finding.clause == "C12":
                named.setdefault(place, set()).update(words(_span(finding)))
            kept = context.keep_up.get(place, ())
            if not finding.post_url or nothing_to_take_down(finding) or not wanted(finding):
                continue
            if not takes_away(finding, kept, context.parts.get(place)):
                posts.setdefault(place, []).append((card, finding))
    return tuple(_request(found, context, frozenset(named.get(place, ()))) for place, found in posts.items())


def must_stay(finding: Finding, state: State) -> bool:
    """Whether what was found is evidence: words that may threaten or invite private contact, not decided to go yet."""
    grave = words_of_staff(finding) or (kind_of(finding.kind).risk is Risk.THREAT and bool(finding.post_url))
    return grave and state in (State.NEW, State.WAITING)


def takes_away(asked: Finding, kept: Iterable[Finding], parts: Mapping[str, frozenset[str]] | None = None) -> bool:
    """Whether taking down what ``asked`` found would take away what has to stay as evidence in the same post.

    ``parts`` says which parts of the post its files are, as :func:`parts_by_file` gives them. Where it does not say
    so of a document or a film, each document or film of the post counts for it.
    """
    kept, parts, evidence = tuple(kept), parts or {}, asked.evidence
    if isinstance(evidence, TextEvidence):
        asks = whole_file(evidence.field)
        if asks is None:
            return any(_overlap(evidence, one.evidence) for one in kept)
        if asks[0] is Ask.PAGE:
            return bool(kept)
    taken = _parts_of(evidence, parts)
    return any(_goes_with(part, taken) for one in kept for part in _parts_of(one.evidence, parts))


def _overlap(asked: TextEvidence, kept: TextEvidence | PhotoEvidence) -> bool:
    same = isinstance(kept, TextEvidence) and kept.field == asked.field
    return same and kept.start < asked.end and asked.start < kept.end


def _parts_of(evidence: TextEvidence | PhotoEvidence, parts: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the parts of a post that evidence belongs to, and for a picture its content hash; "document" for any."""
    if isinstance(evidence, TextEvidence):
        return frozenset({" ".join(evidence.field.replace(",", " ").split()[:2])})
    address, fragment = urldefrag(evidence.photo_url)
    kind = "document" if _PAGE.fullmatch(fragment) else "video" if _MOMENT.search(evidence.photo_url) else ""
    unknown = frozenset({kind} if kind else ())
    return parts.get(address if kind else evidence.sha256, unknown) | {evidence.sha256}


def _goes_with(part: str, taken: frozenset[str]) -> bool:
    """Whether a part of a post is gone once these are: itself, its kind, or a film's captions."""
    kind = part.partition(" ")[0]
    kinds = {one.partition(" ")[0] for one in taken}
    return part in taken or kind in taken or (part == kind in kinds) or (kind == "captions" and "video" in kinds)


def letters(
    cards: Iterable[Card], context: ReportContext, wanted: Callable[[Finding], bool] | None = None
) -> tuple[Letter, ...]:
    """Return one letter for each account that something has to be asked of: all that is to come down, or is wanted."""
    by_account: dict[str, list[Request]] = {}
    for request in requests(cards, context, wanted or (lambda finding: comes_down(finding, context))):
        by_account.setdefault(request.account, []).append(request)
    owners = {account.name: account.owner for account in context.accounts}
    return tuple(Letter(name, owners.get(name, ""), tuple(some)) for name, some in by_account.items())


def comes_down(finding: Finding, context: ReportContext) -> bool:
    """Whether somebody decided that it comes down, and nobody was asked yet."""
    return context.decided(finding.id).state is State.TO_COME_DOWN


def _request(found: Sequence[tuple[Card, Finding]], context: ReportContext, named: frozenset[str]) -> Request:
    """Return what is asked in one post; ``named`` are the words that the audit took for surnames there."""
    card, first = found[0]
    secret = Secret(_names((finding for _, finding in found), context.pupils), context.secret_names | named)
    place = next(place for place in card.places if (place.account, place.url) == (first.account, first.post_url))
    asks = dict.fromkeys(_ask(finding, context, secret) for _, finding in found)
    strongest = sorted(asks, key=lambda ask: ask[0])
    if strongest[0][0] is Ask.PAGE:
        strongest = strongest[:1]
    if context.keep_up.get((first.account, first.post_url)):
        strongest = [*strongest, (Ask.WORDS, _("change nothing else in this post and leave the post itself up"))]
    numbers, ids = tuple(dict.fromkeys(card.number for card, _ in found)), tuple(finding.id for _, finding in found)
    return Request(first.account, _post(place, context, secret), first.post_url, tuple(strongest), numbers, ids)


def _ask(finding: Finding, context: ReportContext, secret: Secret) -> tuple[Ask, str]:
    evidence = finding.evidence
    if isinstance(evidence, PhotoEvidence):
        return _of_photo(evidence, context.photo_numbers.get((finding.post_url, evidence.sha256), 0), secret)
    return whole_file(evidence.field) or (
        Ask.WORDS,
        _(
            "%(where)s, change the words left out here: “%(words)s”",
            where=_which_words(evidence.field),
            words=_around(evidence, secret),
        ),
    )


_FILES = (
    (
        r"address$",
        Ask.PAGE,
        say(
            "take the page down, so that its address no longer answers; it can come back under a title and an address "
            "that we agree, to which the old one must not lead"
        ),
    ),
    (r"comment (?P<number>\d+)", Ask.COMMENT, say("take down comment %(number)s")),
    (r"document (?P<number>\d+)", Ask.DOCUMENT, say("take down document %(number)s and its file")),
    (r"captions (?P<number>\d+)", Ask.DOCUMENT, say("take down captions %(number)s and its file")),
    (
        r"photo (?P<number>\d+) file",
        Ask.PHOTO,
        say("take down photo %(number)s and its file; it can come back under another file name"),
    ),
    (
        r"video (?P<number>\d+) file",
        Ask.FILM,
        say("take down film %(number)s and its file; it can come back under another file name"),
    ),
)


def whole_file(field: str) -> tuple[Ask, str] | None:
    """Return what is asked for words that cannot be changed alone, and it in words; None where they can be."""
    for pattern, ask, words in _FILES:
        if found := re.match(pattern, field):
            return ask, _(words.message, **found.groupdict())
    return None


def _which_words(field: str) -> str:
    if field == "title":
        return _("in the title")
    if found := re.match(r"photo (\d+) (alt|caption)", field):
        if found[2] == "alt":
            return _("in the description of photo %(number)s", number=found[1])
        return _("in the caption of photo %(number)s", number=found[1])
    if found := re.match(r"video (\d+)", field):
        return _("in the title of film %(number)s", number=found[1])
    return _("in the author’s name") if field == "author" else _("in the text")


def _around(evidence: TextEvidence, secret: Secret) -> str:
    """Return the sentence around the words that are to change, these and every name left out."""
    before = " ".join(evidence.text[max(0, evidence.start - QUOTED) : evidence.start].split())
    after = " ".join(evidence.text[evidence.end : evidence.end + QUOTED].split())
    if evidence.start > QUOTED:
        before = before.partition(" ")[2]
    if len(evidence.text) > evidence.end + QUOTED:
        after = after.rpartition(" ")[0]
    whole = " ".join(part for part in (masked(before, secret), LEFT_OUT, masked(after, secret)) if part)
    return re.sub(r" (?=[,.;:!?])", "", _one_gap(whole))


def _of_photo(evidence: PhotoEvidence, number: int, secret: Secret) -> tuple[Ask, str]:
    parts = urlsplit(evidence.photo_url)
    name = _whole(PurePosixPath(unquote(parts.path)).name, secret) if parts.scheme in ("http", "https", "file") else ""
    called = _(" “%(name)s”", name=name) if name.strip(".-_ ") else ""
    if found := _MOMENT.search(evidence.photo_url):
        return Ask.FILM, _(
            "take down the film%(called)s (the moment at %(clock)s is meant)", called=called, clock=clock(int(found[1]))
        )
    if page := _PAGE.fullmatch(parts.fragment):
        return Ask.DOCUMENT, _(
            "take down the document%(called)s (the picture on page %(page)s is meant)", called=called, page=page[1]
        )
    if number:
        if called:
            return Ask.PHOTO, _(
                "take down photo %(number)s of the post (%(called)s)", number=number, called=called.strip()
            )
        return Ask.PHOTO, _("take down photo %(number)s of the post", number=number)
    return Ask.PHOTO, _("take down the photo%(called)s", called=called)


def _post(place: Place, context: ReportContext, secret: Secret) -> str:
    title = masked(short(context.titles.get(place.url, "")), secret)
    at = moment(place.posted_at, ZoneInfo(context.timezone)) if place.posted_at else ""
    posted = _("published on %(moment)s", moment=at) if at else ""
    # The host is the school's own or a platform's: it names no child, though a pupil may be called as the school is.
    address = ""
    if place.url.startswith(("http://", "https://")):
        path = place.url.split("/", 3)[3:]
        address = place.url if not path or _whole(unquote(path[0]), secret) else ""
    elif not place.url.startswith("archive:"):
        address = _whole(spoken(place.url), secret)
    number, count = context.of_day.get((place.account, place.url), (1, 1))
    which = (
        _("number %(number)s of the %(count)s posts of that day", number=number, count=count)
        if count > 1 and not address
        else ""
    )
    shown = title if title.strip(LEFT_OUT + " ") else ""
    if not (shown or posted or address):
        return _("the post on “%(account)s” that I will show you", account=place.account)
    name = f"“{shown}”" if shown else _("a post on “%(account)s”", account=place.account)
    return ", ".join(part for part in (name, posted, which, address) if part)


def _whole(text: str, secret: Secret) -> str:
    """Return ``text`` as it is, or nothing if it holds a name: part of an address or a file name leads nowhere."""
    return text if masked(text, secret) == text else ""


def masked(text: str, secret: Secret) -> str:
    """Return ``text`` with every word that is or holds a name replaced by …."""
    text = unquote(text)
    found = list(re.finditer(r"[^\W\d_]+", text))
    hidden = {at for at, one in enumerate(found) if _holds(one[0], secret)}
    for at, (one, other) in enumerate(pairwise(found)):
        first, second = words(one[0]), words(other[0])
        if first and second and f"{first[0]} {second[0]}" in secret.register:
            hidden |= {at + 1} if first[0] in _cheers() else {at, at + 1}
    shown = text
    for at in sorted(hidden, reverse=True):
        shown = shown[: found[at].start()] + LEFT_OUT + shown[found[at].end() :]
    if _holds(shown, secret):  # names of several words, or run together across what was left
        return LEFT_OUT
    return _one_gap(shown)


def _one_gap(text: str) -> str:
    """Return ``text`` with one … for several that follow each other."""
    return re.sub(rf"{LEFT_OUT}(?:[-_ .’']?{LEFT_OUT})+", LEFT_OUT, text)


def _names(findings: Iterable[Finding], pupils: Mapping[str, PupilLabel]) -> frozenset[str]:
    """Return the words, folded, that would name a child concerned: parts of labels, and surnames that were found."""
    said: list[str] = []
    for finding in findings:
        said += [pupils[pupil].name for pupil in finding.pupil_ids if pupil in pupils]
        if finding.clause == "C12":
            said.append(_span(finding))
    return frozenset(word for text in said for word in words(text) if len(word) >= SHORT)


def _span(finding: Finding) -> str:
    """Return the words that a finding about words marks."""
    evidence = finding.evidence
    whole = evidence.words if isinstance(evidence, PhotoEvidence) else evidence.text
    return whole[evidence.start : evidence.end]


def _holds(text: str, secret: Secret) -> bool:
    found = words(text)
    joined = " ".join(found)
    concerned = any(word in found if len(word) <= SHORT else word in joined for word in secret.concerned)
    pairs = (f"{one} {other}" for one, other in pairwise(found))
    return concerned or not secret.register.isdisjoint({*found, *pairs})


def secret_names(pupils: Iterable[Pupil]) -> frozenset[str]:
    """Return every forename and surname of the pupils, in law, in use and former, as :func:`words` would give them.

    Names of several words count word by word and run together, and so do forename and surname, or one and an initial.
    A surname that is an everyday word, and a forename that is a month or a season, counts beside another name alone:
    it stands here as two words, "lucy winter", and after a cheer, "done winter".
    """
    known = tuple(pupils)
    forenames = frozenset(word for pupil in known for name in _given(pupil) for word in words(name))
    return frozenset(name for pupil in known for name in _of_pupil(pupil, forenames))


def _given(pupil: Pupil) -> list[str]:
    given = [name for name in (pupil.legal_forename, pupil.preferred_forename) if name.strip()]
    return given + [name.split()[0] for name in given]


def _of_pupil(pupil: Pupil, forenames: frozenset[str]) -> Iterator[str]:
    given = _given(pupil)
    family = [name for name in (pupil.legal_surname, pupil.preferred_surname, *pupil.former_surnames) if name.strip()]
    surnames = [word for name in family for word in words(name) if len(word) >= SHORTEST_WORD]
    for word in (word for name in given for word in words(name) if len(word) >= SHORTEST_WORD):
        if word not in lexicon.vocabulary()["calendar"]:
            yield word
            continue
        for one, other in ((word, last) for last in surnames):
            yield from (f"{one} {other}", f"{other} {one}")
    for word in surnames:
        if word not in lexicon.common_words():
            yield word
            continue
        for first in forenames | {name[0].casefold() for name in given}:
            yield from (f"{first} {word}", f"{word} {first}")
        yield from (f"{cheer} {word}" for cheer in _cheers())
    together = [*given, *family]
    together += [one + other for first in given for last in family for one, other in _pairs(first, last)]
    for name in together:
        run = "".join(re.findall(r"[^\W\d_]", fold(name).text)).casefold()
        if len(run) >= SHORTEST_RUN_TOGETHER and run not in lexicon.common_words():
            yield run


def _cheers() -> frozenset[str]:
    """Words after which a name follows, as in "Well done Bell!"."""
    return lexicon.vocabulary()["cheers"] - lexicon.vocabulary()["function_words"]


def _pairs(first: str, last: str) -> tuple[tuple[str, str], ...]:
    return ((first, last), (last, first), (first[0], last), (last, first[0]), (first, last[0]), (last[0], first))


def words(text: str) -> list[str]:
    """Return the words of a title, an address or a file name: folded to plain lower-case letters.

    Words that a file name runs together, as in "AmaraHarvest2.jpg", are given whole and apart.
    """
    plain = fold(unquote(text)).text
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", plain if apart == plain else f"{plain} {apart}")]
