"""Adults of LFW for the measurements: a clean gallery, other photos of the same people, and strangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from auditbot.examine.faces.engines import DefaultEngine
from auditbot.examine.faces.faces import DetectedFace, Pixels
from tests.bench.faces.lfw import FOLDER, middle_face, read

PEOPLE, PROBES_EACH, STRANGERS = 300, 3, 500
FEWEST_PHOTOS = 3
"""In the first draw, so that 300 people give more than 600 other photos."""
OTHERS_PHOTOS = 2
"""In every further draw: people who have exactly two, none of whom the first draw can hold."""
SMALLEST, LARGEST = 8.0, 92.0


@dataclass(frozen=True)
class Shot:
    """One photo of one person."""

    person: int
    """Their number in the gallery; -1 for a stranger."""
    rgb: Pixels
    """The photo."""
    face: DetectedFace
    """Where the face is, exactly."""


def shots(
    people: int = PEOPLE, probes: int = PROBES_EACH, strangers: int = STRANGERS, draw: int = 0
) -> tuple[list[Shot], list[Shot]]:
    """Return one clean photo of each person, and other photos of them and of strangers.

    ``draw`` 0 takes people of three photos and more; 1, 2, … take others and other strangers, so many at a time.
    """
    by_name = {folder.name: sorted(folder.glob("*.jpg")) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()}
    rng, engine = np.random.default_rng(11), DefaultEngine()
    several = [name for name, photos in by_name.items() if len(photos) >= FEWEST_PHOTOS]
    pairs = [name for name, photos in by_name.items() if len(photos) == OTHERS_PHOTOS]
    alone = [name for name, photos in by_name.items() if len(photos) == 1]
    known, unknown, two = (_shuffled(names, rng) for names in (several, alone, pairs))
    chosen = two[(draw - 1) * people : draw * people] if draw else known[:people]
    gallery: list[Shot] = []
    others: list[Shot] = []
    for number, name in enumerate(chosen):
        for place, photo in enumerate(by_name[name][: probes + 1]):
            shot = _shot(number, read(photo), engine)
            if shot:
                (gallery if place == 0 else others).append(shot)
    for name in unknown[draw * strangers : (draw + 1) * strangers]:
        shot = _shot(-1, read(by_name[name][0]), engine)
        if shot:
            others.append(shot)
    return gallery, others


def _shuffled(names: list[str], rng: np.random.Generator) -> list[str]:
    return [names[n] for n in rng.permutation(len(names))]


def _shot(person: int, rgb: Pixels, engine: DefaultEngine) -> Shot | None:
    face = middle_face(engine.detect(rgb))
    return Shot(person, rgb, face) if face else None


def degraded(shot: Shot, rng: np.random.Generator) -> Shot:
    """Return a photo as a website may show it: smaller, perhaps blurred or in motion, compressed."""
    wide = float(np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST))))
    small = resized(shot, wide / shot.face.box[2])
    rgb, chance = small.rgb, rng.random()
    if chance < 0.3:
        rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), max(0.2, wide * rng.uniform(0.01, 0.08))), np.uint8)
    elif chance < 0.5:
        length = max(2, round(wide * rng.uniform(0.03, 0.2)))
        rgb = np.asarray(cv2.blur(rgb, (length, 1) if rng.random() < 0.5 else (1, length)), np.uint8)
    return replace(small, rgb=compressed(rgb, int(rng.choice([95, 75, 50, 30]))))


def resized(shot: Shot, factor: float) -> Shot:
    """Return a photo at another size, its face's place with it."""
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    rgb = np.asarray(cv2.resize(shot.rgb, None, fx=factor, fy=factor, interpolation=how), np.uint8)
    across, down = rgb.shape[1] / shot.rgb.shape[1], rgb.shape[0] / shot.rgb.shape[0]
    x, y, wide, high = shot.face.box
    points = tuple((px * across, py * down) for px, py in shot.face.landmarks)
    return replace(shot, rgb=rgb, face=DetectedFace((x * across, y * down, wide * across, high * down), points, 1.0))


def compressed(rgb: Pixels, quality: int) -> Pixels:
    """Return what is left of a photo after JPEG of this quality."""
    _, written = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    read_back = cv2.imdecode(written, cv2.IMREAD_COLOR)
    assert read_back is not None
    return np.asarray(read_back[..., ::-1], np.uint8)


def intervals(hits: np.ndarray, people: np.ndarray, rounds: int = 400) -> tuple[float, float]:
    """The 95 % interval of a share, people drawn anew."""
    rng, numbers = np.random.default_rng(3), np.unique(people)
    of = {number: hits[people == number] for number in numbers}
    means = [np.concatenate([of[n] for n in rng.choice(numbers, len(numbers))]).mean() for _ in range(rounds)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def rows_of(shots_: list[Shot]) -> Iterator[tuple[Pixels, DetectedFace]]:
    """Yield pixels and face of each."""
    for shot in shots_:
        yield shot.rgb, shot.face


def mosaic_reduced(shot: Shot, cells: int) -> Pixels:
    """Return a photo whose head was made a mosaic of so many cells across the face, as an attacker mends it.

    He knows the cells, takes one value from each and enlarges them smoothly.
    """
    rgb = shot.rgb.copy()
    x, y, wide, high = shot.face.box
    left, top = max(0, round(x - 0.35 * wide)), max(0, round(y - 0.35 * high))
    right, bottom = min(rgb.shape[1], round(x + 1.35 * wide)), min(rgb.shape[0], round(y + 1.35 * high))
    head = rgb[top:bottom, left:right]
    small = (max(1, round(cells * head.shape[1] / wide)), max(1, round(cells * head.shape[0] / wide)))
    reduced = cv2.resize(head, small, interpolation=cv2.INTER_AREA)
    rgb[top:bottom, left:right] = cv2.resize(reduced, (head.shape[1], head.shape[0]), interpolation=cv2.INTER_CUBIC)
    return rgb
