"""Safer copies: each exposed photo once more under the name it has, faces destroyed, nothing else of the file in it.

Where a name stands in the picture, its words are destroyed as well.

Made smaller is never called safe: of faces 8 pixels wide the right one still comes first of 300 for 12 in 100 (LFW,
2026-11-29). What a smaller size would reach is told beside each copy, as less exposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote, urlsplit

from auditbot.examine.faces.engines import EngineChoice, open_engine
from auditbot.examine.faces.faces import Engine
from auditbot.examine.hide import Redacted, Redaction, destroy, no_copy, redact_photo
from auditbot.examine.images import KINDS, NotDecodable, Pixels, decode, encode, resize
from auditbot.examine.workers import PHOTO_SECONDS, ExamineWorkers
from auditbot.exposure.exposed import RECOGNISABLE, ExposedPhoto, Inside, Trait
from auditbot.exposure.names.masking import masked
from auditbot.exposure.names.names_beside import Place
from auditbot.model import Box
from auditbot.sentences import say

HARD_FACE, UNRECOGNISED_FACE = 12.0, 9.0
"""In pixels across: no face of an LFW photo reduced to this had more detail than its grade allows."""
MOST_LOOKS = 4
"""How often a copy is looked at; what is still found in it is destroyed as well. Of 17 photos of a preschool, written
anew and looked at once, 10 held something that may be a face and was not found before (2026-11-30)."""


@dataclass(frozen=True, slots=True)
class SaferCopy:
    """What became of one photo."""

    photo: ExposedPhoto
    """The photo."""
    place: Path
    """Where the copy is, seen from the folder asked for."""
    refused: str
    """Why there is none, as a sentence; empty if there is one."""
    renamed: bool
    """Whether the copy has another name, as the photo's own holds a child's name."""
    hard_at: int
    """The width in pixels at which its faces are hard to recognise at the least: less exposed, hidden from nobody."""
    unrecognised_at: int
    """The width at which ordinary software recognises none of them."""
    left: int = -1
    """How many faces the detector still finds in the copy; -1 where there is none, or it could not be looked at."""


def safer_copies(
    photos: Iterable[ExposedPhoto],
    files: Mapping[str, Path],
    folder: Path,
    workers: ExamineWorkers,
    *,
    names: frozenset[str],
    max_megapixels: float,
) -> tuple[SaferCopy, ...]:
    """Write a copy of each photo whose faces could be recognised, or were covered by what hides nobody for certain.

    ``files`` are those at hand, by content hash.

    Copies lie below ``folder`` as they do on the site; an existing file is never overwritten.
    """
    chosen: dict[str, ExposedPhoto] = {}
    for photo in photos:
        exposes = any(face.grade in RECOGNISABLE for face in photo.faces) or Trait.NOT_HIDDEN in photo.traits
        if photo.inside is Inside.POST and exposes:
            chosen.setdefault(photo.sha256, photo)
    places = {sha256: _place(photo, number, names) for number, (sha256, photo) in enumerate(chosen.items(), 1)}
    boxes = {sha256: tuple(face.box for face in photo.faces) for sha256, photo in chosen.items()}
    waiting, done, left = [sha256 for sha256 in chosen if sha256 in files], dict[Path, Redacted](), dict[Path, int]()
    for round_ in range(MOST_LOOKS):
        for one in waiting if round_ else ():
            (folder / places[one]).unlink(missing_ok=True)  # our own of the round before
        redactions = {
            files[one]: Redaction(one, boxes[one], named_words(chosen[one]), folder / places[one]) for one in waiting
        }
        task = partial(redact_photo, redactions=redactions, max_megapixels=max_megapixels)
        done |= {made.path: made for made in workers.map(task, redactions, no_copy, PHOTO_SECONDS)}
        written = {folder / places[one]: one for one in waiting if not done[files[one]].refused}
        look = partial(_look, max_megapixels=max_megapixels)
        seen = {copy.path: copy for copy in workers.map(look, written, _unseen, PHOTO_SECONDS)}
        left |= {path: copy.count for path, copy in seen.items()}
        waiting = [written[path] for path, copy in seen.items() if copy.faces]
        if not waiting:
            break
        for path, copy in seen.items():
            sha256 = written[path]
            boxes[sha256] += tuple(_scaled(box, chosen[sha256].width / copy.width) for box in copy.faces)
    return tuple(
        _copy(photo, places[one], done.get(files[one]) if one in files else None, left.get(folder / places[one], -1))
        for one, photo in chosen.items()
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A copy, looked at."""

    path: Path
    """Its file."""
    width: int
    """Its width in pixels; 0 if it could not be looked at."""
    faces: tuple[Box, ...] = ()
    """Faces found in it."""

    @property
    def count(self) -> int:
        """How many faces; -1 if it could not be looked at."""
        return len(self.faces) if self.width else -1


def _look(path: Path, *, max_megapixels: float) -> _Seen:
    picture = decode(path, max_megapixels)
    if isinstance(picture, NotDecodable):
        return _Seen(path, 0)
    return _Seen(path, picture.rgb.shape[1], tuple(face.box for face in _detector().detect(picture.rgb)))


def _unseen(path: Path, _reason: str) -> _Seen:
    return _Seen(path, 0)


@cache
def _detector() -> Engine:
    return open_engine(EngineChoice("none"))


def _copy(photo: ExposedPhoto, place: Path, done: Redacted | None, left: int) -> SaferCopy:
    refused = say("The picture is no longer at hand.") if done is None else done.refused
    own = PurePosixPath(unquote(urlsplit(photo.url).path)).name
    widest = max(face.box[2] for face in photo.faces)
    return SaferCopy(
        photo,
        place,
        refused,
        renamed=place.name != own,
        hard_at=int(photo.width * min(1.0, HARD_FACE / widest)),
        unrecognised_at=int(photo.width * min(1.0, UNRECOGNISED_FACE / widest)),
        left=left,
    )


def _place(photo: ExposedPhoto, number: int, names: frozenset[str]) -> Path:
    """Where a copy lies: as the photo does on its site; under a number where its own name holds a child's."""
    path = PurePosixPath(unquote(urlsplit(photo.url).path).lstrip("/"))
    parts = [_plain(part) for part in path.parts[:-1] if masked(part, names) == part]
    name = _plain(path.name)
    ending = path.suffix.lower() if path.suffix.lower() in KINDS else ".jpg"
    called = path.name.replace("_", "-")
    if PurePosixPath(name).suffix.lower() not in KINDS or masked(called, names) != called:
        name = f"photo-{number}{ending}"
    return Path(*filter(None, parts), name)


def _plain(part: str) -> str:
    """Return a part of a foreign path as a name that leads nowhere on any system; empty if none is left."""
    name = re.sub(r"[^\w .-]", "-", part).strip(" .")
    return "" if PureWindowsPath(name).is_reserved() else name


# The small pictures of a report: every face and every line of words in them hidden for good.

LONGEST_SIDE = 300
MOST_MEGAPIXELS = 120.0


def hidden_pictures(
    photos: Iterable[ExposedPhoto], files: Mapping[str, Path], workers: ExamineWorkers, max_megapixels: float
) -> dict[str, bytes]:
    """Return a small JPEG of each photo at hand, by content hash, without a face, a word or its file's data.

    The files come from the web: the workers open them, and one that they cannot open has no picture.
    """
    shown = {files[photo.sha256]: photo for photo in photos if photo.sha256 in files}
    hide = partial(_hidden, photos=shown, max_megapixels=max_megapixels)
    made = workers.map(hide, shown, _not_shown, PHOTO_SECONDS)
    return {shown[path].sha256: picture for path, picture in made if picture}


def _hidden(path: Path, *, photos: Mapping[Path, ExposedPhoto], max_megapixels: float) -> tuple[Path, bytes]:
    picture, photo = decode(path, max_megapixels), photos[path]
    if isinstance(picture, NotDecodable):
        return path, b""
    faces = [_scaled(face.box, 1 / picture.scale) for face in photo.faces]
    words = [_scaled(box, 1 / picture.scale) for box in photo.words]
    return path, _small(destroy(picture.rgb, faces, words))


def _not_shown(path: Path, _reason: str) -> tuple[Path, bytes]:
    return path, b""


def _small(rgb: Pixels) -> bytes:
    """Return a picture as a small JPEG in which what may still be a face is hidden as well."""
    small = resize(rgb, LONGEST_SIDE)
    for _ in range(MOST_LOOKS):
        found = [face.box for face in _detector().detect(small)]
        if not found:
            break
        small = destroy(small, found)
    return encode(small, ".jpg", 80)


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    return x * factor, y * factor, width * factor, height * factor


def named_words(photo: ExposedPhoto) -> tuple[Box, ...]:
    """Return the lines of words that a safer copy hides as well: all of a picture in which a name stands."""
    return photo.words if Place.PICTURE in photo.beside.places else ()


def small_picture(copy: Path, photo: ExposedPhoto) -> bytes:
    """Return a photo's safer copy as a small JPEG, all words in it hidden; nothing if it cannot be opened."""
    picture = decode(copy, MOST_MEGAPIXELS)
    if isinstance(picture, NotDecodable):
        return b""
    words = [_scaled(box, picture.rgb.shape[1] / max(photo.width, 1)) for box in photo.words]
    return _small(destroy(picture.rgb, (), words))
