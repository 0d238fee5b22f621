"""An export joined with the register: what changes, what stays, what stops, and what a refused import leaves behind."""

from __future__ import annotations

import csv
import os
import stat
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.commands.consent import preview
from auditbot.errors import ImportRefused
from auditbot.registers.changes.record_answer import Answered, withdraw_all
from auditbot.registers.consent import permission_on, permission_today
from auditbot.registers.declared import read_declared
from auditbot.registers.mis.update import Prepared, import_newest, prepare, write
from auditbot.registers.people import CHANNELS, COLUMNS
from auditbot.safe_files import finish_replacing
from auditbot.settings import Consent, Workspace
from tests.unit.registers.mis.exports import UPNS, text

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=ZoneInfo("Europe/London"))
TODAY = NOW.date()
HISTORY = "pupil_id,channel,answer,effective_on,given_by,recorded_at,source"
HEADING = (
    "pupil_id,upn,admission_no,legal_forename,legal_surname,former_surnames,date_of_birth,left_on,website,press,"
    "consent_given_on,withdrawn_on,never_publish,photo_file"
)
REGISTER = f"""\
{HEADING}
P001,{UPNS[0]},0031,Maya,Day,,2021-02-13,,yes,no,2025-09-01,,,maya.jpg
P002,{UPNS[1]},0032,Max,Lee,,2020-09-01,,no,no,2025-09-01,,,
P003,,0033,Ann,Ray,,2020-10-01,,,,,,yes,
P004,,0034,Tom,Hill,,2019-10-01,2026-07-17,yes,yes,2025-09-01,,,
"""
EXPORT = "Adno,UPN,Forename,Surname,DOB,Website\n"


def school(workspace: Workspace, register: str = REGISTER, history: str = "") -> Workspace:
    (workspace.consent / "kept" / "pupils-accepted.csv").unlink(missing_ok=True)
    (workspace.consent / "pupils.csv").write_text(register, "utf-8")
    (workspace.consent / "consent_history.csv").write_text(f"{HISTORY}\n{history}", "utf-8")
    return workspace


def brought(workspace: Workspace, content: str, *accepted: str, now: datetime = NOW) -> Prepared:
    prepared = prepare(workspace, text(workspace.folder, content), now)
    write(workspace, prepared, now, accepted)
    return prepared


def rows(workspace: Workspace) -> dict[str, dict[str, str]]:
    with (workspace.consent / "pupils.csv").open(encoding="utf-8", newline="") as file:
        return {row["pupil_id"]: row for row in csv.DictReader(file)}


def everything(workspace: Workspace) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(workspace.consent.rglob("*")) if path.is_file()}


SAME = f"0031,{UPNS[0]},Maya,Day,13/02/2021,yes\n0032,{UPNS[1]},Max,Lee,01/09/2020,no\n33,,Ann,Ray,01/10/2020,\n"


def test_an_export_that_says_the_same_changes_nothing_but_the_log(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    read_declared(fresh_workspace, TODAY)
    history = (fresh_workspace.consent / "consent_history.csv").read_bytes()
    joined = brought(fresh_workspace, EXPORT + SAME.replace("33,", "0033,")).joined
    assert (joined.unchanged, joined.new, joined.left, joined.changed) == (3, [], [], [])
    assert (fresh_workspace.consent / "consent_history.csv").read_bytes() == history


def test_pupils_are_known_by_upn_or_admission_number_and_keep_their_id(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    joined = brought(fresh_workspace, EXPORT + SAME + "0099,,Zoë,Núñez,01/03/2022,y\n").joined
    assert joined.new == ["0099"]
    assert set(rows(fresh_workspace)) == {"P001", "P002", "P003", "P004", "0099"}


def test_what_the_export_does_not_hold_stays(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    brought(fresh_workspace, EXPORT + SAME)
    after = rows(fresh_workspace)
    assert (after["P001"]["press"], after["P001"]["photo_file"], after["P003"]["never_publish"]) == (
        "no",
        "maya.jpg",
        "yes",
    )
    assert after["P004"]["left_on"] == "2026-07-17"
    assert list(after["P001"]) == list(COLUMNS)


def test_a_changed_answer_is_a_dated_one_and_the_day_of_the_post_is_still_told(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    read_declared(fresh_workspace, date(2026, 1, 10))
    brought(fresh_workspace, EXPORT + SAME.replace("yes", "no"))
    last = (fresh_workspace.consent / "consent_history.csv").read_text("utf-8").splitlines()[-1]
    assert last == "P001,website,no,2026-11-22,not stated,2026-11-22T02:30+00:00,import export.csv"
    declared = read_declared(fresh_workspace, TODAY)
    pupil = declared.pupils["P001"]
    assert permission_on(pupil, declared.history, "website", date(2026, 6, 1)).standing == "yes"
    assert permission_today(pupil, declared.history, "website", TODAY).standing == "withdrawn"


def test_a_pupil_missing_from_the_export_has_left_and_one_who_is_there_again_is_back(
    fresh_workspace: Workspace,
) -> None:
    school(fresh_workspace)
    joined = brought(
        fresh_workspace, EXPORT + SAME.replace("33,,Ann,Ray,01/10/2020", "34,,Tom,Hill,01/10/2019"), "accept_drop"
    ).joined
    assert (joined.left, joined.back) == (["P003"], ["P004"])
    assert (rows(fresh_workspace)["P003"]["left_on"], rows(fresh_workspace)["P004"]["left_on"]) == ("2026-11-22", "")


def test_a_surname_that_was_in_use_is_kept_as_a_former_one(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    brought(fresh_workspace, EXPORT + SAME.replace("Day", "Okafor"))
    assert (rows(fresh_workspace)["P001"]["legal_surname"], rows(fresh_workspace)["P001"]["former_surnames"]) == (
        "Okafor",
        "Day",
    )


BY_HAND = "P001,website,yes,2025-09-01,Mother,,form\nP001,website,no,2026-10-12,Mother,,e-mail\n"
STALE = [
    # the day and the giver of P001's form, as the export says, and what holds then; it was the mother who refused
    ("", "Mother", "no"),
    ("01/09/2025", "Mother", "no"),
    ("12/10/2026", "Mother", "no"),
    ("13/10/2026", "Mother", "yes"),
    ("13/10/2026", "Mum", "yes"),
    ("13/10/2026", "Both parents", "yes"),
    ("13/10/2026", "Father", "no"),  # neither parent overrules the other
    ("13/10/2026", "", "no"),  # whose form it is, is not known
    ("23/11/2026", "Mother", "no"),  # a form of tomorrow is none
]


@pytest.mark.parametrize(("form", "giver", "holds"), STALE)
def test_a_refusal_written_down_by_hand_is_overruled_only_by_a_newer_form(
    fresh_workspace: Workspace, form: str, giver: str, holds: str
) -> None:
    school(fresh_workspace, REGISTER.replace("13,,yes", "13,,no"), BY_HAND)
    content = (
        "Adno,Forename,Surname,Website,Consent Date,Consent By\n"
        f"0031,Maya,Day,yes,{form},{giver}\n0032,Max,Lee,no,,\n0033,Ann,Ray,,,\n"
    )
    joined = brought(fresh_workspace, content).joined
    assert rows(fresh_workspace)["P001"]["website"] == holds
    assert [each.pupil_id for each in joined.kept] == ([] if holds == "yes" else ["P001"])
    declared = read_declared(fresh_workspace, TODAY)
    assert permission_today(declared.pupils["P001"], declared.history, "website", TODAY).allowed is (holds == "yes")
    kept = (fresh_workspace.consent / "consent_history.csv").read_bytes()
    read_declared(fresh_workspace, TODAY)
    assert (fresh_workspace.consent / "consent_history.csv").read_bytes() == kept


TWO_PARENTS = [
    # what the history holds of P001's website, the giver of the imported yes, and what holds then
    ("yes,2025-09-01,Mother,,form;no,2026-10-01,Father,,letter", "Mother", "withdrawn"),
    ("no,2026-03-01,Father,,form;yes,2026-10-01,Mother,,letter", "Mother", "disagreement"),
    ("no,2026-03-01,Father,,form;yes,2026-10-01,Mother,,letter", "", "disagreement"),
    ("no,2026-03-01,Father,,form;yes,2026-10-01,Mother,,letter", "Dad", "yes"),
    ("no,2026-03-01,Father,,form;yes,2026-10-01,Mother,,letter", "Mum and Dad", "yes"),
    ("no,2026-03-01,Father,,import old.csv (form)", "Mother", "disagreement"),
    ("no,2026-03-01,not stated,,import old.csv (form)", "Mother", "yes"),
    ("no,2026-03-01,,,letter", "Mother", "yes"),
    ("no,2026-03-01,Both parents,,letter", "Mother", "no"),
]


@pytest.mark.parametrize(("history", "giver", "holds"), TWO_PARENTS)
def test_an_imported_form_of_one_parent_takes_back_no_refusal_of_the_other(
    fresh_workspace: Workspace, history: str, giver: str, holds: str
) -> None:
    lines = "".join(f"P001,website,{line}\n" for line in history.split(";"))
    cell = "yes" if ";yes" in history else "no"
    school(
        fresh_workspace, f"{HEADING.split(',')[0]},legal_forename,legal_surname,website\nP001,Maya,Day,{cell}\n", lines
    )
    content = f"Pupil ID,Forename,Surname,Website,Consent Date,Given By\nP001,Maya,Day,yes,01/11/2026,{giver}\n"
    brought(fresh_workspace, content)
    declared = read_declared(fresh_workspace, TODAY)
    held = permission_today(declared.pupils["P001"], declared.history, "website", TODAY)
    assert held.standing == holds


def _valid_for_a_year(workspace: Workspace) -> None:
    settings = workspace.config / "auditbot.toml"
    content = settings.read_text("utf-8").replace('# valid_for = "until leaving"', 'valid_for = "year"')
    settings.write_text(content, "utf-8")


RENEWED = [
    # the day of the form in the second year, what holds then
    ("01/09/2025", "expired"),
    ("22/11/2025", "expired"),
    ("23/11/2025", "yes"),
    ("01/10/2026", "yes"),
    ("23/11/2026", "expired"),  # a form of tomorrow is none
]


@pytest.mark.parametrize("by", ["import", "hand"])
@pytest.mark.parametrize(("form", "holds"), RENEWED)
def test_a_form_that_was_renewed_holds_for_another_year(
    fresh_workspace: Workspace, by: str, form: str, holds: str
) -> None:
    school(fresh_workspace, "pupil_id,legal_forename,legal_surname\n")
    _valid_for_a_year(fresh_workspace)
    export = "pupil_id,legal_forename,legal_surname,website,press,consent_given_on\nP001,Maya,Day,yes,no,{}\n"
    brought(fresh_workspace, export.format("01/09/2025"))
    read_declared(fresh_workspace, TODAY)
    if by == "import":
        brought(fresh_workspace, export.format(form))
    else:
        (fresh_workspace.consent / "pupils.csv").write_text(export.format(form), "utf-8")
    declared = read_declared(fresh_workspace, TODAY)
    assert permission_today(declared.pupils["P001"], declared.history, "website", TODAY).standing == holds
    before = everything(fresh_workspace)
    read_declared(fresh_workspace, TODAY)
    assert everything(fresh_workspace) == before


def test_the_newer_form_of_one_channel_renews_no_other(fresh_workspace: Workspace) -> None:
    school(fresh_workspace, "pupil_id,legal_forename,legal_surname\n")
    _valid_for_a_year(fresh_workspace)
    export = "Pupil ID,Forename,Surname,Consent Type,Status,Date Given\n" + "".join(
        f"P001,Maya,Day,{kind},{{}}\n" for kind in ("Website", "Social Media", "Press")
    )
    brought(fresh_workspace, export.format("Yes,01/09/2025", "Yes,02/09/2025", "No,01/09/2025"))
    brought(fresh_workspace, export.format("Yes,01/09/2025", "Yes,05/10/2026", "No,06/10/2026"))
    declared = read_declared(fresh_workspace, TODAY)
    held = {
        channel: permission_today(declared.pupils["P001"], declared.history, channel, TODAY).standing
        for channel in CHANNELS[:2]
    }
    assert held == {"website": "expired", "social_media": "yes"}


REFUSED = [
    # rows of the export, what is refused
    (SAME.replace("yes", "x"), 'row 2, column "Website": "x" is neither yes, no nor blank'),
    (
        "0031,,Day,Maya,,\n0032,,Lee,Max,,\n",
        "forename and surname are swapped against the register in 2 of 2 rows (the first is row 2)",
    ),
    (SAME.replace("Maya,Day,13/02/2021", "Joe,Fox,01/01/2021"), "row 2: its number is that of P001, but forename and"),
    (
        SAME.replace(f"0031,{UPNS[0]}", f"0031,{UPNS[1]}").replace(f"0032,{UPNS[1]}", "0032,"),
        "belong to different pupils (P002 and P001)",
    ),
    (SAME.replace("0032,", "0031,"), "rows 2 and 3 hold the same admission_no for two pupils"),
    (SAME.splitlines()[0], "2 of 3 pupils on roll (67 %) are missing from the file"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "why"), REFUSED)
def test_a_refused_import_changes_nothing(fresh_workspace: Workspace, content: str, why: str) -> None:
    school(fresh_workspace)
    before = everything(fresh_workspace)
    with pytest.raises(ImportRefused) as refused:
        brought(fresh_workspace, EXPORT + content)
    assert why in str(refused.value)
    assert everything(fresh_workspace) == before


def many(count: int, website: str) -> tuple[str, str]:
    register = ["pupil_id,legal_forename,legal_surname,website"]
    register += [f"P{number:03},Maya,Day,{website}" for number in range(count)]
    return "\n".join(register) + "\n", "\n".join(register).replace("pupil_id", "Pupil ID") + "\n"


@pytest.mark.parametrize(("missing", "stops"), [(0, False), (4, False), (5, True)])
def test_more_than_one_pupil_in_ten_missing_stops(fresh_workspace: Workspace, missing: int, stops: bool) -> None:
    register, export = many(40, "yes")
    school(fresh_workspace, register)
    lines = export.splitlines()
    prepared = prepare(fresh_workspace, text(fresh_workspace.folder, "\n".join(lines[: len(lines) - missing])), NOW)
    assert [each.switch for each in prepared.stops] == (["accept_drop"] if stops else [])
    if stops:
        with pytest.raises(ImportRefused, match="--accept-drop"):
            write(fresh_workspace, prepared, NOW, ["accept_more_permission"])
        write(fresh_workspace, prepared, NOW, ["accept_drop"])


@pytest.mark.parametrize(
    ("refusals", "turned", "stops"),
    [(40, 4, False), (40, 5, True), (10, 1, False), (10, 2, True), (2, 1, True), (2, 2, True)],
)
def test_many_refusals_that_become_permission_stop(
    fresh_workspace: Workspace, refusals: int, turned: int, stops: bool
) -> None:
    register, export = many(refusals, "no")
    school(fresh_workspace, register)
    prepared = prepare(fresh_workspace, text(fresh_workspace.folder, export.replace(",no", ",yes", turned)), NOW)
    assert [each.switch for each in prepared.stops] == (["accept_more_permission"] if stops else [])


BLANKS = [
    # pupils, how many of them have answers, how many blanks become a yes, whether that stops
    (40, 20, 10, False),
    (40, 20, 11, True),
    (8, 5, 2, False),
    (8, 5, 3, True),
    (40, 0, 40, False),  # the first import that answers for the channel
]


@pytest.mark.parametrize(("pupils", "answered", "filled", "stops"), BLANKS)
def test_many_blanks_that_become_permission_stop(
    fresh_workspace: Workspace, pupils: int, answered: int, filled: int, stops: bool
) -> None:
    register, export = many(pupils, "")
    school(fresh_workspace, register.replace("Day,\n", "Day,yes\n", answered))
    export = export.replace("Day,\n", "Day,yes\n", answered + filled)
    prepared = prepare(fresh_workspace, text(fresh_workspace.folder, export), NOW)
    assert [each.switch for each in prepared.stops] == (["accept_more_permission"] if stops else [])
    assert f"0 from no to yes · {filled} from blank to yes" in "\n".join(preview(prepared))


BLOCKED = [
    # further columns of the register, what they hold, what the preview says of an imported yes
    ("withdrawn_on", "2026-03-01", "permission was withdrawn"),
    ("never_publish", "yes", "never to be published"),
    ("consent_expires_on", "2026-08-31", "the consent is no longer valid"),
    ("withdrawn_on", "2027-03-01", ""),
    ("left_on", "2026-08-31", ""),
]


@pytest.mark.parametrize(("column", "value", "said"), BLOCKED)
def test_a_yes_that_the_register_still_blocks_is_told(
    fresh_workspace: Workspace, column: str, value: str, said: str
) -> None:
    school(fresh_workspace, f"pupil_id,legal_forename,legal_surname,website,{column}\nP001,Maya,Day,no,{value}\n")
    content = "Pupil ID,Forename,Surname,Website,DOL\nP001,Maya,Day,yes,"
    content += f"{value}\n" if column == "left_on" else "\n"
    prepared = prepare(fresh_workspace, text(fresh_workspace.folder, content), NOW)
    (line,) = [line for line in preview(prepared) if "still blocked" in line] or [""]
    assert (said in line and "P001  Maya D." in line) if said else line == ""


def test_parents_who_disagree_still_block_an_imported_yes(fresh_workspace: Workspace) -> None:
    history = "P001,website,no,2026-03-01,Father,,letter\nP001,website,yes,2026-10-01,Mother,,letter\n"
    school(fresh_workspace, "pupil_id,legal_forename,legal_surname,website\nP001,Maya,Day,yes\n", history)
    content = "Pupil ID,Forename,Surname,Website\nP001,Maya,Day,yes\n"
    prepared = prepare(fresh_workspace, text(fresh_workspace.folder, content), NOW)
    assert prepared.blocked == {"P001": "the parents disagree"}


DIES_HALFWAY = """
import os, sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from auditbot import safe_files as together
from auditbot.registers.mis.update import prepare, write
from auditbot.settings import Workspace

left = int(sys.argv[3])
really = together.write_private

def die_at_the_last(path, content):
    global left
    if not left:
        os._exit(9)
    left -= 1
    really(path, content)

together.write_private = die_at_the_last
workspace, now = Workspace(Path(sys.argv[1])), datetime(2026, 11, 22, 2, 30, tzinfo=ZoneInfo("Europe/London"))
write(workspace, prepare(workspace, Path(sys.argv[2]), now), now)
"""


def test_an_import_killed_anywhere_leaves_the_old_register_or_the_new_one_whole(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    path = text(fresh_workspace.folder, EXPORT + SAME.replace("yes", "no"))
    new = prepare(fresh_workspace, path, NOW).files
    old = {name: (fresh_workspace.consent / name).read_bytes() for name in ("pupils.csv", "consent_history.csv")}
    outcomes = []
    for files_written in (1, 4, 5, 6, 8):
        for name, content in old.items():
            (fresh_workspace.consent / name).write_bytes(content)
        for name in ("imports.csv", "register_changes.csv", "kept/pupils-accepted.csv"):
            (fresh_workspace.consent / name).unlink(missing_ok=True)
        words = [str(fresh_workspace.folder), str(path), str(files_written)]
        killed = subprocess.run([sys.executable, "-c", DIES_HALFWAY, *words], check=False)
        assert killed.returncode == 9
        finish_replacing(fresh_workspace.consent)
        held = {name: (fresh_workspace.consent / name).read_bytes() for name in old}
        outcomes.append("old" if held == old else "new" if held == {name: new[name] for name in old} else "torn")
        assert not list(fresh_workspace.consent.glob(".*"))
    assert outcomes == ["old", "old", "new", "new", "new"]


def test_a_protection_is_never_taken_off_without_a_word(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    content = "Adno,Forename,Surname,Do not photograph\n0031,Maya,Day,\n0032,Max,Lee,yes\n0033,Ann,Ray,{}\n"
    assert not prepare(fresh_workspace, text(fresh_workspace.folder, content.format("")), NOW).stops
    with pytest.raises(ImportRefused, match="never_publish of P003 would no longer protect"):
        brought(fresh_workspace, content.format("no"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX file modes")
def test_the_old_register_is_kept_for_its_owner_alone(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    brought(fresh_workspace, EXPORT + SAME)
    (kept,) = (fresh_workspace.consent / "kept").glob("pupils-2*")
    assert kept.name == "pupils-2026-11-22T023000.csv"
    assert kept.read_text("utf-8") == REGISTER
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


NAME = st.text("abcXYZ '-éß", min_size=1, max_size=8).filter(lambda name: any(letter.isalpha() for letter in name))
ANSWER = st.sampled_from(["yes", "no", "not_recorded"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(NAME, NAME, ANSWER, ANSWER), min_size=1, max_size=6))
def test_a_register_that_an_import_wrote_is_read_back_the_same(
    fresh_workspace: Workspace, pupils: list[tuple[str, str, str, str]]
) -> None:
    school(fresh_workspace, "pupil_id,legal_forename,legal_surname\n")
    lines = [
        f'{number},"{forename}","{surname}",{web.replace("not_recorded", "")},{press}'
        for number, (forename, surname, web, press) in enumerate(pupils)
    ]
    brought(fresh_workspace, "\n".join(["Pupil ID,Forename,Surname,Website,Press", *lines]), "accept_no_answers")
    said = {True: "yes", False: "no", None: "not_recorded"}
    declared = read_declared(fresh_workspace, TODAY)
    assert [
        (
            one.legal_forename,
            one.legal_surname,
            said[(one.answers or {})["website"]],
            said[(one.answers or {})["press"]],
        )
        for one in declared.pupils.values()
    ] == [
        (" ".join(forename.split()), " ".join(surname.split()), web, press) for forename, surname, web, press in pupils
    ]
    written = (fresh_workspace.consent / "pupils.csv").read_bytes()
    again = brought(fresh_workspace, written.decode(), "accept_no_answers").joined
    assert (again.changed, again.new, again.left, again.details) == ([], [], [], {})
    assert (fresh_workspace.consent / "pupils.csv").read_bytes() == written


# --- the watched folder ---------------------------------------------------------------------------------------------


def test_the_newest_export_of_the_watched_folder_is_imported_once(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    folder = fresh_workspace.folder / "exports"
    folder.mkdir()
    old, new = (
        text(folder, EXPORT + SAME, name="old.csv"),
        text(folder, EXPORT + SAME.replace("yes", "no"), name="new.csv"),
    )
    os.utime(old, (1, 1))
    watch = Consent(watch_folder="exports")
    assert import_newest(fresh_workspace, watch, NOW) == ()
    assert rows(fresh_workspace)["P001"]["website"] == "no"
    before = everything(fresh_workspace)
    assert import_newest(fresh_workspace, watch, NOW) == ()
    assert everything(fresh_workspace) == before
    content = "Hedgehogs," + EXPORT + "".join(f",{line}\n" for line in SAME.splitlines()) + ",Total,3,,,,\n"
    new.write_text(content.replace("yes", "no"), "utf-8")
    (note,) = import_newest(fresh_workspace, watch, NOW)
    assert note.startswith("Consent was imported from new.csv. What of that file was passed by: Not used")
    assert '"Hedgehogs"' in note and "Row 5 is a total or a remark and is passed over." in note
    before = everything(fresh_workspace)
    assert import_newest(fresh_workspace, watch, NOW) == ()
    new.write_text(EXPORT + "0031,,Maya,Day,,x\n", "utf-8")
    (note,) = import_newest(fresh_workspace, watch, NOW)
    assert "was not imported" in note and '"x" is neither yes, no nor blank' in note
    assert everything(fresh_workspace) == before


def test_a_watched_folder_that_is_not_there_is_told(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    (note,) = import_newest(fresh_workspace, Consent(watch_folder="nowhere"), NOW)
    assert "cannot be read" in note
    assert import_newest(fresh_workspace, Consent(), NOW) == ()


def test_a_missing_file_is_told(tmp_path: Path, fresh_workspace: Workspace) -> None:
    with pytest.raises(ImportRefused, match="the file does not exist"):
        prepare(fresh_workspace, tmp_path / "none.csv", NOW)


# --- any register, any export ---------------------------------------------------------------------------------------

HELD = st.fixed_dictionaries(
    {"website": st.sampled_from(["yes", "no", ""]), "press": st.sampled_from(["yes", "no", ""]),
     "never": st.sampled_from(["", "", "yes", "no"])}
)  # fmt: skip
WHO = ["Maya,Day", "Max,Lee", "Ann,Ray", "Tom,Hill", "Zoe,Moss", "Ava,Fox"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(st.integers(0, 5), HELD, max_size=6),
    st.dictionaries(st.integers(0, 5), HELD, min_size=1, max_size=6),
    st.permutations(range(6)),
    st.booleans(),
)
def test_an_import_takes_no_protection_away_without_a_stop_or_a_line(
    fresh_workspace: Workspace,
    first: dict[int, dict[str, str]],
    second: dict[int, dict[str, str]],
    numbers: list[int],
    renumbered: bool,
) -> None:
    heading = "pupil_id,admission_no,legal_forename,legal_surname,date_of_birth,website,press,never_publish"
    register = [
        f"P{n},{n}00,{WHO[n]},2020-01-0{n + 1},{held['website']},{held['press']},{held['never']}"
        for n, held in first.items()
    ]
    school(fresh_workspace, "\n".join([heading, *register]) + "\n")
    for name in ("consent_history.csv", "register_changes.csv", "import_decisions.csv"):
        (fresh_workspace.consent / name).unlink(missing_ok=True)
    before = {each for each in _allowed(fresh_workspace) if first}
    lines = [
        f"{numbers[n] if renumbered else n}00,{WHO[n]},2020-01-0{n + 1},"
        f"{held['website']},{held['press']},{held['never']}"
        for n, held in second.items()
    ]
    content = "\n".join(["Adno,Forename,Surname,DOB,Website,Press,Do not publish", *lines]) + "\n"
    try:
        prepared = prepare(fresh_workspace, text(fresh_workspace.folder, content), NOW)
    except ImportRefused:
        return  # numbers and names that speak against each other: nothing was changed
    told = "\n".join(preview(prepared)) + " ".join(each.sentence for each in prepared.stops)
    write(fresh_workspace, prepared, NOW, [each.switch for each in prepared.stops])
    known = {f"P{n}" for n in first}
    for pupil_id, _ in _allowed(fresh_workspace) - before:
        assert pupil_id not in known or pupil_id in told
    after = rows(fresh_workspace)
    for n, held in first.items():
        row = after[f"P{n}"]
        assert row["legal_forename"] == WHO[n].split(",")[0]
        assert held["never"] != "yes" or row["never_publish"] == "yes" or "no longer protect" in told


def _allowed(workspace: Workspace) -> set[tuple[str, str]]:
    declared = read_declared(workspace, TODAY)
    return {
        (pupil.pupil_id, channel)
        for pupil in declared.pupils.values()
        for channel in CHANNELS
        if not pupil.never_publish and permission_today(pupil, declared.history, channel, TODAY).allowed
    }


def test_a_withdrawal_recorded_while_an_export_is_read_is_not_overwritten(fresh_workspace: Workspace) -> None:
    school(fresh_workspace)
    content = f"{EXPORT}0031,{UPNS[0]},Maya,Day,13/02/2021,Yes\n"
    prepared = prepare(fresh_workspace, text(fresh_workspace.folder, content), NOW)
    given = Answered("P001", "Mother", "by telephone", TODAY, NOW)
    withdraw_all(fresh_workspace, given, read_declared(fresh_workspace, TODAY).history)
    accepted = [each.switch for each in prepared.stops]
    with pytest.raises(ImportRefused, match="changed while"):
        write(fresh_workspace, prepared, NOW, accepted)
    declared = read_declared(fresh_workspace, TODAY)
    assert permission_today(declared.pupils["P001"], declared.history, "website", TODAY).standing == "withdrawn"
    again = prepare(fresh_workspace, text(fresh_workspace.folder, content), NOW)
    write(fresh_workspace, again, NOW, [each.switch for each in again.stops])
    declared = read_declared(fresh_workspace, TODAY)
    assert not permission_today(declared.pupils["P001"], declared.history, "website", TODAY).allowed
