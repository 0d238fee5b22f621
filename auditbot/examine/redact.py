"""A copy of a photo in which faces and words are destroyed: encoded anew from pixels, with nothing else of the file.

Of each place a few flat colours remain, averaged over hundreds of pixels: no sharpening brings a face back from them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2

from auditbot.examine.images import NotDecodable, Pixels, decode, encode
from auditbot.examine.photo import sha256_of
from auditbot.model import Box

# Colours kept of a face, across and down, and of a line of words.
FACE_CELLS = (2, 3)
WORDS_CELLS = (1, 1)
# How far beyond the box, in its widths and heights, to each side, above and below: brow to chin is not the whole head.
FACE_MARGINS = (0.4, 0.6, 0.4)
WORDS_MARGINS = (0.05, 0.25, 0.25)
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
        return Redacted(path, "The picture moves, so no copy was made. Save one of its frames as a still picture.")
    if sha256_of(path) != wanted.sha256:
        return Redacted(path, "The file changed while it was looked at, so no copy was made.")
    faces, words = (_scaled(boxes, 1 / picture.scale) for boxes in (wanted.faces, wanted.words))
    content = encode(destroy(picture.rgb, faces, words), wanted.out.suffix.lower(), QUALITY)
    try:
        _write_new(wanted.out, content)
    except FileExistsError:
        return Redacted(path, "A file of that name is there already; it was left as it is, and no copy was made.")
    except OSError as error:
        return Redacted(path, f"The copy cannot be written ({error.strerror}).")
    return Redacted(path, "")


def no_copy(path: Path, reason: str) -> Redacted:
    """Return the outcome for a photo whose copying failed."""
    return Redacted(path, f"No copy was made. {reason}")


def destroy(rgb: Pixels, faces: Iterable[Box], words: Iterable[Box] = ()) -> Pixels:
    """Return a copy of the pixels in which each face is six flat colours, its whole head included, each line one."""
    result = rgb.copy()
    for boxes, cells, margins in ((words, WORDS_CELLS, WORDS_MARGINS), (faces, FACE_CELLS, FACE_MARGINS)):
        for box in boxes:
            left, top, right, bottom = _with_margins(box, margins, rgb.shape[1], rgb.shape[0])
            if right > left and bottom > top:
                # Averaged over the original, so that places that overlap do not depend on their order.
                few = cv2.resize(rgb[top:bottom, left:right], cells, interpolation=cv2.INTER_AREA)
                size = (right - left, bottom - top)
                result[top:bottom, left:right] = cv2.resize(few, size, interpolation=cv2.INTER_NEAREST)
    return result


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
