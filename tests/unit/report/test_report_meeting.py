"""The print for a meeting stays a few sheets, whatever was found, and its choice of lines tells nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditbot.decisions.decided import State
from auditbot.report.meeting import MOST_LINES, Line, one_by_one

NIGHT = date(2026, 11, 30)


def lines(count: int, state: State = State.NEW) -> list[Line]:
    return [
        Line("Photo", "website", NIGHT - timedelta(days=number), NIGHT, state, f"{number:08x}")
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, MOST_LINES])
def test_all_that_fits_is_printed_line_by_line(count: int) -> None:
    shown, months = one_by_one(lines(count))
    assert len(shown) == count and months == ()


def test_what_does_not_fit_is_counted_by_month() -> None:
    shown, months = one_by_one([*lines(5000), replace(lines(1)[0], published_on=None, reference="0")])
    assert len(shown) == MOST_LINES
    assert sum(month.lines for month in months) == 5001 - MOST_LINES
    assert sum(month.undecided for month in months) == 5001 - MOST_LINES
    assert months[0].called == "November 2026" and months[-1].called == ""
    assert all(after.lines for after in months)


def test_what_was_found_last_is_printed_whatever_was_decided() -> None:
    old = [replace(line, found_on=NIGHT - timedelta(days=9)) for line in lines(MOST_LINES, State.NEW)]
    new = [replace(line, reference=f"n{line.reference}") for line in lines(5, State.WAITING)]
    shown, months = one_by_one([*new, *old])
    assert [line.reference for line in shown[-5:]] == sorted(line.reference for line in new)
    assert sum(month.lines for month in months) == 5
