"""The report stage: joins the newest audit with names and permissions, and writes it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.errors import (
    AuditbotError,
    BrowserMissing,
    BrowserUnusable,
    NoAuditYet,
    OldReportStays,
    ReportNamesStill,
    ReportNotPrinted,
)
from auditbot.evidence.pictures import drawn_before, write_pictures
from auditbot.evidence.screenshots import MANIFEST, write_manifest
from auditbot.log import Event, log_event
from auditbot.model import Audit
from auditbot.present.cards import cards
from auditbot.present.headline import Headline, headline, still_there
from auditbot.present.report_context import ReportContext
from auditbot.registers.declared import Declared, read_declared
from auditbot.report.data import audit_json, findings_csv
from auditbot.report.html import ON_PAGE, ON_PAPER, report_html
from auditbot.report.joined import joined
from auditbot.report.meeting import meeting_html
from auditbot.report.unchanged import lead_on_if_unchanged
from auditbot.run import QUIET, WARC_FILE, Run, local_now, stage
from auditbot.safe_files import private_folder, remove_unfinished, write_private
from auditbot.sentences import _, language
from auditbot.settings import Settings, Workspace
from auditbot.store import Store

# How long reports are kept: as long as evidence, for each holds pictures of it; the newest always stays.

PrintPdf = Callable[[Path, Path, Settings], None]
"""Prints a page to a PDF: a browser does it, and this room drives none."""
UNFINISHED_PDF = ".report.part.pdf"
"""The name under which a PDF is printed before it becomes report.pdf."""
ON_ITS_WAY = ".report.print.html"
"""The shorter edition of a very long report, there while it is printed."""
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
    """Remove every report that names one of these people because of their face, save that of the newest audit.

    Raises ReportNamesStill for the first that cannot be read or removed: nobody counts as erased who stands there yet.
    """
    for folder, _day in _of_audits(reports) if people and reports.is_dir() else ():
        try:
            if folder.name != newest and people & _named_by_face(folder / "report.json"):
                _remove(folder)
        except OSError as error:
            raise ReportNamesStill(folder) from error


def _named_by_face(report: Path) -> set[str]:
    try:
        findings = json.loads(report.read_text("utf-8"))["findings"]
        return {person for finding in findings if finding["clause"] == "C11" for person in finding["pupils"]}
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return set()  # no report of ours


def sweep_unfinished(reports: Path) -> None:
    """Remove what killed writes left in the reports of audits."""
    for folder, _day in _of_audits(reports):
        for name in (UNFINISHED_PDF, ON_ITS_WAY):
            (folder / name).unlink(missing_ok=True)
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


# reports/latest: where the newest report is always found.

_LEADS_ON = Markup(
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    '<meta http-equiv="refresh" content="0; url={address}">'
    '<p><a href="{address}">{words}</a></p></html>\n'
)
_MARK = b'<meta http-equiv="refresh" content="0; url=../'
"""By this a page that leads on is known from a report, whatever its language."""


def point_latest_at(folder: Path, reports: Path) -> Path:
    """Make ``reports/latest`` lead to ``folder``, one of the folders in ``reports``; return the path of latest.

    Raises OSError if neither a link nor a file can be written.
    """
    latest = reports / "latest"
    target = os.path.relpath(folder, reports)
    if not _link(latest, target):
        if latest.is_symlink():
            latest.unlink()  # or the page would be written into the report it leads to
        private_folder(latest)
        address = quote(f"../{Path(target).as_posix()}/report.html")
        page = _LEADS_ON.format(
            language=language(), title=_("Newest report"), address=address, words=_("Open the newest report")
        )
        write_private(latest / "report.html", page.encode("utf-8"))
    return latest


def point_at_newest(reports: Path) -> None:
    """Make ``reports/latest`` lead to the newest report in the folder, where there is one and no such link yet."""
    made = sorted(page.parent for page in reports.glob("*/report.html") if not page.parent.is_symlink())
    if made and not os.path.lexists(reports / "latest"):
        point_latest_at(made[-1], reports)


def _link(latest: Path, target: str) -> bool:
    """Put a link in the place of ``latest`` in one step; return False where that cannot be done."""
    fresh = latest.with_name(f".latest-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(target, target_is_directory=True)
    except OSError:
        return False
    try:
        _remove_if_it_only_leads_on(latest)
        _put(fresh, latest)
    except OSError:
        fresh.unlink(missing_ok=True)
        return False
    return True


def _put(fresh: Path, latest: Path) -> None:
    try:
        fresh.replace(latest)
    except PermissionError:
        # Windows does not put one link to a folder in the place of another.
        latest.unlink()
        fresh.rename(latest)


def _remove_if_it_only_leads_on(latest: Path) -> None:
    """Remove a folder made where links were not allowed; one that holds anything else is left as it is."""
    page = latest / "report.html"
    if latest.is_symlink() or not latest.is_dir() or [path.name for path in latest.iterdir()] != [page.name]:
        return
    if _MARK in page.read_bytes()[:400]:
        page.unlink()
        latest.rmdir()


# Writing a report: one private folder per audit, every file whole or not at all.


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where the report of one audit lies."""

    folder: Path
    """The folder of this audit."""
    html: Path
    """report.html, one file; only beyond 120 pictures does it lead to the others in the folder of evidence."""
    meeting: Path
    """meeting.html, for others: without names."""
    csv: Path
    """findings.csv, with pupils by id only."""
    json: Path
    """report.json, with pupils by id only."""
    evidence: Path
    """The folder of evidence pictures."""
    for_print: Callable[[], str] | None = None
    """What makes the shorter edition that is printed in place of the page; None if the page itself is."""


def _drawn_before(folder: Path) -> dict[str, Path]:
    """Return the pictures of this report as it was written before, or of the newest report beside it, by name."""
    earlier = [other for other, _ in _of_audits(folder.parent) if other.name <= folder.name]
    return {name: path for other in earlier[-2:] for name, path in drawn_before(other / "evidence", MANIFEST).items()}


def write_report(audit: Audit, context: ReportContext, folder: Path) -> ReportFiles:
    """Write the report of ``audit``, all but the PDF, into ``folder``, replacing an earlier report there.

    The PDF of an earlier one stays if the page is the same. Raises OSError if a file cannot be written.
    """
    private_folder(folder)
    files = ReportFiles(
        folder=folder,
        html=folder / "report.html",
        meeting=folder / "meeting.html",
        csv=folder / "findings.csv",
        json=folder / "report.json",
        evidence=folder / "evidence",
    )
    drawn = _drawn_before(folder)
    pictures = write_pictures(still_there(audit.findings), context.evidence, files.evidence, drawn)
    manifest = write_manifest(audit, pictures, context.screens, files.evidence)
    names = {
        finding: f"{files.evidence.name}/{picture.file_name}"
        for finding, picture in pictures.items()
        if picture.file_name
    }
    page = report_html(audit, context, pictures, files.evidence, manifest).encode("utf-8")
    if not files.html.is_file() or files.html.read_bytes() != page:
        (folder / "report.pdf").unlink(missing_ok=True)
    write_private(files.json, audit_json(audit, manifest).encode("ascii"))
    # The mark at the start is how Excel knows that a CSV file is UTF-8.
    write_private(files.csv, findings_csv(audit, context, names).encode("utf-8-sig"))
    write_private(files.meeting, meeting_html(audit, context).encode("utf-8"))
    write_private(files.html, page)
    if len(audit.findings) <= ON_PAGE.whole:
        return files
    return replace(
        files, for_print=lambda: report_html(audit, context, pictures, files.evidence, manifest, edition=ON_PAPER)
    )


def write_pdf(files: ReportFiles, settings: Settings, print_pdf: PrintPdf) -> Path:
    """Print a written report, or its shorter edition, to report.pdf beside it; return its path.

    One that stands there is of the same page. Raises BrowserMissing, BrowserUnusable or ReportNotPrinted; the report
    itself then stands without a PDF.
    """
    pdf, part, shorter = (files.folder / name for name in ("report.pdf", UNFINISHED_PDF, ON_ITS_WAY))
    if pdf.is_file():
        return pdf
    try:
        if files.for_print is not None:
            write_private(shorter, files.for_print().encode("utf-8"))
        print_pdf(files.html if files.for_print is None else shorter, part, settings)
        part.chmod(0o600)
        part.replace(pdf)
    finally:
        part.unlink(missing_ok=True)
        shorter.unlink(missing_ok=True)
    return pdf


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that was written."""

    folder: Path
    """Its folder."""
    not_printed: AuditbotError | None = None
    """Why it has no PDF although there should be one; None if nothing is missing."""


def report(run: Run, print_pdf: PrintPdf) -> Reported:
    """Write the report of the newest audit, point ``reports/latest`` at it and remove old ones.

    A PDF that cannot be printed is told in what is returned; the report is whole without it. Raises NoAuditYet if
    nothing was ever checked, OldReportStays if an old report cannot be removed; the new one is in its place by then.
    """
    not_printed = None
    latest = run.store.audits.latest()
    if latest is None:
        raise NoAuditYet(run.workspace.folder)
    audit = run.store.audits.load(latest)
    folder = run.workspace.reports / audit.id
    with stage(run.progress, _("Report written"), 1) as one_more:
        files = write_report(audit, _context(run, audit), folder)
        point_latest_at(folder, run.workspace.reports)
        sweep_unfinished(run.workspace.reports)
        if run.removes_by_age:
            kept_for = timedelta(days=run.settings.report.evidence_days)
            remove_old_reports(run.workspace.reports, folder, run.now() - kept_for)
        if run.settings.report.pdf:
            not_printed = _not_printed(files, run.settings, print_pdf)
        _lead_on_from_the_night_before(run, folder)
        one_more()
    return Reported(folder, not_printed)


def _not_printed(files: ReportFiles, settings: Settings, print_pdf: PrintPdf) -> AuditbotError | None:
    """Print the report; return why that could not be done."""
    try:
        write_pdf(files, settings, print_pdf)
    except (BrowserMissing, BrowserUnusable, ReportNotPrinted) as error:
        log_event(Event.NOT_PRINTED)
        return error
    return None


def _lead_on_from_the_night_before(run: Run, folder: Path) -> None:
    before = [other for other, _ in _of_audits(folder.parent) if other.name < folder.name and _is_ours(other)]
    with Ledger(run.workspace.data / FILE_NAME) as ledger:
        decided = [event.at for event in ledger.events()]
    if before:
        lead_on_if_unchanged(before[-1], folder, decided)


def write_newest_again(
    workspace: Workspace, settings: Settings, declared: Declared, store: Store, *, even_if_gone: bool = False
) -> None:
    """Write the newest report again, if there is one, as the store tells it now; its PDF goes with the old one."""
    newest = store.audits.latest()
    if newest is None or not (even_if_gone or (workspace.reports / newest / "report.json").is_file()):
        return
    run = Run(workspace, settings, declared, store, newest, QUIET)
    audit = store.audits.load(newest)
    write_report(audit, _context(run, audit), workspace.reports / newest)
    point_latest_at(workspace.reports / newest, workspace.reports)


def _context(run: Run, audit: Audit) -> ReportContext:
    with Ledger(run.workspace.data / FILE_NAME) as ledger:
        events = ledger.events()
    return joined(run.workspace, run.settings, run.declared, run.store, audit, events, run.now())


def headline_now(workspace: Workspace, settings: Settings, audit: Audit) -> Headline:
    """Return what stands first of ``audit``, with all decisions so far."""
    now = local_now(settings)
    declared = read_declared(workspace, now.date())
    with Store(workspace.data / "auditbot.db") as store, Ledger(workspace.data / FILE_NAME) as ledger:
        context = joined(workspace, settings, declared, store, audit, ledger.events(), now)
    return headline(audit, cards(audit, context), first_night=context.is_first_night)
