"""Ways out of a page that are newer or rarer, and answers' headers: nobody else is called, by TCP or by UDP."""

# ruff: noqa: E501 (markup reads better in one line)
from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import CollectSite, article, listing, photo


class Ear:
    """Somebody on this machine who may not be reached: hears every connection and every datagram at one port."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._tcp, self._udp = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.port = self._tcp.getsockname()[1]
        self._udp.bind(("127.0.0.1", self.port))
        for listens in (self._answer, self._take):
            threading.Thread(target=listens, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def asked_for(self) -> set[str]:
        """The paths that were asked for by HTTP."""
        found = (re.match(rb"(?:GET|POST|HEAD|OPTIONS) (\S+)", heard) for heard in self.heard)
        return {one[1].decode() for one in found if one}

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._tcp.accept()
                with caller, contextlib.suppress(OSError):
                    caller.settimeout(1.0)
                    self.heard.append(b"called")
                    self.heard[-1] = caller.recv(4096) or b"called"
                    caller.sendall(
                        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.heard.append(b"datagram " + self._udp.recv(2048))

    def close(self) -> None:
        for one in (self._tcp, self._udp):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    made.close()


# EAR stands for the address of somebody who may not be reached, PORT for its port.
MARKUP = {
    "links of a head": "<link rel='modulepreload' href='http://EAR/modulepreload'><link rel='manifest' href='http://EAR/manifest'>"
    "<link rel='icon' href='http://EAR/icon'><link rel='apple-touch-icon' href='http://EAR/touch'><link rel='search' "
    "type='application/opensearchdescription+xml' href='http://EAR/search'><link rel='compression-dictionary' href='http://EAR/dictionary'>"
    "<link rel='expect' href='http://EAR/expect'><link rel='pingback' href='http://EAR/pingback'>",
    "import map": '<script type="importmap">{"imports": {"a": "http://EAR/mapped"}}</script><script type="module">import "a"</script>',
    "imports by kind": "<script type=module>import('http://EAR/json', {with: {type: 'json'}}); import('http://EAR/css', {with: {type: 'css'}})</script>",
    "speculation by rule": '<a href="http://EAR/speculated">x</a><script type="speculationrules">{"prefetch": [{"where": {"href_matches": "/*"}, '
    '"eagerness": "immediate"}, {"urls": ["http://EAR/prefetched"], "anonymous": true}], "prerender": [{"where": {"selector_matches": "a"}, "eagerness": "immediate"}]}</script>',
    "styles": "<style>@import url(http://EAR/layer) layer(x); p { cursor: url(http://EAR/cursor), auto; mask: url(http://EAR/mask#m); filter: "
    "url(http://EAR/filter#f); clip-path: url(http://EAR/clip#c); shape-outside: url(http://EAR/shape); background: image-set(url(http://EAR/set) 1x); "
    "list-style: url(http://EAR/list) } p::after { content: url(http://EAR/content) } @page { background: url(http://EAR/page) }</style>",
    "fonts": "<script>new FontFace('x', 'url(http://EAR/face)').load().catch(() => {}); const s = new CSSStyleSheet(); "
    "s.replaceSync('p { background: url(http://EAR/adopted) }'); document.adoptedStyleSheets = [s]</script>",
    "svg": "<svg width=50 height=50><use href='http://EAR/use#x'/><image href='http://EAR/image' width=9 height=9/><filter id=q><feImage "
    "href='http://EAR/fe'/></filter><rect width=9 height=9 filter='url(#q)'/><script href='http://EAR/svgscript'></script><style>@import 'http://EAR/svgstyle';</style></svg><img src='/drawing.svg'>",
    "xml with a sheet": "<iframe src='/sheet.xml'></iframe><object data='/sheet.xml' type='text/xml'></object>",
    "old parts": "<body background='http://EAR/body'><table background='http://EAR/table'><tr><td>x</td></tr></table><applet archive='http://EAR/applet' "
    "code=x></applet><object codebase='http://EAR/' data='base'></object><bgsound src='http://EAR/bgsound'><input type=image src='http://EAR/input'>"
    "<video><source src='http://EAR/source'><track default src='http://EAR/track'></video><audio preload=auto src='http://EAR/audio'></audio>"
    "<picture><source srcset='http://EAR/picture'><img src='/ok.jpg'></picture><portal src='http://EAR/portal'></portal><fencedframe src='http://EAR/fenced'></fencedframe>",
    "attribution": "<img src='/ok.jpg' attributionsrc='http://EAR/attribution'><a attributionsrc='http://EAR/attributed' href='#x' id=at>x</a><script>at.click()</script>",
    "ping": "<a id=pg ping='http://EAR/ping' href='#here'>x</a><script>pg.click()</script>",
    "frames in frames": "<iframe srcdoc=\"<iframe srcdoc='<img src=http://EAR/nested>'></iframe>\" sandbox='allow-scripts'></iframe><iframe "
    "src=\"javascript:'<img src=http://EAR/javascript>'\"></iframe><script>const f = document.createElement('iframe'); f.src = URL.createObjectURL(new "
    "Blob([\"<script>fetch('http://EAR/blob', {mode: 'no-cors'})</\" + 'script>'], {type: 'text/html'})); document.body.append(f)</script>",
    "a letter": "<a href='/letter.svg'>Letter</a><embed type='application/pdf' src='http://EAR/pdf'><iframe src='http://EAR/frame.pdf'></iframe>",
}
SCRIPTS = {
    "calls": "const c = new RTCPeerConnection({iceServers: [{urls: ['stun:EAR', 'stun:localhost:PORT']}, {urls: ['turn:EAR?transport=udp'], username: "
    "'u', credential: 'p'}]}); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o))",
    "transport": "const t = new WebTransport('https://EAR/t'); t.ready.catch(() => {}); t.closed.catch(() => {})",
    "socket streams": "new WebSocketStream('ws://EAR/stream').opened.catch(() => {})",
    "sockets": "new WebSocket('wss://EAR/wss'); new WebSocket('ws://localhost.localdomain:PORT/w'); new WebSocket('ws://x.localhost:PORT/w')",
    "events by a redirect": "new EventSource('/away/events'); new EventSource('/chain/1')",
    "kept alive": "addEventListener('pagehide', () => fetch('http://EAR/alive', {method: 'POST', keepalive: true, mode: 'no-cors', body: 'x'})); "
    "addEventListener('visibilitychange', () => navigator.sendBeacon('http://EAR/hidden', 'x'))",
    "later": "fetchLater('http://EAR/later', {activateAfter: 0})",
    "worklets": "new AudioContext().audioWorklet.addModule('http://EAR/audio').catch(() => {}); CSS.paintWorklet?.addModule('http://EAR/paint').catch(() => {})",
    "workers of data": "new Worker('data:text/javascript,' + encodeURIComponent(\"importScripts('http://EAR/data'); fetch('http://EAR/data2', {mode: "
    "'no-cors'}); new WebSocket('ws://EAR/ws')\")); new Worker('/module.js', {type: 'module'}); new SharedWorker('/shared.js')",
    "a service worker": "navigator.serviceWorker.register('/sw.js').catch(() => {}); caches.open('x').then(k => k.add(new Request('http://EAR/cache', {mode: 'no-cors'})))",
    "identity": "navigator.credentials.get({identity: {providers: [{configURL: 'https://EAR/config', clientId: 'x'}]}}).catch(() => {})",
    "payment": "new PaymentRequest([{supportedMethods: 'https://EAR/pay'}], {total: {label: 'x', amount: {currency: 'GBP', value: '1'}}}).canMakePayment().catch(() => {})",
    "auctions": "navigator.joinAdInterestGroup?.({owner: 'https://EAR', name: 'x', biddingLogicURL: 'https://EAR/bid'}, 10).catch(() => {}); "
    "sharedStorage?.worklet.addModule('http://EAR/shared').catch(() => {}); document.browsingTopics?.().catch(() => {})",
    "in the background": "navigator.serviceWorker.ready.then(r => r.backgroundFetch.fetch('x', ['http://EAR/background'])); new Notification('x', {icon: 'http://EAR/icon'})",
    "other makers": "new Image().src = 'http://EAR/maker'; const x = new XMLHttpRequest(); x.open('GET', 'http://EAR/xhr'); x.send(); WebAssembly.compileStreaming("
    "fetch('http://EAR/wasm', {mode: 'no-cors'})).catch(() => {}); document.body.insertAdjacentHTML('beforeend', \"<img src='http://EAR/inserted'>\"); "
    "new DOMParser().parseFromString(\"<img src='http://EAR/parsed'>\", 'text/html')",
    "spellings": "for (const host of ['0177.1', '127.1', '127.0.0.1.', '0x7f.0.0.1', '017700000001', '①②⑦.0.0.1', '127。0。0。1', 'x.localhost', 'localhost.', "
    "'[::ffff:7f00:1]', '[::7f00:1]', '[0:0:0:0:0:0:0:1]', 'localhost6', 'ip6-localhost']) fetch(`http://${host}:PORT/spelt`, {mode: 'no-cors'}).catch(() => {})",
    "redirects in a row": "fetch('/chain/1', {mode: 'no-cors'}); fetch('/away/307', {method: 'POST', body: 'x', mode: 'no-cors'}); fetch('/away/308', {mode: 'no-cors'})",
    "windows": "open('http://EAR/window', 'w', 'noopener'); open('/away/opened'); const f = document.createElement('form'); f.action = 'http://EAR/form'; f.target = "
    "'_blank'; f.innerHTML = \"<button formaction='http://EAR/formaction' name=a>x</button>\"; document.body.append(f); f.requestSubmit(f.firstChild)",
}
GOES = {
    "navigated": "navigation.navigate('http://EAR/navigated')",
    "replaced": "location.replace('http://EAR/replaced')",
    "written": "document.open(); document.write('<meta http-equiv=refresh content=\"0;url=http://EAR/written\"><p>Words</p>'); document.close()",
    "gone by a redirect": "location.href = '/chain/1'",
    "gone later": "setTimeout(() => { location = 'http://EAR/timer' }, 20)",
    "gone in a transition": "document.startViewTransition?.(() => { location = 'http://EAR/transition' })",
}
HEADERS = {
    "Link": "<http://EAR/h-preload>; rel=preload; as=image, <http://EAR/h-style>; rel=stylesheet, <http://EAR>; rel=preconnect, <http://EAR>; rel=dns-prefetch",
    "Reporting-Endpoints": 'default="https://EAR/h-reports", csp="http://EAR/h-csp"',
    "Report-To": '{"group": "default", "max_age": 99, "endpoints": [{"url": "https://EAR/h-to"}]}',
    "NEL": '{"report_to": "default", "max_age": 99, "success_fraction": 1.0}',
    "Content-Security-Policy": "img-src 'none'; report-uri http://EAR/h-uri; report-to csp",
    "Content-Security-Policy-Report-Only": "script-src 'none'; report-uri http://EAR/h-only",
    "Alt-Svc": 'h2=":PORT"; ma=99, h3=":PORT"; ma=99, http/1.1=":PORT"',
    "Speculation-Rules": '"http://EAR/h-rules"',
    "SourceMap": "http://EAR/h-map",
    "Content-Location": "http://EAR/h-location",
    "Attribution-Reporting-Register-Source": '{"destination": "https://EAR"}',
    "Origin-Trial": "x",
}
ANSWERS = {
    "the headers": HEADERS,
    "a refresh": {"Refresh": "0; url=http://EAR/h-refresh"},
    "a link to a feed": {
        "Link": '<http://EAR/h-feed>; rel=alternate; type=application/rss+xml, <http://EAR/h-api>; rel="https://api.w.org/"'
    },
}
XML = (
    "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='http://EAR/xsl'?><!DOCTYPE a SYSTEM 'http://EAR/dtd' [<!ENTITY e SYSTEM "
    "'http://EAR/entity'>]><a>&e;<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='http://EAR/xinclude'/></a>"
)
DRAWING = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='300'><image href='http://EAR/drawn' width='9' height='9'/><foreignObject "
    "width='9' height='9'><img xmlns='http://www.w3.org/1999/xhtml' src='http://EAR/foreign'/></foreignObject><script href='http://EAR/script'/></svg>"
)


def lay_out(site: LittleServer, ear: Ear) -> int:
    """Give the site a page for each way; return how many."""

    def aimed(text: str) -> str:
        return text.replace("EAR", ear.address).replace("PORT", str(ear.port))

    bodies = {**MARKUP, **{name: f"<script>{script}</script>" for name, script in (SCRIPTS | GOES).items()}}
    pages: dict[str, Any] = {
        f"/way-{number}": article(name, f"<p>Words of {name}.</p>{aimed(body)}")
        for number, (name, body) in enumerate(bodies.items())
    }
    for number, (name, headers) in enumerate(ANSWERS.items()):
        given = {header: aimed(value) for header, value in headers.items()}
        pages[f"/answer-{number}"] = Answer(article(name, "<p>Words.</p><img src='/x.jpg'>"), headers=given)
    far = f"http://{ear.address}/redirected"
    site.routes |= {
        "/": listing(*pages), **pages,
        "/ok.jpg": Answer(photo("ok"), "image/jpeg"),
        "/away/opened": Answer(status=302, headers={"Location": far}),
        "/away/events": Answer(status=303, headers={"Location": far}),
        "/away/307": Answer(status=307, headers={"Location": far}),
        "/away/308": Answer(status=308, headers={"Location": far}),
        **{f"/chain/{n}": Answer(status=302, headers={"Location": f"/chain/{n + 1}"}) for n in range(1, 5)},
        "/chain/5": Answer(status=302, headers={"Location": far}),
        "/sheet.xml": Answer(aimed(XML), "text/xml"),
        "/drawing.svg": Answer(aimed(DRAWING), "image/svg+xml"),
        "/letter.svg": Answer(aimed(DRAWING), "image/svg+xml"),
        "/module.js": Answer(aimed("import 'http://EAR/module'"), "text/javascript"),
        "/shared.js": Answer(aimed("importScripts('http://EAR/imported')"), "text/javascript"),
        "/sw.js": Answer(aimed("oninstall = () => fetch('http://EAR/sw', {mode: 'no-cors'}); importScripts('http://EAR/swi')"), "text/javascript"),
    }  # fmt: skip
    return len(pages)


@pytest.mark.parametrize("names", [False, True])
def test_nobody_else_on_this_machine_hears_a_word(
    names: bool, site: LittleServer, ear: Ear, collect: CollectSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by a number nor by public-looking names that lead to it."""
    pages = lay_out(site, ear)
    if names:
        there = socket.getaddrinfo

        def resolved(host: str, *more: Any, **options: Any) -> Any:
            return there("127.0.0.1" if host.endswith(".nip.example") else host, *more, **options)

        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        for path, answer in site.routes.items():
            if isinstance(answer, str):
                site.routes[path] = answer.replace(ear.address, f"7f000001.nip.example:{ear.port}")
    found = collect()
    assert ear.heard == []
    assert len(found.posts) >= pages - len(GOES) - len(ANSWERS)


def test_the_same_pages_would_call_if_they_might(site: LittleServer, ear: Ear, collect: CollectSite) -> None:
    lay_out(site, ear)
    collect(allow_loopback=(site.address, ear.address))
    assert len(ear.asked_for()) > 25, sorted(ear.asked_for())


def test_a_notice_that_every_visitor_is_sent_to_first_is_told(site: LittleServer, collect: CollectSite) -> None:
    ask = "<form method='post'><button name='c' value='yes'>Accept all</button><button>Decline</button></form>"
    notice = f"<h1>Before you come in</h1><p>Our website would like to use cookies to count visits.</p>{ask}"
    site.routes |= {"/": Answer("", status=302, headers={"Location": "/notice?next=/"}), "/notice": notice}
    found = collect()
    assert found.coverage.status == "partial"
    assert "until cookies are accepted" in found.coverage.reason
