"""Figures: what counts in which week, what was taken back, and what governors are not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from auditbot.decisions.event import Action, Draft, Event
from auditbot.model import PhotoUse, Post
from auditbot.review.casebook.figures import Alarms, Life, alarms, figures, suppressed
from auditbot.review.casebook.nights_reached import CheckedShare, Reach, checked_share, strips

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
    events = [event(1, NOW, Action.DOWN), event(2, NOW, Action.UNDO, 1), event(3, NOW, Action.WAIT)]
    assert figures([], events, NOW).weeks[-1].decided == 0
    assert figures([], [event(3, NOW, Action.REFER)], NOW).weeks[-1].decided == 1  # taken to somebody else
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


def test_what_was_left_up_is_told_by_clause_and_by_posts() -> None:
    events = [
        replace(event(1, NOW, Action.NOT_SO), draft=Draft("lead", Action.NOT_SO, rule="B5")),
        replace(event(2, NOW, Action.DOWN), draft=Draft("lead", Action.DOWN, rule="B5")),
        replace(event(3, NOW, Action.DOWN), draft=Draft("lead", Action.DOWN, rule="C1")),
        replace(event(4, NOW - timedelta(weeks=9), Action.NOT_SO), draft=Draft("lead", Action.NOT_SO, rule="C1")),
        replace(event(5, NOW, Action.NOT_SO), draft=Draft("lead", Action.NOT_SO, rule="C2")),
        event(6, NOW, Action.UNDO, 5),
    ]
    told = alarms(events, NOW - timedelta(weeks=8), 40, {"B5": "Surnames"})
    assert told == (Alarms("B5: Surnames", 2, 1, 2.5), Alarms("C1", 1, 0, 0.0))
    assert alarms(events, NOW - timedelta(weeks=8), 0, {})[0].per_100_posts == 0


def test_each_day_shows_its_last_visit_in_the_schools_own_time() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=ZONE)
    visits = [
        ("Website", NOW - timedelta(days=30), "complete"),
        ("Website", late - timedelta(hours=20), "error"),
        ("Website", late, "partial"),
        ("Old page", NOW, "walled"),
    ]
    website, feed, old = strips(["Website", "Feed"], visits, NOW.date(), ZONE, days=3)
    assert [reach for _, reach in website.nights] == [Reach.NONE, Reach.PART, Reach.NONE]
    assert website.nights[1][0] == date(2026, 11, 24)
    assert {reach for _, reach in feed.nights} == {Reach.NONE}  # never visited: told, not left out
    assert (old.account, old.nights[-1][1]) == ("Old page", Reach.WALL)


def test_a_photo_counts_as_checked_once_and_only_as_the_same_file() -> None:
    def post(url: str, at: datetime | None, *files: str | None) -> Post:
        photos = tuple(PhotoUse(url=f"{url}/{number}.jpg", sha256=file) for number, file in enumerate(files))
        return Post(account="Website", url=url, title="", text="", published_at=at, photos=photos)

    posts = [
        post("a", NOW, "a" * 64, "b" * 64, None),
        post("b", NOW, "a" * 64, "c" * 64),
        post("c", NOW - timedelta(days=90), "d" * 64),
        post("d", None, "d" * 64),
    ]
    answers = {"a" * 64: True, "c" * 64: False, "d" * 64: True, "e" * 64: True}
    assert checked_share(posts, answers, date(2026, 11, 1), ZONE) == CheckedShare(3, 1, 1)
