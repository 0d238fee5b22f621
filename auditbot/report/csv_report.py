"""findings.csv: one row per finding, for a spreadsheet. Pupils stand in it by id only, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from auditbot.model import Audit, PhotoEvidence, TrackedFinding
from auditbot.report.context import ReportContext
from auditbot.report.visible import visible

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
_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


def cell(text: str) -> str:
    """Return ``text`` as a cell that no spreadsheet runs: one that could start a formula gets a quote before it.

    Half characters and NUL, which no CSV file can carry, are written as their code.
    """
    text = re.sub("[\x00\ud800-\udfff]", lambda match: visible(match.group()), text)
    return f"'{text}" if _FORMULA.match(text) else text


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
    plain = re.sub(r"\{([^{}]*)\}", lambda found: found[1] if found[1] in known else found[0], finding.explanation)
    return [
        *(finding.id, finding.clause, finding.kind, finding.severity, finding.band, tracked.state),
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
