"""Which mails go out as the clock runs: through a week in which nobody looks, a holiday and nights without an audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.registers.changes.term_dates import SchoolDays
from auditbot.review.asking.due_mails import ON_CALL, News, mails_due, school_days_between

ZONE = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 2, 6, 0, tzinfo=ZONE)
QUIET = News(0, 0, 0, 0, None, MONDAY, MONDAY, MONDAY)
WEEKDAYS = SchoolDays().is_school_day


def through(news_of, begin: datetime, days: int, school_day=WEEKDAYS):  # type: ignore[no-untyped-def]
    """Every mail, in the order in which it goes out, as the clock moves by quarter hours; each news once."""
    sent: list[tuple[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for quarter in range(days * 96):
        now = begin + timedelta(minutes=15 * quarter)
        for mail in mails_due(news_of(now), now, school_day):
            if (mail.role, mail.news) not in seen:
                seen.add((mail.role, mail.news))
                sent.append((f"{now:%a %H:%M}", f"{mail.role}: {mail.text}"))
    return sent


def awake(now: datetime) -> News:
    """Everything as it should be, looked at every day, an audit every night."""
    night = now.replace(hour=3, minute=0)
    return replace(QUIET, last_look=now, last_complete=night)


def test_a_quiet_week_has_one_mail_on_monday() -> None:
    assert through(awake, MONDAY, 7) == [
        ("Mon 08:00", "lead: Nothing needs you today."),
        ("Mon 08:00", "deputy: Nothing needs you today."),
    ]


def test_a_week_in_which_nobody_decides_climbs_the_ladder() -> None:
    def news(now: datetime) -> News:
        late = max(0, (now.date() - MONDAY.date()).days)
        return replace(awake(now), new=int(late == 0), overdue=int(late > 0), due_today=1, due_since=MONDAY.date())

    sent = through(news, MONDAY, 4)
    assert [line for line in sent if "deputy" not in line[1]] == [
        ("Mon 08:00", "lead: 1 new."),
        ("Mon 13:00", "lead: 1 matter of today still needs a decision."),
        ("Tue 08:00", "lead: 1 overdue."),
        ("Tue 09:00", "head: 1 matter has waited for a decision since 2 November 2026."),
        ("Tue 13:00", "lead: 1 matter of today still needs a decision."),
        ("Wed 08:00", "lead: 1 overdue."),
        ("Wed 09:00", "governor: Decisions that are overdue: 1."),
        ("Wed 13:00", "lead: 1 matter of today still needs a decision."),
        ("Thu 08:00", "lead: 1 overdue."),
        ("Thu 13:00", "lead: 1 matter of today still needs a decision."),
    ]


def test_a_week_in_which_nobody_signs_in_is_told_once() -> None:
    def news(now: datetime) -> News:
        return replace(awake(now), last_look=MONDAY)

    sent = [line for line in through(news, MONDAY, 12) if line[1].startswith(("head", "it"))]
    assert sent == [
        ("Fri 09:00", "head: No safeguarding lead has signed in since 2 November 2026."),
        ("Fri 09:00", "it: No safeguarding lead has signed in since 2 November 2026."),
    ]


def test_two_nights_without_an_audit_are_told_once() -> None:
    def news(now: datetime) -> News:
        return replace(awake(now), last_complete=MONDAY.replace(hour=3))

    sent = [line for line in through(news, MONDAY, 7) if line[1].startswith(("head", "it"))]
    assert sent == [
        ("Wed 09:00", "head: No audit has run to its end since 2 November 2026."),
        ("Wed 09:00", "it: No audit has run to its end since 2 November 2026."),
    ]


def test_nothing_is_mailed_in_the_holidays_and_they_count_for_nothing() -> None:
    terms = ((date(2026, 9, 3), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18)))
    friday = datetime(2026, 10, 23, 6, 0, tzinfo=ZONE)

    def news(now: datetime) -> News:
        overdue = int(now.date() > friday.date())
        return replace(
            awake(now), last_look=friday, new=1 - overdue, overdue=overdue, due_today=1, due_since=friday.date()
        )

    sent = [line for line in through(news, friday, 12, SchoolDays(terms).is_school_day) if "deputy" not in line[1]]
    assert sent[:5] == [
        ("Fri 08:00", "lead: 1 new."),
        ("Fri 13:00", "lead: 1 matter of today still needs a decision."),
        ("Mon 08:00", "lead: 1 overdue."),
        ("Mon 09:00", "head: 1 matter has waited for a decision since 23 October 2026."),
        ("Mon 13:00", "lead: 1 matter of today still needs a decision."),
    ]


def test_what_is_for_today_in_the_holidays_goes_to_whoever_is_on_call_once_a_day() -> None:
    terms = ((date(2026, 9, 3), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18)))
    tuesday = datetime(2026, 10, 27, 6, 0, tzinfo=ZONE)

    def news(now: datetime) -> News:
        return replace(awake(now), new=1, due_today=1, due_since=tuesday.date())

    sent = through(news, tuesday, 2, SchoolDays(terms).is_school_day)
    assert sent == [("Tue 08:00", f"{ON_CALL}: 1 new."), ("Wed 08:00", f"{ON_CALL}: 1 new.")]
    saturday = tuesday + timedelta(days=4)
    assert through(news, saturday, 2, SchoolDays(terms).is_school_day) == []


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("2026-11-02", "2026-11-02", 0), ("2026-11-02", "2026-11-03", 1), ("2026-11-06", "2026-11-09", 1),
     ("2026-11-02", "2026-11-09", 5), ("2026-11-03", "2026-11-02", -1), ("2026-11-07", "2026-11-08", 0)],
)  # fmt: skip
def test_school_days_between(first: str, last: str, count: int) -> None:
    assert school_days_between(date.fromisoformat(first), date.fromisoformat(last), WEEKDAYS) == count


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 30), st.integers(0, 30 * 96))
def test_no_mail_says_more_than_numbers(new: int, overdue: int, left: int, late: int, quarter: int) -> None:
    now = MONDAY + timedelta(minutes=15 * quarter)
    told = News(new, overdue, left, new, now.date() - timedelta(days=late), None, None, MONDAY)
    for mail in mails_due(told, now, WEEKDAYS):
        assert len(mail.text) < 120
        words = f"{mail.subject} {mail.text}".lower()
        assert not any(word in words for word in ("pupil", "child", "photo", "surname", "http", "permission", "post"))
