"""How much of a whole real site is found: python -m tests.bench.crawl.real_site BUILT SOURCES [--port N] [--keep DIR]

BUILT is a site as its builder (Hugo, Jekyll, Eleventy) wrote it, SOURCES the folder of its Markdown files, both from a
public repository and outside this one. The site is served on 127.0.0.1 and audited as a school would: init, then
collect. Every source with a built page is a post of the truth: its own words, its pictures, its date and its title.

A site that needs its software (WordPress, Ghost) is served by that: --url ADDRESS --truth FILE, a JSON list of posts
with url, title, date, text, photos (content hashes) and comments.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mimetypes
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import yaml
from selectolax.lexbor import LexborHTMLParser

_PICTURE = re.compile(
    r"!\[[^\]]*\]\(\s*<?([^)\s>]+)|(?:src|image|thumbnail)\s*[=:]\s*[\"']?([^\"'\s>]+)", re.IGNORECASE
)
_NO_WORDS = re.compile(
    r"\{%-?\s*(comment)[\s\S]*?endcomment\s*-?%\}|<(script|style)[\s\S]*?</\2>|<!--[\s\S]*?-->|\{[{%][\s\S]*?[%}]\}|<[^>]*>|"
    r"\]\([^)]*\)|https?://\S+|&\w+;|\\"
)
_WORD = re.compile(r"[^\W_]{3,}")
_WORD_OR_NUMBER = re.compile(r"[^\W_]+")
_TYPES = {".html": "text/html; charset=utf-8", ".xml": "application/xml", ".avif": "image/avif", ".webp": "image/webp"}


@dataclass
class Truth:
    """One source file and the page that was built from it."""

    path: str
    """The path of its page on the site."""
    title: str
    day: date | None
    """Its day, if the page or one that leads to it says so."""
    words: list[str]
    """Its words that stand on the built page, in order."""
    photos: dict[str, str] = field(default_factory=dict)
    """By content hash: pictures that the source names and the built page shows."""
    comments: list[str] = field(default_factory=list)
    """What visitors wrote below it."""


class Served:
    """A folder served on 127.0.0.1 as hosts of built sites do."""

    def __init__(self, folder: Path, port: int, origin: str) -> None:
        self.folder, self.asked = folder, 0
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                served.asked += 1
                path = unquote(urlsplit(self.path).path)
                file = served.file(path)
                if file is not None and file.name == "index.html" and not path.endswith(("/", ".html")):
                    self._send(301, "text/html", b"", {"Location": f"{path}/"})
                elif file is None:
                    self._send(404, "text/html", b"<h1>404</h1><p>File not found</p>")
                else:
                    body = file.read_bytes()
                    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                    if origin and kind.startswith(("text/", "application/xml", "application/json")):
                        body = body.replace(origin.encode(), served.url.encode())
                    self._send(200, kind, body)

            do_HEAD = do_GET

            def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def file(self, path: str) -> Path | None:
        """Return the file that answers for a path, or None."""
        place = (self.folder / path.lstrip("/")).resolve()
        if not place.is_relative_to(self.folder.resolve()):
            return None
        candidates = (place, place / "index.html", place.with_name(place.name + ".html"))
        return next((each for each in candidates if each.is_file()), None)


def read_truth(file: Path) -> Iterator[Truth]:
    """Yield the posts of a truth that the site's own software has written down."""
    for each in json.loads(file.read_text("utf-8")):
        day, photos = date.fromisoformat(each["date"]) if each["date"] else None, each["photos"]
        shown = dict(zip(photos, each.get("files") or photos, strict=True))
        words = _WORD.findall(each["text"])
        yield Truth(urlsplit(each["url"]).path, each["title"], day, words, shown, each["comments"])


def read_source(file: Path) -> tuple[dict[str, object], str]:
    """Return a source's front matter and its body."""
    text = file.read_text("utf-8", "replace").lstrip("\ufeff")
    for mark, parse in (("---", yaml.safe_load), ("+++", tomllib.loads)):
        if text.startswith(mark) and (end := text.find(f"\n{mark}", 3)) > 0:
            try:
                told = parse(text[3:end])
            except (yaml.YAMLError, tomllib.TOMLDecodeError):
                told = {}
            return (told if isinstance(told, dict) else {}), text[end + 4 :]
    return {}, text


def truths(built: Path, sources: Path) -> Iterator[Truth]:
    """Yield each source that has a page, with what of it the page shows."""
    pages = {file: file.read_text("utf-8", "replace") for file in built.rglob("*.html")}
    everything = "\n".join(pages.values())
    by_name: dict[str, list[Path]] = {}
    for file in pages:
        name = file.parent.name if file.name == "index.html" else file.stem
        by_name.setdefault(name.lower(), []).append(file)
    for file in sorted(sources.rglob("*.md")):
        told, body = read_source(file)
        words = _WORD.findall(_NO_WORDS.sub(" ", body))
        page = _page_of(file, sources, told, words, by_name, pages, built)
        if page is None or not words:
            continue
        shown = set(_WORD.findall(LexborHTMLParser(pages[page]).text(separator=" ")))
        path = "/" + page.relative_to(built).as_posix().removesuffix("index.html")
        day = _day(told.get("date"), file)
        if day is not None and not _says(day, pages[page] if len(pages) > 1 else everything):
            day = None
        truth = Truth(path, str(told.get("title", "")), day, [word for word in words if word in shown])
        for picture in _pictures(body, pages[page], path, built):
            truth.photos[hashlib.sha256(picture.read_bytes()).hexdigest()] = picture.relative_to(built).as_posix()
        yield truth


def _page_of(
    file: Path,
    sources: Path,
    told: dict[str, object],
    words: list[str],
    by_name: dict[str, list[Path]],
    pages: dict[Path, str],
    built: Path,
) -> Path | None:
    """Return the page built from a source: by its address, or by its name and most of its words."""
    if told.get("draft") is True or told.get("published") is False:
        return None
    if isinstance(address := told.get("permalink") or told.get("url"), str) and not re.search(r"[:{]", address):
        place = built / address.strip("/")
        found = next(
            (each for each in (place, place / "index.html", place.with_suffix(".html")) if each in pages), None
        )
        if found:
            return found
    stem = file.parent.name if file.stem in ("index", "_index") else file.stem
    if file.stem in ("index", "_index") and file.parent == sources:
        stem = built.name
    titled = "-".join(_WORD_OR_NUMBER.findall(str(told.get("title", "")).lower()))
    names = {stem.lower(), re.sub(r"^\d{4}-\d\d-\d\d-", "", stem).lower(), stem.lower().replace(" ", "-"), titled}
    candidates = [page for name in names for page in by_name.get(name, [])]
    best = max(candidates, key=lambda page: sum(word in pages[page] for word in words), default=None)
    enough = best is not None and sum(word in pages[best] for word in words) * 10 >= len(words) * 7
    return best if enough else None


def _day(told: object, file: Path) -> date | None:
    if isinstance(told, datetime):
        return told.date()
    if isinstance(told, date):
        return told
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", str(told or "")) or re.match(r"(\d{4})-(\d\d)-(\d\d)-", file.name)
    return date(*(int(part) for part in found.groups())) if found else None


def _says(day: date, html: str) -> bool:
    """True if a day is written on a page in one of the usual ways."""
    th = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(day.day, "th")
    ways = (f"{day}", f"{day.day} {day:%B} {day.year}", f"{day.day}{th} {day:%B} {day.year}", f"{day:%B} {day.day}, "
            f"{day.year}", f"{day:%d} {day:%B} {day.year}", f"{day:%d/%m/%Y}", f"{day.day} {day:%b} {day.year}",
            f"{day:%d} {day:%b} {day.year}", f"{day:%b} {day.day}, {day.year}", f"{day:%b} {day:%d}, {day.year}",
            f"{day:%B} {day:%d}, {day.year}")  # fmt: skip
    return any(way in html for way in ways)


def _pictures(body: str, html: str, path: str, built: Path) -> Iterator[Path]:
    """Yield the files of the pictures that a source names; the large one where a small one leads to it."""
    larger = {
        unquote(urlsplit(urljoin(f"http://x{path}", image.attributes.get("src") or "")).path): link.attributes["href"]
        for link in LexborHTMLParser(html).css("a[href]")
        for image in link.css("img[src]")
        if re.search(r"\.(jpe?g|png|webp)$", link.attributes["href"] or "", re.IGNORECASE)
    }
    for match in _PICTURE.finditer(body):
        named = match[1] or match[2]
        place = unquote(urlsplit(urljoin(f"http://x{path}", named)).path)
        place = unquote(urlsplit(urljoin(f"http://x{path}", larger.get(place) or place)).path)
        file = built / place.lstrip("/")
        drawn = file.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".gif")
        if drawn and file.is_file() and Path(place).name in unquote(html):
            yield file


def audit(folder: Path, url: str) -> tuple[list[dict[str, object]], list[str]]:
    """Set a workspace up, collect, and return its posts and what the audit said."""
    command = [sys.executable, "-m", "auditbot"]
    if not folder.exists():
        _collect(command, folder, url)
    workspace = [*command, "--workspace", str(folder)]
    posts = subprocess.run([*workspace, "posts", "--json"], capture_output=True, text=True, check=True).stdout
    with closing(sqlite3.connect(folder / "data" / "auditbot.db")) as store:
        told = [*store.execute("SELECT * FROM coverage"), *store.execute("SELECT * FROM not_checked")]
    return [json.loads(line) for line in posts.splitlines()], [" | ".join(map(str, row)) for row in told]


def _collect(command: list[str], folder: Path, url: str) -> None:
    subprocess.run(
        [*command, "init", str(folder), "--school", "The School", "--website", url],
        stdin=subprocess.DEVNULL, capture_output=True, check=True,
    )  # fmt: skip
    settings = folder / "config" / "auditbot.toml"
    text = settings.read_text("utf-8").replace("# allow_loopback = []", f'allow_loopback = ["{urlsplit(url).netloc}"]')
    settings.write_text(text.replace("# delay_seconds = 1.0", "delay_seconds = 0.0"), "utf-8")
    audited = [*command, "--workspace", str(folder), "audit", "--stage", "collect"]
    subprocess.run(audited, capture_output=True, check=False)


def compare(wanted: list[Truth], posts: list[dict[str, object]]) -> None:
    """Print the figures, and every miss."""
    found = {urlsplit(str(post["url"])).path.rstrip("/"): post for post in posts}
    everywhere = {photo["sha256"] for post in posts for photo in post["photos"]}  # type: ignore[attr-defined]
    counts = dict.fromkeys(("posts", "words", "photos", "comments", "dates", "titles"), 0)
    of = dict.fromkeys(counts, 0) | {"posts": len(wanted)}
    for truth in wanted:
        post = found.get(truth.path.rstrip("/")) or found.get(truth.path.removesuffix(".html"))
        of["words"] += len(truth.words)
        of["photos"] += len(truth.photos)
        of["comments"] += len(truth.comments)
        of["dates"] += truth.day is not None
        of["titles"] += bool(truth.title)
        if post is None:
            print("  no post:", truth.path, len(truth.words), "words", len(truth.photos), "photos")
            counts["photos"] += len(truth.photos.keys() & everywhere)
            continue
        counts["posts"] += 1
        more = [str(each.get("text", "")) for each in (*post.get("words", []), *post.get("comments", []))]  # type: ignore[misc]
        more += [f"{photo.get('caption', '')} {photo.get('alt', '')}" for photo in post["photos"]]  # type: ignore[attr-defined]
        said = set(_WORD.findall(" ".join([str(post["title"]), str(post["text"]), *more])))
        lost = [word for word in truth.words if word not in said]
        counts["words"] += len(truth.words) - len(lost)
        if lost:
            print(f"  words: {truth.path} {len(lost)} of {len(truth.words)}: {' '.join(lost[:12])}")
        counts["photos"] += len(truth.photos.keys() & everywhere)
        own = {photo["sha256"] for photo in post["photos"]}  # type: ignore[attr-defined]
        for sha256, name in truth.photos.items():
            if sha256 not in own:
                print(f"  photo: {truth.path} {name} ({'elsewhere' if sha256 in everywhere else 'NOWHERE'})")
        spoken = [str(each.get("text", "")).strip() for each in post.get("comments", [])]  # type: ignore[attr-defined]
        counts["comments"] += sum(comment in spoken for comment in truth.comments)
        if left := [comment for comment in truth.comments if comment not in spoken]:
            print(f"  comments: {truth.path} {len(left)} of {len(truth.comments)}: {left[:3]}")
        if truth.day is not None:
            shown = str(post["published_at"] or "")[:10]
            counts["dates"] += shown == truth.day.isoformat()
            if shown != truth.day.isoformat():
                print(f"  date: {truth.path} {truth.day} read as {shown or 'none'}")
        if truth.title:
            same = _WORD.findall(truth.title.lower()) == _WORD.findall(str(post["title"]).lower())
            counts["titles"] += same
            if not same:
                print(f"  title: {truth.path} {truth.title!r} read as {post['title']!r}")
    others = sorted({urlsplit(str(post["url"])).path for post in posts} - {truth.path for truth in wanted})
    print("  further posts:", len(others), others[:30])
    print("  authors:", sorted({str(post["author"]) for post in posts})[:12])
    print({name: f"{counts[name]}/{of[name]}" for name in counts})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("built", type=Path, nargs="?")
    parser.add_argument("sources", type=Path, nargs="?")
    parser.add_argument("--url", help="where the site's own software serves it")
    parser.add_argument("--truth", type=Path, help="what that software says it publishes")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--origin", default="", help="the address that the built pages name as their own")
    parser.add_argument("--keep", type=Path, help="keep the workspace here; one that is there is only compared")
    options = parser.parse_args()
    if options.truth:
        wanted, served, url = list(read_truth(options.truth)), None, options.url
    else:
        wanted = list(truths(options.built, options.sources))
        served = Served(options.built, options.port, options.origin)
        url = f"{served.url}/"
    with tempfile.TemporaryDirectory() as folder:
        posts, said = audit(options.keep or Path(folder) / "workspace", url)
    compare(wanted, posts)
    print("  " + "\n  ".join(said))
    if served:
        print(f"  {served.asked} requests")


if __name__ == "__main__":
    main()
