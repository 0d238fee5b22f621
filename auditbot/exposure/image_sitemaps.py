"""Which photos a site offers to search engines by name: the image entries of its sitemaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from urllib.parse import unquote, urldefrag, urlsplit

from auditbot.collect.net.fetch import Fetcher
from auditbot.collect.net.throttle import OutOfTime
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.website.discovery import USUAL, each_sitemap, sitemap_entries

MOST_SITEMAPS = 20
MOST_BYTES = 10_000_000


def offered_pictures(
    named: Iterable[str], fetcher: Fetcher, site: Site, allows: Callable[[str], bool]
) -> frozenset[str]:
    """Return the addresses, as `as_compared` gives them, of pictures that the site's sitemaps list.

    ``named`` are those that robots.txt names; without any, the usual places are asked. Sitemaps of other hosts are not
    asked for, nor any that ``allows`` says no to, and one that cannot be had lists nothing.
    """
    waiting = [url for url in list(named) or [absolute(site.url, place) for place in USUAL] if allows(url)]
    offered: set[str] = set()
    with suppress(OutOfTime):
        for url, body in each_sitemap(waiting, fetcher, site, most=MOST_SITEMAPS, limit=MOST_BYTES):
            for kind, location in sitemap_entries(body, ("sitemap", "image")):
                address = absolute(url, location)
                if address and kind == "sitemap" and allows(address):
                    waiting.append(address)
                elif address and kind == "image":
                    offered.add(as_compared(address))
    return frozenset(offered)


def as_compared(url: str) -> str:
    """Return an address as two of the same file are equal: without scheme, "www.", escapes and fragment."""
    parts = urlsplit(urldefrag(url).url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.lower().removeprefix('www.')}{unquote(parts.path)}{query}"
