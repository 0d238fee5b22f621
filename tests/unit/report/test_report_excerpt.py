"""Quotations mark exactly the evidence, and nothing else."""

from __future__ import annotations

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
