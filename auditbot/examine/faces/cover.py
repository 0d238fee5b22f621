"""Hiding that does not hide: a bar over the eyes, a mosaic or a blur over a face that is found all the same.

Such a face is still recognised (a bar over the eyes: found again .93 of the time, a mosaic of 12 cells .14 and of 8
still more than chance; measured 2026-11-29), so whoever published it believes a child hidden who is not.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from auditbot.model import Box, Cover

Grey = NDArray[np.float32]

# All cuts from the bench `exposure` (2026-11-29): 60 made-up people and 600 adults, bare and covered.
BAR_AROUND = 0.28
"""How far beyond the eyes a bar is looked for, in distances between them."""
BAR_HIGH = 0.16
"""How high a bar is at the least, in distances between the eyes."""
BAR_OFF = 0.3
"""How far above or below the eyes as they are found a bar may lie, in distances between them (2026-11-30, 60 made-up
people under a bar and 208 bare faces of a demo and a real school: told 27 of 56 before, 43 of 56 with it; bare 1)."""
BAR_SPREAD = 5.0
"""In grey levels: a bar is of one tone, to the noise of JPEG."""
BAR_BESIDE = 14.0
"""In grey levels: the rest of the face is not."""
BAR_EDGE = 10.0
"""In grey levels from one row to the next: where a bar begins and ends."""
STEP = 6.0
"""In grey levels: what counts as an edge between two cells of a mosaic."""
FLAT_IN_CELLS = 0.80
"""The share of neighbours in a mosaic that lie in the same cell, and so are alike."""
LINES_APART = 0.7
"""The share of those lines that have no other beside them: the slopes of a soft picture lie in bands."""
STEPS_ON_LINES = 0.7
"""The share of a mosaic's edges that lie on its few lines."""
SHARPER_AROUND = 12.0
"""How many times more fine light and dark the surroundings of a blurred face have."""
BLURRED_DETAIL = 22.0
"""In pixels of detail width: a face with more is sharp, whatever its surroundings are (2026-11-30: faces blurred by .02
of their width and more have less; eight bare ones among posters and crowds, told as blurred before, have 23 to 49)."""
SMALLEST = 24.0
"""In pixels: of smaller faces nothing of this can be told."""


def cover_of(rgb: NDArray[np.uint8], box: Box, landmarks: tuple[tuple[float, float], ...], detail: float) -> Cover:
    """Return how a found face was meant to be hidden; empty where nothing says so.

    ``rgb`` is the upright picture, height x width x 3, 8 bit; ``box`` and the five points are in its pixels,
    ``detail`` is the face's detail width.
    """
    if box[2] < SMALLEST:
        return ""
    grey = cv2.cvtColor(np.ascontiguousarray(_cut(rgb, box, 0.8)[0]), cv2.COLOR_RGB2GRAY).astype(np.float32)
    _, (left, top) = _cut(rgb, box, 0.8)
    inside = (box[0] - left, box[1] - top, box[2], box[3])
    if _has_bar(grey, inside, [(x - left, y - top) for x, y in landmarks[:2]]):
        return "eye_bar"
    face, _ = _cut(grey, inside, -0.12)
    if _is_mosaic(face):
        return "mosaic"
    return "blur" if detail < BLURRED_DETAIL and _is_blurred(grey, inside, face) else ""


def _cut(picture: NDArray[Any], box: Box, margin: float) -> tuple[NDArray[Any], tuple[int, int]]:
    x, y, wide, high = box
    left, top = max(0, int(x - margin * wide)), max(0, int(y - margin * high))
    right, bottom = int(x + (1 + margin) * wide), int(y + (1 + margin) * high)
    return picture[top : max(top + 1, bottom), left : max(left + 1, right)], (left, top)


def _has_bar(grey: Grey, box: Box, eyes: list[tuple[float, float]]) -> bool:
    """Whether one tone covers both eyes and what lies between and beside them."""
    (left_x, left_y), (right_x, right_y) = eyes
    apart = math.hypot(right_x - left_x, right_y - left_y)
    if apart < 4.0:
        return False
    turned = cv2.getRotationMatrix2D(
        ((left_x + right_x) / 2, (left_y + right_y) / 2),
        math.degrees(math.atan2(right_y - left_y, right_x - left_x)),
        1,
    )
    wide, high = max(4, int(apart * (1 + 2 * BAR_AROUND))), max(6, int(apart * 1.4))
    turned[0, 2] += wide / 2 - (left_x + right_x) / 2
    turned[1, 2] += high / 2 - (left_y + right_y) / 2
    around = cv2.warpAffine(grey, turned, (wide, high), flags=cv2.INTER_LINEAR)
    face, _ = _cut(grey, box, 0.0)
    if float(face.std()) <= BAR_BESIDE:
        return False
    steps, deep = np.abs(np.diff(around.mean(axis=1))), max(2, int(apart * BAR_HIGH))
    # Under a bar the eyes are guessed: it may lie somewhat above or below them.
    first, last = int(high / 2 - apart * BAR_OFF), int(high / 2 + apart * BAR_OFF)
    for top in range(max(1, first - deep // 2), min(high, last + deep // 2) - deep):
        above, below = steps[:top].max(), steps[top + deep - 1 :].max()
        if min(above, below) > BAR_EDGE and float(around[top : top + deep].std()) < BAR_SPREAD:
            return True
    return False


def _is_mosaic(face: Grey) -> bool:
    """Whether neighbours are alike but along a few straight lines, across and down."""
    return all(_steps_on_lines(np.abs(np.diff(face, axis=axis)), axis) for axis in (0, 1))


def _steps_on_lines(steps: Grey, axis: int) -> bool:
    edges = steps > STEP
    if not 0.01 < float(edges.mean()) < 1 - FLAT_IN_CELLS:
        return False
    per_line = edges.sum(axis=1 - axis)
    few = np.flatnonzero(per_line > per_line.max() / 3)
    if not 3 <= len(few) <= len(per_line) / 3:
        return False
    apart = float((np.diff(few) > 1).mean())
    return apart >= LINES_APART and float(per_line[few].sum()) >= STEPS_ON_LINES * float(per_line.sum())


def _is_blurred(around: Grey, box: Box, face: Grey) -> bool:
    """Whether the face lacks the fine light and dark that its surroundings have on every side."""
    fine = np.square(cv2.Laplacian(around, cv2.CV_32F, ksize=3))
    x, y, wide, high = (int(part) for part in box)
    within = float(fine[max(0, y + high // 5) : y + 4 * high // 5, max(0, x + wide // 5) : x + 4 * wide // 5].mean())
    sides = (fine[:, : max(1, x - wide // 4)], fine[:, x + wide + wide // 4 :], fine[y + high + high // 3 :, :])
    sharp = [float(side.mean()) for side in sides if side.size > 100]
    return bool(sharp) and min(sharp) > SHARPER_AROUND * max(within, 1.0) and float(face.std()) > BAR_BESIDE / 2
