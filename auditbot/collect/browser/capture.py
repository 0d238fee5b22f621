"""What the browser was answered for a page and its parts: kept for the next pages, for a WARC file, as a picture."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, FloatRect, Page, Response
from playwright.sync_api import Error as PlaywrightError

from auditbot.collect.browser.page import PageFailed
from auditbot.collect.net.guard import words_of_guard
from auditbot.collect.net.warc import Warc
from auditbot.sentences import say

_HIDE = files("auditbot.collect.browser").joinpath("hide.js").read_text("utf-8")
_GONE = "function () { this.style.setProperty('display', 'none', 'important'); }"
_TALLEST = 8000
_MOST_OF_PARTS = 30_000_000
_MOST_OF_JSON = 4_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A script or style sheet, which many pages share: asked for once in a run."""

    headers: dict[str, str]
    """Headers of the answer, as they stand with a decoded body."""
    body: bytes
    """Its content."""

    @property
    def text(self) -> str:
        """Its content as words, wrong letters left out."""
        return self.body.decode("utf-8", "ignore")


def keep(answers: list[Response], warc: Warc) -> None:
    """Write what was answered while a page was open, as far as the browser still has it."""
    for answer in answers:
        headers = answer.headers
        if any(words_of_guard(answer.url, headers)):
            continue
        body = b""
        with contextlib.suppress(PlaywrightError):
            body = b"" if 300 <= answer.status < 400 else answer.body()
        warc.add(answer.url, answer.status, answer.request.headers, headers, body)


def remember(answers: list[Response], parts: dict[str, Part]) -> None:
    """Keep scripts and style sheets for the next pages, since a browser whose requests are looked at keeps none."""
    for answer in answers:
        shared = answer.request.resource_type in ("script", "stylesheet") and answer.status == 200
        if shared and answer.url not in parts:
            with contextlib.suppress(PlaywrightError):
                share(answer.url, answer.headers, answer.body(), parts)


def fetched(answers: list[Response]) -> tuple[tuple[str, str], ...]:
    """Return the addresses and texts of what scripts of a page were sent as JSON, within bounds."""
    found: list[tuple[str, str]] = []
    room = _MOST_OF_JSON
    for answer in answers:
        asked_by_script = answer.request.resource_type in ("xhr", "fetch") and answer.status == 200
        if asked_by_script and "json" in answer.headers.get("content-type", "").lower():
            with contextlib.suppress(PlaywrightError):
                text = answer.body().decode("utf-8", "replace")
                room -= len(text)
                if room > 0:
                    found.append((answer.url, text))
    return tuple(found)


def share(url: str, headers: Mapping[str, str], body: bytes, parts: dict[str, Part]) -> None:
    """Keep one script or style sheet for the next pages, unless its server forbids it or there is no room."""
    room = _MOST_OF_PARTS - sum(len(part.body) for part in parts.values())
    if "no-store" in headers.get("cache-control", "") or len(body) > room:
        return
    dropped = ("content-encoding", "content-length", "transfer-encoding", "set-cookie")
    parts[url] = Part({name: value for name, value in headers.items() if name not in dropped}, body)


def photograph(page: Page, path: Path) -> None:
    """Take a picture of the whole page, or of its beginning if it is very long.

    Pictures that the visit did not answer itself (``data:``, ``blob:``, canvas, film, frame) are made invisible first.
    Raises PageFailed if that cannot be made sure.
    """
    with _standing_still(page) as session:
        if not _hidden(session):
            raise PageFailed("crashed", say("Pictures within the page could not be hidden."))
        height = min(int(page.evaluate("document.documentElement.scrollHeight")), _TALLEST)
        clip: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": max(height, 1)}
        page.screenshot(
            path=path, type="jpeg", quality=60, full_page=True, clip=clip, timeout=10_000, animations="disabled"
        )


@contextlib.contextmanager
def _standing_still(page: Page) -> Iterator[CDPSession]:
    """Hold the page's own scripts, so that none shows another picture in between."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        yield session
    finally:
        with contextlib.suppress(PlaywrightError):
            session.send("Emulation.setScriptExecutionDisabled", {"value": False})
            session.detach()


def _hidden(session: CDPSession) -> bool:
    """Hide pictures from a world of our own, where nothing that scripts rely on can have been replaced."""
    root = session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    for host in _closed_hosts(root):
        element = session.send("DOM.resolveNode", {"backendNodeId": host})["object"]
        session.send("Runtime.callFunctionOn", {"objectId": element["objectId"], "functionDeclaration": _GONE})
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "auditbot"})
    asked = {"expression": _HIDE, "contextId": world["executionContextId"], "returnByValue": True}
    return session.send("Runtime.evaluate", asked)["result"].get("value") is True


def _closed_hosts(root: dict[str, Any]) -> Iterator[int]:
    """Yield the elements whose content no script can look into."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        shadows = node.get("shadowRoots", [])
        if any(shadow["shadowRootType"] == "closed" for shadow in shadows):
            yield node["backendNodeId"]
        waiting += [*node.get("children", []), *shadows]
