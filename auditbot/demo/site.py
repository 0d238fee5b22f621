"""Serves the demo school's site on the loopback, from memory."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from auditbot.demo.news import DemoPost, read_posts

# Every page and file of the demo school's site, ready to be served: rendered once, in memory.

SCHOOL = "Larkmere Infant and Nursery School"
ORIGIN = "http://www.larkmere.example"
POSTS_A_PAGE = 8
POSTS_IN_FEED = 10
BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
CHANGED = "Fri, 20 Nov 2026 15:30:00 GMT"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".xml": "application/rss+xml; charset=utf-8",
}
# The sitemap was last made at the end of October and the feed holds ten posts, as on many school sites: only the
# listing pages lead to every post but one, and only the sitemap leads to that one.
SITEMAP_ENDS = "2026-11"
NOT_LISTED = "summer-holiday-dates"
STAFF = (
    ("Mrs Helen Brown", "Headteacher", "staff-headteacher.jpg"),
    ("Mr Peter Hollis", "Deputy headteacher", "staff-deputy.jpg"),
    ("Mr Imran Sadiq", "Nursery teacher", "staff-nursery.jpg"),
    ("Miss Laura Rose", "Nursery nurse", ""),
    ("Mrs Farah Khan", "Reception teacher", "staff-reception.jpg"),
    ("Miss Joy Adjei", "Year 1 teacher", "staff-year-1.jpg"),
    ("Mr James King", "Year 2 teacher", "staff-year-2.jpg"),
    ("Miss Abigail Mensah", "Teaching assistant", ""),
    ("Mrs Ruth Okonkwo", "Special educational needs coordinator", ""),
    ("Mr David Lee", "Music teacher", ""),
    ("Mr Colin Day", "Sports coach", ""),
    ("Mr Alan Wood", "Site manager", ""),
)


@dataclass(frozen=True, slots=True)
class Resource:
    """What one address answers with."""

    content: bytes
    """The body."""
    content_type: str
    """Its media type."""
    etag: str
    """A strong validator, with its quotation marks."""


@dataclass(frozen=True, slots=True)
class Renditions:
    """Which sizes of each photo there are; for the templates."""

    names: frozenset[str]
    """File names of all renditions."""
    blank: str = BLANK
    """What stands in for a photo that loads later."""

    def small(self, file: str, width: int = 480) -> str:
        """Address of a smaller rendition."""
        return f"/media/{PurePosixPath(file).stem}-{width}.jpg"

    def srcset(self, file: str, largest: int) -> str:
        """All renditions with their widths, the largest last."""
        stem = PurePosixPath(file).stem
        parts = [f"/media/{stem}-{width}.jpg {width}w" for width in (480, 800) if f"{stem}-{width}.jpg" in self.names]
        return ", ".join([*parts, f"/media/{file} {largest}w"])


def build_site() -> dict[str, Resource]:
    """Return everything the site serves, by path."""
    return {path: _resource(path, content) for path, content in (*_files(), *_pages(read_posts()))}


def _resource(path: str, content: bytes) -> Resource:
    ending = PurePosixPath(path).suffix or ".html"
    kind = "application/xml; charset=utf-8" if path == "/sitemap.xml" else TYPES[ending]
    return Resource(content, kind, f'"{hashlib.sha256(content).hexdigest()[:20]}"')


def _files() -> Iterator[tuple[str, bytes]]:
    site = files("auditbot.demo").joinpath("site")
    for folder, path in (("", "/"), ("photos", "/media/"), ("documents", "/documents/"), ("films", "/films/")):
        for entry in _sorted(site.joinpath(folder) if folder else site):
            if entry.is_file() and PurePosixPath(entry.name).suffix in TYPES:
                yield path + entry.name, entry.read_bytes()


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda entry: entry.name)


def _pages(posts: tuple[DemoPost, ...]) -> Iterator[tuple[str, bytes]]:
    environment = Environment(
        loader=PackageLoader("auditbot.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    photos = files("auditbot.demo").joinpath("site", "photos")
    shared = {
        "school": SCHOOL,
        "origin": ORIGIN,
        "places": Renditions(frozenset(entry.name for entry in photos.iterdir())),
    }

    def page(template: str, **values: object) -> bytes:
        return environment.get_template(template).render(**shared, **values).encode("utf-8")

    listed = tuple(post for post in posts if post.slug != NOT_LISTED)
    yield "/", page("home.html", posts=listed[:3])
    yield "/about/", page("about.html")
    yield "/contact/", page("contact.html")
    yield (
        "/staff/",
        page("staff.html", staff=[{"name": name, "role": role, "photo": file} for name, role, file in STAFF]),
    )
    pages = math.ceil(len(listed) / POSTS_A_PAGE)
    for number in range(1, pages + 1):
        here = listed[(number - 1) * POSTS_A_PAGE : number * POSTS_A_PAGE]
        yield listing_path(number), page("listing.html", posts=here, page=number, pages=pages, address=listing_path)
    for post in posts:
        yield post.path, page("post.html", post=post)
    yield "/feed.xml", page("feed.xml", posts=listed[:POSTS_IN_FEED])
    yield "/sitemap.xml", page("sitemap.xml", paths=_mapped(posts))
    yield "/robots.txt", f"User-agent: *\nAllow: /\nSitemap: {ORIGIN}/sitemap.xml\n".encode()


def listing_path(number: int) -> str:
    """Return the address of a listing page, counted from 1."""
    return "/news/" if number == 1 else f"/news/page/{number}/"


def _mapped(posts: tuple[DemoPost, ...]) -> list[str]:
    mapped = [post.path for post in posts if post.date < SITEMAP_ENDS]
    return ["/", "/about/", "/staff/", "/contact/", "/news/", *mapped]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, resources: dict[str, Resource]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.resources = resources


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body leave together; apart, the second waits for the first to be acknowledged
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the audit has a progress bar of its own."""

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        resource = self.server.resources.get(path)
        if resource is None and f"{path}/" in self.server.resources:
            self._head(HTTPStatus.MOVED_PERMANENTLY, {"Location": f"{path}/", "Content-Length": "0"})
        elif resource is None:
            body = b"<!doctype html><title>Not found</title><h1>There is no such page</h1>"
            self._head(HTTPStatus.NOT_FOUND, _described("text/html; charset=utf-8", body))
            self._body(body, with_body)
        elif self._is_known(resource):
            self._head(HTTPStatus.NOT_MODIFIED, _validators(resource))
        else:
            described = _described(resource.content_type, resource.content)
            self._head(HTTPStatus.OK, {**described, **_validators(resource)})
            self._body(resource.content, with_body)

    def _is_known(self, resource: Resource) -> bool:
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return resource.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return self.headers.get("If-Modified-Since") == CHANGED

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _body(self, body: bytes, wanted: bool) -> None:
        if wanted:
            self.wfile.write(body)


def _described(content_type: str, body: bytes) -> dict[str, str]:
    return {"Content-Type": content_type, "Content-Length": str(len(body))}


def _validators(resource: Resource) -> dict[str, str]:
    return {"ETag": resource.etag, "Last-Modified": CHANGED, "Cache-Control": "no-cache"}


@contextmanager
def demo_site() -> Iterator[tuple[str, int]]:
    """Serve the site while the block runs; yields the host and port it listens on. Nothing is written to disk."""
    server = _Server(build_site())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
