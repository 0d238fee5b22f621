"""What is guarded most, in lists under a heading, in entries, in decisions, and in the sentence after a name."""

from __future__ import annotations

import pytest

from auditbot.check.personal_data.special import Special, find_special

PUPILS = frozenset({"noor", "theo", "ada"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Inhalers for the trip:\n- Ned (brown one)\n- Noor (blue only)\nFirst aider Mrs Bell", [Special.HEALTH] * 2),
        ("Allergies\nTheo: eggs\nIris: bees", [Special.HEALTH] * 2),
        ("Children with an EHC plan\n1. Noor, Oak\n2. Ada, Elm", [Special.SEND] * 2),
        ("Free school meals:\n• Theo\n• Iris, from Monday", [Special.MEALS] * 2),
        ("Tables. Ada - coeliac. Theo - halal. Ned - juice.", [Special.HEALTH, Special.FAITH]),
        ("Iris has been awarded an EHCP, funding from April.", [Special.SEND]),
        ("Ned in Wrens has just been approved for pupil premium, which pays for our garden", [Special.MEALS]),
        ("Noor was refused her EHC plan at the panel meeting.", [Special.SEND]),
        ("Pupil: Theo S. (Wrens). EHC plan to be renewed in June.", [Special.SEND]),
        ("So Theo is back! The cochlear implant is on and he can hear the bell.", [Special.HEALTH]),
        ("Noor is not yet continent and wears pull-ups", [Special.HEALTH]),
    ],
)
def test_lists_decisions_and_the_sentence_after_tell_of_a_child(text: str, told: list[Special]) -> None:
    assert [one.what for one in find_special(text, PUPILS)] == told


@pytest.mark.parametrize(
    "text",
    [
        "Please send inhalers:\nOak class by Friday\nElm class by Monday",
        "Allergies policy\nTheo read it to us",
        "Inhalers\nMrs Bell keeps them",
        "Goals: Ned – two. Halal food on Friday.",
        "Ned - swimming. Iris - tennis.",
        "We have been awarded a grant for asthma training. Ada sang.",
        "Ada's mum came. She has diabetes.",
        "Ada won. The nurse talked about asthma.",
        "Ada's mum here.",
        "The pupil premium grant was approved and Mrs Bell thanked everyone.",
    ],
)
def test_lists_of_others_and_sentences_of_grown_ups_tell_nothing(text: str) -> None:
    assert find_special(text, PUPILS) == []
