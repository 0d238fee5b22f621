"""Examine one photo: pure, without store, register or gallery."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditbot.examine.engines.choice import EngineChoice, choice_of, open_engine
from auditbot.examine.faces import Engine, FaceWithVector, find_faces
from auditbot.examine.images import NotDecodable, decode
from auditbot.examine.metadata import photo_metadata
from auditbot.examine.words import WordReader
from auditbot.model import Box, PhotoMetadata, Words
from auditbot.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedPhoto:
    """What a worker found in one file. It carries face vectors, so it is handed on in memory and never stored."""

    sha256: str
    """Content hash of the file."""
    width: int
    """Width in pixels, upright."""
    height: int
    """Height in pixels, upright; of all panels together, if the picture moves."""
    faces: tuple[FaceWithVector, ...]
    """All faces found, left to right, boxes in pixels of the upright picture."""
    words: tuple[Words, ...]
    """All lines of words found, top to bottom, boxes in pixels of the upright picture."""
    panels: tuple[Box, ...] = ()
    """Where each frame stands in a picture that moves; one child may be in several. One panel for a still picture."""
    not_examined: str = ""
    """Why the file, or part of it, was not examined; empty if all was. Faces and words found count all the same."""
    metadata: PhotoMetadata = field(default_factory=PhotoMetadata)
    """What the file says besides the picture."""


class Models:
    """The face engine and the word reader of one worker. Each loads on first use."""

    def __init__(self) -> None:
        self._engines: dict[EngineChoice, Engine] = {}
        self.reader = WordReader()

    def engine(self, choice: EngineChoice) -> Engine:
        """Return the face engine chosen. Raises EngineMissing or ModelFileWrong if it cannot be had."""
        if choice not in self._engines:
            self._engines[choice] = open_engine(choice)
        return self._engines[choice]


def sha256_of(path: Path) -> str:
    """Return the content hash of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unexamined(path: Path, reason: str) -> ExaminedPhoto:
    """Return the outcome for a file that cannot be examined. Raises OSError if it cannot even be read."""
    return ExaminedPhoto(sha256_of(path), 0, 0, (), (), not_examined=reason)


def examine_photo(path: Path, settings: Settings, models: Models | None = None) -> ExaminedPhoto:
    """Decode a file of unknown origin, find and embed its faces, read its words.

    ``models`` keeps what is loaded between calls. A file that cannot be decoded is an outcome, not an error.
    """
    models = models or Models()
    picture = decode(path, settings.examine.max_megapixels)
    if isinstance(picture, NotDecodable):
        return replace(unexamined(path, picture.reason), metadata=photo_metadata(path))
    faces = find_faces(picture.rgb, models.engine(choice_of(settings.faces)))
    words = models.reader.read(picture.rgb) if settings.examine.read_words else ()
    if picture.scale != 1.0:
        faces = tuple(replace(face, box=_scaled(face.box, picture.scale)) for face in faces)
        words = tuple(replace(line, box=_scaled(line.box, picture.scale)) for line in words)
    return ExaminedPhoto(
        sha256_of(path),
        picture.width,
        picture.height,
        faces,
        words,
        picture.panels,
        picture.partly,
        photo_metadata(path),
    )


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    return x * factor, y * factor, width * factor, height * factor
