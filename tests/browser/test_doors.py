"""Many little doors to one post each, in the ways school sites have built them: what is not found is told."""

# ruff: noqa: E501 (markup reads better in one line)
from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from auditbot.model import Became, MetAddresses
from tests.browser.little_server import Answer, Asked, LittleServer, Route
from tests.browser.small_site import Collected, collect_site, photo, sha256

_OPENED = {Became.OPENED, Became.UNCHANGED, Became.SAME}
_NOUNS = ["robins", "wrens", "owls", "larks", "finches", "swifts", "doves", "jays", "kites", "terns"]


@dataclass
class Door:
    """One way into a part of the site, under a folder of its own."""

    name: str
    words: list[str] = field(default_factory=list)
    """Sentences that a visitor can read behind it."""
    photos: list[str] = field(default_factory=list)
    """Paths of photos that a visitor can see behind it."""
    routes: dict[str, Route] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """The door's folder."""
        return f"/{self.name.replace(' ', '-')}"

    def say(self, number: int) -> str:
        """Return a sentence that stands nowhere else, and note it."""
        words = f"{_NOUNS[number % 10].capitalize()} of the {self.name} door counted {number + 3} snails by the wall."
        self.words.append(words)
        return words

    def show(self, path: str) -> str:
        """Return the address of a photo that stands nowhere else, and note it."""
        address = f"{self.at}/{path}"
        self.routes[address] = Answer(photo(address), "image/jpeg")
        self.photos.append(address)
        return address

    def page(self, path: str, body: str, head: str = "", **answer: object) -> None:
        """Add a page."""
        whole = f"<!doctype html><html><head><title>{self.name}</title>{head}</head><body>{body}</body></html>"
        self.routes[f"{self.at}{path}"] = Answer(whole, **answer) if answer else whole  # type: ignore[arg-type]

    def story(self, path: str, number: int, more: str = "") -> str:
        """Add the page of a post; return its address."""
        self.page(path, f"<div id='content'><h2>Story {number}</h2><p>{self.say(number)}</p>{more}</div>")
        return f"{self.at}{path}"


DOORS: dict[str, Callable[[Door], None]] = {}


def door(build: Callable[[Door], None]) -> Callable[[Door], None]:
    """Note a door under its function's name."""
    DOORS[build.__name__.replace("_", " ").strip()] = build
    return build


@door
def frameset(d: Door) -> None:
    d.routes[f"{d.at}/"] = (
        "<html><frameset cols='20%,80%'><frame src='menu.html'><frame src='main.html'></frameset></html>"
    )
    d.page("/menu.html", "<a href='one.html' target='main'>One</a>")
    d.page("/main.html", f"<p>{d.say(0)}</p><img src='{d.show('f.jpg')}' width=300>")
    d.story("/one.html", 1)


@door
def iframe_of_the_site(d: Door) -> None:
    d.page("/", "<h1>News</h1><iframe src='inner.html' width=600 height=400></iframe>")
    d.page("/inner.html", f"<p>{d.say(0)}</p><a href='two.html'>Two</a><img src='{d.show('i.jpg')}' width=300>")
    d.story("/two.html", 1)


@door
def base_href(d: Door) -> None:
    d.page("/", "<p>Choose.</p><a href='one.html'>One</a>", f"<base href='{d.at}/deep/er/'>")
    d.page("/deep/er/one.html", f"<p>{d.say(0)}</p><img src='p.jpg' width=300>", f"<base href='{d.at}/pics/'>")
    d.show("pics/p.jpg")


@door
def meta_refresh(d: Door) -> None:
    d.page("/", "<p>Wait.</p>", f"<meta http-equiv='refresh' content='0; url={d.at}/real.html'>")
    d.story("/real.html", 0)


@door
def splash_with_image_map(d: Door) -> None:
    d.page(
        "/", "<img src='/m.gif' usemap='#m'><map name='m'><area shape='rect' coords='0,0,9,9' href='home.htm'></map>"
    )
    d.story("/home.htm", 0)


@door
def backslashes(d: Door) -> None:
    d.page("/", "<a href='news\\one.htm'>One</a> <a href='.\\two.htm'>Two</a>")
    d.page("/news/one.htm", f"<p>{d.say(0)}</p><img src='..\\pics\\a.jpg' width=300>")
    d.show("pics/a.jpg")
    d.story("/two.htm", 1)


@door
def links_with_blanks(d: Door) -> None:
    d.page("/", "<a href='our news.html'>One</a> <a href=' two.html '>Two</a> <a href='caf\xe9.html'>Three</a>",
           "<meta charset=utf-8>")  # fmt: skip
    d.story("/our%20news.html", 0)
    d.story("/two.html", 1)
    d.story("/caf%C3%A9.html", 2)


@door
def javascript_addresses(d: Door) -> None:
    d.page("/", f"<a href=\"javascript:location.href='{d.at}/one.html'\">One</a>"
           f"<a href=\"javascript:window.open('{d.at}/two.html','w','width=300');void(0)\">Two</a>"
           "<a href='javascript:openStory(3)'>Three</a>"
           f"<script>function openStory(n) {{ location.href = '{d.at}/three' + n + '.html' }}</script>")  # fmt: skip
    d.story("/one.html", 0)
    d.story("/two.html", 1)
    d.story("/three3.html", 2)


@door
def functions_on_click(d: Door) -> None:
    d.page("/", "".join(f"<div class=box onclick='go({n})' style='cursor:pointer'><b>Story {n}</b></div>" for n in (1, 2))
           + f"<script>function go(n) {{ document.location = '{d.at}/story' + n + '.html' }}</script>")  # fmt: skip
    d.story("/story1.html", 0)
    d.story("/story2.html", 1)


@door
def select_by_attribute(d: Door) -> None:
    d.page("/", "<select onchange='location=this.value'><option value=''>Choose</option><option value='one.html'>One"
           "</option><option value='list.asp?id=2'>Two</option></select>")  # fmt: skip
    d.story("/one.html", 0)
    d.story("/list.asp?id=2", 1)


@door
def select_by_script(d: Door) -> None:
    d.page("/", f"<select id=s><option>Choose</option><option value='{d.at}/one.html'>One</option></select><script>"
           "document.getElementById('s').addEventListener('change', e => { location.href = e.target.value })</script>")  # fmt: skip
    d.story("/one.html", 0)


@door
def form_by_get(d: Door) -> None:
    d.page("/", f"<form action='{d.at}/show.php'><select name='id'><option value='1'>Term 1</option><option value='2'>"
           "Term 2</option></select><button>Show</button></form>")  # fmt: skip
    d.story("/show.php?id=1", 0)
    d.story("/show.php?id=2", 1)


@door
def form_cards(d: Door) -> None:
    d.page("/", "".join(f"<form action='{d.at}/story' method='get'><input type=hidden name=id value={n}><button>Read "
                        f"more</button></form>" for n in (1, 2)))  # fmt: skip
    d.story("/story?id=1", 0)
    d.story("/story?id=2", 1)


@door
def do_post_back(d: Door) -> None:
    first, second = d.say(0), d.say(1)

    def grid(asked: Asked) -> str:
        length = int(asked.headers.get("content-length") or 0)
        sent = asked.handler.rfile.read(length).decode() if length else ""
        words = second if "Page%242" in sent or "Page$2" in sent else first
        return (
            f"<html><body><form method='post' id='f'><input type=hidden name='__EVENTTARGET' id='t'><input type=hidden "
            f"name='__EVENTARGUMENT' id='a'><table><tr><td>{words}</td></tr><tr><td>1 <a href=\"javascript:"
            "__doPostBack('grid','Page$2')\">2</a></td></tr></table></form><script>function __doPostBack(t, a) { "
            "document.getElementById('t').value = t; document.getElementById('a').value = a; "
            "document.getElementById('f').submit() }</script></body></html>"
        )

    d.routes[f"{d.at}/"] = grid


@door
def post_pager(d: Door) -> None:
    first, second = d.say(0), d.say(1)

    def pages(asked: Asked) -> str:
        length = int(asked.headers.get("content-length") or 0)
        sent = asked.handler.rfile.read(length).decode() if length else ""
        return (
            f"<html><body><div id=content><h2>News</h2><p>{second if 'p=2' in sent else first}</p><form method=post>"
            "<input type=hidden name=p value=2><input type=submit value='Older news'></form></div></body></html>"
        )

    d.routes[f"{d.at}/"] = pages


@door
def modal_from_interface(d: Door) -> None:
    d.page("/", "<ul><li><a href='#' data-id='5' class='open'>Story five</a></li></ul><div id=m></div><script>"
           f"document.querySelector('.open').onclick = async e => {{ e.preventDefault(); const r = await fetch('{d.at}"
           "/api?id=5'); document.getElementById('m').innerHTML = await r.text() }</script>")  # fmt: skip
    d.routes[f"{d.at}/api"] = f"<p>{d.say(0)}</p>"


@door
def tabs_filled_on_click(d: Door) -> None:
    d.page("/", "<ul class='tabs'><li role=tab>Robins</li><li role=tab>Wrens</li></ul><div id=p></div><script>"
           f"const P = {json.dumps([d.say(0), d.say(1)])}; const T = [...document.querySelectorAll('[role=tab]')]; "
           "T.forEach((t, i) => t.onclick = () => { document.getElementById('p').textContent = P[i] }); T[0].click()"
           "</script>")  # fmt: skip


@door
def accordion_of_plain_divs(d: Door) -> None:
    d.page("/", "".join(f"<h3 class='q' style='cursor:pointer'>Question {n}</h3><div class='a' style='display:none'>"
                        f"<p>{d.say(n)}</p></div>" for n in range(2))
           + "<script>document.querySelectorAll('.q').forEach(q => q.addEventListener('click', () => { const a = "
           "q.nextElementSibling; a.style.display = a.style.display == 'none' ? 'block' : 'none' }))</script>")  # fmt: skip


@door
def accordion_without_scripts(d: Door) -> None:
    d.page("/", f"<input type=checkbox id=c><label for=c>Open</label><div class=fold><p>{d.say(0)}</p></div><details>"
           f"<summary>More</summary><p>{d.say(1)}</p></details>",
           "<style>.fold { display: none } #c:checked ~ .fold { display: block }</style>")  # fmt: skip


@door
def dialog_and_popover(d: Door) -> None:
    d.page("/", f"<button onclick='x.showModal()'>Open</button><dialog id=x><p>{d.say(0)}</p></dialog><button "
           f"popovertarget=y>Also</button><div popover id=y><p>{d.say(1)}</p></div>")  # fmt: skip


@door
def inner_scroll(d: Door) -> None:
    said = json.dumps([d.say(n) for n in range(8)])
    d.page("/", "<div id=l style='height:300px;overflow:auto'></div><script>const S = "
           f"{said}; let n = 0; const l = document.getElementById('l'); function more() {{ for (let k = 0; k < 2 && n < "
           "S.length; k++) { const p = document.createElement('p'); p.style.height = '200px'; p.textContent = S[n++]; "
           "l.append(p) } } more(); l.onscroll = () => { if (l.scrollTop + l.clientHeight > l.scrollHeight - 50) more() }"
           "</script>")  # fmt: skip


def _more(d: Door, button: str) -> None:
    said = json.dumps([d.say(n) for n in range(4)])
    d.page("/", f"<h1>News</h1><div id=l></div>{button}<script>const S = {said}; let n = 0; function more() {{ const p = "
           "document.createElement('p'); p.textContent = S[n++]; document.getElementById('l').append(p); if (n >= "
           "S.length) document.getElementById('b').remove() } more(); document.getElementById('b').addEventListener("
           "'click', e => { e.preventDefault(); more() })</script>")  # fmt: skip


@door
def more_as_link(d: Door) -> None:
    _more(d, "<a href='#' id=b>More news</a>")


@door
def more_in_welsh(d: Door) -> None:
    _more(d, "<button id=b>Mwy o newyddion</button>")


@door
def more_as_picture(d: Door) -> None:
    _more(d, "<img id=b src='/m.gif' width=40 height=40 style='cursor:pointer' alt='' title='Show older stories'>")


@door
def more_as_plus(d: Door) -> None:
    _more(d, "<div id=b role=button tabindex=0 aria-label='View earlier posts'>+</div>")


@door
def slideshow_by_array(d: Door) -> None:
    pictures = json.dumps([d.show(f"s{n}.jpg") for n in range(3)])
    d.page("/", f"<p>{d.say(0)}</p><img id=s width=300 height=200><script>var P = {pictures}; var i = 0; function turn() "
           "{ document.getElementById('s').src = P[i++ % P.length] } turn(); setInterval(turn, 3000)</script>")  # fmt: skip


@door
def viewer_with_counter(d: Door) -> None:
    pictures = json.dumps([d.show(f"v{n}.jpg") for n in range(4)])
    d.page("/", f"<p>{d.say(0)}</p><img id=v width=300 height=200><span id=c></span><button id=n aria-label='Next'>›"
           f"</button><script>const P = {pictures}; let i = 0; function put() {{ document.getElementById('v').src = P[i]; "
           "document.getElementById('c').textContent = `${i + 1} of ${P.length}` } put(); document.getElementById('n')"
           ".onclick = () => { i = (i + 1) % P.length; put() }</script>")  # fmt: skip


@door
def rollover(d: Door) -> None:
    first, second = d.show("a.jpg"), d.show("b.jpg")
    d.page("/", f"<p>{d.say(0)}</p><img src='{first}' width=300 onmouseover=\"this.src='{second}'\" "
           f"onmouseout=\"this.src='{first}'\">")  # fmt: skip


@door
def pictures_in_attributes(d: Door) -> None:
    a, b, c, e, f, g = (d.show(f"{name}.jpg") for name in "abcefg")
    d.page("/", f"<p>{d.say(0)}</p><div data-images='{json.dumps([a, b])}'></div><div data-slides='"
           f"{json.dumps([{'image': {'url': c}}])}'></div><div data-bg='{e}' class='lazy'></div><div "
           f"data-background-image='{f}'></div><div data-options='{json.dumps({'gallery': [{'full': g}]})}'></div>")  # fmt: skip


@door
def pictures_in_styles(d: Door) -> None:
    a, b, c, e, f = (d.show(f"{name}.jpg") for name in "abcef")
    d.page("/", f"<p>{d.say(0)}</p><div class=a></div><div style='--pic: url({b}); height: 200px; background: var(--pic)'>"
           f"</div><ul><li class=c>x</li></ul><div class=e></div><div class=f>y</div>",
           f"<style>.a {{ height: 200px; background-image: image-set(url({a}) 1x) }} .c {{ list-style-image: url({c}) }} "
           f".e::before {{ content: url({e}) }} .f {{ border: 30px solid; border-image: url({f}) 30 }}</style>")  # fmt: skip


@door
def pictures_of_old(d: Door) -> None:
    a, b, c, e = (d.show(f"{name}.jpg") for name in "abce")
    d.page("/", f"<p>{d.say(0)}</p><table background='{a}'><tr><td background='{b}'>x</td></tr></table><input type=image "
           f"src='{c}' width=200><object data='{e}' type='image/jpeg' width=300></object>")  # fmt: skip


@door
def pictures_elsewhere_in_the_tree(d: Door) -> None:
    a, b, c, e = (d.show(f"{name}.jpg") for name in "abce")
    d.page("/", f"<p>{d.say(0)}</p><div id=h></div><svg width=300 height=200><image href='{b}' width=300 height=200/>"
           f"</svg><noscript><img src='{c}' width=300></noscript><a href='{e}'>See the photo</a><script>document"
           f".getElementById('h').attachShadow({{mode: 'open'}}).innerHTML = \"<img src='{a}' width=300>\"</script>")  # fmt: skip


@door
def gallery_in_json_script(d: Door) -> None:
    a, b = d.show("a.jpg"), d.show("b.jpg")
    d.page("/", f"<p>{d.say(0)}</p><div id=g><button>Open gallery</button></div><script type='application/json' id=data>"
           f"{json.dumps({'photos': [{'src': a}, {'src': b}]})}</script><script>document.querySelector('#g button')"
           ".onclick = () => { const D = JSON.parse(document.getElementById('data').textContent); document"
           ".getElementById('g').innerHTML = D.photos.map(p => `<img src='${p.src}' width=300>`).join('') }</script>")  # fmt: skip


@door
def session_in_the_query(d: Door) -> None:
    first, second = d.say(0), d.say(1)

    def page(asked: Asked) -> str:
        query = parse_qs(urlsplit(asked.path).query)
        which = query.get("id", ["0"])[0]
        body = {"0": "Choose.", "1": first, "2": second}.get(which, "Nothing.")
        session = f"{time.time_ns():x}"
        links = "".join(f"<a href='{d.at}/?id={n}&amp;PHPSESSID={session}'>{n}</a> " for n in (1, 2))
        return f"<html><body><div id=content><h2>Story {which}</h2><p>{body}</p>{links}</div></body></html>"

    d.routes[f"{d.at}/"] = page


@door
def session_in_the_path(d: Door) -> None:
    words = [d.say(0), d.say(1)]
    links = "".join(f"<a href='news.aspx?id={n}'>{n}</a> " for n in (0, 1))

    def at(path: str) -> Route:
        def page(asked: Asked) -> Answer:
            parts = urlsplit(asked.path)
            query = f"?{parts.query}" if parts.query else ""
            return Answer(status=302, headers={"Location": f"{d.at}/(S({time.time_ns():x}))/{path}{query}"})

        return page

    d.routes[f"{d.at}/"] = at("default.aspx")
    d.routes[f"{d.at}/news.aspx"] = at("news.aspx")
    d.routes["session " + d.at] = json.dumps({"words": words, "links": links})


@door
def upper_and_lower_case(d: Door) -> None:
    body = f"<div id=content><h2>One</h2><p>{d.say(0)}</p></div>"
    d.page("/", "<a href='News/One.HTM'>One</a> <a href='news/one.htm'>Again</a>")
    d.page("/News/One.HTM", body)
    d.page("/news/one.htm", body)


@door
def xhtml(d: Door) -> None:
    d.routes[f"{d.at}/"] = Answer(
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body><p>"
        f"{d.say(0)}</p><p><a href='two.xhtml'>Two</a></p></body></html>",
        "application/xhtml+xml",
    )
    d.story("/two.xhtml", 1)


@door
def charsets(d: Door) -> None:
    words = f"{d.say(0)} Café – “naïve”."
    d.words[-1] = words
    d.page("/", "<a href='a.html'>A</a><a href='b.html'>B</a>")
    other = d.say(1)
    d.routes[f"{d.at}/a.html"] = Answer(f"<p>{words}</p>".encode("windows-1252"), "text/html")
    d.routes[f"{d.at}/b.html"] = Answer(f"<html><p>{other}</p></html>".encode("utf-16"), "text/html; charset=utf-16")


@door
def wrongly_declared_charset(d: Door) -> None:
    d.page("/", "<a href='a.html'>A</a>")
    d.routes[f"{d.at}/a.html"] = Answer(f"<p>{d.say(0)} Caf\xe9.</p>".encode("latin-1"), "text/html; charset=utf-8")


@door
def very_long_page(d: Door) -> None:
    d.page("/", "<a href='long.html'>Long</a>")
    d.page("/long.html", f"<p>{d.say(0)}</p>" + "<p>" + "words and more words " * 40 + "</p>" * 1 + "<!-- " + "x" * 6_000_000
           + f" --><p>{d.say(1)}</p>")  # fmt: skip


@door
def slow_page(d: Door) -> None:
    d.page("/", "<a href='slow.html'>Slow</a>")
    words = d.say(0)

    def slow(_: Asked) -> str:
        time.sleep(2.5)
        return f"<html><body><p>{words}</p></body></html>"

    d.routes[f"{d.at}/slow.html"] = slow


@door
def cut_answer(d: Door) -> None:
    words = d.say(0)

    def cut(asked: Asked) -> None:
        body = f"<html><body><p>{words}</p>{'<p>more</p>' * 50}".encode()
        asked.handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 90000\r\n\r\n" + body)

    d.page("/", "<a href='cut.html'>Cut</a>")
    d.routes[f"{d.at}/cut.html"] = cut


@door
def soft_404(d: Door) -> None:
    d.page("/", "<a href='one.html'>One</a> <a href='gone.html'>Gone</a>")
    d.story("/one.html", 0)
    d.page("/gone.html", "<h1>Page not found</h1><p>The page you are looking for has gone.</p>")


@door
def pdf_by_number(d: Door) -> None:
    d.page("/", f"<a href='{d.at}/download.php?file=7'>March newsletter</a>")
    d.routes[f"{d.at}/download.php?file=7"] = Answer(
        b"%PDF-1.4\n%%EOF", "application/pdf", headers={"Content-Disposition": "attachment; filename=n.pdf"}
    )
    d.photos.append("document")


@door
def words_as_plain_text(d: Door) -> None:
    d.page("/", "<a href='news.txt'>News</a>")
    d.routes[f"{d.at}/news.txt"] = Answer(d.say(0), "text/plain")


@door
def feed_only(d: Door) -> None:
    d.page(
        "/",
        "<h1>News</h1><p>Read us in your reader.</p>",
        f"<link rel=alternate type='application/rss+xml' href='{d.at}/rss'>",
    )
    d.routes[f"{d.at}/rss"] = Answer(
        "<rss version='2.0'><channel><title>x</title><item><title>One</title><link>PLACE"
        f"{d.at}/one.html</link><description>Short.</description></item></channel></rss>",
        "application/rss+xml",
    )
    d.story("/one.html", 0)


@door
def query_words_of_tools(d: Door) -> None:
    names = ("sid", "ref", "q", "share", "format", "filter", "print", "view", "mode", "lang", "sort", "action", "s",
             "replytocom", "fbclid2", "tab", "year", "cat", "do", "task", "option")  # fmt: skip
    d.page("/", "".join(f"<p><a href='{d.at}/page.php?{name}={n}'>{name}</a></p>" for n, name in enumerate(names)))
    for number, name in enumerate(names):
        d.story(f"/page.php?{name}={number}", number)


@door
def path_words_of_tools(d: Door) -> None:
    names = ("register", "print", "login-club", "search", "tag", "author", "share", "cart", "embed", "feed-the-birds",
             "account", "rss-club", "download", "calendar", "events", "comments", "user", "profile", "archive", "page",
             "logout-day", "email", "trackback", "cgi-bin", "static", "assets", "media", "files", "api", "m", "amp")  # fmt: skip
    d.page("/", "".join(f"<p><a href='{d.at}/{name}/'>{name}</a></p>" for name in names))
    for number, name in enumerate(names):
        d.story(f"/{name}/", number)


@door
def endings_of_old(d: Door) -> None:
    names = (
        "a.shtml",
        "b.cfm",
        "c.jsp",
        "d.php3",
        "e.asp",
        "f.aspx",
        "g.do",
        "h.cgi",
        "i.phtml",
        "j.mvc",
        "k.HTM",
        "l.html5",
    )
    d.page("/", "".join(f"<p><a href='{name}'>{name}</a></p>" for name in names))
    for number, name in enumerate(names):
        d.story(f"/{name}", number)


@door
def hashbang(d: Door) -> None:
    said = json.dumps({"!/one": d.say(0), "!/two": d.say(1)})
    d.page("/", f"<nav><a href='#!/one'>One</a> <a href='#!/two'>Two</a></nav><div id=v>Welcome.</div><script>const S = {said}; "
           "function put() { document.getElementById('v').textContent = S[location.hash.slice(1)] || 'Welcome.' } "
           "onhashchange = put; put()</script>")  # fmt: skip


@door
def links_in_noscript(d: Door) -> None:
    d.page("/", "<noscript><a href='one.html'>One</a></noscript><div id=m></div><script>document.getElementById('m')"
           f".innerHTML = \"<a href='{d.at}/two.html'>Two</a>\"</script>")  # fmt: skip
    d.story("/two.html", 0)


@door
def menu_shown_on_hover(d: Door) -> None:
    d.page("/", "<ul><li>Classes<ul class=sub><li><a href='robins.html'>Robins</a></li></ul></li></ul>",
           "<style>.sub { display: none } li:hover > .sub { display: block }</style>")  # fmt: skip
    d.story("/robins.html", 0)


@door
def list_built_from_a_file(d: Door) -> None:
    d.page("/", "<div id=l></div><script>fetch('data.json').then(r => r.json()).then(D => { document.getElementById('l')"
           ".innerHTML = D.map(x => `<p><a href='${x.u}'>${x.t}</a></p>`).join('') })</script>")  # fmt: skip
    d.routes[f"{d.at}/data.json"] = Answer(
        json.dumps([{"u": d.story("/one.html", 0), "t": "One"}, {"u": d.story("/two.html", 1), "t": "Two"}]),
        "application/json",
    )


@door
def redirect_by_script(d: Door) -> None:
    d.page("/", f"<script>location.replace('{d.at}/real.html')</script>")
    d.story("/real.html", 0)


@door
def consent_in_front_of_links(d: Door) -> None:
    d.page("/", "<div id=w role=dialog aria-modal=true><p>We use cookies.</p><button id=no>Reject all</button><button "
           f"id=yes>Accept all</button></div><div id=c></div><script>for (const b of document.querySelectorAll('button')) "
           f"b.onclick = () => {{ document.getElementById('w').remove(); document.getElementById('c').innerHTML = \"<a href='"
           f"{d.at}/one.html'>One</a>\" }}</script>")  # fmt: skip
    d.story("/one.html", 0)


@door
def consent_by_functional_cookies(d: Door) -> None:
    d.page("/", "<div id=w role=dialog aria-modal=true><p>We use cookies.</p><button id=yes>Accept all</button><button "
           "id=no>Functional cookies only</button></div><div id=c></div><script>document.getElementById('no').onclick = () "
           "=> { document.getElementById('w').remove(); document.getElementById('c').innerHTML = \"<a href='"
           f"{d.at}/one.html'>One</a>\" }}</script>")  # fmt: skip
    d.story("/one.html", 0)


@door
def counted_pages_of_a_gallery(d: Door) -> None:
    for number in range(1, 4):
        onward = f"<a href='{d.at}/?img={number + 1}'><img src='/m.gif' alt='next'></a>" if number < 3 else ""
        body = f"<p>Photo {number} of 3</p><img src='{d.show(f'{number}.jpg')}' width=300>{onward}"
        d.page("/" if number == 1 else f"/?img={number}", body)


@door
def ticker(d: Door) -> None:
    d.page("/", f"<marquee>{d.say(0)} <a href='one.html'>more</a></marquee><blink>{d.say(1)}</blink>")
    d.story("/one.html", 2)


@door
def words_in_attributes(d: Door) -> None:
    picture = d.show("a.jpg")
    d.page("/", f"<p>{d.say(0)}</p><img src='{picture}' width=300 alt='x' title='y' longdesc='long.html'>")
    d.story("/long.html", 1)


def _turned(d: Door, buttons: str, wire: str) -> None:
    links = json.dumps(
        [f"<p><a href='{d.story(f'/n{n}.html', n)}'>Story {n}</a> with some words</p>" for n in range(6)]
    )
    d.page("/", f"<h1>News</h1><div id=l></div><div class=pages>{buttons}</div><script>const S = {links.replace('</', '<' + chr(92) + '/')}; let at "
           "= 0; function put(n) { at = Math.max(0, Math.min(n, 2)); document.getElementById('l').innerHTML = "
           f"S.slice(at * 2, at * 2 + 2).join('') }} put(0); {wire}</script>")  # fmt: skip


@door
def list_turned_by_next(d: Door) -> None:
    _turned(d, "<button id=p>Previous</button><button id=n>Next</button>",
            "document.getElementById('n').onclick = () => put(at + 1); document.getElementById('p').onclick = () => put(at - 1)")  # fmt: skip


@door
def list_turned_by_numbers(d: Door) -> None:
    _turned(d, "<a href='#'>1</a> <a href='#'>2</a> <a href='#'>3</a>",
            "document.querySelectorAll('.pages a').forEach((a, i) => a.addEventListener('click', e => { e.preventDefault(); put(i) }))")  # fmt: skip


@door
def links_in_a_drawing(d: Door) -> None:
    d.page("/", f"<svg width=300 height=200><a xlink:href='{d.at}/one.html'><rect width=99 height=99 /></a><a href='two.html'>"
           "<circle r=40 /></a></svg>")  # fmt: skip
    d.story("/one.html", 0)
    d.story("/two.html", 1)


@door
def page_as_object(d: Door) -> None:
    d.page(
        "/",
        "<object data='one.html' type='text/html' width=500 height=300></object><embed src='two.html' type='text/html'>",
    )
    d.story("/one.html", 0)
    d.story("/two.html", 1)


@door
def details_filled_when_opened(d: Door) -> None:
    d.page("/", "<details id=d><summary>Our week</summary><div id=w></div></details><script>document.getElementById('d')"
           ".addEventListener('toggle', async () => { const r = await fetch('week.txt'); document.getElementById('w')"
           ".textContent = await r.text() })</script>")  # fmt: skip
    d.routes[f"{d.at}/week.txt"] = Answer(d.say(0), "text/plain")


@door
def items_hidden_beside_shown_ones(d: Door) -> None:
    items = "".join(
        f"<div class='card{' more' if n else ''}' {'style=display:none' if n else ''}><p>{d.say(n)}</p></div>"
        for n in range(3)
    )
    d.page("/", f"<h1>News</h1>{items}<select id=f><option>Spring</option><option>Autumn</option></select><script>document"
           ".getElementById('f').onchange = () => document.querySelectorAll('.card').forEach(c => c.style.display = '')</script>")  # fmt: skip


@door
def page_within_an_attribute(d: Door) -> None:
    d.page("/", f'<h1>News</h1><iframe srcdoc="<p>{d.say(0)}</p>"></iframe>')


@door
def pages_that_turn_themselves(d: Door) -> None:
    for number in range(3):
        onward = f"<meta http-equiv='refresh' content='8; URL={d.at}/{number + 1}.html'>" if number < 2 else ""
        d.page(
            "/" if not number else f"/{number}.html",
            f"<p>{d.say(number)}</p><img src='{d.show(f'{number}.jpg')}' width=300>",
            onward,
        )


@door
def pictures_by_number(d: Door) -> None:
    picture = d.show("photo.php?id=3")
    large = d.show("large/9.jpg")
    d.page(
        "/",
        f"<p>{d.say(0)}</p><img src='{picture}' width=300><a href='show.php?img=9'><img src='/m.gif' alt='thumb'></a>",
    )
    d.page("/show.php?img=9", f"<img src='{large}' width=600>")


@door
def buttons_of_a_form(d: Door) -> None:
    d.page("/", "<form><button formaction='one.html'>One</button><input type=button value=Two onclick=\"parent.location="
           f"'{d.at}/two.html'\"></form>")  # fmt: skip
    d.story("/one.html", 0)
    d.story("/two.html", 1)


@door
def shown_after_a_while(d: Door) -> None:
    d.page("/", "<div id=l>Loading, please wait.</div><script>setTimeout(() => { document.getElementById('l').innerHTML = "
           f"\"<p>{d.say(0)}</p>\" }}, 2500)</script>")  # fmt: skip


@door
def tabs_of_fetched_lists(d: Door) -> None:
    d.page("/", "<div class=terms><a class=t href='#autumn'>Autumn</a> <a class=t href='#spring'>Spring</a></div><div id=l></div>"
           "<script>document.querySelectorAll('.t').forEach(t => t.addEventListener('click', async e => { e.preventDefault(); "
           "const r = await fetch('list.php?term=' + t.hash.slice(1)); document.getElementById('l').innerHTML = await r.text() "
           "}))</script>")  # fmt: skip
    for number, term in enumerate(("autumn", "spring")):
        d.routes[f"{d.at}/list.php?term={term}"] = (
            f"<p><a href='{d.story(f'/{term}.html', number)}'>Story of {term}</a></p>"
        )


@door
def sitemap_of_sitemaps(d: Door) -> None:
    d.page("/", "<p>Welcome.</p>")
    d.story("/hidden.html", 0)


_GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def _with_sessions(server: LittleServer, made: Door) -> Callable[[Asked], Answer | None]:
    kept = json.loads(str(made.routes.pop("session " + made.at)))

    def page(asked: Asked) -> Answer:
        number = parse_qs(urlsplit(asked.path).query).get("id", [""])[0]
        said = kept["words"][int(number)] if number else "Choose."
        return Answer(f"<html><body><div id=content><h2>Story</h2><p>{said}</p>{kept['links']}</div></body></html>")

    return page


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Door], Collected, LittleServer]]:
    """Collect, once, a site whose start page leads to every door."""
    server = LittleServer()
    doors = {name: Door(name) for name in DOORS}
    for name, build in DOORS.items():
        build(doors[name])
    sessions = _with_sessions(server, doors["session in the path"])
    server.routes = {path: route for made in doors.values() for path, route in made.routes.items()}
    for path, route in list(server.routes.items()):
        if isinstance(route, Answer) and isinstance(route.body, str) and "PLACE" in route.body:
            server.routes[path] = Answer(route.body.replace("PLACE", server.url), route.kind)
    links = "".join(f"<p><a href='{made.at}/'>{name}</a></p>" for name, made in doors.items())
    server.routes["/"] = f"<html><body><div id=content><h1>Doors</h1>{links}</div></body></html>"
    server.routes["/m.gif"] = Answer(_GIF, "image/gif")
    hidden = f"<urlset><url><loc>{server.url}{doors['sitemap of sitemaps'].at}/hidden.html</loc></url></urlset>"
    server.routes["/sitemap.xml"] = f"<sitemapindex><sitemap><loc>{server.url}/s1.xml.gz</loc></sitemap></sitemapindex>"
    server.routes["/s1.xml.gz"] = Answer(gzip.compress(hidden.encode()), "application/x-gzip")
    plain = server.serve

    def serve(handler: object) -> None:
        path = handler.path  # type: ignore[attr-defined]
        if "/(S(" in path:
            server.routes.setdefault(path, sessions)
        plain(handler)  # type: ignore[arg-type]

    server.serve = serve  # type: ignore[method-assign]
    yield doors, collect_site(server, tmp_path_factory.mktemp("doors"), page_timeout_seconds=8.0), server
    server.close()


@pytest.mark.parametrize("name", DOORS)
def test_what_lies_behind_a_door_is_found_or_told(
    name: str, behind: tuple[dict[str, Door], Collected, LittleServer]
) -> None:
    doors, found, _ = behind
    made = doors[name]
    said = "\n".join(post.text for post in found.posts.values())
    taken = {use.sha256 for post in found.posts.values() for use in post.photos}
    documents = {use.url for post in found.posts.values() for use in post.documents}
    lost = [words for words in made.words if words not in said]
    lost += [path for path in made.photos if path != "document" and sha256(photo(path)) not in taken]
    lost += [path for path in made.photos if path == "document" and not any(made.at in url for url in documents)]
    entries = [entry for event in found.events if isinstance(event, MetAddresses) for entry in event.entries]
    told = [entry.url for entry in entries if entry.became not in _OPENED and f"{made.at}/" in entry.url]
    told += [note.reason for note in found.not_checked if not note.aside and f"{made.at}/" in note.url]
    assert not lost or told, f"lost in silence: {lost}"
    if lost:
        print("told:", name, lost, told[:3])
