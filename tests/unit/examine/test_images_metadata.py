"""What a photo's metadata gives away is found in each of the three blocks that cameras and programs write."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, TiffImagePlugin

from auditbot.examine.photo import examine_photo, photo_metadata
from auditbot.model import PhotoMetadata
from auditbot.settings import Examine, School, Settings
from tests.unit.examine.hostile_pictures import saved, scene, write

SETTINGS = Settings(school=School(name="Larkmere"), examine=Examine(read_words=False))
NOTHING = PhotoMetadata(False, False, ())
PEOPLE = (
    "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:ext='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'"
    " xmlns:aux='http://ns.adobe.com/exif/1.0/aux/' xmlns:mwg='http://www.metadataworkinggroup.com/schemas/regions/'"
    " xmlns:exif='http://ns.adobe.com/exif/1.0/' {attributes}>"
    "<dc:creator><rdf:Seq><rdf:li>A. Whitlock</rdf:li></rdf:Seq></dc:creator>"
    "<dc:subject><rdf:Bag><rdf:li>farm</rdf:li><rdf:li>reception</rdf:li></rdf:Bag></dc:subject>"
    "<ext:PersonInImage><rdf:Bag><rdf:li>Amelia Whitlock</rdf:li></rdf:Bag></ext:PersonInImage>"
    "<mwg:RegionList><rdf:Bag><rdf:li><rdf:Description mwg:Name='Teddy Bexley'/></rdf:li></rdf:Bag></mwg:RegionList>"
    "</rdf:Description>"
)


def xmp(inside: str, prologue: str = "") -> bytes:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    body = f"<rdf:RDF xmlns:rdf='{rdf}'>{inside}</rdf:RDF>"
    return f"{prologue}<x:xmpmeta xmlns:x='adobe:ns:meta/'>{body}</x:xmpmeta>".encode()


def exif(
    values: dict[int, object], camera: dict[int, object] | None = None, place: dict[int, object] | None = None
) -> Image.Exif:
    block = Image.Exif()
    block.update(values)
    block.get_ifd(0x8769).update(camera or {})
    block.get_ifd(0x8825).update(place or {})
    return block


def test_a_photo_without_metadata_gives_nothing_away(tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "HEIF"):
        assert photo_metadata(write(tmp_path, saved(scene(), kind))) == NOTHING


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_exif_names_place_camera_and_people(kind: str, tmp_path: Path) -> None:
    degrees = tuple(TiffImagePlugin.IFDRational(number) for number in (51, 30, 12))
    block = exif(
        {0x010E: "Amelia at the farm", 0x013B: "A. Whitlock", 0x9C9E: "farm; Teddy Bexley".encode("utf-16-le")},
        {0xA431: "0123456789", 0x9286: b"ASCII\0\0\0by Mum"},
        {1: "N", 2: degrees, 3: "W", 4: degrees},
    )
    found = photo_metadata(write(tmp_path, saved(scene(), kind, exif=block)))
    assert found == PhotoMetadata(
        True,
        True,
        (
            ("author", "A. Whitlock"),
            ("comment", "by Mum"),
            ("description", "Amelia at the farm"),
            ("keywords", "farm; Teddy Bexley"),
        ),
    )


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_xmp_names_the_people_shown(kind: str, tmp_path: Path) -> None:
    packet = xmp(PEOPLE.format(attributes="aux:SerialNumber='12345' exif:GPSLatitude='51,30.2N'"))
    found = photo_metadata(write(tmp_path, saved(scene(), kind, xmp=packet)))
    assert found.has_position
    assert found.has_serial_number
    assert found.words == (
        ("author", "A. Whitlock"),
        ("keywords", "farm"),
        ("keywords", "reception"),
        ("person shown", "Amelia Whitlock"),
        ("person shown", "Teddy Bexley"),
    )


def test_iptc_names_author_and_caption(tmp_path: Path) -> None:
    def field(number: int, text: bytes) -> bytes:
        return b"\x1c\x02" + bytes([number]) + len(text).to_bytes(2, "big") + text

    fields = field(80, b"A. Whitlock") + field(120, b"Reception at the farm") + field(25, b"farm") + field(25, b"lambs")
    resource = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(fields).to_bytes(4, "big") + fields
    resource += b"\0" * (len(fields) % 2)
    segment = b"\xff\xed" + (len(resource) + 2).to_bytes(2, "big") + resource
    content = saved(scene(), "JPEG")
    found = photo_metadata(write(tmp_path, content[:2] + segment + content[2:]))
    assert found.words == (
        ("author", "A. Whitlock"),
        ("description", "Reception at the farm"),
        ("keywords", "farm"),
        ("keywords", "lambs"),
    )


@pytest.mark.parametrize(
    "packet",
    [
        xmp("<a>&e;</a>", "<!DOCTYPE x [<!ENTITY e 'Amelia Whitlock'>]>"),
        xmp(PEOPLE.format(attributes=""))[:-20],
        b"\xff\xfe not xml",
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
        b"",
    ],
)
def test_hostile_xmp_is_not_read(packet: bytes, tmp_path: Path) -> None:
    assert photo_metadata(write(tmp_path, saved(scene(), "WEBP", xmp=packet))) == NOTHING


@pytest.mark.parametrize(
    "content", [b"", b"hello", saved(scene(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01")]
)
def test_metadata_that_cannot_be_read_gives_nothing(content: bytes, tmp_path: Path) -> None:
    assert photo_metadata(write(tmp_path, content)) == NOTHING


def test_a_name_after_a_long_description_is_read(tmp_path: Path) -> None:
    text = "x" * 500 + " Freddie Bell"
    path = write(tmp_path, saved(scene(), "JPEG", exif=exif({0x010E: text})))
    assert photo_metadata(path).words == (("description", text),)
    assert examine_photo(path, SETTINGS).not_examined == ""


def test_endless_values_are_cut_and_that_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, saved(scene(), "JPEG", exif=exif({0x010E: "x" * 30_000})))
    assert photo_metadata(path).words == (("description", "x" * 20_000),)
    assert "longer than what is read" in examine_photo(path, SETTINGS).not_examined
