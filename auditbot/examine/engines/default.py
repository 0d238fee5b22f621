"""The default engine: YuNet finds faces, MobileFaceNet and dlib's ResNet both look at each. All ship with the product.

The two embedders err on different faces, so together they put the right person first more often than either alone.
MobileFaceNet, the better one, decides four fifths of the score.
"""

from __future__ import annotations

import cv2
import numpy as np

from auditbot.examine.engines.alignment import DLIB_POINTS, DLIB_SIDE, align
from auditbot.examine.engines.mobilefacenet import BATCH, VECTOR_SIZE, MobileFaceNetEngine
from auditbot.examine.engines.vectors import unit
from auditbot.examine.engines.weights import MODELS, checked, session
from auditbot.examine.faces import DetectedFace, Pixels, Vectors

RESNET_SHA256 = "7d436955a6d442840751f323c098f12d0261bfa5d6f68b8e7c38ed25ad0a810d"
RESNET_SIZE = 128


class DefaultEngine:
    """YuNet, MobileFaceNet and dlib's ResNet on one thread."""

    name = "yunet+mobilefacenet+resnet"
    version = "1"
    licence = f"{MobileFaceNetEngine.licence}; dlib's ResNet: CC0"
    parts = ((VECTOR_SIZE, 0.8), (RESNET_SIZE, 0.2))

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._first = MobileFaceNetEngine()
        self._resnet = session(checked(MODELS / "dlib_resnet.onnx", RESNET_SHA256))

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._first.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one row per face: 192 numbers of length one, then 128 of length one."""
        vectors = np.empty((len(faces), VECTOR_SIZE + RESNET_SIZE), np.float32)
        vectors[:, :VECTOR_SIZE] = self._first.embed(rgb, faces)
        for start in range(0, len(faces), BATCH):
            part = faces[start : start + BATCH]
            aligned = np.stack([align(rgb, face.landmarks, DLIB_SIDE, DLIB_POINTS) for face in part])
            colours = np.ascontiguousarray(aligned.transpose(0, 3, 1, 2).astype(np.float32))
            (rows,) = self._resnet.run(None, {"faces": colours})
            vectors[start : start + BATCH, VECTOR_SIZE:] = unit(rows)
        return vectors
