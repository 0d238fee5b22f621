"""The pictures of a report on exposure: small, every face and every line of words in them hidden for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from auditbot.examine.hide import destroy
from auditbot.examine.images import NotDecodable, decode, encode, resize
from auditbot.exposure.exposed import ExposedPhoto
from auditbot.model import Box

LONGEST_SIDE = 300


def hidden_pictures(
    photos: Iterable[ExposedPhoto], files: Mapping[str, Path], max_megapixels: float
) -> dict[str, bytes]:
    """Return a small JPEG of each photo at hand, by content hash, without a face, a word or anything else of the file."""
    made = {}
    for photo in photos:
        picture = decode(files[photo.sha256], max_megapixels) if photo.sha256 in files else None
        if picture is None or isinstance(picture, NotDecodable):
            continue
        faces = [_scaled(face.box, 1 / picture.scale) for face in photo.faces]
        words = [_scaled(box, 1 / picture.scale) for box in photo.words]
        made[photo.sha256] = encode(resize(destroy(picture.rgb, faces, words), LONGEST_SIDE), ".jpg", 80)
    return made


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    return x * factor, y * factor, width * factor, height * factor
