"""``auditbot import-archive``: a platform's own download becomes posts of an account."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from auditbot.collect.archives.stage import Imported, import_archive
from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import UnknownAccount
from auditbot.model import Spool
from auditbot.private_files import private_folder
from auditbot.registers.accounts import read_accounts
from auditbot.run import one_at_a_time
from auditbot.settings import load_settings
from auditbot.store import Store
from auditbot.terminal import ProgressBars

_READ = "Posts read"


def run(options: argparse.Namespace) -> int:
    """Import a download, or only say what is in it."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    accounts = {account.name: account for account in read_accounts(workspace.config / "accounts.toml")}
    account = accounts.get(options.account)
    if account is None:
        raise UnknownAccount(options.account, list(accounts))
    with ProgressBars(Console(stderr=True)) as progress:
        progress.start(_READ, None)
        if options.dry_run:
            done = import_archive(options.file, account, settings, None, lambda: progress.advance(_READ))
        else:
            with one_at_a_time(workspace), Store(workspace.data / "auditbot.db") as store:
                into = store, Spool(private_folder(workspace.data / "spool"))
                done = import_archive(options.file, account, settings, into, lambda: progress.advance(_READ))
        progress.finish(_READ)
    print(_summary(done, account.name, bool(options.dry_run)))
    return COMPLETE


def _summary(done: Imported, account: str, dry_run: bool) -> str:
    lines = [f"A download from {done.platform}, made on {done.as_of.day} {done.as_of:%B %Y, %H:%M}."]
    known = f", {done.known} of them known from visits or later downloads" if done.known else ""
    lines.append(f"Posts: {done.posts}{known}. Photos: {done.photos}.")
    if done.no_longer_there:
        lines.append(f"Posts of earlier downloads that are not in this one: {done.no_longer_there}.")
    if done.left_out:
        lines.append("Left out:")
        lines += [f"  {count:>5} {found.what}: {found.reason}" for found, count in done.left_out]
    if dry_run:
        lines.append(f"Nothing was kept: this was a trial. Run it without --dry-run to import it for {account!r}.")
    else:
        lines.append("Now look at the posts with: auditbot audit")
    return "\n".join(lines)


def add(commands: Commands) -> None:
    """Declare the command."""
    grammar = commands.add_parser("import-archive", help="take the posts of a platform's own download")
    grammar.add_argument("file", type=Path, nargs="+", help="zip file, folder or export; all parts of one download")
    grammar.add_argument("--account", required=True, help="the account, as named in config/accounts.toml")
    grammar.add_argument("--dry-run", action="store_true", help="only say what is in it")
    grammar.set_defaults(run=run)
