"""YuNet finds faces, MobileFaceNet turns each into 192 numbers. Quicker than the default engine, a little less sure."""

from __future__ import annotations

import cv2
import numpy as np

from auditbot.examine.engines.alignment import ARCFACE_SIDE, align
from auditbot.examine.engines.detection import YunetDetector
from auditbot.examine.engines.vectors import unit
from auditbot.examine.engines.weights import MODELS, checked, session
from auditbot.examine.faces import DetectedFace, Pixels, Vectors

YUNET_SHA256 = "11c21bcb4894c779acbb14c5a88ff7cedd94e62ebd1b9f24b4309da4c75edccd"
MOBILEFACENET_SHA256 = "36b42e170c7774008b92f39f28037e197aee443bafa7ed8156347ae54db59f5e"
VECTOR_SIZE = 192
BATCH = 16


class MobileFaceNetEngine:
    """YuNet and MobileFaceNet on one thread."""

    name = "yunet+mobilefacenet"
    version = "2"
    licence = "YuNet: MIT; MobileFaceNet: MIT as distributed, likely source Apache-2.0"
    parts = ((VECTOR_SIZE, 1.0),)

    def __init__(self) -> None:
        cv2.setNumThreads(1)  # the workers are as many as the cores
        self._detector = YunetDetector(checked(MODELS / "yunet_2023mar.onnx", YUNET_SHA256))
        self._network = session(checked(MODELS / "mobilefacenet.onnx", MOBILEFACENET_SHA256))

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one unit-length row of 192 numbers per face."""
        vectors = np.empty((len(faces), VECTOR_SIZE), np.float32)
        for start in range(0, len(faces), BATCH):
            part = faces[start : start + BATCH]
            aligned = np.stack([align(rgb, face.landmarks) for face in part])
            (rows,) = self._network.run(None, {"input": _as_input(aligned)})
            vectors[start : start + BATCH] = unit(rows)
        return vectors


def _as_input(aligned: Pixels) -> Vectors:
    """n x 112 x 112 x 3 in 8 bit to n x 3 x 112 x 112 between -1 and 1."""
    assert aligned.shape[1:] == (ARCFACE_SIDE, ARCFACE_SIDE, 3)
    return np.ascontiguousarray(((aligned.astype(np.float32) - 127.5) / 127.5).transpose(0, 3, 1, 2))
