"""Names as pages lay them out: broken over lines, with signs between their parts, and what only looks like them."""

import random
import textwrap

import pytest

from auditbot.check.surnames import PupilName, StaffName, SurnameEngine
from auditbot.check.surnames.engine import NOT_ON_REGISTER
from tests.unit.check.surnames.corpus import CORPUS, measure, read_school

SEPARATORS = (
    *(" ({})", " [{}]", ' "{}"', " “{}”", " *{}*", "** **{}", "_{}"),
    *("/{}", " / {}", " – {}", " ⭐ {}", " #{}", " + {}", "... {}"),
)
SURNAMES = ("Smith", "Whitaker", "Okonkwo", "Li", "Oh", "Best", "Banks", "Moon", "Hall", "Young")
PUPILS = [
    PupilName(f"p{number}", (forename,), (surname,), "Year 1", "Ash")
    for number, (forename, surname) in enumerate(
        zip(("Ava", "Reuben", "Chidi", "Mei", "Jin", "Teddy", "Jude", "Isla", "Max", "Ellie"), SURNAMES, strict=True)
    )
]
ENGINE = SurnameEngine(PUPILS, [StaffName("Mrs", "Ann", "Lane", "Headteacher")], ["Ash", "Oak"])
_STORY = (
    "The last walk of the term led the whole of the class over the moor and down to the river, where we counted the "
    "ducks and ate our sandwiches on the bank. Nobody was as glad of the sun as {name}, who had carried a kite all "
    "the way from the gate, and nobody slept as soundly on the coach home. Thank you to everybody who came along."
)


def test_signs_between_forename_and_surname_hide_nothing() -> None:
    missed = []
    for separator in SEPARATORS:
        for pupil in PUPILS:
            text = f"Well done {pupil.forenames[0]}{separator.format(pupil.surnames[0])} for a lovely picture!"
            hits = ENGINE.find(text)
            if not any(pupil.pupil_id in hit.pupil_ids for hit in hits):
                missed.append(text)
    assert len(missed) <= 0.05 * len(SEPARATORS) * len(PUPILS), missed


def test_names_broken_over_lines_are_found() -> None:
    rng = random.Random(4)
    found = broken = 0
    while broken < 120:
        pupil = rng.choice(PUPILS)
        name = f"{pupil.forenames[0]} {pupil.surnames[0]}"
        lines = textwrap.wrap(_STORY.format(name=name), rng.randint(26, 90))
        text = "\n".join(lines)
        if name in text:
            continue
        broken += 1
        hits = ENGINE.find(text, kind="newsletter")
        found += any(hit.band == "breach" and pupil.pupil_id in hit.pupil_ids for hit in hits)
    assert found >= 0.95 * broken


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("little Reuben Whit-\naker and tall Marek", ["Whit-\naker"]),
        ("thanks to Teddy Best, Reuben Whit-\r\naker and others", ["Best", "Whit-\r\naker"]),
        ("thanks to Reuben Whita\u00ad\nker", ["Whita\u00ad\nker"]),
        ("Teddy did his\nbest-\never drawing", []),
        ("Well done Teddy for a well-\nknown song", []),
    ],
)
def test_words_hyphenated_at_the_end_of_a_line_are_one(text: str, named: list[str]) -> None:
    assert [text[hit.start : hit.end] for hit in ENGINE.find(text, kind="newsletter")] == named


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Well done to Archie Pemberton in Year 1 for his super story", [NOT_ON_REGISTER]),
        ("Star of the Week: Tomasz Zielinski", [NOT_ON_REGISTER]),
        ("Barnaby Lister, aged 5, with his sunflower", [NOT_ON_REGISTER]),
        ("My son Jenson Crabtree loved nursery today", [NOT_ON_REGISTER]),
        ("Promise night: Ava Smith, Niamh Tunnacliffe and Wren Illingworth", ["full_name", *[NOT_ON_REGISTER] * 2]),
        ("1 Esther Pogson (Bank Top), 2 our own Ava Smith", [NOT_ON_REGISTER, "full_name"]),
        ("Well done Ava Smith. Helen Marsden took the pictures", ["full_name"]),
        ("Ava Smith, Mrs Helen Marsden and the Wrens", ["full_name"]),
        ("Kayden Rudd from Cliff Road Primary swaps crabs with us", [NOT_ON_REGISTER]),
        ("Thank you to the Brownies who planted: Romilly Sayer and Bea Tapscott", [NOT_ON_REGISTER] * 2),
        ("Jordan Okonkwo-Cole read to the whole school", [NOT_ON_REGISTER]),
        ("The names on the memorial: Pte J. Ackroyd, Cpl W. Okonkwo", []),
        ("Thank you to Fraser Mulholland for lending the van.", []),
        ("Congratulations to our teacher Helen Marsden on her wedding", []),
        ("Present: Sue Rathbone, Imran Malik. Clerk: Val Hodgson.", []),
        ("The class visited Fenn Bridge Nursery in Year 1", []),
        ("Photography by Jude Banks", ["adult_with_full_name"]),
        ("© 2026 Jude Banks", ["adult_with_full_name"]),
        ("Smith, Ava; Moon, Isla; Hall, Max; Best, Teddy", ["full_name"] * 4),
        ("On the coach with the Year 1s: Isla Moon sang the whole way home in her pyjamas", ["full_name"]),
        ('New starter: Kaiden "KJ" Jessop in Year 1', [NOT_ON_REGISTER]),
        ("A poem by our Year 1 pupil Jemima O'Dowd, aged 6", [NOT_ON_REGISTER]),
        ("Full marks: Arlo Temi Zara Hattie Luca Struan Noor Lorcan", []),
        ("Isla Moon the guinea pig had babies", ["adult_with_full_name"]),
        ("Our dinner lady, Ava Smith, retires", ["adult_with_full_name"]),
        ("A picture painted by Jude Banks", ["full_name"]),
        ("Thank you to Ngozi Okonkwo and her son Chidi", ["relative_and_child"]),
        ("Roof repairs by Okonkwo and Sons", []),
        ("We were joined by Whitacre pupils", []),
        ("Banks takes the egg and spoon by a nose!", ["surname_or_word"]),
        ("Jude Banks, our local woodturner, is bringing his lathe", ["adult_with_full_name"]),
        ("Jude Banks teaches yoga at the village hall", ["adult_with_full_name"]),
        ("Jude Banks, our star baker, in his apron", ["full_name"]),
        ("Photograph by Peter Whitaker", []),
        ("Isla Moon nature reserve is open again", ["full_name_or_thing"]),
        ("Okonkwo the Bread is coming on Monday", []),
        ("Banks, Moon and Hall on the scoresheet for us!", ["surnames_in_a_row"] * 3),
        ("Paint in brown, moon and hall were missing", []),
        ("It was the Week of the Young Child", []),
        ("Write to ava.smith@pupils.example or r.whitaker@mail.example", ["name_in_mailbox"]),
        ("Croeso to Imran Qureshi, new in Oak today", [NOT_ON_REGISTER]),
        ("Guest soloist: Benedict A. Lowe, chorister, age 11", [NOT_ON_REGISTER]),
        ("Does anybody know who the mum of Jayden Clough is?? He left his coat in my car", [NOT_ON_REGISTER]),
        ("The song was\nsung by Precious\nAdeyemi, a girl in Year 3 who\nhas just turned eight.", [NOT_ON_REGISTER]),
        ("Minutes of the Parent Council. Present: Nina Bristow (P3), Rina Semba (P4), Jack Mata (P1)", []),
        ("Last year's Year 2 pupil Imogen Lister won the county chess title", [NOT_ON_REGISTER]),
        ("Thank you to Martin Melvin for arranging the diggers", []),
        ("Governors: Mr T Okonkwo (Chair), Mrs R Whitaker.", []),
        ("Present: N Okonkwo, S Whitaker. Apologies: J Hall", []),
        ("Sir Geoffrey Okonkwo left his books to the school", []),
        ("Mrs Okonkwo from the RNLI talked about the beach", []),
        ("I was taught by Mrs Okonkwo in the 80s", []),
        ("Kevin Okonkwo here, class of 1991", []),
        ("Treasurer: Bill Okonkwo bill@parents.example", []),
        ("To help, email Tammy Okonkwo at tammy13@mail.example", []),
        ("Well done Ch1di Okonkwo in Ash", ["full_name"]),
        ("Maureen Sidebottom (nee Okonkwo) sends her love", []),
        ("Mrs Okonkwo and her friends sold cakes", ["titled_adult"]),
        ("The poster was designed by Jude Banks in Ash", ["full_name"]),
        ("In the paper: Jude Banks (6) met the First Minister", ["full_name"]),
        ("Chidi 'Tedster' Okonkwo sang a solo", ["full_name"]),
    ],
)
def test_who_is_named_is_told_from_the_words_around(text: str, rules: list[str]) -> None:
    assert [hit.rule for hit in ENGINE.find(text)] == rules


@pytest.mark.parametrize(
    "text",
    [
        "me and tyrone biggs from year 4 are in the same team on saturday, we are both seven",
        "sorry to ask but my son came home with the PE kit of lexi trowbridge, year 4",
    ],
)
def test_a_child_in_small_letters_is_seen_where_nobody_cares_for_capitals(text: str) -> None:
    assert [hit.rule for hit in ENGINE.find(text, kind="comment")] == [NOT_ON_REGISTER]


def test_the_span_of_a_name_holds_its_title_and_forename() -> None:
    text = "It was good to see Mr Paul Whitaker again"
    (hit,) = ENGINE.find(text)
    assert text[hit.start : hit.end] == "Whitaker"
    assert text[hit.name_start : hit.name_end] == "Mr Paul Whitaker"


@pytest.mark.parametrize(
    ("name", "precision"),
    [
        ("calderfoot", 93),
        ("whinmoor_bay", 93),
        ("tansy_brook", 98),
        ("saltmarsh_row", 98),
        ("gilliscombe", 98),
        ("carrick", 98),
        ("ribbledale", 96),
        ("seaview", 98),
    ],
)
def test_schools_in_another_voice(name: str, precision: float) -> None:
    figures = measure(read_school(CORPUS / name))
    assert figures.precision >= precision
    assert figures.recall >= 95
    assert figures.recall_any_tier >= 98
