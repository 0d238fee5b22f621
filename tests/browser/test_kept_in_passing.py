"""What a page shows for a moment, or only to a visitor whom it remembers, is read all the same, or told."""

from __future__ import annotations

import json
from itertools import product
from urllib.parse import parse_qs, urlsplit

import pytest

from auditbot.model import Why
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, article, listing, photo, sha256

_ROWS = 12


def _asked_for(asked: Asked, name: str, otherwise: int) -> int:
    return int((parse_qs(urlsplit(asked.path).query).get(name) or [str(otherwise)])[0])


# Three rows stand in the page at a time: the others are taken out of it, or used again for other stories.
VIRTUAL = {
    "rows taken out": "for (const row of [...inner.children]) row.remove(); for (let n = first; n < first + 3 && "
    "n < ALL; n += 1) { const row = document.createElement('div'); "
    "row.innerHTML = `<a href='/row-${n}'>Story of row ${n}</a>`; "
    "row.style = `position:absolute;top:${n * 220}px`; inner.append(row) }",
    "rows used again": "if (!inner.children.length) for (let n = 0; n < 3; n += 1) { const row = "
    "document.createElement('div'); row.append(document.createElement('a')); inner.append(row) } [...inner.children]"
    ".forEach((row, k) => { const n = Math.min(first + k, ALL - 1); row.firstChild.href = '/row-' + n; "
    "row.firstChild.firstChild ? row.firstChild.firstChild.data = 'Story of row ' + n : row.firstChild.append("
    "'Story of row ' + n); row.style = `position:absolute;top:${n * 220}px` })",
}


@pytest.mark.parametrize("draw", VIRTUAL.values(), ids=VIRTUAL)
def test_rows_that_scrolling_takes_out_of_a_list_are_read(draw: str, site: LittleServer, collect: CollectSite) -> None:
    site.routes["/"] = (
        "<h1>Stories</h1><div id='box' style='height:500px;overflow-y:auto;position:relative'><div id='inner' style="
        f"'position:relative;height:{_ROWS * 220}px'></div></div><script>const ALL = {_ROWS}; const draw = () => {{ "
        f"const first = Math.floor(box.scrollTop / 220); {draw} }}; box.onscroll = draw; draw()</script>"
    )
    site.routes |= {f"/row-{n}": article(f"Story of row {n}", f"<p>Words of row {n}.</p>") for n in range(_ROWS)}
    found = collect()
    assert {f"/row-{n}" for n in range(_ROWS)} <= set(found.posts)
    assert found.coverage.status == "complete"


def test_a_page_that_asks_again_and_again_is_waited_for(site: LittleServer, collect: CollectSite) -> None:
    def updates(asked: Asked) -> Answer:
        after = _asked_for(asked, "after", 0)
        told = [
            f"<p>At stop {n} the whole class counted {n + 2} herons by the lake.</p>" for n in range(after, after + 2)
        ]
        return Answer(json.dumps({"told": told, "over": after >= 6}), "application/json")

    site.routes |= {
        "/": listing("/trip"),
        "/trip": "<h1>The trip to the lake</h1><p>Words of the trip.</p><div id='f'></div><script>let at = 0; "
        "const ask = async () => { const a = await (await fetch('/updates?after=' + at)).json(); at += 2; "
        "f.insertAdjacentHTML('afterbegin', a.told.join('')); if (!a.over) setTimeout(ask, 900) }; ask()</script>",
        "/updates": updates,
    }
    text = collect(page_timeout_seconds=30.0).posts["/trip"].text
    assert [n for n in range(8) if f"At stop {n} " not in text] == []


@pytest.mark.parametrize("remembers", [True, False])
def test_a_list_that_the_site_turns_for_its_visitor_is_read_or_told(
    remembers: bool, site: LittleServer, collect: CollectSite
) -> None:
    """The address is the same for every page of the list: a cookie says which one is shown."""

    def page(asked: Asked) -> Answer:
        cookie = asked.headers.get("cookie") or ""
        at = int(cookie.partition("at=")[2][:1] or 0) if remembers else 0
        links = "".join(f"<p><a href='/turned-{n}'>Turned story {n}</a></p>" for n in range(2 * at, 2 * at + 2))
        return Answer(f"<h1>News</h1>{links}" + ("<a href='/older'>Older news</a>" if at < 2 else ""))

    def older(asked: Asked) -> Answer:
        at = int((asked.headers.get("cookie") or "").partition("at=")[2][:1] or 0)
        return Answer("", status=302, headers={"Location": "/news", "Set-Cookie": f"at={min(2, at + 1)}; Path=/"})

    site.routes |= {"/": "<p>Welcome.</p><a href='/news'>News</a>", "/news": page, "/older": older}
    site.routes |= {f"/turned-{n}": article(f"Turned story {n}", f"<p>Words of story {n}.</p>") for n in range(6)}
    found = collect()
    wanted = {f"/turned-{n}" for n in range(6 if remembers else 2)}
    assert wanted == {path for path in found.posts if path.startswith("/turned-")}
    told = [item.url for item in found.not_checked if item.why is Why.SHUT and item.url.endswith("/news")]
    assert bool(told) is not remembers


def test_comments_in_a_frame_and_their_further_pages_are_the_posts(site: LittleServer, collect: CollectSite) -> None:
    def talk(asked: Asked) -> Answer:
        before = _asked_for(asked, "before", 6)
        said = "".join(f"<div><b>Ann {n}</b><p>Remark {n} about herons.</p></div>" for n in range(before - 2, before))
        return Answer(f"{said}<a href='/talk?before={before - 2}'>Earlier comments</a>" if before > 2 else said)

    site.routes |= {
        "/": listing("/a"),
        "/a": article("Herons", "<p>Words of herons.</p>")
        + "<div id='talk'><button>Join the conversation (6)</button></div><script>talk.firstChild.onclick = () => { "
        "talk.innerHTML = \"<iframe title='Comments' src='/talk'></iframe>\" }</script>",
        "/talk": talk,
    }
    found = collect()
    assert sorted(each.text for each in found.posts["/a"].comments) == [f"Remark {n} about herons." for n in range(6)]
    assert not [path for path in found.posts if path.startswith("/talk")]


def test_the_pages_of_a_gallery_within_a_post_are_the_posts(site: LittleServer, collect: CollectSite) -> None:
    def page(number: int) -> str:
        turns = "".join(
            f"<a href='/a/{f'nggallery/page/{n}' if n > 1 else ''}'>{n}</a> " for n in (1, 2, 3) if n != number
        )
        return article("Our badges", f"<p>Words of badges.</p><img src='/g{number}.jpg' width='400'>{turns}")

    site.routes |= {"/": listing("/a/"), "/a/": page(1)}
    site.routes |= {f"/a/nggallery/page/{n}": page(n) for n in (2, 3)}
    site.routes |= {f"/g{n}.jpg": Answer(photo(f"g{n}", 640, 480), "image/jpeg") for n in (1, 2, 3)}
    found = collect()
    assert list(found.posts) == ["/a/"]
    assert {use.sha256 for use in found.posts["/a/"].photos} == {sha256(photo(f"g{n}", 640, 480)) for n in (1, 2, 3)}


def test_relative_links_that_a_server_answers_in_any_folder_are_one_site(
    site: LittleServer, collect: CollectSite
) -> None:
    menu = "<nav><a href='news/'>News</a> <a href='about/'>About</a></nav>"
    stories = "".join(f"<p><a href='story-{n}.html'>Story {n}</a></p>" for n in range(4))
    pages = {"news/": f"{menu}<h1>News</h1>{stories}", "about/": f"{menu}<h1>About</h1><p>Seven classes.</p>"}
    for n in range(4):
        shown = f"<img src='p/photo-{n}.jpg' width='400'>"
        pages[f"story-{n}.html"] = f"{menu}<h1>Story {n}</h1><p>3 March 2026</p><p>Words of story {n}.</p>{shown}"

    site.routes["/"] = f"{menu}<h1>Larkmere</h1><p>Our school by the lake.</p>"
    folders = ["/".join(steps) for depth in (0, 1, 2, 3) for steps in product(("news", "about"), repeat=depth)]
    for folder in folders:
        start = f"/{folder}/" if folder else "/"
        site.routes |= {f"{start}{name}": body for name, body in pages.items() if folder or name.endswith("/")}
        for n in range(4):
            site.routes[f"{start}p/photo-{n}.jpg"] = Answer(photo(f"photo-{n}", 640, 480), "image/jpeg")
    found = collect()
    stories_read = [path for path in found.posts if "story" in path]
    assert sorted(stories_read) == [f"/news/story-{n}.html" for n in range(4)]
    assert len([path for path in site.paths() if path.endswith((".html", "/"))]) <= 30


def test_a_page_of_data_that_a_style_sheet_would_show_is_told(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/": "<p>Welcome.</p><a href='/notices.xml'>Notices</a> <a href='/sitemap.xml'>Map</a> <a href='/a'>A</a>",
        "/a": article("A day", "<p>Words of the day.</p>"),
    }
    missed = collect().missed
    assert "/notices.xml" in missed
    assert "/sitemap.xml" not in missed


def test_the_start_page_for_print_is_no_post_and_a_page_that_says_it_is_not_there_no_gap(
    site: LittleServer, collect: CollectSite
) -> None:
    start = "<h1>Larkmere Infant School</h1><p>We are a small school by the lake and welcome visitors.</p>"
    lost = "<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>Sorry.</p></body></html>"
    site.routes |= {
        "/": f"{start}<p><a href='/a'>Herons</a> <a href='/print/'>Print</a></p>",
        "/print/": f"{start}<p><a href='/'>Back</a></p>",
        "/a": article("Herons", "<p>Words of herons.</p>"),
        "/gone": lost,
        "/sitemap.xml": Answer(f"<urlset><url><loc>{site.url}/gone</loc></url></urlset>", "application/xml"),
    }
    found = collect()
    assert set(found.posts) == {"/", "/a"}
    assert "was not found" in found.missed["/gone"]
    assert found.coverage.status == "complete"
    assert collect(known_posts=frozenset({f"{site.url}/gone"})).coverage.status == "partial"
