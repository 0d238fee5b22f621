"""What a report on exposure says of a photo: its faces, how many names stand where, what to do first; never a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from auditbot.exposure.exposed import RECOGNISABLE, ExposedPhoto, Inside, Naming, Trait
from auditbot.exposure.grades import ORDER, Grade
from auditbot.exposure.names_beside import Place
from auditbot.exposure.summary import NAMED_ALONE

GRADE_NAMES: Mapping[Grade | None, str] = {
    Grade.CLOSE_AND_CLEAR: "Close and clear",
    Grade.RECOGNISABLE: "Recognisable",
    Grade.HARD_TO_RECOGNISE: "Hard to recognise",
    Grade.NOT_RECOGNISABLE: "Not recognisable by ordinary software",
    None: "No face",
}
PLACE_NAMES: Mapping[Place, str] = {
    Place.ALTERNATIVE_TEXT: "the alternative text",
    Place.CAPTION: "the caption",
    Place.FILE_NAME: "the file’s name",
    Place.ADDRESS: "the page’s address",
    Place.PICTURE: "the picture itself",
    Place.TEXT: "the text",
    Place.TITLE: "the title",
}
TRAIT_NAMES: Mapping[Trait, str] = {
    Trait.POSITION: "The file says where it was taken.",
    Trait.TIME: "The file says when it was taken.",
    Trait.DEVICE: "The file names the camera.",
    Trait.ORIGINAL_BEHIND: "A larger file lies behind the one shown.",
    Trait.OPEN_LISTING: "Its folder lists all its files to anybody.",
    Trait.SEARCHABLE: "Search engines may keep it.",
    Trait.NOT_HIDDEN: "A face that seems meant to be hidden (by a bar, a blur or a mosaic) is still recognisable.",
}
IN_TEXT = frozenset({Trait.POSITION, Trait.DEVICE, Trait.ORIGINAL_BEHIND, Trait.OPEN_LISTING, Trait.NOT_HIDDEN})
"""Traits that stand beside each photo; time and search engines concern nearly all and stand in the table alone."""
INSIDE_TODO: Mapping[Inside, str] = {
    Inside.DOCUMENT: "Take the picture or the names out of the document, and put the new one in its place.",
    Inside.FILM: "Take the film away, or cut this moment out.",
}
INSIDE_NAMES: Mapping[Inside, str] = {
    Inside.POST: "",
    Inside.DOCUMENT: "Inside a document.",
    Inside.FILM: "The most exposed moment of a film.",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else many}"


def faces_in_words(photo: ExposedPhoto) -> str:
    """Say how many faces of which grade a photo shows."""
    parts = []
    for grade in ORDER:
        count = sum(face.grade is grade for face in photo.faces)
        if count:
            number = NUMBERS[count] if count < len(NUMBERS) else str(count)
            parts.append(f"{number} {GRADE_NAMES[grade].lower()}")
    return ", ".join(parts).capitalize() + "." if parts else "No face was found."


def names_in_words(photo: ExposedPhoto) -> str:
    """Say where how many names stand, and how they go with the faces; never which."""
    if photo.naming is Naming.NONE:
        return ""
    count = len(photo.beside.names)
    number = (NUMBERS[count] if count < len(NUMBERS) else str(count)).capitalize()
    where = [PLACE_NAMES[place] for place in photo.beside.places]
    listed = " and ".join([", ".join(where[:-1]), where[-1]] if len(where) > 1 else where)
    said = f"{number} {'name' if count == 1 else 'names'} in {listed}"
    said += {
        Naming.SINGLE: ", and only one such face",
        Naming.SINGLE_BY_TEXT: ", and only one such face",
        Naming.IN_ORDER: ", as many as faces",
    }.get(photo.naming, "")
    return said + (", with a surname or initial." if photo.full_name else ".")


def todo(photo: ExposedPhoto) -> str:
    """Say what to do first with one photo."""
    if photo.inside in INSIDE_TODO and photo.exposure > 0:
        return INSIDE_TODO[photo.inside]
    if photo.naming in NAMED_ALONE:
        return "Take the name or the photo away."
    if photo.naming is not Naming.NONE:
        return "Take the names away; then put the safer copy in its place."
    if Trait.NOT_HIDDEN in photo.traits:
        return "Put the safer copy in its place: a bar, blur or mosaic does not hide a face."
    if any(face.grade in RECOGNISABLE for face in photo.faces):
        return "Put the safer copy in its place, or a smaller one: that exposes less, and hides nobody for certain."
    return (
        "Take place, time and device out of the file." if photo.traits & {Trait.POSITION, Trait.DEVICE} else "Leave it."
    )


MASK = "[name]"


@lru_cache(maxsize=8)
def _pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    if not names:
        return None
    longest_first = sorted((re.escape(name) for name in names), key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(longest_first)})(?:['’]s)?(?![^\W\d_])", re.IGNORECASE)


def masked(text: str, names: frozenset[str]) -> str:
    """Return a text in which each of these names, whatever its case, is replaced by "[name]"."""
    pattern = _pattern(names)
    return pattern.sub(MASK, text) if pattern else text


def masked_address(url: str, names: frozenset[str]) -> str:
    """Return an address without its host, escapes undone, names replaced."""
    parts = urlsplit(url)
    path = unquote(parts.path) + (f"?{unquote(parts.query)}" if parts.query else "")
    pattern = _pattern(names)
    return pattern.sub(MASK, path.replace("_", "-")) if pattern else path


def words_of(names: Iterable[str]) -> frozenset[str]:
    """Return the words to mask: all of two letters and more."""
    return frozenset(name.strip(".'’") for name in names if len(name.strip(".'’")) > 1)
