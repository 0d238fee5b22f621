"""What the metadata of a published photo gives away: the place, the camera, and words about people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from auditbot.examine.images import RawMetadata, raw_metadata
from auditbot.model import PhotoMetadata

LONGEST = 500
GPS_LATITUDE = 2
SERIAL_NUMBERS = (0xA431, 0xA435, 0xC62F, 0xA430)
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
        words=tuple(sorted((field, text[:LONGEST]) for field, text in words if text)),
    )


def _exif_words(raw: RawMetadata) -> Iterator[tuple[str, str]]:
    for tag, field in EXIF_WORDS.items():
        value = raw.exif.get(tag)
        if isinstance(value, tuple):  # Windows writes its own tags as bytes of UTF-16
            value = bytes(number for number in value if isinstance(number, int) and 0 <= number < 256)
        if isinstance(value, bytes) and 0x9C9B <= tag <= 0x9C9F:
            value = value.decode("utf-16-le", "ignore")
        if isinstance(value, bytes) and tag == 0x9286:  # its first eight bytes name the encoding
            value = value[8:].decode("utf-16" if value.startswith(b"UNICODE") else "latin-1", "ignore")
        yield field, _text(value)


def _iptc_words(raw: RawMetadata) -> Iterator[tuple[str, str]]:
    for key, field in IPTC_WORDS.items():
        value = raw.iptc.get(key)
        for one in value if isinstance(value, list) else [value]:
            yield field, _text(one)


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
