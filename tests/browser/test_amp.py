"""A short form for telephones (AMP) is a view of its post, whatever leads to it."""

from __future__ import annotations

import pytest

from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import CollectSite, article, listing, photo, sha256

LARGE = photo("owl", 900, 600)
SET = "<amp-img src='/s.jpg' srcset='/s.jpg 320w, /l.jpg 900w' width=900 height=600></amp-img>"


def lay_out(site: LittleServer) -> None:
    own = article("Owls", "<p>Maya found an owl by the pond in the morning.</p><img src='/l.jpg'>")
    site.routes |= {
        "/owls": own.replace("</head>", "<link rel='amphtml' href='/owls/amp'></head>"),
        "/owls/amp": "<!doctype html><html ⚡><head><title>Owls</title><link rel='canonical' href='/owls'></head><body>"
        f"<article><h1>Owls</h1><p>Maya found an owl by the pond in the morning.</p>{SET}</article></body></html>",
        "/wrens": article("Wrens", "<p>Words.</p><a href='/owls/amp'>quick</a>"),
        "/s.jpg": Answer(photo("owl"), "image/jpeg"),
        "/l.jpg": Answer(LARGE, "image/jpeg"),
    }


@pytest.mark.parametrize("listed", ["/owls", "/owls/amp"])
@pytest.mark.parametrize("mapped", [True, False])
def test_both_forms_are_one_post(site: LittleServer, collect: CollectSite, listed: str, mapped: bool) -> None:
    lay_out(site)
    site.routes["/"] = listing(listed, "/wrens")
    if mapped:
        urls = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in ("/owls", "/owls/amp", "/wrens"))
        site.routes["/sitemap.xml"] = Answer(f"<urlset>{urls}</urlset>", "application/xml")
    found = collect()
    assert set(found.posts) == {"/owls", "/wrens"}
    assert [use.sha256 for use in found.posts["/owls"].photos] == [sha256(LARGE)]
    assert found.coverage.status == "complete"


def test_a_short_form_whose_post_is_gone_is_read_itself(site: LittleServer, collect: CollectSite) -> None:
    lay_out(site)
    site.routes |= {"/": listing("/owls/amp", "/wrens"), "/owls": Answer("<h1>Gone</h1>", status=404)}
    found = collect()
    assert [use.sha256 for use in found.posts["/owls/amp"].photos] == [sha256(LARGE)]
