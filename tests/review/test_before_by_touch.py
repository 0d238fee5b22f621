"""Before you post on a phone: photos are answered one after another as they are ready, and the page stays clean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.review.conftest import Site
from tests.review.made_school import photo
from tests.review.test_before import SURNAME, faces, seen
from tests.review.test_in_the_browser import PHONE, ServedAt, _problems, browser, open_as

__all__ = ["browser", "seen"]


@pytest.mark.parametrize("script", [True, False])
def test_a_teacher_checks_two_photos_and_words_by_touch(
    browser: Browser, site: Site, served: ServedAt, seen: Callable[..., None], tmp_path: Path, script: bool
) -> None:
    files: list[Any] = []
    for name in ("pond-dipping", "mud-kitchen"):
        (tmp_path / f"{name}.jpg").write_bytes(photo(name))
        files.append(str(tmp_path / f"{name}.jpg"))
    seen(faces=faces("P005"), verdict="do_not_publish")
    page = open_as(browser, site, served, "editor", PHONE, has_touch=True, java_script_enabled=script)
    page.get_by_role("link", name="Before you post").tap()
    page.locator("#photos").set_input_files(files)
    page.locator("#text").fill(SURNAME)
    page.get_by_role("button", name="Check").tap()
    expect(page.locator("section.answer")).to_have_count(3, timeout=20_000)
    expect(page.locator("section.answer h2")).to_have_text(
        ["The words: Change the marked words", "Choose another", "Choose another"]
    )
    assert page.locator("section.answer img").first.evaluate("image => image.naturalWidth") > 200
    if script:
        assert page.url.endswith("/before") and _problems(page, "/before answered") == []
    with page.expect_download() as copied:
        page.locator("#photos").set_input_files(files[:1])
        page.get_by_role("button", name="Copy without").tap()
    assert copied.value.suggested_filename == "photo.jpg"
