"""Words in photos: read where they are, in the order they stand, and nothing where there are none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import rapidocr
from PIL import Image, ImageDraw, ImageFont

from auditbot.errors import ModelFileWrong
from auditbot.examine import words as words_module
from auditbot.examine.words import WordReader
from auditbot.model import Words
from tests.unit.examine.hostile_pictures import noise

READER = WordReader()


def sheet(
    lines: list[tuple[int, int, int, str]], size: tuple[int, int] = (900, 600), ground: str = "ivory"
) -> np.ndarray:
    """Return a sheet with each text at its x, y and size in pixels."""
    picture = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(picture)
    for x, y, height, text in lines:
        draw.text((x, y), text, fill="black", font=ImageFont.load_default(height))
    return np.asarray(picture)


def texts(found: tuple[Words, ...]) -> list[str]:
    return [words.text for words in found]


CERTIFICATE = [(200, 80, 60, "Star of the Week"), (380, 220, 30, "awarded to"), (180, 320, 64, "Amelia Whitlock")]


def test_a_certificate_is_read_line_by_line() -> None:
    found = READER.read(sheet(CERTIFICATE))
    assert texts(found) == ["Star of the Week", "awarded to", "Amelia Whitlock"]
    x, y, width, height = found[2].box
    # Around the whole line, in pixels of the photo.
    assert 150 < x < 190
    assert 300 < y < 345
    assert 630 < x + width < 760
    assert 370 < y + height < 420
    assert all(0.8 < words.score <= 1 for words in found)


@pytest.mark.parametrize("angle", [-35, -15, 15, 35])
def test_a_certificate_held_askew_is_read_in_the_same_order(angle: int) -> None:
    turn = cv2.getRotationMatrix2D((450, 300), angle, 0.9)
    turn[:, 2] += 150
    photo = np.asarray(cv2.warpAffine(sheet(CERTIFICATE), turn, (1200, 900), borderValue=(90, 110, 140)), np.uint8)
    assert texts(READER.read(photo)) == ["Star of the Week", "awarded to", "Amelia Whitlock"]


def test_words_upside_down_are_read() -> None:
    assert "Amelia Whitlock" in texts(READER.read(sheet(CERTIFICATE)[::-1, ::-1]))


def test_words_down_the_side_are_read() -> None:
    for quarter_turns in (1, 3):
        assert "Amelia Whitlock" in texts(READER.read(np.rot90(sheet(CERTIFICATE), quarter_turns)))


def test_forename_and_surname_with_a_gap_between_are_one_line() -> None:
    found = READER.read(
        sheet([(100, 100, 50, "Amelia"), (310, 100, 50, "Whitlock"), (100, 300, 50, "Reception class")])
    )
    assert texts(found) == ["Amelia Whitlock", "Reception class"]


def test_columns_far_apart_stay_apart() -> None:
    found = READER.read(sheet([(60, 100, 50, "Amelia"), (640, 100, 50, "Teddy")]))
    assert texts(found) == ["Amelia", "Teddy"]


def test_small_and_large_words_in_one_photo_are_both_read() -> None:
    photo = sheet([(60, 60, 260, "READ"), (1300, 900, 26, "Teddy Bexley")], (1920, 1080))
    assert texts(READER.read(photo)) == ["READ", "Teddy Bexley"]


def test_a_small_copy_of_a_photo_is_read() -> None:
    small = np.asarray(cv2.resize(sheet(CERTIFICATE), (300, 200), interpolation=cv2.INTER_AREA), np.uint8)
    found = READER.read(small)
    assert "Amelia Whitlock" in texts(found)
    assert all(words.box[0] + words.box[2] <= 300 for words in found)


@pytest.mark.parametrize("upright", [False, True])
def test_a_long_banner_is_read_all_along(upright: bool) -> None:
    banner = sheet([(100, 60, 60, "Welcome to Larkmere"), (5100, 60, 60, "Teddy Bexley")], (6000, 200))
    found = texts(READER.read(np.rot90(banner) if upright else banner))
    assert sorted(found) == ["Teddy Bexley", "Welcome to Larkmere"]


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (15, 15), (40, 40), (640, 480)])
def test_nothing_is_read_where_nothing_is(size: tuple[int, int]) -> None:
    assert READER.read(np.asarray(Image.new("RGB", size, "teal"))) == ()


def test_stripes_and_noise_are_no_words() -> None:
    stripes = np.zeros((400, 600, 3), np.uint8)
    stripes[:, ::20] = stripes[:, 1::20] = stripes[:, 2::20] = 220
    assert READER.read(stripes) == ()
    assert READER.read(np.asarray(noise(600, 400))) == ()


def test_the_same_photo_always_gives_the_same_words() -> None:
    assert WordReader().read(sheet(CERTIFICATE)) == READER.read(sheet(CERTIFICATE))


@pytest.mark.usefixtures("socket_disabled")
def test_reading_needs_no_network() -> None:
    assert len(WordReader().read(sheet(CERTIFICATE))) == 3


def test_a_model_that_is_not_the_one_measured_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(words_module.MODELS, next(iter(words_module.MODELS)), "0" * 64)
    with pytest.raises(ModelFileWrong, match="is not the file it should be"):
        WordReader().read(sheet(CERTIFICATE))


def test_a_missing_model_is_not_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        words_module, "MODELS", {"PP-OCRv6_det_large.onnx": "0" * 64, "PP-OCRv6_rec_large.onnx": "0" * 64}
    )
    with pytest.raises(ModelFileWrong, match="cannot be read"):
        WordReader().read(sheet(CERTIFICATE))
    folder = Path(rapidocr.__path__[0]) / "models"
    assert not (folder / "PP-OCRv6_det_large.onnx").exists()


def test_every_name_on_a_wall_full_of_labels_is_read_in_bands() -> None:
    names = [f"{first} {last}" for first in ("Amelia", "Oskar", "Priya") for last in ("Whitlock", "Nowak", "Raman")]
    at = [(60 + 600 * (place % 3), 80 + 360 * (place // 3)) for place in range(9)]
    wall = sheet([(x, y, 22, name) for (x, y), name in zip(at, names, strict=True)], (1920, 1080))
    assert sorted(texts(READER.read(wall))) == sorted(names)
