"""Dates of birth: a full date beside words about being born, and about whom they are said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from auditbot.check.personal_data.contact import PersonalData
from auditbot.check.surnames.lexicon import brands, common_words, forenames, known_words, places, usual_forenames

# Whether words hold a forename.

_CAPITALISED = re.compile(r"(?<![\w'’-])[A-Z][a-zà-ÿ]{1,20}(?![a-z])")
_NO_FORENAMES = frozenset(["april", "may", "june", "july", "august", "summer", "autumn", "will", "dawn"])


def holds_forename(words: str, known: frozenset[str] | None = None) -> bool:
    """Whether a capitalised word is a forename (of ``known``) that is hardly anything else, or no known word at all."""
    known = forenames() if known is None else known
    for word in _CAPITALISED.findall(words):
        low = word.lower()
        if low in _NO_FORENAMES or low in brands() or (low in common_words() and low not in usual_forenames()):
            continue
        if low in known or not (low in known_words() or low in places()):
            return True
    return False


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = (
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s(?:of\s)?|[-./])"
    rf"(?P<month>\d{{1,2}}|{_MONTH})\.?(?:,?\s|[-./])(?P<year>\d{{4}}|'?\d{{2}})(?!\d)"
)
_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
_US = rf"(?P<us_month>{_MONTH})\.?\s(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<us_year>\d{{4}})(?!\d)"
_ANY_DATE = rf"(?:{_DAY}|{_ISO}|{_US})"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?"
_BIRTH = re.compile(
    r"\b(?:(?P<word>d\.?\s?o\.?\s?b\.?|date\s+of\s+birth|birth\s?date|birthday|born)(?!\w)"
    r"|(?:turns?|turned|turning|(?:will|is\s+going\s+to)\s+be)\s+(?P<age>\d{1,2})(?:\s+years?(?:\s+old)?)?(?!\w))"
    rf"[\s:=,;–(-]{{0,4}}(?P<between>(?:\w+[!,]?\s){{0,3}}?(?:on\s|is\s|was\s)?{_WEEKDAY}[(–-]?)(?P<date>{_ANY_DATE})",
    re.IGNORECASE,
)
_EARLIEST = 1930
"""Whoever was born before is history to an infant school."""
_CHILD_SINCE = 2008
_OLDEST_PUPIL = 18
"""Who turns older is no child; mostly a building or a society."""
_BEFORE, _AFTER = 80, 30
_END = re.compile(r"[.!?…]\s+|\n")
_LIMIT = re.compile(
    r"\b(?:between|before|after|from|since|until|till|to|by|than|whether)\s(?:the\s)?" + _WEEKDAY + r"$", re.IGNORECASE
)
"""A bound just before the date: "born on or before 31 August 2021" is a rule of admission."""
_RANGE = re.compile(
    r"\s*(?:(?:to|until|till|through|[-–—])\s*(?:the\s)?"
    + _WEEKDAY
    + r"(?:\d{1,2}(?:st|nd|rd|th)?(?:\s(?:of\s)?|[-./])"
    rf"(?:\d{{1,2}}[-./]\d|(?:{_MONTH})\b)|\d{{4}}-\d\d|(?:{_MONTH})\s\d)"
    r"|[,(]?\s*or\s(?:later|earlier|after|before|since|younger|older)\b|[,(]?\s*and\s(?:later|earlier|younger|older)\b"
    r"|[,(]?\s*(?:and\s)?onwards?\b)",
    re.IGNORECASE,
)
_ARE = r"(?:\s(?:who|that))?(?:\s(?:is|are|was|were|has been|have been))?(?:\s(?:all|both|also))?\s*$"
_ADMISSION = re.compile(
    r"(?:(?<!\bmy\s)(?<!\bour\s)\b(?:children|pupils|boys|girls|toddlers|infants|students|those|anyone|everyone|people)"
    rf"|\b(?:your|a|any|every|each)\s(?:\w+\s)?child){_ARE}",
    re.IGNORECASE,
)
"""A whole age group, or whoever reads it."""
_WHOEVER = re.compile(
    r"\b(?:they|you|who|we|it|building|hall|school|nursery|club|church|library|pta|society)\s*$", re.IGNORECASE
)
_OF_THE_SCHOOL = re.compile(
    r"\b(?:school|nursery|club|church|library|pta|nhs|society|king|queen|hall)['’]?s?['’]?(?:\s\d{1,3}(?:st|nd|rd|th))?\s*$",
    re.IGNORECASE,
)
_ANIMAL = (
    r"\b(?:chicks?|chickens?|hens?|ducklings?|ducks?|goslings?|lambs?|sheep|kittens?|cats?|pupp(?:y|ies)|dogs?|calf|calves|"
    r"foals?|pon(?:y|ies)|piglets?|goats?|rabbits?|bunn(?:y|ies)|hamsters?|gerbils?|guinea\spigs?|tadpoles?|froglets?|"
    r"butterfl(?:y|ies)|caterpillars?|snails?|owls?|owlets?|penguins?|elephants?|giraffes?|tigers?|lions?|cubs?|pandas?)\b"
)
_OF_ANIMALS = re.compile(rf"{_ANIMAL},?{_ARE}", re.IGNORECASE)
_OF_OTHERS = re.compile(
    rf"{_ANIMAL}|\b(?:famous|histor\w+|author|artist|painter|poet|composer|singer|scientist|inventor|explorer|astronaut|"
    r"footballer|athlete|olympi\w+|paralympi\w+|president|prime\sminister|majesty|royal\w*)\b"
    r"|\b(?-i:King|Queen|Prince|Princess|Duke|Duchess|Lord|Lady|Sir)\s",
    re.IGNORECASE,
)
"""Animals, royals and people whom children meet in lessons: their birthdays are no secret, so a person looks."""
_PARTY = re.compile(
    r"\b(?:part(?:y|ies)|disco|assembl\w+|treats?|cards?|cakes?|lunch|tea|celebrat\w+|club|books?)\b", re.IGNORECASE
)


def find_births(text: str) -> Iterator[PersonalData]:
    """Yield dates of birth with their introducing words.

    Left out are years before 1930, impossible dates, bounds and ranges of admission, and birthdays of animals.
    "Born" and "birthday" are certain only beside a forename; "date of birth" says it by itself.
    """
    for match in _BIRTH.finditer(text):
        day = _date(match)
        if day is None or day.year < _EARLIEST or _LIMIT.search(match["between"]) or _RANGE.match(text, match.end()):
            continue
        before = _END.split(text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        after = _END.split(text[match.end() : match.end() + _AFTER], maxsplit=1)[0]
        score = _score(match, day, before, after)
        if score:
            yield PersonalData(
                "date_of_birth", match.start(), match.end(), score, "A full date beside words about birth."
            )


def _score(match: re.Match[str], day: date, before: str, after: str) -> float:
    """Return how certain it is, 0 where it is nobody's date of birth."""
    word = (match["word"] or "").lower()
    if word not in {"born", "birthday", ""}:
        return 0.95
    born = day.year - int(match["age"] or 0)
    if _ADMISSION.search(before) or (_OF_ANIMALS.search(before) and not holds_forename(before)):
        return 0
    if (match["age"] and (int(match["age"]) > _OLDEST_PUPIL or _WHOEVER.search(before))) or (
        word == "birthday" and _OF_THE_SCHOOL.search(before)
    ):
        return 0
    named = holds_forename(f"{before} {match['between']}", forenames()) or holds_forename(after, usual_forenames())
    doubtful = (
        born < _CHILD_SINCE or _OF_OTHERS.search(before) or (word == "birthday" and _PARTY.search(match["between"]))
    )
    return 0.5 if doubtful else 0.95 if named else 0.6


def _date(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["us_year"]:
            return date(int(match["us_year"]), _MONTHS[match["us_month"].lower()], int(match["us_day"]))
        month = match["month"].lower()
        return date(_year(match["year"]), _MONTHS.get(month) or int(month), int(match["day"]))
    except ValueError:
        return None


def _year(written: str) -> int:
    number = int(written.lstrip("'"))
    if len(written.lstrip("'")) == 4:
        return number
    return 2000 + number if number < 50 else 1900 + number
