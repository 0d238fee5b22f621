"""Bringing a face to the pose an embedder was trained on."""

from __future__ import annotations

import cv2
import numpy as np

from auditbot.examine.faces import Landmarks, Pixels

# Where ArcFace-style embedders expect the five points in a picture of 112 x 112 pixels.
ARCFACE_POINTS = (
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
)
ARCFACE_SIDE = 112
# Where the same points lie, on average, in the pictures of 150 x 150 pixels that dlib's aligner makes.
DLIB_POINTS = ((46.8, 45.5), (103.6, 45.5), (75.3, 78.1), (51.0, 102.9), (100.1, 102.9))
DLIB_SIDE = 150


def align(rgb: Pixels, landmarks: Landmarks, side: int = ARCFACE_SIDE, points: Landmarks | None = None) -> Pixels:
    """Return the face turned, scaled and moved so that its five points fit best, ``side`` x ``side`` x 3.

    ``points`` are where the five belong in that picture; without them, where ArcFace-style embedders expect them.
    """
    wanted = points or tuple((x * side / ARCFACE_SIDE, y * side / ARCFACE_SIDE) for x, y in ARCFACE_POINTS)
    source, target = [complex(x, y) for x, y in landmarks], [complex(x, y) for x, y in wanted]
    middle, target_middle = sum(source) / len(source), sum(target) / len(target)
    # The least-squares similarity of the plane is one complex factor and one offset.
    spread = sum(abs(point - middle) ** 2 for point in source)
    factor = sum(
        (point - middle).conjugate() * (to - target_middle) for point, to in zip(source, target, strict=True)
    ) / max(spread, 1e-9)
    offset = target_middle - factor * middle
    reduction = int(1 / max(abs(factor), 1e-3))
    if reduction > 1:
        rgb, corner = _reduced(rgb, landmarks, side / abs(factor), reduction)
        factor, offset = factor * reduction, offset + factor * corner
    matrix = np.array([[factor.real, -factor.imag, offset.real], [factor.imag, factor.real, offset.imag]])
    return np.asarray(cv2.warpAffine(rgb, matrix, (side, side), flags=cv2.INTER_LINEAR), np.uint8)


def _reduced(rgb: Pixels, landmarks: Landmarks, reach: float, reduction: int) -> tuple[Pixels, complex]:
    """The surroundings of a large face, averaged down by a whole number, and where their corner was.

    Without it, taking one pixel in many would turn fine detail into noise.
    """
    middle_x, middle_y = landmarks[2]
    left = min(max(0, int(middle_x - reach)), rgb.shape[1] - 1)
    top = min(max(0, int(middle_y - reach)), rgb.shape[0] - 1)
    part = rgb[top : max(top + 1, int(middle_y + reach)), left : max(left + 1, int(middle_x + reach))]
    size = (max(1, part.shape[1] // reduction), max(1, part.shape[0] // reduction))
    part = part[: size[1] * reduction, : size[0] * reduction]
    # A pixel's centre lies half a pixel from its corner, in either picture.
    corner = complex(left, top) + complex(1, 1) * (reduction - 1) / 2
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8), corner
