"""One account, collected: what it publishes as events, and at the end how far it was reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing

from auditbot.collect.bluesky import collect_bluesky
from auditbot.collect.browser import Browser
from auditbot.collect.facebook import collect_facebook
from auditbot.collect.fetch import Fetcher
from auditbot.collect.files import Files
from auditbot.collect.folder import collect_folder
from auditbot.collect.guard import Guard
from auditbot.collect.instagram import collect_instagram
from auditbot.collect.mastodon import collect_mastodon
from auditbot.collect.pace import OutOfTime, Pace
from auditbot.collect.page import UNREADABLE
from auditbot.collect.site import Site, is_web_address
from auditbot.collect.threads import collect_threads
from auditbot.collect.unchanged import Pages
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.collect.warc import Warc
from auditbot.collect.website import collect_website
from auditbot.collect.x import collect_x
from auditbot.collect.youtube import collect_youtube
from auditbot.model import CollectEvent, CollectJob, Coverage, CoverageStatus, NotChecked, Post, PostGone
from auditbot.settings import Settings

Source = Callable[[Visit], Iterator[CollectEvent]]
SOURCES: Mapping[str, Source] = {
    "website": collect_website,
    "youtube": collect_youtube,
    "bluesky": collect_bluesky,
    "mastodon": collect_mastodon,
    "facebook": collect_facebook,
    "instagram": collect_instagram,
    "threads": collect_threads,
    "x": collect_x,
}
"""By the account's kind, what reads it: one function per file, which yields every event but Coverage."""

_MEGABYTE = 1_000_000


def collect_account(
    job: CollectJob, settings: Settings, *, local_hosts: Mapping[str, tuple[str, int]] = {}, warc: Warc | None = None
) -> Iterator[CollectEvent]:
    """Yield what one account publishes, ending with exactly one Coverage whatever the site does.

    ``local_hosts`` maps a host name (port 80) to a loopback address to dial for it; ``warc`` keeps what
    its pages and files are answered. Use the generator from one thread.
    Raises BrowserMissing or BrowserUnusable where there is no browser, and nothing else.
    """
    count = _Count(job)
    status: CoverageStatus | None = None
    try:
        for event in _events(job, settings, local_hosts, warc):
            if count.is_new(event):
                yield event
    except AccountWalled as walled:
        status, reason = "walled", str(walled)
    except AccountFailed as failed:
        status, reason = "error", str(failed)
    except OutOfTime:
        status, reason = "error", "The time for this account was over before anything could be read."
    except OSError as error:
        status, reason = "error", f"This machine could not go on: {error.strerror or type(error).__name__}."
    except UNREADABLE as error:
        status, reason = "error", f"The account could not be read ({type(error).__name__})."
    if status is None and count.posts == 0 and not job.may_be_empty and not job.since:
        status, reason = "error", "No posts were found where there should be some."
    if status is not None:
        yield NotChecked(job.account, job.url, "account", reason)
        yield Coverage(job.account, status, count.posts, count.photos, reason)
    else:
        yield count.coverage()


class _Count:
    """Counts what was reached and what was not."""

    def __init__(self, job: CollectJob) -> None:
        self._job = job
        self._missed: list[NotChecked] = []
        self._photos: set[str] = set()
        self.posts = 0

    @property
    def photos(self) -> int:
        return len(self._photos)

    def is_new(self, event: CollectEvent) -> bool:
        """Count an event; False for what was said to be not checked before, with the same reason."""
        if isinstance(event, Post):
            self.posts += 1
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
        reason = missed[0].reason + (f" And {more} more not checked." if more else "")
        return Coverage(self._job.account, "partial", self.posts, self.photos, reason)


def _and_files_no_longer_shown(events: Iterator[CollectEvent], job: CollectJob, files: Files) -> Iterator[CollectEvent]:
    """Yield the events, then what the own address answers of each file on which a finding rests and that has gone."""
    gone: dict[str, str] = {}
    for event in events:
        if isinstance(event, Post | PostGone):
            gone |= {
                url: sha256
                for url, sha256 in job.watched_files.get(event.url, {}).items()
                if isinstance(event, PostGone) or not _shows(event, url, sha256)
            }
        yield event
    try:
        for url, sha256 in sorted(gone.items()):
            yield files.ask_again(url, sha256)
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
    source = SOURCES.get(job.kind)
    if source is None:
        raise AccountFailed(f"Accounts of the kind {job.kind!r} cannot be read yet.")
    if not is_web_address(job.url):
        raise AccountFailed("The account's address is not a web address.")
    site = Site(job.url)
    pace = Pace(options.delay_seconds, options.account_minutes)
    with (
        Guard(local_hosts, options.allow_loopback, max(options.page_timeout_seconds / 2, 1.0)) as guard,
        closing(Fetcher(guard, pace, options.page_timeout_seconds, warc, job.answers)) as fetcher,
        Browser(settings, guard, site, warc, Pages(job.answers, fetcher) if job.answers else None) as browser,
    ):
        limits = (options.max_file_megabytes, options.max_video_megabytes)
        files = Files(job, fetcher, *(int(limit * _MEGABYTE) for limit in limits))
        yield from _and_files_no_longer_shown(
            source(Visit(job, settings, site, pace, fetcher, browser, files)), job, files
        )
