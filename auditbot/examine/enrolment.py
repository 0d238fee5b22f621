"""From a pupil's enrolment photo to a template, or to the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from auditbot.examine.faces import Engine, FaceWithVector, Pixels, Quality, find_faces
from auditbot.registers.templates import Template

Refusal = Literal["no_face", "several_faces", "too_small", "blurred", "turned_away"]

SMALLEST_ENROLLED = 60.0
DULLEST_ENROLLED = 6.0
MOST_TURNED_ENROLLED = 40.0
LARGEST_BYSTANDER = 0.35


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
    faces = find_faces(rgb, engine)
    reason, explanation = _objection(faces)
    if reason is not None:
        return EnrolmentRefusal(pupil_id, photo_sha256, reason, explanation)
    face = max(faces, key=lambda face: face.box[2])
    engine_id = f"{engine.name} {engine.version}"
    template = Template(pupil_id, photo_sha256, enrolled_on, taken_on, "enrolled", engine_id, face.vector)
    return Enrolment(template, face.quality)


def _objection(faces: tuple[FaceWithVector, ...]) -> tuple[Refusal | None, str]:
    if not faces:
        return "no_face", "No face was found. Use a photo that shows the pupil's face from the front."
    sizes = sorted((face.box[2] for face in faces), reverse=True)
    if len(sizes) > 1 and sizes[1] > LARGEST_BYSTANDER * sizes[0]:
        return "several_faces", f"{len(faces)} faces were found. Use a photo that shows this pupil alone."
    quality = max(faces, key=lambda face: face.box[2]).quality
    if quality.size < SMALLEST_ENROLLED:
        wide = round(quality.size)
        return "too_small", f"The face is only {wide} pixels wide. Use one at least {round(SMALLEST_ENROLLED)} wide."
    if quality.sharpness < DULLEST_ENROLLED:
        return "blurred", "The face is blurred. Use a sharper photo."
    if quality.turn > MOST_TURNED_ENROLLED:
        return "turned_away", "The face is turned to the side. Use a photo taken from the front."
    return None, ""
