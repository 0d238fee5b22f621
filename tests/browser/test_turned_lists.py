"""Lists that only scrolling, turning or clicking shows are read whole: one site, each list of another make."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from auditbot.collect.net.periods import period_of
from auditbot.model import Why
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import Collected, CollectSite, article, collect_site, listing

_EACH = 2
_KINDS = ("journal", "turns", "app", "board", "years", "drawing", "opener")


def _title(kind: str, number: int) -> str:
    return f"{kind.capitalize()} story number {number} about the pond"


def _json(value: object) -> Answer:
    return Answer(json.dumps(value), "application/json")


def _asked_for(asked: Asked, name: str) -> int:
    return int((parse_qs(urlsplit(asked.path).query).get(name) or ["0"])[0])


def _journal(asked: Asked) -> Answer:
    """Give two entries and the cursor of the next ones."""
    first = _asked_for(asked, "after")
    entries = [{"to": f"/journal-{n}", "name": _title("journal", n)} for n in range(first, min(first + _EACH, 6))]
    return _json({"entries": entries, "after": first + _EACH if first + _EACH < 6 else None})


_SCROLLED = (
    "<h1>Journal</h1><ul id='l'></ul><script>let after = 0, busy = false; async function more() { if (busy "
    "|| after === "
    "null) return; busy = true; const r = await (await fetch('/journal.json?after=' + after)).json(); for (const e of "
    "r.entries) { const li = document.createElement('li'); li.innerHTML = `<a href='${e.to}'>${e.name}</a> <i>3 March "
    "2026</i>`; l.append(li) } after = r.after; busy = false } more(); addEventListener('scroll', () => { if "
    "(innerHeight"
    " + scrollY > document.body.scrollHeight - 150) more() })</script>"
)
_TURNED = (
    "<h1>Turns</h1><div id='l'></div><div id='p'></div><script>const T = %s; function go(n) { l.innerHTML = T[n]; "
    "p.innerHTML = (n ? `<span role='button' style='cursor:pointer' onclick='go(${n - 1})'>Previous</span> ` "
    ": '') + (n < "
    "T.length - 1 ? `<span role='button' style='cursor:pointer' onclick='go(${n + 1})'>Older</span>` : '') } "
    "go(0)</script>"
)
_APP = (
    "<div id='app'></div><script>async function list() { const j = await (await fetch('/app.json')).json(); "
    "app.innerHTML"
    " = '<h1>Stories</h1>'; for (const s of j) { const c = document.createElement('section'); c.style.cursor "
    "= 'pointer'; "
    "c.innerHTML = `<h3>${s.name}</h3>`; c.onclick = () => { history.pushState({}, '', '/app/' + s.id); show(s.id) }; "
    "app.append(c) } } async function show(id) { const s = await (await fetch('/app-' + id + '.json')).json(); "
    "app.innerHTML = `<article><h1>${s.name}</h1><p>${s.text}</p></article>` } function go() { const m = "
    "location.pathname"
    ".match(/app.(\\d+)/); m ? show(m[1]) : list() } onpopstate = go; go()</script>"
)


def _sent(asked: Asked) -> str:
    """Answer a page of the board, or a year of it, to whoever sends its form with what it was given."""
    length = int(asked.headers.get("content-length") or 0)
    form = parse_qs(asked.handler.rfile.read(length).decode()) if length else {}
    page = int(form.get("__EVENTARGUMENT", ["Page$1"])[0].partition("$")[2] or 1) if form.get("__VIEWSTATE") else 1
    numbers = "".join(
        f"<td>{n}</td>" if n == page else f"<td><a href=\"javascript:__doPostBack('grid','Page${n}')\">{n}</a></td>"
        for n in (1, 2, 3)
    )
    rows = "".join(
        f"<tr><td>0{n + 1}/03/2026</td><td><a href='board-{n}'>{_title('board', n)}</a></td></tr>"
        for n in range((page - 1) * _EACH, page * _EACH)
    )
    remove = "<a href=\"javascript:__doPostBack('grid','Delete$0')\">Remove</a>"
    return (
        "<form method='post' action='./board' id='f'><input type='hidden' name='__EVENTTARGET'><input type='hidden' "
        f"name='__EVENTARGUMENT'><input type='hidden' name='__VIEWSTATE' value='v{page}'><script>function "
        f"__doPostBack(t, a)"
        " { f.__EVENTTARGET.value = t; f.__EVENTARGUMENT.value = a; f.submit() }</script><table id='grid'>"
        f"{rows}<tr><td><table><tr>{numbers}</tr></table></td></tr></table>{remove}</form>"
    )


def _years(asked: Asked) -> str:
    length = int(asked.headers.get("content-length") or 0)
    form = parse_qs(asked.handler.rfile.read(length).decode()) if length else {}
    year = int(form.get("year", ["2026"])[0])
    options = "".join(
        f"<option value='{each}'{' selected' if each == year else ''}>{each}</option>" for each in (2026, 2025, 2024)
    )
    shown = "".join(
        f"<p><a href='/years-{n}'>{_title('years', n)}</a></p>"
        for n in range((2026 - year) * _EACH, (2027 - year) * _EACH)
    )
    return (
        "<form method='post' action='/years' id='f'><input type='hidden' name='__EVENTTARGET'><input "
        "type='hidden' name="
        "'__EVENTARGUMENT'><input type='hidden' name='__VIEWSTATE' value='v'><select name='year' onchange=\"javascript:"
        f"setTimeout('__doPostBack(\\'year\\',\\'\\')', 0)\">{options}</select><div "
        f"id='list'>{shown}</div></form><script>"
        "function __doPostBack(t, a) { f.submit() }</script>"
    )


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LittleServer, Collected]]:
    site = LittleServer()
    parts = [
        "".join(f"<h3><a href='/turns-{n}'>{_title('turns', n)}</a></h3>" for n in range(at, at + 2))
        for at in (0, 2, 4)
    ]
    site.routes |= {
        f"/{kind}-{n}": article(_title(kind, n), f"<p>Words of {kind} {n}, told at length by the pond.</p>")
        for kind in _KINDS
        for n in range(6)
    }
    links = "".join(f"<li><a href='/{kind}'>{kind}</a></li>" for kind in _KINDS)
    site.routes |= {
        "/": f"<h1>Larkmere</h1><p>Welcome.</p><ul>{links}</ul>",
        "/journal": _SCROLLED,
        "/journal.json": _journal,
    }
    site.routes |= {
        "/turns": _TURNED % json.dumps(parts).replace("</", "<\\/"),
        "/app": _APP,
        "/board": _sent,
        "/years": _years,
    }
    site.routes["/app.json"] = _json([{"id": n, "name": _title("app", n)} for n in range(6)])
    for n in range(6):
        site.routes |= {
            f"/app/{n}": _APP,
            f"/app-{n}.json": _json({"name": _title("app", n), "text": f"Words of app {n}."}),
        }
    drawn = "".join(f"<a xlink:href='/drawing-{n}'><text y='{20 * n}'>Part {n}</text></a>" for n in range(6))
    site.routes["/drawing"] = (
        f"<h1>Plan</h1><svg width='300' height='200' style='cursor:pointer'>{drawn}<a><text>Here</text></a></svg>"
        "<script>for (const a of document.querySelectorAll('svg a')) a.addEventListener('click', () => 1)</script>"
    )
    opened = "".join(f"<p><a href=\"javascript:popUp('/opener-{n}', 400)\">Part {n}</a></p>" for n in range(6))
    site.routes["/opener"] = f"<h1>Parts</h1>{opened}"
    yield site, collect_site(site, tmp_path_factory.mktemp("turned"), page_timeout_seconds=30.0)
    site.close()


@pytest.mark.parametrize("kind", _KINDS)
def test_every_post_of_a_list_is_read(kind: str, read: tuple[LittleServer, Collected]) -> None:
    _, found = read
    path = "/app/{}" if kind == "app" else f"/{kind}-{{}}"
    texts = {address: post.text for address, post in found.posts.items()}
    missing = [n for n in range(6) if f"Words of {kind} {n}" not in texts.get(path.format(n), "")]
    assert missing == []


def test_only_pagers_and_choices_of_a_year_are_sent(read: tuple[LittleServer, Collected]) -> None:
    site, found = read
    sent = [asked.path for asked in site.asked if asked.handler.command == "POST"]
    assert sorted(sent) == ["/board", "/board", "/years", "/years"]
    # What was not sent, a button that may remove something, is no way on and needs no telling.
    assert [(note.url, note.why) for note in found.not_checked if not note.aside] == []
    assert found.coverage.status == "complete"


def test_further_pages_of_comments_are_read_by_whatever_name(site: LittleServer, collect: CollectSite) -> None:
    def post(page: int) -> str:
        said = "".join(
            f"<article class='comment' id='comment-{n}'><p class='comment__author'>Ann</p><div "
            f"class='comment__content'>"
            f"<p>Reader {n} was pleased.</p></div></article>"
            for n in range(page * 2, page * 2 + 2)
        )
        turn = f"<a href='?page=0%2C{1 - page}'>{'›' if page == 0 else '‹'}</a>"
        return (
            "<main><h1>One</h1><div class='node'><p>Words of the day by the pond.</p><section class='field "
            "comment-wrapper'>"
            f"<h2>Comments</h2>{said}<nav class='pager'>{turn}</nav></section></div></main>"
        )

    site.routes |= {"/": listing("/a", "/b"), "/b": article("B", "<p>x</p>"), "/a": post(0), "/a?page=0%2C1": post(1)}
    found = collect()
    assert [comment.text for comment in found.posts["/a"].comments] == [f"Reader {n} was pleased." for n in range(4)]


_BANNERS = {
    "by its settings": (
        "<button onclick='more.hidden = false'>Manage settings</button><div id='more' hidden><label><input "
        "type='checkbox' "
        "checked id='s'> Statistics</label><button onclick='no(s.checked)'>Save my choices</button></div>"
    ),
    "by what is necessary": (
        "<a role='button' tabindex='0' style='cursor:pointer' onclick='no(true)'>I’m happy</a><a "
        "role='button' tabindex='0' "
        "onclick='no(false)'>Only necessary cookies</a>"
    ),
}


@pytest.mark.parametrize("banner", _BANNERS)
def test_consent_is_declined(banner: str, site: LittleServer, collect: CollectSite) -> None:
    wall = (
        f"<div role='dialog' aria-modal='true' id='w'><h2>This site uses "
        f"cookies</h2>{_BANNERS[banner]}</div><main id='m'>"
        "</main><script>function no(all) { w.remove(); m.innerHTML = all ? '<p>Tracked.</p>' : "
        "'<h1>One</h1><p>Words that "
        "come after.</p>' }</script>"
    )
    site.routes |= {"/": listing("/a", "/b"), "/b": article("B", "<p>x</p>"), "/a": wall}
    found = collect()
    assert "Words that come after." in found.posts["/a"].text
    assert Why.SHUT not in {note.why for note in found.not_checked}


_DIARY = (
    "<h1>Diary</h1><div class='calendar'><button aria-label='Previous month' onclick='go(-1)'>◀</button><b id='m'></b>"
    "<button aria-label='Next month' onclick='go(1)'>▶</button><table><tr "
    "id='d'></tr></table></div><script>let at = 0; "
    "async function go(by) { at += by; const r = await (await fetch('/diary.json?month=' + at)).json(); "
    "m.textContent = "
    "r.name; d.innerHTML = r.days.map((e) => `<td>${e.day} <a href='${e.to}'>${e.said}</a></td>`).join('') } "
    "go(0)</script>"
)


def test_a_diary_is_leafed_through_both_ways_and_ends(site: LittleServer, collect: CollectSite) -> None:
    # Two empty months lie between; beyond the last there is nothing for ever.
    months = {0: [0, 1], -1: [2], -4: [3], 2: [4]}

    def month(asked: Asked) -> Answer:
        at = int(asked.path.rpartition("=")[2])
        days = [{"day": n + 1, "to": f"/day-{n}", "said": _title("day", n)} for n in months.get(at, [])]
        return _json({"name": f"{('March', 'April', 'May')[at % 3]} {2026 + at // 12}", "days": days})

    site.routes |= {"/": "<p>Welcome.</p><a href='/diary'>Diary</a>", "/diary": _DIARY, "/diary.json": month}
    site.routes |= {f"/day-{n}": article(_title("day", n), f"<p>Words of day {n}.</p>") for n in range(5)}
    found = collect(page_timeout_seconds=30.0)
    assert {f"/day-{n}" for n in range(5)} <= set(found.posts)
    assert len({path for path in site.paths() if "diary.json" in path}) <= 13
    assert found.coverage.status == "complete"


def test_what_tabs_and_closed_roots_hold_is_turned_as_well(site: LittleServer, collect: CollectSite) -> None:
    def more(asked: Asked) -> Answer:
        kind, _, first = asked.path.partition("?")[2].partition("&from=")
        entries = [{"to": f"/{kind}-{n}", "name": _title(kind, n)} for n in range(int(first), min(int(first) + 2, 5))]
        return _json({"entries": entries, "hasMore": int(first) + 2 < 5})

    adds = (
        "async function add(box, kind) { const from = box.querySelectorAll('h3').length; const r = await (await fetch("
        "`/more.json?${kind}&from=${from}`)).json(); for (const e of r.entries) box.insertAdjacentHTML('beforeend', "
        "`<h3><a href='${e.to}'>${e.name}</a></h3>`); return r.hasMore }"
    )
    tabs = (
        "<button role='tab' onclick=\"wren.hidden = true; robin.hidden = false\">Robins</button><button "
        "role='tab' onclick="
        '"robin.hidden = true; wren.hidden = false">Wrens</button>'
    )
    panels = "".join(
        f"<section id='{kind}' {hidden}><h2>What our class has done</h2><div></div><button onclick=\"add(this"
        f".previousSibling, '{kind}').then((m) => this.hidden = !m)\">Show more from {kind}s</button></section>"
        for kind, hidden in (("robin", ""), ("wren", "hidden"))
    )
    root = (
        "<news-feed></news-feed><script>customElements.define('news-feed', class extends HTMLElement { "
        "connectedCallback() "
        "{ const r = this.attachShadow({mode: 'closed'}); r.innerHTML = '<div></div><button>More "
        "news</button>'; const b = "
        "r.querySelector('button'), d = r.querySelector('div'); b.onclick = async () => { b.hidden = !(await "
        "add(d, 'feed'))"
        " }; add(d, 'feed') } })</script>"
    )
    site.routes |= {"/": "<p>Welcome.</p><a href='/tabs'>Classes</a> <a href='/root'>News</a>", "/more.json": more}
    site.routes |= {"/tabs": f"<h1>Classes</h1>{tabs}{panels}<script>{adds}</script>"}
    site.routes |= {"/root": f"<h1>News</h1><script>{adds}</script>{root}"}
    wanted = {f"/{kind}-{n}" for kind in ("robin", "wren", "feed") for n in range(5)}
    site.routes |= {path: article(f"About {path[1:]}", f"<p>Words of {path[1:]} by the pond.</p>") for path in wanted}
    found = collect()
    assert wanted - set(found.posts) == set()
    assert found.coverage.status == "complete"


def test_rows_that_are_chosen_by_a_form_lead_to_their_posts(site: LittleServer, collect: CollectSite) -> None:
    def rows(asked: Asked) -> str | Answer:
        length = int(asked.headers.get("content-length") or 0)
        form = parse_qs(asked.handler.rfile.read(length).decode()) if length else {}
        command, _, number = form.get("__EVENTARGUMENT", [""])[0].partition("$")
        page = int(form.get("__VIEWSTATE", ["1"])[0])
        if command == "Select":
            return Answer(status=302, headers={"Location": f"/row-{(page - 1) * 2 + int(number)}"})
        page = int(number) if command == "Page" else page
        shown = "".join(
            f"<tr><td><a "
            f"href=\"javascript:__doPostBack('g','Select${n}')\">{_title('row', (page - 1) * 2 + n)}</a></td></tr>"
            for n in range(2)
        )
        numbers = "".join(
            f"<td>{n}</td>" if n == page else f"<td><a href=\"javascript:__doPostBack('g','Page${n}')\">{n}</a></td>"
            for n in (1, 2)
        )
        return (
            "<form method='post' action='/rows' id='f'><input type='hidden' name='__EVENTTARGET'><input type='hidden' "
            f"name='__EVENTARGUMENT'><input type='hidden' name='__VIEWSTATE' value='{page}'><table "
            f"id='g'>{shown}<tr><td>"
            f"<table><tr>{numbers}</tr></table></td></tr></table></form><script>function __doPostBack(t, a) "
            f"{{ f.submit() }}"
            "</script>"
        )

    site.routes |= {"/": "<p>Welcome.</p><a href='/rows'>News</a>", "/rows": rows}
    site.routes |= {f"/row-{n}": article(_title("row", n), f"<p>Words of row {n}.</p>") for n in range(4)}
    found = collect()
    assert {f"/row-{n}" for n in range(4)} <= set(found.posts)
    assert found.coverage.status == "complete"


_CHOICES = {
    "that leads on": "location = '/month/' + c.value",
    "that draws anew": "fetch('/month-' + c.value + '.json').then((r) => r.json()).then((j) => { l.innerHTML "
    "= j.join('') })",
}


@pytest.mark.parametrize("kind", _CHOICES)
def test_each_choice_of_a_list_that_a_script_hears_is_made(kind: str, site: LittleServer, collect: CollectSite) -> None:
    options = "".join(f"<option value='2026.{n}'>Month {n}</option>" for n in range(1, 5))
    page = (
        f"<h1>News</h1><p>Choose a month.</p><select id='c'><option "
        f"value=''>Choose</option>{options}</select><div id='l'>"
        f"</div><script>c.addEventListener('change', () => {{ if (c.value) {_CHOICES[kind]} }})</script>"
    )
    site.routes |= {"/": "<p>Welcome.</p><a href='/news'>News</a>", "/news": page}
    for n in range(1, 5):
        link = f"<h3><a href='/said-{n}'>{_title('said', n)}</a></h3>"
        site.routes |= {f"/month/2026.{n}": f"<h1>Month {n}</h1>{link}", f"/month-2026.{n}.json": _json([link])}
        site.routes[f"/said-{n}"] = article(_title("said", n), f"<p>Words of month {n}.</p>")
    found = collect()
    assert {f"/said-{n}" for n in range(1, 5)} <= set(found.posts)
    assert found.coverage.status == "complete"


def test_what_a_wall_hides_as_a_whole_is_read_all_the_same(site: LittleServer, collect: CollectSite) -> None:
    wall = (
        "<div id='w' style='position:fixed;inset:0;background:#fff'><h2>We use cookies</h2><p>Please "
        "accept.</p><button id="
        "'k'>Accept all</button></div><style>.shut main { display: none "
        "}</style><script>document.body.className = 'shut'; "
        "k.onclick = () => { document.body.className = ''; w.remove() }</script>"
    )
    links = "".join(f"<a href='/go-{n}'>{_title('go', n)}</a>" for n in range(3))
    site.routes |= {"/": f"<main><h1>Larkmere</h1><marquee>{links}</marquee><p>Roots.</p></main>{wall}"}
    site.routes |= {f"/go-{n}": article(_title("go", n), f"<p>Words of going {n}.</p>") for n in range(3)}
    found = collect()
    assert {f"/go-{n}" for n in range(3)} <= set(found.posts)


def test_a_diary_without_end_is_left_once_it_is_proved_empty(site: LittleServer, collect: CollectSite) -> None:
    written = {16: 0, 13: 1, 12: 2}

    def week(asked: Asked) -> str:
        number = int(asked.path.partition("W")[2])
        told = f"<h2><a href='/week-{number}'>{_title('week', written[number])}</a></h2>" if number in written else ""
        around = "".join(
            f"<a href='/diary/2026-W{number + by:02d}'>{name}</a>" for by, name in ((-1, "Before"), (1, "Next"))
        )
        return f"<h1>Diary, week {number}</h1>{told or '<p>Nothing was written this week.</p>'}<nav>{around}</nav>"

    site.routes |= {"/": "<p>Welcome.</p><a href='/diary/2026-W16'>Diary</a>"}
    site.routes |= {f"/diary/2026-W{n:02d}": week for n in range(1, 53)}
    site.routes |= {
        f"/week-{n}": article(_title("week", at), f"<p>Words of week {n}.</p>") for n, at in written.items()
    }
    found = collect()
    assert {f"/week-{n}" for n in written} <= set(found.posts)
    assert found.coverage.status == "complete"
    turns = {path for path in site.paths() if "diary" in path}
    assert len(turns) <= 14
    empty = [post for post in found.posts.values() if "Nothing was written" in post.text]
    assert len(empty) == 1
    assert any(item.why is Why.SERIES and item.aside for item in found.not_checked)


def test_a_diary_is_asked_once_more_beyond_a_gap(site: LittleServer, collect: CollectSite) -> None:
    # Nothing was written in the summer, and only week by week leads to what was before.
    written = {36: 0, 29: 1, 28: 2, 27: 3, 25: 4, 24: 5}

    def week(asked: Asked) -> Answer:
        year, _, number = asked.path.rpartition("/")[2].partition("-W")
        at = int(number)
        if year != "2025" or not 1 <= at <= 45:
            return Answer("<h1>Bad request</h1>", status=400)
        told = f"<h2><a href='/week-{at}'>{_title('week', written[at])}</a></h2>" if at in written else ""
        around = "".join(f"<a href='/diary/2025-W{at + by:02d}'>{name}</a>" for by, name in ((-1, "Before"), (1, "On")))
        return Answer(f"<h1>Diary, week {at}</h1>{told or '<p>Nothing was written this week.</p>'}<nav>{around}</nav>")

    site.routes |= {"/": "<p>Welcome.</p><a href='/diary/2025-W36'>Diary</a>"}
    site.routes |= {f"/diary/{year}-W{n:02d}": week for year in (2024, 2025) for n in range(1, 53)}
    site.routes |= {
        f"/week-{n}": article(_title("week", at), f"<p>Words of week {n}.</p>") for n, at in written.items()
    }
    found = collect()
    assert {f"/week-{n}" for n in written} <= set(found.posts)
    # That the weeks of a year before are not there says nothing of the site.
    assert found.coverage.status == "complete"


@pytest.mark.parametrize("back", [0, 140])
@pytest.mark.parametrize("way", ["/diary?w={0:%G}-W{0:%V}", "/diary/week/{0:%Y-%m-%d}", "/diary?month={0:%Y-%m}"])
def test_an_empty_diary_costs_no_more_than_ten_pages_and_is_told(
    site: LittleServer, collect: CollectSite, way: str, back: int
) -> None:
    def page(asked: Asked) -> str:
        period = period_of(f"http://x{asked.path}")
        assert period is not None
        steps = (-3, 40) if period.unit == "month" else (-7, 7)
        near = (way.format(period.start + timedelta(days=by)) for by in steps)
        turns = "".join(f"<a href='{url}'>{name}</a>" for url, name in zip(near, ("Before", "On"), strict=True))
        return f"<h1>Diary of {period.start}</h1><p>Nothing was written here.</p><nav>{turns}</nav>"

    start = date.today() - timedelta(days=back)
    site.routes |= {"/": f"<p>Welcome.</p><a href='{way.format(start)}'>Diary</a>", "/diary": page}
    site.routes |= {way.format(start + timedelta(days=by)): page for by in range(-900, 900) if "week" in way}
    found = collect()
    assert len([path for path in site.paths() if path.startswith("/diary")]) <= 10
    assert any(item.why is Why.SERIES for item in found.not_checked)


def test_months_without_end_cost_no_more_than_ten_pages(site: LittleServer, collect: CollectSite) -> None:
    """Written as a number, as a name in the path, and in two parts of a query; its cells lead to each day."""

    def page(asked: Asked) -> Answer:
        period = period_of(f"http://x{asked.path}")
        if period is None:
            return Answer("<h1>No</h1>", status=404)
        link = "<a href='{}'>{}</a>".format
        if period.unit == "day":
            return Answer(f"<h1>{period.start:%A %d %B %Y}</h1><p>No events on this day.</p>")
        near = [period.at(period.start + timedelta(days=by)) for by in (-3, 40)]
        day = f"{asked.path}/{{}}" if "by-path" in asked.path else f"/day?d={period.start:%Y-%m}-{{:02d}}"
        cells = "".join(f"<td>{link(day.format(n), n)}</td>" for n in range(1, 29))
        turns = link(near[0].removeprefix("http://x"), "Back") + link(near[1].removeprefix("http://x"), "On")
        return Answer(f"<h1>{period.start:%B %Y}</h1>{turns}<table><tr>{cells}</tr></table>")

    starts = ("/plan?month=2025-03", "/by-name/march-2025/", "/two.asp?month=3&year=2025", "/by-path/2025/3")
    site.routes["/"] = "<p>Welcome.</p>" + "".join(f"<a href='{each}'>Diary</a>" for each in starts)
    site.routes |= dict.fromkeys(("/plan", "/two.asp", "/day"), page)
    months = (date(year, month, 1) for year in range(2020, 2031) for month in range(1, 13))
    for month in months:
        site.routes[f"/by-name/{month:%B-%Y}/".lower()] = page
        whole = f"/by-path/{month.year}/{month.month}"
        site.routes |= dict.fromkeys((whole, *(f"{whole}/{day}" for day in range(1, 29))), page)
    found = collect()
    asked = Counter(path.split("?")[0].strip("/").split("/")[0] for path in set(site.paths()))
    assert all(1 < asked[name] <= 10 for name in ("plan", "by-name", "two.asp", "day")), asked
    # Months and days.
    assert 1 < asked["by-path"] <= 20, asked
    assert found.coverage.status == "complete"


def test_a_list_that_comes_as_scripts_is_waited_for(site: LittleServer, collect: CollectSite) -> None:
    def part(asked: Asked) -> Answer:
        first = _asked_for(asked, "from")
        # As slow as a busy server.
        time.sleep(0.8)
        links = "".join(f"<p><a href='/come-{n}'>{_title('come', n)}</a></p>" for n in range(first, first + 2))
        return Answer(f"show({json.dumps(links)})", "text/javascript")

    site.routes |= {
        "/": "<p>Welcome.</p><a href='/list'>List</a>",
        "/part.js": part,
        "/list": "<h1>Stories</h1><div id='l'></div><button id='b'>Older</button><script>let at = 0; const show = (t) "
        "=> { l.insertAdjacentHTML('beforeend', t); at += 2; if (at > 5) b.remove() }; const call = () => { const s = "
        "document.createElement('script'); s.src = '/part.js?from=' + at; document.body.append(s) }; b.onclick = call; "
        "call()</script>",
    }
    site.routes |= {f"/come-{n}": article(_title("come", n), f"<p>Words of come {n}.</p>") for n in range(6)}
    found = collect(page_timeout_seconds=30.0)
    assert {f"/come-{n}" for n in range(6)} <= set(found.posts)


def test_the_month_may_stand_before_the_day(site: LittleServer, collect: CollectSite) -> None:
    days = {
        "/a": ("4/2/2026", date(2026, 4, 2)),
        "/b": ("3/5/2026", date(2026, 3, 5)),
        "/c": ("5/21/2026", date(2026, 5, 21)),
    }
    site.routes |= {
        "/": "<h1>News</h1>" + "".join(f"<p><a href='{path}'>{_title('day', n)}</a></p>" for n, path in enumerate(days))
    }
    site.routes |= {
        path: f"<h1>{_title('day', n)}</h1><p>{day}</p><p>Words of day {n}.</p>"
        for n, (path, (day, _)) in enumerate(days.items())
    }
    # The last of them alone shows it: the others have been published by then.
    found = {path: post.published_at for path, post in collect().posts.items() if path in days}
    assert {path: moment.date() for path, moment in found.items() if moment} == {
        path: day for path, (_, day) in days.items()
    }
