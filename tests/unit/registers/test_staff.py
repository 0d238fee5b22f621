"""consent/staff.csv: who works here, and every bad cell named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.errors import RegisterError
from auditbot.registers.people import STAFF_PREFIX, read_staff
from tests.unit.registers.csv_file import problems_of, write

HEADING = "title,forename,surname,role,staff_id,biometric_consent,photo_file"


def test_the_demo_register_holds_its_staff(repository: Path) -> None:
    staff = read_staff(repository / "consent" / "staff.csv")
    assert len(staff) >= 5
    assert all(member.surname for member in staff)
    assert all(member.staff_id.startswith(STAFF_PREFIX) for member in staff if member.photo_file)


IDS = [
    ("S1,,", "staff-S1"),
    ("S1,yes,staff/A001.jpg", "staff-S1"),
    (",yes,staff/A001.jpg", "staff-A001"),
    (",no,", ""),
]


@pytest.mark.parametrize(("cells", "staff_id"), IDS)
def test_an_id_of_staff_is_never_that_of_a_pupil(tmp_path: Path, cells: str, staff_id: str) -> None:
    (member,) = read_staff(write(tmp_path, HEADING, f"Mrs,Ann,Lee,Cook,{cells}"))
    assert member.staff_id == staff_id


def test_the_short_form_of_the_register_is_enough(tmp_path: Path) -> None:
    (member,) = read_staff(write(tmp_path, "title,forename,surname,role", "Mrs,Ann,Lee,Cook"))
    assert (member.title, member.forename, member.surname, member.role) == ("Mrs", "Ann", "Lee", "Cook")
    assert not member.biometric_consent


def test_every_bad_cell_is_named_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEADING,
        "Mrs,Ann,Lee,Cook,S1,yes,",
        "Mr,Bob,,Caretaker,S2,maybe,",
        "Mr,Cy,Fox,Teacher,S1,no,",
        "Mr,Di,Ray,Teacher,,yes,",
        "Mr,Ed,Day,Teacher,,no,",
        "Mr,Flo,Day,Teacher,,no,",
    )
    assert problems_of(read_staff, path) == [
        "line 3, column surname: is empty",
        "line 3, column biometric_consent: is neither yes, no nor blank",
        "line 4, column staff_id: the same id stands on line 2 already",
        "line 5, column staff_id: is needed where biometric_consent is yes and no photo_file is named",
    ]


SLIPS = [
    f"{HEADING}\nMrs,Ann,Okonkwo,Cook,,Okonkwo,\n",
    f"{HEADING}\nMrs,Ann,Lee,Cook,Okonkwo,,\nMr,Bob,Lee,Cook,,,photos/Okonkwo.jpg\n",
    "Mrs,Ann,Okonkwo,Cook\n",
]


@pytest.mark.parametrize("text", SLIPS)
def test_what_a_refused_cell_holds_is_never_repeated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "staff.csv"
    path.write_text(text, "utf-8")
    for problem in problems_of(read_staff, path):
        assert not any(name in problem for name in ("Ann", "Bob", "Okonkwo", "Lee"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(st.binary(max_size=120), st.text(max_size=120).map(lambda text: f"{HEADING}\n{text}".encode()))
)
def test_reading_never_fails_in_any_other_way(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "staff.csv"
    path.write_bytes(content)
    try:
        read_staff(path)
    except RegisterError as refused:
        assert "cannot be trusted" in str(refused)
