"""Documents (PDF, office files): the text of each page, and the pictures inside as files for the photo examination.

The only import of pypdfium2, which is not thread-safe: one document at a time in each process.
"""

from __future__ import annotations

import ctypes
import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw as pdfium_raw

from auditbot.examine.images import encode
from auditbot.examine.office import MOST_OF_A_PROPERTY, OLD_OFFICE_START, ZIP_START, read_office, too_long
from auditbot.examine.reading_order import Glyph, in_reading_order
from auditbot.model import DocumentFacts, DocumentPicture, Spool
from auditbot.safe_files import write_private
from auditbot.sentences import Sentence, say, together
from auditbot.settings import Examine

Pixels = NDArray[np.uint8]

LEAST_SIDE = 64
"""Pictures with a shorter side, in pixels, are ornaments and hold no face that could be told."""
MOST_PICTURES = 500
MOST_PIXELS = 40_000_000
FEW_LETTERS = 20
"""A page with fewer letters in its text layer is read as a picture: a scan, or lettering drawn as shapes."""
RENDERED_DPI = 170
RENDERED_MOST = 3000
MOST_NOTES = 2000
"""Notes and form fields of one page that are read ..."""
MOST_NOTE_BYTES = 2_000_000
"""... unless one is longer than this."""
MOST_ATTACHED = 100
NOTES = frozenset(
    {
        pdfium_raw.FPDF_ANNOT_TEXT, pdfium_raw.FPDF_ANNOT_FREETEXT, pdfium_raw.FPDF_ANNOT_STAMP,
        pdfium_raw.FPDF_ANNOT_HIGHLIGHT, pdfium_raw.FPDF_ANNOT_UNDERLINE, pdfium_raw.FPDF_ANNOT_STRIKEOUT,
        pdfium_raw.FPDF_ANNOT_SQUIGGLY, pdfium_raw.FPDF_ANNOT_INK, pdfium_raw.FPDF_ANNOT_SQUARE,
        pdfium_raw.FPDF_ANNOT_CIRCLE, pdfium_raw.FPDF_ANNOT_CARET, pdfium_raw.FPDF_ANNOT_POPUP,
    }
)  # fmt: skip
"""Kinds of note whose words a reader of the document sees, at once or by a click."""
FIELDS_WITH_WORDS = frozenset(
    {pdfium_raw.FPDF_FORMFIELD_TEXTFIELD, pdfium_raw.FPDF_FORMFIELD_COMBOBOX, pdfium_raw.FPDF_FORMFIELD_LISTBOX}
)
PROPERTIES = {
    "Title": "Document title",
    "Author": "Document author",
    "Subject": "Document subject",
    "Keywords": "Document keywords",
}

READER = "document reader 5"
"""Changes whenever the same document may give other words or pictures."""

PDFIUM_ERRORS = (pdfium.PdfiumError, ValueError, ArithmeticError, OSError, MemoryError)


@dataclass(slots=True)
class _Found:
    """What has been collected so far."""

    pages: list[str] = field(default_factory=list)
    pictures: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def documents_examined_with(settings: Examine) -> str:
    """Name the reader and its settings: a document examined with anything else is examined again."""
    return f"{READER} | {settings.max_document_pages} pages"


def examine_document(path: Path, spool: Spool, max_pages: int) -> DocumentFacts:
    """Read a PDF or an office file of unknown origin. Its pictures go into the spool, named by their content hash.

    Title, author, subject, keywords and the names of attached files stand at the head of the first page's text, one a
    line. A page that is a scan, whose letters are drawn as shapes, or whose pictures are stored in pieces becomes one
    picture as a whole. If only part of the document could be read, ``not_examined`` says which part was not, beside
    what was found.
    """
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(ZIP_START):
        return _office_facts(content, sha256, spool, max_pages)
    try:
        document = pdfium.PdfDocument(content)
    except PDFIUM_ERRORS as error:
        return DocumentFacts(sha256, (), (), _why_not_opened(content, str(error)))
    try:
        found = _read(document, spool, max_pages)
    finally:
        document.close()
    pictures = tuple(DocumentPicture(page, picture) for picture, page in found.pictures.items())
    return DocumentFacts(sha256, tuple(found.pages), pictures, together(*found.problems))


def _office_facts(content: bytes, sha256: str, spool: Spool, max_pages: int) -> DocumentFacts:
    read = read_office(content, max_pages)
    pages = read.pages
    if pages and read.properties:
        pages = ["\n\n".join(["\n".join(read.properties), pages[0]]), *pages[1:]]
    pictures: dict[str, int] = {}
    for page, picture in read.pictures:
        name = hashlib.sha256(picture).hexdigest()
        if name not in pictures:
            write_private(spool.path(name), picture)
            pictures[name] = page
    held = tuple(DocumentPicture(page, picture) for picture, page in pictures.items())
    return DocumentFacts(sha256, tuple(pages), held, together(*read.problems))


def unread_document(path: Path, reason: Sentence) -> DocumentFacts:
    """Return the outcome for a document that cannot be examined. Raises OSError if it cannot even be read."""
    return DocumentFacts(hashlib.sha256(path.read_bytes()).hexdigest(), (), (), reason)


def _why_not_opened(content: bytes, message: str) -> Sentence:
    if not content:
        return say("The file is empty.")
    if "password" in message.lower() or "security" in message.lower():
        return say("The document is protected by a password.")
    if content.startswith(OLD_OFFICE_START):
        return say("The file is in an old office format, or protected by a password, and cannot be read.")
    if b"%PDF-" not in content[:1024]:
        return say("The file is not a PDF document.")
    return say("The document is damaged or cut short and cannot be opened.")


def _read(document: pdfium.PdfDocument, spool: Spool, max_pages: int) -> _Found:
    found = _Found()
    document.init_forms()
    count = len(document)
    if count == 0:
        found.problems.append(say("The document has no pages that can be read."))
    if count > max_pages:
        found.problems.append(
            say(
                "The document has %(count)s pages; the first %(max_pages)s were read.", count=count, max_pages=max_pages
            )
        )
    for number in range(1, min(count, max_pages) + 1):
        try:
            page = document[number - 1]
            try:
                found.pages.append("\n".join(filter(None, (_page_text(page), *_notes(document, page, number, found)))))
                _take_pictures(page, number, spool, found)
            finally:
                page.close()
        except PDFIUM_ERRORS:
            found.pages.extend([""] * (number - len(found.pages)))
            found.problems.append(say("Page %(number)s could not be read in full.", number=number))
    head = _properties(document, found)
    if found.pages and head:
        found.pages[0] = f"{head}\n\n{found.pages[0]}"
    return found


def _properties(document: pdfium.PdfDocument, found: _Found) -> str:
    lines = []
    for key, label in PROPERTIES.items():
        value = document.get_metadata_value(key).strip()
        if value:
            lines.append(f"{label}: {_cut(value, found)}")
    attached = document.count_attachments()
    for index in range(min(attached, MOST_ATTACHED)):
        lines.append(f"Attached file: {_cut(document.get_attachment(index).get_name(), found)}")
    if attached > MOST_ATTACHED:
        found.problems.append(
            say("Of the attached files the names of the first %(most)s were read.", most=MOST_ATTACHED)
        )
    if attached:
        found.problems.append(
            say(
                "The document carries %(attached)s attached file%(value)s, not looked into.",
                attached=attached,
                value="s" * (attached > 1),
            )
        )
    return "\n".join(lines)


def _cut(text: str, found: _Found) -> str:
    """Return the words of a property; what is longer than any school writes is told and cut."""
    if len(text) > MOST_OF_A_PROPERTY and (told := too_long()) not in found.problems:
        found.problems.append(told)
    return text[:MOST_OF_A_PROPERTY]


def _page_text(page: pdfium.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return in_reading_order(list(_glyphs(text_page)), page_turned=page.get_rotation() != 0)
    finally:
        text_page.close()


def _notes(document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int, found: _Found) -> Iterator[str]:
    """Yield what stands in a page's forms and notes: text that is shown and belongs to no line of the page."""
    count = pdfium_raw.FPDFPage_GetAnnotCount(page)
    if count > MOST_NOTES:
        found.problems.append(
            say(
                "Page %(number)s has %(count)s notes and form fields; the first %(most)s were read.",
                number=number,
                count=count,
                most=MOST_NOTES,
            )
        )
    for index in range(min(count, MOST_NOTES)):
        note = pdfium_raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            read = _reader(document, note)
            words = "" if read is None else _string(read)
            if words is None:
                found.problems.append(
                    say("A note or form field on page %(number)s is too long to read.", number=number)
                )
            yield words or ""
        finally:
            pdfium_raw.FPDFPage_CloseAnnot(note)


def _reader(document: pdfium.PdfDocument, note: Any) -> Callable[[Any, int], int] | None:
    """Return what reads the words of a note, or of a field: typed in, or chosen from its list. None if it has none."""
    kind = pdfium_raw.FPDFAnnot_GetSubtype(note)
    if kind == pdfium_raw.FPDF_ANNOT_WIDGET and document.formenv is not None:
        form: Any = document.formenv
        if pdfium_raw.FPDFAnnot_GetFormFieldType(form, note) in FIELDS_WITH_WORDS:
            return partial(pdfium_raw.FPDFAnnot_GetFormFieldValue, form, note)
    elif kind in NOTES:
        return partial(pdfium_raw.FPDFAnnot_GetStringValue, note, b"Contents")
    return None


def _string(read: Callable[[Any, int], int]) -> str | None:
    """Ask PDFium for a string in UTF-16: first how long it is, then itself; None if it is longer than is read."""
    length = read(None, 0)
    if length > MOST_NOTE_BYTES:
        return None
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    read(ctypes.cast(buffer, ctypes.POINTER(pdfium_raw.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le", "ignore").strip("\0").strip()


def _glyphs(text_page: pdfium.PdfTextPage) -> Iterator[Glyph]:
    """Every character with its box, in the order of the file; characters without ink are left to the reader."""
    for index in range(text_page.count_chars()):
        code = pdfium_raw.FPDFText_GetUnicode(text_page, index)
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            continue
        left, bottom, right, top = text_page.get_charbox(index, loose=True)
        angle = -math.degrees(max(pdfium_raw.FPDFText_GetCharAngle(text_page, index), 0.0)) % 360  # it counts clockwise
        size = pdfium_raw.FPDFText_GetFontSize(text_page, index)
        added = pdfium_raw.FPDFText_IsGenerated(text_page, index) == 1
        yield Glyph(chr(code), left, -top, right, -bottom, angle, size, added)


def _take_pictures(page: pdfium.PdfPage, number: int, spool: Spool, found: _Found) -> None:
    images = list(page.get_objects(filter=(pdfium_raw.FPDF_PAGEOBJ_IMAGE,)))
    wordless = sum(map(str.isalpha, found.pages[-1])) < FEW_LETTERS and next(page.get_objects(), None) is not None
    if wordless or _is_cut_up(images):
        _keep(_rendered(page), number, spool, found)
        return
    for image in images:
        width, height = image.get_px_size()
        if min(width, height) < LEAST_SIDE:
            continue
        if len(found.pictures) >= MOST_PICTURES:
            found.problems.append(
                say(
                    "The document has more than %(MOST_PICTURES)s pictures; the others were not examined.",
                    MOST_PICTURES=MOST_PICTURES,
                )
            )
            return
        if width * height > MOST_PIXELS:
            found.problems.append(say("A picture on page %(number)s is too large to be examined.", number=number))
            continue
        try:
            pixels = _pixels(image.get_bitmap(render=True))
        except PDFIUM_ERRORS:
            found.problems.append(say("A picture on page %(number)s is damaged and was not examined.", number=number))
            continue
        _keep(np.rot90(pixels, -(page.get_rotation() // 90)), number, spool, found)


def _is_cut_up(images: list[Any]) -> bool:
    """True if a picture was stored in strips or tiles, as some programs do: a face may lie across the cut."""
    boxes = [image.get_bounds() for image in images[:MOST_PICTURES]]
    stacked = {(round(left), round(right), round(top)) for left, _, right, top in boxes}
    beside = {(round(bottom), round(top), round(left)) for left, bottom, _, top in boxes}
    return any(
        (round(left), round(right), round(bottom)) in stacked or (round(bottom), round(top), round(right)) in beside
        for left, bottom, right, top in boxes
        if right - left >= 1 and top - bottom >= 1
    )


def _rendered(page: pdfium.PdfPage) -> Pixels:
    scale = min(RENDERED_DPI / 72, RENDERED_MOST / max(page.get_width(), page.get_height(), 1))
    return _pixels(page.render(scale=scale, rev_byteorder=False, fill_color=(255, 255, 255, 255)))


def _pixels(bitmap: Any) -> Pixels:
    """Height x width x 3, RGB, transparent parts white. Raises ValueError if nothing was drawn at all."""
    values = np.asarray(bitmap.to_numpy())
    if values.ndim == 2 or values.shape[2] == 1:
        return np.repeat(values.reshape(*values.shape[:2], 1), 3, axis=2)
    colours: NDArray[np.float32] = values[..., 2::-1].astype(np.float32)
    if bitmap.mode == "BGRA":
        if not values[..., 3].any():
            raise ValueError("a picture of nothing: its decoder gave up")
        cover = values[..., 3:].astype(np.float32) / np.float32(255)
        colours = colours * cover + np.float32(255) * (np.float32(1) - cover)
    return np.ascontiguousarray(colours.astype(np.uint8))


def _keep(pixels: Pixels, number: int, spool: Spool, found: _Found) -> None:
    """Write a picture into the spool under its content hash, unless this document held it already."""
    content = encode(np.ascontiguousarray(pixels), ".jpg", quality=92)
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 not in found.pictures:
        write_private(spool.path(sha256), content)
        found.pictures[sha256] = number
