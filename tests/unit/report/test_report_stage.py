"""The report stage in a workspace: what it writes, what it keeps, and what remains when something goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page
from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser import launch
from auditbot.collect.browser.launch import printing_seconds, render_pdf
from auditbot.errors import BrowserUnusable, ReportNotPrinted
from auditbot.model import Coverage, Finding
from auditbot.registers.people import Pupil
from auditbot.report.stage import Reported, point_latest_at, report
from auditbot.run import Run, local_now
from auditbot.sentences import quoted
from auditbot.settings import Collect, Report, School, Settings, Workspace
from auditbot.store import Store
from tests.reading import first
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

        def made(options: Report = NO_PDF, findings: tuple[Finding, ...] = (), browser: str = "") -> Run:
            settings = Settings(School("Larkmere"), report=options, collect=Collect(browser=browser))
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
    written = report(run, render_pdf).folder
    assert {path.name for path in run.workspace.reports.iterdir()} == {"latest", written.name, folders["young"].name}
    assert [path.name for path in folders["young"].iterdir()] == ["report.json"]
    assert (run.workspace.reports / "latest" / "report.html").is_file()


@pytest.mark.parametrize("name", ["William", "Bill", "Bell"])
def test_a_request_names_no_pupil_of_the_register_by_any_name(audited: MakeRun, name: str) -> None:
    unknown = replace(
        finding(sha256="a" * 64), kind="unknown_faces", pupil_ids=(), explanation=quoted("A face nobody knows.")
    )
    run = audited(findings=(unknown,))
    run.store.published.save_post(post(URL, "a" * 64, title=f"Well done {name}!"), NOON)
    page = LexborHTMLParser((report(run, render_pdf).folder / "report.html").read_bytes())
    asked = first(page, "article .ask").text()
    assert name not in asked and "“Well done …!”" in asked


def folders(run: Run) -> tuple[Path, Path]:
    """Return an older report with its PDF, which latest leads to, and where the new report will lie."""
    old = run.workspace.reports / f"{run.now() - timedelta(days=1):%Y-%m-%dT%H-%M-%S}"
    new = run.workspace.reports / run.audit
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "report.pdf").write_bytes(b"an earlier print")
    point_latest_at(old, run.workspace.reports)
    return old, new


def test_a_report_that_cannot_be_printed_is_there_all_the_same(
    audited: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_args: object, **_options: Any) -> None:
        raise PlaywrightError("Protocol error (Page.printToPDF): Printing failed")

    run = audited(Report(pdf=True))
    old, new = folders(run)
    monkeypatch.setattr(Page, "pdf", too_large)
    told = report(run, render_pdf).not_printed
    assert isinstance(told, ReportNotPrinted) and re.search(r"report\.html.*\[report\] pdf", str(told))
    assert (run.workspace.reports / "latest").resolve() == new.resolve()
    there = {"report.html", "meeting.html", "report.json", "findings.csv", "evidence"}
    assert {path.name for path in new.iterdir()} == there
    assert (old / "report.pdf").read_bytes() == b"an earlier print"


def test_without_a_browser_the_report_is_there_all_the_same(audited: MakeRun, tmp_path: Path) -> None:
    run = audited(Report(pdf=True), browser=str(tmp_path / "no-browser"))
    _, new = folders(run)
    assert isinstance(report(run, render_pdf).not_printed, BrowserUnusable)
    assert (run.workspace.reports / "latest").resolve() == new.resolve()
    assert (new / "report.html").is_file() and not (new / "report.pdf").exists()


def test_a_report_without_pdf_keeps_no_earlier_print(audited: MakeRun) -> None:
    run = audited()
    _, new = folders(run)
    assert report(run, render_pdf) == Reported(new) and not (new / "report.pdf").exists()


def test_a_page_that_says_the_same_is_printed_once(audited: MakeRun) -> None:
    printed: list[bytes] = []

    def print_pdf(page: Path, pdf: Path, _settings: Settings) -> None:
        printed.append(page.read_bytes())
        pdf.write_bytes(b"print %d" % len(printed))

    run = audited(Report(pdf=True))
    pdf = report(run, print_pdf).folder / "report.pdf"
    assert report(run, print_pdf).folder == pdf.parent
    assert len(printed) == 1 and pdf.read_bytes() == b"print 1"
    changed = replace(run, settings=replace(run.settings, school=School("Another name")))
    report(changed, print_pdf)
    assert len(printed) == 2 and pdf.read_bytes() == b"print 2"
    assert b"Another name" in printed[1]


def test_printing_that_does_not_end_is_cut_short_and_told(
    audited: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "PRINTING_SECONDS", 0.2)
    monkeypatch.setattr(launch, "PRINTING_SECONDS_A_MEGABYTE", 0.0)
    page = tmp_path / "long.html"
    page.write_text("<!doctype html><title>x</title>" + "<p>Some words of a long page.</p>" * 50_000, "utf-8")

    def long(_html: Path, pdf: Path, settings: Settings) -> None:
        render_pdf(page, pdf, settings)

    told = report(audited(Report(pdf=True)), long)
    assert "the browser had not ended after 1 minute" in str(told.not_printed)
    assert (told.folder / "report.html").is_file() and not list(told.folder.glob("*.p*"))


def test_a_large_page_may_take_longer_to_print() -> None:
    assert [printing_seconds(size) for size in (0, 4_000_000, 13_400_000)] == [300, 540, 1104]
