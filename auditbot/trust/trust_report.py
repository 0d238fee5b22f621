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
from auditbot.present.page_language import translate_pages
from auditbot.safe_files import private_folder, write_private
from auditbot.sentences import _, day_and_short_month, day_of
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
    readable: bool = True
    """Whether its files could be read; if not, all counts are 0 and none is shown."""


HeadlineOf = Callable[[School, Audit], Headline]


def counts_of(school: School, headline_of: HeadlineOf, now: datetime) -> SchoolCounts:
    """Count what one school's store holds. Raises one of CANNOT_BE_READ for a workspace that is broken or shut."""
    nothing = uncounted(school)
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


def uncounted(school: School, *, readable: bool = True) -> SchoolCounts:
    """Return the line of a school that was never audited, or whose files cannot be read."""
    return SchoolCounts(school.name, None, False, {}, 0, 0, 0, 0, 0, None, readable)


def shown(count: int) -> str:
    """Return a count as it is shown: never one to four."""
    return _("under %(count)s", count=SMALL) if 0 < count < SMALL else str(count)


def shown_total(counts: Iterable[int]) -> str:
    """Return a sum as it is shown: from no total can a count that is not shown be worked out."""
    counts = list(counts)
    hidden = [count for count in counts if 0 < count < SMALL]
    open_sum = sum(count for count in counts if count not in hidden)
    if not hidden:
        return str(open_sum)
    return _("over %(count)s", count=open_sum) if open_sum else shown(1)


def write_trust_report(folder: Path, counts: Sequence[SchoolCounts], now: datetime) -> Path:
    """Write the page and the same as JSON into ``reports`` under the trust's folder; return the page's path."""
    reports = private_folder(folder / "reports")
    clauses = sorted({clause for one in counts for clause in one.by_clause}, key=_clause_order)
    totals = {clause: shown_total(one.by_clause.get(clause, 0) for one in counts) for clause in clauses}
    environment = translate_pages(
        Environment(
            loader=PackageLoader("auditbot.trust"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
    )
    page = environment.get_template("trust.html").render(
        schools=counts,
        unread=[one.school for one in counts if not one.readable],
        behind=[one.school for one in counts if one.readable and not one.audited_at],
        partly=[one.school for one in counts if one.audited_at and not one.complete],
        clauses=clauses,
        totals=totals,
        shown=shown,
        total=shown_total,
        today=day_of(now.date()),
        audited=_audited,
        days=TREND_DAYS,
        small=SMALL,
    )
    write_private(reports / "trust.html", page.encode("utf-8"))
    write_private(reports / "trust.json", json.dumps([_document(one) for one in counts], indent=2).encode("ascii"))
    return reports / "trust.html"


def _document(one: SchoolCounts) -> dict[str, object]:
    """Return the row as JSON holds it: suppressed like the page, the same in every language."""
    values = asdict(one)
    for name in ("new", "overdue", "asked", "found", "found_before"):
        values[name] = _as_text(values[name])
    values["by_clause"] = {clause: _as_text(count) for clause, count in one.by_clause.items()}
    values["audited_at"] = one.audited_at.isoformat() if one.audited_at else None
    return values


def _as_text(count: int) -> str:
    return f"under {SMALL}" if 0 < count < SMALL else str(count)


def _audited(one: SchoolCounts) -> str:
    """Return when a school's newest audit was, and whether it reached everything."""
    if not one.readable:
        return _("cannot be read")
    if one.audited_at is None:
        return _("never")
    day = day_and_short_month(one.audited_at.date())
    return _("%(day)s, complete", day=day) if one.complete else _("%(day)s, in part", day=day)


def _clause_order(clause: str) -> tuple[str, int, str]:
    letters = clause.rstrip("0123456789")
    digits = clause[len(letters) :]
    return letters, int(digits or 0), clause
