"""Precision, recall and F1 of the "please read" rules, rule by rule; and the training of their weights.

python -m tests.bench.please_read.bench                   # cross-validation and the held-out examples
python -m tests.bench.please_read.bench --corpus FILE     # a corpus that no weights were fitted to
python -m tests.bench.please_read.bench --write           # fit to all examples and write the shipped weights
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from auditbot.check.please_read import model
from auditbot.check.please_read.model import RULES, Heads, Vector, load_heads, probability
from auditbot.check.please_read.rules import PleaseReadRules
from tests.bench.please_read.data import OWN, load
from tests.bench.please_read.training import Example, Instance, fit, instances

WEIGHTS = Path(model.__file__).with_name("weights.npz")
FOLDS = 5
WANTED_PRECISION = 0.82


def fold_of(example: Example) -> int:
    return int(hashlib.sha256(example.text.encode()).hexdigest(), 16) % FOLDS


def cross_validated(examples: Sequence[Example], made: Sequence[list[Instance]], surface_only: bool = False) -> Vector:
    """Probabilities of each example (rows) and rule, from weights that never saw the example."""
    found = np.zeros((len(examples), len(RULES)))
    for fold in range(FOLDS):
        heads = fit([x for e, m in zip(examples, made, strict=True) if fold_of(e) != fold for x in m], np.ones(8))
        index = {word: i for i, word in enumerate(heads.words)}
        for row, (example, mine) in enumerate(zip(examples, made, strict=True)):
            if fold_of(example) == fold:
                surface = mine[0].reading.surface(index, heads.rarity)
                if surface_only:
                    found[row] = probability(heads.surface, heads.surface_bias, surface)
                else:
                    both = np.concatenate([surface, mine[0].meaning])
                    found[row] = probability(heads.full, heads.full_bias, both)
    return found


def choose_thresholds(truth: Vector, found: Vector) -> Vector:
    """The threshold with the best F1 among those of the wanted precision, per rule."""
    chosen = []
    for rule in range(len(RULES)):
        options = []
        for threshold in np.linspace(0.3, 0.9, 61):
            said = found[:, rule] >= threshold
            right = float(np.sum(said & (truth[:, rule] > 0)))
            precision = right / max(said.sum(), 1)
            f1 = 2 * right / max(said.sum() + truth[:, rule].sum(), 1)
            options.append((min(precision, WANTED_PRECISION), f1, threshold))
        chosen.append(max(options)[2])
    return np.array(chosen)


def truth_of(examples: Sequence[Example]) -> Vector:
    return np.array([[any(x.rule == rule for x in e.labels) for rule in RULES] for e in examples], dtype=float)


def table(title: str, truth: Vector, said: Vector, ordinary: Vector) -> None:
    print(f"\n{title}: {len(truth)} texts\n  {'rule':<27} {'P':>6} {'R':>6} {'F1':>6}   found  right/said")
    f1s = []
    for number, rule in enumerate(RULES):
        right = int(np.sum((said[:, number] > 0) & (truth[:, number] > 0)))
        spoke, labelled = int(said[:, number].sum()), int(truth[:, number].sum())
        precision, recall = right / max(spoke, 1), right / max(labelled, 1)
        f1s.append(2 * right / max(spoke + labelled, 1))
        print(
            f"  {rule:<27} {100 * precision:6.1f} {100 * recall:6.1f} {100 * f1s[-1]:6.1f}"
            f"   {right}/{labelled}  {right}/{spoke}"
        )
    flagged = int(np.sum(np.any(said > 0, axis=1) & (ordinary > 0)))
    print(f"  macro F1 {100 * float(np.mean(f1s)):.1f}; ordinary texts flagged {flagged}/{int(ordinary.sum())}")


def said_by(rules: PleaseReadRules, examples: Sequence[Example], report: Callable[[Example, str, str], None]) -> Vector:
    """What the product says of each example, at post level; report misses and false alarms."""
    said = np.zeros((len(examples), len(RULES)))
    for row, example in enumerate(examples):
        for finding in rules.find(example.text, kind=example.kind, author_role=example.author_role):
            if finding.rule in RULES:
                said[row, RULES.index(finding.rule)] = 1
        wanted = {x.rule for x in example.labels}
        for number, rule in enumerate(RULES):
            if said[row, number] and rule not in wanted:
                report(example, "false alarm", rule)
            if rule in wanted and not said[row, number]:
                report(example, "missed", rule)
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="labelled JSON Lines that the weights have not seen")
    parser.add_argument("--write", action="store_true", help="write the shipped weights")
    parser.add_argument("--quick", action="store_true", help="skip cross-validation")
    parser.add_argument("--errors", action="store_true", help="print each miss and false alarm")
    options = parser.parse_args()

    def report(example: Example, what: str, rule: str) -> None:
        if options.errors:
            print(f"  {what:<11} {rule:<25} {example.id} {example.text[:150]!r}")

    if not options.quick:
        _own(options.write, report)
    if options.corpus:
        corpus = load(options.corpus)
        truth = truth_of(corpus)
        first = [e for e in load(OWN) if e.round == 1]
        for title, heads in (
            ("fitted to examples written before any of it was read", fitted(first)),
            ("shipped weights", load_heads()),
        ):
            print(f"\n{title}")
            said = said_by(PleaseReadRules(heads), corpus, report)
            table(options.corpus.name, truth, said, truth.sum(axis=1) == 0)


def fitted(examples: Sequence[Example]) -> Heads:
    """Weights fitted to the examples, with thresholds chosen by cross-validation on them alone."""
    made = [instances([e]) for e in examples]
    thresholds = choose_thresholds(truth_of(examples), cross_validated(examples, made))
    return fit([x for m in made for x in m], thresholds)


def _own(write: bool, report: Callable[[Example, str, str], None]) -> None:
    examples = load(OWN)
    made = [instances([e]) for e in examples]
    truth = truth_of(examples)
    ordinary = truth.sum(axis=1) == 0
    learned = [i for i, e in enumerate(examples) if e.split == "dev"]
    kept = [e for e in examples if e.split == "held_out"]
    if not write:
        said = said_by(PleaseReadRules(fitted([examples[i] for i in learned])), kept, report)
        own_truth = truth_of(kept)
        table("own held-out examples, fitted to the others", own_truth, said, own_truth.sum(axis=1) == 0)
    for name, cheap in (("words and cues alone", True), ("with the sentence model", False)):
        found = cross_validated(examples, made, cheap)
        thresholds = choose_thresholds(truth, found)
        table(f"{FOLDS}-fold cross-validation, {name}", truth, found >= thresholds, ordinary)
    if write:
        fit([x for m in made for x in m], thresholds).save(WEIGHTS)
        print(f"\nwrote {WEIGHTS.name}, thresholds {dict(zip(RULES, np.round(thresholds, 2).tolist(), strict=True))}")


if __name__ == "__main__":
    main()
