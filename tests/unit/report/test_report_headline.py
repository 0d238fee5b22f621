"""The first line of every report: what it counts and what it never says."""

from __future__ import annotations

import pytest

from auditbot.commands.audit import summary
from auditbot.model import Coverage, NotChecked
from auditbot.present.cards import headline
from tests.unit.report import report_sample as sample

FULL = (Coverage("website", "complete", 14, 30),)
DOWN = (Coverage("website", "error", 0, 0, "The site did not answer."),)
HALF = (Coverage("website", "partial", 7, 9, "Stopped."), Coverage("Facebook", "walled", 0, 0, "A wall."))


def found(*severities: str, state: str = "new"):
    return tuple(
        sample.tracked(sample.finding(f"f{n}", severity=severity, post_url=f"{sample.BASE}/{n}/"), state)
        for n, severity in enumerate(severities)
    )


@pytest.mark.parametrize(
    ("findings", "coverage", "complete", "without", "line"),
    [
        (found("today", "today", "week", "week", "week"), FULL, True, 14,
         "2 need action today · 3 this week · 14 posts with no finding · 0 sources not checked"),
        (found("today"), FULL, True, 1,
         "1 needs action today · 0 this week · 1 post with no finding · 0 sources not checked"),
        (found("governance"), FULL, True, 13,
         "0 need action today · 0 this week · 1 for governance · 13 posts with no finding · 0 sources not checked"),
        ((), FULL, True, 14, "No findings in what was reached · 14 posts with no finding · 0 sources not checked"),
        (found("today", state="gone"), FULL, True, 14,
         "No findings in what was reached · 14 posts with no finding · 0 sources not checked"),
        ((), DOWN, False, 0, "Nothing was reached · 0 posts with no finding · 1 source not checked"),
        ((), HALF, False, 7,
         "No findings in what was reached · 7 posts with no finding · 1 source not checked · 1 source checked in part"),
    ],
)  # fmt: skip
def test_the_first_line_counts_posts(findings, coverage, complete, without, line):
    audit = sample.audit(findings, coverage, (), complete, without)
    assert headline(audit).line() == line
    assert summary(audit, sample.Path("report.html")).splitlines()[0] == line


def test_a_post_counts_once_under_its_most_urgent_finding():
    same = {"post_url": f"{sample.BASE}/one/"}
    findings = tuple(
        sample.tracked(sample.finding(name, severity=severity, **same))
        for name, severity in (("a", "week"), ("b", "today"), ("c", "governance"))
    )
    head = headline(sample.audit(findings, FULL, (), True, 13))
    assert (head.today, head.week, head.governance) == (1, 0, 0)


def test_an_account_that_was_never_reached_counts_as_a_source_not_checked():
    left_out = (NotChecked("Bluesky", "", "account", "The audit was stopped."),)
    assert headline(sample.audit((), FULL, left_out, False, 14)).not_reached == 1


def test_a_complete_account_with_something_left_out_counts_as_checked_in_part():
    left_out = (NotChecked("website", f"{sample.BASE}/a.jpg", "photo", "The file is cut short."),)
    head = headline(sample.audit((), FULL, left_out, False, 14))
    assert (head.not_reached, head.in_part) == (0, 1)


def test_an_incomplete_audit_says_so_first():
    assert headline(sample.audit((), HALF, (), False, 7)).meaning()[0].startswith("This audit is incomplete.")
    assert "nothing was reached" in headline(sample.audit((), DOWN, (), False, 0)).meaning()[0]


def test_what_was_checked_nowhere_is_told_with_the_first_line():
    off = NotChecked("", "", "faces", "Faces were counted but not matched.")
    assert off.reason in headline(sample.audit((), FULL, (off,), False, 14)).meaning()


def test_the_terminal_summary_names_no_pupil_and_shows_no_control_character():
    audit = sample.audit(coverage=(Coverage("website", "error", 0, 0, "Refused \x1b[31mby\u202e\nthe host"),))
    text = summary(audit, sample.Path("reports/latest/report.html"))
    assert text.endswith("reports/latest/report.html")
    assert not any(label.name in text for label in sample.context().pupils.values())
    assert "\x1b" not in text and "\u202e" not in text and "⟨U+202E⟩" in text
