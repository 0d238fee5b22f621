"""Shared by the report's tests: kept photos, and reading a report back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditbot.model import Audit
from auditbot.present.report_context import ReportContext
from auditbot.report.stage import ReportFiles, write_report
from tests.unit.report import report_sample as sample

Write = Callable[[Audit, ReportContext], ReportFiles]
"""Writes a report into a new folder."""
Read = Callable[[Audit, ReportContext], LexborHTMLParser]
"""Writes a report and parses its page."""


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, Path]:
    """Three photos kept as evidence, of coloured noise; a fourth one of the sample is not kept."""
    photos = {sha256: tmp_path / sha256 for sha256 in sample.PHOTOS}
    for sha256, path in photos.items():
        path.write_bytes(sample.PHOTOS[sha256])
    return photos


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a report into a new folder."""

    def written(audit: Audit, context: ReportContext) -> ReportFiles:
        return write_report(audit, context, tmp_path / "reports" / audit.id)

    return written


@pytest.fixture
def read(write: Write) -> Read:
    """Write a report and parse its page."""

    def parsed(audit: Audit, context: ReportContext) -> LexborHTMLParser:
        return LexborHTMLParser(write(audit, context).html.read_bytes())

    return parsed
