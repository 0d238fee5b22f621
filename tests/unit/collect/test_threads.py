"""Threads: the account's posts and its own replies, carousels with descriptions, and what others answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.small_site import photo, sha256
from tests.unit.collect.services import Services, as_json, cdn

URL = "https://www.threads.net/@larkmere"
POSTS = "/v1.0/me/threads"
REPLIES = "/v1.0/me/replies"


def post(code: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"9{code}",
        "text": f"Post {code}",
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.net/@larkmere/post/{code}",
        "timestamp": "2026-07-01T09:30:00+0000",
        "username": "larkmere",
        "has_replies": False,
        **more,
    }


@pytest.fixture
def threads(services: Services) -> Services:
    services.says("/v1.0/me", {"id": "42", "username": "larkmere"})
    services.says(REPLIES, {"data": []})
    return services


def test_posts_carousels_replies_and_pages(threads: Services, tmp_path: Path) -> None:
    threads.shows("a.jpg", "b1.jpg", "b2.jpg", "reply.jpg")
    children = [
        {"media_type": "IMAGE", "media_url": cdn("b1.jpg"), "alt_text": "Two children"},
        {"media_type": "VIDEO", "media_url": cdn("b.mp4"), "thumbnail_url": cdn("b2.jpg")},
    ]
    answers = [
        post("r1", username="a.parent", text="Lovely!", media_type="IMAGE", media_url=cdn("reply.jpg")),
        post("r2", username="rude", text="Hidden", hide_status="HIDDEN"),
        post("own", text="Thank you"),
    ]
    threads.says("/v1.0/9A/conversation", {"data": answers})
    threads.says(
        POSTS,
        {
            "data": [
                post("A", media_type="IMAGE", media_url=cdn("a.jpg"), alt_text="Sports day", has_replies=True),
                post("X", media_type="REPOST_FACADE", media_url=cdn("theirs.jpg")),
            ],
            "paging": {"next": "http://graph.threads.net/v1.0/42/threads?after=2"},
        },
    )
    threads.says("/v1.0/42/threads", {"data": [post("B", media_type="CAROUSEL_ALBUM", children={"data": children})]})
    threads.says(REPLIES, {"data": [post("own", text="Thank you")]})
    found = threads.collect(tmp_path, "threads", URL)
    first, second, third = found.posts.values()
    assert [(use.sha256, use.alt, use.found_in) for use in first.photos] == [
        (sha256(photo("a.jpg")), "Sports day", "post"),
        (sha256(photo("reply.jpg")), "", "comment"),
    ]
    assert [(comment.author, comment.text) for comment in first.comments] == [("a.parent", "Lovely!")]
    assert [(use.alt, use.found_in) for use in second.photos] == [("Two children", "post"), ("", "video")]
    assert third.text == "Thank you"


def test_without_the_permission_for_replies_the_posts_are_read_all_the_same(threads: Services, tmp_path: Path) -> None:
    refused = as_json({"error": {"code": 10}}, 403)
    threads.says(POSTS, {"data": [post("A", has_replies=True)]})
    threads.says("/v1.0/9A/conversation", refused)
    threads.says(REPLIES, refused)
    known = ("https://www.threads.net/@larkmere/post/OLD",)
    found = threads.collect(tmp_path, "threads", URL, known=known)
    assert (found.coverage.posts, found.gone) == (1, {})
    assert "threads_read_replies" in found.coverage.reason


@pytest.mark.parametrize(("whole", "gone"), [(True, 1), (False, 0)])
def test_a_post_is_gone_when_both_lists_read_to_their_end_lack_it(
    threads: Services, tmp_path: Path, whole: bool, gone: int
) -> None:
    threads.says(POSTS, {"data": [post("A")]})
    threads.says(REPLIES, {"data": []} if whole else as_json({}, 500))
    known = ("https://www.threads.net/@larkmere/post/OLD", "https://www.threads.net/@other/post/X")
    assert len(threads.collect(tmp_path, "threads", URL, known=known).gone) == gone
