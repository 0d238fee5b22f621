"""``auditbot check-text``: texts, before they are published."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from auditbot.check.clauses import NOBODY
from auditbot.check.ours import Ours, ours_of
from auditbot.check_text import check_texts
from auditbot.commands.exit_codes import COMPLETE, FINDINGS
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.registers.accounts import read_accounts
from auditbot.registers.allowed import AllowedPhrase, read_allowed
from auditbot.settings import Workspace, load_settings


def run(options: argparse.Namespace) -> int:
    """Check each text of the file; print one JSON object a line."""
    workspace = workspace_of(options)
    pupils = Path(options.pupils) if options.pupils else workspace.consent / "pupils.csv"
    staff = Path(options.staff) if options.staff else workspace.consent / "staff.csv"
    found = False
    known = staff if options.staff or staff.exists() else None
    ours, allowed = (NOBODY, ()) if options.pupils else _own(workspace)
    for result in check_texts(Path(options.file), pupils, known, ours, allowed):
        print(json.dumps(result, ensure_ascii=True))
        found = found or bool(result["findings"] or result["other_findings"])
    return FINDINGS if found else COMPLETE


def _own(workspace: Workspace) -> tuple[Ours, tuple[AllowedPhrase, ...]]:
    """Return the school's own contact details and allowed phrases; other lists of pupils are of another school."""
    settings = load_settings(workspace)
    accounts = {account.name: account for account in read_accounts(workspace.config / "accounts.toml")}
    return ours_of(settings.school, accounts, ()), read_allowed(workspace.config / "allowed_phrases.toml")


def add(commands: Commands) -> None:
    """Declare the command."""
    check_text = commands.add_parser("check-text", help="check texts before they are published: JSON Lines in and out")
    check_text.add_argument("file", metavar="FILE", help="one object a line: id, kind, author_role, text")
    check_text.add_argument("--pupils", metavar="CSV", help="the pupils (default: consent/pupils.csv)")
    check_text.add_argument("--staff", metavar="CSV", help="the staff (default: consent/staff.csv)")
    check_text.set_defaults(run=run)
