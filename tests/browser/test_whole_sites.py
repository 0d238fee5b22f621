"""What real sites do to a crawler: comments in pages, interfaces that hold back, words beside the body."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from auditbot.model import Became, MetAddresses, PostWords, Why
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import Collected, CollectSite, article, listing, photo, sha256


def became(found: Collected, site: LittleServer) -> dict[str, Became]:
    """Return by path what the ledger says of each address."""
    entries = [entry for event in found.events if isinstance(event, MetAddresses) for entry in event.entries]
    return {entry.url.removeprefix(site.url): entry.became for entry in entries}


def comment(number: int) -> str:
    return (
        f"<li id='comment-{number}' class='comment'><b class='fn'>Ann {number}</b>"
        f"<div class='comment-content'><p>Remark {number}.</p></div></li>"
    )


def with_comments(page: int, pages: int) -> str:
    """Return a post as WordPress shows it whose comments stand on several pages, the newest first."""
    shown = "".join(comment(number) for number in (2 * page - 1, 2 * page))
    others = "".join(
        f"<a class='page-numbers' href='/pond/comment-page-{number}/#comments'>{number}</a>"
        for number in range(1, pages + 1)
        if number != page
    )
    area = f"<div id='comments' class='comments-area'><ol class='comment-list'>{shown}</ol><nav>{others}</nav></div>"
    head = f"<head><link rel='canonical' href='/pond/comment-page-{pages}/#comments'>"
    return (
        article("Pond dipping", "<p>We found newts.</p>").replace("</main>", f"{area}</main>").replace("<head>", head)
    )


def test_comments_on_further_pages_join_their_post_which_keeps_its_permalink(
    site: LittleServer, collect: CollectSite
) -> None:
    site.routes |= {
        "/": listing("/pond/", "/fair/"),
        "/pond/": with_comments(3, 3),
        **{f"/pond/comment-page-{page}/": with_comments(page, 3) for page in (1, 2, 3)},
        "/fair/": article("Fair", "<p>Thank you.</p><p><a href='/pond/comment-page-1/#comment-1'>Ann</a></p>"),
    }
    found = collect()
    assert sorted(found.posts) == ["/fair/", "/pond/"]
    post = found.posts["/pond/"]
    assert sorted(each.text for each in post.comments) == [f"Remark {number}." for number in range(1, 7)]
    assert post.published_at is not None
    assert found.coverage.status == "complete"


def test_an_address_that_the_list_gives_is_the_permalink_whatever_the_page_says(
    site: LittleServer, collect: CollectSite
) -> None:
    page = article("One", "<p>Words.</p>").replace("<head>", "<head><link rel='canonical' href='/'>")
    site.routes |= {
        "/": listing("/one", "/two"),
        "/one": page,
        "/two": article("Two", "<p>Other words.</p>").replace("<head>", "<head><link rel='canonical' href='/one'>"),
    }
    assert sorted(collect().posts) == ["/one", "/two"]


TEASERS = {
    "one that somebody wrote": ("Sam Birch won the cup.", ["Sam Birch won the cup."]),
    "the beginning of the post": ("A whole story of the pond and of what we f… Continue reading", []),
    "the beginning and a button": ("A whole story of the pond. Read more", []),
    "the post in other order": ("Of the pond, a whole story", []),
    "its author and day": ("Posted by Mrs Reed on 3 March 2026 | 2 Comments", []),
    "one name more": ("A whole story of the pond by Sam Birch", ["A whole story of the pond by Sam Birch"]),
}


@pytest.mark.parametrize("case", TEASERS)
def test_an_excerpt_that_only_a_list_shows_stands_with_its_post(
    case: str, site: LittleServer, collect: CollectSite
) -> None:
    teaser, expected = TEASERS[case]
    card = "<article><h2><a href='/{0}/'>{1}</a></h2><time datetime='2026-03-0{2}'></time><p>{3}</p></article>"
    site.routes |= {
        "/": f"<main>{card.format('pond', 'Pond', 3, teaser)}{card.format('fair', 'Fair', 4, 'Thank you.')}</main>",
        "/pond/": article("Pond", "<p>A whole story of the pond and of what we found in it.</p><p>Mrs Reed</p>"),
        "/fair/": article("Fair", "<p>Thank you.</p>"),
    }
    found = collect()
    assert [each.text for each in found.posts["/pond/"].words] == expected
    assert found.posts["/fair/"].words == ()


def interface(site: LittleServer, posts: int, gives: int, says: bool = True, holds: int | None = None) -> None:
    """A WordPress that gives ``gives`` posts a page whatever is asked, ``holds`` of the ``posts`` it says it has."""
    names = [f"/story-{number}/" for number in range(posts)]

    def answer(asked: Asked) -> Answer:
        page = int((parse_qs(urlsplit(asked.path).query).get("page") or ["1"])[0])
        shown = list(enumerate(names[:holds], 1))[(page - 1) * gives : page * gives]
        if page > 1 and not shown:
            return Answer("{}", "application/json", status=400)
        items = [{"id": number, "link": site.url + name, "date_gmt": "2026-03-02T09:00:00"} for number, name in shown]
        return Answer(json.dumps(items), "application/json", headers={"X-WP-Total": str(posts)} if says else {})

    site.routes |= {
        "/": "<html><head><link rel='https://api.w.org/' href='/wp-json/'></head><main><p>Welcome.</p></main></html>",
        "/wp-json/wp/v2/posts": answer,
        **{f"/wp-json/wp/v2/{name}": Answer("[]", "application/json") for name in ("pages", "comments", "types")},
        **{name: article(name, f"<p>Text of {name}.</p>") for name in names},
    }


def test_an_interface_is_asked_until_it_has_given_its_total(site: LittleServer, collect: CollectSite) -> None:
    interface(site, 25, 10)
    found = collect()
    assert (len(found.posts), found.coverage.status) == (25, "complete")


def test_an_interface_that_states_no_total_is_asked_until_it_ends(site: LittleServer, collect: CollectSite) -> None:
    interface(site, 25, 10, says=False)
    assert len(collect().posts) == 25


def test_an_interface_that_keeps_some_back_is_told_and_other_lists_are_followed(
    site: LittleServer, collect: CollectSite
) -> None:
    interface(site, 9, 5, holds=6)
    site.routes["/"] = str(site.routes["/"]).replace("</main>", "<a href='/category/news/'>News</a></main>")
    site.routes["/category/news/"] = listing(*[f"/story-{number}/" for number in range(8)])
    found = collect()
    assert len(found.posts) == 8
    assert "says that it has 9 items, and gave 6" in found.coverage.reason
    assert found.coverage.status == "partial"


def test_files_are_asked_for_as_a_browser_does_on_the_page_that_shows_them(
    site: LittleServer, neighbour: LittleServer, collect: CollectSite
) -> None:
    def guarded(asked: Asked) -> Answer:
        came_from[asked.path] = asked.headers.get("referer", "")
        return Answer(photo(asked.path), "image/jpeg")

    came_from: dict[str, str] = {}
    neighbour.routes["/there.jpg"] = guarded
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("A", f"<p>Words.</p><img src='/here.jpg'><img src='{neighbour.url}/there.jpg'>"),
        "/b": article("B", "<p>Words.</p>"),
        "/here.jpg": guarded,
    }
    found = collect(allow_loopback=(site.address, neighbour.address))
    assert len(found.posts["/a"].photos) == 2
    assert came_from == {"/here.jpg": f"{site.url}/a", "/there.jpg": f"{site.url}/"}


def test_words_beside_the_body_are_read_each_in_its_place(site: LittleServer, collect: CollectSite) -> None:
    head = (
        "<head><meta name='description' content='Ada Brown won the cup.'>"
        "<meta property='og:description' content='Nine newts in the pond.'>"
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pond", '
        '"keywords": ["Year 2"]}</script>'
    )
    tags = "<p class='tags-links'><a rel='tag' href='/tag/bo/'>Bo Reed</a></p>"
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("Pond dipping", f"<p>Nine newts in the pond.</p>{tags}").replace("<head>", head),
        "/b": article("B", "<p>Words.</p>"),
        "/tag/bo/": listing("/a", "/b"),
    }
    assert collect().posts["/a"].words == (
        PostWords("tag", "Bo Reed"),
        PostWords("tag", "Year 2"),
        PostWords("description", "Ada Brown won the cup."),
    )


def test_what_every_page_says_of_the_site_is_no_word_of_a_post(site: LittleServer, collect: CollectSite) -> None:
    head = "<head><meta name='description' content='An infant school by the sea.'>"
    site.routes |= {
        "/": listing("/a", "/b").replace("<head>", head),
        "/a": article("A", "<p>Words.</p>").replace("<head>", head),
        "/b": article("B", "<p>More words.</p>"),
    }
    assert collect().posts["/a"].words == ()


def test_documents_that_only_a_sidebar_links_to_are_read(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("A", "<p>Words.</p>").replace("</main>", "</main><aside><a href='/l.pdf'>Letter</a></aside>"),
        "/b": article("B", "<p>More words.</p>"),
        "/l.pdf": Answer(b"%PDF-1.4\n%%EOF", "application/pdf"),
    }
    found = collect()
    assert [use.title for use in found.posts["/l.pdf"].documents] == ["Letter"]


def test_a_host_beside_the_accounts_own_is_told_and_a_mail_server_is_not(
    site: LittleServer, collect: CollectSite
) -> None:
    links = "<a href='http://blog.larkmere.example/robins'>Blog</a><a href='http://mail.larkmere.example/'>Mail</a>"
    site.routes |= {"/": listing("/a", "/b", after=links), "/a": article("A", "<p>Words.</p>")}
    site.routes["/b"] = article("B", "<p>More words.</p>")
    hosts = {"www.larkmere.example": ("127.0.0.1", int(site.address.partition(":")[2]))}
    found = collect(url="http://www.larkmere.example/", local_hosts=hosts)
    assert [(note.why, note.url) for note in found.not_checked] == [
        (Why.OTHER_HOST, "http://blog.larkmere.example/robins")
    ]
    assert found.coverage.status == "complete"


def test_dead_pictures_are_one_line_and_no_gap(site: LittleServer, collect: CollectSite) -> None:
    pictures = "".join(f"<img src='/lost-{number}.jpg' width='300' height='200'>" for number in range(20))
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("A", f"<p>Words.</p>{pictures}<img src='/here.jpg'>"),
        "/b": article("B", "<p>Words.</p><img src='/lost-0.jpg'>"),
        "/here.jpg": Answer(photo("here"), "image/jpeg"),
    }
    found = collect()
    (note,) = found.not_checked
    assert (note.why, note.aside) == (Why.DEAD_PICTURE, True)
    assert note.reason.startswith("20 pictures that pages name are no longer there")
    assert sha256(photo("here")) in {use.sha256 for use in found.posts["/a"].photos}
    assert found.coverage.status == "complete"


def test_the_ledger_holds_every_address_and_what_became_of_it(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/robots.txt": Answer("User-agent: *\nDisallow: /staff/", "text/plain"),
        "/": listing(
            "/a", "/b", after="<a href='/staff/x'>x</a><a href='/wp-login.php'>in</a><a href='/all.zip'>z</a>"
        ),
        "/a": article("A", "<p>Words.</p><a href='/a?print=1'>Print</a><a href='/off'>Off</a>"),
        "/a?print=1": article("A", "<p>Words.</p><a href='/a?print=1'>Print</a><a href='/off'>Off</a>"),
        "/b": article("B", "<p>Other words.</p>"),
        "/off": Answer("Oops", status=500),
    }
    found = collect()
    assert became(found, site) == {
        "/a": Became.OPENED,
        "/b": Became.OPENED,
        "/staff/x": Became.ROBOTS,
        "/wp-login.php": Became.TOOL,
        "/all.zip": Became.KIND,
        "/a?print=1": Became.SAME,
        "/off": Became.FAILED,
    }
    assert sorted(note.why for note in found.not_checked if not note.aside) == [Why.FAILED, Why.KIND, Why.ROBOTS]
