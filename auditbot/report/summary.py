"""What a terminal shows after an audit: the first box, how far each account was reached, where the report is."""

from __future__ import annotations

from pathlib import Path

from auditbot.model import Audit
from auditbot.report import wording
from auditbot.report.headline import headline
from auditbot.report.visible import one_line


def summary(audit: Audit, report: Path) -> str:
    """Return the summary as plain text, without a trailing newline; no pupil's name stands in it."""
    head = headline(audit)
    lines = [head.line(), *head.meaning(), ""]
    width = max((len(entry.account) for entry in audit.coverage), default=0)
    left_out = {item.account for item in audit.not_checked}
    for entry in audit.coverage:
        posts, photos = wording.amount(entry.posts, "post"), wording.amount(entry.photos, "photo")
        reached = wording.reached(entry.status, entry.account in left_out)
        reason = f" – {one_line(entry.reason)}" if entry.reason else ""
        lines.append(f"  {one_line(entry.account):<{width}}  {reached}: {posts}, {photos}{reason}")
    if audit.not_checked:
        lines.append(
            f"  Not checked: {wording.amount(len(audit.not_checked), 'thing')}; the report lists each with its reason."
        )
    return "\n".join([*lines, "", f"Report: {report}"])
