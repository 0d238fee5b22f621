"""The calendar of posts, the registers and the portraits: what each role reads there, and what is written down."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.errors import AccountNotChanged, SettingsError
from auditbot.registers.changes.account_entries import _changed, change_account
from auditbot.review.casebook.squares import Mark, month_grid, months_back
from auditbot.settings import Workspace
from tests.review.conftest import Site
from tests.review.test_roles import a_task, case_of


def test_each_post_stands_in_its_month_with_what_needs_somebody_first(site: Site) -> None:
    lead, view = site.client("lead"), site.view()
    months = {f"{post.published_at:%Y-%m}" for post in view.posts.values() if post.published_at}
    text = "".join(lead.get(f"/posts?month={month}").content.decode() for month in sorted(months))
    assert text.count('class="square') == len(view.posts)
    assert text.count('class="square decide') == len({facts.post for case in view.cases for facts in case.facts})
    case = case_of(site, "no_permission")
    lead.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    after = "".join(lead.get(f"/posts?month={month}").content.decode() for month in sorted(months))
    assert after.count('class="square down') == 2  # the photo stands in two posts
    year = lead.get("/posts?year=1").content.decode()
    assert year.count('<th scope="row">') == 12 and "▲" in year


def test_a_post_tells_leads_all_and_the_head_no_word_of_it(site: Site) -> None:
    case = case_of(site, "surname")
    key = case.facts[0].post
    told = site.client("lead").get(f"/p/{key}").content.decode()
    assert "Chess club" in told and "Kofi Mensah won" in told and f"/f/{case.id}" in told
    head = site.client("head").get(f"/p/{key}").content.decode()
    assert "Needs a decision" in head
    for word in ("Chess", "Mensah", "/news/", "surname", "/f/"):
        assert word not in head
    assert site.client("governor").get(f"/p/{key}").status_code == 404
    for absent in ("0" * 16, "..", "x"):
        assert site.client("lead").get(f"/p/{absent}").status_code == 404


def test_an_editor_sees_what_was_asked_of_the_own_accounts_and_nothing_that_was_found(site: Site) -> None:
    a_task(site)
    editor, case = site.client("editor"), case_of(site, "no_permission")
    months = {f"{post.published_at:%Y-%m}" for post in site.view().posts.values() if post.published_at}
    text = "".join(editor.get(f"/posts?month={month}").content.decode() for month in sorted(months))
    assert text.count('class="square down') == 2 and 'class="square decide' not in text
    shown = editor.get(f"/p/{case.facts[0].post}").content.decode()
    assert "Found in it" not in shown and "/f/" not in shown
    person = site.person("editor")
    person.accounts = ["another account"]
    person.save()
    assert editor.get(f"/p/{case.facts[0].post}").status_code == 404
    assert 'class="square' not in editor.get(f"/posts?month={max(months)}").content.decode()


@pytest.mark.parametrize("month", ["2026-13", "nothing", "0000-00", "2026-11-11", "٢٠٢٦-١١"])
def test_a_month_that_is_none_shows_the_newest(site: Site, month: str) -> None:
    assert site.client("lead").get("/posts", {"month": month}).status_code == 200


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "1900-01", "2099-12"])
def test_the_first_and_the_last_month_of_all_are_no_error(site: Site, month: str) -> None:
    assert site.client("lead").get("/posts", {"month": month, "year": "1"}).status_code == 200
    assert site.client("lead").get("/posts", {"month": month}).status_code == 200


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_a_month_holds_each_of_its_days_once(day: date) -> None:
    days = [one for week in month_grid(day.replace(day=1)) for one in week if one]
    assert days == [day.replace(day=1) + timedelta(days=at) for at in range(len(days))]
    assert len(days) in (28, 29, 30, 31) and months_back(day.replace(day=1), 12)[-1] == day.replace(day=1)


def test_marks_say_first_what_needs_somebody() -> None:
    assert list(Mark)[:2] == [Mark.DECIDE, Mark.DOWN]


def test_the_head_approves_an_account_and_an_editor_declares_the_own_one(site: Site) -> None:
    file = site.workspace.config / "accounts.toml"
    text = file.read_text().replace('approved_by = "Headteacher"\napproved_on = 2025-07-14\n', "")
    file.write_text(text)
    head, editor = site.client("head"), site.client("editor")
    assert "I approve this account" in head.get("/registers/accounts/website").content.decode()
    assert head.post("/registers/accounts/website").status_code == 302
    today = site.view().now.date()
    assert site.view().declared.accounts["website"].approved_on == today
    assert "I approve this account" not in head.get("/registers/accounts/website").content.decode()
    said = {"purpose": "News", "password_changed_on": today.isoformat(), "password_meets_rule": "on"}
    assert editor.post("/registers/accounts/website", said).status_code == 302
    account = site.view().declared.accounts["website"]
    assert (account.purpose, account.password_changed_on, account.password_meets_rule) == ("News", today, True)
    assert "# Every account in the school" in file.read_text()
    late = said | {"password_changed_on": (today + timedelta(days=1)).isoformat()}
    assert editor.post("/registers/accounts/website", late).status_code == 400
    person = site.person("editor")
    person.accounts = []
    person.save()
    assert editor.get("/registers/accounts/website").status_code == 404
    assert editor.post("/registers/accounts/website", said).status_code == 404


@pytest.mark.parametrize("name", ["declarations", "documents", "risk-assessments", "allowed-words", "staff"])
def test_each_register_is_read_by_those_who_keep_it(site: Site, name: str) -> None:
    for role in ("lead", "deputy", "data"):
        assert site.client(role).get(f"/registers/{name}").status_code == 200
    for role in ("head", "editor", "it", "governor"):
        assert site.client(role).get(f"/registers/{name}").status_code == 404


def test_portraits_say_who_is_missing_and_show_faces_to_leads_alone(site: Site) -> None:
    from auditbot.examine.faces.templates import Template, save_templates
    from auditbot.registers.declared import rights
    from auditbot.registers.secrets import find_key

    view = site.view()
    held = sorted(rights(view.declared, matching_allowed=True).may_hold & view.declared.pupils.keys())
    some = np.random.default_rng(0).normal(size=(40, 64)).astype(np.float32)
    some[1] = some[0] + 0.01
    templates = [
        Template(
            one, f"{at:064x}", date(2024, 9, 1) if at == 2 else view.now.date(), None, "enrolled", "test 1",
            some[at] / np.linalg.norm(some[at]), ((64, 1.0),), 90.0, 20.0, 2.0,
        )
        for at, one in enumerate(held[:40])
    ]  # fmt: skip
    save_templates(site.workspace.data / "templates.sealed", templates, find_key(make=True))
    lead = site.client("lead").get("/gallery").content.decode()
    assert f"{len(templates)} of {len(view.declared.pupils)} pupils can be recognised" in lead
    assert "Portrait more than a year old: 1" in lead and "May not be compared: no consent to it" in lead
    assert lead.count("/gallery/P") >= 2 and f"/gallery/{held[0]}.jpg" in lead
    assert site.client("lead").get(f"/gallery/{held[0]}.jpg").status_code == 200
    assert site.client("lead").get(f"/gallery/{held[5]}.jpg").status_code == 404
    data = site.client("data").get("/gallery").content.decode()
    assert ".jpg" not in data and "Alike to the program" in data
    assert site.client("data").get(f"/gallery/{held[0]}.jpg").status_code == 404


REGISTER = """# Kept.
[[account]]
name = "website" # ours
url = "https://school.example/"
purpose = "News"

[[account]]
# The second.
name = "Bluesky class 1"
kind = "bluesky"
url = "https://bsky.app/profile/school.example"
year_groups = ["R",
  "1"]
"""


def test_one_entry_is_changed_and_every_other_line_stays(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "consent").mkdir()
    file = tmp_path / "config" / "accounts.toml"
    file.write_text(REGISTER)
    changes: dict[str, str | bool | date] = {"approved_by": "Headteacher", "approved_on": date(2026, 11, 30)}
    change_account(Workspace(tmp_path), "Bluesky class 1", changes)
    text = file.read_text()
    assert text.startswith(REGISTER) and text.endswith('approved_by = "Headteacher"\napproved_on = 2026-11-30\n')
    change_account(Workspace(tmp_path), "website", {"purpose": 'Say "hello"\n'})
    assert tomllib.loads(file.read_text())["account"][0]["purpose"] == 'Say "hello"\n'
    with pytest.raises(AccountNotChanged):
        change_account(Workspace(tmp_path), "none", changes)
    with pytest.raises(SettingsError):
        change_account(Workspace(tmp_path), "website", {"kind": "no such kind"})
    assert sorted(path.name for path in (tmp_path / "config").iterdir()) == ["accounts.toml"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40))
def test_any_words_written_into_an_entry_are_read_back(words: str) -> None:
    made = _changed(REGISTER, "website", {"purpose": words})
    assert made is not None and tomllib.loads(made)["account"][0]["purpose"] == words
