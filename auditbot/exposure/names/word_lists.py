"""The words that names beside photos are told by, folded: forenames, titles, characters, and what is nobody's name."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from auditbot.check.surnames import lexicon

_WITHOUT_STROKES = str.maketrans("łøđŁØĐ", "lodLOD")
_MOST_GIVEN = 1500
"""Of the 342 lines of `tests.bench.exposure.names`, 500 found 177 of 184 names, and 1,000 to 9,400 all found 178 and
invented the same eight (2026-11-30): the least that is safely above."""
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
TEXTS_KEPT = 16
"""Answers kept in memory: the photos of one post share its text, title and address."""


@cache
def lists() -> dict[str, frozenset[str]]:
    """Return the lists of not_children.toml by name."""
    content = tomllib.loads((files("auditbot") / "data" / "exposure" / "not_children.toml").read_text("utf-8"))
    return {name: frozenset(words.split()) for name, words in content.items()}


@cache
def _given_in_the_uk() -> tuple[str, ...]:
    lines = (files("auditbot") / "data" / "names" / "forenames_uk.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def forenames() -> frozenset[str]:
    """Return every forename known."""
    return lexicon.forenames() | frozenset(_given_in_the_uk())


@cache
def usual() -> frozenset[str]:
    """Forenames that a reader takes for one at once: the list of the surname engine and the most given since 2010."""
    return lexicon.usual_forenames() | frozenset(_given_in_the_uk()[:_MOST_GIVEN])


@cache
def titles() -> frozenset[str]:
    """Return what stands before an adult's name."""
    return lexicon.group("adult_titles", "office_titles")


@cache
def titles_cut_short() -> frozenset[str]:
    """Return titles that a point may end: "Mrs.", "Rev."."""
    return lexicon.group("adult_titles") | {"rev", "revd", "fr", "st", "sgt", "cllr", "capt"}


@cache
def before_adults() -> frozenset[str]:
    """Return what stands before the name of an adult: titles, and "Grandma"."""
    return titles() | lexicon.group("relative_words")


@cache
def words_too() -> frozenset[str]:
    """Return everyday words, without the few that a reader takes for a forename all the same: "Harry", "Jack"."""
    return lexicon.common_words() - lists()["names_first"]


@cache
def surnames_that_are_words() -> frozenset[str]:
    """Return usual surnames, everyday words among them, that call no street, house or day: "Smith", not "Park"."""
    return lexicon.usual_surnames() - lists()["rooms"]


def fold(word: str) -> str:
    """Return a word as the lists hold it: small, without accents and without a genitive."""
    return plain(word).casefold().replace("’", "'").removesuffix("'s")


def plain(text: str) -> str:
    """Return a text composed (NFC) and without accents, sign for sign: each stands where it stood in the composed."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFKD", sign)[0]
        for sign in unicodedata.normalize("NFC", text).translate(_WITHOUT_STROKES)
    )
