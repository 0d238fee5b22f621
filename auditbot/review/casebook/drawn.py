"""Pictures for the screen, drawn when they are asked for and kept in memory for a while: never written to a disk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from auditbot.errors import EvidenceUnreadable
from auditbot.evidence.numbered import numbered, without_others
from auditbot.examine.images import NotDecodable, Pixels, decode, encode, resize
from auditbot.model import Box, PhotoEvidence

LONGEST_SIDE = 1600
"""Pixels of a photo's longer side on the screen: a crowd's faces are still seen when it is made larger."""
FACE_SIDE = 360
"""Pixels of a face's picture; small faces are enlarged to it."""
AROUND = 0.4
"""How much of a face's width and height is shown around it."""
KEPT = 320
"""So many: with fewer, fifty readers draw the same pictures again and again (tests.bench.review, 2026-11-30)."""
MEGAPIXELS = 120.0


class Drawn:
    """Pictures drawn lately. One is drawn once, also if several ask for it at the same moment."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._pictures: OrderedDict[object, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._drawing = threading.Lock()

    def get(self, key: object, draw: Callable[[], bytes | None]) -> bytes | None:
        """Return the picture of this key as JPEG, drawn if it is not at hand; None if it cannot be."""
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
        with self._drawing:  # decoding takes a hundred megabytes: one at a time
            with self._lock:
                if key in self._pictures:
                    return self._pictures[key]
            made = draw()
            if made is None:  # a file that cannot be read now may be there the next time
                return None
            with self._lock:
                self._pictures[key] = made
                while len(self._pictures) > self._kept:
                    self._pictures.popitem(last=False)
            return made

    def at_hand(self, key: object) -> bytes | None:
        """Return the picture of this key if it is drawn already."""
        with self._lock:
            return self._pictures.get(key)


def draw_photo(original: Path, evidence: PhotoEvidence) -> bytes | None:
    """Return the photo with its boxes numbered and every other face hidden, as JPEG; None if it cannot be opened."""
    try:
        return encode(numbered(original, evidence.boxes, evidence.other_faces, max_side=LONGEST_SIDE), ".jpg")
    except EvidenceUnreadable:
        return None


def draw_face(original: Path, evidence: PhotoEvidence, number: int) -> bytes | None:
    """Return one numbered face with a little around it, without a box, other faces hidden, as JPEG."""
    picture = decode(original, MEGAPIXELS)
    if isinstance(picture, NotDecodable) or not 1 <= number <= len(evidence.boxes):
        return None
    scale = 1 / picture.scale
    box = _scaled(evidence.boxes[number - 1], scale)
    hidden = [_scaled(other, scale) for other in evidence.other_faces if _scaled(other, scale) != box]
    return encode(_cut(without_others(picture.rgb, [box], hidden), box), ".jpg")


def draw_whole(original: Path) -> bytes | None:
    """Return the photo as published, nothing hidden, as JPEG; None if it cannot be opened."""
    picture = decode(original, MEGAPIXELS)
    return None if isinstance(picture, NotDecodable) else encode(resize(picture.rgb, LONGEST_SIDE), ".jpg")


def draw_portrait(original: Path) -> bytes | None:
    """Return a portrait for comparing, as JPEG; None if it cannot be opened."""
    picture = decode(original, MEGAPIXELS)
    return None if isinstance(picture, NotDecodable) else encode(resize(picture.rgb, FACE_SIDE), ".jpg")


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    return (x * factor, y * factor, width * factor, height * factor)


def _cut(rgb: Pixels, box: Box) -> Pixels:
    """Return a square around the box, enlarged or made smaller to FACE_SIDE."""
    x, y, width, height = box
    side = max(width, height) * (1 + 2 * AROUND)
    left, top = x + width / 2 - side / 2, y + height / 2 - side / 2
    rows, columns = rgb.shape[:2]
    right, bottom = min(columns, round(left + side)), min(rows, round(top + side))
    part = rgb[max(0, round(top)) : bottom, max(0, round(left)) : right]
    longer = max(part.shape[:2]) or 1
    how = cv2.INTER_AREA if longer > FACE_SIDE else cv2.INTER_CUBIC
    size = (max(1, round(part.shape[1] * FACE_SIDE / longer)), max(1, round(part.shape[0] * FACE_SIDE / longer)))
    return np.asarray(cv2.resize(part, size, interpolation=how), dtype=np.uint8)
