"""Pictures to decide by: faces meant are numbered outside their heads, all others hidden, small ones enlarged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from auditbot.errors import EvidenceUnreadable
from auditbot.examine.hide import destroy
from auditbot.examine.images import NotDecodable, Pixels, decode, resize, write_picture
from auditbot.model import Box

WHITE, DARK = (255, 255, 255), (16, 24, 40)
FONT = cv2.FONT_HERSHEY_DUPLEX
SMALL = 30
"""Pixels across below which a face in the written picture is shown enlarged beside it too."""
CROWD = 4
"""From so many numbered faces on, all of them are shown enlarged: nobody searches a crowd for box 17."""
TILE = 132
"""Height in pixels of an enlarged face."""
AROUND = 0.45
"""Share of a face's box that is shown around it: hair and ears tell a child too."""
GAP = 8
RIM = 2
TAB, SMALL_TAB = 0.9, 0.6
"""Sizes of the font of a number, and of one in a crowd."""


def numbered_picture(
    path: Path,
    out: Path,
    boxes: Sequence[Box],
    other_faces: Sequence[Box],
    max_side: int = 1200,
    max_megapixels: float = 200.0,
    *,
    enlarges: bool = True,
    others_first: bool = False,
) -> None:
    """Write the picture at ``path`` to ``out``, a .webp or .jpg, with ``boxes`` numbered from 1 and other faces hidden.

    Boxes are x, y, width, height in pixels of the upright picture. Faces that would be small are shown enlarged in rows
    below, cut from the picture at its full size, unless ``enlarges`` is false: then the picture keeps its shape. A face
    shown is never covered by a neighbour's box, unless ``others_first`` is true: for what is handed out, a neighbour is
    hidden whole. The result carries no metadata and is readable by this user only. Raises EvidenceUnreadable if the
    picture cannot be decoded, OSError if ``out`` cannot be written.
    """
    write_picture(
        numbered(path, boxes, other_faces, max_side, max_megapixels, enlarges=enlarges, others_first=others_first), out
    )


def numbered(
    path: Path,
    boxes: Sequence[Box],
    other_faces: Sequence[Box],
    max_side: int = 1200,
    max_megapixels: float = 200.0,
    *,
    enlarges: bool = True,
    others_first: bool = False,
) -> Pixels:
    """Return what :func:`numbered_picture` writes, in memory alone. Raises EvidenceUnreadable."""
    picture = decode(path, max_megapixels)
    if isinstance(picture, NotDecodable):
        raise EvidenceUnreadable(picture.reason)
    shown = [_scaled(box, 1 / picture.scale) for box in boxes]
    hidden = [_scaled(box, 1 / picture.scale) for box in other_faces if not _is_among(box, boxes)]
    whole = destroy(picture.rgb, hidden, shown=shown) if others_first else without_others(picture.rgb, shown, hidden)
    small = resize(whole, max_side)
    shrink = small.shape[1] / whole.shape[1]
    canvas = _with_numbers(small, [_scaled(box, shrink) for box in shown], [_scaled(box, shrink) for box in hidden])
    if enlarges and _needs_enlarging(shown, shrink):
        canvas = np.vstack([canvas, _enlarged(whole, shown, canvas.shape[1])])
    return canvas


def without_others(rgb: Pixels, shown: Sequence[Box], hidden: Sequence[Box]) -> Pixels:
    """Return the pixels with the hidden faces destroyed, and no part of a shown face covered by that."""
    result = destroy(rgb, hidden, shown=shown)
    for box in shown:
        left, top, right, bottom = _inside(box, rgb, 0.0)
        result[top:bottom, left:right] = rgb[top:bottom, left:right]
    return result


def _needs_enlarging(shown: Sequence[Box], shrink: float) -> bool:
    return len(shown) >= CROWD or any(min(box[2], box[3]) * shrink < SMALL for box in shown)


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    return x * factor, y * factor, width * factor, height * factor


def _is_among(face: Box, boxes: Sequence[Box]) -> bool:
    """True if the same face is one of the numbered ones, perhaps by a slightly different box."""
    for box in boxes:
        shared = _shared(face, box)
        if shared > 0.6 * (face[2] * face[3] + box[2] * box[3] - shared):
            return True
    return False


def _shared(one: Box, other: Box) -> float:
    """Return the area in pixels that lies in both boxes."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)


def _inside(box: Box, rgb: Pixels, margin: float) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box with a margin (a share of its sides), within the picture."""
    x, y, width, height = box
    left, top = max(0, int(x - margin * width)), max(0, int(y - margin * height))
    right = min(rgb.shape[1], math.ceil(x + (1 + margin) * width))
    bottom = min(rgb.shape[0], math.ceil(y + (1 + margin) * height))
    return left, top, max(left, right), max(top, bottom)


def _with_numbers(rgb: Pixels, shown: Sequence[Box], hidden: Sequence[Box]) -> Pixels:
    """Draw each box as a dark line between white ones, with its number on a dark tab away from every head."""
    canvas = np.array(rgb, order="C")
    line = max(1, round(max(canvas.shape[:2]) / 500))
    taken: list[Box] = [_with_hair(box) for box in (*shown, *hidden)]
    for box in shown:
        x, y, width, height = box
        corners = (round(x) - line, round(y) - line), (round(x + width) + line, round(y + height) + line)
        cv2.rectangle(canvas, *corners, WHITE, 3 * line)
        cv2.rectangle(canvas, *corners, DARK, line)
    size = SMALL_TAB if len(shown) >= CROWD else TAB
    places: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for number, box in enumerate(shown, start=1):
        tab = _tab(str(number), size)
        place = _free_place(box, tab, taken, canvas.shape[1], canvas.shape[0])
        taken.append((*place, *tab))
        places.append((place, tab))
    for box, (place, tab) in zip(shown, places, strict=True):
        _lead(canvas, box, (*place, *tab), line)
    for number, (place, tab) in enumerate(places, start=1):
        _draw_tab(canvas, str(number), place, tab, size)
    return canvas


def _with_hair(box: Box) -> Box:
    x, y, width, height = box
    return x - 0.2 * width, y - 0.6 * height, 1.4 * width, 1.7 * height


def _thick(size: float) -> int:
    return max(1, round(size * 2))


def _tab(label: str, size: float) -> tuple[int, int]:
    (width, height), _ = cv2.getTextSize(label, FONT, size, _thick(size))
    pad = max(4, height // 2)
    return width + 2 * pad, height + 2 * pad


def _free_place(box: Box, tab: tuple[int, int], taken: Sequence[Box], width: int, height: int) -> tuple[int, int]:
    """Return the nearest top left corner for a tab that covers no head and no other tab; the least bad if none is."""
    best, least = (0, 0), math.inf
    for x, y in _around(box, tab):
        left, top = min(max(0, round(x)), width - tab[0]), min(max(0, round(y)), height - tab[1])
        place = (float(left), float(top), float(tab[0]), float(tab[1]))
        covered = sum(_shared(place, other) for other in taken)
        if covered == 0:
            return left, top
        if covered < least:
            best, least = (left, top), covered
    return best


def _around(box: Box, tab: tuple[int, int]) -> Iterator[tuple[float, float]]:
    """Yield corners for a tab around a head: above first, then the sides, then below, and farther each time."""
    x, y, width, height = _with_hair(box)
    middle_x, middle_y = x + width / 2, y + height / 2
    for step in range(9):
        away = 1 + step * max(tab[1], height * 0.3)
        for angle in (-90, -60, -120, -30, -150, 0, 180, 30, 150, 60, 120, 90):
            across, down = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            centre_x = middle_x + across * ((width + tab[0]) / 2 + away)
            centre_y = middle_y + down * ((height + tab[1]) / 2 + away)
            yield centre_x - tab[0] / 2, centre_y - tab[1] / 2


def _lead(canvas: Pixels, box: Box, tab: Box, line: int) -> None:
    """Draw a line from the tab to the nearest point of the box."""
    start = (round(tab[0] + tab[2] / 2), round(tab[1] + tab[3] / 2))
    end = (
        round(min(max(start[0], box[0]), box[0] + box[2])),
        round(min(max(start[1], box[1]), box[1] + box[3])),
    )
    cv2.line(canvas, start, end, WHITE, 3 * line, cv2.LINE_AA)
    cv2.line(canvas, start, end, DARK, line, cv2.LINE_AA)


def _draw_tab(canvas: Pixels, label: str, place: tuple[int, int], tab: tuple[int, int], size: float) -> None:
    (_, text_height), _ = cv2.getTextSize(label, FONT, size, _thick(size))
    pad = (tab[1] - text_height) // 2
    left, top = place
    cv2.rectangle(canvas, (left, top), (left + tab[0], top + tab[1]), WHITE, -1)
    cv2.rectangle(canvas, (left + RIM, top + RIM), (left + tab[0] - RIM, top + tab[1] - RIM), DARK, -1)
    cv2.putText(canvas, label, (left + pad, top + pad + text_height), FONT, size, WHITE, _thick(size), cv2.LINE_AA)


def _enlarged(whole: Pixels, shown: Sequence[Box], width: int) -> Pixels:
    """Return rows as wide as the picture with each face enlarged and its number beside it."""
    tiles = [_tile(whole, box, str(number)) for number, box in enumerate(shown, start=1)]
    rows: list[list[Pixels]] = [[]]
    for tile in tiles:
        used = sum(other.shape[1] + GAP for other in rows[-1])
        if rows[-1] and used + tile.shape[1] + GAP > width:
            rows.append([])
        rows[-1].append(tile)
    made = np.full((len(rows) * (TILE + GAP) + GAP, width, 3), 255, np.uint8)
    for down, row in enumerate(rows):
        left = 0
        for tile in row:
            across = min(tile.shape[1], width - left)
            made[GAP + down * (TILE + GAP) : (down + 1) * (TILE + GAP), left : left + across] = tile[:, :across]
            left += tile.shape[1] + GAP
    return made


def _tile(whole: Pixels, box: Box, label: str) -> Pixels:
    left, top, right, bottom = _inside(box, whole, AROUND)
    face = whole[top:bottom, left:right]
    if not face.size:
        face = np.full((2, 2, 3), 255, np.uint8)
    width = max(1, min(2 * TILE, round(face.shape[1] * TILE / face.shape[0])))
    enlarged = cv2.resize(face, (width, TILE), interpolation=cv2.INTER_CUBIC)
    tab = _tab(label, TAB)
    beside = np.full((TILE, tab[0], 3), 255, np.uint8)
    _draw_tab(beside, label, (0, 0), (tab[0] - 1, tab[1]), TAB)
    return np.hstack([beside, enlarged.astype(np.uint8)])
