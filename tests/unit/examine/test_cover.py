"""Hiding that does not hide is told: a bar, a mosaic or a blur over a face that is found; a bare face is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from auditbot.examine.faces.engines import EngineChoice, open_engine
from auditbot.examine.faces.faces import DetectedFace, measure_quality
from auditbot.examine.images import decode

Pixels = NDArray[np.uint8]
FACES = Path(__file__).parents[2] / "data" / "faces"
ENGINE = open_engine(EngineChoice("none"))


@cache
def crowded(person: str) -> tuple[Pixels, DetectedFace]:
    """A portrait before something busy, and the face in it."""
    portrait = decode(FACES / person / "portrait_1.jpg", 120.0).rgb  # type: ignore[union-attr]
    portrait = np.asarray(cv2.resize(portrait, (200, 240), interpolation=cv2.INTER_AREA), np.uint8)
    picture = np.zeros((330, 300, 3), np.uint8)
    picture[::4], picture[:, ::6] = 230, 120
    picture[45:285, 50:250] = portrait
    (face, *_) = ENGINE.detect(picture)
    return picture, face


def part(picture: Pixels, face: DetectedFace) -> Pixels:
    """The face and a little around it; what is written into it stands in the picture."""
    x, y, wide, high = (int(side) for side in face.box)
    return picture[y - wide // 10 : y + high + wide // 10, x - wide // 10 : x + wide + wide // 10]


def bar(picture: Pixels, face: DetectedFace) -> None:
    (left, right) = (np.array(point) for point in face.landmarks[:2])
    along = right - left
    up = np.array([along[1], -along[0]]) * 0.25
    corners = [left - along * 0.5 + up, right + along * 0.5 + up, right + along * 0.5 - up, left - along * 0.5 - up]
    cv2.fillPoly(picture, [np.array(corners, np.int32)], (0, 0, 0))


def mosaic(picture: Pixels, face: DetectedFace, cells: int = 22) -> None:
    inside = part(picture, face)
    high, wide = inside.shape[:2]
    small = cv2.resize(inside, (cells, cells * high // wide), interpolation=cv2.INTER_AREA)
    inside[:] = cv2.resize(small, (wide, high), interpolation=cv2.INTER_NEAREST)


def blur(picture: Pixels, face: DetectedFace) -> None:
    part(picture, face)[:] = cv2.GaussianBlur(part(picture, face), (0, 0), 0.04 * face.box[2])


@pytest.mark.parametrize(("hide", "told"), [(bar, "eye_bar"), (mosaic, "mosaic"), (blur, "blur"), (None, "")])
def test_what_was_meant_to_hide_a_face_that_is_found_is_told(
    hide: Callable[[Pixels, DetectedFace], None] | None, told: str
) -> None:
    covers = []
    for person in ("C001", "C002", "C003", "C004"):
        bare, face = crowded(person)
        picture = bare.copy()
        if hide is not None:
            hide(picture, face)
        x, _, wide, _ = face.box
        found = [one for one in ENGINE.detect(picture) if abs(one.box[0] - x) < wide / 2]
        covers += [measure_quality(picture, one).cover for one in found[:1]]
    assert len(covers) >= 3
    assert set(covers) <= {told, ""}
    assert covers.count(told) >= 0.75 * len(covers)  # type: ignore[arg-type]


@pytest.mark.parametrize("photo", ["stars-of-the-week.jpg", "history-speakers.jpg"])
def test_a_bare_face_among_sharp_things_is_not_told(photo: str) -> None:
    rgb = decode(Path("auditbot/demo/site/photos") / photo, 120.0).rgb  # type: ignore[union-attr]
    faces = ENGINE.detect(rgb)
    assert len(faces) >= 2 and [measure_quality(rgb, face).cover for face in faces] == [""] * len(faces)
