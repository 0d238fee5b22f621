"""Session numbers in addresses are proved by asking again, but not for what robots.txt keeps shut."""

from __future__ import annotations

import itertools
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, article


def with_sessions(site: LittleServer) -> None:
    """Three posts by name, one with an ampersand in it; each answer gives its links a session number of its own."""
    numbers = itertools.count(10**9)
    names = ("fair%20%26%20raffle", "pond", "walk")

    def start(asked: Asked) -> Answer:
        number = next(numbers)
        links = "".join(f"<li><a href='/read.php?post={name}&amp;sid={number}'>{name}</a></li>" for name in names)
        return Answer(f"<html><main><h1>News</h1><ul>{links}</ul></main></html>")

    def post(asked: Asked) -> Answer:
        name = parse_qs(urlsplit(asked.path).query).get("post", ["none"])[0]
        return Answer(article(name, f"<p>We wrote down all about {name}.</p>"))

    site.routes |= {"/": start, "/read.php": post}


def test_posts_behind_session_numbers_are_found_once_each(site: LittleServer, collect: CollectSite) -> None:
    with_sessions(site)
    found = collect()
    assert len(found.posts) == 3
    assert any("all about fair & raffle" in post.text for post in found.posts.values())
    # An ampersand inside a value stays inside it, whatever is asked.
    assert all(set(parse_qs(urlsplit(path).query)) <= {"post", "sid"} for path in site.paths())


@pytest.mark.parametrize("rule", ["/*?sid=", "/*sid="])
def test_what_robots_txt_keeps_shut_is_not_asked_to_prove_anything(
    rule: str, site: LittleServer, collect: CollectSite
) -> None:
    with_sessions(site)
    site.routes["/robots.txt"] = Answer(f"User-agent: *\nDisallow: {rule}\n", "text/plain")
    collect()
    assert not [path for path in site.paths() if "sid=" in path and (rule == "/*sid=" or "?sid=" in path)]
