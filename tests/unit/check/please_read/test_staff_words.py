"""What staff and school accounts write: conduct and private news, in short texts alone."""

import json
from pathlib import Path

import pytest

from auditbot.check.please_read import PleaseReadRules

FRESH = Path(__file__).parents[3] / "data" / "personal" / "fresh.jsonl"


@pytest.fixture(scope="module")
def rules() -> PleaseReadRules:
    return PleaseReadRules()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("FFS who planned this inset day", "conduct"),
        ("Honestly these brats are driving me insane today", "conduct"),
        ("Just landed in Tenerife with my husband, cocktails by the pool", "personal_use"),
        ("Behaviour has been wonderful all week, gold stars all round.", ""),
        ("Our school dog has eaten a slipper.", ""),
    ],
)
def test_what_staff_write_is_read(rules: PleaseReadRules, text: str, rule: str) -> None:
    found = {one.rule for one in rules.find(text, author_role="staff")} & {"conduct", "personal_use"}
    assert found == ({rule} if rule else set())


def test_others_and_long_pages_are_left_alone(rules: PleaseReadRules) -> None:
    text = "Just landed in Tenerife with my husband, cocktails by the pool."
    page = " ".join(["We went to the museum and saw the old engines."] * 14)
    assert "personal_use" not in {one.rule for one in rules.find(text, author_role="parent")}
    assert "personal_use" not in {one.rule for one in rules.find(f"{page} {text}", author_role="school")}


@pytest.mark.parametrize(("kind", "precision", "recall"), [("conduct", 80, 40), ("personal_use", 80, 40)])
def test_a_voice_not_learned_from(rules: PleaseReadRules, kind: str, precision: float, recall: float) -> None:
    right = said = meant = 0
    for line in FRESH.read_text("utf-8").splitlines():
        example = json.loads(line)
        found = any(one.rule == kind for one in rules.find(example["text"], author_role=example["author_role"]))
        right += found and kind in example["kinds"]
        said += found
        meant += kind in example["kinds"]
    assert 100 * right / said >= precision
    assert 100 * right / meant >= recall
