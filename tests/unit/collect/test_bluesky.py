"""Bluesky: every own post once, photos in full size with their words, replies as comments, and only what is public."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser.little_server import Answer
from tests.browser.small_site import photo, sha256
from tests.unit.collect.services import Services, as_json, cdn

URL = "https://bsky.app/profile/larkmere.example"
DID = "did:plc:larkmere"
PROFILE = "/xrpc/app.bsky.actor.getProfile"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
THREAD = "/xrpc/app.bsky.feed.getPostThread"


def post(key: str, text: str = "", did: str = DID, **more: Any) -> dict[str, Any]:
    created = more.pop("created", "2026-07-01T09:30:00.000Z")
    return {
        "uri": f"at://{did}/app.bsky.feed.post/{key}",
        "author": {"did": did, "handle": "larkmere.example" if did == DID else "parent.example", "displayName": "Name"},
        "record": {"text": text or f"Post {key}", "createdAt": created},
        "indexedAt": "2026-11-20T09:30:00.000Z",
        "replyCount": 0,
        **more,
    }


def image(name: str, alt: str = "") -> dict[str, str]:
    return {"thumb": cdn(f"small-{name}"), "fullsize": cdn(name), "alt": alt}


@pytest.fixture
def bluesky(services: Services) -> Services:
    services.says(PROFILE, {"did": DID, "handle": "larkmere.example"})
    return services


def test_posts_photos_words_and_dates(bluesky: Services, tmp_path: Path) -> None:
    bluesky.shows("one.jpg", "two.jpg", "three.jpg", "four.jpg", "poster.jpg", "card.jpg")
    images = {
        "$type": "app.bsky.embed.images#view",
        "images": [image("one.jpg", "Two children paint"), image("two.jpg")],
    }
    quoted = {"media": {"images": [image("three.jpg")]}, "record": {"record": {"author": {"did": "did:plc:other"}}}}
    gallery = {"$type": "app.bsky.embed.gallery#view", "items": [image("four.jpg", "A gallery")]}
    film = {"playlist": cdn("film.m3u8"), "thumbnail": cdn("poster.jpg"), "alt": "Sports day"}
    card = {"external": {"uri": "https://news.example/", "title": "Our school in the news", "thumb": cdn("card.jpg")}}
    entries = [
        post("a", "Summer fair", embed=images),
        post("b", created="2026-01-10T09:30:00+00:00", embed=quoted),
        post("c", embed=gallery),
        post("d", embed=film),
        post("e", embed=card),
    ]
    bluesky.says(FEED, {"feed": [{"post": entry} for entry in entries]})
    found = bluesky.collect(tmp_path, "bluesky", URL, token=None)
    first, second, third, fourth, fifth = found.posts.values()
    assert (first.text, first.url) == ("Summer fair", f"{URL}/post/a")
    assert [(use.sha256, use.alt) for use in first.photos] == [
        (sha256(photo("one.jpg")), "Two children paint"),
        (sha256(photo("two.jpg")), ""),
    ]
    assert first.published_at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    assert second.published_at == datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
    assert [use.sha256 for use in second.photos] == [sha256(photo("three.jpg"))]
    assert [use.alt for use in third.photos] == ["A gallery"]
    assert [(use.found_in, use.alt) for use in fourth.photos] == [("video", "Sports day")]
    assert [use.caption for use in fifth.photos] == ["Our school in the news"]
    assert [item.what for item in found.not_checked] == ["video"]
    assert (found.coverage.posts, found.coverage.photos) == (5, 6)


def test_a_feed_of_five_hundred_posts_is_read_to_its_end(bluesky: Services, tmp_path: Path) -> None:
    def feed(query: dict[str, str]) -> dict[str, Any]:
        start = int(query.get("cursor", "0"))
        following = {"cursor": str(start + 100)} if start < 400 else {}
        return {"feed": [{"post": post(f"k{number}")} for number in range(start, start + 100)], **following}

    bluesky.says(FEED, feed)
    found = bluesky.collect(tmp_path, "bluesky", URL, token=None)
    assert (len(found.posts), found.coverage.status) == (500, "complete")
    assert len(bluesky.paths()) == len(set(bluesky.paths())), "no address is asked for twice"


def test_reposts_and_other_peoples_posts_are_not_the_schools(bluesky: Services, tmp_path: Path) -> None:
    repost = {"post": post("theirs", did="did:plc:other"), "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    own_again = {"post": post("old"), "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    parent = {"post": post("parent", did="did:plc:other")}
    bluesky.says(FEED, {"feed": [repost, own_again, parent, {"post": post("own")}, {"post": post("old")}]})
    found = bluesky.collect(tmp_path, "bluesky", URL, token=None)
    assert [item.url.rpartition("/")[2] for item in found.posts.values()] == ["own", "old"]
    assert found.coverage.status == "complete"


def test_replies_of_others_are_comments_and_the_accounts_own_are_posts(bluesky: Services, tmp_path: Path) -> None:
    bluesky.shows("reply.jpg")
    deep = {"post": post("r2", "Deeper", did="did:plc:p2"), "replies": []}
    closed = post("r4", "Only for members", did="did:plc:p4")
    closed["author"]["labels"] = [{"val": "!no-unauthenticated"}]
    replies = [
        {
            "post": post("r1", "Lovely!", did="did:plc:p1", embed={"images": [image("reply.jpg")]}),
            "replies": [{"post": post("r3", "Thank you")}, deep],
        },
        {"post": closed},
        {"$type": "app.bsky.feed.defs#blockedPost"},
    ]
    bluesky.says(FEED, {"feed": [{"post": post("a", replyCount=2)}]})
    bluesky.says(THREAD, {"thread": {"post": post("a"), "replies": replies}})
    (found,) = bluesky.collect(tmp_path, "bluesky", URL, token=None).posts.values()
    assert [comment.text for comment in found.comments] == ["Lovely!", "Deeper"]
    assert [use.found_in for use in found.photos] == ["comment"]


def test_an_account_that_asks_for_log_in_is_walled(bluesky: Services, tmp_path: Path) -> None:
    bluesky.says(PROFILE, {"did": DID, "labels": [{"val": "!no-unauthenticated"}]})
    found = bluesky.collect(tmp_path, "bluesky", URL, token=None)
    assert (found.coverage.status, found.posts) == ("walled", {})
    assert "logged in to Bluesky" in found.coverage.reason
    assert FEED not in "".join(bluesky.paths())


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        (as_json({"error": "NotFound", "message": "Post not found"}, 400), True),
        ({"thread": {"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True}}, True),
        ({"thread": {"$type": "app.bsky.feed.defs#blockedPost", "blocked": True}}, False),
        (as_json({"error": "InternalServerError"}, 500), False),
        (Answer("<h1>Not Found</h1>", status=404), False),
        (Answer("", status=429, headers={"Retry-After": "86400"}), False),
        ({}, False),
    ],
)
def test_a_known_post_is_gone_only_when_bluesky_says_so(
    bluesky: Services, tmp_path: Path, answer: Any, gone: bool
) -> None:
    bluesky.says(FEED, {"feed": [{"post": post("a")}]})
    bluesky.says(THREAD, answer)
    known = (f"{URL}/post/a", f"{URL}/post/lost", "https://bsky.app/profile/somebody.example/post/x")
    found = bluesky.collect(tmp_path, "bluesky", URL, token=None, known=known)
    assert list(found.gone) == (["/profile/larkmere.example/post/lost"] if gone else [])
    assert sum(THREAD in path and "lost" not in path for path in bluesky.paths()) == 0


def test_no_such_account(bluesky: Services, tmp_path: Path) -> None:
    bluesky.says(PROFILE, as_json({"error": "InvalidRequest", "message": "Profile not found"}, 400))
    found = bluesky.collect(tmp_path, "bluesky", URL, token=None, known=(f"{URL}/post/a",))
    assert (found.coverage.status, found.gone) == ("error", {})
    assert "no such account" in found.coverage.reason


def test_a_known_post_that_the_list_lacks_but_is_there_is_read(bluesky: Services, tmp_path: Path) -> None:
    bluesky.says(FEED, {"feed": [{"post": post("a")}]})
    bluesky.says(THREAD, {"thread": {"post": post("lost", "Still here")}})
    found = bluesky.collect(tmp_path, "bluesky", URL, token=None, known=(f"{URL}/post/lost",))
    assert [item.text for item in found.posts.values()] == ["Post a", "Still here"]


def test_only_posts_since_a_day_at_the_school(bluesky: Services, tmp_path: Path) -> None:
    late_evening = "2026-07-01T23:30:00Z"  # in summer that is the second of July at the school
    older = "2026-07-01T22:30:00Z"
    feed = [{"post": post("a", created=late_evening)}, {"post": post("b", created=older)}]
    bluesky.says(FEED, {"feed": feed, "cursor": "1"}, {"feed": [{"post": post("c", created=older)}], "cursor": "2"})
    found = bluesky.collect(tmp_path, "bluesky", URL, token=None, since=date(2026, 7, 2))
    assert [item.text for item in found.posts.values()] == ["Post a"]
    assert sum(FEED in path for path in bluesky.paths()) == 2, "a page of older posts ends the list"


def test_a_post_is_never_dated_after_the_service_saw_it(bluesky: Services, tmp_path: Path) -> None:
    bluesky.says(FEED, {"feed": [{"post": post("a", created="2027-03-01T00:00:00Z")}]})
    (found,) = bluesky.collect(tmp_path, "bluesky", URL, token=None).posts.values()
    assert found.published_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
