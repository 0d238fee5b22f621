"""What the trust's safeguarding lead sees: counts by school and clause, and no child.

A count under five can point at a child, so it is not shown; nor is a total from which it could be worked out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from jinja2 import Environment, PackageLoader, StrictUndefined

from auditbot.model import Audit
from auditbot.present.headline import Headline, still_there
from auditbot.safe_files import private_folder, write_private
from auditbot.store import Store
from auditbot.trust.schools import School

SMALL = 5
"""Counts below this are not shown."""
TREND_DAYS = 30
"""Days of which what was found is compared with as many days before."""


@dataclass(frozen=True, slots=True)
class SchoolCounts:
    """What one school's newest audit and its last weeks come to."""

    school: str
    """Name of the school."""
    audited_at: datetime | None
    """When its newest audit ended; None if there was none."""
    complete: bool
    """Whether that audit reached everything."""
    by_clause: dict[str, int]
    """Findings that are there, by clause of the school's policy."""
    new: int
    """Of these, new in the newest audit and undecided."""
    overdue: int
    """What should be gone by now."""
    asked: int
    """What somebody was asked to take down, and is still there."""
    found: int
    """Findings first seen in the last 30 days."""
    found_before: int
    """Findings first seen in the 30 days before these."""
    hours_to_gone: int | None
    """Half of what went was gone within so many hours; None if fewer than five went."""


HeadlineOf = Callable[[School, Audit], Headline]


def counts_of(school: School, headline_of: HeadlineOf, now: datetime) -> SchoolCounts:
    """Count what one school's store holds. Raises what opening a broken workspace raises."""
    nothing = SchoolCounts(school.name, None, False, {}, 0, 0, 0, 0, 0, None)
    path = school.workspace.data / "auditbot.db"
    if not path.is_file():
        return nothing
    with Store(path) as store:
        newest = store.audits.latest()
        if newest is None:
            return nothing
        audit, lives = store.audits.load(newest), store.audits.lives()
    head = headline_of(school, audit)
    began = [datetime.fromisoformat(life["first_seen"]) for _, life in lives]
    gone = [
        (datetime.fromisoformat(life["gone_at"]) - datetime.fromisoformat(life["first_seen"])).total_seconds() / 3600
        for _, life in lives
        if life["gone_at"] and life["proof"]
    ]
    recent, before = now - timedelta(days=TREND_DAYS), now - timedelta(days=2 * TREND_DAYS)
    return SchoolCounts(
        school=school.name,
        audited_at=audit.finished_at,
        complete=audit.complete,
        by_clause=dict(Counter(tracked.finding.clause for tracked in still_there(audit.findings))),
        new=len(head.fresh),
        overdue=len(head.overdue),
        asked=len(head.asked),
        found=sum(at >= recent for at in began),
        found_before=sum(before <= at < recent for at in began),
        hours_to_gone=round(median(gone)) if len(gone) >= SMALL else None,
    )


def shown(count: int) -> str:
    """Return a count as it is shown: never one to four."""
    return f"under {SMALL}" if 0 < count < SMALL else str(count)


def shown_total(counts: Iterable[int]) -> str:
    """Return a sum as it is shown: from no total can a count that is not shown be worked out."""
    counts = list(counts)
    hidden = [count for count in counts if 0 < count < SMALL]
    open_sum = sum(count for count in counts if count not in hidden)
    if not hidden:
        return str(open_sum)
    return f"over {open_sum}" if open_sum else shown(1)


def write_trust_report(folder: Path, counts: Sequence[SchoolCounts], now: datetime) -> Path:
    """Write the page and the same as JSON into ``reports`` under the trust's folder; return the page's path."""
    reports = private_folder(folder / "reports")
    clauses = sorted({clause for one in counts for clause in one.by_clause}, key=_clause_order)
    totals = {clause: shown_total(one.by_clause.get(clause, 0) for one in counts) for clause in clauses}
    page = (
        Environment(
            loader=PackageLoader("auditbot.trust"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        .get_template("trust.html")
        .render(
            schools=counts,
            clauses=clauses,
            totals=totals,
            shown=shown,
            total=shown_total,
            now=now,
            days=TREND_DAYS,
            small=SMALL,
        )
    )
    write_private(reports / "trust.html", page.encode("utf-8"))
    write_private(reports / "trust.json", json.dumps([_document(one) for one in counts], indent=2).encode("ascii"))
    return reports / "trust.html"


def _document(one: SchoolCounts) -> dict[str, object]:
    """Return the row as JSON holds it: suppressed like the page."""
    values = asdict(one)
    for name in ("new", "overdue", "asked", "found", "found_before"):
        values[name] = shown(values[name])
    values["by_clause"] = {clause: shown(count) for clause, count in one.by_clause.items()}
    values["audited_at"] = one.audited_at.isoformat() if one.audited_at else None
    return values


def _clause_order(clause: str) -> tuple[str, int, str]:
    letters = clause.rstrip("0123456789")
    digits = clause[len(letters) :]
    return letters, int(digits or 0), clause
