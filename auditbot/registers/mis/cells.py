"""One cell of an export as the register writes it. What is not known is refused with a reason and never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from auditbot.registers.mis.headings import YEARS, folded, meaning_of_words, read_data, words_of
from auditbot.registers.people import CHANNELS

_ANSWERS = read_data("answers.toml")
_SAID = {word: said for said in ("yes", "no", "not_recorded") for word in _ANSWERS[said]}
_SENTENCE = {name: frozenset(words) for name, words in _ANSWERS["sentence"].items()}
_YEARS = read_data("years.toml")
YEAR_GROUPS: Mapping[str, str] = {
    **{written: group for group, names in _YEARS["year_groups"].items() for written in names},
    **{
        f"{before}{number}": str(number)
        for number in range(1, 14)
        for before in ("", "0", "y", "y0", "yr", "year", "ncyear")
    },
}
FIRST_NURSERY_YEAR = frozenset(_YEARS["first_nursery_year"])
BLANK = frozenset(["", "☐", "-", "–", "—"])
TICKS, CROSSES = frozenset("✓✔☑✅√"), frozenset("✗✘❌✖❎")
CROSS = ("x", "×", "☒")
"""A mark that is a tick in one list and a cross in another: a cross where other cells of its column are ticked."""
MARKS = frozenset([*CROSS, *"*•●■/\\+#"])
"""Marks without letters by which a whole column may say something; of other signs each cell is asked about."""
SERIALS = range(20_000, 80_000)
"""Days since 30 December 1899, as Excel counts: from 1954 to 2119."""
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH_FIRST = "is no date with the day first; is it written the American way? Export dates as dd/mm/yyyy"
NO_DATE = "is no date; write it like 03/09/2026 or 2026-09-03"
TIME = re.compile(
    r"[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([AaPp])\.?[Mm]\.?)?(?: ?(?:Z|GMT|BST|UTC)\S*)?$"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a cell with an answer says."""

    said: str
    """yes, no or not_recorded."""
    on: str = ""
    """The day that it names, as 2026-09-01; empty if it names none."""


class Unclear(ValueError):
    """A cell that says something, but not plainly yes or no: a person decides what it means."""


def answer(text: str) -> Told:
    """Return what a cell says. Raises Unclear for a sentence that says more or less than yes or no."""
    stripped = text.strip()
    if stripped in BLANK:
        return Told("not_recorded")
    if folded(stripped) in _ANSWERS["nothing"]:
        return Told("not_recorded")
    letters = set(stripped.replace("\ufe0f", ""))
    if letters <= TICKS:
        return Told("yes")
    if letters <= CROSSES:
        return Told("no")
    bare, on = _without_day(stripped)
    key = folded(bare)
    plain = key and not re.search(r"[^\w\s'’-]", bare.rstrip(".!"))
    said = _SAID.get(key, "") if plain else ""
    said = said or (_sentence(bare) if plain or "," in bare else "")
    if not said:
        raise Unclear(text)
    return Told(said, on)


def _without_day(text: str) -> tuple[str, str]:
    """Return an answer without the day that stands behind it, and that day: "Withdrawn 03/10/2026"."""
    found = re.fullmatch(r"(?P<said>[A-Za-z' ]+?)[\s:,(–-]+(?:on |from |since )?(?P<day>\d[\d/.\-]{5,9}\d)\)?", text)
    if found is None:
        return text, ""
    try:
        return found["said"], day(found["day"])
    except ValueError:
        return text, ""


def _sentence(text: str) -> str:
    """Return what a whole sentence says if every word of it says the same; empty if it may say more.

    "Yes, I give my permission" and "I do not give permission" are plain. A condition, an exception, a place, or a word
    that is not known is not.
    """
    words = set(words_of(text))
    agrees, refuses = words & _SENTENCE["agrees"], words & _SENTENCE["refuses"]
    if words - _SENTENCE["agrees"] - _SENTENCE["refuses"] - _SENTENCE["fill"] or len(words) < 2:
        return ""
    first = re.findall(r"[a-z]+", text.casefold().replace("'", "").replace("’", ""))[0]
    if refuses and not words & _SENTENCE["twice"] and not (words & {"yes"}) and (first == "no" or agrees):
        return "no"
    return "yes" if agrees and not refuses and not words & _SENTENCE["twice"] else ""


def is_list_of_ticks(cells: Sequence[str]) -> bool:
    """Return True if cells hold lists of places, as forms write boxes that were ticked: "Website; Newsletter;"."""
    held = [cell for cell in cells if cell]
    if not held:
        return False
    understood = [ticked(cell) for cell in held]
    places = [each for each in understood if each]
    return bool(places) and sum(each is not None for each in understood) * 2 >= len(held)


def ticked(cell: str) -> frozenset[str] | None:
    """Return the kinds of publication that a list of ticked boxes names, none for a refusal; None if it says more."""
    if folded(cell) not in _ANSWERS["none_of_these"]:
        try:
            return frozenset() if answer(cell).said == "no" else None
        except Unclear:
            pass
    items = [part.strip(" .") for part in re.split(r"[;,\n|•]|(?<=\w) (?:and|&) (?=\w)", cell) if part.strip(" .")]
    if items and all(folded(item) in _ANSWERS["none_of_these"] for item in items):
        return frozenset()
    named = set()
    for item in items:
        meant = meaning_of_words(item)
        if meant not in CHANNELS:
            return None
        named.add(meant)
    return frozenset(named) or None


def statement(text: str) -> str:
    """Return yes, no or an empty text. Raises ValueError for any other value."""
    said = answer(text).said
    if said == "not_recorded" and text.strip() not in BLANK:
        raise Unclear(text)
    return "" if said == "not_recorded" else said


def name_use(text: str) -> str:
    """Return none, first or an empty text. Raises ValueError for any other value, so for a full name too."""
    key = folded(text)
    if key in _ANSWERS["no_name"]:
        return "none"
    if key in _ANSWERS["first_name"]:
        return "first"
    if key:
        raise ValueError("says neither that no name nor that the first name may be used")
    return ""


def moment(text: str, month_first: bool = False) -> str:
    """Return a day with its time, as 2026-09-01 10:22:00, that sorts as it happened; without a time the day alone."""
    found = TIME.search(text.strip())
    on = day(text, month_first)
    if not on or not found:
        return on
    hour = int(found[1]) % 12 + (12 if found[4] and found[4].lower() == "p" else 0) if found[4] else int(found[1])
    return f"{on} {hour:02}:{found[2]}:{found[3] or '00'}"


def month_comes_first(cells: Sequence[str], at_least: int = 1) -> bool:
    """Return True if a column of days can only be read with the month first, as American systems write it.

    ``at_least`` so many of its cells, and one in four, must say so: a single one may be mistyped.
    """
    parts = [found for cell in cells if (found := re.match(r"(\d{1,2})/(\d{1,2})/\d{2,4}\b", cell, re.ASCII))]
    sure = sum(int(each[2]) > 12 for each in parts)
    return sure >= at_least and sure * 4 >= len(parts) and all(int(each[1]) <= 12 for each in parts)


def day(text: str, month_first: bool = False) -> str:
    """Return a date as 2026-09-01; empty stays empty. Raises ValueError with what is wrong, not with what it holds."""
    bare = TIME.sub("", text.strip())
    if not bare:
        return ""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare, re.ASCII):
        year, month, number = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", bare, re.ASCII):
        number, month, year = (int(part) for part in found.groups())
        if month_first:
            number, month = month, number
        elif month > 12 >= number:
            raise ValueError(MONTH_FIRST)
    elif found := re.fullmatch(
        r"(?:[A-Za-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[- ]([A-Za-z]{3,9})\.?,?[- ](\d{4}|\d{2})", bare
    ):
        number, year = int(found[1]), int(found[3])
        month = _month(found[2])
    elif found := re.fullmatch(r"(?:[A-Za-z]+,? )??([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", bare):
        number, year = int(found[2]), int(found[3])
        month = _month(found[1])
    elif (found := re.fullmatch(r"(20\d\d)(0[1-9]|1[0-2])([0-3]\d)", bare, re.ASCII)) is not None:
        year, month, number = (int(part) for part in found.groups())
    elif re.fullmatch(r"\d{5}(\.\d+)?", bare, re.ASCII) and int(float(bare)) in SERIALS:
        return (date(1899, 12, 30) + timedelta(days=int(float(bare)))).isoformat()
    else:
        raise ValueError(NO_DATE)
    try:
        read = date(year + 2000 if year < 100 else year, month, number)
    except ValueError as error:
        raise ValueError(NO_DATE) from error
    if not 1900 <= read.year < 2200:
        raise ValueError(NO_DATE)
    return read.isoformat()


def _month(name: str) -> int:
    full = [datetime(2000, number, 1).strftime("%B").lower() for number in range(1, 13)]
    key = name.lower()
    for number, (short, long) in enumerate(zip(MONTHS, full, strict=True), 1):
        if key in (short, long, "sept" if short == "sep" else short):
            return number
    raise ValueError(NO_DATE)


def class_name(text: str) -> str:
    """Return the name of a class; a mixed-age class "1/2" that Excel took for a day is brought back."""
    if found := re.fullmatch(r"20\d\d-(0[1-9]|1[0-3])-(0[1-9]|1[0-3])", text):
        return f"{int(found[2])}/{int(found[1])}"
    if (found := re.fullmatch(r"(\d{1,2})-([A-Z][a-z]{2})", text)) and found[2].lower() in MONTHS:
        return f"{int(found[1])}/{MONTHS.index(found[2].lower()) + 1}"
    return text


def year_group(text: str, first_nursery_year: str = "") -> str:
    """Return the year group as the register writes it; one that is not known stays as it is.

    FS1 is a nursery year, and only the school knows which: raises ValueError unless it is given.
    """
    key = folded(text)
    if key in FIRST_NURSERY_YEAR:
        if not first_nursery_year:
            raise ValueError(
                'FS1 may be the first or the second nursery year; say which with --map "FS1=N1" or --map "FS1=N2"'
            )
        return first_nursery_year
    if re.search(r"\d\D+\d", text) and not YEARS.search(text):
        return class_name(text)
    return YEAR_GROUPS.get(key, text)
