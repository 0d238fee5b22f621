"""Instagram: posts, carousels, reels and stories of the token's own account, with comments and what answers them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser.small_site import photo, sha256
from tests.unit.collect.services import TOKEN, Services, as_json, cdn

URL = "https://www.instagram.com/larkmereinfants/"
MEDIA = "/v24.0/me/media"
STORIES = "/v24.0/me/stories"


def post(code: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": f"178{code}",
        "caption": f"Post {code}",
        "media_type": "IMAGE",
        **({"media_url": cdn(name)} if name else {}),
        "permalink": f"https://www.instagram.com/p/{code}/",
        "timestamp": "2026-07-01T09:30:00+0000",
        "username": "larkmereinfants",
        **more,
    }


def error(code: int, subcode: int = 0, status: int = 400) -> Any:
    return as_json({"error": {"message": f"Bad token {TOKEN}", "code": code, "error_subcode": subcode}}, status)


@pytest.fixture
def instagram(services: Services) -> Services:
    services.says("/v24.0/me", {"user_id": "42", "username": "LarkmereInfants"})
    services.says(STORIES, {"data": []})
    return services


def test_posts_carousels_reels_stories_and_comments(instagram: Services, tmp_path: Path) -> None:
    instagram.shows("a.jpg", "b1.jpg", "b2.jpg", "cover.jpg", "story.jpg")
    children = [
        {"id": "1", "media_type": "IMAGE", "media_url": cdn("b1.jpg")},
        {"id": "2", "media_type": "VIDEO", "media_url": cdn("b.mp4"), "thumbnail_url": cdn("b2.jpg")},
    ]
    reply = {"text": "Thank you", "username": "larkmereinfants", "timestamp": "2026-07-02T09:00:00+0000"}
    comment = {"text": "Lovely!", "username": "a.parent", "timestamp": "2026-07-01T10:00:00+0000"}
    comments = {
        "data": [{**comment, "replies": {"data": [reply]}}, {**comment, "text": "Rude", "hidden": True}],
        "paging": {"next": "http://graph.instagram.com/v24.0/178A/comments?after=c"},
    }
    instagram.says("/v24.0/178A/comments", {"data": [{"text": "Second page", "username": "b"}]})
    reel = post("C", media_type="VIDEO", media_url=cdn("c.mp4"), thumbnail_url=cdn("cover.jpg"))
    reel["permalink"] = "https://www.instagram.com/reel/C/"
    more = "http://graph.instagram.com/v24.0/me/media?after=2"
    instagram.says(
        MEDIA,
        {
            "data": [
                post("A", "a.jpg", comments=comments, comments_count=3),
                post("B", media_type="CAROUSEL_ALBUM", media_url=cdn("b1.jpg"), children={"data": children}),
            ],
            "paging": {"cursors": {"after": "2"}, "next": more},
        },
        {"data": [reel]},
    )
    story = post("S", "story.jpg", permalink="https://www.instagram.com/stories/larkmereinfants/99", caption=None)
    instagram.says(STORIES, {"data": [story]})
    found = instagram.collect(tmp_path, "instagram", URL)
    first, second, third, fourth = found.posts.values()
    assert (first.text, first.author, first.url) == ("Post A", "larkmereinfants", "https://www.instagram.com/p/A/")
    assert first.published_at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    assert [(c.author, c.text) for c in first.comments] == [
        ("a.parent", "Lovely!"),
        ("larkmereinfants", "Thank you"),
        ("b", "Second page"),
    ]
    assert [use.sha256 for use in first.photos] == [sha256(photo("a.jpg"))]
    assert [(use.sha256, use.found_in) for use in second.photos] == [
        (sha256(photo("b1.jpg")), "post"),
        (sha256(photo("b2.jpg")), "video"),
    ]
    assert [(use.sha256, use.found_in) for use in third.photos] == [(sha256(photo("cover.jpg")), "video")]
    assert [use.sha256 for use in fourth.photos] == [sha256(photo("story.jpg"))]


def test_the_token_must_be_the_accounts_own(services: Services, tmp_path: Path) -> None:
    services.says("/v24.0/me", {"user_id": "43", "username": "somebody_else"})
    found = services.collect(tmp_path, "instagram", URL)
    assert (found.coverage.status, len(services.asked)) == ("error", 1)
    assert "another account" in found.coverage.reason


def test_a_picture_that_is_not_given_is_named(instagram: Services, tmp_path: Path) -> None:
    instagram.says(MEDIA, {"data": [post("A")]})
    found = instagram.collect(tmp_path, "instagram", URL)
    assert [(item.what, item.url) for item in found.not_checked] == [("photo", "https://www.instagram.com/p/A/")]


def test_a_post_is_gone_when_a_list_read_to_its_end_lacks_it(instagram: Services, tmp_path: Path) -> None:
    instagram.shows("a.jpg")
    instagram.says(MEDIA, {"data": [post("A", "a.jpg")]})
    known = ("https://www.instagram.com/p/A/", "https://www.instagram.com/p/OLD/", "archive:2024-05-01-1")
    found = instagram.collect(tmp_path, "instagram", URL, known=known)
    assert list(found.gone) == ["/p/OLD/"]


@pytest.mark.parametrize(
    "second",
    [
        error(190, 463),
        error(4),
        as_json({}, 500),
        {"data": [], "paging": {"next": "http://cdn.example/v24.0/me/media"}},
    ],
)
def test_a_post_is_not_gone_when_the_list_was_cut(instagram: Services, tmp_path: Path, second: Any) -> None:
    instagram.shows("a.jpg")
    first = {"data": [post("A", "a.jpg")], "paging": {"next": "http://graph.instagram.com/v24.0/me/media?after=2"}}
    instagram.says(MEDIA, first, second)
    found = instagram.collect(tmp_path, "instagram", URL, known=("https://www.instagram.com/p/OLD/",))
    assert (found.coverage.status, found.coverage.posts, found.gone) == ("partial", 1, {})
    assert TOKEN not in repr(found.events)


def test_a_post_that_is_listed_without_an_address_is_not_called_gone(instagram: Services, tmp_path: Path) -> None:
    instagram.shows("a.jpg", "b.jpg")
    instagram.says(MEDIA, {"data": [post("A", "a.jpg"), post("B", "b.jpg", permalink=None)]})
    found = instagram.collect(tmp_path, "instagram", URL, known=("https://www.instagram.com/p/B/",))
    assert found.gone == {}
    assert found.not_checked != []


def test_nothing_is_gone_when_the_list_is_suddenly_empty(instagram: Services, tmp_path: Path) -> None:
    instagram.says(MEDIA, {"data": []})
    found = instagram.collect(tmp_path, "instagram", URL, known=("https://www.instagram.com/p/OLD/",))
    assert (found.coverage.status, found.gone) == ("error", {})


def test_stories_that_cannot_be_read_are_named_and_not_called_gone(instagram: Services, tmp_path: Path) -> None:
    instagram.shows("a.jpg")
    instagram.says(MEDIA, {"data": [post("A", "a.jpg")]})
    instagram.says(STORIES, error(10))
    story = "https://www.instagram.com/stories/larkmereinfants/99"
    found = instagram.collect(tmp_path, "instagram", URL, known=(story,))
    assert [item.what for item in found.not_checked] == ["stories"]
    assert found.gone == {}


def test_comments_that_this_token_is_not_given_are_named(instagram: Services, tmp_path: Path) -> None:
    instagram.shows("a.jpg")
    page = {"data": [post("A", "a.jpg", comments_count=2)]}
    instagram.says(MEDIA, page)
    assert [i.what for i in instagram.collect(tmp_path, "instagram", URL).not_checked] == ["comments"]
    instagram.says(MEDIA, lambda query: error(10) if "comments." in query["fields"] else page)
    found = instagram.collect(tmp_path, "instagram", URL)
    assert "instagram_business_manage_comments" in found.coverage.reason
    assert found.coverage.posts == 1
