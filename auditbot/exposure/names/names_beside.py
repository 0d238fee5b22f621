"""Names beside a photo: who a stranger could put a name to, from the words that stand with the picture.

No register is asked: a name is what a reader would take for a child's forename. The places are read strongest first
(alternative text, caption, the file's name, the page's address, words in the picture, the text and title around a lone
photo). Adults, places, characters of stories and the site's own words are no children.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from auditbot.check.surnames import lexicon
from auditbot.exposure.names.forename_reading import PARTS_OF_A_FILE_NAME, Found, in_address, in_prose
from auditbot.exposure.names.own_words import Knowledge
from auditbot.exposure.names.word_lists import TEXTS_KEPT, WORD, fold, lists, titles
from auditbot.model import Post

_BESIDE_WORDS = 150
"""Of a longer post nobody can say that its words stand beside its photo: chosen, not measured."""


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
    texts: list[tuple[Place, Sequence[Found]]] = [
        (Place.ALTERNATIVE_TEXT, in_prose(alt, known, open_list=True)),
        (Place.CAPTION, in_prose(caption, known, open_list=True)),
        (Place.FILE_NAME, in_address(file_name, known)),
        (Place.ADDRESS, in_address(page, known)),
        (Place.PICTURE, [found for line in in_picture for found in in_prose(_as_a_name(line), known)]),
    ]
    if alone:
        if len(post.text.split()) <= _BESIDE_WORDS:
            texts.append((Place.TEXT, in_prose(post.text, known)))
        texts.append((Place.TITLE, in_prose(post.title, known)))
    if looked_for := {fold(name) for name in elsewhere} - lexicon.common_words() - known.own_words:
        texts += [
            (Place.ALTERNATIVE_TEXT, _among(WORD.findall(alt), looked_for, capital=True)),
            (Place.CAPTION, _among(WORD.findall(caption), looked_for, capital=True)),
            (Place.FILE_NAME, _among(PARTS_OF_A_FILE_NAME.findall(unquote(file_name)), looked_for)),
            (Place.ADDRESS, _among(PARTS_OF_A_FILE_NAME.findall(unquote(page)), looked_for)),
            (Place.PICTURE, _among(WORD.findall("\n".join(in_picture)), looked_for, capital=True)),
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
    found = [one for text in texts for one in in_prose(_as_a_name(text), known)]
    found += [one for part in parts for one in in_address(f"{part.path}/{part.query}", known)]
    return tuple(dict.fromkeys(word for one in found for word in one.words))


def _among(words: Iterable[str], names: Collection[str], *, capital: bool = False) -> list[Found]:
    """Return those of some words that are one of these names, folded; ``capital`` asks that they begin with one."""
    same = [word for word in words if fold(word) in names and (word[0].isupper() or not capital)]
    return [Found(word.title().removesuffix("’S").removesuffix("'S"), False, (word,)) for word in same]


def _holds(text: str, names: Iterable[str]) -> bool:
    words = {fold(found[0]) for found in WORD.finditer(unquote(text).replace("-", " ").replace("_", " "))}
    return any(name in words for name in names)


def _as_a_name(line: str) -> str:
    """A line of capitals as a caption would write it."""
    return line.title() if line.isupper() else line


@lru_cache(maxsize=TEXTS_KEPT)
def _adults(text: str) -> int:
    """How many adults a text tells of: titles before a name, or what adults are called, whichever are more."""
    words = list(WORD.finditer(text)) if not text.isspace() else []
    titled = sum(
        fold(word[0]) in titles() and following[0][0].isupper() for word, following in itertools.pairwise(words)
    )
    return max(titled, sum(fold(word[0]) in lists()["adults"] for word in words))
