"""Fits the weights of the "please read" rules to labelled examples: ridge logistic regression, NumPy alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditbot.check.please_read import model
from auditbot.check.please_read.model import RULES, Heads, Reading, Vector, sentence_model
from auditbot.check.please_read.rules import MEANING_WEIGHT, sentences

STRENGTH = 1.0
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Label:
    rule: str
    severity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    id: str
    kind: str
    author_role: str
    text: str
    labels: tuple[Label, ...]
    split: str = ""
    round: int = 1
    """1: written before any corpus was read; 2: written after its first misses had been read."""


@dataclass(frozen=True, slots=True)
class Instance:
    reading: Reading
    target: Vector
    meaning: Vector


def instances(examples: Sequence[Example]) -> list[Instance]:
    """Whole texts; where only part of a text is labelled, also that part and the rest, apart."""
    made = []
    for example in examples:
        target = np.array([any(x.rule == rule for x in example.labels) for rule in RULES], dtype=float)
        made.append(_instance(example, example.text, target))
        if len({(x.start, x.end) for x in example.labels}) == 1:
            start, end = example.labels[0].start, example.labels[0].end
            rest = (example.text[:start] + example.text[end:]).strip()
            if len(rest) > 15:
                made.append(_instance(example, example.text[start:end], target))
                made.append(_instance(example, rest, np.zeros(len(RULES))))
    return made


def _instance(example: Example, text: str, target: Vector) -> Instance:
    cues = model.cues()
    counts = np.sum([cues.count(model.plain(text[s.start : s.end])) for s in sentences(text)], axis=0)
    reading = Reading(model.plain(text), counts, example.kind, example.author_role)
    return Instance(reading, target, sentence_model().embed(reading.text) * MEANING_WEIGHT)


def fit(train: Sequence[Instance], thresholds: Vector) -> Heads:
    """Return weights fitted to the instances."""
    seen = Counter(word for x in train for word in set(model.words(x.reading.text)))
    vocabulary = tuple(sorted(word for word, n in seen.items() if n >= FEWEST))
    rarity = np.array([np.log((1 + len(train)) / (1 + seen[word])) + 1 for word in vocabulary])
    index = {word: position for position, word in enumerate(vocabulary)}
    surface = np.array([x.reading.surface(index, rarity) for x in train])
    full = np.hstack([surface, np.array([x.meaning for x in train])])
    targets = np.array([x.target for x in train])
    cheap, cheap_bias = _fit_all(surface, targets)
    weights, bias = _fit_all(full, targets)
    return Heads(vocabulary, rarity, cheap, cheap_bias, weights, bias, thresholds)


def _fit_all(rows: Vector, targets: Vector) -> tuple[Vector, Vector]:
    kernel = rows @ rows.T
    weights, biases = [], []
    for column in targets.T:
        dual, bias = _fit_one(kernel, column)
        weights.append(rows.T @ dual)
        biases.append(bias)
    return np.array(weights), np.array(biases)


def _fit_one(kernel: Vector, target: Vector) -> tuple[Vector, float]:
    """Newton's method in the space of examples; rare and common answers weigh the same; the bias is not shrunk."""
    n = len(target)
    importance = STRENGTH * np.where(target > 0, n / (2 * target.sum()), n / (2 * (n - target.sum())))
    dual, bias = np.zeros(n), 0.0
    for _ in range(25):
        score = kernel @ dual + bias
        p = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        curve = importance * np.maximum(p * (1 - p), 1e-5)
        wanted = score + importance * (target - p) / curve
        system = np.block([[kernel + np.diag(1 / curve), np.ones((n, 1))], [np.ones((1, n)), np.zeros((1, 1))]])
        solution = np.linalg.solve(system, np.append(wanted, 0.0))
        change = float(np.max(np.abs(solution[:n] - dual)))
        dual, bias = solution[:n], float(solution[n])
        if change < 1e-6:
            break
    return dual, bias
