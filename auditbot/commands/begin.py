"""What comes before every command that works in a workspace: its edges, withdrawals, and who reads names."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Protocol

from auditbot.commands.common import workspace_of
from auditbot.machine.refusals import check_edges
from auditbot.machine.telemetry import remove_queued_telemetry
from auditbot.privacy.access_log import record_access
from auditbot.privacy.withdrawal import honour_withdrawals


class Begun(Protocol):
    """What of a command is asked here."""

    name: str
    """Its word on the command line."""
    reads_names: bool
    """Whether it reads the names of pupils."""
    in_workspace: bool
    """Whether it works in a workspace that is there."""
    honours: bool
    """Whether withdrawals are honoured before it."""


def begin(command: Begun, options: argparse.Namespace) -> None:
    """Do it. Raises what a broken workspace raises, WorkspaceClosed first of all."""
    remove_queued_telemetry()
    if not command.in_workspace:
        return
    workspace = workspace_of(options)
    check_edges(workspace.folder)
    if command.honours:
        honour_withdrawals(workspace)
    if command.reads_names and (workspace.config / "auditbot.toml").is_file():
        record_access(workspace, command.name, datetime.now().astimezone(), getattr(options, "pupil", None) or "")
