"""Labelled Faces in the Wild, for measuring only: never committed, looked for in .bench-data/lfw-deepfunneled.

It holds 13,233 pictures of 5,749 adults. The public repository braun-steven/dfi-tensorflow has it in its folder data/.
Vectors are kept beside the pictures, in the same ignored folder, as computing them takes ten minutes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from auditbot.examine.faces.engines import DefaultEngine
from auditbot.examine.faces.enrol import steady, views_of
from auditbot.examine.faces.faces import DetectedFace, Pixels, Vectors

FOLDER = Path(__file__).parents[3] / ".bench-data" / "lfw-deepfunneled"
PEOPLE = 900
SINGLES = 2000
ENROLLED_PHOTOS = 3
PROBES = 2
MIDDLE = 125.0


@dataclass(frozen=True)
class Person:
    """One person of LFW as the tables use them."""

    name: str
    """The name of the folder."""
    enrolled: Vectors
    """One row per photo that may be enrolled: three where there are more than three photos, else one."""
    plain: Vectors
    """The same photos, one plain view each."""
    probes: Vectors
    """One or two rows of other photos."""


@dataclass(frozen=True)
class Population:
    """Everybody whose vectors are used."""

    people: list[Person] = field(default_factory=list)
    """Those with at least two photos."""
    singles: list[Vectors] = field(default_factory=list)
    """One row for each of those with one photo, who serve as strangers."""


def read(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def middle_face(faces: list[DetectedFace]) -> DetectedFace | None:
    """The face nearest to the middle, where LFW's subject is."""

    def distance(face: DetectedFace) -> float:
        x, y, width, height = face.box
        return abs(x + width / 2 - MIDDLE) + abs(y + height / 2 - MIDDLE)

    return min(faces, key=distance, default=None)


def load() -> Population:
    """Read the vectors, computing them first if they are not there or were made by another engine."""
    engine = DefaultEngine()
    cache = FOLDER.parent / f"lfw-vectors-{engine.name}-{engine.version}.npz"
    if not cache.exists():
        _compute(engine, cache)
    stored = np.load(cache)
    rows: dict[str, dict[str, list[Vectors]]] = defaultdict(lambda: defaultdict(list))
    for name, use, row, plain in zip(*(stored[part] for part in ("names", "uses", "rows", "plain")), strict=True):
        rows[str(name)][str(use)].append(row)
        rows[str(name)][f"{use} plain"].append(plain)
    population = Population()
    for name, uses in rows.items():
        if uses["enrolled"]:
            population.people.append(
                Person(name, *(np.stack(uses[use]) for use in ("enrolled", "enrolled plain", "probe")))
            )
        else:
            population.singles.append(uses["probe"][0])
    return population


def probe_photos() -> dict[str, Path]:
    """For each person one photo that is not enrolled."""
    return {name: photo for name, use, photo in reversed(_chosen()) if use == "probe"}


def _chosen() -> list[tuple[str, str, Path]]:
    by_name = {folder.name: sorted(folder.glob("*.jpg")) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()}
    rng = np.random.default_rng(0)
    several = [name for name, photos in by_name.items() if len(photos) >= 2]
    several.sort(key=lambda name: len(by_name[name]) <= ENROLLED_PHOTOS)  # those with enough photos first
    alone = [name for name, photos in by_name.items() if len(photos) == 1]
    chosen = []
    for name in several[:PEOPLE]:
        photos = [by_name[name][index] for index in rng.permutation(len(by_name[name]))]
        count = ENROLLED_PHOTOS if len(photos) > ENROLLED_PHOTOS else 1
        chosen += [(name, "enrolled", photo) for photo in photos[:count]]
        chosen += [(name, "probe", photo) for photo in photos[count : count + PROBES]]
    return chosen + [(name, "probe", by_name[name][0]) for name in rng.permutation(alone)[:SINGLES]]


def _compute(engine: DefaultEngine, cache: Path) -> None:
    names, uses, rows, plain = [], [], [], []
    chosen = _chosen()
    for number, (name, use, photo) in enumerate(chosen):
        if number % 500 == 0:
            print(f"  vectors of LFW: {number} of {len(chosen)}", flush=True)
        rgb = read(photo)
        face = middle_face(engine.detect(rgb))
        if face is not None:
            views = views_of(rgb, engine, face) if use == "enrolled" else engine.embed(rgb, [face])
            names.append(name)
            uses.append(use)
            rows.append(steady(views, engine) if use == "enrolled" else views[0])
            plain.append(views[0])
    kept = {name for name, use in zip(names, uses, strict=True) if use == "probe"}
    keep = [index for index, name in enumerate(names) if name in kept]
    np.savez(
        cache,
        names=np.array(names)[keep],
        uses=np.array(uses)[keep],
        rows=np.stack(rows)[keep],
        plain=np.stack(plain)[keep],
    )
