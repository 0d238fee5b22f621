"""The page when nothing is there and when something is wrong: axe finds nothing, and nothing scrolls sideways.

With AUDITBOT_PICTURES=FOLDER every look is also kept as a picture, in all sizes, for somebody to look at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from auditbot.errors import NoAuditYet
from auditbot.settings import Workspace, load_settings
from auditbot.workspace import make_demo_workspace
from tests.review.conftest import Site
from tests.review.test_exposure_over_time import counted
from tests.review.test_in_the_browser import NARROW, PHONE, WIDE, _chromium, _problems, open_as

AT_400 = (320, 256)
"""A window of 1280 x 1024 at 400 %."""
PICTURES = os.environ.get("AUDITBOT_PICTURES", "")
FEW = ((WIDE, "light"), (NARROW, "dark"))
ALL = ((WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark"), (NARROW, "light"), (AT_400, "dark"))
LOOKS = ALL if PICTURES else FEW


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        yield made
        made.close()


def looked_at(page: Page, name: str) -> list[str]:
    """Look at the page in every size and scheme; return what is wrong with it."""
    problems = []
    for size, scheme in LOOKS:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        problems += _problems(page, f"{name} {size[0]}x{size[1]} {scheme}")
        if PICTURES:
            file = re.sub(r"\W+", "-", f"{name} {size[0]}x{size[1]} {scheme}")
            page.screenshot(path=f"{PICTURES}/{file}.png", full_page=True)
    return problems


def without_token(page: Page) -> None:
    """Send a form that does not come from a page of ours."""
    page.evaluate(
        "(() => { const form = document.createElement('form'); form.method = 'post'; form.action = '/undo';"
        " document.body.append(form); form.submit() })()"
    )
    page.wait_for_load_state()


def wrongly(page: Page, served: Callable[[str], str]) -> None:
    """Try to sign in with a wrong password until the page closes."""
    for _ in range(6):
        page.goto(served("/sign-in"))
        if page.locator("#id_password").count() == 0:
            break
        page.locator("#id_login").fill("lead")
        page.locator("#id_password").fill("no such password at all")
        page.locator("#id_password").press("Enter")
        page.wait_for_load_state()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """A function that lets the page Health fail with an error."""
    from auditbot.review.pages import figures_page

    def with_error(error: Exception) -> None:
        def fails(*_: Any, **__: Any) -> str:
            raise error

        monkeypatch.setattr(figures_page, "coverage", fails)

    return with_error


def test_pages_of_errors(
    browser: Browser, site: Site, served: Callable[[str], str], broken: Callable[[Exception], None]
) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    told, problems = {}, []
    page.goto(served("/nothing-here"))
    told["absent"], problems = page.locator("h1").inner_text(), looked_at(page, "absent")
    page.goto(served("/figures"))
    without_token(page)
    told["forged"] = page.locator("h1").inner_text()
    problems += looked_at(page, "forged")
    broken(RuntimeError("a fault"))
    page.goto(served("/health"))
    told["broken"] = page.locator("h1").inner_text()
    problems += looked_at(page, "broken")
    broken(NoAuditYet(site.workspace.folder))
    page.goto(served("/health"))
    told["stopped"] = page.locator("h1").inner_text()
    problems += looked_at(page, "stopped")
    page.context.clear_cookies()
    wrongly(page, served)
    told["locked out"] = page.locator("h1").inner_text()
    problems += looked_at(page, "locked out")
    assert told == {
        "absent": "There is nothing here",
        "forged": "Please try again",
        "broken": "Something went wrong here",
        "stopped": "This cannot be shown just now",
        "locked out": "Too many tries",
    }
    assert problems == []


def test_pages_before_the_first_audit_and_when_nothing_is_left(
    browser: Browser,
    site: Site,
    served: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from auditbot.review.casebook.cases import queue
    from auditbot.review.casebook.served_workspace import serve_workspace, served_workspace

    page = open_as(browser, site, served, "lead", WIDE)
    client, problems = site.client("deputy"), []
    while left := queue(site.view().cases):
        client.post(f"/f/{left[0].id}/decide", {"do": "down", "last": str(left[0].last_event)})
    for path in ("/", "/decide"):
        page.goto(served(path))
        assert "Nothing needs a decision" in page.locator("h1").inner_text()
        problems += looked_at(page, f"nothing left {path}")
    folder = tmp_path_factory.mktemp("first") / "school"
    make_demo_workspace(folder)
    serve_workspace(Workspace(folder), load_settings(Workspace(folder)))
    try:
        for path in ("/", "/decide", "/asked", "/posts", "/posts?year=1", "/figures", "/head", "/health", "/exposure"):
            page.goto(served(path))
            assert page.locator("h1").count() == 1
            problems += looked_at(page, f"first run {path}")
    finally:
        serve_workspace(site.workspace, load_settings(site.workspace))
    assert problems == [] and served_workspace().workspace == site.workspace


def test_exposure_with_counts(browser: Browser, site: Site, served: Callable[[str], str]) -> None:
    counted(site)
    problems = []
    for role in ("lead", "governor"):
        page = open_as(browser, site, served, role, WIDE)
        page.goto(served("/exposure"))
        assert "12 fewer than on 28 October 2026" in page.content()
        problems += looked_at(page, f"exposure for the {role}")
    assert problems == []
