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

    Raises RegisterError after the last row if any cell was refused, and at once if the file itself cannot be read:
    missing, not UTF-8, an unknown or missing or doubled column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            header = [name.strip() for name in next(lines, [])]
            _check_header(path, header, columns, required)
            problems: list[str] = []
            read = lines.line_num
            for cells in lines:
                first, read = read + 1, lines.line_num
                if not any(cell.strip() for cell in cells):
                    continue
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


def _check_header(path: Path, header: list[str], columns: Sequence[str], required: Sequence[str]) -> None:
    problems = []
    for number, name in enumerate(header, 1):
        if not name:
            problems.append(f"column {number} has no heading")
        elif name not in columns:
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
