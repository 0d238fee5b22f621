"""Learns how much each sign says of whose name a full name is: python -m tests.bench.meaning.whose_names [--write]

The signs are weighed by the texts of the authors, in which the names of children are marked; how much the language
model's own word counts beside them by two schools that it did not learn from (``tests/bench/text/unseen``, l and m).
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

import auditbot
from auditbot.check.meaning.tagged import scores_of
from auditbot.check.surnames.roster import PupilName, Roster
from auditbot.check.surnames.text import cut, fold, lower
from auditbot.check.surnames.unlisted import full_names, named
from auditbot.check.surnames.whose_name import signs_of
from tests.bench.meaning.lessons import Lesson, Marked, of_authors, of_schools

WEIGHTS = Path(auditbot.__file__).parent / "data" / "words" / "whose_name_weights.toml"
UNSEEN = Path(__file__).parents[1] / "text" / "unseen"
READ = ("school_l", "school_m")
NARROW = 3.0
"""How narrow the weights are held: the precision of each around 0."""
BESIDE_SCORE = 0.3
"""The same of the three weights of the second step."""
ROUNDS = 30
Numbers = npt.NDArray[np.float64]
Row = tuple[Mapping[str, float], bool]
NOBODY = Roster((), ())


def rows_of(lesson: Lesson, roster: Roster = NOBODY) -> Iterator[Row]:
    """Yield the signs of each full name of a text whose place the author judged, and whether it is a child's."""
    folded = fold(lesson.text)
    words = cut(folded.text, lower(folded.text), frozenset(), all_compound=False)
    found = list(full_names(words, roster, (), small=False))
    places = [folded.original_span(words.starts[first], words.ends[last]) for first, _, last in found]
    scores = scores_of(lesson.text, "child", places) if found else []
    names = [named(words, name, score) for name, score in zip(found, scores, strict=True)]
    for place, signs in zip(places, signs_of(words.text, names), strict=True):
        yield signs, any(mark.start < place[1] and place[0] < mark.end for mark in lesson.marks if mark.what == "child")


def of_read_schools() -> Iterator[Row]:
    """Yield the same of the two schools; surnames of listed pupils are children's too."""
    for folder in (UNSEEN / name for name in READ):
        with (folder / "pupils.csv").open(encoding="utf-8", newline="") as table:
            pupils = [_pupil(row) for row in csv.DictReader(table)]
        for line in (folder / "posts.jsonl").read_text("utf-8").splitlines():
            post = json.loads(line)
            marks = []
            for label in post["labels"]:
                start, end = label["span"] if isinstance(label["span"], list) else (label["start"], label["end"])
                if label["rule"] in ("surname", "unlisted", "unlisted_child", "child"):
                    marks.append(Marked("child", start, end))
            yield from rows_of(Lesson(folder.name, post["text"], True, post["kind"], tuple(marks)), Roster(pupils, ()))


def _pupil(row: Mapping[str, str]) -> PupilName:
    return PupilName(row["pupil_id"], (row["forename"],), (row["surname"],), row["year_group"], row["class_name"])


def fitted(table: Numbers, right: Numbers, narrow: float) -> Numbers:
    """Return the weights of a logistic regression, the first column's not held narrow, by Newton's method."""
    weights, held = np.zeros(table.shape[1]), np.full(table.shape[1], narrow)
    held[0] = 1e-3
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (chance - right) + held * weights
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + np.diag(held)
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def table_of(rows: Sequence[Row], signs: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Return the signs as numbers, a first column of ones before them, and who is a child."""
    table = np.array([[1.0, *(row[sign] for sign in signs)] for row, _ in rows])
    return table, np.array([float(child) for _, child in rows])


def learned() -> dict[str, float]:
    """Return the weight of each sign."""
    rows = [row for one in (*of_authors(), *of_schools()) if "child" in one.tags for row in rows_of(one)]
    signs = sorted(set(rows[0][0]) - {"score"})
    table, right = table_of(rows, signs)
    weights = fitted(table, right, NARROW)
    read = list(of_read_schools())
    table, right = table_of(read, signs)
    score = np.array([row["score"] for row, _ in read])
    base, of_score, of_signs = fitted(np.c_[np.ones(len(read)), score, table @ weights], right, BESIDE_SCORE)
    print(f"{len(rows)} names of authors, {len(read)} of schools: score × {of_score:.2f}, signs × {of_signs:.2f}")
    weighed = {sign: float(of_signs * weight) for sign, weight in zip(signs, weights[1:], strict=True)}
    return {"base": float(base + of_signs * weights[0]), "score": float(of_score), **weighed}


def main() -> None:
    """Print the weights, and write them if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines = [f'"{sign}" = {weight:.2f}' for sign, weight in learned().items() if abs(weight) >= 0.005]
    if options.write:
        head = "# Log-odds that a full name is a child's, written by tests/bench/meaning/whose_names.py.\n\n"
        WEIGHTS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
