"""Exports of each pupil records system: the rows they become, or the exact sentence with which they are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.errors import ImportRefused
from auditbot.registers.mis.entries import Export, read_export
from tests.unit.registers.mis.exports import UPNS, old_workbook, open_document, text, workbook


def rows(export: Export) -> list[dict[str, str]]:
    return [dict(entry.cells) for entry in export.entries]


def told(export: Export) -> list[str]:
    return [str(each) for each in export.notes]


def refusals(path: Path, system: str | None = None, said: Sequence[str] = ()) -> list[str]:
    with pytest.raises(ImportRefused) as stopped:
        read_export(path, system, said)
    first, *others = str(stopped.value).splitlines()
    assert first == f"{path.name} was not imported, and nothing was changed:"
    return [line.removeprefix("  - ") for line in others]


def pupil(pupil_id: str, forename: str, surname: str, **cells: str) -> dict[str, str]:
    return {"pupil_id": pupil_id, "legal_forename": forename, "legal_surname": surname, **cells}


SIMS = """\
Adno,UPN,Legal Surname,Legal Forename,Surname,Forename,DOB,NC Year,Reg Group,Website Photo,Web Images,Medical Notes
003101,B801200005001,Ellison-Grant,Margaret,Grant,Maisie,13/02/2021,R,Otters,T,T,None
003102,T999241726001,Núñez,Zoë,Núñez,Zoë,1/9/2020,1,Owls,T,F,None
003103,,Day,Max,Day,Max,,N2,,,T,"Asthma,
see plan"
"""


def test_sims_with_latin_letters_quoted_newlines_and_two_columns_for_one_channel(tmp_path: Path) -> None:
    export = read_export(text(tmp_path, SIMS, "cp1252"), "sims")
    assert [(row["admission_no"], row["legal_surname"], row["preferred_forename"]) for row in rows(export)] == [
        ("003101", "Ellison-Grant", "Maisie"),
        ("003102", "Núñez", "Zoë"),
        ("003103", "Day", "Max"),
    ]
    assert [row["website"] for row in rows(export)] == ["yes", "no", "not_recorded"]
    assert [row["date_of_birth"] for row in rows(export)] == ["2021-02-13", "2020-09-01", ""]
    assert [row["year_group"] for row in rows(export)] == ["R", "1", "N2"]
    assert "In SIMS a blank tick may mean refused or never asked; it is imported as not recorded." in told(export)
    assert 'Not used: "Medical Notes".' in told(export)
    assert (
        '"Website Photo", "Web Images" all mean website: yes only where each says yes, no where any says no.'
        in told(export)
    )


ARBOR = """\
Arbor Student ID\tFirst Name\tLast Name\tConsent Type\tStatus\tConsent date\tGiven by
1001\tMaya\tDay\tPhotographs on the school website\tConfirmed\t01/09/2026\tMother
1001\tMaya\tDay\tSocial media\tDeclined\t02/09/2026\tMother
1001\tMaya\tDay\tLocal trips\tConfirmed\t01/09/2026\tMother
1002\tMax\tLee\tPhotographs on the school website\tRequested\t\t
1002\tMax\tLee\tSocial media\tConfirmed\t03/09/2026\tMother
1002\tMax\tLee\tSocial media\tDeclined\t04/09/2026\tFather
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_arbor_with_a_row_for_each_named_consent(tmp_path: Path, encoding: str) -> None:
    export = read_export(text(tmp_path, ARBOR, encoding), "arbor")
    assert rows(export) == [
        pupil(
            "1001", "Maya", "Day", website="yes", social_media="no", consent_given_on="2026-09-01", consent_by="Mother"
        ),
        pupil(
            "1002", "Max", "Lee", website="not_recorded", social_media="no", consent_given_on="",
            consent_by="Mother and Father",
        ),
    ]  # fmt: skip
    assert export.entries[0].answered_on == {"website": "2026-09-01", "social_media": "2026-09-02"}
    assert 'The consent "Local trips" is not used.' in told(export)


def test_bromcom_with_a_title_above_semicolons_and_totals_below(tmp_path: Path) -> None:
    content = (
        "Photo consent report;;;;\n;;;;\n"
        "PersonID;First Name;Surname;Tutor Group;Social\n"
        "77;Maya;Day;Otters;Y\n\n78;Max;Lee;Owls;N\n;;;;\nTotal;2;;;1\nPrinted on 22/11/2026;;;;\n"
    )
    export = read_export(text(tmp_path, content), "bromcom")
    assert rows(export) == [
        pupil("77", "Maya", "Day", social_media="yes", **{"class": "Otters"}),
        pupil("78", "Max", "Lee", social_media="no", **{"class": "Owls"}),
    ]
    assert "Row 8 is a total or a remark and is passed over." in told(export)


def test_scholarpack_as_a_workbook_with_merged_headings_and_real_dates(tmp_path: Path) -> None:
    sheet: list[list[object]] = [
        ["Larkmere Infant School", None, None, None, None, None, None],
        ["ID", "Forename", "Surname", "DOB", "Photo consent", None, None],
        [None, None, None, None, "Website", "Newsletter", "Press"],
        [501, "Maya", "Day", datetime(2021, 2, 13), True, "Yes", "No"],
        [502, "Max", "Lee", date(2020, 9, 1), False, None, "Pending"],
        [503, "Ann", "Ray", 44075, "✓", "Not granted", ""],
        ["Totals", None, None, None, 2, 1, 0],
    ]
    path = workbook(tmp_path, {"Report": sheet, "Notes": [["Made by the office"]]}, merged=["A1:G1", "E2:G2", "A2:A3"])
    assert rows(read_export(path, "scholarpack")) == [
        pupil("501", "Maya", "Day", date_of_birth="2021-02-13", website="yes", newsletter="yes", press="no"),
        pupil(
            "502",
            "Max",
            "Lee",
            date_of_birth="2020-09-01",
            website="no",
            newsletter="not_recorded",
            press="not_recorded",
        ),
        pupil("503", "Ann", "Ray", date_of_birth="2020-09-01", website="yes", newsletter="no", press="not_recorded"),
    ]


def test_a_group_of_headings_that_names_the_channel(tmp_path: Path) -> None:
    content = "Pupil,,,Website,,Facebook\nID,Forename,Surname,Photo,Trips,Image\n1,Maya,Day,yes,yes,no\n"
    (row,) = rows(read_export(text(tmp_path, content)))
    assert (row["website"], row["social_media"]) == ("yes", "no")


def test_integris_with_upn_and_admission_number_and_no_id(tmp_path: Path) -> None:
    content = (
        "Adm. No.|Unique Pupil Number|Known As|Forename|Surname|Yr|Display|Prospectus|Use of Name\n"
        "A12|b801200005001|Mo|Mohammed|Ali|Year 2|Yes|Yes|first name only\n"
        "A13|T999241726001||Maya|Day|Y1|Yes|No|None\n"
        "A14|||Max|Lee|FS2|Agreed||\n"
    )
    export = read_export(text(tmp_path, content), "integris")
    assert [(row["upn"], row["year_group"], row["prospectus_display"], row["name_use"]) for row in rows(export)] == [
        (UPNS[0], "2", "yes", "first"),
        (UPNS[1], "1", "no", "none"),
        ("", "R", "not_recorded", ""),
    ]
    assert "1 pupil without a UPN; a child in nursery may have none." in told(export)


def test_juniper_with_excels_own_delimiter_line_and_one_column_for_the_whole_name(tmp_path: Path) -> None:
    content = "sep=;\nPupil ID;Surname, Forename;Video;Press & media\n9;Ellison-Grant, Maya;granted;refused\n"
    assert rows(read_export(text(tmp_path, content), "juniper")) == [
        {"pupil_id": "9", "video": "yes", "press": "no", "legal_surname": "Ellison-Grant", "legal_forename": "Maya"}
    ]


def test_days_of_answers_by_channel_and_totals_without_a_word(tmp_path: Path) -> None:
    content = (
        "Adno,Pupil Name,Website,Website Consent Date,Video recordings,Local Media\n"
        '31,"Day, Maya",Y,01/09/2026,Y,N\n,,1,,1,0\n'
    )
    (entry,) = read_export(text(tmp_path, content)).entries
    assert entry.answered_on == {"website": "2026-09-01"}
    assert [entry.cells[name] for name in ("website", "video", "press")] == ["yes", "yes", "no"]


def test_identical_rows_and_headings_again_on_each_page_count_once(tmp_path: Path) -> None:
    content = "Pupil ID,Forename,Surname,Web\n1,Maya,Day,y\nPupil ID,Forename,Surname,Web\n1,Maya,Day,Y\n2,Max,Lee,n\n"
    export = read_export(text(tmp_path, content))
    assert [row["pupil_id"] for row in rows(export)] == ["1", "2"]
    assert "Rows 2 and 4 are the same and count once." in told(export)


DATES = {
    "2026-09-03": "2026-09-03", "03/09/2026": "2026-09-03", "3/9/26": "2026-09-03", "03.09.2026": "2026-09-03",
    "03-Sep-2026": "2026-09-03", "3rd September 2026": "2026-09-03", "46268": "2026-09-03",
    "2026-09-03T00:00:00": "2026-09-03", "03/09/2026 00:00": "2026-09-03", "": "",
}  # fmt: skip


@pytest.mark.parametrize(("written", "means"), DATES.items())
def test_the_dates_that_systems_write(tmp_path: Path, written: str, means: str) -> None:
    (row,) = rows(read_export(text(tmp_path, f"Pupil ID,Forename,Surname,DOA\n1,Maya,Day,{written}\n")))
    assert row["on_roll_from"] == means


YEARS = {"N1": "N1", "N2": "N2", "R": "R", "Rec": "R", "YR": "R", "FS2": "R", "0": "R", "1": "1", "Y1": "1",
         "Year 1": "1", "2": "2", "Reception": "R", "Yr 2": "2", "": "", "Hedgehogs": "Hedgehogs"}  # fmt: skip


@pytest.mark.parametrize(("written", "means"), YEARS.items())
def test_the_year_groups_that_systems_write(tmp_path: Path, written: str, means: str) -> None:
    (row,) = rows(read_export(text(tmp_path, f"Pupil ID,Forename,Surname,NCY\n1,Maya,Day,{written}\n")))
    assert row["year_group"] == means


ANSWERS: Mapping[str, str] = {
    **dict.fromkeys(("Yes", "Y", "TRUE", "1", "✓", "Granted", "confirmed", " Accepted ", "Consent received"), "yes"),
    **dict.fromkeys(("No", "N", "False", "0", "Declined", "Refused", "Not Granted"), "no"),
    **dict.fromkeys(("", "Requested", "Pending", "Consent not received"), "not_recorded"),
}


@pytest.mark.parametrize(("written", "means"), ANSWERS.items())
def test_the_answers_that_systems_write(tmp_path: Path, written: str, means: str) -> None:
    (row,) = rows(read_export(text(tmp_path, f"Pupil ID,Forename,Surname,Internet\n1,Maya,Day,{written}\n")))
    assert row["website"] == means


HEAD = "Pupil ID,Forename,Surname"
PHOTO = (
    'the column "Photo" does not say where photos may be published; say it with --map "Photo=website" '
    "(or social_media, prospectus_display, newsletter, press, video, several joined by +, or ignore)"
)
REFUSAL = (
    'the column "{0}" may be about a refusal, so that a yes in it is no permission; if a yes permits, say what with '
    '--map "{0}=website" (or another); if it forbids everything, with --map "{0}=never_publish"; or leave it out with '
    '--map "{0}=ignore"'
)
REFUSED: list[tuple[str, list[str]]] = [
    (f"{HEAD},Photo\n1,Maya,Day,Yes\n", [PHOTO]),
    (f"{HEAD},Website\n1,Maya,Day,x\n", ['row 2, column "Website": "x" is neither yes, no nor blank']),
    (
        f"{HEAD},Website\n1,Maya,Day,Day\n",
        ['row 2, column "Website": what it holds (a name) is neither yes, no nor blank'],
    ),
    (
        f"{HEAD},UPN\n1,Maya,Day,C801200005001\n",
        ['row 2, column "UPN": the check letter should be B; is a digit mistyped?'],
    ),
    (f"{HEAD},UPN\n1,Maya,Day,003101\n", ['row 2, column "UPN": a UPN has 13 characters, this one has 6']),
    (
        f"{HEAD},Adno\n1,Maya,Day,{UPNS[0]}\n",
        ['the column "Adno" holds UPNs; say so with --map "Adno=upn", or mend the export'],
    ),
    (
        f"{HEAD},DOB\n1,Maya,Day,09/23/2020\n",
        [
            'row 2, column "DOB": is no date with the day first; is it written the American way? '
            "Export dates as dd/mm/yyyy"
        ],
    ),
    (f"{HEAD},DOB\n1,Maya,Day,soon\n", ['row 2, column "DOB": is no date; write it like 03/09/2026 or 2026-09-03']),
    (
        f"{HEAD}\n1,13/02/2021,Day\n",
        ['row 2, column "Forename": holds a number or a date, not a name; are columns swapped?'],
    ),
    (f"{HEAD}\n1,,Day\n2,Max,\n", ['row 2, column "Forename": is empty', 'row 3, column "Surname": is empty']),
    (f"{HEAD}\n,Maya,Day\n", ['row 2, column "Pupil ID": is empty']),
    (f"{HEAD},Web\n1,Maya,Day,Y\n1,Maya,Day,N\n", ["rows 2 and 3 hold the same pupil, but differ in website"]),
    (
        f"{HEAD},UPN\n1,Maya,Day,{UPNS[0]}\n2,Max,Lee,{UPNS[0]}\n",
        ["rows 2 and 3 hold the same upn for two pupils"],
    ),
    (
        f"{HEAD},Web,Web\n1,Maya,Day,Y,N\n",
        ['the heading "Web" stands twice (columns 4 and 5), and the cells differ'],
    ),
    (
        f"{HEAD},Year\n1,Maya,Day,FS1\n",
        [
            'row 2, column "Year": FS1 may be the first or the second nursery year; say which with --map "FS1=N1" or '
            '--map "FS1=N2"'
        ],
    ),
    (
        "Pupil ID,Forename,Web\n1,Maya,Y\n",
        ["the column legal_surname is missing: a heading like Surname, Last Name or Legal Surname"],
    ),
    (
        "Forename,Surname,Class\nMaya,Day,Otters\n",
        ["the column pupil_id (or upn or admission_no) is missing: a heading like Pupil ID, UPN or Admission Number"],
    ),
    (
        "1,Maya,Day\n2,Max,Lee\n",
        [
            "no row with headings was found; there must be one with forename and surname, and best with pupil_id "
            "(or UPN or admission number)"
        ],
    ),
    (f"{HEAD},Web\n", ["it holds headings but no pupil"]),
    (f'{HEAD}\n1,"Maya,Day\n', ["line 2: unexpected end of data"]),
    ("", ["it is empty"]),
    (
        "<html><p>Forename</p>",
        [
            "it is a web page or document and no table of cells; open it in Excel and save it as 'Excel workbook "
            "(.xlsx)' or 'CSV UTF-8'"
        ],
    ),
    (
        f"{HEAD},Website / Newsletter\n1,Maya,Day,Y\n",
        [PHOTO.replace('"Photo"', '"Website / Newsletter"').replace('"Photo=', '"Website / Newsletter=')],
    ),
    (
        f"{HEAD},Not on website\n1,Maya,Day,N\n",
        [REFUSAL.format("Not on website")],
    ),
]


@pytest.mark.parametrize("cell", ["Maybe", "Yes?", "Yes - inside", "Ask me first", "Yes but no close-ups"])
def test_an_answer_that_says_more_or_less_than_yes_or_no_is_asked_about(tmp_path: Path, cell: str) -> None:
    export = read_export(text(tmp_path, f"{HEAD},Website\n1,Maya,Day,{cell}\n2,Max,Lee,no\n"))
    (question,) = export.questions
    assert (question.row, question.choices) == (2, ("yes", "no", "not_recorded", "leave out"))
    assert [row.get("website") for row in rows(export)] == [None, "no"]
    decided = {question.key: "no"}
    assert rows(read_export(tmp_path / "export.csv", decided=decided))[0]["website"] == "no"


@pytest.mark.parametrize(("content", "sentences"), REFUSED)
def test_what_is_not_certain_is_refused_in_these_words(tmp_path: Path, content: str, sentences: list[str]) -> None:
    assert refusals(text(tmp_path, content)) == sentences


def test_a_file_that_excel_made_long_ago_or_locked_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert refusals(path) == [
        "it is damaged, or protected by a password; open it in Excel and save it as 'Excel workbook "
        "(.xlsx)' or 'CSV UTF-8', without a password"
    ]


OF_OTHER_KINDS = [
    ["Pupil ID", "Forename", "Surname", "Website"],
    ["1", "Zoë", "Núñez", "yes"],
    ["2", "Max", "Lee", "no"],
]


@pytest.mark.parametrize("made", [old_workbook, open_document])
def test_workbooks_of_other_kinds_are_read(tmp_path: Path, made: Callable[..., Path]) -> None:
    assert rows(read_export(made(tmp_path, OF_OTHER_KINDS))) == [
        pupil("1", "Zoë", "Núñez", website="yes"),
        pupil("2", "Max", "Lee", website="no"),
    ]


def test_pupils_on_two_sheets_are_refused_and_a_hidden_sheet_is_passed_over(tmp_path: Path) -> None:
    sheet: list[list[object]] = [["Pupil ID", "Forename", "Surname"], [1, "Maya", "Day"]]
    both = workbook(tmp_path, {"Otters": sheet, "Owls": sheet})
    assert refusals(both) == ['it holds pupils on more than one sheet ("Otters", "Owls"); keep one sheet']
    assert len(read_export(workbook(tmp_path, {"Otters": sheet, "Owls": sheet}, hidden=["Owls"])).entries) == 1


SAID = [
    ("Photo=website", {"website": "yes"}),
    ("photo = website + social_media", {"website": "yes", "social_media": "yes"}),
    ("Photo=ignore", {}),
]


@pytest.mark.parametrize(("said", "filled"), SAID)
def test_the_school_says_what_a_heading_means(tmp_path: Path, said: str, filled: dict[str, str]) -> None:
    (row,) = rows(read_export(text(tmp_path, f"{HEAD},Photo\n1,Maya,Day,Yes\n"), mapping=[said]))
    assert row == pupil("1", "Maya", "Day", **filled)


def test_the_school_says_which_nursery_year_fs1_is(tmp_path: Path) -> None:
    (row,) = rows(read_export(text(tmp_path, f"{HEAD},Year\n1,Maya,Day,FS1\n"), mapping=["FS1=N2"]))
    assert row["year_group"] == "N2"


WRONGLY_SAID = [
    ("Photo=web", '--map "Photo=web": write "Heading=column", with a column of consent/pupils.csv, or "ignore"'),
    ("Foto=website", '--map "Foto=website": there is no such heading in this file'),
    ("Photo=website+upn", '--map "Photo=website+upn": only kinds of publication can be joined by +: website, '
     "social_media, prospectus_display, newsletter, press, video"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "sentence"), WRONGLY_SAID)
def test_what_the_school_says_is_checked(tmp_path: Path, said: str, sentence: str) -> None:
    assert refusals(text(tmp_path, f"{HEAD},Photo\n1,Maya,Day,Yes\n"), said=[said]) == [sentence]


CELL = st.sampled_from(
    ["Pupil ID", "Forename", "Surname", "Website", "Photo", "1", "Maya", "Day", "yes", "", '"', "\0", "Total"]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=150),
        st.binary(max_size=80).map(lambda tail: b"PK\x03\x04" + tail),
        st.text(max_size=100).map(lambda each: each.encode("utf-8", "surrogatepass")),
        st.lists(st.lists(CELL, max_size=6), max_size=8).map(
            lambda rows: "\n".join(",".join(row) for row in rows).encode()
        ),
    )
)
def test_any_file_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    try:
        export = read_export(path)
    except ImportRefused as refused:
        assert str(refused).startswith("export.csv was not imported, and nothing was changed:\n  - ")
    else:
        assert all(entry.cells["legal_surname"] and entry.cells["legal_forename"] for entry in export.entries)
