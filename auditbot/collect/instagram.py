"""Instagram by the API with Instagram login, with the school's own token: posts, carousels, reels and stories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from auditbot.collect.api import Api, ApiFailed
from auditbot.collect.dates import read_date
from auditbot.collect.graph import judge, last_part, listing, rest_of
from auditbot.collect.json_reading import at, items_at, number_at, text_at
from auditbot.collect.leads import PhotoRef
from auditbot.collect.post_page import Draft
from auditbot.collect.timeline import Gone, Item, Listing, Service, need_token, path_of, read_timeline
from auditbot.collect.visit import AccountFailed, Visit
from auditbot.model import CollectEvent, Comment, NotChecked

API = "https://graph.instagram.com"
_NEEDS = (
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
            raise AccountFailed("The address should be like https://www.instagram.com/NAME/.")
        told = text_at(self._api.get("me", {"fields": "user_id,username"}), "username")
        if told.lower() != wanted.lower():
            raise AccountFailed("The token is another account's: its name is not the one in the register's address.")

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
            reason = f"The stories could not be read. {failure}"
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
            reason = f"Instagram does not give {len(missing)} of the pictures of this post."
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
            self.missed.append(self.visit.missed(url, "comments", f"Not all comments were read. {failure}"))
            found = items_at(item, "comments", "data")
        else:
            hidden = number_at(item, "comments_count") and not found and not self._without_comments
            if hidden:
                reason = "The post has comments, but Instagram gives none of them to this token."
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
        return Gone("the account's list of posts, read to its end, no longer holds it")

    def notes(self) -> Iterator[NotChecked]:
        if self._without_comments:
            reason = "The comments were not read: the token lacks the permission instagram_business_manage_comments."
            yield self.visit.missed(self.visit.site.url, "comments", reason)


def _is_film(part: Any) -> bool:
    return text_at(part, "media_type") in ("VIDEO", "REELS")


def _photo(part: Item) -> list[PhotoRef]:
    film = _is_film(part)
    address = text_at(part, "thumbnail_url") if film else text_at(part, "media_url") or text_at(part, "thumbnail_url")
    return [PhotoRef((address,), found_in="video" if film else "post")] if address else []
