"""The gallery: who can be recognised, of whom a portrait is missing or of no use, and who looks like whom."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from auditbot.errors import GalleryMixed, TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.portraits import photos_by_person
from auditbot.examine.faces.templates import load_templates
from auditbot.registers.declared import rights
from auditbot.registers.secrets import find_key
from auditbot.review.casebook.case_details import label_of
from auditbot.review.casebook.drawn import draw_portrait
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.deciding.pictures_page import newest_portrait
from auditbot.review.site.rendering import page
from auditbot.sentences import _

A_YEAR = timedelta(days=365)
MOST_PAIRS = 30
SEALED = "templates.sealed"


@dataclass(frozen=True, slots=True)
class Group:
    """Pupils of whom the same is to be said."""

    title: str
    """What is to be said, with how many they are."""
    advice: str
    """What helps."""
    pupils: tuple[tuple[str, str, str], ...]
    """Id, forename with initial, and class; sorted by class."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two pupils who look alike to the program."""

    pupils: tuple[tuple[str, str, bool], ...]
    """Of each the id, forename with initial, and whether there is a portrait to show."""
    siblings: bool
    """Whether the register has them in one group of siblings."""


def gallery(request: HttpRequest) -> HttpResponse:
    """Show who is in the gallery, who is not and why, and who is alike; portraits to leads alone."""
    person: Any = request.user
    here, view = served_workspace(), served_workspace().view()
    enrolled = _enrolled()
    groups = tuple(_groups(enrolled, view))
    pairs = tuple(_pairs(enrolled, view))
    saw(request, "gallery", (), "")
    return page(
        request,
        "gallery.html",
        problem=enrolled.problem,
        matching=here.settings.faces.matching_allowed,
        enrolled=len(enrolled.photos.keys() & view.declared.pupils.keys()),
        pupils=len(view.declared.pupils),
        groups=[group for group in groups if group.pupils],
        pairs=pairs[:MOST_PAIRS],
        more=max(0, len(pairs) - MOST_PAIRS),
        faces=person.is_lead,
    )


def gallery_portrait(request: HttpRequest, pupil_id: str) -> HttpResponse:
    """Send the newest portrait of a pupil who looks like another."""
    view = served_workspace().view()
    alike = any(pupil_id in pair for pair in _enrolled().pairs)
    newest = newest_portrait(pupil_id, view) if alike else None
    drawn = draw_portrait(newest) if newest else None
    if drawn is None:
        raise Http404
    saw(request, "portrait", (pupil_id,), "")
    return HttpResponse(drawn, content_type="image/jpeg")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the templates say, without any of them: no vector stays in memory."""

    photos: Mapping[str, frozenset[str]]
    """By person, the content hashes of the photos that became a template."""
    newest: Mapping[str, date]
    """By person, the day on which the newest of them was taken."""
    pairs: tuple[tuple[str, str], ...]
    """People who look alike to the program, most alike first."""
    problem: str = ""
    """Why the templates cannot be read; empty if they can."""


def _enrolled() -> Enrolled:
    """Return what the file of templates says; it is opened anew only when it was written."""
    sealed = served_workspace().workspace.data / SEALED
    if not sealed.exists():
        return Enrolled({}, {}, ())
    return _read(sealed, sealed.stat().st_mtime_ns, served_workspace().settings.faces.false_name_rate)


@functools.lru_cache(maxsize=2)
def _read(sealed: Path, _written: int, rate: float) -> Enrolled:
    try:
        templates = load_templates(sealed, find_key())
        pairs = tuple(pair.pupil_ids for pair in Gallery.from_templates(templates, false_name_rate=rate).pairs)
    except GalleryMixed:  # of two engines, until the next audit has made them anew
        pairs = ()
    except (TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable) as error:
        return Enrolled({}, {}, (), str(error))
    photos: dict[str, frozenset[str]] = {}
    newest: dict[str, date] = {}
    for one in templates:
        photos[one.pupil_id] = photos.get(one.pupil_id, frozenset()) | {one.photo_sha256}
        day = one.taken_on or one.enrolled_on
        newest[one.pupil_id] = max(day, newest.get(one.pupil_id, day))
    return Enrolled(photos, newest, pairs)


def _groups(enrolled: Enrolled, view: View) -> Iterator[Group]:
    here, declared = served_workspace(), view.declared
    allowed = rights(declared, matching_allowed=here.settings.faces.matching_allowed)
    photos = photos_by_person(here.workspace, declared)
    may_hold = [pupil_id for pupil_id in declared.pupils if pupil_id in allowed.may_hold]
    made, newest = enrolled.photos, enrolled.newest
    yield _group(
        _("No portrait"),
        _("They are recognised in no photo. One clear portrait from the front is enough to begin with."),
        (one for one in may_hold if not photos.get(one)),
        view,
    )
    unused = (one for one in may_hold if one not in made and photos.get(one))
    if made:
        advice = _("The face must be alone, sharp, from the front and large enough; take a new one.")
        yield _group(_("A portrait that could not be used"), advice, unused, view)
    else:
        yield _group(_("Portraits not looked at yet"), _("The next audit looks at them."), unused, view)
    yield _group(
        _("One more portrait that could not be used"),
        _("They are recognised by another portrait. A new one in its place makes that surer."),
        (one for one in may_hold if one in made and _unused(photos[one], made[one])),
        view,
    )
    yield _group(
        _("Portrait more than a year old"),
        _("Young children change: take a new one."),
        (one for one in may_hold if one in newest and declared.today - newest[one] > A_YEAR),
        view,
    )
    yield _group(
        _("May not be compared: no consent to it"),
        _("Consent to comparing faces is not on record, was withdrawn, or was refused."),
        (one for one in declared.pupils if one in allowed.why_not),
        view,
    )


def _group(title: str, advice: str, pupil_ids: Iterator[str], view: View) -> Group:
    found = [(one, label_of(one, view), view.declared.pupils[one].class_name) for one in pupil_ids]
    found.sort(key=lambda one: (one[2], one[1]))
    return Group(f"{title}: {len(found)}", advice, tuple(found))


def _unused(paths: list[Path], known: Set[str]) -> bool:
    return any(hashlib.sha256(path.read_bytes()).hexdigest() not in known for path in paths)


def _pairs(enrolled: Enrolled, view: View) -> Iterator[Alike]:
    """Yield pairs of pupils who are alike, most alike first; members of staff are left out."""
    pupils = view.declared.pupils
    for pair in enrolled.pairs:
        if all(one in pupils for one in pair):
            groups = {pupils[one].sibling_group for one in pair}
            shown = tuple((one, label_of(one, view), newest_portrait(one, view) is not None) for one in pair)
            yield Alike(shown, siblings=len(groups) == 1 and groups != {""})
