"""Faces in a photo: where they are, how clear they are, and the vector by which they are compared.

Pure functions over pixels. A vector lives in memory only: nothing here writes it anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from auditbot.examine.faces.cover import cover_of
from auditbot.examine.faces.detail import detail_width
from auditbot.model import Box, Cover

Pixels = NDArray[np.uint8]
Vectors = NDArray[np.float32]
Landmarks = tuple[tuple[float, float], ...]
VectorPart = tuple[int, float]  # how many numbers, and the share of the score they decide

SHARPNESS_SIZE = 64


@dataclass(frozen=True, slots=True)
class Sizes:
    """How wide a face must be for what, in pixels of its photo, brow to chin."""

    compared: float = 20.0
    """To be compared at all. Adults, reduced: the right one first for .92 at 16, .99 at 20, 1.00 at 24."""
    enrolled: float = 48.0
    """To be enrolled from a portrait: from here on faces are told apart nearly as well as large ones."""
    enrolled_weak: float = 80.0
    """To be enrolled without being called small."""
    learned: float = 48.0
    """To be learned once a person has confirmed whom it shows: a worse template would do more harm than good."""


SIZES = Sizes()
"""Measured by the bench `faces` with the default engine (2026-11-29)."""
LARGEST_TURN = 70.0
"""In degrees."""


@dataclass(frozen=True, slots=True)
class DetectedFace:
    """A face found in a photo."""

    box: Box
    """x, y, width, height in pixels, brow to chin."""
    landmarks: Landmarks
    """Five points in pixels: eye on the left of the picture, other eye, nose tip, mouth corners left and right."""
    confidence: float
    """The detector's confidence, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be compared."""

    size: float
    """Width of the face in pixels."""
    sharpness: float
    """Spread of brightness steps at a common size, in grey levels: below about 6 the face is blurred."""
    turn: float
    """How far the head is turned to the side, in degrees from 0 (facing the camera) to 90, from the five points."""
    tilt: float
    """How far the head leans towards a shoulder, in degrees from 0 to 180."""
    detail: float = 0.0
    """How few pixels across would still hold nearly all of its light and dark: see `auditbot.examine.faces.detail`."""
    cover: Cover = ""
    """How it was meant to be hidden, though it was found: "eye_bar", "mosaic", "blur"; empty if nothing says so."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceWithVector:
    """A face as a worker hands it to the main process. Never stored: what is stored is the gallery's answer."""

    box: Box
    """x, y, width, height in pixels."""
    confidence: float
    """The detector's confidence, 0 to 1."""
    quality: Quality
    """How well it can be compared."""
    vector: Vectors
    """The engine's vector, float32; all zeros for a face that is too small or unclear to be compared."""


class Engine(Protocol):
    """Finds faces and turns them into vectors. One instance belongs to one worker."""

    @property
    def name(self) -> str:
        """Short name of detector and embedder; vectors of different names can never be compared."""

    @property
    def version(self) -> str:
        """Changes whenever the same photo may give other faces or other vectors."""

    @property
    def licence(self) -> str:
        """Licences of the models, for the report's method section."""

    @property
    def parts(self) -> tuple[VectorPart, ...]:
        """The parts of a vector that are compared apart, each of length one; their shares add up to one."""

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one row per face, float32, whose parts each have length one."""


def find_faces(rgb: Pixels, engine: Engine) -> tuple[FaceWithVector, ...]:
    """Find every face, left to right, and embed those that can be compared: the embedders take most of the time.

    ``rgb`` is the upright picture, height x width x 3, 8 bit.
    """
    found = sorted(engine.detect(rgb), key=lambda face: face.box)
    qualities = [measure_quality(rgb, face) for face in found]
    clear = [is_clear(quality) for quality in qualities]
    vectors = np.zeros((len(found), sum(size for size, _ in engine.parts)), np.float32)
    if any(clear):
        vectors[clear] = engine.embed(rgb, [face for face, one in zip(found, clear, strict=True) if one])
    return tuple(
        FaceWithVector(face.box, face.confidence, quality, vector)
        for face, quality, vector in zip(found, qualities, vectors, strict=True)
    )


def is_clear(quality: Quality) -> bool:
    """Whether a face can be compared at all: large enough, and not seen from the side."""
    return quality.size >= SIZES.compared and quality.turn <= LARGEST_TURN


def measure_quality(rgb: Pixels, face: DetectedFace) -> Quality:
    """Judge size, sharpness, turn, tilt and detail of one face, and whether somebody meant to hide it."""
    detail = detail_width(rgb, face.box)
    return Quality(
        size=face.box[2],
        sharpness=_sharpness(rgb, face.box),
        turn=_turn(face.landmarks),
        tilt=abs(math.degrees(_eye_angle(face.landmarks))),
        detail=detail,
        cover=cover_of(rgb, face.box, face.landmarks, detail),
    )


def _sharpness(rgb: Pixels, box: Box) -> float:
    x, y, width, height = box
    top, left = max(0, round(y)), max(0, round(x))
    crop = rgb[top : max(top + 1, round(y + height)), left : max(left + 1, round(x + width))]
    if crop.size == 0:
        return 0.0
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    common = cv2.resize(grey, (SHARPNESS_SIZE, SHARPNESS_SIZE), interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(common, cv2.CV_32F).std())


def _eye_angle(landmarks: Landmarks) -> float:
    (left_x, left_y), (right_x, right_y) = landmarks[:2]
    return math.atan2(right_y - left_y, right_x - left_x)


def _turn(landmarks: Landmarks) -> float:
    """How far the nose tip lies off the middle of the eyes, along their line, read as a head of common depth."""
    (left_x, left_y), (right_x, right_y), (nose_x, nose_y) = landmarks[:3]
    distance = math.hypot(right_x - left_x, right_y - left_y)
    if distance == 0.0:
        return 90.0
    angle = _eye_angle(landmarks)
    off_x, off_y = nose_x - (left_x + right_x) / 2, nose_y - (left_y + right_y) / 2
    along = (off_x * math.cos(angle) + off_y * math.sin(angle)) / distance
    # A nose stands out about 0.6 of the distance between the eyes, which itself shrinks with the cosine of the turn.
    return math.degrees(math.atan(abs(along) / 0.6))


# Bringing a face to the pose an embedder was trained on.

# Where ArcFace-style embedders expect the five points in a picture of 112 x 112 pixels.
ARCFACE_POINTS = (
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
)
ARCFACE_SIDE = 112


def align(rgb: Pixels, landmarks: Landmarks, side: int = ARCFACE_SIDE, points: Landmarks | None = None) -> Pixels:
    """Return the face turned, scaled and moved so that its five points fit best, ``side`` x ``side`` x 3.

    ``points`` are where the five belong in that picture; without them, where ArcFace-style embedders expect them.
    """
    wanted = points or tuple((x * side / ARCFACE_SIDE, y * side / ARCFACE_SIDE) for x, y in ARCFACE_POINTS)
    source, target = [complex(x, y) for x, y in landmarks], [complex(x, y) for x, y in wanted]
    middle, target_middle = sum(source) / len(source), sum(target) / len(target)
    # The least-squares similarity of the plane is one complex factor and one offset.
    spread = sum(abs(point - middle) ** 2 for point in source)
    factor = sum(
        (point - middle).conjugate() * (to - target_middle) for point, to in zip(source, target, strict=True)
    ) / max(spread, 1e-9)
    offset = target_middle - factor * middle
    reduction = int(1 / max(abs(factor), 1e-3))
    if reduction > 1:
        rgb, corner = _reduced(rgb, landmarks, side / abs(factor), reduction)
        factor, offset = factor * reduction, offset + factor * corner
    matrix = np.array([[factor.real, -factor.imag, offset.real], [factor.imag, factor.real, offset.imag]])
    return np.asarray(cv2.warpAffine(rgb, matrix, (side, side), flags=cv2.INTER_LINEAR), np.uint8)


def _reduced(rgb: Pixels, landmarks: Landmarks, reach: float, reduction: int) -> tuple[Pixels, complex]:
    """The surroundings of a large face, averaged down by a whole number, and where their corner was.

    Without it, taking one pixel in many would turn fine detail into noise.
    """
    middle_x, middle_y = landmarks[2]
    left = min(max(0, int(middle_x - reach)), rgb.shape[1] - 1)
    top = min(max(0, int(middle_y - reach)), rgb.shape[0] - 1)
    part = rgb[top : max(top + 1, int(middle_y + reach)), left : max(left + 1, int(middle_x + reach))]
    size = (max(1, part.shape[1] // reduction), max(1, part.shape[0] // reduction))
    part = part[: size[1] * reduction, : size[0] * reduction]
    # A pixel's centre lies half a pixel from its corner, in either picture.
    corner = complex(left, top) + complex(1, 1) * (reduction - 1) / 2
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8), corner


# What all embedders share: pixels in, unit-length rows out.


def unit(rows: Vectors) -> Vectors:
    """Rows scaled to length one."""
    scaled: Vectors = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    return scaled
