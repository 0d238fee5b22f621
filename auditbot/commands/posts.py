"""``auditbot posts``: what was seen."""

from __future__ import annotations

import argparse
import json

from auditbot.commands.common import COMPLETE, workspace_of
from auditbot.errors import NoAuditYet, UnknownAccount
from auditbot.present import wording
from auditbot.registers.accounts import read_accounts
from auditbot.report.data import post_document
from auditbot.sentences import _
from auditbot.settings import load_settings
from auditbot.store import Store


def run_posts(options: argparse.Namespace) -> int:
    """List the posts seen so far, of all accounts or of one."""
    workspace = workspace_of(options)
    load_settings(workspace)
    if not (workspace.data / "auditbot.db").exists():
        raise NoAuditYet(workspace.folder)
    with Store(workspace.data / "auditbot.db") as store:
        seen = list(store.published.posts(options.account))
        known = [account.name for account in read_accounts(workspace.config / "accounts.toml")]
        if options.account is not None and not seen and options.account not in known:
            raise UnknownAccount(options.account, known)
        for post in seen:
            if options.json:
                print(json.dumps(post_document(post, store), ensure_ascii=True))
            else:
                day = format(post.published_at, "%Y-%m-%d") if post.published_at else _("no date")
                photos = wording.amount(len(post.photos), "photo")
                print(f"{day:<10}  {post.account}  {photos:>9}  {post.url}")
    return COMPLETE


def declare_posts(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--account", help="only this account")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(run=run_posts)
