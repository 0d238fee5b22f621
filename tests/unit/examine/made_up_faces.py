"""The made-up children of tests/data/faces, read and enrolled once for all tests that use them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from auditbot.examine.faces.engines import DefaultEngine
from auditbot.examine.faces.enrol import Enrolment, enrol_photo
from auditbot.examine.faces.faces import FaceWithVector, Pixels, find_faces
from auditbot.examine.faces.templates import Template

FACES = Path(__file__).parents[2] / "data" / "faces"
PUPILS = tuple(f"C{number:03}" for number in range(1, 21))
STRANGERS = tuple(f"C{number:03}" for number in range(51, 61))


def picture(name: str) -> Pixels:
    with Image.open(FACES / name) as image:
        return np.asarray(image.convert("RGB"))


@cache
def engine() -> DefaultEngine:
    return DefaultEngine()


@cache
def faces_in(name: str) -> tuple[FaceWithVector, ...]:
    return find_faces(picture(name), engine())


@cache
def enrolled() -> tuple[Template, ...]:
    results = [
        enrol_photo(
            picture(f"{pupil_id}/portrait_1.jpg"),
            engine(),
            pupil_id=pupil_id,
            photo_sha256=f"photo of {pupil_id}",
            enrolled_on=date(2026, 9, 1),
        )
        for pupil_id in PUPILS
    ]
    assert all(isinstance(result, Enrolment) for result in results)
    return tuple(result.template for result in results if isinstance(result, Enrolment))
