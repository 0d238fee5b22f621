"""Fits the two heads for what staff and school accounts write: python -m tests.bench.please_read.staff_training

Learned from ``staff_examples.jsonl`` and, as ordinary posts, from the made-up schools' posts without other labels and
the openly licensed prose of ``training.py``. A head's score is its log-odds plus ten times how much nearer a sentence
is to three examples than to ten ordinary sentences; the threshold lets so many ordinary posts through in five-fold
cross-validation as ``LET_THROUGH`` says. A first look at words alone lets few sentences on to the sentence model.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from auditbot.check.please_read import model
from auditbot.check.please_read.conduct import HEADS, NEARNESS_WEIGHT, SCALE, WEIGHTS, nearness
from tests.bench.please_read.training import Vectors, background, fit

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "data" / "corpus"
OF_POSITIVES, STRENGTH, FOLDS = 4.0, 3e-4, 5
LET_THROUGH = {"conduct": 0.003, "personal_use": 0.004}
"""The share of ordinary posts that a head may tell of in cross-validation."""
OF_PROSE, KEPT = 1500, 1500
"""Sentences of prose learned from, and ordinary meanings that are shipped: those nearest to the examples."""
MISSED = 0.04
"""Share of what a head would tell that the first look may lose."""
FEWEST = 2
"""Texts that hold a word, for it to have a weight in the first look."""
Matrix = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


def main() -> None:
    """Fit, set the thresholds, and write the weights."""
    examples = [json.loads(line) for line in (HERE / "staff_examples.jsonl").read_text("utf-8").splitlines()]
    ordinary = _ordinary()
    texts = [*(one["text"] for one in examples), *ordinary]
    meanings = Vectors().of(texts).astype(float)
    written = np.arange(len(meanings)) < len(examples)
    of_examples = [[float(one["rule"] == head) for head in HEADS] for one in examples]
    targets = np.array(of_examples + [[0.0] * len(HEADS)] * len(ordinary))
    scores = _cross_validated(meanings, targets)
    weights = [_fit(meanings, target) for target in targets.T]
    thresholds = []
    for number, head in enumerate(HEADS):
        highest = np.sort(scores[~written, number])[::-1]
        thresholds.append(float(highest[int(len(highest) * LET_THROUGH[head])]))
        found = float(np.mean(scores[targets[:, number] > 0, number] > thresholds[-1]))
        print(head, "threshold", round(thresholds[-1], 3), "found in cross-validation", round(found, 2))
    told: Marks = np.asarray(targets.any(axis=1))
    loud: Marks = np.asarray((scores > thresholds).any(axis=1))
    words, of_words, gate = _first_look(texts, told, loud)
    np.savez(
        WEIGHTS,
        weights=np.array([one[:-1] for one in weights], np.float32),
        bias=np.array([one[-1] for one in weights], np.float32),
        thresholds=np.array(thresholds, np.float32),
        known=np.round(meanings[told] * SCALE).astype(np.int8),
        known_of=targets[told].T.astype(np.int8),
        ordinary=np.round(_nearest(meanings, told) * SCALE).astype(np.int8),
        words=np.array("\n".join(words)),
        of_words=of_words.astype(np.float32),
        gate=np.float32(gate),
    )
    print("sha256", hashlib.sha256(WEIGHTS.read_bytes()).hexdigest())


def _ordinary() -> list[str]:
    posts = [
        json.loads(line)
        for path in (*sorted(CORPUS.glob("*/posts.jsonl")), HERE / "examples.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    own = [
        post["text"]
        for post in posts
        if post["author_role"] in ("school", "staff")
        and post["kind"] in ("post", "newsletter")
        and all(label["rule"] == "surname" for label in post["labels"])
    ]
    prose = [one.text for one in background()]
    random.Random(3).shuffle(prose)
    return own + prose[:OF_PROSE]


def _cross_validated(meanings: Matrix, targets: Matrix) -> Matrix:
    """Scores of every text by heads that never saw it."""
    folds = np.random.RandomState(0).randint(0, FOLDS, len(meanings))
    scores = np.zeros(targets.shape)
    for fold in range(FOLDS):
        seen, mine = folds != fold, folds == fold
        fitted = np.array([_fit(meanings[seen], target) for target in targets[seen].T])
        told = seen & targets.any(axis=1)
        near = nearness(meanings[mine], meanings[told], targets[told].T, _nearest(meanings[seen], told[seen]))
        scores[mine] = meanings[mine] @ fitted[:, :-1].T + fitted[:, -1] + NEARNESS_WEIGHT * near
    return scores


def _nearest(meanings: Matrix, told: Marks) -> Matrix:
    """The ordinary meanings that are nearest to what should be read."""
    usual = meanings[~told]
    alike = np.max(usual @ meanings[told].T, axis=1)
    return np.asarray(usual[np.argsort(-alike, kind="stable")[:KEPT]])


def _first_look(texts: Sequence[str], told: Marks, loud: Marks) -> tuple[list[str], Matrix, float]:
    """Weights of words, and the sum under which no sentence is read further."""
    split = [set(model.words(model.plain(text))) for text in texts]
    seen = Counter(word for own in split for word in own)
    words = sorted(word for word, count in seen.items() if count >= FEWEST)
    holds = np.array([[word in own for word in words] for own in split], dtype=np.float32)
    target = told.astype(np.float32)[:, None]
    folds = np.random.RandomState(1).randint(0, FOLDS, len(texts))
    looks = np.zeros(len(texts))
    for fold in range(FOLDS):
        weights, bias = fit(holds[folds != fold], target[folds != fold])
        looks[folds == fold] = holds[folds == fold] @ weights[0] + bias[0]
    gate = float(np.quantile(looks[told & loud], MISSED))
    print("let on to the sentence model", round(float(np.mean(looks[~told] >= gate)), 2), "of ordinary texts")
    weights, bias = fit(holds, target)
    return words, weights[0].astype(float), gate - float(bias[0])


def _fit(meanings: Matrix, target: Matrix) -> Matrix:
    """Ridge logistic regression by Newton's steps; the bias comes last."""
    inputs = np.c_[meanings, np.ones(len(meanings))]
    share = np.where(target > 0, OF_POSITIVES, 1.0)
    ridge = STRENGTH * len(inputs)
    weights = np.zeros(inputs.shape[1])
    for _ in range(9):
        likely = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (share * (likely - target)) + ridge * np.r_[weights[:-1], 0]
        curve = (inputs * (share * likely * (1 - likely))[:, None]).T @ inputs + ridge * np.eye(inputs.shape[1])
        weights = weights - np.linalg.solve(curve, slope)
    return weights


if __name__ == "__main__":
    main()
