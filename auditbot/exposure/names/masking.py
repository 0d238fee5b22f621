"""Masking: whatever leaves says "[name]" where a word of a name stands, however it is written there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from auditbot.exposure.names.word_lists import plain
from auditbot.sentences import say

MASK = say("[name]")


_JOINED = "(?-i:(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]))"
"""Where file names and hashtags join two words: "AmeliaOkafor", "WellDoneAmelia", "PEReports"."""
_BEGINS, _ENDS = rf"(?:(?<![^\W\d_])|{_JOINED})", rf"(?:(?![^\W\d_])|{_JOINED})"


@lru_cache(maxsize=8)
def _pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    """Return what finds these names: one, or several run together, with a genitive, also as addresses write it."""
    if not names:
        return None
    longest_first = sorted((re.escape(name) for name in names), key=len, reverse=True)
    return re.compile(rf"{_BEGINS}(?:{'|'.join(longest_first)})+(?:['’]?s)?{_ENDS}", re.IGNORECASE)


def masked(text: str, names: frozenset[str]) -> str:
    """Return a text in which each of these names, whatever its case and accents, is replaced by "[name]".

    A name stands by itself, between other signs than letters, or is a part of a word as file names and hashtags join
    them ("AmeliaOkafor", "WellDoneAmelia").
    """
    return _without(str(text), names)


def masked_address(url: str, names: frozenset[str]) -> str:
    """Return an address without its host, escapes undone, names replaced."""
    parts = urlsplit(url)
    path = unquote(parts.path) + (f"?{unquote(parts.query)}" if parts.query else "")
    return _without(path.replace("_", "-"), names) if names else path


def words_of(names: Iterable[str]) -> frozenset[str]:
    """Return the words to mask, without accents and genitives: all of two letters and more."""
    bare = (plain(name).removesuffix("’s").removesuffix("'s").strip(".'’") for name in names)
    return frozenset(name for name in bare if len(name) > 1)


def _without(text: str, names: frozenset[str]) -> str:
    pattern, composed, at = _pattern(names), unicodedata.normalize("NFC", text), 0
    if pattern is None:
        return text
    parts: list[str] = []
    for found in pattern.finditer(plain(text)):
        parts += [composed[at : found.start()], str(MASK)]
        at = found.end()
    return "".join([*parts, composed[at:]]) if parts else text
