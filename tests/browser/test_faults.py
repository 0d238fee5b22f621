"""A fault of our own is logged with the way that led there and named in the report; what else there is is read."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from auditbot.collect.post.post import read_post
from auditbot.collect.website import crawl
from auditbot.model import Why
from tests.browser.little_server import LittleServer
from tests.browser.small_site import CollectSite, article, listing


def three_posts(site: LittleServer) -> None:
    site.routes["/"] = listing("/a", "/b", "/c")
    site.routes |= {name: article(name, f"<p>Text of {name}.</p>") for name in ("/a", "/b", "/c")}


def test_a_fault_in_one_page_leaves_the_others(
    site: LittleServer, collect: CollectSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    three_posts(site)
    real = read_post

    def broken(*given: Any) -> Any:
        post: Any = real(*given)
        return post.nothing if post.url.endswith("/b") else post

    monkeypatch.setattr(crawl, "read_post", broken)
    with caplog.at_level(logging.ERROR, logger="auditbot"):
        found = collect()
    assert sorted(found.posts) == ["/a", "/c"]
    (note,) = found.not_checked
    assert (note.url, note.why, note.aside) == (f"{site.url}/b", Why.FAULT, False)
    assert "fault in this program" in note.reason
    assert found.coverage.status == "partial"
    (record,) = caplog.records
    carried = record.auditbot  # type: ignore[attr-defined]
    assert (carried["where"], carried["account"], carried["error"]) == ("collect", "website", "AttributeError")
    assert any("test_faults" in step for step in carried["trace"])


def test_a_fault_in_a_source_names_the_account(
    site: LittleServer, collect: CollectSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    three_posts(site)
    monkeypatch.setattr(crawl.Website, "events", lambda self: 1 / 0)
    with caplog.at_level(logging.ERROR, logger="auditbot"):
        found = collect()
    assert (found.coverage.status, [note.why for note in found.not_checked]) == ("error", [Why.FAULT])
    assert [record.auditbot["error"] for record in caplog.records] == ["ZeroDivisionError"]  # type: ignore[attr-defined]
