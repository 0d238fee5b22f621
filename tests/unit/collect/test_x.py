"""X: the account's own posts with whole text and original photos; limits, revoked tokens and deletions told apart."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser.little_server import Answer
from tests.browser.small_site import photo, sha256
from tests.unit.collect.services import TOKEN, Services, as_json

URL = "https://x.com/LarkmereSchool"
USER = "/2/users/by/username/LarkmereSchool"
TWEETS = "/2/users/42/tweets"


def tweet(number: int, text: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "author_id": "42",
        "text": text or f"Post {number}",
        "created_at": "2026-01-10T09:30:00.000Z",
        "public_metrics": {"reply_count": 0},
        **more,
    }


@pytest.fixture
def x(services: Services) -> Services:
    services.says(USER, {"data": {"id": "42", "name": "Larkmere", "username": "LarkmereSchool"}})
    return services


def test_posts_photos_words_and_dates(x: Services, tmp_path: Path) -> None:
    x.routes["/media/one.jpg?name=orig"] = Answer(photo("original"), "image/jpeg")
    x.routes["/media/one.jpg"] = Answer(photo("smaller"), "image/jpeg")
    x.shows("poster.jpg")
    media = [
        {"media_key": "3_1", "type": "photo", "url": "http://cdn.example/media/one.jpg", "alt_text": "Two children"},
        {"media_key": "7_2", "type": "video", "preview_image_url": "http://cdn.example/photos/poster.jpg"},
    ]
    shown = tweet(
        1, "Cut off…", note_tweet={"text": "Long words &amp; more"}, attachments={"media_keys": ["7_2", "3_1"]}
    )
    again = tweet(2, referenced_tweets=[{"type": "retweeted", "id": "9"}])
    x.says(TWEETS, {"data": [shown, again], "includes": {"media": media}, "meta": {"result_count": 2}})
    found = x.collect(tmp_path, "x", URL)
    (post,) = found.posts.values()
    assert (post.url, post.text, post.author) == (f"{URL}/status/1", "Long words & more", "Larkmere")
    assert post.published_at == datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
    assert [(use.sha256, use.found_in, use.alt) for use in post.photos] == [
        (sha256(photo("poster.jpg")), "video", ""),
        (sha256(photo("original")), "post", "Two children"),
    ]
    api = [asked for asked in x.asked if asked.path.startswith("/2/")]
    assert {asked.headers["authorization"] for asked in api} == {f"Bearer {TOKEN}"}
    assert all("authorization" not in asked.headers for asked in x.asked if asked not in api)


def test_five_hundred_posts_and_a_limit_on_the_way(x: Services, tmp_path: Path) -> None:
    spent = [as_json({"title": "Too Many Requests"}, 429, x_rate_limit_reset=str(int(time.time())))]

    def page(query: dict[str, str]) -> Any:
        start = int(query.get("pagination_token", "0"))
        if start == 200 and spent:
            return spent.pop()
        following = {"next_token": str(start + 100)} if start < 400 else {}
        return {"data": [tweet(1000 - n) for n in range(start, start + 100)], "meta": following}

    x.says(TWEETS, page)
    found = x.collect(tmp_path, "x", URL)
    assert (len(found.posts), found.coverage.status, spent) == (500, "complete", [])


def test_a_limit_that_lasts_too_long_leaves_the_rest_for_the_next_run(x: Services, tmp_path: Path) -> None:
    later = as_json({"title": "Too Many Requests"}, 429, x_rate_limit_reset=str(int(time.time()) + 86_400))
    x.says(TWEETS, {"data": [tweet(1)], "meta": {"next_token": "2"}}, later)
    found = x.collect(tmp_path, "x", URL, known=(f"{URL}/status/5",))
    assert (found.coverage.posts, found.coverage.status, found.gone) == (1, "partial", {})
    assert "come back later" in found.coverage.reason


def test_when_the_accounts_time_is_over_what_was_read_stands(x: Services, tmp_path: Path) -> None:
    waits = Answer("", status=429, headers={"Retry-After": "100"})
    x.says(TWEETS, {"data": [tweet(1)], "meta": {"next_token": "2"}}, waits)
    found = x.collect(tmp_path, "x", URL, account_minutes=0.5)
    assert (found.coverage.posts, found.coverage.status) == (1, "partial")
    assert "time for this account was over" in found.coverage.reason


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (as_json({"title": "Unauthorized", "status": 401}, 401), "not accepted"),
        (as_json({"title": "Client Forbidden", "reason": "client-not-enrolled"}, 403), "app with access"),
        (as_json({"title": "UsageCapExceeded", "period": "Monthly"}, 429), "this month"),
        (as_json({"title": "CreditsDepleted"}, 402), "this month"),
    ],
)
def test_a_token_that_does_not_work_says_why(x: Services, tmp_path: Path, answer: Answer, says: str) -> None:
    x.says(USER, answer)
    found = x.collect(tmp_path, "x", URL)
    assert found.coverage.status == "error"
    assert says in found.coverage.reason
    assert len(x.asked) == 1


def test_a_protected_account_is_walled(x: Services, tmp_path: Path) -> None:
    x.says(USER, {"data": {"id": "42", "protected": True}})
    found = x.collect(tmp_path, "x", URL)
    assert (found.coverage.status, len(x.asked)) == ("walled", 1)


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ({"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found"}]}, True),
        ({"errors": [{"type": "https://api.twitter.com/2/problems/not-authorized-for-resource"}]}, False),
        (as_json({}, 404), False),
        (as_json({}, 503), False),
    ],
)
def test_a_known_post_is_gone_only_when_x_says_so(x: Services, tmp_path: Path, answer: Any, gone: bool) -> None:
    x.says(TWEETS, {"data": [tweet(1)], "meta": {}})
    x.says("/2/tweets/5", answer)
    found = x.collect(tmp_path, "x", URL, known=(f"{URL}/status/5", f"{URL}/status/1"))
    assert list(found.gone) == (["/LarkmereSchool/status/5"] if gone else [])


def test_that_replies_are_not_given_is_said(x: Services, tmp_path: Path) -> None:
    x.says(TWEETS, {"data": [tweet(1, public_metrics={"reply_count": 2})], "meta": {}})
    assert [item.what for item in x.collect(tmp_path, "x", URL).not_checked] == ["comments"]
