"""Playwright's driver and the browsers it starts: confined by bubblewrap, where Linux has it and allows it.

Then they have a network of their own in which nobody is but the host guard, no process but theirs, nothing of the disk
but the system's programs and fonts to read, and a folder for temporary files that goes with them. The browser's own
sandbox stands inside of that.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Playwright, sync_playwright

from auditbot.collect.browser import forwarder
from auditbot.collect.net.guard import Guard
from auditbot.machine.confinement import PROGRAM, SYSTEM, has_bubblewrap, program_of, starts
from auditbot.machine.environment import for_children, short_environment

_NODE, _BROWSERS = "PLAYWRIGHT_NODEJS_PATH", "PLAYWRIGHT_BROWSERS_PATH"
_ALONE = ("--unshare-net", "--unshare-pid", "--unshare-ipc", "--new-session", "--die-with-parent")
# Root's browser takes itself for another user's, and may have its own sandbox.
_NOBODY = ("--unshare-user", "--uid", "65534", "--gid", "65534")
# Fonts, and what a school's technician rules about browsers on this computer.
_OF_A_BROWSER = ("/etc/fonts", "/var/cache/fontconfig", "/etc/chromium", "/etc/chromium.d", "/etc/opt")
_TEMPORARY, _TEMPORARY_BY = "/tmp", ("TMPDIR", "TEMP", "TMP")
_HAND_OVER_SECONDS = 20.0


class Driver:
    """The driver, and the browsers that it starts; ``stop`` ends them."""

    def __init__(self, confined: bool, guard: Guard | None = None, browser: str = "") -> None:
        """``guard`` is whom the browser may reach; ``browser`` is the program that is configured, if one is.

        Raises PlaywrightError if the driver does not start.
        """
        self.confined = confined
        self._guard = guard
        self._door: socket.socket | None = None
        if not confined:
            self.playwright = _started({})
            return
        with tempfile.TemporaryDirectory(prefix="auditbot-") as folder, socket.socket(socket.AF_UNIX) as waiting:
            way = f"{folder}/guard"
            waiting.bind(way)
            waiting.listen(1)
            program = program_of(Path(folder, "driver"), confined_command([_node()], browser, guard, way))
            self.playwright = _started({_NODE: str(program), _BROWSERS: _browsers()})
            if guard is not None:
                try:
                    self._door = _handed_over(waiting)
                except PlaywrightError:
                    self.playwright.stop()
                    raise
                guard.open_door(self._door)

    def stop(self) -> None:
        """End the driver and its browsers, and close their way to the guard."""
        try:
            self.playwright.stop()
        finally:
            if self._door is not None and self._guard is not None:
                self._guard.close_door(self._door)
                self._door = None

    def environment(self) -> dict[str, str]:
        """Return the environment of a browser."""
        return for_children() | (dict.fromkeys(_TEMPORARY_BY, _TEMPORARY) if self.confined else {})


@cache
def confines_browsers() -> bool:
    """Whether this system lets us confine a browser: tried once, with the words that a driver is started with."""
    return has_bubblewrap() and starts(confined_command([_node()]), "--version")


def _started(variables: dict[str, str]) -> Playwright:
    """Start the driver, which is given the short environment of a child, and hands that on."""
    with short_environment(), _with(variables):
        return sync_playwright().start()


@contextlib.contextmanager
def _with(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _handed_over(waiting: socket.socket) -> socket.socket:
    """Return what listens where the browser is. It was handed over before the driver began to answer."""
    waiting.settimeout(_HAND_OVER_SECONDS)
    try:
        with waiting.accept()[0] as way:
            _, (descriptor,), _, _ = socket.recv_fds(way, 1, 1)
    except (OSError, ValueError) as error:
        raise PlaywrightError("the confined browser has no way to the guard") from error
    return socket.socket(fileno=descriptor)


def confined_command(program: list[str], browser: str = "", guard: Guard | None = None, way: str = "") -> list[str]:
    """Return the command that runs a program where browsers are confined.

    ``browser`` is a configured browser's program; ``way`` is the socket at which the guard waits to be handed its door.
    """
    root = _NOBODY if os.geteuid() == 0 else ()
    words = [
        shutil.which(PROGRAM) or PROGRAM,
        *_ALONE,
        *root,
        "--tmpfs",
        _TEMPORARY,
        "--dev",
        "/dev",
        "--proc",
        "/proc",
    ]
    python = (sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path(sys.executable).parent))
    driver = str(Path(playwright.__file__).parent / "driver")
    script = str(Path(forwarder.__file__))
    for place in dict.fromkeys((*SYSTEM, *_OF_A_BROWSER, *python, driver, _node(), script, *_places(browser))):
        words += ["--ro-bind-try", place, place]
    for name in _TEMPORARY_BY:
        words += ["--setenv", name, _TEMPORARY]
    begin = [sys.executable, "-I", "-S", script, "", ""]
    if guard is not None:
        words += ["--bind", way, f"{_TEMPORARY}/guard"]
        begin[-2:] = [guard.url.rpartition(":")[2], f"{_TEMPORARY}/guard"]
    return [*words, "--chdir", "/", "--", *begin, *program]


def _places(browser: str) -> list[str]:
    """Return where browsers lie besides the system's folders, and the certificates that this user trusts."""
    trusted = Path.home() / ".pki" / "nssdb"
    configured = {str(path.parent) for path in (Path(browser), Path(browser).resolve())} if browser else set()
    return [_browsers(), str(trusted), *sorted(configured - {"/", str(Path.home()), str(Path.cwd())})]


def _browsers() -> str:
    """Return where Playwright keeps its own browsers."""
    given = os.environ.get(_BROWSERS, "")
    kept = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return given if given == "0" else str(Path(given or f"{kept}/ms-playwright").absolute())


def _node() -> str:
    return os.environ.get(_NODE) or str(Path(playwright.__file__).parent / "driver" / "node")
