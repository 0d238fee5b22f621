"""Figures over weeks: found, decided, gone, and how long it took. Counts only: no pupil, no post, no kind by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from auditbot.decisions.event import LEAVES_UP, Action, Event
from auditbot.sentences import _, say

WEEKS = 8
SMALL = 5
"""Counts below this are not shown to governors: a small number can point at a child."""
DECISIONS = (Action.DOWN, Action.REFER, *LEAVES_UP)
"""What counts as decided: that it comes down, that it stays, or that it was taken to somebody else."""


@dataclass(frozen=True, slots=True)
class Life:
    """The life of one finding."""

    first_seen: datetime
    """When an audit first derived it."""
    gone_at: datetime | None
    """When it was proved gone, or None."""
    clause: str = ""
    """The clause of the policy that it is about."""


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


@dataclass(frozen=True, slots=True)
class Alarms:
    """How one clause's findings were decided: the reason to trust it, or to tune it."""

    clause: str
    """Its id and what it asks for."""
    decided: int
    """Steps that decided something."""
    left_up: int
    """Those that left something up."""
    per_100_posts: float
    """Those that left something up, for every 100 posts looked at; 0 without posts."""


def alarms(events: Sequence[Event], since: datetime, posts: int, titles: Mapping[str, str]) -> tuple[Alarms, ...]:
    """Return one line a clause that was decided since ``since``, most left up first."""
    taken_back = {event.draft.about for event in events if event.action is Action.UNDO}
    steps = {
        event.batch: event
        for event in events
        if event.action in DECISIONS and event.batch not in taken_back and event.at >= since and event.draft.rule
    }
    decided = Counter(step.draft.rule for step in steps.values())
    left_up = Counter(step.draft.rule for step in steps.values() if step.action in LEAVES_UP)
    lines = [
        Alarms(
            f"{clause}: {titles[clause]}" if clause in titles else clause,
            count,
            left_up[clause],
            round(100 * left_up[clause] / posts, 1) if posts else 0.0,
        )
        for clause, count in decided.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.left_up, line.clause)))


def _in_week(at: datetime, monday: date, zone: ZoneInfo) -> bool:
    return monday <= at.astimezone(zone).date() < monday + timedelta(weeks=1)


def suppressed(count: int) -> str:
    """Return a count as governors see it. No totals stand beside it, from which it could be worked out."""
    return _("under %(count)s", count=SMALL) if 0 < count < SMALL else str(count)


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause of the policy in one month, as governors see it."""

    clause: str
    """Its id and what it asks for."""
    found: str
    """Findings that were new, or that the number is too small to be told."""
    gone: str
    """Findings proved gone, likewise."""


HIDDEN = say("under %(count)s, or kept back", count=SMALL)
"""Stands for a small count, and for a sum that would tell something of one."""


def of_month(lives: Iterable[Life], first: date, zone: ZoneInfo, titles: Mapping[str, str]) -> tuple[ClauseLine, ...]:
    """Return one line a clause and one for all, without any count that is small or by which a small one is known."""
    after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    lives = list(lives)
    clauses = sorted({one.clause for one in lives} | set(titles))

    def within(at: datetime | None) -> bool:
        return at is not None and first <= at.astimezone(zone).date() < after

    found = [sum(one.clause == clause and within(one.first_seen) for one in lives) for clause in clauses]
    gone = [sum(one.clause == clause and within(one.gone_at) for one in lives) for clause in clauses]
    names = [f"{clause}: {titles[clause]}" if clause in titles else clause for clause in clauses]
    # The page of figures tells the weeks: where a month is four of them, both together would tell what each keeps back.
    weeks = range(4) if first.weekday() == 0 and after - first == timedelta(weeks=4) else ()
    mondays = [first + timedelta(weeks=number) for number in weeks]
    by_week = [
        [sum(at is not None and _in_week(at, monday, zone) for at in moments) for monday in mondays]
        for moments in ([one.first_seen for one in lives], [one.gone_at for one in lives])
    ]
    columns = [
        [HIDDEN] * (len(some) + 1) if weekly and _any_small([*weekly, *some]) else kept_back(some)
        for some, weekly in zip((found, gone), by_week, strict=True)
    ]
    lines = [ClauseLine(name, *told) for name, *told in zip((*names, _("All")), *columns, strict=True)]
    shown = [*(line for line, some, some_gone in zip(lines, found, gone, strict=False) if some or some_gone), lines[-1]]
    return tuple(shown)


def _any_small(counts: Iterable[int]) -> bool:
    return any(0 < count < SMALL for count in counts)


def kept_back(counts: Sequence[int]) -> list[str]:
    """Return a column with its sum: small counts are kept back, and the sum wherever it would tell anything of one.

    It tells nothing where each of them could still be any number from 1 to 4 beside some such numbers of the others.
    """
    small = [count for count in counts if 0 < count < SMALL]
    told = [HIDDEN if 0 < count < SMALL else str(count) for count in counts]
    most, others = SMALL - 1, len(small) - 1
    any_is_possible = others + most <= sum(small) <= others * most + 1
    return [*told, str(sum(counts)) if not small or any_is_possible else HIDDEN]
