"""consent/pupils.csv: what a school may write there, and every bad cell named by line and column, all at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.errors import RegisterError
from auditbot.registers.people import COLUMNS, Pupil, read_pupils, upn_problem
from tests.unit.registers.csv_file import problems_of, write

HEADING = "pupil_id,legal_forename,legal_surname"
ONE = "P001,Maya,Day"


def only(path: Path) -> Pupil:
    (pupil,) = read_pupils(path).values()
    return pupil


def with_cell(folder: Path, column: str, cell: str) -> Path:
    return write(folder, f"{HEADING},{column}", f'{ONE},"{cell}"')


def test_the_demo_register_holds_its_pupils(repository: Path) -> None:
    pupils = read_pupils(repository / "consent" / "pupils.csv")
    assert 50 <= len(pupils) <= 80
    assert all(pupil.pupil_id == key and pupil.legal_surname for key, pupil in pupils.items())


def test_a_full_row_comes_back_as_written(tmp_path: Path) -> None:
    cells = {
        "pupil_id": "P001", "upn": "B801200005001", "admission_no": "03101", "legal_forename": "Margaret",
        "legal_surname": "Ellison-Grant", "preferred_forename": "Maisie", "preferred_surname": "Grant",
        "former_surnames": "Okafor; O'Neill ;", "date_of_birth": "2021-02-13", "year_group": "N2", "class": "Otters",
        "on_roll_from": "2025-09-04", "left_on": "17/07/2026", "website": "yes", "social_media": "No", "press": "",
        "consent_given_on": "2025-09-10", "consent_expires_on": "2026-08-31", "withdrawn_on": "2026-03-01",
        "never_publish": "TRUE", "sibling_group": "S01", "biometric_parents_notified_on": "2025-09-08",
        "biometric_consent": "y", "biometric_consent_on": "9/9/2025", "biometric_objection": "n",
        "child_objects": "0", "biometric_withdrawn_on": "2026-04-01", "photo_file": "maya.jpg",
    }  # fmt: skip
    pupil = only(write(tmp_path, ",".join(cells), ",".join(cells.values())))
    assert (pupil.forename, pupil.label) == ("Maisie", "Maisie G.")
    assert pupil.former_surnames == ("Okafor", "O'Neill")
    assert pupil.left_on == date(2026, 7, 17)
    assert pupil.answers == {
        "website": True, "social_media": False, "prospectus_display": None, "newsletter": None, "press": None,
        "video": None,
    }  # fmt: skip
    assert pupil.never_publish
    assert pupil.biometric.consent is True
    assert pupil.biometric.consent_on == date(2025, 9, 9)
    assert (pupil.biometric.objection, pupil.biometric.child_objects) == (False, False)


ANSWERS = [
    *[(word, True) for word in ("yes", "Yes", "YES", "y", "true", "1", "✓", "Granted", "confirmed", " Accepted ")],
    *[(word, False) for word in ("no", "No", "N", "false", "0", "declined", "Refused", "not granted")],
    *[(word, None) for word in ("", "   ", "requested", "Pending", "not_recorded")],
]


@pytest.mark.parametrize(("cell", "answer"), ANSWERS)
def test_the_words_schools_use_for_an_answer(tmp_path: Path, cell: str, answer: bool | None) -> None:
    assert (only(with_cell(tmp_path, "website", cell)).answers or {})["website"] is answer


@pytest.mark.parametrize("cell", ["maybe", "yes?", "yes - inside only", "x", "2", "ja", "tbc", "n/a", "-"])
def test_an_answer_that_is_none_is_never_guessed(tmp_path: Path, cell: str) -> None:
    path = with_cell(tmp_path, "website", cell)
    assert problems_of(read_pupils, path) == ["line 2, column website: is neither yes, no nor blank"]


@pytest.mark.parametrize("column", ["never_publish", "biometric_objection", "child_objects"])
@pytest.mark.parametrize("cell", ["pending", "requested", "not_recorded", "perhaps"])
def test_what_protects_a_child_is_yes_no_or_blank_and_never_pending(tmp_path: Path, column: str, cell: str) -> None:
    assert problems_of(read_pupils, with_cell(tmp_path, column, cell)) == [
        f"line 2, column {column}: is neither yes, no nor blank"
    ]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-09-03", date(2025, 9, 3)),
        ("03/09/2025", date(2025, 9, 3)),
        ("3/9/2025", date(2025, 9, 3)),
        ("29/02/2024", date(2024, 2, 29)),
        ("", None),
    ],
)
def test_dates_are_read_the_british_way(tmp_path: Path, cell: str, day: date | None) -> None:
    assert only(with_cell(tmp_path, "consent_given_on", cell)).consent_given_on == day


WRONG_DATES = [
    "2025-13-01", "29/02/2025", "03/09/25", "1/2/3", "13/25/2025", "2025-09-03 00:00", "3 Sept 2025", "45903", "today",
    "0025-09-03", "9" * 5000 + "/1/2025", "1/1/" + "9" * 30, "٣/٩/2025", "//", "2025/09/03",
]  # fmt: skip


@pytest.mark.parametrize("cell", WRONG_DATES, ids=[cell[:20] for cell in WRONG_DATES])
def test_a_date_that_is_none_is_named(tmp_path: Path, cell: str) -> None:
    (problem,) = problems_of(read_pupils, with_cell(tmp_path, "left_on", cell))
    assert problem == "line 2, column left_on: is no date; write it like 2025-09-03"


UPNS = [
    ("B801200005001", ""),
    ("b801200005001", ""),
    ("", ""),
    ("B801200005002", "the check letter should be"),
    ("C801200005001", "the check letter should be B"),
    ("B80120000500", "13 characters, this one has 12"),
    ("B8012000050010", "13 characters, this one has 14"),
    ("B80120000500X", "the check letter should be"),
    ("B80120000500I", "a letter and twelve digits"),
    ("B80120000S001", "a letter and twelve digits"),
    ("8801200005001", "a letter and twelve digits"),
    ("I801200005001", "a letter and twelve digits"),
]


@pytest.mark.parametrize(("upn", "part"), UPNS)
def test_a_upn_with_a_slip_of_the_pen_is_named(tmp_path: Path, upn: str, part: str) -> None:
    path = with_cell(tmp_path, "upn", upn)
    if part:
        (problem,) = problems_of(read_pupils, path)
        assert problem.startswith("line 2, column upn: ") and part in problem
    else:
        assert only(path).upn == upn.upper()


@pytest.mark.parametrize("place", range(1, 13))
def test_any_one_digit_mistyped_is_caught(place: int) -> None:
    upn = "B801200005001"
    for digit in set("0123456789") - {upn[place]}:
        assert upn_problem(upn[:place] + digit + upn[place + 1 :])


def test_a_temporary_upn_counts_its_letter_by_place_in_the_alphabet() -> None:
    ends = [end for end in "ABCDEFGHJKLMNPQRTUVWXYZ" if not upn_problem(f"B80120000500{end}")]
    assert ends == ["B"]  # the second letter counts as one, like the digit in B801200005001


def test_every_bad_cell_is_named_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"{HEADING},website,left_on,on_roll_from",
        "P001,Maya,Day,perhaps,soon,",
        "P002,,,yes,,",
        "P001,Maya,Day,no,,",
        "P 3,Max,Ray,no,2025-01-01,2025-09-01",
        ",Ann,Lee,no,,",
        ",Ben,Lee,no,,",
        "P007,Cy",
        "P008,Di,Fox,no,,,,",
        "staff-A001,Ed,Gray,no,,",
    )
    assert problems_of(read_pupils, path) == [
        "line 2, column left_on: is no date; write it like 2025-09-03",
        "line 2, column website: is neither yes, no nor blank",
        "line 3, column legal_forename: is empty",
        "line 3, column legal_surname: is empty",
        "line 4, column pupil_id: the same id stands on line 2 already",
        "line 5, column pupil_id: may hold only letters, digits, - and _",
        "line 5, column left_on: is before on_roll_from",
        "line 6, column pupil_id: is empty",
        "line 7, column pupil_id: is empty",
        "line 8: 2 cells, but the heading has 6",
        "line 8, column legal_surname: is empty",
        "line 9: 8 cells, but the heading has 6",
        "line 10, column pupil_id: may not start with staff-, which marks members of staff",
    ]


SLIPS = [
    # a file whose cells stand in the wrong column, or whose heading line is missing
    f"{HEADING},date_of_birth\nP001,Maya,,Okonkwo\n",
    f"{HEADING},website,press\nP001,Maya,Day,Okonkwo,Maya\n",
    f"{HEADING},upn\nP001,Maya,Day,Okonkwo\n",
    "pupil_id,upn,legal_forename,legal_surname\nOkonkwo,,Maya,Day\nOkonkwo,,Maya,Day\n",
    "pupil_id,upn,legal_forename,legal_surname\nMaya Okonkwo,,,\n",
    "P001,Maya,Okonkwo\nP002,Max,Lee\n",
    "P001,Maya,Okonkwo,Okonkwo\n",
    f'{HEADING}\nP001,"Maya" Okonkwo,Day\n',
]


@pytest.mark.parametrize("text", SLIPS)
def test_what_a_refused_cell_holds_is_never_repeated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pupils.csv"
    path.write_text(text, "utf-8")
    for problem in problems_of(read_pupils, path):
        assert not any(name in problem for name in ("Maya", "Okonkwo", "Max", "Lee", "Day"))


def test_lines_are_counted_as_a_text_editor_counts_them(tmp_path: Path) -> None:
    path = write(tmp_path, HEADING + ",class", "", 'P001,Maya,Day,"Class', "of", 'Otters"', "", "P002,,Lee,")
    assert problems_of(read_pupils, path) == ["line 7, column legal_forename: is empty"]
    path = write(tmp_path, HEADING + ",class", 'P001,,Day,"Class', 'of Otters"')
    assert problems_of(read_pupils, path) == ["line 2, column legal_forename: is empty"]


def test_a_quoted_newline_is_part_of_its_cell(tmp_path: Path) -> None:
    assert only(write(tmp_path, HEADING + ",class", 'P001,Maya,Day,"Class\nof ""Otters"""')).class_name == (
        'Class\nof "Otters"'
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_files_of_every_spreadsheet_are_read(tmp_path: Path, end: str, mark: bytes) -> None:
    path = tmp_path / "pupils.csv"
    path.write_bytes(mark + end.join([HEADING, "", ONE, ",,", "P002,Zoë,Núñez"]).encode())
    assert [pupil.legal_forename for pupil in read_pupils(path).values()] == ["Maya", "Zoë"]


FILES = [
    ("", ["column 'pupil_id' is missing", "column 'legal_forename' is missing", "column 'legal_surname' is missing"]),
    ("pupil_id,legal_forename\n", ["column 'legal_surname' is missing"]),
    (HEADING + ",web_site\n", ["column 4 has an unknown heading; did you mean 'website'?"]),
    (HEADING + ",Web_site\n", ["column 4 has an unknown heading; did you mean 'website'?"]),
    (HEADING + ",photo\n", ["column 4 has an unknown heading; did you mean 'photo_file'?"]),
    (HEADING + ",shoe size\n", ["column 4 has an unknown heading"]),
    (HEADING + ",website,website\n", ["column 'website' stands twice"]),
    (HEADING + ",,website\n", ["column 4 has no heading"]),
    (
        "pupil_idd,legal_surname\n",
        [
            "column 1 has an unknown heading; did you mean 'pupil_id'?",
            "column 'pupil_id' is missing",
            "column 'legal_forename' is missing",
        ],
    ),
    (f'{HEADING}\nP001,"Ma"ya,Day\n', ["line 2: ',' expected after '\"'"]),
    (f'{HEADING}\nP001,"Maya,Day\n', ["line 2: unexpected end of data"]),
]


@pytest.mark.parametrize(("text", "named"), FILES)
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, text: str, named: list[str]) -> None:
    path = tmp_path / "pupils.csv"
    path.write_text(text, "utf-8")
    assert problems_of(read_pupils, path) == named


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert problems_of(read_pupils, tmp_path / "pupils.csv") == ["the file does not exist"]


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").mkdir()
    (problem,) = problems_of(read_pupils, tmp_path / "pupils.csv")
    assert problem.startswith("it cannot be opened")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "pupils.csv"
    path.write_bytes(f"{HEADING}\nP001,Zoë,Day\n".encode(encoding))
    assert problems_of(read_pupils, path) == ["it is not UTF-8 text; save it as 'CSV UTF-8'"]


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["yes", "no", "", "P001", "2025-09-03", "03/09/2025", "1/1/99999999999", '"', '"a\nb"', "\0"]),
)
ANY_FILE = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.lists(CELL, min_size=1, max_size=len(COLUMNS)), max_size=6).map(
        lambda rows: "\n".join([",".join(COLUMNS), *(",".join(row) for row in rows)]).encode("utf-8", "surrogatepass")
    ),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=ANY_FILE)
def test_reading_never_fails_in_any_other_way(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pupils.csv"
    path.write_bytes(content)
    try:
        pupils = read_pupils(path)
    except RegisterError as refused:
        assert str(refused).startswith(f"{path} cannot be trusted:\n  - ")
    else:
        assert all(key == pupil.pupil_id != "" for key, pupil in pupils.items())
