"""Whose each file in ``consent/photos`` is: by id, by the register, or proposed by name, UPN or admission number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from auditbot.registers.declared import Declared
from auditbot.registers.people import Pupil
from auditbot.sentences import _
from auditbot.settings import Workspace

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp", ".jfif"})
_COPY = re.compile(r"(?:[ _-]*\(\d{1,2}\)|[ _-]\d{1,2})$")
"""What computers add to a second file of the same name: "Freddie Bell (2)", "Freddie Bell-2"."""


@dataclass(frozen=True, slots=True)
class UnclaimedPortrait:
    """A picture in consent/photos that no id claims, and from which nobody is enrolled."""

    path: Path
    """The file."""
    proposed: tuple[str, ...]
    """Whose it may be, by name, UPN or admission number, sorted; empty if nobody's."""


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
    for path in _pictures(folder):
        if path not in taken and (person := _owner(path.stem, photos.keys())):
            photos[person].append(path)
    return photos


def unclaimed_portraits(workspace: Workspace, declared: Declared) -> tuple[UnclaimedPortrait, ...]:
    """Return the pictures that are nobody's by id, each with the pupils whose it may be. Nothing is decided here."""
    claimed = {path for paths in photos_by_person(workspace, declared).values() for path in paths}
    pupils = tuple(declared.pupils.values())
    return tuple(
        UnclaimedPortrait(path, tuple(sorted(_may_be(path.stem, pupils))))
        for path in _pictures(workspace.consent / "photos")
        if path not in claimed
    )


def _pictures(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in PICTURES and not path.name.startswith("."):
            yield path


def _owner(stem: str, ids: Set[str]) -> str:
    ends = [len(stem), *(place for place in reversed(range(len(stem))) if stem[place] in "_-")]
    return next((stem[:end] for end in ends if stem[:end] in ids), "")


def _may_be(stem: str, pupils: Iterable[Pupil]) -> Iterator[str]:
    """Yield the pupils whose number or whole name a file's name holds; failing that, whose forename it is."""
    said = _words(_COPY.sub("", stem))
    numbers = {word.lstrip("0") for word in _words(stem)} - {""}
    by_number = [one.pupil_id for one in pupils if _numbers_of(one) & numbers]
    by_name = [one.pupil_id for one in pupils if _is_named(one, said)]
    by_forename = [one.pupil_id for one in pupils if any(_words(name) == said for name in _forenames(one))]
    yield from by_number or by_name or by_forename


def _numbers_of(pupil: Pupil) -> set[str]:
    written = (pupil.upn, pupil.admission_no)
    return {number.casefold().lstrip("0") for number in written if len(number) > 1} - {""}


def _is_named(pupil: Pupil, said: frozenset[str]) -> bool:
    """Whether a forename and a surname of the pupil stand in a file's name, in any order, whatever else does."""
    surnames = (pupil.legal_surname, pupil.preferred_surname, *pupil.former_surnames)
    return any(words and words <= said for words in map(_words, surnames)) and any(
        words and words <= said for words in map(_words, _forenames(pupil))
    )


def _forenames(pupil: Pupil) -> tuple[str, ...]:
    return tuple(name for name in (pupil.legal_forename, pupil.preferred_forename) if name)


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one)).replace("'", "").replace("’", "")
    return frozenset(re.findall(r"[^\W_]+", letters))


def claim_in_words(portrait: UnclaimedPortrait) -> str:
    """Say whose an unclaimed portrait may be, and what to do with it."""
    if not portrait.proposed:
        return _("nobody’s by id, name, UPN or admission number, so nobody is enrolled from it")
    listed = " or ".join(f"{person}?" for person in portrait.proposed)
    how = _("auditbot enrol --accept renames it") if len(portrait.proposed) == 1 else _("name it after the right one")
    return _("%(listed)s Nobody is enrolled from it until its name says so; %(how)s", listed=listed, how=how)


def accept_portraits(unclaimed: Iterable[UnclaimedPortrait], declared: Declared) -> Iterator[tuple[Path, Path]]:
    """Rename each portrait that is proposed for one pupil alone; yield its name before and after.

    Raises OSError if a file cannot be renamed.
    """
    for portrait in unclaimed:
        if len(portrait.proposed) != 1 or portrait.proposed[0] not in declared.pupils:
            continue
        person, ending = portrait.proposed[0], portrait.path.suffix.lower()
        names = (person, *(f"{person}_{number}" for number in range(2, 100)))
        folder = portrait.path.parent
        taken = {path.stem for path in folder.iterdir()}
        free = next((name for name in names if name not in taken), None)
        if free is not None:
            yield portrait.path, portrait.path.rename(folder / f"{free}{ending}")
