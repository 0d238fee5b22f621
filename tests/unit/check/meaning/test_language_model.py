"""How words are cut for the language model, what it reads at once, and that an absent or altered model is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.check.meaning import reader
from auditbot.check.meaning.passages import WHOLE, passages_of, spans_of
from auditbot.check.meaning.reader import HEADS, TAGS, language_model, limits
from auditbot.check.meaning.tagged import tagged
from auditbot.check.meaning.wordpiece import WordPiece
from auditbot.check.please_read import PleaseReadRules
from auditbot.errors import LanguageModelMissing

MODELS = Path(str(reader.__file__)).parents[2] / "data" / "models"


@pytest.mark.parametrize(
    ("text", "ids", "words"),
    [
        ("Play", [3], ["Play"]),
        ("playing", [3, 4], ["play", "ing"]),
        (" PLÁY!", [3, 5], ["PLÁY", "!"]),
        ("zzz", [2], ["zzz"]),
        ("play\n(play)", [3, 2, 3, 2], ["play", "(", "play", ")"]),
        ("", [], []),
    ],
)
def test_word_pieces_know_their_places(text: str, ids: list[int], words: list[str]) -> None:
    pieces = WordPiece(["[CLS]", "[SEP]", "[UNK]", "play", "##ing", "!"]).pieces(text)
    assert list(pieces.ids) == ids
    assert [text[start:end] for start, end in zip(pieces.starts, pieces.ends, strict=True)] == words


@given(st.text(max_size=300))
def test_passages_hold_every_sentence_in_order(text: str) -> None:
    found = passages_of(text)
    numbers = [number for passage in found for number, _, _ in passage.sentences]
    assert numbers == sorted(numbers)
    assert set(numbers) <= set(range(len(spans_of(text))))
    for passage in found:
        assert len(passage.ids) == len(passage.starts) + 2 <= WHOLE + 2
        assert all(0 <= start < end <= len(text) for start, end in zip(passage.starts, passage.ends, strict=True))


def test_a_passage_says_the_same_whatever_is_read_with_it() -> None:
    text = "Ava turns six on 4 March. She lives at 3 Mill Lane.\n" + "We planted beans and made soup. " * 60
    found = passages_of(text)
    assert len(found) > 1
    alone = language_model().read(found[:1])[0].said
    assert (language_model().read(found)[0].said == alone).all()
    assert alone.shape == (len(found[0].starts), 2 * len(HEADS) + len(TAGS))


def test_limits_are_given_for_all_that_is_asked() -> None:
    assert limits().school.shape == limits().others.shape == (len(HEADS),)
    assert set(limits().tags) == {*TAGS} - {"child"}


def test_a_place_is_told_by_what_the_words_around_it_mean() -> None:
    text = "Our little Ottilie arrived at ten past three on Sunday the 9th of February, weighing 7lb 2oz."
    assert any("9th" in text[one.start : one.end] for one in tagged(text, "birth"))
    assert not list(tagged("The fair is on Sunday the 9th of February at ten past three.", "birth"))


@pytest.fixture
def forgotten() -> Iterator[None]:
    language_model.cache_clear()
    yield
    language_model.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_a_missing_model_stops_with_a_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reader, "_MODEL", tmp_path / "nothing.onnx")
    with pytest.raises(LanguageModelMissing, match="Install auditbot again"):
        PleaseReadRules()


@pytest.mark.usefixtures("forgotten")
def test_an_altered_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_SHA256", "0" * 64)
    with pytest.raises(LanguageModelMissing):
        PleaseReadRules()


def test_the_note_beside_the_model_says_its_sum() -> None:
    digest = hashlib.sha256((MODELS / "minilm_school.onnx").read_bytes()).hexdigest()
    assert digest in (MODELS / "ORIGIN.md").read_text("utf-8")
