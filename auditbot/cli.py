"""The command line: which commands there are, and what becomes of an error; no logic."""

from __future__ import annotations

import argparse
import signal
import sys
import traceback
from collections.abc import Sequence
from datetime import datetime
from types import FrameType

from auditbot import __version__
from auditbot.commands import audit, casework, consent, faces, prepublish, privacy, review, setup
from auditbot.commands.common import BROKEN, STOPPED, WRONG_USE, workspace_of
from auditbot.errors import AuditbotError
from auditbot.privacy.access_log import record_access
from auditbot.privacy.withdrawal import honour_withdrawals
from auditbot.telemetry import remove_queued_telemetry

COMMANDS = (
    audit.add_audit,
    audit.add_schedule,
    setup.add_init,
    setup.add_doctor,
    faces.add_enrol,
    faces.add_confirm,
    consent.add_import_consent,
    consent.add_consent,
    setup.add_import_archive,
    audit.add_posts,
    setup.add_token,
    prepublish.add_check_text,
    prepublish.add_check_photo,
    casework.add_risk_assessment,
    casework.add_concern_and_refer,
    privacy.add_subject_access,
    privacy.add_forget,
    review.add_review,
    setup.add_demo,
)
"""In the order in which ``--help`` lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 complete and nothing found, 1 findings, 2 wrong use or configuration, 3 incomplete (with or without findings),
    70 an error in the program, 130 stopped.
    """
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    remove_queued_telemetry()
    code = BROKEN  # an error that nobody foresaw: Python's own code for it, 1, would read as findings
    try:
        if options.run is not setup.run_doctor:  # which tells of registers that cannot be read among the other things
            honour_withdrawals(workspace_of(options))
        _record_access(options)
        code = options.run(options)
    except AuditbotError as error:
        print(f"auditbot: {error}", file=sys.stderr)
        code = WRONG_USE
    except KeyboardInterrupt:
        print("auditbot: stopped; what was done is kept, and the next run goes on from there.", file=sys.stderr)
        code = STOPPED
    except Exception:  # noqa: BLE001
        traceback.print_exc()
    return code


READS_NAMES = frozenset(
    (
        *("audit", "check-photo", "check-text", "confirm", "consent", "doctor", "enrol"),
        *("forget", "import-consent", "report", "review", "schedule", "subject-access"),
    )
)
"""Commands that read the names of pupils: each leaves a line in data/access.log."""


def _record_access(options: argparse.Namespace) -> None:
    workspace = workspace_of(options)
    if options.command in READS_NAMES and (workspace.config / "auditbot.toml").is_file():
        record_access(workspace, options.command, datetime.now().astimezone(), getattr(options, "pupil", None) or "")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    grammar = argparse.ArgumentParser(
        prog="auditbot",
        description="Checks what a school has published against photo permission and its social media policy.",
        epilog="Exit codes: 0 complete and nothing found, 1 findings, 2 wrong use or configuration, 3 incomplete, "
        "70 an error in the program, 130 stopped.",
    )
    grammar.add_argument("--version", action="version", version=f"auditbot {__version__}")
    grammar.add_argument("--workspace", default=".", metavar="FOLDER", help="the school's folder (default: this one)")
    commands = grammar.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for add in COMMANDS:
        add(commands)
    return grammar
