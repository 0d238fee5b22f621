"""The exposure report in a real browser: axe finds nothing, nothing scrolls sideways, and it prints on A4."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from auditbot.collect.browser.launch import candidates, render_pdf
from auditbot.examine.images import encode
from auditbot.exposure.exposed import Reach, exposed_photos
from auditbot.exposure.exposure_page import About, names_found, page, sheet
from auditbot.exposure.safer import SaferCopy
from auditbot.exposure.summary import summed
from auditbot.model import PhotoMetadata
from auditbot.settings import School, Settings
from tests.unit.exposure.test_exposed_photos import CLEAR, HARD, NOT, SEEN, face, facts, post, use

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = ((1280, 900), (390, 844), (320, 640))
ABOUT = About("Larkmere", ("www.larkmere.example",), "29 November 2026", "Asked by who answers for it.", "0.1.0", True)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=next((one.path for one in candidates("") if one.path), None), args=["--no-sandbox"]
        )
        yield made
        made.close()


def pages(folder: Path, *, empty: bool = False) -> list[Path]:
    """The report and the sheet of a site with everything in it, or with nothing."""
    captions = ("Zayn’s rocket", "Mia & Arlo", "A long walk", "", "Poppy Okonkwo-Featherstonehaugh with her model")
    grades = ((CLEAR,), (CLEAR, SEEN), (HARD, HARD), (), (CLEAR, NOT))
    known, posts = {}, []
    for number, (caption, details) in enumerate(zip(captions * 5, grades * 5, strict=True)):
        name = f"p{number}"
        told = PhotoMetadata(has_position=number % 3 == 0, has_time=True, has_device=True)
        known[name] = facts(name, *map(face, details), metadata=told)
        posts.append(post(number, use(name, caption, behind=number % 2 == 0), month=1 + number % 11))
    reach = Reach(frozenset(one.url for one in posts), frozenset({"https://school.example/media/"}))
    exposure = summed(exposed_photos([] if empty else posts, known, reach), 0 if empty else 30)
    picture = encode(np.full((80, 120, 3), 120, np.uint8), ".jpg", 80)
    pictures = {photo.sha256: picture for photo in exposure.first[::2]}
    unseen = () if empty else ("2 films could not be looked through.", "The site answered too slowly. " * 8)
    html = folder / "exposure.html"
    html.write_text(page(exposure, ABOUT, pictures, unseen, searchable_known=not empty, before="Three fewer."), "utf-8")
    copies = [
        SaferCopy(photo, Path(f"media/{photo.sha256}.jpg"), "" if at % 2 else "It moves.", False, 300, 200, left=0)
        for at, photo in enumerate(exposure.first)
    ]
    after = folder / "before-and-after.html"
    after.write_text(sheet(copies, folder, names_found(exposure)), "utf-8")
    return [html, after]


@pytest.mark.parametrize("empty", [False, True])
def test_axe_finds_nothing_nothing_scrolls_sideways_and_no_name_stands_in_it(
    browser: Browser, tmp_path: Path, empty: bool
) -> None:
    problems = []
    for path in pages(tmp_path, empty=empty):
        content = path.read_text("utf-8")
        assert not any(name in content for name in ("Zayn", "Arlo", "Poppy", "Okonkwo", "Featherstonehaugh"))
        for wide, high in SIZES:
            shown = browser.new_page(viewport={"width": wide, "height": high}, bypass_csp=True)
            shown.goto(path.as_uri())
            found = Axe().run(shown, options={"runOnly": RULES}).response["violations"]
            problems += [f"{path.name} {wide}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]
            if shown.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                problems.append(f"{path.name} {wide}: scrolls sideways")
            shown.close()
    assert problems == []


def test_it_prints_on_a4_with_everything_a_reader_needs(tmp_path: Path) -> None:
    html, _ = pages(tmp_path)
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
