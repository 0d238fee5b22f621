"""An account's posts as its service lists them, newest first: page by page, each once; then those known from before."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from auditbot.collect.faults import MEANT, fault
from auditbot.collect.net.throttle import OutOfTime
from auditbot.collect.net.urls import absolute, is_web_address
from auditbot.collect.post.post import Draft
from auditbot.collect.post.publish import publish
from auditbot.collect.sources.api import ApiFailed
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.model import CollectEvent, NotChecked, PostGone, Why
from auditbot.registers.accounts import token_variable
from auditbot.sentences import Sentence, quoted, say

Item = dict[str, Any]
_ENDS_ALL = frozenset({"token", "later", "walled", "permission"})


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of an account's list of posts."""

    items: tuple[Item, ...]
    """The posts as the service describes them."""
    following: str = ""
    """What asks for the next page; empty after the last one."""
    broken: str = ""
    """Why the list cannot be followed to its end, as a sentence; empty if it can."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The service's definite answer that a post is there no more."""

    proof: Sentence
    """How that is known, as a sentence."""


class Service(ABC):
    """What differs from service to service. Every method may raise ApiFailed or OutOfTime."""

    lists: tuple[str, ...] = ("",)
    """What asks for the first page of each of the account's lists; the first list cannot be missing."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.missed: list[NotChecked] = []
        """What of the post just drafted was not checked."""

    @abstractmethod
    def begin(self) -> None:
        """Find the account. May raise AccountFailed or AccountWalled too."""

    @abstractmethod
    def page(self, cursor: str) -> Listing:
        """Return the page that a cursor asks for: one of ``lists``, or what a page named as following."""

    @abstractmethod
    def name(self, item: Item) -> str:
        """Return what tells a listed post from every other; empty if it says nothing of the kind."""

    @abstractmethod
    def moment(self, item: Item) -> datetime | None:
        """Return when a listed post was published."""

    @abstractmethod
    def draft(self, item: Item) -> Draft | None:
        """Return a listed post; None for what is not the account's own or not public."""

    @abstractmethod
    def name_in(self, permalink: str) -> str:
        """Return the name of the post that a permalink of this account leads to; empty if it is none."""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        """Ask for one known post; None if the service cannot tell.

        ``listed_whole``: the account's list was read to its end, held posts, and did not hold this one.
        """
        return None

    def notes(self) -> Iterator[NotChecked]:
        """Yield what this service never gives."""
        yield from ()


def read_timeline(service: Service) -> Iterator[CollectEvent]:
    """Yield what an account publishes. Raises AccountFailed or AccountWalled if its list cannot be read at all."""
    try:
        service.begin()
    except ApiFailed as failure:
        raise _of_account(failure) from failure
    yield from _Reading(service).events()


class _Reading:
    """One account's reading while it runs."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._visit = service.visit
        self._listed: set[str] = set()
        self._published: set[str] = set()
        self._whole = False
        self._unread = False
        self._broken = False

    def events(self) -> Iterator[CollectEvent]:
        visit = self._visit
        try:
            yield from self._read_lists()
            if not self._broken and not visit.job.since:
                yield from self._ask_for_known()
        except OutOfTime:
            if not self._published:
                raise
            reason = say("The time for this account was over; what is left waits for the next run.")
            yield visit.missed(visit.site.url, "account", reason)
        yield from self._service.notes()

    def _read_lists(self) -> Iterator[CollectEvent]:
        whole = []
        for start in self._service.lists:
            self._whole = False
            yield from self._read_list(start)
            whole.append(self._whole)
            if self._broken:
                return
        self._whole = all(whole) and not self._unread

    def _read_list(self, cursor: str) -> Iterator[CollectEvent]:
        followed = {cursor}
        limit = self._visit.settings.collect.max_listing_pages
        for _ in range(limit):
            try:
                listing = self._service.page(cursor)
            except ApiFailed as failure:
                self._broken = True
                if not cursor:
                    raise _of_account(failure) from failure
                yield self._list_missed(
                    say("The list of posts was not read to its end. %(failure)s", failure=failure.reason)
                )
                return
            yield from self._drain()
            new = [item for item in listing.items if self._service.name(item) not in self._listed]
            for item in new:
                if len(self._published) >= self._visit.settings.collect.max_posts:
                    yield self._list_missed(
                        say("More than %(count)s posts; the older ones were not read.", count=len(self._published))
                    )
                    return
                yield from self._read_item(item)
            if listing.items and all(self._too_old(self._service.moment(item)) for item in listing.items):
                return
            if listing.broken:
                yield self._list_missed(
                    say("The list of posts was not read to its end. %(broken)s", broken=listing.broken)
                )
                return
            if not listing.following:
                self._whole = True
                return
            if listing.following in followed or (listing.items and not new):
                yield self._list_missed(say("A series of pages without end was given up here."))
                return
            cursor = listing.following
            followed.add(cursor)
        yield self._list_missed(say("More than %(limit)s listing pages; the rest were not followed.", limit=limit))

    def _read_item(self, item: Item) -> Iterator[CollectEvent]:
        name = self._service.name(item)
        if name in self._listed:
            return
        self._listed.add(name)
        try:
            draft = None if self._too_old(self._service.moment(item)) else self._service.draft(item)
            draft = _safe(draft) if draft is not None else None
        except _NoAddress:
            self._unread = True
            yield self._list_missed(say("A listed post has no address, so it was not read."), "post", Why.FAILED)
            return
        except MEANT:
            raise
        except Exception as error:  # noqa: BLE001
            self._unread = True
            yield self._list_missed(
                say("A listed post: %(fault)s", fault=fault(self._visit.job.account, error)), "post", Why.FAULT
            )
            return
        yield from self._drain()
        if draft is not None:
            self._published.add(name)
            yield from publish(draft, self._visit)

    def _ask_for_known(self) -> Iterator[CollectEvent]:
        """Ask for posts of earlier runs that the list did not hold: only a definite answer counts as gone."""
        for url in sorted(filter(is_web_address, self._visit.job.known_posts)):
            name = self._service.name_in(url)
            if not name or name in self._published:
                continue
            try:
                answer = self._service.ask(url, self._whole and bool(self._published))
                answer = _safe(answer) if isinstance(answer, Draft) else answer
            except _NoAddress:
                said = say("The service names no address for this post, so it was not read.")
                yield self._visit.missed(url, "post", said, why=Why.FAILED)
                continue
            except ApiFailed as failure:
                reason = say(
                    "It could not be asked whether the post is still there. %(failure)s", failure=failure.reason
                )
                yield self._visit.missed(url, "post", reason)
                if failure.trouble in _ENDS_ALL:
                    return
                continue
            yield from self._drain()
            if isinstance(answer, Gone):
                yield PostGone(self._visit.job.account, url, answer.proof)
            elif answer is not None:
                self._published.add(name)
                yield from publish(answer, self._visit)

    def _drain(self) -> Iterator[NotChecked]:
        missed, self._service.missed = self._service.missed, []
        yield from missed

    def _too_old(self, moment: datetime | None) -> bool:
        since = self._visit.job.since
        return bool(since and moment and moment.astimezone(self._visit.zone).date() < since)

    def _list_missed(self, reason: Sentence, what: str = "listing", why: Why = Why.OTHER) -> NotChecked:
        return self._visit.missed(self._visit.site.url, what, reason, why=why)


class _NoAddress(Exception):
    """A listed post names nothing that could be its address."""


def _safe(draft: Draft) -> Draft:
    """Leave nothing in a post that stands where an address should and is none. Raises _NoAddress for the post's own."""
    if not is_web_address(draft.url):
        raise _NoAddress
    photos = tuple(
        replace(photo, candidates=tuple(filter(None, (absolute(draft.url, one) for one in photo.candidates))))
        for photo in draft.photos
    )
    comments = tuple(comment if is_web_address(comment.url) else replace(comment, url="") for comment in draft.comments)
    return replace(draft, photos=photos, comments=comments)


def _of_account(failure: ApiFailed) -> AccountFailed | AccountWalled:
    if failure.trouble == "walled":
        return AccountWalled(failure.reason)
    if failure.trouble in ("gone", "absent"):
        return AccountFailed(say("There is no such account at this address. %(failure)s", failure=failure.reason))
    return AccountFailed(failure.reason)


def path_of(url: str) -> str:
    """Return the path of an address; empty for what is none."""
    return urlsplit(url).path if is_web_address(url) else ""


def need_token(visit: Visit, which: str) -> SecretStr:
    """Return the account's token. Raises AccountFailed with what to do; ``which`` says which token is needed."""
    job = visit.job
    if job.token is not None:
        return job.token
    if job.token_problem:
        raise AccountFailed(quoted(job.token_problem))
    raise AccountFailed(
        say(
            "There is no token for this account. %(which)s Give it in the environment variable %(variable)s, or "
            "keep it in this computer's keyring with: auditbot token set \"%(account)s\". Or import the account's "
            "own data download with: auditbot import-archive",
            which=which,
            variable=token_variable(job.account),
            account=job.account,
        )
    )
