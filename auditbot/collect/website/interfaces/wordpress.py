"""WordPress sites by their public API: every public post with exact dates, authors, comments and original photos."""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.faults import MEANT
from auditbot.collect.html.dom import attribute, parse, select, text_of
from auditbot.collect.net.fetch import NOT_OFFERED, Fetcher, FetchFailed, Reply
from auditbot.collect.net.json_reading import at, items_at, number_at, text_at
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.post.links import Lead, PhotoRef
from auditbot.collect.website.interfaces.left_out import LeftOut
from auditbot.model import Comment, PostWords
from auditbot.same_page import clean
from auditbot.sentences import say

NOT_CONTENT = frozenset(
    [
        "attachment",
        "nav_menu_item",
        "wp_block",
        "wp_template",
        "wp_template_part",
        "wp_global_styles",
        "wp_navigation",
        "wp_font_family",
        "wp_font_face",
        "elementor_library",
        "product_variation",
    ]
)
_MAX_PAGES = 200


def api_root(tree: LexborHTMLParser, headers: dict[str, str], base: str, site: Site) -> str:
    """Return the address of the site's API as its pages name it; empty if this is no WordPress."""
    for node in select(tree, 'link[rel="https://api.w.org/"]'):
        if site.owns(url := absolute(base, attribute(node, "href"))):
            return url
    for part in headers.get("link", "").split(","):
        if "https://api.w.org/" in part and site.owns(url := absolute(base, part.partition(">")[0].strip(" <"))):
            return url
    generator = " ".join(attribute(node, "content") for node in select(tree, "meta[name=generator]"))
    if "WordPress" in generator or tree.css_first('link[href*="/wp-content/"], script[src*="/wp-includes/"]'):
        return absolute(site.url, "/wp-json/")
    return ""


class WordPress:
    """Reads one site's API."""

    def __init__(self, root: str, fetcher: Fetcher, site: Site) -> None:
        self._root = root
        self._fetcher = fetcher
        self._site = site
        self.left = LeftOut()
        """What it lists and does not give."""

    def leads(self) -> Iterator[Lead]:
        """Yield every public post and page. Raises FetchFailed if the API is closed or is none."""
        bases = ["posts", "pages"]
        try:
            kinds = self._get("wp/v2/types")
        except FetchFailed:
            # Some sites close this list alone; the two kinds every site has are asked for all the same.
            kinds = {}
        for name, kind in kinds.items() if isinstance(kinds, dict) else []:
            base = kind.get("rest_base") if isinstance(kind, dict) else None
            if name not in NOT_CONTENT and isinstance(base, str) and kind.get("rest_namespace", "wp/v2") == "wp/v2":
                bases.append(base)
        found: list[dict[str, Any]] = []
        for number, base in enumerate(dict.fromkeys(bases)):
            try:
                found += self._all(f"wp/v2/{base}", {"_embed": "author,wp:featuredmedia,wp:term"})
            except FetchFailed as failure:
                if number == 0:
                    raise
                if failure.status not in NOT_OFFERED:
                    self.left.unread.append(f"{self._root.rstrip('/')}/wp/v2/{base}")
        self._site.learn_mirror(absolute(self._root, text_at(item, "link")) for item in found)
        comments = self._comments() if found else {}
        media = self._media(found)
        for item in found:
            try:
                lead = self._lead(item, comments, media)
            except MEANT:
                raise
            except Exception as error:  # noqa: BLE001
                self.left.faults.append((clean(absolute(self._root, text_at(item, "link"))) or self._root, error))
                continue
            if lead:
                yield lead

    def _lead(
        self, item: dict[str, Any], comments: dict[int, list[Comment]], media: dict[int, tuple[str, ...]]
    ) -> Lead | None:
        url = self._site.local(clean(absolute(self._root, text_at(item, "link"))))
        if not self._site.owns(url) or item.get("status", "publish") != "publish":
            return None
        if at(item, "content", "protected"):
            self.left.protected.append(url)
            return None
        body = _rendered(item, "content")
        shown = [number_at(item, "featured_media"), *_pictures_in(body)]
        return Lead(
            url=url,
            origin="api",
            title=_plain(_rendered(item, "title")),
            html=body,
            author=_author(item),
            published_at=_utc(item.get("date_gmt")),
            photos=tuple(PhotoRef(media[number]) for number in dict.fromkeys(shown) if number in media),
            comments=tuple(comments.get(number_at(item, "id"), ())),
            words=_words(item),
        )

    def _comments(self) -> dict[int, list[Comment]]:
        """Return the approved comments by post, oldest first; empty where the API does not give them."""
        by_post: dict[int, list[Comment]] = defaultdict(list)
        try:
            for item in self._all("wp/v2/comments", {"order": "asc"}):
                comment = Comment(
                    author=_plain(text_at(item, "author_name")),
                    text=_plain(_rendered(item, "content")),
                    published_at=_utc(item.get("date_gmt")),
                    url=absolute(self._root, text_at(item, "link")),
                )
                by_post[number_at(item, "post")].append(comment)
        except FetchFailed:
            # The pages themselves are read for comments too.
            return by_post
        return by_post

    def _media(self, posts: list[dict[str, Any]]) -> dict[int, tuple[str, ...]]:
        """Return the addresses of each picture that the posts show, the original first."""
        wanted: dict[int, None] = {}
        for post in posts:
            if not at(post, "content", "protected"):
                numbers = [number_at(post, "featured_media"), *_pictures_in(_rendered(post, "content"))]
                wanted.update({number: None for number in numbers if number > 0})
        found: dict[int, tuple[str, ...]] = {}
        ordered = list(wanted)
        for start in range(0, len(ordered), 100):
            some = ",".join(str(number) for number in ordered[start : start + 100])
            try:
                items = self._all("wp/v2/media", {"include": some})
            except FetchFailed:
                # The pages name the pictures too, if not always the originals.
                return found
            for item in items:
                if item.get("media_type") == "image" and (addresses := _renditions(item)):
                    found[number_at(item, "id")] = addresses
        return found

    def _all(self, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
        """Read all pages of a list, as many as it says it has. Raises FetchFailed.

        Some plug-ins give fewer items a page than they are asked for: what counts is the total that the answer states.
        Where it states none, the list ends with a page that brings nothing new.
        """
        found: dict[str, dict[str, Any]] = {}
        stated = -1
        for page in range(1, _MAX_PAGES + 1):
            try:
                items, total = self._page(path, {**query, "per_page": "100", "page": str(page)})
            except FetchFailed as failure:
                # WordPress answers 400 for the page after the last one.
                if page > 1 and failure.status == 400:
                    break
                if page > 1:
                    self.left.unread.append(f"{self._root.rstrip('/')}/{path}")
                    break
                raise
            if not isinstance(items, list):
                raise FetchFailed("status", say("The site's programming interface gave no list."))
            stated = max(stated, total)
            before = len(found)
            found.update({name: item for item in items_at(items) if (name := text_at(item, "id"))})
            if len(found) == before or len(found) >= stated >= 0:
                break
        if len(found) < stated:
            self.left.short.append((f"{self._root.rstrip('/')}/{path}", len(found), stated))
        return list(found.values())

    def _page(self, path: str, query: dict[str, str]) -> tuple[Any, int]:
        """Return one page of a list, and how many items the whole list has; -1 if it does not say."""
        reply = self._reply(path, query)
        total = reply.headers.get("x-wp-total", "")
        return _read_json(reply.body), int(total) if total.isdecimal() else -1

    def _get(self, path: str, query: dict[str, str] | None = None) -> Any:
        return _read_json(self._reply(path, query).body)

    def _reply(self, path: str, query: dict[str, str] | None) -> Reply:
        if "rest_route=" in urlsplit(self._root).query:
            url = f"{self._root}{path}" + (f"&{urlencode(query)}" if query else "")
        else:
            url = f"{self._root.rstrip('/')}/{path}" + (f"?{urlencode(query, safe=',:')}" if query else "")
        return self._fetcher.get(url, "application/json")


def _read_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchFailed("status", say("The site's programming interface gave something unreadable.")) from error


def _renditions(item: dict[str, Any]) -> tuple[str, ...]:
    """Return a picture's addresses: the original before WordPress scaled it down, the file, then its sizes."""
    source = text_at(item, "source_url")
    details = item.get("media_details")
    details = details if isinstance(details, dict) else {}
    original = details.get("original_image")
    addresses = [absolute(source, str(original))] if original and source else []
    addresses.append(source)
    return tuple(address for address in addresses if address)


def _pictures_in(body: str) -> list[int]:
    """Return the media numbers that a body's pictures carry ("wp-image-123")."""
    numbers = []
    for node in select(parse(body), "img[class*=wp-image-], [data-id]"):
        for name in attribute(node, "class").split():
            if name.startswith("wp-image-") and name[9:].isdecimal():
                numbers.append(int(name[9:]))
        if attribute(node, "data-id").isdecimal():
            numbers.append(int(attribute(node, "data-id")))
    return numbers


def _words(item: dict[str, Any]) -> tuple[PostWords, ...]:
    """Return an item's excerpt, tags and categories."""
    found: list[PostWords] = []
    if excerpt := _plain(_rendered(item, "excerpt")):
        found.append(PostWords("excerpt", excerpt))
    terms = at(item, "_embedded", "wp:term")
    for group in terms if isinstance(terms, list) else []:
        for term in items_at(group):
            if name := _plain(text_at(term, "name")):
                found.append(PostWords("category" if text_at(term, "taxonomy") == "category" else "tag", name))
    return tuple(found)


def _author(item: dict[str, Any]) -> str:
    return next((text_at(author, "name") for author in items_at(item, "_embedded", "author")), "")


def _rendered(item: dict[str, Any], name: str) -> str:
    """Return a part of an item as its page shows it: most plug-ins give it in an object, some as it is."""
    return text_at(item, name, "rendered") or text_at(item, name)


def _plain(value: str) -> str:
    tree = parse(value)
    return text_of(tree.body) if tree.body is not None else html.unescape(value)


def _utc(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if 1990 < moment.year < 9999 else None
