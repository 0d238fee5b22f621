"""Fits the two heads for what staff and school accounts write: python -m tests.bench.please_read.staff_training

Learned from ``staff_examples.jsonl`` and, as ordinary, from the sentences of the made-up schools' posts without other
labels and of the openly licensed prose of ``training.py``. A head's score is made of words, style and meaning, and of
how much nearer a sentence is to three examples than to ten ordinary ones. Its threshold, in five-fold
cross-validation, lets few ordinary sentences through and is right of so many examples as ``PRECISION`` says. A first
look at words and style lets few sentences on to the sentence model.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from auditbot.check.please_read.conduct import HEADS, KIND, NEARNESS, ROLE, WEIGHTS
from auditbot.check.please_read.model import MEANING_WEIGHT, Heads, Vector
from auditbot.check.prose import sentences
from tests.bench.please_read.real_prose import DATA
from tests.bench.please_read.training import Floats, Surface, Vectors, background, by_newton, precise, vocabulary

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "data" / "corpus"
OF_POSITIVES, STRENGTH, FOLDS = 4.0, 3.0, 5
LET_THROUGH = {"conduct": 0.008, "personal_use": 0.011}
"""The share of ordinary sentences that a head may tell of in cross-validation."""
PRECISION = {"conduct": 0.77, "personal_use": 0.7}
"""Wanted of each head on the written examples and near misses, in cross-validation."""
OF_PROSE, KEPT = 1500, 1500
"""Sentences of prose learned from, and ordinary meanings that are shipped: those nearest to the examples."""
MISSED = 0.06
"""Share of what a head would tell that the first look may lose."""
Marks = npt.NDArray[np.bool_]


def main() -> None:
    """Fit, set the thresholds, and write the weights."""
    examples = [json.loads(line) for line in (HERE / "staff_examples.jsonl").read_text("utf-8").splitlines()]
    ordinary = _ordinary()
    texts = [*(one["text"] for one in examples), *ordinary]
    written = np.arange(len(texts)) < len(examples)
    of_examples = [[float(one["rule"] == head) for head in HEADS] for one in examples]
    targets = np.array(of_examples + [[0.0] * len(HEADS)] * len(ordinary), dtype=np.float32)
    words, rarity = vocabulary(texts)
    surface = Surface(words, rarity).of([(text, KIND, ROLE) for text in texts])
    meaning = Vectors().of(texts)
    everything = np.ones(len(texts), dtype=bool)
    print(f"{len(examples)} examples, {len(ordinary)} ordinary sentences, {len(words)} words")
    looks, scores = _seen(texts, lambda: _cross_validated(words, rarity, surface, meaning, targets))
    thresholds, gates = _limits(looks, scores, targets, written)
    heads = _heads_of(words, rarity, surface, meaning, targets, everything)
    replace(heads, thresholds=thresholds, gates=gates).save(WEIGHTS)
    print("sha256", hashlib.sha256(WEIGHTS.read_bytes()).hexdigest())


def _ordinary() -> list[str]:
    """Sentences of the made-up schools' posts in which nothing is to be read, and of ordinary prose; each once."""
    posts = [
        json.loads(line)
        for path in (*sorted(CORPUS.glob("*/posts.jsonl")), HERE / "examples.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    own = [
        " ".join(post["text"][part.start : part.end].split())
        for post in posts
        if post["author_role"] in ("school", "staff")
        and post["kind"] in ("post", "newsletter")
        and all(label["rule"] == "surname" for label in post["labels"])
        for part in sentences(post["text"])
    ]
    prose = [one.text for one in background()]
    random.Random(3).shuffle(prose)
    return list(dict.fromkeys(one for one in own + prose[:OF_PROSE] if len(one.split()) > 2))


def _heads_of(
    words: tuple[str, ...], rarity: Vector, surface: Floats, meaning: Floats, targets: Floats, rows: Marks
) -> Heads:
    """Weights fitted to some of the texts; thresholds and gates are still to be set."""
    first, first_bias = _fit(surface[rows], targets[rows])
    full, full_bias = _fit(np.hstack([surface[rows], meaning[rows] * np.float32(MEANING_WEIGHT)]), targets[rows])
    told = targets.any(axis=1)
    known, usual = meaning[rows & told], meaning[rows & ~told]
    alike = np.max(usual @ known.T, axis=1)
    ordinary = usual[np.argsort(-alike, kind="stable")[:KEPT]]
    blank, known_of = np.zeros((1, len(HEADS))), targets[rows & told].T.astype(np.float64)
    return Heads(words, rarity, first, first_bias, full, full_bias, blank, blank, known, known_of, ordinary, NEARNESS)


def _cross_validated(
    words: tuple[str, ...], rarity: Vector, surface: Floats, meaning: Floats, targets: Floats
) -> tuple[Vector, Vector]:
    """First looks and scores of every text by heads that never saw it."""
    folds = np.random.RandomState(0).randint(0, FOLDS, len(surface))
    looks, scores = np.zeros(targets.shape), np.zeros(targets.shape)
    for fold in range(FOLDS):
        mine = folds == fold
        heads = _heads_of(words, rarity, surface, meaning, targets, ~mine)
        looks[mine] = heads.look(surface[mine].astype(np.float64))
        scores[mine] = heads.scores(surface[mine].astype(np.float64), meaning[mine].astype(np.float64))
    return looks, scores


def _seen(texts: Sequence[str], made: Callable[[], tuple[Vector, Vector]]) -> tuple[Vector, Vector]:
    """Cross-validated looks and scores, kept between runs as long as the texts are the same."""
    kept = DATA / f"staff_{hashlib.sha256(chr(10).join(texts).encode()).hexdigest()[:16]}.npz"
    if not kept.is_file():
        looks, scores = made()
        np.savez(kept, looks=looks, scores=scores)
    with np.load(kept) as data:
        return data["looks"], data["scores"]


def _limits(looks: Vector, scores: Vector, targets: Floats, written: Marks) -> tuple[Vector, Vector]:
    """Thresholds and gates, one a head."""
    thresholds, gates = np.zeros((1, len(HEADS))), np.zeros((1, len(HEADS)))
    passed = np.zeros(len(scores), dtype=bool)
    for number, head in enumerate(HEADS):
        right = targets[:, number] > 0
        highest = np.sort(scores[~written, number])[::-1]
        budget = float(highest[int(len(highest) * LET_THROUGH[head])])
        certain = precise(scores[written, number], right[written], PRECISION[head])
        thresholds[0, number] = max(budget, certain)
        loud = scores[:, number] > thresholds[0, number]
        gates[0, number] = np.quantile(looks[loud & right, number], MISSED)
        passed |= looks[:, number] >= gates[0, number]
        found = float(np.mean(loud[right]))
        near = int(np.sum(loud & written & ~targets.any(axis=1)))
        print(f"{head:<13} by budget {budget:.2f}, by precision {certain:.2f}; found {found:.2f}, near misses {near}")
    print(f"let on to the sentence model: {np.mean(passed[~written]):.3f} of ordinary sentences")
    return thresholds, gates


def _fit(rows: Floats, targets: Floats) -> tuple[Vector, Vector]:
    """Ridge logistic regression of all heads by Newton's steps."""
    share = np.where(targets > 0, OF_POSITIVES, 1.0).astype(np.float32)
    weights, bias = by_newton(rows, targets, share, STRENGTH, steps=7)
    return weights.astype(np.float64), bias.astype(np.float64)


if __name__ == "__main__":
    main()
