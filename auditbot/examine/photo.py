"""One photo examined: its faces, its words, and what its metadata gives away; without store, register or gallery."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

from auditbot.examine.faces.engines import EngineChoice, choice_of, open_engine
from auditbot.examine.faces.faces import Engine, FaceWithVector, find_faces
from auditbot.examine.images import NotDecodable, RawMetadata, decode, raw_metadata
from auditbot.examine.words import WordReader
from auditbot.model import Box, PhotoMetadata, Words
from auditbot.sentences import NOTHING, Sentence, say, together
from auditbot.settings import Settings

# What the metadata of a published photo gives away: the place, the camera, and words about people.

LONGEST = 20_000
"""Characters of one field that are read; what is longer is told as not read in full."""
GPS_LATITUDE = 2
SERIAL_NUMBERS = (0xA431, 0xA435, 0xC62F, 0xA430)
TIMES = (0x9003, 0x9004)  # taken, digitised: the day of writing is that of the website
DEVICES = (0x010F, 0x0110, 0xA434)
# Field names as a report shows them.
EXIF_WORDS = {
    0x010E: "description",
    0x013B: "author",
    0x8298: "copyright",
    0x9C9B: "title",
    0x9C9C: "comment",
    0x9C9D: "author",
    0x9C9E: "keywords",
    0x9C9F: "subject",
    0x9286: "comment",
    0xA430: "camera owner",
}
IPTC_WORDS = {
    (2, 5): "title",
    (2, 25): "keywords",
    (2, 80): "author",
    (2, 90): "place",
    (2, 92): "place",
    (2, 105): "title",
    (2, 110): "author",
    (2, 116): "copyright",
    (2, 118): "contact",
    (2, 120): "description",
    (2, 122): "author",
}
XMP_WORDS = {
    "creator": "author",
    "description": "description",
    "title": "title",
    "subject": "keywords",
    "rights": "copyright",
    "PersonInImage": "person shown",
    "PersonDisplayName": "person shown",
    "Name": "person shown",
    "Credit": "author",
    "CaptionWriter": "author",
    "Headline": "title",
    "City": "place",
    "Location": "place",
    "OwnerName": "camera owner",
}
XMP_TIMES = ("DateTimeOriginal", "DateTimeDigitized", "DateCreated")
XMP_DEVICES = ("Make", "Model", "LensModel")
XMP_SERIALS = ("SerialNumber", "LensSerialNumber", "BodySerialNumber", "CameraSerialNumber")


def photo_metadata(path: Path) -> PhotoMetadata:
    """Read what the metadata of a picture of unknown origin gives away; nothing where it cannot be read."""
    raw = raw_metadata(path)
    xmp = list(_xmp_values(raw.xmp))
    words = {*_exif_words(raw), *_iptc_words(raw)}
    words |= {(XMP_WORDS[name], text) for name, text in xmp if name in XMP_WORDS}
    return PhotoMetadata(
        has_position=GPS_LATITUDE in raw.gps or any(name == "GPSLatitude" for name, _ in xmp),
        has_serial_number=any(_text(raw.exif.get(tag)) for tag in SERIAL_NUMBERS)
        or any(name in XMP_SERIALS for name, _ in xmp),
        has_time=any(_text(raw.exif.get(tag)) for tag in TIMES) or any(name in XMP_TIMES for name, _ in xmp),
        has_device=any(_text(raw.exif.get(tag)) for tag in DEVICES) or any(name in XMP_DEVICES for name, _ in xmp),
        words=tuple(sorted((field, text[:LONGEST]) for field, text in words if text)),
    )


def _exif_words(raw: RawMetadata) -> Iterator[tuple[str, str]]:
    for tag, kind in EXIF_WORDS.items():
        value = raw.exif.get(tag)
        if isinstance(value, tuple):  # Windows writes its own tags as bytes of UTF-16
            value = bytes(number for number in value if isinstance(number, int) and 0 <= number < 256)
        if isinstance(value, bytes) and 0x9C9B <= tag <= 0x9C9F:
            value = value.decode("utf-16-le", "ignore")
        if isinstance(value, bytes) and tag == 0x9286:  # its first eight bytes name the encoding
            value = value[8:].decode("utf-16" if value.startswith(b"UNICODE") else "latin-1", "ignore")
        yield kind, _text(value)


def _iptc_words(raw: RawMetadata) -> Iterator[tuple[str, str]]:
    for key, kind in IPTC_WORDS.items():
        value = raw.iptc.get(key)
        for one in value if isinstance(value, list) else [value]:
            yield kind, _text(one)


def _xmp_values(packet: bytes) -> Iterator[tuple[str, str]]:
    """Local name and text of every property; a packet that defines entities is hostile and not read."""
    if not packet or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return
    try:
        root = ElementTree.fromstring(packet.strip(b"\0 \t\r\n"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return
    for element in root.iter():
        for name, value in element.attrib.items():
            yield name.rpartition("}")[2], _text(value)
        name = element.tag.rpartition("}")[2]
        items = [item for item in element.iter() if item.tag.endswith("}li")]
        for one in items or [element]:
            yield name, _text(one.text)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return " ".join(value.replace("\0", " ").split()) if isinstance(value, str) else ""


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
    not_examined: Sentence = NOTHING
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


def unexamined(path: Path, reason: Sentence) -> ExaminedPhoto:
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
    metadata = photo_metadata(path)
    return ExaminedPhoto(
        sha256_of(path),
        picture.width,
        picture.height,
        faces,
        words,
        picture.panels,
        together(picture.partly, _of_metadata(metadata)),
        metadata,
    )


def _of_metadata(metadata: PhotoMetadata) -> Sentence:
    """Return what of a picture's own words was not read."""
    if all(len(text) < LONGEST for _, text in metadata.words):
        return NOTHING
    return say("The words that the file carries about itself are longer than what is read of them.")


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    return x * factor, y * factor, width * factor, height * factor
