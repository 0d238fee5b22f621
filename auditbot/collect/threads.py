"""Threads by its API, with the school's own token: posts, the account's own replies, photos, and others' replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from auditbot.collect.api import Api, ApiFailed
from auditbot.collect.dates import read_date
from auditbot.collect.graph import judge, last_part, listing, rest_of
from auditbot.collect.json_reading import at, items_at, text_at
from auditbot.collect.leads import PhotoRef
from auditbot.collect.post_page import Draft
from auditbot.collect.timeline import Gone, Item, Listing, Service, need_token, path_of, read_timeline
from auditbot.collect.visit import AccountFailed, Visit
from auditbot.model import CollectEvent, Comment, NotChecked

API = "https://graph.threads.net/v1.0"
_NEEDS = "Reading it needs the account's own token with the permissions threads_basic and threads_read_replies."
_MEDIA = "id,media_type,media_url,thumbnail_url,alt_text"
_FIELDS = f"{_MEDIA},text,permalink,timestamp,username,has_replies,children{{{_MEDIA}}}"
_REPLY = f"{_MEDIA},text,permalink,timestamp,username,hide_status,children{{{_MEDIA}}}"
_POST = re.compile(r"/@([^/]+)/post/([A-Za-z0-9_-]+)/?$")
_HIDDEN = frozenset({"HIDDEN", "BLOCKED", "RESTRICTED"})
_REPLIES = "me/replies"


def collect_threads(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one Threads account publishes. Raises AccountFailed."""
    yield from read_timeline(_Threads(visit))


class _Threads(Service):
    lists = ("", _REPLIES)

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._api = Api(API, visit.fetcher, visit.pace, need_token(visit, _NEEDS), judge)
        self._account = last_part(visit.site.url).removeprefix("@").lower()
        self._may_read_replies = True

    def begin(self) -> None:
        if not self._account:
            raise AccountFailed("The address should be like https://www.threads.net/@NAME.")
        told = text_at(self._api.get("me", {"fields": "id,username"}), "username")
        if told.lower() != self._account:
            raise AccountFailed("The token is another account's: its name is not the one in the register's address.")

    def page(self, cursor: str) -> Listing:
        if cursor == _REPLIES:
            return self._own_replies()
        path, query = (cursor, {}) if cursor else ("me/threads", {"fields": _FIELDS, "limit": "50"})
        return listing(self._api, self._api.get(path, query))

    def _own_replies(self) -> Listing:
        """Return what the account itself wrote under posts: its own words and photos, wherever they stand."""
        try:
            return listing(self._api, self._api.get(_REPLIES, {"fields": _FIELDS, "limit": "50"}))
        except ApiFailed as failure:
            if failure.trouble != "permission":
                raise
        self._may_read_replies = False
        return Listing(())

    def name(self, item: Item) -> str:
        return self.name_in(text_at(item, "permalink")) or text_at(item, "id")

    def moment(self, item: Item) -> datetime | None:
        return read_date(text_at(item, "timestamp"), self.visit.zone)

    def draft(self, item: Item) -> Draft | None:
        if text_at(item, "media_type") == "REPOST_FACADE":
            return None
        url = text_at(item, "permalink")
        if not self.name_in(url):
            raise ValueError("a post without an address")
        comments, shown = self._replies(item, url)
        parts = items_at(item, "children", "data") or [item]
        return Draft(
            url=url,
            title="",
            text=text_at(item, "text"),
            author=text_at(item, "username") or self._account,
            published_at=self.moment(item),
            photos=(*_photos(item), *shown),
            comments=comments,
            films=(url,) if any(text_at(part, "media_type") == "VIDEO" for part in parts) else (),
        )

    def _replies(self, item: Item, url: str) -> tuple[tuple[Comment, ...], tuple[PhotoRef, ...]]:
        if at(item, "has_replies") is not True or not self._may_read_replies:
            return (), ()
        try:
            first = self._api.get(f"{text_at(item, 'id')}/conversation", {"fields": _REPLY, "limit": "50"})
            found = rest_of(self._api, first)
        except ApiFailed as failure:
            if failure.trouble == "permission":
                self._may_read_replies = False
            else:
                self.missed.append(self.visit.missed(url, "comments", f"Not all replies were read. {failure}"))
            return (), ()
        own = self._account
        others = [one for one in found if text_at(one, "username").lower() != own and not _is_hidden(one)]
        comments = tuple(
            Comment(text_at(one, "username"), text_at(one, "text"), self.moment(one), text_at(one, "permalink"))
            for one in others
        )
        return comments, tuple(photo for one in others for photo in _photos(one, in_comment=True))

    def name_in(self, permalink: str) -> str:
        found = _POST.search(path_of(permalink))
        return found[2] if found and found[1].lower() == self._account else ""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        """Threads tells nothing by a post's address: a list read to its end that lacks the post is the proof."""
        if not listed_whole or not self._may_read_replies:
            return None
        return Gone("the account's list of posts, read to its end, no longer holds it")

    def notes(self) -> Iterator[NotChecked]:
        if not self._may_read_replies:
            reason = "Replies were not read: the token lacks the permission threads_read_replies."
            yield self.visit.missed(self.visit.site.url, "comments", reason)


def _is_hidden(reply: Any) -> bool:
    return text_at(reply, "hide_status") in _HIDDEN


def _photos(item: Item, in_comment: bool = False) -> list[PhotoRef]:
    found = []
    for part in items_at(item, "children", "data") or [item]:
        film = text_at(part, "media_type") == "VIDEO"
        address = text_at(part, "thumbnail_url") if film else text_at(part, "media_url")
        if address and text_at(part, "media_type") in ("IMAGE", "VIDEO"):
            place = PhotoRef((address,), text_at(part, "alt_text"), found_in="video" if film else "post")
            found.append(PhotoRef((address,), place.alt, found_in="comment") if in_comment else place)
    return found
