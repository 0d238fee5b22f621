"""Where sentences begin and end, and how words are cut for the sentence model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.check.please_read.model import WordPiece
from auditbot.check.please_read.rules import runs, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One day it rained. Then it stopped.", ["One day it rained.", "Then it stopped."]),
        ("Thank you Mr. Hale for the slide.", ["Thank you Mr. Hale for the slide."]),
        ("Costs £2.50 a head. Pay at the door!", ["Costs £2.50 a head.", "Pay at the door!"]),
        ("Line one here\nline two here", ["Line one here", "line two here"]),
        ("She said no!! Wow.", ["She said no!! Wow."]),
        ("We went out. \U0001f600 It was fun there.", ["We went out.", "\U0001f600 It was fun there."]),
        ("  \n ", []),
        ("See e.g. the blue door. It opens at nine.", ["See e.g. the blue door.", "It opens at nine."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[s.start : s.end] for s in sentences(text)] == expected


@given(st.text(max_size=2000))
def test_sentences_lie_in_order_within_the_text_and_hold_every_word(text: str) -> None:
    found = sentences(text)
    ends = [0, *(s.end for s in found)]
    assert all(end <= s.start < s.end <= len(text) for end, s in zip(ends, found, strict=False))
    covered = {i for s in found for i in range(s.start, s.end)}
    assert all(i in covered for i, character in enumerate(text) if not character.isspace())


def test_a_text_without_full_stops_is_read_in_pieces() -> None:
    text = "word " * 1000
    assert max(s.end - s.start for s in sentences(text)) <= 400


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, []),
        (1, [(0, 1)]),
        (2, [(0, 1), (1, 2), (0, 2)]),
        (4, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 3), (1, 4)]),
    ],
)
def test_runs(count: int, expected: list[tuple[int, int]]) -> None:
    assert list(runs(count)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Play", [0, 3, 1]),
        ("playing", [0, 3, 4, 1]),
        ("PLÁY!", [0, 3, 5, 1]),
        ("zzz", [0, 2, 1]),
        ("play play play play", [0, 3, 3, 3, 1]),
    ],
)
def test_word_pieces(text: str, expected: list[int]) -> None:
    assert WordPiece(["[CLS]", "[SEP]", "[UNK]", "play", "##ing", "!"]).ids(text, longest=5) == expected
