"""The demo school's site: every page answers, every photo is there, and the planted list is true to the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

import pypdfium2
import pytest
import urllib3
from selectolax.lexbor import LexborHTMLParser

import auditbot.demo
from auditbot.check.clauses import CHECKED_CLAUSES
from auditbot.demo.news import DemoPost, read_posts
from auditbot.demo.site import build_site, demo_site
from auditbot.examine.films import spoken
from auditbot.examine.images import DecodedImage, decode
from auditbot.examine.words import WordReader
from auditbot.registers.policy import read_policy
from tests.reading import first

PHOTOS = Path(auditbot.demo.__file__).parent / "site" / "photos"
NOTICE = (
    "Nobody on these pages exists: the school, its people and its news are made up, "
    "and the children are computer-drawn."
)


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    with demo_site() as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture(scope="module")
def posts() -> dict[str, DemoPost]:
    return {post.path: post for post in read_posts()}


def load(repository: Path, name: str) -> Any:
    return json.loads((repository / "tests" / "data" / name).read_text("utf-8"))


def get(address: str, **headers: str) -> urllib3.BaseHTTPResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return urllib3.request("GET", address, headers=named, redirect=False, retries=False)


def page(root: str, path: str) -> LexborHTMLParser:
    answer = get(root + path)
    assert answer.status == 200
    return LexborHTMLParser(answer.data.decode("utf-8"))


def test_listing_pages_lead_to_every_post_but_the_one_only_the_sitemap_knows(
    root: str, posts: dict[str, DemoPost]
) -> None:
    path: str | None = "/news/"
    found: list[str | None] = []
    pages = 0
    while path:
        listing = page(root, path)
        pages += 1
        found += [link.attributes["href"] for link in listing.css("article.hentry a.u-url")]
        following = listing.css_first("nav a[rel=next]")
        path = following.attributes["href"] if following else ""
    assert len(posts) >= 44
    assert pages >= 5
    assert len(found) == len(set(found))
    hidden = set(posts) - set(found)
    assert hidden == {"/news/2026/07/summer-holiday-dates/"}
    sitemap = get(f"{root}/sitemap.xml").data.decode("utf-8")
    assert all(path in sitemap for path in hidden)


def test_the_feed_holds_the_last_ten_posts(root: str, posts: dict[str, DemoPost]) -> None:
    feed = get(f"{root}/feed.xml")
    assert feed.headers["Content-Type"].startswith("application/rss+xml")
    links = re.findall(r"<item>.*?<link>http://www\.larkmere\.example(.*?)</link>", feed.data.decode("utf-8"), re.S)
    assert links == list(posts)[:10]


def test_every_post_is_served_whole(root: str, posts: dict[str, DemoPost]) -> None:
    for path, post in posts.items():
        shown = page(root, path)
        article = shown.css_first("article.h-entry")
        assert article is not None
        assert first(article, "h1.p-name").text() == post.title
        assert first(article, "time.dt-published").attributes["datetime"] == post.date
        assert post.date.endswith(("+01:00", "+00:00"))
        assert first(article, ".p-author").text(strip=True) == post.author
        assert all(paragraph in article.text() for paragraph in post.paragraphs)
        assert NOTICE in first(shown, "footer").text()


def test_every_page_says_that_nobody_exists(root: str) -> None:
    for path in ("/", "/about/", "/staff/", "/contact/", "/news/", "/news/page/2/"):
        assert NOTICE in first(page(root, path), "footer").text()


def test_everything_a_page_refers_to_is_there() -> None:
    """Every link, photo, style sheet, script and rendition of every page is served, so no finding comes from a slip."""
    site = build_site()
    pages = {path: LexborHTMLParser(r.content.decode()) for path, r in site.items() if "html" in r.content_type}
    for path, shown in pages.items():
        wanted = [node.attributes.get(name) for name in ("href", "src", "data-src") for node in shown.css(f"[{name}]")]
        wanted += [
            part.split()[0] for node in shown.css("[srcset]") for part in (node.attributes["srcset"] or "").split(",")
        ]
        wanted += re.findall(r"url\('(.*?)'\)", shown.html or "")
        for target in wanted:
            if target and not target.startswith(("data:", "mailto:", "#")):
                assert urlsplit(urljoin(path, target)).path in site, f"{path} refers to {target}"


def test_an_unchanged_file_is_not_sent_again(root: str) -> None:
    for path in ("/news/", "/media/relay-team.jpg", "/documents/summer-newsletter-2026.pdf"):
        first = get(root + path)
        assert (first.status, first.headers["Content-Length"]) == (200, str(len(first.data)))
        for header, value in (
            ("If_None_Match", first.headers["ETag"]),
            ("If_Modified_Since", first.headers["Last-Modified"]),
        ):
            again = get(root + path, **{header: value})
            assert (again.status, again.data) == (304, b"")
        assert get(root + path, If_None_Match='"another"').status == 200


def test_what_is_not_there_is_not_found_and_a_missing_slash_is_added(root: str) -> None:
    assert get(f"{root}/news/2026/06/nothing/").status == 404
    assert get(f"{root}/../posts.toml").status == 404
    moved = get(f"{root}/news")
    assert (moved.status, moved.headers["Location"]) == (301, "/news/")


def test_head_answers_without_a_body(root: str) -> None:
    answer = urllib3.request("HEAD", f"{root}/media/relay-team.jpg", retries=False)
    assert (answer.status, answer.headers["Content-Type"], answer.data) == (200, "image/jpeg", b"")


def test_photos_stand_on_the_pages_in_many_ways(posts: dict[str, DemoPost]) -> None:
    ways = {photo.show for post in posts.values() for photo in post.photos}
    assert ways == {"plain", "srcset", "lazy", "picture", "thumbnail", "background", "gallery"}
    assert [post for post in posts.values() for comment in post.comments if comment.photo]


def test_the_file_that_is_cut_short_is_the_only_one(repository: Path) -> None:
    cut = [path.name for path in sorted(PHOTOS.glob("*.jpg")) if not path.read_bytes().endswith(b"\xff\xd9")]
    assert cut == [load(repository, "demo_findings.json")["not_checked"][0]["photo"]]


def test_every_photo_has_a_licence_line_and_a_truth(repository: Path) -> None:
    licences = (PHOTOS / "LICENCES.md").read_text("utf-8")
    truth = load(repository, "demo_truth.json")
    assert "CC0 1.0" in licences
    pictures = [path for path in PHOTOS.iterdir() if path.suffix != ".md"]
    stems = {re.sub(r"-(240|480|800)$", "", path.stem) for path in pictures}
    assert stems == {PurePosixPath(name).stem for name in truth if not name.endswith((".pdf", ".webm"))}
    for name, people in truth.items():
        assert f"`{name}`" in licences or name.endswith(".pdf")
        assert all(re.fullmatch(r"[PA]\d{3}", person) for person in people)


def test_the_demo_stays_small(repository: Path) -> None:
    def megabytes(folder: Path) -> float:
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6

    assert megabytes(repository / "auditbot" / "demo") < 9
    assert megabytes(repository / "consent" / "photos") < 2


# --- the planted list -----------------------------------------------------------------------------------------------


def test_planted_ids_are_unique_and_clauses_known(repository: Path) -> None:
    listed = load(repository, "demo_findings.json")
    entries = [*listed["planted"], *listed["lookalikes"]]
    assert len({entry["id"] for entry in entries}) == len(entries)
    assert {entry["clause"] for entry in entries} <= set(read_policy(repository / "config" / "policy.toml"))
    assert {entry["clause"] for entry in entries} >= set(CHECKED_CLAUSES)
    assert len(listed["lookalikes"]) >= len(listed["planted"])


def test_every_entry_is_true_to_its_page(root: str, repository: Path) -> None:
    listed = load(repository, "demo_findings.json")
    on_pages = [entry for entry in (*listed["planted"], *listed["lookalikes"]) if entry["post"]]
    for entry in on_pages:
        where, shown = entry["where"], page(root, entry["post"])
        if "photo" in where:
            assert f"/{where['photo']}" in (shown.html or ""), entry["id"]
        if "field" in where:
            assert where["characters"] in published(root, entry, shown), entry["id"]


def published(root: str, entry: dict[str, Any], shown: LexborHTMLParser) -> str:
    """Return the text of the page in which the characters have to stand."""
    where = entry["where"]
    selectors = {
        "title": "article h1",
        "text": ".e-content p, main > p, .staff b",
        "author": ".p-author",
        "caption": "figcaption",
        "comment text": ".comment-content",
        "comment author": ".comment .p-author",
    }
    if where["field"] in selectors:
        return "\n".join(node.text() for node in shown.css(selectors[where["field"]]))
    if where["field"] == "alt":
        return "\n".join(node.attributes.get("alt") or "" for node in shown.css("article img"))
    if where["field"] == "document text":
        link = first(shown, ".document a").attributes["href"]
        document = pypdfium2.PdfDocument(get(f"{root}{link}").data)
        text = "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
        return re.sub(r"\s+", " ", text)
    if where["field"] == "captions text":
        return spoken(get(root + (first(shown, "track").attributes["src"] or "")).data.decode("utf-8"))
    if where["field"] == "words in photo":
        rgb = decode(PHOTOS / where["photo"], 120)
        assert isinstance(rgb, DecodedImage)
        return "\n".join(line.text for line in WordReader().read(rgb.rgb))
    return str({"address": entry["post"], "file name": where.get("photo", "")}[where["field"]])


def test_the_truth_agrees_with_the_planted_pupils(repository: Path) -> None:
    truth = load(repository, "demo_truth.json")
    for entry in load(repository, "demo_findings.json")["planted"]:
        if entry["clause"] == "C11":
            alike = set(entry.get("alike", ()))  # named beside the right pupil, although not in the picture
            shown = set(entry["pupil_ids"]) - alike
            assert bool(shown) == bool(entry["pupil_ids"]), entry["id"]
            assert shown <= set(truth[entry["where"]["photo"]]), entry["id"]
