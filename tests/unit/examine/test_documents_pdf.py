"""What is read of a PDF: its text as a person reads it, its pictures, and what could not be read."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from auditbot.examine.documents import examine_document
from auditbot.examine.images import DecodedImage, decode
from auditbot.examine.words import WordReader
from auditbot.model import DocumentFacts, Spool
from tests.unit.examine.hostile_pictures import scene
from tests.unit.examine.small_pdf import image, jpeg_object, lines, pdf, stream

ENOUGH = "Our newsletter tells you what the children did this week."
TEXT = lines([(50, 800, ENOUGH)])


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    folder = tmp_path / "spool"
    folder.mkdir()
    return Spool(folder)


def read(content: bytes, spool: Spool, max_pages: int = 300) -> DocumentFacts:
    path = spool.folder.parent / "document"
    path.write_bytes(content)
    facts = examine_document(path, spool, max_pages)
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    return facts


def pictures(facts: DocumentFacts, spool: Spool) -> list[DecodedImage]:
    found = []
    for picture in facts.pictures:
        path = spool.path(picture.sha256)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == picture.sha256
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        decoded = decode(path, 120)
        assert isinstance(decoded, DecodedImage)
        found.append(decoded)
    assert len(list(spool.folder.iterdir())) == len(found)
    return found


def test_each_page_has_its_text(spool: Spool) -> None:
    facts = read(
        pdf([TEXT, lines([(50, 800, "Second page for all of our families"), (50, 780, "Bring a coat")])]), spool
    )
    assert facts.pages == (ENOUGH, "Second page for all of our families\nBring a coat")
    assert facts.pictures == ()
    assert facts.not_examined == ""


def column(x: float, words: str) -> list[tuple[float, float, str]]:
    return [(x, 760 - 16 * row, f"{words} in line number {row}") for row in range(8)]


@pytest.mark.parametrize("order", ["line by line", "column by column"])
def test_columns_are_read_one_after_the_other(order: str, spool: Spool) -> None:
    left, right = column(50, "On the left"), column(320, "On the right")
    body = (
        [text for pair in zip(left, right, strict=True) for text in pair] if order == "line by line" else left + right
    )
    page = lines(
        [(50, 800, "A headline that runs right across the page, over both columns"), *body, (50, 600, "The end")]
    )
    (text,) = read(pdf([page]), spool).pages
    rows = text.splitlines()
    assert rows[0].startswith("A headline")
    assert rows[1:9] == [f"On the left in line number {row}" for row in range(8)]
    assert [row for row in rows if "right in" in row] == [f"On the right in line number {row}" for row in range(8)]
    assert "The end" in rows


def test_a_tables_row_stays_one_line(spool: Spool) -> None:
    cells = [
        (x, 760 - 16 * row, text)
        for row, name in enumerate(["Mon", "Tue", "Wed", "Thu", "Fri"])
        for x, text in ((50, name), (250, "Pasta"), (450, "Fruit"))
    ]
    (text,) = read(pdf([lines([(50, 800, "What there is for lunch this week"), *cells])]), spool).pages
    assert "Tue  Pasta  Fruit" in text.splitlines()


def test_words_parted_at_the_end_of_a_line_are_whole_again(spool: Spool) -> None:
    page = lines(
        [(50, 800, "Well done to Amelia Whit-"), (50, 784, "lock and to Tom Hartley-"), (50, 768, "Jones for reading")]
    )
    (text,) = read(pdf([page]), spool).pages
    assert "Amelia Whitlock and" in text
    assert "Tom Hartley-Jones for" in text


def test_properties_and_attached_files_stand_before_the_first_page(spool: Spool) -> None:
    attached = [
        stream(b"secret list", b"/Type /EmbeddedFile"),
        b"<< /Type /Filespec /F (Reception list.xlsx) /UF (Reception list.xlsx) /EF << /F 4 0 R >> >>",
    ]
    facts = read(
        pdf(
            [TEXT],
            info=b"/Title (Newsletter 5) /Author (A. Whitlock) /Subject () ",
            catalog=b"/Names << /EmbeddedFiles << /Names [(Reception list.xlsx) 5 0 R] >> >>",
            extra=attached,
        ),
        spool,
    )
    head = "Document title: Newsletter 5\nDocument author: A. Whitlock\nAttached file: Reception list.xlsx"
    assert facts.pages == (f"{head}\n\n{ENOUGH}",)
    assert facts.not_examined == "The document carries 1 attached file, not looked into."


def test_pictures_go_into_the_spool_once_each(spool: Spool) -> None:
    photo, ornament = jpeg_object(scene(320, 200)), jpeg_object(Image.new("RGB", (400, 40)))
    page = TEXT + image((320, 0, 0, 200, 50, 300)) + image((400, 0, 0, 40, 50, 200), "Im2")
    facts = read(pdf([TEXT, page, page], images={"Im1": photo, "Im2": ornament}), spool)
    assert [picture.page for picture in facts.pictures] == [2]
    (picture,) = pictures(facts, spool)
    assert (picture.width, picture.height) == (320, 200)


@pytest.mark.parametrize(
    ("matrix", "turn"),
    [
        ((320, 0, 0, 200, 50, 300), b""),
        ((0, 320, -200, 0, 300, 300), b"/Rotate 90 "),
        ((-320, 0, 0, -200, 400, 500), b"/Rotate 180 "),
        ((0, -320, 200, 0, 300, 500), b"/Rotate 270 "),
    ],
)
def test_pictures_are_upright_as_the_page_shows_them(
    matrix: tuple[float, float, float, float, float, float], turn: bytes, spool: Spool
) -> None:
    content = pdf([TEXT + image(matrix)], images={"Im1": jpeg_object(scene(320, 200))}, page_entries=turn)
    (picture,) = pictures(read(content, spool), spool)
    assert (picture.width, picture.height) == (320, 200)
    assert np.abs(picture.rgb[50, 80].astype(int) - (220, 20, 20)).max() < 24
    assert np.abs(picture.rgb[150, 80].astype(int) - (20, 20, 220)).max() < 24


def test_a_scanned_page_becomes_one_picture(spool: Spool) -> None:
    scan = pdf([image((595, 0, 0, 842, 0, 0))], images={"Im1": jpeg_object(scene(595, 842))})
    facts = read(scan, spool)
    assert facts.pages == ("",)
    (picture,) = pictures(facts, spool)
    assert picture.width > 1300
    assert picture.height > picture.width


def test_letters_drawn_as_shapes_become_a_picture(spool: Spool) -> None:
    facts = read(pdf([b"0 0 0 rg 100 100 200 300 re f"]), spool)
    assert len(pictures(facts, spool)) == 1


@pytest.mark.parametrize("way", ["strips", "tiles side by side"])
def test_a_picture_stored_in_pieces_is_put_together_again(way: str, spool: Spool) -> None:
    whole = scene(320, 200)
    strips = way == "strips"
    cuts = (
        [(0, y, 320, y + 50) for y in range(0, 200, 50)] if strips else [(x, 0, x + 80, 200) for x in range(0, 320, 80)]
    )
    pieces = {f"Im{place}": jpeg_object(whole.crop(cut)) for place, cut in enumerate(cuts)}
    shown = b"".join(
        image((cut[2] - cut[0], 0, 0, cut[3] - cut[1], 100 + cut[0], 500 - cut[3]), f"Im{place}")
        for place, cut in enumerate(cuts)
    )
    (picture,) = pictures(read(pdf([TEXT + shown], images=pieces), spool), spool)
    dots = picture.width / 595
    place = round((842 - 500 + 50) * dots), round(180 * dots)
    assert np.abs(picture.rgb[place].astype(int) - (220, 20, 20)).max() < 24


def test_pictures_that_do_not_touch_stay_apart(spool: Spool) -> None:
    shown = image((320, 0, 0, 200, 50, 500)) + image((320, 0, 0, 200, 50, 250), "Im2")
    other = jpeg_object(scene(320, 200).rotate(180))
    assert (
        len(
            pictures(
                read(pdf([TEXT + shown], images={"Im1": jpeg_object(scene(320, 200)), "Im2": other}), spool), spool
            )
        )
        == 2
    )


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_scanned_page_is_read_however_it_lies(turn: int, spool: Spool) -> None:
    """Neither the file nor a text layer says which way up it is: the words alone tell."""
    sheet = Image.new("RGB", (900, 1200), "ivory")
    draw = ImageDraw.Draw(sheet)
    said = ["Autumn newsletter", "Star of the week: Amelia Whitlock", "Thank you to all helpers"]
    for place, line in enumerate(said):
        draw.text((80, 100 + 70 * place), line, fill="black", font=ImageFont.load_default(34))
    scan = sheet.rotate(2, fillcolor="ivory").rotate(turn, expand=True)
    facts = read(
        pdf([image((500, 0, 0, 500 * scan.height / scan.width, 40, 60))], images={"Im1": jpeg_object(scan)}), spool
    )
    (picture,) = pictures(facts, spool)
    assert [words.text for words in WordReader().read(picture.rgb)] == said


def test_an_empty_page_gives_no_picture(spool: Spool) -> None:
    assert read(pdf([b""]), spool).pictures == ()


def test_a_huge_page_gives_a_picture_of_bounded_size(spool: Spool) -> None:
    content = pdf(
        [b"0 0 1 rg 0 0 9000 9000 re f"], page_entries=b"/CropBox [0 0 14400 14400] /MediaBox [0 0 14400 14400] "
    )
    (picture,) = pictures(read(content, spool), spool)
    assert max(picture.width, picture.height) <= 3000


def test_more_pages_than_allowed_are_reported(spool: Spool) -> None:
    facts = read(pdf([TEXT] * 5), spool, max_pages=3)
    assert len(facts.pages) == 3
    assert facts.not_examined == "The document has 5 pages; the first 3 were read."


WHOLE = pdf([TEXT] * 3)
BROKEN = "The document is damaged or cut short and cannot be opened."
UNREADABLE = {
    "nothing": (b"", "The file is empty."),
    "a page on the web": (b"<!DOCTYPE html><p>Not found</p>", "The file is not a PDF document."),
    "a broken Word document": (
        b"PK\x03\x04" + b"\0" * 500,
        "The document is damaged or cut short and was not read in full.",
    ),
    "protected": (pdf([TEXT], password=b"secret"), "The document is protected by a password."),
    "a header alone": (b"%PDF-1.7\n", BROKEN),
    "nonsense after the header": (b"%PDF-1.7\n" + bytes(range(256)) * 20, BROKEN),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_document_that_cannot_be_read_says_why(case: str, spool: Spool) -> None:
    content, reason = UNREADABLE[case]
    facts = read(content, spool)
    assert facts.not_examined == reason
    assert facts.pages == ()
    assert not list(spool.folder.iterdir())


def test_a_document_protected_against_printing_alone_is_read(spool: Spool) -> None:
    assert read(pdf([b""], password=b""), spool).not_examined == ""


def test_a_document_cut_short_never_passes_as_read_in_full(spool: Spool) -> None:
    for share in (0.3, 0.6, 0.8):
        facts = read(WHOLE[: int(len(WHOLE) * share)], spool)
        assert facts.not_examined or facts.pages == (ENOUGH,) * 3


def test_a_picture_that_is_damaged_is_reported(spool: Spool) -> None:
    broken = jpeg_object(scene(320, 200)).replace(b"\xff\xda", b"\0\0").replace(b"\xff\xc0", b"\0\0")
    facts = read(pdf([TEXT + image((320, 0, 0, 200, 50, 300))], images={"Im1": broken}), spool)
    assert facts.pages == (ENOUGH,)
    assert facts.not_examined == "A picture on page 1 is damaged and was not examined."


def test_damaged_bytes_never_raise(spool: Spool) -> None:
    rng = np.random.default_rng(3)
    whole = pdf([TEXT + image((320, 0, 0, 200, 50, 300))], images={"Im1": jpeg_object(scene(320, 200))})
    for _ in range(150):
        damaged = bytearray(whole)
        for place in rng.integers(0, len(damaged), 8):
            damaged[place] = rng.integers(0, 256)
        facts = read(bytes(damaged), spool)
        assert isinstance(facts, DocumentFacts)


def test_the_same_document_gives_the_same_pictures_again(spool: Spool) -> None:
    content = pdf(
        [TEXT + image((320, 0, 0, 200, 50, 300)), b"0 0 1 rg 0 0 90 90 re f"],
        images={"Im1": jpeg_object(scene(320, 200))},
    )
    first = read(content, spool)
    assert read(content, spool) == first
    assert len(first.pictures) == 2
