"""Small exports as the systems write them: text in an encoding, or a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

UPNS = ("B801200005001", "T999241726001", "W999241725002")


def text(folder: Path, content: str, encoding: str = "utf-8", name: str = "export.csv") -> Path:
    """Write a text file in this encoding and return it."""
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def workbook(
    folder: Path,
    sheets: dict[str, Sequence[Sequence[object]]],
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    name: str = "export.xlsx",
) -> Path:
    """Write a workbook with these sheets, these ranges of the first one merged, and return it."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        if title in hidden:
            sheet.sheet_state = "hidden"
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    content = io.BytesIO()
    book.save(content)
    path = folder / name
    path.write_bytes(content.getvalue())
    return path
