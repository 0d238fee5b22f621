"""The log of who read names: many write it at once, and no line is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditbot.privacy import access_log
from auditbot.privacy.access_log import drop_old_lines, forget_in_log, lines_of, record_view
from auditbot.settings import Workspace

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_a_line_added_while_the_log_is_written_anew_is_kept(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    record_view(workspace, "lead", "old", "P001", "", NOW - timedelta(days=900))

    def look(number: int) -> None:
        record_view(workspace, "lead", f"look {number}", "P002", "", NOW)

    def rewrite(number: int) -> None:
        record_view(workspace, "lead", "look", f"P9{number}", "", NOW)
        forget_in_log(workspace, f"P9{number}")
        drop_old_lines(workspace, NOW, 365)

    with ThreadPoolExecutor(4) as threads:
        for kind in (look, rewrite):
            for number in range(40):
                threads.submit(kind, number)
    told = [(line["command"], line["whose"]) for line in lines_of(workspace)]
    assert {(f"page: look {number}", "P002") for number in range(40)} <= set(told)
    assert told.count(("page: look", "a pupil forgotten since")) == 40 and len(told) == 80
    assert access_log.access_log(workspace).stat().st_mode & 0o077 == 0
