"""RSS and Atom feeds: the newest posts with their dates and authors."""

from __future__ import annotations

import calendar
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.dom import attribute, select
from auditbot.collect.fetch import Fetcher, FetchFailed
from auditbot.collect.leads import Lead
from auditbot.collect.site import Site, absolute, clean

_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
_MAX_FEED_PAGES = 100


def feed_addresses(tree: LexborHTMLParser, base: str, site: Site) -> list[str]:
    """Return the feeds of posts that a page names; feeds of comments are none."""
    found = []
    for node in select(tree, "link[rel~=alternate][href]"):
        kind = attribute(node, "type").lower()
        url = absolute(base, attribute(node, "href"))
        about_comments = "comment" in url.lower() or "comments" in attribute(node, "title").lower()
        if kind in ("application/rss+xml", "application/atom+xml") and site.owns(url) and not about_comments:
            found.append(url)
    return list(dict.fromkeys(found))


def read_feed(url: str, fetcher: Fetcher, site: Site) -> Iterator[Lead]:
    """Yield the posts of a feed and of the pages it goes on to. Raises FetchFailed if its first page fails."""
    waiting = [url]
    seen: set[str] = set()
    while waiting and len(seen) < _MAX_FEED_PAGES:
        page = waiting.pop(0)
        seen.add(page)
        try:
            reply = fetcher.get(page, _ACCEPT)
        except FetchFailed:
            if len(seen) == 1:
                raise
            # The page after the last one: how feeds that count pages end.
            return
        parsed = feedparser.parse(
            io.BytesIO(reply.body), response_headers={"content-location": reply.url}, sanitize_html=False
        )
        leads = [lead for entry in parsed.entries if (lead := _lead(entry, reply.url, site))]
        yield from leads
        links = [link for link in parsed.feed.get("links", []) if link.get("rel") == "next"]
        following = [absolute(reply.url, str(link.get("href", ""))) for link in links]
        waiting += [link for link in following if site.owns(link) and link not in seen and leads]


def feed_entries(content: bytes, url: str) -> list[Any]:
    """Return the entries of a feed as feedparser reads them, texts as they stand."""
    parsed = feedparser.parse(io.BytesIO(content), response_headers={"content-location": url}, sanitize_html=False)
    return list(parsed.entries)


def _lead(entry: Any, base: str, site: Site) -> Lead | None:
    url = clean(absolute(base, str(entry.get("link", "")))) if entry.get("link") else ""
    if not site.owns(url):
        return None
    contents = [str(content.get("value", "")) for content in entry.get("content", [])]
    author = str(entry.get("author", ""))
    return Lead(
        url=url,
        origin="feed",
        title=LexborHTMLParser(str(entry.get("title", ""))).text().strip(),
        html=max(contents, key=len, default=""),
        author="" if "@" in author else author,
        published_at=_moment(entry),
    )


def _moment(entry: Any) -> datetime | None:
    """Return when an entry says it was published; None for a date outside the calendar."""
    parsed = entry.get("published_parsed")
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (OSError, OverflowError, ValueError):
        return None
    # The last year of the calendar has moments that do not exist in every zone.
    return moment if moment and 1990 < moment.year < 9999 else None
