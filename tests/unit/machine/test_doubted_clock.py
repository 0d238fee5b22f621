"""Nothing is deleted on the clock's word alone, and a night in which an hour comes twice has one audit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from auditbot.privacy.retention import clock_is_believed
from auditbot.schedule import OnceANight
from auditbot.settings import Schedule, School, Settings

LONDON = ZoneInfo("Europe/London")
TONIGHT = datetime(2026, 11, 29, 2, 30, tzinfo=LONDON)


def nights(*days: int) -> list[datetime]:
    return [TONIGHT + timedelta(days=day) for day in days]


@pytest.mark.parametrize(
    ("before", "believed"),
    [
        ([], True),
        (nights(-1), True),
        (nights(*range(-40, 0)), True),
        (nights(-60, -40, -20), True),
        (nights(-22), False),
        (nights(-400), False),
        (nights(400), False),
        (nights(-3, -2, -1, 400), False),
        (nights(-800, -6, -5, -4, -3, -2, -1), False),
        (nights(-800, -7, -6, -5, -4, -3, -2, -1), True),
        (nights(-800, -1, -1, -1, -1, -1, -1, -1, -1), False),
        (nights(-2, 400, -1), False),
        (nights(1), True),
        (nights(0, 0), True),
    ],
)
def test_a_leap_of_the_clock_is_doubted_until_a_week_of_audits_has_run(before: list[datetime], believed: bool) -> None:
    assert clock_is_believed(before, TONIGHT) is believed


def test_the_hour_that_comes_twice_has_one_audit() -> None:
    trigger, ran, now = CronTrigger(hour=1, minute=30, timezone=LONDON), [], datetime(2026, 10, 24, 12, tzinfo=LONDON)
    nightly = OnceANight(lambda: ran.append(now), _at("01:30"), lambda: now.astimezone(LONDON))
    fires: datetime | None = None
    for _ in range(4):
        fires = trigger.get_next_fire_time(fires, now)
        assert fires is not None
        now = fires.astimezone(UTC) + timedelta(seconds=1)
        nightly()
    days = [at.astimezone(LONDON).date() for at in ran]
    assert date(2026, 10, 25) in days and len(days) == len(set(days)) >= 3


@pytest.mark.parametrize(
    ("at", "fires", "runs"),
    [
        ("22:00", ["2 22:00", "4 07:00", "4 22:00", "5 22:00"], 4),  # the night of the third was slept through
        ("22:00", ["2 22:00", "4 20:30", "4 22:00", "5 22:00"], 3),  # woken up so late that one run stands for both
        ("02:00", ["2 02:00", "3 09:00", "4 02:00"], 3),
        ("02:00", ["2 02:00", "2 02:00", "3 02:00"], 2),
    ],
)
def test_a_night_that_runs_on_waking_takes_nothing_from_the_next(at: str, fires: list[str], runs: int) -> None:
    ran: list[datetime] = []
    now = [datetime.strptime(f"2026-12-{one}", "%Y-%m-%d %H:%M").replace(tzinfo=LONDON) for one in fires]
    clock = iter(now)
    nightly = OnceANight(lambda: ran.append(now[0]), _at(at), lambda: next(clock))
    for _ in now:
        nightly()
    assert len(ran) == runs


def _at(at: str) -> Settings:
    return Settings(school=School(name="Larkmere"), schedule=Schedule(at=at))
