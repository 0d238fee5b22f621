"""Sites of several makes, each with the truth beside it: what a visitor can find on it, and what is not public."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import photo

LONDON = ZoneInfo("Europe/London")
_NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
BEGAN = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@dataclass
class Told:
    """One post as it ought to be found."""

    text: str
    at: datetime
    photos: list[bytes] = field(default_factory=list)
    """The best public rendition of each photo."""
    comments: list[str] = field(default_factory=list)


@dataclass
class Layout:
    """One site's truth."""

    posts: dict[str, Told]
    """By address, as a path."""
    secret: tuple[str, ...] = ()
    """Words and paths that nobody may take."""
    pressed: str = ""
    """A path that is asked for if the right button was pressed."""


def _page(name: str) -> str:
    return (Path(__file__).parents[1] / "data" / "layouts" / f"{name}.html").read_text("utf-8")


def _jpeg(server: LittleServer, name: str, width: int = 320, height: int = 240) -> bytes:
    content = photo(name, width, height)
    server.routes[f"/photos/{name}.jpg"] = Answer(content, "image/jpeg")
    return content


def social_feed(server: LittleServer, posts: int = 30, address: str = "/p/{0}") -> Layout:
    """A feed of one page: rows are used again while scrolling, and the posts have no pages of their own."""
    told: dict[str, Told] = {}
    items: list[dict[str, object]] = []
    for number in range(1, posts + 1):
        kind = ("plain", "long", "carousel", "blob", "canvas", "talk")[number % 6]
        count = 4 if kind == "carousel" else 1 if kind in ("blob", "canvas", "plain") else number % 3
        names = [f"feed-{number}-{place}" for place in range(count)]
        photos = [_jpeg(server, name) for name in names]
        for name in names:
            server.routes[f"/photos/{name}-small.jpg"] = Answer(photo(f"small {name}", 80, 60), "image/jpeg")
        text = f"Day {number}: we counted {number * 7} snails" + (
            ", and then the whole class walked round the pond to look for more of them." if kind == "long" else "."
        )
        comments = [f"Well done, snail team {number}!", f"Thank you from team {number}."] if kind == "talk" else []
        at = BEGAN + timedelta(days=number, minutes=number)
        where = address.format(number)
        told[where] = Told(text, at, photos, comments)
        items.append(
            {"id": number, "text": text, "at": at.isoformat(), "address": where, "comments": len(comments),
             "photos": [f"/photos/{name}.jpg" for name in names], kind: True}
        )  # fmt: skip

    def api(asked: Asked) -> Answer:
        page = int(parse_qs(urlsplit(asked.path).query)["page"][0])
        found = items[(page - 1) * 10 : page * 10]
        return Answer(json.dumps({"posts": found, "more": page * 10 < posts}), "application/json")

    def talk(asked: Asked) -> Answer:
        number = int(parse_qs(urlsplit(asked.path).query)["post"][0])
        comments = told[address.format(number)].comments
        return Answer(json.dumps([["A parent", text] for text in comments]), "application/json")

    server.routes |= {"/": _page("feed"), "/api/posts": api, "/api/comments": talk}
    return Layout(told, ("/accepted-cookies", "/deleted", "/send"), "/declined-cookies")


LAYOUTS: dict[str, Callable[[LittleServer], Layout]] = {"social feed": social_feed}


def school_cms(server: LittleServer) -> Layout:
    """A school's own system: a bare list, tabs, comments in frames, albums, a banner in a shadow root."""
    told = _cms_stories(server, 12) | _cms_albums(server, 4)
    tabs = "".join(
        f"<div id='tab{number}' style='display:{'block' if number == 1 else 'none'}'>Class {number} likes rivers.</div>"
        for number in (1, 2, 3)
    )
    told["/page/?title=Curriculum&pid=9"] = Told(
        "Class 1 likes rivers.\nClass 2 likes rivers.\nClass 3 likes rivers.", datetime(2026, 5, 1, tzinfo=LONDON)
    )
    opened = "<a href='#tab1'>1</a> <a href='#tab2'>2</a> <a href='#tab3'>3</a>"
    server.routes |= {
        "/": _cms_page("Larkmere", "<p>Welcome.</p><a href='/trap' style='display:none'>x</a>"),
        "/page/?title=Curriculum&pid=9": _cms_page(
            "Curriculum", f"<p class='date'>1 May 2026</p><p>{opened}</p>{tabs}"
        ),
        "/trap": "<p>Only programs come here.</p>",
    }
    return Layout(told, ("/trap", "not yet agreed", "accepted-cookies"), "/declined-cookies")


def _cms_stories(server: LittleServer, count: int) -> dict[str, Told]:
    told: dict[str, Told] = {}
    rows = ""
    for number in range(1, count + 1):
        where = f"/page/?title=Story+{number}&pid={40 + number}"
        best = [_jpeg(server, f"cms-{number}-{place}", 400, 300) for place in range(2)]
        server.routes[f"/photos/cms-{number}-1-300x200.jpg"] = Answer(photo(f"small {number}", 60, 40), "image/jpeg")
        comments = [f"How lovely, story {number}!"] if number % 4 == 0 else []
        text = f"Oak Class wrote story {number} together."
        told[where] = Told(text, datetime(2026, 9, number, tzinfo=LONDON), best, comments)
        rows += (
            f"<div class='newsBox'><div class='pic'></div><a href='{where}'>Story {number}</a>"
            f"<span>{number}/09/2026</span><p>Oak Class wrote it.</p></div>"
        )
        server.routes[where] = _cms_page(
            f"Story {number}",
            f"<div class='newsDate'>{number} September 2026</div><p>{text}</p>"
            f"<div style=\"background-image:url('/photos/cms-{number}-0.jpg');width:300px;height:200px\"></div>"
            f"<picture><source data-srcset='/photos/cms-{number}-1.jpg 1200w'><img src='{_NOTHING}'"
            f" data-src='/photos/cms-{number}-1-300x200.jpg'></picture>"
            + (f"<iframe src='/comments/{number}.html'></iframe>" if comments else "")
            + f"<div style='display:none'>Draft of story {number}: not yet agreed</div>",
        )
        server.routes[f"/comments/{number}.html"] = (
            f"<ul class='comments'><li><b class='author'>Gran</b><p class='text'>{''.join(comments)}</p></li></ul>"
        )
    server.routes["/news/"] = _cms_page("News", rows)
    return told


def _cms_albums(server: LittleServer, count: int) -> dict[str, Told]:
    told: dict[str, Told] = {}
    albums = ""
    for number in range(1, count + 1):
        where = f"/gallery/?pid={number}&gcatid={number}"
        names = [f"album-{number}-{place}" for place in range(6)]
        best = [_jpeg(server, name, 360, 270) for name in names]
        pictures = ""
        for place, name in enumerate(names):
            server.routes[f"/photos/{name}-thumb.jpg"] = Answer(photo(f"thumb {name}", 60, 40), "image/jpeg")
            pictures += (
                f"<li style='{'display:none' if place > 3 else ''}'><a class='lightbox' href='/photos/{name}.jpg'"
                f" title='Album {number}'><img src='/photos/{name}-thumb.jpg' alt=''></a></li>"
            )
        told[where] = Told(f"Sports day {number}", datetime(2026, 6, number, tzinfo=LONDON), best)
        albums += f"<a href='{where}'>Album {number}</a> "
        server.routes[where] = _cms_page(
            f"Album {number}",
            f"<p>Sports day {number}</p><p class='date'>{number} June 2026</p><ul class='gallery'>{pictures}</ul>",
        )
    server.routes["/albums/"] = _cms_page("Albums", f"<p>{albums}</p>")
    return told


def _cms_page(title: str, body: str) -> str:
    menu = "".join(
        f"<li><a href='{link}'>{name}</a></li>"
        for link, name in {
            "/": "Home", "/news/": "News", "/albums/": "Albums", "/page/?title=Curriculum&amp;pid=9": "Curriculum",
        }.items()
    )  # fmt: skip
    return (
        f"<html><head><title>{title}</title></head><body><div id='menu'><ul>{menu}</ul></div>{_page('banner')}"
        f"<form action='x' method='post'><div id='mainContent'><h1>{title}</h1>{body}</div></form></body></html>"
    )


def app_of_routes(server: LittleServer) -> Layout:
    """A site of one page whose posts are routes behind a hash; its list is made of components with shadow roots."""
    told: dict[str, Told] = {}
    stories = []
    for number in range(1, 15):
        best = [_jpeg(server, f"app-{number}-{place}") for place in range(number % 3 + 1)]
        at = BEGAN + timedelta(days=number)
        text = f"Story number {number} tells how we planted {number} beans and watched them grow."
        comments = [f"Da iawn {number}!", f"Hyfryd {number}!"]
        told[f"/#/story/{number}"] = Told(text, at, best, comments)
        stories.append(
            {"id": number, "title": f"Beans {number}", "text": text, "at": at.isoformat(), "comments": comments,
             "photos": [f"/photos/app-{number}-{place}.jpg" for place in range(number % 3 + 1)]}
        )  # fmt: skip
    server.routes["/"] = _page("app").replace("STORIES", json.dumps(stories))
    return Layout(told, ("/bought",))


LAYOUTS |= {"school's own system": school_cms, "app of routes": app_of_routes}
