"""The report as a browser shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, sync_playwright

from auditbot.collect.browser.launch import candidates, sandbox_works
from auditbot.decisions.decided import Decided, Facts, State
from auditbot.decisions.standing import Standing
from auditbot.model import Audit
from auditbot.present.report_context import ReportContext
from tests.unit.report import report_sample as sample
from tests.unit.report.conftest import Write
from tests.unit.report.test_report_hostile import HOSTILE, hostile

NAMES: dict[str, Callable[[dict[str, Path]], tuple[Audit, ReportContext]]] = {
    "rich": lambda kept: (sample.audit(), sample.context(kept)),
    "hostile": lambda _: hostile("".join(HOSTILE)),
}


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
def test_it_opens_without_a_request_or_complaint_and_never_scrolls_sideways(
    browser: Browser, write: Write, kept: dict[str, Path], name: str, width: int
) -> None:
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


def test_the_keyboard_reaches_the_report_first_and_then_every_link(
    browser: Browser, write: Write, kept: dict[str, Path]
) -> None:
    page = browser.new_page()
    page.goto(write(sample.audit(), sample.context(kept)).html.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.close()


OLD = sample.tracked(
    sample.finding("f-old", evidence=sample.photo("e" * 64), post_url=f"{sample.BASE}/old/", posted_at=None)
)
FIRST_NIGHT = {"is_first_night": True, "first_night": sample.STARTED.date()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (320, 640)])
def test_axe_finds_nothing_in_the_report_closed_or_open(
    browser: Browser, write: Write, kept: dict[str, Path], scheme: Literal["light", "dark"], width: int, height: int
) -> None:
    """Also with a backlog, words to read and something decided; 320 pixels are 1280 at 400 %."""
    read = sample.finding("f-read", clause="C6", kind="words_campaign", evidence=sample.text("Vote no!", "Vote no!"))
    findings = (*sample.many(), OLD, sample.tracked(read))
    standings = {"f-sports": Standing(findings[6], Facts("", "", "C11", ("photo:a",)), Decided(State.STAYS_UP))}
    files = write(sample.audit(findings), sample.context(kept, standings=standings, **FIRST_NIGHT))
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    for file in (files.html, files.meeting):
        page.goto(file.as_uri())
        for opened in (False, True):
            page.evaluate("open => document.querySelectorAll('details').forEach(one => { one.open = open })", opened)
            assert [found["id"] for found in Axe().run(page).response["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()
