"""The collect stage: each account's events go into the store as they come, one transaction each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import SecretStr

from auditbot.collect.account import collect_account
from auditbot.collect.archives.items import ADDRESS
from auditbot.collect.archives.sameness import KnownPosts
from auditbot.collect.archives.stage import read_again
from auditbot.collect.warc import Warc
from auditbot.errors import TokenUnusable
from auditbot.model import (
    CollectEvent,
    CollectJob,
    Coverage,
    FetchedFile,
    FileAnswer,
    LinkedAccount,
    NotChecked,
    Post,
    PostGone,
    PostMoved,
)
from auditbot.registers.accounts import TOKEN_KINDS, Account
from auditbot.registers.tokens import find_token
from auditbot.run import Run, stage
from auditbot.store.audits import RESUME_WITHIN


def collect(
    run: Run,
    accounts: Sequence[Account],
    since: date | None,
    fetch_again: frozenset[str],
    local_hosts: Mapping[str, tuple[str, int]],
    warc: Warc | None = None,
) -> None:
    """Visit these accounts one after another, so that no host is ever asked for two pages at a time.

    ``fetch_again`` holds content hashes of files whose bytes are needed once more: they are not offered to the server
    as known. Accounts that this audit had already reached, before it was cut short, are passed over.
    """
    done = run.store.audits.already_collected(run.audit)
    known = {url: file for url, file in run.store.published.known_files().items() if file.sha256 not in fetch_again}
    if warc:
        known = {}  # an archive of this run holds every file, changed or not
    read_again(run, fetch_again)
    run.store.answers.drop_others(run.declared.accounts, run.now(), RESUME_WITHIN)
    with stage(run.progress, "Posts collected", None) as one_more:
        for account in accounts:
            if account.name in done:
                continue
            token, token_problem = _token(account)
            watched = run.store.audits.watched_files(account.name)
            job = CollectJob(
                account=account.name,
                kind=account.kind,
                url=account.url,
                may_be_empty=account.may_be_empty,
                spool=run.spool,
                known_files=known,
                known_posts=frozenset(
                    url
                    for url in {*run.store.published.permalinks(account.name), *watched}
                    if not url.startswith(ADDRESS)
                ),
                watched_files=watched,
                read_elsewhere=_read_elsewhere(run, account),
                since=since,
                token=token,
                token_problem=token_problem,
                # With an archive of this run, every answer is had anew: it holds them all, changed or not.
                answers=None if warc else run.store.answers.of(run.audit, account.name, run.now),
                folder=run.workspace.folder / account.folder if account.kind == "folder" else None,
            )
            notes = _left_out_as_asked(account, since)
            started_at = run.now()
            archived = KnownPosts(run.store.archives.known_posts(account.name))
            for event in collect_account(job, run.settings, local_hosts=local_hosts, warc=warc):
                _record(run, event, notes, started_at)
                if isinstance(event, Post) and archived.any_archived:
                    run.store.archives.visited(event.account, event.url, archived.twins(event))
                if isinstance(event, Post):
                    one_more()


def _read_elsewhere(run: Run, account: Account) -> frozenset[str]:
    """Return the addresses of the other accounts of the register and of their posts."""
    others = [other for other in run.declared.accounts.values() if other.name != account.name]
    posts = (url for other in others for url in run.store.published.permalinks(other.name))
    return frozenset({*(other.url for other in others), *posts})


def _token(account: Account) -> tuple[SecretStr | None, str]:
    """Return the account's token, or why one that may exist cannot be had: that ends one account, not the audit."""
    if account.kind not in TOKEN_KINDS:
        return None, ""
    try:
        found = find_token(account)
    except TokenUnusable as error:
        return None, str(error)
    return (found.token if found else None), ""


def _left_out_as_asked(account: Account, since: date | None) -> list[NotChecked]:
    if since is None:
        return []
    return [NotChecked(account.name, account.url, "posts", f"Posts before {since} were not visited, as asked.")]


def _read_at(run: Run, post: Post) -> datetime:
    """Return when a post was read: before now, if this audit read it before it was cut short."""
    now = run.now()
    read_at = run.store.answers.read_at(run.audit, post.account, post.url)
    return read_at.astimezone(now.tzinfo) if read_at else now


def _record(run: Run, event: CollectEvent, notes: list[NotChecked], started_at: datetime) -> None:
    match event:
        case FetchedFile():
            run.store.published.save_file(event)
        case Post():
            run.store.published.save_post(event, _read_at(run, event))
        case FileAnswer():
            run.store.published.save_answer(event, run.now())
        case PostGone():
            run.store.published.mark_gone(event, run.now())
        case PostMoved():
            run.store.published.mark_moved(event, run.now())
        case LinkedAccount():
            run.store.published.save_link(event, run.now())
        case NotChecked():
            notes.append(event)
        case Coverage():
            run.store.audits.save_coverage(run.audit, event, notes, started_at=started_at, at=run.now())
            whole = event.status == "complete" and all(note.aside for note in notes)
            run.store.answers.account_reached(run.audit, event.account, whole)
            if whole:
                run.store.published.forget_links(event.account, started_at)
