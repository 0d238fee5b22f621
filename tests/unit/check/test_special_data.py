"""Health, special needs, meals, care and faith beside a child's name; and how well personal data is told apart."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from auditbot.check.personal_data import OwnContacts, PersonalData, find_private_data
from auditbot.check.personal_data.special import Special, find_special

EXAMPLES = Path(__file__).parents[2] / "data" / "personal"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Ella is at home after an operation on her tonsils.", Special.HEALTH),
        ("Thinking of Rosie, who is back in hospital.", Special.HEALTH),
        ("Noah, who has autism, loved the trip.", Special.SEND),
        ("Free school meals: Tyler, Chantelle", Special.MEALS),
        ("Welcome to Ruby, who has just joined her new foster family.", Special.CARE),
        ("Sami will be fasting for Ramadan.", Special.FAITH),
        ("The fair was fun. Max has his\ninhaler in the office.", Special.HEALTH),
        ("Children with asthma need an inhaler in school.", None),
        ("Chickenpox is about in Reception.", None),
        ("Mrs Bell is our SENCO.", None),
        ("Max played a doctor and Ella bandaged a teddy in the hospital corner.", None),
        ("Florence Nightingale nursed soldiers in hospital.", None),
        ("Pupil premium lead: Sarah Hill", None),
        ("Hope you all have a good rest in hospital gardens.", None),
    ],
)
def test_a_named_child_counts_and_a_disease_in_general_does_not(text: str, what: Special | None) -> None:
    found = find_special(text)
    assert [one.what for one in found] == ([what] if what else [])
    assert all(0 <= one.start < one.end <= len(text) for one in found)


def test_a_name_that_is_a_word_counts_if_the_register_holds_it() -> None:
    text = "We send our love to Sparrow, who has had her operation."
    assert find_special(text) == []
    assert [one.what for one in find_special(text, frozenset({"sparrow"}))] == [Special.HEALTH]


@dataclass(frozen=True, slots=True)
class Figures:
    """Percent of texts."""

    precision: float
    recall: float


def _measured(name: str, kind: str) -> Figures:
    right = said = meant = 0
    for line in (EXAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        kinds: set[str] = {
            "postal_address" if one.kind == "postcode" else one.kind for one in _private(example["text"])
        }
        kinds |= {"health"} if find_special(example["text"]) else set()
        right += kind in kinds and kind in example["kinds"]
        said += kind in kinds
        meant += kind in example["kinds"]
    return Figures(100 * right / said, 100 * right / meant)


TODAY = date(2026, 11, 30)


def _private(text: str) -> list[PersonalData]:
    return find_private_data(text, OwnContacts(), TODAY)


@pytest.mark.parametrize("name", ["dev", "holdout", "fresh"])
@pytest.mark.parametrize(
    ("kind", "precision", "recall"), [("date_of_birth", 90, 90), ("postal_address", 90, 90), ("health", 90, 85)]
)
def test_personal_data_is_found_and_told_from_what_looks_like_it(
    name: str, kind: str, precision: float, recall: float
) -> None:
    figures = _measured(name, kind)
    assert figures.precision >= precision
    assert figures.recall >= recall
