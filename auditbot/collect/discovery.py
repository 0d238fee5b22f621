"""What a site tells of its posts before any is opened: its API, its feeds, its sitemaps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.feed import feed_addresses, read_feed
from auditbot.collect.fetch import FetchFailed
from auditbot.collect.ghost import Ghost
from auditbot.collect.leads import Lead
from auditbot.collect.page import UNREADABLE, RenderedPage
from auditbot.collect.robots import Robots
from auditbot.collect.sitemap import read_sitemaps
from auditbot.collect.visit import Visit
from auditbot.collect.wordpress import WordPress, api_root


@dataclass
class Discovery:
    """Leads from all sources, and whether one of them lists the whole site."""

    leads: list[Lead] = field(default_factory=list)
    """What was found; the same post may come from several sources."""
    protected: list[str] = field(default_factory=list)
    """Posts that the site says are protected by a password."""
    unread: list[str] = field(default_factory=list)
    """Addresses of sources that answered with something nobody thought of."""
    whole: bool = False
    """True if a source gave every post, so that lists by tag or month lead to nothing new."""


def discover(visit: Visit, page: RenderedPage, tree: LexborHTMLParser, robots: Robots) -> Discovery:
    """Ask every source the site has. A source that does not answer leaves the others. Raises OutOfTime."""
    found = Discovery()
    with _source(visit.site.url, found):
        root = api_root(tree, page.headers, page.base, visit.site)
        if root and robots.allows(root):
            _from_api(root, WordPress(root, visit.fetcher, visit.site), found)
        elif ghost := Ghost.of_page(tree, page.base, visit.fetcher, visit.site):
            _from_api(visit.site.url, ghost, found)
    if not found.whole:
        _from_feeds(visit, page, tree, robots, found)
    before = len(found.leads)
    with _source(visit.site.url, found):
        for url in read_sitemaps([url for url in robots.sitemaps if robots.allows(url)], visit.fetcher, visit.site):
            if robots.allows(url):
                found.leads.append(Lead(url, "sitemap"))
    found.whole = found.whole or len(found.leads) > before
    return found


@contextmanager
def _source(url: str, found: Discovery) -> Iterator[None]:
    """Ask one source. Whatever becomes of it, what it gave before is kept and the others are asked."""
    try:
        yield
    except FetchFailed:
        # Closed by a plug-in, or not what it seemed: the other sources and the pages show the same posts.
        return
    except UNREADABLE:
        found.unread.append(url)


def _from_api(url: str, api: WordPress | Ghost, found: Discovery) -> None:
    with _source(url, found):
        found.leads += api.leads()
        found.whole = not api.unread
    found.unread += api.unread
    found.protected += api.protected


def _from_feeds(visit: Visit, page: RenderedPage, tree: LexborHTMLParser, robots: Robots, found: Discovery) -> None:
    for address in feed_addresses(tree, page.base, visit.site):
        if robots.allows(address):
            with _source(address, found):
                found.leads += read_feed(address, visit.fetcher, visit.site)
