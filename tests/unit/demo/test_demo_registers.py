"""The demo school's registers can be trusted and hold every case that a check has to tell apart."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from auditbot.registers.consent import permission_today
from auditbot.registers.declared import Declared, read_declared, why_no_template
from auditbot.registers.people import CHANNELS, upn_problem
from auditbot.settings import Workspace

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def workspace(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("demo")
    for name in ("config", "consent"):
        shutil.copytree(repository / name, folder / name)
    return Workspace(folder)


@pytest.fixture(scope="module")
def declared(workspace: Workspace) -> Declared:
    return read_declared(workspace, TODAY)


def test_history_ends_with_the_answers_of_today(workspace: Workspace, declared: Declared, repository: Path) -> None:
    """Reading the registers had nothing to add to the history."""
    written = (workspace.consent / "consent_history.csv").read_bytes()
    assert written == (repository / "consent" / "consent_history.csv").read_bytes()
    for pupil in declared.pupils.values():
        for channel in CHANNELS:
            answers = declared.history.get((pupil.pupil_id, channel), ())
            assert (answers[-1].answer if answers else None) == (pupil.answers or {}).get(channel)


def test_history_is_in_the_order_in_which_it_was_recorded(repository: Path) -> None:
    lines = (repository / "consent" / "consent_history.csv").read_text("utf-8").splitlines()
    recorded = [line.split(",")[5] for line in lines[1:]]
    assert recorded == sorted(recorded)


def test_sixty_pupils_with_valid_upns_and_classes_that_fit(declared: Declared) -> None:
    pupils = declared.pupils.values()
    assert list(declared.pupils) == [f"P{number:03}" for number in range(1, 61)]
    upns = [pupil.upn for pupil in pupils if pupil.upn]
    assert not [upn for upn in upns if upn_problem(upn)]
    assert len(upns) == len(set(upns))
    assert {pupil.year_group for pupil in pupils if not pupil.upn} <= {"N1", "N2"}
    classes = {
        "Nursery Ducklings": {"N1", "N2"},
        "Reception Otters": {"R"},
        "Year 1 Kingfishers": {"1"},
        "Year 2 Herons": {"2"},
    }
    assert {pupil.class_name for pupil in pupils} == set(classes)
    assert all(pupil.year_group in classes[pupil.class_name] for pupil in pupils)


def test_every_case_of_permission_exists(declared: Declared) -> None:
    standings = [
        permission_today(pupil, declared.history, "website", TODAY).standing for pupil in declared.pupils.values()
    ]
    assert standings.count("yes") >= 45
    assert standings.count("no") >= 4
    assert standings.count("not_recorded") >= 3
    assert standings.count("withdrawn") == 2
    assert [pupil.pupil_id for pupil in declared.pupils.values() if pupil.never_publish] == ["P016"]
    assert [pupil.pupil_id for pupil in declared.pupils.values() if pupil.left_on] == ["P019"]


def test_every_reason_against_a_template_exists(declared: Declared) -> None:
    reasons = {why_no_template(pupil, TODAY) for pupil in declared.pupils.values()}
    assert reasons == {
        "",
        "left on 2026-07-21",
        "a parent objects",
        "the child objects",
        "biometric consent withdrawn on 2026-05-18",
        "no record that each parent was notified",
        "biometric consent declined",
        "no biometric consent recorded",
    }


def test_everyone_who_may_be_enrolled_has_a_photo(workspace: Workspace, declared: Declared) -> None:
    photos = workspace.consent / "photos"
    for pupil in declared.pupils.values():
        if not why_no_template(pupil, TODAY):
            assert (photos / pupil.photo_file).is_file()
    for member in declared.staff:
        assert (photos / member.photo_file).is_file() == member.biometric_consent or not member.photo_file


def test_one_account_and_every_clause_of_the_policy(declared: Declared) -> None:
    assert declared.accounts["website"].url == "http://www.larkmere.example/"
    numbers = {"A": 3, "B": 9, "C": 12, "D": 3, "E": 2}
    expected = {f"{letter}{number}" for letter, last in numbers.items() for number in range(1, last + 1)} | {"F"}
    assert set(declared.clauses) == expected


def test_every_enrolment_photo_has_a_licence_line(repository: Path) -> None:
    photos = repository / "consent" / "photos"
    licences = (photos / "LICENCES.md").read_text("utf-8")
    assert "CC0 1.0" in licences
    assert "`P001.jpg` … `P060.jpg`" in licences
    assert "`staff/A001.jpg` … `staff/A012.jpg`" in licences
    names = {path.relative_to(photos).as_posix() for path in photos.rglob("*.jpg")}
    pupils = {f"P{number:03}{more}.jpg" for number in range(1, 61) for more in ("", "_2")}
    assert names <= pupils | {f"staff/A{number:03}.jpg" for number in range(1, 13)}
