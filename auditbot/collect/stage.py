"""The collect stage: each account's events go into the store as they come, one transaction each."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

from pydantic import SecretStr

from auditbot.collect.archives.container import ADDRESS
from auditbot.collect.archives.importing import KnownPosts, read_again
from auditbot.collect.browser.browser import Browser
from auditbot.collect.faults import fault
from auditbot.collect.files import Files
from auditbot.collect.net.conditional import Pages
from auditbot.collect.net.fetch import Fetcher
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.throttle import OutOfTime, Pace
from auditbot.collect.net.urls import Site, is_web_address
from auditbot.collect.net.warc import Warc
from auditbot.collect.sources.folder import collect_folder
from auditbot.collect.sources.source import BY_SOURCE_KIND
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.errors import AuditbotError, TokenUnusable
from auditbot.log import Event, log_event
from auditbot.model import (
    CollectEvent,
    CollectJob,
    Coverage,
    CoverageStatus,
    FetchedFile,
    FileAnswer,
    KnownFile,
    LinkedAccount,
    MetAddresses,
    NotChecked,
    Post,
    PostGone,
    PostMoved,
    Why,
)
from auditbot.registers.accounts import TOKEN_KINDS, Account
from auditbot.registers.secrets import find_token
from auditbot.run import EXAMINING, Run, one_visitor, stage
from auditbot.sentences import _, say, together
from auditbot.settings import Settings
from auditbot.store.audits import RESUME_WITHIN

# One account, collected: what it publishes as events, and at the end how far it was reached.

_MEGABYTE = 1_000_000


def collect_account(
    job: CollectJob, settings: Settings, *, local_hosts: Mapping[str, tuple[str, int]] = {}, warc: Warc | None = None
) -> Generator[CollectEvent, None, None]:
    """Yield what one account publishes, ending with exactly one Coverage whatever the site does.

    ``local_hosts`` maps a host name (port 80) to a loopback address to dial for it; ``warc`` keeps what
    its pages and files are answered. Use the generator from one thread.
    Raises BrowserMissing or BrowserUnusable where there is no browser, and nothing else.
    """
    count = _Count(job)
    status: CoverageStatus | None = None
    why = Why.FAILED
    try:
        for event in _events(job, settings, local_hosts, warc):
            if count.is_new(event):
                yield event
    except AccountWalled as walled:
        status, reason = "walled", walled.reason
    except AccountFailed as failed:
        status, reason = "error", failed.reason
    except OutOfTime:
        status, reason = "error", say("The time for this account was over before anything could be read.")
    except OSError as error:
        status, reason = (
            "error",
            say("This machine could not go on: %(why)s.", why=error.strerror or type(error).__name__),
        )
    except AuditbotError:
        raise
    except Exception as error:  # noqa: BLE001
        status, reason, why = "error", fault(job.account, error), Why.FAULT
    if status is None and count.posts == 0 and not (job.may_be_empty or job.since or job.only_post):
        status, reason = "error", say("No posts were found where there should be some.")
    if status is not None:
        yield NotChecked(job.account, job.url, "account", reason, why=why)
        yield Coverage(job.account, status, count.posts, count.photos, reason)
    else:
        yield count.coverage()


class _Count:
    """Counts what was reached and what was not."""

    def __init__(self, job: CollectJob) -> None:
        self._job = job
        self._missed: list[NotChecked] = []
        self._photos: set[str] = set()
        self._posts: set[str] = set()

    @property
    def posts(self) -> int:
        return len(self._posts)

    @property
    def photos(self) -> int:
        return len(self._photos)

    def is_new(self, event: CollectEvent) -> bool:
        """Count an event; False for what was said to be not checked before, with the same reason."""
        if isinstance(event, Post):
            # A post that was read twice is one.
            self._posts.add(event.url)
            self._photos.update(photo.sha256 for photo in event.photos if photo.sha256)
        elif isinstance(event, NotChecked):
            if event in self._missed:
                return False
            self._missed.append(event)
        return True

    def coverage(self) -> Coverage:
        missed = [item for item in self._missed if not item.aside]
        if not missed:
            return Coverage(self._job.account, "complete", self.posts, self.photos)
        more = len(missed) - 1
        reason = (
            together(missed[0].reason, say("And %(count)s more not checked.", count=more)) if more else missed[0].reason
        )
        return Coverage(self._job.account, "partial", self.posts, self.photos, reason)


def _and_files_no_longer_shown(events: Iterator[CollectEvent], job: CollectJob, files: Files) -> Iterator[CollectEvent]:
    """Yield the events, then what the own address answers of each file on which a finding rests and that has gone."""
    gone: dict[str, tuple[str, str]] = {}
    for event in events:
        if isinstance(event, Post | PostGone):
            gone |= {
                url: (sha256, event.url)
                for url, sha256 in job.watched_files.get(event.url, {}).items()
                if isinstance(event, PostGone) or not _shows(event, url, sha256)
            }
        yield event
    try:
        for url, (sha256, page) in sorted(gone.items()):
            yield files.ask_again(url, sha256, page)
    except OutOfTime:
        # What was not asked is not known to be gone: its findings stay open.
        pass
    yield from files.new()


def _shows(post: Post, url: str, sha256: str) -> bool:
    """True if a post still shows a file, or may: the address stands there, but could not be had this time."""
    photo = any(use.sha256 == sha256 if use.sha256 else use.url == url for use in post.photos)
    return photo or any(use.url == url for use in post.documents)


def _events(
    job: CollectJob, settings: Settings, local_hosts: Mapping[str, tuple[str, int]], warc: Warc | None
) -> Iterator[CollectEvent]:
    options = settings.collect
    if job.folder is not None:
        yield from collect_folder(job, settings)
        return
    source = BY_SOURCE_KIND.get(job.kind)
    if source is None:
        raise AccountFailed(say("Accounts of the kind %(kind)s cannot be read yet.", kind=repr(job.kind)))
    if not is_web_address(job.url):
        raise AccountFailed(say("The account's address is not a web address."))
    site = Site(job.url)
    pace = Pace(options.delay_seconds, options.account_minutes)
    with (
        Guard(local_hosts, options.allow_loopback, max(options.page_timeout_seconds / 2, 1.0)) as guard,
        closing(Fetcher(guard, pace, options.page_timeout_seconds, warc, job.answers)) as fetcher,
        Browser(settings, guard, site, warc, pages := Pages(job.answers, fetcher, site)) as browser,
    ):
        limits = (options.max_file_megabytes, options.max_video_megabytes)
        files = Files(job, fetcher, *(int(limit * _MEGABYTE) for limit in limits))
        visit = Visit(job, settings, site, pace, fetcher, browser, files, None if warc else pages)
        yield from _and_files_no_longer_shown(source.collect(visit), job, files)
        yield from visit.dead()


def collect(
    run: Run,
    accounts: Sequence[Account],
    since: date | None,
    fetch_again: frozenset[str],
    local_hosts: Mapping[str, tuple[str, int]],
    warc: Warc | None = None,
    only_post: str = "",
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
    with stage(run.progress, _("Posts collected"), None) as one_more:
        for account in _longest_ago_first(run, accounts):
            if account.name in done:
                continue
            seconds = run.seconds_left(run.settings.schedule.most_hours * 3600 * EXAMINING)
            if not seconds:
                _leave_out(run, account)
                continue
            job = _job(run, account, known, since, only_post, anew=warc is not None)
            notes = _left_out_as_asked(account, since)
            # The audit's beginning, not this moment: what it read before a cut was reached by it as well.
            started_at = run.store.audits.began(run.audit)
            archived = KnownPosts(run.store.archives.known_posts(account.name))
            with one_visitor(run.visitors, account.url):
                for event in collect_account(job, _within(run.settings, seconds), local_hosts=local_hosts, warc=warc):
                    if job.only_post and isinstance(event, Coverage):
                        run.store.audits.add_to_last_visit(run.audit, account.name, notes)
                        continue
                    _record(run, event, notes, started_at)
                    if isinstance(event, Post) and archived.any_archived:
                        run.store.archives.visited(event.account, event.url, archived.twins(event))
                    if isinstance(event, Post):
                        one_more()


def _job(
    run: Run, account: Account, known: dict[str, KnownFile], since: date | None, only_post: str, *, anew: bool
) -> CollectJob:
    """Return what the collection of one account is told; ``anew``: every answer is had once more."""
    token, token_problem = _token(account)
    watched = run.store.audits.watched_files(account.name)
    seen = {*run.store.published.permalinks(account.name), *watched}
    return CollectJob(
        account=account.name,
        kind=account.kind,
        url=account.url,
        may_be_empty=account.may_be_empty,
        spool=run.spool,
        known_files=known,
        known_posts=frozenset(url for url in seen if not url.startswith(ADDRESS)),
        watched_files=watched,
        read_elsewhere=_read_elsewhere(run, account),
        since=since,
        token=token,
        token_problem=token_problem,
        # With an archive of this run, every answer is had anew: it holds them all, changed or not.
        answers=None if anew else run.store.answers.of(run.audit, account.name, run.now),
        folder=run.workspace.folder / account.folder if account.kind == "folder" else None,
        most_bytes=run.bytes_left(),
        only_post=only_post if account.kind == "website" else "",
    )


def _longest_ago_first(run: Run, accounts: Sequence[Account]) -> list[Account]:
    """Return the accounts in the order in which they were reached last: what one night leaves is first in the next."""
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(accounts, key=lambda account: run.store.audits.last_reached(account.name) or never)


def _within(settings: Settings, seconds: float) -> Settings:
    """Return the settings with no more time for an account than the audit has left."""
    minutes = min(settings.collect.account_minutes, seconds / 60)
    return replace(settings, collect=replace(settings.collect, account_minutes=minutes))


def _leave_out(run: Run, account: Account) -> None:
    """Say of an account that the time of this audit was over before it."""
    log_event(Event.BUDGET_SPENT, stage="collect", account=account.name)
    reason = say("The time for one audit was over before this account was visited; it is the first of the next audit.")
    missed = NotChecked(account.name, account.url, "account", reason, why=Why.TIME)
    coverage = Coverage(account.name, "error", 0, 0, reason)
    run.store.audits.save_coverage(run.audit, coverage, [missed], started_at=run.now(), at=run.now())


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
    return [
        NotChecked(
            account.name, account.url, "posts", say("Posts before %(since)s were not visited, as asked.", since=since)
        )
    ]


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
        case MetAddresses():
            run.store.published.save_addresses(run.audit, event)
        case NotChecked():
            notes.append(event)
        case Coverage():
            run.store.audits.save_coverage(run.audit, event, notes, started_at=started_at, at=run.now())
            whole = event.status == "complete" and all(note.aside for note in notes)
            run.store.answers.account_reached(run.audit, event.account, whole)
            if whole:
                run.store.published.forget_links(event.account, started_at)
