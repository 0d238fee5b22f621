"""Which photos are kept: those that a finding shows, for as long as the settings say."""

from __future__ import annotations

from datetime import timedelta

from auditbot.examine.stage import files_to_examine
from auditbot.run import Run


def keep_evidence(run: Run, examined_with: str) -> None:
    """Empty the spool: photos that a finding shows move to the evidence folder, all others are removed.

    What still waits to be examined stays. Evidence whose last finding ended long enough ago is removed too.
    """
    since = run.now() - timedelta(days=run.settings.report.evidence_days)
    shown = run.store.audits.photos_in_findings(since)
    documents = files_to_examine(run.store.examined, run.settings.examine)
    waiting = {*run.store.examined.photos_to_examine(examined_with), *documents}
    for file in sorted(run.spool.folder.iterdir()):
        if file.name in shown:
            file.replace(run.evidence / file.name)
        elif file.name not in waiting:
            file.unlink()
    for file in run.evidence.iterdir() if run.removes_by_age else ():
        if file.name not in shown:
            file.unlink()
