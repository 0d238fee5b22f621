"""What every audit removes once its time is over, with a record: ended findings, reads of names, replaced registers.

Nothing is removed by its age while the clock is doubted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.privacy.access_log import drop_old_lines
from auditbot.registers.changes.accepted import ACCEPTED
from auditbot.run import Run

WEEKS_APART = timedelta(days=21)
"""Audits further apart than this, or the later one a day before the earlier, are a reason to doubt the clock."""
DAYS_TO_BELIEVE = 7
"""On so many days audits have to run after such a leap before anything is removed by its age again."""


def clock_is_believed(started: Sequence[datetime], now: datetime) -> bool:
    """Whether the clock tells enough for a deletion: no leap since the audits of the last ``DAYS_TO_BELIEVE`` days.

    ``started`` holds when each audit began, in the order in which they were run, this one not among them.
    """
    times = [*started, now]
    leaps = [
        place
        for place, (before, after) in enumerate(pairwise(times), 1)
        if after - before > WEEKS_APART or before - after > timedelta(days=1)
    ]
    return not leaps or len({at.date() for at in times[leaps[-1] :]}) > DAYS_TO_BELIEVE


def remove_what_is_old(run: Run) -> None:
    """Remove closed findings, lines of the access log and kept registers past their time."""
    kept, now = run.settings.retention, run.now()
    removed = {
        "findings that ended": run.store.audits.drop_ended(now - timedelta(days=kept.closed_findings_days)),
        "lines of the access log": drop_old_lines(run.workspace, now, kept.access_log_days),
        "earlier registers": _drop_old_registers(run, kept.old_registers_days),
        "decisions about findings that ended": _forget_decisions(run, now - timedelta(days=kept.closed_findings_days)),
    }
    for what, count in removed.items():
        if count:
            run.store.erasure.record("", f"{count} {what}", "past the time for which they are kept", now)


def _forget_decisions(run: Run, before: datetime) -> int:
    """Forget what old decisions say of children whose findings are no longer kept; that they were made stays."""
    if not (run.workspace.data / FILE_NAME).is_file():
        return 0
    kept = {finding.id for finding, _ in run.store.audits.lives()}
    with Ledger(run.workspace.data / FILE_NAME) as ledger:
        return ledger.forget_before(before, lambda event: event.draft.finding in kept)


def _drop_old_registers(run: Run, days: int) -> int:
    before = (run.now() - timedelta(days=days)).timestamp()
    kept = [path for path in (run.workspace.consent / "kept").glob("*.csv") if path != run.workspace.consent / ACCEPTED]
    old = [path for path in kept if path.stat().st_mtime < before]
    for path in old:
        path.unlink()
    return len(old)
