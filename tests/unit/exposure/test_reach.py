"""What a site answers of its reach, and the word by which somebody shows that they answer for it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from auditbot.exposure.exposed import Inside, Reach, exposed_photos
from auditbot.exposure.guidance import Standing, guidance
from auditbot.exposure.image_sitemaps import as_compared
from auditbot.exposure.reach import ask, fetch_again, is_listing, word_of_proof
from auditbot.exposure.summary import summed
from auditbot.exposure.worklist import exposure_csv
from auditbot.model import PhotoUse
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import Answer, LittleServer, Route
from tests.unit.exposure.test_exposed_photos import CLEAR, face, facts, post

SECRET = b"a machine's own secret"


@pytest.fixture
def little() -> Iterator[LittleServer]:
    server = LittleServer()
    yield server
    server.close()


def settings(little: LittleServer) -> Settings:
    return Settings(School("Larkmere"), collect=Collect(delay_seconds=0.0, allow_loopback=(little.address,)))


def test_another_machine_or_site_has_another_word_and_www_is_the_same_site() -> None:
    word = word_of_proof(SECRET, "https://www.larkmere.example/news/")
    assert word == word_of_proof(SECRET, "http://larkmere.example/")
    others = {
        word_of_proof(SECRET, "https://larkmere2.example/"),
        word_of_proof(b"another", "https://larkmere.example/"),
    }
    assert word not in others and len(others) == 2


@pytest.mark.parametrize(
    ("routes", "proved"),
    [
        ({}, False),
        ({"/": "<html><head></head></html>"}, False),
        ({"/": '<meta name="auditbot" content="WORD">'}, True),
        ({"/": "<META content='WORD' name='auditbot'/>"}, True),
        ({"/": '<meta name="auditbot" content="anothers-word">'}, False),
        ({"/": '<p>auditbot WORD</p><meta name="generator" content="WORD">'}, False),
        ({"/auditbot-WORD.txt": "WORD\n"}, True),
        ({"/auditbot-WORD.txt": "\ufeffWORD\r\n"}, True),
        ({"/auditbot-WORD.txt": "this page does not exist"}, False),
        ({"/auditbot-WORD.txt": "/auditbot-WORD.txt was not found"}, False),
        ({"/auditbot-WORD.txt": "<h1>Nothing at /auditbot-WORD.txt</h1>"}, False),
        ({"/auditbot-WORD.txt": "<p>WORD</p>"}, False),
        ({"/auditbot-WORD.txt": "WORD\n", "/robots.txt": "User-agent: *\nDisallow: /auditbot"}, False),
    ],
)
def test_a_word_on_the_site_is_proof(little: LittleServer, routes: dict[str, Route], proved: bool) -> None:
    word = word_of_proof(SECRET, little.url)
    for path, body in routes.items():
        little.routes[path.replace("WORD", word)] = Answer(str(body).replace("WORD", word))
    assert ask(f"{little.url}/", [], settings(little), word, {}).proved is proved


def test_what_search_engines_may_keep_and_which_folders_lie_open(little: LittleServer) -> None:
    little.routes |= {
        "/robots.txt": "User-agent: Googlebot-Image\nDisallow: /closed/\n",
        "/open/": "<title>Index of /open/</title>",
        "/closed/": "<title>Our gallery</title>",
    }
    places = {1: "open", 2: "closed", 3: "open"}
    posts = [post(n, PhotoUse(f"{little.url}/{place}/{n}.jpg", str(n))) for n, place in places.items()]
    posts[2] = replace(posts[2], noindex=True)
    elsewhere = post(4, PhotoUse("https://cdn.example/4.jpg", "4"))
    reach = ask(f"{little.url}/", [*posts, elsewhere], settings(little), "word", {}).reach
    assert reach.open_folders == {f"{little.url}/open/"}
    assert reach.searchable == {posts[0].url}
    assert reach.not_known == {elsewhere.url}
    assert not any("cdn.example" in asked for asked in little.paths())


@pytest.mark.parametrize(("place", "named"), [("/", False), ("/sitemap.xml", False), ("/maps/one.xml", True)])
def test_nothing_is_asked_for_that_robots_txt_shuts(little: LittleServer, place: str, named: bool) -> None:
    rules = f"User-agent: *\nDisallow: {place}\nAllow: /robots.txt\n" + f"Sitemap: {little.url}{place}\n" * named
    little.routes |= {"/robots.txt": rules, place: sitemap(f"{little.url}/a.jpg")}
    one = post(1, PhotoUse(f"{little.url}/pictures/1.jpg", "1"))
    assert ask(f"{little.url}/", [one], settings(little), "word", {}).reach.offered == frozenset()
    assert not [path for path in little.paths() if path.startswith(place) and path != "/robots.txt"]


@pytest.mark.parametrize(
    ("host", "noindex", "answer", "standing"),
    [
        ("school.example", False, "yes", Standing.NOT_MET),
        ("cdn.example", False, "not known", Standing.NOT_SEEN),
        ("cdn.example", True, "no", Standing.MET),
    ],
)
def test_what_another_host_tells_search_engines_is_not_known(
    host: str, noindex: bool, answer: str, standing: Standing
) -> None:
    one = replace(post(1, PhotoUse(f"https://{host}/a.jpg", "a")), noindex=noindex)
    shown = [one.url] if not noindex else []
    away = host != "school.example"
    reach = Reach(frozenset([] if away else shown), not_known=frozenset(shown if away else []))
    exposure = summed(exposed_photos([one], {"a": facts("a", face(CLEAR))}, reach), 1)
    (row,) = csv.DictReader(io.StringIO(exposure_csv(exposure, frozenset())))
    points = {point.asked: point for point in guidance(exposure, searchable_known=True)}
    point = points["Keep photos out of search engines’ reach"]
    assert (row["searchable"], point.standing) == (answer, standing)
    assert ("another host it is not known" in point.seen) is (answer == "not known")


SITEMAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:i='{1}'>{0}</urlset>"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"


def sitemap(*pictures: str) -> Answer:
    """A page with these pictures, as a sitemap lists them."""
    listed = "".join(f"<i:image><i:loc>{picture}</i:loc></i:image>" for picture in pictures)
    page = f"<url><loc>https://school.example/a.jpg</loc>{listed}</url>"
    return Answer(SITEMAP.format(page, IMAGES), kind="application/xml")


@pytest.mark.parametrize("named", [True, False])
def test_photos_that_a_sitemap_offers_to_search_engines(little: LittleServer, named: bool) -> None:
    place = "/pictures.xml" if named else "/sitemap.xml"
    away = "https://cdn.example/away.xml"
    little.routes |= {
        "/robots.txt": f"Sitemap: {little.url}/pictures.xml\nSitemap: {away}\n" if named else "",
        place: Answer(
            f"<sitemapindex><sitemap><loc>{little.url}/one.xml</loc></sitemap>"
            f"<sitemap><loc>{place}</loc></sitemap><sitemap><loc>{away}</loc></sitemap></sitemapindex>",
            kind="application/xml",
        ),
        "/one.xml": sitemap(f"{little.url}/media/sports%20day.jpg", "https://www.cdn.example/b.jpg?w=9"),
    }
    reach = ask(f"{little.url}/", [], settings(little), "word", {}).reach
    host = little.url.removeprefix("http://")
    assert reach.offered == {f"{host}/media/sports day.jpg", "cdn.example/b.jpg?w=9"}
    assert as_compared(f"{little.url}/media/sports day.jpg#x") in reach.offered
    assert little.paths().count(place) == little.paths().count("/one.xml") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x1f\x8bno",
        b"<urlset><url><image:loc>x</urlset>",
        b"https://a.example/b.jpg\n",
        b"<urlset><url><image><loc>http://[no/a.jpg</loc></image></url></urlset>",
    ],
)
def test_a_damaged_sitemap_offers_nothing(little: LittleServer, body: bytes) -> None:
    little.routes["/sitemap.xml"] = Answer(body, kind="application/xml")
    assert ask(f"{little.url}/", [], settings(little), "word", {}).reach.offered == frozenset()


def test_files_that_are_away_are_asked_for_once_more_and_taken_only_if_they_are_the_same(
    little: LittleServer, tmp_path: Path
) -> None:
    same, changed = b"the same picture", b"another picture by now"
    little.routes |= {
        "/robots.txt": "User-agent: *\nDisallow: /private/\n",
        "/same.jpg": Answer(same), "/changed.jpg": Answer(changed), "/private/p.jpg": Answer(b"private"),
    }  # fmt: skip
    known = {hashlib.sha256(body).hexdigest(): path for body, path in (
        (same, "/same.jpg"), (b"as it was", "/changed.jpg"), (b"private", "/private/p.jpg"), (b"here", "/here.jpg"),
    )}  # fmt: skip
    one = post(1, *(PhotoUse(f"{little.url}{path}", sha256) for sha256, path in known.items()))
    photos = exposed_photos([one], {sha256: facts(sha256, face(CLEAR)) for sha256 in known})
    inside = replace(photos[0], sha256="inside", url=f"{little.url}/letter.pdf#page=1", inside=Inside.DOCUMENT)
    here = hashlib.sha256(b"here").hexdigest()
    got = fetch_again(f"{little.url}/", [*photos, inside], {here}, tmp_path, settings(little), {})
    assert {path.read_bytes() for path in got.values()} == {same}
    assert set(little.paths()) == {"/robots.txt", "/same.jpg", "/changed.jpg"}


FOLDER = "https://school.example/photos/2026/"


@pytest.mark.parametrize(
    ("page", "listing"),
    [
        ("<title>Index of /photos/2026</title>", True),
        ('<h1>/photos/2026/</h1><a href="..">up</a><a href="./a.jpg">a.jpg</a> <a href="./b.jpg">b.jpg</a>', True),
        ('<a href="?sort=size">Size</a><a href="old/">old</a><a href="a.jpg">a.jpg</a>', True),
        ("<?xml version='1.0'?><ListBucketResult><Key>photos/2026/a.jpg</Key></ListBucketResult>", True),
        ('<a href="/">Home</a><a href="/news/">News</a><a href="a.jpg">Large</a>', False),
        ('<a href="a.jpg"><img src="a.jpg"></a><a href="b.jpg"><img src="b.jpg"></a>', False),
        ('<a href="autumn.html">Autumn</a><a href="spring.html">Spring</a>', False),
        ("<p>Not found</p>", False),
        ("", False),
    ],
)
def test_a_folder_lies_open_whatever_server_writes_its_list(page: str, listing: bool) -> None:
    assert is_listing(page.encode(), FOLDER) is listing
