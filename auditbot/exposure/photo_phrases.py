"""What a report on exposure says of a photo: its faces, how many names stand where, what to do first; never a name."""

from __future__ import annotations

from collections.abc import Mapping

from auditbot.exposure.exposed import RECOGNISABLE, ExposedPhoto, Inside, Naming, Trait
from auditbot.exposure.grades import ORDER, Grade
from auditbot.exposure.names.masking import MASK, masked
from auditbot.exposure.names.names_beside import Place
from auditbot.exposure.summary import NAMED_ALONE, Exposure
from auditbot.sentences import NOTHING, Sentence, _, _n, say

GRADE_NAMES: Mapping[Grade | None, Sentence] = {
    Grade.CLOSE_AND_CLEAR: say("Close and clear"),
    Grade.RECOGNISABLE: say("Recognisable"),
    Grade.HARD_TO_RECOGNISE: say("Hard to recognise"),
    Grade.NOT_RECOGNISABLE: say("Not recognisable by ordinary software"),
    None: say("No face"),
}
PLACE_NAMES: Mapping[Place, Sentence] = {
    Place.ALTERNATIVE_TEXT: say("the alternative text"),
    Place.CAPTION: say("the caption"),
    Place.FILE_NAME: say("the file’s name"),
    Place.ADDRESS: say("the page’s address"),
    Place.PICTURE: say("the picture itself"),
    Place.TEXT: say("the text"),
    Place.TITLE: say("the title"),
}
TRAIT_NAMES: Mapping[Trait, Sentence] = {
    Trait.POSITION: say("The file says where it was taken."),
    Trait.TIME: say("The file says when it was taken."),
    Trait.DEVICE: say("The file names the camera."),
    Trait.ORIGINAL_BEHIND: say("A larger file lies behind the one shown."),
    Trait.OPEN_LISTING: say("Its folder lists all its files to anybody."),
    Trait.SEARCHABLE: say("Search engines may keep it."),
    Trait.OFFERED: say("The site’s own sitemap offers it to search engines."),
    Trait.NOT_HIDDEN: say(
        "A face seems meant to be hidden by a bar, a blur or a mosaic, which hides nobody for certain."
    ),
}
IN_TEXT = frozenset(
    {Trait.POSITION, Trait.DEVICE, Trait.ORIGINAL_BEHIND, Trait.OPEN_LISTING, Trait.OFFERED, Trait.NOT_HIDDEN}
)
"""Traits that stand beside each photo; time and search engines concern nearly all and stand in the table alone."""
INSIDE_TODO: Mapping[Inside, Sentence] = {
    Inside.DOCUMENT: say("Take the picture or the names out of the document, and put the new one in its place."),
    Inside.FILM: say("Take the film away, or cut this moment out."),
}
INSIDE_NAMES: Mapping[Inside, Sentence] = {
    Inside.POST: NOTHING,
    Inside.DOCUMENT: say("Inside a document."),
    Inside.FILM: say("The most exposed moment of a film."),
}
NUMBERS = (
    say("no"),
    say("one"),
    say("two"),
    say("three"),
    say("four"),
    say("five"),
    say("six"),
    say("seven"),
    say("eight"),
    say("nine"),
    say("ten"),
    say("eleven"),
    say("twelve"),
)


def grouped(count: int) -> str:
    """Return a number in figures, its thousands set apart."""
    return f"{count:,}"


def posts_in_words(count: int) -> str:
    """Return "3 posts"."""
    return _n("%(count)s post", "%(count)s posts", count, count=grouped(count))


def photos_in_words(count: int) -> str:
    """Return "3 photos"."""
    return _n("%(count)s photo", "%(count)s photos", count, count=grouped(count))


def faces_counted(count: int) -> str:
    """Return "3 faces"."""
    return _n("%(count)s face", "%(count)s faces", count, count=grouped(count))


def capitalised(text: str) -> str:
    """Return a text whose first letter is a capital."""
    return text[:1].upper() + text[1:]


def _number(count: int) -> str:
    return str(NUMBERS[count]) if count < len(NUMBERS) else str(count)


def faces_in_words(photo: ExposedPhoto) -> str:
    """Say how many faces of which grade a photo shows."""
    parts = [
        _of_grade(grade, count)
        for grade in ORDER
        if (count := sum(face.grade is grade for face in photo.faces))
    ]  # fmt: skip
    return _("%(faces)s.", faces=capitalised(", ".join(parts))) if parts else _("No face was found.")


def _of_grade(grade: Grade, count: int) -> str:
    number = _number(count)
    return {
        Grade.CLOSE_AND_CLEAR: _n("%(count)s close and clear", "%(count)s close and clear", count, count=number),
        Grade.RECOGNISABLE: _n("%(count)s recognisable", "%(count)s recognisable", count, count=number),
        Grade.HARD_TO_RECOGNISE: _n("%(count)s hard to recognise", "%(count)s hard to recognise", count, count=number),
        Grade.NOT_RECOGNISABLE: _n(
            "%(count)s not recognisable by ordinary software",
            "%(count)s not recognisable by ordinary software",
            count,
            count=number,
        ),
    }[grade]


def names_in_words(photo: ExposedPhoto) -> str:
    """Say where how many names stand, and how they go with the faces; never which."""
    if photo.naming is Naming.NONE:
        return ""
    count = len(photo.beside.names)
    where = [str(PLACE_NAMES[place]) for place in photo.beside.places]
    listed = _("%(some)s and %(last)s", some=", ".join(where[:-1]), last=where[-1]) if len(where) > 1 else where[0]
    told = _n(
        "%(count)s name in %(places)s",
        "%(count)s names in %(places)s",
        count,
        count=capitalised(_number(count)),
        places=listed,
    )
    if photo.naming in NAMED_ALONE:
        told = _("%(names)s, and only one such face", names=told)
    elif photo.naming is Naming.IN_ORDER:
        told = _("%(names)s, as many as faces", names=told)
    return _("%(names)s, with a surname or initial.", names=told) if photo.full_name else _("%(names)s.", names=told)


def editors_told(exposure: Exposure, names: frozenset[str]) -> Mapping[str, str]:
    """Return for each editor what a report calls them: "Year 2", "Mrs Khan", or "[name] 3" where a forename stands.

    An editor can be a child, as of a class's own blog; the number tells the editors apart.
    """
    editors = sorted({photo.editor for photo in exposure.photos})
    return {
        editor: editor if masked(editor, names) == editor else f"{MASK} {number}"
        for number, editor in enumerate(editors, 1)
    }


def todo(photo: ExposedPhoto) -> str:
    """Say what to do first with one photo."""
    if photo.inside in INSIDE_TODO and photo.exposure > 0:
        return str(INSIDE_TODO[photo.inside])
    if photo.naming in NAMED_ALONE:
        return _("Take the name or the photo away.")
    if photo.naming is not Naming.NONE:
        return _("Take the names away; then put the safer copy in its place.")
    if Trait.NOT_HIDDEN in photo.traits:
        return _("Put the safer copy in its place: a bar, blur or mosaic hides nobody for certain.")
    if any(face.grade in RECOGNISABLE for face in photo.faces):
        return _("Put the safer copy in its place, or a smaller one: that exposes less, and hides nobody for certain.")
    told = photo.traits & {Trait.POSITION, Trait.DEVICE}
    return _("Take place, time and device out of the file.") if told else _("Leave it.")
