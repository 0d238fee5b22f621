"""Mastodon: every public post once, originals with their descriptions, content warnings and replies read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser.little_server import Answer
from tests.browser.small_site import photo, sha256
from tests.unit.collect.services import Services, as_json, cdn

URL = "http://social.example/@larkmere"
LOOKUP = "/api/v1/accounts/lookup"
STATUSES = "/api/v1/accounts/77/statuses"


def status(number: int, content: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "created_at": "2026-07-01T09:30:00.000Z",
        "account": {"id": "77", "display_name": "Larkmere", "acct": "larkmere"},
        "visibility": "public",
        "content": content or f"<p>Post {number}</p>",
        "url": f"http://social.example/@larkmere/{number}",
        "replies_count": 0,
        "media_attachments": [],
        **more,
    }


@pytest.fixture
def mastodon(services: Services) -> Services:
    services.says(LOOKUP, {"id": "77", "username": "larkmere"})
    return services


def test_posts_photos_descriptions_warnings_and_replies(mastodon: Services, tmp_path: Path) -> None:
    mastodon.shows("one.jpg", "poster.jpg", "reply.jpg")
    media = [
        {"type": "image", "url": cdn("one.jpg"), "preview_url": cdn("small.jpg"), "description": "Two children"},
        {"type": "video", "url": cdn("film.mp4"), "preview_url": cdn("poster.jpg"), "description": "Sports day"},
        {"type": "audio", "url": cdn("song.mp3"), "preview_url": None},
    ]
    words = "<p>Summer &amp; fair</p><p>Come<br>all</p>"
    entry = status(9, words, spoiler_text="Faces", media_attachments=media, replies_count=3)
    other = {"id": "5", "display_name": "A parent", "acct": "parent@elsewhere.example"}
    image = {"type": "image", "url": cdn("reply.jpg"), "preview_url": cdn("small.jpg")}
    replies = [
        status(10, "<p>Lovely!</p>", account=other, media_attachments=[image]),
        status(11, "<p>Thank you</p>"),
        status(12, "<p>Just for you</p>", account=other, visibility="private"),
    ]
    mastodon.says(STATUSES, [entry], [])
    mastodon.says("/api/v1/statuses/9/context", {"ancestors": [], "descendants": replies})
    found = mastodon.collect(tmp_path, "mastodon", URL, token=None)
    (post,) = found.posts.values()
    assert post.text == "Faces\nSummer & fair\nCome\nall"
    assert (post.url, post.author) == ("http://social.example/@larkmere/9", "Larkmere")
    assert post.published_at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    assert [(use.sha256, use.alt, use.found_in) for use in post.photos] == [
        (sha256(photo("one.jpg")), "Two children", "post"),
        (sha256(photo("poster.jpg")), "Sports day", "video"),
        (sha256(photo("reply.jpg")), "", "comment"),
    ]
    assert [(comment.author, comment.text) for comment in post.comments] == [("A parent", "Lovely!")]


def test_only_public_posts_of_the_account_itself(mastodon: Services, tmp_path: Path) -> None:
    entries = [
        status(6, visibility="unlisted"),
        status(5, visibility="private"),
        status(4, visibility="direct"),
        status(3, reblog={"id": "1"}),
        status(2, account={"id": "5"}),
    ]
    mastodon.says(STATUSES, entries, [])
    found = mastodon.collect(tmp_path, "mastodon", URL, token=None)
    assert [post.text for post in found.posts.values()] == ["Post 6"]


def test_five_hundred_posts_are_read_forty_at_a_time(mastodon: Services, tmp_path: Path) -> None:
    def page(query: dict[str, str]) -> list[dict[str, Any]]:
        before = int(query.get("max_id", "1001"))
        return [status(number) for number in range(before - 1, max(before - 41, 500), -1)]

    mastodon.says(STATUSES, page)
    found = mastodon.collect(tmp_path, "mastodon", URL, token=None)
    assert (len(found.posts), found.coverage.status) == (500, "complete")
    assert len(mastodon.paths()) == len(set(mastodon.paths()))


@pytest.mark.parametrize("code", [401, 403, 422])
def test_an_instance_for_members_only_is_walled(mastodon: Services, tmp_path: Path, code: int) -> None:
    mastodon.says(STATUSES, as_json({"error": "This method requires an authenticated user"}, code))
    found = mastodon.collect(tmp_path, "mastodon", URL, token=None)
    assert found.coverage.status == "walled"
    assert "logged in" in found.coverage.reason


def test_no_such_account(mastodon: Services, tmp_path: Path) -> None:
    mastodon.says(LOOKUP, as_json({"error": "Record not found"}, 404))
    found = mastodon.collect(tmp_path, "mastodon", URL, token=None, known=("http://social.example/@larkmere/1",))
    assert (found.coverage.status, found.gone) == ("error", {})
    assert "no such account" in found.coverage.reason


@pytest.mark.parametrize(
    ("answer", "proof"),
    [
        (as_json({"error": "Record not found"}, 404), "404 Not Found"),
        (as_json({"error": "Gone"}, 410), "410 Gone"),
        (Answer("<h1>Not Found</h1>", status=404), ""),
        (as_json({"error": "Login required"}, 401), ""),
        (as_json({"error": "Unwell"}, 503), ""),
        (Answer('{"id": "8", "acc', "application/json"), ""),
    ],
)
def test_a_known_post_is_gone_only_when_the_instance_says_so(
    mastodon: Services, tmp_path: Path, answer: Answer, proof: str
) -> None:
    mastodon.says(STATUSES, [status(9)], [])
    mastodon.says("/api/v1/statuses/8", answer)
    found = mastodon.collect(tmp_path, "mastodon", URL, token=None, known=("http://social.example/@larkmere/8",))
    assert bool(found.gone) == bool(proof)
    assert proof in "".join(found.gone.values())
    if not proof:
        assert "still there" in found.missed["/@larkmere/8"]


def test_an_account_that_has_moved_says_so(mastodon: Services, tmp_path: Path) -> None:
    mastodon.says(LOOKUP, {"id": "77", "moved": {"url": "https://new.example/@larkmere"}})
    mastodon.says(STATUSES, [status(9)], [])
    found = mastodon.collect(tmp_path, "mastodon", URL, token=None)
    assert "https://new.example/@larkmere" in found.coverage.reason


def test_posts_since_a_day_in_winter(mastodon: Services, tmp_path: Path) -> None:
    stays = status(9, created_at="2026-01-10T00:10:00Z")
    goes = status(8, created_at="2026-01-09T23:50:00Z")
    mastodon.says(STATUSES, [stays, goes], [goes])
    found = mastodon.collect(tmp_path, "mastodon", URL, token=None, since=date(2026, 1, 10))
    assert [post.text for post in found.posts.values()] == ["Post 9"]


@pytest.mark.parametrize(
    "url", ["http://social.example/", "http://social.example/about/more", "http://social.example/@a@other.example"]
)
def test_an_address_that_is_no_accounts(services: Services, tmp_path: Path, url: str) -> None:
    found = services.collect(tmp_path, "mastodon", url, token=None)
    assert (found.coverage.status, services.asked) == ("error", [])
