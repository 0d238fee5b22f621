"""What nobody decided is still there, in the same order, whatever happens to the store and the gallery meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from auditbot.model import Finding, Post
from auditbot.review.casebook.cases import queue
from tests.review import made_school
from tests.review.conftest import Site
from tests.review.made_school import audit, posts_and_findings


def copy(source: Path, target: Path) -> None:
    """Copy a database as a backup does."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def left(site: Site) -> list[str]:
    return [case.id for case in queue(site.view().cases)]


def decide_most(site: Site) -> list[str]:
    """Decide four fifths of what waits; return what is left, in its order."""
    client, waiting = site.client("lead"), left(site)
    kept = waiting[3::5]
    cases = {case.id: case for case in site.view().cases}
    for name in waiting:
        if name not in kept:
            say = "refer:headteacher" if cases[name].kind == "words_contact" else "down"
            assert client.post(f"/f/{name}/decide", {"do": say, "last": "0"}).status_code == 302
    return kept


@pytest.mark.parametrize("happens", ["yesterday’s store is restored", "a new gallery", "a new engine", "all of it"])
def test_what_nobody_decided_stays_in_its_order(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    store, yesterday = site.workspace.data / "auditbot.db", tmp_path / "yesterday.db"
    copy(store, yesterday)
    kept = decide_most(site)
    events = site.events()
    changed = {"a new gallery": {"gallery": "g2"}, "a new engine": {"face engine": "test 2"}}
    versions = changed.get(happens) or ({"gallery": "g2", "face engine": "test 2"} if happens == "all of it" else {})
    monkeypatch.setattr(made_school, "VERSIONS", {**made_school.VERSIONS, **versions})
    audit(site.workspace, posts_and_findings(site.workspace))
    site.reopen()
    assert left(site) == kept
    if happens in ("yesterday’s store is restored", "all of it"):
        copy(yesterday, store)
        site.reopen()
    assert left(site) == kept
    assert site.events() == events  # none lost, none made twice; the chain verifies


def renamed(post: Post, findings: list[Finding]) -> tuple[Post, list[Finding]]:
    """Return them as of an account with another name: their numbers change with it."""
    return replace(post, account="school-site"), [
        replace(finding, account="school-site", id=finding.id[::-1]) for finding in findings
    ]


def test_an_account_that_is_renamed_changes_neither_what_is_left_nor_its_order(site: Site) -> None:
    kept = decide_most(site)
    events = site.events()
    register = site.workspace.config / "accounts.toml"
    register.write_text(register.read_text("utf-8").replace('name = "website"', 'name = "school-site"'), "utf-8")
    found = posts_and_findings(site.workspace)
    ended = {finding.id: "The account is not in the register any more." for _, some in found for finding in some}
    audit(site.workspace, [renamed(post, some) for post, some in found], ended=ended)
    site.reopen()
    assert left(site) == [name[::-1] for name in kept]
    assert site.events() == events
