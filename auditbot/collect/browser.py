"""A real browser, driven through the host guard. The only import of Playwright."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Playwright, Request, Response, Route, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from auditbot import __version__
from auditbot.collect.guard import FAILED_HEADER, REFUSED_HEADER, Guard
from auditbot.collect.launch import SWITCHES, candidates, sandbox_works
from auditbot.collect.page import ELSEWHERE, PageFailed, RenderedPage, explain
from auditbot.collect.site import Site
from auditbot.collect.trackers import is_tracker
from auditbot.collect.watchdog import BrowserProcesses, Watchdog, find_processes
from auditbot.errors import BrowserMissing, BrowserUnusable, ReportNotPrinted
from auditbot.settings import Settings

USER_AGENT = f"auditbot/{__version__} (+school's own audit)"
_TOOLS = files("auditbot.collect").joinpath("tools.js").read_text("utf-8")
_SETTLE = files("auditbot.collect").joinpath("settle.js").read_text("utf-8")
_SERIALISE = files("auditbot.collect").joinpath("serialise.js").read_text("utf-8")
# Window opening, calls between browsers and printing have no use in an audit and are ways around or out of it.
_QUIET = (
    "window.open = () => null; window.print = () => {};"
    "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete window[name];"
)
# Photos are not loaded by the browser: each is downloaded once, apart. Scripts that wait for one get this instead.
_PLACEHOLDER = b'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"/>'
_NO_PROXY = "http://127.0.0.1:9"
_PAGES_PER_CONTEXT = 25
_MAX_NAVIGATIONS = 8
_MAX_CHARACTERS = 20_000_000


@dataclass
class _Visit:
    """What happens while one page is open."""

    site: Site
    main: Response | None = None
    navigations: int = 0
    strayed: str = ""
    crashed: bool = False


class Browser:
    """One browser for one account, started when first used and again whenever it was lost. Use as a context manager.

    Belongs to the thread that uses it.
    """

    def __init__(self, settings: Settings, guard: Guard, site: Site) -> None:
        self._settings = settings
        self._guard = guard
        self._site = site
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._context: BrowserContext | None = None
        self._processes: BrowserProcesses | None = None
        self._tab: _Tab | None = None
        self._opened = 0
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
            if self._playwright:
                self._playwright.stop()
        self._playwright = self._chromium = self._context = self._processes = self._tab = None

    def open(self, url: str) -> RenderedPage:
        """Show a page, scroll through it and return it. Bounded in time and size.

        Raises PageFailed where there is nothing to return, BrowserMissing where there is no browser.
        """
        if not self._site.owns(url):
            raise PageFailed(*ELSEWHERE)
        try:
            return self._open(url)
        except _Interrupted:
            # What the page before had planned came in between: ask in a tab of its own.
            return self._open(url)

    def _open(self, url: str) -> RenderedPage:
        seconds = self._settings.collect.page_timeout_seconds
        try:
            context = self._ready_context()
        except PlaywrightError as error:
            self.close()
            raise PageFailed("crashed", "The browser could not be started for this page.") from error
        tab, self._tab = self._tab, None
        if tab is not None and "#" in url:
            # In the tab of the page before, another fragment of the same page would not be loaded at all.
            tab.page.close()
            tab = None
        with Watchdog(self._processes, seconds + min(seconds, 5.0)) as watchdog:
            visit, reused = _Visit(self._site), tab is not None
            try:
                tab = tab or _Tab(context)
                shown = self._show(tab, visit, url, time.monotonic() + seconds)
            except PlaywrightError as error:
                if reused and "interrupted by another navigation" in error.message:
                    raise _Interrupted from error
                late = watchdog.bit or isinstance(error, PlaywrightTimeout)
                round_and_round = visit.navigations > _MAX_NAVIGATIONS
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

    def _show(self, tab: _Tab, visit: _Visit, url: str, deadline: float) -> RenderedPage:
        tab.visit, page = visit, tab.page
        cut_short = ""
        try:
            page.goto(url, wait_until="domcontentloaded", timeout=_left(deadline))
        except PlaywrightTimeout:
            cut_short = "The page did not finish loading in time; what had arrived by then was read."
            if visit.main is None:
                raise
        _check_answer(visit)
        if not cut_short:
            with contextlib.suppress(PlaywrightTimeout):
                page.wait_for_load_state("load", timeout=min(_left(deadline), 10_000))
        settled, shot = _read(page, deadline, bool(cut_short))
        _check_answer(visit)
        if not self._site.owns(str(shot["url"])):
            raise PageFailed("elsewhere", f"The page leads to another site ({urlsplit(str(shot['url'])).netloc}).")
        if shot["cut"]:
            cut_short = "The page is too long to be read whole; its beginning was read."
        if not settled and not cut_short:
            cut_short = "The page kept growing while it was scrolled; what had appeared by then was read."
        assert visit.main is not None
        return RenderedPage(
            url=str(shot["url"]),
            status=visit.main.status,
            headers=visit.main.headers,
            html=str(shot["html"]),
            base=str(shot["base"]),
            cut_short=cut_short,
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
            return _new_context(self._chromium)
        except PlaywrightError:
            # The driver is gone and cannot say so: begin anew, once.
            self.close()
            self._start()
            return _new_context(self._chromium)

    def _drop_context(self) -> None:
        context, self._context, self._tab, self._opened = self._context, None, None, 0
        if context:
            with Watchdog(self._processes, 5.0), contextlib.suppress(PlaywrightError):
                context.close()

    def _start(self) -> None:
        mark = f"--auditbot-mark={secrets.token_hex(8)}"
        self._playwright = sync_playwright().start()
        self._chromium = _launch(self._playwright, self._settings, self._guard.url, mark)
        self._processes = find_processes(mark)
        self.launches += 1


def _launch(playwright: Playwright, settings: Settings, proxy: str, mark: str) -> Chromium:
    """Start the first browser that starts. Raises BrowserMissing, or BrowserUnusable for a configured one."""
    broken = ""
    for candidate in candidates(settings.collect.browser):
        for sandbox in [True, False] if sandbox_works() else [False]:
            try:
                return playwright.chromium.launch(
                    executable_path=candidate.path,
                    channel=candidate.channel,
                    args=[*SWITCHES, mark],
                    proxy={"server": proxy, "bypass": "<-loopback>"},
                    chromium_sandbox=sandbox,
                    timeout=30_000,
                )
            except PlaywrightError as error:
                if candidate.path:
                    broken = broken or candidate.path
                # Some systems forbid the sandbox to a browser outside the system's folders; only then try without.
                if "sandbox" not in error.message.lower():
                    break
    if broken:
        raise BrowserUnusable(broken)
    raise BrowserMissing


def _new_context(chromium: Chromium) -> BrowserContext:
    agent = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"HeadlessChrome/{chromium.version} Safari/537.36 {USER_AGENT}"
    )
    context = chromium.new_context(
        user_agent=agent,
        viewport={"width": 1280, "height": 1600},
        locale="en-GB",
        accept_downloads=False,
        service_workers="block",
        permissions=[],
        reduced_motion="reduce",
    )
    context.add_init_script(_QUIET + _TOOLS)
    return context


class _Interrupted(Exception):
    """The navigation was cut by one that the page before had planned."""


class _Tab:
    """A tab of the browser, used for one page after another as long as all goes well."""

    def __init__(self, context: BrowserContext) -> None:
        self.visit: _Visit | None = None
        self.page = context.new_page()
        self.page.on("response", self._on_response)
        self.page.on("crash", self._on_crash)
        self.page.on("popup", lambda popup: popup.close())
        self.page.route("**/*", self._on_request)

    def _on_response(self, response: Response) -> None:
        request = response.request
        settled = request.is_navigation_request() and not 300 <= response.status < 400
        if self.visit and settled and _in_main_frame(request, self.page):
            self.visit.main = response

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
    if kind == "image":
        route.fulfill(body=_PLACEHOLDER, content_type="image/svg+xml", headers={"Access-Control-Allow-Origin": "*"})
    elif kind == "document":
        if _in_main_frame(request, page):
            visit.navigations += 1
            if not visit.site.owns(request.url):
                visit.strayed = request.url
        if visit.navigations > _MAX_NAVIGATIONS or not visit.site.owns(request.url):
            route.abort("blockedbyclient")
        else:
            route.continue_()
    elif kind in ("script", "stylesheet", "xhr", "fetch") and (
        visit.site.owns(request.url) or not is_tracker(request.url)
    ):
        route.continue_()
    else:
        route.abort("blockedbyclient")


def _read(page: Page, deadline: float, hurried: bool) -> tuple[bool, dict[str, object]]:
    """Scroll through the page and take it as HTML. A page that goes to another address meanwhile is read there."""
    settled = True
    for attempt in range(_MAX_NAVIGATIONS):
        try:
            if not hurried:
                bounds = {"steps": 200, "milliseconds": max(_left(deadline) - 1000, 500), "quiet": 50}
                told = page.evaluate(_SETTLE, bounds)
                settled = isinstance(told, dict) and told.get("settled") is True
            shot = page.evaluate(_SERIALISE, _MAX_CHARACTERS)
            if not isinstance(shot, dict) or not {"html", "url", "base", "cut"} <= set(shot):
                # The page has replaced what every script relies on.
                raise PageFailed("crashed", "The page made the browser fail.")
            return settled, shot
        except PlaywrightTimeout:
            raise
        except PlaywrightError as error:
            moved = "Execution context was destroyed" in error.message or "navigat" in error.message
            if not moved or attempt == _MAX_NAVIGATIONS - 1:
                raise
            page.wait_for_load_state("domcontentloaded", timeout=_left(deadline))
    raise AssertionError("unreachable: the last attempt returns or raises")


def _check_answer(visit: _Visit) -> None:
    if visit.main is None:
        return
    headers = visit.main.headers
    if REFUSED_HEADER in headers:
        raise PageFailed("refused", f"The address may not be visited: {headers[REFUSED_HEADER]}.")
    if FAILED_HEADER in headers:
        raise PageFailed("unreachable", f"The site could not be reached: {headers[FAILED_HEADER]}.")


def _left(deadline: float) -> float:
    """Return the milliseconds left, at least a few, since Playwright takes 0 for no limit."""
    return max((deadline - time.monotonic()) * 1000, 50)


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[Chromium]:
    """A browser for our own files, with no network: its proxy refuses everything."""
    mark = f"--auditbot-mark={secrets.token_hex(8)}"
    with sync_playwright() as playwright:
        chromium = _launch(playwright, settings, _NO_PROXY, mark)
        try:
            with Watchdog(find_processes(mark), 300.0):
                yield chromium
        finally:
            chromium.close()


def browser_version(settings: Settings) -> str:
    """Return the version of the browser that an audit would use. Raises BrowserMissing or BrowserUnusable."""
    with _alone(settings) as chromium:
        return chromium.version


def render_pdf(html_path: Path, pdf_path: Path, settings: Settings) -> None:
    """Print a local HTML file to PDF, with scripts off and no network; only files beside it may be read.

    Raises BrowserMissing or BrowserUnusable, ReportNotPrinted if the browser fails at it.
    """
    try:
        with _alone(settings) as chromium:
            _print(chromium, html_path.resolve(), pdf_path)
    except PlaywrightError as error:
        raise ReportNotPrinted(html_path) from error


def _print(chromium: Chromium, html_path: Path, pdf_path: Path) -> None:
    folder = html_path.parent.as_uri() + "/"
    context = chromium.new_context(java_script_enabled=False, offline=True, service_workers="block")
    page = context.new_page()

    def decide(route: Route) -> None:
        if route.request.url.startswith(folder):
            route.continue_()
        else:
            route.abort("blockedbyclient")

    page.route("**/*", decide)
    page.goto(html_path.as_uri(), wait_until="load", timeout=120_000)
    page.pdf(path=pdf_path, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
