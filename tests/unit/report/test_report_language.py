"""The report in a made-up language: no sentence that a person reads is left in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import made_up_language as made_up
from tests.unit.report import report_sample as sample
from tests.unit.report.conftest import Write
from tests.unit.report.test_report_page import CASES, case

NAMES = {"manifest.json", "SHA-256", "evidence"}
"""What is called so in every language."""


@pytest.fixture(scope="module", autouse=True)
def spoken() -> Iterator[None]:
    with made_up.spoken():
        yield


@pytest.mark.parametrize("name", CASES)
def test_no_sentence_of_report_and_meeting_page_is_left_out(write: Write, kept: dict[str, Path], name: str) -> None:
    audit, context = case(name), sample.context(kept)
    files = write(audit, context)
    data = {*made_up.strings(audit), *made_up.strings(context), *NAMES}
    data |= {name.replace("_", " ").capitalize() for name in (*audit.versions, *context.counts)}
    for page in (files.html, files.meeting):
        html = page.read_text("utf-8")
        assert '<html lang="x-made-up">' in html
        assert made_up.not_translated(html, data) == []
