"""Writing a report: one private folder per audit, every file whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditbot.collect.printer import render_pdf
from auditbot.model import Audit
from auditbot.private_files import private_folder, write_private
from auditbot.report.context import ReportContext
from auditbot.report.csv_report import findings_csv
from auditbot.report.evidence import write_pictures
from auditbot.report.headline import still_there
from auditbot.report.html_report import report_html
from auditbot.report.json_report import audit_json
from auditbot.report.kept import UNFINISHED_PDF
from auditbot.report.screens import write_manifest
from auditbot.settings import Settings


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where the report of one audit lies."""

    folder: Path
    """The folder of this audit."""
    html: Path
    """report.html, one file; only beyond 120 pictures does it lead to the others in the folder of evidence."""
    csv: Path
    """findings.csv, with pupils by id only."""
    json: Path
    """report.json, with pupils by id only."""
    evidence: Path
    """The folder of evidence pictures."""


def write_report(audit: Audit, context: ReportContext, folder: Path) -> ReportFiles:
    """Write the report of ``audit``, all but the PDF, into ``folder``, replacing an earlier report there.

    Raises OSError if a file cannot be written.
    """
    private_folder(folder)
    (folder / "report.pdf").unlink(missing_ok=True)
    files = ReportFiles(
        folder=folder,
        html=folder / "report.html",
        csv=folder / "findings.csv",
        json=folder / "report.json",
        evidence=folder / "evidence",
    )
    pictures = write_pictures(still_there(audit.findings), context.evidence, files.evidence)
    manifest = write_manifest(audit, pictures, context.screens, files.evidence)
    names = {
        finding: f"{files.evidence.name}/{picture.file_name}"
        for finding, picture in pictures.items()
        if picture.file_name
    }
    write_private(files.json, audit_json(audit, manifest).encode("ascii"))
    # The mark at the start is how Excel knows that a CSV file is UTF-8.
    write_private(files.csv, findings_csv(audit, context, names).encode("utf-8-sig"))
    write_private(files.html, report_html(audit, context, pictures, files.evidence, manifest).encode("utf-8"))
    return files


def write_pdf(files: ReportFiles, settings: Settings) -> Path:
    """Print a written report to report.pdf beside it; return its path.

    Raises BrowserMissing, BrowserUnusable or ReportNotPrinted; the report itself then stands without a PDF.
    """
    pdf, part = files.folder / "report.pdf", files.folder / UNFINISHED_PDF
    try:
        render_pdf(files.html, part, settings)
        part.chmod(0o600)
        part.replace(pdf)
    finally:
        part.unlink(missing_ok=True)
    return pdf
