"""The page of figures, the way to the editor and the full disk: what each role reads."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest

from auditbot.model import NotChecked, PhotoEvidence
from auditbot.sentences import quoted
from tests.review.conftest import Site
from tests.review.made_school import audit
from tests.review.test_roles import a_task, case_of

Usage = namedtuple("Usage", "total used free")


def test_figures_tell_alarms_checks_and_nights_and_governors_no_small_count(site: Site) -> None:
    from auditbot.review.people.models import Checked

    lead, case = site.client("lead"), case_of(site, "no_permission")
    lead.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    photo = next(one for one in site.view().cases if isinstance(one.first.finding.evidence, PhotoEvidence))
    evidence = photo.first.finding.evidence
    assert isinstance(evidence, PhotoEvidence)
    Checked.objects.create(digest=evidence.sha256, channel="website", day=site.view().now.date(), answer="another")
    told = lead.get("/figures").content.decode()
    assert "By clause" in told and f"{case.first.finding.clause}: " in told
    assert "0 were checked first" in told and "1 were posted although something else was advised" in told
    assert told.count('role="img"') == 1 + 14 * len(site.view().declared.accounts)
    assert "■" in told and "not visited" in told
    governor = site.client("governor").get("/figures").content.decode()
    assert "By clause" not in governor and "under 5 were posted although" in governor


def test_why_something_was_not_checked_is_told_to_leads_alone(site: Site) -> None:
    """A reason may hold an address, and an address a name: the Headteacher's sheet is printed and passed round."""
    why = "The address /news/amelia-okafor-wins was not opened: it asks to sign in."
    for what, said in (("post", "1 post could not be checked."), ("addresses", "Something could not be checked.")):
        note = NotChecked("website", "https://www.larkmere.example/news/amelia-okafor-wins", what, quoted(why))
        audit(site.workspace, [], ago=timedelta(minutes=1 if what == "addresses" else 2), not_checked=[note])
        site.reopen()
        lead = site.client("lead").get("/head").content.decode()
        assert f"{said} {why}" in lead and "One addresses" not in lead
        for path in ("/head", "/decide", "/"):
            told = site.client("head").get(path).content.decode()
            assert "could not be checked" in told and "amelia-okafor" not in told, path


def test_an_editor_is_led_to_the_post_but_never_by_its_title(site: Site) -> None:
    path = site.workspace.config / "accounts.toml"
    before = path.read_text("utf-8")
    task = a_task(site)
    case = case_of(site, "no_permission")
    for pattern, for_editor in (("search?s={title}", False), ("edit?of={slug}", True)):
        path.write_text(
            before.replace("may_be_empty", f'edit_url = "https://a.example/{pattern}"\nmay_be_empty'), "utf-8"
        )
        lead = site.client("lead").get(f"/f/{case.id}").content.decode()
        assert lead.count("open in the editor") == len({one.finding.post_url for one in case.tracked})
        asked = site.client("editor").get(f"/task/{task}").content.decode()
        assert ("open in the editor" in asked) is for_editor


def test_a_disk_that_is_nearly_full_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, told in ((400_000_000, True), (40_000_000_000, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda path, free=free: Usage(50 * 10**9, 10**9, free))
        for person in ("lead", "it"):
            page = site.client(person).get("/health").content.decode()
            assert ("The disk is nearly full: 400 MB are left." in page) is told
