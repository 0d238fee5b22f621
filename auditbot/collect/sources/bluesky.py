"""Bluesky by its public AppView: every post of an account with photos, alternative texts and replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from auditbot.collect.html.comments import read_date
from auditbot.collect.net.json_reading import at, items_at, number_at, text_at
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.post import Draft
from auditbot.collect.sources.api import Api, ApiFailed
from auditbot.collect.sources.timeline import Gone, Item, Listing, Service, path_of, read_timeline
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.model import CollectEvent, Comment
from auditbot.sentences import say

API = "https://public.api.bsky.app"
_LOGGED_IN_ONLY = "!no-unauthenticated"
_WALLED = say("The account asks that its posts be shown only to people who are logged in to Bluesky.")
_PROFILE = re.compile(r"/profile/([^/]+)/?$")
_POST = re.compile(r"/profile/([^/]+)/post/([A-Za-z0-9._~:-]+)/?$")


def collect_bluesky(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one Bluesky account publishes. Raises AccountFailed or AccountWalled."""
    yield from read_timeline(_Bluesky(visit))


class _Bluesky(Service):
    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._api = Api(API, visit.fetcher, visit.pace, None, _judge)
        found = _PROFILE.search(urlsplit(visit.site.url).path)
        self._actor = found[1] if found else ""
        self._did = ""

    def begin(self) -> None:
        if not self._actor:
            raise AccountFailed(say("The address should be like https://bsky.app/profile/NAME."))
        profile = self._api.get("xrpc/app.bsky.actor.getProfile", {"actor": self._actor})
        if _LOGGED_IN_ONLY in _labels(profile):
            raise AccountWalled(_WALLED)
        self._did = text_at(profile, "did")
        if not self._did:
            raise AccountFailed(say("Bluesky does not say who this account is."))

    def page(self, cursor: str) -> Listing:
        query = {"actor": self._did, "limit": "100", "filter": "posts_with_replies", "cursor": cursor}
        feed = self._api.get("xrpc/app.bsky.feed.getAuthorFeed", query)
        return Listing(tuple(items_at(feed, "feed")), text_at(feed, "cursor"))

    def name(self, item: Item) -> str:
        """A repost and the post itself are two entries of the feed with one address."""
        repost = "repost of " if text_at(item, "reason", "$type").endswith("#reasonRepost") else ""
        return repost + (_key(text_at(item, "post", "uri")) if self._own(item) else text_at(item, "post", "uri"))

    def moment(self, item: Item) -> datetime | None:
        return self._moment(at(item, "post"))

    def _moment(self, post: Any) -> datetime | None:
        """The day the writer's machine claims, but never after the day the service first saw the post."""
        claimed = read_date(text_at(post, "record", "createdAt"), self.visit.zone)
        seen = read_date(text_at(post, "indexedAt"), self.visit.zone)
        return min((moment for moment in (claimed, seen) if moment), default=None)

    def _own(self, item: Item) -> bool:
        return text_at(item, "post", "author", "did") == self._did

    def draft(self, item: Item) -> Draft | None:
        if not self._own(item) or text_at(item, "reason", "$type").endswith("#reasonRepost"):
            return None
        return self._draft(at(item, "post"))

    def _draft(self, post: Any) -> Draft | None:
        if _LOGGED_IN_ONLY in _labels(post) | _labels(at(post, "author")):
            raise AccountWalled(_WALLED)
        uri = text_at(post, "uri")
        if not _key(uri):
            return None
        url = f"https://bsky.app/profile/{self._actor}/post/{_key(uri)}"
        comments, shown = self._replies(uri, url) if number_at(post, "replyCount") else ((), ())
        embed = at(post, "embed")
        return Draft(
            url=url,
            title="",
            text=text_at(post, "record", "text"),
            author=text_at(post, "author", "displayName") or text_at(post, "author", "handle"),
            published_at=self._moment(post),
            photos=(*_photos(embed), *shown),
            comments=comments,
            films=(url,) if text_at(_media(embed), "playlist") else (),
        )

    def _replies(self, uri: str, url: str) -> tuple[tuple[Comment, ...], tuple[PhotoRef, ...]]:
        """Return what others wrote under a post, and the photos they showed there."""
        try:
            answer = self._thread(uri)
        except ApiFailed as failure:
            self.missed.append(
                self.visit.missed(
                    url, "comments", say("The replies could not be read. %(failure)s", failure=failure.reason)
                )
            )
            return (), ()
        comments: list[Comment] = []
        photos: list[PhotoRef] = []
        waiting = items_at(answer, "thread", "replies")[::-1]
        while waiting:
            reply = waiting.pop()
            waiting += items_at(reply, "replies")[::-1]
            post = at(reply, "post")
            author = text_at(post, "author", "did")
            # What the account itself replied is a post of its own in its feed.
            if not author or author == self._did or _LOGGED_IN_ONLY in _labels(at(post, "author")):
                continue
            handle = text_at(post, "author", "handle")
            comments.append(
                Comment(
                    author=text_at(post, "author", "displayName") or handle,
                    text=text_at(post, "record", "text"),
                    published_at=self._moment(post),
                    url=f"https://bsky.app/profile/{handle}/post/{_key(text_at(post, 'uri'))}",
                )
            )
            photos += _photos(at(post, "embed"), in_comment=True)
        return tuple(comments), tuple(photos)

    def _thread(self, uri: str) -> dict[str, Any]:
        return self._api.get("xrpc/app.bsky.feed.getPostThread", {"uri": uri, "depth": "50", "parentHeight": "0"})

    def name_in(self, permalink: str) -> str:
        found = _POST.search(path_of(permalink))
        return found[2] if found and found[1] in (self._actor, self._did) else ""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        uri = f"at://{self._did}/app.bsky.feed.post/{self.name_in(permalink)}"
        try:
            answer = self._thread(uri)
        except ApiFailed as failure:
            if failure.trouble == "gone":
                return Gone(say("Bluesky answers that the post was not found."))
            raise
        if text_at(answer, "thread", "$type").endswith("#notFoundPost"):
            return Gone(say("Bluesky answers that the post was not found."))
        post = at(answer, "thread", "post")
        return self._draft(post) if text_at(post, "author", "did") == self._did else None


def _judge(status: int, document: Any) -> ApiFailed | None:
    code = text_at(document, "error")
    if status == 400 and code == "NotFound":
        return ApiFailed("gone", say("Bluesky answers that the post was not found."))
    if code in ("AccountTakedown", "AccountDeactivated", "AccountSuspended"):
        return ApiFailed("unusable", say("Bluesky answers that the account is closed (%(code)s).", code=code))
    if status == 400 and "not found" in text_at(document, "message").lower():
        return ApiFailed("absent", say("Bluesky does not know the account."))
    if status == 404:
        # Not how this interface says that a post is gone: something else has answered.
        return ApiFailed("unreachable", say("Bluesky's interface answered 404."), again=True)
    return None


def _labels(holder: Any) -> set[str]:
    return {text_at(label, "val") for label in items_at(holder, "labels") if at(label, "neg") is not True}


def _key(uri: str) -> str:
    return uri.rpartition("/")[2] if "/app.bsky.feed.post/" in uri else ""


def _media(embed: Any) -> Any:
    """Return the part of an embed that is the post's own: a quotation beside it is somebody else's post."""
    return at(embed, "media") if isinstance(at(embed, "media"), dict) else embed


def _photos(embed: Any, in_comment: bool = False) -> list[PhotoRef]:
    """Return the pictures of a post: its own, a film's poster, and the picture on the card of a link."""
    media = _media(embed)
    found = []
    for image in (*items_at(media, "images"), *items_at(media, "items")):
        candidates = tuple(dict.fromkeys(filter(None, (text_at(image, "fullsize"), text_at(image, "thumbnail")))))
        candidates = candidates or tuple(filter(None, (text_at(image, "thumb"),)))
        if candidates:
            found.append(PhotoRef(candidates, text_at(image, "alt"), found_in="comment" if in_comment else "post"))
    if text_at(media, "playlist") and (poster := text_at(media, "thumbnail")):
        found.append(PhotoRef((poster,), text_at(media, "alt"), found_in="comment" if in_comment else "video"))
    # The card shows a picture under the school's name, whoever took it.
    if card := text_at(media, "external", "thumb"):
        caption = text_at(media, "external", "title")
        found.append(PhotoRef((card,), caption=caption, found_in="comment" if in_comment else "post"))
    return found
