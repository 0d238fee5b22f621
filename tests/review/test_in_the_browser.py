"""The page in a real browser: ten decisions by keyboard, by touch, without single keys and without script; and axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from auditbot.collect.browser.launch import candidates
from auditbot.decisions.event import Action
from tests.bench.review.first_ten import SCREEN, first_ten
from tests.review.conftest import Site
from tests.review.test_exposure_over_time import counted

ServedAt = Callable[[str], str]
WIDE, PHONE, NARROW = (1280, 887), (390, 844), (320, 640)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        yield made
        made.close()


def _chromium() -> str | None:
    """The browser of this machine, as audits find it."""
    return next((one.path for one in candidates("") if one.path), None)


def open_as(browser: Browser, site: Site, served: ServedAt, handle: str, size: tuple[int, int], **more: Any) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **more)
    page = context.new_page()
    page.goto(served(f"/open/{site.link(handle)}"))
    return page


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str, goes_on: bool = True) -> None:
        """Press keys one after another; the last one leads to another page if it ``goes_on``."""
        for at, key in enumerate(keys):
            self.pressed += 1
            if goes_on and at == len(keys) - 1:
                with self.page.expect_navigation():
                    self.page.keyboard.press(key)
            else:
                self.page.keyboard.press(key)


def test_ten_findings_are_decided_in_fewer_than_forty_keystrokes(
    browser: Browser, site: Site, served: ServedAt, tell: Callable[[str], None]
) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    keys, decided = Keys(page), 0
    keys.press("d")
    while decided < 10:
        question = page.locator("h1").inner_text()
        if "surname" in question:
            keys.press("n", "1")
        elif "words" in question and decided < 5:
            keys.press("r", "1", "r")
        elif question.startswith("Is this") and decided % 2:
            keys.press("n", "1")
        elif page.locator(".strip").count():
            keys.press("2", goes_on=False)
            while not page.locator("#face").evaluate("face => face.complete"):  # nobody decides before it is there
                page.wait_for_timeout(20)
            keys.press("a", "3")
            keys.press("n", "1")
        else:
            keys.press("y")
        decided += 1
    steps = [event.action for event in site.events()]
    assert {event.draft.finding for event in site.events()} and len(set(steps)) >= 4
    assert len({event.batch for event in site.events()}) == 11  # the crowd took two steps
    keys.press("u")
    keys.press("u")
    keys.press("u")
    assert [event.action for event in site.events()][-3:] == [Action.UNDO] * 3
    site.with_mail()
    page.goto(served("/asked"))
    keys.press("s")
    assert Action.ASK in [event.action for event in site.events()]
    tell(f"ten findings decided, three taken back, requests sent: {keys.pressed} keystrokes")
    assert keys.pressed < 40


def test_ten_findings_take_few_words(
    browser: Browser, site: Site, served: ServedAt, tell: Callable[[str], None]
) -> None:
    """On the demo after an audit it is 555 words, and was 836 (tests.bench.review.first_ten, 2026-12-01)."""
    page = open_as(browser, site, served, "lead", SCREEN)
    with page.expect_navigation():
        page.keyboard.press("d")
    cards = first_ten(page)
    words, keys = sum(card.words for card in cards), sum(len(card.keys) for card in cards)
    tell(f"ten findings decided: {words} words seen, {keys} keystrokes")
    assert words < 550 and keys < 20 and len(cards) == 10


def test_letters_do_nothing_in_a_field_in_the_menu_or_when_switched_off(
    browser: Browser, site: Site, served: ServedAt
) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    page.goto(served("/decide"))
    page.locator("header summary:visible").first.focus()
    page.keyboard.press("y")
    page.locator("h1").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+y")
    page.keyboard.press("r")
    page.locator(".bar summary:visible").filter(has_text="eference").click()
    page.locator("#note-r-bar").focus()
    page.keyboard.type("yyn1")
    assert site.events() == ()
    page.keyboard.press("Escape")
    with page.expect_navigation():
        keys_switched(page)
    page.keyboard.press("y")
    assert page.locator("kbd:visible").count() == 0 and site.events() == ()
    with page.expect_navigation():
        page.get_by_role("button", name="Yes: take the photo down").click()
    assert len(site.events()) == 1


def keys_switched(page: Page) -> None:
    """Open the list of keys, and press what switches them on or off."""
    page.locator(".bar summary", has_text="More").last.click()
    page.locator(".bar summary", has_text="All keys").click()
    page.locator(".bar").get_by_role("button", name="Single keys are").click()


FIELDS = (
    ("unknown_faces", "", ".strip input"),
    ("words_contact", "tell somebody", ".bar input[name=to]"),
    ("surname", "More|wait", ".bar input[type=date]"),
)
"""Fields of the form that decides: on which case, behind which keys, and which."""


@pytest.mark.parametrize("script", [True, False])
def test_enter_in_a_field_decides_nothing(browser: Browser, site: Site, served: ServedAt, script: bool) -> None:
    page = open_as(browser, site, served, "lead", WIDE, java_script_enabled=script)
    by_kind = {case.kind: case.id for case in site.view().cases}
    for kind, key, field in FIELDS:
        page.goto(served(f"/f/{by_kind[kind]}"))
        for words in key.split("|") if key else ():
            page.locator(".bar summary:visible", has_text=words).first.click()
        page.locator(field).first.focus()
        if script:
            page.keyboard.press("Enter")
        else:
            with page.expect_navigation():  # the form goes to the page, which answers with the same case
                page.keyboard.press("Enter")
        assert page.url.endswith(by_kind[kind]) and site.events() == ()


def test_the_page_as_seen_and_the_photo_are_made_larger(browser: Browser, site: Site, served: ServedAt) -> None:
    from tests.review.test_decide_page import picture_of_the_page

    page = open_as(browser, site, served, "lead", WIDE)
    for kind in ("withdrawn_since", "surname"):
        picture_of_the_page(site, kind)
        page.goto(served(f"/f/{next(case.id for case in site.view().cases if case.kind == kind)}"))
        if kind == "withdrawn_since":
            page.locator(".why summary").click()
        small = page.locator("img.page").bounding_box()
        page.locator("img.page").click()
        larger = page.locator("#larger img").first
        larger.wait_for()
        large = larger.bounding_box()
        assert small is not None and large is not None and large["width"] > max(1100, 1.5 * small["width"])
        assert page.locator("#larger .beside > div:visible").count() == 0  # the portrait belongs to the photo
        page.keyboard.press("z")
        assert page.locator("#larger[open]").count() == 0
    page.keyboard.press("z")
    assert "Screenshot of the page" in str(page.locator("#larger img").first.get_attribute("alt"))


def test_no_letter_means_something_else_on_grave_words_and_larger_keeps_the_portrait(
    browser: Browser, site: Site, served: ServedAt
) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    by_kind = {case.kind: case.id for case in site.view().cases}
    page.goto(served(f"/f/{by_kind['words_contact']}"))
    page.keyboard.press("y")
    page.get_by_text("Nothing comes down yet: press r").wait_for()
    assert page.locator("details.key[open]").count() == 0 and site.events() == ()
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.keyboard.press("2")
    with page.expect_navigation():
        page.keyboard.press("r")
    assert [event.action for event in site.events()] == [Action.REFER, Action.REFER]
    page.goto(served(f"/f/{by_kind['withdrawn_since']}"))
    page.keyboard.press("z")
    pictures = page.locator("#larger img")
    pictures.last.wait_for()
    assert [one.get_attribute("alt") for one in pictures.all()][-1] == "Ethan’s own portrait"
    boxes = [one.bounding_box() for one in pictures.all()]
    assert boxes[0] is not None and boxes[1] is not None and boxes[0]["width"] > 2 * boxes[1]["width"] > 200


def test_lists_within_more_are_opened_by_their_keys_and_by_nothing_else(
    browser: Browser, site: Site, served: ServedAt
) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    page.goto(served(f"/f/{case_of_kind(site, 'withdrawn_since')}"))
    page.keyboard.press("m")
    page.keyboard.press("1")  # of no list that is open
    assert page.locator("details.key[open]").count() == 1 and site.events() == ()
    page.keyboard.press("r")
    page.keyboard.press("1")
    assert page.locator("details.key[open]").count() == 2 and page.locator(".bar input:checked").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("details.key[open]").count() == 0
    page.keyboard.press("a")  # without More: it is opened with the list
    assert page.locator("details.key[open]").count() == 2
    with page.expect_navigation():
        page.keyboard.press("3")
    assert [event.action for event in site.events()] == [Action.NO_PUPIL]
    bar, button = page.locator(".bar .keys").bounding_box(), page.locator(".bar button").first.bounding_box()
    assert bar is not None and button is not None and bar["height"] < 1.5 * button["height"]  # one line


def case_of_kind(site: Site, kind: str) -> str:
    """Id of the case of this kind."""
    return str(next(case.id for case in site.view().cases if case.kind == kind))


def test_a_threat_is_told_and_taken_down_by_three_keys(browser: Browser, site: Site, served: ServedAt) -> None:
    from tests.review.test_decide_page import threat

    page = open_as(browser, site, served, "lead", WIDE)
    page.goto(served(f"/f/{threat(site).id}"))
    page.keyboard.press("r")
    page.keyboard.press("y")
    page.get_by_text("Not recorded: tick first whom you tell.").wait_for()
    assert site.events() == ()
    page.keyboard.press("1")
    with page.expect_navigation():
        page.keyboard.press("y")
    assert [event.action for event in site.events()] == [Action.REFER, Action.DOWN]
    page.get_by_text("Written down. Tell them yourself; it comes down.").wait_for()


def test_a_refusal_stands_alone(browser: Browser, site: Site, served: ServedAt) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    page.goto(served("/decide"))
    with page.expect_navigation():
        page.keyboard.press("y")
    assert page.locator(".saidrow").is_visible()
    assert page.locator("h1").inner_text().startswith("May these words invite")
    page.keyboard.press("y")
    page.get_by_text("Nothing comes down yet").wait_for()
    assert not page.locator(".saidrow").is_visible()
    broken = "[...document.images].filter(one => !one.getAttribute('src')).length"
    assert page.evaluate(broken) == 0


def test_nobody_decides_about_a_face_before_its_pictures_are_there(
    browser: Browser, site: Site, served: ServedAt
) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    held: list[Route] = []

    page.route("**/face-1.jpg", lambda route: held.append(route))  # noqa: PLW0108 - a method cannot be marked
    page.goto(served("/decide"), wait_until="domcontentloaded")
    while not page.locator(".pair img").count():
        page.keyboard.press("j")
        page.wait_for_load_state("domcontentloaded")
    page.keyboard.press("y")
    page.get_by_text("the pictures are still coming").wait_for()
    assert site.events() == ()
    held[-1].continue_()  # those before were of pages that are left
    page.locator("#loading").wait_for(state="hidden")
    with page.expect_navigation(wait_until="commit"):
        page.keyboard.press("y")
    assert len(site.events()) == 1


def test_the_page_works_without_script_and_by_touch(browser: Browser, site: Site, served: ServedAt) -> None:
    page = open_as(browser, site, served, "lead", PHONE, java_script_enabled=False, has_touch=True)
    page.get_by_role("link", name="Decide 11").tap()
    with page.expect_navigation():
        page.get_by_role("button", name="Yes: take the photo down").tap()
    page.locator(".bar summary").first.tap()
    page.locator(".bar label:visible").first.tap()
    with page.expect_navigation():
        page.locator(".bar .choices button:visible").first.tap()
    page.get_by_role("link", name="More").tap()
    page.locator("#more summary.button").filter(has_text="Refer").tap()
    page.locator("#more label").filter(has_text="LADO").tap()
    with page.expect_navigation():
        page.locator("#more button").filter(has_text="I tell them").tap()
    assert len({event.batch for event in site.events()}) == 3


def test_a_second_morning_begins_with_what_is_new(browser: Browser, site: Site, served: ServedAt) -> None:
    from datetime import timedelta

    from auditbot.review.casebook.cases import queue
    from auditbot.review.people.models import Person
    from tests.review.made_school import audit, posts_and_findings

    found = posts_and_findings(site.workspace)
    later = found.pop(1)
    client = site.client("lead")
    audit(site.workspace, found, ended={later[1][0].id: "The page answers 404 Not Found."}, ago=timedelta(minutes=30))
    from auditbot.review.casebook.served_workspace import serve_workspace, served_workspace

    serve_workspace(site.workspace, served_workspace().settings)
    while left := queue(site.view().cases):
        client.post(f"/f/{left[0].id}/decide", {"do": "down", "last": str(left[0].last_event)})
    Person.objects.filter(handle="lead").update(last_looked=site.view().now - timedelta(minutes=35))  # another look
    audit(site.workspace, [*found, later], ago=timedelta(minutes=5))
    serve_workspace(site.workspace, served_workspace().settings)
    page = open_as(browser, site, served, "lead", WIDE)
    assert page.locator("h1").inner_text().startswith("1 new")
    line = page.locator("li.isnew")
    assert line.count() == 1
    box = line.bounding_box()
    assert box is not None and box["y"] + box["height"] < WIDE[1]


QUIET_PAGES = (
    *("/concerns", "/pupils", "/pupil/P005", "/pupil/P005/letter/runs_out", "/print/meeting", "/f/{case}/print"),
    *("/figures", "/figures/{month}", "/head", "/welcome", "/health", "/asked/letters"),
    *("/posts", "/posts?year=1", "/p/{post}", "/registers", "/registers/staff", "/registers/accounts/website"),
    "/gallery",
)
"""Pages on which nothing is decided."""


@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, site: Site, served: ServedAt, size: tuple[int, int], scheme: str
) -> None:
    page = open_as(browser, site, served, "lead", size, color_scheme=scheme)
    by_kind = {case.kind: case.id for case in site.view().cases}
    client = site.client("deputy")
    client.post(f"/f/{by_kind['no_permission']}/decide", {"do": "down", "last": "0"})
    client.post(f"/f/{by_kind['words_complaint']}/decide", {"do": "refer:headteacher", "last": "0"})
    client.post(f"/f/{by_kind['never_publish']}/decide", {"do": "not_so:another_permitted", "last": "0"})
    paths = ["/", "/asked", "/people", "/cover", "/log", "/before", "/nothing-here", "/decide?queue=backlog"]
    paths += [
        f"/f/{by_kind[kind]}"
        for kind in ("withdrawn_since", "unknown_faces", "surname", "words_contact", "never_publish")
    ]
    paths += [f"/f/{by_kind['no_permission']}", f"/f/{by_kind['no_permission']}/history"]
    counted(site)
    paths += [f"/f/{by_kind['unknown_faces']}/likeliest", "/exposure"]
    if (size, scheme) in ((WIDE, "light"), (NARROW, "dark")):  # 1280 pixels at 400 % are 320 wide
        month, post = f"{site.view().now:%Y-%m}", next(iter(site.view().post_keys))
        paths += [path.format(month=month, case=by_kind["never_publish"], post=post) for path in QUIET_PAGES]
    problems = []
    for path in paths:
        page.goto(served(path))
        problems += _problems(page, path)
        lists = page.locator(".bar details.key > summary:visible").count() if size == WIDE else 0
        for at in range(lists):
            page.locator(".bar details.key > summary:visible").nth(at).click()
            problems += _problems(page, f"{path} opened {at}")
            page.keyboard.press("Escape")
    page.context.clear_cookies()
    for path in ("/sign-in", "/slip"):
        page.goto(served(path))
        problems += _problems(page, path)
    assert problems == []


def _problems(page: Page, path: str) -> list[str]:
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where the bar lies over nothing
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    said = [f"{path}: {one['id']} {[node['html'][:100] for node in one['nodes']][:2]}" for one in found]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return said + ([f"{path}: scrolls sideways"] if wide else [])


@pytest.mark.parametrize("handle", ["head", "editor", "data", "it", "governor"])
def test_axe_finds_nothing_on_the_pages_of_other_roles(
    browser: Browser, site: Site, served: ServedAt, handle: str
) -> None:
    page = open_as(browser, site, served, handle, NARROW)
    problems = _problems(page, "/")
    for path in (
        "/posts",
        "/posts?year=1",
        "/before",
        "/concerns",
        "/registers",
        "/figures",
        "/head",
        "/health",
        "/cover",
    ):
        if (answer := page.goto(served(path))) is not None and answer.status == 200:
            problems += _problems(page, path)
    if handle == "editor":
        from tests.review.test_roles import a_task

        page.goto(served(f"/task/{a_task(site)}"))
        assert page.locator("h1").inner_text() == "Please take this down"
        problems += _problems(page, "/task")
    assert problems == []
