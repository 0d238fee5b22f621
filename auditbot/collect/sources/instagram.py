"""Instagram and Threads by their interfaces, with the school's own token: posts, carousels, reels, stories, replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from auditbot.collect.html.comments import read_date
from auditbot.collect.net.json_reading import at, items_at, number_at, text_at
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.post import Draft
from auditbot.collect.sources.api import Api, ApiFailed
from auditbot.collect.sources.graph import judge, last_part, listing, rest_of
from auditbot.collect.sources.timeline import Gone, Item, Listing, Service, need_token, path_of, read_timeline
from auditbot.collect.visit import AccountFailed, Visit
from auditbot.model import CollectEvent, Comment, NotChecked
from auditbot.sentences import say

API = "https://graph.instagram.com"
_NEEDS = say(
    "Reading it needs a professional Instagram account and its token with the permissions instagram_business_basic and "
    "instagram_business_manage_comments."
)
_COMMENT = "text,timestamp,username,hidden"
_COMMENTS = f"comments.limit(50){{{_COMMENT},replies.limit(50){{{_COMMENT}}}}}"
_MEDIA = "id,media_type,media_url,thumbnail_url"
_FIELDS = f"{_MEDIA},caption,permalink,timestamp,username,comments_count,children{{{_MEDIA}}}"
_POST = re.compile(r"/(?:p|reel|tv)/([A-Za-z0-9_-]+)/?$")
_STORY = re.compile(r"/stories/[^/]+/(\d+)/?$")
_STORIES = "stories"


def collect_instagram(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one Instagram account publishes. Raises AccountFailed."""
    yield from read_timeline(_Instagram(visit))


class _Instagram(Service):
    lists = ("", _STORIES)

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        base = f"{API}/{visit.settings.collect.graph_version}"
        self._api = Api(base, visit.fetcher, visit.pace, need_token(visit, _NEEDS), judge)
        self._fields = f"{_FIELDS},{_COMMENTS}"
        self._without_comments = False
        self._stories_read = False

    def begin(self) -> None:
        wanted = last_part(self.visit.site.url)
        if not wanted:
            raise AccountFailed(say("The address should be like https://www.instagram.com/NAME/."))
        told = text_at(self._api.get("me", {"fields": "user_id,username"}), "username")
        if told.lower() != wanted.lower():
            raise AccountFailed(
                say("The token is another account's: its name is not the one in the register's address.")
            )

    def page(self, cursor: str) -> Listing:
        if cursor == _STORIES:
            return self._stories()
        if cursor:
            return listing(self._api, self._api.get(cursor))
        try:
            return self._first("me/media")
        except ApiFailed as failure:
            if failure.trouble != "permission":
                raise
        self._without_comments, self._fields = True, _FIELDS
        return self._first("me/media")

    def _first(self, path: str) -> Listing:
        return listing(self._api, self._api.get(path, {"fields": self._fields, "limit": "50"}))

    def _stories(self) -> Listing:
        """Return the stories that are up today. They carry no list of comments."""
        try:
            found = listing(self._api, self._api.get("me/stories", {"fields": f"{_MEDIA},caption,permalink,timestamp"}))
        except ApiFailed as failure:
            reason = say("The stories could not be read. %(failure)s", failure=failure.reason)
            self.missed.append(self.visit.missed(self.visit.site.url, "stories", reason))
            return Listing(())
        self._stories_read = True
        return found

    def name(self, item: Item) -> str:
        return self.name_in(text_at(item, "permalink")) or text_at(item, "id")

    def moment(self, item: Item) -> datetime | None:
        return read_date(text_at(item, "timestamp"), self.visit.zone)

    def draft(self, item: Item) -> Draft | None:
        url = text_at(item, "permalink")
        if not self.name_in(url):
            raise ValueError("a post without an address")
        parts = items_at(item, "children", "data") or [item]
        missing = [part for part in parts if not text_at(part, "media_url") and not text_at(part, "thumbnail_url")]
        if missing:
            # So Instagram treats what it takes for a breach of copyright: music, mostly.
            reason = say("Instagram does not give %(count)s of the pictures of this post.", count=len(missing))
            self.missed.append(self.visit.missed(url, "photo", reason))
        return Draft(
            url=url,
            title="",
            text=text_at(item, "caption"),
            author=text_at(item, "username") or last_part(self.visit.site.url),
            published_at=self.moment(item),
            photos=tuple(photo for part in parts for photo in _photo(part)),
            comments=self._comments_of(item, url),
            films=(url,) if any(_is_film(part) for part in parts) else (),
        )

    def _comments_of(self, item: Item, url: str) -> tuple[Comment, ...]:
        found: list[Item] = []
        try:
            for comment in rest_of(self._api, at(item, "comments")):
                found += [comment, *rest_of(self._api, at(comment, "replies"))]
        except ApiFailed as failure:
            self.missed.append(
                self.visit.missed(
                    url, "comments", say("Not all comments were read. %(failure)s", failure=failure.reason)
                )
            )
            found = items_at(item, "comments", "data")
        else:
            hidden = number_at(item, "comments_count") and not found and not self._without_comments
            if hidden:
                reason = say("The post has comments, but Instagram gives none of them to this token.")
                self.missed.append(self.visit.missed(url, "comments", reason))
        # The account's own token is shown what the account has hidden from everybody else.
        shown = [one for one in found if at(one, "hidden") is not True]
        return tuple(Comment(text_at(one, "username"), text_at(one, "text"), self.moment(one)) for one in shown)

    def name_in(self, permalink: str) -> str:
        path = path_of(permalink)
        if story := _STORY.search(path):
            return f"story {story[1]}"
        found = _POST.search(path)
        return found[1] if found else ""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        """Instagram tells nothing by a post's address: a list read to its end that lacks the post is the proof."""
        is_story = bool(_STORY.search(path_of(permalink)))
        if not listed_whole or (is_story and not self._stories_read):
            return None
        return Gone(say("The account's list of posts, read to its end, no longer holds it."))

    def notes(self) -> Iterator[NotChecked]:
        if self._without_comments:
            reason = say(
                "The comments were not read: the token lacks the permission instagram_business_manage_comments."
            )
            yield self.visit.missed(self.visit.site.url, "comments", reason)


def _is_film(part: Any) -> bool:
    return text_at(part, "media_type") in ("VIDEO", "REELS")


def _photo(part: Item) -> list[PhotoRef]:
    film = _is_film(part)
    address = text_at(part, "thumbnail_url") if film else text_at(part, "media_url") or text_at(part, "thumbnail_url")
    return [PhotoRef((address,), found_in="video" if film else "post")] if address else []


# Threads by its API, with the school's own token: posts, the account's own replies, photos, and others'
# replies.

THREADS_API = "https://graph.threads.net/v1.0"
_THREADS_NEEDS = say(
    "Reading it needs the account's own token with the permissions threads_basic and threads_read_replies."
)
_THREADS_MEDIA = "id,media_type,media_url,thumbnail_url,alt_text"
_THREADS_FIELDS = f"{_THREADS_MEDIA},text,permalink,timestamp,username,has_replies,children{{{_THREADS_MEDIA}}}"
_REPLY = f"{_THREADS_MEDIA},text,permalink,timestamp,username,hide_status,children{{{_THREADS_MEDIA}}}"
_THREADS_POST = re.compile(r"/@([^/]+)/post/([A-Za-z0-9_-]+)/?$")
_HIDDEN = frozenset({"HIDDEN", "BLOCKED", "RESTRICTED"})
_REPLIES = "me/replies"


def collect_threads(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one Threads account publishes. Raises AccountFailed."""
    yield from read_timeline(_Threads(visit))


class _Threads(Service):
    lists = ("", _REPLIES)

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._api = Api(THREADS_API, visit.fetcher, visit.pace, need_token(visit, _THREADS_NEEDS), judge)
        self._account = last_part(visit.site.url).removeprefix("@").lower()
        self._may_read_replies = True

    def begin(self) -> None:
        if not self._account:
            raise AccountFailed(say("The address should be like https://www.threads.net/@NAME."))
        told = text_at(self._api.get("me", {"fields": "id,username"}), "username")
        if told.lower() != self._account:
            raise AccountFailed(
                say("The token is another account's: its name is not the one in the register's address.")
            )

    def page(self, cursor: str) -> Listing:
        if cursor == _REPLIES:
            return self._own_replies()
        path, query = (cursor, {}) if cursor else ("me/threads", {"fields": _THREADS_FIELDS, "limit": "50"})
        return listing(self._api, self._api.get(path, query))

    def _own_replies(self) -> Listing:
        """Return what the account itself wrote under posts: its own words and photos, wherever they stand."""
        try:
            return listing(self._api, self._api.get(_REPLIES, {"fields": _THREADS_FIELDS, "limit": "50"}))
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
                self.missed.append(
                    self.visit.missed(
                        url, "comments", say("Not all replies were read. %(failure)s", failure=failure.reason)
                    )
                )
            return (), ()
        own = self._account
        others = [one for one in found if text_at(one, "username").lower() != own and not _is_hidden(one)]
        comments = tuple(
            Comment(text_at(one, "username"), text_at(one, "text"), self.moment(one), text_at(one, "permalink"))
            for one in others
        )
        return comments, tuple(photo for one in others for photo in _photos(one, in_comment=True))

    def name_in(self, permalink: str) -> str:
        found = _THREADS_POST.search(path_of(permalink))
        return found[2] if found and found[1].lower() == self._account else ""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        """Threads tells nothing by a post's address: a list read to its end that lacks the post is the proof."""
        if not listed_whole or not self._may_read_replies:
            return None
        return Gone(say("The account's list of posts, read to its end, no longer holds it."))

    def notes(self) -> Iterator[NotChecked]:
        if not self._may_read_replies:
            reason = say("Replies were not read: the token lacks the permission threads_read_replies.")
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
