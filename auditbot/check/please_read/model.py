"""What is counted in a sentence, and the trained weights: one score a head (``ORIGIN.md`` says where from)."""

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

Vector = npt.NDArray[np.float64]
Meanings = npt.NDArray[np.float32]
"""Sentences by meaning, one a row. Read through for every sentence: half as wide is twice as quick."""

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
    seen = Counter(index[word] for word in found if word in index)
    if seen:
        places = list(seen)
        heavy = (1 + np.log(list(seen.values()))) * rarity[places]
        vector[places] = heavy * (WORD_WEIGHT / float(np.linalg.norm(heavy)))
    return vector


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
THREAT = "threat"
HEADS = (*RULES, THREAT)
"""What has weights of its own: every rule, and threats, which are told as bullying."""
SPEAKERS = ("school", "people")
"""Whose words: the school's own pages, posts and papers; or staff, parents and strangers under their own name."""
MEANING_WEIGHT = 2.0
"""Scale of the meaning beside the other features; the weights were trained with it."""
NEARNESS_WEIGHT = 5.0
"""Weight of being nearer to sentences that should be read than to ordinary ones."""
LEVEL_WEIGHT, LEVEL = 0.4, -6.0
"""How far a long text's own mean first look is taken off its sentences, and from where (real_prose, 2026-11-29)."""
_NEAREST, _NEAREST_ORDINARY = 3, 10
_SCALE = 127


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
class Heads:
    """Weights of all heads. Columns: cues, style, role, words, then (in ``full`` alone) the 384 of the meaning."""

    words: tuple[str, ...]
    """The common words that have a weight."""
    rarity: Vector
    """Weight of each of these words before training: rarer in the examples, larger."""
    first: Vector
    """Heads × surface features: a first, cheap look."""
    first_bias: Vector
    """One a head."""
    full: Vector
    """Heads × (surface features + meaning)."""
    full_bias: Vector
    """One a head."""
    thresholds: Vector
    """Speakers × heads: the score from which a head speaks."""
    gates: Vector
    """Speakers × heads: the first look under which nothing is read further."""
    known: Meanings
    """Meanings of sentences that should be read, one a row."""
    known_of: Vector
    """Heads × rows of ``known``: 1 where the sentence is one of the head's."""
    ordinary: Meanings
    """Meanings of ordinary sentences, one a row."""
    nearness: Vector
    """Weight of being nearer to sentences that should be read than to ordinary ones; one a head, or one for all."""

    def look(self, features: Vector) -> Vector:
        """Return the first look at sentences (rows of surface features): sentences × heads, as log-odds."""
        return np.asarray(features @ self.first.T + self.first_bias)

    def scores(self, features: Vector, meanings: Vector) -> Vector:
        """Return the scores of sentences by surface features and meanings (rows): sentences × heads."""
        both = np.hstack([features, meanings * MEANING_WEIGHT])
        return np.asarray(both @ self.full.T + self.full_bias + self.nearness * nearness(meanings, self))

    def save(self, path: Path) -> None:
        """Write the weights as a NumPy archive without pickles; meanings as whole numbers of eight bits."""
        small = {name: np.round(getattr(self, name) * _SCALE).astype(np.int8) for name in _MEANINGS}
        arrays = {name: getattr(self, name).astype(np.float16) for name in _WEIGHTS}
        exact = {name: getattr(self, name).astype(np.float32) for name in _NUMBERS}
        marks = self.known_of.astype(np.int8)
        np.savez_compressed(path, words=np.array("\n".join(self.words)), known_of=marks, **small, **arrays, **exact)


_MEANINGS = ("known", "ordinary")
_WEIGHTS = ("rarity", "first", "full")
_NUMBERS = ("first_bias", "full_bias", "thresholds", "gates")


def mean_of_highest(likeness: Vector, count: int) -> Vector:
    """Return for each row the mean of its highest numbers."""
    count = min(count, likeness.shape[1])
    return np.asarray(np.partition(likeness, -count, axis=1)[:, -count:].mean(axis=1))


def nearness(meanings: Vector, heads: Heads) -> Vector:
    """Return how much nearer each sentence is to three of a head's examples than to ten ordinary sentences."""
    meanings = meanings.astype(heads.known.dtype)
    usual = mean_of_highest(meanings @ heads.ordinary.T, _NEAREST_ORDINARY)
    alike = meanings @ heads.known.T
    each = [mean_of_highest(alike[:, own > 0], _NEAREST) for own in heads.known_of]
    return np.stack(each, axis=1) - usual[:, None]


NEARNESS = np.array([NEARNESS_WEIGHT])
"""The same for all heads of these rules."""


def shipped_heads() -> Heads:
    """Return the weights of these rules that come with the program."""
    source = resources.files("auditbot.check.please_read") / "weights.npz"
    with resources.as_file(source) as path:
        return load_heads(path, NEARNESS)


def load_heads(source: Path, weight_of_nearness: Vector) -> Heads:
    """Read weights that :meth:`Heads.save` wrote."""
    with np.load(source, allow_pickle=False) as data:
        arrays = {name: data[name].astype(np.float64) for name in (*_WEIGHTS, *_NUMBERS)}
        meanings = {name: data[name].astype(np.float32) / np.float32(_SCALE) for name in _MEANINGS}
        words_known = tuple(str(data["words"]).split("\n"))
        known_of = data["known_of"].astype(np.float64)
        return Heads(words_known, known_of=known_of, nearness=weight_of_nearness, **arrays, **meanings)
