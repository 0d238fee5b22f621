"""How words are cut for the sentence model, and that an absent or altered model is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditbot.check.please_read import PleaseReadRules, embedding
from auditbot.check.please_read.embedding import WordPiece, sentence_model
from auditbot.errors import LanguageModelMissing


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


def test_a_missing_sentence_model_stops_with_a_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sentence_model.cache_clear()
    monkeypatch.setattr(embedding, "_MODEL", tmp_path / "nothing.onnx")
    try:
        with pytest.raises(LanguageModelMissing, match="Install auditbot again"):
            PleaseReadRules()
    finally:
        sentence_model.cache_clear()


def test_an_altered_sentence_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence_model.cache_clear()
    monkeypatch.setattr(embedding, "_SHA256", "0" * 64)
    try:
        with pytest.raises(LanguageModelMissing):
            PleaseReadRules()
    finally:
        sentence_model.cache_clear()
