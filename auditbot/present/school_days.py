"""Deadlines in school days: a week's by the school's own days, today's by Monday to Friday, in the holidays too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from auditbot.decisions.decided import next_school_day, weekday
from auditbot.model import Severity

WEEK = 5
"""School days within which a finding of severity "week" is due."""


def add_school_days(day: date, count: int, school_day: Callable[[date], bool] = weekday) -> date:
    """Return the date ``count`` school days after ``day`` (or after the first one that follows, if it is none)."""
    if not school_day(day):
        day = next_school_day(day, school_day)
    for _ in range(count):
        day = next_school_day(day, school_day)
    return day


def due(severity: Severity, found: date, school_day: Callable[[date], bool] = weekday) -> date | None:
    """Return until when a finding first seen on ``found`` is due; None for governance, which has no fixed day.

    What is for today is due today in the holidays too: whoever is on call is told.
    """
    if severity == "today":
        return add_school_days(found, 0)
    if severity == "week":
        return add_school_days(found, WEEK, school_day)
    return None
