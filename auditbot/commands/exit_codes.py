"""What a command returns to the shell."""

from auditbot.model import Audit

COMPLETE, FINDINGS, WRONG_USE, INCOMPLETE = 0, 1, 2, 3
BROKEN, STOPPED = 70, 130


def of_audit(audit: Audit) -> int:
    """Return the exit code of a finished audit."""
    if not audit.complete:
        return INCOMPLETE
    return FINDINGS if any(tracked.state != "gone" for tracked in audit.findings) else COMPLETE
