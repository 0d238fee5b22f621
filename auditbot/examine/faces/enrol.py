"""Building the gallery from ``consent/photos``: who may be enrolled, from which photos, and what was refused.

A template is made once per photo and kept encrypted; a later run embeds only what is new, and drops every template for
which the right has ended or the photo is gone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Set
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

import numpy as np

from auditbot.errors import TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable
from auditbot.examine.faces.engines import choice_of, open_engine
from auditbot.examine.faces.faces import SIZES, DetectedFace, Engine, Pixels, Quality, Vectors, measure_quality
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.portraits import UnclaimedPortrait, photos_by_person, unclaimed_portraits
from auditbot.examine.faces.templates import (
    Template,
    load_templates,
    remove_templates,
    remove_unfinished_templates,
    save_templates,
)
from auditbot.examine.images import NotDecodable, decode, raw_metadata
from auditbot.model import Box
from auditbot.registers.declared import Declared, rights
from auditbot.registers.secrets import find_key
from auditbot.run import QUIET, Progress, stage
from auditbot.safe_files import private_folder
from auditbot.sentences import _
from auditbot.settings import Settings, Workspace

# From a pupil's enrolment photo to a template, or to the reason why there is none.

Refusal = Literal["no_face", "several_faces", "too_small", "blurred", "turned_away"]

DULLEST_ENROLLED = 6.0
MOST_TURNED_ENROLLED = 40.0
# Enrolled, and shown as weak.
DULL_ENROLLED = 9.0
TURNED_ENROLLED = 20.0
SAME_FACE = 0.5
"""How much two boxes of one face overlap, at the least."""
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
class FaceObjection:
    """Why a confirmed face did not become a template."""

    explanation: str
    """Why, as a clause."""


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
    views = views_of(rgb, engine, faces[0])
    engine_id = f"{engine.name} {engine.version}"
    template = Template(
        pupil_id, photo_sha256, enrolled_on, taken_on, "enrolled", engine_id, steady(views, engine), engine.parts,
        quality.size, quality.sharpness, quality.turn, views[0], faces[0].box,
    )  # fmt: skip
    return Enrolment(template, quality)


def learned_template(
    photo: Path, box: Box | None, engine: Engine, settings: Settings, like: Template
) -> Template | FaceObjection:
    """Make a template of a confirmed face: ``like`` says whose and when, ``photo`` is the kept file.

    ``box`` is where the face stands; None for the only clear one. An objection says why there is no template.
    """
    picture = decode(photo, settings.examine.max_megapixels)
    if isinstance(picture, NotDecodable):
        return FaceObjection(f"its photo cannot be read: {picture.reason}")
    faces = engine.detect(picture.rgb)
    if box is None:
        clear = [face for face in faces if not confirmed_objection(measure_quality(picture.rgb, face))]
        face = clear[0] if len(clear) == 1 else None
    else:
        x, y, width, height = (part / picture.scale for part in box)
        face = max(faces, key=lambda one: overlap(one.box, (x, y, width, height)), default=None)
        if face is not None and overlap(face.box, (x, y, width, height)) < SAME_FACE:
            face = None
    if face is None:
        return FaceObjection("no face is found any more where the box stands")
    quality = measure_quality(picture.rgb, face)
    if objection := confirmed_objection(quality):
        return FaceObjection(objection)
    views = views_of(picture.rgb, engine, face)
    x, y, width, height = (part * picture.scale for part in face.box)
    return replace(
        like,
        kind="learned",
        engine=f"{engine.name} {engine.version}",
        vector=steady(views, engine),
        parts=engine.parts,
        size=quality.size,
        sharpness=quality.sharpness,
        turn=quality.turn,
        plain=views[0],
        box=(x, y, width, height),
    )


def confirmed_objection(quality: Quality) -> str:
    """Say why a confirmed face would make a bad template; empty if it would not."""
    if quality.size < SIZES.learned:
        return f"the face is only {quality.size:.0f} pixels wide; at least {SIZES.learned:.0f} are needed"
    if quality.sharpness < DULLEST_ENROLLED:
        return "the face is blurred"
    return "the face is turned to the side" if quality.turn > MOST_TURNED_ENROLLED else ""


def overlap(one: Box, other: Box) -> float:
    """Shared area over the area of both together."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, wide) * max(0.0, high)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def quality_in_words(template: Template) -> str:
    """Say how good a template's photo is: "good", or what is weak about it."""
    if not template.size:
        return "made by an earlier version, which did not judge photos"
    weak = []
    if template.size < SIZES.enrolled_weak:
        weak.append(f"small: {template.size:.0f} pixels wide")
    if template.sharpness < DULL_ENROLLED:
        weak.append("blurred")
    if template.turn > TURNED_ENROLLED:
        weak.append("turned to the side")
    return ", ".join(weak) or "good"


def views_of(rgb: Pixels, engine: Engine, face: DetectedFace) -> Vectors:
    """Return the vectors of the face as it was found, then of slightly wider and shifted views, one a row."""
    return engine.embed(rgb, [_viewed(face, wider, lower) for wider, lower in VIEWS])


def steady(views: Vectors, engine: Engine) -> Vectors:
    """Return the mean over the views, each part of length one, so that no single placing of the points decides."""
    rows = np.asarray(views.mean(axis=0), np.float32)
    start = 0
    for size, _weight in engine.parts:
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
    if quality.size < SIZES.enrolled:
        wide = round(quality.size)
        return "too_small", f"The face is only {wide} pixels wide. Use one at least {round(SIZES.enrolled)} wide."
    if quality.sharpness < DULLEST_ENROLLED:
        return "blurred", "The face is blurred. Use a sharper photo."
    if quality.turn > MOST_TURNED_ENROLLED:
        return "turned_away", "The face is turned to the side. Use a photo taken from the front."
    return None, ""


DAYS_TAKEN = (0x9003, 0x9004, 0x0132)  # EXIF: taken, digitised, written
ENOUGH_PHOTOS = 3
"""With three photos of a child, more add little."""
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Portrait:
    """One photo enrolled."""

    person: str
    """Whose it is."""
    file: str
    """Its file name."""
    quality: str
    """How good it is, in words: "good", "small: 65 pixels wide", "blurred", "turned to the side"."""
    taken_on: date
    """The day it was taken, as far as known, else the day it was enrolled."""
    old: bool
    """Whether that is more than a year ago: young children change."""


@dataclass(frozen=True, slots=True, eq=False)
class Enrolled:
    """The gallery and how it came about."""

    gallery: Gallery
    """Everyone enrolled; empty while face matching is not allowed."""
    photos: Mapping[str, int]
    """By person: how many photos are enrolled."""
    refused: tuple[tuple[str, str], ...]
    """Photo's file name, and why it was refused."""
    no_right: Mapping[str, str]
    """By pupil: why no template may be held."""
    no_photo: tuple[str, ...]
    """People who may be enrolled and have no photo."""
    may_hold: frozenset[str]
    """Everyone of whom a template may be held today; nobody while face matching is not allowed."""
    dropped: frozenset[str]
    """People who had a template before and have none any more, as far as the old templates could be read."""
    portraits: tuple[Portrait, ...] = ()
    """Every photo enrolled, by person and file name."""
    unclaimed: tuple[UnclaimedPortrait, ...] = ()
    """Pictures that are nobody's by id, with whom they may show."""
    not_learned_again: tuple[str, ...] = ()
    """Whose confirmed faces another engine had learned, and whose photos are no longer at hand."""
    newest: Mapping[str, date] = field(default_factory=dict)
    """By person: the day on which the newest of their photos was taken, as far as known."""
    learned: Mapping[str, int] = field(default_factory=dict)
    """By person: how many templates were learned from faces that somebody confirmed."""
    templates: tuple[Template, ...] = ()
    """The templates behind the gallery; vectors of enrolment photos and confirmed faces only."""

    def with_one_photo(self, among: Container[str]) -> tuple[str, ...]:
        """Return those of ``among`` who have one photo: a second is worth more than any other engine."""
        return tuple(sorted(one for one, count in self.photos.items() if count == 1 and one in among))

    def none_of_this_year(self, among: Container[str], today: date) -> tuple[str, ...]:
        """Return those of ``among`` whose newest photo is more than a year old: young children change."""
        return tuple(sorted(one for one, day in self.newest.items() if today - day > A_YEAR and one in among))


def enrol(workspace: Workspace, settings: Settings, declared: Declared, progress: Progress = QUIET) -> Enrolled:
    """Bring the templates up to date with registers and photos, and return the gallery.

    ``progress`` is shown each portrait that has to be looked at anew.

    Raises TemplateKeyMissing if there are templates and no key, TemplateKeyUnusable if the key found is none,
    TemplatesUnreadable if the file of templates is damaged or was written with another key.
    """
    sealed = private_folder(workspace.data) / "templates.sealed"
    allowed = rights(declared, matching_allowed=settings.faces.matching_allowed)
    people, no_right = allowed.may_hold, allowed.why_not
    if not people:
        dropped = _whose(sealed)
        remove_templates(sealed)
        return Enrolled(Gallery.from_templates([]), {}, (), no_right, (), frozenset(), dropped)
    remove_unfinished_templates(sealed)
    key = find_key(make=not sealed.exists())
    engine = open_engine(choice_of(settings.faces))
    before = load_templates(sealed, key)
    photos = {person: paths for person, paths in photos_by_person(workspace, declared).items() if person in people}
    templates, files, refused = _templates(photos, settings, before, engine, declared.today, progress)
    again, lost = _learned_again(workspace, settings, before, engine, photos.keys(), declared.today)
    templates = [*again, *templates]
    if set(templates) != set(before):
        save_templates(sealed, templates, key)
    count = Counter(template.pupil_id for template in templates)
    return Enrolled(
        gallery=Gallery.from_templates(templates, false_name_rate=settings.faces.false_name_rate),
        photos=dict(count),
        refused=tuple(refused),
        no_right=no_right,
        no_photo=tuple(person for person, paths in photos.items() if not paths),
        may_hold=people,
        dropped=frozenset(old.pupil_id for old in before) - {template.pupil_id for template in templates},
        portraits=tuple(_portrait(template, file, declared.today) for file, template in files),
        learned=Counter(template.pupil_id for template in templates if template.kind == "learned"),
        templates=tuple(templates),
        unclaimed=unclaimed_portraits(workspace, declared),
        not_learned_again=lost,
        newest=_newest(templates),
    )


def _newest(templates: Iterable[Template]) -> dict[str, date]:
    newest: dict[str, date] = {}
    for one in templates:
        day = one.taken_on or one.enrolled_on
        newest[one.pupil_id] = max(day, newest.get(one.pupil_id, day))
    return newest


def _learned_again(
    workspace: Workspace,
    settings: Settings,
    before: tuple[Template, ...],
    engine: Engine,
    people: Set[str],
    today: date,
) -> tuple[list[Template], tuple[str, ...]]:
    """Learn the confirmed faces of an engine used before anew from their photos; return whose cannot be as well."""
    engine_id = f"{engine.name} {engine.version}"
    made, lost = [], []
    for old in before:
        if old.kind != "learned" or old.engine == engine_id or old.pupil_id not in people:
            continue
        photo = workspace.data / "evidence" / old.photo_sha256
        new = learned_template(photo, old.box, engine, settings, old) if photo.is_file() else None
        if isinstance(new, Template):
            made.append(new)
        else:
            lost.append(old.pupil_id)
    return made, tuple(sorted(set(lost)))


def _portrait(template: Template, file: str, today: date) -> Portrait:
    taken_on = template.taken_on or template.enrolled_on
    old = today - taken_on > A_YEAR
    return Portrait(template.pupil_id, file, quality_in_words(template), taken_on, old)


def _whose(sealed: Path) -> frozenset[str]:
    if not sealed.exists():
        return frozenset()
    try:
        return frozenset(template.pupil_id for template in load_templates(sealed, find_key()))
    except (TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable):
        return frozenset()  # they must go all the same


def _templates(
    photos: Mapping[str, list[Path]],
    settings: Settings,
    before: tuple[Template, ...],
    engine: Engine,
    today: date,
    progress: Progress,
) -> tuple[list[Template], list[tuple[str, Template]], list[tuple[str, str]]]:
    """Return all templates, those of photos with the photo's file name, and the photos refused with the reason."""
    engine_id = f"{engine.name} {engine.version}"
    known = {(old.pupil_id, old.photo_sha256): old for old in before if old.engine == engine_id}
    kept = [old for old in known.values() if old.kind == "learned" and old.pupil_id in photos]
    files: list[tuple[str, Template]] = []
    refused: list[tuple[str, str]] = []
    named = [
        (person, path, hashlib.sha256(path.read_bytes()).hexdigest())
        for person, paths in photos.items()
        for path in paths
    ]
    enrolled = {key: old for key, old in known.items() if old.kind == "enrolled"}
    new = sum((person, sha256) not in enrolled for person, _, sha256 in named)
    with stage(progress, _("Portraits looked at"), new) if new else nullcontext(lambda: None) as one_more:
        for person, path, sha256 in named:
            if (person, sha256) in enrolled:
                files.append((path.name, enrolled[person, sha256]))
                continue
            made = _enrol_one(path, sha256, person, settings, engine, today)
            one_more()
            if isinstance(made, Template):
                files.append((path.name, made))
            else:
                refused.append((path.name, made))
    return [*kept, *(template for _, template in files)], files, refused


def taken_on_of(path: Path) -> date:
    """Return the day on which a photo was taken, as its camera noted it, else the day its file was last written."""
    exif = raw_metadata(path).exif
    for tag in DAYS_TAKEN:
        try:
            return datetime.strptime(str(exif.get(tag))[:10], "%Y:%m:%d").date()
        except ValueError:
            continue
    return date.fromtimestamp(path.stat().st_mtime)


def _enrol_one(path: Path, sha256: str, person: str, settings: Settings, engine: Engine, today: date) -> Template | str:
    image = decode(path, settings.examine.max_megapixels)
    if isinstance(image, NotDecodable):
        return image.reason
    taken_on = min(taken_on_of(path), today)
    made = enrol_photo(image.rgb, engine, pupil_id=person, photo_sha256=sha256, enrolled_on=today, taken_on=taken_on)
    match made:
        case Enrolment():
            return made.template
        case EnrolmentRefusal():
            return made.explanation
