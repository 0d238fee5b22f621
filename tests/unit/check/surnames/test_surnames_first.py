"""What the surname engine promises for plain cases."""

import pytest

from auditbot.check.surnames import PupilName, StaffName, SurnameEngine

PUPILS = [
    PupilName("p1", ("Rafael", "Raff"), ("Quintero-Hale",), "Year 1", "Otters"),
    PupilName("p2", ("Nell",), ("Throssell",), "Reception", "Wrens"),
    PupilName("p3", ("Idris",), ("Marsh",), "Year 2", "Herons"),
    PupilName("p4", ("Zosia",), ("Wróblewska",), "Year 2", "Herons"),
]
STAFF = [StaffName("Mrs", "Paula", "Marsh", "Year 2 Teacher")]


@pytest.fixture(scope="module")
def engine() -> SurnameEngine:
    return SurnameEngine(PUPILS, STAFF)


@pytest.mark.parametrize(
    ("text", "kind", "surname", "pupil", "band"),
    [
        ("Well done to Nell Throssell for reading so well!", "post", "Throssell", "p2", "breach"),
        ("Raff Quintero Hale lost a tooth", "comment", "Quintero Hale", "p1", "breach"),
        ("#WellDoneNellThrossell", "hashtag", "Throssell", "p2", "breach"),
        ("nell-throssell-peg.jpg", "filename", "throssell", "p2", "breach"),
        ("https://school.example/wp-content/uploads/nellthrossell2.jpg", "address", "throssell", "p2", "breach"),
        ("Idris Marsh with his model volcano", "alt_text", "Marsh", "p3", "breach"),
        ("THROSSELL, Nell", "ocr", "THROSSELL", "p2", "breach"),
        ("Super work from Zosia Wroblewska.", "post", "Wroblewska", "p4", "breach"),
        ("Thank you to the Throssell family for the plants.", "post", "Throssell", "p2", "review"),
    ],
)
def test_published_surname_is_found(
    engine: SurnameEngine, text: str, kind: str, surname: str, pupil: str, band: str
) -> None:
    hits = engine.find(text, kind=kind)
    assert [(text[hit.start : hit.end], hit.pupil_ids, hit.band) for hit in hits] == [(surname, (pupil,), band)]


@pytest.mark.parametrize(
    "text",
    [
        "Mrs Marsh read us a story about a heron.",
        "We walked to the marsh and counted the birds.",
        "Nell and Idris made a raft.",
        "Idris M. and Nell T. are our stars this week.",
        "",
    ],
)
def test_what_the_school_may_publish_is_left_alone(engine: SurnameEngine, text: str) -> None:
    assert engine.find(text) == []
