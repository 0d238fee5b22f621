"""A night that says what the next one says leads on to it; one with news, decisions or gaps of its own stays whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditbot.report.unchanged import lead_on_if_unchanged

Document = dict[str, Any]
BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
BETWEEN = datetime(2026, 11, 18, 9, tzinfo=UTC)


def night(folder: Path, name: str, change: Callable[[Document], object] = lambda _document: None) -> Path:
    document: Document = {
        "audit": {"id": name, "started_at": f"{name[:10]}T02:30:00+00:00", "finished_at": f"{name[:10]}T02:40:00+00:00",
                  "complete": True, "versions": {"policy": "1"}, "evidence_manifest": name},
        "coverage": [{"account": "website", "status": "complete", "posts": 4, "photos": 3, "reason": ""}],
        "findings": [{"id": "f1", "state": "open", "pupils": ["P001"]}, {"id": "f2", "state": "open", "pupils": []}],
        "not_checked": [],
    }  # fmt: skip
    change(document)
    place = folder / name
    place.mkdir()
    (place / "report.json").write_text(json.dumps(document), "utf-8")
    for page in ("report.html", "meeting.html", "report.pdf", "findings.csv"):
        (place / page).write_bytes(b"x" * 5_000_000 if page == "report.html" else b"x")
    return place


def test_the_same_again_leads_on_and_keeps_what_was_found(tmp_path: Path) -> None:
    first, second = night(tmp_path, "2026-11-18T02-30-00"), night(tmp_path, "2026-11-19T02-30-00")
    kept = (first / "report.json").read_bytes()
    assert lead_on_if_unchanged(first, second, [BEFORE])
    assert '<a href="../2026-11-19T02-30-00/report.html">' in (first / "report.html").read_text("utf-8")
    assert '<a href="../2026-11-19T02-30-00/meeting.html">' in (first / "meeting.html").read_text("utf-8")
    assert (first / "report.json").read_bytes() == kept
    assert (first / "findings.csv").exists() and not (first / "report.pdf").exists()
    assert sum(path.stat().st_size for path in first.iterdir()) < 10_000


def test_news_that_still_stands_the_next_night_is_no_change_and_stays_in_the_list(tmp_path: Path) -> None:
    first = night(tmp_path, "2026-11-18T02-30-00", lambda document: document["findings"][0].update(state="new"))
    second = night(tmp_path, "2026-11-19T02-30-00")
    assert lead_on_if_unchanged(first, second, [BEFORE])
    assert "findings.csv" in (first / "report.html").read_text("utf-8")
    assert json.loads((first / "report.json").read_text("utf-8"))["findings"][0]["state"] == "new"


def test_news_of_the_newer_night_keeps_both(tmp_path: Path) -> None:
    first = night(tmp_path, "2026-11-18T02-30-00")
    second = night(tmp_path, "2026-11-19T02-30-00", lambda document: document["findings"][0].update(state="new"))
    assert not lead_on_if_unchanged(first, second, [])


CHANGES: dict[str, Callable[[Document], object]] = {
    "a finding has gone": lambda document: document["findings"][0].update(state="gone"),
    "one finding fewer": lambda document: document["findings"].pop(),
    "another pupil": lambda document: document["findings"][0].update(pupils=["P002"]),
    "not complete": lambda document: document["audit"].update(complete=False),
    "something not checked": lambda document: document["not_checked"].append({"url": "/a"}),
    "another policy": lambda document: document["audit"].update(versions={"policy": "2"}),
    "a post more": lambda document: document["coverage"][0].update(posts=5),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("which", ["earlier", "newest"])
def test_whatever_differs_stays_whole(which: str, change: Callable[[Document], object], tmp_path: Path) -> None:
    first = night(tmp_path, "2026-11-18T02-30-00", *([change] if which == "earlier" else []))
    second = night(tmp_path, "2026-11-19T02-30-00", *([change] if which == "newest" else []))
    assert not lead_on_if_unchanged(first, second, [])
    assert (first / "report.html").stat().st_size == 5_000_000


def test_a_decision_in_between_keeps_both(tmp_path: Path) -> None:
    first, second = night(tmp_path, "2026-11-18T02-30-00"), night(tmp_path, "2026-11-19T02-30-00")
    assert not lead_on_if_unchanged(first, second, [BETWEEN])


def test_a_folder_without_a_report_of_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "2026-11-18T02-30-00").mkdir()
    newest = night(tmp_path, "2026-11-19T02-30-00")
    assert not lead_on_if_unchanged(tmp_path / "2026-11-18T02-30-00", newest, [])
    for broken in ("{}", "[]", "half a pa"):
        (tmp_path / "2026-11-18T02-30-00" / "report.json").write_text(broken, "utf-8")
        assert not lead_on_if_unchanged(tmp_path / "2026-11-18T02-30-00", newest, [])
