"""Dates, walls, words and kinds of file are read as a person would read them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.files import sniff
from auditbot.collect.html.comments import date_of_page, guessed_date, read_date
from auditbot.collect.html.content import bodies, find_container, title_of
from auditbot.collect.html.dom import parse, text_of
from auditbot.collect.html.walls import WALLS, wall
from auditbot.collect.net.fetch import retry_after
from auditbot.collect.net.robots import Robots

LONDON = ZoneInfo("Europe/London")


def london(*parts: int) -> datetime:
    """Return a moment in London."""
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[misc, arg-type]


DATES = [
    ("2026-07-03T08:15:00Z", datetime(2026, 7, 3, 8, 15, tzinfo=UTC)),
    ("2026-07-03T08:15:00+0100", london(2026, 7, 3, 8, 15)),
    ("2026-07-03T08:15", london(2026, 7, 3, 8, 15)),
    ("2026-01-03", london(2026, 1, 3)),
    ("3 July 2026", london(2026, 7, 3)),
    ("3rd July 2026 at 4:30pm", london(2026, 7, 3, 16, 30)),
    ("Friday 3rd of July, 2026", london(2026, 7, 3)),
    ("July 3, 2026", london(2026, 7, 3)),
    ("03/07/2026", london(2026, 7, 3)),
    ("Posted on 1 Sept 2026 by Ann", london(2026, 9, 1)),
    ("31 February 2026", None),
    ("12 Foo 2026", None),
    ("0000-00-00", None),
    ("1970-01-01T00:00:00Z", None),
    ("9999-12-31T23:59:59Z", None),
    ("03/09/26", london(2026, 9, 3)),
    ("3.9.26", london(2026, 9, 3)),
    ("14.03.26", london(2026, 3, 14)),
    ("14-03-2026", london(2026, 3, 14)),
    ("3-Sep-2026", london(2026, 9, 3)),
    ("Sat 14th Mar 26", london(2026, 3, 14)),
    ("14 Mar '26", london(2026, 3, 14)),
    ("3/14/2026", london(2026, 3, 14)),
    ("2026/3/4", london(2026, 3, 4)),
    ("14 Mawrth 2026", london(2026, 3, 14)),
    ("14 o Fawrth 2026", london(2026, 3, 14)),
    ("Week ending 14.3.26", london(2026, 3, 14)),
    ("14 March 2026 at 11.30pm", london(2026, 3, 14, 23, 30)),
    ("Wednesday, the eleventh of March 2026", london(2026, 3, 11)),
    ("the twenty-first day of June 2026", london(2026, 6, 21)),
    ("2026-01-10T00:00:00+01:00", london(2026, 1, 10)),
    ("2026-01-10T00:30:00+01:00", datetime(2026, 1, 9, 23, 30, tzinfo=UTC)),
    ("The first of many in 2026", None),
    ("Published: 20260207", london(2026, 2, 7)),
    ("Ticket 20260207", None),
    ("We won 3-2-10", None),
    ("Children aged 10-11-12", None),
    ("Room 12 opens 2024", None),
    ("Spring Term 2025", None),
    ("14 March", None),
    ("", None),
]


@pytest.mark.parametrize(("value", "expected"), DATES)
def test_dates_are_read_in_the_schools_zone(value: str, expected: datetime | None) -> None:
    assert read_date(value, LONDON) == expected


def test_the_hour_is_taken_from_the_head_where_the_article_shows_the_day_alone() -> None:
    head = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2026-07-02T23:15:00Z"}</script>'
    tree = parse(f"{head}<article><time datetime='2026-07-03'>3 July</time></article>")
    assert date_of_page(tree, tree.css_first("article"), LONDON) == datetime(2026, 7, 2, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "September 4, 2018 · By admin",
        "Posted by Jane Vale on 4 September 2018",
        "By Mrs Vale | 04/09/2018",
        "4 September 2018 • 3 min read • 2 comments",
        "4 September 2018 - in News",
    ],
)
def test_a_date_beside_the_author_is_the_articles_not_the_last_of_a_list_of_dates(line: str) -> None:
    body = f"<p>{line}</p>" + "<p>Words about the year.</p>" * 6 + "<p>Wednesday 6 March 2019</p>"
    tree = parse(f"<article><h1>Meetings</h1>{body}</article>")
    assert date_of_page(tree, tree.css_first("article"), LONDON) == london(2018, 9, 4)


@pytest.mark.parametrize("line", ["Sports day – 4 May 2018", "4 May 2018 - Football 3-2", "Join us by 4 May 2018"])
def test_a_day_that_something_happens_on_is_not_the_day_of_publication(line: str) -> None:
    tree = parse(f"<article><h1>News</h1><p>{line}</p></article>")
    assert date_of_page(tree, tree.css_first("article"), LONDON) is None


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Posted by vale on Monday, May 18, 2026 @ 09:30:12 GMT", "2026-05-18"),
        ("posted 9 Jun 2026, 09:18 by Mrs Vale", "2026-06-09"),
        ("We posted our letters on 9 Jun 2026 by the church", None),
        ("Posted by vale on 18 May 2026</p><p>Posted by reed on 19 May 2026", None),
    ],
)
def test_the_line_that_says_when_it_was_posted_may_stand_anywhere(line: str, found: str | None) -> None:
    menu = "<p>Modules</p><p>Home</p><p>News</p><p>Topics</p><p>Account</p><p>Feedback</p>"
    spoken = "<div class='sites-comment'><span class='sites-comment-date'>11 Jun 2026</span></div>"
    tree = parse(f"<body>{menu}<p>{line}</p><p>Newts.</p><p>Frogs.</p><p>Ducks.</p>{spoken if found else ''}</body>")
    moment = date_of_page(tree, tree.body, LONDON)
    assert (str(moment.date()) if moment else None) == found


def test_what_is_written_in_a_line_is_no_body_of_a_post() -> None:
    page = "<table><tr><td><font class='content'>Frogs came.</font><br>So did Sam Birch.</td></tr></table>"
    tree = parse(f"<body>{page}</body>")
    container = find_container(tree, set())
    assert container is not None
    assert "Sam Birch" in " ".join(text_of(node, set()) for node in bodies(container, set()))


def test_the_head_is_believed_before_the_last_of_a_list_of_dates() -> None:
    head = "<meta property='article:published_time' content='2018-09-04T00:00:00+01:00'>"
    body = "<p>Words about the year.</p>" * 8 + "<ul><li>Wednesday 6 March 2019</li></ul>"
    tree = parse(f"<head>{head}</head><article><h1>Meetings</h1>{body}</article>")
    assert date_of_page(tree, tree.css_first("article"), LONDON) == london(2018, 9, 4)
    plain = parse(f"<article><h1>Meetings</h1>{body}</article>")
    assert date_of_page(plain, plain.css_first("article"), LONDON) == london(2019, 3, 6)


def test_the_day_of_a_comment_is_not_that_of_the_page() -> None:
    comment = "<li id='comment-3' class='comment'><time datetime='2026-03-09'>9 March 2026</time><p>Well done!</p></li>"
    body = f"<main><h1>Chess</h1><p>Every week.</p><ol class='comment-list'>{comment}</ol></main>"
    html = f"<html><body>{body}</body></html>"
    tree = parse(html)
    assert date_of_page(tree, tree.css_first("main"), LONDON) is None
    assert guessed_date(html, "http://a.example/chess", LONDON) is None


def test_the_heading_of_another_post_is_not_the_title() -> None:
    teaser = "<h2 class='entry-title'><a href='/fair/'>The fair</a></h2>"
    tree = parse(f"<head><title>By Ann</title></head><main>{teaser}<p>Past events</p></main>")
    assert title_of(tree, tree.css_first("main")) == "By Ann"
    own = parse(f"<head><title>The fair | School</title></head><main>{teaser}<p>Cakes were sold.</p></main>")
    assert title_of(own, own.css_first("main")) == "The fair"


def test_when_something_takes_place_or_is_looked_over_is_no_day_of_publication() -> None:
    event = "<p class='event-date'><b>Event date:</b> 3 April 2026, 2pm</p>"
    posted = "<p class='byline'>Posted by the office on 22 Jan 2026</p>"
    for line, day in ((event + posted, london(2026, 1, 22)), (event, london(2026, 4, 3, 14))):
        tree = parse(f"<article><h1>Fair</h1>{line}<p>Cakes were sold.</p></article>")
        assert date_of_page(tree, tree.css_first("article"), LONDON) == day
    for note, found in (("Page last reviewed 2 September 2024", None), ("2 September 2024", london(2024, 9, 2))):
        html = f"<html><body><main><h1>Chess</h1><p>Every week.</p></main><footer>{note}</footer></body></html>"
        assert guessed_date(html, "http://a.example/chess", LONDON) == found


def test_the_sites_name_above_the_menu_is_no_title() -> None:
    banner = "<div><h1>Larkmere Friends</h1></div><nav><a href='/'>Home</a></nav>"
    page = (
        "<head><title>Fair-2026 | Larkmere</title></head><body>{}<div><h3>{}</h3><p>Cakes were sold.</p></div></body>"
    )
    for heading, title in (("Fair 2026", "Fair 2026"), ("Other news", "Larkmere Friends")):
        tree = parse(page.format(banner, heading))
        assert title_of(tree, tree.body) == title
    own = parse(page.format("<nav><a href='/'>Home</a></nav><h1>The summer fair</h1>", "Fair 2026"))
    assert title_of(own, own.body) == "The summer fair"


def _page(body: str, status: int = 200, path: str = "/x") -> RenderedPage:
    return RenderedPage(f"http://a.example{path}", status, {}, body, f"http://a.example{path}")


LOGIN = "<form><input type='password'></form>"
WALLED = [
    (_page(f"<main><h1>Sign in</h1><p>Please log in to continue</p>{LOGIN}</main>"), "log in"),
    (_page(f"<main>{LOGIN}</main>", path="/wp-login.php?redirect_to=x"), "log in"),
    (_page(f"<main><p>Rhaid mewngofnodi i weld y dudalen hon.</p>{LOGIN}</main>"), "log in"),
    (_page("<main><p>Rhaid i chi fewngofnodi. <a href='/login'>Mewngofnodi</a></p></main>"), "seems to ask"),
    (_page("<main>x</main>", 401), "password"),
    (_page("<main>x</main>", 403), "403"),
    (_page("<main><form class='post-password-form'><input type='password'></form></main>"), "password"),
    (_page("<title>Just a moment...</title><p>Checking your browser</p>", 503), "robots"),
    (_page("<p>You look like a robot</p>"), "robots"),
    # nothing but words and a link of the site itself: the page is read all the same, and named
    (
        _page("<main><p>This post is for subscribers only</p><aside></aside><a href='/signin/'>Sign in</a></main>"),
        "seems to ask visitors to log in",
    ),
    (_page(f"<main><p>{'Newts. ' * 60}</p><p>Log in to continue.</p>{LOGIN}</main>"), "seems to ask"),
    (_page("<main><p>Please <a href='/login'>log in</a>.</p></main>"), "seems to ask"),
]
PARENT_PAY = (
    "<main><article><p>Please log in to <a href='https://app.parentpay.com/login'>ParentPay</a> to book lunches. Maya"
    " loved the pasta on Friday!</p>%s</article></main>"
)
NO_WALLS = [
    _page("<header><a href='/login'>Log in</a></header><main><p>Sports day was fun.</p></main>"),
    _page("<header><a href='/login'>Mewngofnodi</a></header><main><p>Roedd y mabolgampau yn hwyl.</p></main>"),
    _page("<main><p>Please log in to the reading app to see your child's books.</p></main>"),
    _page(PARENT_PAY % ""),
    _page(PARENT_PAY % "<form action='https://app.parentpay.com/in'><input type='password'></form>"),
    _page(f"<main><p>{'Newts. ' * 60}</p><p>Please <a href='/login'>log in</a> to book a visit.</p></main>"),
    _page(f"<header>{LOGIN}</header><main><p>{'Our pond is full of newts. ' * 40}</p></main>"),
    _page("<main><h1>Robots</h1><p>Year 2 built a robot. Are you a robot? asked the teacher of it.</p></main>" * 9),
    _page("<main><p>Members only night at the swimming club was fun.</p></main>"),
    # A list in which one post is protected.
    _page(
        "<main><h2><a href='/a'>Pond</a></h2><p>Newts.</p><h2><a href='/b'>Protected: play</a></h2>"
        "<form class='post-password-form'><input type='password'></form></main>"
    ),
    _page(""),
]


@pytest.mark.parametrize(("page", "reason"), WALLED)
def test_walls_are_recognised(page: RenderedPage, reason: str) -> None:
    found = wall(page, parse(page.html))
    assert found
    assert reason in WALLS[found]


@pytest.mark.parametrize("page", NO_WALLS)
def test_ordinary_pages_are_no_walls(page: RenderedPage) -> None:
    assert wall(page, parse(page.html)) is None


TEXTS = [
    ("<p>One<br>two</p><p>three</p>", "One\ntwo\nthree"),
    ("<p>A <b>b</b>old&nbsp;word</p>", "A bold word"),
    ("<p>seen</p><script>no</script><style>no</style><!-- no --><template>no</template>", "seen"),
    ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
    ("<p>well <img class='emoji' alt='🎶'> done</p>", "well 🎶 done"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
    ("plain", "plain"),
    ("", ""),
]


@pytest.mark.parametrize(("html", "text"), TEXTS)
def test_words_are_read_a_line_per_block(html: str, text: str) -> None:
    body = parse(html).body
    assert (text_of(body) if body is not None else "") == text


KINDS = [
    (b"\xff\xd8\xff\xe0", "photo"),
    (b"\x89PNG\r\n\x1a\n", "photo"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "photo"),
    (b"\x00\x00\x00\x20ftypavif", "photo"),
    (b"\x00\x00\x00\x18ftypheic", "photo"),
    (b"\n%PDF-1.7", "pdf"),
    (b"<?xml version='1.0'?><svg xmlns='x'>", "drawing"),
    (b"  <!DOCTYPE html><html><svg>", "page"),
    (b"", "empty"),
    (b"\x00\x00\x00\x20ftypisom", "other"),
    (b"hello", "other"),
]


@pytest.mark.parametrize(("start", "kind"), KINDS)
def test_files_are_told_by_their_first_bytes(start: bytes, kind: str) -> None:
    assert sniff(start) == kind


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 22 Nov 2026 10:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2020 10:00:00 GMT", 0.0),
        ("soon", 0.0),
        ("", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float) -> None:
    assert retry_after(value, lambda: datetime(2026, 11, 22, 10, tzinfo=UTC)) == seconds


def test_robots_txt_is_read_for_us_and_for_all() -> None:
    robots = Robots(
        "User-agent: *\nDisallow: /a\nCrawl-delay: 3\n\nUser-agent: auditbot\nDisallow: /b\nCrawl-delay: 500\n"
    )
    assert not robots.allows("http://x.example/b/1")
    assert robots.allows("http://x.example/c")
    assert robots.delay_seconds == 10.0
    assert Robots("").allows("http://x.example/")
