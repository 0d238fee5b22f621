"""Pictures for reports: what a finding rests on is boxed and numbered, every other face is made unrecognisable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from auditbot.errors import EvidenceUnreadable
from auditbot.examine.images import DecodedImage, NotDecodable, Pixels, decode, resize, write_picture
from auditbot.model import Box

WHITE = (255, 255, 255)
DARK = (16, 24, 40)
FONT = cv2.FONT_HERSHEY_DUPLEX
# Colours kept of a hidden face, across and down: too few to tell one face from another.
CELLS = (3, 4)
# A face's box runs from brow to chin; hair and ears tell a child apart too.
HIDE_MARGIN = 0.35


def evidence_picture(
    path: Path,
    out: Path,
    boxes: Sequence[Box],
    other_faces: Sequence[Box],
    max_side: int = 1200,
    max_megapixels: float = 200.0,
) -> None:
    """Write the picture at ``path`` with ``boxes`` numbered from 1 and other faces hidden to ``out``, a .webp or .jpg.

    Boxes are x, y, width, height in pixels of the upright picture. The result carries no metadata and is readable by
    this user only. Raises EvidenceUnreadable if the picture cannot be decoded, OSError if ``out`` cannot be written.
    """
    picture = _decoded(path, max_megapixels)
    rgb = hide(picture.rgb, [_scaled(box, 1 / picture.scale) for box in other_faces if not _is_among(box, boxes)])
    small = resize(rgb, max_side)
    shrink = small.shape[1] / picture.width
    write_picture(_with_numbers(small, [_scaled(box, shrink) for box in boxes]), out)


def hide(rgb: Pixels, boxes: Iterable[Box]) -> Pixels:
    """Return a copy of the pixels in which each boxed face is a soft blot of twelve averaged colours."""
    result = rgb.copy()
    height, width = rgb.shape[:2]
    for x, y, box_width, box_height in boxes:
        left, right = max(0, int(x - HIDE_MARGIN * box_width)), min(width, round(x + (1 + HIDE_MARGIN) * box_width))
        top, bottom = max(0, int(y - HIDE_MARGIN * box_height)), min(height, round(y + (1 + HIDE_MARGIN) * box_height))
        if right <= left or bottom <= top:
            continue
        # Averaged over the original pixels, so that overlapping blots do not depend on their order.
        cells = cv2.resize(rgb[top:bottom, left:right], CELLS, interpolation=cv2.INTER_AREA)
        result[top:bottom, left:right] = cv2.resize(cells, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    return result


def _decoded(path: Path, max_megapixels: float) -> DecodedImage:
    picture = decode(path, max_megapixels)
    if isinstance(picture, NotDecodable):
        raise EvidenceUnreadable(picture.reason)
    return picture


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    return x * factor, y * factor, width * factor, height * factor


def _is_among(face: Box, boxes: Sequence[Box]) -> bool:
    """True if the same face is one of the numbered ones, perhaps by a slightly different box."""
    for box in boxes:
        across = min(face[0] + face[2], box[0] + box[2]) - max(face[0], box[0])
        down = min(face[1] + face[3], box[1] + box[3]) - max(face[1], box[1])
        shared = max(0.0, across) * max(0.0, down)
        if shared > 0.6 * (face[2] * face[3] + box[2] * box[3] - shared):
            return True
    return False


def _with_numbers(rgb: Pixels, boxes: Sequence[Box]) -> Pixels:
    """Draw each box as a dark line between white ones, with its number white on a dark tab: clear in grey print too."""
    canvas = np.array(rgb, order="C")
    line = max(2, round(max(canvas.shape[:2]) / 400))
    for x, y, width, height in boxes:
        corners = (round(x) - line, round(y) - line), (round(x + width) + line, round(y + height) + line)
        cv2.rectangle(canvas, *corners, WHITE, 3 * line)
        cv2.rectangle(canvas, *corners, DARK, line)
    for number, box in enumerate(boxes, start=1):
        _draw_tab(canvas, str(number), box, line)
    return canvas


def _draw_tab(canvas: Pixels, label: str, box: Box, line: int) -> None:
    size = max(0.6, line / 3)
    thick = max(1, round(size * 2))
    (text_width, text_height), _ = cv2.getTextSize(label, FONT, size, thick)
    pad = max(4, text_height // 2)
    width, height = text_width + 2 * pad, text_height + 2 * pad
    left = min(max(0, round(box[0]) - 2 * line), max(0, canvas.shape[1] - width))
    above = round(box[1]) - 2 * line - height
    # Above the box; below it where there is no room, so that the tab never covers the evidence unless it must.
    top = above if above >= 0 else min(round(box[1] + box[3]) + 2 * line, canvas.shape[0] - height)
    cv2.rectangle(canvas, (left, top), (left + width, top + height), WHITE, -1)
    cv2.rectangle(canvas, (left + line, top + line), (left + width - line, top + height - line), DARK, -1)
    cv2.putText(canvas, label, (left + pad, top + pad + text_height), FONT, size, WHITE, thick, cv2.LINE_AA)
