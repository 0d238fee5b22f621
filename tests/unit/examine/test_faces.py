"""Faces are found wherever they are large enough to see, and a vector does not depend on how a photo was scaled."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.errors import ModelFileWrong
from auditbot.examine.faces.detection import TILE_SIDE, _tiles
from auditbot.examine.faces.engines import YUNET_SHA256
from auditbot.examine.faces.faces import Pixels, find_faces, is_clear
from auditbot.examine.weights import MODELS, checked
from auditbot.model import Box
from tests.unit.examine.made_up_faces import FACES, PUPILS, engine, faces_in, picture

GROUPS = json.loads((FACES / "groups" / "truth.json").read_text())


def holds(box: Box, point: tuple[float, float]) -> bool:
    x, y, width, height = box
    return x <= point[0] <= x + width and y <= point[1] <= y + height


def scaled(rgb: Pixels, factor: float) -> Pixels:
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=way), np.uint8)


@pytest.mark.parametrize("group", GROUPS, ids=[group["file"] for group in GROUPS])
def test_every_face_of_a_group_photo_is_found_once_and_nothing_else(group: dict[str, object]) -> None:
    boxes = [face.box for face in faces_in(f"groups/{group['file']}")]
    for face in group["faces"]:  # type: ignore[attr-defined]
        x, y, width, height = face["box"]
        assert sum(holds(box, (x + width / 2, y + height / 2)) for box in boxes) == 1, face["id"]
    assert len(boxes) == len(group["faces"])  # type: ignore[arg-type]
    assert boxes == sorted(boxes)


@pytest.mark.parametrize("pupil_id", PUPILS)
def test_a_portrait_holds_one_face(pupil_id: str) -> None:
    assert len(faces_in(f"{pupil_id}/portrait_1.jpg")) == 1


@pytest.mark.parametrize("width", [20, 24, 32, 64, 250, 700])
def test_a_face_is_found_small_and_large(width: int) -> None:
    portrait = picture("C012/portrait_1.jpg")
    (face,) = faces_in("C012/portrait_1.jpg")
    small = scaled(portrait, width / face.box[2])
    photo = np.full((1080, 1920, 3), 128, np.uint8)
    height, wide = min(1080, small.shape[0]), min(1920, small.shape[1])
    photo[1080 - height :, 1920 - wide :] = small[:height, :wide]
    found = find_faces(photo, engine())
    assert [face.box[2] for face in found] == [pytest.approx(width, rel=0.25)]


def test_only_a_face_that_can_be_compared_has_a_vector() -> None:
    portrait = picture("C012/portrait_1.jpg")
    (face,) = faces_in("C012/portrait_1.jpg")
    photo = np.full((600, 1200, 3), 128, np.uint8)
    for left, width in ((0, 20), (600, 60)):
        small = scaled(portrait, width / face.box[2])
        photo[: small.shape[0], left : left + small.shape[1]] = small
    too_small, clear = find_faces(photo, engine())
    assert (is_clear(too_small.quality), is_clear(clear.quality)) == (False, True)
    assert not too_small.vector.any()
    assert float(clear.vector @ face.vector) / float(face.vector @ face.vector) > 0.8


def test_a_face_is_found_anywhere_in_a_very_large_photo() -> None:
    small = scaled(picture("C012/portrait_1.jpg"), 0.25)
    photo = np.full((4000, 6000, 3), 128, np.uint8)
    corners = [(0, 0), (3880, 5900), (1900, 1900), (1875, 3700)]
    for top, left in corners:
        photo[top : top + small.shape[0], left : left + small.shape[1]] = small
    found = find_faces(photo, engine())
    assert len(found) == len(corners)


def test_the_vector_does_not_depend_on_the_photo_s_scale() -> None:
    portrait = picture("C001/portrait_1.jpg")
    (face,) = faces_in("C001/portrait_1.jpg")
    for factor in (0.5, 2.0, 4.0):
        (other,) = find_faces(scaled(portrait, factor), engine())
        assert float(face.vector @ other.vector) / float(face.vector @ face.vector) > 0.9


def test_vectors_have_length_one_and_differ_between_children() -> None:
    vectors = np.stack([faces_in(f"{pupil_id}/portrait_1.jpg")[0].vector for pupil_id in PUPILS])
    assert vectors.dtype == np.float32
    start = 0
    for size, _ in engine().parts:
        part = vectors[:, start : start + size]
        assert np.linalg.norm(part, axis=1) == pytest.approx(1.0, abs=1e-5)
        assert (part @ part.T - 2 * np.eye(len(PUPILS))).max() < 0.99
        start += size
    assert start == vectors.shape[1]
    assert sum(share for _, share in engine().parts) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 500), (500, 1), (7, 20_000), (600, 600)], ids=lambda shape: "x".join(map(str, shape))
)
def test_a_picture_without_faces_gives_none(shape: tuple[int, int]) -> None:
    assert find_faces(np.full((*shape, 3), 90, np.uint8), engine()) == ()


def test_noise_gives_no_face() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (480, 640, 3)).astype(np.uint8)
    assert find_faces(noise, engine()) == ()


def test_quality_tells_a_sharp_face_from_a_blurred_one_and_front_from_side() -> None:
    portrait = picture("C002/portrait_1.jpg")
    (sharp,) = faces_in("C002/portrait_1.jpg")
    (blurred,) = find_faces(np.asarray(cv2.GaussianBlur(portrait, (0, 0), 8), np.uint8), engine())
    assert blurred.quality.sharpness < 6 < sharp.quality.sharpness
    assert sharp.quality.turn < 20
    leaning = cv2.warpAffine(portrait, cv2.getRotationMatrix2D((160, 192), 25, 1.0), (320, 384))
    (tilted,) = find_faces(np.asarray(leaning, np.uint8), engine())
    assert tilted.quality.tilt == pytest.approx(25, abs=8)


def test_a_model_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "yunet.onnx"
    content = bytearray((MODELS / "yunet_2023mar.onnx").read_bytes())
    copy.write_bytes(content)
    assert checked(copy, YUNET_SHA256) == copy
    content[1000] ^= 1
    copy.write_bytes(content)
    with pytest.raises(ModelFileWrong, match=r"yunet\.onnx is not the file it should be"):
        checked(copy, YUNET_SHA256)
    with pytest.raises(ModelFileWrong, match="cannot be read"):
        checked(tmp_path / "missing.onnx", YUNET_SHA256)


def test_the_hashes_in_the_origin_note_are_those_of_the_files() -> None:
    note = (MODELS / "ORIGIN.md").read_text()
    for line in note.splitlines():
        cells = [cell.strip(" `") for cell in line.split("|")]
        if len(cells) > 3 and cells[1].endswith(".onnx"):
            checked(MODELS / cells[1], cells[2])
    assert all(path.name in note for path in MODELS.glob("*.onnx"))


@given(length=st.integers(1, 12_000), overlap=st.integers(64, 400))
def test_tiles_cover_a_side_overlap_and_are_never_larger_than_they_may_be(length: int, overlap: int) -> None:
    tiles = _tiles(length, overlap)
    assert tiles[0][0] == 0
    assert tiles[-1][1] == length
    assert all(0 < end - start <= TILE_SIDE for start, end in tiles)
    assert all(before[1] - after[0] >= overlap - 1 for before, after in pairwise(tiles))
