"""Deadlines in school days, and what is overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from auditbot.model import Audit, Severity
from auditbot.present.cards import cards
from auditbot.present.order import in_backlog
from auditbot.present.school_days import due
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
def test_deadlines_skip_weekends(found: date, today: date, week: date) -> None:
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
def test_what_an_earlier_audit_found_is_overdue_after_its_day(
    severity: Severity, state: str, days: int, overdue: bool
) -> None:
    findings = (sample.tracked(sample.finding("f", severity=severity), state, days),)
    assert cards(sample.audit(findings), sample.context())[0].overdue is overdue


def test_a_night_audit_counts_the_schools_own_day() -> None:
    # 00:30 in London in summer is 23:30 of the day before in UTC.
    started = datetime(2026, 7, 2, 0, 30, tzinfo=sample.LONDON)
    findings = (sample.tracked(sample.finding("f"), first_seen=started),)
    audit = Audit("x", started, started + timedelta(minutes=1), True, {}, (), findings, (), 0)
    assert cards(audit, sample.context())[0].due == date(2026, 7, 2)


OLD, NEW = datetime(2026, 6, 1, tzinfo=sample.LONDON), datetime(2026, 11, 10, tzinfo=sample.LONDON)

THIS_TERM = datetime(2026, 9, 14, tzinfo=sample.LONDON)


@pytest.mark.parametrize(
    ("changes", "state", "first_night", "waits"),
    [
        ({"posted_at": OLD}, "new", sample.STARTED.date(), True),
        ({"posted_at": None}, "new", sample.STARTED.date(), True),
        ({"posted_at": NEW}, "new", sample.STARTED.date(), False),
        ({"posted_at": THIS_TERM}, "new", sample.STARTED.date(), False),
        ({"posted_at": THIS_TERM, "band": "review"}, "new", sample.STARTED.date(), True),
        ({"posted_at": THIS_TERM, "kind": "surname"}, "new", sample.STARTED.date(), True),
        ({"posted_at": OLD}, "new", sample.STARTED.date() - timedelta(days=1), False),
        ({"posted_at": OLD}, "back", sample.STARTED.date(), False),
        ({"posted_at": OLD}, "new", None, False),
        ({"posted_at": OLD, "kind": "withdrawn_since"}, "new", sample.STARTED.date(), False),
        ({"posted_at": OLD, "kind": "never_publish"}, "new", sample.STARTED.date(), False),
        ({"posted_at": OLD, "kind": "date_of_birth", "clause": "C5"}, "new", sample.STARTED.date(), False),
        ({"posted_at": OLD, "kind": "words_contact", "clause": "C9"}, "new", sample.STARTED.date(), False),
        ({"posted_at": OLD, "kind": "surname", "pupil_ids": ("P099",)}, "new", sample.STARTED.date(), False),
        ({"posted_at": OLD, "kind": "surname"}, "new", sample.STARTED.date(), True),
    ],
)
def test_what_the_first_night_found_in_old_posts_may_wait_but_not_what_is_urgent(
    changes: dict[str, Any], state: str, first_night: date | None, waits: bool
) -> None:
    tracked = sample.tracked(sample.finding("f", **changes), state)
    assert in_backlog(tracked, first_night, sample.LONDON, {"P099"}) is waits


def test_nothing_of_the_backlog_is_due() -> None:
    findings = (sample.tracked(sample.finding("f", posted_at=OLD)),)
    (card,) = cards(sample.audit(findings), sample.context(first_night=sample.STARTED.date(), is_first_night=True))
    assert (card.backlog, card.due, card.overdue) == (True, None, False)
