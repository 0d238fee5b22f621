"""Deadlines in school days, and what is overdue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from auditbot.present.cards import cards, due
from tests.unit.report import report_sample as sample


@pytest.mark.parametrize(
    ("found", "today", "week"),
    [
        (date(2026, 11, 16), date(2026, 11, 16), date(2026, 11, 23)),  # Monday
        (date(2026, 11, 19), date(2026, 11, 19), date(2026, 11, 26)),  # Thursday
        (date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 27)),  # Friday
        (date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 30)),  # Saturday
        (date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 30)),  # Sunday
    ],
)
def test_deadlines_skip_weekends(found, today, week):
    assert due("today", found) == today
    assert due("week", found) == week
    assert due("governance", found) is None


@pytest.mark.parametrize(
    ("severity", "state", "days", "overdue"),
    [
        ("today", "new", 0, False),
        ("today", "open", 1, True),
        ("today", "back", 30, False),  # it came back in this audit, so its day starts again
        ("week", "open", 7, False),
        ("week", "open", 8, True),
        ("governance", "open", 300, False),
    ],
)
def test_what_an_earlier_audit_found_is_overdue_after_its_day(severity, state, days, overdue):
    findings = (sample.tracked(sample.finding("f", severity=severity), state, days),)
    assert cards(sample.audit(findings), sample.context())[0].overdue is overdue


def test_a_night_audit_counts_the_schools_own_day():
    # 00:30 in London in summer is 23:30 of the day before in UTC.
    started = sample.datetime(2026, 7, 2, 0, 30, tzinfo=sample.LONDON)
    findings = (sample.tracked(sample.finding("f"), first_seen=started),)
    audit = sample.Audit("x", started, started + timedelta(minutes=1), True, {}, (), findings, (), 0)
    assert cards(audit, sample.context())[0].due == date(2026, 7, 2)
