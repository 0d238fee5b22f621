"""Building the gallery from ``consent/photos``: who may be enrolled, from which photos, and what was refused.

A template is made once per photo and kept encrypted; a later run embeds only what is new, and drops every template for
which the right has ended or the photo is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from auditbot.errors import TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable
from auditbot.examine.engines.choice import choice_of, open_engine
from auditbot.examine.enrolment import Enrolment, EnrolmentRefusal, enrol_photo
from auditbot.examine.faces import Engine
from auditbot.examine.gallery import Gallery
from auditbot.examine.images import NotDecodable, decode
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

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif"}


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
    photos = {person: paths for person, paths in _photos(workspace, declared).items() if person in people}
    templates, refused = _templates(photos, settings, before, engine, declared.today)
    if set(templates) != set(before):
        save_templates(sealed, templates, key)
    count = {person: sum(template.pupil_id == person for template in templates) for person in photos}
    return Enrolled(
        gallery=Gallery.from_templates(templates, false_name_rate=settings.faces.false_name_rate),
        photos={person: number for person, number in count.items() if number},
        refused=tuple(refused),
        no_right=no_right,
        no_photo=tuple(person for person, paths in photos.items() if not paths),
        may_hold=people,
        dropped=frozenset(old.pupil_id for old in before) - {template.pupil_id for template in templates},
    )


def _whose(sealed: Path) -> frozenset[str]:
    if not sealed.exists():
        return frozenset()
    try:
        return frozenset(template.pupil_id for template in load_templates(sealed, find_key()))
    except (TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable):
        return frozenset()  # they must go all the same


def _photos(workspace: Workspace, declared: Declared) -> dict[str, list[Path]]:
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
) -> tuple[list[Template], list[tuple[str, str]]]:
    engine_id = f"{engine.name} {engine.version}"
    known = {(old.pupil_id, old.photo_sha256): old for old in before if old.engine == engine_id}
    kept = [old for old in known.values() if old.kind == "learned" and old.pupil_id in photos]
    refused: list[tuple[str, str]] = []
    for person, paths in photos.items():
        for path in paths:
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            old = known.get((person, sha256))
            if old is not None and old.kind == "enrolled":
                kept.append(old)
                continue
            made = _enrol_one(path, sha256, person, settings, engine, today)
            if isinstance(made, Template):
                kept.append(made)
            else:
                refused.append((path.name, made))
    return kept, refused


def _enrol_one(path: Path, sha256: str, person: str, settings: Settings, engine: Engine, today: date) -> Template | str:
    image = decode(path, settings.examine.max_megapixels)
    if isinstance(image, NotDecodable):
        return image.reason
    made = enrol_photo(image.rgb, engine, pupil_id=person, photo_sha256=sha256, enrolled_on=today)
    match made:
        case Enrolment():
            return made.template
        case EnrolmentRefusal():
            return made.explanation
