"""What headings, groups of headings and words above a table mean; a refusal is never read as permission."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditbot.errors import ImportRefused
from auditbot.registers.mis import headings
from auditbot.registers.mis.entries import Export, read_export
from auditbot.registers.mis.headings import ASK, ASK_END, ASK_START, SYSTEMS, UNUSED, meaning, read_systems, refuses
from auditbot.settings import SYSTEMS as known_to_settings
from tests.unit.registers.mis.exports import text, workbook

HEADINGS = {
    "website": [
        "Website (Y/N)", "Website Yes/No", "Website 2025/26", "Website 2025-2026", "Website (tick)", "web site",
        "School website", "Photo for website use", "Opt-in: website", "Permission - image(s) on our website",
        "Internet",
        "Child\u2019s photo may be used on the school\u2019s website", "Website consent, academic year 2025/26",
    ],
    "social_media": [
        "Social networking", "Social Networking Sites", "Social media platforms",
        "Facebook (Y/N)", "X (formerly Twitter)",
        "Twitter/X",
        "2. I give permission for photos on social media", "Photos: Soc. Media", "School Facebook page",
        "Social Media 24-25",
        "X",
    ],
    "newsletter": ["Weekly newsletter", "Parent/carer consent given for newsletter", "School newsletter (printed)"],
    "press": ["Local press", "Local newspaper", "Press & media", "Local media", "Photo in local paper?"],
    "prospectus_display": ["Classroom display", "School display boards", "Prospectus"],
    "name_use": ["Names in images"],
    "date of website": ["Website consent date", "Website date recorded"],
    "pupil_id": ["Pupil No", "Student Reference"],
    "surname": ["Pupil Surname", "Student Surname", "Child's Last Name"],
    ASK_START: ["Start Date", "Valid from"],
    ASK_END: ["End Date", "End"],
    ASK: [
        "Website Refusal", "Website objection", "Facebook opt-out", "Social media withdrawn", "No website",
        "Website No",
        "Website (tick = no)", "Website (if ticked, do not use)", "Website (Mother)", "Parent 1 website",
        "Website exclusion", "Facebook - hide", "3. I do not give permission for my child to be filmed",
        "Website 2", "Refused", "Opted out", "No consent",
        "Website - Name", "Website court order", "Website video", "YouTube", "You Tube", "Website & newsletter",
        "Media",
        "Marketing", "Internet use", "Consent for internet use", "Photo", "Private Facebook group", "No. on website",
    ],
    UNUSED: [
        "Internet access", "Social Worker", "Social, emotional and mental health", "Display Name", "Video call consent",
        "Web address", "Newsletter email", "Class Dojo", "Photos on Tapestry", "Film club", "Website trips", "Year X",
        "Primary Guardian", "No", "Dietary restrictions",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("column", "heading"), [(column, each) for column, all_ in HEADINGS.items() for each in all_])
def test_a_heading_means_a_column_or_is_asked_about_or_holds_nothing_of_the_register(column: str, heading: str) -> None:
    assert meaning(heading) == column


def test_a_record_system_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        'name = "Larkmere MIS"\nblank_may_refuse = false\n[headings]\npupil_id = ["Larkmere Key"]\nclass = ["Nest"]\n'
    )
    (tmp_path / "larkmere.toml").write_text(said, "utf-8")
    (system,) = read_systems(tmp_path).values()
    monkeypatch.setattr(headings, "SYSTEMS", {"larkmere": system})
    assert (meaning("Larkmere key", "larkmere"), meaning("Nest", "larkmere")) == ("pupil_id", "class")
    assert meaning("Nest") == UNUSED
    assert set(SYSTEMS) == set(known_to_settings)


WORDS_ABOVE = {
    True: [
        "Children who must NOT appear in photos", "Do NOT use photos on", "Don\u2019t publish",
        "Photos not to be shared",
        "Never publish", "Opt-outs", "Refusals", "Objections received", "Consent withdrawn", "Pupils without consent",
        "Not for publication", "Photo ban list", "Key: Y = do not use",
    ],
    False: [
        "Photo consents, autumn 2026", "Opt-in list", "CONFIDENTIAL - do not copy or share", "No. of pupils: 30",
        "DfE No 9251234", "Leavers: not included", "Not for circulation", "Filter: status is not Leaver", "Printed out",
        "Adm No", "Photos 2026/27 (Y = yes, N = no, blank = not returned)", "Key: Y = given; N = refused",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("turns", "words"), [(turns, each) for turns, all_ in WORDS_ABOVE.items() for each in all_])
def test_words_above_a_table_may_turn_its_answers_round(turns: bool, words: str) -> None:
    assert refuses(words) is turns


def refusal(path: Path, system: str | None = None, *said: str) -> str:
    with pytest.raises(ImportRefused) as stopped:
        read_export(path, system, said)
    return str(stopped.value)


HEAD = "Pupil ID,Surname,Forename,Website,Facebook"
BELOW = [
    # an export in which a tick is, or may be, a refusal
    "Pupil ID,Surname,Forename,Do NOT use photos on,\n,,,Website,Facebook\n1,Day,Maya,\u2713,\n",
    ",,,Objections,\nPupil ID,Surname,Forename,Website,Facebook\n1,Day,Maya,\u2713,\n",
    f"Children who must NOT appear in photos,,,,\n{HEAD}\n1,Day,Maya,\u2713,\n",
    f"Children who must NOT appear in photos,,,,\n,,,,\nAutumn 2026,,Year 1,,\n{HEAD}\n1,Day,Maya,\u2713,\n",
    f"{HEAD}\n1,Day,Maya,\u2713,\n\n* Ticked = do not publish,,,,\n",
    f"{HEAD}\n1,Day,Maya,\u2713,\n\nNote: these children must not be photographed,,,,\n",
    "Pupils with no consent,,,,\nPupil ID,Surname,Forename,Consent Type,Status\n1,Day,Maya,Website,Y\n",
    "Pupil ID,Surname,Forename,Consent Type,Status\n1,Day,Maya,Website,Y\n1,Day,Maya,YouTube,Refused\n",
    "Pupil ID,Surname,Forename,Consent Type,Status\n1,Day,Maya,Website,Y\n1,Day,Maya,Withdraw Facebook consent,Y\n",
]


@pytest.mark.parametrize("content", BELOW)
def test_a_tick_that_may_be_a_refusal_is_asked_about(tmp_path: Path, content: str) -> None:
    assert "refusal" in (why := refusal(text(tmp_path, content))) or "does not say where" in why


def test_the_name_of_a_sheet_or_file_may_turn_answers_round(tmp_path: Path) -> None:
    content = f"{HEAD}\n1,Day,Maya,yes,no\n"
    why = refusal(text(tmp_path, content, name="No photo consent.csv"))
    assert '"Website" stands below "No photo consent", so a yes in it may be a refusal' in why
    sheet = [line.split(",") for line in content.splitlines()]
    assert 'stands below "Opt-outs"' in refusal(workbook(tmp_path, {"Opt-outs": sheet}))
    assert read_export(text(tmp_path, content, name="nursery without upn.csv")).entries


def test_the_school_says_that_a_yes_below_such_words_permits(tmp_path: Path) -> None:
    path = text(tmp_path, f"Photo list. Do not publish surnames,,,,\n{HEAD}\n1,Day,Maya,yes,no\n")
    export = read_export(path, None, ["Website=website", "Facebook=social_media"])
    assert export.entries[0].cells["website"] == "yes"
    assert '"Website" stands below "Photo list. Do not publish surnames" and is read as --map says.' in [
        str(each) for each in export.notes
    ]


def test_words_that_only_look_like_a_refusal_ask_nothing(tmp_path: Path) -> None:
    below = "\nTotal,1,,,\nPrinted for the office; do not copy,,,,\n* Y = yes; N = no,,,,\n"
    above = "Confidential - do not copy,,,,\nNo. of pupils: 1,,Leavers: not included,,\n,,,Where photos may be used,\n"
    (entry,) = read_export(text(tmp_path, f"{above}{HEAD}\n1,Day,Maya,yes,no\n{below}")).entries
    assert (entry.cells["website"], entry.cells["social_media"]) == ("yes", "no")


def test_a_kind_of_consent_without_its_answer_is_asked_about(tmp_path: Path) -> None:
    head = "Pupil ID,Surname,Forename,Consent Type,Consented,Declined by parents"
    path = text(tmp_path, f"{head}\n1,Day,Maya,Website,Y,\n1,Day,Maya,Facebook,,Y\n")
    assert '"Consent Type" names kinds of consent, but no column with the answers' in refusal(path)
    path = text(tmp_path, "Pupil ID,Surname,Forename,Consent Type,Agreement\n1,Day,Maya,Website,Y\n")
    (entry,) = read_export(path, None, ["Agreement=consent_status"]).entries
    assert entry.cells["website"] == "yes"


def test_a_line_that_only_names_a_class_is_passed_over(tmp_path: Path) -> None:
    path = text(tmp_path, f"{HEAD}\nYear 1,,,,\n1,Day,Maya,yes,no\nClass: Owls,,,,\n2,Lee,Max,no,no\n")
    export = read_export(path)
    assert (ids(export), len(export.not_read)) == (["1", "2"], 2)


DATES = [
    # the heading of a date, what the school says of it, and what it fills
    ("Start Date=ignore", "End Date=consent_expires_on", {"consent_expires_on": "2026-08-31"}),
    (
        "Start Date=consent_given_on",
        "End Date=left_on",
        {"consent_given_on": "2025-09-01", "left_on": "2026-08-31"},
    ),
]


@pytest.mark.parametrize(("start", "end", "filled"), DATES)
def test_whether_the_pupil_or_the_consent_ends_is_asked(
    tmp_path: Path, start: str, end: str, filled: dict[str, str]
) -> None:
    head = "Pupil ID,Surname,Forename,Consent Type,Status,Start Date,End Date"
    path = text(tmp_path, f"{head}\n1,Day,Maya,Website,Given,01/09/2025,31/08/2026\n")
    why = refusal(path)
    assert '"Start Date" does not say whether it is about the pupil or the consent' in why
    assert '--map "End Date=left_on" (or consent_expires_on, or ignore)' in why
    cells = read_export(path, None, [start, end]).entries[0].cells
    assert {name: cells[name] for name in cells if name.endswith("_on")} == filled


def test_each_consent_of_a_long_form_has_its_own_end_and_withdrawal(tmp_path: Path) -> None:
    content = (
        "Pupil ID,Surname,Forename,Consent Type,Status,Consent Expiry,Date Withdrawn\n"
        "1,Day,Maya,Website,Given,31/08/2027,\n"
        "1,Day,Maya,Social Media,Given,31/08/2026,01/03/2026\n"
        "1,Day,Maya,Newsletter,Given,31/07/2027,\n"
        "1,Day,Maya,Local trips,Given,31/12/2025,\n"
    )
    cells = read_export(text(tmp_path, content)).entries[0].cells
    assert [cells[name] for name in ("website", "social_media", "newsletter")] == ["yes", "no", "yes"]
    assert cells["consent_expires_on"] == "2027-07-31"
    assert "withdrawn_on" not in cells


def ids(export: Export) -> list[str]:
    return [entry.cells["pupil_id"] for entry in export.entries]


@pytest.mark.parametrize("surname", ["Key", "Note", "Notes", "Report", "Source", "Count", "Page", "Total", "Sum"])
def test_a_surname_that_may_begin_a_remark_is_a_pupil(tmp_path: Path, surname: str) -> None:
    content = (
        f"Surname,Forename,Pupil ID,Stage,Website\n{surname},Ann,12,Key Stage 1,yes\nTotal,,1,,\nSource: MIS,,,,\n"
    )
    assert ids(read_export(text(tmp_path, content))) == ["12"]
    nameless = content.replace("Ann", "") if surname != "Total" else content.replace(",12,", ",,")
    assert "row 2, column" in refusal(text(tmp_path, nameless))


def test_a_pupil_without_an_id_is_named_and_never_passed_over(tmp_path: Path) -> None:
    content = "UPN,Surname,Forename,Key Stage,Website\nB801200005001,Day,Maya,Key Stage 1,Y\n,Smith,Ben,Key Stage 1,N\n"
    assert 'row 3, column "UPN": is empty' in refusal(text(tmp_path, content))


PERSONS = [
    # headings, one row, the id and the surname that are read
    ("Student,Student ID,Surname,Forename", "Maya Day,7,Day,Maya", "7", "Day"),
    ("Student,Student ID", '"Day, Maya",7', "7", "Day"),
    ("Pupil,Surname,Forename", "1007,Day,Maya", "1007", "Day"),
    ("Pupil,UPN,Surname,Forename", "A1007,B801200005001,Day,Maya", "A1007", "Day"),
]


@pytest.mark.parametrize("system", ["arbor", "scholarpack", None])
@pytest.mark.parametrize(("headings", "row", "pupil_id", "surname"), PERSONS)
def test_a_column_called_student_holds_names_or_ids_by_what_stands_in_it(
    tmp_path: Path, system: str | None, headings: str, row: str, pupil_id: str, surname: str
) -> None:
    (entry,) = read_export(text(tmp_path, f"{headings},Website,Primary Guardian\n{row},yes,Mrs Day\n"), system).entries
    assert (entry.cells["pupil_id"], entry.cells["legal_surname"]) == (pupil_id, surname)
    assert "consent_by" not in entry.cells


def test_sheets_that_are_not_read_are_told(tmp_path: Path) -> None:
    sheet: list[list[Any]] = [["Pupil ID", "Forename", "Surname"], [1, "Maya", "Day"]]
    pages: dict[str, list[list[Any]]] = {"Owls": sheet, "Otters": sheet, "Remarks": [["Made by the office"]]}
    export = read_export(workbook(tmp_path, pages, hidden=["Otters"]))
    assert {'The hidden sheet "Otters" is not read.', 'The sheet "Remarks" is not read.'} <= set(export.not_read)
