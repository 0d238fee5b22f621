"""Small films, made from a few lines: scenes of coloured blocks, each unlike all others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

ROTATION = b"\x00\x01\x00\x00" + bytes(12) + b"\x00\x01\x00\x00" + bytes(12) + b"\x40\x00\x00\x00"
A_QUARTER_TURN = bytes(4) + b"\x00\x01\x00\x00" + bytes(4) + b"\xff\xff\x00\x00" + bytes(16) + b"\x40\x00\x00\x00"


def scene(number: int, size: tuple[int, int] = (160, 120)) -> np.ndarray:
    """Return a frame of coloured blocks, always the same for a number."""
    blocks = np.random.default_rng(number).integers(0, 256, (9, 12, 3), np.uint8)
    return cv2.resize(blocks, size, interpolation=cv2.INTER_NEAREST)


BLACK = np.zeros((120, 160, 3), np.uint8)


def film(
    path: Path, scenes: Sequence[np.ndarray], frames_a_scene: int = 10, rate: float = 5, code: str = "MJPG"
) -> Path:
    """Write a film in which each scene stands still for ``frames_a_scene`` frames, ``rate`` of them a second."""
    height, width = scenes[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*code), rate, (width, height))
    assert writer.isOpened()
    for shown in scenes:
        for _ in range(frames_a_scene):
            writer.write(shown)
    writer.release()
    return path
