"""Evidence pictures: one file per photo and set of boxes, every other face blurred beyond recovery."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from auditbot.errors import EvidenceUnreadable
from auditbot.evidence.numbered import numbered_picture
from auditbot.log import Event, log_event
from auditbot.model import PhotoEvidence, Picture, TrackedFinding
from auditbot.safe_files import is_intact, link_or_copy, private_folder
from auditbot.sentences import say

MAX_SIDE = 1000
"""Longest side of an evidence picture in pixels: sharp on A4, and small enough to mail."""

DRAWN = 2
"""How pictures are drawn, as a number: raise it with every change of ``numbered``, or old pictures stay."""

NOT_KEPT = Picture(missing=say("The picture is not kept; open the post."))
NOT_READABLE = Picture(missing=say("The picture that was kept cannot be opened; open the post."))
DAMAGED = Picture(missing=say("The picture that was kept is damaged: it is no longer what was found. Open the post."))


def _file_name(evidence: PhotoEvidence) -> str:
    marks = repr((evidence.boxes, evidence.other_faces, DRAWN)).encode()
    # JPEG, because the browser puts it into the PDF as it is; other formats grow tenfold there.
    return f"{evidence.sha256[:16]}-{hashlib.sha256(marks).hexdigest()[:8]}.jpg"


def write_pictures(
    findings: Iterable[TrackedFinding],
    originals: Mapping[str, Path],
    folder: Path,
    drawn: Mapping[str, Path] | None = None,
) -> dict[str, Picture]:
    """Write the evidence pictures of ``findings`` into ``folder``; return one for each finding on a photo, by its id.

    ``originals`` holds the photos kept, by content hash; one whose bytes have another hash by now is damaged, and never
    shown. ``drawn`` holds pictures of earlier reports by name, which are linked instead of drawn again. Pictures that
    are no longer shown are removed.
    """
    private_folder(folder)
    pictures: dict[str, Picture] = {}
    made: dict[str, Picture] = {}
    intact = _Intact(originals)
    for tracked in findings:
        evidence = tracked.finding.evidence
        if isinstance(evidence, PhotoEvidence):
            name = _file_name(evidence)
            if name not in made:
                made[name] = _picture(intact, folder / name, evidence, (drawn or {}).get(name))
            pictures[tracked.finding.id] = made[name]
    shown = {picture.file_name for picture in made.values()}
    for old in folder.iterdir():
        if old.name not in shown:
            old.unlink()
    return pictures


def drawn_before(folder: Path, manifest: str) -> dict[str, Path]:
    """Return the pictures in an earlier report's folder of evidence that still are what its manifest says, by name."""
    try:
        content = json.loads((folder / manifest).read_text("ascii"))
    except (OSError, ValueError):
        return {}
    files = content.get("files") if isinstance(content, dict) else None
    named = files.items() if isinstance(files, dict) else ()
    return {name: folder / name for name, sha256 in named if is_intact(folder / name, sha256)}


class _Intact:
    """Photos kept, each hashed once."""

    def __init__(self, originals: Mapping[str, Path]) -> None:
        self._originals = originals
        self._looked_at: dict[str, Path | Picture] = {}

    def photo(self, sha256: str) -> Path | Picture:
        """Return the photo with this content, or what stands for one that is gone or damaged."""
        if sha256 not in self._looked_at:
            self._looked_at[sha256] = self._look(sha256)
        return self._looked_at[sha256]

    def _look(self, sha256: str) -> Path | Picture:
        path = self._originals.get(sha256)
        if path is None or not path.is_file():
            return NOT_KEPT
        if not is_intact(path, sha256):
            log_event(Event.EVIDENCE_DAMAGED, sha256=sha256[:16])
            return DAMAGED
        return path


def _picture(intact: _Intact, out: Path, evidence: PhotoEvidence, drawn: Path | None) -> Picture:
    original = intact.photo(evidence.sha256)
    if isinstance(original, Picture):
        return original
    if drawn is not None and link_or_copy(drawn, out):
        return Picture(out.name)
    out.unlink(missing_ok=True)  # it may be linked from another report, which stays as it is
    try:
        numbered_picture(original, out, evidence.boxes, evidence.other_faces, max_side=MAX_SIDE)
    except EvidenceUnreadable:
        return NOT_READABLE
    return Picture(out.name)
