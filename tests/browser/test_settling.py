"""A page is done when nothing that it asked for is still to come; what does not come is told, however long it takes."""

from __future__ import annotations

import json

import pytest

from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, article

_STORIES = [f"/story-{name}" for name in ("robins", "wrens", "owls", "larks")]
_CARDS = "".join(f"<p><a href='{path}'>What {path[7:]} did by the pond</a></p>" for path in _STORIES)
_ADD = "const add = (text) => { const box = document.createElement('div'); box.innerHTML = text; shown.append(box); };"
# Keeps all else from its turn, as a computer does that has too much to do.
_HOLD = "const hold = (wait) => { const began = Date.now(); while (Date.now() < began + wait); };"
_ASKS = {
    "fetch": "fetch('/part').then((answer) => answer.text()).then(add);",
    "request": "const r = new XMLHttpRequest; r.open('GET', '/part'); r.onload = () => add(r.responseText); r.send();",
    "script": "const s = document.createElement('script'); s.src = '/part.js'; document.body.append(s);",
    "frame": "const f = document.createElement('iframe'); f.src = '/part'; f.width = f.height = 400; shown.append(f);",
}


def _page(script: str, body: str = "") -> str:
    return f"<h1>News</h1>{body}<div id='shown'></div><script>{_ADD}{_HOLD}{script}</script>"


def _parts(site: LittleServer, page: str) -> None:
    site.routes |= {path: article(path[7:], f"<p>Words of {path}.</p>") for path in _STORIES}
    site.routes |= {
        "/": "<main><p>Welcome to our school.</p><a href='/list'>News</a></main>",
        "/list": page,
        "/part": _CARDS,
        "/part.js": Answer(f"add({json.dumps(_CARDS)})", "text/javascript"),
    }


@pytest.mark.parametrize("way", _ASKS)
@pytest.mark.parametrize("when", ["at once", "by a click"])
def test_an_answer_that_never_comes_is_told(way: str, when: str, site: LittleServer, collect: CollectSite) -> None:
    button = "<button id='b'>Load more</button>" if when == "by a click" else ""
    _parts(site, _page(f"b.onclick = () => {{ {_ASKS[way]} }}" if button else _ASKS[way], button))

    def never(_: Asked) -> None:
        site.stopping.wait(120)

    site.routes |= {"/part": never, "/part.js": never}
    found = collect(page_timeout_seconds=10.0)
    assert found.missed.keys() & {"/list", "/part", "/part.js"}
    assert found.coverage.status != "complete"


@pytest.mark.parametrize("way", _ASKS)
def test_an_answer_is_waited_for_that_comes_when_the_server_lets_it(
    way: str, site: LittleServer, collect: CollectSite
) -> None:
    """The server answers when the page has asked it for something else again and again, in turns of its own."""
    turns = "const turn = (n) => n < 120 && setTimeout(() => fetch('/turn?' + n).then(() => turn(n + 1)), 40); turn(0);"
    _parts(site, _page(_ASKS[way] + turns))
    answers = {path: site.routes[path] for path in ("/part", "/part.js")}

    def let(asked: Asked) -> Answer | str:
        while not site.stopping.wait(0.02) and sum(path.startswith("/turn") for path in site.paths()) < 120:
            pass
        answer = answers[asked.path.partition("?")[0]]
        assert isinstance(answer, Answer | str)
        return answer

    site.routes |= {"/part": let, "/part.js": let, "/turn": "."}
    found = collect(page_timeout_seconds=60.0)
    assert set(_STORIES) <= set(found.posts)


@pytest.mark.parametrize(
    "script",
    [
        f"hold(3000); setTimeout(() => {{ hold(2500); setTimeout(() => add({json.dumps(_CARDS)}), 300); }}, 300);",
        f"setTimeout(() => {{ hold(2500); {_ASKS['fetch']} }}, 300);",
        f"b.onclick = () => setTimeout(() => {{ hold(2500); setTimeout(() => add({json.dumps(_CARDS)}), 9); }}, 300);",
        f"b.onclick = () => setTimeout(() => {{ hold(2500); {_ASKS['request']} }}, 300);",
    ],
)
def test_a_page_that_is_kept_from_its_turn_is_waited_for(script: str, site: LittleServer, collect: CollectSite) -> None:
    _parts(site, _page(script, "<button id='b'>Load more</button>" if "b.onclick" in script else ""))
    found = collect(page_timeout_seconds=60.0)
    assert set(_STORIES) <= set(found.posts)


def test_a_page_that_asks_without_end_and_is_answered_is_done(site: LittleServer, collect: CollectSite) -> None:
    ask = "const ask = () => fetch('/count').then((answer) => answer.text()).then(() => setTimeout(ask, 200)); ask();"
    _parts(site, _page(ask, _CARDS))
    site.routes["/count"] = "1"
    found = collect(page_timeout_seconds=60.0)
    assert set(_STORIES) <= set(found.posts)
    assert found.coverage.status == "complete"
