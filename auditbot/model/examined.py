"""What examine produces: what is in the bytes of a photo or document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditbot.model.published import Post
from auditbot.sentences import NOTHING, Sentence

Outcome = Literal["named", "possible", "nobody", "too_small"]
Cover = Literal["", "eye_bar", "mosaic", "blur"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pupil that a face may show."""

    pupil_id: str
    """The pupil's id in the register."""
    score: float
    """Similarity of face and template as the gallery scores it; larger is likelier. Comparable within one gallery."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face in a photo, with the answer of the gallery. Never its vector."""

    box: Box
    """x, y, width, height in pixels of the upright picture."""
    confidence: float
    """The detector's confidence, 0 to 1."""
    outcome: Outcome
    """named, possible (likeness that is evidence), nobody (nobody we know), or too_small (or unclear: cannot tell)."""
    candidates: tuple[Candidate, ...] = ()
    """At most three, likeliest first; empty for too_small. Of nobody they are no evidence: for who asks for them."""
    likely: bool = False
    """Whether the first candidate scores as high as at most one stranger in twenty does."""
    detail: float = 0.0
    """How few pixels across would still hold nearly all of its light and dark."""
    turn: float = 0.0
    """How far the head is turned aside, in degrees."""
    cover: Cover = ""
    """How somebody meant to hide it, though it was found; empty if nothing says so."""

    @property
    def evidence(self) -> tuple[Candidate, ...]:
        """The candidates whose likeness says something: none for a face that the program does not know."""
        return self.candidates if self.outcome in ("named", "possible") else ()


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words read in a photo."""

    text: str
    """The words as read."""
    box: Box
    """x, y, width, height in pixels of the upright picture, around the whole line."""
    score: float
    """The reader's confidence, 0 to 1."""


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """What a photo's metadata gives away. Of place and camera only that they stand there, never which."""

    has_position: bool = False
    """True if it says where on earth the photo was taken."""
    has_serial_number: bool = False
    """True if it names the very camera, lens or owner."""
    words: tuple[tuple[str, str], ...] = ()
    """Field and words, sorted: author, title, description, keywords, person shown, place, ..."""
    has_time: bool = False
    """True if it says when the photo was taken."""
    has_device: bool = False
    """True if it names the make or model of the camera or phone."""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What examining one file found. Stored by content hash, so that each file is examined once."""

    sha256: str
    """Content hash of the file."""
    width: int
    """Width in pixels, upright."""
    height: int
    """Height in pixels, upright."""
    faces: tuple[Face, ...]
    """All faces found, left to right, with the gallery's answers."""
    words: tuple[Words, ...]
    """All lines of words found, top to bottom."""
    not_examined: Sentence = NOTHING
    """Why the file could not be examined (it would not decode, it is too large); empty if it was."""
    metadata: PhotoMetadata = PhotoMetadata()
    """What the file says besides the picture."""


@dataclass(frozen=True, slots=True)
class DocumentPicture:
    """A picture found inside a document, or a moment of a film, examined as a photo."""

    page: int
    """Page number, from 1; of a film, the second from its start."""
    sha256: str
    """Content hash of the extracted picture."""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What examining one document found."""

    sha256: str
    """Content hash of the file."""
    pages: tuple[str, ...]
    """The text of each page; of captions one page, of a film none."""
    pictures: tuple[DocumentPicture, ...]
    """The pictures inside, in page order; of a film the moments looked at, in order of time."""
    not_examined: Sentence = NOTHING
    """Why the file could not be examined; empty if it was."""
    seconds: float = 0.0
    """How long the film lasts; 0 for a document, or if that is not known."""


@dataclass(frozen=True, slots=True)
class PostFacts:
    """One post with the facts about its photos and documents: what a check reads."""

    post: Post
    """The post as collected."""
    photos: dict[str, PhotoFacts]
    """Facts by content hash, for its photos and the pictures inside its documents."""
    documents: dict[str, DocumentFacts]
    """Facts by content hash."""
