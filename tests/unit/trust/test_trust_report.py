"""Counts only, and from what is shown no hidden count can be worked out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from auditbot.cli import main
from auditbot.trust.trust_report import SMALL, SchoolCounts, shown, shown_total, write_trust_report
from auditbot.workspace import make_workspace
from tests import reading

NOW = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_no_count_under_five_is_shown_or_follows_from_a_total(counts: list[int]) -> None:
    visible = [shown(count) for count in counts]
    assert not {"1", "2", "3", "4"} & set(visible)
    total = shown_total(counts)
    if any(0 < count < SMALL for count in counts):
        known = sum(count for count in counts if count == 0 or count >= SMALL)
        assert total in (f"over {known}", f"under {SMALL}")  # the same, whatever the hidden counts are
    else:
        assert total == str(sum(counts))


def school(name: str, **counts: Any) -> SchoolCounts:
    nothing = SchoolCounts(name, NOW, True, {"C11": counts.get("found", 0), "C12": 2}, 0, 0, 0, 0, 0, 31)
    return replace(nothing, **counts)


def test_the_page_shows_counts_by_school_and_clause(tmp_path: Path) -> None:
    never = SchoolCounts("Millbrook", None, False, {}, 0, 0, 0, 0, 0, None)
    rows = [school("Larkmere", new=7, overdue=3, found=61), never, school("Ash Hill", found=12)]
    page = LexborHTMLParser(write_trust_report(tmp_path, rows, NOW).read_text("utf-8"))
    first, by_clause = ([[cell.text(strip=True) for cell in row.css("th, td")] for row in table.css("tr")]
                        for table in page.css("table"))  # fmt: skip
    assert first[1] == ["Larkmere", "29 Nov, complete", "7", "under 5", "0", "61", "0", "31"]
    assert first[2][:2] == ["Millbrook", "never"]
    assert first[-1] == ["All", "", "7", "under 5", "0", "73", "0", ""]
    assert by_clause == [["School", "C11", "C12"], ["Larkmere", "61", "under 5"], ["Millbrook", "–", "–"],
                         ["Ash Hill", "12", "under 5"], ["All", "73", "under 5"]]  # fmt: skip
    assert "Never audited: Millbrook." in " ".join(reading.first(page, "main").text().split())
    document = json.loads((tmp_path / "reports" / "trust.json").read_text())
    assert document[0]["overdue"] == "under 5"
    assert document[0]["by_clause"] == {"C11": "61", "C12": "under 5"}


def test_schools_that_were_never_audited_are_named(tmp_path: Path) -> None:
    make_workspace(tmp_path / "larkmere", "Larkmere Infant School", "https://www.larkmere.example/")
    assert main(["trust", "report", str(tmp_path)]) == 0
    assert "Never audited: Larkmere Infant School." in (tmp_path / "reports" / "trust.html").read_text("utf-8")
