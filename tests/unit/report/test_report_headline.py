"""What stands first in every report: what it counts, in which order, and what it never says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from auditbot.commands.audit import summary
from auditbot.decisions.decided import Decided, Facts, State
from auditbot.decisions.event import Action, Reason
from auditbot.decisions.standing import Standing
from auditbot.model import Audit, Coverage, NotChecked, TrackedFinding
from auditbot.present.cards import cards
from auditbot.present.headline import Headline, headline
from auditbot.present.report_context import ReportContext
from auditbot.sentences import quoted
from tests.unit.decisions.made_decisions import event
from tests.unit.report import report_sample as sample

FULL = (Coverage("website", "complete", 14, 30),)
DOWN = (Coverage("website", "error", 0, 0, quoted("The site did not answer.")),)
HALF = (
    Coverage("website", "partial", 7, 9, quoted("Stopped.")),
    Coverage("Facebook", "walled", 0, 0, quoted("A wall.")),
)


def found(name: str, state: str = "open", days: int = 1, **changes: Any) -> TrackedFinding:
    """One photo of its own in a post of its own."""
    evidence = sample.photo(f"{name}{'a' * 64}"[:64])
    url = f"{sample.BASE}/{name}/"
    return sample.tracked(sample.finding(name, post_url=url, evidence=evidence, **changes), state, days)


def stands(**states: State) -> dict[str, Standing]:
    facts = Facts("", "", "C11", ("photo:a",))
    return {
        name: Standing(found(name), facts, Decided(state, second_needed=state is State.WAITING))
        for name, state in states.items()
    }


def told(audit: Audit, context: ReportContext | None = None) -> Headline:
    context = context or sample.context()
    return headline(audit, cards(audit, context), first_night=context.is_first_night)


NEW = found("n", "new", 0)


@pytest.mark.parametrize(
    ("findings", "context", "line"),
    [
        ((), {}, "Nothing needs a decision"),
        ((NEW,), {}, "1 new"),
        ((NEW, *(found(f"o{n}", severity="week") for n in range(5))), {}, "1 new · 5 to decide"),
        ((found("o"),), {}, "Nothing new · 1 overdue"),
        ((NEW, found("b", "back", 30), found("o")), {}, "2 new · 1 overdue"),
        ((found("a"),), {"standings": stands(a=State.ASKED)}, "Nothing new · 1 overdue · 1 asked, still up"),
        ((found("a"),), {"standings": stands(a=State.STAYS_UP)}, "Nothing needs a decision"),
        ((found("a", severity="week"),), {"standings": stands(a=State.TO_COME_DOWN)},
         "Nothing new · 1 decided, not done yet"),
        ((replace(found("g", "gone"), proof="The page answers 404."),), {}, "Nothing new · 1 gone since last time"),
        ((found("w", severity="week", clause="C6", kind="words_advertisement"),), {}, "Nothing new · 1 please read"),
        ((replace(NEW, finding=replace(NEW.finding, posted_at=datetime(2026, 6, 1, tzinfo=sample.LONDON))),
          replace(NEW, finding=replace(NEW.finding, posted_at=datetime(2026, 11, 16, tzinfo=sample.LONDON),
                                            post_url=f"{sample.BASE}/late/", evidence=sample.photo("f" * 64), id="l"))),
         {"is_first_night": True, "first_night": date(2026, 11, 19)},
         "1 to decide first · 1 in old posts, week by week"),
    ],
)  # fmt: skip
def test_the_first_line_says_what_is_new_overdue_asked_and_gone(
    findings: tuple[TrackedFinding, ...], context: dict[str, Any], line: str
) -> None:
    audit = sample.audit(findings, FULL, (), True, 14)
    head = told(audit, sample.context(**context))
    assert head.line() == line
    assert summary(audit, head, Path("report.html")).splitlines()[0] == line


def test_one_new_finding_on_the_second_morning_stands_first_whatever_else_there_is() -> None:
    old = [found(f"o{n}", kind="never_publish", severity="today") for n in range(60)]
    head = told(sample.audit((*old, found("n", "new", 0, severity="week", kind="unknown_faces", pupil_ids=())), FULL))
    assert head.parts()[0] == ("1", "new")
    assert head.first()[0].first.id == "n"


def test_a_photo_in_three_posts_counts_once() -> None:
    same = tuple(sample.tracked(sample.finding(f"f{n}", post_url=f"{sample.BASE}/{n}/"), "new") for n in range(3))
    assert told(sample.audit(same, FULL, (), True, 13)).line() == "1 new"


def test_what_waits_for_a_second_person_is_decided_and_still_counts() -> None:
    head = told(sample.audit((found("a"),), FULL), sample.context(standings=stands(a=State.WAITING)))
    assert ("1", "decided, not done yet") in head.parts() and ("1", "overdue") in head.parts()


def test_an_account_that_was_never_reached_counts_as_a_source_not_checked() -> None:
    left_out = (NotChecked("Bluesky", "", "account", quoted("The audit was stopped.")),)
    assert told(sample.audit((), FULL, left_out, False, 14)).not_reached == 1


def test_a_complete_account_with_something_left_out_counts_as_checked_in_part() -> None:
    left_out = (NotChecked("website", f"{sample.BASE}/a.jpg", "photo", quoted("The file is cut short.")),)
    head = told(sample.audit((), FULL, left_out, False, 14))
    assert (head.not_reached, head.in_part) == (0, 1)
    assert "1 source reached in part." in head.meaning()[0].casefold()


def test_an_incomplete_audit_says_so_first() -> None:
    assert "This audit is incomplete." in told(sample.audit((), HALF, (), False, 7)).meaning()[0]
    assert "nothing was reached" in told(sample.audit((), DOWN, (), False, 0)).meaning()[0]
    assert told(sample.audit((), DOWN, (), False, 0)).line().startswith("Nothing was reached")


def test_what_was_checked_nowhere_is_told_with_the_first_line() -> None:
    off = NotChecked("", "", "faces", quoted("Faces were counted but not matched."))
    assert off.reason in told(sample.audit((), FULL, (off,), False, 14)).meaning()


def test_the_terminal_summary_names_no_pupil_and_shows_no_control_character() -> None:
    audit = sample.audit(coverage=(Coverage("website", "error", 0, 0, quoted("Refused \x1b[31mby\u202e\nthe host")),))
    text = summary(audit, told(audit), Path("reports/latest/report.html"))
    assert text.endswith("reports/latest/report.html")
    assert not any(label.name in text for label in sample.context().pupils.values())
    assert "\x1b" not in text and "\u202e" not in text and "⟨U+202E⟩" in text


def test_what_was_decided_before_and_lapsed_is_listed_again() -> None:
    """An event carries what was on the screen; a card with one stands in the list like any other."""
    decision = event(1, Action.NOT_SO, Reason.ANOTHER_PERMITTED)
    facts = Facts("", "", "C11", ("photo:a",), versions={"policy": "p"})
    again = Standing(found("a"), facts, Decided(State.NEW, rests_on=decision, history=(decision,)))
    head = told(sample.audit((found("a"), NEW), FULL), sample.context(standings={"a": again}))
    assert [card.first.id for card in head.first()] == ["n", "a"]
    assert len({hash(card) for card in head.first()}) == 2
