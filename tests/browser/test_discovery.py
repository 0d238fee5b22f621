"""Posts are found by every way a site offers, and what is not public is never taken."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from auditbot.model import Why
from tests.browser.little_server import Answer, Asked, LittleServer, Route
from tests.browser.small_site import CollectSite, article, listing, photo, sha256

FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>
 <item><title>Fed &amp; found</title><link>{site}/fed/?utm_source=rss</link><dc:creator>Miss Reed</dc:creator>
 <pubDate>Fri, 03 Jul 2026 08:15:00 GMT</pubDate><content:encoded><![CDATA[<p>By feed.</p>]]></content:encoded></item>
 <item><title>Elsewhere</title><link>http://other.example/x</link></item>
 </channel></rss>"""


def feed_site(site: LittleServer) -> None:
    head = "<link rel='alternate' type='application/rss+xml' href='/feed.xml'>"
    site.routes |= {
        "/": f"<html><head>{head}</head><body><main><p>Welcome.</p></main></body></html>",
        "/feed.xml": Answer(FEED.format(site=site.url), "application/rss+xml"),
        "/fed/": "<title>Fed</title><main><h1>Fed and found</h1><p>By feed, on its page.</p></main>",
    }


def test_a_feed_gives_posts_with_date_and_author(site: LittleServer, collect: CollectSite) -> None:
    feed_site(site)
    post = collect().posts["/fed/"]
    assert (post.title, post.author, post.text) == ("Fed & found", "Miss Reed", "By feed, on its page.")
    assert post.published_at == datetime(2026, 7, 3, 8, 15, tzinfo=UTC)


def test_a_post_of_a_feed_whose_page_cannot_be_opened_is_kept_and_named(
    site: LittleServer, collect: CollectSite
) -> None:
    feed_site(site)
    site.routes["/fed/"] = Answer("Oops", status=500)
    found = collect()
    assert "500" in found.missed["/fed/"]
    assert found.posts["/fed/"].text == "By feed."


def test_sitemaps_lead_to_pages_and_robots_txt_binds_them(site: LittleServer, collect: CollectSite) -> None:
    index = (
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>{0}/pages.xml</loc></sitemap>"
    )
    urls = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in ("/oak", "/private/x", "/tag/fun", "/a.pdf"))
    site.routes |= {
        "/robots.txt": Answer(f"User-agent: *\nDisallow: /private/\nSitemap: {site.url}/map.xml\n", "text/plain"),
        "/map.xml": Answer(index.format(site.url) + "</sitemapindex>", "application/xml"),
        "/pages.xml": Answer(
            f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>", "text/xml"
        ),
        "/": listing("/a", "/private/linked", after="<a href='/private/y'>y</a>"),
        "/a": article("A", "<p>Words.</p>"),
        "/oak": "<title>Oak</title><main><h1>Oak Class</h1><p>Our class.</p></main>",
        "/private/linked": article("Listed", "<p>The school lists this itself.</p>"),
    }
    found = collect()
    assert sorted(found.posts) == ["/a", "/oak"]
    assert not {"/private/x", "/private/y", "/private/linked"} & set(site.paths())
    (note,) = [note for note in found.not_checked if note.why is Why.ROBOTS]
    assert note.reason.startswith("3 addresses like /private/… were not opened: the site’s robots.txt")
    assert found.coverage.status == "partial"


def test_entities_in_a_sitemap_are_not_expanded(site: LittleServer, collect: CollectSite) -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {name} '{('&' + before + ';') * 10}'>" for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    outside = "<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    locations = f"<urlset><url><loc>{site.url}/&h;</loc></url><url><loc>{site.url}/&f;</loc></url></urlset>"
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("A", "<p>Words.</p>"),
        "/b": article("B", "<p>Words.</p>"),
        "/sitemap.xml": Answer(f"<?xml version='1.0'?>{bomb}{outside}{locations}", "application/xml"),
    }
    found = collect()
    assert sorted(found.posts) == ["/a", "/b"]
    assert not [path for path in site.paths() if "root" in path or len(path) > 100]


def wordpress(site: LittleServer) -> None:
    """A WordPress whose pages show less than its API knows."""

    def item(number: int, slug: str, **more: Any) -> dict[str, object]:
        return {
            "id": number,
            "link": f"{site.url}/{slug}/",
            "status": "publish",
            "date_gmt": "2026-06-30T23:30:00",
            "title": {"rendered": f"Post &#8211; {slug}"},
            "content": {"rendered": f"<p>Text of {slug}.</p>", "protected": False},
            "featured_media": 0,
            "_embedded": {"author": [{"name": "Mrs Vale"}]},
            **more,
        }

    body = "<p>Text of photo.</p><img class='wp-image-9' src='/up/hats-300x200.jpg' alt='Hats'>"
    posts = [
        item(1, "photo", content={"rendered": body, "protected": False}),
        item(2, "comments"),
        item(3, "secret", content={"rendered": "", "protected": True}, featured_media=10),
        item(4, "draft", status="draft"),
    ] + [item(number, f"old-{number}", date_gmt="2025-01-01T09:00:00") for number in range(5, 105)]
    posts.append(item(105, "hundredth"))
    media = [
        {
            "id": 9,
            "media_type": "image",
            "source_url": f"{site.url}/up/hats-scaled.jpg",
            "media_details": {"original_image": "hats.jpg"},
        },
        {"id": 10, "media_type": "image", "source_url": f"{site.url}/up/secret.jpg"},
    ]
    comment = {
        "id": 5,
        "post": 2,
        "author_name": "Ann",
        "content": {"rendered": "<p>Well done!</p>"},
        "date_gmt": "2026-07-01T10:00:00",
        "link": f"{site.url}/comments/#comment-5",
    }

    def api(asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        page = int(query.get("page", "1"))
        wanted = [int(number) for number in query.get("include", "").split(",") if number]
        lists: dict[str, list[object]] = {
            "/wp-json/wp/v2/posts": list(posts),
            "/wp-json/wp/v2/pages": [item(200, "about")],
            "/wp-json/wp/v2/events": [item(201, "event")],
            "/wp-json/wp/v2/comments": [comment],
            "/wp-json/wp/v2/media": [one for one in media if one["id"] in wanted],
        }
        if parts.path == "/wp-json/wp/v2/types":
            kinds = {"post": "posts", "page": "pages", "event": "events", "attachment": "media"}
            return Answer(json.dumps({name: {"rest_base": base} for name, base in kinds.items()}), "application/json")
        found = lists.get(parts.path, [])[(page - 1) * 100 : page * 100]
        if page > 1 and not found:
            return Answer("{}", "application/json", status=400)
        return Answer(json.dumps(found), "application/json")

    names = ["photo", "comments", "draft", "about", "event", "hundredth"]
    pages: dict[str, Route] = {
        f"/{name}/": f"<title>{name}</title><main><h1>{name}</h1><p>Text of {name}.</p></main>" for name in names
    }
    pages["/photo/"] = f"<title>x</title><main><h1>x</h1>{body}</main>"
    site.routes |= {
        "/": "<html><head><link rel='https://api.w.org/' href='/wp-json/'></head><main><p>Welcome.</p></main></html>",
        **{f"/wp-json/wp/v2/{name}": api for name in ("types", "posts", "pages", "events", "comments", "media")},
        **pages,
        "/up/hats.jpg": Answer(photo("hats", 900, 600), "image/jpeg"),
        "/up/hats-scaled.jpg": Answer(photo("scaled"), "image/jpeg"),
        "/up/hats-300x200.jpg": Answer(photo("thumbnail"), "image/jpeg"),
        "/up/secret.jpg": Answer(photo("secret"), "image/jpeg"),
    }


def test_the_api_of_wordpress_gives_every_public_post_and_no_other(site: LittleServer, collect: CollectSite) -> None:
    wordpress(site)
    found = collect(since=date(2026, 1, 1))
    assert set(found.posts) == {f"/{name}/" for name in ("photo", "comments", "about", "event", "hundredth")}
    assert [note.reason for note in found.not_checked if "secret" in note.url] == [
        "The post is not public: it asks for a password or a membership."
    ]
    post = found.posts["/photo/"]
    assert (post.title, post.author) == ("Post – photo", "Mrs Vale")
    assert post.published_at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert [(use.sha256, use.alt) for use in post.photos] == [(sha256(photo("hats", 900, 600)), "Hats")]
    (comment,) = found.posts["/comments/"].comments
    assert (comment.author, comment.text) == ("Ann", "Well done!")
    assert comment.published_at == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert "password" in found.missed["/secret/"]
    assert not {"/draft/", "/secret/", "/up/secret.jpg"} & set(site.paths())


@pytest.mark.parametrize(("status", "is_gap"), [(401, False), (500, True)])
def test_a_list_of_wordpress_that_is_closed_is_no_gap_and_one_that_failed_is(
    status: int, is_gap: bool, site: LittleServer, collect: CollectSite
) -> None:
    wordpress(site)
    site.routes["/wp-json/wp/v2/events"] = Answer("{}", "application/json", status=status)
    found = collect(since=date(2026, 1, 1))
    assert ("/wp-json/wp/v2/events" in found.missed) is is_gap
    assert {"/photo/", "/about/"} <= set(found.posts)


@pytest.mark.parametrize("broken", ["closed", "page instead of data", "cut off"])
def test_a_wordpress_without_a_usable_api_is_read_by_its_pages(
    broken: str, site: LittleServer, collect: CollectSite
) -> None:
    wordpress(site)
    answers = {
        "closed": Answer('{"code": "rest_login_required"}', "application/json", status=401),
        "page instead of data": Answer("<h1>Sorry</h1>"),
        "cut off": Answer('[{"id": 1, "link"', "application/json"),
    }
    for path in [path for path in site.routes if path.startswith("/wp-json")]:
        site.routes[path] = answers[broken]
    start = str(site.routes["/"])
    site.routes["/"] = start.replace("<p>Welcome.</p>", listing("/photo/", "/comments/", "/about/"))
    found = collect()
    assert {"/photo/", "/comments/", "/about/"} <= set(found.posts)
    assert found.coverage.status == "complete"


LAYOUTS = {
    "h-entry": "<div class='h-entry'><a class='u-url p-name' href='{0}'>{1}</a><p>About our day.</p></div>",
    "hentry": "<div class='post hentry'><h2 class='entry-title'><a href='{0}'>{1}</a></h2><p>About our day.</p></div>",
    "articles": "<article><a href='{0}'><h3>{1}</h3></a><p>About our day.</p></article>",
    "rows of a table": "<tr><td>3 July 2026</td><td><a href='{0}'>{1}</a></td><td>A few words about our day.</td></tr>",
    "items of a list": "<li><span>03/07/2026</span> <a href='{0}'>{1}</a> and a few words about our day</li>",
    "linked cards": "<a class='card' href='{0}'><h3>{1}</h3><p>3rd July 2026</p><p>A few words about our day.</p></a>",
    "unknown boxes": "<div><i><time datetime='2026-07-03'>x</time></i><b><a href='{0}'>{1}</a></b> A day.</div>",
}
PAGERS = {
    "rel=next": "<a rel='next' href='/news?page=2'>Next</a>",
    "words": "<nav class='nav-links'><a href='/news?page=2'>« Older posts</a></nav>",
    "numbers": "<div class='pagination'><a href='/news?page=2'>2</a></div>",
    "in the head": "<link rel='next' href='/news?page=2'>",
}


def _rows(layout: str, *names: str) -> str:
    rows = "".join(LAYOUTS[layout].format(f"/news/{name}", f"The story of {name}") for name in names)
    inside = (
        f"<table>{rows}</table>" if rows.startswith("<tr") else f"<ul>{rows}</ul>" if rows.startswith("<li") else rows
    )
    return f"<html><body><main><h1>News</h1>{inside}</main></body></html>"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lists_of_every_make_are_read(layout: str, site: LittleServer, collect: CollectSite) -> None:
    pager = list(PAGERS.values())[len(layout) % len(PAGERS)]
    first, second = ["ants", "bees", "cats"], ["dogs", "eels", "foxes"]
    site.routes |= {
        "/": "<main><p>Welcome.</p><nav><a href='/news'>News</a></nav></main>",
        "/news": _rows(layout, *first).replace("</main>", f"{pager}</main>"),
        "/news?page=2": _rows(layout, *second),
        **{f"/news/{name}": article(name, f"<p>Text of {name}.</p>") for name in first + second},
    }
    found = collect()
    assert sorted(found.posts) == [f"/news/{name}" for name in first + second]
    assert found.coverage.status == "complete"


def test_a_calendar_without_end_is_given_up_and_said(site: LittleServer, collect: CollectSite) -> None:
    def month(asked: Asked) -> Answer:
        number = int(parse_qs(urlsplit(asked.path).query).get("month", ["0"])[0])
        return Answer(
            f"<main><h1>Month {number}</h1><p>Nothing.</p><a href='/calendar?month={number + 1}'>on</a></main>"
        )

    site.routes |= {
        "/": listing("/a", "/b", after="<a href='/calendar'>Calendar</a>"),
        "/a": article("A", "<p>Words.</p>"),
        "/b": article("B", "<p>Words.</p>"),
        "/calendar": month,
    }
    found = collect()
    assert {"/a", "/b"} <= set(found.posts)
    assert any(item.why is Why.SERIES and item.aside for item in found.not_checked)
    assert len(site.paths()) < 100


def test_frames_of_the_same_site_belong_to_the_page_and_others_do_not(
    site: LittleServer, neighbour: LittleServer, collect: CollectSite
) -> None:
    neighbour.routes["/"] = "<p>Not ours.</p>"
    frames = (
        "<iframe src='/frames/gallery.html'></iframe><iframe srcdoc='<p>In a frame without address.</p>'></iframe>"
        f"<iframe src='{neighbour.url}/'></iframe>"
    )
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("Framed", f"<p>Words.</p>{frames}<p>After.</p>"),
        "/b": article("B", "<p>Words.</p>"),
        "/frames/gallery.html": "<body><p>In the frame.</p><img src='hats.jpg' alt='Hats'></body>",
        "/frames/hats.jpg": Answer(photo("hats"), "image/jpeg"),
    }
    post = collect(allow_loopback=(site.address, neighbour.address)).posts["/a"]
    assert post.text == "Words.\nIn the frame.\nIn a frame without address.\nAfter."
    assert [use.alt for use in post.photos] == ["Hats"]
    assert neighbour.paths() == []


ODD_ITEMS = {
    "a name for a number": {"id": "theme//index", "title": {"rendered": "x"}},
    "content and title as they are": {"id": 9, "content": "plain", "title": "plain"},
    "lists for objects": {"id": 9, "content": ["x"], "title": [], "_embedded": [], "featured_media": {}},
    "nothing": {"id": 9, "content": None, "title": None, "link": None, "date_gmt": "9999-12-31T23:59:59"},
    "no object": "post",
    "no number known to Python": {"id": 9, "content": {"rendered": "<img class='wp-image-\u00b2' src='/x.jpg'>"}},
}


def test_odd_items_of_an_interface_leave_the_others(site: LittleServer, collect: CollectSite) -> None:
    odd = [{"link": f"{site.url}/odd/", **item} if isinstance(item, dict) else item for item in ODD_ITEMS.values()]
    fine = {
        "id": 1,
        "link": f"{site.url}/fine/",
        "date_gmt": "2026-06-30T23:30:00",
        "content": {"rendered": "<p>x</p>"},
    }

    def answer(value: object) -> Answer:
        return Answer(json.dumps(value), "application/json")

    site.routes |= {
        "/": "<html><head><link rel='https://api.w.org/' href='/wp-json/'></head><main><p>Welcome.</p></main></html>",
        "/wp-json/wp/v2/types": answer({"post": {"rest_base": "posts"}, "odd": {"rest_base": "odd"}}),
        "/wp-json/wp/v2/posts": answer([*odd, fine]),
        **{f"/wp-json/wp/v2/{name}": answer(odd) for name in ("pages", "odd", "comments", "media")},
        "/fine/": "<title>x</title><main><h1>Fine</h1><p>Words of the post.</p></main>",
        "/odd/": "<title>x</title><main><h1>Odd</h1><p>Other words.</p></main>",
    }
    found = collect()
    assert sorted(found.posts) == ["/fine/", "/odd/"]
    assert found.posts["/fine/"].published_at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


def test_a_source_that_cannot_be_read_is_named_and_leaves_the_others(
    site: LittleServer, collect: CollectSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unforeseen(*_: object) -> object:
        raise TypeError

    monkeypatch.setattr("auditbot.collect.website.discovery._lead", unforeseen)
    feed_site(site)
    site.routes["/sitemap.xml"] = Answer(f"<urlset><url><loc>{site.url}/fed/</loc></url></urlset>", "application/xml")
    found = collect()
    assert sorted(found.posts) == ["/fed/"]
    assert "fault in this program" in found.missed["/feed.xml"]


def test_a_date_outside_the_calendar_is_no_date(site: LittleServer, collect: CollectSite) -> None:
    feed_site(site)
    entry = (
        f"<entry><title>x</title><link href='{site.url}/fed/'/><published>9999-12-31T23:59:59-12:00</published></entry>"
    )
    site.routes["/feed.xml"] = Answer(
        f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>", "application/atom+xml"
    )
    found = collect()
    assert found.posts["/fed/"].text == "By feed, on its page."
    assert "/feed.xml" not in found.missed


def test_days_that_no_page_shows_are_asked_of_each_posts_own_feed(site: LittleServer, collect: CollectSite) -> None:
    """WordPress keeps a feed beside every page; where three in a row have none, no more are asked."""
    names = [f"club-{number}" for number in range(6)]

    def feed(asked: Asked) -> Answer:
        name = asked.path.split("/")[1]
        if name != "club-0":
            return Answer("<h1>Not found</h1>", status=404)
        item = (
            f"<item><title>x</title><link>{site.url}/{name}/</link><pubDate>Tue, 20 Oct 2026 13:00:00 +0000</pubDate>"
        )
        return Answer(f"<rss version='2.0'><channel>{item}</item></channel></rss>", "application/rss+xml")

    links = "".join(f"<a href='/{name}/'>{name}</a>" for name in names)
    wordpress = "<meta name='generator' content='WordPress 6.4'>"
    site.routes |= {"/": f"<html><head>{wordpress}</head><body><main><p>Welcome.</p>{links}</main></body></html>"}
    for name in names:
        site.routes[f"/{name}/"] = (
            f"<title>{name}</title><main><h1>{name}</h1><p>What {name} does on Mondays.</p></main>"
        )
        site.routes[f"/{name}/feed/"] = feed
    found = collect()
    assert found.posts["/club-0/"].published_at == datetime(2026, 10, 20, 13, tzinfo=UTC)
    assert [path for path in site.paths() if "/feed/" in path] == [
        f"/club-{number}/feed/?withoutcomments=1" for number in range(4)
    ]
