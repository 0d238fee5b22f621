"""A real browser, driven through the host guard. The only import of Playwright."""

from __future__ import annotations

import contextlib
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Request, Response, Route
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from auditbot.collect.browser.capture import Part, fetched, keep, photograph, remember, share
from auditbot.collect.browser.driver import Driver
from auditbot.collect.browser.launch import (
    BrowserProcesses,
    Watchdog,
    find_processes,
    new_context,
    start,
)
from auditbot.collect.browser.page import ELSEWHERE, GREW, LATE, ROUND, PageFailed, RenderedPage, explain
from auditbot.collect.browser.settling import Settled, UnderWay, left, settle
from auditbot.collect.net.conditional import Pages
from auditbot.collect.net.guard import Guard, words_of_guard
from auditbot.collect.net.urls import Site, is_tracker
from auditbot.collect.net.warc import Warc
from auditbot.model import KeptAnswer
from auditbot.sentences import NOTHING, say
from auditbot.settings import Settings

_SERIALISE = files("auditbot.collect.browser").joinpath("serialise.js").read_text("utf-8")
# Photos are not loaded by the browser: each is downloaded once, apart. Scripts that wait for one get this instead.
_PLACEHOLDER = b'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"/>'
_PAGES_PER_CONTEXT, _MAX_NAVIGATIONS = 25, 8
# A page that has gone to further addresses this often when its time is over goes round, however slow the machine is.
_ROUNDS_WHEN_LATE = 3
# What the browser says of a script whose document was left meanwhile.
_MOVED = ("Execution context was destroyed", "navigat")
_MAX_CHARACTERS = 20_000_000
_KEPT = ("document", "script", "stylesheet", "xhr", "fetch")


Pictures = Callable[[str], Path | None]
"""By address: the file (JPEG) that stands for a picture of a page; None for the placeholder."""


def no_picture(_: str) -> Path | None:
    """Return None: every picture of a page is replaced by a placeholder."""
    return None


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a page that is wanted."""

    path: Path
    """Where it goes, as JPEG."""
    pictures: Pictures
    """What stands where the page shows a picture; no picture is asked of the site."""


@dataclass
class _Visit:
    """What happens while one page is open."""

    site: Site
    main: Response | None = None
    navigations: int = 0
    strayed: str = ""
    crashed: bool = False
    answers: list[Response] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    pictures: Pictures = no_picture
    address: str = ""
    pages: Pages | None = None
    known: KeptAnswer | None = None
    under_way: UnderWay = field(default_factory=UnderWay)


class Browser:
    """One browser for one account, started when first used and again whenever it was lost. Use as a context manager.

    Belongs to the thread that uses it.
    """

    def __init__(
        self, settings: Settings, guard: Guard, site: Site, warc: Warc | None = None, pages: Pages | None = None
    ) -> None:
        """``warc`` keeps what pages and their parts are answered; ``pages`` keeps pages for the next audit."""
        self._warc = warc
        self._pages = pages
        self._settings = settings
        self._guard = guard
        self._site = site
        self._driver: Driver | None = None
        self._chromium: Chromium | None = None
        self._context: BrowserContext | None = None
        self._processes: BrowserProcesses | None = None
        self._tab: _Tab | None = None
        self._opened = 0
        self._parts: dict[str, Part] = {}
        self.launches = 0
        """How often a browser was started."""

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser, whatever state it is in."""
        with Watchdog(self._processes, 5.0), contextlib.suppress(PlaywrightError):
            if self._chromium:
                self._chromium.close()
        with Watchdog(self._processes, 5.0), contextlib.suppress(PlaywrightError):
            if self._driver:
                self._driver.stop()
        self._driver = self._chromium = self._context = self._processes = self._tab = None

    def share(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take a style sheet that was had without the browser, so that no page asks for it once more."""
        share(url, headers, body, self._parts)

    def scripts_say(self, said: re.Pattern[str]) -> bool:
        """True if a script that pages shared so far says this."""
        return any(said.search(part.text) for part in self._parts.values())

    def open(self, url: str, shot: Shot | None = None, known: KeptAnswer | None = None) -> RenderedPage:
        """Show a page, scroll through it and return it. Bounded in time and size. With ``shot``, take its picture too.

        ``known`` is what its server has answered already: the page is not asked for again. Raises PageFailed where
        there is nothing to return, BrowserMissing where there is no browser.
        """
        if not self._site.owns(url):
            raise PageFailed(*ELSEWHERE)
        try:
            return self._open(url, shot, known)
        except _Interrupted:
            # What the page before had planned came in between: ask in a tab of its own.
            return self._open(url, shot, known)

    def _open(self, url: str, shot: Shot | None, known: KeptAnswer | None) -> RenderedPage:
        seconds = self._settings.collect.page_timeout_seconds
        try:
            context = self._ready_context()
        except PlaywrightError as error:
            self.close()
            raise PageFailed("crashed", say("The browser could not be started for this page.")) from error
        tab, self._tab = self._tab, None
        if tab is not None and "#" in url:
            # In the tab of the page before, another fragment of the same page would not be loaded at all.
            tab.page.close()
            tab = None
        with Watchdog(self._processes, seconds + min(seconds, 5.0)) as watchdog:
            shown_as = shot.pictures if shot else no_picture
            visit, reused = _Visit(self._site, pictures=shown_as, parts=self._parts), tab is not None
            visit.address, visit.pages, visit.known = urldefrag(url).url, self._pages, known
            try:
                tab = tab or _Tab(context)

                def more_time() -> float:
                    watchdog.begin_again()
                    return time.monotonic() + seconds

                shown = self._show(tab, visit, url, more_time)
                fresh = [answer for answer in visit.answers if answer.url not in self._parts]
                if self._warc:
                    keep(fresh, self._warc)
                remember(fresh, self._parts)
                if any(url not in self._parts for url in shown.scripts):
                    # A script that is never to be kept is made anew for each page.
                    shown = replace(shown, fetches=True)
                _learn(visit)
                if shot:
                    photograph(tab.page, shot.path)
            except PlaywrightError as error:
                if reused and "interrupted by another navigation" in error.message:
                    raise _Interrupted from error
                late = watchdog.bit or isinstance(error, PlaywrightTimeout)
                round_and_round = visit.navigations > (_ROUNDS_WHEN_LATE if late else _MAX_NAVIGATIONS)
                failure = explain(error.message, late, bool(visit.strayed), round_and_round, visit.crashed)
                if failure.failure in ("crashed", "slow"):
                    self._drop_context()
                raise failure from error
            else:
                if visit.navigations == 1 and not shown.cut_short:
                    self._tab = tab
                return shown
            finally:
                if tab is not None and self._tab is None:
                    with contextlib.suppress(PlaywrightError):
                        tab.page.close()

    def _show(self, tab: _Tab, visit: _Visit, url: str, more_time: Callable[[], float]) -> RenderedPage:
        tab.visit, page, deadline = visit, tab.page, more_time()
        cut_short = NOTHING
        try:
            page.goto(url, wait_until="domcontentloaded", timeout=left(deadline))
        except PlaywrightTimeout:
            cut_short = say("The page did not finish loading in time; what had arrived by then was read.")
            if visit.main is None:
                raise
        _check_answer(visit)
        if not cut_short:
            with contextlib.suppress(PlaywrightTimeout):
                page.wait_for_load_state("load", timeout=min(left(deadline), 10_000))
        told, shot = _read(page, visit, deadline, None if cut_short else more_time)
        _check_answer(visit)
        if visit.navigations > _MAX_NAVIGATIONS:
            raise PageFailed(*ROUND)
        if not self._site.owns(str(shot["url"])):
            raise PageFailed(
                "elsewhere", say("The page leads to another site (%(site)s).", site=urlsplit(str(shot["url"])).netloc)
            )
        if shot["cut"]:
            cut_short = say("The page is too long to be read whole; its beginning was read.")
        if not told.settled and not cut_short:
            cut_short = LATE if told.late else GREW
        assert visit.main is not None
        return RenderedPage(
            url=_address(url, visit.main.url),
            status=visit.main.status,
            headers=visit.main.headers,
            html=str(shot["html"]),
            base=str(shot["base"]),
            cut_short=cut_short,
            shut=told.shut,
            asks=told.asks,
            turned=told.turned,
            fetched=fetched(visit.answers),
            fetches=any(answer.request.resource_type in ("xhr", "fetch") for answer in visit.answers),
            scripts=frozenset(
                answer.url
                for answer in visit.answers
                if answer.request.resource_type == "script" and answer.status == 200
            ),
        )

    def _ready_context(self) -> BrowserContext:
        """Return a context to open pages in: a fresh one now and then, so that memory is given back."""
        if self._opened >= _PAGES_PER_CONTEXT:
            self._drop_context()
        if self._chromium is None or not self._chromium.is_connected():
            self.close()
            self._start()
        if self._context is None:
            self._context = self._fresh_context()
            self._opened = 0
        self._opened += 1
        return self._context

    def _fresh_context(self) -> BrowserContext:
        assert self._chromium is not None
        try:
            return new_context(self._chromium)
        except PlaywrightError:
            # The driver is gone and cannot say so: begin anew, once.
            self.close()
            self._start()
            return new_context(self._chromium)

    def _drop_context(self) -> None:
        context, self._context, self._tab, self._opened = self._context, None, None, 0
        if context:
            with Watchdog(self._processes, 5.0), contextlib.suppress(PlaywrightError):
                context.close()

    def _start(self) -> None:
        mark = f"--auditbot-mark={secrets.token_hex(8)}"
        self._driver, self._chromium = start(self._settings, mark, self._guard)
        self._processes = find_processes(mark)
        self.launches += 1


class _Interrupted(Exception):
    """The navigation was cut by one that the page before had planned."""


class _Tab:
    """A tab of the browser, used for one page after another as long as all goes well."""

    def __init__(self, context: BrowserContext) -> None:
        self.visit: _Visit | None = None
        self.page = context.new_page()
        self.page.on("response", self._on_response)
        self.page.on("request", self._on_sent)
        self.page.on("requestfinished", self._on_over)
        self.page.on("requestfailed", self._on_over)
        self.page.on("crash", self._on_crash)
        self.page.on("popup", lambda popup: popup.close())
        self.page.route("**/*", self._on_request)

    def _on_response(self, response: Response) -> None:
        request = response.request
        settled = request.is_navigation_request() and not 300 <= response.status < 400
        if self.visit and settled and _in_main_frame(request, self.page):
            self.visit.main = response
        if self.visit and request.resource_type in _KEPT:
            self.visit.answers.append(response)
            if not settled and words_of_guard(response.url, response.headers)[1]:
                self.visit.under_way.refused(response.url)

    def _on_sent(self, request: Request) -> None:
        if self.visit:
            self.visit.under_way.sent(request)

    def _on_over(self, request: Request) -> None:
        if self.visit:
            self.visit.under_way.over(request)

    def _on_crash(self, _: Page) -> None:
        if self.visit:
            self.visit.crashed = True

    def _on_request(self, route: Route, request: Request) -> None:
        assert self.visit is not None
        _decide(route, request, self.page, self.visit)


def _in_main_frame(request: Request, page: Page) -> bool:
    try:
        return request.frame == page.main_frame
    except PlaywrightError:
        return False


def _decide(route: Route, request: Request, page: Page, visit: _Visit) -> None:
    """Let a request of the page pass, answer it here, or refuse it."""
    kind = request.resource_type
    if kind == "image" and (known := visit.pictures(request.url)):
        route.fulfill(path=known, content_type="image/jpeg", headers={"Access-Control-Allow-Origin": "*"})
    elif known_part := visit.parts.get(request.url):
        route.fulfill(headers=known_part.headers, body=known_part.body)
    elif kind == "image":
        route.fulfill(body=_PLACEHOLDER, content_type="image/svg+xml", headers={"Access-Control-Allow-Origin": "*"})
    elif kind == "document":
        if _in_main_frame(request, page):
            visit.navigations += 1
            if not visit.site.owns(request.url):
                visit.strayed = request.url
        if visit.navigations > _MAX_NAVIGATIONS or not visit.site.owns(request.url):
            route.abort("blockedbyclient")
        elif answer := _known(request, page, visit):
            route.fulfill(status=answer.status, headers=dict(answer.headers), body=answer.body)
        else:
            route.continue_()
    elif kind in ("script", "stylesheet", "xhr", "fetch") and (
        visit.site.owns(request.url) or (request.method in ("GET", "OPTIONS") and not is_tracker(request.url))
    ):
        route.continue_()
    else:
        route.abort("blockedbyclient")


def _known(request: Request, page: Page, visit: _Visit) -> KeptAnswer | None:
    """Return what the server has already answered for the page that is opened; None if the browser is to ask."""
    first = visit.navigations == 1 and _in_main_frame(request, page)
    same = urldefrag(request.url).url == visit.address and request.method == "GET"
    return visit.known if first and same else None


def _learn(visit: _Visit) -> None:
    """Keep the page as its server sent it, for the next audit."""
    main = visit.main
    asked_here = main is not None and urldefrag(main.url).url == visit.address and visit.navigations == 1
    if visit.pages and main is not None and asked_here and visit.known is None:
        with contextlib.suppress(PlaywrightError):
            visit.pages.learn(visit.address, main.status, main.all_headers(), main.body)


def _read(
    page: Page, visit: _Visit, deadline: float, more_time: Callable[[], float] | None
) -> tuple[Settled, dict[str, object]]:
    """Scroll through the page and take it as HTML. A page that goes to another address meanwhile is read there.

    ``more_time`` gives a later deadline to a feed that keeps showing posts; None if there is no time to scroll at all.
    """
    told = Settled()
    for attempt in range(_MAX_NAVIGATIONS):
        began_as = visit.navigations
        try:
            if more_time:
                told = settle(page, deadline, more_time, visit.under_way, visit.site.owns)
            shot = page.evaluate(_SERIALISE, _MAX_CHARACTERS)
            if not isinstance(shot, dict) or not {"html", "url", "base", "cut"} <= set(shot):
                # The page has replaced what every script relies on.
                raise PageFailed("crashed", say("The page made the browser fail."))
            return told, shot
        except PlaywrightTimeout:
            raise
        except PlaywrightError as error:
            # A document that has just been left or has not been built yet makes a script fail in its own words too.
            moved = visit.navigations > began_as or any(part in error.message for part in _MOVED)
            if moved and attempt == _MAX_NAVIGATIONS - 1:
                raise PageFailed(*ROUND) from error
            if not moved and re.search(r"\b\w*Error: ", error.message.partition(": ")[2]):
                raise PageFailed("crashed", say("The page made the browser fail.")) from error
            if not moved:
                raise
            page.wait_for_load_state("domcontentloaded", timeout=left(deadline))
    raise AssertionError("unreachable: the last attempt returns or raises")


def _check_answer(visit: _Visit) -> None:
    if visit.main is None:
        return
    refused, failed = words_of_guard(visit.main.url, visit.main.headers)
    if refused:
        raise PageFailed("refused", say("The address may not be visited: %(refused)s.", refused=refused))
    if failed:
        raise PageFailed("unreachable", say("The site could not be reached: %(failed)s.", failed=failed))


def _address(asked: str, answered: str) -> str:
    """Return the address of a page: the one that was asked, or where redirects led; not what a script made of it."""
    return asked if urldefrag(asked).url == urldefrag(answered).url else answered
