"""From a pupil's enrolment photo to a template, or to the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from auditbot.examine.faces import DetectedFace, Engine, Pixels, Quality, Vectors, measure_quality
from auditbot.registers.templates import Template

Refusal = Literal["no_face", "several_faces", "too_small", "blurred", "turned_away"]

SMALLEST_ENROLLED = 60.0
DULLEST_ENROLLED = 6.0
MOST_TURNED_ENROLLED = 40.0
# Enrolled, and shown as weak.
SMALL_ENROLLED = 80.0
DULL_ENROLLED = 9.0
TURNED_ENROLLED = 20.0
LARGEST_BYSTANDER = 0.35
# How much wider than usual each view is, and how much lower in distances between the eyes.
VIEWS = ((1.0, 0.0), (1.06, 0.0), (1.12, 0.0), (1.06, -0.08), (1.06, 0.08))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A photo that became a template."""

    template: Template
    """What is kept of it, encrypted."""
    quality: Quality
    """How good the photo is, to be shown to who enrols."""


@dataclass(frozen=True, slots=True)
class EnrolmentRefusal:
    """A photo that did not become a template."""

    pupil_id: str
    """The pupil it was for."""
    photo_sha256: str
    """Content hash of the photo."""
    reason: Refusal
    """Why, in one word."""
    explanation: str
    """Why, and what would be right, in one sentence."""


def enrol_photo(
    rgb: Pixels, engine: Engine, *, pupil_id: str, photo_sha256: str, enrolled_on: date, taken_on: date | None = None
) -> Enrolment | EnrolmentRefusal:
    """Make a template from an upright picture (height x width x 3, 8 bit RGB) that shows exactly one clear face."""
    faces = sorted(engine.detect(rgb), key=lambda face: -face.box[2])
    quality = measure_quality(rgb, faces[0]) if faces else None
    reason, explanation = _objection(faces, quality)
    if reason is not None or quality is None:
        return EnrolmentRefusal(pupil_id, photo_sha256, reason or "no_face", explanation)
    vector = steady_vector(rgb, engine, faces[0])
    engine_id = f"{engine.name} {engine.version}"
    template = Template(
        pupil_id, photo_sha256, enrolled_on, taken_on, "enrolled", engine_id, vector, engine.parts,
        quality.size, quality.sharpness, quality.turn,
    )  # fmt: skip
    return Enrolment(template, quality)


def quality_in_words(template: Template) -> str:
    """Say how good a template's photo is: "good", or what is weak about it."""
    if not template.size:
        return "made by an earlier version, which did not judge photos"
    weak = []
    if template.size < SMALL_ENROLLED:
        weak.append(f"small: {template.size:.0f} pixels wide")
    if template.sharpness < DULL_ENROLLED:
        weak.append("blurred")
    if template.turn > TURNED_ENROLLED:
        weak.append("turned to the side")
    return ", ".join(weak) or "good"


def steady_vector(rgb: Pixels, engine: Engine, face: DetectedFace) -> Vectors:
    """The mean over slightly wider and shifted views, so that no single placing of the five points decides."""
    views = [_viewed(face, wider, lower) for wider, lower in VIEWS]
    rows = np.asarray(engine.embed(rgb, views).mean(axis=0), np.float32)
    start = 0
    for size, _ in engine.parts:
        rows[start : start + size] /= np.linalg.norm(rows[start : start + size])
        start += size
    return rows


def _viewed(face: DetectedFace, wider: float, lower: float) -> DetectedFace:
    points = np.array(face.landmarks)
    middle, eyes = points.mean(axis=0), float(np.linalg.norm(points[1] - points[0]))
    moved = (points - middle) * wider + middle + (0.0, lower * eyes)
    return replace(face, landmarks=tuple((float(x), float(y)) for x, y in moved))


def _objection(faces: list[DetectedFace], quality: Quality | None) -> tuple[Refusal | None, str]:
    if quality is None:
        return "no_face", "No face was found. Use a photo that shows the pupil's face from the front."
    if len(faces) > 1 and faces[1].box[2] > LARGEST_BYSTANDER * faces[0].box[2]:
        return "several_faces", f"{len(faces)} faces were found. Use a photo that shows this pupil alone."
    if quality.size < SMALLEST_ENROLLED:
        wide = round(quality.size)
        return "too_small", f"The face is only {wide} pixels wide. Use one at least {round(SMALLEST_ENROLLED)} wide."
    if quality.sharpness < DULLEST_ENROLLED:
        return "blurred", "The face is blurred. Use a sharper photo."
    if quality.turn > MOST_TURNED_ENROLLED:
        return "turned_away", "The face is turned to the side. Use a photo taken from the front."
    return None, ""
