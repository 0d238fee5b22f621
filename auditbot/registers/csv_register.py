"""Reading a register's CSV file: every bad cell is named by line and column, all of them at once."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from auditbot.errors import RegisterError

Value = TypeVar("Value")
YES = {"yes", "y", "true", "1", "✓", "granted", "confirmed", "accepted"}
NO = {"no", "n", "false", "0", "declined", "refused", "not granted"}
NOT_RECORDED = {"", "requested", "pending", "not_recorded"}
EARLIEST_YEAR = 1900


@dataclass
class Row:
    """One line of a register; reading a cell notes what is wrong with it instead of stopping at the first."""

    line: int
    """Number of the row's first line in the file, as a text editor shows it."""
    cells: dict[str, str]
    """Cell text by column, trimmed."""
    problems: list[str] = field(default_factory=list)
    """Shared by all rows of the file."""

    def text(self, column: str, required: bool = False) -> str:
        """Return the cell's text; empty if the column is absent."""
        value = self.cells.get(column, "")
        if required and not value:
            self.refuse(column, "is empty")
        return value

    def date(self, column: str) -> date | None:
        """Return the cell's date (2025-09-03 or 03/09/2025), or None if it is empty."""
        return self._read(column, _date, "is no date; write it like 2025-09-03")

    def answer(self, column: str) -> bool | None:
        """Return True for yes, False for no, None for not recorded."""
        return self._read(column, _answer, "is neither yes, no nor blank")

    def statement(self, column: str) -> bool | None:
        """Return True for yes, False for no, None for a blank cell; "pending" and the like are refused."""
        return self._read(column, _statement, "is neither yes, no nor blank")

    def flag(self, column: str) -> bool:
        """Return True only if the cell says yes."""
        return self.statement(column) is True

    def refuse(self, column: str, why: str) -> None:
        """Note a problem of this cell, never what it holds: in a shifted column that may be a child's name."""
        self.problems.append(f"line {self.line}, column {column}: {why}")

    def _read(self, column: str, convert: Callable[[str], Value | None], why: str) -> Value | None:
        try:
            return convert(self.cells.get(column, ""))
        except ValueError:
            self.refuse(column, why)
            return None


def read_table(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a UTF-8 CSV file; blank lines are passed over.

    What a spreadsheet does to a register is understood: semicolons or tabs between the cells, capitals and blanks in
    headings, empty columns at the end, and further columns of notes, which stay as they are. Raises RegisterError after
    the last row if any cell was refused, and at once if the file itself cannot be read: missing, not UTF-8, an unknown
    or missing or doubled column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = _delimiter(file.readline(), columns)
            file.seek(0)
            lines = csv.reader(file, delimiter=delimiter, strict=True)
            written = next(lines, [])
            header = _headings(written, columns)
            _check_header(path, header, columns, required)
            problems: list[str] = []
            read = lines.line_num
            for cells in lines:
                first, read = read + 1, lines.line_num
                if not any(cell.strip() for cell in cells):
                    continue
                while len(header) < len(cells) <= len(written) and not cells[-1].strip():
                    cells.pop()
                row = Row(first, dict(zip(header, (cell.strip() for cell in cells), strict=False)), problems)
                if len(cells) != len(header):
                    problems.append(f"line {row.line}: {len(cells)} cells, but the heading has {len(header)}")
                yield row
    except FileNotFoundError as error:
        raise RegisterError(path, ["the file does not exist"]) from error
    except OSError as error:
        raise RegisterError(path, [f"it cannot be opened ({error.strerror}); is it open elsewhere?"]) from error
    except UnicodeDecodeError as error:
        raise RegisterError(path, ["it is not UTF-8 text; save it as 'CSV UTF-8'"]) from error
    except csv.Error as error:
        raise RegisterError(path, [f"line {lines.line_num}: {error}"]) from error
    if problems:
        raise RegisterError(path, problems)


def _delimiter(first_line: str, columns: Sequence[str]) -> str:
    """Return what stands between the headings: a comma, or what a spreadsheet of another country writes."""
    known = {
        delimiter: len(set(_headings(first_line.split(delimiter), columns)) & set(columns)) for delimiter in ",;\t"
    }
    return max(known, key=known.__getitem__)


def _headings(written: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Return the headings as the register calls them; those that it does not know stay as they are written."""
    names = [name.strip() for name in written]
    found = [_as_known(name, columns) for name in names]
    while len(found) > 1 and not found[-1] and set(found) & set(columns):
        found.pop()
    return found


def _as_known(name: str, columns: Sequence[str]) -> str:
    plain = re.sub(r"[\s-]+", "_", name.strip('"').casefold())
    return plain if plain in columns else name


def form_of(first_line: str, columns: Sequence[str]) -> tuple[str, list[str]]:
    """Return what stands between the cells of a register, and its headings as the register calls them."""
    delimiter = _delimiter(first_line, columns)
    return delimiter, _headings(next(csv.reader([first_line], delimiter=delimiter), []), columns)


def is_notes(heading: str) -> bool:
    """Return True for a further column that a school keeps for itself: notes, comments, remarks."""
    return bool(
        re.fullmatch(r"(office |further |other )?(notes?|comments?|remarks?)( \w+)?", heading.strip().casefold())
    )


def _check_header(path: Path, header: list[str], columns: Sequence[str], required: Sequence[str]) -> None:
    problems = []
    for number, name in enumerate(header, 1):
        if not name:
            problems.append(f"column {number} has no heading")
        elif name not in columns and not is_notes(name):
            # The heading itself is not repeated: where the heading line is missing, this is the first pupil's row.
            near = difflib.get_close_matches(name, columns, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            problems.append(f"column {number} has an unknown heading{meant}")
    problems += [f"column {name!r} stands twice" for name in columns if header.count(name) > 1]
    problems += [f"column {name!r} is missing" for name in required if name not in header]
    if problems:
        raise RegisterError(path, problems)


def _date(text: str) -> date | None:
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII):
        day, month, year = (int(part) for part in found.groups())
        read = date(year, month, day)
    else:
        read = date.fromisoformat(text)
    if read.year < EARLIEST_YEAR:
        raise ValueError(text)
    return read


def _answer(text: str) -> bool | None:
    folded = text.casefold()
    if folded in YES:
        return True
    if folded in NO:
        return False
    if folded in NOT_RECORDED:
        return None
    raise ValueError(text)


def _statement(text: str) -> bool | None:
    if text.casefold() in NOT_RECORDED - {""}:
        raise ValueError(text)
    return _answer(text)
