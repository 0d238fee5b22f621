"""The whole report as text, so that a change of wording is seen and meant.

To accept a change: AUDITBOT_WRITE_GOLDEN=1 python -m pytest tests/unit/report/test_report_golden.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditbot.commands.audit import summary
from auditbot.present.cards import cards
from auditbot.present.headline import headline
from tests.reading import first
from tests.unit.report import report_sample as sample
from tests.unit.report.conftest import Read
from tests.unit.report.test_report_page import CASES, case

GOLDEN = Path(__file__).parent / "golden"
BLOCKS = "p|li|dt|dd|caption|th|td|tr|figcaption|div|section|article|header|br|h[1-6]"


def lines(page: LexborHTMLParser) -> str:
    """Return the page's text, one block a line, headings marked."""
    html = (first(page, "body").html or "").replace("<wbr>", "")
    html = re.sub(r"<h([1-6])[^>]*>", lambda found: "\x1e" + "#" * int(found[1]) + " ", html)
    html = re.sub(rf"</?(?:{BLOCKS})\b[^>]*>", "\x1e", html)
    told = [re.sub(r"\s+", " ", line).strip() for line in LexborHTMLParser(html).text().split("\x1e")]
    return "\n".join(line for line in told if line) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_the_report_reads_as_agreed(read: Read, name: str) -> None:
    audit = case(name)
    told = lines(read(audit, sample.context())) + "\n--- terminal ---\n"
    head = headline(audit, cards(audit, sample.context()))
    told += summary(audit, head, Path("reports/latest/report.html")) + "\n"
    golden = GOLDEN / f"{name.replace(' ', '_')}.txt"
    if os.environ.get("AUDITBOT_WRITE_GOLDEN"):
        golden.write_text(told, "utf-8")
    assert told == golden.read_text("utf-8")
