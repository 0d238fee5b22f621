"""What the guidance of May 2026 asks of a school's photos, and where the accounts stand on each point.

From the UK's Online Harms Early Warning Working Group and the UK Safer Internet Centre.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from auditbot.exposure.exposed import Trait
from auditbot.exposure.grades import Grade
from auditbot.exposure.photo_phrases import grouped
from auditbot.exposure.summary import NAMED_ALONE, NAMED_TOGETHER, Exposure
from auditbot.sentences import _, _n, say

NEARLY = 0.1
"""Up to this share of the photos, a point counts as partly met. Chosen, not measured: the guidance names no share."""


class Standing(StrEnum):
    """How far a point is met."""

    NOT_MET = "no"
    PARTLY = "partly"
    MET = "yes"
    NOT_SEEN = "ask"


MARKS = {
    Standing.NOT_MET: say("✕ Not met"),
    Standing.PARTLY: say("◐ Partly"),
    Standing.MET: say("✓ Met"),
    Standing.NOT_SEEN: say("? Not seen here"),
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
        return str(MARKS[self.standing])


def guidance(exposure: Exposure, *, searchable_known: bool, audited_before: bool = False) -> tuple[Point, ...]:
    """Return the points in order; ``searchable_known`` says that it was asked what search engines may keep."""
    once = _("audited before, and again today") if audited_before else _("today; no earlier audit is known")
    return (
        Point(
            _("Audit regularly what is public, for the need of each image"),
            Standing.MET if audited_before else Standing.PARTLY,
            _("%(when)s; whether each image is needed, a person decides", when=once),
        ),
        *_of_the_pictures(exposure),
        *_of_the_files(exposure, searchable_known),
        Point(
            _("Consent current and specific; children heard"),
            Standing.NOT_SEEN,
            _("needs the consent list: auditbot audit"),
        ),
        Point(_("Privacy settings of accounts strict"), Standing.NOT_SEEN, _("cannot be seen from outside")),
        Point(_("Staff trained; a plan for an incident"), Standing.NOT_SEEN, _("cannot be seen from outside")),
    )


def _of_the_pictures(exposure: Exposure) -> Iterator[Point]:
    photos = exposure.photos
    clear, named = len(exposure.larger_than_needed), len(exposure.with_naming([*NAMED_ALONE, *NAMED_TOGETHER]))
    widths = [face.box[2] for photo in photos for face in photo.faces if face.grade is Grade.CLOSE_AND_CLEAR]
    yield Point(
        _("Avoid face-on, identifiable images; prefer distance, backs of heads, blur"),
        _met(clear, len(photos)),
        _n(
            "%(clear)s of %(count)s photo holds a close, clear face",
            "%(clear)s of %(count)s photos hold a close, clear face",
            len(photos),
            count=grouped(len(photos)),
            clear=clear,
        ),
    )
    yield Point(
        _("Publish names or images, never both"),
        _met(named, len(photos)),
        _n(
            "%(count)s photo has names beside clear faces",
            "%(count)s photos have names beside clear faces",
            named,
            count=grouped(named),
        ),
    )
    yield Point(
        _("Use low resolution"),
        _met(clear, len(photos)),
        _("clear faces are up to %(pixels)s pixels wide", pixels=round(max(widths)))
        if widths
        else _("no file shows a close, clear face"),
    )


def _of_the_files(exposure: Exposure, searchable_known: bool) -> Iterator[Point]:
    of = len(exposure.photos)
    place, time, device, behind, listed, searchable, offered = (
        len(exposure.with_trait(trait))
        for trait in (
            Trait.POSITION,
            Trait.TIME,
            Trait.DEVICE,
            Trait.ORIGINAL_BEHIND,
            Trait.OPEN_LISTING,
            Trait.SEARCHABLE,
            Trait.OFFERED,
        )
    )
    in_the_file, larger, found = (
        len(exposure.with_trait(*traits))
        for traits in (
            (Trait.POSITION, Trait.TIME, Trait.DEVICE),
            (Trait.ORIGINAL_BEHIND, Trait.OPEN_LISTING),
            (Trait.SEARCHABLE, Trait.OFFERED),
        )
    )
    yield Point(
        _("Strip place, time and device from files"),
        _met(in_the_file, of),
        _n(
            "%(count)s photo holds a place, %(time)s a time, %(device)s the camera",
            "%(count)s photos hold a place, %(time)s a time, %(device)s the camera",
            place,
            count=grouped(place),
            time=time,
            device=device,
        ),
    )
    yield Point(
        _("Keep originals out of public view"),
        _met(larger, of),
        _("%(behind)s; %(listed)s", behind=_behind(behind), listed=_listed(listed)),
    )
    elsewhere = len(exposure.search_not_known)
    known = searchable_known and (found > 0 or not elsewhere)
    yield Point(
        _("Keep photos out of search engines’ reach"),
        _met(found, of) if known else Standing.NOT_SEEN,
        _searchable(searchable, offered, elsewhere) if searchable_known else _("not asked here"),
    )


def _behind(count: int) -> str:
    return _n(
        "%(count)s larger file lies behind a small one",
        "%(count)s larger files lie behind a small one",
        count,
        count=grouped(count),
    )


def _listed(count: int) -> str:
    return _n(
        "%(count)s photo lies in a folder that lists its files",
        "%(count)s photos lie in a folder that lists its files",
        count,
        count=grouped(count),
    )


def _searchable(count: int, offered: int, elsewhere: int) -> str:
    told = _n(
        "%(count)s photo stands on a page that search engines may keep",
        "%(count)s photos stand on a page that search engines may keep",
        count,
        count=grouped(count),
    )
    more = [_offered(offered)] * bool(offered) + [_elsewhere(elsewhere)] * bool(elsewhere)
    return _("%(kept)s; %(listed)s", kept=told, listed="; ".join(more)) if more else told


def _offered(count: int) -> str:
    return _n(
        "the sitemap offers %(count)s photo to them",
        "the sitemap offers %(count)s photos to them",
        count,
        count=grouped(count),
    )


def _elsewhere(count: int) -> str:
    return _n(
        "of %(count)s photo on another host it is not known",
        "of %(count)s photos on other hosts it is not known",
        count,
        count=grouped(count),
    )


def _met(count: int, of: int) -> Standing:
    if count == 0:
        return Standing.MET
    return Standing.PARTLY if count <= NEARLY * of else Standing.NOT_MET
