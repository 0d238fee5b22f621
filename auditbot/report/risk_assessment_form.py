"""The policy's risk assessment form as a page to read, print and sign."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from markupsafe import Markup, escape

from auditbot.collect.printer import render_pdf
from auditbot.private_files import private_folder, write_private
from auditbot.registers.risk_assessments import COLUMNS, QUESTIONS, RiskAssessment, unfinished
from auditbot.report.page import page_environment, render_page, style_sheet
from auditbot.report.visible import visible
from auditbot.settings import Settings

EMPTY = Markup('<span class="empty">(not filled in)</span>')


def form_html(form: RiskAssessment, school: str, today: date) -> str:
    """Return the form as one HTML document: the policy's questions and columns, in its order."""
    environment = page_environment()
    return render_page(
        environment,
        "risk_assessment.html.j2",
        style_sheet(environment, "risk_assessment.css"),
        form=form,
        school=school,
        today=today,
        questions=QUESTIONS,
        columns=COLUMNS,
        unfinished=unfinished(form, today),
        cell=_cell,
    )


def _cell(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(escape(visible(text))) if text.strip() else EMPTY


def print_form(form: RiskAssessment, name: str, folder: Path, settings: Settings, today: date) -> tuple[Path, Path]:
    """Write the form as NAME.html and NAME.pdf into the folder and return both paths.

    Raises BrowserMissing, BrowserUnusable or ReportNotPrinted; the page itself then stands without a PDF.
    """
    private_folder(folder)
    html, pdf = folder / f"{name}.html", folder / f"{name}.pdf"
    write_private(html, form_html(form, settings.school.name, today).encode("utf-8"))
    pdf.unlink(missing_ok=True)
    pdf.touch(mode=0o600)
    render_pdf(html, pdf, settings)
    return html, pdf
