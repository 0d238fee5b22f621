"""Refusals move along with their days, permission does not, and two different children are told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.registers.consent import permission_today
from auditbot.registers.declared import read_declared
from auditbot.registers.people import read_rows
from auditbot.run import local_now
from auditbot.settings import Workspace, load_settings
from auditbot.workspace import make_workspace

HEADING = "pupil_id,legal_forename,legal_surname,date_of_birth,website,social_media,press,never_publish,withdrawn_on\n"
OLD = (
    "P014,Maya,Ellison-Grant,2020-03-01,no,yes,,yes,\nP015,Max,Lee,2020-05-04,no,no,no,,2026-03-01\n"
    "P016,Ida,Rowe,2020-06-06,yes,yes,yes,,\n"
)
NEW = "N1,Maya,ELLISON-GRANT,,,,,,\nN2,Max,Lee,2020-05-04,yes,,,,\nN3,Ida,Rowe,2020-06-06,,,,,\n"
HISTORY = "pupil_id,channel,answer,effective_on,given_by,recorded_at,source\nP014,website,no,2025-09-12,Mother,,form\n"


@pytest.fixture
def schools(tmp_path: Path) -> tuple[Workspace, Workspace]:
    old = make_workspace(tmp_path / "old", "Larkmere Infant School", "https://www.larkmere.example/")
    new = make_workspace(tmp_path / "new", "Millbrook Junior School", "https://www.millbrook.example/")
    (old.consent / "pupils.csv").write_text(HEADING + OLD, "utf-8")
    (old.consent / "consent_history.csv").write_text(HISTORY, "utf-8")
    (new.consent / "pupils.csv").write_text(HEADING + NEW, "utf-8")
    return old, new


def move(schools: tuple[Workspace, Workspace], pupil: str, as_pupil: str) -> int:
    old, new = (str(school.folder) for school in schools)
    words = ["trust", "move", pupil, "--from", old, "--to", new, "--as", as_pupil]
    return main([*words, "--said-by-old", "Mrs Hale", "--said-by-new", "Mr Orr"])


def row(schools: tuple[Workspace, Workspace], pupil: str) -> dict[str, str]:
    return read_rows(schools[1].consent / "pupils.csv")[pupil]


def test_refusals_are_entered_with_their_day_and_who_said_so(
    schools: tuple[Workspace, Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    assert move(schools, "P014", "N1") == 0
    assert "website: refused from 12 September 2025, entered." in capsys.readouterr().out
    cells = row(schools, "N1")
    assert (cells["website"], cells["social_media"], cells["press"], cells["never_publish"]) == ("no", "", "", "yes")
    history = (schools[1].consent / "consent_history.csv").read_text("utf-8")
    assert "N1,website,no,2025-09-12" in history
    assert "Mrs Hale there and Mr Orr here said" in history
    for school, pupil in zip(schools, ("P014", "N1"), strict=True):
        assert pupil in (school.data / "access.log").read_text("utf-8")


def test_a_withdrawal_of_everything_counts_against_a_yes_of_the_new_school(
    schools: tuple[Workspace, Workspace],
) -> None:
    assert move(schools, "P015", "N2") == 0
    new = schools[1]
    known = read_declared(new, local_now(load_settings(new)).date())
    assert not permission_today(known.pupils["N2"], known.history, "website", known.today).allowed


def test_a_refusal_that_is_only_written_down_moves_with_who_gave_it(schools: tuple[Workspace, Workspace]) -> None:
    old, new = schools
    with (old.consent / "consent_history.csv").open("a", encoding="utf-8") as history:
        history.write("P016,press,no,2026-02-02,Father,,letter\n")
    (old.consent / "pupils.csv").write_text((HEADING + OLD).replace("yes,yes,yes,,", "yes,yes,,,"), "utf-8")
    assert move(schools, "P016", "N3") == 0
    assert (row(schools, "N3")["press"], row(schools, "N3")["website"]) == ("no", "")
    assert "N3,press,no,2026-02-02,Father" in (new.consent / "consent_history.csv").read_text("utf-8")


def test_who_refused_at_the_school_before_is_no_further_parent_here(schools: tuple[Workspace, Workspace]) -> None:
    old, new = schools
    (old.consent / "pupils.csv").write_text((HEADING + OLD).replace("yes,yes,yes,,", "no,yes,yes,,"), "utf-8")
    assert move(schools, "P016", "N3") == 0
    words = ["consent", "set", "N3", "website", "yes", "--by", "Mother", "--why", "a form"]
    assert main(["--workspace", str(new.folder), *words]) == 0
    known = read_declared(new, local_now(load_settings(new)).date())
    assert permission_today(known.pupils["N3"], known.history, "website", known.today).standing == "yes"


def test_permission_never_moves(schools: tuple[Workspace, Workspace], capsys: pytest.CaptureFixture[str]) -> None:
    before = (schools[1].consent / "pupils.csv").read_bytes()
    assert move(schools, "P016", "N3") == 0
    assert "no refusal" in capsys.readouterr().out
    assert (schools[1].consent / "pupils.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("pupil", "as_pupil", "said"),
    [("P014", "N2", "different names or birthdays"), ("P014", "N9", "N9"), ("P099", "N1", "P099")],
)
def test_a_wrong_id_enters_nothing(
    pupil: str, as_pupil: str, said: str, schools: tuple[Workspace, Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (schools[1].consent / "pupils.csv").read_bytes()
    assert move(schools, pupil, as_pupil) == 2
    assert said in capsys.readouterr().err
    assert (schools[1].consent / "pupils.csv").read_bytes() == before
