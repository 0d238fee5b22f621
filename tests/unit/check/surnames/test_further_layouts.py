"""Layouts of names that no school here has planted: columns, registers, half names, handles, prefixes, slips."""

import pytest

from auditbot.check.surnames import PupilName, StaffName, SurnameEngine


def _pupil(forename: str, surname: str) -> PupilName:
    return PupilName(f"{forename} {surname}", (forename,), (surname,), "Year 1", "Oak")


ENGINE = SurnameEngine(
    [
        *(_pupil("Ava", "Smith"), _pupil("Rhys", "ap Gwilym"), _pupil("Siobhan", "O'Dowd"), _pupil("Zoe", "Muñoz")),
        *(_pupil("Callum", "McIntyre"), _pupil("Isla", "Hart-Dyson"), _pupil("Ned", "Throssell")),
        *(_pupil("Carys", "ferch Owen"), _pupil("Tom", "Barraclough"), _pupil("Ravi", "Chaudhary")),
    ],
    [StaffName("Mrs", "Jo", "Lane", "Teacher")],
    ["Oak"],
)
NAMED = [
    *(("Forename | Surname | Club\nAva | Smith | Chess", "Ava"), ("Forename\tSurname\nTom\tBarraclough", "Tom")),
    *(("Smith, Ava (Yr 1)", "Ava"), ("BARRACLOUGH Tom (Y1)\nSMITH Ava (Y1)", "Tom"), ("01 THROSSELL Ned P", "Ned")),
    *(("1. Barraclough Tom\n2. Chaudhary Ravi\n3. Smith Ava", "Ravi"), ("N. Throssell swam 25 m", "Ned")),
    *(("Well done to the Barraclough twins", "Tom"), ("Well done Ned T. #throssell", "Ned"), ("@NedThrossell", "Ned")),
    *(
        ("Ava S. – photo: ava-smith-sportsday.jpg", "Ava"),
        ("Follow @NedThrossell", "Ned"),
        ("#WellDoneAvaSmith", "Ava"),
    ),
    *(("Callum Mc Intyre won", "Callum"), ("Callum MacIntyre won", "Callum"), ("CALLUM MCINTYRE", "Callum")),
    *(("Siobhan ODowd sang", "Siobhan"), ("Siobhán Ó Dowd sang", "Siobhan"), ("Rhys Gwilym sang", "Rhys")),
    *(("Rhys ab Gwilym sang", "Rhys"), ("Carys Owen danced", "Carys"), ("Zoe Munoz is back", "Zoe")),
    *(("ZOE MUÑOZ", "Zoe"), ("Isla Hart won a badge", "Isla"), ("Isla HartDyson won a badge", "Isla")),
    *(("the Throssells' Ned is six", "Ned"), ("Ned's dad, Mr Throssell", "Ned"), ("Ned and Ava Throssell", "Ned")),
    *(("Ned Throsell", "Ned"), ("Tom Barrclough", "Tom"), ("Ravi Choudhary", "Ravi"), ("Ned J. Throssell", "Ned")),
    *(("First name: Tom  Last name: Barraclough", "Tom"), ("Tom (Barraclough)", "Tom"), ("NEDTHROSSELL", "Ned")),
    *(("Throssell: Ned, Year 1", "Ned"), ("Ned (T.h.r.o.s.s.e.l.l)", "Ned"), ("Ned_Throssell_certificate.pdf", "Ned")),
]
NOBODY = [
    *(
        "Forename | Surname | Club\nAva | S | Chess",
        "Ava S. – photo: ava-sportsday.jpg",
        "Ned T. #welldone",
        "Hart attack",
    ),
    *("The twins Tom and Ned", "Follow @OakInfants", "#WellDoneAva", "Siobhan O", "Rhys ap", "Isla H-D"),
    *("Oak: Ned, Year 1", "01 ABSENT Ned P", "Tom (Year 1)", "Ned's dad, Mr T", "Zoe from Oak", "Mr Lane and Ned"),
    *("Smith's Crisps are out of stock, says Ava", "Hart attack", "a hart and a hind", "dyson, hoover or broom?"),
]


@pytest.mark.parametrize(("text", "forename"), NAMED, ids=[text for text, _ in NAMED])
def test_a_layout_hides_no_surname(text: str, forename: str) -> None:
    assert any(one.startswith(forename) for hit in ENGINE.find(text) for one in hit.pupil_ids)


@pytest.mark.parametrize("text", NOBODY)
def test_what_only_looks_like_them_names_nobody(text: str) -> None:
    assert ENGINE.find(text) == []
