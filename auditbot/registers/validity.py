"""How long a yes holds by the school's own rule: until leaving, for twelve months, or to the end of a key stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from auditbot.registers.consent import ConsentAnswer, History
from auditbot.registers.pupils import Pupil

ValidFor = Literal["until leaving", "year", "key stage"]
LAST_YEARS = (0, 2, 6, 9, 11, 99)
"""The last year of each key stage: Reception ends the early years, Year 2 key stage 1, and so on."""


def with_validity(history: History, pupils: Mapping[str, Pupil], valid_for: ValidFor, today: date) -> History:
    """Return the history with the last day on which each yes holds by the school's rule."""
    if valid_for == "until leaving":
        return history
    return {
        key: [
            replace(answer, valid_until=_valid_until(answer, pupils[key[0]], valid_for, today))
            if answer.answer
            else answer
            for answer in answers
        ]
        for key, answers in history.items()
    }


def _valid_until(answer: ConsentAnswer, pupil: Pupil, valid_for: ValidFor, today: date) -> date:
    """Return the last day of twelve months or of the key stage; twelve months too where no year group is known."""
    given = answer.effective_on
    year = {"N1": -2, "N2": -1, "NURSERY": -1, "R": 0}.get(pupil.year_group.upper())
    if year is None and pupil.year_group.isdecimal():
        year = int(pupil.year_group)
    if valid_for == "year" or year is None:
        a_year_later = given.replace(year=given.year + 1, day=28 if (given.month, given.day) == (2, 29) else given.day)
        return a_year_later - timedelta(days=1)
    known_on = min(today, pupil.left_on or today)
    year_then = year - (_school_year(known_on) - _school_year(given))
    last_year = next(last for last in LAST_YEARS if year_then <= last)
    return date(_school_year(given) + last_year - year_then + 1, 8, 31)


def _school_year(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1
