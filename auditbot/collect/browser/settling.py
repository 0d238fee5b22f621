"""When a page has shown all it has: scrolled through and unfolded, and nothing that it asked for is still to come."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files

from playwright.sync_api import Page, Request

_SETTLE = files("auditbot.collect.browser").joinpath("settle.js").read_text("utf-8")
# A feed that still shows further posts gets this many times the time of a page.
_MOST_TIMES_LONGER = 6
# How often a page is looked at anew for what came after it had been looked at.
_MOST_LOOKS = 4
# What a page may still wait for when it seems to be done: more than a slow answer takes, and no more than one page may
# cost. Measured with answers that never come (2026-11-30).
_LONGEST_FOR_ANSWERS = 8.0
_CUT_OFF = re.compile(r"ERR_(?:EMPTY_RESPONSE|CONNECTION_|TIMED_OUT|INCOMPLETE|CONTENT_LENGTH|TUNNEL|PROXY|SOCKET)")
_OFTEN = 20
_BRINGS_CONTENT = ("document", "script", "xhr", "fetch")


@dataclass(frozen=True, slots=True)
class Settled:
    """What a page told of itself once it had been scrolled through and unfolded."""

    settled: bool = True
    """True if it had stopped growing."""
    late: bool = False
    """True if the time was over before all had been opened, or an answer of the site did not come."""
    shut: int = 0
    """How many things it says it has and did not show."""
    asks: bool = False
    """True if it still asks for consent."""
    turned: int = 0
    """How many further pages of a list were turned in it."""


@dataclass
class UnderWay:
    """What a page has asked for and was not yet answered, as far as it may bring words or pictures."""

    requests: dict[Request, None] = field(default_factory=dict)
    """In the order they were sent."""
    asked: Counter[str] = field(default_factory=Counter)
    """How often each address was asked for, whatever its query."""
    lost: list[str] = field(default_factory=list)
    """The addresses of what was asked for and not answered: the line was cut, or nobody spoke for too long."""

    def sent(self, request: Request) -> None:
        """Note a request. What is asked for again and again is a clock: its next answer brings what its last did."""
        if request.resource_type in _BRINGS_CONTENT:
            place = request.url.partition("?")[0]
            self.asked[place] += 1
            if self.asked[place] <= _OFTEN:
                self.requests[request] = None

    def over(self, request: Request) -> None:
        """Note that a request was answered whole, or has failed. One that the page itself gave up is no loss."""
        known = request in self.requests
        self.requests.pop(request, None)
        if known and request.failure and _CUT_OFF.search(request.failure):
            self.lost.append(request.url)

    def refused(self, url: str) -> None:
        """Note that the host guard had no answer to hand on."""
        self.lost.append(url)


def settle(
    page: Page, deadline: float, more_time: Callable[[], float], under_way: UnderWay, owns: Callable[[str], bool]
) -> Settled:
    """Scroll and unfold until the page no longer grows; not settled if it still did when its time was over.

    What is under way then is waited for, and the page looked at once more if anything came of it. What the site itself
    (``owns``) does not answer makes the page late.
    """
    posts, looks, late = 0, 0, False
    for _ in range(_MOST_TIMES_LONGER + _MOST_LOOKS):
        bounds = {"steps": 200, "milliseconds": max(left(deadline) - 1000, 500), "quiet": 50, "anew": looks > 0}
        told = page.evaluate(_SETTLE, bounds)
        if not isinstance(told, dict):
            return Settled(settled=False)
        if told.get("settled") is True:
            awaited = list(under_way.requests)
            waiting = [request.url for request in _wait(page, awaited, under_way, deadline)]
            if any(owns(url) for url in (*waiting, *under_way.lost)):
                return Settled(settled=False, late=True)
            if told.get("again") is True or (awaited and _grew(page, told.get("shown"))):
                looks += 1
                if looks > _MOST_LOOKS:
                    return Settled(settled=False, late=True)
                continue
            shut, turned = (each if isinstance(each, int) else 0 for each in (told.get("shut"), told.get("turned")))
            return Settled(shut=shut, asks=told.get("asks") is True, turned=turned)
        found, late = told.get("posts"), told.get("late") is True
        if not isinstance(found, int) or found <= posts:
            break
        posts, deadline = found, more_time()
    return Settled(settled=False, late=late)


def _grew(page: Page, shown: object) -> bool:
    """True if a page shows more, or less, than when it seemed to be done."""
    page.wait_for_timeout(50)
    return bool(shown) and page.evaluate("() => window.auditbotTools.shown()") != shown


def _wait(page: Page, requests: list[Request], under_way: UnderWay, deadline: float) -> list[Request]:
    """Wait for the answers to requests; return those that have not come."""
    until = min(deadline, time.monotonic() + _LONGEST_FOR_ANSWERS)
    while (waiting := [each for each in requests if each in under_way.requests]) and time.monotonic() < until:
        page.wait_for_timeout(25)
    return waiting


def left(deadline: float) -> float:
    """Return the milliseconds left, at least a few, since Playwright takes 0 for no limit."""
    return max((deadline - time.monotonic()) * 1000, 50)
