"""Surnames of two or three letters that are broken up by signs, "A-s-h": only after the pupil's own forename."""

from __future__ import annotations

from collections.abc import Iterator, Set

from auditbot.check.surnames.roster import Roster
from auditbot.check.surnames.text import Words

_LONGEST_SIGNS = 3
_MOST_LETTERS = 3


def spelt_after_forenames(words: Words, roster: Roster, short: Set[str]) -> Iterator[tuple[int, int, str]]:
    """Yield first word, last word and letters of surnames among ``short`` that stand broken up after their forename."""
    for index, low in enumerate(words.low[:-2]):
        if len(words.low[index + 1]) >= _MOST_LETTERS or len(words.low[index + 2]) >= _MOST_LETTERS:
            continue
        called = roster.forenames.get(low) or roster.nicknames.get(low, ())
        found = _spelt(words, index + 1) if called else None
        if found is None or found[1] not in short:
            continue
        surname = roster.surnames.get(found[1])
        if surname is not None and not set(called).isdisjoint(surname.pupils):
            yield index + 1, found[0], found[1]


def _spelt(words: Words, first: int) -> tuple[int, str] | None:
    """The last word and the letters of pieces that one and the same sign, or blanks between single letters, parts."""
    sign, letters, last = words.gap_text(first), words.low[first], first
    blank = not sign.strip()
    if not sign or len(sign) > _LONGEST_SIGNS or any(mark in sign for mark in "\n'") or any(map(str.isalnum, sign)):
        return None
    while last + 1 < len(words.low) and words.gap_text(last) == sign and len(letters) <= _MOST_LETTERS:
        if blank and len(words.low[last + 1]) > 1:
            break
        last += 1
        letters += words.low[last]
    single = last - first + 1 == len(letters)
    whole = len(letters) <= _MOST_LETTERS and (single or not (blank or "." in sign or "," in sign))
    return (last, letters) if whole and (sign.strip() not in (",", ";", "/", "&", "+") or single) else None
