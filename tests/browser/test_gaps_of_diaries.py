"""A diary of few months: what lies between two of them is read, however long nothing was written."""

from __future__ import annotations

from datetime import date

import pytest

from tests.browser.little_server import Asked, LittleServer
from tests.browser.small_site import CollectSite, article

_NOW = 2026 * 12 + 9
_WHAT = ("the pond", "a lifeboat", "scones", "lanterns", "the mine", "a march", "the band")
_FIRST, _LAST = 2024 * 12 + 8, 2026 * 12 + 10


def _month(asked: Asked, written: dict[int, int]) -> str:
    values = dict(pair.split("=") for pair in asked.path.partition("?")[2].split("&") if pair)
    at = int(values["y"]) * 12 + int(values["m"]) - 1 if values else _NOW
    on = [(by, name) for by, name in ((-1, "earlier"), (1, "later")) if _FIRST <= at + by <= _LAST]
    turns = "".join(f"<a href='month.php?y={(at + by) // 12}&m={(at + by) % 12 + 1}'>{name}</a> " for by, name in on)
    told = f"<td><a href='/event.php?id={written[at]}'>Report on {_WHAT[written[at]]}</a></td>" if at in written else ""
    return f"<table><caption>{turns}{date(at // 12, at % 12 + 1, 1):%B %Y}</caption><tr><td>1</td>{told}</tr></table>"


@pytest.mark.parametrize("framed", [False, True])
def test_months_between_two_that_tell_something_are_read(
    framed: bool, site: LittleServer, collect: CollectSite
) -> None:
    # Four months, then six, then four more in which nobody wrote.
    written = {_NOW: 0, _NOW - 3: 1, _NOW - 5: 2, _NOW - 7: 3, _NOW - 12: 4, _NOW - 18: 5, _NOW - 22: 6}
    diary = (
        "<iframe src='/month.php' width='900' height='600'></iframe>" if framed else "<a href='/month.php'>Months</a>"
    )
    site.routes |= {
        "/": "<p>Welcome to the school by the harbour.</p><a href='/diary'>Diary</a>",
        "/diary": f"<h1>Diary</h1><p>Go back through the months for older reports.</p>{diary}",
        "/month.php": lambda asked: _month(asked, written),
    }
    site.routes |= {
        f"/event.php?id={n}": article(f"Report on {what}", f"<p>How it went with {what} on the day.</p>")
        for n, what in enumerate(_WHAT)
    }
    found = collect()
    assert [n for n in range(len(written)) if f"/event.php?id={n}" not in found.posts] == []
    assert found.coverage.status == "complete"
