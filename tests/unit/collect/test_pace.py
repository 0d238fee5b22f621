"""A gentle visitor: one page at a time per host, with the configured pause."""

from __future__ import annotations

import pytest

from auditbot.collect.net import throttle as module
from auditbot.collect.net.throttle import OutOfTime, Pace


class Clock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock that the pace goes by."""
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def test_pages_of_one_host_are_asked_for_a_pause_apart(clock: Clock) -> None:
    pace = Pace(2.0, 60)
    for number in range(3):
        pace.wait(f"http://school.example/{number}")
    assert clock.slept == [2.0, 2.0]


def test_time_that_has_passed_by_itself_counts(clock: Clock) -> None:
    pace = Pace(2.0, 60)
    pace.wait("http://school.example/a")
    clock.now += 1.5
    pace.wait("http://school.example/b")
    clock.now += 5.0
    pace.wait("http://school.example/c")
    assert clock.slept == [0.5]


def test_hosts_do_not_wait_for_each_other_and_files_wait_a_tenth(clock: Clock) -> None:
    pace = Pace(2.0, 60)
    pace.wait("http://school.example/a")
    pace.wait("http://photos.example/a.jpg", file=True)
    pace.wait("http://photos.example/b.jpg", file=True)
    assert clock.slept == [0.2]


def test_nobody_sleeps_past_the_end_of_the_account_s_time(clock: Clock) -> None:
    pace = Pace(2.0, 0.05)
    pace.wait("http://school.example/a")
    with pytest.raises(OutOfTime):
        pace.sleep(10.0)
    assert clock.slept == []
    clock.now += 5.0
    with pytest.raises(OutOfTime):
        pace.wait("http://school.example/b")
