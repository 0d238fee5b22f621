"""Ghost sites by the public content API that their own pages use: exact dates, authors and comments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.faults import MEANT
from auditbot.collect.html.dom import attribute, parse, select, text_of
from auditbot.collect.net.fetch import NOT_OFFERED, Fetcher, FetchFailed
from auditbot.collect.net.json_reading import at, text_at
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.post.links import Lead, PhotoRef
from auditbot.collect.post.renditions import larger_guesses
from auditbot.collect.website.interfaces.left_out import LeftOut
from auditbot.model import Comment, PostWords
from auditbot.same_page import clean
from auditbot.sentences import say

_MAX_PAGES = 200


class Ghost:
    """Reads one site's content API, with the key that the site gives to every visitor."""

    def __init__(self, api: str, key: str, fetcher: Fetcher, site: Site) -> None:
        self._api = api
        self._key = key
        self._fetcher = fetcher
        self._site = site
        self.left = LeftOut()
        """What it lists and does not give."""

    @classmethod
    def of_page(cls, tree: LexborHTMLParser, base: str, fetcher: Fetcher, site: Site) -> Ghost | None:
        """Return a reader for the API that a page names; None if the page is not Ghost's."""
        for node in select(tree, "script[data-ghost][data-key][data-api], script[data-api][data-key]"):
            api = absolute(base, attribute(node, "data-api"))
            if site.owns(api) and attribute(node, "data-key").isalnum():
                return cls(api, attribute(node, "data-key"), fetcher, site)
        return None

    def leads(self) -> Iterator[Lead]:
        """Yield every public post and page. Raises FetchFailed if the API is closed."""
        items = [item for base in ("posts", "pages") for item in self._all(base)]
        comments = self._comments([str(item.get("id", "")) for item in items if item.get("comments")])
        self._site.learn_mirror(absolute(self._api, text_at(item, "url")) for item in items)
        for item in items:
            url = self._site.local(clean(absolute(self._api, text_at(item, "url"))))
            if not self._site.owns(url):
                continue
            if item.get("visibility", "public") != "public":
                self.left.protected.append(url)
                continue
            try:
                lead = _lead(item, url, comments.get(str(item.get("id", "")), ()))
            except MEANT:
                raise
            except Exception as error:  # noqa: BLE001
                self.left.faults.append((url, error))
                continue
            yield lead

    def _all(self, base: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        total: object = None
        for page in range(1, _MAX_PAGES + 1):
            query = urlencode({"key": self._key, "include": "authors,tags", "limit": "100", "page": str(page)})
            answer = self._get(f"{self._api.rstrip('/')}/{base}/?{query}")
            found += [item for item in _list(answer, base) if isinstance(item, dict)]
            pages = at(answer, "meta", "pagination", "pages")
            total = at(answer, "meta", "pagination", "total")
            if not isinstance(pages, int) or page >= pages:
                break
        if isinstance(total, int) and len(found) < total:
            self.left.short.append((f"{self._api.rstrip('/')}/{base}/", len(found), total))
        return found

    def _comments(self, posts: list[str]) -> dict[str, tuple[Comment, ...]]:
        """Return the public comments by post; the counts come first, so that posts without any are not asked for."""
        found: dict[str, tuple[Comment, ...]] = {}
        root = absolute(self._site.url, "/members/api/comments/")
        try:
            for start in range(0, len(posts), 50):
                counts = self._get(f"{root}counts/?{urlencode({'ids': ','.join(posts[start : start + 50])})}")
                for post in [name for name in posts[start : start + 50] if counts.get(name)]:
                    answer = self._get(f"{root}post/{post}/?limit=all&order=created_at%20asc")
                    found[post] = tuple(comment for item in _list(answer, "comments") for comment in _read(item))
        except FetchFailed as failure:
            # Comments that are switched off, or shown to members alone, are no gap; all else leaves some unread.
            if failure.status not in NOT_OFFERED:
                self.left.unread.append(root)
        return found

    def _get(self, url: str) -> dict[str, Any]:
        reply = self._fetcher.get(url, "application/json")
        try:
            answer = json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise FetchFailed("status", say("The site's programming interface gave something unreadable.")) from error
        return answer if isinstance(answer, dict) else {}


def _list(answer: dict[str, Any], name: str) -> list[Any]:
    value = answer.get(name)
    return value if isinstance(value, list) else []


def _lead(item: dict[str, Any], url: str, comments: tuple[Comment, ...]) -> Lead:
    authors = [str(author.get("name", "")) for author in _list(item, "authors") if isinstance(author, dict)]
    feature = absolute(url, str(item.get("feature_image") or ""))
    return Lead(
        url=url,
        origin="api",
        title=str(item.get("title") or ""),
        html=str(item.get("html") or ""),
        author=", ".join(name for name in authors if name),
        published_at=_moment(item.get("published_at")),
        photos=(PhotoRef((*larger_guesses(feature), feature)),) if feature else (),
        comments=comments,
        words=_words(item),
    )


def _words(item: dict[str, Any]) -> tuple[PostWords, ...]:
    """Return an item's own excerpt, its public tags and its descriptions."""
    said = [PostWords("excerpt", str(item.get("custom_excerpt") or ""))]
    said += [PostWords("description", str(item.get(name) or "")) for name in ("meta_description", "og_description")]
    tags = [tag for tag in _list(item, "tags") if isinstance(tag, dict) and tag.get("visibility", "public") == "public"]
    said += [PostWords("tag", str(tag.get("name") or "")) for tag in tags]
    return tuple(words for words in said if words.text)


def _read(item: Any) -> Iterator[Comment]:
    """Yield one comment, if it is public, and its replies."""
    if not isinstance(item, dict):
        return
    body = parse(str(item.get("html") or "")).body
    text = text_of(body) if body is not None else ""
    member = item.get("member")
    if text and item.get("status", "published") == "published":
        author = str(member.get("name") or "") if isinstance(member, dict) else ""
        yield Comment(author, text, _moment(item.get("created_at")))
    for reply in _list(item, "replies"):
        yield from _read(reply)


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
