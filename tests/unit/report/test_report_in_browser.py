"""The report as a browser shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from auditbot.collect.browser.launch import candidates, sandbox_works
from tests.unit.report import report_sample as sample
from tests.unit.report.test_report_hostile import HOSTILE, hostile

NAMES = {"rich": lambda kept: (sample.audit(), sample.context(kept)), "hostile": lambda _: hostile("".join(HOSTILE))}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Any browser of this machine."""
    with sync_playwright() as playwright:
        for candidate in candidates(""):
            try:
                browser = playwright.chromium.launch(
                    executable_path=candidate.path, channel=candidate.channel, chromium_sandbox=sandbox_works()
                )
            except Error:
                continue
            yield browser
            browser.close()
            return
    pytest.fail("no browser on this machine")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [1280, 375, 320])
def test_it_opens_without_a_request_or_complaint_and_never_scrolls_sideways(browser, write, kept, name, width):
    files = write(*NAMES[name](kept))
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(files.html.as_uri())
    assert [url for url in asked if not url.startswith("data:image/jpeg;")] == [files.html.as_uri()]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    # The style applies, though the page's policy admits only the style with the right hash.
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderLeftStyle") in ("solid", "double")
    page.close()


def test_the_keyboard_reaches_the_report_first_and_then_every_link(browser, write, kept):
    page = browser.new_page()
    page.goto(write(sample.audit(), sample.context(kept)).html.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.close()
