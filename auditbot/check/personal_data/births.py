"""Dates of birth: a full date beside words about being born."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from auditbot.check.personal_data.values import PersonalData

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
_DATE = (
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s(?:of\s)?|[-./])"
    rf"(?P<month>\d{{1,2}}|{_MONTH})\.?(?:,?\s|[-./])(?P<year>\d{{4}}|'?\d{{2}})(?!\d)"
)
_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
_US = rf"(?P<us_month>{_MONTH})\.?\s(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<us_year>\d{{4}})(?!\d)"
_BIRTH = re.compile(
    r"\b(?P<word>d\.?\s?o\.?\s?b\.?|date\s+of\s+birth|birth\s?date|birthday|born)(?!\w)[\s:=,;–-]{0,4}"
    rf"(?:\w+\s){{0,3}}?(?:on\s|is\s|was\s)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?(?:{_DATE}|{_ISO}|{_US})",
    re.IGNORECASE,
)
_EARLIEST = 1930
"""Whoever was born before is history to an infant school."""
_CHILD_SINCE = 2008


def find_births(text: str) -> Iterator[PersonalData]:
    """Yield dates of birth with their introducing words; years before 1930 and impossible dates are left out."""
    for match in _BIRTH.finditer(text):
        day = _date(match)
        if day is None or day.year < _EARLIEST:
            continue
        recent = day.year >= _CHILD_SINCE
        explicit = match["word"].lower() not in {"born", "birthday"}
        score = 0.95 if recent or explicit else 0.5
        yield PersonalData("date_of_birth", match.start(), match.end(), score, "A full date beside words about birth.")


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
