"""What the browser was answered for a page and its parts: kept for the next pages, for a WARC file, as a picture."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import FloatRect, Page, Response

from auditbot.collect.guard import FAILED_HEADER, REFUSED_HEADER
from auditbot.collect.warc import Warc

_TALLEST = 8000
_MOST_OF_PARTS = 30_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A script or style sheet, which many pages share: asked for once in a run."""

    headers: dict[str, str]
    """Headers of the answer, as they stand with a decoded body."""
    body: bytes
    """Its content."""


def keep(answers: list[Response], warc: Warc) -> None:
    """Write what was answered while a page was open, as far as the browser still has it."""
    for answer in answers:
        headers = answer.headers
        if REFUSED_HEADER in headers or FAILED_HEADER in headers:
            continue
        body = b""
        with contextlib.suppress(PlaywrightError):
            body = b"" if 300 <= answer.status < 400 else answer.body()
        warc.add(answer.url, answer.status, answer.request.headers, headers, body)


def remember(answers: list[Response], parts: dict[str, Part]) -> None:
    """Keep scripts and style sheets for the next pages, since a browser whose requests are looked at keeps none."""
    room = _MOST_OF_PARTS - sum(len(part.body) for part in parts.values())
    for answer in answers:
        shared = answer.request.resource_type in ("script", "stylesheet") and answer.status == 200
        if shared and answer.url not in parts and "no-store" not in answer.headers.get("cache-control", ""):
            with contextlib.suppress(PlaywrightError):
                body = answer.body()
                if len(body) <= room:
                    room -= len(body)
                    dropped = ("content-encoding", "content-length", "transfer-encoding", "set-cookie")
                    headers = {name: value for name, value in answer.headers.items() if name not in dropped}
                    parts[answer.url] = Part(headers, body)


def photograph(page: Page, path: Path) -> None:
    """Take a picture of the whole page, or of its beginning if it is very long."""
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), _TALLEST)
    clip: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": max(height, 1)}
    page.screenshot(
        path=path, type="jpeg", quality=60, full_page=True, clip=clip, timeout=10_000, animations="disabled"
    )
