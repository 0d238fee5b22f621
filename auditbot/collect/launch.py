"""Where a browser may lie on this machine, how it is started, and what its pages may do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Playwright
from playwright.sync_api import Error as PlaywrightError

from auditbot import __version__
from auditbot.errors import BrowserMissing, BrowserUnusable
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

_TOOLS = files("auditbot.collect").joinpath("tools.js").read_text("utf-8")
USER_AGENT = f"auditbot/{__version__} (+school's own audit)"
# Window opening, calls between browsers and printing have no use in an audit and are ways around or out of it.
_QUIET = (
    "window.open = () => null; window.print = () => {};"
    "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete window[name];"
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


def sandbox_works() -> bool:
    """True unless we are root, under whom the browser's sandbox cannot start."""
    return not hasattr(os, "geteuid") or os.geteuid() != 0


def launch(playwright: Playwright, settings: Settings, proxy: str, mark: str) -> Chromium:
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
