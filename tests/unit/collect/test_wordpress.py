"""A WordPress interface that is closed in part, capped, or none: what it gives, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from auditbot.collect.html.dom import parse
from auditbot.collect.net.fetch import Fetcher, FetchFailed
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.throttle import Pace
from auditbot.collect.net.urls import Site
from auditbot.collect.website.interfaces.wordpress import WordPress, api_root
from tests.browser.little_server import Answer, Asked, LittleServer, Route

ROOT = "/wp-json/"


@pytest.fixture
def server() -> Iterator[LittleServer]:
    server = LittleServer()
    yield server
    server.close()


@pytest.fixture
def fetcher(server: LittleServer) -> Iterator[Fetcher]:
    with Guard({}, (server.address,), 2.0) as guard, closing(Fetcher(guard, Pace(0.0, 1.0), 5.0)) as fetcher:
        yield fetcher


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    return Answer(
        json.dumps(value), "application/json", status, {name.replace("_", "-"): v for name, v in headers.items()}
    )


def item(server: LittleServer, number: int, body: str = "<p>Pond.</p>") -> dict[str, object]:
    return {
        "id": number,
        "link": f"{server.url}/p{number}/",
        "title": {"rendered": f"Post {number}"},
        "content": {"rendered": body},
        "date_gmt": "2026-03-04T10:00:00",
    }


def read(server: LittleServer, fetcher: Fetcher, root: str = ROOT) -> tuple[list[str], WordPress]:
    wordpress = WordPress(f"{server.url}{root}", fetcher, Site(f"{server.url}/"))
    return sorted(lead.url.removeprefix(server.url) for lead in wordpress.leads()), wordpress


def by_page(pages: list[list[dict[str, object]]], after: Answer, total: str = "") -> Route:
    def answer(asked: Asked) -> Answer:
        number = int(parse_qs(urlsplit(asked.path).query).get("page", ["1"])[0])
        return as_json(pages[number - 1], X_WP_Total=total) if number <= len(pages) else after

    return answer


END = as_json({"code": "rest_post_invalid_page_number"}, 400)


def test_a_list_that_states_no_total_ends_with_the_page_after_the_last(server: LittleServer, fetcher: Fetcher) -> None:
    pages = [[item(server, 1), item(server, 2)], [item(server, 3)]]
    server.routes |= {f"{ROOT}wp/v2/posts": by_page(pages, END), f"{ROOT}wp/v2/pages": as_json([])}
    found, wordpress = read(server, fetcher)
    assert found == ["/p1/", "/p2/", "/p3/"] and (wordpress.left.unread, wordpress.left.short) == ([], [])


def test_a_list_that_breaks_off_is_told_and_what_came_is_kept(server: LittleServer, fetcher: Fetcher) -> None:
    broken = as_json({}, 404)
    server.routes |= {
        f"{ROOT}wp/v2/posts": by_page([[item(server, 1)]], broken, "5"),
        f"{ROOT}wp/v2/pages": as_json({}, 410),
    }
    found, wordpress = read(server, fetcher)
    assert found == ["/p1/"]
    assert wordpress.left.unread == [f"{server.url}{ROOT}wp/v2/posts"]
    assert wordpress.left.short == [(f"{server.url}{ROOT}wp/v2/posts", 1, 5)]


def test_kinds_of_a_sites_own_are_read_and_a_kind_that_fails_is_told(server: LittleServer, fetcher: Fetcher) -> None:
    kinds = {
        "letter": {"rest_base": "letters"},
        "menu": {"rest_base": "menus"},
        "nav_menu_item": {"rest_base": "items"},
        "foreign": {"rest_base": "others", "rest_namespace": "shop/v1"},
        "odd": "not a kind",
    }
    server.routes |= {
        f"{ROOT}wp/v2/types": as_json(kinds),
        f"{ROOT}wp/v2/posts": as_json([item(server, 1)], X_WP_Total="1"),
        f"{ROOT}wp/v2/pages": as_json({"message": "no list"}),
        f"{ROOT}wp/v2/letters": as_json([item(server, 2)], X_WP_Total="1"),
        f"{ROOT}wp/v2/menus": as_json({}, 401),
    }
    found, wordpress = read(server, fetcher)
    assert found == ["/p1/", "/p2/"]
    assert wordpress.left.unread == [f"{server.url}{ROOT}wp/v2/pages"]
    asked = {urlsplit(one).path for one in server.paths()}
    assert not any(path.endswith(("/items", "/others")) for path in asked)


@pytest.mark.parametrize("answer", [Answer("<html>", "text/html"), as_json({}, 404), as_json({"no": "list"})])
def test_what_is_no_interface_fails(server: LittleServer, fetcher: Fetcher, answer: Answer) -> None:
    server.routes[f"{ROOT}wp/v2/posts"] = answer
    with pytest.raises(FetchFailed):
        read(server, fetcher)


def test_an_interface_by_query_gives_comments_and_pictures_and_keeps_what_is_protected(
    server: LittleServer, fetcher: Fetcher
) -> None:
    shut = {**item(server, 2), "content": {"rendered": "", "protected": True}}
    pictured = {**item(server, 1, '<img class="wp-image-7 wide"><figure data-id="8"></figure>'), "featured_media": 9}
    media = [
        {"id": 7, "media_type": "image", "source_url": f"{server.url}/u/a-scaled.jpg",
         "media_details": {"original_image": "a.jpg"}},
        {"id": 8, "media_type": "image", "source_url": f"{server.url}/u/b.jpg", "media_details": "none"},
        {"id": 9, "media_type": "file", "source_url": f"{server.url}/u/c.pdf"},
    ]  # fmt: skip
    comments = [{"id": 1, "post": 1, "author_name": "Ann", "content": {"rendered": "<p>Lovely!</p>"}}]
    given = {"posts": [pictured, shut], "pages": [], "media": media, "comments": comments}

    def answer(asked: Asked) -> Answer | None:
        route = parse_qs(urlsplit(asked.path).query).get("rest_route", [""])[0]
        return (
            as_json(given[kind], X_WP_Total=str(len(given[kind])))
            if (kind := route.rpartition("/")[2]) in given
            else None
        )

    server.routes["/"] = answer
    wordpress = WordPress(f"{server.url}/?rest_route=/", fetcher, Site(f"{server.url}/"))
    (lead,) = wordpress.leads()
    assert [[url.rpartition("/")[2] for url in photo.candidates] for photo in lead.photos] == [
        ["a.jpg", "a-scaled.jpg"],
        ["b.jpg"],
    ]
    assert [comment.text for comment in lead.comments] == ["Lovely!"]
    assert wordpress.left.protected == [f"{server.url}/p2/"]


def test_posts_are_read_where_comments_and_pictures_are_closed(server: LittleServer, fetcher: Fetcher) -> None:
    server.routes[f"{ROOT}wp/v2/posts"] = as_json([item(server, 1, '<img class="wp-image-7">')], X_WP_Total="1")
    found, wordpress = read(server, fetcher)
    assert found == ["/p1/"] and wordpress.left.unread == []


@pytest.mark.parametrize(
    ("page", "headers", "root"),
    [
        ('<link rel="https://api.w.org/" href="/api/">', {}, "/api/"),
        ("", {"link": '</style.css>; rel=preload, <URL/wp-json/>; rel="https://api.w.org/"'}, "/wp-json/"),
        ('<link rel="https://api.w.org/" href="https://elsewhere.example/wp-json/">', {}, None),
        ('<meta name="generator" content="WordPress 6.8">', {}, "/wp-json/"),
        ('<script src="/wp-includes/js/a.js"></script>', {}, "/wp-json/"),
        ('<meta name="generator" content="Ghost 6.0">', {}, None),
    ],
)
def test_where_the_interface_lies(page: str, headers: dict[str, str], root: str | None) -> None:
    at = "https://school.example"
    named = {name: value.replace("URL", at) for name, value in headers.items()}
    assert api_root(parse(page), named, f"{at}/", Site(f"{at}/")) == (f"{at}{root}" if root else "")
