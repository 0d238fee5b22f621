"""Figures over weeks: found, decided, gone, and how long it took. Counts only: no pupil, no post, no kind by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from auditbot.decisions.event import LEAVES_UP, Action, Event

WEEKS = 8
SMALL = 5
"""Counts below this are not shown to governors: a small number can point at a child."""
DECISIONS = (Action.DOWN, *LEAVES_UP)


@dataclass(frozen=True, slots=True)
class Life:
    """The life of one finding."""

    first_seen: datetime
    """When an audit first derived it."""
    gone_at: datetime | None
    """When it was proved gone, or None."""


@dataclass(frozen=True, slots=True)
class Week:
    """What one week, Monday to Sunday, brought."""

    monday: date
    """Its first day."""
    found: int
    """Findings that were new."""
    decided: int
    """Steps that decided something."""
    gone: int
    """Findings proved gone."""
    set_aside: int
    """Steps that left something up: how often an alarm was false or harmless."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The newest weeks, oldest first, and how long it took until things were gone."""

    weeks: tuple[Week, ...]
    """The weeks."""
    median_hours: int | None
    """Half of what went was gone within so many hours; None if nothing went yet."""
    slow_hours: int | None
    """Nine of ten were gone within so many hours; None if fewer than ten went."""


def figures(lives: Iterable[Life], events: Sequence[Event], now: datetime, weeks: int = WEEKS) -> Figures:
    """Count by week in the zone of ``now``; what was taken back counts as never decided."""
    lives = list(lives)
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    taken_back = {event.draft.about for event in events if event.action is Action.UNDO}
    steps = {event.batch: event for event in events if event.action in DECISIONS and event.batch not in taken_back}
    this_monday = now.date() - timedelta(days=now.weekday())
    mondays = [this_monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    hours = sorted((one.gone_at - one.first_seen).total_seconds() / 3600 for one in lives if one.gone_at)
    return Figures(
        tuple(
            Week(
                monday,
                sum(_in_week(one.first_seen, monday, zone) for one in lives),
                sum(_in_week(step.at, monday, zone) for step in steps.values()),
                sum(one.gone_at is not None and _in_week(one.gone_at, monday, zone) for one in lives),
                sum(_in_week(step.at, monday, zone) for step in steps.values() if step.action in LEAVES_UP),
            )
            for monday in mondays
        ),
        round(median(hours)) if hours else None,
        round(quantiles(hours, n=10)[-1]) if len(hours) >= 10 else None,
    )


def _in_week(at: datetime, monday: date, zone: ZoneInfo) -> bool:
    return monday <= at.astimezone(zone).date() < monday + timedelta(weeks=1)


def suppressed(count: int) -> str:
    """Return a count as governors see it. No totals stand beside it, from which it could be worked out."""
    return f"under {SMALL}" if 0 < count < SMALL else str(count)
