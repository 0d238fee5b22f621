"""The whole way in one run: slip, ten decisions, three taken back, requests, "done", two audits, closed, history."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from auditbot.decisions.decided import State
from auditbot.decisions.event import Action
from tests.review.conftest import Site
from tests.review.test_in_the_browser import PHONE, WIDE, Keys, _chromium, keys_switched
from tests.review.test_proved import look
from tests.review.test_sign_in import PASSWORD, code_of, slip_of

TEN = 10


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        yield made
        made.close()


def signed_in_by_slip(page: Page, site: Site, served: Callable[[str], str]) -> None:
    """Do what the slip says, with a password and codes."""
    page.goto(served("/slip"))
    page.get_by_label("Code").fill(slip_of(site, "lead"))
    page.get_by_role("button", name="Go on").click()
    page.locator("#id_new_password1").fill(PASSWORD)
    page.locator("#id_new_password2").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("code").fill(code_of(secret))
    with page.expect_navigation(url=served("/")):
        page.get_by_role("button", name="Go on").click()


def by_keys(page: Page, keys: Keys) -> None:
    """Answer what is on the screen by single keys."""
    grave = page.locator("#not-y").count()
    keys.press(*("r", "1", "r") if grave else ("y",))


def without_single_keys(page: Page, keys: Keys) -> None:
    """Answer by Tab and Enter alone: the button has the focus, Enter presses it."""
    button = page.locator(".bar .main:visible").first
    button.focus()
    if page.locator(".bar details summary.main").count():
        page.keyboard.press("Enter")
        page.locator(".bar details[open] input").first.focus()
        page.keyboard.press("Space")
        page.locator(".bar details[open] [data-send]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def by_touch(page: Page, keys: Keys) -> None:
    """Answer with a thumb."""
    if page.locator(".bar details summary.main").count():
        page.locator(".bar summary.main").tap()
        page.locator(".bar details[open] label").first.tap()
    with page.expect_navigation():
        page.locator(".bar details[open] [data-send], .bar div > button.main:not([data-send])").first.tap()


@pytest.mark.parametrize("way", ["by single keys", "without single keys", "by touch"])
def test_ten_findings_go_from_a_slip_to_closed(
    browser: Browser,
    site: Site,
    served: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    tell: Callable[[str], None],
    way: str,
) -> None:
    from auditbot.review.pages import asked_page
    from auditbot.review.people.models import Task

    monkeypatch.setattr(asked_page, "look_again", lambda _: None)  # an audit of its own: tests/cli/test_one_post
    touch = way == "by touch"
    size = PHONE if touch else WIDE
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=touch)
    page = context.new_page()
    signed_in_by_slip(page, site, served)
    keys = Keys(page)
    answer = {"by single keys": by_keys, "without single keys": without_single_keys, "by touch": by_touch}[way]
    if way == "by single keys":
        keys.press("d")
    else:
        page.goto(served("/decide"))
        if way == "without single keys":
            keys_switched(page)
    for number in range(1, TEN + 1):
        answer(page, keys)
        page.wait_for_function("document.querySelector('.said') !== null")
        assert len({event.batch for event in site.events()}) == number
    for number in range(1, 4):
        if way == "by single keys":
            keys.press("u")
        else:
            with page.expect_navigation():
                if not touch and not page.locator("button[form=undo]:visible").count():
                    page.locator(".bar summary", has_text="More").click()
                page.locator("button[form=undo]:visible").first.click()
        assert [event.action for event in site.events()].count(Action.UNDO) == number
    site.with_mail()
    page.goto(served("/asked"))
    if way == "by single keys":
        keys.press("s")
        tell(f"from the first decision to the requests: {keys.pressed} keystrokes")
        assert keys.pressed < 40
    else:
        with page.expect_navigation():
            page.get_by_role("button", name="Ask for").click()
    editor = site.client("editor")
    for task in Task.objects.all():
        assert editor.post(f"/task/{task.pk}", {"do": "done"}).status_code == 302
    case = next(one for one in site.view().cases if one.standing.state is State.ASKED)
    look(site, with_it=False, minutes=20, finding=case.id)
    look(site, with_it=False, minutes=5, finding=case.id)
    page.goto(served(f"/f/{case.id}/history"))
    told = page.locator("main").inner_text()
    steps = (
        "lead: to come down",
        "lead: asked to take it down",
        "editor: said to be done",
        "audit: proved gone",
    )
    places = [told.lower().find(step) for step in (*steps, "audit: closed")]
    assert places == sorted(places) and places[0] >= 0, told
    context.close()
