"""Building the gallery from ``consent/photos``: who may be enrolled, from which photos, and what was refused.

A template is made once per photo and kept encrypted; a later run embeds only what is new, and drops every template for
which the right has ended or the photo is gone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from auditbot.errors import TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable
from auditbot.examine.engines.choice import choice_of, open_engine
from auditbot.examine.enrolment import Enrolment, EnrolmentRefusal, enrol_photo, quality_in_words
from auditbot.examine.faces import Engine
from auditbot.examine.gallery import Gallery
from auditbot.examine.images import NotDecodable, decode, raw_metadata
from auditbot.private_files import private_folder
from auditbot.registers.biometrics import rights
from auditbot.registers.declared import Declared
from auditbot.registers.template_key import find_key
from auditbot.registers.templates import (
    Template,
    load_templates,
    remove_templates,
    remove_unfinished_templates,
    save_templates,
)
from auditbot.settings import Settings, Workspace

DAYS_TAKEN = (0x9003, 0x9004, 0x0132)  # EXIF: taken, digitised, written
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif"}


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
    learned: Mapping[str, int] = field(default_factory=dict)
    """By person: how many templates were learned from faces that somebody confirmed."""
    templates: tuple[Template, ...] = ()
    """The templates behind the gallery; vectors of enrolment photos and confirmed faces only."""


def enrol(workspace: Workspace, settings: Settings, declared: Declared) -> Enrolled:
    """Bring the templates up to date with registers and photos, and return the gallery.

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
    templates, files, refused = _templates(photos, settings, before, engine, declared.today)
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
    )


def _portrait(template: Template, file: str, today: date) -> Portrait:
    taken_on = template.taken_on or template.enrolled_on
    old = today - taken_on > timedelta(days=365)
    return Portrait(template.pupil_id, file, quality_in_words(template), taken_on, old)


def _whose(sealed: Path) -> frozenset[str]:
    if not sealed.exists():
        return frozenset()
    try:
        return frozenset(template.pupil_id for template in load_templates(sealed, find_key()))
    except (TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable):
        return frozenset()  # they must go all the same


def photos_by_person(workspace: Workspace, declared: Declared) -> dict[str, list[Path]]:
    """Return by person the photos to enrol from: the file the register names, PERSON.jpg, PERSON_2.jpg and the like.

    A file that the register names for somebody is theirs alone; any other belongs to the longest id of the whole
    register that its name begins with, so that 12-3.jpg is the portrait of 12-3 and never one of 12.
    """
    folder = workspace.consent / "photos"
    named = {pupil.pupil_id: pupil.photo_file for pupil in declared.pupils.values()}
    named |= {member.staff_id: member.photo_file for member in declared.staff if member.staff_id}
    photos = {person: [folder / file] if file and (folder / file).is_file() else [] for person, file in named.items()}
    taken = {path for paths in photos.values() for path in paths}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in PICTURES and path not in taken and (person := _owner(path.stem, photos.keys())):
            photos[person].append(path)
    return photos


def _owner(stem: str, ids: Set[str]) -> str:
    ends = [len(stem), *(place for place in reversed(range(len(stem))) if stem[place] in "_-")]
    return next((stem[:end] for end in ends if stem[:end] in ids), "")


def _templates(
    photos: Mapping[str, list[Path]],
    settings: Settings,
    before: tuple[Template, ...],
    engine: Engine,
    today: date,
) -> tuple[list[Template], list[tuple[str, Template]], list[tuple[str, str]]]:
    """Return all templates, those of photos with the photo's file name, and the photos refused with the reason."""
    engine_id = f"{engine.name} {engine.version}"
    known = {(old.pupil_id, old.photo_sha256): old for old in before if old.engine == engine_id}
    kept = [old for old in known.values() if old.kind == "learned" and old.pupil_id in photos]
    files: list[tuple[str, Template]] = []
    refused: list[tuple[str, str]] = []
    for person, paths in photos.items():
        for path in paths:
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            old = known.get((person, sha256))
            if old is not None and old.kind == "enrolled":
                files.append((path.name, old))
                continue
            made = _enrol_one(path, sha256, person, settings, engine, today)
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
