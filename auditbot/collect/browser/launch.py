"""Where a browser lies on this machine, how it is started, what its pages may do, and printing a page to PDF."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit
from urllib.request import url2pathname

import psutil
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Route
from playwright.sync_api import Error as PlaywrightError

from auditbot import __version__
from auditbot.collect.browser.driver import Driver, confines_browsers
from auditbot.collect.net.guard import Guard
from auditbot.errors import BrowserMissing, BrowserUnusable, ReportNotPrinted
from auditbot.log import Event, log_event
from auditbot.settings import Settings

_NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "brave-browser",
)
_PATHS = (
    "/usr/bin/chromium-headless-shell",
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/snap/bin/chromium",
    "/usr/bin/google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

_TOOLS = "".join(
    files("auditbot.collect.browser").joinpath(name).read_text("utf-8")
    for name in (
        "tools.js",
        "entries.js",
        "turning.js",
        "lost.js",
        "views.js",
        "postback.js",
        "consent.js",
        "counting.js",
        "months.js",
        "pacing.js",
    )
)
USER_AGENT = f"auditbot/{__version__} (+school's own audit)"
# Window opening, calls between browsers, printing and workers that outlive their page have no use in an audit and are
# ways around or out of it.
_QUIET = (
    "window.open = () => null; window.print = () => {};"
    "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'SharedWorker'])"
    "  delete window[name];"
)

SWITCHES = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    # Names are resolved by the guard alone, and calls between browsers (WebRTC) find no way around it.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # A script that takes memory without end crashes its own page, and not the machine.
    "--js-flags=--max-old-space-size=512",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One browser that may be on this machine."""

    path: str | None = None
    """Its program, or None where the library knows it."""
    channel: str | None = None
    """Its name as the library knows it, or None."""


def candidates(configured: str) -> Iterator[Candidate]:
    """Yield the browsers to try, in order. A configured one is the only one."""
    if configured:
        yield Candidate(path=configured)
        return
    yield Candidate()
    yield Candidate(channel="chrome")
    yield Candidate(channel="msedge")
    found = [shutil.which(name) for name in _NAMES] + [path for path in _PATHS if Path(path).is_file()]
    for path in dict.fromkeys(found):
        if path:
            yield Candidate(path=path)


_NO_SANDBOX = ("sandbox", "zygote")
"""What a browser says that may not have its sandbox; the zygote is the process that begins it."""


def sandbox_works() -> bool:
    """True unless we are root, under whom the browser's sandbox cannot start."""
    return not hasattr(os, "geteuid") or os.geteuid() != 0


_sandboxed: list[bool] = []


def ran_without_sandbox() -> bool:
    """Whether a browser that this process started had no sandbox."""
    return False in _sandboxed


@dataclass(frozen=True, slots=True)
class _Way:
    """How a browser is started."""

    confined: bool
    sandbox: bool


_worked: list[_Way] = []


def ran_unconfined() -> bool:
    """Whether the last browser that this process started was not confined by bubblewrap."""
    return bool(_worked) and not _worked[-1].confined


def _ways() -> Iterator[_Way]:
    """Yield how a browser may be started, the safest first. Its own sandbox goes before our confinement."""
    confined = [True] if confines_browsers() else []
    with_sandbox = [_Way(each, True) for each in (*confined, *([False] if sandbox_works() else []))]
    yield from dict.fromkeys([*_worked[-1:], *with_sandbox, *(_Way(each, False) for each in (*confined, False))])


def start(settings: Settings, mark: str, guard: Guard | None = None) -> tuple[Driver, Chromium]:
    """Start a driver, and by it the first browser that starts; ``guard`` is all that it reaches, None for nobody.

    Raises BrowserMissing, or BrowserUnusable for a configured one.
    """
    broken, forbidden = "", not sandbox_works()
    for way in _ways():
        if not way.sandbox and not forbidden and way not in _worked:
            continue  # only a system that forbids the sandbox is a reason to go without
        try:
            driver = Driver(way.confined, guard, settings.collect.browser)
        except PlaywrightError:
            if not way.confined:
                raise
            continue
        started = launch_one(driver, way.sandbox, settings, mark, guard)
        if isinstance(started, NotStarted):
            driver.stop()
            broken, forbidden = broken or started.broken, forbidden or started.forbidden
            continue
        _worked[:] = [way]
        _sandboxed.append(way.sandbox)
        if not way.sandbox:
            log_event(Event.SANDBOX_OFF)
        return driver, started
    if broken:
        raise BrowserUnusable(broken)
    raise BrowserMissing


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Why no browser started."""

    broken: str
    """The first program that is there and did not start, or empty."""
    forbidden: bool
    """Whether a program said that it may not have its sandbox."""


def launch_one(
    driver: Driver, sandbox: bool, settings: Settings, mark: str, guard: Guard | None
) -> Chromium | NotStarted:
    """Start the first browser that starts by this driver in this one way."""
    broken, forbidden = "", False
    # The guard's password answers the proxy alone, never a site.
    user, password = guard.credentials if guard else (None, None)
    for candidate in candidates(settings.collect.browser):
        try:
            return driver.playwright.chromium.launch(
                executable_path=candidate.path,
                channel=candidate.channel,
                args=[*SWITCHES, mark],
                env={**driver.environment()},
                proxy={
                    "server": guard.url if guard else _NO_PROXY,
                    "bypass": "<-loopback>",
                    "username": user,
                    "password": password,
                },
                chromium_sandbox=sandbox,
                timeout=30_000,
            )
        except PlaywrightError as error:
            if candidate.path:
                broken = broken or candidate.path
            # Some systems and most containers forbid the sandbox; only then try without.
            forbidden = forbidden or any(word in error.message.lower() for word in _NO_SANDBOX)
    return NotStarted(broken, forbidden)


def new_context(chromium: Chromium) -> BrowserContext:
    """Return a context for pages of a site: nothing is downloaded, asked for or kept."""
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
    # A page of ours decides on its own requests; what has no such page is a window that a page has opened.
    context.route("**/*", lambda route: route.abort("blockedbyclient"))
    context.route_web_socket("**/*", lambda socket: socket.close())
    return context


# Stops a browser that no longer answers, from outside: the calls that drive it have no time-out of their own.

_DRIVER_GRACE_SECONDS = 10.0
_TASK = "--type="


@dataclass(frozen=True, slots=True)
class BrowserProcesses:
    """The processes of one browser."""

    driver: psutil.Process
    """The program between us and the browser."""
    browser: psutil.Process
    """The browser's main process."""

    def program(self) -> psutil.Process:
        """The browser itself, where its main process is a script that stays: the last of the line without a task."""
        line = [self.browser]
        while ours := [each for each in line[-1].children() if not any(_TASK in word for word in each.cmdline())]:
            line.append(ours[0])
        return line[-1]

    def kill_browser(self) -> None:
        """Kill the browser and all it started."""
        _kill_tree(self.browser)

    def kill_driver(self) -> None:
        """Kill the driver, for when the browser's death did not wake it."""
        _kill_tree(self.driver)


def find_processes(mark: str) -> BrowserProcesses | None:
    """Return the browser among our own descendants whose command line holds ``mark``; None if there is none."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            parent = process.parent()
            if mark in process.cmdline() and parent is not None and mark not in parent.cmdline():
                return BrowserProcesses(parent, process)
    return None


def _kill_tree(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        for child in process.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
        process.kill()


class Watchdog:
    """Within its block, kills the browser if the block lasts longer than ``seconds``, and the driver a while later."""

    def __init__(self, processes: BrowserProcesses | None, seconds: float) -> None:
        self.bit = False
        """True once the browser has been killed."""
        self._processes = processes
        self._seconds = seconds
        self._timers: list[threading.Timer] = []

    def _bite(self, kill: Callable[[], None]) -> None:
        self.bit = True
        kill()

    def __enter__(self) -> Watchdog:
        self.begin_again()
        return self

    def begin_again(self) -> None:
        """Give what is watched the whole time once more, since it has just answered."""
        if self.bit or not self._processes:
            return
        for timer in self._timers:
            timer.cancel()
        self._timers = [
            threading.Timer(self._seconds, self._bite, (self._processes.kill_browser,)),
            threading.Timer(self._seconds + _DRIVER_GRACE_SECONDS, self._bite, (self._processes.kill_driver,)),
        ]
        for timer in self._timers:
            timer.daemon = True
            timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for timer in self._timers:
            timer.cancel()


# The browser without a network, for our own files: printing a report.

_NO_PROXY = "http://127.0.0.1:9"


PRINTING_SECONDS, PRINTING_SECONDS_A_MEGABYTE = 300.0, 60.0
"""How long printing may take, and how much longer for each million bytes of the page.

5,000 findings, 13.4 MB: 22 s of processor time; 48 to 164 s at loads of 7 to 15 on two cores (2026-11-30).
"""


def printing_seconds(size: int) -> float:
    """Return how long printing a page of so many bytes may take."""
    return PRINTING_SECONDS + PRINTING_SECONDS_A_MEGABYTE * size / 1e6


@contextlib.contextmanager
def _alone(settings: Settings, seconds: float = PRINTING_SECONDS) -> Iterator[tuple[Chromium, BrowserProcesses | None]]:
    """A browser for our own files, with no network, and its processes: its proxy refuses everything."""
    mark = f"--auditbot-mark={secrets.token_hex(8)}"
    driver, chromium = start(settings, mark)
    try:
        try:
            processes = find_processes(mark)
            with Watchdog(processes, seconds):
                yield chromium, processes
        finally:
            chromium.close()
    finally:
        driver.stop()


@dataclass(frozen=True, slots=True)
class FoundBrowser:
    """The browser that an audit would use."""

    version: str
    """Its version."""
    program: str = ""
    """Its program file; empty where the system does not tell."""
    built_at: datetime | None = None
    """When that file was made, or put there if its maker's date is lost; None where the system does not tell."""


def find_browser(settings: Settings) -> FoundBrowser:
    """Start the browser that an audit would use, and say which it is. Raises BrowserMissing or BrowserUnusable."""
    with _alone(settings) as (chromium, processes):
        if processes is not None:
            with contextlib.suppress(psutil.Error, OSError):
                program = Path(processes.program().exe())
                return FoundBrowser(
                    chromium.version, str(program), datetime.fromtimestamp(program.stat().st_mtime).astimezone()
                )
        return FoundBrowser(chromium.version)


def render_pdf(html_path: Path, pdf_path: Path, settings: Settings) -> None:
    """Print a local HTML file to PDF, with scripts off and no network; only files beside it may be read.

    Raises BrowserMissing or BrowserUnusable, ReportNotPrinted if the browser fails at it or the time for a page of
    its size is over.
    """
    seconds = printing_seconds(html_path.stat().st_size)
    began = time.monotonic()
    try:
        with _alone(settings, seconds) as (chromium, _):
            _print(chromium, html_path.resolve(), pdf_path, seconds)
    except PlaywrightError as error:
        late = time.monotonic() - began >= seconds
        raise ReportNotPrinted(html_path, max(1, round(seconds / 60)) if late else 0) from error


def _print(chromium: Chromium, html_path: Path, pdf_path: Path, seconds: float) -> None:
    context = chromium.new_context(java_script_enabled=False, offline=True, service_workers="block")
    page = context.new_page()

    def decide(route: Route) -> None:
        # We read the file, since the browser may not: it sees nothing of the disk.
        if file := _beside(html_path, route.request.url):
            route.fulfill(path=file)
        else:
            route.abort("blockedbyclient")

    page.route("**/*", decide)
    page.goto(html_path.as_uri(), wait_until="load", timeout=1000 * seconds)
    page.pdf(path=pdf_path, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)


def _beside(html_path: Path, url: str) -> Path | None:
    """Return the file that an address names, if it lies in the folder of the printed one or below it."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    path = Path(url2pathname(parts.path)).resolve()
    return path if path.is_file() and path.is_relative_to(html_path.parent) else None
