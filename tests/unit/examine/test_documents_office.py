"""Office documents: text, properties and pictures of each kind, and files made to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from auditbot.examine import office
from auditbot.examine.documents import examine_document
from auditbot.model import DocumentFacts, Spool

Examine = Callable[..., DocumentFacts]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="urn:p"'
ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "draw")
)
CORE = '<c:core xmlns:c="urn:c" xmlns:dc="urn:dc"><dc:title>Autumn</dc:title><dc:creator>Ada Wren</dc:creator></c:core>'
RELATIONS = '<Relationships xmlns="urn:r"><Relationship Target="../media/image1.jpg"/></Relationships>'
DOCX = f"""<w:document {W}><w:body>
<w:p><w:r><w:t>Well done </w:t></w:r><w:r><w:t>Maya Okon</w:t></w:r><w:ins><w:r><w:t>kwo!</w:t></w:r></w:ins></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Maya</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Okonkwo</w:t></w:r></w:p></w:tc></w:tr>
</w:tbl><w:p><w:r><w:drawing><wp:docPr xmlns:wp="urn:wp" descr="Maya at her peg"/></w:drawing></w:r></w:p>
</w:body></w:document>"""
SLIDE = f"<p:sld {A}><a:p><a:r><a:t>Slide {{}}</a:t></a:r></a:p></p:sld>"
ODT = f"""<office:document-content {ODF}><text:h>News</text:h><text:p>Well <text:span>done</text:span> Maya</text:p>
<table:table-row><table:table-cell><text:p>Maya</text:p></table:table-cell><table:table-cell><text:p>Okonkwo</text:p>
</table:table-cell></table:table-row></office:document-content>"""


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def jpeg(side: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def examine(tmp_path: Path) -> Examine:
    spool = Spool(tmp_path / "spool")
    spool.folder.mkdir()

    def run(content: bytes, max_pages: int = 50) -> DocumentFacts:
        path = tmp_path / "file"
        path.write_bytes(content)
        facts = examine_document(path, spool, max_pages)
        assert all(spool.path(picture.sha256).exists() for picture in facts.pictures)
        return facts

    return run


def test_a_word_document_gives_its_words_its_author_and_its_pictures(examine: Examine) -> None:
    parts = {
        "word/document.xml": DOCX,
        "docProps/core.xml": CORE,
        "word/header1.xml": DOCX.replace("Well", "Very well"),
    }
    pictures: dict[str, str | bytes] = {"word/media/image1.jpg": jpeg(200), "word/media/dot.jpg": jpeg(20)}
    facts = examine(packed(parts | pictures))
    head, _, text = facts.pages[0].partition("\n\n")
    assert head.splitlines() == ["Document title: Autumn", "Document author: Ada Wren"]
    lines = ["Well done Maya Okonkwo!", "Maya  Okonkwo", "Maya at her peg"]
    assert text.splitlines() == [*lines, "Very well done Maya Okonkwo!", *lines[1:]]
    assert [picture.page for picture in facts.pictures] == [1]
    assert facts.not_examined == ""


def test_slides_are_pages_and_keep_their_pictures(examine: Examine) -> None:
    slides = {f"ppt/slides/slide{number}.xml": SLIDE.format(number) for number in (10, 2, 1)}
    more: dict[str, str | bytes] = {"ppt/slides/_rels/slide10.xml.rels": RELATIONS, "ppt/media/image1.jpg": jpeg(100)}
    facts = examine(packed({**slides, **more}))
    assert facts.pages == ("Slide 1", "Slide 2", "Slide 10")
    assert [picture.page for picture in facts.pictures] == [3]
    assert "3 pages; the first 2" in examine(packed(slides), 2).not_examined


def test_slides_that_were_moved_are_counted_as_they_are_shown(examine: Examine) -> None:
    slides = {f"ppt/slides/slide{number}.xml": SLIDE.format(number) for number in (1, 2, 3)}
    entries = "".join(f'<p:sldId id="{255 + number}" r:id="r{number}"/>' for number in (3, 1))
    links = "".join(f'<Relationship Id="r{number}" Target="slides/slide{number}.xml"/>' for number in (1, 2, 3))
    book: dict[str, str | bytes] = {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="p" xmlns:r="r">{entries}</p:presentation>',
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{links}</Relationships>",
    }
    # A slide that the show leaves out is still in the file that everybody can fetch.
    assert examine(packed({**slides, **book})).pages == ("Slide 3", "Slide 1", "Slide 2")


def test_rows_of_a_sheet_stay_together(examine: Examine) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Forename", "Surname", "Age"])
    book.active.append(["Maya", "Okonkwo", 6])
    buffer = io.BytesIO()
    book.save(buffer)
    assert examine(buffer.getvalue()).pages[0].endswith("Forename  Surname  Age\nMaya  Okonkwo  6")


def test_every_run_of_a_cell_the_names_of_sheets_and_the_labels_of_charts_are_read(examine: Examine) -> None:
    cell = '<c t="inlineStr"><is><r><t>Maya </t></r><r><t>Okonkwo</t></r></is></c><c t="str"><f>A1</f><v>Wren</v></c>'
    link = '<Relationships xmlns="urn:r"><Relationship Id="r{}" Target="{}"/></Relationships>'
    label = (
        "<c:strCache><c:pt><c:v>Ella Moss</c:v></c:pt></c:strCache><c:numCache><c:pt><c:v>12</c:v></c:pt></c:numCache>"
    )
    parts = {
        "xl/workbook.xml": '<workbook xmlns="urn:x" xmlns:r="urn:o"><sheet name="Otters 2R" r:id="r1"/></workbook>',
        "xl/_rels/workbook.xml.rels": link.format(1, "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="urn:x"><row>{cell}</row></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": link.format(1, "../drawings/drawing1.xml"),
        "xl/drawings/drawing1.xml": f"<d {A}/>",
        "xl/drawings/_rels/drawing1.xml.rels": link.format(1, "../charts/chart1.xml"),
        "xl/charts/chart1.xml": f'<c:chart xmlns:c="urn:c" {A}><a:p><a:r><a:t>Stars</a:t></a:r></a:p>{label}</c:chart>',
    }
    assert examine(packed(parts)).pages == ("Sheet: Otters 2R\nMaya Okonkwo  Wren\nStars\nElla Moss",)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("Otters 2R", "Sheet1")
    assert examine(packed(parts)).pages[0].startswith("Maya Okonkwo")


def test_the_words_of_a_diagram_stand_on_its_slide(examine: Examine) -> None:
    words = "<a:p><a:r><a:t>Head: Maya </a:t></a:r><a:r><a:t>Okonkwo</a:t></a:r></a:p>"
    diagram = f'<g:m xmlns:g="urn:g" {A}><g:pt><g:t>{words}</g:t></g:pt></g:m>'
    slides = {f"ppt/slides/slide{number}.xml": SLIDE.format(number) for number in (1, 2)}
    link = RELATIONS.replace("media/image1.jpg", "diagrams/data1.xml")
    parts = {**slides, "ppt/diagrams/data1.xml": diagram, "ppt/slides/_rels/slide2.xml.rels": link}
    assert examine(packed(parts)).pages == ("Slide 1", "Slide 2\nHead: Maya Okonkwo")
    loose = {"word/document.xml": DOCX, "word/diagrams/data1.xml": diagram}
    assert examine(packed(loose)).pages[0].endswith("Head: Maya Okonkwo")


HEADED = """<worksheet xmlns="urn:x"><sheetData/><headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"&amp;12Report of
Freddie Bell&amp;C&amp;KFF0000Ada &amp;&amp; Wren&amp;R&amp;P</oddHeader>
<evenFooter>&amp;CFor Maya</evenFooter>
</headerFooter></worksheet>"""
LAYOUT = f"""<p:sldLayout {A}><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>Click to edit</a:t></a:r></a:p>
</p:sp><p:sp><a:p><a:r><a:t>Certificate for Freddie Bell</a:t></a:r></a:p></p:sp></p:sldLayout>"""


def _to(*targets: str) -> str:
    links = "".join(f'<Relationship Target="{target}"/>' for target in targets)
    return f'<Relationships xmlns="urn:r">{links}</Relationships>'


def test_what_is_printed_above_and_below_a_sheet_is_read(examine: Examine) -> None:
    (page,) = examine(packed({"xl/worksheets/sheet1.xml": HEADED})).pages
    assert page.splitlines() == ["Report of Freddie Bell Ada & Wren", "For Maya"]


def test_what_layout_and_master_show_stands_on_their_first_slide_without_what_only_editors_see(
    examine: Examine,
) -> None:
    slides = {f"ppt/slides/slide{number}.xml": SLIDE.format(number) for number in (1, 2)}
    links = {f"ppt/slides/_rels/slide{number}.xml.rels": _to("../slideLayouts/slideLayout1.xml") for number in (1, 2)}
    behind = {
        "ppt/slideLayouts/slideLayout1.xml": LAYOUT,
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": _to("../slideMasters/slideMaster1.xml"),
        "ppt/slideMasters/slideMaster1.xml": LAYOUT.replace("Certificate for", "Class of"),
        "ppt/slideLayouts/slideLayout2.xml": LAYOUT.replace("Certificate for", "Never used,"),
    }
    facts = examine(packed({**slides, **links, **behind}))
    assert facts.pages == ("Slide 1\nCertificate for Freddie Bell\nClass of Freddie Bell", "Slide 2")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "docProps/custom.xml",
            '<Properties xmlns="urn:c" xmlns:vt="urn:v"><property name="Pupil"><vt:lpwstr>Freddie Bell</vt:lpwstr>'
            "</property></Properties>",
        ),
        ("meta.xml", '<m:meta xmlns:m="urn:m"><m:user-defined m:name="Pupil">Freddie Bell</m:user-defined></m:meta>'),
    ],
)
def test_properties_that_somebody_named_are_read(examine: Examine, name: str, content: str) -> None:
    facts = examine(packed({"word/document.xml": DOCX, name: content}))
    assert facts.pages[0].splitlines()[0] == "Document property Pupil: Freddie Bell"


def test_a_long_property_is_read_and_an_endless_one_is_cut_and_told(examine: Examine) -> None:
    for length, told in ((600, False), (30_000, True)):
        core = CORE.replace("Ada Wren", "x" * length + " Freddie Bell")
        facts = examine(packed({"word/document.xml": DOCX, "docProps/core.xml": core}))
        assert ("Freddie Bell" in facts.pages[0]) is not told
        assert (facts.not_examined != "") is told


def test_an_open_sheet_gives_its_name(examine: Examine) -> None:
    row = "<table:table-row><table:table-cell><text:p>Maya</text:p></table:table-cell></table:table-row>"
    table = f'<table:table table:name="{{}}">{row}</table:table>'
    sheet = f"<office:document-content {ODF}>{table}</office:document-content>"
    assert examine(packed({"content.xml": sheet.format("Otters")})).pages == ("Sheet: Otters\nMaya",)
    assert examine(packed({"content.xml": sheet.format("Sheet1")})).pages == ("Maya",)


def test_an_open_document_gives_its_words(examine: Examine) -> None:
    facts = examine(packed({"content.xml": ODT, "Pictures/a.jpg": jpeg(100)}))
    assert facts.pages == ("News\nWell done Maya\nMaya  Okonkwo",)
    assert len(facts.pictures) == 1


ENTITIES = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>{DOCX}'.replace(
    "Well done", "&a;&f;Well done"
)


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"PK\x03\x04 and nothing more", "damaged"),
        (packed({"word/document.xml": DOCX})[:300], "damaged"),
        (packed({"notes.txt": "Maya"}), "not a document of a kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old office format"),
        (packed({"word/document.xml": DOCX, "word/media/a.emf": b"x"}), "1 drawing that cannot"),
    ],
)
def test_what_cannot_be_read_is_told(examine: Examine, content: bytes, reason: str) -> None:
    assert reason in examine(content).not_examined


def test_a_file_that_unpacks_to_anything_is_given_up(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MOST_BYTES", 100_000)
    bomb = packed({"word/document.xml": DOCX.replace("Well done", " " * 1_000_000)})
    assert len(bomb) < 10_000
    facts = examine(bomb)
    assert facts.pages == () and "damaged" in facts.not_examined


def test_entities_are_never_expanded(examine: Examine) -> None:
    text = "".join(examine(packed({"word/document.xml": ENTITIES})).pages)
    assert "Maya Okonkwo" in text or "Okon" in text
    assert "root:" not in text and "aaaa" not in text


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (DOCX, False),
        (DOCX.removesuffix("</w:body></w:document>"), True),
        (DOCX.replace("Maya at her peg", "Maya < her peg"), True),
        (DOCX.replace("kwo!", "kwo\x0c!"), True),
    ],
    ids=["whole", "cut short", "a stray bracket", "a sign that may not be"],
)
def test_a_file_that_had_to_be_repaired_is_not_read_in_full(broken: str, told: bool, examine: Examine) -> None:
    facts = examine(packed({"word/document.xml": broken}))
    assert "Okon" in facts.pages[0]
    assert ("not in full" in facts.not_examined) is told
