"""The surname engine: normalise, cut into words, find candidates, weigh each, join the answers."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from auditbot.check.meaning.tagged import scores_of
from auditbot.check.prose import joined
from auditbot.check.surnames.candidates import Finder, Misspellings, Site, Sites
from auditbot.check.surnames.roster import PupilName, Roster, StaffName, Surname, SurnameHit
from auditbot.check.surnames.rules.bearer import Bearer, bearer_of, bearers_of
from auditbot.check.surnames.rules.observe import features_of, of_the_class_named, whole_name_span
from auditbot.check.surnames.rules.place import Page, Place, page_of
from auditbot.check.surnames.rules.rules import weigh
from auditbot.check.surnames.rules.verdict import Verdict
from auditbot.check.surnames.text import Folded, Words, cut, fold, fold_name, lower, without_hyphenation
from auditbot.check.surnames.unlisted import children_by_meaning, full_names, unlisted_children
from auditbot.check.surnames.whose_name import is_surely_a_child
from auditbot.sentences import say

# Words with digits or signs among at least two letters ("M4SON", "0kafor"), but not "2nd" or "Y1".
_MIXED = re.compile(
    r"(?<![^\W_])(?<![@$])(?!@)(?=[^\W\d_]*[0-9@$])(?=(?:[0-9@$]|[^\W\d_](?![^\W\d_]))*[^\W\d_]{2})"
    r"(?![0-9]+(?:st|nd|rd|th|am|pm|kg|ml|cm|km|mm|lb|oz|ft|mph|min|mins|hrs)(?![^\W_]))"
    r"(?:[^\W_]|[@$]){4,40}(?![^\W_]|[@$])"
)
_SIGN_AT_LETTER = re.compile(r"[0-9@$](?:(?=[^\W\d_])|(?<=[^\W\d_].))")
_LONGEST_MIXED = 40
_WINDOW = 150
_DIGIT_LETTERS = (str.maketrans("01345678@$", "oieasgtbas"), str.maketrans("01345678@$", "oleasgtbas"))
# The host of an address, which is not the page's text.
_HOST = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#]*")
# A commenter's own name is a finding only if it is a pupil's full name.
_AUTHOR_RULES = frozenset({"full_name", "misspelt_full_name"})
# In words on a photo, file names and addresses every line stands for itself.
_LAID_OUT = frozenset({"ocr", "filename", "address", "author", "byline", "hashtag"})
NOT_ON_REGISTER = "not_on_register"
"""The rule that speaks of a child whom the register lacks."""
OF_ADULTS = frozenset({"adult_with_full_name", "titled_adult", "unknown_forename", "staff_or_pupil", "similar_name"})
"""Rules that speak of somebody who is likely an adult: what is decided about the name holds wherever it stands."""
ADULT_IN_FULL = "adult_with_full_name"
"""The rule that speaks of a pupil's full name, introduced as an adult's."""
NAMED_OTHERWISE = frozenset({"mixed_name", "other_initial", "initials_and_surname", "surname_alone"})
"""Rules that hold for an adult as well, where a page says that it names adults."""
FULL_NAME = "full_name"
"""The rule that speaks of a pupil's own full name."""
OF_PUPILS_IN_FULL = frozenset({"full_name", "misspelt_full_name"})
"""Rules that speak of a pupil's own full name."""
SURNAME_ALONE = frozenset({"titled_adult", "unknown_forename", "similar_name"})
"""Those of them that share no more than the surname with a pupil."""
_MASKED = Verdict("review", 0.5, "masked", say("A pupil's surname is partly replaced by signs, but can be guessed."))
_A_CHILD = say("The surname stands with this pupil's forename, in a sentence about a child.")
_OF_A_CHILD, _OF_NO_CHILD = 2.5, -2.0
"""Log-odds that a name is a child's from which a pupil's full name is no adult's, and under which nobody unlisted is
named: in the schools of ``tests/data/corpus`` no adult and no animal is over the first, no child under the second
(2026-11-30)."""
_SCORE_OF_A_CHILD = 0.85
_UNLISTED = Verdict(
    "review", 0.45, NOT_ON_REGISTER, say("A child seems to be named in full who is not on the register.")
)
_POSTS = frozenset({"post", "title", "comment", "caption", "alt", "alt_text"})
_PEOPLE_SPEAKING = frozenset({"post", "title", "comment", "caption", "alt", "alt_text", "newsletter"})
_COMPOUND_KINDS = frozenset({"filename", "address"})


class SurnameEngine:
    """Finds surnames of pupils in any text a school publishes."""

    def __init__(
        self,
        pupils: Sequence[PupilName],
        staff: Sequence[StaffName] = (),
        school_words: Sequence[str] = (),
        allowed_phrases: Sequence[str] = (),
    ) -> None:
        """Get ready for `pupils` and `staff`; `school_words` are names of the school, its classes and houses, which
        are no surname unless a pupil's forename stands with them; in `allowed_phrases` a surname may always stand. Both
        are compared without regard to case and accents.
        """
        self.decided_by = (tuple(pupils), tuple(staff), tuple(school_words), tuple(allowed_phrases))
        """All beside the text that decides what is found."""

    # Made ready for the first text: what is kept of earlier audits needs none of it.

    @cached_property
    def _roster(self) -> Roster:
        pupils, staff, _, _ = self.decided_by
        return Roster(pupils, staff)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self._roster)

    @cached_property
    def _misspellings(self) -> Misspellings:
        return Misspellings(self._roster)

    @cached_property
    def _school_words(self) -> re.Pattern[str] | None:
        return _phrases(self.decided_by[2])

    @cached_property
    def _allowed(self) -> re.Pattern[str] | None:
        return _phrases(self.decided_by[3])

    def find(self, text: str, *, kind: str = "post") -> list[SurnameHit]:
        """All hits in `text` in order of place, none overlapping another.

        `kind` is what the text is: post, title, comment, alt_text, filename, hashtag, newsletter, ocr, address (a URL),
        author (a commenter's name).
        """
        folded = _folded(text, kind)
        hits = _once_an_adult(_by_meaning(self._found(_Reading(text, folded, folded.text), kind), text))
        mixed = _mixed_words(folded.text)
        for begin, end in _windows(mixed, len(folded.text)):
            window = folded.text[begin:end]
            for undone in dict.fromkeys(_undo_digits(window, table) for table in _DIGIT_LETTERS):
                hits += self._found(_Reading(text, folded, undone, begin, mixed), kind)
        return _without_overlap(hits)

    def people_named(self, text: str, *, kind: str = "post") -> Iterator[tuple[int, int]]:
        """Yield where the full names are, from title or forename to surname, of all who share a surname with a pupil,
        and of whoever else is named in full.

        Left out is of whom a word of the same sentence says that it may be a child.
        """
        folded = _folded(text, kind)
        page = self._page(folded.text, lower(folded.text), kind)
        found = list(self._borne(page))
        bearers = bearers_of(found)
        taken: set[int] = set(bearers.pairs)
        for place, surname, bearer in found:
            start, end = whole_name_span(place, bearer)
            taken.update(range(place.first, place.last + 1))
            full = start < place.page.words.starts[place.first]
            if full and not features_of(place, surname, bearer, bearers).child.by_words:
                yield folded.original_span(start, end)
        for first, _, last in full_names(page.words, self._roster, taken, small=False):
            start, end = page.words.starts[first], page.words.ends[last]
            if not is_surely_a_child(page.words.text, start, end):
                yield folded.original_span(start, end)

    def _page(self, text: str, lowered: str, kind: str) -> Page:
        finder = self._finder
        words = cut(text, lowered, finder.names, finder.whole_names, all_compound=kind in _COMPOUND_KINDS)
        some = careful = text not in (lowered, text.upper())
        if kind == "comment":
            some = some and words.has_capitals_within_sentences()
            careful = some and not words.begins_small()
        return page_of(words, finder.find(words), self._roster, kind, has_capitals=careful, some_capitals=some)

    def _found(self, reading: "_Reading", kind: str) -> list[SurnameHit]:
        lowered = lower(reading.text)
        page = self._page(reading.text, lowered, kind)
        found = list(self._borne(page))
        bearers = bearers_of(found)
        allowed, of_school = _spans(self._allowed, lowered), _spans(self._school_words, lowered)
        host = _spans(_HOST, lowered) if kind == "address" else []
        hits: list[SurnameHit] = []
        for place, surname, bearer in found:
            start, end = page.words.starts[place.first], page.words.ends[place.last]
            if _covered(start, end, allowed) or _covered(start, end, host):
                continue
            if not reading.has_undone(*whole_name_span(place, bearer)):
                continue
            if bearer.own is not None or not _covered(start, end, of_school):
                features = features_of(place, surname, bearer, bearers)
                verdict = weigh(features)
                if verdict.band is not None and (kind != "author" or verdict.rule in _AUTHOR_RULES):
                    hit = self._named_hit(reading, place, bearer, verdict)
                    hits.append(replace(hit, child_near=features.child.by_words))
        if reading.undone is not None:
            return hits
        if kind != "author":
            hits += self._masked(reading, page.words)
        if kind in _PEOPLE_SPEAKING and (page.some_capitals or kind == "comment"):
            hits += self._unlisted(reading, page, bearers.pairs, sorted([*allowed, *of_school]))
        return hits

    def _masked(self, reading: "_Reading", words: Words) -> Iterator[SurnameHit]:
        for start, end, letters in self._misspellings.masked(words):
            yield self._hit(reading, start, end, replace(_MASKED, pupils=self._roster.surnames[letters].pupils))

    def _borne(self, page: Page) -> Iterator[tuple[Place, Surname, Bearer]]:
        for site in (*page.sites.surnames, *self._inexact(page.words, page.sites)):
            place = Place(page, site.first, site.last, site.spelling)
            surname = self._roster.surnames[site.letters]
            yield place, surname, bearer_of(place, surname)

    def _named_hit(self, reading: "_Reading", place: Place, bearer: Bearer, verdict: Verdict) -> SurnameHit:
        words = place.page.words
        verdict = replace(verdict, pupils=of_the_class_named(place, verdict.pupils))
        hit = self._hit(reading, words.starts[place.first], words.ends[place.last], verdict)
        start, end = reading.original_span(*whole_name_span(place, bearer))
        return replace(hit, name_start=start, name_end=end)

    def _unlisted(
        self, reading: "_Reading", page: Page, taken: frozenset[int], left_out: list[tuple[int, int]]
    ) -> Iterator[SurnameHit]:
        """Children by full name whom the register does not hold."""
        words = page.words
        names = list(unlisted_children(words, self._roster, taken, page.kind in _POSTS)) if page.some_capitals else []
        known = frozenset(taken).union(*(range(forename, last + 1) for forename, _, last in names))
        small = not page.has_capitals
        names += children_by_meaning(words, self._roster, known, reading.source, reading.original_span, small=small)
        for forename, first, last in names:
            start, end = words.starts[first], words.ends[last]
            if not _covered(start, end, left_out):
                hit = self._hit(reading, start, end, _UNLISTED)
                whole = reading.original_span(words.starts[forename], end)
                sure = is_surely_a_child(words.text, words.starts[forename], end)
                yield replace(hit, name_start=whole[0], child_near=sure)

    def _inexact(self, words: Words, sites: Sites) -> list[Site]:
        taken = {index for site in sites.surnames for index in range(site.first, site.last + 1)}
        found: list[Site] = []
        for site in (
            *self._misspellings.beside_forenames(words, sites, frozenset(taken)),
            *self._misspellings.alone(words),
            *self._misspellings.cut_short(words, sites, frozenset(taken)),
        ):
            covered = range(site.first, site.last + 1)
            if taken.isdisjoint(covered):
                taken.update(covered)
                found.append(site)
        return found

    def _hit(self, reading: "_Reading", start: int, end: int, verdict: Verdict) -> SurnameHit:
        first, last = reading.original_span(start, end)
        ids = tuple(self._roster.pupils[index].pupil_id for index in verdict.pupils)
        band = verdict.band or "review"
        return SurnameHit(first, last, ids, band, verdict.score, verdict.rule, verdict.explanation, first, last)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a text or a stretch of it: as it stands, or with the digits among its letters undone."""

    source: str
    """The whole text as it was published."""
    folded: Folded
    text: str
    offset: int = 0
    """Where the stretch begins in the folded text."""
    undone: Sequence[tuple[int, int]] | None = None
    """The words of the folded text that were undone; None when it is read as it stands."""

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        return self.folded.original_span(start + self.offset, end + self.offset)

    def has_undone(self, start: int, end: int) -> bool:
        """A word of the name was undone: all other names were read as they stand."""
        if self.undone is None:
            return True
        at = bisect_left(self.undone, (end + self.offset, 0))
        return at > 0 and start + self.offset < self.undone[at - 1][1]


def _folded(text: str, kind: str) -> Folded:
    return fold(text) if kind in _LAID_OUT else without_hyphenation(fold(joined(text)), text)


def _phrases(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of these phrases, folded, as whole words; None without any."""
    folded = sorted({fold_name(phrase) for phrase in phrases if phrase.strip()}, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(phrase)}(?!\w)" for phrase in folded)) if folded else None


def _spans(pattern: re.Pattern[str] | None, lowered: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(lowered)] if pattern else []


def _covered(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    at = bisect_left(spans, (start + 1, 0))
    return at > 0 and spans[at - 1][0] <= start and end <= spans[at - 1][1]


def _without_overlap(hits: list[SurnameHit]) -> list[SurnameHit]:
    """The surest of every group of hits that overlap, in order of place."""
    kept: list[SurnameHit] = []
    starts: list[int] = []
    for hit in sorted(hits, key=lambda hit: (hit.band != "breach", -hit.score, hit.start, hit.end)):
        at = bisect_left(starts, hit.start)
        free_before = at == 0 or kept[at - 1].end <= hit.start
        if free_before and (at == len(kept) or hit.end <= kept[at].start):
            kept.insert(at, hit)
            starts.insert(at, hit.start)
    return kept


def _by_meaning(hits: list[SurnameHit], text: str) -> list[SurnameHit]:
    """The hits, as what the sentence is about decides who is a child.

    A pupil's full name beside a word for adults is the pupil's in a sentence about a child; nobody unlisted is named
    who is surely none. The names of a text are asked about together.
    """
    asked = [hit for hit in hits if hit.rule in (ADULT_IN_FULL, NOT_ON_REGISTER)]
    if not asked:
        return hits
    scores = scores_of(text, "child", [(hit.name_start, hit.name_end) for hit in asked])
    like_a_child = dict(zip(map(id, asked), scores, strict=True))
    kept = [hit for hit in hits if hit.rule != NOT_ON_REGISTER or like_a_child[id(hit)] > _OF_NO_CHILD]
    return [
        replace(hit, band="breach", score=_SCORE_OF_A_CHILD, rule=FULL_NAME, explanation=_A_CHILD)
        if hit.rule == ADULT_IN_FULL and like_a_child[id(hit)] >= _OF_A_CHILD
        else hit
        for hit in kept
    ]


def _once_an_adult(hits: list[SurnameHit]) -> list[SurnameHit]:
    """Of the same adult's name in one text only the first place: a person decides once."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    kept: list[SurnameHit] = []
    for hit in sorted(hits, key=lambda hit: hit.start):
        about = (hit.rule, hit.pupil_ids)
        if hit.rule in OF_ADULTS and about in seen:
            continue
        seen.add(about)
        kept.append(hit)
    return kept


def _undo_digits(text: str, table: dict[int, int]) -> str:
    return _MIXED.sub(lambda match: match.group().translate(table), text)


def _mixed_words(text: str) -> list[tuple[int, int]]:
    """Where words with digits or signs among their letters stand; quick, as most texts have few."""
    spans: list[tuple[int, int]] = []
    for sign in _SIGN_AT_LETTER.finditer(text):
        start = sign.start()
        if spans and start < spans[-1][1]:
            continue
        lowest = max(0, start - _LONGEST_MIXED)
        while start > lowest and (text[start - 1].isalnum() or text[start - 1] in "@$"):
            start -= 1
        match = _MIXED.match(text, start)
        if match:
            spans.append(match.span())
    return spans


def _windows(mixed: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The stretches of a text around words in which digits stand among letters."""
    windows: list[tuple[int, int]] = []
    for start, stop in mixed:
        begin, end = max(0, start - _WINDOW), min(length, stop + _WINDOW)
        if windows and begin <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((begin, end))
    return windows
