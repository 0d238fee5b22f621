"""Evidence pictures: the finding is boxed and numbered, nobody else can be recognised, nothing else leaks."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from auditbot.errors import EvidenceUnreadable
from auditbot.evidence.numbered import numbered_picture
from auditbot.examine.hide import COVER, destroy
from tests.unit.examine.hostile_pictures import noise, saved, scene, write


def read(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize("ending", [".webp", ".jpg"])
def test_no_metadata_travels_and_only_this_user_may_read(ending: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Amelia at the farm"
    exif.get_ifd(0x8825)[1] = "N"
    source = write(tmp_path, saved(scene(), "JPEG", exif=exif, comment=b"Amelia"))
    out = tmp_path / f"evidence{ending}"
    numbered_picture(source, out, [(20, 20, 30, 30)], [])
    assert b"Amelia" not in out.read_bytes()
    with Image.open(out) as picture:
        assert not picture.getexif()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".part-*"))


def test_other_faces_are_beyond_recovery_and_the_rest_stays(tmp_path: Path) -> None:
    source = write(tmp_path, saved(noise(600, 400), "PNG"))
    before = np.asarray(noise(600, 400)).astype(int)
    out = tmp_path / "evidence.png"
    numbered_picture(source, out, [], [(200, 100, 100, 120)])
    after = read(out)
    # Hair, ears and chin go with the face.
    assert (after[30:260, 162:338] == COVER).all()
    assert (after[:25] == before[:25]).all()
    assert (after[:, :155] == before[:, :155]).all()


def test_whoever_is_hidden_looks_like_everybody_else_who_is() -> None:
    first = np.asarray(noise(120, 120))
    bright = np.full((120, 120, 3), 250, np.uint8)
    hidden = [destroy(pixels, [(0, 0, 120, 120)]) for pixels in (first, bright)]
    assert (hidden[0] == hidden[1]).all()


def test_a_face_that_is_shown_stays_whole_beside_one_that_is_hidden() -> None:
    pixels = np.asarray(noise(600, 400))
    shown, other = (200, 100, 100, 120), (310, 110, 100, 120)
    after = destroy(pixels, [other], shown=[shown])
    assert (after[100:220, 200:300] == pixels[100:220, 200:300]).all()
    assert (after[110:230, 310:410] == COVER).all()
    overlapping = destroy(pixels, [(260, 110, 100, 120)], shown=[shown])
    assert (overlapping[110:230, 260:360] == COVER).all()


@pytest.mark.parametrize(
    "box", [(-40, -40, 60, 60), (580, 380, 90, 90), (-500, -500, 20, 20), (10, 10, 0, 0), (0, 0, 600, 400)]
)
def test_boxes_beyond_the_edge_do_no_harm(box: tuple[float, float, float, float], tmp_path: Path) -> None:
    source = write(tmp_path, saved(noise(600, 400), "PNG"))
    out = tmp_path / "evidence.webp"
    numbered_picture(source, out, [box], [box], enlarges=False)
    assert read(out).shape == (400, 600, 3)
    numbered_picture(source, out, [box], [box])
    assert read(out).shape[1:] == (600, 3)


def test_the_numbered_face_itself_is_not_hidden_when_it_is_listed_among_the_others(tmp_path: Path) -> None:
    source = write(tmp_path, saved(noise(600, 400), "PNG"))
    out = tmp_path / "evidence.png"
    numbered_picture(source, out, [(200, 100, 100, 120)], [(203, 98, 98, 121)])
    assert (read(out)[130:190, 220:280] == np.asarray(noise(600, 400))[130:190, 220:280]).all()


def test_a_neighbour_over_a_shown_face_is_hidden_whole_only_in_what_is_handed_out(tmp_path: Path) -> None:
    source, out = write(tmp_path, saved(noise(600, 400), "PNG")), tmp_path / "evidence.png"
    before = np.asarray(noise(600, 400)).astype(int)
    shown, other = (200.0, 100.0, 100.0, 120.0), (260.0, 110.0, 100.0, 120.0)
    both = slice(130, 200), slice(265, 290)
    numbered_picture(source, out, [shown], [other])
    assert (read(out)[both] == before[both]).all()
    numbered_picture(source, out, [shown], [other], others_first=True)
    assert (read(out)[both] == COVER).all()


@pytest.mark.parametrize("ground", ["black", "white", "gray", "red", "navy"])
def test_a_box_shows_on_every_ground_in_colour_and_in_grey(ground: str, tmp_path: Path) -> None:
    source = write(tmp_path, saved(Image.new("RGB", (800, 600), ground), "PNG"))
    out = tmp_path / "evidence.png"
    numbered_picture(source, out, [(300, 250, 100, 100)], [])
    grey = read(out).mean(axis=2)
    across_the_left_edge = grey[300, 280:320]
    assert across_the_left_edge.max() - across_the_left_edge.min() > 150
    # Inside the box the picture is untouched.
    assert np.ptp(grey[270:330, 320:380]) == 0


def test_each_box_has_its_own_number(tmp_path: Path) -> None:
    source = write(tmp_path, saved(Image.new("RGB", (800, 600), "gray"), "PNG"))
    tabs = []
    for count in (1, 2):
        out = tmp_path / f"evidence{count}.png"
        boxes = [(100, 250, 80, 80), (500, 250, 80, 80)]
        numbered_picture(source, out, boxes[:count], [])
        tabs.append(read(out))
    first, second = tabs[1][150:202, 90:190], tabs[1][150:202, 490:590]
    assert (first < 60).any()
    assert (second < 60).any()
    assert (first != second).any()
    assert (tabs[0][150:202, 490:590] == 128).all()


def test_large_pictures_shrink_and_their_boxes_with_them(tmp_path: Path) -> None:
    picture = Image.new("RGB", (4000, 3000), "white")
    picture.paste("black", (1000, 1000, 1400, 1500))
    out = tmp_path / "evidence.png"
    numbered_picture(write(tmp_path, saved(picture, "PNG")), out, [(1000, 1000, 400, 500)], [], max_side=1200)
    after = read(out)
    assert after.shape == (900, 1200, 3)
    assert (after[320:430, 310:410] == 0).all()
    assert (after[350, 418:430] < 60).any()
    assert (after[350, 440:460] > 250).all()


def test_boxes_are_in_pixels_of_the_upright_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = Image.new("RGB", (300, 400), "white")
    upright.paste("black", (200, 40, 260, 110))
    source = write(tmp_path, saved(upright.transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif))
    out = tmp_path / "evidence.png"
    numbered_picture(source, out, [], [(200, 40, 60, 70)])
    after = read(out)
    assert after.shape == (400, 300, 3)
    assert after[75, 230].mean() < 160
    assert after[75, 205].mean() > 10


def test_a_picture_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(EvidenceUnreadable, match="The file is text, not a picture"):
        numbered_picture(write(tmp_path, b"hello there"), tmp_path / "out.webp", [], [])
    assert not (tmp_path / "out.webp").exists()
