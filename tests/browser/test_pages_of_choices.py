"""A choice that is sent to the server has pages of its own, which are turned within it."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from tests.browser.little_server import Asked, LittleServer
from tests.browser.small_site import CollectSite, article

_YEARS = ("2026", "2025", "2024")
_OF_YEAR = {"2026": range(4), "2025": range(4, 9), "2024": range(9, 10)}
_EACH = 2
_SENDS = (
    "<script>function __doPostBack(t, a) { f.__EVENTTARGET.value = t; "
    "f.__EVENTARGUMENT.value = a; f.submit() }</script>"
)


def _choice(kind: str, year: str) -> str:
    if kind == "select":
        options = "".join(f"<option{' selected' if each == year else ''}>{each}</option>" for each in _YEARS)
        return f"<select name='year' onchange=\"__doPostBack('year','')\">{options}</select>"
    links = (
        f"<li>{each}</li>" if each == year else f"<li><a href=\"javascript:__doPostBack('y{each}','')\">{each}</a></li>"
        for each in _YEARS
    )
    return f"<ul>{''.join(links)}</ul>"


def _board(kind: str, asked: Asked) -> str:
    """Answer with a page of a year: the year stands in the state that the form sends, or is chosen anew."""
    length = int(asked.headers.get("content-length") or 0)
    form = (
        {name: value[0] for name, value in parse_qs(asked.handler.rfile.read(length).decode()).items()}
        if length
        else {}
    )
    state = form.get("__VIEWSTATE", _YEARS[0])
    target, argument = form.get("__EVENTTARGET", ""), form.get("__EVENTARGUMENT", "")
    year = target[1:] if target[1:] in _YEARS else form.get("year", state)
    page = int(argument.removeprefix("Page$")) if argument and year == state else 1
    numbers = list(_OF_YEAR[year])
    pages = range(1, -(-len(numbers) // _EACH) + 1)
    pager = "".join(
        f"<td>{n}</td>" if n == page else f"<td><a href=\"javascript:__doPostBack('grid','Page${n}')\">{n}</a></td>"
        for n in pages
    )
    rows = "".join(
        f"<tr><td>0{n % 9 + 1}/03/{year}</td><td><a href='board-{n}'>Story number {n} about the pond</a></td></tr>"
        for n in numbers[(page - 1) * _EACH : page * _EACH]
    )
    return (
        "<form method='post' action='./board' id='f'><input type='hidden' name='__EVENTTARGET'><input type='hidden' "
        f"name='__EVENTARGUMENT'><input type='hidden' name='__VIEWSTATE' value='{year}'>{_SENDS}{_choice(kind, year)}"
        f"<table id='grid'>{rows}<tr><td><table><tr>{pager if len(pages) > 1 else ''}</tr></table></td></tr></table>"
        "</form>"
    )


@pytest.mark.parametrize("kind", ["select", "links"])
def test_the_pages_of_each_choice_are_turned(kind: str, site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        f"/board-{n}": article(f"Story number {n} about the pond", f"<p>Words of story {n}, told at length.</p>")
        for n in range(10)
    }
    site.routes["/board"] = lambda asked: _board(kind, asked)
    site.routes["/"] = "<h1>Larkmere</h1><p>Welcome.</p><ul><li><a href='/board'>News</a></li></ul>"
    found = collect(page_timeout_seconds=30.0)
    assert [n for n in range(10) if f"/board-{n}" not in found.posts] == []
    assert found.coverage.status == "complete"
    sent = [asked.path for asked in site.asked if asked.handler.command == "POST"]
    # One page more of this year, two more years, and two pages more of one of them.
    assert len(sent) == 5
