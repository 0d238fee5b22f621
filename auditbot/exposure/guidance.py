"""What the guidance of May 2026 asks of a school's photos, and where the accounts stand on each point.

From the UK's Online Harms Early Warning Working Group and the UK Safer Internet Centre.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from auditbot.exposure.exposed import Trait
from auditbot.exposure.grades import Grade
from auditbot.exposure.photo_phrases import counted
from auditbot.exposure.summary import NAMED_ALONE, NAMED_TOGETHER, Exposure

NEARLY = 0.1
"""Up to this share of the photos, a point counts as partly met."""


class Standing(StrEnum):
    """How far a point is met."""

    NOT_MET = "no"
    PARTLY = "partly"
    MET = "yes"
    NOT_SEEN = "ask"


MARKS = {
    Standing.NOT_MET: "✕ Not met",
    Standing.PARTLY: "◐ Partly",
    Standing.MET: "✓ Met",
    Standing.NOT_SEEN: "? Not seen here",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that the guidance asks."""

    asked: str
    """What it asks."""
    standing: Standing
    """How far it is met."""
    seen: str
    """What was seen of it."""

    @property
    def mark(self) -> str:
        """The standing in words, with a shape beside the colour."""
        return MARKS[self.standing]


def guidance(exposure: Exposure, *, searchable_known: bool, audited_before: bool = False) -> tuple[Point, ...]:
    """Return the points in order; ``searchable_known`` says that it was asked what search engines may keep."""
    once = "audited before, and again today" if audited_before else "today; no earlier audit is known"
    return (
        Point(
            "Audit regularly what is public, for the need of each image",
            Standing.MET if audited_before else Standing.PARTLY,
            f"{once}; whether each image is needed, a person decides",
        ),
        *_of_the_pictures(exposure),
        *_of_the_files(exposure, searchable_known),
        Point(
            "Consent current and specific; children heard", Standing.NOT_SEEN, "needs the consent list: auditbot audit"
        ),
        Point("Privacy settings of accounts strict", Standing.NOT_SEEN, "cannot be seen from outside"),
        Point("Staff trained; a plan for an incident", Standing.NOT_SEEN, "cannot be seen from outside"),
    )


def _of_the_pictures(exposure: Exposure) -> Iterator[Point]:
    photos = exposure.photos
    clear, named = len(exposure.larger_than_needed), len(exposure.with_naming([*NAMED_ALONE, *NAMED_TOGETHER]))
    widths = [face.box[2] for photo in photos for face in photo.faces if face.grade is Grade.CLOSE_AND_CLEAR]
    yield Point(
        "Avoid face-on, identifiable images; prefer distance, backs of heads, blur",
        _met(clear, len(photos)),
        f"{clear} of {counted(len(photos), 'photo holds', 'photos hold')} a close, clear face",
    )
    yield Point(
        "Publish names or images, never both",
        _met(named, len(photos)),
        f"{counted(named, 'photo has', 'photos have')} names beside clear faces",
    )
    yield Point(
        "Use low resolution",
        _met(clear, len(photos)),
        f"clear faces are up to {max(widths):.0f} pixels wide" if widths else "no file shows a close, clear face",
    )


def _of_the_files(exposure: Exposure, searchable_known: bool) -> Iterator[Point]:
    of = len(exposure.photos)
    place, time, device, behind, listed, searchable = (
        len(exposure.with_trait(trait))
        for trait in (
            Trait.POSITION,
            Trait.TIME,
            Trait.DEVICE,
            Trait.ORIGINAL_BEHIND,
            Trait.OPEN_LISTING,
            Trait.SEARCHABLE,
        )
    )
    yield Point(
        "Strip place, time and device from files",
        _met(place + time + device, of),
        f"{counted(place, 'photo holds', 'photos hold')} a place, {time} a time, {device} the camera",
    )
    yield Point(
        "Keep originals out of public view",
        _met(behind + listed, of),
        f"{counted(behind, 'larger file lies', 'larger files lie')} behind a small one; "
        f"{counted(listed, 'photo lies', 'photos lie')} in a folder that lists its files",
    )
    yield Point(
        "Keep photos out of search engines’ reach",
        _met(searchable, of) if searchable_known else Standing.NOT_SEEN,
        f"{counted(searchable, 'photo stands', 'photos stand')} on a page that search engines may keep"
        if searchable_known
        else "not asked here",
    )


def _met(count: int, of: int) -> Standing:
    if count == 0:
        return Standing.MET
    return Standing.PARTLY if count <= NEARLY * of else Standing.NOT_MET
