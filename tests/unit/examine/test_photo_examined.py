"""One photo, examined: what a worker hands to the main process."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from auditbot.examine.photo import Models, examine_photo
from auditbot.settings import Examine, Faces, School, Settings
from tests.unit.examine.hostile_pictures import cut, saved, write
from tests.unit.examine.made_up_faces import FACES

SETTINGS = Settings(school=School(name="Larkmere"))
ASSESSED = Faces(dpia_reference="DPIA 7", dpia_officer="A. Officer", dpia_date=date(2026, 9, 1))
MODELS = Models()
PORTRAIT = next(iter(sorted(FACES.glob("C0*/portrait_1.jpg"))))


def portrait_with_name(width: int = 900, height: int = 600) -> Image.Image:
    """Return a made-up child beside a sheet with a name on it."""
    picture = Image.new("RGB", (width, height), "ivory")
    picture.paste(Image.open(PORTRAIT).convert("RGB"), (40, 40))
    ImageDraw.Draw(picture).text((420, 200), "Amelia Whitlock", fill="black", font=ImageFont.load_default(52))
    return picture


def middle(box: tuple[float, float, float, float]) -> tuple[float, float]:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def test_faces_and_words_come_with_their_places(tmp_path: Path) -> None:
    path = write(tmp_path, saved(portrait_with_name(), "JPEG", quality=92))
    photo = examine_photo(path, replace(SETTINGS, faces=ASSESSED), MODELS)
    assert photo.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (photo.width, photo.height, photo.not_examined) == (900, 600, "")
    (face,) = photo.faces
    assert 40 < middle(face.box)[0] < 360
    assert np.isfinite(face.vector).all() and np.linalg.norm(face.vector) > 0
    (uncompared,) = examine_photo(path, SETTINGS, MODELS).faces
    assert not np.any(uncompared.vector), "without the right to compare faces none is turned into a vector"
    (words,) = photo.words
    assert words.text == "Amelia Whitlock"
    assert 420 < middle(words.box)[0] < 860


def test_places_are_in_pixels_of_the_whole_picture_however_large_it_is(tmp_path: Path) -> None:
    large = portrait_with_name().resize((5400, 3600))
    photo = examine_photo(write(tmp_path, saved(large, "JPEG", quality=80)), SETTINGS, MODELS)
    assert (photo.width, photo.height) == (5400, 3600)
    (face,), (words,) = photo.faces, photo.words
    assert 40 * 6 < middle(face.box)[0] < 360 * 6
    assert 420 * 6 < middle(words.box)[0] < 860 * 6


def test_a_photo_stored_sideways_gives_the_same_places(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = portrait_with_name().transpose(Image.Transpose.ROTATE_90)
    photo = examine_photo(write(tmp_path, saved(sideways, "PNG", exif=exif)), SETTINGS, MODELS)
    assert (photo.width, photo.height) == (900, 600)
    assert [words.text for words in photo.words] == ["Amelia Whitlock"]
    assert len(photo.faces) == 1


def test_every_panel_of_a_picture_that_moves_is_examined(tmp_path: Path) -> None:
    empty = Image.new("RGB", (900, 600), "ivory")
    content = saved(empty, "WEBP", save_all=True, append_images=[empty, portrait_with_name()], duration=500, quality=95)
    photo = examine_photo(write(tmp_path, content), SETTINGS, MODELS)
    assert photo.panels == ((0, 0, 900, 600), (0, 600, 900, 600))
    (face,), (words,) = photo.faces, photo.words
    assert 600 < middle(face.box)[1] < 1200
    assert 600 < middle(words.box)[1] < 1200


def test_words_are_left_alone_when_the_school_says_so(tmp_path: Path) -> None:
    settings = Settings(school=School(name="Larkmere"), examine=Examine(read_words=False))
    photo = examine_photo(write(tmp_path, saved(portrait_with_name(), "JPEG")), settings, MODELS)
    assert photo.words == ()
    assert len(photo.faces) == 1


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (2, 700), (20_000, 12)])
def test_icons_and_rules_hold_nobody_and_are_no_trouble(size: tuple[int, int], tmp_path: Path) -> None:
    photo = examine_photo(write(tmp_path, saved(Image.new("RGB", size, "teal"), "PNG")), SETTINGS, MODELS)
    assert (photo.faces, photo.words, photo.not_examined) == ((), (), "")
    assert (photo.width, photo.height) == size


def test_a_photo_over_the_schools_limit_is_not_examined(tmp_path: Path) -> None:
    settings = Settings(school=School(name="Larkmere"), examine=Examine(max_megapixels=0.5))
    photo = examine_photo(write(tmp_path, saved(portrait_with_name(), "JPEG")), settings, MODELS)
    assert photo.not_examined == "The picture has 0.54 megapixels; at most 0.5 are examined."
    assert photo.faces == ()


def test_a_file_that_cannot_be_decoded_keeps_its_hash_and_says_why(tmp_path: Path) -> None:
    path = write(tmp_path, cut("JPEG"))
    photo = examine_photo(path, SETTINGS, MODELS)
    assert photo.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert photo.not_examined == "The file is cut short."


def test_the_same_photo_gives_the_same_answer_in_another_worker(tmp_path: Path) -> None:
    path = write(tmp_path, saved(portrait_with_name(), "JPEG"))
    one, other = examine_photo(path, SETTINGS, Models()), examine_photo(path, SETTINGS, MODELS)
    assert one.words == other.words
    assert [face.box for face in one.faces] == [face.box for face in other.faces]
    assert (one.faces[0].vector == other.faces[0].vector).all()


def test_a_photo_kept_as_heic_is_examined_like_any_other(tmp_path: Path) -> None:
    photo = examine_photo(write(tmp_path, saved(portrait_with_name(), "HEIF", quality=90)), SETTINGS, MODELS)
    assert len(photo.faces) == 1
    assert [words.text for words in photo.words] == ["Amelia Whitlock"]


def test_low_light_does_not_hide_the_name(tmp_path: Path) -> None:
    dark = cv2.convertScaleAbs(np.asarray(portrait_with_name()), alpha=0.25)
    photo = examine_photo(write(tmp_path, saved(Image.fromarray(dark), "PNG")), SETTINGS, MODELS)
    assert [words.text for words in photo.words] == ["Amelia Whitlock"]
