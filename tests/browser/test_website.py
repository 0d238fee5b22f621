"""An ordinary site is collected whole: posts, photos in their largest rendition, comments, documents, dates."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from auditbot.model import LinkedAccount, PostMoved
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, article, listing, path, photo, sha256

LONDON = ZoneInfo("Europe/London")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def two_posts(site: LittleServer) -> None:
    site.routes |= {
        "/": listing("/news/pond", "/news/fair", after="<a rel='next' href='/page/2'>Older posts</a>"),
        "/page/2": listing("/news/farm", "/news/snow"),
        "/news/pond": article("Pond dipping", "<p>We found newts.</p><img src='/newt.jpg' alt='A newt'>"),
        "/news/fair": article("Summer fair", "<p>Thank you all.</p>"),
        "/news/farm": article("At the farm", "<p>Sheep and pigs.</p>"),
        "/news/snow": article("Snow day", "<p>Snow!</p>"),
        "/newt.jpg": Answer(
            photo("newt"), "image/jpeg", headers={"ETag": '"n1"', "Last-Modified": "Mon, 02 Nov 2026 09:00:00 GMT"}
        ),
    }


def test_every_post_of_every_listing_page_is_found(site: LittleServer, collect: CollectSite) -> None:
    two_posts(site)
    found = collect()
    assert set(found.posts) == {"/news/pond", "/news/fair", "/news/farm", "/news/snow"}
    post = found.posts["/news/pond"]
    assert (post.title, post.author, post.text) == ("Pond dipping", "Mrs Vale", "We found newts.")
    assert post.published_at == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert [(use.alt, use.sha256) for use in post.photos] == [("A newt", sha256(photo("newt")))]
    assert (found.coverage.status, found.coverage.posts, found.coverage.photos) == ("complete", 4, 1)


def test_no_page_and_no_photo_is_asked_for_twice(site: LittleServer, collect: CollectSite) -> None:
    two_posts(site)
    collect()
    asked = site.paths()
    assert [path for path in asked if asked.count(path) > 1] == []


def test_files_come_before_the_post_that_uses_them_and_are_private(site: LittleServer, collect: CollectSite) -> None:
    two_posts(site)
    found = collect()
    place = found.events.index(found.posts["/news/pond"])
    assert found.files["/newt.jpg"] in found.events[:place]
    file = found.spool.path(sha256(photo("newt")))
    assert file.read_bytes() == photo("newt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [item.name for item in found.spool.folder.iterdir()] == [file.name]


def test_a_photo_that_the_server_confirms_unchanged_is_not_taken_again(
    site: LittleServer, collect: CollectSite
) -> None:
    two_posts(site)
    first = collect()

    def confirm(asked: Asked) -> Answer:
        known = asked.headers.get("if-none-match") == '"n1"'
        return Answer(status=304, kind="") if known else Answer(photo("newt"), "image/jpeg")

    site.routes["/newt.jpg"] = confirm
    second = collect(known_files=first.known_files())
    assert second.files["/newt.jpg"].unchanged
    assert second.posts == first.posts


PHOTOS = {
    "srcset in pixels": "<img src='/s-300.jpg' srcset='/s-300.jpg 300w, /best.jpg 1600w, /s-800.jpg 800w' alt='x'>",
    "srcset by density": "<img src='/s-300.jpg' srcset='/s-300.jpg 1x, /best.jpg 2x'>",
    "picture": "<picture><source srcset='/best.jpg 1200w' type='image/jpeg'><img src='/s-300.jpg'></picture>",
    "lazy attribute": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src='/best.jpg'>",
    "lazy srcset": "<img src='/s-300.jpg' data-srcset='/s-300.jpg 300w, /best.jpg 900w'>",
    "shop attribute": "<img src='/s-300.jpg' data-large_image='/best.jpg'>",
    "thumbnail that links to the whole": "<a href='/best.jpg'><img src='/s-300.jpg' width='300'></a>",
    "WordPress thumbnail": "<img src='/best-300x200.jpg'>",
    "WordPress, scaled": "<img src='/best-scaled.jpg'>",
    "CSS background in the page": "<div style=\"background-image:url('/best.jpg');height:99px\"></div>",
    "CSS background in a style sheet": "<style>.b{height:99px;background:url(/best.jpg)}</style><div class='b'></div>",
    "set by a script when scrolled to": (
        "<div style='height:4000px'></div><img id='i' width='300' height='200'><script>"
        "new IntersectionObserver((e, o) => e.forEach(x => { if (x.isIntersecting) x.target.src = '/best.jpg'; }))"
        ".observe(document.getElementById('i'))</script>"
    ),
    "added by a script at the end of the page": (
        "<div style='height:4000px'></div><script>let done = false; addEventListener('scroll', () => { if (!done && "
        "scrollY > 1500) { done = true; const i = new Image(300, 200); i.src = '/best.jpg';"
        " document.querySelector('.entry-content').append(i); } })</script>"
    ),
    "for visitors without scripts": "<noscript><img src='/best.jpg'></noscript>",
    "only in the head": "<p>No photo here.</p>",
    "with its size in the query": "<img src='/best.jpg?w=300'>",
    "not a small one that is gone": "<a href='/gone.jpg'><img src='/best.jpg'></a>",
}


@pytest.mark.parametrize("kind", PHOTOS)
def test_a_photo_is_taken_in_its_largest_rendition(kind: str, site: LittleServer, collect: CollectSite) -> None:
    page = article("Photo", f"<p>Here is a photo.</p>{PHOTOS[kind]}")
    if kind == "only in the head":
        page = page.replace("<head>", "<head><meta property='og:image' content='/best.jpg'>")
    small = Answer(photo("small", 60, 40), "image/jpeg")
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": page,
        "/b": article("Another", "<p>Words.</p>"),
        "/best.jpg": Answer(photo("best", 640, 480), "image/jpeg"),
        **{f"/{name}.jpg": small for name in ("s-300", "s-800", "best-300x200", "best-scaled")},
    }
    found = collect()
    assert [use.sha256 for use in found.posts["/a"].photos] == [sha256(photo("best", 640, 480))]
    assert found.coverage.status == "complete"


def test_what_is_no_photo_of_the_post_is_left_out(site: LittleServer, collect: CollectSite) -> None:
    body = (
        "<p>Words.</p><img src='/pixel.png' width='1' height='1'><img src='/unmarked-pixel.png'>"
        "<img class='avatar' src='/avatar.jpg'><img class='wp-smiley emoji' alt='🎉' src='/smile.png'>"
        "<img src='/crest.svg'><img src='https://secure.gravatar.com/avatar/1.jpg'><img src='/real.jpg'>"
    )
    page = article("Photos", body).replace("<header>", "<header><img src='/logo.png'>")
    tiny = Answer(photo("tiny", 1, 1, "PNG"), "image/png")
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": page,
        "/b": article("Another", "<p>Words.</p>"),
        "/real.jpg": Answer(photo("real"), "image/jpeg"),
        "/logo.png": Answer(photo("logo", kind="PNG"), "image/png"),
        "/avatar.jpg": Answer(photo("avatar"), "image/jpeg"),
        "/pixel.png": tiny,
        "/unmarked-pixel.png": tiny,
    }
    found = collect()
    assert [use.sha256 for use in found.posts["/a"].photos] == [sha256(photo("real"))]
    assert "🎉" in found.posts["/a"].text
    assert found.coverage.status == "complete"


def test_captions_comments_and_documents_are_read(site: LittleServer, collect: CollectSite) -> None:
    comments = """
      <div id="comments" class="comments-area"><ol class="comment-list">
        <li id="comment-7" class="comment"><article class="comment-body"><footer class="comment-meta">
          <div class="comment-author"><b class="fn">Ann</b> <span class="says">says:</span></div>
          <a href="#comment-7"><time datetime="2026-07-03T10:00:00+01:00">3 July</time></a></footer>
          <div class="comment-content"><p>Lovely day!</p><img src="/ours.jpg" alt="Ours"></div></article>
          <ol class="children"><li id="comment-8" class="comment"><article class="comment-body">
            <div class="comment-author"><b class="fn">Mr Hill</b></div>
            <div class="comment-content"><p>Thank you.</p></div></article></li></ol></li>
      </ol><div id="respond"><form><textarea></textarea></form></div></div>"""
    body = (
        "<p>See the <a href='/letter.pdf'>autumn letter</a>.</p>"
        "<figure><img src='/a.jpg' alt='Two hats'><figcaption>Hats by Year 2</figcaption></figure>"
    )
    page = article("Hats", body).replace("</article></main>", f"</article>{comments}</main>")
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": page,
        "/b": article("Another", "<p>Words.</p>"),
        "/a.jpg": Answer(photo("a"), "image/jpeg"),
        "/ours.jpg": Answer(photo("ours"), "image/jpeg"),
        "/letter.pdf": Answer(PDF, "application/pdf"),
    }
    post = collect().posts["/a"]
    assert post.text == "See the autumn letter."
    assert [(use.alt, use.caption, use.found_in) for use in post.photos] == [
        ("Two hats", "Hats by Year 2", "post"),
        ("Ours", "", "comment"),
    ]
    assert [(item.author, item.text, item.url.rpartition("#")[2]) for item in post.comments] == [
        ("Ann", "Lovely day!", "comment-7"),
        ("Mr Hill", "Thank you.", "comment-8"),
    ]
    assert post.comments[0].published_at == datetime(2026, 7, 3, 9, 0, tzinfo=UTC)
    assert [(use.title, use.sha256) for use in post.documents] == [("autumn letter", sha256(PDF))]


def test_a_date_without_a_zone_is_read_in_the_schools(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("Summer", "<p>Words.</p>", "2026-07-01T08:15:00"),
        "/b": article("Winter", "<p>Words.</p>", "2026-01-07"),
    }
    posts = collect().posts
    assert posts["/a"].published_at == datetime(2026, 7, 1, 8, 15, tzinfo=LONDON)
    assert posts["/b"].published_at == datetime(2026, 1, 7, tzinfo=LONDON)


def test_class_pages_are_posts_and_photos_only_the_start_page_shows_are_kept(
    site: LittleServer, collect: CollectSite
) -> None:
    site.routes |= {
        "/": listing("/a", "/b", after="<img src='/banner.jpg' alt='Our hall'><a href='/classes/oak'>Oak Class</a>"),
        "/a": article("One", "<p>Words.</p>"),
        "/b": article("Two", "<p>Words.</p><img src='/b.jpg'>"),
        "/classes/oak": "<title>Oak</title><main><h1>Oak Class</h1><p>We are Oak.</p><img src='/oak.jpg'></main>",
        **{f"/{name}.jpg": Answer(photo(name), "image/jpeg") for name in ("banner", "b", "oak")},
    }
    found = collect()
    assert [use.sha256 for use in found.posts["/classes/oak"].photos] == [sha256(photo("oak"))]
    assert [use.sha256 for use in found.posts["/"].photos] == [sha256(photo("banner"))]


def test_a_post_under_two_addresses_is_one(site: LittleServer, collect: CollectSite) -> None:
    page = article("One", "<p>Words.</p>").replace("<head>", "<head><link rel='canonical' href='/news/one/'>")
    site.routes |= {
        "/": listing("/news/one/?utm_source=home", "/news/two", "/news/one#comments", "/news/one/"),
        "/news/one/": page,
        "/news/one": page,
        "/news/two": article("Two", "<p>Words.</p>"),
    }
    found = collect()
    assert sorted(found.posts) == ["/news/one/", "/news/two"]
    assert site.paths().count("/news/one/") + site.paths().count("/news/one") == 1


def test_known_posts_that_nothing_links_to_any_more_are_asked_for(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("One", "<p>Words.</p>"),
        "/b": article("Two", "<p>Words.</p>"),
        "/unlinked": article("Still there", "<p>Not in any list.</p>"),
        "/removed": Answer("gone", status=410),
        "/broken": Answer("oops", status=500),
        "/home": Answer(status=302, headers={"Location": "/"}),
    }
    names = ("a", "unlinked", "removed", "never-there", "broken", "home")
    found = collect(known_posts=frozenset(f"{site.url}/{name}" for name in names))
    assert found.posts["/unlinked"].title == "Still there"
    assert found.gone == {
        "/removed": "The page answers 410 Gone.",
        "/never-there": "The page answers 404 Not Found.",
    }
    assert "500" in found.missed["/broken"]
    assert "start page" in found.missed["/home"]
    assert found.coverage.status == "partial"


def test_since_takes_newer_posts_alone_and_is_no_failure_if_there_are_none(
    site: LittleServer, collect: CollectSite
) -> None:
    site.routes |= {
        "/": listing("/a", "/b").replace("2026-11-01", ""),
        "/a": article("New", "<p>Words.</p>", "2026-11-05T10:00:00Z"),
        "/b": article("Old", "<p>Words.</p>", "2026-10-05T10:00:00Z"),
    }
    assert list(collect(since=date(2026, 11, 1)).posts) == ["/a"]
    assert collect(since=date(2026, 11, 20)).coverage.status == "complete"


def test_a_page_that_names_another_as_itself_is_that_post_only_if_it_is(
    site: LittleServer, collect: CollectSite
) -> None:
    def named(title: str, body: str) -> str:
        return article(title, body).replace("<head>", "<head><link rel='canonical' href='/news/one'>")

    site.routes |= {
        "/": listing("/oak/one", "/news/one", "/news/two"),
        "/news/one": named("One", "<p>Words.</p>"),
        "/oak/one": named("One", "<p>Words.</p>"),
        "/news/two": named("Two", "<p>Other words.</p>"),
    }
    assert sorted(collect().posts) == ["/news/one", "/news/two"]


def test_documents_that_only_the_start_page_links_to_are_kept(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/": listing("/a", "/b", after="<p>Read our <a href='/letter.pdf'>latest newsletter</a>.</p>"),
        "/a": article("One", "<p>Words.</p>"),
        "/b": article("Two", "<p>Words.</p>"),
        "/letter.pdf": Answer(PDF, "application/pdf"),
    }
    assert [use.sha256 for use in collect().posts["/"].documents] == [sha256(PDF)]


def test_a_missing_page_that_answers_as_if_it_were_there_is_said(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("One", "<p>Words.</p>"),
        "/b": article("Two", "<p>Words.</p>"),
        "/removed": "<title>Page not found</title><main><h1>Oops</h1><p>Try the search.</p></main>",
    }
    found = collect(known_posts=frozenset({f"{site.url}/removed"}))
    assert "/removed" not in found.posts
    assert "not found" in found.missed["/removed"]


def test_a_photo_is_not_dropped_for_its_name(site: LittleServer, collect: CollectSite) -> None:
    names = ("badge-winners", "logo-competition", "icon-painters")
    pictures = "".join(f"<img src='/{name}.jpg' width='300' height='200'>" for name in names)
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("One", f"<p>Words.</p>{pictures}<img src='/school-logo.jpg' width='80' height='80'>"),
        "/b": article("Two", "<p>Words.</p>"),
        **{f"/{name}.jpg": Answer(photo(name), "image/jpeg") for name in (*names, "school-logo")},
    }
    assert [use.sha256 for use in collect().posts["/a"].photos] == [sha256(photo(name)) for name in names]


@pytest.mark.parametrize(
    "form", ["/p{0}", "/p/{0}", "/news/{0}", "/?p={0}", "/news.php?id={0}", "/2026/11/{0}", "/{0}.html"]
)
def test_posts_with_numbers_for_names_are_posts(form: str, site: LittleServer, collect: CollectSite) -> None:
    names = [form.format(number) for number in (2, 3, 4)]
    site.routes |= {"/": listing(*names), **{name: article(name, f"<p>Text of {name}.</p>") for name in names}}
    found = collect()
    assert sorted(found.posts) == sorted(names)
    assert found.coverage.status == "complete"


def test_accounts_and_embeds_that_pages_show_are_named_and_do_not_make_it_incomplete(
    site: LittleServer, collect: CollectSite
) -> None:
    film = "<iframe src='https://www.youtube.com/embed/abc'></iframe>"
    widgets = "<iframe src='https://www.google.com/maps/embed?pb=1'></iframe>"
    icons = "<footer><a href='https://facebook.com/larkmere'>f</a><a href='https://x.com/share?url=1'>s</a></footer>"
    site.routes |= {
        "/": listing("/a", "/b", after=icons),
        "/a": article("One", f"<p>Words.</p>{film}{widgets}") + icons,
        "/b": article("Two", f"<p>Words.</p>{film}"),
        "/staff": article("Protected", "<form class='post-password-form'><input type='password'></form>"),
        "/sitemap.xml": Answer(
            f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{site.url}/staff</loc></url></urlset>",
            "application/xml",
        ),
    }
    found = collect()
    linked = [(item.service, item.url) for item in found.events if isinstance(item, LinkedAccount)]
    assert linked == [("Facebook", "https://www.facebook.com/larkmere")]
    assert [(item.what, item.aside) for item in found.not_checked] == [("page", True), ("embed", True)]
    assert "and 1 more show something from YouTube" in found.not_checked[1].reason
    assert found.coverage.status == "complete"
    known = frozenset({f"{site.url}/staff"})
    assert collect(known_posts=known).coverage.status == "partial"


def test_drawings_and_what_nobody_is_shown(site: LittleServer, collect: CollectSite) -> None:
    body = (
        "<p>Words.</p><img src='/badge.svg' alt='Star of the week: Ada'><img src='/ada-brown-medal.svg'>"
        "<img src='/x.svg'>"
        "<div style='display:none'>Not agreed yet.</div><div class='accordion-panel' style='display:none'>Folded.</div>"
        "<p>See <a href='/letter.docx'>the letter</a>.</p>"
    )
    letter = b"PK\x03\x04\x14\x00\x00\x00\x08\x00[Content_Types].xml"
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("One", body),
        "/b": article("Two", "<p>Words.</p>"),
        "/letter.docx": Answer(letter, "application/octet-stream"),
    }
    found = collect()
    post = found.posts["/a"]
    assert [(use.sha256, use.alt, use.url.rpartition("/")[2]) for use in post.photos] == [
        (None, "Star of the week: Ada", "badge.svg"),
        (None, "", "ada-brown-medal.svg"),
    ]
    assert post.text == "Words.\nFolded.\nSee the letter."
    assert [use.sha256 for use in post.documents] == [sha256(letter)]
    assert found.coverage.status == "complete"


def test_posts_that_share_a_page_are_told_apart_and_missed_when_taken_down(
    site: LittleServer, collect: CollectSite
) -> None:
    def wall(*names: str) -> str:
        posts = "".join(
            f"<article id='{name}'><a href='#{name}'><time datetime='2026-11-02'>2 Nov</time></a><p>All about"
            f" {name}.</p><img src='/{name}.jpg'></article>"
            for name in names
        )
        return f"<html><head><title>Wall</title></head><body><main>{posts}</main></body></html>"

    names = ("ants", "bees", "cats")
    site.routes |= {"/": wall(*names), **{f"/{name}.jpg": Answer(photo(name), "image/jpeg") for name in names}}
    posts = collect().posts
    assert {path: post.text for path, post in posts.items()} == {f"/#{name}": f"All about {name}." for name in names}
    assert [use.sha256 for use in posts["/#bees"].photos] == [sha256(photo("bees"))]
    site.routes["/"] = wall("ants", "cats")
    known = frozenset(f"{site.url}/#{name}" for name in names)
    assert collect(known_posts=known).gone == {"/#bees": "The page that showed it no longer does."}


def test_a_redirect_is_no_proof_that_a_post_is_gone(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/": listing("/2026/pond/", "/other"),
        "/2026/pond/": article("Pond", "<p>Nine newts.</p>"),
        "/other": article("Other", "<p>Words.</p>"),
        "/pond": Answer(status=301, headers={"Location": "/2026/pond/"}),
        "/old": Answer(status=302, headers={"Location": "/consent?return=/old"}),
        "/consent": "<h1>Your privacy</h1><p>Accept cookies to go on.</p>",
        "/away": Answer(status=302, headers={"Location": "/nowhere"}),
    }
    known = frozenset(f"{site.url}/{name}" for name in ("other", "pond", "old", "away"))
    found = collect(known_posts=known)
    assert found.gone == {"/away": "The page answers 404 Not Found."}
    assert found.missed["/pond"] == f"The address now leads to {site.url}/2026/pond/."
    assert found.missed["/old"] == f"The address now leads to {site.url}/consent?return=/old."
    moved = {path(event.url): path(event.now_at) for event in found.events if isinstance(event, PostMoved)}
    assert moved["/pond"] == "/2026/pond/"
    assert found.coverage.status == "partial"


@pytest.mark.parametrize("also_the_start", [True, False])
@pytest.mark.parametrize("target", ["/wait", "/wait?from=%s"])
def test_a_site_that_leads_every_address_to_one_page_tells_nothing_of_its_posts(
    site: LittleServer, collect: CollectSite, also_the_start: bool, target: str
) -> None:
    names = ("/a", "/b", "/c", *(["/"] if also_the_start else []))
    site.routes |= {"/": listing(*names), "/wait": "<h1>We are doing some work</h1><p>Our website will be back.</p>"}
    site.routes |= {name: Answer(status=302, headers={"Location": target.replace("%s", name)}) for name in names}
    site.routes |= {target.replace("%s", name): site.routes["/wait"] for name in names}
    found = collect(known_posts=frozenset(f"{site.url}/{name}" for name in "abc"))
    assert found.gone == {}
    assert found.coverage.status == "error"
    assert "one page" in found.coverage.reason or "start page now leads to" in found.coverage.reason


def test_a_start_page_that_leads_on_to_a_page_with_the_posts_is_an_ordinary_one(
    site: LittleServer, collect: CollectSite
) -> None:
    site.routes |= {
        "/": Answer(status=302, headers={"Location": "/home"}),
        "/home": listing("/a", "/b"),
        "/a": article("One", "<p>Words.</p>"),
        "/b": article("Two", "<p>More words.</p>"),
    }
    found = collect(known_posts=frozenset({f"{site.url}/a", f"{site.url}/b"}))
    assert (sorted(found.posts), found.coverage.status) == (["/a", "/b"], "complete")


def test_a_page_that_only_seems_to_ask_visitors_to_log_in_is_read_all_the_same(
    site: LittleServer, collect: CollectSite
) -> None:
    pay = "Please log in to <a href='https://app.parentpay.example/login'>ParentPay</a>. Maya loved the pasta."
    site.routes |= {
        "/": listing("/lunch", "/clubs", "/safe"),
        "/lunch": article("Lunches", f"<p>{pay}</p>"),
        "/clubs": article("Clubs", "<p>Maya won. Please <a href='/login'>log in</a> to see more.</p>"),
        "/safe": article("Staff", "<p>Please log in to continue.</p><form><input type='password'></form>"),
    }
    found = collect()
    assert {name: post.text for name, post in found.posts.items()} == {
        "/lunch": "Please log in to ParentPay. Maya loved the pasta.",
        "/clubs": "Maya won. Please log in to see more.",
    }
    assert "seems" in found.missed["/clubs"]
    assert "log in" in found.missed["/safe"]
    assert set(found.missed) == {"/clubs", "/safe"}
    assert found.coverage.status == "complete"


def test_a_post_that_rolled_on_to_the_next_page_of_a_list_is_not_gone(site: LittleServer, collect: CollectSite) -> None:
    def posts(*numbers: int) -> str:
        return "".join(
            f"<article id='p{number}'><a href='#p{number}'><time datetime='2026-11-0{number}'>{number} November</time>"
            f"</a><p>Post number {number} with words about the day at school.</p></article>"
            for number in numbers
        )

    site.routes |= {
        "/": f"<main>{posts(6, 5)}<a rel='next' href='/?page=2'>Older</a></main>",
        "/?page=2": f"<main>{posts(4, 3)}</main>",
    }
    found = collect(known_posts=frozenset(f"{site.url}/#p{number}" for number in (5, 4, 3, 2)))
    assert found.gone == {"/#p2": "The page that showed it no longer does."}
    moved = {path(event.url): path(event.now_at) for event in found.events if isinstance(event, PostMoved)}
    assert moved == {"/#p4": "/?page=2#p4", "/#p3": "/?page=2#p3"}
    assert found.coverage.status == "complete"
