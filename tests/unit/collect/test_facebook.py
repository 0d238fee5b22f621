"""Facebook Pages by the Graph API: whole albums in full size, all comments; errors are never taken for news."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser.little_server import Answer
from tests.browser.small_site import photo, sha256
from tests.unit.collect.services import TOKEN, Services, as_json, cdn

URL = "https://www.facebook.com/larkmereinfants"
PAGE = "/v24.0/larkmereinfants"
POSTS = "/v24.0/100/posts"
IDS = "/v24.0/"
NEXT = "http://graph.facebook.com/v24.0/100/posts"


def post(number: int, message: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": f"100_{number}",
        "message": message or f"Post {number}",
        "created_time": "2026-07-01T09:30:00+0000",
        "permalink_url": f"https://www.facebook.com/larkmereinfants/posts/pfbid{number}",
        "is_published": True,
        "is_hidden": False,
        "privacy": {"value": "EVERYONE"},
        **more,
    }


def still(name: str, number: str, description: str = "") -> dict[str, Any]:
    media = {"image": {"src": cdn(f"small-{name}")}}
    return {
        "media_type": "photo",
        "type": "photo",
        "target": {"id": number},
        "media": media,
        "description": description,
    }


def error(code: int, subcode: int = 0, status: int = 400) -> Answer:
    """Facebook's own words hold the token now and then."""
    said = {"message": f"Error validating access token: {TOKEN}", "type": "OAuthException", "code": code}
    return as_json({"error": {**said, "error_subcode": subcode, "fbtrace_id": "x"}}, status)


@pytest.fixture
def facebook(services: Services) -> Services:
    services.says(PAGE, {"id": "100", "name": "Larkmere Infants", "is_published": True})
    return services


def test_albums_films_cards_comments_and_dates(facebook: Services, tmp_path: Path) -> None:
    facebook.shows("one.jpg", "two.jpg", "small-three.jpg", "poster.jpg", "card.jpg", "reply.jpg")
    album = {
        "media_type": "album",
        "subattachments": {"data": [still("one.jpg", "11", "Painting"), still("two.jpg", "12")]},
    }
    film = {"media_type": "video", "type": "video_inline", "media": {"image": {"src": cdn("poster.jpg")}}}
    card = {
        "media_type": "link",
        "type": "share",
        "title": "In the news",
        "description": "What the paper says",
        "media": {"image": {"src": cdn("card.jpg")}},
    }
    comments = {
        "data": [
            {
                "message": "Lovely!",
                "from": {"name": "A Parent"},
                "created_time": "2026-07-01T10:00:00+0000",
                "attachment": {"media": {"image": {"src": cdn("reply.jpg")}}},
            }
        ],
        "paging": {"next": f"http://graph.facebook.com/v24.0/100_1/comments?after=c&access_token={TOKEN}"},
    }
    facebook.says(
        POSTS,
        {
            "data": [
                post(1, "Summer fair", attachments={"data": [album]}, comments=comments),
                post(2, created_time="2026-01-10T09:30:00+0000", attachments={"data": [still("three.jpg", "13")]}),
                post(3, attachments={"data": [film]}),
                post(4, attachments={"data": [card]}),
            ]
        },
    )
    hidden = {"message": "Rude", "is_hidden": True}
    facebook.says("/v24.0/100_1/comments", {"data": [{"message": "Second page"}, hidden]})

    def images(query: dict[str, str]) -> dict[str, Any]:
        known = {"11": "one.jpg", "12": "two.jpg"}
        sizes = [{"width": 130, "source": cdn("tiny.jpg")}]
        return {
            number: {"images": [*sizes, {"width": 2048, "source": cdn(known[number])}]}
            for number in query["ids"].split(",")
            if number in known
        }

    facebook.says(IDS, images)
    found = facebook.collect(tmp_path, "facebook", URL)
    first, second, third, fourth = found.posts.values()
    assert first.url == "https://www.facebook.com/100/posts/1"
    assert (first.text, first.author) == ("Summer fair", "Larkmere Infants")
    assert [(use.sha256, use.caption, use.found_in) for use in first.photos] == [
        (sha256(photo("one.jpg")), "Painting", "post"),
        (sha256(photo("two.jpg")), "", "post"),
        (sha256(photo("reply.jpg")), "", "comment"),
    ]
    assert [(comment.author, comment.text) for comment in first.comments] == [
        ("A Parent", "Lovely!"),
        ("", "Second page"),
    ]
    assert first.published_at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    assert second.published_at == datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
    assert [use.sha256 for use in second.photos] == [sha256(photo("small-three.jpg"))]
    assert [use.found_in for use in third.photos] == ["video"]
    assert (fourth.text, fourth.photos[0].sha256) == (
        "Post 4\nIn the news\nWhat the paper says",
        sha256(photo("card.jpg")),
    )
    assert [item.what for item in found.not_checked] == ["video"]
    assert sum(path.startswith(f"{IDS}?ids=") for path in facebook.paths()) == 1, "one question for a page of posts"


def test_five_hundred_posts_are_read_to_their_end(facebook: Services, tmp_path: Path) -> None:
    def page(query: dict[str, str]) -> dict[str, Any]:
        start = int(query.get("after", "0"))
        paging = {"next": f"{NEXT}?access_token={TOKEN}&limit=25&after={start + 25}"} if start < 475 else {}
        return {"data": [post(n) for n in range(start, start + 25)], "paging": paging}

    facebook.says(POSTS, page)
    found = facebook.collect(tmp_path, "facebook", URL)
    assert (len(found.posts), found.coverage.status) == (500, "complete")
    assert len(facebook.paths()) == len(set(facebook.paths()))
    assert "access_token" not in "".join(facebook.paths()), "the token goes in a header, where no log keeps it"
    assert {asked.headers["authorization"] for asked in facebook.asked} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    "closed",
    [
        {"is_published": False},
        {"is_hidden": True},
        {"privacy": {"value": "SELF"}},
        {"privacy": {"value": "ALL_FRIENDS"}},
    ],
)
def test_what_is_not_public_is_not_taken(facebook: Services, tmp_path: Path, closed: dict[str, Any]) -> None:
    facebook.says(POSTS, {"data": [post(1), post(2, **closed), post(3, privacy={"value": ""})]})
    found = facebook.collect(tmp_path, "facebook", URL)
    assert [item.text for item in found.posts.values()] == ["Post 1", "Post 3"]


@pytest.mark.parametrize(
    ("code", "subcode", "says"),
    [
        (190, 463, "It has expired"),
        (190, 460, "password was changed"),
        (190, 458, "withdrawn its permission"),
        (190, 0, "not accepted"),
        (102, 0, "not accepted"),
        (10, 0, "lacks a permission"),
        (200, 0, "lacks a permission"),
        (100, 33, "no such account"),
        (2635, 0, "Update auditbot"),
        (100, 0, "its error 100"),
    ],
)
def test_a_token_that_does_not_work_says_why_at_once(
    services: Services, tmp_path: Path, code: int, subcode: int, says: str
) -> None:
    services.says(PAGE, error(code, subcode))
    found = services.collect(tmp_path, "facebook", URL, known=("https://www.facebook.com/100/posts/1",))
    assert (found.coverage.status, found.gone) == ("error", {})
    assert says in found.coverage.reason
    assert len(services.asked) == 1
    assert TOKEN not in repr(found.events)


@pytest.mark.parametrize("code", [4, 17, 32, 613])
def test_a_limit_is_waited_out_within_reason(facebook: Services, tmp_path: Path, code: int) -> None:
    facebook.says(POSTS, error(code, status=403), {"data": [post(1)]})
    assert facebook.collect(tmp_path, "facebook", URL).coverage.status == "complete"


def test_a_limit_that_lasts_hours_is_not_waited_for(facebook: Services, tmp_path: Path) -> None:
    usage = json.dumps({"100": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 90}]})
    limit = as_json({"error": {"code": 32}}, 400, X_Business_Use_Case_Usage=usage)
    facebook.says(POSTS, limit)
    assert "come back later" in facebook.collect(tmp_path, "facebook", URL).coverage.reason
    assert len(facebook.asked) == 2


@pytest.mark.parametrize("code", [4, 32])
def test_a_limit_that_stays_leaves_the_rest_for_the_next_run(facebook: Services, tmp_path: Path, code: int) -> None:
    facebook.says(POSTS, {"data": [post(1)], "paging": {"next": f"{NEXT}?after=2"}}, error(code))
    found = facebook.collect(tmp_path, "facebook", URL, known=("https://www.facebook.com/100/posts/7",))
    assert (found.coverage.status, found.coverage.posts, found.gone) == ("partial", 1, {})
    assert "come back later" in found.coverage.reason


@pytest.mark.parametrize(
    "unwell",
    [
        Answer("", status=500),
        Answer("", status=429, headers={"Retry-After": "0"}),
        error(2, status=500),
        Answer("<html>We are working on it</html>"),
        Answer('{"data": [{"id": "100_1", "mess', "application/json"),
        Answer("[1, 2", "application/json"),
    ],
)
def test_what_passes_is_asked_for_again(facebook: Services, tmp_path: Path, unwell: Answer) -> None:
    facebook.says(POSTS, unwell, {"data": [post(1)]})
    assert facebook.collect(tmp_path, "facebook", URL).coverage.status == "complete"


@pytest.mark.parametrize(
    "broken",
    [
        Answer("<html>Log in</html>"),
        Answer("null", "application/json"),
        Answer("[]", "application/json"),
        Answer("[" * 100_000, "application/json"),
        Answer(b"\xff\xfe\x00", "application/json"),
        Answer("", status=302, headers={"Location": "http://cdn.example/login"}),
    ],
)
def test_what_stays_unreadable_is_said(facebook: Services, tmp_path: Path, broken: Answer) -> None:
    facebook.says(POSTS, broken)
    found = facebook.collect(tmp_path, "facebook", URL)
    assert found.coverage.status == "error"
    assert not any("login" in path for path in facebook.paths()), "a question with a token is not sent on"


def test_a_post_that_cannot_be_read_does_not_take_its_neighbours_along(facebook: Services, tmp_path: Path) -> None:
    odd = [
        {"id": "100_8", "message": {"not": "text"}, "attachments": [], "comments": "none"},
        {"message": "no number"},
        7,
        None,
        post(9, attachments={"data": [{"media": "none", "target": [], "subattachments": {"data": ["x"]}}]}),
    ]
    facebook.says(POSTS, {"data": [post(1), *odd, post(2)]})
    found = facebook.collect(tmp_path, "facebook", URL)
    assert {"Post 1", "Post 2", "Post 9"} <= {item.text for item in found.posts.values()}
    assert [item.what for item in found.not_checked] == ["post"]


def test_lists_without_end_are_given_up(facebook: Services, tmp_path: Path) -> None:
    facebook.says(POSTS, {"data": [post(1)], "paging": {"next": f"{NEXT}?after=same"}})
    found = facebook.collect(tmp_path, "facebook", URL)
    assert (found.coverage.posts, found.coverage.status) == (1, "partial")
    assert "without end" in found.coverage.reason
    assert len(facebook.asked) < 5


def test_empty_pages_without_end_are_given_up(facebook: Services, tmp_path: Path) -> None:
    pages = iter(range(1000))
    facebook.says(POSTS, lambda _: {"data": [], "paging": {"next": f"{NEXT}?after={next(pages)}"}})
    found = facebook.collect(tmp_path, "facebook", URL, max_listing_pages=20)
    assert "More than 20 listing pages" in "".join(item.reason for item in found.not_checked)
    assert len(facebook.asked) == 21


@pytest.mark.parametrize(
    "following",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/v24.0/100/posts",
        "http://graph.facebook.com@cdn.example/v24.0/100/posts",
        "http://cdn.example/v24.0/100/posts",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_the_next_page_is_never_another_host(facebook: Services, tmp_path: Path, following: str) -> None:
    facebook.says(POSTS, {"data": [post(1)], "paging": {"next": following}})
    found = facebook.collect(tmp_path, "facebook", URL, known=("https://www.facebook.com/100/posts/7",))
    assert (found.coverage.posts, found.gone) == (1, {})
    assert "not the service's own" in "".join(item.reason for item in found.not_checked)
    assert all(asked.headers["host"].startswith("graph.facebook.com") for asked in facebook.asked)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/x.jpg", "file:///etc/passwd", "http://[::1]/x.jpg", "javascript:alert(1)", "//", "http://["],
)
def test_photos_that_lead_into_this_machine_are_refused(facebook: Services, tmp_path: Path, address: str) -> None:
    facebook.says(POSTS, {"data": [post(1, full_picture=address)]})
    found = facebook.collect(tmp_path, "facebook", URL)
    (one,) = found.posts.values()
    assert [use.sha256 for use in one.photos] == [None]
    assert [item.what for item in found.not_checked] == ["photo"]


def test_a_known_post_is_gone_when_the_whole_list_and_facebook_say_so(facebook: Services, tmp_path: Path) -> None:
    facebook.says(POSTS, {"data": [post(1)]})
    facebook.says("/v24.0/100_7", error(100, 33))
    facebook.says("/v24.0/100_8", error(2, status=500))
    facebook.says("/v24.0/100_9", post(9, "Still here"))
    known = tuple(f"https://www.facebook.com/100/posts/{number}" for number in (1, 7, 8, 9))
    found = facebook.collect(tmp_path, "facebook", URL, known=(*known, "archive:100-5", f"{URL}/posts/pfbid9"))
    assert list(found.gone) == ["/100/posts/7"]
    assert "still there" in found.missed["/100/posts/8"]
    assert "Still here" in {item.text for item in found.posts.values()}


def test_posts_that_the_list_may_not_have_reached_are_not_called_gone(facebook: Services, tmp_path: Path) -> None:
    facebook.says(POSTS, {"data": [post(1), post(2)]})
    facebook.says("/v24.0/100_7", error(100, 33))
    found = facebook.collect(tmp_path, "facebook", URL, known=("https://www.facebook.com/100/posts/7",), max_posts=1)
    assert found.gone == {}
    assert "More than 1 posts" in found.coverage.reason


def test_without_the_permission_for_comments_the_posts_are_read_all_the_same(
    facebook: Services, tmp_path: Path
) -> None:
    facebook.says(POSTS, lambda query: error(10) if "comments" in query["fields"] else {"data": [post(1)]})
    found = facebook.collect(tmp_path, "facebook", URL)
    assert found.coverage.posts == 1
    assert "pages_read_user_content" in found.coverage.reason


def test_where_a_page_of_posts_is_too_much_fewer_are_asked_for(facebook: Services, tmp_path: Path) -> None:
    heavy = as_json(
        {"error": {"code": 1, "message": "Please reduce the amount of data you're asking for, then retry"}}, 500
    )

    def page(query: dict[str, str]) -> Any:
        if int(query["limit"]) > 5:
            return heavy
        start = int(query.get("after", "0"))
        paging = {"next": f"{NEXT}?limit=25&after={start + 5}"} if start < 10 else {}
        return {"data": [post(n) for n in range(start, start + 5)], "paging": paging}

    facebook.says(POSTS, page)
    found = facebook.collect(tmp_path, "facebook", URL)
    assert (found.coverage.posts, found.coverage.status) == (15, "complete")


def test_an_unpublished_page_is_walled(services: Services, tmp_path: Path) -> None:
    services.says(PAGE, {"id": "100", "is_published": False})
    assert services.collect(tmp_path, "facebook", URL).coverage.status == "walled"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.facebook.com/larkmereinfants/", "larkmereinfants"),
        ("https://www.facebook.com/profile.php?id=100", "100"),
        ("https://www.facebook.com/pages/Larkmere-Infants/100", "100"),
        ("https://www.facebook.com/people/Larkmere/100/", "100"),
        ("https://www.facebook.com/p/Larkmere-Infants-100/", "100"),
    ],
)
def test_every_form_of_a_pages_address(services: Services, tmp_path: Path, url: str, name: str) -> None:
    services.says(f"/v24.0/{name}", {"id": "100", "name": "Larkmere"})
    services.says(POSTS, {"data": [post(1)]})
    assert services.collect(tmp_path, "facebook", url).coverage.status == "complete"


def test_the_version_of_the_interface_is_a_setting(services: Services, tmp_path: Path) -> None:
    services.says("/v31.0/larkmereinfants", {"id": "100", "name": "Larkmere"})
    services.says("/v31.0/100/posts", {"data": [post(1)]})
    found = services.collect(tmp_path, "facebook", URL, graph_version="v31.0")
    assert found.coverage.status == "complete"


def test_posts_since_a_day_at_the_school(facebook: Services, tmp_path: Path) -> None:
    stays = post(1, created_time="2026-07-01T23:10:00+0000")
    goes = post(2, created_time="2026-07-01T22:50:00+0000")
    facebook.says(POSTS, {"data": [stays, goes]})
    found = facebook.collect(tmp_path, "facebook", URL, since=date(2026, 7, 2))
    assert [item.text for item in found.posts.values()] == ["Post 1"]


def test_the_token_is_in_nothing_that_a_run_gives_or_writes(facebook: Services, tmp_path: Path) -> None:
    escaped = json.dumps(
        {"data": [post(1, f"Our token is {TOKEN}", full_picture=f"{cdn('a.jpg')}?access_token={TOKEN}")]}
    )
    facebook.says(POSTS, Answer(escaped.replace("-", "\\u002d"), "application/json"))
    found = facebook.collect(tmp_path, "facebook", URL)
    assert found.coverage.posts == 1
    given = repr(found.events) + "".join(facebook.paths())
    for form in (TOKEN, TOKEN.replace("%2F", "/"), "secret-Token"):
        assert form not in given
        assert not any(form.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
