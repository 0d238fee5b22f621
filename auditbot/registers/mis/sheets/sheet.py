"""The bytes of an export as rows of text: CSV in any usual encoding, with any usual delimiter, or a workbook.

Values of a workbook (.xlsx, .xls, .ods) are read by calamine. What is struck through, hidden or commented is no value:
``marks.py`` tells where that is, so that nothing of it is taken for an answer.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from auditbot.errors import ImportRefused
from auditbot.registers.mis.sheets.marks import MOST_COLUMNS, MOST_ROWS, OLD_EXCEL, PACKED, Marks, read_marks

LARGEST, LARGEST_UNPACKED = 30_000_000, 200_000_000
EXCEL_XML = "urn:schemas-microsoft-com:office:spreadsheet"
DELIMITERS = (",", ";", "\t", "|")
SAVE_AS = "open it in Excel and save it as 'Excel workbook (.xlsx)' or 'CSV UTF-8'"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the export."""

    number: int
    """Where it stands: the row in Excel, or the line at which it begins in a text editor."""
    cells: tuple[str, ...]
    """Text of the cells, trimmed; dates as 2026-09-01, whole numbers without a decimal point."""
    struck: frozenset[int] = frozenset()
    """Places of the cells that are struck through."""
    comments: Mapping[int, str] = field(default_factory=dict)
    """Comments on its cells, by place."""
    uncalculated: frozenset[int] = frozenset()
    """Places of the cells that hold a formula without its result."""

    @property
    def blank(self) -> bool:
        """True if no cell holds anything."""
        return not any(self.cells)


Sheet = list[Line]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of a workbook, or a text file split by one delimiter."""

    title: str
    """Name of the sheet; empty for a text file."""
    sheet: Sheet
    """Its rows; none of a hidden sheet are read."""
    hidden: bool = False
    """True if Excel does not show it."""
    coloured: frozenset[tuple[int, int]] = frozenset()
    """Row number and place of each cell with a ground of its own colour."""
    hidden_rows: frozenset[int] = frozenset()
    """Numbers of rows that a filter hides."""
    hidden_columns: frozenset[int] = frozenset()
    """Places of columns that are hidden."""
    marks_told: bool = True
    """False where nobody can tell what is struck through, commented or hidden."""


def read_pages(path: Path) -> list[Page]:
    """Return each way to read the file: the sheets of a workbook, or a text file split by each delimiter.

    Raises ImportRefused with what to do if the file is none that can be read.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ImportRefused(path, ["it is larger than any export of pupils; export one school, without pictures"])
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ImportRefused(path, ["the file does not exist"]) from error
    except OSError as error:
        raise ImportRefused(path, [f"it cannot be opened ({error.strerror}); is it open elsewhere?"]) from error
    if content.startswith((OLD_EXCEL, PACKED)):
        return list(_workbook(path, content))
    text = _text(path, content)
    if text.lstrip()[:1] == "<" and (pages := list(_web_page(path, text))):
        return pages
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<table", "<?xml", "{\\rtf", "%pdf")):
        raise ImportRefused(path, [f"it is a web page or document and no table of cells; {SAVE_AS}"])
    if not text.strip():
        raise ImportRefused(path, ["it is empty"])
    return list(_split(path, text))


def _text(path: Path, content: bytes) -> str:
    """Decode UTF-8, UTF-16 (with or without its mark) or, where it is neither, Windows-1252."""
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    encodings = [name for mark, name in marks if content.startswith(mark)]
    if not encodings and b"\0" in content:
        encodings = ["utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"]
    for encoding in encodings or ["utf-8", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(letter) < 32 and letter not in "\t\n\r\v\f" for letter in text):
            return text
    raise ImportRefused(path, [f"it is no text that can be read; {SAVE_AS}"])


def _web_page(path: Path, text: str) -> Iterator[Page]:
    """Yield the tables of a web page or of Excel's XML of 2003: some systems export one and call it .xls."""
    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if EXCEL_XML in text:
        tree: etree._Element | None = etree.fromstring(
            bare, etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        )
        names = (f"{{{EXCEL_XML}}}Table", f"{{{EXCEL_XML}}}Row", f"{{{EXCEL_XML}}}Cell", f"{{{EXCEL_XML}}}Index")
    else:
        tree = (
            document_fromstring(bare, parser=HTMLParser(no_network=True)) if re.search("<t[dh]", bare, re.I) else None
        )
        names = ("table", "tr", "{td}", "")
    for count, table in enumerate(() if tree is None else tree.iter(names[0]), 1):
        rows = [_cells_of(row, names) for row in table.iter(names[1]) if next(row.iterancestors(names[0])) is table]
        yield Page(f"table {count}", _not_too_large(path, [Line(n, *each) for n, each in enumerate(rows, 1)]))


def _cells_of(row: etree._Element, names: tuple[str, str, str, str]) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return the texts of a row of a web page, and the places of those that are struck through."""
    cells: list[str] = []
    struck = set()
    for cell in row:
        if cell.tag not in (names[2], "td", "th"):
            continue
        cells += [""] * max(int(cell.get(names[3]) or 0) - 1 - len(cells), 0) if names[3] else []
        if any(each.tag in ("s", "strike", "del") or "line-through" in each.get("style", "") for each in cell.iter()):
            struck.add(len(cells))
        cells.append(" ".join("".join(cell.itertext()).split()))
        span = cell.get("colspan", "1")
        cells += [""] * (min(int(span), MOST_COLUMNS) - 1 if span.isdecimal() else 0)
    return tuple(cells), frozenset(struck)


def _split(path: Path, text: str) -> Iterator[Page]:
    first, _, rest = text.partition("\n")
    named = first.strip().lower().startswith("sep=") and len(first.strip()) == 5
    delimiters = (first.strip()[4],) if named else tuple(each for each in DELIMITERS if each in text) or (",",)
    problems = []
    read = 0
    for delimiter in delimiters:
        lines = csv.reader(io.StringIO(rest if named else text, newline=""), delimiter=delimiter, strict=True)
        sheet, before = [], 0
        try:
            for cells in lines:
                sheet.append(Line(before + 1 + named, tuple(" ".join(cell.split()) for cell in cells)))
                before = lines.line_num
        except csv.Error as error:
            problems.append(f"line {lines.line_num + named}: {error}")
            continue
        read += 1
        yield Page("", _not_too_large(path, sheet))
    if not read:
        raise ImportRefused(path, problems[:1])


def _workbook(path: Path, content: bytes) -> Iterator[Page]:
    if content.startswith(PACKED):
        _look_inside(path, content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            seen = [(each.name, each.visible == SheetVisibleEnum.Visible) for each in book.sheets_metadata]
            held = [(name, _values(book.get_sheet_by_name(name))) for name, visible in seen if visible]
    except PasswordError as error:
        raise ImportRefused(path, [f"it is protected by a password; {SAVE_AS}, without a password"]) from error
    except (CalamineError, OSError, ValueError) as error:
        locked = content.startswith(OLD_EXCEL)
        why = "it is damaged, or protected by a password" if locked else "it is damaged; export it again, or"
        raise ImportRefused(path, [f"{why}{';' if locked else ''} {SAVE_AS}{', without a password' if locked else ''}"]
                            ) from error  # fmt: skip
    marks = read_marks(content)
    for title, rows in held:
        shown = (marks or {}).get(title, Marks())
        sheet = [
            Line(
                number,
                cells := tuple(map(_cell, row)),
                frozenset(shown.struck.get(number, ())),
                shown.comments.get(number, {}),
                frozenset(each for each in shown.formulas.get(number, ()) if each < len(cells) and not cells[each]),
            )
            for number, row in enumerate(rows, 1)
        ]
        yield Page(
            title,
            _not_too_large(path, sheet),
            coloured=frozenset(shown.coloured),
            hidden_rows=frozenset(shown.hidden_rows),
            hidden_columns=frozenset(shown.hidden_columns),
            marks_told=marks is not None,
        )
    yield from (Page(name, [], hidden=True) for name, visible in seen if not visible)


def _look_inside(path: Path, content: bytes) -> None:
    """Raise ImportRefused if a packed file is no workbook, damaged, or far larger than it looks."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
            names = packed.namelist()
            is_workbook = any(name.startswith("xl/workbook") for name in names) or "content.xml" in names
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ImportRefused(path, [f"it is damaged; export it again, or {SAVE_AS}"]) from error
    if not is_workbook:
        raise ImportRefused(path, [f"it is packed, but no Excel workbook; {SAVE_AS}"])
    if unpacked > LARGEST_UNPACKED:
        raise ImportRefused(path, ["it is larger than any export of pupils; export one school, without pictures"])


def _values(sheet: CalamineSheet) -> list[list[object]]:
    """Return the values by row from the first row on; a cell merged downwards stands for each row that it covers."""
    rows: list[list[object]] = [list(row[:MOST_COLUMNS]) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and bottom > top:
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row) and row[left] in ("", None):
                    row[left] = rows[top][left]
    return rows


def _cell(value: object) -> str:
    """Write what a workbook holds as a person would; a day keeps its time of day only if there is one."""
    if value is None or isinstance(value, time):
        return "" if value is None else value.isoformat()
    if isinstance(value, datetime):
        bare = value.replace(microsecond=0)
        return bare.date().isoformat() if bare.time() == time() else bare.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _not_too_large(path: Path, sheet: Sheet) -> Sheet:
    if len(sheet) > MOST_ROWS:
        raise ImportRefused(path, [f"it has more than {MOST_ROWS} rows; export the school's pupils only"])
    return sheet


def with_place(line: Line, width: int) -> Line:
    """Return the line with as many cells as there are headings."""
    return replace(line, cells=line.cells + ("",) * (width - len(line.cells)))
