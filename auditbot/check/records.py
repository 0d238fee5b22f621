"""Findings that rest on a register of the school, not on a page: the account's record, or the school's."""

from __future__ import annotations

from auditbot.check.identity import finding_id
from auditbot.model import Band, Finding, Severity, TextEvidence

SCHOOL = ""
"""The account of a finding about the school's own record."""


def record_finding(
    clause: str,
    kind: str,
    *,
    account: str = SCHOOL,
    register: str,
    cell: str,
    value: object = "",
    explanation: str,
    severity: Severity = "governance",
    band: Band = "breach",
) -> Finding:
    """Return a finding about one cell of a register; ``value`` is what stands there, empty if nothing does."""
    text = "" if value is None else str(value)
    return Finding(
        id=finding_id(clause, kind, account, register, cell),
        clause=clause,
        kind=kind,
        severity=severity,
        band=band,
        account=account,
        post_url="",
        posted_at=None,
        evidence=TextEvidence(f"register {register}, {cell}", text, 0, len(text)),
        pupil_ids=(),
        score=1.0,
        explanation=explanation,
    )
