"""Lists are found on pages of any shape, and no shape of a page keeps the collector busy without end."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborNode

from auditbot.collect.html.content import around
from auditbot.collect.html.dom import beginning_of, line_of, parse, select, sizes_of
from auditbot.collect.net.urls import Site
from auditbot.collect.post import listing

SITE = "https://school.example/"


def blocks(html: str) -> list[str]:
    """Return the titles of the posts that a page lists."""
    tree = parse(html)
    found = listing.find_blocks(tree, f"{SITE}news", f"{SITE}news", Site(SITE), ZoneInfo("Europe/London"), around(tree))
    return [block.lead.url for block in found]


def nested(depth: int) -> str:
    """Return three links on every level of nesting."""
    html = ""
    for level in range(depth):
        links = "".join(f'<div><a href="/{name}{level}">some words to read here</a></div>' for name in "pq")
        html = f"{links}<div>{html}<a href='/r{level}'>x</a></div>"
    return f"<main>{html}</main>"


def test_what_is_read_of_a_nested_page_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = 0
    date_of = listing._date_of

    def counted(node: LexborNode, *rest: object) -> object:
        nonlocal looked_at
        looked_at += len(select(node, "*"))
        return date_of(node, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(listing, "_date_of", counted)
    assert blocks(nested(400)) == []
    assert 0 < looked_at < 200_000


def test_a_list_with_dates_in_its_words_is_found() -> None:
    rows = "".join(
        f"<div class='row'><p><a href='/story-{day}'>What we did</a></p><div><span>{day} June 2026</span></div></div>"
        for day in range(1, 6)
    )
    assert blocks(f"<main><div>{rows}</div></main>") == [f"{SITE}story-{day}" for day in range(1, 6)]


@pytest.mark.parametrize("html", ["<p>One <b>two</b>  three", "<div><p>One</p><p>two</p>three</div>", "<p></p>"])
def test_the_beginning_of_a_short_line_is_the_line(html: str) -> None:
    body = parse(html).body
    assert body is not None
    assert beginning_of(body, 40) == line_of(body)
    assert beginning_of(body, 3)[:3] == line_of(body)[:3]


def test_sizes_are_counted_once_and_not_below_the_depth() -> None:
    tree = parse("<body><div id=a><p>x<b>y</b></p><p></p></div><i></i></body>")
    sizes = sizes_of(tree, 3)
    named = {node.tag: sizes.get(node.mem_id) for node in select(tree, "html, body, div, b, i")}
    assert named == {"html": 8, "body": 6, "div": 4, "b": None, "i": 1}


LINK = "<a href='/n{0}'>Story number {0} of ours</a>"
DAY = "{1} March 2026"
PAIRS = {
    "in a row of its own": (f"<tr><td>{DAY}</td></tr><tr><td>{LINK}</td></tr>", True),
    "in a paragraph": (f"<p>{DAY}</p><p>{LINK}</p>", True),
    "in a table for each": (f"<table><tr><td>{DAY}</td></tr><tr><td>{LINK}</td></tr></table>", True),
    "after its story": (f"<p>{LINK}</p><p>{DAY}</p>", False),
}


@pytest.mark.parametrize("way", PAIRS)
def test_a_day_that_stands_before_each_entry_is_the_entrys(way: str) -> None:
    one, is_dated = PAIRS[way]
    rows = "".join(one.format(number, day) for number, day in enumerate((21, 14, 7, 2)))
    tree = parse(f"<main><h1>News</h1>{f'<table>{rows}</table>' if one.startswith('<tr') else rows}</main>")
    zone = ZoneInfo("Europe/London")
    found = listing.find_blocks(tree, f"{SITE}news", f"{SITE}news", Site(SITE), zone, around(tree))
    days = [block.lead.published_at.day for block in found if block.lead.published_at]
    assert days == ([21, 14, 7, 2] if is_dated else [])
