"""A site full of traps: every ordinary post beside them is found, each trap is handled or named, and it ends."""

from __future__ import annotations

import gzip
import secrets
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.little_server import Answer, Asked, LittleServer, Route
from tests.browser.small_site import Collected, article, collect_site, listing, photo, sha256

HANDLED = ""
EITHER = "?"


def _stall(asked: Asked) -> None:
    """Take the question and never answer it."""
    SERVERS[asked.handler.server].stopping.wait(60)


SERVERS: dict[object, LittleServer] = {}


def _drip(asked: Asked) -> None:
    """Send an answer one byte at a time, for ever."""
    server = SERVERS[asked.handler.server]
    handler = asked.handler
    handler.send_response(200)
    handler.send_header("Content-Type", "image/jpeg")
    handler.end_headers()
    while not server.stopping.wait(0.2):
        handler.wfile.write(b"\xff")


def _half(asked: Asked) -> None:
    """Send half of what was announced, then hang up."""
    asked.handler.send_response(200)
    asked.handler.send_header("Content-Type", "image/jpeg")
    asked.handler.send_header("Content-Length", "5000")
    asked.handler.end_headers()
    asked.handler.wfile.write(photo("half")[:100])


def _raw(*pieces: bytes) -> Callable[[Asked], None]:
    """Answer with these very bytes, whatever they are."""

    def route(asked: Asked) -> None:
        for piece in pieces:
            asked.handler.wfile.write(piece)
            asked.handler.wfile.flush()

    return route


def _endless(kind: str, piece: bytes) -> Callable[[Asked], None]:
    """Send the same piece again and again until nobody listens."""

    def route(asked: Asked) -> None:
        asked.handler.send_response(200)
        asked.handler.send_header("Content-Type", kind)
        asked.handler.end_headers()
        while not SERVERS[asked.handler.server].stopping.wait(0.05):
            asked.handler.wfile.write(piece)

    return route


def _one_more_style(asked: Asked) -> Answer:
    """A style sheet that imports the next one, which imports the next one."""
    number = int(asked.path.partition("?")[2] or 0)
    return Answer(f"@import url('/endless.css?{number + 1}');", "text/css")


def _one_more_frame(asked: Asked) -> str:
    """A page that frames a page that frames a page."""
    number = int(asked.path.partition("?")[2] or 0)
    return article("Trap", f"<p>Words.</p><iframe src='/frames-in-frames?{number + 1}'></iframe>")


def _asks_for_cookie(asked: Asked) -> Answer:
    """A page for those alone who bring back the cookie they were given."""
    if "seen=1" in asked.headers.get("cookie", ""):
        return Answer(article("Trap", "<p>Words.</p>"))
    return Answer(status=302, headers={"Location": "/needs-cookie", "Set-Cookie": "seen=1"})


def _chain(asked: Asked) -> Answer:
    """A dozen redirects, then a page."""
    number = int(asked.path.partition("?")[2] or 0)
    if number == 12:
        return Answer(article("Trap", "<p>Words.</p>"))
    return Answer(status=301, headers={"Location": f"/long-chain?{number + 1}"})


def _new_each_time() -> Callable[[Asked], str]:
    """A page that is never the same twice."""
    seen: list[int] = []

    def route(_: Asked) -> str:
        seen.append(1)
        return article("Trap", f"<p>Words. {len(seen)} minutes ago</p><input value='{secrets.token_hex(8)}'>")

    return route


def _page(body: str, head: str = "") -> str:
    """A trap that is an ordinary page otherwise."""
    return article("Trap", f"<p>Words.</p>{body}").replace("<head>", f"<head>{head}")


def _first_fails(status: int, after: Answer, headers: dict[str, str] | None = None) -> Route:
    """Answer an error once, then well."""
    seen: list[int] = []

    def route(_: Asked) -> Answer:
        seen.append(1)
        return after if len(seen) > 1 else Answer("<h1>Error</h1>", status=status, headers=headers or {})

    return route


def _hang_up(_: Asked) -> None:
    """Close the connection without a word."""


def _png_bomb() -> bytes:
    """Return a PNG that claims 60,000 by 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk


def _script(code: str) -> str:
    return article("Trap", f"<p>Words of the trap.</p><script>{code}</script>")


# Each trap: what the address answers, and either a part of the reason that names it, or HANDLED if its post is read.
TRAPS: dict[str, tuple[Route, str]] = {
    "redirect-loop": (Answer(status=302, headers={"Location": "/redirect-loop"}), "circle"),
    "redirect-pair": (Answer(status=302, headers={"Location": "/redirect-back"}), "circle"),
    "redirect-off-site": (Answer(status=302, headers={"Location": "http://10.0.0.1/"}), "may not be visited"),
    "redirect-to-file": (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "could not be reached"),
    "refresh-loop": ("<meta http-equiv='refresh' content='0;url=/refresh-loop'><p>Round</p>", EITHER),
    "refresh-off-site": ("<meta http-equiv='refresh' content='0;url=http://169.254.169.254/'><p>x</p>", "another site"),
    "script-leaves": (_script("location = 'http://192.168.0.1/'"), "another site"),
    "script-to-file": (_script("location = 'file:///etc/passwd'"), HANDLED),
    "script-loop": (_script("while (true) {}"), "without its scripts"),
    "late-script-loop": (_script("setTimeout(() => { while (true) {} }, 0)"), "without its scripts"),
    "memory": (_script("const a = []; while (true) a.push(new Array(1e6).fill(Math.random()))"), "without its scripts"),
    "endless-promises": (_script("(function f() { Promise.resolve().then(f) })()"), "without its scripts"),
    "dialogs": (_script("alert(1); confirm(2); prompt(3); onbeforeunload = () => 'Stay'"), HANDLED),
    "windows": (_script("for (let i = 0; i < 9; i++) open('/windows?' + i); window.print()"), HANDLED),
    "broken-builtins": (_script("window.setTimeout = null; Promise.prototype.then = null"), "kept growing"),
    "service-worker": (_script("navigator.serviceWorker?.register('/worker.js')"), HANDLED),
    "polls": (_script("setInterval(() => fetch('/tick'), 20)"), HANDLED),
    "web-socket": (_script("new WebSocket('ws://127.0.0.1:1/')"), HANDLED),
    "grows": (_script("document.body.style.height = '3000px'; addEventListener('scroll', () => { "
                      "for (let i = 0; i < 9; i++) document.body.append("
                      "Object.assign(document.createElement('p'), {textContent: 'more', style: 'height:900px'})) })"),
              "kept growing"),
    "stalled-script": (article("Trap", "<p>Words.</p><script src='/stall'></script><p>After.</p>"),
                       "before all of it had been opened"),
    "stalled-style": (article("Trap", "<p>Words.</p><link rel='stylesheet' href='/stall'>"), HANDLED),
    "stalled-page": (_stall, "without an answer"),
    "no-answer": (_hang_up, "without an answer"),
    "download": (Answer(b"PK\x03\x04", "application/zip", headers={"Content-Disposition": "attachment"}), "not a PDF"),
    "script-download": (_script("const a = document.createElement('a'); a.href = 'data:text/plain,x'; a.download = 'x';"
                                "a.click()"), HANDLED),
    "error-once": (_first_fails(500, Answer(article("Trap", "<p>Words.</p>"))), HANDLED),
    "busy-once": (_first_fails(429, Answer(article("Trap", "<p>Words.</p>")), {"Retry-After": "1"}), HANDLED),
    "busy-for-hours": (Answer("Too many", status=429, headers={"Retry-After": "7200"}), "later"),
    "always-error": (Answer("Oops", status=500), "error (500)"),
    "closed-for-works": (Answer("Works", status=503, headers={"Retry-After": "86400"}), "later"),
    "forbidden": (Answer("<h1>Forbidden</h1>", status=403), "403"),
    "basic-login": (Answer("x", status=401, headers={"WWW-Authenticate": "Basic"}), "password"),
    "login-form": ("<main><h1>Sign in</h1><p>Please log in to continue.</p><form><input type='password'></form></main>",
                   "log in"),
    "wordpress-password": (article("Protected: play", "<form class='post-password-form'><input name='post_password' "
                                   "type='password'></form>"), "password"),
    "robot-check": (Answer("<title>Just a moment...</title><p>Checking your browser</p>", status=403), "robots"),
    "big-page": (article("Trap", "<p>Words.</p>" + "<p>" + "word " * 20 + "</p>" * 1 + "<i></i>" * 1_000_000), EITHER),
    "deep-page": (article("Trap", "<div>" * 5000 + "Words."), HANDLED),
    "gzip-page": (Answer(gzip.compress(article("Trap", "<p>Words.</p>").encode()),
                         headers={"Content-Encoding": "gzip"}), HANDLED),
    "broken-gzip": (Answer(b"\x1f\x8b\x08\x00junk", headers={"Content-Encoding": "gzip"}), "empty"),
    "no-type": (Answer(article("Trap", "<p>Words.</p>"), ""), HANDLED),
    "latin-1": (Answer(article("Trap", "<p>Caf\xe9</p>").encode("latin-1", "replace"), "text/html; charset=iso-8859-1"),
                HANDLED),
    "nul-bytes": (Answer(article("Trap", "<p>Words\x00.</p>")), HANDLED),
    "base-elsewhere": (article("Trap", "<p>Words.</p><img src='x.jpg'>").replace(
        "<head>", "<head><base href='http://10.1.1.1/'>"), "may not be visited"),
    "photo-stalls": (article("Trap", "<p>Words.</p><img src='/stall'>"), "could not be reached"),
    "photo-drips": (article("Trap", "<p>Words.</p><img src='/drip.jpg'>"), "in time"),
    "photo-half": (article("Trap", "<p>Words.</p><img src='/half.jpg'>"), "broke"),
    "photo-bomb": (article("Trap", "<p>Words.</p><img src='/bomb.jpg'>"), "larger than"),
    "photo-huge-claim": (article("Trap", "<p>Words.</p><img src='/claim.png'>"), HANDLED),
    "photo-is-page": (article("Trap", "<p>Words.</p><img src='/page.jpg'>"), "web page"),
    "photo-is-empty": (article("Trap", "<p>Words.</p><img src='/empty.jpg'>"), "empty"),
    "photo-private-host": (article("Trap", "<p>Words.</p><img src='http://192.168.1.1/cam.jpg'>"), "may not be"),
    "photo-mapped-host": (article("Trap", "<p>Words.</p><img src='http://[::ffff:127.0.0.1]/a.jpg'>"), "may not be"),
    "photo-as-number": (article("Trap", "<p>Words.</p><img src='http://2130706433:81/a.jpg'>"), "may not be visited"),
    "photo-redirects": (article("Trap", "<p>Words.</p><img src='/to-private.jpg'>"), "may not be visited"),
    "photo-loop": (article("Trap", "<p>Words.</p><img src='/loop.jpg'>"), "circle"),
    "photo-mislabelled": (article("Trap", "<p>Words.</p><img src='/as-text.jpg'>"), HANDLED),
    "photo-file-scheme": (article("Trap", "<p>Words.</p><img src='file:///etc/passwd'>"), HANDLED),
    "photo-broken-data": (article("Trap", "<p>Words.</p><img src='data:image/png;base64,@@@'>"), "empty"),
    "odd-addresses": (article("Trap", "<p>Words.</p><img src='http://['><a href='http://[x/'>x</a><a href='//'>y</a>"),
                      HANDLED),
    "bad-json-ld": (article("Trap", "<p>Words.</p><script type='application/ld+json'>{{{[</script>"), HANDLED),
    "odd-date": (article("Trap", "<p>Words.</p>", "0000-00-00T99:99"), HANDLED),
    "far-date": (article("Trap", "<p>Words.</p>", "9999-12-31T23:59:59Z"), HANDLED),
    "first-date": (article("Trap", "<p>Words.</p>", "1970-01-01T00:00:00Z"), HANDLED),
    "day-that-is-none": (article("Trap", "<p>Words.</p>", "2026-02-31"), HANDLED),
    "hour-that-is-none": (article("Trap", "<p>Words.</p>", "2026-03-29T01:30:00"), HANDLED),
    "zone-that-is-none": (article("Trap", "<p>Words.</p>", "2026-11-02T09:30:00+99:99"), HANDLED),
    "date-of-digits": (article("Trap", "<p>Words.</p>", "9" * 5000), HANDLED),
    "half-page": (_raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n",
                       article("Trap", "<p>Words.</p>").encode()), EITHER),
    "too-short-a-length": (_raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n",
                                article("Trap", "<p>Words.</p>").encode()), EITHER),
    "two-lengths": (_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nWords"), "not be reached"),
    "broken-chunks": (_raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nWords\r\n"), EITHER),
    "no-http": (_raw(b"\x00\x01\x02 what is this \xff\xfe" * 40), "not be reached"),
    "only-words": (_raw(b"<h1>Words without a head</h1>"), "not be reached"),
    "half-a-head": (_raw(b"HTTP/1.1 200 OK\r\nContent-Ty"), EITHER),
    "continues": (_raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 50), "without an answer"),
    "huge-head": (_raw(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 400_000 + b"\r\n\r\nWords"), "not be reached"),
    "many-cookies": (Answer(_page(""), headers={"Set-Cookie": "a=" + "b" * 9000}), HANDLED),
    "drips-for-ever": (_endless("text/html", b"<p>word</p>"), "did not finish loading"),
    "no-content": (Answer(status=204), "204"),
    "unasked-304": (Answer(status=304, headers={"Content-Type": ""}), "304"),
    "teapot": (Answer("<p>Short and stout</p>", status=418), "418"),
    "unknown-status": (Answer("<p>Odd</p>", status=799), "799"),
    "long-chain": (_chain, EITHER),
    "redirect-to-data": (Answer(status=302, headers={"Location": "data:text/html,<p>x"}), "not be reached"),
    "redirect-to-script": (Answer(status=302, headers={"Location": "javascript:alert(1)"}), "may not be visited"),
    "redirect-nowhere": (Answer(status=302, headers={"Location": "http://[::bad/"}), "not be reached"),
    "needs-cookie": (_asks_for_cookie, HANDLED),
    "busy-till-a-date": (_first_fails(503, Answer(_page("")), {"Retry-After": "Sun, 01 Nov 2020 00:00:00 GMT"}),
        HANDLED),
    "busy-nonsense": (_first_fails(503, Answer(_page("")), {"Retry-After": "soon, I hope"}), HANDLED),
    "busy-for-ages": (Answer("Works", status=503, headers={"Retry-After": "9" * 400}), "later"),
    "busy-below-zero": (_first_fails(429, Answer(_page("")), {"Retry-After": "-5"}), HANDLED),
    "busy-in-year-9999": (Answer("x", status=503, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 -2359"}), "later"),
    "typed-as-words": (Answer(_page(""), "text/plain"), EITHER),
    "typed-as-bytes": (Answer(_page(""), "application/octet-stream"), "web page"),
    "typed-as-nonsense": (Answer(_page(""), "text/html; charset=no-such-thing"), HANDLED),
    "drawing-as-page": (Answer("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><text>x</text></svg>",
                               "image/svg+xml"), EITHER),
    "photo-as-page": (Answer(photo("as page"), "image/jpeg"), EITHER),
    "utf-16": (Answer(b"\xff\xfe" + _page("").encode("utf-16-le"), "text/html"), HANDLED),
    "byte-order-mark": (Answer(b"\xef\xbb\xbf" + _page("").encode(), "text/html"), HANDLED),
    "broken-utf-8": (Answer(_page("").encode().replace(b"Words", b"Words \xff\xc3("), "text/html; charset=utf-8"),
        HANDLED),
    "very-deep": (_page("<b><i>" * 50_000 + "deep"), EITHER),
    "many-links": (_page("".join(f"<a href='http://host-{number}.invalid/'>x</a>" for number in range(10_000))),
        HANDLED),
    "page-of-30-megabytes": (_page("<p>" + "word " * 6_000_000 + "</p>"), EITHER),
    "gzip-bomb-page": (Answer(gzip.compress(_page("").encode() + b" " * 80_000_000),
                              headers={"Content-Encoding": "gzip"}), EITHER),
    "refresh-to-script": (_page("", "<meta http-equiv='refresh' content='0;url=javascript:alert(1)'>"), HANDLED),
    "refresh-to-data": (_page("", "<meta http-equiv='refresh' content='0;url=data:text/html,x'>"), HANDLED),
    "refresh-to-file": (_page("", "<meta http-equiv='refresh' content='0;url=file:///etc/passwd'>"), HANDLED),
    "reloads": (_script("onload = () => location.reload()"), "circle"),
    "reloads-at-once": (_script("location.reload()"), "circle"),
    "another-query-each-time": (_script("location.href = location.pathname + '?' + Math.random()"), "circle"),
    "closes-itself": (_script("window.close()"), HANDLED),
    "pushes-state": (_script("setInterval(() => history.pushState({}, '', '/pushed-' + Math.random()), 10)"), EITHER),
    "hash-loop": (_script("setInterval(() => { location.hash = Math.random() }, 10)"), HANDLED),
    "sends-its-form": (_script("document.write('<form method=post>'); document.forms[0].submit()"), EITHER),
    "writes-itself": (_script("setInterval(() => { document.write('<p>again</p>') }, 5)"), EITHER),
    "worker-loop": (_script("new Worker(URL.createObjectURL(new Blob(['for (;;) {}'])))"), HANDLED),
    "console-flood": (_script("for (let i = 0; i < 20000; i++) console.log('x'.repeat(200)); throw new Error('x')"),
        EITHER),
    "mutation-storm": (_script("setInterval(() => document.body.append(document.createElement('i')), 0)"), HANDLED),
    "asks-permission": (_script("Notification.requestPermission(); navigator.mediaDevices?.getUserMedia({video: true});"
                                "navigator.geolocation.getCurrentPosition(() => {}); document.body.requestFullscreen()"
                                ".catch(() => {})"), HANDLED),
    "broken-queries": (_script("Element.prototype.querySelectorAll = document.querySelectorAll = null"), EITHER),
    "broken-json": (_script("JSON.stringify = Array.from = Object.entries = () => { throw 1 }"), EITHER),
    "frames-in-frames": (_one_more_frame, EITHER),
    "endless-styles": (_page("", "<link rel='stylesheet' href='/endless.css'>"), HANDLED),
    "stalled-font": (_page("<style>@font-face{font-family:x;src:url(/stall)} p{font-family:x}</style>"), HANDLED),
    "endless-film": (_page("<video autoplay loop muted src='/endless.mp4'></video>"), EITHER),
    "event-source": (_page("<script>new EventSource('/events')</script>"), HANDLED),
    "long-poll": (_page("<script>(async () => { for (;;) await fetch('/stall') })()</script>"), EITHER),
    "never-the-same": (_new_each_time(), HANDLED),
    "robot-check-in-200": ("<title>Just a moment...</title><p>Verify you are human</p>", "robots"),
    "photo-cut-in-half": (_page("<img src='/cut.jpg'>"), HANDLED),
    "photo-tiny-bomb": (_page("<img src='/dot.gif'>"), HANDLED),
    "photo-is-drawing": (_page("<img src='/drawing.jpg'>"), HANDLED),
    "photo-of-megabytes-inside": (_page("<img src='data:image/jpeg;base64," + "A" * 3_000_000 + "'>"), EITHER),
    "photo-with-password": (_page("<img src='http://user:secret@PLACE/pass.jpg'>"), EITHER),
    "photo-chain": (_page("<img src='/chain-1.jpg'>"), HANDLED),
    "photo-error-once": (_page("<img src='/flaky.jpg'>"), HANDLED),
    "photo-gone": (_page("<img src='/gone.jpg'>"), "410"),
    "photo-wide-name": (_page(f"<img src='/{'n' * 5000}.jpg'>"), EITHER),
    "photo-elsewhere": (_page("<img src='HTTP://b\u00fccher.invalid/a.jpg'><a href='HtTp://[fe80::1%25eth0]/'>x</a>"),
        EITHER),
}  # fmt: skip

HELPERS: dict[str, Route] = {
    "/redirect-back": Answer(status=302, headers={"Location": "/redirect-pair"}),
    "/stall": _stall,
    "/drip.jpg": _drip,
    "/half.jpg": _half,
    "/bomb.jpg": Answer(
        gzip.compress(b"\xff\xd8\xff" + b"\0" * 40_000_000), "image/jpeg", headers={"Content-Encoding": "gzip"}
    ),
    "/claim.png": Answer(_png_bomb(), "image/png"),
    "/page.jpg": Answer("<!doctype html><h1>Not a photo</h1>", "image/jpeg"),
    "/empty.jpg": Answer(b"", "image/jpeg"),
    "/to-private.jpg": Answer(status=302, headers={"Location": "http://127.0.0.1:1/a.jpg"}),
    "/loop.jpg": Answer(status=302, headers={"Location": "/loop.jpg"}),
    "/as-text.jpg": Answer(photo("as text"), "text/plain"),
    "/worker.js": Answer("self.onfetch = e => e.respondWith(new Response('hijacked'))", "text/javascript"),
    "/tick": Answer("1", "text/plain"),
    "/endless.css": _one_more_style,
    "/endless.mp4": _endless("video/mp4", b"\0" * 1000),
    "/events": _endless("text/event-stream", b"data: x\n\n"),
    "/cut.jpg": Answer(photo("cut", 800, 600)[:1500], "image/jpeg"),
    "/dot.gif": Answer(b"GIF89a" + struct.pack("<HH", 1, 1) + b"\0\0\0;", "image/gif"),
    "/drawing.jpg": Answer("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/jpeg"),
    "/pass.jpg": Answer(photo("pass"), "image/jpeg"),
    "/chain-1.jpg": Answer(status=301, headers={"Location": "/chain-2.jpg"}),
    "/chain-2.jpg": Answer(status=307, headers={"Location": "/chained.jpg"}),
    "/chained.jpg": Answer(photo("chained"), "image/jpeg"),
    "/flaky.jpg": _first_fails(502, Answer(photo("flaky"), "image/jpeg")),
    "/gone.jpg": Answer("Gone", status=410),
}
ORDINARY = [f"post-{number}" for number in range(len(TRAPS) // 2)]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Collected, LittleServer, float]]:
    """Collect, once, a site that lists ordinary posts and traps in turn."""
    server = LittleServer()
    SERVERS[server.key] = server
    beside = zip(list(TRAPS)[::2], ORDINARY, list(TRAPS)[1::2], strict=False)
    pairs = [name for three in beside for name in three] + list(TRAPS)[-1:]
    server.routes = {
        "/": listing(*[f"/{name}" for name in pairs]),
        **{
            f"/{name}": answer.replace("PLACE", server.address) if isinstance(answer, str) else answer
            for name, (answer, _) in TRAPS.items()
        },
        **{f"/{name}": article(name, f"<p>Text of {name}.</p><img src='/{name}.jpg'>") for name in ORDINARY},
        **{f"/{name}.jpg": Answer(photo(name), "image/jpeg") for name in ORDINARY},
        **HELPERS,
    }
    began = time.monotonic()
    found = collect_site(server, tmp_path_factory.mktemp("traps"), page_timeout_seconds=2.0, max_file_megabytes=5.0)
    yield found, server, time.monotonic() - began
    server.close()


def test_no_ordinary_post_is_lost_to_a_neighbouring_trap(trapped: tuple[Collected, LittleServer, float]) -> None:
    posts = trapped[0].posts
    lost = [name for name in ORDINARY if f"/{name}" not in posts or posts[f"/{name}"].text != f"Text of {name}."]
    assert lost == []
    assert [
        name for name in ORDINARY if [use.sha256 for use in posts[f"/{name}"].photos] != [sha256(photo(name))]
    ] == []


@pytest.mark.parametrize("name", TRAPS)
def test_each_trap_is_handled_or_named(
    name: str, trapped: tuple[Collected, LittleServer, float], tmp_path: Path
) -> None:
    found, server, _ = trapped
    reason = TRAPS[name][1]
    about = [item.reason for item in found.not_checked if name in item.url or item.url in _pictures(name, server)]
    if reason == EITHER:
        assert about or f"/{name}" in {path.partition("?")[0] for path in found.posts}
    elif reason:
        assert any(reason in given for given in about), (about, f"/{name}" in found.posts)
    else:
        assert about == []
        assert f"/{name}" in found.posts


def _pictures(name: str, server: LittleServer) -> set[str]:
    """Return the addresses of pictures that a trap's page names."""
    route = server.routes[f"/{name}"]
    words = str(route).split("'")
    return {
        word if "//" in word else f"{server.url}{word}"
        for word in words
        if word.endswith(".jpg") or name == "photo-stalls"
    } | ({"http://10.1.1.1/x.jpg"} if name == "base-elsewhere" else set())


# The list that leads to each says 1 November 2026.
DAYS = {
    "hour-that-is-none": "2026-03-29",
    "first-date": "2026-11-01",
    "day-that-is-none": "2026-11-01",
    "date-of-digits": "2026-11-01",
}


@pytest.mark.parametrize("name", DAYS)
def test_a_date_that_cannot_be_is_not_believed(name: str, trapped: tuple[Collected, LittleServer, float]) -> None:
    moment = trapped[0].posts[f"/{name}"].published_at
    assert (moment.date().isoformat() if moment else None) == DAYS[name]


def test_no_password_is_sent_and_no_trap_is_asked_again_and_again(
    trapped: tuple[Collected, LittleServer, float],
) -> None:
    _, server, _ = trapped
    assert not [asked.path for asked in server.asked if "authorization" in asked.headers]
    times = Counter(server.paths())
    assert times["/never-the-same"] == 1
    round_and_round = {"/redirect-loop", "/redirect-pair", "/refresh-loop", "/reloads", "/sends-its-form"}
    round_and_round |= {"/reloads-at-once", "/another-query-each-time"}
    assert [name for name in TRAPS if times[f"/{name}"] > (25 if f"/{name}" in round_and_round else 4)] == []


def test_what_was_not_checked_makes_the_account_partial(trapped: tuple[Collected, LittleServer, float]) -> None:
    assert trapped[0].coverage.status == "partial"


def test_no_answer_of_the_service_worker_is_taken_for_a_page(trapped: tuple[Collected, LittleServer, float]) -> None:
    assert not [post for post in trapped[0].posts.values() if "hijacked" in post.text]
