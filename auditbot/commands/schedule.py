"""``auditbot schedule``: stay, and audit every night."""

from __future__ import annotations

import argparse
import contextlib
import sys
from datetime import datetime

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import AuditRunning
from auditbot.registers.declared import read_declared
from auditbot.run import local_now, one_at_a_time
from auditbot.schedule import NightlyAudit, night_was_missed, run_nightly
from auditbot.settings import load_settings
from auditbot.store import Store


def run(options: argparse.Namespace) -> int:
    """Check that an audit could run, then wait for the night."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with contextlib.suppress(AuditRunning), one_at_a_time(workspace):
        read_declared(workspace, local_now(settings).date())
    with Store(workspace.data / "auditbot.db") as store:
        due = night_was_missed(settings, store.audits.last_started(), local_now(settings))
    command = [sys.executable, "-m", "auditbot", "--workspace", str(workspace.folder), "audit"]
    print(f"Auditing every night at {settings.schedule.at} ({settings.school.timezone}).", flush=True)
    run_nightly(settings, NightlyAudit(command, _say), due)
    return COMPLETE


def _say(line: str) -> None:
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {line}", flush=True)


def add(commands: Commands) -> None:
    """Declare the command."""
    commands.add_parser("schedule", help="stay, and audit every night").set_defaults(run=run)
