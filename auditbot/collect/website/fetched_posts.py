"""What the scripts of pages fetched as JSON and no page showed: entries that look like posts are told, never passed."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import parse, text_of
from auditbot.collect.net.json_reading import number_at
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.post.links import is_page
from auditbot.collect.visit import Visit
from auditbot.collect.website.met_addresses import shown_address
from auditbot.model import NotChecked, Post, Why
from auditbot.same_page import clean, key
from auditbot.sentences import say

_FEWEST = 2
_MOST_VALUES = 20_000
_MOST_ITEMS = 2_000
# How many letters of a text tell it from others.
_TELLING = 50
_TITLES = frozenset({"title", "name", "headline", "heading", "subject", "label", "t"})
_BODIES = frozenset({"body", "content", "excerpt", "summary", "intro", "story", "article"})
_TOTALS = ("total", "totalCount", "total_count", "totalItems", "total_items", "totalResults", "totalRecords", "found")
_GOES_ON = re.compile(
    r"\"(?:hasNext|hasMore|has_more|has_next|hasNextPage)\"\s*:\s*true|"
    r"\"(?:next_cursor|nextCursor|nextPageToken)\"\s*:\s*(?:\"[^\"]|[1-9])"
)
_NEXT = re.compile(
    r"\"next_?(?:page)?_?(?:url|link|href)?\"\s*:\s*\"((?:https?:\\?/|\\?/|\?)[^\"\s]{1,500})\"", re.IGNORECASE
)
_ADDRESSES = frozenset({"url", "link", "href", "permalink", "path", "uri", "page", "h", "to", "slugurl", "canonical"})
_OF_PROGRAMS = re.compile(r"/(?:api|ajax|_api|wp-json|graphql|rest)(?:/|$)", re.IGNORECASE)
_LONG, _LONGEST_TITLE, _LONGEST = 30, 200, 100_000
# Lists that programs keep for themselves, and the days of a calendar, which are no posts.
_NO_POSTS = re.compile(r"cookie|consent|gdpr|locale|translation|i18n|config|settings|menu", re.IGNORECASE)
_OF_CALENDAR = frozenset({"start", "end", "allDay", "startDate", "endDate", "start_date", "end_date"})
_DAY = re.compile(
    r"(?:19|20)\d\d-\d\d?-\d\d?|\d{1,2}[/.]\d{1,2}[/.](?:\d\d){1,2}|\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\b"
)


@dataclass(frozen=True, slots=True)
class _Item:
    title: str
    text: str
    links: tuple[str, ...]
    of_calendar: bool
    shown: bool


@dataclass
class _List:
    page: str
    address: str
    items: dict[str, _Item] = field(default_factory=dict)
    total: int = 0
    onward: bool = False
    further: str = ""


class FetchedPosts:
    """The entries that one site's scripts fetched."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lists: dict[str, _List] = {}
        self._asked: set[str] = set()

    def learn(self, page: RenderedPage, tree: LexborHTMLParser) -> list[str]:
        """Take in what the scripts of an opened page fetched; return the pages of the site that it names."""
        shown = _plain(text_of(tree.body)) if page.fetched and tree.body is not None else ""
        links: list[str] = []
        for address, text in page.fetched:
            path = urlsplit(address).path
            self._asked.add(key(address))
            if not self._site.owns(address) or _NO_POSTS.search(path):
                continue
            if path in self._lists:
                # The last part of a list may hold one entry, or none.
                self._lists[path].onward = bool(_GOES_ON.search(text))
                self._lists[path].further = self._further(text, address)
            for holder, entries in _lists_in(text):
                items = [item for entry in entries[:_MOST_ITEMS] if (item := self._read(entry, page.base, shown))]
                if len(items) >= _FEWEST:
                    known = self._lists.setdefault(path, _List(page.url, address))
                    known.items |= {f"{item.title}\n{item.text[:_TELLING]}": item for item in items}
                    known.total = max([known.total, *(number_at(holder, name) for name in _TOTALS)])
                    known.onward = bool(_GOES_ON.search(text))
                    known.further = self._further(text, address)
                    links += [link for item in items for link in item.links if "#" not in link]
        return links

    def notes(self, visit: Visit, posts: Collection[Post], met: Collection[str]) -> Iterator[NotChecked]:
        """Yield one line for each list of which entries were shown by no post. ``met``: keys of all addresses met."""
        said: dict[str, str] = {}
        for post in posts:
            # Several posts may stand on one page.
            spoken = " ".join(each.text for each in post.comments)
            said[key(post.url)] = f"{said.get(key(post.url), '')} {_plain(f'{post.title} {post.text} {spoken}')}"
        steps = {name.rpartition("/")[2] for name in met}
        for path, known in self._lists.items():
            elsewhere = "\n".join(text for name, text in said.items() if name != key(known.page))
            here = said.get(key(known.page), "")
            lost = [each for each in known.items.values() if not _seen(each, elsewhere, here, met, steps)]
            address = shown_address(path)
            if lost:
                told = say(
                    "Scripts of the page fetched %(count)s entries from %(address)s that look like posts, and no post "
                    "that was read shows them.",
                    count=len(lost),
                    address=address,
                )
                yield visit.missed(known.page, "page", told, all(each.of_calendar for each in lost), Why.SHUT)
            elif known.total > max(len(known.items), len(posts)):
                told = say(
                    "The list that the page fetched from %(address)s says that it has %(stated)s entries, and gave "
                    "%(given)s of them.",
                    address=address,
                    stated=known.total,
                    given=len(known.items),
                )
                yield visit.missed(known.page, "listing", told, why=Why.SHORT_LIST)
            elif (known.onward or self._is_unasked(known.further, met)) and not visit.site.is_start(known.page):
                told = say("The list that the page fetched from %(address)s says that it goes on.", address=address)
                yield visit.missed(known.page, "listing", told, why=Why.SHORT_LIST)

    def _further(self, text: str, address: str) -> str:
        """Return the address at which a list says that it goes on; empty if it names none of this site."""
        match = _NEXT.search(text)
        url = self._site.local(absolute(address, match[1].replace("\\/", "/"))) if match else ""
        return url if self._site.owns(url) else ""

    def _is_unasked(self, url: str, met: Collection[str]) -> bool:
        return bool(url) and key(url) not in self._asked and key(url) not in met

    def _read(self, entry: dict[str, Any], base: str, shown: str) -> _Item | None:
        """Return an entry that has a title or a text, and a day or what else only posts have; else None."""
        values = list(_values_of(entry))
        words = [(name, value) for name, value in values if isinstance(value, str)]
        texts = [value for _, value in words if len(value) >= _LONG and len(value.split()) >= 4]
        named = [value for name, value in words if name in _TITLES and 2 < len(value) <= _LONGEST_TITLE]
        others = [value for _, value in words if len(value.split()) >= 2 and not _DAY.match(value)]
        title = named[0] if named else min(others, key=len, default="")
        text = max(texts, key=len, default="")
        dated = any(_is_day(value) for _, value in values)
        if not (title or text) or not (dated or {name.lower() for name, _ in values} & _BODIES):
            return None
        links = [
            (name.lower(), self._site.local(clean(absolute(base, value))))
            for name, value in words
            if re.match(r"/[^/\s]\S*$|https?://\S+$", value) or name.lower() in _ADDRESSES
        ]
        pages = [
            link
            for name, link in links
            if name in _ADDRESSES and self._site.owns(link) and is_page(link) and not _OF_PROGRAMS.search(link)
        ]
        slugs = [value for name, value in words if name.lower() == "slug" and value]
        plain = _plain(title)
        return _Item(
            plain,
            _plain(text),
            tuple(dict.fromkeys((*pages, *(f"#{slug}" for slug in slugs)))),
            bool(set(entry) & _OF_CALENDAR),
            bool(plain) and plain in shown,
        )


def _seen(item: _Item, elsewhere: str, here: str, met: Collection[str], steps: Collection[str]) -> bool:
    if any(link[1:] in steps if link.startswith("#") else key(link) in met for link in item.links):
        return True
    if item.text and item.text != item.title:
        told = item.text[:_TELLING] in elsewhere or item.text[:_TELLING] in here
        return told or (bool(item.title) and item.title in elsewhere)
    return item.shown or item.title in elsewhere


def _lists_in(text: str) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """Yield each list of several objects in a JSON text, with what holds it."""
    try:
        waiting: list[tuple[Any, Any]] = [(None, json.loads(text))]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        holder, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(value, inner) for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            entries = [entry for entry in value if isinstance(entry, dict)]
            if len(entries) >= _FEWEST:
                yield holder, entries
            else:
                waiting += [(value, inner) for inner in value if isinstance(inner, dict | list)]


def _values_of(entry: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the names and the values of an object, those of objects within it under the outer name; texts as words."""
    for name, value in entry.items():
        inner = value.items() if isinstance(value, dict) else [(name, value)]
        for _, each in inner:
            if isinstance(each, str):
                yield name, _words(each) if "<" in each else each.strip()
            elif isinstance(each, int | float) and not isinstance(each, bool):
                yield name, each


def _words(html: str) -> str:
    body = parse(html[:_LONGEST]).body
    return " ".join(text_of(body).split()) if body is not None else ""


def _is_day(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONG and bool(_DAY.match(value))
    return isinstance(value, int) and (10**9 < value < 4 * 10**9 or 10**12 < value < 4 * 10**12)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
