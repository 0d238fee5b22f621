"""``auditbot doctor``: what is missing, and how to mend it."""

from __future__ import annotations

import argparse

from auditbot.commands.exit_codes import COMPLETE, WRONG_USE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.doctor import examine_workspace, get_browser, try_faces


def run(options: argparse.Namespace) -> int:
    """Look at the workspace and this machine, and print a line for each thing looked at."""
    if options.get_browser:
        print(f"Browser: {get_browser()}")
        return COMPLETE
    if options.faces:
        print("\n".join(try_faces(workspace_of(options))))
        return COMPLETE
    checks = list(examine_workspace(workspace_of(options)))
    marks = {"good": "ok      ", "note": "note    ", "missing": "missing "}
    for check in checks:
        print(f"{marks[check.standing]}{check.name}: {check.message}")
    first = next((check for standing in ("missing", "note") for check in checks if check.standing == standing), None)
    if first:
        print(f"\nFirst of all: {first.name}. {first.message}")
    return WRONG_USE if any(check.standing == "missing" for check in checks) else COMPLETE


def add(commands: Commands) -> None:
    """Declare the command."""
    doctor = commands.add_parser("doctor", help="say what is missing and how to mend it")
    doctor.add_argument("--get-browser", action="store_true", help="install a browser if there is none")
    doctor.add_argument(
        "--faces", action="store_true", help="say how sure face matching is with the school's own photos"
    )
    doctor.set_defaults(run=run)
