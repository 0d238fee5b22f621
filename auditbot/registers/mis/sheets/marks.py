"""What a workbook shows besides its values: what is struck through, coloured, commented, hidden, or not calculated.

calamine reads the values of every kind of workbook and none of these. Each kind has its own reader of marks; where
none can tell them, that is said.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import xlrd
from lxml import etree  # type: ignore[import-untyped]
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

OLD_EXCEL, PACKED = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
MOST_ROWS, MOST_COLUMNS = 50_000, 500
SPACES = {
    short: f"urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
                        ("fo", "xsl-fo-compatible"))
}  # fmt: skip
UNREADABLE = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError, AssertionError, struct.error,
    zipfile.BadZipFile, etree.LxmlError, xlrd.XLRDError, xlrd.compdoc.CompDocError,
)  # fmt: skip
"""What the readers raise for a file that calamine could read and they cannot."""


@dataclass(slots=True)
class Marks:
    """What one sheet shows besides its values."""

    struck: dict[int, set[int]] = field(default_factory=dict)
    """By row number, places of the cells that are struck through, whole or in part."""
    comments: dict[int, dict[int, str]] = field(default_factory=dict)
    """By row number and place, the comment on a cell."""
    coloured: set[tuple[int, int]] = field(default_factory=set)
    """Row number and place of each cell with a ground of its own colour."""
    hidden_rows: set[int] = field(default_factory=set)
    """Numbers of rows that are hidden, by a filter or by hand."""
    hidden_columns: set[int] = field(default_factory=set)
    """Places of columns that are hidden."""
    formulas: dict[int, set[int]] = field(default_factory=dict)
    """By row number, places of the cells that hold a formula."""

    def strike(self, number: int, place: int) -> None:
        """Note that a cell is struck through."""
        self.struck.setdefault(number, set()).add(place)

    def comment(self, number: int, place: int, text: str) -> None:
        """Note what a comment on a cell says."""
        self.comments.setdefault(number, {})[place] = " ".join(text.split())


def read_marks(content: bytes) -> Mapping[str, Marks] | None:
    """Return the marks of each sheet by its name, or None where they cannot be told: the values were read anyhow."""
    try:
        if content.startswith(OLD_EXCEL):
            return dict(_of_old_excel(content))
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if "content.xml" in packed.namelist():
                return dict(_of_open_document(packed.read("content.xml")))
        return {
            sheet.title: _of_excel(sheet) for sheet in load_workbook(io.BytesIO(content), rich_text=True).worksheets
        }
    except UNREADABLE:
        return None


def _of_excel(sheet: Worksheet) -> Marks:
    marks = Marks()
    marks.hidden_rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    for column in sheet.column_dimensions.values():
        if column.hidden:
            marks.hidden_columns.update(range((column.min or 1) - 1, min(column.max or 1, MOST_COLUMNS)))
    last_row, last_column = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
    for number, row in enumerate(sheet.iter_rows(max_row=last_row, max_col=last_column), 1):
        for place, cell in enumerate(row):
            runs = cell.value if isinstance(cell.value, list) else ()
            if getattr(cell.font, "strike", False) or any(
                getattr(getattr(run, "font", None), "strike", False) for run in runs
            ):
                marks.strike(number, place)
            if cell.fill is not None and cell.fill.fill_type == "solid":
                marks.coloured.add((number, place))
            if cell.comment is not None:
                marks.comment(number, place, cell.comment.text)
            if cell.data_type == "f":
                marks.formulas.setdefault(number, set()).add(place)
    return marks


def _of_old_excel(content: bytes) -> Iterator[tuple[str, Marks]]:
    book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    struck = [bool(font.struck_out) for font in book.font_list]
    for sheet in book.sheets():
        marks = Marks()
        marks.hidden_rows = {number + 1 for number, row in sheet.rowinfo_map.items() if row.hidden}
        marks.hidden_columns = {place for place, column in sheet.colinfo_map.items() if column.hidden}
        for number in range(min(sheet.nrows, MOST_ROWS)):
            for place in range(min(sheet.row_len(number), MOST_COLUMNS)):
                if (index := sheet.cell_xf_index(number, place)) >= len(book.xf_list):
                    continue  # the usual format of an empty cell, which small writers do not define
                shape = book.xf_list[index]
                runs = sheet.rich_text_runlist_map.get((number, place), ())
                if struck[shape.font_index] or any(struck[font] for _, font in runs):
                    marks.strike(number + 1, place)
                if shape.background.fill_pattern == 1:
                    marks.coloured.add((number + 1, place))
        for (number, place), note in sheet.cell_note_map.items():
            marks.comment(number + 1, place, note.text)
        yield sheet.name, marks


def _of_open_document(content: bytes) -> Iterator[tuple[str, Marks]]:
    tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    struck, coloured = set(), set()
    for style in tree.iterfind(".//style:style", SPACES):
        name = _of(style, "style", "name")
        said = style.find("style:text-properties", SPACES)
        ground = style.find("style:table-cell-properties", SPACES)
        if said is not None and (
            _of(said, "style", "text-line-through-style") not in ("", "none")
            or _of(said, "style", "text-line-through-type") not in ("", "none")
        ):
            struck.add(name)
        if ground is not None and _of(ground, "fo", "background-color") not in ("", "transparent"):
            coloured.add(name)
    for table in tree.iterfind(".//table:table", SPACES):
        yield _of(table, "table", "name"), _of_table(table, struck, coloured)


def _of_table(table: etree._Element, struck: set[str], coloured: set[str]) -> Marks:
    marks = Marks()
    usual: list[str] = []
    for column in table.iterfind(".//table:table-column", SPACES):
        times = min(int(_of(column, "table", "number-columns-repeated") or 1), MOST_COLUMNS)
        if _of(column, "table", "visibility") in ("collapse", "filter"):
            marks.hidden_columns.update(range(len(usual), len(usual) + times))
        usual += [_of(column, "table", "default-cell-style-name")] * times
    number = 0
    for row in table.iterfind(".//table:table-row", SPACES):
        number += 1
        if number > MOST_ROWS:
            break
        times = int(_of(row, "table", "number-rows-repeated") or 1)
        if _of(row, "table", "visibility") in ("collapse", "filter"):
            marks.hidden_rows.update(range(number, min(number + times, MOST_ROWS)))
        _of_row(row, number, min(times, MOST_ROWS - number), usual, struck, coloured, marks)
        number += times - 1
    return marks


def _of_row(
    row: etree._Element, number: int, times: int, usual: list[str], struck: set[str], coloured: set[str], marks: Marks
) -> None:
    place = 0
    for cell in row:
        repeated = int(_of(cell, "table", "number-columns-repeated") or 1)
        style = _of(cell, "table", "style-name") or _of(row, "table", "default-cell-style-name")
        holds = cell.find("text:p", SPACES) is not None
        spans = {_of(span, "text", "style-name") for span in cell.iterfind(".//text:span", SPACES)}
        for each in range(place, min(place + repeated, MOST_COLUMNS)) if holds else ():
            of_cell = style or (usual[each] if each < len(usual) else "")
            for line in range(number, number + max(times, 1)):
                if of_cell in struck or spans & struck:
                    marks.strike(line, each)
                if of_cell in coloured:
                    marks.coloured.add((line, each))
        note = cell.find("office:annotation", SPACES)
        if note is not None:
            said = " ".join("".join(part.itertext()) for part in note.iterfind("text:p", SPACES))
            marks.comment(number, place, said)
        place += repeated


def _of(element: etree._Element, space: str, name: str) -> str:
    return str(element.get(f"{{{SPACES[space]}}}{name}", ""))
