"""The attacker's tools: each turns a face, whose five points are exactly known, into numbers to compare by cosine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from auditbot.examine.faces.engines import DefaultEngine, FaceRecognitionEngine
from auditbot.examine.faces.faces import DetectedFace, Pixels, Vectors

Embed = Callable[[Pixels, DetectedFace], Vectors]
SFACE, MOBILEFACENET = slice(0, 128), slice(128, 320)


def matchers() -> Mapping[str, tuple[slice, float]]:
    """Which numbers of a row belong to which matcher, and how they are weighed in the strongest, by name."""
    found = {"SFace": (SFACE, 0.6), "MobileFaceNet": (MOBILEFACENET, 0.4)}
    if find_spec("dlib"):
        found |= {"dlib": (slice(320, 448), 0.0), "face_recognition, as it comes": (slice(448, 576), 0.0)}
    return found


def embedder() -> Embed:
    """Return what looks at one face with every matcher: 320 numbers, or 576 where dlib is installed."""
    ours = DefaultEngine()
    theirs, alone = (FaceRecognitionEngine(), AsItComes()) if find_spec("dlib") else (None, None)

    def embed(rgb: Pixels, face: DetectedFace) -> Vectors:
        rows = [ours.embed(rgb, [face])[0]]
        if theirs is not None and alone is not None:
            rows += [theirs.embed(rgb, [face])[0], alone.row(rgb, face)]
        return np.concatenate(rows)

    return embed


class AsItComes:
    """What the package face_recognition does by itself: HOG with one enlargement, five points, dlib's ResNet."""

    def __init__(self) -> None:
        self._dlib = import_module("dlib")
        models = import_module("face_recognition_models")
        self._detector = self._dlib.get_frontal_face_detector()
        self._points = self._dlib.shape_predictor(models.pose_predictor_five_point_model_location())
        self._network = self._dlib.face_recognition_model_v1(models.face_recognition_model_location())

    def row(self, rgb: Pixels, face: DetectedFace) -> Vectors:
        """Return 128 numbers of length one for the face, all nought where it is not found by itself."""
        picture = np.ascontiguousarray(rgb)
        x, y, wide, high = face.box
        for box in self._detector(picture, 1):
            middle = box.center()
            if abs(middle.x - x - wide / 2) < wide / 2 and abs(middle.y - y - high / 2) < high / 2:
                row = np.asarray(self._network.compute_face_descriptor(picture, self._points(picture, box)), np.float32)
                return np.asarray(row / np.linalg.norm(row), np.float32)
        return np.zeros(128, np.float32)


def similarity(rows: Vectors, gallery: Vectors, name: str) -> Vectors:
    """Plain cosine by one matcher, or by "strongest": SFace .6 and MobileFaceNet .4 together."""
    if name == "strongest":
        parts = [share * (rows[:, part] @ gallery[:, part].T) for part, share in matchers().values() if share]
        return np.asarray(sum(parts), np.float32)
    part, _ = matchers()[name]
    return np.asarray(rows[:, part] @ gallery[:, part].T, np.float32)
