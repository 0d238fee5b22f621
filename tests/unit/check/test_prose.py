"""Prose as it is laid out: which lines go on, and what each piece of a page is."""

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.check.prose import Role, joined, sentences

_STORY = (
    "It was a long and cheerful afternoon, and particular thanks go to everybody who carried the scones, the tea urn "
    "and the folding chairs across the field without spilling anything. Mrs. Lane says that the sum will be told on "
    "Monday, when the last of the raffle money has been counted by the office and by two of the older pupils."
)


@pytest.mark.parametrize("width", [30, 38, 46, 60, 72, 90])
def test_prose_broken_at_any_width_reads_as_it_was_written(width: int) -> None:
    broken = textwrap.fill(_STORY, width)
    assert [broken[one.start : one.end].replace("\n", " ") for one in sentences(broken)] == [
        _STORY[one.start : one.end] for one in sentences(_STORY)
    ]


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("and particular thanks go to the very kind Logan\nWalker of Year 2, who carried the scones", True),
        ("Thank you to\nEverybody", True),
        ("scones, tea,\nCakes", True),
        ("We went to the park\nand fed the ducks", True),
        ("with thanks to Mrs.\nLane for the tea", True),
        ("We went to the park.\nThe ducks were hungry", False),
        ("Star of the Week\nThis week it is Max, who has been so kind to everybody in the class", False),
        ("Ada\nMax\nRuby", False),
        ("We need these things\n• a coat\n• a hat", False),
        ("We need these things\n- a coat\n- a hat", False),
        ("Monday   pasta and peas\nTuesday   rice and beans", False),
        ("Monday\tpasta and\nrice", False),
        ("Name | Class of the\nchild", False),
        ("Our winners are:\nMax and Ruby", False),
        ("one paragraph that goes on and\n\non", False),
    ],
)
def test_lines_that_go_on_and_lines_that_do_not(text: str, one: bool) -> None:
    assert ("\n" not in joined(text)) is one


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Well done Max", [Role.PROSE]),
        (
            "Harvest festival\nThank you to all who came to church. It was lovely.",
            [Role.HEADING, Role.PROSE, Role.PROSE],
        ),
        ("Please bring:\n• a coat\n• wellies\n• a packed lunch", [Role.ITEM] * 4),
        ("Rules of the club\n1. Children must be collected by five o'clock.", [Role.HEADING, Role.PROSE]),
        ("Monday   pasta\nTuesday   rice", [Role.CELL] * 2),
        ("Ada\nMax\nRuby\nWe are proud of all of them.", [Role.ITEM] * 3 + [Role.PROSE]),
    ],
)
def test_headings_lists_and_tables_are_no_sentences(text: str, roles: list[Role]) -> None:
    assert [one.role for one in sentences(text)] == roles


@given(st.text(alphabet="aB .,!?\n\r\t|•-1é\u2028😀", max_size=300))
def test_nothing_is_lost_moved_or_said_twice(text: str) -> None:
    plain = joined(text)
    assert len(plain) == len(text)
    assert all(one == other or (one.isspace() and other == " ") for one, other in zip(text, plain, strict=True))
    found = sentences(text)
    assert all(one.start < one.end for one in found)
    assert all(one.end <= following.start for one, following in pairwise(found))
    covered = {place for one in found for place in range(one.start, one.end)}
    assert all(place in covered for place, char in enumerate(text) if not char.isspace())
