"""The attacker's tools: each turns a face, whose five points are exactly known, into numbers to compare by cosine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec

import numpy as np

from auditbot.examine.faces.engines import DefaultEngine, FaceRecognitionEngine
from auditbot.examine.faces.faces import DetectedFace, Pixels, Vectors

Embed = Callable[[Pixels, DetectedFace], Vectors]
SFACE, MOBILEFACENET = slice(0, 128), slice(128, 320)


def matchers() -> Mapping[str, tuple[slice, float]]:
    """Which numbers of a row belong to which matcher, and how they are weighed in the strongest, by name."""
    found = {"SFace": (SFACE, 0.6), "MobileFaceNet": (MOBILEFACENET, 0.4)}
    return found | ({"dlib (face_recognition)": (slice(320, 448), 0.0)} if find_spec("dlib") else {})


def embedder() -> Embed:
    """Return what looks at one face with every matcher: 320 numbers, or 448 where dlib is installed."""
    ours = DefaultEngine()
    theirs = FaceRecognitionEngine() if find_spec("dlib") else None

    def embed(rgb: Pixels, face: DetectedFace) -> Vectors:
        rows = [ours.embed(rgb, [face])[0]]
        if theirs is not None:
            rows.append(theirs.embed(rgb, [face])[0])
        return np.concatenate(rows)

    return embed


def similarity(rows: Vectors, gallery: Vectors, name: str) -> Vectors:
    """Plain cosine by one matcher, or by "strongest": SFace .6 and MobileFaceNet .4 together."""
    if name == "strongest":
        parts = [share * (rows[:, part] @ gallery[:, part].T) for part, share in matchers().values() if share]
        return np.asarray(sum(parts), np.float32)
    part, _ = matchers()[name]
    return np.asarray(rows[:, part] @ gallery[:, part].T, np.float32)
