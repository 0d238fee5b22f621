"""Office documents (docx, pptx, xlsx, odt, odp, ods): their text, properties and pictures, read as packed XML.

Only what is written in the file is read: nothing is run, no link is followed, no entity expanded.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import imagesize  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from auditbot.sentences import Sentence, say

MOST_BYTES = 40_000_000
"""No part of a document may unpack to more than this ..."""
MOST_BYTES_TOGETHER = 200_000_000
"""... nor all parts that are read: a packed file can be made to unpack to anything."""
MOST_OF_A_PROPERTY = 20_000
"""Characters of one property that are read."""
MOST_PICTURES = 500
LEAST_SIDE = 64
"""Pictures with a shorter side, in pixels, are ornaments."""
ZIP_START = b"PK\x03\x04"
OLD_OFFICE_START = b"\xd0\xcf\x11\xe0"

READ_ERRORS = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, OSError, ValueError, EOFError, NotImplementedError)
_PICTURES = re.compile(r"(?:word|ppt|xl)/media/|Pictures/|media/")
_PHOTO = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp|heic|avif)$", re.IGNORECASE)
_DRAWING = re.compile(r"\.(?:emf|wmf|svg|svm)$", re.IGNORECASE)
_WORD_PARTS = re.compile(r"word/(?:header|footer|footnotes|endnotes|comments)\d*\.xml")
_DRAWN = re.compile(r"(?:word|ppt|xl)/(?:charts/chart(?:Ex)?|diagrams/data)\d*\.xml")
_BEHIND_SLIDES = ("ppt/slideLayouts/", "ppt/slideMasters/")
_MARKS_OF_A_HEADER = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|\d{1,3}|[A-Z])', re.IGNORECASE)
"""What stands in the header of a sheet and is no text: places, fonts, sizes, colours, fields."""
_NAMELESS_SHEET = re.compile(r"Sheet ?\d+", re.IGNORECASE)
_PROPERTIES = {
    "title": "Document title",
    "creator": "Document author",
    "initial-creator": "Document author",
    "lastModifiedBy": "Document last changed by",
    "subject": "Document subject",
    "description": "Document description",
    "keywords": "Document keywords",
    "keyword": "Document keywords",
    "manager": "Document manager",
}
_PARAGRAPHS = frozenset({"p", "h"})
_ROWS = frozenset({"tr", "table-row"})
_CELLS = frozenset({"tc", "table-cell", "covered-table-cell"})
_BLANKS = {"tab": " ", "br": "\n", "cr": "\n", "s": " ", "line-break": "\n", "noBreakHyphen": "-"}
# What a program writes beside the newer form of the same thing.
_DOUBLES = frozenset({"Fallback"})


@dataclass(slots=True)
class OfficeContent:
    """What one office document holds."""

    pages: list[str] = field(default_factory=list)
    """The text: of the whole for a text document, of each slide, of each sheet."""
    properties: list[str] = field(default_factory=list)
    """Properties that are filled in, such as "Document author: ...", each once."""
    pictures: list[tuple[int, bytes]] = field(default_factory=list)
    """The pictures inside as files, with the number of their page, from 1."""
    problems: list[str] = field(default_factory=list)
    """Sentences about what could not be read."""


def read_office(content: bytes, max_pages: int) -> OfficeContent:
    """Read an office document of unknown origin. What cannot be read is told in ``problems``."""
    found = OfficeContent()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _read(_Parts(archive), found, max_pages)
    except (*READ_ERRORS, RuntimeError) as error:
        # zipfile raises RuntimeError for a part that needs a password.
        encrypted = "password" in str(error).lower() or "encrypted" in str(error).lower()
        found.problems.append(
            say("The document is protected by a password.")
            if encrypted
            else say("The document is damaged or cut short and was not read in full.")
        )
    return found


class _Parts:
    """The packed parts, unpacked within bounds."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = MOST_BYTES_TOGETHER
        self.names = archive.namelist()
        self.repaired: set[str] = set()
        """Names of parts whose marks were broken: what came through was read, and something may be missing."""

    def content(self, name: str) -> bytes:
        with self._archive.open(name) as part:
            content = part.read(min(MOST_BYTES, self._left) + 1)
        self._left -= len(content)
        if len(content) > MOST_BYTES or self._left < 0:
            raise ValueError("a part unpacks to more than a document of a school holds")
        return content

    def root(self, name: str) -> etree._Element | None:
        if name not in self.names:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
        root = etree.fromstring(self.content(name), parser)
        if any(entry.level >= etree.ErrorLevels.FATAL for entry in parser.error_log):
            self.repaired.add(name)
        return root

    def numbered(self, pattern: str) -> list[str]:
        """The names that match, in the order of the number in them."""
        found = [(int(match[1]), name) for name in self.names if (match := re.fullmatch(pattern, name))]
        return [name for _, name in sorted(found)]


def _read(parts: _Parts, found: OfficeContent, max_pages: int) -> None:
    pages = list(_pages(parts))
    if not pages:
        found.problems.append(say("The file is not a document of a kind that is read."))
        return
    if len(pages) > max_pages:
        found.problems.append(
            say(
                "The document has %(count)s pages; the first %(max_pages)s were read.",
                count=len(pages),
                max_pages=max_pages,
            )
        )
    for name in ("docProps/core.xml", "docProps/app.xml", "meta.xml"):
        found.properties += _properties(parts.root(name))
    found.properties += _own_properties(parts.root("docProps/custom.xml"))
    if any(len(one) > MOST_OF_A_PROPERTY for one in found.properties):
        found.problems.append(too_long())
    found.properties = list(dict.fromkeys(one[:MOST_OF_A_PROPERTY] for one in found.properties))
    shown_on: dict[str, int] = {}
    strings, called = _shared_strings(parts), _sheet_names(parts)
    for number, names in enumerate(_with_what_is_drawn(parts, pages)[:max_pages], 1):
        lines = [f"Sheet: {called[name]}" for name in names if name in called]
        for name in names:
            root = parts.root(name)
            if root is None:
                continue
            if name.startswith("xl/worksheets/"):
                lines += [*_rows(root, strings), *_headers(root)]
            elif name.startswith(_BEHIND_SLIDES):
                lines += _lines(_without_placeholders(root))
            else:
                lines += dict.fromkeys(_labels(root)) if _DRAWN.fullmatch(name) else _lines(root)
            shown_on.update((picture, number) for picture in _linked(parts, name) if picture not in shown_on)
        found.pages.append("\n".join(line for line in lines if line.strip()))
    _take_pictures(parts, shown_on, found)
    if parts.repaired:
        found.problems.append(say("The file is damaged inside: it was read as far as it could be, and not in full."))


def _pages(parts: _Parts) -> Iterator[list[str]]:
    """The names of the parts that make up each page."""
    if "word/document.xml" in parts.names:
        yield ["word/document.xml", *(name for name in parts.names if _WORD_PARTS.fullmatch(name))]
    behind: set[str] = set()
    for slide in _as_shown(parts, "ppt/presentation.xml", "sldId", parts.numbered(r"ppt/slides/slide(\d+)\.xml")):
        linked = _linked(parts, slide)
        notes = [name for name in linked if name.startswith("ppt/notesSlides/")]
        comments = [name for name in linked if name.startswith("ppt/comments/")]
        layouts = [name for name in linked if name.startswith("ppt/slideLayouts/")]
        masters = [one for name in layouts for one in _linked(parts, name) if one.startswith("ppt/slideMasters/")]
        first = [name for name in (*layouts, *masters) if name not in behind]
        behind.update(first)
        yield [slide, *notes, *comments, *first]
    for sheet in _as_shown(parts, "xl/workbook.xml", "sheet", parts.numbered(r"xl/worksheets/sheet(\d+)\.xml")):
        yield [sheet, *(name for name in _linked(parts, sheet) if name.startswith(("xl/comments", "xl/drawings/")))]
    if "content.xml" in parts.names:
        yield ["content.xml", "styles.xml"]


def _as_shown(parts: _Parts, book: str, entry: str, found: list[str]) -> list[str]:
    """The parts in the order in which the document shows them; what it does not show, but still holds, comes last."""
    shown = [path for _, path in _entries(parts, book, entry) if path in found]
    return list(dict.fromkeys([*shown, *found]))


def _entries(parts: _Parts, book: str, entry: str) -> Iterator[tuple[etree._Element, str]]:
    """Each entry of what a presentation or a workbook lists, in its order, and the name of the part that it is."""
    folder, file = posixpath.split(book)
    listed, links = parts.root(book), parts.root(f"{folder}/_rels/{file}.rels")
    if listed is None or links is None:
        return
    targets = {one.get("Id", ""): one.get("Target", "") for one in links}
    for one in listed.iter(f"{{*}}{entry}"):
        target = targets.get(_relation(one), "")
        yield one, target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _relation(element: etree._Element) -> str:
    """The id of a relation to another part, which stands in a namespace; an entry's own id does not."""
    return next((value for name, value in element.attrib.items() if str(name).endswith("}id")), "")


def _with_what_is_drawn(parts: _Parts, pages: list[list[str]]) -> list[list[str]]:
    """The pages with the charts and diagrams on each; those that hang nowhere go to the first."""
    drawn = [name for name in parts.names if _DRAWN.fullmatch(name)]
    if not drawn:
        return pages
    placed: set[str] = set()
    found = []
    for names in pages:
        here = dict.fromkeys(one for name in names for one in _linked(parts, name) if one in drawn and one not in names)
        placed.update(here)
        found.append([*names, *here])
    found[0] += [name for name in drawn if name not in placed]
    return found


def _linked(parts: _Parts, name: str) -> list[str]:
    """The names of the parts to which a part refers."""
    folder, file = posixpath.split(name)
    root = parts.root(f"{folder}/_rels/{file}.rels")
    targets = [] if root is None else [one.get("Target", "") for one in root if one.get("TargetMode") != "External"]
    paths = [one.lstrip("/") if one.startswith("/") else posixpath.join(folder, one) for one in targets]
    return [path for path in map(posixpath.normpath, paths) if path in parts.names]


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: etree._Element, wanted: str) -> str:
    return next((value for name, value in element.attrib.items() if str(name).rpartition("}")[2] == wanted), "")


def _lines(element: etree._Element) -> Iterator[str]:
    """One line for each paragraph, row of a table and description of a picture."""
    name = _local(element)
    if name in _DOUBLES:
        return
    if name in _ROWS:
        yield "  ".join(" ".join(_lines(cell)) for cell in element if _local(cell) in _CELLS)
    elif name in _PARAGRAPHS:
        yield "".join([*_own_text(element), *_written(element)])
        for inner in _within(element):
            yield from _lines(inner)
    else:
        if name == "table" and _is_open_document(element):
            called = _attribute(element, "name")
            yield from [f"Sheet: {called}"] if called and _NAMELESS_SHEET.fullmatch(called) is None else []
        if name in ("docPr", "cNvPr"):
            yield from (text for wanted in ("title", "descr") if (text := _attribute(element, wanted)))
        if name in ("desc", "title") and element.text:
            yield element.text
        for child in element:
            yield from _lines(child)


def _written(element: etree._Element) -> Iterator[str]:
    """The characters of a paragraph, without those of boxes anchored in it."""
    for child in element:
        name = _local(child)
        if name in ("t", "delText"):
            yield child.text or ""
        elif name in _BLANKS:
            yield _BLANKS[name]
        elif name in ("span", "a", "r", "hyperlink", "ins", "del", "smartTag", "sdt", "sdtContent", "fld", "fldSimple"):
            yield from _own_text(child)
            yield from _written(child)
        yield from [child.tail or ""] if _is_open_document(element) else []


def _own_text(element: etree._Element) -> list[str]:
    return [element.text or ""] if _is_open_document(element) else []


def _is_open_document(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and "opendocument" in element.tag


def _within(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Boxes and pictures anchored in a paragraph."""
    for child in paragraph:
        name = _local(child)
        if name in ("drawing", "pict", "AlternateContent", "frame", "custom-shape", "annotation", "note", "object"):
            yield child
        elif name in ("r", "span", "ins", "del", "hyperlink", "a"):
            yield from _within(child)


def _labels(drawn: etree._Element) -> Iterator[str]:
    """The words of a chart or a diagram: titles, legends, labels; no numbers."""
    for node in drawn.iter():
        name = _local(node)
        if name == "p":
            yield "".join(text.text or "" for text in node.iter("{*}t"))
        elif name in ("strCache", "lvl"):
            yield from (text.text or "" for text in node.iter("{*}v"))
            yield from (text.text or "" for text in node.iter("{*}pt") if not len(text))


def _sheet_names(parts: _Parts) -> dict[str, str]:
    """What people called each sheet, by the name of its part."""
    called = {path: sheet.get("name", "") for sheet, path in _entries(parts, "xl/workbook.xml", "sheet")}
    return {path: name for path, name in called.items() if not _NAMELESS_SHEET.fullmatch(name)}


def _shared_strings(parts: _Parts) -> list[str]:
    root = parts.root("xl/sharedStrings.xml")
    items = [] if root is None else [item for item in root if _local(item) == "si"]
    return ["".join(node.text or "" for node in item.iter() if _local(node) == "t") for item in items]


def _rows(sheet: etree._Element, strings: list[str]) -> Iterator[str]:
    for row in sheet.iter("{*}row"):
        cells = []
        for cell in row.iter("{*}c"):
            inside = list(cell.iter("{*}t")) or list(cell.iter("{*}v"))
            text = "".join(node.text or "" for node in inside)
            if cell.get("t") == "s":
                text = strings[int(text)] if text.isdecimal() and int(text) < len(strings) else ""
            cells.append(text.strip())
        yield "  ".join(cell for cell in cells if cell)


def _headers(sheet: etree._Element) -> Iterator[str]:
    """What is printed above and below each page of a sheet."""
    for headers in sheet.iter("{*}headerFooter"):
        for one in headers:
            words = _MARKS_OF_A_HEADER.sub(" ", (one.text or "").replace("&&", "\0"))
            yield " ".join(words.replace("\0", "&").split())


def _without_placeholders(behind: etree._Element) -> etree._Element:
    """What a layout shows on its slides: a placeholder holds an instruction that only whoever edits them sees."""
    for shape in list(behind.iter("{*}sp", "{*}pic")):
        if next(shape.iter("{*}ph"), None) is not None:
            shape.getparent().remove(shape)
    return behind


def _properties(root: etree._Element | None) -> Iterator[str]:
    for node in () if root is None else root.iter():
        name, text = _local(node), (node.text or "").strip()
        own = _attribute(node, "name") if name == "user-defined" else ""
        label = f"Document property {own}" if own else _PROPERTIES.get(name)
        if label and text:
            yield f"{label}: {text}"


def _own_properties(root: etree._Element | None) -> Iterator[str]:
    """Properties that whoever wrote the document named."""
    for one in () if root is None else root.iter("{*}property"):
        text = " ".join("".join(one.itertext()).split())
        if text:
            yield f"Document property {one.get('name', '')}: {text}"


def too_long() -> Sentence:
    """Return the sentence of a property that was cut."""
    return say("What the document's properties say is longer than what is read of them.")


def _take_pictures(parts: _Parts, shown_on: dict[str, int], found: OfficeContent) -> None:
    names = [name for name in parts.names if _PICTURES.match(name)]
    drawings = sum(_DRAWING.search(name) is not None for name in names)
    if drawings:
        found.problems.append(
            say(
                "The document holds %(drawings)s drawing%(value)s that cannot be examined.",
                drawings=drawings,
                value="s" * (drawings > 1),
            )
        )
    for name in names:
        if not _PHOTO.search(name):
            continue
        if len(found.pictures) >= MOST_PICTURES:
            found.problems.append(
                say(
                    "The document has more than %(MOST_PICTURES)s pictures; the others were not examined.",
                    MOST_PICTURES=MOST_PICTURES,
                )
            )
            return
        content = parts.content(name)
        if not _is_ornament(content):
            found.pictures.append((shown_on.get(name, 1), content))


def _is_ornament(content: bytes) -> bool:
    try:
        width, height = imagesize.get(io.BytesIO(content))
    except (ValueError, OSError, LookupError, TypeError, OverflowError):
        # What cannot be measured is handed on: examining it says why it cannot be read.
        return False
    return bool(0 <= width < LEAST_SIDE or 0 <= height < LEAST_SIDE)
