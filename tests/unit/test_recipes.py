"""The recipes of CONTRIBUTING.md, carried out: a kind of account and a clause, each in its one place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditbot.check import clauses
from auditbot.collect.post.embeds import account_of, find_accounts
from auditbot.collect.sources import source
from auditbot.collect.visit import Visit
from auditbot.model import CollectEvent, Finding, Post, PostFacts, TextEvidence
from auditbot.registers import accounts, services
from auditbot.sentences import quoted
from tests.unit.check.school import declared, facts, pupil
from tests.unit.check.school import post as published
from tests.unit.collect.services import Services

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SWINGBOARD = services.Service(
    "Swingboard", "swingboard", "social_media", hosts=(r"swingboard\.example",), account=r"/board/([\w-]+)"
)


def collect_swingboard(visit: Visit) -> Iterator[CollectEvent]:
    """What the recipe's step 1 asks for."""
    yield Post(account=visit.job.account, url=f"{visit.site.url}/1", title="A swing", text="We swing.")


@pytest.fixture
def swingboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps 2 and 3: one table of services.toml, one line of SOURCES; what is derived from them is derived again."""
    every = (*services.SERVICES, SWINGBOARD)
    by_kind = {service.kind: service for service in every if service.kind}
    for module in (services, accounts, source):
        monkeypatch.setattr(module, "BY_KIND", by_kind)
    monkeypatch.setattr("auditbot.collect.post.embeds.SERVICES", every)
    monkeypatch.setattr(accounts, "CHANNELS", {kind: service.channel for kind, service in by_kind.items()})
    line = source.Source("swingboard", collect_swingboard)
    monkeypatch.setitem(source.BY_SOURCE_KIND, "swingboard", line)


@pytest.mark.usefixtures("swingboard")
def test_a_new_kind_of_account_is_declared_linked_to_and_visited(tmp_path: Path) -> None:
    register = tmp_path / "accounts.toml"
    entry = '[[account]]\nname = "board"\nkind = "swingboard"\nurl = "https://swingboard.example/board/larkmere"\n'
    register.write_text(entry, "utf-8")
    (account,) = accounts.read_accounts(register)
    assert account.channel == "social_media"
    page = LexborHTMLParser(f'<a href="{account.url}">Our board</a>')
    assert [found.service for found in find_accounts(page, "https://larkmere.example/")] == ["Swingboard"]
    server = Services()
    try:
        found = server.collect(tmp_path, "swingboard", account.url)
    finally:
        server.close()
    assert [one.title for one in found.posts.values()] == ["A swing"]
    assert source.BY_SOURCE_KIND["swingboard"].service is SWINGBOARD


def test_a_kind_that_is_in_no_table_is_neither_declared_nor_linked_to(tmp_path: Path) -> None:
    assert account_of("https://swingboard.example/board/larkmere") is None
    assert "swingboard" not in services.BY_KIND


def swing_check(facts: PostFacts) -> Iterator[Finding]:
    """Step 1 of the recipe for a clause: exact evidence for every word "swing"."""
    for found in re.finditer("swing", facts.post.text):
        evidence = TextEvidence("text", facts.post.text, found.start(), found.end())
        yield Finding(
            id=f"swing-{found.start()}", clause="Z1", kind="words_swing", severity="week", band="review",
            account=facts.post.account, post_url=facts.post.url, posted_at=None, evidence=evidence, pupil_ids=(),
            score=1.0, explanation=quoted("It says swing."),
        )  # fmt: skip


def test_a_new_clause_is_checked_by_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    line = clauses.BoundTo(("Z1",), lambda _declared, _ours: swing_check)
    monkeypatch.setattr(clauses, "CHECKS", (*clauses.CHECKS, line))
    school = declared([pupil("P001", "website=yes", name="Maya Okonkwo-Price")])
    known = facts(published(text="The new swing is up."))
    found = [finding for check in clauses.checks(school) for finding in check(known) if finding.clause == "Z1"]
    assert [(finding.evidence.start, finding.evidence.end) for finding in found] == [(8, 13)]


@pytest.mark.parametrize("place", re.findall(r"`(auditbot/(?!\S*NAME)[\w/]+\.(?:py|toml))`", RECIPES))
def test_every_place_a_recipe_names_is_there(place: str) -> None:
    assert (ROOT / place).is_file()
