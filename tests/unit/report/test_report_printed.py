"""The report on paper."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from auditbot.collect.browser.launch import render_pdf
from auditbot.report.stage import write_pdf, write_report
from auditbot.settings import School, Settings
from tests.unit.report import report_sample as sample


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """report.pdf of the rich sample."""
    settings = Settings(school=School(name="Larkmere Infant and Nursery School"))
    files = write_report(sample.audit(), sample.context(), tmp_path_factory.mktemp("printed") / "report")
    return write_pdf(files, settings, render_pdf)


def test_the_pdf_is_private_a4_with_run_id_and_page_numbers(printed: Path) -> None:
    assert printed.stat().st_mode & 0o077 == 0 and [p.name for p in printed.parent.glob("*.pdf")] == ["report.pdf"]
    document = pypdfium2.PdfDocument(printed)
    for number, page in enumerate(document, 1):
        assert [round(side) for side in page.get_size()] == [595, 842]
        words = page.get_textpage().get_text_range()
        assert f"Page {number} of {len(document)}" in words
        assert "Audit 2026-11-19T02-30-00" in words
    document.close()


def test_the_pdf_prints_addresses_in_full(printed: Path) -> None:
    document = pypdfium2.PdfDocument(printed)
    words = "".join(page.get_textpage().get_text_range() for page in document)
    assert "https://www.larkmere.example/2026/11/farm-visit/" in words
    document.close()
