"""Text that lies on its side, leans or bends is read as lines; forms and notes are read too."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from auditbot.examine.documents import examine_document
from auditbot.model import DocumentFacts, Spool
from tests.unit.examine.small_pdf import HELVETICA, lines, pdf, stream

LINES = ("Star of the week in Robins class", "Well done Saffron Thistlewood", "for kind hands at playtime")


def pages(folder: Path, content: bytes) -> list[str]:
    path = folder / "a.pdf"
    path.write_bytes(content)
    return list(examine_document(path, Spool(folder), 10).pages)


def leaning(angle: float, texts: tuple[str, ...], size: int = 14, x: float = 300, y: float = 400) -> bytes:
    """Return lines turned by an angle against the clock, one under the other as they lie."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    shown = b"".join(
        b"%.4f %.4f %.4f %.4f %.2f %.2f Tm (%s) Tj " % (c, s, -s, c, x + 20 * i * s, y - 20 * i * c, text.encode())
        for i, text in enumerate(texts)
    )
    return b"BT /F1 %d Tf %s ET\n" % (size, shown)


@pytest.mark.parametrize("angle", [0, 1, 3, 8, 15, 30, 44, 45, 46, 60, 75, 90, 120, 180, 200, 270, 315, 352])
def test_lines_at_any_angle_are_read_as_lines(tmp_path: Path, angle: float) -> None:
    assert pages(tmp_path, pdf([leaning(angle, LINES)]))[0].splitlines() == list(LINES)


@pytest.mark.parametrize(("stored", "shown"), [(90, 90), (270, 270), (180, 180), (90, 0), (0, 90)])
def test_a_page_stored_sideways_reads_the_same(tmp_path: Path, stored: int, shown: int) -> None:
    content = pdf([leaning(stored, LINES)], page_entries=b"/Rotate %d" % shown)
    assert pages(tmp_path, content)[0].splitlines() == list(LINES)


def test_a_margin_that_runs_upwards_does_not_break_the_page(tmp_path: Path) -> None:
    upright = [(60.0, 700.0 - 20 * i, text) for i, text in enumerate(LINES)]
    content = lines(upright) + leaning(90, ("Photo by Saffron Thistlewood",), 9, 30, 300)
    assert pages(tmp_path, pdf([content]))[0].splitlines() == [*LINES, "Photo by Saffron Thistlewood"]


def test_two_columns_on_a_page_that_lies_on_its_side_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = tuple(f"left column says line number {i}" for i in range(6))
    right = tuple(f"right column says line number {i}" for i in range(6))
    content = b"".join(
        leaning(90, (one,), 11, 200 + 16 * i, 60) + leaning(90, (other,), 11, 200 + 16 * i, 320)
        for i, (one, other) in enumerate(zip(left, right, strict=True))
    )
    assert pages(tmp_path, pdf([content]))[0].splitlines() == [*left, *right]


@pytest.mark.parametrize("radius", [120.0, 180.0, 300.0])
def test_a_headline_along_a_curve_is_one_line(tmp_path: Path, radius: float) -> None:
    text, shown = "Saffron Thistlewood", b""
    for place, letter in enumerate(text):
        turn = math.pi / 2 + 0.5 * len(text) * 9 / radius - place * 9 / radius
        x, y, lean = 300 + radius * math.cos(turn), 300 + radius * math.sin(turn), turn - math.pi / 2
        c, s = math.cos(lean), math.sin(lean)
        shown += b"%.4f %.4f %.4f %.4f %.2f %.2f Tm (%s) Tj " % (c, s, -s, c, x, y, letter.encode())
    read = pages(tmp_path, pdf([lines([(60, 100, "The summer fair")]) + b"BT /F1 14 Tf %s ET\n" % shown]))[0]
    assert "Saffron Thistlewood" in " ".join(read.split())


FORM = stream(b"BT /F1 12 Tf 2 8 Td (Saffron Thistlewood) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 340 30]")


def with_note(note: bytes, catalog: bytes = b"") -> bytes:
    """Return a page with one note; objects 4 and 5 are the note and how it looks."""
    page = lines([(60, 700, "School trip reply slip for the whole of Robins class")])
    return pdf([page], page_entries=b"/Annots [4 0 R]", extra=[note, FORM, HELVETICA], catalog=catalog)


def test_what_was_typed_into_a_form_is_read(tmp_path: Path) -> None:
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Saffron Thistlewood) /Rect [60 600 400 630] "
        b"/DA (/F1 12 Tf) /AP << /N 5 0 R >> >>"
    )
    read = pages(tmp_path, with_note(field, b"/AcroForm << /Fields [4 0 R] >>"))[0]
    assert read.splitlines()[-1] == "Saffron Thistlewood"


@pytest.mark.parametrize("kind", [b"FreeText", b"Text", b"Highlight"])
def test_the_words_of_a_note_are_read(tmp_path: Path, kind: bytes) -> None:
    note = b"<< /Type /Annot /Subtype /%s /Contents (Saffron Thistlewood is away) /Rect [60 500 300 540] >>" % kind
    assert pages(tmp_path, with_note(note))[0].splitlines()[-1] == "Saffron Thistlewood is away"


def test_a_link_is_no_note(tmp_path: Path) -> None:
    link = b"<< /Type /Annot /Subtype /Link /Contents (not shown) /Rect [60 500 300 540] >>"
    assert "not shown" not in pages(tmp_path, with_note(link))[0]


def _noted(folder: Path, *notes: str) -> DocumentFacts:
    objects = [
        b"<< /Type /Annot /Subtype /FreeText /Contents (%s) /Rect [60 500 300 540] >>" % one.encode() for one in notes
    ]
    places = b" ".join(b"%d 0 R" % (4 + number) for number in range(len(objects)))
    path = folder / "a.pdf"
    path.write_bytes(
        pdf([lines([(60, 700, "For the whole of Robins class")])], page_entries=b"/Annots [%s]" % places, extra=objects)
    )
    return examine_document(path, Spool(folder), 10)


def test_notes_beyond_those_that_are_read_are_told(tmp_path: Path) -> None:
    all_read = _noted(tmp_path, *["."] * 1_999, "Saffron Thistlewood")
    assert "Saffron Thistlewood" in all_read.pages[0] and all_read.not_examined == ""
    assert "2001 notes and form fields; the first 2000" in _noted(tmp_path, *["."] * 2_000, "Saffron").not_examined


def test_a_long_note_is_read_and_an_endless_one_is_told(tmp_path: Path) -> None:
    long = _noted(tmp_path, "x" * 105_000 + " Saffron Thistlewood")
    assert "Saffron Thistlewood" in long.pages[0] and long.not_examined == ""
    assert "too long to read" in _noted(tmp_path, "x" * 1_000_001).not_examined


def test_of_attached_files_every_name_counts(tmp_path: Path) -> None:
    names = b" ".join(b"(%d) << /Type /Filespec /F (n.txt) /UF (n.txt) >>" % number for number in range(101))
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf([lines([(60, 700, "News")])], catalog=b"/Names << /EmbeddedFiles << /Names [%s] >> >>" % names)
    )
    facts = examine_document(path, Spool(tmp_path), 10)
    assert facts.pages[0].count("Attached file: n.txt") == 100
    assert "the names of the first 100 were read" in facts.not_examined
