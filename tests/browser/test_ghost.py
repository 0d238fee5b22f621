"""A Ghost site is read by the interface that its own pages use: public posts whole, members' posts named only."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, photo, sha256


def told(value: object) -> Answer:
    return Answer(json.dumps(value), "application/json")


def ghost(site: LittleServer) -> None:
    """Three posts on two pages of the interface, one for members; a page; comments with a reply."""

    def item(slug: str, **more: object) -> dict[str, object]:
        return {
            "id": f"id-{slug}",
            "url": f"{site.url}/{slug}/",
            "title": f"Post {slug}",
            "html": f"<p>Text of {slug}.</p>",
            "visibility": "public",
            "published_at": "2026-07-03T08:15:00.000+00:00",
            "authors": [{"name": "Miss Reed"}, {"name": ""}, "odd"],
            **more,
        }

    tags = [{"name": "Trips"}, {"name": "#inner", "visibility": "internal"}, "odd"]
    posts = [
        item("fair", comments=True, custom_excerpt="Cakes and games", tags=tags, meta_description="Our fair"),
        item("staff", visibility="members", html=""),
        item("walk", feature_image=f"{site.url}/content/images/size/w600/2026/walk.jpg", published_at="not a day"),
        item("elsewhere", url="http://other.example/elsewhere/"),
    ]

    def listed(name: str, items: list[dict[str, object]]) -> None:
        def answer(asked: Asked) -> Answer:
            page = int(parse_qs(urlsplit(asked.path).query)["page"][0])
            counted = {"page": page, "pages": (len(items) + 1) // 2, "total": len(items)}
            return told({name: items[2 * page - 2 : 2 * page], "meta": {"pagination": counted}})

        site.routes[f"/ghost/api/content/{name}/"] = answer

    listed("posts", posts)
    listed("pages", [item("about")])
    replies = [
        {"html": "<p>So did I</p>", "member": None, "status": "published", "created_at": "2026-07-04T09:00:00"},
        {"html": "<p>Hidden words</p>", "status": "hidden"},
    ]
    comment = {"html": "<p>Lovely day</p>", "member": {"name": "Ann"}, "created_at": "2026-07-04T08:00:00Z"}
    api = f"{site.url}/ghost/api/content/"
    head = f"<script data-ghost='{site.url}/' data-key='ab12' data-api='{api}' src='/p.js'></script>"
    site.routes |= {
        "/": f"<html><head>{head}</head><main><p>Welcome.</p><a href='/fair/'>Fair</a></main></html>",
        "/p.js": Answer("", "text/javascript"),
        "/members/api/comments/counts/": told({"id-fair": 2}),
        "/members/api/comments/post/id-fair/": told({"comments": [{**comment, "replies": replies}, "odd"]}),
        "/content/images/2026/walk.jpg": Answer(photo("walk", 900, 600), "image/jpeg"),
        "/content/images/size/w600/2026/walk.jpg": Answer(photo("small walk"), "image/jpeg"),
        **{
            f"/{name}/": f"<html><head>{head}</head><main><h1>{name}</h1><p>Text of {name}.</p></main></html>"
            for name in ("fair", "walk", "about")
        },
    }


def test_every_public_post_with_its_day_words_photo_and_comments(site: LittleServer, collect: CollectSite) -> None:
    ghost(site)
    found = collect()
    assert {"/fair/", "/walk/", "/about/"} <= set(found.posts)
    assert not [url for url in found.posts if "staff" in url or "elsewhere" in url]
    assert "password or a membership" in found.missed["/staff/"]
    fair = found.posts["/fair/"]
    assert (fair.author, fair.published_at) == ("Miss Reed", datetime(2026, 7, 3, 8, 15, tzinfo=UTC))
    assert {("excerpt", "Cakes and games"), ("tag", "Trips"), ("description", "Our fair")} <= {
        (words.kind, words.text) for words in fair.words
    }
    assert not [words for words in fair.words if "inner" in words.text]
    assert [(one.author, one.text) for one in fair.comments] == [("Ann", "Lovely day"), ("", "So did I")]
    assert [one.published_at for one in fair.comments] == [
        datetime(2026, 7, 4, 8, tzinfo=UTC),
        datetime(2026, 7, 4, 9, tzinfo=UTC),
    ]
    walk = found.posts["/walk/"]
    assert walk.published_at is None
    assert [use.sha256 for use in walk.photos] == [sha256(photo("walk", 900, 600))]


@pytest.mark.parametrize(("status", "is_gap"), [(404, False), (403, False), (500, True)])
def test_comments_that_are_closed_are_no_gap_and_those_that_failed_are(
    status: int, is_gap: bool, site: LittleServer, collect: CollectSite
) -> None:
    ghost(site)
    site.routes["/members/api/comments/counts/"] = Answer("no", "text/plain", status=status)
    found = collect()
    assert ("/members/api/comments/" in found.missed) is is_gap
    assert {"/fair/", "/walk/", "/about/"} <= set(found.posts)


def test_a_list_that_gives_fewer_than_it_says_is_told_and_so_is_an_unreadable_one(
    site: LittleServer, collect: CollectSite
) -> None:
    ghost(site)
    site.routes["/ghost/api/content/posts/"] = told({"posts": [], "meta": {"pagination": {"pages": 1, "total": 9}}})
    found = collect()
    assert [url for url in found.missed if url.startswith("/ghost/api/content/posts/")]
    assert found.coverage.status != "complete"
    site.routes["/ghost/api/content/posts/"] = Answer("<html>", "text/html")
    assert "/fair/" in collect().posts  # by the page's own links


def test_comments_are_read_by_each_page_where_the_interface_is_closed_to_us(
    site: LittleServer, collect: CollectSite
) -> None:
    """Ghost's own robots.txt bars interface and counts: what a page shows of its comments is asked by itself."""
    ghost(site)

    def said(number: int, **more: object) -> dict[str, object]:
        return {"id": f"c{number}", "html": f"<p>Remark {number}</p>", "created_at": "2026-07-04T08:00:00Z", **more}

    def comments(asked: Asked) -> Answer:
        page = int(parse_qs(urlsplit(asked.path).query)["page"][0])
        items = [said(1, replies=[said(2)], count={"replies": 2})] if page == 1 else [said(4)]
        return told({"comments": items, "meta": {"pagination": {"page": page, "pages": 2}}})

    site.routes |= {
        "/robots.txt": Answer(
            "User-agent: *\nDisallow: /ghost/\nDisallow: /members/api/comments/counts/", "text/plain"
        ),
        "/members/api/comments/post/5f1/": comments,
        "/members/api/comments/c1/replies/": told({"comments": [said(2), said(3)]}),
    }
    script = f"<script data-ghost-comments='{site.url}/' data-post-id='5f1'></script>"
    site.routes["/fair/"] = f"<main><h1>fair</h1><p>Text of fair.</p>{script}</main>"
    found = collect()
    assert [each.text for each in found.posts["/fair/"].comments] == ["Remark 1", "Remark 2", "Remark 3", "Remark 4"]
    assert not [path for path in site.paths() if path.startswith("/ghost/") or "/counts/" in path]
    site.routes["/members/api/comments/post/5f1/"] = Answer("no", "text/plain", status=500)
    assert "/fair/" in collect().missed
