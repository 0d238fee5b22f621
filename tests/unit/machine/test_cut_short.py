"""What the bench for audits that are cut short calls the same, and what it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.cut.compared import Outcome, Undisturbed, differing

FIRST = Outcome(
    ended_before=0,
    first_night=True,
    line="8 to decide first",
    due=8,
    to_read=0,
    looked_at=("12 posts were looked at, 8 of them with no finding.",),
    findings=("a", "b"),
    coverage=(("website", "complete", 12),),
    decided=("earlier",),
    code=1,
    headline_was_said=True,
)
SECOND = replace(FIRST, ended_before=1, first_night=False, line="Nothing new · 8 to decide")
PARTLY_NEW = replace(SECOND, line="3 new · 5 to decide")


@pytest.mark.parametrize(
    ("got", "lacked_room", "same"),
    [
        (FIRST, False, True),
        (SECOND, False, True),
        (PARTLY_NEW, True, True),
        (PARTLY_NEW, False, False),
        (replace(FIRST, line="2 to decide first", due=2), False, False),
        (replace(SECOND, line="Nothing needs a decision", due=0), True, False),
        (replace(SECOND, ended_before=0), False, False),
        (replace(SECOND, first_night=True), False, False),
        (replace(FIRST, findings=("a",)), False, False),
        (replace(FIRST, findings=("a", "b", "b")), False, False),
        (replace(FIRST, decided=("damaged",)), False, False),
        (replace(FIRST, coverage=(("website", "partial", 12),)), False, False),
        (replace(FIRST, code=3), False, False),
        (replace(FIRST, headline_was_said=False), False, False),
        (replace(SECOND, looked_at=("12 posts were looked at, 2 of them with no finding.",)), True, False),
    ],
)
def test_what_counts_as_the_same(got: Outcome, lacked_room: bool, same: bool) -> None:
    said = differing(got, Undisturbed(FIRST, SECOND), lacked_room=lacked_room)
    assert f"audit: {same}" in said
