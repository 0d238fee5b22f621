"""One cell of an export as the register writes it. What is not known is refused with a reason and never guessed."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from openpyxl import load_workbook

from auditbot.errors import ImportRefused
from auditbot.registers.mis.headings import folded

YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "t",
        "granted",
        "confirmed",
        "accepted",
        "agreed",
        "consented",
        "consentgiven",
        "given",
        "allowed",
        "permitted",
        "approved",
        "optin",
        "optedin",
    ]
)
NO = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "f",
        "declined",
        "refused",
        "notgranted",
        "notgiven",
        "noconsent",
        "consentrefused",
        "consentdeclined",
        "denied",
        "notallowed",
        "notpermitted",
        "notagreed",
        "consentnotgiven",
        "withdrawn",
        "consentwithdrawn",
        "notconfirmed",
        "notaccepted",
        "noconsentgiven",
        "consentnotgranted",
        "notconsented",
        "doesnotconsent",
        "rejected",
        "revoked",
        "optout",
        "optedout",
    ]
)
NOT_RECORDED = frozenset(
    [
        "requested",
        "consentrequested",
        "pending",
        "outstanding",
        "notrecorded",
        "consentnotrecorded",
        "notrequested",
        "notasked",
        "noresponse",
        "noreply",
        "awaiting",
        "awaitingresponse",
        "notanswered",
        "notreturned",
        "unknown",
        "notknown",
        "expired",
    ]
)
YEAR_GROUPS = {
    **dict.fromkeys(("n1", "nursery1"), "N1"),
    **dict.fromkeys(("n2", "nursery2"), "N2"),
    **dict.fromkeys(("n", "nursery"), "Nursery"),
    **dict.fromkeys(
        [
            "r",
            "rec",
            "reception",
            "yr",
            "yearr",
            "receptionyear",
            "yrr",
            "fs2",
            "f2",
            "foundation2",
            "0",
            "y0",
            "year0",
            "eyfs2",
            "ncyear0",
        ],
        "R",
    ),
    **{
        f"{before}{number}": str(number)
        for number in range(1, 14)
        for before in ("", "0", "y", "y0", "yr", "year", "ncyear")
    },
}
FIRST_NURSERY_YEAR = frozenset(["fs1", "f1", "foundation1", "eyfs1"])
SERIALS = range(20_000, 80_000)
"""Days since 30 December 1899, as Excel counts: from 1954 to 2119."""
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH_FIRST = "is no date with the day first; is it written the American way? Export dates as dd/mm/yyyy"
NO_DATE = "is no date; write it like 03/09/2026 or 2026-09-03"


def answer(text: str) -> str:
    """Return yes, no or not_recorded. Raises ValueError for any other value."""
    stripped = text.strip()
    if stripped in ("", "☐"):
        return "not_recorded"
    if stripped in ("✓", "✔", "☑", "✅", "√"):
        return "yes"
    key = folded(stripped)
    if re.search(r"[^\w\s'’-]", stripped.rstrip(".")) or not key:
        raise ValueError(text)
    for words, said in ((YES, "yes"), (NO, "no"), (NOT_RECORDED, "not_recorded")):
        if key in words:
            return said
    raise ValueError(text)


def statement(text: str) -> str:
    """Return yes, no or an empty text. Raises ValueError for any other value."""
    said = answer(text)
    if said == "not_recorded" and text.strip() not in ("", "☐"):
        raise ValueError(text)
    return "" if said == "not_recorded" else said


def name_use(text: str) -> str:
    """Return none, first or an empty text. Raises ValueError for any other value, so for a full name too."""
    key = folded(text)
    if key in ("none", "no", "n", "false", "0", "noname", "never", "donotuse", "nonames"):
        return "none"
    if key in ("first", "firstname", "forename", "firstnameonly", "forenameonly", "firstonly"):
        return "first"
    if key:
        raise ValueError("says neither that no name nor that the first name may be used")
    return ""


def day(text: str) -> str:
    """Return a date as 2026-09-01; empty stays empty. Raises ValueError with what is wrong, not with what it holds."""
    bare = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", "", text.strip(), flags=re.ASCII)
    if not bare:
        return ""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare, re.ASCII):
        year, month, number = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", bare, re.ASCII):
        number, month, year = (int(part) for part in found.groups())
        if month > 12 >= number:
            raise ValueError(MONTH_FIRST)
    elif found := re.fullmatch(
        r"(?:[A-Za-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[- ]([A-Za-z]{3,9})\.?,?[- ](\d{4}|\d{2})", bare
    ):
        number, year = int(found[1]), int(found[3])
        month = _month(found[2])
    elif re.fullmatch(r"\d{5}(\.\d+)?", bare, re.ASCII) and int(float(bare)) in SERIALS:
        return (date(1899, 12, 30) + timedelta(days=int(float(bare)))).isoformat()
    else:
        raise ValueError(NO_DATE)
    try:
        read = date(year + 2000 if year < 100 else year, month, number)
    except ValueError as error:
        raise ValueError(NO_DATE) from error
    if not 1900 <= read.year < 2200:
        raise ValueError(NO_DATE)
    return read.isoformat()


def _month(name: str) -> int:
    full = [datetime(2000, number, 1).strftime("%B").lower() for number in range(1, 13)]
    key = name.lower()
    for number, (short, long) in enumerate(zip(MONTHS, full, strict=True), 1):
        if key in (short, long, "sept" if short == "sep" else short):
            return number
    raise ValueError(NO_DATE)


def year_group(text: str, first_nursery_year: str = "") -> str:
    """Return the year group as the register writes it; one that is not known stays as it is.

    FS1 is a nursery year, and only the school knows which: raises ValueError unless it is given.
    """
    key = folded(text)
    if key in FIRST_NURSERY_YEAR:
        if not first_nursery_year:
            raise ValueError(
                'FS1 may be the first or the second nursery year; say which with --map "FS1=N1" or --map "FS1=N2"'
            )
        return first_nursery_year
    return YEAR_GROUPS.get(key, text)


# The bytes of an export as rows of text: CSV in any usual encoding, with any usual delimiter, or a workbook.

LARGEST, LARGEST_UNPACKED, MOST_ROWS, MOST_COLUMNS = 30_000_000, 200_000_000, 50_000, 500
DELIMITERS = (",", ";", "\t", "|")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
SAVE_AS = "open it in Excel and save it as 'Excel workbook (.xlsx)' or 'CSV UTF-8'"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the export."""

    number: int
    """Where it stands: the row in Excel, or the line at which it begins in a text editor."""
    cells: tuple[str, ...]
    """Text of the cells, trimmed; dates as 2026-09-01, whole numbers without a decimal point."""

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
    if content.startswith(OLD_EXCEL):
        why = f"it is an old Excel file (.xls) or protected by a password; {SAVE_AS}, without a password"
        raise ImportRefused(path, [why])
    if content.startswith(b"PK\x03\x04"):
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
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
            is_workbook = any(name.startswith("xl/workbook") for name in packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ImportRefused(path, [f"it is damaged; export it again, or {SAVE_AS}"]) from error
    if not is_workbook:
        raise ImportRefused(path, [f"it is packed, but no Excel workbook; {SAVE_AS}"])
    if unpacked > LARGEST_UNPACKED:
        raise ImportRefused(path, ["it is larger than any export of pupils; export one school, without pictures"])
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        sheets = [(sheet.title, _cells(sheet.iter_rows)) for sheet in book.worksheets if sheet.title not in hidden]
    except Exception as error:  # whatever the reader fails with, the workbook cannot be read: only it runs here
        raise ImportRefused(path, [f"it is damaged; export it again, or {SAVE_AS}"]) from error
    for title, cells in sheets:
        sheet = [Line(number, tuple(_cell(value) for value in row)) for number, row in enumerate(cells, 1)]
        yield Page(title, _not_too_large(path, sheet))
    yield from (Page(title, [], hidden=True) for title in hidden)


def _cells(iter_rows: Callable[..., Iterator[tuple[object, ...]]]) -> list[tuple[object, ...]]:
    return list(iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True))


def _cell(value: object) -> str:
    """Write what Excel holds as a person would; a date keeps no time of day."""
    if value is None or isinstance(value, time):
        return "" if value is None else value.isoformat()
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _not_too_large(path: Path, sheet: Sheet) -> Sheet:
    if len(sheet) > MOST_ROWS:
        raise ImportRefused(path, [f"it has more than {MOST_ROWS} rows; export the school's pupils only"])
    return sheet
