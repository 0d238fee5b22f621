"""Which pupils a post is about: classes and year groups as schools write them, and words that only look like them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditbot.model import PhotoUse
from auditbot.registers.accounts import Account
from auditbot.registers.groups import Groups
from auditbot.registers.people import Pupil
from auditbot.registers.policy import EventApproval
from tests.unit.check.school import post

TODAY = date(2026, 11, 22)
THIS_YEAR, LAST_YEAR = "2026-10-01", "2026-06-01"


def pupil(pupil_id: str, year_group: str, class_name: str, left_on: date | None = None) -> Pupil:
    return Pupil(pupil_id, "Maya", "Day", year_group=year_group, class_name=class_name, left_on=left_on)


SCHOOL = Groups(
    [
        pupil("duckling1", "N1", "Nursery Ducklings"),
        pupil("duckling2", "N2", "Nursery Ducklings"),
        pupil("otter", "R", "Reception Otters"),
        pupil("kingfisher", "1", "Year 1 Kingfishers"),
        pupil("wren", "Y1", "Year 1 Wrens"),
        pupil("heron", "2", "Year 2 Herons"),
        pupil("2b", "Year 2", "2B"),
        pupil("leaver", "2", "Year 2 Herons", date(2026, 7, 21)),
    ],
    TODAY,
)
YEAR_1, YEAR_2 = {"kingfisher", "wren"}, {"heron", "2b"}
NURSERY = {"duckling1", "duckling2"}

SAID = [
    ("Kingfishers went to the farm", {"kingfisher"}),
    ("KINGFISHERS' assembly", {"kingfisher"}),
    ("Year 1 Kingfishers went to the farm", {"kingfisher"}),
    ("Year 1 went to the farm", YEAR_1),
    ("Y1 and Y2 at the farm", YEAR_1 | YEAR_2),
    ("Years 1 and 2", YEAR_1 | YEAR_2),
    ("Yr 2 maths", YEAR_2),
    ("Y1/2 sports day", YEAR_1 | YEAR_2),
    ("KS1 singing", YEAR_1 | YEAR_2),
    ("Reception in the garden", {"otter"}),
    ("Otters and Ducklings", {"otter"} | NURSERY),
    ("Our Otter class", {"otter"}),
    ("Nursery", NURSERY),
    ("Nursery to Year 2", NURSERY | YEAR_2),
    ("EYFS", NURSERY | {"otter"}),
    ("2B's cakes", {"2b"}),
    # near misses
    ("Our class in the garden", set()),
    ("Otterbourne", set()),
    ("An otter on the river", set()),
    ("Larkmere Nursery School", set()),
    ("Nursery rhyme week", set()),
    ("Please sign in at Reception", set()),
    ("Happy New Year 1 January is a holiday", set()),
    ("Year 2026", set()),
    ("Year 6", set()),
    ("A 12B pencil", set()),
    ("", set()),
]


@pytest.mark.parametrize(("text", "ids"), SAID, ids=[text for text, _ in SAID])
def test_the_classes_and_year_groups_that_a_text_names(text: str, ids: set[str]) -> None:
    assert SCHOOL.named_in(post(text=text, on=THIS_YEAR)) == ids
    assert SCHOOL.named_in(post(title=text, on=THIS_YEAR)) == ids


def test_the_address_and_what_photos_say_of_themselves_count() -> None:
    assert SCHOOL.named_in(post(url="https://a.example/news/year-1-kingfishers_farm", on=THIS_YEAR)) == {"kingfisher"}
    assert SCHOOL.named_in(post(url="https://nursery.example/news", on=THIS_YEAR)) == set()
    assert SCHOOL.named_in(post(PhotoUse("u", None, alt="Year 1"), on=THIS_YEAR)) == YEAR_1
    assert SCHOOL.named_in(post(PhotoUse("u", None, caption="Herons"), on=THIS_YEAR)) == {"heron"}


def test_a_post_of_an_earlier_school_year_means_who_was_in_that_year_then() -> None:
    assert SCHOOL.named_in(post(text="Year 1", on=LAST_YEAR)) == YEAR_2
    assert SCHOOL.named_in(post(text="Year 2", on=LAST_YEAR)) == {"leaver"}
    assert SCHOOL.named_in(post(text="Kingfishers", on=LAST_YEAR)) == YEAR_2
    assert SCHOOL.named_in(post(text="Reception", on=LAST_YEAR)) == YEAR_1
    assert SCHOOL.named_in(post(text="Nursery", on=LAST_YEAR)) == {"otter", "duckling2"}


def test_without_a_date_today_counts() -> None:
    assert SCHOOL.named_in(post(text="Year 1", on="")) == YEAR_1


def test_without_year_groups_the_class_says_the_year() -> None:
    school = Groups([pupil("a", "", "Year 1 Wrens"), pupil("b", "", "Oak"), pupil("c", "", "Reception")], TODAY)
    assert school.named_in(post(text="Year 1", on=THIS_YEAR)) == {"a"}
    assert school.named_in(post(text="Oak", on=THIS_YEAR)) == {"b"}
    assert school.named_in(post(text="Reception", on=THIS_YEAR)) == {"c"}
    assert school.named_in(post(text="Oak", on=LAST_YEAR)) == set()


def test_a_mixed_age_class_is_of_all_its_years() -> None:
    pupils = [pupil("P1", "1/2", "Elm"), pupil("P2", "", "Year 1/2"), pupil("P3", "R", "Oak")]
    groups = Groups(pupils, TODAY)
    assert groups.named_in(post(text="Year 2 at the farm", on=THIS_YEAR)) == {"P1", "P2"}


@pytest.mark.parametrize(
    ("name", "groups", "text", "meant"),
    [
        ("Otters blog", (), "", {"otter"}),
        ("website", ("R",), "", {"otter"}),
        ("website", ("1", "2"), "", YEAR_1 | YEAR_2),
        ("website", ("N1", "N2"), "", NURSERY),
        ("website", ("R",), "Herons at the farm", {"heron"}),  # what the post says counts first
        ("website", ("N1", "N2", "R", "1", "2"), "", set()),  # the whole school says nothing
        ("website", (), "", set()),
    ],
)
def test_what_the_account_is_for_counts_where_the_post_says_nothing(
    name: str, groups: tuple[str, ...], text: str, meant: set[str]
) -> None:
    account = Account(name, "https://school.example/", year_groups=groups)
    said = replace(post(on=THIS_YEAR), text=text, title="", url="https://s.example/1")
    assert SCHOOL.named_in(said, account) - {"leaver"} == meant


def test_the_album_that_photos_lie_in_names_a_class() -> None:
    photo = PhotoUse("https://s.example/albums/2026/year-1_wrens/IMG_1.jpg", "a")
    said = replace(post(on=THIS_YEAR), text="", title="", url="https://s.example/1", photos=(photo,))
    assert SCHOOL.named_in(said) == {"wren"}


TRIP = EventApproval(
    "Headteacher", date(2026, 9, 20), "Farm trip", date(2026, 9, 28), date(2026, 10, 9), ("website",), ("2B", "R")
)


@pytest.mark.parametrize(
    ("text", "account", "on", "meant"),
    [
        ("Our farm trip was muddy", "website", THIS_YEAR, {"2b", "otter"}),
        ("Farm trip: Wrens on the hay", "website", THIS_YEAR, {"wren"}),  # what the post says counts first
        ("Farm trips are fun", "website", THIS_YEAR, set()),
        ("Our farm trip was muddy", "facebook", THIS_YEAR, set()),
        ("Our farm trip was muddy", "website", "2026-11-01", set()),
        ("Our farm trip was muddy", "website", "", {"2b", "otter"}),
    ],
)
def test_who_took_part_in_an_event_counts_where_the_post_names_it(
    text: str, account: str, on: str, meant: set[str]
) -> None:
    said = replace(post(text=text, on=on), account=account)
    assert SCHOOL.named_in(said, events=[TRIP]) == meant
    assert SCHOOL.named_in(said, events=[replace(TRIP, event="")]) in (
        set(),
        {"wren"},
    )  # a standing approval says nothing
