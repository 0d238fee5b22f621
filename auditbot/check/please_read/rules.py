"""Finds sentences that somebody should read. It quotes them, ranks them and accuses nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from auditbot.check.please_read import features
from auditbot.check.please_read.embedding import SentenceModel, sentence_model
from auditbot.check.please_read.features import Vector
from auditbot.check.please_read.heads import RULES, Heads, Reading, load_heads, probability
from auditbot.check.please_read.reasons import reason
from auditbot.check.please_read.sentences import Sentence, runs, sentences

MEANING_WEIGHT = 2.0
"""Scale of the meaning beside the other features; the weights were trained with it."""
_GATE = 0.3
"""A run in which the cheap look gives every rule less than this share of its threshold is not read further."""
_UNREAD_KINDS = frozenset({"filename", "address", "author", "byline"})
_NEIGHBOUR = 0.5
"""A sentence belongs to the quotation if alone it reaches this share of the threshold."""


@dataclass(frozen=True, slots=True)
class PleaseRead:
    """Sentences that somebody should read, under one rule of the policy."""

    rule: str
    """The rule, for example "complaint"."""
    start: int
    """First character of the quoted sentences, in code points."""
    end: int
    """One past the last character."""
    band: Literal["review"]
    """Always review: a person decides."""
    score: float
    """0.5 at the threshold to 1; comparable between rules, the worst first."""
    reason: str
    """One calm sentence on what kind of words were seen."""


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: int
    first: int
    last: int
    score: float


class PleaseReadRules:
    """Loads the sentence model and the weights once; raises LanguageModelMissing if the model is not installed."""

    def __init__(self, heads: Heads | None = None, model: SentenceModel | None = None) -> None:
        self._heads = heads or load_heads()
        self._model = model or sentence_model()
        self._index = {word: position for position, word in enumerate(self._heads.words)}

    def find(self, text: str, *, kind: str = "post", author_role: str = "school") -> list[PleaseRead]:
        """Return what should be read, highest score first; at most one finding a rule and quotation."""
        if kind in _UNREAD_KINDS:
            return []
        parts = sentences(text)
        hits, counts = self._hits(text, parts, kind, author_role)
        found = []
        for hit in _joined(hits):
            seen = np.sum(counts[hit.first : hit.last], axis=0)
            why = reason(RULES[hit.rule], self._heads.full[hit.rule], seen)
            start, end = parts[hit.first].start, parts[hit.last - 1].end
            found.append(PleaseRead(RULES[hit.rule], start, end, "review", round(hit.score, 3), why))
        return sorted(found, key=lambda f: (-f.score, RULES.index(f.rule), f.start))

    def scores(self, text: str, *, kind: str = "post", author_role: str = "school") -> Vector:
        """Return the highest probability of each rule over all runs, in the order of ``RULES``; for measuring."""
        parts = sentences(text)
        counts = [features.cues().count(features.plain(text[p.start : p.end])) for p in parts]
        best = np.zeros(len(RULES))
        for first, last in runs(len(parts)):
            reading = _reading(text, parts[first:last], counts[first:last], kind, author_role)
            best = np.maximum(best, self._probabilities(reading, 0.0))
        return best

    def _hits(self, text: str, parts: list[Sentence], kind: str, author_role: str) -> tuple[list[_Hit], list[Vector]]:
        counts = [features.cues().count(features.plain(text[p.start : p.end])) for p in parts]
        alone = np.zeros((len(parts), len(RULES)))
        hits = []
        for first, last in runs(len(parts)):
            reading = _reading(text, parts[first:last], counts[first:last], kind, author_role)
            found = self._probabilities(reading, _GATE)
            if last - first == 1:
                alone[first] = found
            for rule in np.flatnonzero(found >= self._heads.thresholds):
                threshold = float(self._heads.thresholds[rule])
                score = 0.5 + 0.5 * (float(found[rule]) - threshold) / (1 - threshold)
                near = [i for i in range(first, last) if alone[i, rule] >= _NEIGHBOUR * threshold]
                span = (near[0], near[-1] + 1) if near else (first, last)
                hits.append(_Hit(int(rule), *span, score))
        return hits, counts

    def _probabilities(self, reading: Reading, gate: float) -> Vector:
        heads = self._heads
        surface = reading.surface(self._index, heads.rarity)
        first_look = probability(heads.surface, heads.surface_bias, surface)
        if not np.any(first_look >= gate * heads.thresholds):
            return np.zeros(len(RULES))
        meaning = self._model.embed(reading.text) * MEANING_WEIGHT
        return _possible(
            probability(heads.full, heads.full_bias, np.concatenate([surface, meaning])), reading.author_role
        )


def _possible(found: Vector, author_role: str) -> Vector:
    """A parent or stranger writing to a child is not the school's account doing so."""
    if author_role not in {"school", "staff"}:
        found[RULES.index("direct_contact_with_pupil")] = 0
    return found


def _reading(text: str, parts: list[Sentence], counts: list[Vector], kind: str, author_role: str) -> Reading:
    run = features.plain(text[parts[0].start : parts[-1].end])
    return Reading(run, np.sum(counts, axis=0), kind, author_role)


def _joined(hits: Iterable[_Hit]) -> list[_Hit]:
    """Join hits of one rule that overlap or touch."""
    joined: list[_Hit] = []
    for hit in sorted(hits, key=lambda h: (h.rule, h.first, h.last)):
        before = joined[-1] if joined else None
        if before is not None and before.rule == hit.rule and hit.first <= before.last:
            last, score = max(before.last, hit.last), max(before.score, hit.score)
            joined[-1] = _Hit(hit.rule, before.first, last, score)
        else:
            joined.append(hit)
    return joined
