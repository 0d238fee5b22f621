"""Faults of our own while an account is read: logged with the way that led there, named in the report, exit code 70."""

from __future__ import annotations

from auditbot.log import log_fault

FAULT = "A fault in this program kept it from being read. It is noted in the log for whoever maintains the program."
"""What a report says of it: it is not the site's."""


def is_fault(error: Exception) -> bool:
    """True for an error that nothing of ours raises on purpose, and that is not this machine's (disk, network)."""
    return not isinstance(error, OSError) and not type(error).__module__.startswith("auditbot.")


def fault(account: str, error: Exception) -> str:
    """Log a fault met while ``account`` was read, and return what a report says of it."""
    log_fault("collect", error, account=account)
    return FAULT
