"""Evidence pictures: one file per photo and set of boxes, every other face blurred beyond recovery."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from auditbot.errors import EvidenceUnreadable
from auditbot.evidence.numbered import numbered_picture
from auditbot.model import PhotoEvidence, Picture, TrackedFinding
from auditbot.safe_files import private_folder

MAX_SIDE = 1000
"""Longest side of an evidence picture in pixels: sharp on A4, and small enough to mail."""

NOT_KEPT = Picture(missing="The picture is not kept; open the post.")
NOT_READABLE = Picture(missing="The picture that was kept cannot be opened; open the post.")


def _file_name(evidence: PhotoEvidence) -> str:
    marks = repr((evidence.boxes, evidence.other_faces)).encode()
    # JPEG, because the browser puts it into the PDF as it is; other formats grow tenfold there.
    return f"{evidence.sha256[:16]}-{hashlib.sha256(marks).hexdigest()[:8]}.jpg"


def write_pictures(
    findings: Iterable[TrackedFinding], originals: Mapping[str, Path], folder: Path
) -> dict[str, Picture]:
    """Write the evidence pictures of ``findings`` into ``folder``; return one for each finding on a photo, by its id.

    ``originals`` holds the photos kept, by content hash. Pictures of an earlier report that are no longer shown are
    removed.
    """
    private_folder(folder)
    pictures: dict[str, Picture] = {}
    made: dict[str, Picture] = {}
    for tracked in findings:
        evidence = tracked.finding.evidence
        if isinstance(evidence, PhotoEvidence):
            name = _file_name(evidence)
            if name not in made:
                made[name] = _picture(originals.get(evidence.sha256), folder / name, evidence)
            pictures[tracked.finding.id] = made[name]
    shown = {picture.file_name for picture in made.values()}
    for old in folder.iterdir():
        if old.name not in shown:
            old.unlink()
    return pictures


def _picture(original: Path | None, out: Path, evidence: PhotoEvidence) -> Picture:
    if original is None or not original.is_file():
        return NOT_KEPT
    try:
        numbered_picture(original, out, evidence.boxes, evidence.other_faces, max_side=MAX_SIDE)
    except EvidenceUnreadable:
        return NOT_READABLE
    return Picture(out.name)
