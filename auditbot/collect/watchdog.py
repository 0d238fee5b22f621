"""Stops a browser that no longer answers, from outside: the calls that drive it have no time-out of their own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

import psutil

_DRIVER_GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class BrowserProcesses:
    """The processes of one browser."""

    driver: psutil.Process
    """The program between us and the browser."""
    browser: psutil.Process
    """The browser's main process."""

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
