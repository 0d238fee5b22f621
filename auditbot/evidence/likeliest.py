"""Whom the faces of a finding resemble most, for a person who asks: shown nowhere unless asked for.

Of a face that the program does not know this is no evidence. Most strangers resemble some pupil, so beside such faces
no report, list or message names anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditbot.model import Finding, PhotoEvidence, PhotoFacts
from auditbot.registers.declared import Declared
from auditbot.sentences import _

STRANGERS_LISTED = 7
"""Of ten strangers, so many have somebody among their likeliest (`LISTED_RATE` of the gallery, rounded down)."""


@dataclass(frozen=True, slots=True)
class LikeliestOfFace:
    """One numbered face of a finding."""

    number: int
    """Its number, from 1."""
    pupil_ids: tuple[str, ...]
    """The pupils it resembles most, the likeliest first; at most three, and none if nobody comes near."""
    known: bool
    """Whether their likeness is evidence: the finding then names them itself."""


def likeliest(finding: Finding, photo: PhotoFacts | None, declared: Declared) -> tuple[LikeliestOfFace, ...]:
    """Return the likeliest pupils of each numbered face, as the newest examination of the photo has them.

    ``photo`` are the facts of the finding's photo. Nothing for words, or a photo that is not known any more.
    """
    evidence = finding.evidence
    if photo is None or not isinstance(evidence, PhotoEvidence) or evidence.words:
        return ()
    faces = {face.box: face for face in photo.faces}
    found = []
    for number, box in enumerate(evidence.boxes, 1):
        face = faces.get(box)
        pupils = tuple(
            candidate.pupil_id
            for candidate in (face.candidates if face else ())
            if candidate.pupil_id in declared.pupils
        )
        found.append(LikeliestOfFace(number, pupils, bool(face and face.evidence)))
    return tuple(found)


def no_evidence(faces: Sequence[LikeliestOfFace]) -> str:
    """Say what the list is worth."""
    if not any(face.pupil_ids for face in faces):
        return _("No enrolled pupil comes near.")
    if all(face.known for face in faces if face.pupil_ids):
        return _("The finding names them too.")
    return _(
        "This is where to begin to look, and no evidence: of ten strangers, %(listed)s have "
        "somebody in such a list. Decide by the photo and the portraits.",
        listed=STRANGERS_LISTED,
    )
