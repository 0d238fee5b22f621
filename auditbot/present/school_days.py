"""Deadlines in school days. Without the school's terms, Monday to Friday counts, and the report says so."""

from __future__ import annotations

from datetime import date, timedelta

from auditbot.model import Severity

WEEK = 5
"""School days within which a finding of severity "week" is due."""


def school_day(day: date) -> date:
    """Return ``day``, or the Monday after it if it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def add_school_days(day: date, count: int) -> date:
    """Return the date ``count`` school days after ``day`` (or after the Monday that follows, if it is a weekend)."""
    day = school_day(day)
    for _ in range(count):
        day = school_day(day + timedelta(days=1))
    return day


def due(severity: Severity, found: date) -> date | None:
    """Return until when a finding first seen on ``found`` is due; None for governance, which has no fixed day."""
    if severity == "today":
        return school_day(found)
    if severity == "week":
        return add_school_days(found, WEEK)
    return None
