"""YouTube by a channel's public feed: titles, descriptions and thumbnails of its newest videos."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from auditbot.collect.html.dom import attribute, parse, select
from auditbot.collect.net.fetch import FetchFailed, Reply
from auditbot.collect.net.throttle import Retries
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.post import Draft
from auditbot.collect.sources.api import Api, ApiFailed
from auditbot.collect.sources.timeline import Gone, Item, Listing, Service, read_timeline
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.collect.website.discovery import feed_entries
from auditbot.model import CollectEvent, NotChecked
from auditbot.sentences import say

SITE = "https://www.youtube.com"
THUMBNAILS = "https://i.ytimg.com/vi"
_SIZES = ("maxresdefault", "sddefault", "hqdefault")
_FEED_HOLDS = 15
_TRIES = 4
_CHANNEL = re.compile(r"/channel/(UC[\w-]{22})(?:/|$)")
_NAMES = re.compile(r"^/(@[^/]+|user/[^/]+|c/[^/]+|[^/]+)(/|$)")
_VIDEO = re.compile(r"[\w-]{11}")
_CONSENT = say(
    "YouTube asks visitors to agree to cookies before it shows the channel's name. Give the channel's address in "
    "accounts.toml in the form https://www.youtube.com/channel/UC..., which needs no such page."
)


def collect_youtube(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one YouTube channel publishes. Raises AccountFailed or AccountWalled."""
    yield from read_timeline(_YouTube(visit))


class _YouTube(Service):
    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._api = Api(SITE, visit.fetcher, visit.pace, None, _judge)
        self._channel = ""
        self._entries: list[Any] = []

    def begin(self) -> None:
        found = _CHANNEL.search(urlsplit(self.visit.site.url).path)
        self._channel = found[1] if found else self._channel_of_name()

    def _channel_of_name(self) -> str:
        """Read a channel's number from its public page, which is found by its name."""
        if not _NAMES.match(urlsplit(self.visit.site.url).path):
            raise AccountFailed(say("The address should be like https://www.youtube.com/@NAME."))
        reply = self._patiently(self.visit.site.url, "text/html")
        host = urlsplit(reply.url).hostname or ""
        if host.startswith("consent."):
            raise AccountWalled(_CONSENT)
        tree = parse(reply.body.decode("utf-8", "replace"))
        named = [attribute(node, "href") for node in select(tree, "link[rel=canonical], link[rel=alternate]")]
        named += [f"/channel/{attribute(node, 'content')}" for node in select(tree, "meta[itemprop=identifier]")]
        for address in named:
            if found := _CHANNEL.search(f"{urlsplit(address).path}/"):
                return found[1]
            if numbers := parse_qs(urlsplit(address).query).get("channel_id"):
                return numbers[0]
        if tree.css_first("form[action*='consent.']"):
            raise AccountWalled(_CONSENT)
        raise AccountFailed(say("YouTube's page at this address does not name a channel."))

    def _patiently(self, url: str, accept: str) -> Reply:
        """Ask again where YouTube says that a channel is not there: now and then it says so of any."""
        failure = FetchFailed("unreachable", say("The site could not be reached."))
        for _ in Retries(self.visit.pace, _TRIES).times():
            try:
                return self.visit.fetcher.get(url, accept, leave_site=True)
            except FetchFailed as problem:
                failure = problem
                if problem.problem in ("refused", "too large") or problem.status in (401, 403, 429):
                    break
        reason = say(
            "%(failure)s YouTube now and then answers so for channels that are there; nothing is concluded from it.",
            failure=failure.reason,
        )
        raise AccountFailed(reason)

    def page(self, cursor: str) -> Listing:
        reply = self._patiently(f"{SITE}/feeds/videos.xml?channel_id={self._channel}", "application/atom+xml")
        self._entries = feed_entries(reply.body, reply.url)
        if not self._entries and b"<feed" not in reply.body[:2000]:
            raise ApiFailed("unusable", say("YouTube answered with something that is no feed."))
        return Listing(tuple(self._entries))

    def name(self, item: Item) -> str:
        return str(item.get("yt_videoid", ""))

    def moment(self, item: Item) -> datetime | None:
        moment = item.get("published_parsed")
        return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None

    def draft(self, item: Item) -> Draft | None:
        number = self.name(item)
        if not _VIDEO.fullmatch(number):
            raise ValueError("a video without a number")
        thumbnails = tuple(f"{THUMBNAILS}/{number}/{size}.jpg" for size in _SIZES)
        return Draft(
            url=f"https://www.youtube.com/watch?v={number}",
            title=str(item.get("title", "")),
            text=str(item.get("summary", "")).strip(),
            author=str(item.get("author", "")),
            published_at=self.moment(item),
            photos=(PhotoRef(thumbnails, found_in="video"),),
            comments=(),
        )

    def name_in(self, permalink: str) -> str:
        parts = urlsplit(permalink)
        number = parse_qs(parts.query).get("v", [""])[0]
        return number if parts.path == "/watch" and _VIDEO.fullmatch(number) else ""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        """Older videos are asked for by YouTube's own description of a video for embedding."""
        try:
            self._api.get("oembed", {"url": permalink, "format": "json"})
        except ApiFailed as failure:
            if failure.trouble == "gone":
                return Gone(say("YouTube answers 404 Not Found for the video, each time it was asked."))
            if failure.trouble == "walled":
                # Neither private videos nor those that may not be embedded are described: it cannot be told.
                return None
            raise
        return None

    def notes(self) -> Iterator[NotChecked]:
        url, since = self.visit.site.url, self.visit.job.since
        if self._entries:
            reason = say("The films themselves, and the comments under them, were not looked into.")
            yield self.visit.missed(url, "video", reason)
        moments = [moment for entry in self._entries if (moment := self.moment(entry))]
        reached = bool(since and moments and min(moments).astimezone(self.visit.zone).date() < since)
        if len(self._entries) >= _FEED_HOLDS and not reached:
            reason = say(
                "YouTube's feed holds the last %(FEED_HOLDS)s videos only. Older ones stand as they were last "
                "seen, or were never seen; the channel's own data download holds them.",
                FEED_HOLDS=_FEED_HOLDS,
            )
            yield self.visit.missed(url, "listing", reason)


def _judge(status: int, document: Any) -> ApiFailed | None:
    if status == 404:
        return ApiFailed("gone", say("YouTube answered 404."), again=True)
    return None
