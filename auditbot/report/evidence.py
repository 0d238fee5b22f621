"""Evidence pictures: one file per photo and set of boxes, every other face blurred beyond recovery."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditbot.examine.evidence import evidence_picture
from auditbot.model import PhotoEvidence, TrackedFinding
from auditbot.report.private_files import private_folder

MAX_SIDE = 1000
"""Longest side of an evidence picture in pixels: sharp on A4, and small enough to mail."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One evidence picture, written and ready to be shown."""

    file_name: str
    """Its name in the folder ``evidence``; made from content hashes only."""
    data_uri: str
    """The same picture as a ``data:`` address."""


def _file_name(evidence: PhotoEvidence) -> str:
    marks = repr((evidence.boxes, evidence.other_faces)).encode()
    # JPEG, because the browser puts it into the PDF as it is; other formats grow tenfold there.
    return f"{evidence.sha256[:16]}-{hashlib.sha256(marks).hexdigest()[:8]}.jpg"


def write_pictures(
    findings: Iterable[TrackedFinding], originals: Mapping[str, Path], folder: Path
) -> dict[str, Picture]:
    """Write the evidence pictures of ``findings`` into ``folder`` and return them by finding id.

    A finding whose photo is not among ``originals`` (content hash to file) gets none. Pictures of an earlier report
    that are no longer shown are removed.
    """
    private_folder(folder)
    pictures: dict[str, Picture] = {}
    made: dict[str, Picture] = {}
    for tracked in findings:
        evidence = tracked.finding.evidence
        if not isinstance(evidence, PhotoEvidence):
            continue
        original = originals.get(evidence.sha256)
        if original is None or not original.is_file():
            continue
        name = _file_name(evidence)
        if name not in made:
            made[name] = _draw(original, folder / name, evidence)
        pictures[tracked.finding.id] = made[name]
    for old in folder.iterdir():
        if old.name not in made:
            old.unlink()
    return pictures


def _draw(original: Path, out: Path, evidence: PhotoEvidence) -> Picture:
    evidence_picture(original, out, evidence.boxes, evidence.other_faces, max_side=MAX_SIDE)
    return Picture(out.name, f"data:image/jpeg;base64,{base64.b64encode(out.read_bytes()).decode('ascii')}")
