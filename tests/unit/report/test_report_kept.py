"""How long reports are kept: the newest always, older ones as long as evidence, and nothing that is no report."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from auditbot.errors import OldReportStays
from auditbot.report.stage import point_latest_at, remove_old_reports, sweep_unfinished

NOW = datetime(2026, 11, 19, 2, 30, tzinfo=ZoneInfo("Europe/London"))
KEPT_FOR = timedelta(days=90)


def report(reports: Path, name: str) -> Path:
    """Make a report folder as an audit leaves it."""
    folder = reports / name
    (folder / "evidence").mkdir(parents=True)
    for file in ("report.html", "report.json", "findings.csv", "report.pdf", "evidence/1.jpg"):
        (folder / file).write_bytes(b"names a child")
    return folder


def names(reports: Path) -> set[str]:
    return {path.name for path in reports.iterdir()}


@pytest.mark.parametrize(
    ("name", "goes"),
    [
        ("2026-11-19T02-30-00", False),
        ("2026-08-21T02-30-00", False),
        ("2026-08-21T02-29-59", True),
        ("2026-08-20T02-30-00-2", True),
        ("2025-11-19T02-30-00", True),
    ],
)
def test_a_report_goes_once_it_is_older_than_evidence_is_kept(tmp_path: Path, name: str, goes: bool) -> None:
    report(tmp_path, name)
    newest = report(tmp_path, "2026-11-19T02-30-01")
    remove_old_reports(tmp_path, newest, NOW - KEPT_FOR)
    assert names(tmp_path) == {newest.name} | (set() if goes else {name})


def test_the_newest_report_stays_however_old_it_is(tmp_path: Path) -> None:
    newest = report(tmp_path, "2024-01-05T02-30-00")
    report(tmp_path, "2024-01-04T02-30-00")
    point_latest_at(newest, tmp_path)
    remove_old_reports(tmp_path, newest, NOW - KEPT_FOR)
    assert names(tmp_path) == {newest.name, "latest"}
    assert (tmp_path / "latest" / "evidence" / "1.jpg").is_file()


def test_nothing_goes_that_is_no_report_of_ours(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    newest = report(reports, "2026-11-19T02-30-00")
    for other in ("for the governors", "2024-01-05", "2024-13-05T02-30-00", "2024-01-05T02-30-00 copy"):
        report(reports, other)
    unfinished = report(reports, "2024-01-06T02-30-00")
    (unfinished / "report.json").unlink()
    (reports / "2024-01-07T02-30-00").write_bytes(b"a file")
    elsewhere = report(tmp_path, "2024-01-08T02-30-00")
    (reports / elsewhere.name).symlink_to(elsewhere, target_is_directory=True)
    before = names(reports)
    remove_old_reports(reports, newest, NOW - KEPT_FOR)
    assert names(reports) == before
    assert (elsewhere / "report.json").is_file()


def test_a_report_cut_short_while_it_was_removed_is_removed_by_the_next_audit(tmp_path: Path) -> None:
    old, newest = report(tmp_path, "2024-01-05T02-30-00"), report(tmp_path, "2026-11-19T02-30-00")
    for gone in ("report.html", "report.pdf", "findings.csv"):
        (old / gone).unlink()
    remove_old_reports(tmp_path, newest, NOW - KEPT_FOR)
    assert names(tmp_path) == {newest.name}


def test_a_report_that_cannot_be_removed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, newest = report(tmp_path, "2024-01-05T02-30-00"), report(tmp_path, "2026-11-19T02-30-00")
    unlink = Path.unlink

    def unlink_as_on_windows(self: Path, missing_ok: bool = False) -> None:
        if self.name == "report.pdf":
            raise PermissionError(13, "The process cannot access the file because it is open in another process")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink_as_on_windows)
    with pytest.raises(OldReportStays, match="2024-01-05T02-30-00"):
        remove_old_reports(tmp_path, newest, NOW - KEPT_FOR)
    assert (old / "report.json").is_file()


def test_what_a_killed_write_left_in_any_report_is_removed(tmp_path: Path) -> None:
    left = []
    for name in ("2026-11-18T02-30-00", "2026-11-19T02-30-00"):
        folder = report(tmp_path, name)
        left += [folder / ".report.html.ab12.part", folder / ".report.part.pdf", folder / "evidence" / ".1.jpg.x.part"]
    own = report(tmp_path, "for the governors") / ".notes.part"
    for path in (*left, own):
        path.write_bytes(b"half a page")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    sweep_unfinished(tmp_path)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before - set(left)
