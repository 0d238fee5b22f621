"""Nothing a page does reaches a private address, a file, or another port of this machine."""

from __future__ import annotations

import socket

import pytest

from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import CollectSite, article, listing, photo

# Each way a page can try to reach NEIGHBOUR (another port of this machine). IP is its address, PORT its port.
WAYS = {
    "image": "<img src='http://NEIGHBOUR/a.jpg'>",
    "image, larger rendition": "<img src='/ok.jpg' srcset='http://NEIGHBOUR/a.jpg 2000w'>",
    "link to a full photo": "<a href='http://NEIGHBOUR/a.jpg'><img src='/ok.jpg'></a>",
    "style sheet": "<link rel='stylesheet' href='http://NEIGHBOUR/a.css'>",
    "import in a style": "<style>@import url(http://NEIGHBOUR/a.css); p{background:url(http://NEIGHBOUR/b.png)}</style>",
    "font": "<style>@font-face{font-family:x;src:url(http://NEIGHBOUR/f.woff)} p{font-family:x}</style>",
    "script": "<script src='http://NEIGHBOUR/a.js'></script>",
    "module": "<script type='module'>import 'http://NEIGHBOUR/a.js'</script>",
    "frame": "<iframe src='http://NEIGHBOUR/'></iframe>",
    "frame in a data address": "<iframe src=\"data:text/html,<img src='http://NEIGHBOUR/a'>\"></iframe>",
    "object": "<object data='http://NEIGHBOUR/a'></object><embed src='http://NEIGHBOUR/b'>",
    "film": "<video src='http://NEIGHBOUR/a.mp4' poster='http://NEIGHBOUR/p.jpg' autoplay></video>",
    "refresh": "<meta http-equiv='refresh' content='0;url=http://NEIGHBOUR/'>",
    "script that goes away": "<script>location.href = 'http://NEIGHBOUR/'</script>",
    "frame that goes away": "<iframe srcdoc=\"<script>top.location = 'http://NEIGHBOUR/'</script>\"></iframe>",
    "form": "<form id='f' action='http://NEIGHBOUR/' method='post'></form><script>f.submit()</script>",
    "fetch": "<script>fetch('http://NEIGHBOUR/', {mode: 'no-cors'})</script>",
    "fetch of a redirect": "<script>fetch('/to-neighbour', {mode: 'no-cors'})</script>",
    "image of a redirect": "<img src='/to-neighbour'>",
    "page of a redirect": "<iframe src='/to-neighbour'></iframe>",
    "beacon": "<script>navigator.sendBeacon('http://NEIGHBOUR/')</script>",
    "web socket": "<script>new WebSocket('ws://NEIGHBOUR/')</script>",
    "event source": "<script>new EventSource('http://NEIGHBOUR/')</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('http://NEIGHBOUR/',{mode:'no-cors'});"
    "importScripts('http://NEIGHBOUR/x.js')\"])))</script>",
    "call between browsers": "<script>try { const c = new RTCPeerConnection({iceServers: [{urls: "
    "'turn:NEIGHBOUR?transport=tcp', username: 'u', credential: 'p'}]}); c.createDataChannel('x');"
    "c.createOffer().then(o => c.setLocalDescription(o)) } catch {}</script>",
    "preload": "<link rel='preload' as='image' href='http://NEIGHBOUR/a'><link rel='prefetch' href='http://NEIGHBOUR/b'>"
    "<link rel='preconnect' href='http://NEIGHBOUR'><link rel='dns-prefetch' href='http://NEIGHBOUR'>",
    "prerender": '<script type=\'speculationrules\'>{"prerender": [{"urls": ["http://NEIGHBOUR/"]}]}</script>',
    "window": "<script>open('http://NEIGHBOUR/')</script><a id='w' target='_blank' href='http://NEIGHBOUR/'>x</a>"
    "<script>w.click()</script>",
    "download": "<a id='d' download href='http://NEIGHBOUR/'>x</a><script>d.click()</script>",
    "name of this machine": "<img src='http://localhost:PORT/a.jpg'><script src='http://localhost:PORT/'></script>",
    "number of this machine": "<img src='http://2130706433:PORT/a.jpg'><img src='http://0x7f.1:PORT/a.jpg'>",
    "zero": "<img src='http://0.0.0.0:PORT/a.jpg'><script src='http://0.0.0.0:PORT/'></script>",
    "version 6": "<img src='http://[::1]:PORT/a.jpg'><img src='http://[::ffff:127.0.0.1]:PORT/a.jpg'>",
    "document": "<a href='http://NEIGHBOUR/letter.pdf'>Letter</a><a href='/to-neighbour.pdf'>Letter</a>",
    "picture for social media": "<meta property='og:image' content='http://NEIGHBOUR/a.jpg'>",
    "base": "<base href='http://NEIGHBOUR/'><img src='a.jpg'><script src='a.js'></script><a href='x'>x</a>",
    "canonical": "<link rel='canonical' href='http://NEIGHBOUR/'>",
    "reports": "<meta http-equiv='Content-Security-Policy' content=\"img-src 'none'; report-uri http://NEIGHBOUR/\">"
    "<img src='/x.jpg'>",
    "shared worker": "<script>new SharedWorker('http://NEIGHBOUR/a.js')</script>",
    "service worker": "<script>navigator.serviceWorker.register('http://NEIGHBOUR/a.js')</script>",
    "file": "<img src='file:///etc/hostname'><iframe src='file:///etc/passwd'></iframe><a href='file:///etc/passwd'>x</a>",
    "other schemes": "<img src='ftp://NEIGHBOUR/a'><a href='gopher://NEIGHBOUR/'>x</a><iframe src='view-source:http://NEIGHBOUR/'>"
    "</iframe><iframe src='chrome://crash'></iframe>",
}


def lay_out(site: LittleServer, neighbour: LittleServer) -> None:
    """Give the site one page for each way."""
    port = neighbour.address.rpartition(":")[2]
    pages = {
        f"/way-{number}": article(name, f"<p>Words of {name}.</p>{body}")
        .replace("NEIGHBOUR", neighbour.address)
        .replace("PORT", port)
        for number, (name, body) in enumerate(WAYS.items())
    }
    away = Answer(status=302, headers={"Location": f"{neighbour.url}/redirected"})
    site.routes |= {
        "/": listing(*pages),
        **pages,
        "/to-neighbour": away,
        "/to-neighbour.pdf": away,
        "/ok.jpg": Answer(photo("ok"), "image/jpeg"),
        "/robots.txt": Answer(f"Sitemap: {neighbour.url}/sitemap.xml\n", "text/plain"),
        "/sitemap.xml": Answer(f"<urlset><url><loc>{neighbour.url}/x</loc></url></urlset>", "application/xml"),
    }
    neighbour.routes["/"] = "<p>secret</p>"


def test_no_page_reaches_another_port_of_this_machine(
    site: LittleServer, neighbour: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, neighbour)
    found = collect()
    assert neighbour.paths() == []
    assert len([post for post in found.posts if post.startswith("/way-")]) >= len(WAYS) - 6
    assert not [post for post in found.posts.values() if "secret" in post.text or "root:" in post.text]


def test_the_same_pages_would_reach_it_if_they_might(
    site: LittleServer, neighbour: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, neighbour)
    collect(allow_loopback=(site.address, neighbour.address))
    assert {"/redirected", "/a.jpg", "/a.css", "/a.js", "/letter.pdf"} <= set(neighbour.paths())


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://10.0.0.8/",
        "http://0:{port}/",
    ],
)
def test_an_account_on_a_private_address_is_not_visited(
    address: str, site: LittleServer, neighbour: LittleServer, collect: CollectSite
) -> None:
    found = collect(url=address.format(port=neighbour.address.rpartition(":")[2]))
    assert (neighbour.paths(), found.posts, found.coverage.status) == ([], {}, "error")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:alert(1)", "about:blank", "", "x"]
)
def test_an_account_that_is_no_web_address_is_an_error(address: str, collect: CollectSite) -> None:
    found = collect(url=address or " ")
    assert (found.posts, found.coverage.status) == ({}, "error")


def test_a_local_host_is_reached_under_its_name_alone(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("One", "<p>Words.</p><img src='http://www.larkmere.example:8080/x.jpg'>"),
        "/b": article("Two", "<p>Words.</p><img src='/b.jpg'>"),
        "/b.jpg": Answer(photo("b"), "image/jpeg"),
    }
    host, _, port = site.address.rpartition(":")
    found = collect(
        url="http://www.larkmere.example/",
        local_hosts={"www.larkmere.example": (host, int(port))},
        allow_loopback=(),
    )
    assert found.posts["/b"].url == "http://www.larkmere.example/b"
    assert found.posts["/b"].photos[0].sha256
    assert "The site could not be reached" in found.coverage.reason
    assert {asked.headers["host"] for asked in site.asked} == {"www.larkmere.example"}


def test_a_listener_that_is_not_http_hears_nothing(site: LittleServer, collect: CollectSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        port = listener.getsockname()[1]
        ways = "".join(
            body for name, body in WAYS.items() if "goes" not in name and name not in ("refresh", "form", "base")
        )
        page = article("All", ways.replace("NEIGHBOUR", f"127.0.0.1:{port}").replace("PORT", str(port)))
        site.routes |= {"/": listing("/a", "/b"), "/a": page, "/b": article("Two", "<p>Words.</p>")}
        collect()
        with pytest.raises(TimeoutError):
            listener.accept()


def test_other_public_hosts_are_sent_nothing(site: LittleServer, neighbour: LittleServer, collect: CollectSite) -> None:
    ways = (
        "<script>fetch('OTHER/post', {method: 'POST', mode: 'no-cors', body: 'x'}); new WebSocket('ws://HOST/ws')</script>"
        "<form id='f' action='OTHER/form' method='post' target='_blank'></form><script>f.submit()</script>"
        "<a id='w' target='_blank' href='OTHER/window'>x</a><script>w.click()</script>"
        "<script src='OTHER/a.js'></script>"
    )
    page = article("All", f"<p>Words.</p>{ways}").replace("OTHER", neighbour.url).replace("HOST", neighbour.address)
    feed = "<head><link rel='alternate' type='application/rss+xml' href='/feed'>"
    site.routes |= {
        "/": listing("/a", "/b").replace("<head>", feed),
        "/a": page,
        "/b": article("Two", "<p>Words.</p>"),
        **{
            path: Answer(status=302, headers={"Location": f"{neighbour.url}{path}"})
            for path in ("/robots.txt", "/feed", "/sitemap.xml")
        },
    }
    found = collect(allow_loopback=(site.address, neighbour.address))
    assert sorted(found.posts) == ["/a", "/b"]
    assert set(neighbour.paths()) == {"/a.js"}
