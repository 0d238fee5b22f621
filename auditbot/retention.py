"""What every audit removes after its time, with a record: ended findings, reads of names, replaced registers.

Reports and photos kept as evidence have their own time, and are removed where they are written.
"""

from __future__ import annotations

from datetime import timedelta

from auditbot.registers.access_log import drop_old_lines
from auditbot.run import Run


def remove_what_is_old(run: Run) -> None:
    """Remove closed findings, lines of the access log and kept registers past their time."""
    kept, now = run.settings.retention, run.now()
    removed = {
        "findings that ended": run.store.audits.drop_ended(now - timedelta(days=kept.closed_findings_days)),
        "lines of the access log": drop_old_lines(run.workspace, now, kept.access_log_days),
        "earlier registers": _drop_old_registers(run, kept.old_registers_days),
    }
    for what, count in removed.items():
        if count:
            run.store.erasure.record("", f"{count} {what}", "past the time for which they are kept", now)


def _drop_old_registers(run: Run, days: int) -> int:
    before = (run.now() - timedelta(days=days)).timestamp()
    old = [path for path in (run.workspace.consent / "kept").glob("*.csv") if path.stat().st_mtime < before]
    for path in old:
        path.unlink()
    return len(old)
