"""Mastodon by its public interface: every public post of an account with original photos, descriptions and replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from auditbot.collect.html.comments import read_date
from auditbot.collect.html.dom import parse, text_of
from auditbot.collect.net.json_reading import at, items_at, number_at, text_at
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.post import Draft
from auditbot.collect.sources.api import Api, ApiFailed
from auditbot.collect.sources.timeline import Gone, Item, Listing, Service, read_timeline
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.model import CollectEvent, Comment, NotChecked
from auditbot.sentences import say

_ACCOUNT = re.compile(r"^(?:/web|/deck)?/(?:@|users/)([A-Za-z0-9_.-]+(?:@[A-Za-z0-9.-]+)?)/?$")
_POST = re.compile(r"/(?:@[^/]+|users/[^/]+/statuses)/(\d+)/?$")
_PUBLIC = frozenset({"public", "unlisted"})
_PAGE = 40


def collect_mastodon(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one Mastodon account publishes. Raises AccountFailed or AccountWalled."""
    yield from read_timeline(_Mastodon(visit))


class _Mastodon(Service):
    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        parts = urlsplit(visit.site.url)
        found = _ACCOUNT.match(parts.path)
        self._handle = found[1] if found else ""
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._api = Api(self._origin, visit.fetcher, visit.pace, None, _judge)
        self._account: dict[str, Any] = {}

    def begin(self) -> None:
        if not self._handle:
            raise AccountFailed(say("The address should be like https://INSTANCE/@NAME."))
        if "@" in self._handle:
            # Another instance's copy holds only what somebody there follows.
            raise AccountFailed(say("The address should be the account's own instance's, without a second @."))
        self._account = self._api.get("api/v1/accounts/lookup", {"acct": self._handle})
        if not text_at(self._account, "id"):
            raise AccountFailed(say("The instance does not say who this account is."))
        if at(self._account, "suspended") is True:
            raise AccountWalled(say("The instance has suspended the account and shows nothing of it."))

    def page(self, cursor: str) -> Listing:
        path = f"api/v1/accounts/{text_at(self._account, 'id')}/statuses"
        query = {"limit": str(_PAGE), "exclude_reblogs": "true", "max_id": cursor}
        items = self._list(path, query)
        # Instances may give fewer than were asked for; only an empty page is the last one.
        return Listing(tuple(items), min((text_at(item, "id") for item in items), key=_order, default=""))

    def _list(self, path: str, query: dict[str, str]) -> list[Item]:
        return items_at(self._api.get(path, query, wrap="items"), "items")

    def name(self, item: Item) -> str:
        return text_at(item, "id")

    def moment(self, item: Item) -> datetime | None:
        return read_date(text_at(item, "created_at"), self.visit.zone)

    def draft(self, item: Item) -> Draft | None:
        own = text_at(item, "account", "id") == text_at(self._account, "id")
        if not own or at(item, "reblog") or text_at(item, "visibility") not in _PUBLIC:
            return None
        url = text_at(item, "url") or f"{self._origin}/@{self._handle}/{text_at(item, 'id')}"
        comments, shown = self._replies(item, url) if number_at(item, "replies_count") else ((), ())
        warning = _plain(text_at(item, "spoiler_text"))
        choices = [_plain(text_at(option, "title")) for option in items_at(item, "poll", "options")]
        return Draft(
            url=url,
            title="",
            text="\n".join(filter(None, (warning, _plain(text_at(item, "content")), *choices))),
            author=text_at(item, "account", "display_name") or text_at(item, "account", "username"),
            published_at=self.moment(item),
            photos=(*_photos(item), *shown),
            comments=comments,
            films=tuple(
                text_at(media, "url")
                for media in items_at(item, "media_attachments")
                if text_at(media, "type") in ("video", "gifv") and text_at(media, "url")
            ),
        )

    def _replies(self, item: Item, url: str) -> tuple[tuple[Comment, ...], tuple[PhotoRef, ...]]:
        try:
            context = self._api.get(f"api/v1/statuses/{text_at(item, 'id')}/context")
        except ApiFailed as failure:
            self.missed.append(
                self.visit.missed(
                    url, "comments", say("The replies could not be read. %(failure)s", failure=failure.reason)
                )
            )
            return (), ()
        comments: list[Comment] = []
        photos: list[PhotoRef] = []
        for reply in items_at(context, "descendants"):
            own = text_at(reply, "account", "id") == text_at(self._account, "id")
            # What the account itself replied is a post of its own in its list.
            if own or text_at(reply, "visibility") not in _PUBLIC:
                continue
            warning, words = _plain(text_at(reply, "spoiler_text")), _plain(text_at(reply, "content"))
            comments.append(
                Comment(
                    author=text_at(reply, "account", "display_name") or text_at(reply, "account", "acct"),
                    text="\n".join(filter(None, (warning, words))),
                    published_at=self.moment(reply),
                    url=text_at(reply, "url"),
                )
            )
            photos += _photos(reply, in_comment=True)
        return tuple(comments), tuple(photos)

    def name_in(self, permalink: str) -> str:
        found = _POST.search(urlsplit(permalink).path)
        return found[1] if found and urlsplit(permalink).netloc == urlsplit(self._origin).netloc else ""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        try:
            return self.draft(self._api.get(f"api/v1/statuses/{self.name_in(permalink)}"))
        except ApiFailed as failure:
            if failure.trouble == "gone":
                return Gone(
                    say("The instance answers that the post is not there (%(status)s).", status=_status(failure))
                )
            raise

    def notes(self) -> Iterator[NotChecked]:
        if moved := text_at(self._account, "moved", "url"):
            reason = say(
                "The account says that it has moved to %(moved)s. If that is the school's, add it to the register.",
                moved=moved,
            )
            yield self.visit.missed(self.visit.site.url, "account", reason)


def _judge(status: int, document: Any) -> ApiFailed | None:
    if status in (401, 403, 422):
        return ApiFailed(
            "walled", say("The instance shows its posts only to people who are logged in (%(status)s).", status=status)
        )
    if status in (404, 410) and not text_at(document, "error"):
        # Not how Mastodon says that something is gone: something else has answered.
        return ApiFailed(
            "unreachable", say("The instance answered %(status)s, and not as Mastodon does.", status=status)
        )
    return None


def _status(failure: ApiFailed) -> str:
    return "410 Gone" if failure.status == 410 else "404 Not Found"


def _order(number: str) -> tuple[int, str]:
    """Mastodon's numbers grow in length: a shorter one is older."""
    return len(number), number


def _plain(html: str) -> str:
    body = parse(html).body if html else None
    return text_of(body) if body is not None else ""


def _photos(item: Item, in_comment: bool = False) -> list[PhotoRef]:
    found = []
    for media in items_at(item, "media_attachments"):
        still = text_at(media, "type") == "image"
        preview, alt = text_at(media, "preview_url"), text_at(media, "description")
        # The instance's copy is the one visitors see; the address where a post was first uploaded may be closed.
        addresses = (text_at(media, "url"), text_at(media, "remote_url"), preview) if still else (preview,)
        candidates = tuple(dict.fromkeys(filter(None, addresses)))
        if candidates and text_at(media, "type") != "audio":
            place: Literal["post", "video"] = "post" if still else "video"
            found.append(PhotoRef(candidates, alt, found_in="comment" if in_comment else place))
    # The card shows a picture under the school's name, whoever took it.
    if not items_at(item, "media_attachments") and (card := text_at(item, "card", "image")):
        caption = text_at(item, "card", "title")
        found.append(PhotoRef((card,), caption=caption, found_in="comment" if in_comment else "post"))
    return found
