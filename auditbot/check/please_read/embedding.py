"""What a short text means, as 384 numbers: the MiniLM sentence model, run on this machine.

The model lies in auditbot/data/models (Apache-2.0); ``vocab.txt`` is the vocabulary of BERT base uncased
(Google, Apache-2.0), which the model was trained with. Its WordPiece is ours: the well-known library for it brings a
client that downloads models; a school's machine needs neither.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from auditbot.errors import LanguageModelMissing
from auditbot.safe_files import is_intact

_LONGEST_WORD = 100
_ASCII_SYMBOLS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class WordPiece:
    """Turns text into token ids of one vocabulary."""

    def __init__(self, vocabulary: list[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._start, self._end, self._unknown = (self._ids[name] for name in ("[CLS]", "[SEP]", "[UNK]"))

    def ids(self, text: str, longest: int) -> list[int]:
        """Return token ids with the start and end marks, at most ``longest`` of them."""
        found: list[int] = []
        for word in _words(text):
            found.extend(self._pieces(word))
            if len(found) >= longest - 2:
                break
        return [self._start, *found[: longest - 2], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._ids.get(("##" if start else "") + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return [self._unknown]
        return found


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFD", text.lower())
    word = ""
    for character in plain:
        category = unicodedata.category(character)
        if category == "Mn" or character in "\x00�" or (category[0] == "C" and not character.isspace()):
            continue
        alone = category[0] == "P" or character in _ASCII_SYMBOLS or "一" <= character <= "鿿"
        if character.isspace() or alone:
            if word:
                yield word
            word = ""
            if alone:
                yield character
        else:
            word += character
    if word:
        yield word


SIZE = 384
_MODEL = Path(str(resources.files("auditbot").joinpath("data/models/minilm_quick.onnx")))
_SHA256 = "b27509dc5336cfb08d5a96aa74391d7880a1acda9be203802d4bba170f8bf356"
_LONGEST = 192
"""Tokens; three long sentences fit."""
_WORTH_THREADS = 6
"""New texts from which starting threads is quicker; a short post has two or three sentences."""
_KEPT = 20_000
"""Vectors kept in memory during a run, at most: 30 megabytes."""


class SentenceModel:
    """all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0) in eight-bit arithmetic (``tools/quicken_minilm.py``)."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        here = resources.files("auditbot.check.please_read")
        vocabulary = (here / "vocab.txt").read_text(encoding="utf-8").split("\n")
        self._pieces = WordPiece(vocabulary)
        self._kept: dict[str, npt.NDArray[np.float32]] = {}

    def embed(self, text: str) -> npt.NDArray[np.float32]:
        """Return the mean token vector of a text, 384 numbers of length one.

        One text at a time: a text of another length beside it would be padded, and most posts hold a sentence or two.
        """
        ids = np.array([self._pieces.ids(text, _LONGEST)], dtype=np.int64)
        return np.asarray(self._session.run(None, {"input_ids": ids})[0][0], dtype=np.float32)

    def embed_all(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return the vector of each text, in this order, on all processors. Pages repeat themselves: some are kept."""
        if len(self._kept) > _KEPT:
            self._kept.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if len(new) < _WORTH_THREADS:
            self._kept.update((text, self.embed(text)) for text in new)
        else:
            with ThreadPoolExecutor(max_workers=min(len(new), os.cpu_count() or 1)) as pool:
                self._kept.update(zip(new, pool.map(self.embed, new), strict=True))
        return [self._kept[text] for text in texts]


@cache
def sentence_model() -> SentenceModel:
    """Return the one model of this process; raise :class:`LanguageModelMissing` if it is absent or altered."""
    if not is_intact(_MODEL, _SHA256):
        raise LanguageModelMissing
    return SentenceModel(_MODEL)
