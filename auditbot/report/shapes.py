"""The shapes of report.json and of ``posts --json``; docs/schemas/ is generated from them. Fields are only added."""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from auditbot.model import Band, CoverageStatus, FindingState, Severity, Why, WordsKind

_SAID = ConfigDict(use_attribute_docstrings=True)

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""ISO 8601 with an offset."""
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""Content hash of a file, in hexadecimal."""
Sides = Annotated[list[float], Field(min_length=4, max_length=4)]
"""x, y, width and height in pixels of the upright picture."""


@with_config(_SAID)
class AuditShape(TypedDict):
    """One run."""

    id: str
    """Its name, which is that of the report's folder."""
    started_at: Moment | None
    """When it began."""
    finished_at: Moment | None
    """When it ended."""
    complete: bool
    """True if nothing was left unchecked."""
    versions: dict[str, str]
    """Names and versions of what it worked with, and the thresholds in force."""
    evidence_manifest: str
    """SHA-256 of evidence/manifest.json in the report's folder; empty if no report was written."""


@with_config(_SAID)
class CoverageShape(TypedDict):
    """How far one account was reached."""

    account: str
    """Name of the account."""
    status: CoverageStatus
    """How far."""
    posts: Annotated[int, Field(ge=0)]
    """How many posts were reached."""
    photos: Annotated[int, Field(ge=0)]
    """How many photos were reached."""
    reason: str
    """What is missing and why; empty if complete."""


@with_config(_SAID)
class TextEvidenceShape(TypedDict):
    """Words that a finding rests on: text[start:end], in Unicode code points."""

    field: str
    """Which text of the post it is."""
    text: str
    """The whole text."""
    start: Annotated[int, Field(ge=0)]
    """Where the words begin."""
    end: Annotated[int, Field(ge=0)]
    """Where they end, exclusive."""


@with_config(_SAID)
class PhotoEvidenceShape(TypedDict):
    """Places in a photo that a finding rests on."""

    photo_url: str
    """Address of the file; of a moment of a film with its second, as #t=42."""
    sha256: Sha256
    """Content hash of the file, or of the film's frame."""
    box: Sides | None
    """The first of the boxes; null if there is none."""
    boxes: list[Sides]
    """All places, numbered from 1 in reports."""
    text: NotRequired[str]
    """Words read in the photo, if it rests on such."""
    start: NotRequired[int]
    """Where in them the evidence begins."""
    end: NotRequired[int]
    """Where it ends, exclusive."""


@with_config(_SAID)
class FindingShape(TypedDict):
    """What somebody has to decide, or what has gone since the audit before."""

    id: str
    """The same finding has the same id in every audit."""
    clause: str
    """Code of the check."""
    severity: Severity
    """How soon it needs somebody: the same school day, five school days, or governance."""
    band: Band
    """Whether the evidence stands by itself or somebody needs to look."""
    state: FindingState
    """Since when."""
    account: str
    """Name of the account."""
    post_url: str
    """Permalink of the post; empty if the finding is about the account's record."""
    posted_at: Moment | None
    """When the post was published; null if that is not known."""
    kind: str
    """What was found."""
    evidence: TextEvidenceShape | PhotoEvidenceShape
    """What it rests on."""
    pupils: list[str]
    """Ids of the pupils it may concern, sorted; empty if nobody can be named."""
    score: Annotated[float, Field(ge=0, le=1)]
    """For faces the likeness of face and template, else how sure the rule is."""
    explanation: str
    """One or two sentences; a pupil's id stands in braces."""
    removal: str
    """What is known of a removal that is not proved yet; else empty."""


@with_config(_SAID)
class NotCheckedShape(TypedDict):
    """What was left out."""

    account: str
    """Name of the account; empty if it concerns the whole audit."""
    url: str
    """Where; may be empty."""
    what: str
    """What kind of thing."""
    reason: str
    """A sentence."""
    aside: bool
    """True if it is only named: the audit is complete without it."""
    why: Why
    """The reason as a code."""


@with_config(_SAID)
class ReportShape(TypedDict):
    """The whole of ``report.json``, which ``auditbot audit --json`` prints too."""

    audit: AuditShape
    """The run."""
    coverage: list[CoverageShape]
    """One entry an account."""
    findings: list[FindingShape]
    """In the same order for the same facts."""
    not_checked: list[NotCheckedShape]
    """What was left out."""


# One line of ``auditbot posts --json``.


@with_config(_SAID)
class WordsShape(TypedDict):
    """Words beside the body of a post, as far as they stand in neither title nor body."""

    kind: WordsKind
    """What they are."""
    text: str
    """As plain text."""


@with_config(_SAID)
class CommentShape(TypedDict):
    """One comment."""

    author: str
    """The name it is shown under."""
    text: str
    """As plain text."""
    published_at: Moment | None
    """When; null if the page does not say."""
    url: str
    """Its address; empty if it has none."""


@with_config(_SAID)
class PhotoShape(TypedDict):
    """One photo of a post."""

    url: str
    """Address of the largest public rendition."""
    sha256: Sha256 | None
    """Content hash; null if the file could not be had."""
    alt: str
    """Its text for those who do not see it."""
    caption: str
    """Its caption."""
    width: int | None
    """In pixels, upright; null if it was not examined."""
    height: int | None
    """In pixels, upright; null if it was not examined."""


@with_config(_SAID)
class FileShape(TypedDict):
    """A document or a file of captions."""

    url: str
    """Its address."""
    sha256: Sha256 | None
    """Content hash; null if it could not be had."""


@with_config(_SAID)
class VideoShape(TypedDict):
    """A film that the page serves itself."""

    url: str
    """Its address."""
    sha256: Sha256 | None
    """Content hash; null if it could not be had."""
    title: str
    """Title of the player or link."""
    seconds: float | None
    """How long it lasts, 0 if not known; null if it was not examined."""
    moments: list[int] | None
    """The seconds that were looked at; null if it was not examined."""


@with_config(_SAID)
class PostShape(TypedDict):
    """One post that is known and not gone."""

    account: str
    """Name of the account."""
    url: str
    """The permalink."""
    title: str
    """As plain text."""
    published_at: Moment | None
    """When; null if the page does not say."""
    author: str
    """The name the page shows; empty if none."""
    text: str
    """As plain text."""
    words: list[WordsShape]
    """Words beside the body."""
    comments: list[CommentShape]
    """In page order."""
    photos: list[PhotoShape]
    """In page order."""
    documents: list[FileShape]
    """In page order."""
    videos: list[VideoShape]
    """In page order."""
    captions: list[FileShape]
    """In page order."""
