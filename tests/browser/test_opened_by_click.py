"""What only a click brings to light is read, and what stays shut against the page's own count is told."""

from __future__ import annotations

import pytest

from auditbot.model import Why
from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import CollectSite, article, listing, photo, sha256


def serve(site: LittleServer, body: str) -> None:
    site.routes |= {"/": listing("/a", "/b"), "/a": article("One", f"<p>Words.</p>{body}")}
    site.routes["/b"] = article("Two", "<p>Others.</p>")
    site.routes |= {f"/p{number}.jpg": Answer(photo(f"p{number}"), "image/jpeg") for number in range(8)}


TOGGLES = {
    "a card of Ghost": (
        "<style>.kg-toggle-content{height:0;opacity:0;overflow:hidden} [data-kg-toggle-state=open] .kg-toggle-content"
        "{height:auto;opacity:1}</style><div class='kg-card kg-toggle-card' data-kg-toggle-state='close'><div "
        "class='kg-toggle-heading'><h4>Who won?</h4><button class='kg-toggle-card-icon'>+</button></div><div "
        "class='kg-toggle-content'><p>The cup went to the Wrens of Year Two.</p></div></div><script>document"
        ".querySelector('.kg-toggle-heading').addEventListener('click', (e) => { const c = e.currentTarget."
        "parentElement; c.dataset.kgToggleState = c.dataset.kgToggleState === 'close' ? 'open' : 'close'; })</script>"
    ),
    "a heading that opens what follows": (
        "<h3 class='head' style='cursor:pointer'>Results</h3><div class='x' style='display:none'>The cup went to the "
        "Wrens of Year Two.</div><script>document.querySelector('.head').onclick = () => { document.querySelector('.x')"
        ".style.display = 'block'; }</script>"
    ),
    "folds of which one is open at a time": (
        "".join(
            f"<button aria-expanded='false' data-n='{n}'>Part {n}</button><div class='f' id='f{n}' hidden>{words}</div>"
            for n, words in enumerate(["First of all there was rain.", "The cup went to the Wrens of Year Two."])
        )
        + "<script>for (const b of document.querySelectorAll('button[data-n]')) b.onclick = () => { for (const f of "
        "document.querySelectorAll('.f')) f.hidden = f.id !== 'f' + b.dataset.n; }</script>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TOGGLES)
def test_what_is_folded_is_read(kind: str, site: LittleServer, collect: CollectSite) -> None:
    serve(site, TOGGLES[kind])
    assert "The cup went to the Wrens of Year Two." in collect().posts["/a"].text


def test_cards_that_a_script_opens_lead_to_their_posts(site: LittleServer, collect: CollectSite) -> None:
    names = ["/ants", "/bees", "/cats"]
    cards = "".join(
        f"<div class='card' data-to='{name}'><h3>About {name[1:]}</h3><p>Some words.</p></div>" for name in names
    )
    script = (
        "<script>for (const c of document.querySelectorAll('.card')) c.addEventListener('click', () => { location.href"
        " = c.getAttribute('data-to'); })</script>"
    )
    site.routes |= {"/": f"<main><h1>News</h1>{cards}{script}</main>"}
    site.routes |= {name: article(name, f"<p>Text of {name}.</p>") for name in names}
    found = collect()
    assert set(names) <= set(found.posts)
    assert found.coverage.status == "complete"


def test_pictures_behind_a_button_that_counts_them_are_taken(site: LittleServer, collect: CollectSite) -> None:
    more = "".join(f"<img src='/p{number}.jpg' width='300' height='200'>" for number in range(2, 7))
    body = (
        "<div class='album'><img src='/p0.jpg' width='300' height='200'><img src='/p1.jpg' width='300' height='200'>"
        f"<button class='plus'>+5</button></div><script>document.querySelector('.plus').onclick = (e) => {{ e.target"
        f".outerHTML = `{more}`; }}</script>"
    )
    serve(site, body)
    found = collect()
    assert {use.sha256 for use in found.posts["/a"].photos} == {sha256(photo(f"p{number}")) for number in range(7)}
    assert found.coverage.status == "complete"


@pytest.mark.parametrize(
    "body",
    [
        "<ul role='list'>" + "".join(
            f"<li aria-posinset='{n}' aria-setsize='9'>Item {n} of the list</li>" for n in range(1, 4)) + "</ul>",
        "<button class='talk'>View 12 comments</button>",
    ],
)  # fmt: skip
def test_what_a_page_counts_and_does_not_show_is_told(body: str, site: LittleServer, collect: CollectSite) -> None:
    serve(site, f"{body}<script>document.title += '.'</script>")
    found = collect()
    (note,) = found.not_checked
    assert (note.why, note.aside, note.url) == (Why.SHUT, False, f"{site.url}/a")
    assert found.coverage.status == "partial"


def test_a_page_that_waits_for_consent_is_told(site: LittleServer, collect: CollectSite) -> None:
    wall = (
        "<div role='dialog' aria-modal='true' style='position:fixed;inset:0;background:#fff'><h2>Cookies</h2><p>We "
        "value your privacy.</p><button id='ok'>Accept all</button></div><div id='late'></div><script>document"
        ".getElementById('ok').onclick = () => { document"
        ".getElementById('late').innerHTML = '<p>Secret words.</p>'; }</script>"
    )
    site.routes |= {"/": listing("/a", "/b"), "/a": f"<main><h1>One</h1>{wall}</main>", "/b": article("B", "<p>x</p>")}
    found = collect()
    assert "Secret" not in str(found.posts)
    assert [note.why for note in found.not_checked] == [Why.SHUT]
    assert found.coverage.status == "partial"


SHOWN = {
    "an object": "<object data='/p1.jpg' type='image/jpeg' width='300' height='200'></object>",
    "an embed": "<embed src='/p1.jpg' width='300' height='200'>",
    "a button": "<input type='image' src='/p1.jpg' width='300' height='200'>",
    "before": "<style>.b::before{content:'';display:block;height:99px;background:url(/p1.jpg)}</style>"
    "<div class='b'></div>",
    "content": "<style>.b::after{content:url(/p1.jpg)}</style><div class='b'>x</div>",
    "a border": "<div style='border:30px solid;border-image:url(/p1.jpg) 30'>x</div>",
    "inside a drawing": "<svg width='300' height='200'><image href='/p1.jpg' width='300' height='200'/></svg>",
    "a shadow root": "<div id='h'></div><script>document.getElementById('h').attachShadow({mode: 'open'}).innerHTML = "
    "\"<img src='/p1.jpg' width='300' height='200'>\"</script>",
    "a declared shadow root": "<div><template shadowrootmode='open'><img src='/p1.jpg' width='300' height='200'>"
    "</template></div>",
    "data for a script": "<div data-gallery='[{\"src\": \"/p1.jpg\", \"w\": 900}]'>Open</div>",
    "another picture for telephones": "<picture><source media='(max-width: 600px)' srcset='/p1.jpg'><img src='/p2.jpg'>"
    "</picture>",
}  # fmt: skip


@pytest.mark.parametrize("kind", SHOWN)
def test_a_picture_is_found_however_it_is_shown(kind: str, site: LittleServer, collect: CollectSite) -> None:
    serve(site, SHOWN[kind])
    assert sha256(photo("p1")) in {use.sha256 for use in collect().posts["/a"].photos}
