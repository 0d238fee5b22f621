"""Pictures of a draft, made in the workers: a file from outside is decoded nowhere else."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from auditbot.errors import EvidenceUnreadable
from auditbot.evidence.numbered import numbered_picture
from auditbot.examine.images import NotDecodable, decode, encode
from auditbot.model import Box

PREVIEW_SIDE = 640
"""Pixels of the longer side of the picture in an answer."""
COPY_QUALITY = 92
Made = tuple[Path, bytes]
"""The file, and a JPEG; empty if none could be made."""


def small_picture(path: Path, *, boxes: Mapping[Path, Sequence[Box]], max_megapixels: float) -> Made:
    """Return a photo made small, with these boxes numbered from 1."""
    with tempfile.TemporaryDirectory(dir=path.parent) as place:
        out = Path(place) / "small.jpg"
        try:
            numbered_picture(path, out, boxes.get(path, ()), (), PREVIEW_SIDE, max_megapixels)
        except EvidenceUnreadable:
            return path, b""
        return path, out.read_bytes()


def plain_copy(path: Path, *, max_megapixels: float) -> Made:
    """Return a photo at its own size without anything that its file tells: place, camera, words."""
    picture = decode(path, max_megapixels)
    return path, b"" if isinstance(picture, NotDecodable) else encode(picture.rgb, ".jpg", COPY_QUALITY)


def no_picture(path: Path, _reason: str) -> Made:
    """Return that there is none: its decoder stopped or took too long."""
    return path, b""
