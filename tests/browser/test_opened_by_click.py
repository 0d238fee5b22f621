"""What only a click brings to light is read, and what stays shut against the page's own count is told."""

from __future__ import annotations

import json

import pytest

from auditbot.model import Why
from tests.browser.little_server import Answer, Asked, LittleServer
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


HELD_SHUT = ("#builder-action%3Aopen%26id%3D7", "#", "#pop-up-7", "javascript:void(0)")


@pytest.mark.parametrize("address", HELD_SHUT)
def test_a_pop_up_that_is_held_beside_the_content_is_read_with_what_opens_it(
    address: str, site: LittleServer, collect: CollectSite
) -> None:
    links = "".join(f"<a href='{address}' class='opens'>{words}</a> " for words in ("Read the notice", "And this"))
    notices = (
        "<h2>Sea day</h2><p>The cup of sand went to the Wrens.",
        "<h2>Moths</h2><p>The hawk moth flew to us all.",
    )
    held = "".join(
        f"<div data-holds='{number}' class='site-popup' style='display:none'>{notice}</p></div>"
        for number, notice in enumerate(notices)
    )
    script = (
        "<script>document.querySelectorAll('a.opens').forEach((a, at) => a.addEventListener('click', (e) => {"
        " e.preventDefault(); const p = document.querySelector(`[data-holds='${at}']`); p.style.display = 'block';"
        " p.setAttribute('role', 'dialog'); if (p.querySelector('.close-button')) return;"
        " const c = document.createElement('a'); c.href = '#'; c.className = 'close-button'; c.textContent = '×';"
        " c.onclick = (v) => { v.preventDefault(); p.style.display = 'none'; }; p.prepend(c); }))</script>"
    )
    serve(site, f"<p>{links}</p></main><footer>Our school</footer>{held}{script}")
    text = collect().posts["/a"].text
    assert text.count("The cup of sand went to the Wrens.") == 1
    assert text.count("The hawk moth flew to us all.") == 1


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


def test_a_list_that_is_drawn_anew_at_each_click_is_opened_whole(site: LittleServer, collect: CollectSite) -> None:
    items = [{"id": n, "title": f"Story of the {name}", "day": f"{n + 3} March 2026", "text": f"All the {name} sang."}
             for n, name in enumerate(["ants", "bees", "cats", "dogs"])]  # fmt: skip
    script = (
        f"<div id='l'></div><script>const items = {json.dumps(items)}; let open = null; const draw = () => {{ "
        "l.innerHTML = ''; for (const i of items) { const c = document.createElement('div'); c.className = 'card'; "
        "c.innerHTML = '<h2>' + i.title + '</h2><button>Read</button><div class=modal style=display:' + "
        "(open === i.id ? 'block' : 'none') + '><p class=when>' + i.day + '</p><p>' + i.text + '</p>"
        "<button>Close</button></div>'; l.append(c); const [read, close] = c.querySelectorAll('button'); "
        "read.onclick = () => { open = i.id; draw(); }; close.onclick = () => { open = null; draw(); }; } }; "
        "draw();</script>"
    )
    site.routes |= {"/": "<p>Welcome.</p><a href='/board'>Board</a>", "/board": f"<h1>Board</h1>{script}"}
    found = collect()
    said = "\n".join(post.text for post in found.posts.values())
    assert [text for item in items if (text := str(item["text"])) not in said] == []
    assert found.coverage.status == "complete"


def test_of_folds_with_one_name_each_is_open_long_enough_to_be_filled(site: LittleServer, collect: CollectSite) -> None:
    folds = "".join(
        f"<details name='n' data-from='/part-{n}'><summary>Part {n}</summary><div>Please wait</div></details>"
        for n in range(3)
    )
    script = (
        "<script>for (const d of document.querySelectorAll('details')) d.addEventListener('toggle', async () => { if "
        "(d.open) d.lastElementChild.innerHTML = await (await fetch(d.dataset.from)).text(); })</script>"
    )
    site.routes |= {f"/part-{n}": Answer(f"<p>The words of part {n}.</p>".encode(), "text/plain") for n in range(3)}
    serve(site, folds + script)
    said = collect().posts["/a"].text
    assert [n for n in range(3) if f"The words of part {n}." not in said] == []


COUNTED = {
    "on the post's own page": ("<p class='comments'><a href='/b#comments'>2 comments</a></p>", "complete"),
    "on this very page": (
        "<p><a href='/a#said'>2 comments</a></p><div id='said'><div class='comment'>Well done all</div><div "
        "class='comment'>So proud of you</div></div>",
        "complete",
    ),
    "none": ("<p><a href='/a#said'>0 comments</a></p><div id='said'></div>", "complete"),
    "fewer than are counted": (
        "<p><a href='/a#said'>3 comments</a></p><div id='said'><div class='comment'>Well done all</div></div>",
        "partial",
    ),
    "behind a button that does nothing": ("<button>View 2 comments</button>", "partial"),
}


@pytest.mark.parametrize("kind", COUNTED)
def test_comments_that_are_counted_are_told_unless_they_are_there(
    kind: str, site: LittleServer, collect: CollectSite
) -> None:
    body, status = COUNTED[kind]
    serve(site, f"{body}<script>document.title += '.'</script>")
    assert collect().coverage.status == status


def test_what_a_page_hides_until_a_script_has_run_is_read(site: LittleServer, collect: CollectSite) -> None:
    hidden = "<header>Larkmere</header><main style='display:none'><h1>Snow day</h1><p>The hill was white.</p></main>"
    site.routes |= {"/": listing("/a", "/b"), "/b": article("Two", "<p>Others.</p>")}
    site.routes["/a"] = f"{hidden}<script>document.title = 'Snow day'</script>"
    assert "The hill was white." in collect().posts["/a"].text


def test_a_link_for_more_is_pressed_where_its_address_gives_the_same_list(
    site: LittleServer, collect: CollectSite
) -> None:
    def row(n: int) -> str:
        return f"<article><h2><a href='/row-{n}'>{TITLES[n]}</a></h2></article>"

    page = (
        f"<h1>News</h1><div id='l'>{row(0)}{row(1)}</div><ul class='pager'><li><a href='?page=1' rel='next'>Load more"
        "</a></li></ul><script>document.addEventListener('click', async (e) => { const a = e.target.closest('.pager a'"
        "); if (!a) return; e.preventDefault(); l.innerHTML += await (await fetch('/more')).text(); a.remove(); })"
        "</script>"
    )
    site.routes |= {"/": "<p>Welcome.</p><a href='/list'>News</a>", "/list": page, "/list?page=1": page}
    site.routes["/more"] = Answer((row(2) + row(3)).encode(), "text/plain")
    site.routes |= {f"/row-{n}": article(TITLES[n], f"<p>Words of row {n}.</p>") for n in range(4)}
    assert {f"/row-{n}" for n in range(4)} <= set(collect().posts)


TITLES = ["Ants on the march", "Bees in the bonnet", "Cats in the shed", "Dogs at the gate"]
FETCH = "await (await fetch('/part-' + {of}.dataset.n)).text()"
PARTS = {
    # Which part a button shows is told to scripts alone.
    "one button a month": (
        "<div>"
        + "".join(f"<button data-n='{n}'>2026-0{n + 1}</button>" for n in range(4))
        + "</div><div id='l'></div><script>for (const b of document.querySelectorAll('button')) b.onclick = async "
        f"() => {{ l.innerHTML = {FETCH.format(of='b')}; }};</script>"
    ),
    "cards with a number in their class, heard further up": (
        "<div id='l'>"
        + "".join(f"<div class='card n-{n}' style='cursor:pointer'><h3>{TITLES[n]}</h3></div>" for n in range(4))
        + "</div><script>document.addEventListener('click', (e) => { const c = e.target.closest('.card'); if (c) "
        "location.href = '/row-' + c.className.slice(-1); })</script>"
    ),
    "rows that name their place": (
        "<div id='view'>"
        + "".join(f"<div role='button' hx-get='/row-{n}' hx-push-url='/row-{n}'>{TITLES[n]}</div>" for n in range(4))
        + "</div><script>for (const r of document.querySelectorAll('[hx-get]')) r.onclick = async () => { const t = "
        "await (await fetch(r.getAttribute('hx-get'))).text(); view.innerHTML = t; history.pushState(0, '', "
        "r.getAttribute('hx-get')); }; addEventListener('popstate', () => location.reload())</script>"
    ),
}


@pytest.mark.parametrize("kind", PARTS)
def test_what_only_a_click_leads_to_is_reached(kind: str, site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {"/": "<p>Welcome.</p><a href='/list'>News</a>", "/list": f"<h1>News</h1>{PARTS[kind]}"}
    for n, title in enumerate(TITLES):
        site.routes[f"/part-{n}"] = Answer(f"<p><a href='/row-{n}'>{title}</a></p>".encode(), "text/plain")
        site.routes[f"/row-{n}"] = article(title, f"<p>Words of row {n}.</p>")
    found = collect()
    assert {f"/row-{n}" for n in range(4)} <= set(found.posts)
    assert found.coverage.status == "complete"


def test_a_frame_that_waits_for_a_consent_shows_its_pictures_with_the_post(
    site: LittleServer, collect: CollectSite
) -> None:
    serve(site, "<iframe data-cookieblock-src='/album' width='600'></iframe><script>document.title += '.'</script>")
    site.routes["/album"] = "<body><img src='/p5.jpg' width='600'></body>"
    assert sha256(photo("p5")) in {use.sha256 for use in collect().posts["/a"].photos}


GONE = {
    "moved or gone": "<h1>Oops!</h1><p>Sorry, the page you are looking for has been moved or no longer exists.</p>",
    "cannot be found": "<h1>Hm</h1><p>The page you requested cannot be found.</p>",
}


@pytest.mark.parametrize("kind", GONE)
def test_a_page_that_says_it_has_gone_is_no_post(kind: str, site: LittleServer, collect: CollectSite) -> None:
    serve(site, "<p>See <a href='/old'>the old page</a>, and <a href='/told'>what we wrote of it</a>.</p>")
    site.routes |= {"/old": GONE[kind], "/told": article("Moved", "<p>The page you read here has moved us all.</p>")}
    posts = collect().posts
    assert ("/old" in posts, "/told" in posts) == (False, True)


def test_what_a_header_leads_on_to_is_read(site: LittleServer, collect: CollectSite) -> None:
    serve(site, "<p><a href='/latest'>The latest</a></p>")
    site.routes["/latest"] = Answer("<p>One moment please.</p>", headers={"Refresh": "0;url=/new"})
    site.routes["/new"] = article("New", "<p>The newts came back.</p>")
    posts = collect().posts
    assert "The newts came back." in posts["/new"].text
    assert "/latest" not in posts


_TALK = (
    "<section><button id='b'>Show 5 comments</button><div id='l'></div></section><script>let at = 0; const add = "
    "(box, c) => { const d = document.createElement('div'); d.className = 'comment'; d.innerHTML = `<b>${c.by}</b>"
    "<p>${c.said}</p>`; if (c.replies) { const r = document.createElement('button'); r.textContent = 'View 1 replies'; "
    "r.onclick = async () => { r.remove(); add(d, (await (await fetch('/replies.json')).json())[0]) }; d.append(r) } "
    "box.append(d) }; b.onclick = async () => { const r = await (await fetch('/said.json?from=' + at)).json(); "
    "r.forEach((c) => add(l, c)); at += 2; if (at < 5) b.textContent = 'More comments'; else b.remove() }</script>"
)


def test_comments_are_shown_to_the_last_and_with_their_replies(site: LittleServer, collect: CollectSite) -> None:
    words = [f"We cheered from row {n} at the back." for n in range(5)]
    said = [{"by": "Orla", "said": line, "replies": line == words[1]} for line in words]

    def some(asked: Asked) -> Answer:
        first = int(asked.path.rpartition("=")[2])
        return Answer(json.dumps(said[first : first + 2]), "application/json")

    serve(site, _TALK)
    reply = {"by": "Office", "said": "Glad you liked it all."}
    site.routes |= {"/said.json": some, "/replies.json": Answer(json.dumps([reply]), "application/json")}
    found = collect()
    spoken = " ".join(comment.text for comment in found.posts["/a"].comments)
    assert [line for line in [*words, reply["said"]] if line not in spoken] == []
    assert found.coverage.status == "complete"


WAITING = {
    "a script of the site": ("data-src='/widget.js'", "<h1>What is new</h1>", "partial"),
    "beside words": ("data-src='/widget.js'", f"<h1>Rules</h1><p>{'We walk in the corridor. ' * 30}</p>", "complete"),
    "one that counts visitors": ("data-src='https://www.google-analytics.com/a.js'", "<h1>New</h1>", "complete"),
}


@pytest.mark.parametrize("kind", WAITING)
def test_a_script_that_waits_for_a_consent_is_told(kind: str, site: LittleServer, collect: CollectSite) -> None:
    held, body, status = WAITING[kind]
    script = f"<script type='text/plain' data-cookieconsent='preferences' {held}></script>"
    serve(site, "<a href='/new'>News</a>")
    site.routes["/new"] = f"<main>{body}</main>{script}"
    assert collect().coverage.status == status
