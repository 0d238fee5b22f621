"""What a sheet shows besides its values: an open document's styles, hidden parts, repeated cells and comments."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from auditbot.registers.mis.sheets.marks import SPACES, Marks, read_marks

STYLES = """
<style:style style:name="through"><style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="typed"><style:text-properties style:text-line-through-type="single"/></style:style>
<style:style style:name="none"><style:text-properties style:text-line-through-style="none"/>
 <style:table-cell-properties fo:background-color="transparent"/></style:style>
<style:style style:name="red"><style:table-cell-properties fo:background-color="#ff0000"/></style:style>"""


def open_document(rows: str, columns: str = "") -> Marks:
    spaces = " ".join(f'xmlns:{short}="{long}"' for short, long in SPACES.items())
    table = f'<table:table table:name="Pupils">{columns}{rows}</table:table>'
    text = f"<office:document-content {spaces}>{STYLES}{table}</office:document-content>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("content.xml", text)
    marks = read_marks(made.getvalue())
    assert marks is not None
    return marks["Pupils"]


def cell(text: str, style: str = "", more: str = "", inside: str = "") -> str:
    named = f' table:style-name="{style}"' if style else ""
    return f"<table:table-cell{named}{more}>{inside}<text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


TABLE = [
    (row(cell("Ava", "through"), cell("yes", "typed")), {1: {0, 1}}),
    (row(cell("Ava", "none"), cell("yes")), {}),
    (row(cell('A<text:span text:style-name="through">va</text:span>')), {1: {0}}),
    (row(cell("Ava", "through", ' table:number-columns-repeated="3"')), {1: {0, 1, 2}}),
    (
        row(cell("Ava", "through"), more=' table:number-rows-repeated="3"') + row(cell("Ben", "through")),
        {1: {0}, 2: {0}, 3: {0}, 4: {0}},
    ),
    (row(cell("Ava"), more=' table:default-cell-style-name="through"'), {1: {0}}),
    (row('<table:table-cell table:style-name="through"/>', cell("Ben")), {}),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "struck"), TABLE)
def test_what_is_struck_through_in_an_open_document(rows: str, struck: dict[int, set[int]]) -> None:
    assert open_document(rows).struck == struck


def test_hidden_parts_colours_and_comments_of_an_open_document() -> None:
    columns = (
        '<table:table-column table:number-columns-repeated="2" table:default-cell-style-name="red"/>'
        '<table:table-column table:visibility="collapse"/>'
    )
    note = "<office:annotation><text:p>mother rang</text:p><text:p>on Monday</text:p></office:annotation>"
    rows = row(cell("Ava"), cell("yes", inside=note)) + row(
        cell("Ben", "none"), more=' table:visibility="filter" table:number-rows-repeated="2"'
    )
    marks = open_document(rows, columns)
    assert marks.hidden_columns == {2} and marks.hidden_rows == {2, 3}
    assert marks.coloured == {(1, 0), (1, 1)}
    assert marks.comments == {1: {1: "mother rang on Monday"}}


def test_a_workbook_of_excel() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ava", "yes", "=1+1", "plain"])
    sheet.append([CellRichText("A", TextBlock(InlineFont(strike=True), "va")), "no"])
    sheet["A1"].font = Font(strike=True)
    sheet["B1"].fill = PatternFill("solid", fgColor="ff0000")
    sheet["B2"].comment = Comment("by  phone", "office")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    made = io.BytesIO()
    book.save(made)
    marks = read_marks(made.getvalue())
    assert marks is not None
    told = marks["Sheet"]
    assert told.struck == {1: {0}, 2: {0}} and told.coloured == {(1, 1)} and told.formulas == {1: {2}}
    assert told.comments == {2: {1: "by phone"}} and told.hidden_rows == {2} and told.hidden_columns == {2}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 not a book", b"id,name"])
def test_what_is_no_workbook_has_no_marks_that_could_be_told(content: bytes) -> None:
    assert read_marks(content) is None
