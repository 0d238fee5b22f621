"""What scripts fetch and no page shows is told, and parts of addresses that each answer makes anew cost a handful."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

import pytest

from auditbot.model import Why
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, article

_ENTRIES = [
    {
        "id": n,
        "heading": f"The pond in week {n}",
        "on": f"2026-03-0{n}",
        "words": f"Week {n}: frogs came to the pond again.",
    }
    for n in range(1, 5)
]


def _shell(script: str) -> str:
    return f"<h1>Stories</h1><p>What we did.</p><div id='app'></div><script>{script}</script>"


def _draws(what: str, file: str = "/data.json") -> str:
    return (
        f"fetch('{file}').then((r) => r.json()).then((j) => {{ for (const e of j.list || j) app.insertAdjacentHTML("
        f"'beforeend', {what}) }})"
    )


LISTS: dict[str, tuple[object, str, Why | None]] = {
    "titles that lead nowhere": (_ENTRIES, _draws("`<h3>${e.heading}</h3><i>${e.on}</i>`"), Why.SHUT),
    "nothing at all": (_ENTRIES, _draws("''"), Why.SHUT),
    "whole posts": (_ENTRIES, _draws("`<h3>${e.heading}</h3><i>${e.on}</i><p>${e.words}</p>`"), None),
    "links": (_ENTRIES, _draws("`<h3><a href='/story/${e.id}'>${e.heading}</a></h3>`"), None),
    "addresses that are not shown": ([{**e, "link": f"/story/{e['id']}"} for e in _ENTRIES], _draws("''"), None),
    "more than it gave": (
        {"total": 40, "list": _ENTRIES}, _draws("`<h3><a href='/story/${e.id}'>${e.heading}</a></h3>`"), Why.SHORT_LIST,
    ),
    "more that it did not give": (
        {"hasMore": True, "list": _ENTRIES},
        _draws("`<h3><a href='/story/${e.id}'>${e.heading}</a></h3>`"),
        Why.SHORT_LIST,
    ),
    "one that ends": (
        {"hasMore": True, "list": _ENTRIES},
        _draws("`<h3><a href='/story/${e.id}'>${e.heading}</a></h3>`") + ".then(() => fetch('/data.json?last'))", None,
    ),
    "what is no post": ([{"name": "Home", "order": n} for n in range(5)], _draws("''"), None),
    "a program's own": ([{"name": "_ga", "slug": str(n)} for n in range(5)], _draws("''", "/cookie-list.json"), None),
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_entries_that_scripts_fetched_are_found_or_told(kind: str, site: LittleServer, collect: CollectSite) -> None:
    data, script, why = LISTS[kind]
    site.routes |= {"/": "<p>Welcome to Larkmere.</p><a href='/stories'>Stories</a>", "/stories": _shell(script)}
    site.routes |= {name: Answer(json.dumps(data), "application/json") for name in ("/data.json", "/cookie-list.json")}
    site.routes["/data.json?last"] = Answer('{"hasMore": false, "list": []}', "application/json")
    for entry in _ENTRIES:
        site.routes[f"/story/{entry['id']}"] = article(str(entry["heading"]), f"<p>{entry['words']}</p>")
    found = collect()
    told = [(note.url, note.why) for note in found.not_checked if not note.aside]
    assert told == ([(f"{site.url}/stories", why)] if why else [])
    assert found.coverage.status == ("partial" if why else "complete")


def test_days_of_a_calendar_that_are_not_shown_are_told_beside(site: LittleServer, collect: CollectSite) -> None:
    days = [{"title": f"Visit of group {n}", "start": f"2026-09-0{n}"} for n in range(1, 6)]
    site.routes |= {"/": "<p>Welcome.</p><a href='/stories'>Stories</a>", "/stories": _shell(_draws("''"))}
    site.routes["/data.json"] = Answer(json.dumps(days), "application/json")
    found = collect()
    assert [note.why for note in found.not_checked] == [Why.SHUT]
    assert found.coverage.status == "complete"


def _keys(make: Callable[[int], str]) -> Callable[[], str]:
    count = itertools.count(1)
    return lambda: make(next(count) * 7919)


MADE_ANEW: dict[str, Callable[[int], str]] = {
    "long keys": lambda n: f"{n:08x}f00d{n:x}",
    "long numbers": lambda n: str(10**11 + n),
    "short numbers": str,
}


@pytest.mark.parametrize("kind", MADE_ANEW)
def test_what_each_answer_makes_anew_tells_no_pages_apart(kind: str, site: LittleServer, collect: CollectSite) -> None:
    made = _keys(MADE_ANEW[kind])

    def page(_: Asked) -> str:
        rows = "".join(f"<p><a href='/read?zed={made()}&amp;n={n}'>The pond in week {n}</a></p>" for n in range(6))
        return f"<h1>News</h1><p>What we did by the pond all term.</p>{rows}<a href='/list?visit={made()}'>News</a>"

    def read(asked: Asked) -> str:
        number = asked.path.partition("n=")[2][:1]
        back = f"<nav><a href='/list?visit={made()}'>Back</a></nav>"
        return f"<div id='main'><h1>The pond in week {number}</h1><p>Frogs came in week {number}.</p>{back}</div>"

    site.routes |= {
        "/": lambda _: f"<p>Welcome.</p><a href='/list?visit={made()}'>News</a>",
        "/list": page,
        "/read": read,
    }
    found = collect()
    words = [f"Frogs came in week {n}." for n in range(6)]
    assert sorted(post.text for post in found.posts.values() if "Frogs" in post.text) == words
    assert len(site.asked) <= 30
    assert found.coverage.status == "complete"
    if kind != "short numbers":
        assert {f"/read?n={n}" for n in range(6)} <= set(found.posts)


def test_keys_that_tell_pages_apart_are_left_alone(site: LittleServer, collect: CollectSite) -> None:
    keys = [f"{n}b7f00d{n}" for n in range(5)]
    rows = "".join(f"<p><a href='/read?guid={key}'>The pond in week {key[0]}</a></p>" for key in keys)
    site.routes |= {"/": f"<h1>News</h1><p>What we did by the pond.</p>{rows}"}
    site.routes |= {f"/read?guid={key}": article(f"Week {key[0]}", f"<p>Frogs of {key}.</p>") for key in keys}
    first = collect()
    assert {f"/read?guid={key}" for key in keys} <= set(first.posts)
    before = len(site.asked)
    again = collect(known_posts=frozenset(f"{site.url}{path}" for path in first.posts))
    assert set(again.posts) == set(first.posts)
    # What stood in addresses of the last audit is not made anew: nothing more is asked.
    assert len(site.asked) - before < before
