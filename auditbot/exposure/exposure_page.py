"""exposure.html: one page that a Headteacher understands at sight. No script, nothing fetched, no face, no name."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from auditbot.exposure.exposed import ExposedPhoto, Trait
from auditbot.exposure.grades import MEASURED, ORDER, Grade
from auditbot.exposure.guidance import guidance
from auditbot.exposure.month_bars import month_bars
from auditbot.exposure.names.masking import masked, masked_address, words_of
from auditbot.exposure.photo_phrases import (
    GRADE_NAMES,
    IN_TEXT,
    INSIDE_NAMES,
    TRAIT_NAMES,
    capitalised,
    editors_told,
    faces_counted,
    faces_in_words,
    grouped,
    names_in_words,
    photos_in_words,
    posts_in_words,
    todo,
)
from auditbot.exposure.safer import SaferCopy, named_words, small_picture
from auditbot.exposure.summary import NAMED_ALONE, NAMED_TOGETHER, Exposure, Month
from auditbot.present.page_language import translate_pages
from auditbot.sentences import SHORT_MONTHS, _, _n, day_of, say

WORST_KIND = say("the worst kind: a stranger can put the name to the face")
IN_PLACES = say("in caption, text, address or file")
FETCHED = say("the file with the clear face can be fetched by anybody")
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself."""

    who: str
    """The school's name, or the site's host where none is known."""
    where: tuple[str, ...]
    """Hosts that were read."""
    day: str
    """The day it was read, in words."""
    standing: str
    """Whether whoever asked was shown to answer for the site, as a sentence."""
    version: str
    """Version of the program."""
    copies: bool = False
    """Whether safer copies were made."""
    audited_before: bool = False
    """Whether it is audited every night."""


@dataclass(frozen=True, slots=True)
class Card:
    """One photo on the page."""

    title: str
    """The post's headline, names left out."""
    line: str
    """Day, editor and address, names left out."""
    picture: str
    """The picture with every face hidden, as a data: address; empty if it is not at hand."""
    faces: str
    """What its faces are, as a sentence."""
    names: str
    """Which names stand beside it, as a sentence; empty if none do."""
    traits: str
    """What else makes it worse; empty if nothing does."""
    todo: str
    """What to do first."""


def page(
    exposure: Exposure,
    about: About,
    pictures: Mapping[str, bytes],
    unseen: Sequence[str],
    *,
    searchable_known: bool,
    before: str = "",
) -> str:
    """Return the whole page as one HTML document.

    ``pictures`` are JPEG files by content hash of the photo, faces and words hidden; ``unseen`` are sentences about
    what was not looked at; ``before`` compares with an earlier night.
    """
    environment = _environment()
    style, _, _ = _TEMPLATES.get_source(environment, "exposure.css")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    names, counted_faces = names_found(exposure), exposure.faces
    half, editors = exposure.posts_for(0.5), editors_told(exposure, names)
    return environment.get_template("exposure.html.j2").render(
        style=Markup(style),
        style_hash=digest,
        about=about,
        exposure=exposure,
        faces=sum(counted_faces.values()),
        clear=counted_faces[Grade.CLOSE_AND_CLEAR],
        best=MEASURED[Grade.CLOSE_AND_CLEAR],
        lowest=MEASURED[Grade.NOT_RECOGNISABLE],
        half=half,
        figures=figures(exposure),
        months=_months(exposure),
        curve=_curve(exposure),
        unseen=[masked(line, names) for line in unseen],
        cards=[_card(photo, names, editors[photo.editor], pictures) for photo in exposure.first],
        points=guidance(exposure, searchable_known=searchable_known, audited_before=about.audited_before),
        grades=[(GRADE_NAMES[grade], counted_faces[grade], MEASURED[grade]) for grade in ORDER],
        before=before,
    )


_TEMPLATES = PackageLoader("auditbot.exposure")


def _environment() -> Environment:
    environment = translate_pages(
        Environment(loader=_TEMPLATES, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    )
    environment.globals |= {
        "faces_counted": faces_counted,
        "grouped": grouped,
        "hundred": lambda share: round(100 * share),
        "photos_in_words": photos_in_words,
        "posts_in_words": posts_in_words,
    }
    return environment


def names_found(exposure: Exposure) -> frozenset[str]:
    """Return every word of every name beside a photo or in what is shown of one: no page that leaves may hold one."""
    return words_of(word for photo in exposure.photos for word in (*photo.beside.words, *photo.shown))


def figures(exposure: Exposure) -> tuple[tuple[int, str, str, bool], ...]:
    """Return the five numbers: each with what it counts, a small line, and whether it is marked where not zero."""
    faces = exposure.faces
    clear, alone = faces[Grade.CLOSE_AND_CLEAR], len(exposure.with_naming(NAMED_ALONE))
    together, placed = len(exposure.with_naming(NAMED_TOGETHER)), len(exposure.with_trait(Trait.POSITION))
    larger = len(exposure.larger_than_needed)
    with_one = _n(
        "photo of one clear face with a name beside it", "photos of one clear face with a name beside it", alone
    )
    with_several = _n(
        "photo of several clear faces with names beside them",
        "photos of several clear faces with names beside them",
        together,
    )
    too_large = _n("photo larger than it needs to be", "photos larger than they need to be", larger)
    tell = _n("photo that tells where it was taken", "photos that tell where they were taken", placed)
    return (
        (
            clear,
            _n("close and clear face", "close and clear faces", clear),
            _("of %(count)s found", count=grouped(sum(faces.values()))),
            clear > 0,
        ),
        (alone, with_one, str(WORST_KIND), alone > 0),
        (together, with_several, str(IN_PLACES), False),
        (larger, too_large, str(FETCHED), False),
        (placed, tell, _("position stored in the file"), placed > 0),
    )


def _months(exposure: Exposure) -> dict[str, Any]:
    months, by_year = _periods(exposure)
    kinds: tuple[Grade | None, ...] = (*ORDER, None)
    bars = month_bars([(month.year, month.month, [month.posts[kind] for kind in kinds]) for month in months])
    shown = {part.pattern for bar in bars for part in bar.parts}
    told = "; ".join(
        _(
            "%(month)s: %(posts)s, %(clear)s with a close, clear face",
            month=str(month.year)
            if by_year
            else _("%(month)s %(year)s", month=SHORT_MONTHS[month.month - 1], year=month.year),
            posts=posts_in_words(sum(month.posts.values())),
            clear=month.posts[Grade.CLOSE_AND_CLEAR],
        )
        for month in months
    )
    return {
        "bars": bars,
        "key": [(pattern, GRADE_NAMES[kind]) for pattern, kind in enumerate(kinds) if pattern in shown],
        "told": _("Posts by year and worst face. %(years)s.", years=told)
        if by_year
        else _("Posts by month and worst face. %(months)s.", months=told),
        "by_year": by_year,
    }


def _periods(exposure: Exposure) -> tuple[list[Month], bool]:
    """The months to draw; or years, where most of what has a date is older than the months that there is room for."""
    months = [month for month in exposure.months() if month.year]
    posts = [sum(month.posts.values()) for month in months]
    if 2 * sum(posts[-MOST_BARS:]) >= sum(posts):
        return months[-MOST_BARS:], False
    years: dict[int, Month] = {}
    for month in months:
        year = years.setdefault(month.year, Month(month.year, 0, dict.fromkeys((*ORDER, None), 0)))
        for grade, count in month.posts.items():
            year.posts[grade] += count
    return list(years.values())[-MOST_BARS:], True


def _curve(exposure: Exposure) -> dict[str, Any]:
    shares = exposure.curve()
    of = max(1, len(shares) - 1)
    points = " ".join(f"{40 + 336 * n / of:.1f},{150 - 130 * share:.1f}" for n, share in enumerate(shares))
    half, most = exposure.posts_for(0.5), exposure.posts_for(0.9)
    holds_half = _n(
        "%(count)s of %(posts)s with photos holds half of the exposure",
        "%(count)s of %(posts)s with photos hold half of the exposure",
        half,
        posts=posts_in_words(len(exposure.posts)),
    )
    holds_most = _n("%(count)s holds nine tenths", "%(count)s hold nine tenths", most)
    told = _("%(half)s, %(most)s.", half=holds_half, most=holds_most)
    return {"points": points, "x": round(40 + 336 * half / of, 1), "told": told}


def _card(photo: ExposedPhoto, names: frozenset[str], editor: str, pictures: Mapping[str, bytes]) -> Card:
    picture = pictures.get(photo.sha256)
    day = photo.published_at
    told_day = day_of(day) if day else _("no date")
    line = " · ".join(part for part in (told_day, editor, masked_address(photo.post_url, names)) if part)
    title = masked(photo.post_title, names) or masked_address(photo.post_url, names)
    return Card(
        title=title,
        line=line,
        picture=f"data:image/jpeg;base64,{base64.b64encode(picture).decode('ascii')}" if picture else "",
        faces=" ".join(part for part in (str(INSIDE_NAMES[photo.inside]), faces_in_words(photo)) if part),
        names=names_in_words(photo),
        traits=" ".join(str(TRAIT_NAMES[trait]) for trait in Trait if trait in photo.traits & IN_TEXT),
        todo=todo(photo),
    )


SHEET = "before-and-after.html"
MOST_PICTURED = 150
SKETCH = 150


@dataclass(frozen=True, slots=True)
class Sketch:
    """Where the faces of a photo were, drawn without a pixel of it."""

    wide: float
    """Width of the drawing."""
    high: float
    """Its height."""
    faces: tuple[tuple[float, float, float, float, int], ...]
    """Of each face x, y, width, height in the drawing, and its pattern: 0 for close and clear, then the others."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One photo before and after."""

    place: str
    """Where the copy lies below the folder."""
    before: Sketch
    """Where its faces were."""
    faces: str
    """What its faces were, as a sentence."""
    after: str
    """The copy, small, as a data: address; empty where there is none."""
    found: str
    """What is found in the copy, as a sentence."""
    gone: str
    """What else of the file is gone."""
    smaller: str
    """What only making it smaller would reach; empty if it would reach nothing."""


def sheet(copies: Sequence[SaferCopy], folder: Path, names: frozenset[str]) -> str:
    """Return a page that shows each photo before, as a drawing of where its faces were, and its safer copy after.

    The photo itself is not shown: no file that is left shows a face.
    """
    environment = _environment()
    style, _, _ = _TEMPLATES.get_source(environment, "exposure.css")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    lines = [_sheet_line(copy, folder, names, pictured=at < MOST_PICTURED) for at, copy in enumerate(copies)]
    return environment.get_template("before-and-after.html.j2").render(
        style=Markup(style), style_hash=digest, lines=lines, made=sum(not copy.refused for copy in copies)
    )


def _sheet_line(copy: SaferCopy, folder: Path, names: frozenset[str], *, pictured: bool) -> SheetLine:
    photo = copy.photo
    scale = SKETCH / max(photo.width, photo.height, 1)
    faces = tuple((*(round(part * scale, 1) for part in face.box), ORDER.index(face.grade)) for face in photo.faces)
    small = small_picture(folder / copy.place, photo) if pictured and not copy.refused else b""
    if copy.refused:
        found = str(copy.refused)
    elif copy.left < 0:
        found = _("The copy could not be looked at again: look at it before you use it.")
    else:
        found = _n("%(count)s face found in it.", "%(count)s faces found in it.", copy.left, count=grouped(copy.left))
    gone = ", ".join(
        [str(words) for trait, words in GONE.items() if trait in photo.traits]
        + [str(LETTERING)] * bool(named_words(photo))
    )
    smaller = ""
    if copy.hard_at < photo.width:
        smaller = _(
            "Only made smaller, to %(pixels)s pixels across, it would be hard to recognise: less exposed, hidden from "
            "nobody.",
            pixels=copy.hard_at,
        )
    return SheetLine(
        place=masked_address(copy.place.as_posix(), names),
        before=Sketch(round(photo.width * scale, 1), round(photo.height * scale, 1), faces),  # type: ignore[arg-type]
        faces=faces_in_words(photo),
        after=f"data:image/jpeg;base64,{base64.b64encode(small).decode('ascii')}" if small else "",
        found=found,
        gone=_("%(what)s gone from the file.", what=capitalised(gone)) if gone and not copy.refused else "",
        smaller=smaller,
    )


GONE = {Trait.POSITION: say("the place"), Trait.TIME: say("the time"), Trait.DEVICE: say("the camera")}
LETTERING = say("the words in the picture")
