"""``audit --post URL``: one post is looked at once more, as soon as somebody says that it was taken down."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from auditbot.decisions.event import Action
from auditbot.decisions.ledger import Ledger
from tests.browser.little_server import Answer, LittleServer
from tests.cli.conftest import MakeSchool, School, small, visit

STAGES = ("--stage", "collect", "--stage", "examine", "--stage", "check")
FOOT = "<footer>Larkmere Infant School</footer>"


def page(title: str, words: str) -> str:
    return (
        f"<html><head><title>{title}</title></head><body><main><article><h1>{title}</h1>"
        f"<time datetime='2026-11-10'>10 November 2026</time><p>{words}</p></article></main>{FOOT}</body></html>"
    )


@pytest.fixture
def site() -> Iterator[LittleServer]:
    photo = (files("auditbot.demo") / "site" / "photos" / "pond-dipping.jpg").read_bytes()
    more = "The children enjoyed the whole morning and talked about it for days. " * 3
    server = LittleServer(
        {
            "/": "<html><body><main><h1>News</h1><ul><li><a href='/news/chess/'>Chess club results</a></li>"
            f"<li><a href='/news/pond/'>Pond dipping in the garden</a></li></ul></main>{FOOT}</body></html>",
            "/news/chess/": page("Chess club results", f"Kofi Mensah of Year 2 won the first tournament. {more}"),
            "/news/pond/": page("Pond dipping in the garden", f"<img src='/pond.jpg' alt='Newts'> {more}"),
            "/pond.jpg": Answer(photo, "image/jpeg"),
        }
    )
    yield server
    server.close()


def of_post(document: dict[str, Any], part: str) -> list[dict[str, Any]]:
    return [finding for finding in document["findings"] if finding["post_url"].endswith(part)]


@pytest.mark.slow
def test_one_post_is_looked_at_and_the_rest_stands_as_it_was(fresh: MakeSchool, site: LittleServer) -> None:
    school: School = small(fresh())
    visit(school, site)
    first = school.audit(*STAGES)
    assert of_post(first, "/news/chess/") and of_post(first, "/news/pond/")

    # A post that cannot be reached stays as it was, and the audit says so.
    whole = site.routes["/news/chess/"]
    site.routes["/news/chess/"] = Answer("busy", status=503)
    alone = school.audit("--post", f"{site.url}/news/chess/")
    assert all(finding["state"] != "gone" and not finding["removal"] for finding in of_post(alone, "/news/chess/"))
    assert [item for item in alone["not_checked"] if item["url"].endswith("/news/chess/")]

    # A photo that still answers at its own address is not gone.
    site.routes["/news/chess/"] = whole
    site.routes["/news/pond/"] = page("Pond dipping in the garden", "We saw newts. " * 30)
    told = of_post(school.audit("--post", f"{site.url}/news/pond/"), "/news/pond/")
    assert told and all(finding["state"] != "gone" for finding in told)
    assert any("still" in finding["removal"] for finding in told)

    # A post that was taken down is seen gone once; nothing else is asked for, and the next look proves it.
    site.routes["/news/chess/"] = Answer("gone", status=404)
    site.asked.clear()
    alone = school.audit("--post", f"{site.url}/news/chess/")
    assert {asked.path for asked in site.asked} == {"/news/chess/", "/robots.txt"}
    removed = of_post(alone, "/news/chess/")
    assert removed and all("checked once" in finding["removal"].lower() for finding in removed)
    assert alone["coverage"] == first["coverage"]
    again = school.audit("--post", f"{site.url}/news/chess/")
    assert {finding["state"] for finding in of_post(again, "/news/chess/")} == {"gone"}
    assert not list((school.folder / "reports").glob("2*"))  # no report is written

    # Both proofs are events of the case, written by the audit, and close it.
    with Ledger(school.folder / "data" / "decisions.db") as ledger:
        steps = [(event.draft.actor, event.action) for event in ledger.events()]
        assert ledger.verify() is None
    expected = [Action.SEEN_GONE] * len(removed) + [Action.PROVED, Action.CLOSE] * len(removed)
    assert steps == [("audit", action) for action in expected]

    refused = school.run("audit", "--post", f"{site.url}/news/never/")
    assert refused.returncode == 2 and "No audit has seen a post" in refused.stderr
