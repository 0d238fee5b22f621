"""Detail width: how few pixels across would still hold nearly all of a face's light and dark.

One number that says how much of a face a picture really carries: pixels that were enlarged, blurred or squeezed by JPEG
add nothing to it. No model and no vector; about a millisecond a face. How often faces of a given detail width are found
again by software was measured in the bench `faces` (2026-11-29).
"""

from __future__ import annotations

import math
from bisect import bisect_left

import cv2
import numpy as np
from numpy.typing import NDArray

from auditbot.model import Box

WIDTHS = (4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64)
LOST = 0.02
"""The share of a face's variance that may be lost: 1.5 % and 3 % order faces alike."""
LARGEST_LOOKED_AT = 128
"""Wider faces are reduced to this first: no photo tells more of a face than about 50 pixels across do."""
FLAT = 1.0
"""In grey levels squared: below this variance a patch shows nothing at all."""


def detail_width(rgb: NDArray[np.uint8], box: Box) -> float:
    """Return the detail width of the face in ``box`` (x, y, width, height in pixels of ``rgb``), in pixels.

    ``rgb`` is an upright picture, height x width x 3, 8 bit. The box is first enlarged twofold, so that sharp small
    faces are not told from blurred ones by the grid they fall on. 0 for a box outside the picture or of one tone.
    """
    x, y, width, height = box
    top, left = max(0, round(y)), max(0, round(x))
    crop = rgb[top : max(top + 1, round(y + height)), left : max(left + 1, round(x + width))]
    if crop.shape[0] < 2 or crop.shape[1] < 2:
        return 0.0
    grey = cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_RGB2GRAY).astype(np.float32)
    if grey.shape[1] > LARGEST_LOOKED_AT:
        grey = _resized(grey, LARGEST_LOOKED_AT, cv2.INTER_AREA)
    face = _resized(grey, 2 * grey.shape[1], cv2.INTER_CUBIC)
    variance = float(face.var())
    if variance < FLAT:
        return 0.0
    widths = [wide for wide in WIDTHS if wide < face.shape[1]]
    lost: dict[int, float] = {}

    def enough(wide: int) -> bool:
        lost[wide] = max(_lost(face, wide) / variance, 1e-6)
        return lost[wide] < LOST

    # The wider, the less is lost, so the first that is wide enough is found by halving.
    first = bisect_left(widths, True, key=enough)
    if first == len(widths):
        return float(min(grey.shape[1], WIDTHS[-1]))
    if first == 0:
        return float(widths[0])
    narrower, wider = widths[first - 1], widths[first]
    return _between(narrower, lost[narrower], wider, lost[wider])


def _lost(face: NDArray[np.float32], wide: int) -> float:
    """The mean square of what is lost by going down to ``wide`` pixels and back."""
    few = _resized(face, wide, cv2.INTER_AREA)
    back = cv2.resize(few, (face.shape[1], face.shape[0]), interpolation=cv2.INTER_CUBIC)
    return float(np.square(face - back).mean())


def _between(narrower: float, lost_there: float, wider: float, lost_here: float) -> float:
    """The width at which the loss, a straight line in its logarithm, passes what may be lost."""
    share = (math.log(lost_there) - math.log(LOST)) / max(math.log(lost_there) - math.log(lost_here), 1e-9)
    return narrower + share * (wider - narrower)


def _resized(grey: NDArray[np.float32], wide: int, how: int) -> NDArray[np.float32]:
    high = max(1, round(grey.shape[0] * wide / grey.shape[1]))
    return np.asarray(cv2.resize(grey, (wide, high), interpolation=how), np.float32)
