"""Find every place at which a name of the roster is spelt, in one pass of an automaton over the text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import ahocorasick_rs
from rapidfuzz.distance import OSA

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.roster import Form, Roster, skeleton
from auditbot.check.surnames.spelt import spelt_after_forenames
from auditbot.check.surnames.text import Gap, Words

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
        self.whole_names = frozenset(roster.whole_names()) - lexicon.known_words() - lexicon.places() - self.names
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
        for spelt in spelt_after_forenames(words, self.roster, self._short):
            yield Site(*spelt, Spelling.DISGUISED)
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
            if gap == "'" and len(words.low[index]) == 1 and _is_elided(words, index):
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


def _is_elided(words: Words, index: int) -> bool:
    """ "d'avis": a French word that has lost its end, in small letters in a text that uses capitals."""
    small = not (words.is_capital(index) or words.is_capital(index + 1))
    return small and index not in words.compound and words.text != words.text.lower()


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


# Surnames with a typing or reading error, and surnames that are only hinted at.

_SHORTEST_ALONE = 5
_LONGEST_WORD = 30
_MOST_WORDS = 3
_SHORTEST_HINT = 3
_SHORTEST_SLIP = 4
_SHORTEST_HEARD = 7
_LONG = 9
_MASK = re.compile(r"[*•×#]+|_{2,}|-{2,}|\.{2,}")
_SIGN_OF_MASK = re.compile(r"[*•×#_.-](?<![\W_].)(?:(?<=[*•×#])|(?=[_.-]))")
_LETTERS = re.compile(r"[^\W\d_]{0,30}")
# Letters that a camera or a hand takes for one another, written as one.
_READ_ALIKE = (
    ("rn", "m"),
    ("vv", "w"),
    ("ii", "u"),
    ("cl", "d"),
    ("ri", "n"),
    ("l", "i"),
    ("j", "i"),
    ("q", "g"),
    ("h", "b"),
)


class Misspellings:
    """Finds what is nearly, or partly, a surname of the roster."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._by_deletion: dict[str, set[str]] = {}
        self._by_beginning: dict[str, set[str]] = {}
        self._by_letter: dict[str, list[str]] = {}
        self._surnames_by_forename = {
            name: {letters for index in pupils for letters in roster.surnames_of[index]}
            for names in (roster.nicknames, roster.forenames)
            for name, pupils in names.items()
        }
        for letters, surname in roster.surnames.items():
            if surname.form is not Form.FULL:
                continue
            self._by_letter.setdefault(letters[0], []).append(letters)
            if len(letters) >= _SHORTEST_ALONE:
                for shorter in _deletions(letters):
                    self._by_deletion.setdefault(shorter, set()).add(letters)
            for length in range(_SHORTEST_HINT, len(letters) - 1):
                self._by_beginning.setdefault(letters[:length], set()).add(letters)

    def beside_forenames(self, words: Words, sites: Sites, taken: Container[int]) -> Iterator[Site]:
        """Words after (or, in a list, before) a pupil's forename which nearly spell this pupil's surname.

        Words in `taken` are surnames already.
        """
        for found in (site for group in sites.forenames.values() for site in group):
            targets = self._surnames_by_forename.get(found.letters)
            if targets:
                if found.last + 1 not in taken:
                    yield from self._after(words, found, targets)
                if found.first - 1 not in taken:
                    yield from self._before(words, found, targets)

    def _after(self, words: Words, found: Site, targets: set[str]) -> Iterator[Site]:
        first = found.last + 1
        joined = ""
        for last in range(first, min(first + _MOST_WORDS, len(words.low))):
            if words.gap(last - 1) not in (Gap.CLOSE, Gap.DOT) and last - 1 not in words.compound:
                return
            joined += words.low[last]
            if len(joined) > _LONGEST_WORD:
                continue
            if not self._may_be_misspelt(joined, last == first):
                slip = last == first and self._slip_to_a_word(words, first, targets)
                if slip:
                    yield Site(first, first, slip, Spelling.MISSPELT)
                    return
                continue
            for target in targets:
                alike = nearly(joined, target) or sounds_like(joined, target)
                if alike and (last == first or self._may_span_words(words, first, last, target)):
                    yield Site(first, last, target, Spelling.MISSPELT)
                    return

    def _slip_to_a_word(self, words: Words, index: int, targets: set[str]) -> str:
        """The surname that became a word by one slip ("Elsie Mash"), or ""."""
        word = words.low[index]
        in_register = word in self._roster.surnames or word in self._roster.forenames
        if in_register or not words.is_capital(index) or not words.has_plain_space(index - 1):
            return ""
        goes_on = index + 1 < len(words.low) and words.gap(index) is Gap.CLOSE and words.is_capital(index + 1)
        if goes_on or len(word) < _SHORTEST_SLIP or words.text.isupper():
            return ""
        return next((name for name in sorted(targets) if len(name) > 3 and OSA.distance(word, name) == 1), "")

    def _may_span_words(self, words: Words, first: int, last: int, target: str) -> bool:
        """The surname itself has several words, or these are no words by themselves."""
        if words.ends[first] == words.starts[first + 1]:
            return True
        pieces = words.low[first : last + 1]
        return bool(self._roster.surnames[target].breaks) or not any(piece in lexicon.known_words() for piece in pieces)

    def _before(self, words: Words, found: Site, targets: set[str]) -> Iterator[Site]:
        index = found.first - 1
        if index < 0 or words.gap(index) in (Gap.STOP, Gap.LINE) or not self._may_be_misspelt(words.low[index], True):
            return
        for target in targets:
            if len(target) >= _SHORTEST_ALONE and nearly(words.low[index], target):
                yield Site(index, index, target, Spelling.MISSPELT)
                return

    def _may_be_misspelt(self, letters: str, single: bool) -> bool:
        if (
            letters in self._roster.surnames
            or letters in self._roster.staff_by_surname
            or letters in self._roster.forenames
        ):
            return False
        return not single or letters not in lexicon.common_words()

    def alone(self, words: Words) -> Iterator[Site]:
        """Words of no language we know that nearly spell a long surname."""
        nearest = {
            word: target
            for word in words.distinct
            if _SHORTEST_ALONE - 1 <= len(word) <= _LONGEST_WORD and (target := self._nearest(word)) is not None
        }
        if nearest:
            for index, word in enumerate(words.low):
                if word in nearest:
                    yield Site(index, index, nearest[word], Spelling.MISSPELT)

    def _nearest(self, word: str) -> str | None:
        known = word in lexicon.known_words() or word in lexicon.forenames() or word in lexicon.places()
        known = known or (word.endswith("s") and word[:-1] in lexicon.forenames())
        if known or not self._may_be_misspelt(word, True):
            return None
        near = {target for shorter in _deletions(word) for target in self._by_deletion.get(shorter, ())}
        scored = min(((OSA.distance(word, target), target) for target in near), default=(9, ""))
        if word in lexicon.surnames() and once_each(word) != once_each(scored[1]):
            return None
        allowed = 2 if min(len(word), len(scored[1])) >= _LONG else 1
        return scored[1] if scored[0] <= allowed else None

    def cut_short(self, words: Words, sites: Sites, taken: Container[int]) -> Iterator[Site]:
        """The beginning of a surname after the pupil's forename ("Nell Thr.") or initial ("nthross")."""
        for found in (site for group in sites.forenames.values() for site in group):
            index = found.last + 1
            if index >= len(words.low) or index in taken or words.gap(index - 1) not in (Gap.CLOSE, Gap.DOT):
                continue
            word = words.low[index]
            if len(word) < 2 or (word in lexicon.known_words() and not self._is_abbreviated(words, index)):
                continue
            if not (words.is_capital(index) or index in words.compound):
                continue
            for pupil in self._roster.forenames.get(found.letters, ()):
                for target in self._roster.surnames_of[pupil]:
                    if target.startswith(word) and len(target) - len(word) >= 1:
                        yield Site(index, index, target, Spelling.CUT)
        yield from self._initial_and_beginning(words)

    def _initial_and_beginning(self, words: Words) -> Iterator[Site]:
        """An initial and the beginning of a surname in one piece of a file name or handle ("nthross")."""
        joined_from = 0
        for index in words.compound:
            if index == 0 or words.ends[index - 1] != words.starts[index]:
                joined_from = index
            if index + 1 < len(words.low) and words.ends[index] == words.starts[index + 1]:
                continue
            letters = "".join(words.low[joined_from : index + 1])
            if not _SHORTEST_HINT < len(letters) <= _LONGEST_WORD or letters in lexicon.known_words():
                continue
            for target in sorted(self._by_beginning.get(letters[1:], ())):
                if self._has_initial(target, letters[0]):
                    yield Site(joined_from, index, target, Spelling.CUT)

    def _is_abbreviated(self, words: Words, index: int) -> bool:
        return words.text[words.ends[index] : words.ends[index] + 1] in (".", "*", "…")

    def _has_initial(self, target: str, initial: str) -> bool:
        names = (name for index in self._roster.surnames[target].pupils for name in self._roster.forenames_of[index])
        return any(name.startswith(initial) for name in names)

    def masked(self, words: Words) -> Iterator[tuple[int, int, str]]:
        """Spans of folded text in which the middle of a surname is starred out, with that surname."""
        for sign in _SIGN_OF_MASK.finditer(words.text):
            match = _MASK.match(words.text, sign.start())
            if match is None:
                continue
            first = bisect_right(words.starts, match.start()) - 1
            if first < 0 or words.ends[first] != match.start():
                continue
            following = _LETTERS.match(words.text, match.end())
            start, end = words.low[first], following.group().lower() if following else ""
            if not (end or match.group()[0] in "*•×#"):
                continue
            if len(start) + len(end) < _SHORTEST_HINT:
                continue
            for letters in self._by_letter.get(start[0], ()):
                fits = letters.startswith(start) and letters.endswith(end) and len(letters) > len(start) + len(end)
                if fits and 2 * (len(start) + len(end)) >= len(letters):
                    yield words.starts[first], match.end() + len(end), letters
                    break


def nearly(written: str, name: str) -> bool:
    """`written` is `name` with a slip or two: more are allowed in longer names."""
    length = min(len(written), len(name))
    if length < 3 or abs(len(written) - len(name)) > 3:
        return False
    allowed = 1 if length < 8 else 2 if length < 12 else 3
    distance = OSA.distance(written, name, score_cutoff=allowed)
    if length < 5:
        return distance <= 1 and (written[0] == name[0] or read_alike(written) == read_alike(name))
    if distance <= allowed:
        return True
    return OSA.distance(read_alike(written), read_alike(name), score_cutoff=1) <= (1 if length > 5 else 0)


def sounds_like(written: str, name: str) -> bool:
    """`written` is a long `name` as one hears it ("Kowalchick")."""
    if min(len(written), len(name)) < _SHORTEST_HEARD or abs(len(written) - len(name)) > 2 or written[0] != name[0]:
        return False
    heard = skeleton(written)
    return len(heard) > 2 and heard == skeleton(name)


@lru_cache(maxsize=8192)
def read_alike(letters: str) -> str:
    """The letters with those written as one which a camera confuses."""
    for seen, written in _READ_ALIKE:
        letters = letters.replace(seen, written)
    return letters


def once_each(letters: str) -> str:
    """The letters with double ones written once: "Whittaker" and "Whitaker" are slips of one another."""
    return re.sub(r"(.)\1+", r"\1", letters)


def _deletions(letters: str) -> set[str]:
    """`letters` with up to one letter left out, or up to two if long."""
    once = {letters[:at] + letters[at + 1 :] for at in range(len(letters))}
    if len(letters) < _LONG:
        return {letters, *once}
    return {letters, *once, *(word[:at] + word[at + 1 :] for word in once for at in range(len(word)))}
