"""YouTube: the last fifteen videos, their words and largest thumbnails; nothing is concluded from a passing 404."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditbot.model import Post
from tests.browser.little_server import Answer
from tests.browser.small_site import photo, sha256
from tests.unit.collect.services import Services

CHANNEL = "UC0123456789abcdefghijkl"[:24]
URL = f"http://www.youtube.com/channel/{CHANNEL}"
FEED = "/feeds/videos.xml"
WATCH = "https://www.youtube.com/watch?v="


def number(count: int) -> str:
    return f"video-{count:05d}"


def feed(count: int, published: str = "2026-07-01T08:30:00+00:00") -> Answer:
    entries = "".join(
        f"""<entry><id>yt:video:{number(n)}</id><yt:videoId>{number(n)}</yt:videoId><title>Video {n} &amp; more</title>
        <link rel="alternate" href="{WATCH}{number(n)}"/><author><name>Larkmere</name></author>
        <published>{published}</published><updated>2026-11-01T00:00:00+00:00</updated>
        <media:group><media:title>Video</media:title>
        <media:thumbnail url="https://i.ytimg.com/vi/{number(n)}/hqdefault.jpg" width="480" height="360"/>
        <media:description>First line {n}
Second &lt;line&gt;</media:description></media:group></entry>"""
        for n in range(count)
    )
    return Answer(
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Larkmere</title>{entries}</feed>",
        "text/xml; charset=UTF-8",
    )


def show(services: Services, count: int) -> None:
    for n in range(count):
        services.routes[f"/vi/{number(n)}/hqdefault.jpg"] = Answer(photo(f"hq {n}"), "image/jpeg")
    services.routes[f"/vi/{number(0)}/maxresdefault.jpg"] = Answer(photo("largest"), "image/jpeg")


def test_titles_descriptions_and_the_largest_thumbnail(services: Services, tmp_path: Path) -> None:
    services.says(FEED, feed(2))
    show(services, 2)
    found = services.collect(tmp_path, "youtube", URL, token=None)
    first, second = (event for event in found.events if isinstance(event, Post))
    assert (first.title, first.text) == ("Video 0 & more", "First line 0\nSecond <line>")
    assert (first.url, first.author) == (f"{WATCH}{number(0)}", "Larkmere")
    assert first.published_at == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert [(use.sha256, use.found_in) for use in first.photos] == [(sha256(photo("largest")), "video")]
    assert [use.sha256 for use in second.photos] == [sha256(photo("hq 1"))]
    assert [item.what for item in found.not_checked] == ["video"], "that nobody looked into the films is said, once"


@pytest.mark.parametrize(
    ("count", "since", "cut"), [(14, None, False), (15, None, True), (15, date(2026, 8, 1), False)]
)
def test_a_full_feed_may_not_be_everything(
    services: Services, tmp_path: Path, count: int, since: date | None, cut: bool
) -> None:
    services.says(FEED, feed(count))
    show(services, count)
    found = services.collect(tmp_path, "youtube", URL, token=None, since=since)
    assert ("listing" in {item.what for item in found.not_checked}) == cut


@pytest.mark.parametrize("status", [404, 500])
def test_a_feed_that_is_missing_now_and_then_is_asked_for_again(
    services: Services, tmp_path: Path, status: int
) -> None:
    services.says(FEED, Answer("", status=status), feed(1))
    show(services, 1)
    assert services.collect(tmp_path, "youtube", URL, token=None).coverage.posts == 1


def test_a_feed_that_stays_missing_proves_nothing(services: Services, tmp_path: Path) -> None:
    services.says(FEED, Answer("", status=404))
    found = services.collect(tmp_path, "youtube", URL, token=None, known=(f"{WATCH}{number(3)}",))
    assert (found.coverage.status, found.gone) == ("error", {})
    assert "nothing is concluded" in found.coverage.reason


@pytest.mark.parametrize(
    ("answers", "gone"),
    [
        ([Answer("Not Found", status=404)], True),
        ([Answer("Not Found", status=404), Answer('{"title": "x"}', "application/json")], False),
        ([Answer("Unauthorized", status=401)], False),
        ([Answer("", status=500)], False),
    ],
)
def test_an_older_video_is_gone_only_when_youtube_says_so_each_time(
    services: Services, tmp_path: Path, answers: list[Answer], gone: bool
) -> None:
    services.says(FEED, feed(1))
    show(services, 1)
    services.says("/oembed", *answers)
    known = (f"{WATCH}{number(0)}", f"{WATCH}{number(99)}")
    found = services.collect(tmp_path, "youtube", URL, token=None, known=known)
    assert len(found.gone) == (1 if gone else 0)
    assert not any(number(0) in path for path in services.paths() if "oembed" in path)


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
        f'<link rel="alternate" type="application/rss+xml" href="https://www.youtube.com{FEED}?channel_id={CHANNEL}">',
        f'<meta itemprop="identifier" content="{CHANNEL}">',
    ],
)
@pytest.mark.parametrize("path", ["/@larkmere", "/user/larkmere"])
def test_a_channel_is_found_by_its_name(services: Services, tmp_path: Path, path: str, head: str) -> None:
    services.routes[path] = f"<html><head>{head}</head></html>"
    services.says(FEED, lambda query: feed(1) if query["channel_id"] == CHANNEL else Answer("", status=404))
    show(services, 1)
    assert services.collect(tmp_path, "youtube", f"http://www.youtube.com{path}", token=None).coverage.posts == 1


def test_a_consent_page_is_a_wall_with_a_way_round_that_is_allowed(services: Services, tmp_path: Path) -> None:
    to = {"Location": "http://consent.youtube.com/m?continue=x"}
    services.routes["/@larkmere"] = Answer("", status=302, headers=to)
    services.routes["/m"] = "<form action='https://consent.youtube.com/save'><button>Reject all</button></form>"
    found = services.collect(tmp_path, "youtube", "http://www.youtube.com/@larkmere", token=None)
    assert found.coverage.status == "walled"
    assert "/channel/UC" in found.coverage.reason
