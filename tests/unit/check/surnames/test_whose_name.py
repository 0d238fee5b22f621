"""Whose name a full name is: children whom the register lacks, and adults in longer texts and papers."""

import pytest

from auditbot.check.surnames import SurnameEngine
from auditbot.check.surnames.engine import NOT_ON_REGISTER

ENGINE = SurnameEngine([])
_NEWS = (
    "The hall was full on Saturday and the urn never stopped. The committee would like to thank everybody who carried "
    "tables, cut bread, took money at the door and swept the floor at the end of a long day. All of it goes to the "
    "roof, which has leaked since the spring, and the next work party meets on the first Sunday of the month, in old "
    "clothes and with a broom if you have one. Bring a friend and a flask.\n\n"
)
CHILDREN = [
    "Well done Tilly Ogilvie, what a lovely picture!",
    "Happy birthday to Kian Sandiford, six today",
    _NEWS + "We welcome our new pupil, Zofia Banaszak. She joins Mrs Hart's class on Monday.",
    _NEWS + "A poem by Leo Hartigan, aged 7, won the prize for the youngest writer.",
    _NEWS + "Goldfinches class: the certificates went to Poppy Lathbury and Ezra Whitcombe.",
    "Minutes of the meeting. Present: J Hale (Chair). A drawing by our pupil Ivy Tansley was shown.",
]
ADULTS = [
    _NEWS + "Spanish with Debbie Runnacles is on Tuesday evenings at eight.",
    _NEWS + "A big thank you to Sharon Pettifer, who has run the stall since 2011.",
    _NEWS + "The bonus ball was won by Keith Ollerton and Tricia Hamble.",
    "Minutes of the meeting. Present: Tilly Ogilvie (P3), Rowan Ferrier. Apologies: Nina Sandiford.",
    "Thanks to Graham Lathbury for mending the gate.",
]


@pytest.mark.parametrize("text", CHILDREN)
def test_a_child_is_told_in_short_texts_and_where_the_paragraph_speaks_of_children(text: str) -> None:
    hits = ENGINE.find(text)
    assert hits and {hit.rule for hit in hits} == {NOT_ON_REGISTER}


@pytest.mark.parametrize("text", ADULTS)
def test_adults_in_longer_texts_and_papers_are_not_told(text: str) -> None:
    assert ENGINE.find(text) == []
