"""The detail width: what of a face a picture really carries, however many pixels it is spread over."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from auditbot.examine.faces.detail import WIDTHS, detail_width

FACES = Path(__file__).parents[2] / "data" / "faces"
PORTRAITS = [f"C{number:03}/portrait_1.jpg" for number in range(1, 7)]
BOX = (0.30, 0.28, 0.40, 0.42)
"""Where the face stands in the portraits, in shares of width and height."""


def portrait(name: str) -> NDArray[np.uint8]:
    with Image.open(FACES / name) as picture:
        return np.asarray(picture.convert("RGB"))


def face_of_width(rgb: NDArray[np.uint8], wide: float) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    scale = wide / (BOX[2] * rgb.shape[1])
    small = np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    high, across = small.shape[:2]
    return small, (BOX[0] * across, BOX[1] * high, BOX[2] * across, BOX[3] * high)


def blurred(rgb: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)


@pytest.mark.parametrize("name", PORTRAITS)
def test_the_same_blur_gives_the_same_detail_at_every_size(name: str) -> None:
    rgb = portrait(name)
    details = []
    for wide in (24, 40, 80):
        small, box = face_of_width(rgb, wide)
        details.append(detail_width(blurred(small, 0.05 * wide), box))
    assert max(details) - min(details) <= 0.2 * np.mean(details)


@pytest.mark.parametrize("name", PORTRAITS)
def test_enlarging_adds_no_detail_and_blurring_takes_it_away(name: str) -> None:
    small, box = face_of_width(portrait(name), 40)
    soft = blurred(small, 2.0)
    larger = np.asarray(cv2.resize(soft, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
    there = detail_width(soft, box)
    x, y, wide, high = box
    assert detail_width(larger, (3 * x, 3 * y, 3 * wide, 3 * high)) == pytest.approx(there, abs=1.5)
    assert there < detail_width(small, box)
    assert detail_width(blurred(small, 4.0), box) < there


def test_a_patch_of_one_tone_or_outside_the_picture_has_none() -> None:
    flat = np.full((60, 60, 3), 90, np.uint8)
    assert detail_width(flat, (10, 10, 30, 40)) == 0.0
    assert detail_width(flat, (500, 500, 30, 40)) == 0.0


@given(st.floats(-50, 150), st.floats(-50, 150), st.floats(0, 200), st.floats(0, 200), st.integers(0, 2**32 - 1))
def test_any_box_has_a_detail_within_the_table(x: float, y: float, wide: float, high: float, seed: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 255, (90, 110, 3)).astype(np.uint8)
    assert 0.0 <= detail_width(rgb, (x, y, wide, high)) <= WIDTHS[-1]
