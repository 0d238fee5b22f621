"""Figures: what counts in which week, what was taken back, and what governors are not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from auditbot.decisions.event import Action, Draft, Event
from auditbot.review.casebook.figures import Life, figures, suppressed

ZONE = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=ZONE)  # a Wednesday


def event(number: int, at: datetime, action: Action, about: int | None = None) -> Event:
    return Event(number, at, Draft("lead", action, about=about), number, None, "", "")


def test_each_thing_counts_in_its_own_week() -> None:
    sunday, monday = datetime(2026, 11, 22, 23, 30, tzinfo=ZONE), datetime(2026, 11, 23, 0, 30, tzinfo=ZONE)
    lives = [Life(sunday, monday), Life(monday, None), Life(NOW - timedelta(weeks=20), None)]
    told = figures(lives, [event(1, sunday, Action.DOWN), event(2, monday, Action.NOT_SO)], NOW, weeks=2)
    last, this = told.weeks
    assert (last.monday, last.found, last.decided, last.gone) == (date(2026, 11, 16), 1, 1, 0)
    assert (this.found, this.decided, this.gone, this.set_aside) == (1, 1, 1, 1)


def test_what_was_taken_back_and_what_decides_nothing_is_not_counted() -> None:
    events = [event(1, NOW, Action.DOWN), event(2, NOW, Action.UNDO, 1), event(3, NOW, Action.REFER)]
    assert figures([], events, NOW).weeks[-1].decided == 0
    crowd = [event(4, NOW, Action.NO_PUPIL), replace(event(5, NOW, Action.NO_PUPIL), batch=4)]
    assert figures([], crowd, NOW).weeks[-1].decided == 1  # one step about two faces


def test_how_long_it_took() -> None:
    lives = [Life(NOW - timedelta(hours=hours), NOW) for hours in range(1, 21)]
    told = figures(lives, [], NOW)
    assert told.median_hours == 10 and told.slow_hours == 19
    assert figures([], [], NOW).median_hours is None


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "under 5"), (4, "under 5"), (5, "5"), (12, "12")])
def test_governors_see_no_small_count(count: int, shown: str) -> None:
    assert suppressed(count) == shown
