"""Dates of birth and homes that no pattern knows: found by what the words around them mean, and always for a person."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from auditbot.check.meaning.passages import spans_of
from auditbot.check.meaning.reader import limits
from auditbot.check.meaning.tagged import Tagged, number_at, tagged
from auditbot.check.personal_data.births import is_dated_heading, is_nobodys_birth, says_another_day, says_birth
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
_MORE_IN_PAPERS = 0.4
"""How much surer the model has to be of a home in such a paper."""
_SURE = 3.5
"""Score from which the model is believed in a short text, whatever other words such as "trip" or "shop" stand beside a
day or an address: 9 more of 100 births of authors left out and 3 more homes are found so, as rightly (2026-11-30)."""
_OF_AN_ADULT = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev|Sir|Coach|Nurse)\.?\s(?:[A-Z]\.?\s)?[A-Z][\w'’-]+(?:,?\s(?:who\s)?(?:is|was|turns|turned)|[\s,:(–—-])*\s?$"
)
"""Somebody by title right before a day: no child."""
_GROWN_UP = re.compile(r"(?<![\d./'’-])(?:3[2-9]|[4-9]\d|1\d\d)(?![\d./'’-])(?!\s?(?:cm|lbs?|oz|kg|weeks|days|months))")
"""An age of adults, where no month stands beside it."""
_MONTH = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\d|\b(?:\w*(?:first|second|third|fifth|ninth|twelfth|twentieth|\dth|teenth)|fourth|sixth|seventh|eighth|tenth"
    r"|eleventh|one|two|three|four|five|six|seven|eight|nine|ten|eleven)\b",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(r"(?<!\d)1[0-9]\d\d(?!\d)|\d\s?(?:BC|AD)\b")
"""A year before that of any child."""
_FIXTURE = re.compile(r"\((?:[HA]|[Hh]ome|[Aa]way)\)|\b(?:v|vs)\b")
"""Said beside the day of a match."""
_OF_HOSPITAL = 12
"""Characters after a place in which its last word may stand."""
_HOSPITAL = re.compile(
    r"\b(?:Royal|General|Infirmary|Hospital|Maternity|[Ww]ard|[Bb]irth(?:ing)?\s(?:[Cc]entre|[Uu]nit))\b"
)
_DWELLING = re.compile(
    r"[A-Z]|\d\s?[a-z]|\b(?:house|flats?|cottages?|bungalow|barn|farm\w*|caravan|boat|barge|lodge|vicarage|tower|block|"
    r"estate|street|road|lane|avenue|close|row|terrace|mews|place|door|floor|pub|shop|next|opposite|above|over|behind|corner)\b"
)
"""What words that tell of a home hold, be it no more than a kind of dwelling."""
_LIKELY_HOME, _PLACE = 1.5, re.compile(r"\d|\b[A-Z]\w")
"""Score from which words tell of a home that hold no number and no name."""
_HEADING_BEFORE = 600
"""Characters before a day in which a heading may stand."""
_OF_BIRTHDAYS = re.compile(r"\b(?:births?|birthdays?|b'?days?|born|d\.?o\.?b)\b", re.IGNORECASE)
_BIRTH = say("Words that seem to tell when somebody was born.")
_HOME = say("Words that seem to tell where somebody lives.")


def find_meant(
    text: str, own: OwnContacts, found: Sequence[PersonalData], known: Sequence[PersonalData], today: date
) -> Iterator[PersonalData]:
    """Yield births and homes beside those in ``known``, which is what is left of what patterns ``found``.

    The school's own postcode tells of no home. ``today`` is the day of reading.
    """
    births, homes = ([one for one in known if one.kind in kinds] for kinds in (_OF_BIRTHS, _OF_HOMES))
    mine = {_plain(code) for code in own.postcodes}
    for place in tagged(text, "birth"):
        if not _is_another_day(text, place, today):
            yield from _beside(text, place, "date_of_birth", births)
    private = {one.start for one in homes}
    spoken_against = [one for one in found if one.kind in _OF_HOMES and one.start not in private]
    phones = [one for one in found if one.kind == "phone"]
    least = limits().tags["home"] + (_MORE_IN_PAPERS if _is_paper(text) else 0)
    for place in tagged(text, "home"):
        holds = _DWELLING if place.score >= _LIKELY_HOME else _PLACE
        named = holds.search(text, place.start, place.end) is not None
        if place.score <= least or not named or _overlaps(phones, place) or _is_no_home(text, place, spoken_against):
            continue
        words = text[max(0, place.start - _OF_NUMBER) : place.end].casefold()
        if any(known_to_all in words for known_to_all in WELL_KNOWN):
            continue
        if mine.isdisjoint(map(_plain, postcodes_in(text[place.start : place.end]))):
            yield from _beside(text, place, "postal_address", homes)


def _is_no_home(text: str, place: Tagged, spoken_against: Sequence[PersonalData]) -> bool:
    """Whether a pattern knows an address there, or in a paper's sentence, and words around it speak against a home."""
    if _is_paper(text):
        number = number_at(text, place.start)
        return any(number_at(text, one.start) == number for one in spoken_against)
    if _HOSPITAL.search(text, place.start, place.end + _OF_HOSPITAL):
        return True
    return place.score < _SURE and _overlaps(spoken_against, place)


def _is_paper(text: str) -> bool:
    return len(spans_of(text)) >= _LONG


def _beside(text: str, place: Tagged, kind: Kind, known: Sequence[PersonalData]) -> Iterator[PersonalData]:
    if not _overlaps(known, place) and _SAYS_SOMETHING.search(text, place.start, place.end):
        yield PersonalData(kind, place.start, place.end, SCORE, _BIRTH if kind == "date_of_birth" else _HOME)


def _overlaps(known: Sequence[PersonalData], place: Tagged) -> bool:
    following = bisect_left(known, place.end, key=lambda one: one.start)
    return any(place.start < one.end for one in known[max(0, following - 2) : following])


def _is_another_day(text: str, place: Tagged, today: date) -> bool:
    """A day of the last two years where nobody is newly born, that of a heading, one of many in a row, one in a paper
    that speaks of no birth, or one beside words such as "signed" or "trip"."""
    number = number_at(text, place.start)
    span = spans_of(text)[number] if number is not None else None
    sentence = text[span.start : span.end] if span is not None else text[place.start : place.end]
    if is_nobodys_birth(sentence) or _is_no_childs(text, place):
        return True
    if says_birth(sentence):
        return False
    if span is not None and is_dated_heading(text[span.start : place.start]):
        return True
    if _lately(text[max(0, place.start - 2) : place.end + 6], today):
        return True
    if place.score >= _SURE and not _is_paper(text):
        return False
    many = len(_DAYS.findall(sentence)) > _MOST_DAYS
    before = text[max(0, place.start - _HEADING_BEFORE) : place.start]
    nobody = _is_paper(text) and _OF_BIRTHDAYS.search(before) is None
    return many or nobody or says_another_day(sentence)


def _is_no_childs(text: str, place: Tagged) -> bool:
    """An adult stands right before the day, an age is an adult's, a year is of long ago, or a match is played."""
    words = text[place.start : place.end]
    if _OF_AN_ADULT.search(text, max(0, place.start - 40), place.start):
        return True
    if _LONG_AGO.search(text, place.start, place.end) or _FIXTURE.search(text, max(0, place.start - 5), place.end + 3):
        return True
    month = _MONTH.search(words)
    return _NUMBERED.search(words) is None if month else _GROWN_UP.search(words) is not None


def _lately(words: str, today: date) -> bool:
    return any(str(year) in words for year in (today.year - 1, today.year, today.year + 1))


def _plain(code: str) -> str:
    return "".join(code.split()).upper()
