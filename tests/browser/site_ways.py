"""Ways of small builders for the generated sites: how a card leads on, how a list is turned, how a page is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from tests.browser.little_server import Answer, Asked, Route
from tests.browser.small_site import photo

DOT = "/pictures/dot.jpg"
_HOME = "/home.htm"
_SESSION = "/(S(k7x2))"
Page = Callable[[str, str], str]


def card(kind: str, href: str, title: str, stamp: str, number: int) -> str:
    """Return one entry of a list that leads to a post in this way."""
    words = "A few words about the day they had together."
    if kind == "form" and "?" in href and "=" not in href:
        # No form can send a bare number.
        kind = "picture alone"
    dot = f"<img src='{DOT}' width='200' height='150' alt='{title}'"
    hidden = "".join(
        f"<input type='hidden' name='{k}' value='{v}'>" for k, v in parse_qsl(urlsplit(unescape(href)).query)
    )
    return {
        "area": f"<div>{dot} usemap='#m{number}'><map name='m{number}'><area shape='rect' coords='0,0,200,150' "
        f"href='{href}' alt='{title}'></map>{stamp}</div>",
        "picture alone": f"<a href='{href}'>{dot}></a>",
        "row": f"<table><tr onclick=\"window.location='{href}'\"><td>{title}</td><td>{stamp}</td></tr></table>",
        "form": f"<div><h3>{title}</h3>{stamp}<form action='{href.partition('?')[0]}'>{hidden}"
        "<button>Read this</button></form></div>",
        "from a file": f"<div class='item'><h3><a href='{href}'>{title}</a></h3>{stamp}<p>{words}</p></div>",
        "frame": f"<div><h3>{title}</h3><iframe src='{href}' width='600' height='300'></iframe></div>",
    }[kind]


def from_a_file(cards: str, file: str) -> tuple[str, Answer]:
    """Return what a list shows whose cards a script fetches, and that file."""
    script = (
        f"<div id='cards'></div><script>fetch('{file}').then((a) => a.json()).then((all) => {{ "
        "document.getElementById('cards').innerHTML = all.join(''); });</script>"
    )
    return script, Answer(json.dumps([cards]), "application/json")


def onward(kind: str, addresses: list[str], number: int, following: str) -> str:
    """Return the way from one page of a list to the next; nothing on the last."""
    if kind == "select":
        options = "".join(f"<option value='{address}'>Page {place}</option>" for place, address in enumerate(addresses))
        return f"<select onchange='location=this.value'>{options}</select>"
    if kind in ("data", "fetched"):
        buttons = "".join(
            f"<a href='#' class='turn' data-page='{place}'>{place + 1}</a> " for place in range(len(addresses))
        )
        button = buttons if kind == "data" else "<button class='turn'>Next</button>" if len(addresses) > 1 else ""
        return f"{button}{_turned(addresses)}" if number == 0 else ""
    if not following:
        return ""
    if kind == "form":
        hidden = "".join(
            f"<input type='hidden' name='{name}' value='{value}'>"
            for name, value in parse_qsl(urlsplit(following).query)
        )
        return f"<form action='{following.partition('?')[0]}'>{hidden}<button>Next</button></form>"
    return f"<p><a href='{following}'>Previous month</a></p>"


def _turned(addresses: list[str]) -> str:
    """Return a script that takes the next page's list in place of what is shown."""
    return (
        f"<script>const A = {json.dumps(addresses)}; let at = 0; document.querySelectorAll('.turn').forEach((turn) => "
        "turn.addEventListener('click', (event) => { event.preventDefault(); at = turn.dataset.page ? "
        "Number(turn.dataset.page) : Math.min(at + 1, A.length - 1); fetch(A[at]).then((a) => a.text()).then((t) => { "
        "const page = new DOMParser().parseFromString(t, 'text/html'); "
        "document.getElementById('shown').innerHTML = page.getElementById('shown').innerHTML; }); }));</script>"
    )


def entrance(kind: str, links: dict[str, str], page: Page) -> dict[str, Route]:
    """Return the start page of a site whose menu stands behind it, or is none of links, and what belongs to it."""
    menu = "".join(f"<p><a href='{address}'>{name}</a></p>" for name, address in links.items())
    home = page(f"<h1>Welcome</h1><p>Welcome to our school.</p>{menu}", "Home")
    hello = "<h1>Welcome</h1><p>Welcome to our school.</p>"
    if kind == "frameset":
        frames = "<frameset cols='20%,*'><frame src='/menu.htm'><frame src='/main.htm' name='main'></frameset>"
        return {
            "/": f"<html><head><title>Larkmere</title></head>{frames}</html>",
            "/menu.htm": f"<html><head></head><body>{menu.replace('<a ', '<a target=main ')}</body></html>",
            "/main.htm": page(hello, "Main"),
        }
    if kind == "meta refresh":
        refresh = f"<meta http-equiv='refresh' content='0; url={_HOME}'>"
        return {"/": f"<html><head>{refresh}</head><body><p>One moment.</p></body></html>", _HOME: home}
    if kind == "splash":
        return {"/": page(f"<a href='{_HOME}'><img src='{DOT}' width='400' height='300' alt=''></a>", "x"), _HOME: home}
    if kind == "image map":
        areas = "".join(f"<area shape='rect' coords='0,0,9,9' href='{address}'>" for address in links.values())
        return {
            "/": page(f"{hello}<img src='{DOT}' width='400' height='300' usemap='#m'><map name='m'>{areas}</map>", "x")
        }
    if kind == "select":
        options = "".join(f"<option value='{address}'>{name}</option>" for name, address in links.items())
        return {
            "/": page(
                f"{hello}<select onchange='location.href=this.value'><option>Go to</option>{options}</select>", "x"
            )
        }
    if kind == "written by script":
        parts = "".join(
            f"document.write('<p><a href=\"' + '{address[:3]}' + '{address[3:]}' + '\">{name}</a></p>');"
            for name, address in links.items()
        )
        return {"/": page(f"{hello}<script>{parts}</script>", "x")}
    return {"/": page(hello, "x").replace("</body>", f"<footer>{menu}</footer></body>")}


def dot() -> Answer:
    """Return the picture that stands for a button."""
    return Answer(photo("dot", 200, 150), "image/jpeg")


def coded(kind: str, path: str, route: Route) -> Route:
    """Return a page as such a builder writes it; what is no page stays as it is."""
    if callable(route):
        made = route

        def answer(asked: Asked) -> Answer | str | None:
            given = made(asked)
            shown = coded(kind, path, given) if isinstance(given, str) else given
            return shown if isinstance(shown, Answer | str) else given

        return answer
    if not isinstance(route, str) or not re.match(r"<!?[a-z]", route):
        return route
    steps = "../" * max(path.partition("?")[0].count("/") - 1, 0)
    if kind == "windows-1252":
        plain = route.replace("<meta charset='utf-8'>", "")
        return Answer(plain.encode("windows-1252", "xmlcharrefreplace"), "text/html")
    if kind == "capital letters":
        upper = re.sub(r"</?[a-z][a-z0-9]*", lambda match: match[0].upper(), route)
        return re.sub(r" (href|src|class|id|alt|name|type|action)=", lambda match: match[0].upper(), upper)
    if kind == "nothing but a body" and "<link" not in route and "http-equiv" not in route:
        return re.sub(r"^<!doctype html><html><head>.*?</head>|</html>$", "", route, flags=re.DOTALL)
    if kind in ("steps", "base"):
        whole = _linked(route, "./" + steps if kind == "steps" else "../../")
        return whole if kind == "steps" else whole.replace("<head>", "<head><base href='/a/b/'>", 1)
    return route


def _linked(page: str, begin: str) -> str:
    return re.sub(r"(?<= )(href|src|action)='/(?!/)", lambda match: f"{match[1]}='{begin}", page)


def with_sessions(routes: dict[str, Route]) -> dict[str, Route]:
    """Return the routes of a site that keeps its visitors apart by a step of the path, and sends all others to it."""
    found: dict[str, Route] = {}
    for path, route in routes.items():
        if path.endswith((".jpg", ".xml", ".txt", ".json")) or path.startswith("/wp-json"):
            found[path] = route
            continue
        found[_SESSION + path] = _in_session(route)
        found[path] = _to_session
    return found


def _to_session(asked: Asked) -> Answer:
    return Answer("", status=302, headers={"Location": _SESSION + asked.path})


def _in_session(route: Route) -> Route:
    def linked(given: Answer | str | None) -> Answer | str | None:
        if isinstance(given, str):
            return re.sub(r"(?<= )(href|action)='/(?!/|[\w-]+\.xml)", lambda match: f"{match[1]}='{_SESSION}/", given)
        if isinstance(given, Answer) and isinstance(given.body, str):
            return replace(given, body=str(linked(given.body)))
        return given

    if callable(route):
        made = route
        return lambda asked: linked(made(asked))
    return linked(route) or "" if not isinstance(route, bytes) else route
