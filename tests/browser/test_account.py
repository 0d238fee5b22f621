"""How far an account was reached is always said, once, at the end: nothing passes silently."""

from __future__ import annotations

import resource
import ssl
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from auditbot.collect.browser.browser import Browser
from auditbot.collect.browser.launch import find_browser, render_pdf
from auditbot.collect.browser.page import PageFailed
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.urls import Site
from auditbot.collect.stage import collect_account
from auditbot.errors import BrowserUnusable
from auditbot.model import CollectJob, Coverage, Post, Spool
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, article, listing, photo


def hang_up(_: Asked) -> None:
    """Close the connection without an answer."""


LOGIN = "<main><h1>Welcome</h1><p>Please log in to continue.</p><form><input type='password'></form></main>"
ROBOT = Answer("<title>Just a moment...</title><p>Verify you are human</p>", status=403)

# What every address of the site answers, and what becomes of the account.
ENDS: dict[str, tuple[object, str, str]] = {
    "empty page": (Answer(""), "error", "No posts"),
    "page without posts": ("<main><p>Coming soon.</p></main>", "error", "No posts"),
    "not found": (Answer("<h1>No such site</h1>", status=404), "error", "404"),
    "server error": (Answer("Oops", status=500), "error", "500"),
    "hangs up": (hang_up, "error", "without an answer"),
    "asks for a password": (Answer("x", status=401, headers={"WWW-Authenticate": "Basic"}), "walled", "password"),
    "forbidden": (Answer("<h1>Forbidden</h1>", status=403), "walled", "403"),
    "log-in page": (LOGIN, "walled", "log in"),
    "robot check": (ROBOT, "walled", "robots"),
    "come back later": (Answer("Busy", status=429, headers={"Retry-After": "9999"}), "error", "later"),
    "leads to a private address": (Answer(status=302, headers={"Location": "http://10.0.0.1/"}), "error", "may not be"),
    "a file": (Answer(b"PK\x03\x04", "application/zip"), "error", "a file"),
    "round in a circle": (Answer(status=302, headers={"Location": "/"}), "error", "circle"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDS)
def test_a_site_that_shows_nothing_is_never_complete(kind: str, site: LittleServer, collect: CollectSite) -> None:
    answer, status, reason = ENDS[kind]
    site.routes["/"] = answer  # type: ignore[assignment]
    found = collect(known_posts=frozenset({f"{site.url}/known"}))
    assert (found.coverage.status, found.posts, found.gone) == (status, {}, {})
    assert reason in found.coverage.reason
    assert [(item.what, item.url) for item in found.not_checked][-1] == ("account", f"{site.url}/")


def test_a_site_that_is_down_is_an_error(site: LittleServer, collect: CollectSite) -> None:
    site.close()
    found = collect()
    assert (found.coverage.status, found.coverage.posts) == ("error", 0)
    assert "could not be reached" in found.coverage.reason


def test_an_account_that_may_be_empty_is_complete_without_posts(site: LittleServer, collect: CollectSite) -> None:
    site.routes["/"] = "<main><p>Coming soon.</p></main>"
    assert collect(may_be_empty=True).coverage.status == "complete"


def test_an_error_on_every_post_names_every_post(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {"/": listing("/a", "/b"), "/a": Answer("Oops", status=500), "/b": Answer("Oops", status=500)}
    found = collect()
    assert set(found.missed) == {"/a", "/b", "/"}
    assert found.coverage.status == "error"


def test_an_account_of_an_unknown_kind_is_an_error(tmp_path: Path) -> None:
    job = CollectJob("club", "pigeon post", "http://www.larkmere.example/", False, Spool(tmp_path), {}, frozenset())
    events = list(collect_account(job, Settings(school=School(name="Larkmere"))))
    assert isinstance(events[-1], Coverage)
    assert events[-1].status == "error"


LIMITS: dict[str, tuple[dict[str, object], str]] = {
    "posts": ({"max_posts": 3}, "More than 3 posts"),
    "listing pages": ({"max_listing_pages": 2}, "More than 2 listing pages"),
    "time": ({"account_minutes": 0.02, "delay_seconds": 0.4}, "The time for this account was over"),
}


@pytest.mark.parametrize("kind", LIMITS)
def test_a_limit_that_is_hit_is_said(kind: str, site: LittleServer, collect: CollectSite) -> None:
    options, reason = LIMITS[kind]
    for page in range(1, 6):
        older = f"<a rel='next' href='/page/{page + 1}'>Older posts</a>" if page < 5 else ""
        names = [f"/post-{page}-{number}" for number in range(2)]
        site.routes[f"/page/{page}"] = listing(*names, after=older)
        site.routes |= {name: article(name, f"<p>Text of {name}.</p>") for name in names}
    site.routes["/"] = site.routes["/page/1"]
    found = collect(**options)
    assert found.coverage.status in ("partial", "error")
    assert sum(reason in item.reason for item in found.not_checked) == 1
    assert len(found.posts) < 10


def test_many_posts_after_the_limit_of_lists_say_it_once(site: LittleServer, collect: CollectSite) -> None:
    names = [f"/post-{number}" for number in range(6)]
    pager = "".join(f"<a href='/page/{page}'>{page}</a>" for page in range(2, 12))
    site.routes["/"] = listing(*names, after=f"<nav class='pagination'>{pager}</nav>")
    site.routes |= {f"/page/{page}": listing(*names) for page in range(2, 12)}
    site.routes |= {name: article(name, f"<p>Text of {name}.</p>") for name in names}
    found = collect(max_listing_pages=1)
    assert set(found.posts) == set(names)
    assert sum("listing pages" in item.reason for item in found.not_checked) == 1
    assert found.coverage.status == "partial"


def test_a_browser_that_is_killed_is_started_again_and_no_post_is_lost(
    site: LittleServer, collect: CollectSite
) -> None:
    names = [f"/post-{number}" for number in range(8)]
    killed: list[int] = []

    def kill_once(asked: Asked) -> Answer:
        if not killed:
            for process in psutil.Process().children(recursive=True):
                if any(part.startswith("--auditbot-mark=") for part in process.cmdline()):
                    killed.append(process.pid)
                    process.kill()
        return Answer(article("Killer", "<p>Text of the killer.</p>"))

    # A page without a script is read without a browser.
    scripted = "<script>document.title += '.'</script>"
    site.routes |= {name: article(name, f"<p>Text of {name}.</p>{scripted}") for name in names}
    site.routes["/"] = listing(*names)
    site.routes["/post-3"] = kill_once
    found = collect()
    assert killed
    assert set(found.posts) == set(names)


def test_a_driver_that_is_killed_is_started_again(site: LittleServer, collect: CollectSite) -> None:
    names = [f"/post-{number}" for number in range(4)]
    killed: list[int] = []

    def kill_once(asked: Asked) -> Answer:
        if not killed:
            for process in psutil.Process().children():
                if "run-driver" in process.cmdline():
                    killed.append(process.pid)
                    process.kill()
        return Answer(article("Killer", "<p>Text of the killer.</p>"))

    scripted = "<script>document.title += '.'</script>"
    site.routes |= {name: article(name, f"<p>Text of {name}.</p>{scripted}") for name in names}
    site.routes["/"] = listing(*names)
    site.routes["/post-1"] = kill_once
    found = collect()
    assert killed
    assert set(found.posts) == set(names)


def test_no_process_is_left_behind(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {"/": listing("/a", "/b"), "/a": article("A", "<p>Words.</p>"), "/b": article("B", "<p>Words.</p>")}
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    collect()
    assert {process.pid for process in psutil.Process().children(recursive=True)} <= before


def test_a_collection_that_is_given_up_half_way_leaves_no_process(site: LittleServer, tmp_path: Path) -> None:
    site.routes |= {"/": listing("/a", "/b"), "/a": article("A", "<p>Words.</p>"), "/b": article("B", "<p>Words.</p>")}
    options = Collect(delay_seconds=0.0, allow_loopback=(site.address,))
    job = CollectJob("website", "website", f"{site.url}/", False, Spool(tmp_path / "spool"), {}, frozenset())
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    events = collect_account(job, Settings(school=School(name="Larkmere"), collect=options))
    assert isinstance(next(event for event in events if isinstance(event, Post)), Post)
    assert isinstance(events, Generator)
    events.close()
    assert {process.pid for process in psutil.Process().children(recursive=True)} <= before


def test_two_accounts_can_be_collected_at_once(site: LittleServer, neighbour: LittleServer, tmp_path: Path) -> None:
    results: dict[str, list[str]] = {}

    def run(server: LittleServer, name: str) -> None:
        server.routes |= {"/": listing("/a", "/b"), "/a": article("A", "<p>A.</p>"), "/b": article("B", "<p>B.</p>")}
        options = Collect(delay_seconds=0.0, allow_loopback=(server.address,))
        job = CollectJob(name, "website", f"{server.url}/", False, Spool(tmp_path / name), {}, frozenset())
        events = collect_account(job, Settings(school=School(name="Larkmere"), collect=options))
        results[name] = [event.url for event in events if isinstance(event, Post)]

    threads = [threading.Thread(target=run, args=pair) for pair in ((site, "one"), (neighbour, "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {
        "one": [f"{site.url}/a", f"{site.url}/b"],
        "two": [f"{neighbour.url}/a", f"{neighbour.url}/b"],
    }


def test_a_page_reached_at_a_crash_address_does_not_end_the_browser(site: LittleServer) -> None:
    site.routes["/"] = "<p>Words.</p>"
    settings = Settings(school=School(name="Larkmere"), collect=Collect(allow_loopback=(site.address,)))
    with Guard({}, (site.address,), 5.0) as guard, Browser(settings, guard, Site(f"{site.url}/")) as browser:
        for address in ("chrome://crash", "chrome://hang", "chrome://kill", "file:///etc/passwd", "about:blank"):
            with pytest.raises(PageFailed):
                browser.open(address)
        assert "Words." in browser.open(f"{site.url}/").html
        assert browser.launches == 1


def test_the_browser_named_in_the_settings_must_start(tmp_path: Path) -> None:
    nothing = tmp_path / "browser"
    nothing.write_text("#!/bin/false\n")
    nothing.chmod(0o755)
    with pytest.raises(BrowserUnusable, match="browser"):
        find_browser(Settings(school=School(name="Larkmere"), collect=Collect(browser=str(nothing))))


def test_the_version_of_the_browser_is_a_number() -> None:
    found = find_browser(Settings(school=School(name="Larkmere")))
    assert found.version.split(".")[0].isdigit() and "chrom" in found.program


def test_a_report_is_printed_without_scripts_and_without_network(neighbour: LittleServer, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo("evidence"))
    html = tmp_path / "report.html"
    html.write_text(
        f"<h1>Report</h1><img src='photo.jpg'><img src='{neighbour.url}/a.jpg'><iframe src='{neighbour.url}/'></iframe>"
        f"<iframe src='file:///etc/passwd'></iframe><script>document.body.innerHTML = 'changed'</script>"
        f"<meta http-equiv='refresh' content='0;url={neighbour.url}/'>"
    )
    render_pdf(html, tmp_path / "report.pdf", Settings(school=School(name="Larkmere")))
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert neighbour.paths() == []
    assert b"/Image" in content


def test_a_site_with_an_invalid_certificate_is_not_read(tmp_path: Path) -> None:
    with secure_server(tmp_path) as port:
        options = Collect(delay_seconds=0.0, page_timeout_seconds=5.0, allow_loopback=(f"127.0.0.1:{port}",))
        job = CollectJob("website", "website", f"https://127.0.0.1:{port}/", False, Spool(tmp_path), {}, frozenset())
        events = list(collect_account(job, Settings(school=School(name="Larkmere"), collect=options)))
    assert isinstance(events[-1], Coverage)
    assert events[-1].status == "error"
    assert "certificate" in events[-1].reason


@contextmanager
def secure_server(folder: Path) -> Iterator[int]:
    """Serve a page by https with a certificate that nobody has signed; yields its port."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    no_password = serialization.NoEncryption()
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def test_a_full_disk_ends_the_account_and_says_so(site: LittleServer, collect: CollectSite) -> None:
    """The disk is full from the moment on when the second photo is asked for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill_disk(_: Asked) -> Answer:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        return Answer(photo("b"), "image/jpeg")

    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("A", "<p>Words.</p><img src='/a.jpg'>"),
        "/b": article("B", "<p>Words.</p><img src='/b.jpg'>"),
        "/a.jpg": Answer(photo("a"), "image/jpeg"),
        "/b.jpg": fill_disk,
    }
    try:
        found = collect()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert found.coverage.status == "error"
    assert found.coverage.reason.startswith("This machine could not go on: File too large")
    assert found.not_checked[-1].reason == found.coverage.reason
    assert set(found.posts) == {"/a"}
    assert not list(found.spool.folder.glob("*.part*"))


def test_a_network_that_goes_away_for_a_moment_costs_no_post(site: LittleServer, collect: CollectSite) -> None:
    """Every page and photo is refused the first time it is asked for."""
    refused: set[str] = set()

    def after_a_moment(answer: Answer) -> Callable[[Asked], Answer | None]:
        def route(asked: Asked) -> Answer | None:
            if asked.path in refused:
                return answer
            refused.add(asked.path)
            return None

        return route

    names = [f"/post-{number}" for number in range(3)]
    site.routes["/"] = after_a_moment(Answer(listing(*names)))
    for name in names:
        site.routes[name] = after_a_moment(Answer(article(name, f"<p>Words.</p><img src='{name}.jpg'>")))
        site.routes[f"{name}.jpg"] = after_a_moment(Answer(photo(name), "image/jpeg"))
    found = collect()
    assert set(found.posts) == set(names)
    assert all(post.photos[0].sha256 for post in found.posts.values())
    assert found.coverage.status == "complete"
