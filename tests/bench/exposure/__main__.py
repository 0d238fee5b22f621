"""Print the tables: python -m tests.bench.exposure [--only grades hidden] [--people 300]"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from auditbot.examine.faces.detail import detail_width
from auditbot.examine.faces.engines import DefaultEngine
from auditbot.examine.faces.faces import DetectedFace, Pixels, Vectors, measure_quality
from auditbot.examine.hide import destroy
from auditbot.exposure.grades import MEASURED, ORDER, Grade, grade_of
from tests.bench.exposure.matchers import embedder, matchers, similarity
from tests.bench.exposure.people import STRANGERS, Shot, compressed, degraded, intervals, mosaic_reduced, shots
from tests.bench.faces.lfw import FOLDER


@dataclass(frozen=True)
class Drawn:
    """One gallery and the photos held against it."""

    gallery: list[Shot]
    """One clean photo of each person."""
    others: list[Shot]
    """Other photos of them, and of strangers."""
    clean: Vectors
    """The gallery's rows."""

    @property
    def order(self) -> dict[int, int]:
        """At which place of the gallery a person stands."""
        return {shot.person: place for place, shot in enumerate(self.gallery)}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=("grades", "hidden"), default=("grades", "hidden"))
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--strangers", type=int, default=STRANGERS, help="in each draw")
    parser.add_argument("--draws", type=int, nargs="*", default=[0], help="0: people of three photos; 1, 2: others")
    parser.add_argument("--cells", type=int, nargs="*", default=[8], help="mosaics to look at as well")
    options = parser.parse_args()
    if not FOLDER.is_dir():
        print(f"Skipped: LFW is not in {FOLDER}; tests/bench/faces/lfw.py says where it is.")
        return
    embed, names = embedder(), ("strongest", *matchers())
    drawn = []
    for draw in options.draws:
        gallery, others = shots(options.people, strangers=options.strangers, draw=draw)
        drawn.append(Drawn(gallery, others, np.stack([embed(shot.rgb, shot.face) for shot in gallery])))
        print(f"draw {draw}: {len(gallery)} people, {len(others)} other photos", flush=True)
    if "grades" in options.only:
        _grades(drawn, names)
    if "hidden" in options.only:
        _hidden(drawn, names, options.cells)


def _grades(drawn: list[Drawn], names: tuple[str, ...]) -> None:
    print("\n1. Grade by grade: found again at 1 % strangers, and first of the gallery (95 %: people drawn anew)")
    rng, engine = np.random.default_rng(7), DefaultEngine()
    embed = embedder()
    grades: list[Grade] = []
    bare: list[Grade] = []
    seen: list[bool] = []
    people: list[int] = []
    hits: dict[str, list[tuple[bool, bool]]] = {name: [] for name in names}
    strange = [degraded(shot, rng) for one in drawn for shot in one.others if shot.person < 0]
    strangers = np.stack([embed(shot.rgb, shot.face) for shot in strange])
    for number, one in enumerate(drawn):
        probes = [degraded(shot, rng) for shot in one.others if shot.person >= 0]
        rows = np.stack([embed(shot.rgb, shot.face) for shot in probes])
        for shot in probes:
            found = _found(engine, shot)
            detail = detail_width(shot.rgb, found.box) if found else 0.0
            seen.append(found is not None)
            grades.append(_graded(shot, found, detail))
            bare.append(grade_of(detail, measure_quality(shot.rgb, found).turn if found else 0.0))
            people.append(number * len(one.gallery) + shot.person)
        right = np.array([one.order.get(shot.person, -1) for shot in probes])
        for name in names:
            scores = similarity(rows, one.clean, name)
            bar = float(np.quantile(similarity(strangers, one.clean, name).max(axis=1), 0.99))
            first = scores.argmax(axis=1) == right
            again = first & (scores.max(axis=1) >= bar)
            hits[name] += zip(again, first, strict=True)
    print(
        f"{len(people)} probes of {sum(len(one.gallery) for one in drawn)} people, {len(strange)} strangers; "
        f"{np.mean(seen):.2f} detected"
    )
    for title, graded in (("as graded", grades), ("without the detector's certainty", bare)):
        print(title)
        for name in names:
            _table(name, np.array(hits[name]), graded, np.array(people))
    missed = ~np.array(seen)
    for name in names:
        again_first = np.array(hits[name])[missed].mean(axis=0)
        print(f"undetected by {name}: n {missed.sum()}, found again {again_first[0]:.3f}, first {again_first[1]:.3f}")


def _table(name: str, hits: np.ndarray, grades: list[Grade], people: np.ndarray) -> None:
    print(name)
    for grade in ORDER:
        here = np.array([one is grade for one in grades])
        if not here.any():
            continue
        low, high = intervals(hits[here, 0], people[here])
        print(
            f"  {grade.value:<20} n {here.sum():>4}  found again {hits[here, 0].mean():.3f} [{low:.2f}–{high:.2f}]"
            f"  first {hits[here, 1].mean():.3f}   said {MEASURED[grade].found_again:.2f}",
            flush=True,
        )


def _graded(shot: Shot, found: DetectedFace | None, detail: float) -> Grade:
    """As the product grades: where somebody meant to hide a face, that the detector is unsure says nothing."""
    if found is None:
        return grade_of(detail, 0.0)
    quality = measure_quality(shot.rgb, found)
    return grade_of(detail, quality.turn, 1.0 if quality.cover else found.confidence)


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


def _hidden(drawn: list[Drawn], names: tuple[str, ...], cells: list[int]) -> None:
    print("\n2. Hidden faces: first, in the first ten, and AUC; asked for: top ten at most .05, AUC at most .55")
    ways: dict[str, Callable[[Shot], Pixels]] = {
        "one colour, as the product hides": lambda shot: compressed(destroy(shot.rgb, [shot.face.box]), 90)
    }
    ways |= {f"mosaic of {count}, reduced to its cells": partial(mosaic_reduced, cells=count) for count in cells}
    for title, hide in ways.items():
        _one_way(title, hide, drawn, names)


def _one_way(title: str, hide: Callable[[Shot], Pixels], drawn: list[Drawn], names: tuple[str, ...]) -> None:
    embed = embedder()
    ranks: dict[tuple[str, str], list[float]] = {}
    aucs: dict[tuple[str, str], list[float]] = {}
    for one in drawn:
        probes = [shot for shot in one.others if shot.person in one.order]
        rows = np.stack([embed(hide(shot), shot.face) for shot in probes])
        alike = np.stack([embed(hide(shot), shot.face) for shot in one.gallery])
        right = np.array([one.order[shot.person] for shot in probes])
        for against_title, against in (("clean gallery", one.clean), ("gallery hidden alike", alike)):
            for name in names:
                scores = similarity(rows, against, name)
                mine = scores[np.arange(len(scores)), right][:, None]
                # Whoever scores the same is as likely first: ties count half.
                rank = (scores > mine).sum(axis=1) + ((scores == mine).sum(axis=1) - 1) / 2
                ranks.setdefault((against_title, name), []).extend(rank)
                aucs.setdefault((against_title, name), []).extend(1 - rank / (scores.shape[1] - 1))
    count, of = len(next(iter(ranks.values()))), len(drawn[0].gallery)
    print(f"{title}: {count} probes, {of} people a gallery; chance: first {1 / of:.4f}, ten {10 / of:.3f}")
    for (against_title, name), found in ranks.items():
        rank = np.array(found)
        print(
            f"  {against_title:<22}{name:<32}first {(rank < 1).mean():.4f}  ten {(rank < 10).mean():.3f}  "
            f"AUC {np.mean(aucs[against_title, name]):.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
