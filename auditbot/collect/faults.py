"""Faults of our own while an account is read: logged with the way that led there, named in the report, exit code 70."""

from __future__ import annotations

from auditbot.collect.net.throttle import OutOfTime
from auditbot.collect.visit import AccountFailed, AccountWalled
from auditbot.errors import AuditbotError
from auditbot.log import FAULT_TOLD, log_fault
from auditbot.sentences import Sentence

MEANT = (AccountFailed, AccountWalled, OutOfTime, AuditbotError, OSError)
"""What is raised on purpose to whoever reads the account, and what this machine refuses: all else is a fault."""


def fault(account: str, error: Exception) -> Sentence:
    """Log a fault met while ``account`` was read, and return what a report says of it."""
    log_fault("collect", error, account=account)
    return FAULT_TOLD
