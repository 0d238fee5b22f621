"""The bytes of an export as rows of text: CSV in any usual encoding, with any usual delimiter, or a workbook.

Values of a workbook (.xlsx, .xls, .ods) are read by calamine. What is struck through, hidden or commented is no value:
openpyxl tells where that is, in the one format whose marks can be read, so that nothing of it is taken for an answer.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from auditbot.errors import ImportRefused

LARGEST, LARGEST_UNPACKED, MOST_ROWS, MOST_COLUMNS = 30_000_000, 200_000_000, 50_000, 500
DELIMITERS = (",", ";", "\t", "|")
OLD_EXCEL, PACKED = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
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
    commented: int = 0
    """How many cells bear a comment."""
    hidden_rows: frozenset[int] = frozenset()
    """Numbers of rows that a filter hides."""


@dataclass(slots=True)
class _Marks:
    """What a sheet shows besides its values."""

    struck: dict[int, set[int]] = field(default_factory=dict)
    coloured: set[tuple[int, int]] = field(default_factory=set)
    commented: int = 0
    hidden_rows: set[int] = field(default_factory=set)


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
    marks = _marks(content) if content.startswith(PACKED) else {}
    for title, rows in held:
        shown = marks.get(title, _Marks())
        sheet = [
            Line(number, tuple(map(_cell, row)), frozenset(shown.struck.get(number, ())))
            for number, row in enumerate(rows, 1)
        ]
        yield Page(
            title,
            _not_too_large(path, sheet),
            coloured=frozenset(shown.coloured),
            commented=shown.commented,
            hidden_rows=frozenset(shown.hidden_rows),
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


def _marks(content: bytes) -> Mapping[str, _Marks]:
    """Return what an .xlsx shows besides its values; nothing where that cannot be told: the values were read."""
    found: dict[str, _Marks] = {}
    try:
        book = load_workbook(io.BytesIO(content), rich_text=True)
        for sheet in book.worksheets:
            marks = found.setdefault(sheet.title, _Marks())
            marks.hidden_rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
            last_row, last_column = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
            for number, row in enumerate(sheet.iter_rows(max_row=last_row, max_col=last_column), 1):
                for place, cell in enumerate(row):
                    runs = cell.value if isinstance(cell.value, list) else ()
                    if getattr(cell.font, "strike", False) or any(
                        getattr(getattr(run, "font", None), "strike", False) for run in runs
                    ):
                        marks.struck.setdefault(number, set()).add(place)
                    if cell.fill is not None and cell.fill.fill_type == "solid":
                        marks.coloured.add((number, place))
                    marks.commented += cell.comment is not None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError):
        return found  # only the marks are lost, and the values stand
    return found


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
