"""The one way to destroy a face or a line of words: one fixed colour, the same for everybody, the whole head included.

Averages of the face's own pixels, however few, tell skin and hair apart: who hides his own photos alike finds the right
one of 300 first 13 times as often as by chance (twelve averages) and two to three times (six); with one fixed colour he
does no better than by chance (LFW, 2026-11-29; `python -m tests.bench.exposure --only hidden` measures it anew).
Copies are encoded anew from pixels, with nothing else of the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from auditbot.errors import EvidenceUnreadable
from auditbot.examine.images import DecodedImage, NotDecodable, Pixels, decode, encode, resize, write_picture
from auditbot.examine.photo import sha256_of
from auditbot.model import Box
from auditbot.sentences import say, together

COVER = (134, 142, 150)
"""The colour of everything hidden: a grey that nobody's skin or hair has a share in."""
# How far beyond the box, in its widths and heights, to each side, above and below: brow to chin is not the whole head.
FACE_MARGINS = (0.4, 0.6, 0.4)
WORDS_MARGINS = (0.05, 0.25, 0.25)
NO_MARGINS = (0.0, 0.0, 0.0)
QUALITY = 90


@dataclass(frozen=True, slots=True)
class Redaction:
    """What a copy has to hide, and where it goes."""

    sha256: str
    """Content hash of the photo that the boxes were found in."""
    faces: tuple[Box, ...]
    """Faces to destroy: x, y, width, height in pixels of the upright picture."""
    words: tuple[Box, ...]
    """Lines of words to destroy."""
    out: Path
    """The copy's file; it must not be there yet."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """What became of one copy."""

    path: Path
    """The photo."""
    refused: str
    """Why there is no copy, as a sentence; empty if there is one."""


def redact_photo(path: Path, *, redactions: Mapping[Path, Redaction], max_megapixels: float) -> Redacted:
    """Write the copy of one photo. An existing file is never overwritten, the photo itself never touched."""
    wanted = redactions[path]
    picture = decode(path, max_megapixels)
    if isinstance(picture, NotDecodable):
        return Redacted(path, picture.reason)
    if len(picture.panels) > 1 or picture.partly:
        return Redacted(path, say("The picture moves, so no copy was made. Save one of its frames as a still picture."))
    if sha256_of(path) != wanted.sha256:
        return Redacted(path, say("The file changed while it was looked at, so no copy was made."))
    faces, words = (_scaled(boxes, 1 / picture.scale) for boxes in (wanted.faces, wanted.words))
    content = encode(destroy(picture.rgb, faces, words), wanted.out.suffix.lower(), QUALITY)
    try:
        _write_new(wanted.out, content)
    except FileExistsError:
        return Redacted(
            path, say("A file of that name is there already; it was left as it is, and no copy was made.")
        )  # fmt: skip
    except OSError as error:
        return Redacted(path, say("The copy cannot be written (%(why)s).", why=error.strerror or ""))
    return Redacted(path, "")


def no_copy(path: Path, reason: str) -> Redacted:
    """Return the outcome for a photo whose copying failed."""
    return Redacted(path, together(say("No copy was made."), reason))


def destroy(rgb: Pixels, faces: Iterable[Box], words: Iterable[Box] = (), shown: Iterable[Box] = ()) -> Pixels:
    """Return a copy of the pixels in which each face, its whole head included, and each line has one fixed colour.

    ``shown`` are faces that stay: a neighbour's margins end where their boxes begin, a neighbour's own box does not.
    """
    faces, (height, width) = tuple(faces), rgb.shape[:2]
    covered = np.zeros((height, width), bool)
    for box in faces:
        covered[_rows_and_columns(_with_margins(box, FACE_MARGINS, width, height))] = True
    for box in shown:
        covered[_rows_and_columns(_with_margins(box, NO_MARGINS, width, height))] = False
    for box in faces:
        covered[_rows_and_columns(_with_margins(box, NO_MARGINS, width, height))] = True
    for box in words:
        covered[_rows_and_columns(_with_margins(box, WORDS_MARGINS, width, height))] = True
    result = rgb.copy()
    result[covered] = COVER
    return result


def _rows_and_columns(place: tuple[int, int, int, int]) -> tuple[slice, slice]:
    left, top, right, bottom = place
    return slice(top, max(top, bottom)), slice(left, max(left, right))


def _with_margins(box: Box, margins: tuple[float, float, float], width: int, height: int) -> tuple[int, int, int, int]:
    x, y, wide, high = box
    side, above, below = margins
    return (
        max(0, int(x - side * wide)),
        max(0, int(y - above * high)),
        min(width, round(x + (1 + side) * wide)),
        min(height, round(y + (1 + below) * high)),
    )


def _scaled(boxes: Iterable[Box], factor: float) -> list[Box]:
    return [(x * factor, y * factor, width * factor, height * factor) for x, y, width, height in boxes]


def _write_new(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise


# Pictures for reports: what a finding rests on is boxed and numbered, every other face is made unrecognisable.

WHITE = (255, 255, 255)
DARK = (16, 24, 40)
FONT = cv2.FONT_HERSHEY_DUPLEX


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
    others = [_scaled_box(box, 1 / picture.scale) for box in other_faces if not _is_among(box, boxes)]
    rgb = destroy(picture.rgb, others, shown=[_scaled_box(box, 1 / picture.scale) for box in boxes])
    small = resize(rgb, max_side)
    shrink = small.shape[1] / picture.width
    write_picture(_with_numbers(small, [_scaled_box(box, shrink) for box in boxes]), out)


def _decoded(path: Path, max_megapixels: float) -> DecodedImage:
    picture = decode(path, max_megapixels)
    if isinstance(picture, NotDecodable):
        raise EvidenceUnreadable(picture.reason)
    return picture


def _scaled_box(box: Box, factor: float) -> Box:
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
