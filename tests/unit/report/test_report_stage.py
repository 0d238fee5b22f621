"""The report stage in a workspace: what it writes, what it keeps, and what remains when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditbot.model import Coverage, Finding
from auditbot.registers.pupils import Pupil
from auditbot.report.stage import report
from auditbot.run import Run, local_now
from auditbot.settings import Report, School, Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import declared
from tests.unit.check.test_check_stage import Silent
from tests.unit.store.facts import NOON, URL, finding, post

MakeRun = Callable[..., Run]
NO_PDF = Report(pdf=False)
PUPILS = (Pupil("P001", "William", "Bell", preferred_forename="Bill"),)


@pytest.fixture
def audited(tmp_path: Path) -> Iterator[MakeRun]:
    """Make a run whose audit was collected and checked, with these findings."""
    with Store(tmp_path / "data" / "auditbot.db") as store:

        def made(options: Report = NO_PDF, findings: tuple[Finding, ...] = ()) -> Run:
            settings = Settings(School("Larkmere"), report=options)
            now = local_now(settings)
            audit = store.audits.begin(now, "all")
            store.audits.save_coverage(audit, Coverage("website", "complete", 1, 1), (), started_at=now, at=now)
            store.audits.save_check(
                audit, now, findings=findings, not_checked=(), ended={}, versions={}, posts_without_finding=1
            )
            store.audits.end(audit, now)
            return Run(Workspace(tmp_path), settings, declared(PUPILS), store, audit, Silent())

        yield made


def test_reports_are_kept_as_long_as_evidence_and_leave_nothing_half_written(audited: MakeRun) -> None:
    run = audited(Report(pdf=False, evidence_days=30))
    ages = {"old": 31, "young": 29}
    folders = {
        age: run.workspace.reports / f"{run.now() - timedelta(days=ages[age]):%Y-%m-%dT%H-%M-%S}" for age in ages
    }
    for folder in folders.values():
        folder.mkdir(parents=True)
        (folder / "report.json").write_bytes(b"{}")
        (folder / ".report.html.ab12.part").write_bytes(b"half a page")
    written = report(run)
    assert {path.name for path in run.workspace.reports.iterdir()} == {"latest", written.name, folders["young"].name}
    assert [path.name for path in folders["young"].iterdir()] == ["report.json"]
    assert (run.workspace.reports / "latest" / "report.html").is_file()


@pytest.mark.parametrize("name", ["William", "Bill", "Bell"])
def test_a_request_names_no_pupil_of_the_register_by_any_name(audited: MakeRun, name: str) -> None:
    unknown = replace(finding(sha256="a" * 64), kind="unknown_faces", pupil_ids=(), explanation="A face nobody knows.")
    run = audited(findings=(unknown,))
    run.store.published.save_post(post(URL, "a" * 64, title=f"Well done {name}!"), NOON)
    page = LexborHTMLParser((report(run) / "report.html").read_bytes())
    asked = next(node.text() for node in page.css("article p") if "This is about" in node.text())
    assert name not in asked and "a post on “website”" in asked
