"""Maps of a site that name another host: what leads here is this site, what does not is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auditbot.model import Why
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import Collected, CollectSite, article

OWN = "http://larkmere.example"


def urlset(*urls: str) -> Answer:
    return Answer("<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>", "application/xml")


def index(*urls: str) -> Answer:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return Answer(f"<sitemapindex>{entries}</sitemapindex>", "application/xml")


def robots(*maps: str) -> Answer:
    return Answer("User-agent: *\nDisallow:\n" + "".join(f"Sitemap: {each}\n" for each in maps), "text/plain")


@pytest.fixture
def other() -> Iterator[LittleServer]:
    server = LittleServer()
    yield server
    server.close()


def lay_out(site: LittleServer, **routes: Answer) -> None:
    site.routes |= {
        "/": "<main><h1>Larkmere</h1><p>Welcome to our school by the mere.</p></main>",
        **{f"/{name}": article(name, f"<p>What {name} did by the pond.</p>") for name in ("owls", "wrens")},
        **routes,
    }


def look(collect: CollectSite, site: LittleServer, other: LittleServer) -> Collected:
    here, there = ((server.address.split(":")[0], int(server.address.split(":")[1])) for server in (site, other))
    hosts = dict.fromkeys(("larkmere.example", "www.larkmere.example"), here)
    hosts |= dict.fromkeys(("old.example", "maps.example", "elsewhere.example"), there)
    return collect(url=f"{OWN}/", local_hosts=hosts, allow_loopback=(site.address, other.address))


POSTS = ("owls", "wrens")
TWINS = {
    "the twin with www": {"/robots.txt": robots("http://www.larkmere.example/m.xml"),
                          "/m.xml": urlset(*(f"http://www.larkmere.example/{name}" for name in POSTS))},
    "the twin by another scheme": {"/robots.txt": robots("https://larkmere.example/m.xml"),
                                   "/m.xml": urlset(*(f"{OWN}/{name}" for name in POSTS))},
    "an address without its host": {"/robots.txt": robots("/m.xml"), "/m.xml": urlset(*(f"/{name}" for name in POSTS))},
    "an old host that leads here": {"/robots.txt": robots("http://old.example/m.xml"),
                                    "/m.xml": urlset(*(f"http://old.example/{name}" for name in POSTS))},
    "an old host in an index": {"/sitemap.xml": index("http://old.example/m.xml"),
                                "/m.xml": urlset(f"{OWN}/owls", "http://old.example/wrens", f"{OWN}/")},
    "one page at an old host among others": {"/sitemap.xml": urlset(f"{OWN}/owls", f"{OWN}/", "http://old.example/wrens")},
}  # fmt: skip


@pytest.mark.parametrize("name", TWINS)
def test_a_map_at_another_name_of_the_site_is_read_as_its_own(
    name: str, site: LittleServer, other: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, **TWINS[name])

    def lead_here(asked: Asked) -> Answer:
        return Answer(status=301, headers={"Location": f"{OWN}{asked.path}"})

    other.routes |= dict.fromkeys(("/m.xml", "/owls", "/wrens"), lead_here)
    found = look(collect, site, other)
    assert {"/owls", "/wrens"} <= set(found.posts)
    assert not [note for note in found.not_checked if note.why is Why.OTHER_HOST]
    assert found.coverage.status == "complete"


def test_a_map_at_another_site_is_told_and_no_page_of_it_is_read(
    site: LittleServer, other: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, **{"/robots.txt": robots("http://maps.example/larkmere.xml")})
    other.routes["/larkmere.xml"] = urlset(f"{OWN}/owls")
    found = look(collect, site, other)
    (note,) = [note for note in found.not_checked if note.why is Why.OTHER_HOST]
    assert note.url == "http://maps.example/larkmere.xml"
    assert not note.aside
    assert found.coverage.status == "partial"


def test_a_map_that_the_site_has_too_leaves_no_gap(
    site: LittleServer, other: LittleServer, collect: CollectSite
) -> None:
    lay_out(
        site,
        **{"/robots.txt": robots("http://maps.example/m.xml"), "/m.xml": urlset(f"{OWN}/owls", f"{OWN}/wrens")},
    )
    found = look(collect, site, other)
    assert {"/owls", "/wrens"} <= set(found.posts)
    (note,) = [note for note in found.not_checked if note.why is Why.OTHER_HOST]
    assert note.aside
    assert found.coverage.status == "complete"


def test_pages_of_another_site_in_a_map_are_told_with_their_number(
    site: LittleServer, other: LittleServer, collect: CollectSite
) -> None:
    away = [f"http://elsewhere.example/{number}" for number in range(2)]
    lay_out(site, **{"/sitemap.xml": urlset(f"{OWN}/owls", f"{OWN}/wrens", f"{OWN}/", *away)})
    other.routes |= {f"/{number}": article("Away", "<p>Words of another school.</p>") for number in range(2)}
    found = look(collect, site, other)
    (note,) = [note for note in found.not_checked if note.why is Why.OTHER_HOST]
    assert "names 2 at elsewhere.example" in note.reason
    assert other.paths() == ["/0"]
    assert set(found.posts) == {"/", "/owls", "/wrens"}


def test_a_usual_place_is_asked_where_the_named_map_lists_nothing(
    site: LittleServer, other: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, **{"/robots.txt": robots(f"{OWN}/gone.xml"), "/sitemap.xml": urlset(f"{OWN}/owls", f"{OWN}/wrens")})
    assert {"/owls", "/wrens"} <= set(look(collect, site, other).posts)
