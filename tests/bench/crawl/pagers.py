"""How many pages a list without an end costs: python -m tests.bench.crawl.pagers

Each list stands on a site of its own with six posts over two pages: its pager answers every number with the last page
again, with an empty page, with a page that counts or dates itself, or with a random word; a calendar goes on for ever
by month or by day; steps of a path pile up. What is printed is how often the list was asked, and the posts found.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.browser.little_server import Asked, LittleServer
from tests.browser.small_site import article, collect_site, listing

_POSTS = [f"/story-{name}" for name in ("robins", "wrens", "owls", "larks", "finches", "swifts")]


def _number(asked: Asked, name: str = "n") -> int:
    said = (parse_qs(urlsplit(asked.path).query).get(name) or ["1"])[0]
    return int(said) if said.isdigit() else 1


def _next(number: int) -> str:
    return f"<nav class='pagination'><a href='/list?n={number + 1}'>Next</a></nav>"


def _beyond(asked: Asked, says: Callable[[int], str]) -> str:
    number = _number(asked)
    if number <= 2:
        return listing(*_POSTS[(number - 1) * 3 : number * 3], after=_next(number))
    return f"<main><h1>News</h1><p>{says(number)}</p></main>{_next(number)}"


def _month(number: int) -> str:
    return f"{date(2026 + number // 12, number % 12 + 1, 1):%B %Y}"


KINDS: dict[str, Callable[[Asked], str]] = {
    "the last page again": lambda asked: listing(*_POSTS[3:] if _number(asked) > 1 else _POSTS[:3],
                                                 after=_next(_number(asked))),
    "an empty page": lambda asked: _beyond(asked, lambda number: ""),
    "a page that counts": lambda asked: _beyond(asked, lambda number: f"Page {number} of many: nothing here."),
    "a page with a date": lambda asked: _beyond(asked, lambda number: f"{date(2026, 1, 1) + timedelta(number)}: none."),
    "a calendar by month": lambda asked: _beyond(asked, lambda number: f"{_month(number)}. No events this month."),
    "a random word": lambda asked: _beyond(asked, lambda number: f"Token {random.Random(number).getrandbits(40):x}"),
}  # fmt: skip


def main() -> None:
    for name, page in KINDS.items():
        server = LittleServer()
        for path in _POSTS:
            server.routes[path] = article(path, f"<p>What {path[7:]} did by the pond.</p>")
        server.routes["/list"] = page
        server.routes["/"] = "<main><p>Welcome to our school.</p><a href='/list?n=1'>News</a></main>"
        with tempfile.TemporaryDirectory() as folder:
            found = collect_site(server, Path(folder))
        asked = [path for path in server.paths() if path.startswith("/list")]
        posts = sum(path in found.posts for path in _POSTS)
        print(f"{name}: the list was asked for {len(asked)} pages; {posts} of 6 posts; {found.coverage.status}")
        server.close()


if __name__ == "__main__":
    main()
