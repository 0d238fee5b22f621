"""The page on which the office decides what an export leaves open: whose a row is, and what an answer means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditbot.registers.people import read_rows
from tests.review.conftest import Site

FORM = (
    "Timestamp,Child's name,Class,Website\n"
    "14/09/2026 08:30:00,{one},Elsewhere,No\n"
    "14/09/2026 08:31:00,{one},Elsewhere,Yes but not the face\n"
)


@pytest.fixture
def watched(site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of exports of the site's school, with one form in it."""
    from auditbot.review.casebook.served_workspace import served_workspace

    here = served_workspace()
    folder = site.workspace.folder / "exports"
    folder.mkdir(exist_ok=True)
    monkeypatch.setattr(here, "settings", replace(here.settings, consent=replace(here.settings.consent,
                                                                                 watch_folder="exports")))  # fmt: skip
    rows = read_rows(site.workspace.consent / "pupils.csv")
    pupil = next(row for row in rows.values() if not row["never_publish"] and not row["left_on"])
    name = f"{pupil['legal_forename']} {pupil['legal_surname']}"
    (folder / "form.csv").write_text(FORM.format(one=name), "utf-8")
    return folder


def test_the_office_decides_and_is_asked_once(site: Site, watched: Path) -> None:
    office = site.client("data")
    shown = office.get("/imports").content.decode()
    assert "questions about form.csv" in shown and "Leave it out" in shown
    from auditbot.registers.mis.update import prepare
    from auditbot.review.casebook.served_workspace import served_workspace

    asked = prepare(site.workspace, watched / "form.csv", served_workspace().now()).questions
    answers = {f"choice-{each.key}": each.proposal or "leave out" for each in asked}
    before = read_rows(site.workspace.consent / "pupils.csv")
    told = office.post("/imports", {**answers, "choice-none": "yes"})
    assert (told.status_code, told.url.startswith("/imports?decided=")) == (302, True)
    assert "nothing of" in office.get("/imports").content.decode().casefold()
    after = read_rows(site.workspace.consent / "pupils.csv")
    assert set(after) == set(before)
    kept = (site.workspace.consent / "import_decisions.csv").read_text("utf-8")
    assert all(each.key in kept for each in asked)


def test_what_is_none_of_the_choices_changes_nothing(site: Site, watched: Path) -> None:
    office = site.client("data")
    before = (site.workspace.consent / "pupils.csv").read_bytes()
    assert office.post("/imports", {"choice-x": "yes", "pupil-x": "P999"}).status_code == 200
    assert (site.workspace.consent / "pupils.csv").read_bytes() == before
    (watched / "form.csv").write_text("no table at all\n", "utf-8")
    refused = office.get("/imports")
    assert refused.status_code == 400 and "nothing was changed" in refused.content.decode()


def test_without_a_folder_the_page_says_who_sets_one(site: Site) -> None:
    assert "Ask your technician to set one" in site.client("data").get("/imports").content.decode()
    assert site.client("editor").get("/imports").status_code in (403, 404)
