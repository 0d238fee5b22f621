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
from auditbot.collect.net.robots import Robots
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.post.links import Lead, PhotoRef
from auditbot.collect.post.renditions import larger_guesses
from auditbot.collect.website.interfaces.left_out import LeftOut
from auditbot.model import Comment, PostWords
from auditbot.same_page import clean
from auditbot.sentences import say

_MAX_PAGES = 200
_COMMENTS = "/members/api/comments/"


class Ghost:
    """Reads one site's content API, with the key that the site gives to every visitor."""

    def __init__(self, api: str, key: str, fetcher: Fetcher, site: Site, robots: Robots) -> None:
        self._robots = robots
        self._api = api
        self._key = key
        self._fetcher = fetcher
        self._site = site
        self.left = LeftOut()
        """What it lists and does not give."""

    @classmethod
    def of_page(cls, tree: LexborHTMLParser, base: str, fetcher: Fetcher, site: Site, robots: Robots) -> Ghost | None:
        """Return a reader for the API that a page names; None if the page is not Ghost's, or robots.txt bars it."""
        for node in select(tree, "script[data-ghost][data-key][data-api], script[data-api][data-key]"):
            api = absolute(base, attribute(node, "data-api"))
            if site.owns(api) and attribute(node, "data-key").isalnum() and robots.allows(api):
                return cls(api, attribute(node, "data-key"), fetcher, site, robots)
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
            answer = _read(f"{self._api.rstrip('/')}/{base}/?{query}", self._fetcher)
            found += [item for item in _list(answer, base) if isinstance(item, dict)]
            pages = at(answer, "meta", "pagination", "pages")
            total = at(answer, "meta", "pagination", "total")
            if not isinstance(pages, int) or page >= pages:
                break
        if isinstance(total, int) and len(found) < total:
            self.left.short.append((f"{self._api.rstrip('/')}/{base}/", len(found), total))
        return found

    def _comments(self, posts: list[str]) -> dict[str, tuple[Comment, ...]]:
        """Return the public comments by post; the counts come first, so that posts without any are not asked for.

        Where the counts must not be asked for, as Ghost's own robots.txt has it, each page is asked for its comments.
        """
        found: dict[str, tuple[Comment, ...]] = {}
        root = absolute(self._site.url, _COMMENTS)
        if not self._robots.allows(f"{root}counts/"):
            return found
        try:
            for start in range(0, len(posts), 50):
                counts = _read(
                    f"{root}counts/?{urlencode({'ids': ','.join(posts[start : start + 50])})}", self._fetcher
                )
                for post in [name for name in posts[start : start + 50] if counts.get(name)]:
                    found[post] = tuple(_all_comments(root, post, self._fetcher))
        except FetchFailed as failure:
            # Comments that are switched off, or shown to members alone, are no gap; all else leaves some unread.
            if failure.status not in NOT_OFFERED:
                self.left.unread.append(root)
        return found


def comments_of_page(
    tree: LexborHTMLParser, base: str, fetcher: Fetcher, site: Site, robots: Robots
) -> tuple[Comment, ...]:
    """Return the comments that a Ghost page names by its post's number; its script shows them in a frame of its own.

    None where the site keeps them to members. Raises FetchFailed and OutOfTime.
    """
    root = absolute(site.url, _COMMENTS)
    for node in select(tree, "script[data-ghost-comments][data-post-id]"):
        post = attribute(node, "data-post-id")
        owned = site.owns(absolute(base, attribute(node, "data-ghost-comments")))
        if not post.isalnum() or not owned or not robots.allows(f"{root}post/{post}/"):
            continue
        try:
            return tuple(_all_comments(root, post, fetcher))
        except FetchFailed as failure:
            if failure.status not in NOT_OFFERED:
                raise
    return ()


def _all_comments(root: str, post: str, fetcher: Fetcher) -> Iterator[Comment]:
    """Yield a post's comments, each followed by its replies, of which a list gives the first few alone."""
    for item in _items(f"{root}post/{post}/", fetcher):
        replies = [each for each in _list(item, "replies") if isinstance(each, dict)]
        stated = at(item, "count", "replies")
        if isinstance(stated, int) and stated > len(replies) and str(item.get("id", "")).isalnum():
            replies = list(_items(f"{root}{item['id']}/replies/", fetcher))
        for each in (item, *replies):
            yield from _comment(each)


def _items(url: str, fetcher: Fetcher) -> Iterator[dict[str, Any]]:
    """Yield what all pages of a list of comments give. No list gives more than a hundred at once."""
    for page in range(1, _MAX_PAGES + 1):
        answer = _read(f"{url}?{urlencode({'limit': '100', 'page': str(page), 'order': 'created_at asc'})}", fetcher)
        yield from (item for item in _list(answer, "comments") if isinstance(item, dict))
        pages = at(answer, "meta", "pagination", "pages")
        if not isinstance(pages, int) or page >= pages:
            return


def _read(url: str, fetcher: Fetcher) -> dict[str, Any]:
    reply = fetcher.get(url, "application/json")
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


def _comment(item: dict[str, Any]) -> Iterator[Comment]:
    """Yield one comment or reply, if it is public."""
    body = parse(str(item.get("html") or "")).body
    text = text_of(body) if body is not None else ""
    member = item.get("member")
    if text and item.get("status", "published") == "published":
        author = str(member.get("name") or "") if isinstance(member, dict) else ""
        yield Comment(author, text, _moment(item.get("created_at")))


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
