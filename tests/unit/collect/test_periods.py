"""The period that an address names, and the addresses at which a diary is asked once more beyond a gap."""

from __future__ import annotations

from datetime import date

import pytest

from auditbot.collect.net.periods import beside, is_ahead, period_of

SITE = "https://school.example"
NAMED = {
    "/diary/2025-W16": ("week", date(2025, 4, 14), ["/diary/2025-W08", "/diary/2024-W16"]),
    "/diary?week=2025w07": ("week", date(2025, 2, 10), ["/diary?week=2024w51", "/diary?week=2024w07"]),
    "/calendar/?month=2025-03": ("month", date(2025, 3, 1), ["/calendar/?month=2024-09", "/calendar/?month=2024-03"]),
    "/diary/2025/03/": ("month", date(2025, 3, 1), ["/diary/2024/09/", "/diary/2024/03/"]),
    "/diary/2025/3": ("month", date(2025, 3, 1), ["/diary/2024/9", "/diary/2024/3"]),
    "/diary/march-2025/": ("month", date(2025, 3, 1), ["/diary/september-2024/", "/diary/march-2024/"]),
    "/diary/2025/Mar": ("month", date(2025, 3, 1), ["/diary/2024/Sep", "/diary/2024/Mar"]),
    "/d.asp?month=3&year=2025": ("month", date(2025, 3, 1), ["/d.asp?month=9&year=2024", "/d.asp?month=3&year=2024"]),
    "/day?d=2025-03-06": ("day", date(2025, 3, 6), ["/day?d=2025-02-27", "/day?d=2025-01-09"]),
    "/day/20250306": ("day", date(2025, 3, 6), ["/day/20250227", "/day/20250109"]),
    "/c?y=2025&m=03&d=06": ("day", date(2025, 3, 6), ["/c?y=2025&m=02&d=27", "/c?y=2025&m=01&d=09"]),
}  # fmt: skip


@pytest.mark.parametrize("path", NAMED)
def test_a_period_is_read_and_those_before_it_are_written_alike(path: str) -> None:
    unit, start, before = NAMED[path]
    period = period_of(SITE + path)
    assert period is not None
    assert (period.unit, period.start) == (unit, start)
    assert beside(SITE + path, back=True) == [SITE + each for each in before]


@pytest.mark.parametrize("path", ["/news/19", "/story.php?id=2025", "/diary?month=-3", "/a/2025-W60", "/x/2025-13-40"])
def test_an_address_without_a_period_is_asked_nowhere_else(path: str) -> None:
    assert beside(SITE + path, back=True) == []
    assert not is_ahead(SITE + path)


def test_nothing_is_asked_for_that_is_still_to_come() -> None:
    assert beside(f"{SITE}/diary?month=2098-01", back=False) == []
    assert beside(f"{SITE}/diary?month=2020-01", back=False) == [f"{SITE}/diary?month=2020-07"]
    assert is_ahead(f"{SITE}/day/2098-01-01")
    assert not is_ahead(f"{SITE}/day/2020-01-01")
