"""Print the tables: python -m tests.bench.exposure [--only grades hidden] [--people 300]"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from auditbot.examine.faces.detail import detail_width
from auditbot.examine.faces.engines import DefaultEngine
from auditbot.examine.faces.faces import DetectedFace, Pixels, Vectors, measure_quality
from auditbot.examine.hide import destroy
from auditbot.exposure.grades import MEASURED, ORDER, Grade, grade_of
from tests.bench.exposure.matchers import embedder, matchers, similarity
from tests.bench.exposure.people import Shot, compressed, degraded, intervals, mosaic_reduced, shots
from tests.bench.faces.lfw import FOLDER


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=("grades", "hidden"), default=("grades", "hidden"))
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--cells", type=int, nargs="*", default=[8], help="mosaics to look at as well")
    options = parser.parse_args()
    if not FOLDER.is_dir():
        print(f"Skipped: LFW is not in {FOLDER}; tests/bench/faces/lfw.py says where it is.")
        return
    gallery, others = shots(options.people)
    embed = embedder()
    names = ("strongest", *matchers())
    clean = np.stack([embed(shot.rgb, shot.face) for shot in gallery])
    if "grades" in options.only:
        _grades(gallery, others, clean, names)
    if "hidden" in options.only:
        _hidden(gallery, [shot for shot in others if shot.person >= 0], clean, names, options.cells)


def _grades(gallery: list[Shot], others: list[Shot], clean: Vectors, names: tuple[str, ...]) -> None:
    print("\n1. Grade by grade: found again at 1 % strangers, and first of the gallery (95 %: people drawn anew)")
    rng, embed, engine = np.random.default_rng(7), embedder(), DefaultEngine()
    probes = [degraded(shot, rng) for shot in others]
    rows = np.stack([embed(shot.rgb, shot.face) for shot in probes])
    people = np.array([shot.person for shot in probes])
    order = {shot.person: place for place, shot in enumerate(gallery)}
    grades, seen = [], []
    for shot in probes:
        found = _found(engine, shot)
        seen.append(found is not None)
        detail = detail_width(shot.rgb, found.box) if found else 0.0
        grades.append(_graded(shot, found, detail))
    known = people >= 0
    print(f"{known.sum()} probes of {len(gallery)} people, {(~known).sum()} strangers; {np.mean(seen):.2f} detected")
    for name in names:
        scores = similarity(rows, clean, name)
        bar = float(np.quantile(scores[~known].max(axis=1), 0.99))
        right = np.array([order.get(person, -1) for person in people])
        first = (scores.argmax(axis=1) == right) & known
        again = first & (scores.max(axis=1) >= bar)
        print(name)
        for grade in ORDER:
            here = known & np.array([one is grade for one in grades])
            if not here.any():
                continue
            low, high = intervals(again[here], people[here])
            print(
                f"  {grade.value:<20} n {here.sum():>4}  found again {again[here].mean():.3f} [{low:.2f}–{high:.2f}]"
                f"  first {first[here].mean():.3f}   said {MEASURED[grade].found_again:.2f}"
            )
        missed = known & ~np.array(seen)
        print(
            f"  {'of which undetected':<20} n {missed.sum():>4}  found again {again[missed].mean():.3f}"
            f"  first {first[missed].mean():.3f}"
        )


def _graded(shot: Shot, found: DetectedFace | None, detail: float) -> Grade:
    if found is None:
        return grade_of(detail, 0.0)
    return grade_of(detail, measure_quality(shot.rgb, found).turn, found.confidence)


def _found(engine: DefaultEngine, shot: Shot) -> DetectedFace | None:
    x, y, wide, high = shot.face.box
    middle = (x + wide / 2, y + high / 2)
    for face in engine.detect(shot.rgb):
        if (
            abs(face.box[0] + face.box[2] / 2 - middle[0]) < wide / 2
            and abs(face.box[1] + face.box[3] / 2 - middle[1]) < high / 2
        ):
            return face
    return None


def _hidden(gallery: list[Shot], probes: list[Shot], clean: Vectors, names: tuple[str, ...], cells: list[int]) -> None:
    print("\n2. Hidden faces: first, in the first ten, and AUC; asked for: top ten at most .05, AUC at most .55")
    ways: dict[str, Callable[[Shot], Pixels]] = {
        "one colour, as the product hides": lambda shot: compressed(destroy(shot.rgb, [shot.face.box]), 90)
    }
    ways |= {f"mosaic of {count}, reduced to its cells": partial(mosaic_reduced, cells=count) for count in cells}
    for title, hide in ways.items():
        _one_way(title, hide, gallery, probes, clean, names)


def _one_way(
    title: str,
    hide: Callable[[Shot], Pixels],
    gallery: list[Shot],
    probes: list[Shot],
    clean: Vectors,
    names: tuple[str, ...],
) -> None:
    embed = embedder()
    rows = np.stack([embed(hide(shot), shot.face) for shot in probes])
    alike = np.stack([embed(hide(shot), shot.face) for shot in gallery])
    order = {shot.person: place for place, shot in enumerate(gallery)}
    kept = np.array([shot.person in order for shot in probes])
    right = np.array([order.get(shot.person, 0) for shot in probes])
    print(
        f"{title}: {kept.sum()} probes, {len(gallery)} people; chance: first {1 / len(gallery):.4f}, "
        f"ten {10 / len(gallery):.3f}"
    )
    for against_title, against in (("clean gallery", clean), ("gallery hidden alike", alike)):
        for name in names:
            scores = similarity(rows, against, name)[kept]
            mine = scores[np.arange(len(scores)), right[kept]][:, None]
            # Whoever scores the same is as likely first: ties count half.
            rank = (scores > mine).sum(axis=1) + ((scores == mine).sum(axis=1) - 1) / 2
            auc = float(1 - rank.mean() / (scores.shape[1] - 1))
            print(
                f"  {against_title:<22}{name:<32}first {(rank < 1).mean():.4f}  ten {(rank < 10).mean():.3f}  "
                f"AUC {auc:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
