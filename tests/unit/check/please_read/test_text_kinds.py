"""What kind of text it is: papers by their titles or words, news and short texts as people speaking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.check.please_read.text_kinds import TextKind, kind_of

WORDS = "The children went to the woods and found a great many leaves, which they counted, sorted and drew. " * 4
MINUTES = (
    "Present: Mrs Ames, Mr Birch. Apologies were received from Dr Cole. The minutes of the last meeting were agreed. "
    "Matters arising: none. The treasurer reported a balance of £212. It was proposed by Mr Birch and seconded by Mrs "
    "Ames that chairs be bought. Any other business: the clock is slow. Date of next meeting: 4 May. "
)
MENU = (
    "Week one. Monday: roast chicken, gravy, mashed potato. Tuesday: fish fingers, baked beans. Wednesday: jacket "
    "potato, sweetcorn. Thursday: pasta, yoghurt. Friday: sandwich, fresh fruit. Vegetarian dishes every day, custard "
    "twice a week; ask the kitchen about allergens and halal meat, which we are glad to provide for anybody who asks. "
)


@pytest.mark.parametrize(
    ("text", "names", "kind"),
    [
        (WORDS, ("Behaviour-Policy-2024.pdf",), TextKind.POLICY),
        (WORDS, ("", "/uploads/full%20governors%20minutes.docx"), TextKind.MINUTES),
        (WORDS, ("Curriculum overview Year 2",), TextKind.CURRICULUM),
        (WORDS, ("School prospectus",), TextKind.PROSPECTUS),
        (WORDS, ("Admission arrangements",), TextKind.ADMISSION),
        (WORDS, ("trip consent form.pdf",), TextKind.FORM),
        (MINUTES + WORDS, (), TextKind.MINUTES),
        (MENU + WORDS, (), TextKind.MENU),
        (WORDS, ("A walk in the woods",), TextKind.SPEAKING),
        (WORDS, (), TextKind.SPEAKING),
        (MINUTES + WORDS, ("Newsletter 14",), TextKind.SPEAKING),
        ("Our new behaviour policy is a joke.", ("Behaviour policy",), TextKind.SPEAKING),
        ("", (), TextKind.SPEAKING),
    ],
)
def test_kind_of_text(text: str, names: tuple[str, ...], kind: TextKind) -> None:
    assert kind_of(text, *names) is kind


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_has_a_kind(text: str, name: str) -> None:
    assert kind_of(text, name) in TextKind
