"""Personal data in published words: what is pointed at, and what belongs to the school or to nobody."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.check.personal_data import OwnContacts, find_personal_data, find_private_data
from auditbot.check.personal_data.births import is_dated_heading
from auditbot.check.personal_data.special import find_special

TODAY = date(2026, 11, 30)
OWN = OwnContacts(
    domains=("oakfield.sch.uk",), numbers=("01632 960100", "+44 20 7946 0958"), postcodes=("TF9 3LW", "sw1a1aa")
)

HITS = [
    ("Jonah turns five on Sat 12th Dec 2026!", "date_of_birth", "turns five on Sat 12th Dec 2026"),
    ("Freya's birthday is the 9th of May, she'll be three", "date_of_birth", "birthday is the 9th of May"),
    ("Our flat is Apartment 7, Tide Mill House now", "postal_address", "Apartment 7, Tide Mill House"),
    ("We live on Pitch 4, Long Meadow Park", "postal_address", "Pitch 4, Long Meadow Park"),
    ("Collect from Hatters Row, no. 18 please", "postal_address", "Hatters Row, no. 18"),
    ("our house is 31 Westgate, green door", "postal_address", "31 Westgate"),
    ("Ring Jo on 07911 123456 tonight", "phone", "07911 123456"),
    ("text 07700 900123 for details", "phone", "07700 900123"),
    ("tel +44 7700 900456", "phone", "+44 7700 900456"),
    ("my mum's is 0161 496 0123.", "phone", "0161 496 0123"),
    ("Auntie in Poland: +48 601 234 567", "phone", "+48 601 234 567"),
    ("call 01632 960983 after six", "phone", "01632 960983"),
    ("mail me at becky.s1984@gmail.com please", "email", "becky.s1984@gmail.com"),
    ("jo at hotmail dot co dot uk", "email", "jo at hotmail dot co dot uk"),
    ("jo (at) outlook.com works", "email", "jo (at) outlook.com"),
    ("write to INFO@YAHOO.CO.UK", "email", "INFO@YAHOO.CO.UK"),
    ("Contact sam.reed@reedroofing.co.uk", "email", "sam.reed@reedroofing.co.uk"),
    ("Party at 14 Elm Tree Road, Newport TF10 7AB on Sunday", "postal_address", "14 Elm Tree Road, Newport TF10 7AB"),
    ("We live at 7 Mill Lane", "postal_address", "7 Mill Lane"),
    ("Flat 3, 22b High Street is ours", "postal_address", "Flat 3, 22b High Street"),
    ("1 The Green,\nBishop's Castle\nSY9 5AA", "postal_address", "1 The Green,\nBishop's Castle\nSY9 5AA"),
    ("sat nav TF10 7AB", "postcode", "TF10 7AB"),
    ("it is sy132pq", "postcode", "sy132pq"),
    ("DOB: 12/03/2019", "date_of_birth", "DOB: 12/03/2019"),
    ("Our baby was born on 3rd May 2024, hooray", "date_of_birth", "born on 3rd May 2024"),
    ("Date of birth 2018-11-30", "date_of_birth", "Date of birth 2018-11-30"),
    ("d.o.b. 1.2.19", "date_of_birth", "d.o.b. 1.2.19"),
    ("her birthday is 4 June 2017", "date_of_birth", "birthday is 4 June 2017"),
    ("born September 9, 2020", "date_of_birth", "born September 9, 2020"),
]

NOTHING = [
    "Ring the office on 01632 960 100 or 020 7946 0958.",
    "Childline: 0800 1111. Council: 0300 123 4567. Emergency: 999.",
    "Sports day 07.12.2026, 9.30-10.15",
    "We counted 112 98 120 87 and raised £1,250.00 in 2019/20.",
    "UPN B801200005001, order 1234567890",
    "office@oakfield.sch.uk or class1@mail.oakfield.sch.uk",
    "Book with info@zoo.example.org",
    "Follow @oakfieldschool for news at noon.",
    "We meet at school dot com is what he typed",
    "Our address: 5 Church Road, Market Drayton TF9 3LW",
    "Oakfield School, TF93LW",
    "Year 2 Forest Walk and Class 3 Park Lane trip",
    "Paddington lives at 32 Windsor Gardens and the Prime Minister at 10 Downing Street.",
    "Maths at 2 on Friday; bring 3 Red Balls",
    "Florence Nightingale was born on 12 May 1820.",
    "The school opened on 12/03/2019.",
    "born 45/13/2019",
    "He turns 5 on Saturday, happy birthday!",
    "Items B1 and E4, table A2 1AB.",
    "",
]


@pytest.mark.parametrize(("text", "kind", "evidence"), HITS)
def test_points_at_personal_data(text: str, kind: str, evidence: str) -> None:
    assert [(d.kind, text[d.start : d.end]) for d in find_personal_data(text, OWN, TODAY)] == [(kind, evidence)]


@pytest.mark.parametrize("text", NOTHING)
def test_leaves_the_schools_own_and_ordinary_words_alone(text: str) -> None:
    assert find_personal_data(text, OWN, TODAY) == []


def test_the_schools_own_details_are_found_where_they_are_not_declared() -> None:
    text = "01632 960100, office.jones@oakfield.sch.uk, 5 Church Road, Market Drayton TF9 3LW"
    kinds = [item.kind for item in find_personal_data(text, OwnContacts(), TODAY)]
    assert kinds == ["phone", "email", "postal_address"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ring 07700 900456 07700 900457", ["07700 900456", "07700 900457"]),
        ("07911123456 07911 123457 0161 496 0123", ["07911123456", "07911 123457", "0161 496 0123"]),
        ("+44 7700 900456 07700 900457.", ["+44 7700 900456", "07700 900457"]),
        ("0 7 7 0 0 9 0 0 1 2 3", ["0 7 7 0 0 9 0 0 1 2 3"]),
        ("077 00 900 123", ["077 00 900 123"]),
    ],
)
def test_numbers_side_by_side_are_each_found(text: str, numbers: list[str]) -> None:
    assert [text[item.start : item.end] for item in find_personal_data(text, OwnContacts(), TODAY)] == numbers


def test_a_mobile_is_likelier_private_than_a_landline() -> None:
    mobile, landline = find_personal_data("07911 123456 / 0161 496 0123", OWN, TODAY)
    assert mobile.score > landline.score


def test_all_kinds_in_one_text_come_in_the_order_of_the_text() -> None:
    text = "Ava, born 3 May 2020, 7 Mill Lane, TF10 7AB, call 07911 123456 or ava.mum@icloud.com"
    found = find_personal_data(text, OWN, TODAY)
    assert [item.kind for item in found] == ["date_of_birth", "postal_address", "phone", "email"]
    assert [item.start for item in found] == sorted(item.start for item in found)


@given(st.text(alphabet=st.characters() | st.sampled_from("0123456789 +-()@.dotat"), max_size=400))
def test_any_text_gives_spans_within_it(text: str) -> None:
    for item in find_personal_data(text, OWN, TODAY):
        assert 0 <= item.start < item.end <= len(text)
        assert 0 < item.score <= 1


@pytest.mark.parametrize("piece", ["a at ", "0 ", "1 Aa ", "x.", "born on ", "07 ", "a@a.", "TF9 "])
def test_a_long_hostile_text_ends(piece: str) -> None:
    text = piece * 4000
    assert all(item.end <= len(text) for item in find_personal_data(text, OWN, TODAY))


VOICES = Path(__file__).parents[2] / "data" / "personal"


@pytest.mark.parametrize(
    ("kind", "precision", "recall"), [("date_of_birth", 97, 93), ("postal_address", 93, 93), ("health", 95, 90)]
)
def test_texts_written_after_the_rules(kind: str, precision: float, recall: float) -> None:
    right = said = meant = 0
    for name in ("fresh", "unread", "second"):
        for line in (VOICES / f"{name}.jsonl").read_text("utf-8").splitlines():
            example = json.loads(line)
            kinds = {item.kind for item in find_private_data(example["text"], OwnContacts(), TODAY)}
            found = kind in kinds or (kind == "health" and bool(find_special(example["text"])))
            right += found and kind in example["kinds"]
            said += found
            meant += kind in example["kinds"]
    assert 100 * right / said >= precision
    assert 100 * right / meant >= recall


_MEETING = (
    "Minutes of the full governing body\nMARIA COOPER  Co-opted  10/2021  P  P\nADAM REYNOLDS  Parent  14/10/2021\n"
    "28/09/2020\n23/11/2020\n25/01/2021\n15/03/2021\nThe clerk had sent the papers.\nThe budget was agreed.\n"
    "The head gave her report.\nThe next meeting is in the hall.\nThe meeting closed at six.\n"
)


def test_days_of_meetings_in_minutes_are_no_births() -> None:
    assert [one for one in find_private_data(_MEETING, OWN, TODAY) if one.kind == "date_of_birth"] == []


def test_a_list_of_birthdays_in_a_long_newsletter_is_read() -> None:
    text = _MEETING + "Birthdays this month\nArlo, six on the 3rd of May\nIris, five on the 9th of May\n"
    assert any(one.kind == "date_of_birth" for one in find_private_data(text, OWN, TODAY))


def test_a_date_beside_a_name_is_weighed_by_the_day_of_reading() -> None:
    text = "Arlo Finch 03/05/2024\nIris Bell 09/06/2024\n"
    assert len(find_personal_data(text, OWN, TODAY)) == 2
    assert find_personal_data(text, OWN, date(2025, 12, 31)) == []  # who was one year old then is in no nursery class


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Happy birthday this half term to Otto (7 on 4th Jan) and Maya (7 on 19th Jan)!", "date_of_birth"),
        ("Cake rota\nMon: Ravi (10 on 4 May)\nFri: nobody", "date_of_birth"),
        ("Nia's party: come to ours, 17b Ferry Street above the bakery shop.", "postal_address"),
    ],
)
def test_what_is_surely_meant_is_told_beside_words_that_speak_against_it(text: str, kind: str) -> None:
    assert kind in {item.kind for item in find_private_data(text, OWN, TODAY)}


@pytest.mark.parametrize(
    ("before", "heading"),
    [
        ("Report by Sarah Hill, ", True),
        ("Photos by J. O’Neill on ", True),
        ("Founders Day, ", True),
        ("The Big Clean Day – Saturday ", True),
        ("Stood by Sarah Hill, who was born ", False),
        ("Harvey came to us on Christmas Day, ", False),
        ("Theo’s Big Day is ", False),
        ("Made by hand, ", False),
    ],
)
def test_a_day_that_dates_a_heading_is_no_birth(before: str, heading: bool) -> None:
    assert is_dated_heading(before) is heading
