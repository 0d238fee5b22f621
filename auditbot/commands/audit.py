"""``auditbot audit`` and ``auditbot report``: an audit, or its report once more."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from rich.console import Console

from auditbot import pipeline
from auditbot.commands.exit_codes import INCOMPLETE, of_audit
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.report.json_report import audit_json
from auditbot.report.screens import manifest_sha256
from auditbot.report.summary import summary
from auditbot.terminal import ProgressBars


def run(options: argparse.Namespace) -> int:
    """Run the stages asked for and show the result."""
    stages = tuple(options.stage or pipeline.STAGES)
    request = pipeline.Request(stages=stages, account=options.account, since=options.since, warc=options.warc)
    workspace = workspace_of(options)
    with ProgressBars(Console(stderr=True)) as progress:
        audit = pipeline.run_audit(workspace, progress, request)
    if audit is None:
        print("auditbot: nothing was checked; run the check stage, or all stages.", file=sys.stderr)
        return INCOMPLETE
    if options.json:
        print(audit_json(audit, manifest_sha256(workspace.reports / audit.id)))
    else:
        print(summary(audit, workspace.reports / "latest" / "report.html"))
    return of_audit(audit)


def add(commands: Commands) -> None:
    """Declare the command."""
    audit = commands.add_parser("audit", help="run an audit: collect, examine, check, report")
    audit.add_argument("--account", help="visit only this account")
    audit.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="visit only posts since this day")
    audit.add_argument("--stage", action="append", choices=pipeline.STAGES, help="run only this stage (repeatable)")
    audit.add_argument("--json", action="store_true", help="print the result as one JSON document")
    audit.add_argument("--warc", action="store_true", help="also keep the pages, photos and documents as a WARC file")
    audit.set_defaults(run=run)
    report = commands.add_parser("report", help="write the newest audit's report again")
    report.set_defaults(run=run, stage=["report"], account=None, since=None, json=False, warc=False)
