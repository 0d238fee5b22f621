"""A school's own embedder: any ONNX file that takes an aligned face and gives one row of numbers.

YuNet finds the faces. The file is used only if its hash is the one the school wrote down.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from auditbot.errors import ModelFileWrong
from auditbot.examine.engines.alignment import ARCFACE_SIDE, align
from auditbot.examine.engines.detection import YunetDetector
from auditbot.examine.engines.mobilefacenet import YUNET_SHA256
from auditbot.examine.engines.vectors import unit
from auditbot.examine.engines.weights import MODELS, UNUSABLE, checked, session
from auditbot.examine.faces import DetectedFace, Pixels, Vectors


@dataclass(frozen=True, slots=True)
class InputForm:
    """What the embedder expects of a face aligned to the five ArcFace points."""

    side: int = ARCFACE_SIDE
    """Width and height in pixels."""
    colours: Literal["rgb", "bgr"] = "rgb"
    """Order of the colours."""
    layout: Literal["nchw", "nhwc"] = "nchw"
    """Order of the dimensions: colours before or after height and width."""
    mean: float = 127.5
    """What is subtracted from each pixel value (0 to 255)."""
    scale: float = 127.5
    """What the difference is divided by."""
    length: int = 0
    """How many numbers it gives; 0 for whatever the file gives."""


def identity(sha256: str, form: InputForm) -> tuple[str, str]:
    """Return name and version of the engine: another file or another input form gives other vectors."""
    return f"yunet+{sha256[:12].lower()}", f"1-{hashlib.sha256(repr(form).encode()).hexdigest()[:8]}"


class OwnOnnxEngine:
    """YuNet and an embedder of the school's choice. Raises ModelFileWrong if the file is not usable."""

    licence = "YuNet: MIT; embedder: the school's own choice"

    def __init__(self, path: Path, sha256: str, form: InputForm | None = None) -> None:
        cv2.setNumThreads(1)
        self._form = form or InputForm()
        self.name, self.version = identity(sha256, self._form)
        self._detector = YunetDetector(checked(MODELS / "yunet_2023mar.onnx", YUNET_SHA256))
        self._path = checked(path, sha256)
        try:
            self._network = session(path)
            self._input = self._network.get_inputs()[0].name
            probe = self._rows(np.zeros((1, self._form.side, self._form.side, 3), np.uint8))
        except UNUSABLE as error:
            raise ModelFileWrong(path, "is no ONNX file that takes a face in the input form given") from error
        self._size = probe.shape[1]
        if self._form.length not in (0, self._size):
            raise ModelFileWrong(path, f"gives {self._size} numbers for a face, not {self._form.length}")
        self.parts = ((self._size, 1.0),)

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one unit-length row per face; its length is the embedder's."""
        rows = np.empty((len(faces), self._size), np.float32)
        for index, face in enumerate(faces):  # one by one, as many such files have a batch fixed at one
            rows[index] = self._rows(align(rgb, face.landmarks, self._form.side)[np.newaxis])[0]
        return unit(rows)

    def _rows(self, aligned: Pixels) -> Vectors:
        pixels = aligned[..., ::-1] if self._form.colours == "bgr" else aligned
        values = (pixels.astype(np.float32) - self._form.mean) / self._form.scale
        if self._form.layout == "nchw":
            values = values.transpose(0, 3, 1, 2)
        rows = np.asarray(self._network.run(None, {self._input: np.ascontiguousarray(values)})[0], np.float32)
        if len(rows) != 1:
            raise ModelFileWrong(self._path, "gives no single row of numbers for a face")
        return rows.reshape(1, -1)
