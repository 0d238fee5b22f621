"""What check produces, and the audit that a report is written from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from auditbot.model.examined import Box
from auditbot.model.published import Coverage, NotChecked
from auditbot.sentences import Sentence

Band = Literal["breach", "review"]
Severity = Literal["today", "week", "governance"]
FindingState = Literal["new", "open", "gone", "back"]


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
    explanation: Sentence
    """One or two calm sentences that say why, without a pupil's name (ids stand as {P001})."""

    @property
    def shows_somebody(self) -> bool:
        """Whether it rests on what a picture shows, and not on words: those on a page, or read in a picture."""
        return isinstance(self.evidence, PhotoEvidence) and not self.evidence.words


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
    removal: str = ""
    """What is known of a removal that is not proved yet, as sentences; empty if the page still shows it."""
    seen_gone: bool = False
    """Whether one visit found both page and file without it; a second proves the removal."""


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


# The stable identity of a finding.


def finding_id(*parts: str) -> str:
    """Return sixteen hex digits that depend on nothing but these parts, in this order."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Picture:
    """The evidence picture of one finding, or why there is none."""

    file_name: str = ""
    """Its name in the folder ``evidence``, made from content hashes only; empty if there is no picture."""
    missing: str = ""
    """Why there is no picture, as a sentence; empty if there is one."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The screenshot of one post, or why there is none."""

    file: Path | None
    """Where it lies, as JPEG; None if there is none."""
    facts: Mapping[str, Any]
    """What the page answered: ``taken_at``, ``status``, ``headers``; or ``not_taken``, a sentence."""
