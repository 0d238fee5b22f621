"""What staff and school accounts write: conduct and private news, in short texts alone."""

import json
from pathlib import Path

import pytest

from auditbot.check.please_read import PleaseReadRules

TESTS = Path(__file__).parents[3]
FRESH = TESTS / "data" / "personal" / "fresh.jsonl"
UNREAD = TESTS / "bench" / "please_read" / "staff_unread.jsonl"


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
        ("Another day of babysitting other people's brats for minimum wage", "conduct"),
        ("Looking forward to seeing you all at the fair!", ""),
        ("Year 2 have been absolutely amazing on stage this afternoon.", ""),
        ("Our school dog has eaten a slipper.", ""),
    ],
)
def test_what_staff_write_is_read(rules: PleaseReadRules, text: str, rule: str) -> None:
    found = {one.rule for one in rules.find(text, author_role="staff")} & {"conduct", "personal_use"}
    assert found == ({rule} if rule else set())


@pytest.mark.parametrize(
    "text",
    [
        "Guess who grew the tallest sunflower in Year 2? Poppy, by a whole hand!",
        "Ssshhh, someone in Reception has a wobbly tooth and is very proud of it.",
        "Three boxers came to show us skipping, and everybody punched the air.",
    ],
)
def test_words_that_only_hint_are_taken_as_they_are_meant(rules: PleaseReadRules, text: str) -> None:
    assert {one.rule for one in rules.find(text)} & {"conduct", "personal_use"} == set()


def test_a_hint_among_other_news_is_read_alone(rules: PleaseReadRules) -> None:
    news = "The hall was full for the show. Year 1 sang three songs. The bell rings at nine on Monday. "
    text = f"{news}And now we are off on our honeymoon in Greece. Thank you for the cakes."
    assert "personal_use" in {one.rule for one in rules.find(text)}


def test_others_and_long_pages_are_left_alone(rules: PleaseReadRules) -> None:
    text = "Just landed in Tenerife with my husband, cocktails by the pool."
    page = " ".join(["We went to the museum and saw the old engines."] * 14)
    assert "personal_use" not in {one.rule for one in rules.find(text, author_role="parent")}
    assert "personal_use" not in {one.rule for one in rules.find(f"{page} {text}", author_role="school")}


@pytest.mark.parametrize(("kind", "precision", "recall"), [("conduct", 85, 72), ("personal_use", 88, 70)])
def test_voices_not_learned_from(rules: PleaseReadRules, kind: str, precision: float, recall: float) -> None:
    right = said = meant = 0
    for line in (FRESH.read_text("utf-8") + UNREAD.read_text("utf-8")).splitlines():
        example = json.loads(line)
        wanted = kind in example.get("kinds", [example.get("rule")])
        found = any(one.rule == kind for one in rules.find(example["text"], author_role="staff"))
        right += found and wanted
        said += found
        meant += wanted
    assert 100 * right / said >= precision
    assert 100 * right / meant >= recall


def test_a_title_or_caption_is_read_by_lists_of_words_alone(rules: PleaseReadRules) -> None:
    text = "Hubby burned the roast again."
    assert {one.rule for one in rules.find(text, kind="post", author_role="staff")} == {"personal_use"}
    assert rules.find("Chuffed to bits, new flat, new life, new kettle", kind="caption", author_role="staff") == []
