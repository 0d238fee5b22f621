"""The default engine: YuNet finds faces, and three embedders look at each. All ship with the product.

They were trained on different pictures and err on different faces, so together they put the right person first more
often than the best of them alone. MobileFaceNet, the best on adults, decides most. dlib's ResNet, far behind on adults,
is its equal on young children; FaceRes, in between on adults, sees a wider part of the face at a finer grain.

All three look at every face that can be compared. Of adults enrolled with one photo each, two looks settle the answer
for a quarter, of strangers for nobody (`tests/bench/faces/third_look.py`): leaving out the third would save a tenth of
the time in the best of photos, and needs a second question to the worker, or a gallery in it, and vectors with a gap.
"""

from __future__ import annotations

import cv2
import numpy as np

from auditbot.examine.engines.alignment import ARCFACE_POINTS, ARCFACE_SIDE, DLIB_POINTS, DLIB_SIDE, align
from auditbot.examine.engines.mobilefacenet import BATCH, VECTOR_SIZE, MobileFaceNetEngine
from auditbot.examine.engines.vectors import unit
from auditbot.examine.engines.weights import MODELS, checked, session
from auditbot.examine.faces import DetectedFace, Pixels, Vectors

RESNET_SHA256 = "7d436955a6d442840751f323c098f12d0261bfa5d6f68b8e7c38ed25ad0a810d"
RESNET_SIZE = 128
FACERES_SHA256 = "8d9152f85e199f983946745c41428db0a0d5570e9f7054b54e44e71312dd597c"
FACERES_SIZE = 512
FACERES_SIDE = 224
FACERES_BATCH = 2  # what it computes for more faces no longer fits the processor's cache, and takes longer
# Where FaceRes sees a face best: as the others do, a little lower in the picture.
FACERES_POINTS = tuple(
    (x * FACERES_SIDE / ARCFACE_SIDE, (y + 2) * FACERES_SIDE / ARCFACE_SIDE) for x, y in ARCFACE_POINTS
)


class DefaultEngine:
    """YuNet, MobileFaceNet, dlib's ResNet and FaceRes on one thread."""

    name = "yunet+mobilefacenet+resnet+faceres"
    version = "1"
    licence = f"{MobileFaceNetEngine.licence}; dlib's ResNet: CC0; FaceRes: Apache-2.0"
    parts = ((VECTOR_SIZE, 0.6), (RESNET_SIZE, 0.15), (FACERES_SIZE, 0.25))

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._first = MobileFaceNetEngine()
        self._resnet = session(checked(MODELS / "dlib_resnet.onnx", RESNET_SHA256))
        self._faceres = session(checked(MODELS / "faceres.onnx", FACERES_SHA256))

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._first.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one row per face: 192 numbers, then 128, then 512; each of the three of length one."""
        vectors = np.empty((len(faces), VECTOR_SIZE + RESNET_SIZE + FACERES_SIZE), np.float32)
        vectors[:, :VECTOR_SIZE] = self._first.embed(rgb, faces)
        for start in range(0, len(faces), BATCH):
            rows = slice(start, start + BATCH)
            aligned = [align(rgb, face.landmarks, DLIB_SIDE, DLIB_POINTS) for face in faces[rows]]
            (seen,) = self._resnet.run(None, {"faces": _planes(aligned)})
            vectors[rows, VECTOR_SIZE : VECTOR_SIZE + RESNET_SIZE] = unit(seen)
        for start in range(0, len(faces), FACERES_BATCH):
            rows = slice(start, start + FACERES_BATCH)
            aligned = [align(rgb, face.landmarks, FACERES_SIDE, FACERES_POINTS)[..., ::-1] for face in faces[rows]]
            (seen,) = self._faceres.run(None, {"faces": _planes(aligned)})
            vectors[rows, VECTOR_SIZE + RESNET_SIZE :] = unit(_folded(seen))
        return vectors


def _planes(aligned: list[Pixels]) -> Vectors:
    """n pictures of height x width x 3 in 8 bit to n x 3 x height x width."""
    planes = np.empty((len(aligned), 3, *aligned[0].shape[:2]), np.float32)
    for number, face in enumerate(aligned):
        planes[number] = face.transpose(2, 0, 1)
    return planes


def _folded(rows: Vectors) -> Vectors:
    """Half as many numbers, with the distances between people kept: comparing takes half the time."""
    half = rows.shape[1] // 2
    return rows[:, :half] - rows[:, half:]
