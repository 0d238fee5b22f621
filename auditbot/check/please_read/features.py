"""What is counted in a text: cues of general English, style, who wrote it, and which common words it holds."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

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
