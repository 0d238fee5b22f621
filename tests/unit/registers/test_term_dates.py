"""School days from a calendar file, as councils and schools write it, and from the settings."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.errors import SettingsError
from auditbot.model import Severity
from auditbot.present.school_days import due
from auditbot.registers.changes.term_dates import Entry, SchoolDays, from_entries, read_calendar


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def ics(*entries: tuple[str, str, str]) -> bytes:
    """A calendar of whole days; an empty end leaves it out, as many calendars do for one day."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{at}@x\r\nDTSTART;VALUE=DATE:{first}\r\n"
        + (f"DTEND;VALUE=DATE:{end}\r\n" if end else "")
        + f"SUMMARY:{words}\r\nEND:VEVENT\r\n"
        for at, (first, end, words) in enumerate(entries)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{events}END:VCALENDAR\r\n".encode()


HOLIDAYS = ics(
    ("20261026", "20261031", "October half term"),
    ("20261221", "20270102", "Christmas Holiday"),
    ("20261127", "", "INSET day - school closed to pupils"),
    ("20261130", "", "Christmas fair in the hall"),
)
ENDS = ics(
    ("20260903", "", "Autumn term begins"),
    ("20261023", "", "School closes for half term"),
    ("20261102", "", "School reopens"),
    ("20261218", "", "Last day of autumn term"),
)
SPANS = ics(
    ("20260903", "20261024", "Term 1"), ("20261102", "20261219", "Term 2"), ("20261111", "", "Term 2 parents’ evening")
)


@pytest.mark.parametrize("content", [HOLIDAYS, ENDS, SPANS], ids=["holidays", "ends", "spans"])
def test_three_ways_of_writing_the_same_year_give_the_same_half_term(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "terms.ics").write_bytes(content)
    days = read_calendar(tmp_path / "terms.ics")
    for holiday in ("10-26", "10-28", "10-30"):
        assert not days.is_school_day(day(holiday))
    for school in ("10-22", "10-23", "11-02", "11-30", "12-18"):
        assert days.is_school_day(day(school))
    assert not days.is_school_day(day("10-24")) and not days.is_school_day(day("11-29"))


def test_a_day_for_training_is_none_and_a_fair_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "terms.ics").write_bytes(HOLIDAYS)
    days = read_calendar(tmp_path / "terms.ics")
    assert not days.is_school_day(day("11-27")) and days.is_school_day(day("11-30"))


@pytest.mark.parametrize(
    "content", [b"", b"no calendar", ics(("20261130", "", "Christmas fair")), b"\xff\xfe\x00BEGIN:VCALENDAR"]
)
def test_a_file_that_tells_no_term_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "terms.ics").write_bytes(content)
    with pytest.raises(SettingsError):
        read_calendar(tmp_path / "terms.ics")
    with pytest.raises(SettingsError, match="does not exist"):
        read_calendar(tmp_path / "none.ics")


@pytest.mark.parametrize(
    ("severity", "found", "until"),
    [
        ("today", "10-28", "10-28"),  # in the holidays, for whoever is on call
        ("today", "10-31", "11-02"),
        ("week", "10-22", "11-05"),
        ("week", "10-28", "11-09"),
        ("week", "11-09", "11-16"),
        ("governance", "10-28", None),
    ],
)
def test_a_week_of_school_days_leaves_the_holidays_out(severity: Severity, found: str, until: str | None) -> None:
    days = SchoolDays(((day("09-03"), day("10-23")), (day("11-02"), day("12-18"))))
    assert due(severity, day(found), days.is_school_day) == (day(until) if until else None)


@given(st.lists(st.tuples(st.dates(), st.integers(0, 4000), st.text(max_size=20)), max_size=8))
def test_any_entries_at_all_make_a_calendar(entries: list[tuple[date, int, str]]) -> None:
    made = [
        Entry(first, min(first + timedelta(days=more), date.max) if first.year < 9980 else first, words)
        for first, more, words in entries
    ]
    days = from_entries(made)
    assert isinstance(days.is_school_day(date(2026, 11, 30)), bool)
