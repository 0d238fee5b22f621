"""Fits the two heads for what staff and school accounts write: python -m tests.bench.please_read.staff_training

Learned from ``staff_examples.jsonl`` and, as ordinary posts, from the made-up schools' posts without other labels. The
threshold of a head lets .3 % of those ordinary posts through in five-fold cross-validation.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from auditbot.check.please_read.conduct import HEADS, WEIGHTS
from auditbot.check.please_read.embedding import sentence_model

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "data" / "corpus"
OF_POSITIVES, STRENGTH, FOLDS, LET_THROUGH = 4.0, 3e-4, 5, 0.003
Matrix = npt.NDArray[np.float64]


def main() -> None:
    """Fit, set the thresholds, and write the weights."""
    examples = [json.loads(line) for line in (HERE / "staff_examples.jsonl").read_text("utf-8").splitlines()]
    ordinary = _ordinary()
    meanings = np.array(sentence_model().embed_all([*(one["text"] for one in examples), *ordinary]), dtype=float)
    folds = np.random.RandomState(0).randint(0, FOLDS, len(meanings))
    weights, thresholds = [], []
    for head in HEADS:
        target = np.array([float(one["rule"] == head) for one in examples] + [0.0] * len(ordinary))
        out_of_fold = np.zeros(len(meanings))
        for fold in range(FOLDS):
            fitted = _fit(meanings[folds != fold], target[folds != fold])
            out_of_fold[folds == fold] = meanings[folds == fold] @ fitted[:-1] + fitted[-1]
        weights.append(_fit(meanings, target))
        highest = np.sort(out_of_fold[len(examples) :])[::-1]
        thresholds.append(max(0.0, float(highest[int(len(highest) * LET_THROUGH)])))
        print(head, "threshold", round(thresholds[-1], 3))
    np.savez(
        WEIGHTS,
        weights=np.array([one[:-1] for one in weights], np.float32),
        bias=np.array([one[-1] for one in weights], np.float32),
        thresholds=np.array(thresholds, np.float32),
    )


def _ordinary() -> list[str]:
    posts = [
        json.loads(line)
        for path in (*sorted(CORPUS.glob("*/posts.jsonl")), HERE / "examples.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    return [
        post["text"]
        for post in posts
        if post["author_role"] in ("school", "staff")
        and post["kind"] in ("post", "newsletter")
        and all(label["rule"] == "surname" for label in post["labels"])
    ]


def _fit(meanings: Matrix, target: Matrix) -> Matrix:
    """Ridge logistic regression by Newton's steps; the bias comes last."""
    inputs = np.c_[meanings, np.ones(len(meanings))]
    share = np.where(target > 0, OF_POSITIVES, 1.0)
    ridge = STRENGTH * len(inputs)
    weights = np.zeros(inputs.shape[1])
    for _ in range(25):
        likely = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (share * (likely - target)) + ridge * np.r_[weights[:-1], 0]
        curve = (inputs * (share * likely * (1 - likely))[:, None]).T @ inputs + ridge * np.eye(inputs.shape[1])
        weights = weights - np.linalg.solve(curve, slope)
    return weights


if __name__ == "__main__":
    main()
