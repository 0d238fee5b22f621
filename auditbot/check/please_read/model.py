"""What is counted in a sentence, and a first look by it at what it may be (``ORIGIN.md`` says where from)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from auditbot.check.meaning.reader import HEADS

Vector = npt.NDArray[np.float64]

_WORD = re.compile(r"\w[\w']+")
_FIRST_PERSON = re.compile(r"\b(?:i|my|me)\b", re.IGNORECASE)
_SECOND_PERSON = re.compile(r"\b(?:you|your|u|ur)\b", re.IGNORECASE)
_OURS = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_ESCAPE, _CAPITAL = re.compile(r"\\."), re.compile(r"[A-Z]")
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
        self._compiled = [_compiled(pattern, name in spelled_as_is) for name, pattern in patterns.items()]

    def count(self, text: str) -> Vector:
        """Return how often each cue occurs."""
        small = text.lower()
        found = [len(pattern.findall(small if in_small else text)) for pattern, in_small in self._compiled]
        return np.array(found, dtype=np.float64)


def _compiled(pattern: str, as_is: bool) -> tuple[re.Pattern[str], bool]:
    """Return a cue, and whether it is looked for in small letters, which is twice as quick as ignoring the case."""
    if not as_is and _CAPITAL.search(_ESCAPE.sub("", pattern)) is None:
        return re.compile(pattern), True
    return re.compile(pattern, 0 if as_is else re.IGNORECASE), False


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
    places, heavy = _known_words(found, index, rarity)
    vector[places] = heavy
    return vector


def _known_words(found: Sequence[str], index: dict[str, int], rarity: Vector) -> tuple[list[int], Vector]:
    """Return the places of the known words, and the weight of each."""
    seen = Counter(index[word] for word in found if word in index)
    places = list(seen)
    if not places:
        return places, np.zeros(0)
    heavy = (1 + np.log(list(seen.values()))) * rarity[places]
    return places, heavy * (WORD_WEIGHT / float(np.linalg.norm(heavy)))


THREAT = "threat"
RULES = HEADS[: HEADS.index(THREAT)]
"""Rule names, in the order in which equal scores are ranked."""
SPEAKERS = ("school", "others")
"""Who speaks: the school or its staff, or parents and strangers."""


def surface(text: str, counts: Vector, kind: str, author_role: str, index: dict[str, int], rarity: Vector) -> Vector:
    """Return all features of a plain text but the meaning; ``counts`` says how often each cue occurs."""
    return np.concatenate(
        [
            cue_features(counts),
            style_features(text),
            role_features(kind, author_role),
            word_features(words(text), index, rarity),
        ]
    )


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """One sentence with what is counted in it, once for all heads."""

    plain: str
    """Its words as :func:`plain` gives them."""
    counts: Vector
    """How often each cue occurs."""


def counted(sentence: str) -> Counted:
    """Count the cues of a sentence on one line."""
    words_of_it = plain(sentence)
    return Counted(words_of_it, cues().count(words_of_it))


@dataclass(frozen=True, slots=True, eq=False)
class FirstLook:
    """Weights of a cheap look at a sentence, which says what the language model has to read.

    Columns: cues, style, role, words.
    """

    words: tuple[str, ...]
    """The common words that have a weight."""
    rarity: Vector
    """Weight of each of these words before training: rarer in the examples, larger."""
    weights: Vector
    """(Heads, and whether anything should be read at all) × features."""
    bias: Vector
    """One a row of the weights."""
    gates: Vector
    """One a speaker: the look under which nothing is read further."""

    def look(self, one: Counted, kind: str, author_role: str, index: dict[str, int]) -> float:
        """Return how likely anything in a sentence should be read, as log-odds; ``index`` numbers the known words."""
        return float(self._looked(one, kind, author_role, index, self.weights[-1:])[0] + self.bias[-1])

    def of_heads(self, one: Counted, kind: str, author_role: str, index: dict[str, int]) -> Vector:
        """Return how likely each head is right about a sentence by its words alone, as log-odds."""
        return self._looked(one, kind, author_role, index, self.weights[:-1]) + self.bias[:-1]

    def _looked(self, one: Counted, kind: str, author_role: str, index: dict[str, int], weights: Vector) -> Vector:
        """Return the same as of its :func:`surface`, without the thousands of words that it does not hold."""
        few = np.concatenate([cue_features(one.counts), style_features(one.plain), role_features(kind, author_role)])
        places, heavy = _known_words(words(one.plain), index, self.rarity)
        of_words = weights[:, [len(few) + place for place in places]] @ heavy if places else 0.0
        return np.asarray(weights[:, : len(few)] @ few + of_words)

    def save(self, path: Path) -> None:
        """Write the weights as a NumPy archive without pickles."""
        small = {name: getattr(self, name).astype(np.float16) for name in ("rarity", "weights")}
        exact = {name: getattr(self, name).astype(np.float32) for name in ("bias", "gates")}
        np.savez_compressed(path, words=np.array("\n".join(self.words)), **small, **exact)


def first_look() -> FirstLook:
    """Return the weights that come with the program."""
    source = resources.files("auditbot.check.please_read") / "weights.npz"
    with resources.as_file(source) as path, np.load(path, allow_pickle=False) as data:
        arrays = {name: data[name].astype(np.float64) for name in ("rarity", "weights", "bias", "gates")}
        return FirstLook(tuple(str(data["words"]).split("\n")), **arrays)
