"""The exposure report in a real browser: axe finds nothing, nothing scrolls sideways, and it prints on A4."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from auditbot.collect.browser.launch import candidates, render_pdf
from auditbot.settings import School, Settings
from tests.unit.exposure.exposure_sample import NAMES, write_pages

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = ((1280, 900), (390, 844), (320, 640))


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=next((one.path for one in candidates("") if one.path), None), args=["--no-sandbox"]
        )
        yield made
        made.close()


@pytest.mark.parametrize("empty", [False, True])
def test_axe_finds_nothing_nothing_scrolls_sideways_and_no_name_stands_in_it(
    browser: Browser, tmp_path: Path, empty: bool
) -> None:
    problems = []
    for path in write_pages(tmp_path, empty=empty):
        content = path.read_text("utf-8")
        assert not any(name in content for name in NAMES)
        for (wide, high), scheme in product(SIZES, SCHEMES):
            shown = browser.new_page(viewport={"width": wide, "height": high}, color_scheme=scheme, bypass_csp=True)
            shown.goto(path.as_uri())
            found = Axe().run(shown, options={"runOnly": RULES}).response["violations"]
            problems += [f"{path.name} {wide}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]
            if shown.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                problems.append(f"{path.name} {wide}: scrolls sideways")
            shown.close()
    assert problems == []


def test_it_prints_on_a4_with_everything_a_reader_needs(tmp_path: Path) -> None:
    html, _ = write_pages(tmp_path)
    (tmp_path / "exposure.pdf").touch()
    render_pdf(html, tmp_path / "exposure.pdf", Settings(School("Larkmere")))
    document = pypdfium2.PdfDocument(tmp_path / "exposure.pdf")
    size = document[0].get_size()
    text = " ".join(one.get_textpage().get_text_range() for one in document)
    document.close()
    assert size == pytest.approx((595, 842), abs=2)
    for wanted in ("How exposed are our children?", "Where to begin", "What could not be seen", "most exposed photos"):
        assert wanted in text
    assert "What the guidance of 2026 asks" in text and "How this was measured" in text
