"""Find every place at which a name of the roster is spelt, in one pass of an automaton over the text."""

from bisect import bisect_left
from collections.abc import Container, Iterator
from dataclasses import dataclass
from enum import Enum

import ahocorasick_rs

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.roster import Form, Roster
from auditbot.check.surnames.words import Gap, Words

_LONGEST_GAP = 4
_SHORTEST_PATTERN = 4
_LONGEST_SPELT = 30


class Spelling(Enum):
    """How the letters stand in the text."""

    PLAIN = "plain"
    DISGUISED = "disguised"
    """Spaced out or interrupted."""
    MISSPELT = "misspelt"
    """With a typing or reading error."""
    CUT = "cut"
    """Only the beginning."""


@dataclass(frozen=True, slots=True)
class Site:
    """Words `first` to `last` (both included) spell a name."""

    first: int
    """Index of the first word."""
    last: int
    """Index of the last word."""
    letters: str
    """The name's bare letters: the key into the roster."""
    spelling: Spelling = Spelling.PLAIN
    """How they are written."""


@dataclass(frozen=True, slots=True)
class Sites:
    """All names of the roster in one text."""

    surnames: list[Site]
    """Possible surnames in order of place; none lies within a longer one."""
    forenames: dict[int, list[Site]]
    """Forenames and nicknames of pupils, by their first word."""
    forename_ends: dict[int, list[Site]]
    """The same by their last word."""


class Finder:
    """The automaton over all names of a roster."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        first_names = {*roster.forenames, *roster.nicknames}
        self.names = frozenset({*roster.surnames, *first_names, *roster.staff_by_surname})
        # Names of two or three letters stand in half of all words: they are looked up as whole words instead.
        self._short = frozenset(name for name in (*roster.surnames, *first_names) if len(name) < _SHORTEST_PATTERN)
        self._patterns = sorted({*roster.surnames, *first_names} - self._short)
        self._automaton = (
            ahocorasick_rs.AhoCorasick(self._patterns, implementation=ahocorasick_rs.Implementation.DFA)
            if self._patterns
            else None
        )

    def find(self, words: Words) -> Sites:
        """All names in `words`; time grows with the length of the text and the number of matches."""
        surnames: list[Site] = []
        by_first: dict[int, list[Site]] = {}
        by_last: dict[int, list[Site]] = {}
        for site in self._aligned(words):
            if site.letters in self.roster.surnames:
                surnames.append(site)
            if site.letters in self.roster.forenames or site.letters in self.roster.nicknames:
                by_first.setdefault(site.first, []).append(site)
                by_last.setdefault(site.last, []).append(site)
        return Sites(_outermost(surnames), by_first, by_last)

    def _aligned(self, words: Words) -> Iterator[Site]:
        if not self._short.isdisjoint(words.distinct):
            yield from (Site(index, index, word) for index, word in enumerate(words.low) if word in self._short)
        if self._automaton is None or not words.low:
            return
        starts = words.stream_starts
        borders = {*starts, len(words.stream)}
        for pattern, start, end in self._automaton.find_matches_as_indexes(words.stream, overlapping=True):
            if start not in borders or end not in borders:
                continue
            first = bisect_left(starts, start)
            last = bisect_left(starts, end, first) - 1
            letters = self._patterns[pattern]
            if first == last:
                yield Site(first, last, letters)
            elif (disguise := self._disguise(words, first, last, letters)) is not None:
                yield Site(first, last, letters, Spelling.DISGUISED if disguise else Spelling.PLAIN)

    def _disguise(self, words: Words, first: int, last: int, letters: str) -> bool | None:
        """Whether a name over several words is disguised; None when it is no name at all."""
        surname = self.roster.surnames.get(letters)
        natural = (surname.breaks if surname else frozenset()) | self.roster.forename_breaks.get(letters, frozenset())
        if surname and surname.form is Form.PLURAL and words.low[last] == "s" and "'" in words.gap_text(last - 1):
            return None
        disguised = False
        origin = words.stream_starts[first]
        pieces = [words.low[first]]
        for index in range(first, last):
            gap = words.gap_text(index)
            if len(gap) > _LONGEST_GAP or any(char.isdigit() for char in gap) or words.gap(index) is Gap.STOP:
                return None
            if words.stream_starts[index + 1] - origin in natural:
                if words.gap(index) is Gap.COMMA and gap.strip() != "-":
                    return None
                pieces[-1] += words.low[index + 1]
            elif not gap:
                pieces[-1] += words.low[index + 1]
            else:
                disguised = True
                pieces.append(words.low[index + 1])
        uncertain = surname and surname.form in (Form.INFLECTED, Form.HALF) and letters not in self.roster.forenames
        part = disguised and _spelling_goes_on(words, first, last, self.names)
        if disguised and (uncertain or part or not _reads_as_one(words, first, last, pieces)):
            return None
        return disguised


def _spelling_goes_on(words: Words, first: int, last: int, names: Container[str]) -> bool:
    """The letters before or after are spelt out in the same way: this is only a part of a longer name."""
    gap = words.gap_text(first)
    begin = first
    while (
        begin > 0
        and first - begin < _LONGEST_SPELT
        and _is_spelt(words, begin - 1)
        and words.gap_text(begin - 1) == gap
    ):
        begin -= 1
    before = begin < first and "".join(words.low[begin:first]) not in names
    end = last + 1
    while (
        end < len(words.low)
        and end - last <= _LONGEST_SPELT
        and _is_spelt(words, end)
        and words.gap_text(end - 1) == gap
    ):
        end += 1
    after = end > last + 1 and "".join(words.low[last + 1 : end]) not in names
    return before or after


def _is_spelt(words: Words, index: int) -> bool:
    return len(words.low[index]) == 1


def _reads_as_one(words: Words, first: int, last: int, pieces: list[str]) -> bool:
    """A reader sees one name: letters spaced out, or a name broken up by signs or a stray space."""
    letters = sum(map(len, pieces))
    if letters < 4:
        return False
    if all(len(words.low[index]) == 1 for index in range(first, last + 1)):
        return True
    if not any(" " in words.gap_text(index) or "\n" in words.gap_text(index) for index in range(first, last)):
        return sum(len(piece) > 1 for piece in pieces) < len(pieces) or not all(
            piece in lexicon.common_words() for piece in pieces
        )
    a_word = any(len(piece) == 1 or piece in lexicon.common_words() for piece in pieces)
    return len(pieces) == 2 and letters >= 6 and not a_word


def _outermost(sites: list[Site]) -> list[Site]:
    """Leave out a surname inside a longer one."""
    kept: list[Site] = []
    for site in sorted(sites, key=lambda site: (site.first, -site.last)):
        if kept and site.last <= kept[-1].last:
            continue
        kept.append(site)
    return kept
