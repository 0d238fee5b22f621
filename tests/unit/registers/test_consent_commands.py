"""``auditbot consent`` and ``auditbot import-consent`` as the office uses them: what is said and what is on file."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.registers.consent import permission_on, permission_today
from auditbot.registers.declared import Declared, read_declared
from auditbot.registers.people import CHANNELS, read_rows
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import Workspace, load_settings
from tests.unit.registers.mis.exports import text

REGISTER = (
    "pupil_id,legal_forename,legal_surname,website,press,withdrawn_on,biometric_parents_notified_on,biometric_consent\n"
    "P001,Maya,Ellison-Grant,yes,no,,2025-09-01,yes\nP002,Max,Lee,yes,yes,2026-03-01,,\n"
)
HISTORY = (
    "pupil_id,channel,answer,effective_on,given_by,recorded_at,source\nP001,website,yes,2025-09-01,Mother,,form\n"
    "P002,website,yes,2025-09-01,Mother,,form\nP002,press,yes,2025-09-01,Mother,,form\n"
)
WHO = ("--by", "Mother", "--why", "e-mail to the office")


@pytest.fixture
def school(fresh_workspace: Workspace) -> Workspace:
    (fresh_workspace.consent / "pupils.csv").write_text(REGISTER, "utf-8")
    (fresh_workspace.consent / "consent_history.csv").write_text(HISTORY, "utf-8")
    return fresh_workspace


def run(workspace: Workspace, *words: str) -> int:
    return main(["--workspace", str(workspace.folder), *words])


def today(workspace: Workspace) -> date:
    return local_now(load_settings(workspace)).date()


def declared(workspace: Workspace) -> Declared:
    return read_declared(workspace, today(workspace))


def standing(workspace: Workspace, pupil_id: str, channel: str, day: date | None = None) -> str:
    known = declared(workspace)
    pupil = known.pupils[pupil_id]
    if day:
        return permission_on(pupil, known.history, channel, day).standing  # type: ignore[arg-type]
    return permission_today(pupil, known.history, channel, known.today).standing  # type: ignore[arg-type]


def cell(workspace: Workspace, pupil_id: str, column: str) -> str:
    with (workspace.consent / "pupils.csv").open(encoding="utf-8", newline="") as file:
        return next(row[column] for row in csv.DictReader(file) if row["pupil_id"] == pupil_id)


def test_what_is_held_is_shown_by_id_forename_and_initial(
    school: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(school, "consent", "show", "P001") == 0
    shown = capsys.readouterr().out
    assert "P001  Maya E." in shown and "Ellison" not in shown
    assert "website             yes, from 1 September 2025" in shown
    assert "video               not recorded (counts as no permission)" in shown
    assert "2025-09-01  website             yes           Mother" in shown


def test_an_answer_is_added_with_who_and_why_and_nothing_of_before_is_touched(school: Workspace) -> None:
    declared(school)
    before = (school.consent / "consent_history.csv").read_bytes()
    assert run(school, "consent", "set", "P001", "website", "no", *WHO) == 0
    after = (school.consent / "consent_history.csv").read_bytes()
    assert after.startswith(before)
    line = after[len(before) :].decode().strip()
    assert line.startswith(f"P001,website,no,{today(school)},Mother,") and line.endswith(
        "entered by hand: e-mail to the office"
    )
    assert cell(school, "P001", "website") == "no"
    assert standing(school, "P001", "website") == "withdrawn"
    assert standing(school, "P001", "website", date(2026, 6, 1)) == "yes"


def test_a_withdrawal_of_last_month_counts_from_its_day(school: Workspace) -> None:
    assert run(school, "consent", "withdraw", "P001", "--channel", "website", *WHO, "--on", "2026-10-01") == 0
    assert standing(school, "P001", "website", date(2026, 9, 30)) == "yes"
    assert standing(school, "P001", "website", date(2026, 10, 1)) == "withdrawn"
    assert standing(school, "P001", "website") == "withdrawn"


def test_a_withdrawal_of_everything_holds_until_one_channel_is_given_again(school: Workspace) -> None:
    assert run(school, "consent", "withdraw", "P001", "--all", *WHO) == 0
    assert {standing(school, "P001", channel) for channel in CHANNELS} == {"withdrawn"}
    assert run(school, "consent", "set", "P001", "press", "yes", *WHO) == 0
    assert standing(school, "P001", "press") == "yes"
    assert not any(standing(school, "P001", channel) == "yes" for channel in CHANNELS if channel != "press")


def test_a_withdrawal_in_the_register_goes_on_to_hold_for_the_other_channels(school: Workspace) -> None:
    assert standing(school, "P002", "press") == "withdrawn"
    assert run(school, "consent", "set", "P002", "website", "yes", *WHO) == 0
    assert (standing(school, "P002", "website"), standing(school, "P002", "press")) == ("yes", "withdrawn")
    assert standing(school, "P002", "website", date(2026, 3, 1)) == "withdrawn"


def test_the_yes_of_one_parent_does_not_overrule_the_no_of_the_other(
    school: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run(school, "consent", "set", "P001", "website", "no", "--by", "Father", "--why", "letter")
    run(school, "consent", "set", "P001", "website", "yes", "--by", "Mother", "--why", "letter")
    assert standing(school, "P001", "website") == "disagreement"
    assert "website             no: the parents disagree" in capsys.readouterr().out
    run(school, "consent", "set", "P001", "website", "yes", "--by", "Both parents", "--why", "meeting")
    assert standing(school, "P001", "website") == "yes"


def test_withdrawing_the_face_template_says_nothing_of_photos(
    school: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(school, "consent", "withdraw", "P001", "--biometric", *WHO) == 0
    assert cell(school, "P001", "biometric_withdrawn_on") == str(today(school))
    assert standing(school, "P001", "website") == "yes"
    shown = capsys.readouterr().out
    assert "face template       no            Mother" in shown and "e-mail to the office" in shown


def test_withdrawing_all_says_that_the_face_template_stays_or_takes_it_along(
    school: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(school, "consent", "withdraw", "p001", "--all", *WHO) == 0
    assert "consent withdraw P001 --biometric" in capsys.readouterr().out
    assert cell(school, "P001", "biometric_withdrawn_on") == ""
    assert run(school, "consent", "withdraw", "Maya Ellison Grant", "--all", "--biometric", *WHO) == 0
    assert cell(school, "P001", "biometric_withdrawn_on") == str(today(school))
    assert standing(school, "P001", "website") == "withdrawn"


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        (("may",), ["P001"]), (("ELLISON",), ["P001"]), (("m",), ["P001", "P002"]), (("max", "le"), ["P002"]),
        (("p002",), ["P002"]), (("lee", "max"), ["P002"]), (("grant",), ["P001"]), (("Noah",), []), (("-",), []),
    ],
)  # fmt: skip
def test_pupils_are_found_by_how_their_names_begin(
    school: Workspace, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...], ids: list[str]
) -> None:
    assert run(school, "consent", "find", *typed) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines() if line.startswith("  P")] == ids
    assert "Ellison" not in said


def test_an_answer_is_never_recorded_by_half_a_name(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(school, "consent", "show", "may") == 2
    register = school.consent / "pupils.csv"
    register.write_text(register.read_text() + "P003,Maya,Lee,yes,yes,,,\n", "utf-8")
    capsys.readouterr()
    assert run(school, "consent", "show", "maya") == 2
    said = capsys.readouterr().err
    assert "P001" in said and "P003" in said and "name one by id" in said
    assert run(school, "consent", "show", "MAYA lee") == 0


REFUSED = [
    (("set", "P999", "website", "no", *WHO), "has that id or that name"),
    (("set", "maya jones", "website", "no", *WHO), "has that id or that name"),
    (("withdraw", "P001", *WHO), "Say what is withdrawn"),
    (("withdraw", "P001", "--all", "--channel", "press", *WHO), "Say what is withdrawn"),
    (("set", "P001", "website", "no", *WHO, "--on", "2999-01-01"), "The day lies in the future"),
    (("set", "P001", "website", "no", "--by", " ", "--why", "x"), "--by is needed"),
    (("set", "P001", "website", "no", "--by", "x", "--why", ""), "--why is needed"),
    (("set", "P001", "website", "no", *WHO, "--on", "2025-08-01"), "holds from 2025-09-01 is on record already"),
    (("set", "P002", "video", "yes", *WHO, "--on", "2026-02-01"), "All permission is withdrawn from 2026-03-01"),
    (("withdraw", "P001", "--all", *WHO, "--on", "2025-08-01"), "holds from 2025-09-01 is on record already"),
]


@pytest.mark.parametrize(("words", "why"), REFUSED)
def test_what_cannot_be_recorded_changes_nothing(
    school: Workspace, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    declared(school)
    before = {path.name: path.read_bytes() for path in school.consent.glob("*.csv")}
    assert run(school, "consent", *words) == 2
    assert why in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in school.consent.glob("*.csv")} == before


@pytest.mark.parametrize("words", [("--why", "x"), ("--by", "x")])
def test_who_and_why_are_never_left_out(school: Workspace, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        run(school, "consent", "set", "P001", "website", "no", *words)


def export(folder: Path) -> str:
    return str(
        text(
            folder,
            "Pupil ID,Forename,Surname,Website\nP001,Maya,Ellison-Grant,No\nP002,Max,Lee,Yes\nP003,Zoë,Núñez,Yes\n",
        )
    )


def test_an_import_is_shown_before_it_is_made(
    school: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (school.consent / "pupils.csv").read_bytes()
    assert run(school, "import-consent", export(tmp_path), "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "new           P003  Zoë N.  yes: website" in shown
    assert "changed       P001  Maya E.  website: yes -> no" in shown
    assert "press               not in the file: the register's answers stay" in shown
    assert not any(surname in shown for surname in ("Ellison", "Núñez", "Lee"))
    assert (school.consent / "pupils.csv").read_bytes() == before


def test_an_import_that_nobody_confirms_is_not_made(
    school: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (school.consent / "pupils.csv").read_bytes()
    assert run(school, "import-consent", export(tmp_path)) == 2
    assert "add --yes" in capsys.readouterr().err
    assert (school.consent / "pupils.csv").read_bytes() == before
    assert run(school, "import-consent", export(tmp_path), "--yes", "--from", "sims") == 0
    assert set(declared(school).pupils) == {"P001", "P002", "P003"}
    assert standing(school, "P001", "website") == "withdrawn"


FORM = (
    "Timestamp,Child's name,Class,Website\n14/09/2026 08:30:00,Max Lee,Owls,No\n14/09/2026 08:31:00,Kit Moss,Owls,Yes\n"
)


def test_what_only_a_person_can_decide_is_written_down_filled_in_and_remembered(
    fresh_workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = "pupil_id,legal_forename,legal_surname,class,website\nP001,Maya,Day,Owls,no\nP002,Max,Lee,Owls,yes\n"
    (fresh_workspace.consent / "pupils.csv").write_text(register, "utf-8")
    file, questions = text(tmp_path, FORM), tmp_path / "questions.csv"
    words = ("import-consent", str(file), "--decide", str(questions), "--yes")
    assert run(fresh_workspace, *words) == 1
    said = capsys.readouterr().out
    assert "row 3: Kit M. is nobody of the register by name" in said and "To decide: 1." in said
    with questions.open(encoding="utf-8-sig", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert row["choices"] == "new | leave out" and row["decision"] == ""
    questions.write_text(questions.read_text("utf-8-sig").replace(",,\n", ",,new\n"), "utf-8")
    assert run(fresh_workspace, *words) == 0
    with (fresh_workspace.consent / "pupils.csv").open(encoding="utf-8", newline="") as opened:
        held = {row["pupil_id"]: (row["legal_forename"], row["website"]) for row in csv.DictReader(opened)}
    assert held == {"P001": ("Maya", "no"), "P002": ("Max", "no"), "P003": ("Kit", "yes")}
    assert "Kit" not in (fresh_workspace.consent / "import_decisions.csv").read_text("utf-8")
    assert run(fresh_workspace, "import-consent", str(file), "--yes") == 0


def test_an_edit_that_waits_is_shown_accepted_or_taken_back(
    school: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(school, "consent", "show", "P001") == 0
    path = school.consent / "pupils.csv"
    before = path.read_text("utf-8")
    path.write_text(before.replace("yes,no,,2025", "yes,yes,,2025"), "utf-8")
    assert run(school, "consent", "changes") == 1
    said = capsys.readouterr().out
    assert "press from no to yes: P001" in said and "1 of 1 refusals (press) would become permission" in said
    assert run(school, "consent", "set", "P002", "video", "yes", *WHO) == 2
    assert run(school, "consent", "changes", "--restore") == 0
    assert run(school, "consent", "changes") == 0
    assert read_rows(path)["P001"]["press"] == "no"
    path.write_text(before.replace("yes,no,,2025", "yes,yes,,2025"), "utf-8")
    assert run(school, "consent", "changes", "--accept") == 0
    assert run(school, "consent", "set", "P002", "video", "yes", *WHO) == 0


def test_never_publish_name_use_and_the_last_day_are_dated_answers(school: Workspace) -> None:
    assert run(school, "consent", "set", "P001", "never_publish", "yes", *WHO) == 0
    assert run(school, "consent", "set", "P001", "name_use", "none", *WHO) == 0
    assert run(school, "consent", "set", "P001", "consent_expires_on", "2027-08-31", *WHO) == 0
    assert run(school, "consent", "set", "P001", "consent_expires_on", "soon", *WHO) == 2
    lines = (school.consent / "consent_history.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[1:3] for line in lines if "entered by hand" in line] == [
        ["never_publish", "yes"],
        ["name_use", "none"],
        ["consent_expires_on", "2027-08-31"],
    ]
    assert run(school, "consent", "set", "P001", "never_publish", "no", *WHO) == 0
    declared = read_declared(school, local_now(load_settings(school)).date())
    assert not declared.pupils["P001"].never_publish


def test_an_answer_is_recorded_while_an_audit_runs(school: Workspace) -> None:
    with one_at_a_time(school):
        assert run(school, "consent", "withdraw", "P001", "--all", *WHO) == 0
    declared = read_declared(school, local_now(load_settings(school)).date())
    assert not permission_today(declared.pupils["P001"], declared.history, "website", declared.today).allowed
