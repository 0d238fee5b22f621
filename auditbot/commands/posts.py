"""``auditbot posts``: what was seen."""

from __future__ import annotations

import argparse
import json

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import NoAuditYet, UnknownAccount
from auditbot.published_json import post_document
from auditbot.registers.accounts import read_accounts
from auditbot.settings import load_settings
from auditbot.store import Store


def run(options: argparse.Namespace) -> int:
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
                day = post.published_at.strftime("%d %b %Y") if post.published_at else "no date    "
                print(f"{day}  {post.account}  {len(post.photos):2} photos  {post.url}")
    return COMPLETE


def add(commands: Commands) -> None:
    """Declare the command."""
    posts = commands.add_parser("posts", help="list what was seen")
    posts.add_argument("--account", help="only this account")
    posts.add_argument("--json", action="store_true", help="one JSON object a line")
    posts.set_defaults(run=run)
