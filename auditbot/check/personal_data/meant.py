"""Dates of birth and homes that no pattern knows: found by what the words around them mean, and always for a person."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from auditbot.check.meaning.passages import spans_of
from auditbot.check.meaning.tagged import Tagged, number_at, tagged
from auditbot.check.personal_data.births import is_nobodys_birth, says_another_day, says_birth
from auditbot.check.personal_data.contact import WELL_KNOWN, Kind, OwnContacts, PersonalData, postcodes_in
from auditbot.sentences import say

SCORE = 0.6
"""Of what the meaning alone tells."""
_OF_NUMBER = 5
"""Characters of a house's number and the blank behind it."""
_OF_BIRTHS, _OF_HOMES = frozenset({"date_of_birth"}), frozenset({"postal_address", "postcode"})
_SAYS_SOMETHING = re.compile(r"(?=.*\w\W+\w|.*\d)(?:\w\W*){4}", re.DOTALL)
_DAYS = re.compile(r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\b")
_MOST_DAYS = 2
"""Days in figures in a sentence or row; more are meetings or terms, if no word speaks of births."""
_LONG = 8
"""Sentences from which a text is a paper, whose days are meetings unless its sentence or a heading speaks of births: of
144 days told in a real school's documents hardly one was a birth (2026-11-30)."""
_HEADING_BEFORE = 600
"""Characters before a day in which a heading may stand."""
_OF_BIRTHDAYS = re.compile(r"\b(?:births?|birthdays?|b'?days?|born|d\.?o\.?b)\b", re.IGNORECASE)
_BIRTH = say("Words that seem to tell when somebody was born.")
_HOME = say("Words that seem to tell where somebody lives.")


def find_meant(
    text: str, own: OwnContacts, found: Sequence[PersonalData], known: Sequence[PersonalData]
) -> Iterator[PersonalData]:
    """Yield births and homes beside those in ``known``, which is what is left of what patterns ``found``.

    The school's own postcode tells of no home.
    """
    births, homes = ([one for one in known if one.kind in kinds] for kinds in (_OF_BIRTHS, _OF_HOMES))
    mine = {_plain(code) for code in own.postcodes}
    for place in tagged(text, "birth"):
        if not _is_another_day(text, place):
            yield from _beside(text, place, "date_of_birth", births)
    known_to_patterns = {number_at(text, one.start) for one in found if one.kind in _OF_HOMES}
    for place in tagged(text, "home"):
        number = number_at(text, place.start)
        if number in known_to_patterns and not _overlaps(homes, place):
            continue  # a pattern knows an address there, and the words around it spoke against a home
        words = text[max(0, place.start - _OF_NUMBER) : place.end].casefold()
        if any(known_to_all in words for known_to_all in WELL_KNOWN):
            continue
        if mine.isdisjoint(map(_plain, postcodes_in(text[place.start : place.end]))):
            yield from _beside(text, place, "postal_address", homes)


def _beside(text: str, place: Tagged, kind: Kind, known: Sequence[PersonalData]) -> Iterator[PersonalData]:
    if not _overlaps(known, place) and _SAYS_SOMETHING.search(text, place.start, place.end):
        yield PersonalData(kind, place.start, place.end, SCORE, _BIRTH if kind == "date_of_birth" else _HOME)


def _overlaps(known: Sequence[PersonalData], place: Tagged) -> bool:
    following = bisect_left(known, place.end, key=lambda one: one.start)
    return any(place.start < one.end for one in known[max(0, following - 2) : following])


def _is_another_day(text: str, place: Tagged) -> bool:
    """A day of the last two years where nobody is newly born, one of many in a row, one in a paper that speaks of no
    birth, or one beside words such as "signed" or "trip"."""
    number = number_at(text, place.start)
    span = spans_of(text)[number] if number is not None else None
    sentence = text[span.start : span.end] if span is not None else text[place.start : place.end]
    if is_nobodys_birth(sentence):
        return True
    if says_birth(sentence):
        return False
    many = len(_DAYS.findall(sentence)) > _MOST_DAYS
    before = text[max(0, place.start - _HEADING_BEFORE) : place.start]
    nobody = len(spans_of(text)) >= _LONG and _OF_BIRTHDAYS.search(before) is None
    return many or nobody or says_another_day(sentence) or _lately(text[max(0, place.start - 2) : place.end + 6])


def _lately(words: str) -> bool:
    this_year = date.today().year
    return any(str(year) in words for year in (this_year - 1, this_year, this_year + 1))


def _plain(code: str) -> str:
    return "".join(code.split()).upper()
