"""Reading words for children's forenames: in prose by capitals and what stands around, in addresses by their parts."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from auditbot.check.surnames import lexicon
from auditbot.exposure.names.characters import characters, titled
from auditbot.exposure.names.own_words import Knowledge
from auditbot.exposure.names.word_lists import (
    TEXTS_KEPT,
    WORD,
    before_adults,
    fold,
    forenames,
    lists,
    surnames_that_are_words,
    titles,
    titles_cut_short,
    usual,
    words_too,
)

_SMALL, _CAPITAL = "a-zß-öø-ÿāăąćčďđēęěğīłńňōőřśşšťūůűŵŷźżž", "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪŁŃŇŌŐŘŚŞŠŤŪŮŰŴŶŹŻŽ"
PARTS_OF_A_FILE_NAME = re.compile(rf"[{_CAPITAL}]?[{_SMALL}]+|[{_CAPITAL}]+(?![{_SMALL}])")
_ENDS_SENTENCE = re.compile(r"[.!?:;•|\n\"“”()–—]")
_JOINS = re.compile(r"\s*(?:,|&|\+|,?\s+and)\s+", re.IGNORECASE)
_INITIAL = re.compile(r" ([A-Z])(?:\.|\b(?!['’]))(?!\w)")
_ACRONYM = re.compile(r"[A-Z]{2,3}s?")
_PARTED = re.compile(r"['-]")
LONG = 5
"""Letters of a word that is not small, and of a part of an address that is a surname though no list holds it."""
_TO_A_PLACE = frozenset({"in", "to", "from", "at", "near", "of"})
_IN_TITLES = frozenset({"and", "with", "in", "at", "of", "for", "from", "to", "on", "by", "the"})
"""Small words that a headline writes with a capital too: no name goes on over one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A forename at its place in one text."""

    name: str
    """The forename."""
    full: bool
    """Whether a surname or an initial follows."""
    words: tuple[str, ...]
    """Its words."""


@lru_cache(maxsize=TEXTS_KEPT)
def in_prose(text: str, known: Knowledge, *, open_list: bool = False) -> tuple[Found, ...]:
    """Return the names in a text; ``open_list`` takes a word with a capital that no list knows for a name as well."""
    return tuple(_names_in_prose(text, known, open_list)) if text else ()


def _names_in_prose(text: str, known: Knowledge, open_list: bool) -> Iterator[Found]:
    words = tuple(WORD.finditer(text))
    small = tuple(fold(word[0]) for word in words)
    reader = _Prose(text, words, small, known, titled(small), characters(small), open_list)
    number, named = 0, -1
    while number < len(words):
        run = reader.run(number)
        listed = named == number and bool(_JOINS.fullmatch(reader.gap(number)))
        joined = listed or (named == number - 1 and reader.word(named) == "and")
        found = reader.name(number, run, listed=listed, joined=joined) if run else None
        number += reader.passed(number, run, found)
        if found:
            named = number
            yield found


@dataclass(frozen=True, slots=True)
class _Prose:
    """One text being read for names."""

    text: str
    """The text."""
    words: tuple[re.Match[str], ...]
    """Its words."""
    folded: tuple[str, ...]
    """The same, folded."""
    known: Knowledge
    """What is known of the site."""
    titled: frozenset[int]
    """Words that stand in the title of a story or the name of a character."""
    characters: frozenset[int]
    """These, and names of characters alone."""
    open_list: bool
    """Whether an unknown word with a capital may be a name."""

    def gap(self, number: int) -> str:
        """Return what stands between a word and the one before it."""
        return self.text[self.words[number - 1].end() : self.words[number].start()] if number else ""

    def has_capital(self, number: int) -> bool:
        """Whether there is such a word, and it begins with a capital as a name does."""
        return number < len(self.words) and self.words[number][0][0].isupper() and self.folded[number] not in _IN_TITLES

    def run(self, start: int) -> int:
        """Return how many words with a capital stand here in a row, parted by blanks alone."""
        count = 0
        while self.has_capital(start + count) and (count == 0 or not self.gap(start + count).strip(" ")):
            count += 1
        return count

    def word(self, number: int) -> str:
        """Return a word, folded; empty where there is none."""
        return self.folded[number] if 0 <= number < len(self.folded) else ""

    def is_acronym(self, number: int) -> bool:
        """Whether the word here is two or three capitals that are nobody's surname: CD, PE, OSX."""
        written = self.words[number][0] if number < len(self.words) else ""
        return bool(_ACRONYM.fullmatch(written)) and self.word(number) not in lexicon.usual_surnames()

    def name(self, number: int, run: int, *, listed: bool, joined: bool) -> Found | None:
        """Return the name that a run of words with a capital begins with; None if it begins with none.

        ``joined`` says that it is joined to a name before it, ``listed`` that it is by a comma.
        """
        first = self.word(number)
        behind = () if self.is_acronym(number + 1) else self.folded[number + 1 : number + run]
        length, full = self._length(number, behind)
        if len(first) < 2 or not length or self._is_somebody_else(number, run, full):
            return None
        if self.word(number + run) == "the" and run == 1 and not listed:
            return None  # "Molly the guide dog", "Percy the park keeper"
        full = full or _INITIAL.match(self.text, self.words[number].end()) is not None
        joined = joined or self._joins_name(number + length)
        if not self._is_child(number, run, length, joined=joined, listed=listed, full=full):
            return None
        here = tuple(word[0] for word in self.words[number : number + length])
        return Found(here[0].removesuffix("’s").removesuffix("'s"), full, here)

    def passed(self, number: int, run: int, found: Found | None) -> int:
        """Return how many words are read: a run, or what stands in it before a name ("Congratulations Amelia")."""
        for place in range(1, 0 if found else run):
            before = self.word(number + place - 1)
            if before in forenames() or before not in lexicon.common_words():
                break
            if _is_name_alone(self.word(number + place)) or before in lexicon.group("cheers"):
                return place
        return max(1, run)

    def _length(self, number: int, behind: Sequence[str]) -> tuple[int, bool]:
        """Return how many words of a run are a name, and whether a surname is among them; (0, False) for none."""
        if not behind or len(behind[0]) == 1:
            return min(1 + len(behind), 2), False
        middle = _leading(usual().__contains__, behind[:-1])  # "Anna May Okonkwo"
        for start in (middle, 0):
            if surnames := _leading(_may_be_surname, behind[start:]):
                end = start + surnames
                return 1 + end + (end < len(behind) and behind[end] in surnames_that_are_words()), True
        first = self.word(number)
        does = self.word(number + 2) in lists()["after_name"]
        called = len(behind) == 1 and first not in lists()["calendar"] and self._is_sentence()
        is_thing = behind[-1] in lists()["rooms"] | lexicon.group("events")  # "Summer Fair", "Rose Class"
        if is_thing or not (_is_name_alone(first) or (first in usual() and (does or called))):
            return 0, False
        if behind[0] in surnames_that_are_words():
            return 2, True
        alone = behind[0] in lists()["after_name"]
        return (1 + len(behind) if usual().issuperset(behind) else int(alone)), False  # "Mia Grace", "Mia Wins"

    def _is_somebody_else(self, number: int, run: int, full: bool) -> bool:
        """Whether a run is an adult with a title, somebody everybody knows, a character, or a word of the site's."""
        first = self.word(number)
        return (
            first in before_adults()
            or self._is_adult(number)
            or any(_is_somebody_known(self.folded[number : number + count]) for count in range(2, run + 1))
            or first in lists()["never"]
            or self._is_pet(number)
            or first in self.known.own_words
            or number in (self.titled if full else self.characters)
        )

    def _is_sentence(self) -> bool:
        """Whether the text writes its longer words small, so that two words with a capital are called so."""
        return any(word[0].islower() and len(word[0]) >= LONG for word in self.words)

    def _is_adult(self, number: int) -> bool:
        """Whether a title, or what a relative is called, stands right before a word: "Mrs.", "Grandma"."""
        before, between = self.word(number - 1), self.gap(number).strip()
        return before in before_adults() and (not between or (between == "." and before in titles_cut_short()))

    def _is_pet(self, number: int) -> bool:
        """Whether an animal is called so: "our dog Biscuit", "a guide dog called Ron"."""
        called = self.word(number - 1) in ("called", "named")
        return not self.gap(number).strip() and not lexicon.group("pets").isdisjoint(
            self.folded[max(0, number - 1 - 3 * called) : number]
        )

    def _starts(self, number: int) -> bool:
        """Whether a word begins a sentence, where every word has a capital, or stands behind small words that do."""
        while number and self.folded[number - 1] in _IN_TITLES and self.words[number - 1][0][0].isupper():
            number -= 1
        return number == 0 or bool(_ENDS_SENTENCE.search(self.gap(number)))

    def _is_child(self, number: int, run: int, length: int, *, joined: bool, listed: bool, full: bool) -> bool:
        """Whether the first word of a run is a child's forename, from the lists and what stands around it."""
        first, before = self.word(number), self.word(number - 1)
        starts = self._starts(number)
        is_place = first in lexicon.large_places()
        if is_place and before in _TO_A_PLACE:
            return full or (joined and self.word(number + length + 1) not in lexicon.large_places())
        if first in lists()["calendar"]:
            return (joined or full) and first in forenames()
        if first in forenames():
            is_word = is_place or first in words_too()
            owns = not is_place and self.words[number][0].endswith(("'s", "’s"))
            told = self.word(number + length) in lists()["after_name"] or owns or (not starts and not is_place)
            whole = run == len(self.words) and not self.is_acronym(number + 1)
            return not is_word or joined or full or whole or (told and first in usual())
        unknown = not any(first in known() for known in (lexicon.known_words, lexicon.places, lexicon.brands))
        unknown = unknown and any(part not in lexicon.known_words() for part in _PARTED.split(first) if len(part) > 2)
        alone = not starts and run == 1 and not self.is_acronym(number) and before not in ("the", "a", "our")
        return listed or (self.open_list and unknown and alone)

    def _joins_name(self, number: int) -> bool:
        """Whether the word here is joined to the one before by a comma, "and" or "&", and is a forename too."""
        place = number + 1 if self.word(number) == "and" else number
        if not self.has_capital(place):
            return False
        between = self.text[self.words[number - 1].end() : self.words[place].start()]
        word = self.word(place)
        no_name = word in self.known.own_words or word in lists()["never"] or place in self.characters
        return bool(_JOINS.fullmatch(between)) and word in forenames() and not no_name


def _leading(holds: Callable[[str], bool], words: Sequence[str]) -> int:
    """Return for how many words at the beginning something holds."""
    return sum(1 for _ in itertools.takewhile(holds, words))


def _may_be_surname(word: str) -> bool:
    """Whether a word behind a forename is no everyday word, or a rare one that people are called by."""
    return word not in lexicon.common_words() and (word not in lexicon.known_words() or word in lexicon.surnames())


def _is_name_alone(word: str) -> bool:
    """Whether a word is a usual forename, and neither an everyday word nor a place nor of the calendar."""
    return word in usual() and not _is_word(word)


def _is_somebody_known(run: Sequence[str]) -> bool:
    """Whether a run is a known person or place: an author, a king, a town."""
    whole = " ".join(run)
    return len(run) > 1 and (whole in lexicon.people() or whole in lexicon.places())


@lru_cache(maxsize=TEXTS_KEPT)
def in_address(path: str, known: Knowledge) -> tuple[Found, ...]:
    """Return the names in a file's name or an address: its parts, whatever their case."""
    return tuple(_names_in_address(path, known))


def _names_in_address(path: str, known: Knowledge) -> Iterator[Found]:
    for segment in unquote(path).split("/"):
        stem = segment.rpartition(".")[0] if re.search(r"\.\w{2,5}$", segment) else segment
        written = tuple(PARTS_OF_A_FILE_NAME.findall(unicodedata.normalize("NFC", stem)))
        yield from _Address.of(written, known).names_found()


@dataclass(frozen=True, slots=True)
class _Address:
    """One step of an address being read for names."""

    written: tuple[str, ...]
    """Its parts."""
    parts: tuple[str, ...]
    """The same, folded, a genitive left out ("amelias-rocket")."""
    names: tuple[bool, ...]
    """Whether each may be a forename."""
    known: Knowledge
    """What is known of the site."""

    @classmethod
    def of(cls, written: Sequence[str], known: Knowledge) -> _Address:
        """Fold the parts and say which may be names."""
        parts = tuple(_without_genitive(fold(part)) for part in written)
        told = characters(parts)
        names = tuple(
            _may_be_name(part, known) and place not in told and not _is_somebody_known(parts[place : place + 2])
            for place, part in enumerate(parts)
        )
        return cls(tuple(written), parts, names, known)

    def names_found(self) -> Iterator[Found]:
        """Yield the names."""
        doubled: set[int] = set()
        for number, part in enumerate(self.parts):
            if not self.names[number] or number in doubled:
                continue
            before, behind = self._part(number - 1), self._part(number + 1)
            if before in titles() or (number and self.names[number - 1] and part not in usual()):
                continue
            # Two forenames in a row are a forename and a surname, three or more a list.
            another = self._may_be(number + 1) and (self._may_be(number + 2) or number in doubled)
            surname = not another and self._is_surname(number)
            is_word = not _is_name_alone(part) and _is_word(part)
            beside = _sure(before, self.known) or _sure(behind, self.known)
            told = part in usual() and (surname or behind in lists()["after_name"])
            if is_word and not (beside or told or self._is_the_only_word(number)):
                continue
            if surname:
                doubled.add(number + 1)
            first = number - (not behind and self._is_surname_first(number))
            words = self.written[first : number + 1 + surname]
            yield Found(self.written[number][: len(part)].title(), surname or first < number, words)

    def _part(self, number: int) -> str:
        return self.parts[number] if 0 <= number < len(self.parts) else ""

    def _may_be(self, number: int) -> bool:
        return number < len(self.names) and self.names[number]

    def _is_surname(self, number: int) -> bool:
        """Whether what follows a forename is a surname; behind one that is a word or a place, surely one."""
        part, behind = self.parts[number], self._part(number + 1)
        if _is_name_alone(part) and behind in surnames_that_are_words():
            return True
        if len(behind) < 3 or behind in lexicon.known_words() or behind in lexicon.large_places():
            return False
        surely = behind in lexicon.surnames() or len(behind) >= LONG
        return not _is_word(part) or (surely and lists()["rooms"].isdisjoint(self.parts[number + 2 :]))

    def _is_surname_first(self, number: int) -> bool:
        """Whether a file is called by a surname, then this forename, and by nothing else ("Patel_Mia_2.jpg")."""
        before = self._part(number - 1)
        others = [other for place, other in enumerate(self.parts) if place not in (number, number - 1)]
        return (
            before in lexicon.surnames()
            and not any(before in words() for words in (lexicon.known_words, lexicon.places, lexicon.brands))
            and before not in self.known.own_words | lists()["of_files"]
            and lists()["of_files"].issuperset(other for other in others if len(other) > 2)
        )

    def _is_the_only_word(self, number: int) -> bool:
        """Whether a file is called by a usual forename that is a word as well, and by nothing else (poppy-p04.jpg)."""
        part = self.parts[number]
        others = [other for place, other in enumerate(self.parts) if place != number and len(other) > 2]
        return part in usual() and part not in lists()["calendar"] and lists()["of_files"].issuperset(others)


def _without_genitive(part: str) -> str:
    """A part of an address, without the "s" of a genitive whose sign addresses leave out ("amelias-rocket")."""
    is_genitive = part.endswith("s") and part not in forenames() and part not in lexicon.known_words()
    return part[:-1] if is_genitive and part[:-1] in usual() else part


def _is_word(part: str) -> bool:
    """Whether a forename is an everyday word, a place, or of the calendar as well."""
    return part in words_too() or part in lexicon.large_places() or part in lists()["calendar"]


def _may_be_name(part: str, known: Knowledge) -> bool:
    return (
        len(part) > 2
        and part in forenames()
        and part not in known.own_words
        and part not in lists()["never"]
        and (part in usual() or not (part in lexicon.large_places() or part in lexicon.known_words()))
    )


def _sure(part: str, known: Knowledge) -> bool:
    return _may_be_name(part, known) and not _is_word(part)
