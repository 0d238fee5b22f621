"""The trained weights: one logistic score a rule, from the features of a short run of sentences."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from auditbot.check.please_read import features
from auditbot.check.please_read.features import Vector

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
                features.cue_features(self.counts),
                features.style_features(self.text),
                features.role_features(self.kind, self.author_role),
                features.word_features(features.words(self.text), index, rarity),
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
