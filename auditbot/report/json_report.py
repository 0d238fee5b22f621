"""The audit as one JSON document: printed by ``audit --json`` and written as report.json. Its shape is an interface.

Pupils stand in it by id only. The shape is described in docs/json.md.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from auditbot.model import Audit, Box, Finding, PhotoEvidence, TrackedFinding


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _box(box: Box) -> list[float]:
    return [float(side) for side in box]


def _evidence(finding: Finding) -> dict[str, Any]:
    evidence = finding.evidence
    if not isinstance(evidence, PhotoEvidence):
        return {"field": evidence.field, "text": evidence.text, "start": evidence.start, "end": evidence.end}
    document: dict[str, Any] = {
        "photo_url": evidence.photo_url,
        "sha256": evidence.sha256,
        "box": _box(evidence.boxes[0]) if evidence.boxes else None,
        "boxes": [_box(box) for box in evidence.boxes],
    }
    if evidence.words:
        document |= {"text": evidence.words, "start": evidence.start, "end": evidence.end}
    return document


def _finding(tracked: TrackedFinding) -> dict[str, Any]:
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
        "explanation": finding.explanation,
        "removal": tracked.removal,
    }


def audit_document(audit: Audit, manifest: str = "") -> dict[str, Any]:
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
            {"account": item.account, "url": item.url, "what": item.what, "reason": item.reason, "aside": item.aside}
            for item in audit.not_checked
        ],
    }


def audit_json(audit: Audit, manifest: str = "") -> str:
    """Return :func:`audit_document` as text in plain ASCII, which every console and file can carry."""
    return json.dumps(audit_document(audit, manifest), indent=2, ensure_ascii=True, allow_nan=False) + "\n"
