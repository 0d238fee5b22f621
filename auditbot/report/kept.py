"""How long reports are kept: as long as evidence, for each holds pictures of it; the newest always stays.

Reports that name somebody of whom no face data may be held any more go at once."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Set
from datetime import datetime
from pathlib import Path

from auditbot.collect.warc import WARC_FILE
from auditbot.errors import OldReportStays
from auditbot.private_files import remove_unfinished

UNFINISHED_PDF = ".report.part.pdf"
"""The name under which a PDF is printed before it becomes report.pdf."""
_RUN_ID = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)(-\d+)?")


def remove_old_reports(reports: Path, newest: Path, before: datetime) -> None:
    """Remove the reports of audits that began before this moment; never ``newest``, nor a folder that is no report.

    Raises OldReportStays for the first that cannot be removed.
    """
    for folder, began in _of_audits(reports):
        if began < before.replace(tzinfo=None) and folder.name != newest.name and _is_ours(folder):
            try:
                _remove(folder)
            except OSError as error:
                raise OldReportStays(folder) from error


def remove_reports_naming(people: Set[str], reports: Path, newest: str | None) -> None:
    """Remove every report that names one of these people because of their face, save that of the newest audit."""
    for folder, _ in _of_audits(reports) if people and reports.is_dir() else ():
        if folder.name != newest and people & _named_by_face(folder / "report.json"):
            _remove(folder)


def _named_by_face(report: Path) -> set[str]:
    try:
        findings = json.loads(report.read_text("utf-8"))["findings"]
        return {person for finding in findings if finding["clause"] == "C11" for person in finding["pupils"]}
    except (OSError, ValueError, LookupError, TypeError):
        return set()  # no report of ours


def sweep_unfinished(reports: Path) -> None:
    """Remove what killed writes left in the reports of audits."""
    for folder, _ in _of_audits(reports):
        (folder / UNFINISHED_PDF).unlink(missing_ok=True)
        for place in (folder, folder / "evidence"):
            remove_unfinished(place)


def _is_ours(folder: Path) -> bool:
    return (folder / "report.json").is_file() or (folder / WARC_FILE).is_file()


def _of_audits(reports: Path) -> Iterator[tuple[Path, datetime]]:
    """Yield the folders named after an audit, with the local time it began."""
    for folder in sorted(reports.iterdir()):
        found = _RUN_ID.fullmatch(folder.name)
        if not found or folder.is_symlink() or not folder.is_dir():
            continue
        try:
            yield folder, datetime.strptime(found[1], "%Y-%m-%dT%H-%M-%S")
        except ValueError:
            continue  # no such day: not our folder


def _remove(folder: Path) -> None:
    """Remove a report, its mark last, so that one cut short here is known as a report and removed the next time."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "report.json":
            path.unlink()
    shutil.rmtree(folder)
