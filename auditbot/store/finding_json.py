"""A finding as JSON text and back, unchanged."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from auditbot.model import Finding, PhotoEvidence, TextEvidence


def finding_to_json(finding: Finding) -> str:
    """Return the finding as one JSON object."""
    return json.dumps(asdict(finding), default=datetime.isoformat, ensure_ascii=False, sort_keys=True)


def finding_from_json(text: str) -> Finding:
    """Return the finding that :func:`finding_to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)
    posted_at = fields.pop("posted_at")
    return Finding(
        **{
            **fields,
            "posted_at": datetime.fromisoformat(posted_at) if posted_at else None,
            "evidence": _evidence(fields["evidence"]),
            "pupil_ids": tuple(fields["pupil_ids"]),
        }
    )


def _evidence(fields: dict[str, Any]) -> TextEvidence | PhotoEvidence:
    if "field" in fields:
        return TextEvidence(**fields)
    boxes = {name: tuple(tuple(box) for box in fields[name]) for name in ("boxes", "other_faces")}
    return PhotoEvidence(**{**fields, **boxes})
