"""Squares: what one post looks like in the calendar, and how a month and a year are laid out of them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from auditbot.decisions.decided import State
from auditbot.model import Audit
from auditbot.review.casebook.cases import Case, decidable, of_records
from auditbot.sentences import Sentence, say


class Mark(StrEnum):
    """Where a post stands, what needs somebody first: the order in which one mark stands for many."""

    DECIDE = "decide"
    DOWN = "down"
    NOT_REACHED = "not_reached"
    GONE = "gone"
    NOTHING = "nothing"


SHAPES: Mapping[Mark, str] = {
    Mark.DECIDE: "▲",
    Mark.DOWN: "■",
    Mark.NOT_REACHED: "–",
    Mark.GONE: "✓",
    Mark.NOTHING: "○",
}
"""Never told by colour alone."""
WORDS: Mapping[Mark, Sentence] = {
    Mark.DECIDE: say("to decide"),
    Mark.DOWN: say("to come down"),
    Mark.NOT_REACHED: say("not reached"),
    Mark.GONE: say("proved gone"),
    Mark.NOTHING: say("nothing found"),
}
EDITORS_WORDS: Mapping[Mark, Sentence] = {
    Mark.DOWN: say("you were asked to take something down"),
    Mark.NOT_REACHED: say("not reached"),
    Mark.GONE: say("taken down"),
    Mark.NOTHING: say("you were asked for nothing"),
}
"""An editor is told what was asked, never what was found."""
_TO_DECIDE = (State.NEW, State.WAITING)
_TO_COME_DOWN = (State.TO_COME_DOWN, State.ASKED, State.GONE_ONCE)
_PROVED = (State.PROVED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Square:
    """One post in the calendar."""

    key: str
    """Sixteen hex digits for its address."""
    day: date
    """The school's day on which it was published."""
    account: str
    """Name of the account."""
    mark: Mark
    """Where it stands."""
    label: str
    """What a person reads for it: a title, an address or nothing, as the role may see."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a year, as one mark."""

    monday: date
    """Its first day."""
    mark: Mark | None
    """The mark of the post that needs somebody first; None if nothing was posted."""
    count: int
    """How many posts it holds."""


def mark_of(found: Iterable[Case], *, reached: bool) -> Mark:
    """Return the mark of a post by its cases; ``reached`` is whether the newest audit could look at it."""
    states = [case.standing.state for case in found if decidable(case) or (not of_records(case) and case.facts[0].gone)]
    if any(state in _TO_DECIDE for state in states):
        return Mark.DECIDE
    if any(state in _TO_COME_DOWN for state in states):
        return Mark.DOWN
    if not reached:
        return Mark.NOT_REACHED
    return Mark.GONE if any(state in _PROVED for state in states) else Mark.NOTHING


def not_reached(audit: Audit | None) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Return the accounts that the newest audit could not visit at all, and the single posts that it could not."""
    if audit is None:
        return frozenset(), frozenset()
    lost = frozenset(one.account for one in audit.coverage if one.status not in ("complete", "partial"))
    posts = frozenset((item.account, item.url) for item in audit.not_checked if item.url and not item.aside)
    return lost, posts


def month_grid(first: date) -> list[list[date | None]]:
    """Return the weeks of a month from Monday to Sunday; None for days of another month."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [[day if day.month == first.month else None for day in week] for week in weeks]


def months_back(first: date, count: int) -> list[date]:
    """Return the first days of so many months, the given one last."""
    number = first.year * 12 + first.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(number - count + 1, number + 1)]


def weeks_of(first: date, squares: Iterable[Square]) -> tuple[Week, ...]:
    """Return the weeks whose Monday lies in this month, each with the mark that needs somebody first."""
    by_week: dict[date, list[Square]] = {}
    for square in squares:
        by_week.setdefault(square.day - timedelta(days=square.day.weekday()), []).append(square)
    order = list(Mark)
    mondays = [day[0] for day in calendar.Calendar().monthdatescalendar(first.year, first.month)]
    return tuple(
        Week(
            monday,
            min((one.mark for one in by_week.get(monday, ())), key=order.index, default=None),
            len(by_week.get(monday, ())),
        )
        for monday in mondays
        if monday.month == first.month
    )
