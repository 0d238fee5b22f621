"""``auditbot check-photo``: photos, before they are published. The same engines, registers and rules as the audit's.

Who may be in a photo, whose permission for the channel is missing today, which words and what metadata would go out
with it. Nothing about its faces is written to disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from auditbot.check import c11_photos
from auditbot.check.c12_surnames import surname_engine
from auditbot.check.clauses import as_the_policy_says
from auditbot.check.permission import verdict
from auditbot.check.surnames import SurnameEngine
from auditbot.errors import CopyInTheWay, NoPhotoToCheck, UnknownClass
from auditbot.examine.faces.enrol import enrol
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.matching import PhotoContext, match_together
from auditbot.examine.hide import Redacted, Redaction, no_copy, redact_photo
from auditbot.examine.photo import ExaminedPhoto
from auditbot.examine.stage import LONG_BEFORE_JOINING, siblings_of
from auditbot.examine.workers import PHOTO_SECONDS, ExamineWorkers, OwnPhoto
from auditbot.model import Band, Box, Channel, Face, Finding, PhotoFacts, PhotoMetadata, PhotoUse, Post, PostFacts
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared, read_declared
from auditbot.registers.policy import covers
from auditbot.registers.policy_checks import CheckName
from auditbot.run import QUIET, Progress, local_now, one_at_a_time, stage
from auditbot.sentences import _
from auditbot.settings import Settings, Workspace, load_settings

# What is taken from a folder; a file named by itself is looked at whatever its name.
PICTURES = frozenset(f".{ending}" for ending in (
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp", "ico",
))  # fmt: skip
WRITABLE = (".jpg", ".png", ".webp")
HERE = "check-photo"
Standing = Literal["do_not_publish", "look_first", "nothing_found", "not_examined"]
Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    paths: tuple[Path, ...]
    """Files and folders."""
    channel: Channel
    """Where the photos are to be published."""
    class_name: str = ""
    """The class that the photos are said to show; empty if nothing is said."""
    redact: Path | None = None
    """Where copies go, a folder, or a file for one photo; None for no copies."""


@dataclass(frozen=True, slots=True)
class SeenFace:
    """One face and what follows from it."""

    face: Face
    """The gallery's answer."""
    permission: Answer
    """yes: all it may be have permission today; no: somebody it may be has not; unknown: nobody can say who it is."""
    lacking: tuple[tuple[str, str], ...]
    """Each pupil it may be who lacks permission, likeliest first, and the reason in a sentence."""


class Where(StrEnum):
    """Where words stand that would go out with a photo."""

    PICTURE = "picture"
    """In the picture itself, as they were read."""
    FILE_NAME = "file name"
    """In the name of the file."""
    METADATA = "metadata"
    """In a field of the file's metadata."""


@dataclass(frozen=True, slots=True)
class SeenWords:
    """One text that would go out with the photo."""

    where: Where
    """Where it stands."""
    text: str
    """The text."""
    box: Box | None
    """Where it stands in the picture."""
    pupil_ids: tuple[str, ...]
    """Pupils whose surname it may hold."""
    band: Band | None
    """breach or review if it may hold a surname."""
    field: str = ""
    """Which field of the metadata holds it."""


@dataclass(frozen=True, slots=True)
class CheckedPhoto:
    """What was found about one photo."""

    path: Path
    """The file."""
    width: int
    """Width in pixels, upright; 0 if it could not be examined."""
    height: int
    """Height in pixels, upright."""
    faces: tuple[SeenFace, ...]
    """All faces, left to right."""
    words: tuple[SeenWords, ...]
    """All words in the picture, then its file name and the words of its metadata."""
    metadata: PhotoMetadata
    """What its metadata gives away."""
    verdict: Standing
    """The most urgent of what was found."""
    not_examined: str
    """Why it, or part of it, was not examined; empty if all was."""
    copy: Path | None = None
    """The copy that was written; None if none was asked for or none was made."""
    no_copy: str = ""
    """Why no copy was made though one was asked for."""

    @property
    def hidden(self) -> tuple[Box, ...]:
        """The faces that a copy hides: all of them, as soon as one may not be shown or nobody can name it.

        Hiding that one alone would point at the child.
        """
        every = tuple(seen.face.box for seen in self.faces)
        shown = all(seen.face.outcome == "named" and seen.permission == "yes" for seen in self.faces)
        return () if shown else every

    @property
    def hidden_words(self) -> tuple[Box, ...]:
        """The lines that a copy hides: those that may hold a pupil's surname."""
        return tuple(words.box for words in self.words if words.box and words.band)


@dataclass(frozen=True, slots=True)
class CheckedPhotos:
    """What was found about all photos, and what a reader needs to judge it."""

    request: Request
    """What was asked for."""
    declared: Declared
    """The registers of the day."""
    photos: tuple[CheckedPhoto, ...]
    """One per file, in the order asked for; those of a folder by name."""
    matched: bool
    """Whether faces could be compared with anybody."""
    words_read: bool
    """Whether words in pictures were looked for, as the settings say."""
    passed_over: int
    """Files in the folders whose names are not those of pictures."""
    lacking: int
    """How many pupils of the class, else of the school, lack permission for the channel today."""
    pupils: int
    """How many pupils there are in that class, else in the school."""


def check_photos(workspace: Workspace, request: Request, progress: Progress = QUIET) -> CheckedPhotos:
    """Look at every photo and write the copies asked for; ``progress`` is shown each photo.

    Raises NoPhotoToCheck, UnknownClass or CopyInTheWay before anything is looked at, and what reading the registers and
    enrolling raise.
    """
    settings = load_settings(workspace)
    files, passed_over = _files(request.paths)
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(settings).date())
        asked = _Asked.of(request, settings, declared)
        copies = _places(files, request, asked.surnames) if request.redact else {}
        gallery = enrol(workspace, settings, declared, progress).gallery
    with ExamineWorkers(settings) as workers:
        seen = {}
        with stage(progress, _("Photos looked at"), len(files)) as one_more:
            for own in workers.map_own_photos([path for path, _ in files]):
                seen[own.path] = asked.judged(own, gallery)
                one_more()
        photos = [checked for path, _ in files for checked, _ in [seen[path]]]
        if request.redact:
            photos = list(
                _with_copies(photos, {path: sha for path, (_, sha) in seen.items()}, copies, workers, settings)
            )
    return CheckedPhotos(
        request, asked.declared, tuple(photos), bool(gallery.pupil_ids), settings.examine.read_words, passed_over,
        *asked.lacking(),
    )  # fmt: skip


def judged_photos(
    paths: Iterable[Path],
    request: Request,
    settings: Settings,
    declared: Declared,
    gallery: Gallery,
    workers: ExamineWorkers,
) -> Iterator[CheckedPhoto]:
    """Yield what follows from each photo, as they are ready; no lock is taken, nothing is enrolled or written.

    Raises UnknownClass if the request names a class that there is not.
    """
    asked = _Asked.of(request, settings, declared)
    for own in workers.map_own_photos(paths):
        yield asked.judged(own, gallery)[0]


def _files(paths: Iterable[Path]) -> tuple[list[tuple[Path, Path]], int]:
    """Return every picture with its place below the folder asked for, and how many other files the folders hold."""
    files: dict[Path, Path] = {}
    others = 0
    for path in paths:
        inside = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else []
        pictures = [file for file in inside if file.suffix.lower() in PICTURES and not file.name.startswith("._")]
        others += len(inside) - len(pictures)
        if not pictures and not path.is_file():
            raise NoPhotoToCheck(path)
        for file in pictures or [path]:
            files.setdefault(file, file.relative_to(path) if pictures else Path(file.name))
    return list(files.items()), others


def _places(
    files: Sequence[tuple[Path, Path]], request: Request, surnames: SurnameEngine
) -> dict[Path, Path]:  # fmt: skip
    """Return where each copy goes. A file name that may hold a surname is replaced by a number."""
    assert request.redact is not None
    out = request.redact
    if len(files) == 1 and request.paths[0].is_file() and not out.is_dir() and out.suffix.lower() in WRITABLE:
        places = {files[0][0]: out}
    else:
        places = {}
        for number, (path, inside) in enumerate(files, 1):
            ending = path.suffix.lower().replace(".jpeg", ".jpg")
            stem = f"photo-{number}" if surnames.find(path.name, kind="filename") else path.stem
            places[path] = out / inside.parent / f"{stem}{ending if ending in WRITABLE else '.jpg'}"
    for place in places.values():
        if place.exists() or list(places.values()).count(place) > 1 or (out.is_file() and place != out):
            raise CopyInTheWay(place)
    return places


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request with all that its photos are judged by."""

    declared: Declared
    """The registers, with the channel as an account of its own."""
    surnames: SurnameEngine
    """The surname engine for them."""
    likely: frozenset[str]
    """Pupils of the class named."""
    absent: frozenset[str]
    """Pupils who join the school long after today."""
    now: datetime
    """The moment of publishing."""

    @classmethod
    def of(cls, request: Request, settings: Settings, declared: Declared) -> _Asked:
        classes = sorted({pupil.class_name for pupil in declared.pupils.values() if pupil.class_name})
        wanted = request.class_name.casefold()
        named = [one for one in classes if one.casefold() == wanted] or [
            one for one in classes if wanted in one.casefold().split()
        ]
        if request.class_name and len(named) != 1:
            raise UnknownClass(request.class_name, classes)
        account = Account(HERE, "https://localhost/", channel=request.channel)
        return cls(
            replace(declared, accounts={HERE: account}),
            surname_engine(declared),
            frozenset(one.pupil_id for one in declared.pupils.values() if wanted and one.class_name == named[0]),
            frozenset(
                one.pupil_id
                for one in declared.pupils.values()
                if one.on_roll_from is not None and one.on_roll_from > declared.today + LONG_BEFORE_JOINING
            ),
            datetime.combine(declared.today, time(12), ZoneInfo(settings.school.timezone)),
        )

    @property
    def post(self) -> Post:
        return Post(HERE, "", "", "", published_at=self.now)

    def lacking(self) -> tuple[int, int]:
        pupils = self.likely or frozenset(self.declared.pupils)
        return sum(verdict(self.post, one, self.declared) is not None for one in pupils), len(pupils)

    def judged(self, own: OwnPhoto, gallery: Gallery) -> tuple[CheckedPhoto, str]:
        """Return what follows from one photo, and its content hash. Face vectors end here, in memory."""
        examined = own.examined
        faces = self._matched(examined, gallery)
        facts = PhotoFacts(examined.sha256, examined.width, examined.height, faces, examined.words)
        words = tuple(self._words(own))
        bands = [finding.band for finding in self._findings(facts)] + [one.band for one in words if one.band]
        given_away = (examined.metadata.has_position or examined.metadata.has_serial_number) and self._asks_for(
            CheckName.PERSONAL_DATA
        )
        verdict_on_it: Standing = (
            "do_not_publish" if "breach" in bands
            else "look_first" if bands or given_away
            else "not_examined" if examined.not_examined
            else "nothing_found"
        )  # fmt: skip
        checked = CheckedPhoto(
            own.path, examined.width, examined.height, tuple(map(self._seen, faces)), words, examined.metadata,
            verdict_on_it, examined.not_examined,
        )  # fmt: skip
        return checked, examined.sha256

    def _matched(self, examined: ExaminedPhoto, gallery: Gallery) -> tuple[Face, ...]:
        context = PhotoContext(self.likely & set(gallery.pupil_ids), self.absent & set(gallery.pupil_ids))
        siblings = siblings_of(self.declared, gallery.pupil_ids)
        (faces,) = match_together([examined], gallery, {examined.sha256: context}, siblings)
        return faces

    def _findings(self, facts: PhotoFacts) -> list[Finding]:
        post = replace(self.post, photos=(PhotoUse("", facts.sha256),))
        found = c11_photos.check(PostFacts(post, {facts.sha256: facts}, {}), self.declared)
        return list(as_the_policy_says(found, self.declared))

    def _asks_for(self, check: CheckName) -> bool:
        """Return whether a clause of the school's policy uses a check: what none asks for is no finding."""
        return self.declared.clauses.behind(check) is not None

    def _seen(self, face: Face) -> SeenFace:
        judged = [(one.pupil_id, verdict(self.post, one.pupil_id, self.declared)) for one in face.evidence]
        lacking = tuple((person, found.reason) for person, found in judged if found is not None)
        permission: Answer = "no" if lacking else "yes" if judged else "unknown"
        return SeenFace(face, permission, lacking)

    def _words(self, own: OwnPhoto) -> Iterator[SeenWords]:
        lines = own.examined.words
        hits = self._hits("\n".join(line.text for line in lines), "ocr")
        start = 0
        for line in lines:
            end = start + len(line.text)
            here = [hit for hit in hits if hit[0] < end and start < hit[1]]
            yield _seen_words(Where.PICTURE, line.text, line.box, here)
            start = end + 1
        yield _seen_words(Where.FILE_NAME, own.path.name, None, self._hits(own.path.name, "filename"))
        for field, text in own.examined.metadata.words:
            yield _seen_words(Where.METADATA, text, None, self._hits(text, "caption"), field)

    def _hits(self, text: str, kind: str) -> list[tuple[int, int, tuple[str, ...], Band]]:
        allowed, today = self.declared.allowed, self.declared.today
        return [
            (hit.start, hit.end, tuple(hit.pupil_ids), hit.band)
            for hit in self.surnames.find(text, kind=kind)
            if self._asks_for(CheckName.SURNAMES) and not covers(allowed, "C12", text, hit.start, hit.end, today)
        ]


def _seen_words(
    where: Where,
    text: str,
    box: Box | None,
    hits: Sequence[tuple[int, int, tuple[str, ...], Band]],
    field: str = "",
) -> SeenWords:
    bands = {band for _, _, _, band in hits}
    people = tuple(sorted({person for _, _, people, _ in hits for person in people}))
    return SeenWords(where, text, box, people, "breach" if "breach" in bands else "review" if bands else None, field)


def _with_copies(
    photos: Sequence[CheckedPhoto],
    hashes: dict[Path, str],
    places: dict[Path, Path],
    workers: ExamineWorkers,
    settings: Settings,
) -> Iterator[CheckedPhoto]:
    redactions = {
        photo.path: Redaction(hashes[photo.path], photo.hidden, photo.hidden_words, places[photo.path])
        for photo in photos
        if not photo.not_examined
    }
    task = partial(redact_photo, redactions=redactions, max_megapixels=settings.examine.max_megapixels)
    made = {done.path: done for done in workers.map(task, redactions, no_copy, PHOTO_SECONDS)}
    for photo in photos:
        done = made.get(
            photo.path, Redacted(photo.path, _("No copy was made. %(not_examined)s", not_examined=photo.not_examined))
        )
        yield replace(photo, copy=None if done.refused else places[photo.path], no_copy=done.refused)
