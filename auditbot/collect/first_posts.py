"""A few posts of one account, read as an audit reads them and kept nowhere: so that a bad reading is seen at set-up."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from auditbot.collect.stage import collect_account
from auditbot.model import CollectJob, Coverage, Post, Spool
from auditbot.registers.accounts import TOKEN_KINDS, Account
from auditbot.registers.secrets import find_token
from auditbot.settings import Settings, Workspace

LONGEST_MINUTES = 5.0


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial of one account gave."""

    posts: tuple[Post, ...]
    """The first posts that were read."""
    coverage: Coverage | None
    """How far the account was reached, if its end was met before so many posts."""


def try_account(
    account: Account, workspace: Workspace, settings: Settings, local_hosts: Mapping[str, tuple[str, int]], posts: int
) -> Tried:
    """Read the first ``posts`` posts of an account. Photos are fetched into a folder that is removed at once.

    Raises BrowserMissing or BrowserUnusable, TokenUnusable.
    """
    token = find_token(account) if account.kind in TOKEN_KINDS else None
    collect = replace(settings.collect, account_minutes=LONGEST_MINUTES)
    with tempfile.TemporaryDirectory(prefix="auditbot-trial-") as folder:
        job = CollectJob(
            account=account.name,
            kind=account.kind,
            url=account.url,
            may_be_empty=account.may_be_empty,
            spool=Spool(Path(folder)),
            known_files={},
            known_posts=frozenset(),
            token=token.token if token else None,
            folder=workspace.folder / account.folder if account.kind == "folder" else None,
        )
        found: list[Post] = []
        events = collect_account(job, replace(settings, collect=collect), local_hosts=local_hosts)
        with closing(events):
            for event in events:
                if isinstance(event, Post):
                    found.append(event)
                elif isinstance(event, Coverage):
                    return Tried(tuple(found), event)
                if len(found) >= posts:
                    break
    return Tried(tuple(found), None)
