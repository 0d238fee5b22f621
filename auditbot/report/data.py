"""The audit as data: report.json (``audit --json``), findings.csv, and the lines of ``posts --json``.

Pupils stand in it by id only. The shape is described in docs/json.md, and its schema is in docs/schemas.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from auditbot.model import Audit, Box, Comment, DocumentUse, Finding, PhotoEvidence, PhotoUse, Post, TrackedFinding
from auditbot.present.excerpt import cell
from auditbot.present.report_context import ReportContext
from auditbot.report.shapes import (
    CommentShape,
    FileShape,
    FindingShape,
    PhotoEvidenceShape,
    PhotoShape,
    PostShape,
    ReportShape,
    TextEvidenceShape,
    VideoShape,
)
from auditbot.store import Store


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _box(box: Box) -> list[float]:
    return [float(side) for side in box]


def _evidence(finding: Finding) -> TextEvidenceShape | PhotoEvidenceShape:
    evidence = finding.evidence
    if not isinstance(evidence, PhotoEvidence):
        return {"field": evidence.field, "text": evidence.text, "start": evidence.start, "end": evidence.end}
    document: PhotoEvidenceShape = {
        "photo_url": evidence.photo_url,
        "sha256": evidence.sha256,
        "box": _box(evidence.boxes[0]) if evidence.boxes else None,
        "boxes": [_box(box) for box in evidence.boxes],
    }
    if evidence.words:
        document.update({"text": evidence.words, "start": evidence.start, "end": evidence.end})
    return document


def _finding(tracked: TrackedFinding) -> FindingShape:
    finding = tracked.finding
    return {
        "id": finding.id,
        "clause": finding.clause,
        "severity": finding.severity,
        "band": finding.band,
        "state": tracked.state,
        "account": finding.account,
        "post_url": finding.post_url,
        "posted_at": _time(finding.posted_at),
        "kind": finding.kind,
        "evidence": _evidence(finding),
        "pupils": list(finding.pupil_ids),
        "score": finding.score,
        "explanation": str(finding.explanation),
        "removal": tracked.removal,
    }


def audit_document(audit: Audit, manifest: str = "") -> ReportShape:
    """Return the audit as plain lists, dicts, strings and numbers, in the shape of docs/json.md.

    ``manifest`` is the SHA-256 of the manifest of its evidence.
    """
    return {
        "audit": {
            "id": audit.id,
            "started_at": _time(audit.started_at),
            "finished_at": _time(audit.finished_at),
            "complete": audit.complete,
            "versions": dict(audit.versions),
            "evidence_manifest": manifest,
        },
        "coverage": [
            {
                "account": entry.account,
                "status": entry.status,
                "posts": entry.posts,
                "photos": entry.photos,
                "reason": entry.reason,
            }
            for entry in audit.coverage
        ],
        "findings": [_finding(tracked) for tracked in audit.findings],
        "not_checked": [
            {
                "account": item.account,
                "url": item.url,
                "what": item.what,
                "reason": item.reason,
                "aside": item.aside,
                "why": item.why,
            }
            for item in audit.not_checked
        ],
    }


def audit_json(audit: Audit, manifest: str = "") -> str:
    """Return :func:`audit_document` as text in plain ASCII, which every console and file can carry."""
    return json.dumps(audit_document(audit, manifest), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


# ``auditbot posts --json``: what was seen, one JSON object a line.


def post_document(post: Post, store: Store) -> PostShape:
    """Return one post as the documented JSON object."""
    return {
        "account": post.account,
        "url": post.url,
        "title": post.title,
        "published_at": post.published_at.isoformat() if post.published_at else None,
        "author": post.author,
        "text": post.text,
        "words": [{"kind": words.kind, "text": words.text} for words in post.words],
        "comments": [_comment(comment) for comment in post.comments],
        "photos": [_photo(use, store) for use in post.photos],
        "documents": [_document(use) for use in post.documents if use.kind == "document"],
        "videos": [_video(use, store) for use in post.documents if use.kind == "video"],
        "captions": [_document(use) for use in post.documents if use.kind == "captions"],
    }


def _comment(comment: Comment) -> CommentShape:
    return {
        "author": comment.author,
        "text": comment.text,
        "published_at": comment.published_at.isoformat() if comment.published_at else None,
        "url": comment.url,
    }


def _photo(use: PhotoUse, store: Store) -> PhotoShape:
    facts = store.examined.photo(use.sha256) if use.sha256 else None
    return {
        "url": use.url,
        "sha256": use.sha256,
        "alt": use.alt,
        "caption": use.caption,
        "width": facts.width if facts else None,
        "height": facts.height if facts else None,
    }


def _document(use: DocumentUse) -> FileShape:
    return {"url": use.url, "sha256": use.sha256}


def _video(use: DocumentUse, store: Store) -> VideoShape:
    facts = store.examined.document(use.sha256) if use.sha256 else None
    return {
        "url": use.url,
        "sha256": use.sha256,
        "title": use.title,
        "seconds": facts.seconds if facts else None,
        "moments": [picture.page for picture in facts.pictures] if facts else None,
    }


# findings.csv: one row per finding, for a spreadsheet.

COLUMNS = (
    "id",
    "clause",
    "kind",
    "severity",
    "band",
    "state",
    "account",
    "post_url",
    "posted_at",
    "first_seen",
    "last_seen",
    "last_checked",
    "gone_at",
    "proof",
    "removal",
    "pupils",
    "score",
    "where",
    "evidence",
    "evidence_file",
    "explanation",
)


def _row(tracked: TrackedFinding, picture: str, context: ReportContext) -> list[str]:
    finding = tracked.finding
    evidence = finding.evidence
    if isinstance(evidence, PhotoEvidence):
        where, words = evidence.photo_url, evidence.words[evidence.start : evidence.end]
    else:
        where, words = evidence.field, evidence.text[evidence.start : evidence.end]
    zone = ZoneInfo(context.timezone)
    times = [
        moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""
        for moment in (
            finding.posted_at,
            tracked.first_seen,
            tracked.last_seen,
            tracked.last_checked,
            tracked.gone_at,
        )
    ]
    known = {*finding.pupil_ids, *context.pupils}
    plain = re.sub(r"\{([^{}]*)\}", lambda found: found[1] if found[1] in known else found[0], str(finding.explanation))
    return [
        *(finding.id, context.number(finding), finding.kind, finding.severity, finding.band, tracked.state),
        *(finding.account, finding.post_url, *times, tracked.proof, tracked.removal),
        *(" ".join(finding.pupil_ids), f"{finding.score:.2f}", where, words, picture, plain),
    ]


def findings_csv(audit: Audit, context: ReportContext, pictures: Mapping[str, str]) -> str:
    """Return all findings as CSV text with CRLF line ends.

    ``pictures`` gives the evidence file's name by finding id; times are the school's, with their offset.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for tracked in audit.findings:
        writer.writerow([cell(value) for value in _row(tracked, pictures.get(tracked.finding.id, ""), context)])
    return out.getvalue()
