"""Names beside a photo: who a stranger could put a name to, from the words that stand with the picture.

No register is asked: a name is what a reader would take for a child's forename. The places are read strongest first
(alternative text, caption, the file's name, the page's address, words in the picture, the text and title around a lone
photo). Adults, places, characters of stories and the site's own words are no children.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from auditbot.check.surnames import lexicon
from auditbot.exposure.names.word_lists import fold, forenames, lists, titles, usual
from auditbot.model import Post

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SMALL, _CAPITAL = "a-zß-öø-ÿāăąćčďđēęěğīłńňōőřśşšťūůűŵŷźżž", "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪŁŃŇŌŐŘŚŞŠŤŪŮŰŴŶŹŻŽ"
_PARTS_OF_A_FILE_NAME = re.compile(rf"[{_CAPITAL}]?[{_SMALL}]+|[{_CAPITAL}]+(?![{_SMALL}])")
_ENDS_SENTENCE = re.compile(r"[.!?:;•|\n\"“”()–—]")
_JOINS = re.compile(r"\s*(?:,|&|\+|,?\s+and)\s+")
_INITIAL = re.compile(r" ([A-Z])(?:\.|\b(?!['’]))(?!\w)")
_ACRONYM = re.compile(r"[A-Z]{2,3}s?")
_SITE_WORD_ON = 0.2
_FEWEST_PAGES = 5
_TEXTS_KEPT = 16
"""Answers kept in memory: the photos of one post share its text, title and address."""
_BESIDE_WORDS = 150
"""Of a longer post nobody can say that its words stand beside its photo."""


class Place(StrEnum):
    """Where a name stands, strongest first."""

    ALTERNATIVE_TEXT = "alternative_text"
    CAPTION = "caption"
    FILE_NAME = "file_name"
    ADDRESS = "address"
    PICTURE = "picture"
    TEXT = "text"
    TITLE = "title"


OF_THE_PHOTO = frozenset({Place.ALTERNATIVE_TEXT, Place.CAPTION, Place.FILE_NAME, Place.ADDRESS, Place.PICTURE})
"""Places that speak of this photo; text and title speak of the whole post."""


@dataclass(frozen=True, slots=True)
class SeenName:
    """A forename beside a photo."""

    name: str
    """The forename as it stands there."""
    place: Place
    """Where it stands."""
    full: bool
    """Whether a surname or an initial stands behind it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What the words beside one photo tell."""

    names: tuple[SeenName, ...] = ()
    """Each forename once, where it stands strongest."""
    places: tuple[Place, ...] = ()
    """Every place in which one of these names stands: all of them must be mended."""
    adults: int = 0
    """How many adults the alternative text or the caption tells of."""
    words: tuple[str, ...] = ()
    """Every word that belongs to a name found, surnames included: what a report must mask."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of one site's words."""

    own_words: frozenset[str] = field(default_factory=frozenset)
    """Words with a capital on more than one page in five (the school, its classes, its streets), folded."""

    @classmethod
    def of(cls, posts: Sequence[Post]) -> Knowledge:
        """Count the words with a capital; too few posts tell nothing."""
        if len(posts) < _FEWEST_PAGES:
            return cls()
        pages: Counter[str] = Counter()
        for post in posts:
            pages.update({fold(found[0]) for found in _WORD.finditer(post.text) if found[0][0].isupper()})
        return cls(frozenset(word for word, count in pages.items() if count > _SITE_WORD_ON * len(posts)))


@dataclass(frozen=True, slots=True)
class _Found:
    """A name at its place in one text."""

    name: str
    """The forename."""
    full: bool
    """Whether a surname or an initial follows."""
    words: tuple[str, ...]
    """Its words."""


def names_beside(
    post: Post,
    *,
    alt: str,
    caption: str,
    address: str,
    in_picture: Sequence[str],
    alone: bool,
    known: Knowledge,
    elsewhere: Collection[str] = (),
) -> Beside:
    """Return the names beside one photo of a post.

    ``address`` is the photo's own; ``in_picture`` the lines of words read in it; ``alone`` says that no other photo of
    the post shows a face that could be recognised, so that the post's text and title speak of this one; ``elsewhere``
    are names found beside other photos of the post: here they are names too, whatever the lists say.
    """
    file_name, page = urlsplit(address).path.rpartition("/")[2], urlsplit(post.url).path
    texts: list[tuple[Place, Sequence[_Found]]] = [
        (Place.ALTERNATIVE_TEXT, _in_prose(alt, known, open_list=True)),
        (Place.CAPTION, _in_prose(caption, known, open_list=True)),
        (Place.FILE_NAME, _in_address(file_name, known)),
        (Place.ADDRESS, _in_address(page, known)),
        (Place.PICTURE, [found for line in in_picture for found in _in_prose(_as_a_name(line), known)]),
    ]
    if alone:
        if len(post.text.split()) <= _BESIDE_WORDS:
            texts.append((Place.TEXT, _in_prose(post.text, known)))
        texts.append((Place.TITLE, _in_prose(post.title, known)))
    if looked_for := {fold(name) for name in elsewhere} - lexicon.common_words() - known.own_words:
        texts += [
            (Place.ALTERNATIVE_TEXT, _among(_WORD.findall(alt), looked_for, capital=True)),
            (Place.CAPTION, _among(_WORD.findall(caption), looked_for, capital=True)),
            (Place.FILE_NAME, _among(_PARTS_OF_A_FILE_NAME.findall(unquote(file_name)), looked_for)),
            (Place.ADDRESS, _among(_PARTS_OF_A_FILE_NAME.findall(unquote(page)), looked_for)),
            (Place.PICTURE, _among(_WORD.findall("\n".join(in_picture)), looked_for, capital=True)),
        ]
    seen: dict[str, SeenName] = {}
    words: dict[str, None] = {}
    for place, found in texts:
        for one in found:
            before = seen.get(fold(one.name))
            strongest = before.place if before else place
            seen[fold(one.name)] = SeenName(one.name, strongest, one.full or (before is not None and before.full))
            words |= dict.fromkeys(one.words)
    if not seen:
        return Beside(adults=_adults(f"{alt}\n{caption}"))
    everywhere = {
        Place.ALTERNATIVE_TEXT: alt, Place.CAPTION: caption, Place.TEXT: post.text, Place.TITLE: post.title,
        Place.FILE_NAME: file_name, Place.ADDRESS: page, Place.PICTURE: "\n".join(in_picture),
    }  # fmt: skip
    places = tuple(
        place
        for place in Place
        if any(one.place == place for one in seen.values()) or _holds(everywhere[place], seen.keys())
    )
    return Beside(tuple(seen.values()), places, _adults(f"{alt}\n{caption}"), tuple(words))


def words_of_names(texts: Iterable[str], addresses: Iterable[str], known: Knowledge) -> tuple[str, ...]:
    """Return every word of a name in some texts and addresses, hosts left out: what a report that shows them must mask.

    Whether a photo stands beside them, and whose name it is, an adult's or a child's, does not matter here.
    """
    parts = [urlsplit(address) for address in addresses]
    found = [one for text in texts for one in _in_prose(_as_a_name(text), known)]
    found += [one for part in parts for one in _in_address(f"{part.path}/{part.query}", known)]
    return tuple(dict.fromkeys(word for one in found for word in one.words))


def _among(words: Iterable[str], names: Collection[str], *, capital: bool = False) -> list[_Found]:
    """Return those of some words that are one of these names, folded; ``capital`` asks that they begin with one."""
    same = [word for word in words if fold(word) in names and (word[0].isupper() or not capital)]
    return [_Found(word.title().removesuffix("’S").removesuffix("'S"), False, (word,)) for word in same]


def _holds(text: str, names: Iterable[str]) -> bool:
    words = {fold(found[0]) for found in _WORD.finditer(unquote(text).replace("-", " ").replace("_", " "))}
    return any(name in words for name in names)


def _as_a_name(line: str) -> str:
    """A line of capitals as a caption would write it."""
    return line.title() if line.isupper() else line


@lru_cache(maxsize=_TEXTS_KEPT)
def _in_prose(text: str, known: Knowledge, *, open_list: bool = False) -> tuple[_Found, ...]:
    """Return the names in a text; ``open_list`` takes a word with a capital that no list knows for a name as well."""
    return tuple(_names_in_prose(text, known, open_list)) if text else ()


def _names_in_prose(text: str, known: Knowledge, open_list: bool) -> Iterator[_Found]:
    words = tuple(_WORD.finditer(text))
    folded = tuple(fold(word[0]) for word in words)
    tells_story = not lists()["story_signs"].isdisjoint(folded) or not lists()["never"].isdisjoint(folded)
    reader = _Prose(text, words, folded, known, tells_story, open_list)
    number, listed = 0, False
    while number < len(words):
        run = reader.run(number)
        listed = listed and bool(_JOINS.fullmatch(reader.gap(number)))
        found = reader.name(number, run, listed) if run else None
        if found:
            yield found
        listed = found is not None
        number += max(1, run)


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
    tells_story: bool
    """Whether it tells of a story or play."""
    open_list: bool
    """Whether an unknown word with a capital may be a name."""

    def gap(self, number: int) -> str:
        """Return what stands between a word and the one before it."""
        return self.text[self.words[number - 1].end() : self.words[number].start()] if number else ""

    def has_capital(self, number: int) -> bool:
        """Whether there is such a word, and it begins with a capital."""
        return number < len(self.words) and self.words[number][0][0].isupper()

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

    def name(self, number: int, run: int, listed: bool) -> _Found | None:
        """Return the name that a run of words with a capital is; None if it is none."""
        first = self.word(number)
        behind = () if self.is_acronym(number + 1) else self.folded[number + 1 : number + run]
        sure = first in usual() and first not in lexicon.common_words() | lexicon.large_places()
        surname = bool(behind) and (
            lexicon.common_words().isdisjoint(_behind_middle_names(behind))
            or (sure and behind[-1] in lexicon.usual_surnames())  # "Mia Green"
        )
        no_name = behind and not surname and len(behind[0]) > 1  # "Summer Fair", "Rose Class"
        no_name = no_name and not (sure and usual().issuperset(behind))  # "Mia Rose"
        if len(first) < 2 or no_name or self._is_somebody_else(number, run):
            return None
        full = surname or _INITIAL.match(self.text, self.words[number].end()) is not None
        if self.word(number + run) == "the" and not (listed or surname):
            return None  # "Molly the guide dog", "Percy the park keeper"
        if not self._is_child(number, run, joined=listed or self._joins_name(number + run), listed=listed, full=full):
            return None
        here = tuple(word[0] for word in self.words[number : number + self._of_name(number, run)])
        return _Found(here[0].removesuffix("’s").removesuffix("'s"), full, here)

    def _of_name(self, number: int, run: int) -> int:
        """Return how many words of a run are the name: "Harvey Herbert Skydive" in a title are two and a word."""
        for place in range(2, run):
            word = self.word(number + place)
            if word in lexicon.known_words() and word not in lexicon.surnames():
                return place
        return run

    def _is_somebody_else(self, number: int, run: int) -> bool:
        """Whether a run is an adult with a title, somebody everybody knows, a character, or a word of the site's."""
        first = self.word(number)
        return (
            not titles().isdisjoint((first, self.word(number - 1)))
            or _is_somebody_known(self.folded[number : number + run])
            or first in lists()["never"]
            or first in self.known.own_words
            or (self.tells_story and first in lists()["story"])
        )

    def _is_child(self, number: int, run: int, *, joined: bool, listed: bool, full: bool) -> bool:
        """Whether the first word of a run is a child's forename, from the lists and what stands around it."""
        first, before = self.word(number), self.word(number - 1)
        starts = number == 0 or bool(_ENDS_SENTENCE.search(self.gap(number)))
        is_place = first in lexicon.large_places()
        if first in lists()["calendar"] or (is_place and before in ("in", "to", "from", "at", "near", "of")):
            return joined or full
        if first in forenames():
            is_word, is_usual = is_place or first in lexicon.common_words(), first in usual()
            told = is_usual and self.word(number + run) in lists()["after_name"]
            mid_sentence = not starts and not is_place and is_usual
            whole = run == len(self.words) and not self.is_acronym(number + 1)
            return not is_word or joined or full or whole or mid_sentence or told
        unknown = not any(first in known() for known in (lexicon.known_words, lexicon.places, lexicon.brands))
        alone = not starts and run == 1 and not self.is_acronym(number) and before not in ("the", "a", "our")
        return listed or (self.open_list and unknown and alone)

    def _joins_name(self, number: int) -> bool:
        """Whether the word here is joined to the one before by a comma, "and" or "&", and is a forename too."""
        place = number + 1 if self.word(number) == "and" else number
        if not self.has_capital(place):
            return False
        between = self.text[self.words[number - 1].end() : self.words[place].start()]
        word = self.word(place)
        no_name = word in self.known.own_words or word in lists()["never"]
        return bool(_JOINS.fullmatch(between)) and word in forenames() and not no_name


def _behind_middle_names(behind: Sequence[str]) -> Sequence[str]:
    """Return what of the words behind a forename is the surname: "Anna May Okonkwo" has a word for a middle name."""
    return behind[len(list(itertools.takewhile(usual().__contains__, behind[:-1]))) :]


def _is_somebody_known(folded: Sequence[str]) -> bool:
    """Whether a run is a known person or place: an author, a king, a town."""
    whole = " ".join(folded)
    return len(folded) > 1 and (whole in lexicon.people() or whole in lexicon.places())


@lru_cache(maxsize=_TEXTS_KEPT)
def _in_address(path: str, known: Knowledge) -> tuple[_Found, ...]:
    """Return the names in a file's name or an address: its parts, whatever their case."""
    return tuple(_names_in_address(path, known))


def _names_in_address(path: str, known: Knowledge) -> Iterator[_Found]:
    for segment in unquote(path).split("/"):
        stem = segment.rpartition(".")[0] if re.search(r"\.\w{2,5}$", segment) else segment
        written = _PARTS_OF_A_FILE_NAME.findall(unicodedata.normalize("NFC", stem))
        parts = [fold(part) for part in written]
        names = [_may_be_name(part, known) for part in parts]
        doubled: set[int] = set()
        for number, part in enumerate(parts):
            if not names[number] or number in doubled:
                continue
            if number and (parts[number - 1] in titles() or (names[number - 1] and part not in usual())):
                continue
            is_word = part in lexicon.common_words() or part in lists()["calendar"]
            beside = (number > 0 and _sure(parts[number - 1], known)) or (
                number + 1 < len(parts) and _sure(parts[number + 1], known)
            )
            if is_word and not (beside or _is_the_only_word(parts, number)):
                continue
            behind = parts[number + 1] if number + 1 < len(parts) else ""
            after = number + 2 < len(parts) and names[number + 2]
            # Two forenames in a row are a forename and a surname, three or more a list.
            another = number + 1 < len(parts) and names[number + 1] and (after or number in doubled)
            surname = len(behind) > 2 and behind not in lexicon.known_words() and not another
            first = number - (not behind and _is_surname_first(parts, number, known))
            if surname:
                doubled.add(number + 1)
            last = number + 1 + surname
            yield _Found(written[number].title(), surname or first < number, tuple(written[first:last]))


def _is_surname_first(parts: Sequence[str], number: int, known: Knowledge) -> bool:
    """Whether a file is called by a surname, then this forename, and by nothing else ("Patel_Mia_2.jpg")."""
    before = parts[number - 1] if number else ""
    others = [other for place, other in enumerate(parts) if place not in (number, number - 1) and len(other) > 2]
    return (
        before in lexicon.surnames()
        and not any(before in words() for words in (lexicon.known_words, lexicon.places, lexicon.brands))
        and before not in known.own_words | lists()["of_files"]
        and lists()["of_files"].issuperset(others)
    )


def _is_the_only_word(parts: Sequence[str], number: int) -> bool:
    """Whether a file is called by a usual forename that is a word as well, and by nothing else ("poppy-p04.jpg")."""
    part = parts[number]
    others = [other for place, other in enumerate(parts) if place != number and len(other) > 2]
    return part in usual() and part not in lists()["calendar"] and lists()["of_files"].issuperset(others)


def _may_be_name(part: str, known: Knowledge) -> bool:
    return (
        len(part) > 2
        and part in forenames()
        and part not in known.own_words
        and part not in lists()["never"]
        and part not in lexicon.large_places()
        and (part not in lexicon.known_words() or part in usual())
    )


def _sure(part: str, known: Knowledge) -> bool:
    return _may_be_name(part, known) and part not in lexicon.common_words() and part not in lists()["calendar"]


def _adults(text: str) -> int:
    """How many adults a text tells of: titles before a name, or what adults are called, whichever are more."""
    words = list(_WORD.finditer(text)) if not text.isspace() else []
    titled = sum(
        fold(word[0]) in titles() and following[0][0].isupper() for word, following in itertools.pairwise(words)
    )
    return max(titled, sum(fold(word[0]) in lists()["adults"] for word in words))
