"""The public face of a Facebook Page: off unless asked for, always partial or walled, never a wall passed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.small_site import photo, sha256
from tests.unit.collect.services import Services, cdn

URL = "http://www.facebook.example/larkmere"
WALL = '<form id="login_popup_cta_form" action="/login/"><input name="email"><input type="password" name="pass"></form>'


def article(number: int, more: str = "") -> str:
    return f"""<div role="article"><h3><strong>Larkmere Infants</strong></h3>
    <a href="/larkmere/posts/pfbid{number}?__cft__[0]=AZ&__tn__=R">
    <time datetime="2026-07-0{number}T09:30:00Z">1 July</time></a>
    <div data-ad-preview="message"><div dir="auto">Post {number}</div></div>
    <a href="/photo/?fbid=7{number}&set=a.1&__cft__[0]=AZ"><img src="{cdn(f"{number}.jpg")}" width="600" height="400"
    alt="May be an image of 2 children"></a>{more}
    <div role="article" aria-label="Comment by A Parent"><a role="link" href="/parent">A Parent</a>
    <div dir="auto">Lovely {number}!</div></div></div>"""


@pytest.fixture
def page() -> Iterator[Services]:
    """Return a server that shows a Page to visitors."""
    server = Services()
    server.shows("1.jpg", "2.jpg")
    yield server
    server.close()


def test_the_newest_posts_are_read_and_the_rest_is_said_to_be_missing(page: Services, tmp_path: Path) -> None:
    page.routes["/larkmere"] = f"<html><body>{article(1)}{article(2)}{WALL}</body></html>"
    found = page.collect(tmp_path, "facebook", URL, token=None, facebook_page_without_token=True, browser="")
    first, second = found.posts.values()
    assert (first.url, first.text) == ("http://www.facebook.example/larkmere/posts/pfbid1", "Post 1")
    assert first.published_at is not None
    assert first.published_at.isoformat() == "2026-07-01T09:30:00+00:00"
    assert [use.sha256 for use in first.photos] == [sha256(photo("1.jpg"))]
    assert [(comment.author, comment.text) for comment in second.comments] == [("A Parent", "Lovely 2!")]
    assert found.coverage.status == "partial"
    assert "only a few of the newest posts" in found.coverage.reason


@pytest.mark.parametrize("body", [WALL, "<p>Log in to continue</p>", "<p>This content isn't available right now</p>"])
def test_a_wall_is_reported_and_not_passed(page: Services, tmp_path: Path, body: str) -> None:
    page.routes["/larkmere"] = f"<html><body>{body}</body></html>"
    found = page.collect(tmp_path, "facebook", URL, token=None, facebook_page_without_token=True, browser="")
    assert (found.coverage.status, found.posts) == ("walled", {})
    assert not any("login" in path for path in page.paths())
