"""X by its API v2, with the school's own token: the account's own posts with whole text, photos and descriptions."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from auditbot.collect.html.comments import read_date
from auditbot.collect.net.json_reading import at, items_at, number_at, text_at
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.post import Draft
from auditbot.collect.sources.api import Api, ApiFailed
from auditbot.collect.sources.graph import last_part
from auditbot.collect.sources.timeline import Gone, Item, Listing, Service, need_token, path_of, read_timeline
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.model import CollectEvent, NotChecked
from auditbot.sentences import say

API = "https://api.x.com/2"
_NEEDS = say("Reading it needs the school's own token (a bearer token of an app, or the account's) for X's API v2.")
_QUERY = {
    "tweet.fields": "created_at,note_tweet,attachments,author_id,public_metrics,referenced_tweets",
    "expansions": "attachments.media_keys",
    "media.fields": "url,preview_image_url,type,alt_text",
}
_POST = re.compile(r"^/([A-Za-z0-9_]{1,20})/status/(\d+)/?$")
_NAME = re.compile(r"[A-Za-z0-9_]{1,20}")
_MOST_GIVEN = 3200


def collect_x(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one X account publishes. Raises AccountFailed or AccountWalled."""
    yield from read_timeline(_X(visit))


class _X(Service):
    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._api = Api(API, visit.fetcher, visit.pace, need_token(visit, _NEEDS), _judge)
        self._account = last_part(visit.site.url).removeprefix("@")
        self._user: dict[str, Any] = {}
        self._given = 0
        self._answered = False

    def begin(self) -> None:
        if not _NAME.fullmatch(self._account):
            raise AccountFailed(say("The address should be like https://x.com/NAME."))
        answer = self._api.get(f"users/by/username/{self._account}", {"user.fields": "name,protected"})
        self._user = at(answer, "data") or {}
        if not text_at(self._user, "id"):
            raise AccountFailed(say("X answers that there is no account of this name, or that it is suspended."))
        if at(self._user, "protected") is True:
            raise AccountWalled(say("The account is protected: only people it has accepted see its posts."))

    def page(self, cursor: str) -> Listing:
        query = {"max_results": "100", "exclude": "retweets", "pagination_token": cursor, **_QUERY}
        answer = self._api.get(f"users/{text_at(self._user, 'id')}/tweets", query)
        if "data" not in answer and "meta" not in answer:
            raise ApiFailed("unusable", say("X gave no list of posts."))
        items = _with_media(items_at(answer, "data"), answer)
        self._given += len(items)
        return Listing(tuple(items), text_at(answer, "meta", "next_token"))

    def name(self, item: Item) -> str:
        return text_at(item, "id")

    def moment(self, item: Item) -> datetime | None:
        return read_date(text_at(item, "created_at"), self.visit.zone)

    def draft(self, item: Item) -> Draft | None:
        kinds = {text_at(other, "type") for other in items_at(item, "referenced_tweets")}
        if "retweeted" in kinds or text_at(item, "author_id") not in ("", text_at(self._user, "id")):
            return None
        url = f"https://x.com/{self._account}/status/{text_at(item, 'id')}"
        self._answered = self._answered or number_at(item, "public_metrics", "reply_count") > 0
        missing = len(at(item, "attachments", "media_keys") or []) - len(item["media"])
        if missing > 0:
            reason = say("X does not give %(missing)s of the pictures of this post.", missing=missing)
            self.missed.append(self.visit.missed(url, "photo", reason))
        return Draft(
            url=url,
            title="",
            text=html.unescape(text_at(item, "note_tweet", "text") or text_at(item, "text")),
            author=text_at(self._user, "name") or self._account,
            published_at=self.moment(item),
            photos=tuple(photo for media in item["media"] for photo in _photo(media)),
            comments=(),
            films=(url,) if any(text_at(media, "type") != "photo" for media in item["media"]) else (),
        )

    def name_in(self, permalink: str) -> str:
        found = _POST.match(path_of(permalink))
        return found[2] if found and found[1].lower() == self._account.lower() else ""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        answer = self._api.get(f"tweets/{self.name_in(permalink)}", _QUERY)
        if "data" in answer:
            items = _with_media([at(answer, "data")], answer)
            return self.draft(items[0]) if items else None
        if any(text_at(error, "type").endswith("/resource-not-found") for error in items_at(answer, "errors")):
            return Gone(say("X answers that the post was not found."))
        return None

    def notes(self) -> Iterator[NotChecked]:
        if self._answered:
            reason = say("What others replied was not read: X's interface for an account's own posts does not give it.")
            yield self.visit.missed(self.visit.site.url, "comments", reason)
        if self._given >= _MOST_GIVEN:
            reason = say(
                "X gives the newest %(MOST_GIVEN)s posts only. Import the account's archive for the older ones.",
                MOST_GIVEN=_MOST_GIVEN,
            )
            yield self.visit.missed(self.visit.site.url, "listing", reason)


def _judge(status: int, document: Any) -> ApiFailed | None:
    named = f"{text_at(document, 'title')} {text_at(document, 'type')} {text_at(document, 'reason')}".lower()
    if "usagecapexceeded" in named.replace("-", "") or status == 402 or "credits" in named:
        return ApiFailed("later", say("The reading allowance that X sells for this token is used up for this month."))
    if status == 401:
        return ApiFailed("token", say("The token is not accepted: it was revoked or is not whole. Store a new one."))
    if status == 403:
        return ApiFailed(
            "permission", say("The token may not read posts: X asks for an app with access to its API v2.")
        )
    return None


def _with_media(items: list[Any], answer: dict[str, Any]) -> list[Item]:
    """Put into each post the media that the answer describes apart."""
    described = {text_at(media, "media_key"): media for media in items_at(answer, "includes", "media")}
    found = []
    for item in items:
        if isinstance(item, dict):
            keys = at(item, "attachments", "media_keys")
            names = [name for name in keys if isinstance(name, str)] if isinstance(keys, list) else []
            found.append({**item, "media": [described[name] for name in names if name in described]})
    return found


def _photo(media: Item) -> list[PhotoRef]:
    alt = text_at(media, "alt_text")
    if text_at(media, "type") != "photo":
        poster = text_at(media, "preview_image_url")
        return [PhotoRef((poster,), alt, found_in="video")] if poster else []
    address = text_at(media, "url")
    if not address:
        return []
    parts = urlsplit(address)
    sizes = [urlunsplit((parts.scheme, parts.netloc, parts.path, f"name={size}", "")) for size in ("orig", "large")]
    return [PhotoRef((*sizes, address), alt)]
