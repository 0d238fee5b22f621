"""Quotations mark exactly the evidence, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.present.excerpt import LONGEST_MARK, WINDOW, quote


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(st.text(min_size=1, max_size=900))
    bounds = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(bounds, bounds), min_size=1, max_size=5))
    spans = [(min(pair), max(pair)) for pair in pairs]
    return text, [span for span in spans if span[1] - span[0] <= LONGEST_MARK // 5]


@given(texts_with_spans())
def test_exactly_the_characters_of_the_spans_are_marked(given_text: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = given_text
    covered = {at for start, end in spans for at in range(start, end)}
    excerpts = quote(text, spans)
    marked = "".join(piece.text for excerpt in excerpts for piece in excerpt if piece.marked)
    assert marked == "".join(text[at] for at in sorted(covered))
    for excerpt in excerpts:
        body = "".join(piece.text for piece in excerpt)
        assert body.removeprefix("… ").removesuffix(" …") in text or body in text


def test_a_window_of_context_stands_on_either_side() -> None:
    text = "word " * 100 + "Khan" + " word" * 100
    ((*_, last),) = quote(text, [(500, 504)])
    assert last.text == " …"
    whole = "".join(piece.text for piece in quote(text, [(500, 504)])[0])
    assert "Khan" in whole and WINDOW < len(whole) < 2 * WINDOW + 20


def test_a_span_beyond_the_text_is_cut_to_it() -> None:
    assert [piece.text for piece in quote("Khan", [(0, 99)])[0]] == ["Khan"]
    assert quote("Khan", [(10, 20)]) == ()


def test_characters_outside_the_basic_plane_count_as_one() -> None:
    ((_, marked),) = quote("👩‍🌾 Khan", [(4, 8)])
    assert marked.text == "Khan"


@pytest.mark.parametrize(
    ("text", "mark", "shown"),
    [
        ("A long day it was for everybody. We sang. Noah, born on 3 March 2021, sang too. Then we went home.",
         "born on 3 March 2021", "… We sang. Noah, born on 3 March 2021, sang too. …"),
        ("Found a glow stick? Write to robin@mail.example.", "robin@mail.example",
         "Found a glow stick? Write to robin@mail.example."),
        ("Everybody who was there on that long and sunny day in the woods was happy.\nCall 07700 900482\nThank you",
         "07700 900482", "… Call 07700 900482 …"),
        ("Mensah", "Mensah", "Mensah"),
    ],
)  # fmt: skip
def test_near_is_the_sentence_and_a_short_one_before(text: str, mark: str, shown: str) -> None:
    start = text.index(mark)
    (excerpt,) = quote(text, [(start, start + len(mark))], near=True)
    assert "".join(piece.text for piece in excerpt) == shown
    assert [piece.text for piece in excerpt if piece.marked] == [mark]


@given(st.text("ab.!? \n”", max_size=400), st.integers(0, 400), st.integers(1, 40))
def test_near_loses_nothing_of_what_is_marked(text: str, start: int, length: int) -> None:
    marked = text[start : start + length]
    excerpts = quote(text, [(start, start + length)], near=True)
    assert [piece.text for excerpt in excerpts for piece in excerpt if piece.marked] == ([marked] if marked else [])
    for excerpt in excerpts:
        whole = "".join(piece.text for piece in excerpt)
        assert whole.removeprefix("… ").removesuffix(" …") in text
