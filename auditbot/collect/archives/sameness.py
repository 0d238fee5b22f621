"""Whether two posts are one, met in a download and on a visit: by address, else by minute and words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from auditbot.collect.archives.items import ADDRESS, Item
from auditbot.collect.site import key
from auditbot.model import Post
from auditbot.store.archives import KnownPost

_STATUS = re.compile(r"/status(es)?/(\d+)")
_X_HOSTS = ("x.com", "twitter.com")
_FILM_HOSTS = ("youtube.com", "youtu.be")
_ENOUGH = 20


def identity(url: str) -> str:
    """Return what all addresses of one post share."""
    if url.startswith(ADDRESS):
        return url
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
        if host in _X_HOSTS and (status := _STATUS.search(parts.path)):
            return f"x {status[2]}"
        if host in _FILM_HOSTS:
            number = parse_qs(parts.query).get("v", [""])[0] or parts.path.rpartition("/")[2]
            return f"youtube {number}"
        return key(url)
    except ValueError:
        return url


class KnownPosts:
    """An account's known posts, to find one among them."""

    def __init__(self, posts: Iterable[KnownPost]) -> None:
        self._by_identity: dict[str, KnownPost] = {}
        self._by_minute: dict[datetime, list[KnownPost]] = defaultdict(list)
        self.any_archived = False
        """Whether a download alone has shown any of them."""
        for post in posts:
            self.any_archived |= post.archived
            self._by_identity.setdefault(identity(post.url), post)
            if post.published_at:
                self._by_minute[_minute(post.published_at)].append(post)
        self.met: set[str] = set()
        """Addresses of the posts found so far: each is found by its words once only."""

    def find(self, item: Item) -> KnownPost | None:
        """Return the known post that a download's item is."""
        for url in (item.url, *item.same_as):
            if known := self._by_identity.get(identity(url)):
                self.met.add(known.url)
                return known
        if item.url.startswith(ADDRESS) and item.published_at:
            for known in self._by_minute.get(_minute(item.published_at), ()):
                if known.url not in self.met and _same_words(item.text, len(item.photos), known.text, known.photos):
                    self.met.add(known.url)
                    return known
        return None

    def twins(self, post: Post) -> list[str]:
        """Return the posts that only downloads have shown and that are the post a visit shows now."""
        found = []
        same = self._by_identity.get(identity(post.url))
        if same and same.archived and same.url != post.url:
            found.append(same.url)
        photos = sum(use.found_in == "post" for use in post.photos)
        for known in self._by_minute.get(_minute(post.published_at), ()) if post.published_at else ():
            no_address = known.archived and known.url.startswith(ADDRESS) and known.url not in self.met
            if no_address and _same_words(known.text, known.photos, post.text, photos):
                self.met.add(known.url)
                found.append(known.url)
                break
        return found


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _same_words(one: str, photos_of_one: int, other: str, photos_of_other: int) -> bool:
    """Compare letters and digits alone; one may go on longer, with the name of a link or a place."""
    first, second = sorted((re.sub(r"\W+", "", text.casefold()) for text in (one, other)), key=len)
    if not first and not second:
        return photos_of_one == photos_of_other
    return first == second or (len(first) >= _ENOUGH and second.startswith(first))
