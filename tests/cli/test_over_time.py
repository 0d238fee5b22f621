"""What later audits do with what earlier ones found."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest

from auditbot.demo.site import build_site
from tests.browser.little_server import Answer, Asked, LittleServer, Route
from tests.cli.conftest import MakeSchool, School, ids, small, visit, without

Audited = tuple[School, dict[str, Any]]


def still_there(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [finding for finding in document["findings"] if finding["state"] != "gone"]


def test_a_second_audit_finds_the_same_and_calls_it_open(audited: Audited, demo: School) -> None:
    again = demo.audit()
    assert ids(again["findings"]) == ids(audited[1]["findings"])
    assert {finding["state"] for finding in audited[1]["findings"]} == {"new"}
    assert {finding["state"] for finding in again["findings"]} == {"open"}
    assert without(again["findings"][0], "state") == without(audited[1]["findings"][0], "state")


def test_a_withdrawal_is_a_finding_on_older_posts_without_a_page_visited(demo: School, audited: Audited) -> None:
    """Only the stages check and report run, with the demo site switched off: no page could be visited."""
    before = {finding["id"] for finding in audited[1]["findings"]}
    demo.replace("config/auditbot.toml", 'serve_as = "www.larkmere.example"', 'serve_as = ""')
    pupil = next(line for line in (demo.folder / "consent" / "pupils.csv").read_text().splitlines() if "P007," in line)
    header = (demo.folder / "consent" / "pupils.csv").read_text().splitlines()[0].split(",")
    cells = pupil.split(",")
    assert cells[header.index("website")] == "yes"
    cells[header.index("withdrawn_on")] = time.strftime("%Y-%m-%d")
    demo.replace("consent/pupils.csv", pupil, ",".join(cells))
    after = demo.audit("--stage", "check", "--stage", "report")
    new = [finding for finding in after["findings"] if finding["id"] not in before]
    assert {finding["state"] for finding in new} == {"new"}
    assert all("P007" in finding["pupils"] for finding in new)
    withdrawn = [finding for finding in new if finding["kind"] == "withdrawn_since"]
    # Where a face may be the pupil's and nobody is sure, a person is asked to look.
    assert {finding["kind"] for finding in new} <= {"withdrawn_since", "possible_no_permission"}
    assert withdrawn and all("permitted when posted" in finding["explanation"] for finding in withdrawn)
    report = (demo.folder / "reports" / "latest" / "report.html").read_text("utf-8")
    assert "Permission was withdrawn after it was posted" in report


def test_an_answer_changed_in_the_register_becomes_a_dated_answer(demo: School) -> None:
    history = demo.folder / "consent" / "consent_history.csv"
    before = history.read_bytes()
    path = demo.folder / "consent" / "pupils.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    column = header.split(",").index("website")
    cells = next(row for row in rows if row.startswith("P007,")).split(",")
    old = ",".join(cells)
    cells[column] = "no"
    demo.replace("consent/pupils.csv", old, ",".join(cells))
    after = demo.audit("--stage", "check")
    added = history.read_bytes().removeprefix(before).decode().splitlines()
    assert len(added) == 1 and added[0].startswith("P007,website,no,")
    assert "withdrawn_since" in {finding["kind"] for finding in after["findings"] if finding["pupils"] == ["P007"]}


@pytest.fixture
def site() -> Any:
    """The demo school's site on a server that remembers what it was asked."""
    server = LittleServer()
    for path, resource in build_site().items():
        server.routes[path] = _conditional(resource.content, resource.content_type, resource.etag)
    yield server
    server.close()


def _conditional(body: bytes, kind: str, etag: str) -> Route:
    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag, "Content-Type": ""})
        return Answer(body, kind, headers={"ETag": etag})

    return answer


def test_an_unchanged_site_costs_no_photo(fresh: MakeSchool, site: LittleServer) -> None:
    school = small(fresh())
    visit(school, site)
    first = school.audit("--since", "2026-11-01")
    sent = [asked for asked in site.asked if "/media/" in asked.path]
    assert sent
    site.asked.clear()
    second = school.audit("--since", "2026-11-01")
    photos = [asked for asked in site.asked if "/media/" in asked.path]
    assert photos and all("if-none-match" in asked.headers for asked in photos)
    assert "Photos examined: 0" in school.outcomes[-1].stderr
    assert ids(second["findings"]) == ids(first["findings"])


def test_removal_is_proved_by_page_and_file_on_two_audits_and_a_post_may_come_back(
    fresh: MakeSchool, site: LittleServer
) -> None:
    """The post goes first, then its photos, then nothing answers twice; then all of it is there again."""
    school = small(fresh())
    visit(school, site)
    audit = partial(school.audit, "--since", "2026-11-01")
    on_photos = [finding for finding in audit()["findings"] if "photo_url" in finding["evidence"]]
    post = on_photos[0]["post_url"]
    of_post = {finding["id"] for finding in on_photos if finding["post_url"] == post}
    photos = {finding["evidence"]["photo_url"] for finding in on_photos if finding["id"] in of_post}
    there = dict(site.routes)

    def told(document: dict[str, Any]) -> set[tuple[str, bool, bool]]:
        """Each finding's state, whether the file is said to answer, and whether it was checked once."""
        found = [finding for finding in document["findings"] if finding["id"] in of_post]
        assert len(found) == len(of_post)
        return {(f["state"], "still answers" in f["removal"], "checked once" in f["removal"]) for f in found}

    site.routes[post.removeprefix(site.url)] = Answer("<h1>Not found</h1>", status=404)
    assert told(audit()) == {("open", True, False)}
    site.routes |= {photo.removeprefix(site.url): Answer("Gone", status=410) for photo in photos}
    assert told(audit()) == {("open", False, True)}
    assert told(audit()) == {("gone", False, False)}
    report = (school.folder / "reports" / "latest" / "report.html").read_text("utf-8")
    assert "404 Not Found. The file’s own address answers 410 Gone. Checked twice" in report
    site.routes.update(there)
    assert told(audit()) == {("back", False, False)}
