"""Small exports as the systems write them: text in an encoding, or a workbook."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Collection, Mapping, Sequence
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
    sheets: Mapping[str, Sequence[Sequence[object]]],
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    name: str = "export.xlsx",
) -> Path:
    """Write a workbook with these sheets, these ranges of the first one merged, and return it."""
    book = Workbook()
    del book[book.sheetnames[0]]
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


def old_workbook(
    folder: Path,
    rows: Sequence[Sequence[object]],
    name: str = "export.xls",
    struck: Collection[tuple[int, int]] = (),
) -> Path:
    """Write a workbook as Excel did before 2007 (BIFF8 in a compound file), with one sheet, and return it.

    ``struck`` holds row number and place of the cells that are struck through.
    """

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    cells = b""
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            head = struct.pack("<HHH", number, place, (number + 1, place) in struck)
            if isinstance(value, int | float):
                cells += record(0x0203, head + struct.pack("<d", value))
            elif value:
                said = str(value).encode("utf-16-le")
                cells += record(0x0204, head + struct.pack("<HB", len(said) // 2, 1) + said)
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + record(0x0200, size) + cells
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    for strike in (0, 8):  # two fonts, and a format of cells with each
        begin += record(0x0031, struct.pack("<HHHHHBBBBBB", 200, strike, 8, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial")
    begin += b"".join(record(0x00E0, struct.pack("<HHHHHHHHHH", font, *(0,) * 9)) for font in (0, 1))
    place = len(begin) + 4 + 13 + 4
    stream = begin + record(0x0085, struct.pack("<IBBBB", place, 0, 0, 5, 0) + b"Sheet") + record(0x000A, b"")
    stream += sheet + record(0x000A, b"")
    stream += b"\0" * (-max(len(stream), 4096) % 512 + max(4096 - len(stream), 0))
    count = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))

    def entry(title: str, kind: int, child: int, start: int, length: int) -> bytes:
        coded = title.encode("utf-16-le") + b"\0\0" if title else b""
        head = coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded), kind, 1, *(0xFFFFFFFF,) * 2, child)
        return head + b"\0" * 36 + struct.pack("<IQ", start, length)

    none, last = 0xFFFFFFFF, 0xFFFFFFFE
    folder_of = entry("Root Entry", 5, 1, last, 0) + entry("Workbook", 2, none, 2, len(stream))
    folder_of += entry("", 0, none, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, last, 0, last, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", none) * 108
    path = folder / name
    path.write_bytes(header + struct.pack("<128I", *fat) + folder_of + stream)
    return path


def open_document(
    folder: Path,
    rows: Sequence[Sequence[str]],
    name: str = "export.ods",
    struck: Collection[tuple[int, int]] = (),
) -> Path:
    """Write a workbook as LibreOffice does (.ods), with one sheet, and return it.

    ``struck`` holds row number and place of the cells that are struck through.
    """
    said = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string" table:style-name="ce{1 + ((number, place) in struck)}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for place, cell in enumerate(row)
        )
        + "</table:table-row>"
        for number, row in enumerate(rows, 1)
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text", "style")
    )
    styles = "".join(
        f'<style:style style:name="ce{number}" style:family="table-cell"><style:text-properties '
        f'style:text-line-through-style="{line}"/></style:style>'
        for number, line in ((1, "none"), (2, "solid"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="List">{said}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    path = folder / name
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:m"/>')
    return path
