"""The frozen values that travel: collect produces a :data:`CollectEvent` at a time, examine :class:`PhotoFacts` and
:class:`DocumentFacts`, check :class:`Finding`; report reads an :class:`Audit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

Channel = Literal["website", "social_media", "newsletter", "prospectus_display", "press", "video"]
Band = Literal["breach", "review"]
Severity = Literal["today", "week", "governance"]
FindingState = Literal["new", "open", "gone", "back"]
CoverageStatus = Literal["complete", "partial", "walled", "error"]
Outcome = Literal["named", "possible", "nobody", "too_small"]
Box = tuple[float, float, float, float]


# --- collect: what is published -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment under a post."""

    author: str
    """The name the page shows for the commenter; empty if none."""
    text: str
    """The comment as plain text."""
    published_at: datetime | None = None
    """When it was written, with a zone, or None where the page does not say."""
    url: str = ""
    """The comment's own address; empty if it has none."""


@dataclass(frozen=True, slots=True)
class PhotoUse:
    """One photo as one post shows it. The same file may be used by many posts."""

    url: str
    """Address of the largest public rendition; ``data:`` pictures get the post's address with a numbered fragment."""
    sha256: str | None
    """Content hash of the file, or None if it could not be had (a NotChecked says why)."""
    alt: str = ""
    """The alternative text."""
    caption: str = ""
    """The visible caption."""
    found_in: Literal["post", "comment", "document", "video"] = "post"
    """Where in the post the photo was: the post itself, a comment, a linked document or a video's poster."""


@dataclass(frozen=True, slots=True)
class DocumentUse:
    """A document (today: a PDF) that a post links to."""

    url: str
    """The document's address."""
    sha256: str | None
    """Content hash of the file, or None if it could not be had (a NotChecked says why)."""
    title: str = ""
    """The words of the link that leads to it."""


@dataclass(frozen=True, slots=True)
class Post:
    """One published item: a news post, a page, a social media post."""

    account: str
    """Name of the account in the accounts register."""
    url: str
    """The permalink, the post's identity within its account."""
    title: str
    """The headline; empty if there is none."""
    text: str
    """The body as plain text, paragraphs separated by newlines."""
    author: str = ""
    """The name the page shows as its author; empty if none."""
    published_at: datetime | None = None
    """When it was published, with a zone, or None where it cannot be told."""
    photos: tuple[PhotoUse, ...] = ()
    """The photos it shows, in page order."""
    comments: tuple[Comment, ...] = ()
    """The public comments under it, in page order."""
    documents: tuple[DocumentUse, ...] = ()
    """The documents it links to."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file taken on an earlier run, offered to the server as "has it changed since?"."""

    sha256: str
    """Content hash of what was taken."""
    etag: str = ""
    """The server's validator, or empty."""
    last_modified: str = ""
    """The server's Last-Modified header, or empty."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A photo or document whose bytes are in the spool, or which the server confirmed unchanged."""

    url: str
    """The address it was taken from."""
    sha256: str
    """Content hash."""
    etag: str = ""
    """The server's validator, or empty."""
    last_modified: str = ""
    """The server's Last-Modified header, or empty."""
    unchanged: bool = False
    """True if the server confirmed the known file (304): nothing was downloaded."""


@dataclass(frozen=True, slots=True)
class PostGone:
    """A post seen on an earlier run whose permalink now answers that it is gone."""

    account: str
    """Name of the account."""
    url: str
    """The permalink."""
    proof: str
    """How that is known, as a clause: "the page answers 404 Not Found"."""


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that was not checked, and why. It stands at the top of every report."""

    account: str
    """Name of the account; empty if it concerns the whole audit."""
    url: str
    """Where; empty if there is no address."""
    what: str
    """What was not checked, in a few words: "photo", "page", "listing", "account", "document", "faces", "register"."""
    reason: str
    """Why, in one sentence for the safeguarding lead."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one account was reached in one audit."""

    account: str
    """Name of the account."""
    status: CoverageStatus
    """complete, partial, walled or error."""
    posts: int
    """Posts reached in this audit."""
    photos: int
    """Photos reached in this audit."""
    reason: str = ""
    """Why it is not complete; empty if it is."""


CollectEvent = FetchedFile | Post | PostGone | NotChecked | Coverage


# --- examine: what is in the bytes ----------------------------------------------------------------------------------


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
    """named, possible, nobody (nobody we know), or too_small (too small or unclear to tell)."""
    candidates: tuple[Candidate, ...] = ()
    """At most three, likeliest first; empty for nobody and too_small."""
    likely: bool = False
    """Whether the first candidate scores as high as at most one stranger in twenty does."""


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
    not_examined: str = ""
    """Why the file could not be examined (it would not decode, it is too large); empty if it was."""


@dataclass(frozen=True, slots=True)
class DocumentPicture:
    """A picture found inside a document, examined as a photo."""

    page: int
    """Page number, from 1."""
    sha256: str
    """Content hash of the extracted picture."""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What examining one document found."""

    sha256: str
    """Content hash of the file."""
    pages: tuple[str, ...]
    """The text of each page."""
    pictures: tuple[DocumentPicture, ...]
    """The pictures inside, in page order."""
    not_examined: str = ""
    """Why the file could not be examined; empty if it was."""


# --- check: which clause is breached --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextEvidence:
    """The exact characters a finding rests on."""

    field: str
    """Which text: "title", "text", "address", "author", "photo 2 alt", "comment 1 text", "document 1 page 2", ..."""
    text: str
    """The whole text of that field."""
    start: int
    """First character of the evidence, in code points."""
    end: int
    """One past the last character of the evidence."""


@dataclass(frozen=True, slots=True)
class PhotoEvidence:
    """The place in a photo a finding rests on."""

    photo_url: str
    """Address of the photo."""
    sha256: str
    """Content hash of the photo."""
    boxes: tuple[Box, ...]
    """The faces or lines of words meant, in pixels of the upright picture; numbered from 1 in reports."""
    other_faces: tuple[Box, ...] = ()
    """All other faces in the photo; blurred in every evidence picture."""
    words: str = ""
    """The words read at the box, for a finding about words in a photo."""
    start: int = 0
    """First character of the evidence within ``words``."""
    end: int = 0
    """One past the last character of the evidence within ``words``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the safeguarding lead has to decide. It explains itself and accuses nobody."""

    id: str
    """Stable identity: the same breach has the same id in every audit."""
    clause: str
    """Clause of the policy, for example "C11"."""
    kind: str
    """What was found, for example "no_permission", "withdrawn_since", "surname", "unknown_faces"."""
    severity: Severity
    """today, week or governance."""
    band: Band
    """breach: the evidence stands by itself; review: somebody must look."""
    account: str
    """Name of the account."""
    post_url: str
    """Permalink of the post."""
    posted_at: datetime | None
    """When the post was published, if known."""
    evidence: TextEvidence | PhotoEvidence
    """The exact characters or the numbered boxes."""
    pupil_ids: tuple[str, ...]
    """Pupils it may concern, sorted; empty if nobody can be named."""
    score: float
    """How sure the rule is, 0 to 1."""
    explanation: str
    """One or two calm sentences that say why, without a pupil's name (ids stand as {P001})."""


@dataclass(frozen=True, slots=True)
class TrackedFinding:
    """A finding with its life over the audits."""

    finding: Finding
    """What was found, as last derived."""
    state: FindingState
    """new (first seen in this audit), open (seen before and still there), gone, back (was gone, is there again)."""
    first_seen: datetime
    """When an audit first derived it."""
    last_seen: datetime
    """When an audit last derived it."""
    gone_at: datetime | None = None
    """When an audit first no longer derived it, if its state is gone."""
    proof: str = ""
    """How it is known that the page no longer shows it; empty if the finding ended for another reason."""
    last_checked: datetime | None = None
    """When the post was last reached on its page."""


@dataclass(frozen=True, slots=True)
class Audit:
    """One run: everything a report is written from."""

    id: str
    """Run id: the local time it started, for example "2026-11-22T02-30-00"."""
    started_at: datetime
    """When it started, with a zone."""
    finished_at: datetime
    """When its check stage ended, with a zone."""
    complete: bool
    """True if nothing was left unchecked."""
    versions: dict[str, str]
    """Versions of program, engine, gallery, consent list and policy, and the thresholds in force."""
    coverage: tuple[Coverage, ...]
    """One entry per account."""
    findings: tuple[TrackedFinding, ...]
    """All findings that are new, open, back, or gone since the audit before, in a fixed order."""
    not_checked: tuple[NotChecked, ...]
    """All that was not checked, in a fixed order."""
    posts_without_finding: int
    """How many posts were reached and gave no finding."""


@dataclass(frozen=True, slots=True)
class PostFacts:
    """One post with the facts about its photos and documents: what a check reads."""

    post: Post
    """The post as collected."""
    photos: dict[str, PhotoFacts]
    """Facts by content hash, for its photos and the pictures inside its documents."""
    documents: dict[str, DocumentFacts]
    """Facts by content hash."""


@dataclass(frozen=True, slots=True)
class Spool:
    """The folder of files fetched and not yet examined; each file is named by its content hash."""

    folder: Path
    """Where it is; private to this user."""

    def path(self, sha256: str) -> Path:
        """Return where the file with this content hash lies or would lie."""
        return self.folder / sha256


@dataclass(frozen=True, slots=True)
class CollectJob:
    """What a collector is told, all of it; it touches no store and no register."""

    account: str
    """Name of the account."""
    kind: str
    """Which source reads it, for example "website"."""
    url: str
    """The account's address."""
    may_be_empty: bool
    """True if having no post at all is normal for this account."""
    spool: Spool
    """Where fetched files are put."""
    known_files: dict[str, KnownFile]
    """By address: files that need not be taken again if the server confirms them unchanged."""
    known_posts: frozenset[str]
    """Permalinks seen on earlier runs and not gone: those not met again are asked for one by one."""
    since: date | None = None
    """Take only posts published on or after this day."""
