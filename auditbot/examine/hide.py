"""The one way to destroy a face or a line of words: one fixed colour, the same for everybody, the whole head included.

Averages of the face's own pixels, however few, tell skin and hair apart: who hides his own photos alike finds the right
one of 300 first 13 times as often as by chance (twelve averages) and two to three times (six); with one fixed colour he
does no better than by chance (LFW, 2026-11-29; `python -m tests.bench.exposure --only hidden` measures it anew).
Copies are encoded anew from pixels, with nothing else of the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditbot.examine.images import NotDecodable, Pixels, decode, encode
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
