"""Every photo an account shows, with how exposed the people in it are and what makes it worse.

Derived from posts and facts alone, like a finding: nothing of it is stored, nobody is named, no face is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from auditbot.exposure.grades import MEASURED, Grade, grade_of, worst
from auditbot.exposure.image_sitemaps import as_compared
from auditbot.exposure.names.names_beside import OF_THE_PHOTO, Beside, names_beside, words_of_names
from auditbot.exposure.names.own_words import Knowledge
from auditbot.model import Box, DocumentFacts, DocumentUse, PhotoFacts, PhotoUse, Post

RECOGNISABLE = (Grade.CLOSE_AND_CLEAR, Grade.RECOGNISABLE)
# How many times worse a name makes a photo: chosen, not measured. The order of photos and posts rests on it,
# and which share of the exposure a few posts hold.
TIMES_WORSE_SINGLE = 3.0
TIMES_WORSE_NAMED = 2.0


class Naming(StrEnum):
    """How a stranger could put a name to a face, worst first."""

    SINGLE = "single"
    SINGLE_BY_TEXT = "single_by_text"
    IN_ORDER = "in_order"
    SOME = "some"
    BY_TEXT = "by_text"
    NONE = "none"


NAMINGS = tuple(Naming)
"""The namings, worst first."""


class Trait(StrEnum):
    """What makes a published photo worse, besides names."""

    POSITION = "position"
    TIME = "time"
    DEVICE = "device"
    ORIGINAL_BEHIND = "original_behind"
    OPEN_LISTING = "open_listing"
    SEARCHABLE = "searchable"
    OFFERED = "in_image_sitemap"
    NOT_HIDDEN = "not_hidden"


class Inside(StrEnum):
    """Where a photo stands."""

    POST = "post"
    DOCUMENT = "document"
    FILM = "film"


@dataclass(frozen=True, slots=True)
class ExposedFace:
    """One face."""

    box: Box
    """x, y, width, height in pixels of the upright picture."""
    detail: float
    """Its detail width in pixels."""
    grade: Grade
    """How recognisable it is."""


@dataclass(frozen=True, slots=True)
class ExposedPhoto:
    """One photo of one post."""

    account: str
    """Name of the account."""
    post_url: str
    """Permalink of the post."""
    post_title: str
    """Headline of the post."""
    editor: str
    """The name the page shows as the post's author; empty if none."""
    published_at: datetime | None
    """When the post was published, if known."""
    url: str
    """Address of the largest file that anybody can fetch."""
    sha256: str
    """Content hash of that file."""
    width: int
    """Its width in pixels."""
    height: int
    """Its height in pixels."""
    faces: tuple[ExposedFace, ...]
    """Every face found, left to right."""
    words: tuple[Box, ...]
    """Lines of words in the picture, in pixels: a report hides them too."""
    naming: Naming
    """How names beside it go with its faces."""
    beside: Beside
    """The names, and where they stand."""
    traits: frozenset[Trait]
    """What else makes it worse."""
    shown: tuple[str, ...] = ()
    """Words of names in what a report shows of it, whoever is to be seen: in title, editor and addresses."""
    search_known: bool = True
    """Whether it is known if search engines may keep it: rules of other hosts than the site's are not asked for."""
    inside: Inside = Inside.POST
    """Whether it stands in the post itself, inside a document, or is the most exposed moment of a film."""

    @property
    def grade(self) -> Grade | None:
        """The most recognisable of its faces; None where no face was found."""
        return worst([face.grade for face in self.faces])

    @property
    def exposure(self) -> float:
        """How much of the account's exposure it holds: the measured rates of its faces, times what names do."""
        total = sum(MEASURED[face.grade].found_again for face in self.faces)
        if self.naming is Naming.NONE:
            return total
        return total * (TIMES_WORSE_SINGLE if self.naming is Naming.SINGLE else TIMES_WORSE_NAMED)

    @property
    def order(self) -> tuple[int, bool, float, str, str]:
        """Where it stands among all: one clear face with one name comes first, then by exposure."""
        return (NAMINGS.index(self.naming), not self.full_name, -self.exposure, self.post_url, self.url)

    @property
    def full_name(self) -> bool:
        """Whether a surname or an initial stands beside one of the names."""
        return any(name.full for name in self.beside.names)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of how far an account's photos can be reached; empty where nobody looked."""

    searchable: frozenset[str] = frozenset()
    """Permalinks of posts that search engines may keep."""
    open_folders: frozenset[str] = frozenset()
    """Addresses of folders that list their files, each ending in a stroke."""
    offered: frozenset[str] = frozenset()
    """Addresses of pictures that the site's sitemaps list, as `as_compared` of image_sitemaps gives them."""
    not_known: frozenset[str] = frozenset()
    """Permalinks of posts all of whose photos lie on other hosts: what those tell search engines nobody asked."""


def exposed_photos(
    posts: Sequence[Post],
    facts: Mapping[str, PhotoFacts],
    reach: Reach | None = None,
    documents: Mapping[str, DocumentFacts] | None = None,
) -> tuple[ExposedPhoto, ...]:
    """Return every examined photo of these posts, each once a post, the most exposed first.

    ``facts`` and ``documents`` are by content hash. Pictures inside documents count like photos, of each film its most
    exposed moment.
    """
    known, reach = Knowledge.of(posts), reach or Reach()
    photos = [photo for post in posts for photo in _of_post(post, facts, documents or {}, known, reach)]
    return tuple(sorted(photos, key=lambda photo: photo.order))


def _of_post(
    post: Post,
    facts: Mapping[str, PhotoFacts],
    documents: Mapping[str, DocumentFacts],
    known: Knowledge,
    reach: Reach,
) -> Iterator[ExposedPhoto]:
    shown: dict[str, tuple[PhotoUse, PhotoFacts]] = {}
    for use in post.photos:
        if use.sha256 and use.sha256 in facts and not facts[use.sha256].not_examined:
            shown.setdefault(use.sha256, (use, facts[use.sha256]))
    yield from _together(post, list(shown.values()), known, reach, Inside.POST)
    seen = set(shown)
    for document in post.documents:
        found = documents.get(document.sha256 or "")
        if found is None or document.kind == "captions":
            continue
        inside = Inside.FILM if document.kind == "video" else Inside.DOCUMENT
        wanted = {picture.sha256 for picture in found.pictures if picture.sha256 in facts} - seen
        photos = list(_of_document(post, document, found, {one: facts[one] for one in wanted}, known, reach))
        seen |= {photo.sha256 for photo in photos}
        yield from sorted(photos, key=lambda photo: photo.order)[: 1 if inside is Inside.FILM else None]


def _of_document(
    post: Post,
    document: DocumentUse,
    found: DocumentFacts,
    facts: Mapping[str, PhotoFacts],
    known: Knowledge,
    reach: Reach,
) -> Iterator[ExposedPhoto]:
    """Yield the pictures of a document page by page, as its page's text stands beside them, or a film's moments."""
    film = document.kind == "video"
    pages: dict[int, dict[str, PhotoFacts]] = {}
    for picture in found.pictures:
        known_already = any(picture.sha256 in page for page in pages.values())
        if picture.sha256 in facts and not facts[picture.sha256].not_examined and not known_already:
            pages.setdefault(picture.page, {})[picture.sha256] = facts[picture.sha256]
    for number, pictures in pages.items():
        text = found.pages[number - 1] if not film and 0 < number <= len(found.pages) else ""
        beside = post if film else replace(post, title=document.title, text=text)
        address = f"{document.url}#{'t' if film else 'page'}={number}"
        uses = [(PhotoUse(address, sha256), photo) for sha256, photo in pictures.items()]
        for photo in _together(beside, uses, known, reach, Inside.FILM if film else Inside.DOCUMENT):
            shown = words_of_names((post.title,), (), known)
            yield replace(photo, post_title=post.title, shown=(*photo.shown, *shown))


def _together(
    post: Post, shown: Sequence[tuple[PhotoUse, PhotoFacts]], known: Knowledge, reach: Reach, inside: Inside
) -> Iterator[ExposedPhoto]:
    """Yield photos that the same words stand beside: those of ``post``."""
    faces = [_faces(photo) for _, photo in shown]
    with_somebody = [number for number, found in enumerate(faces) if any(one.grade in RECOGNISABLE for one in found)]
    read = [
        partial(
            names_beside,
            post,
            alt=use.alt,
            caption=use.caption,
            address=use.url,
            in_picture=[line.text for line in photo.words],
            alone=with_somebody == [number],
            known=known,
        )
        for number, (use, photo) in enumerate(shown)
    ]
    found = [names() for names in read]
    named = {name.name for beside in found for name in beside.names}
    for number, (use, photo) in enumerate(shown):
        beside = found[number]
        if elsewhere := named - {name.name for name in beside.names}:
            beside = read[number](elsewhere=elsewhere)
        yield ExposedPhoto(
            account=post.account,
            post_url=post.url,
            post_title=post.title,
            editor=post.author,
            published_at=post.published_at,
            url=use.url,
            sha256=photo.sha256,
            width=photo.width,
            height=photo.height,
            faces=faces[number],
            words=tuple(line.box for line in photo.words),
            naming=naming_of(beside, faces[number]),
            beside=beside,
            traits=frozenset(_traits(post, use, photo, reach)),
            search_known=post.url not in reach.not_known,
            shown=words_of_names((post.title, post.author), (post.url, use.url), known),
            inside=inside,
        )


def _faces(photo: PhotoFacts) -> tuple[ExposedFace, ...]:
    """The faces of a photo, graded; where somebody meant to hide one, that the detector is unsure says nothing."""
    return tuple(
        ExposedFace(face.box, face.detail, grade_of(face.detail, face.turn, 1.0 if face.cover else face.confidence))
        for face in photo.faces
    )


def naming_of(beside: Beside, faces: Sequence[ExposedFace]) -> Naming:
    """Say how the names beside a photo go with its faces: as many as children, one for one, or some."""
    children = sum(face.grade in RECOGNISABLE for face in faces) - beside.adults
    if children < 1 or not beside.names:
        return Naming.NONE
    of_photo = sum(name.place in OF_THE_PHOTO for name in beside.names)
    if children == 1 and of_photo == 1:
        return Naming.SINGLE
    if of_photo:
        return Naming.IN_ORDER if of_photo == children else Naming.SOME
    return Naming.SINGLE_BY_TEXT if children == 1 == len(beside.names) else Naming.BY_TEXT


def _traits(post: Post, use: PhotoUse, photo: PhotoFacts, reach: Reach) -> Iterable[Trait]:
    metadata = photo.metadata
    if metadata.has_position:
        yield Trait.POSITION
    if metadata.has_time:
        yield Trait.TIME
    if metadata.has_serial_number or metadata.has_device:
        yield Trait.DEVICE
    if use.is_behind:
        yield Trait.ORIGINAL_BEHIND
    if use.url.partition("#")[0].rpartition("/")[0] + "/" in reach.open_folders:
        yield Trait.OPEN_LISTING
    if post.url in reach.searchable:
        yield Trait.SEARCHABLE
    if reach.offered and as_compared(use.url) in reach.offered:
        yield Trait.OFFERED
    if any(face.cover for face in photo.faces):
        yield Trait.NOT_HIDDEN
