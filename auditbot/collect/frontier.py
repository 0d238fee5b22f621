"""Which addresses of a site are still to be visited, in which order, and which have been."""

from __future__ import annotations

from collections import Counter, deque
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from auditbot.collect.leads import Lead
from auditbot.collect.site import key

_MOST_ALIKE = 60
_MOST_NAMED = 400
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Frontier:
    """Listing pages first, then posts from the newest on, then pages that are only linked."""

    def __init__(self) -> None:
        self._listings: deque[str] = deque()
        self._leads: dict[str, Lead] = {}
        self._links: dict[str, Lead] = {}
        self._met: set[str] = set()
        self._visited: set[str] = set()
        self._alike: Counter[tuple[str, bool]] = Counter()
        self.cut_short = ""
        """The first address of an endless-looking series that was given up; empty if there was none."""

    def met(self, url: str) -> bool:
        """True if discovery has seen this address, visited or not."""
        return key(url) in self._met

    def visited(self, url: str) -> bool:
        """True if this address has been visited, or a visit to another ended there."""
        return key(url) in self._visited

    def mark(self, url: str) -> None:
        """Note an address as visited."""
        self._met.add(key(url))
        self._visited.add(key(url))

    def add_listing(self, url: str) -> None:
        """Queue a listing page."""
        if key(url) not in self._visited and url not in self._listings:
            self._met.add(key(url))
            self._listings.append(url)

    def add(self, lead: Lead, found_on: str = "") -> None:
        """Queue a post, or join what is newly known of it. ``found_on`` is the page that links to it."""
        name = key(lead.url)
        self._met.add(name)
        if name in self._visited:
            return
        queue = self._links if lead.origin == "link" and name not in self._leads else self._leads
        if queue is self._leads and name in self._links:
            lead = self._links.pop(name).merged(lead)
        if name in queue:
            queue[name] = queue[name].merged(lead)
        elif queue is self._leads or self._few_alike(lead.url, found_on):
            queue[name] = lead

    def _few_alike(self, url: str, found_on: str) -> bool:
        """Hold back series without end: calendars, filters, session ids.

        Only pages with a query are counted. Those that a page of the same series is the first to link to are soon
        enough: the pages of some systems differ by their query alone, but the start page's menu names them all.
        """
        shape = _shape(url)
        if not shape:
            return True
        within = shape == _shape(found_on)
        self._alike[shape, within] += 1
        if self._alike[shape, within] > (_MOST_ALIKE if within else _MOST_NAMED):
            self.cut_short = self.cut_short or url
            return False
        return True

    def next_listing(self) -> str | None:
        """Take the next listing page, or None."""
        while self._listings:
            url = self._listings.popleft()
            if key(url) not in self._visited:
                self._leads.pop(key(url), None)
                self._links.pop(key(url), None)
                return url
        return None

    def next_lead(self) -> Lead | None:
        """Take the newest post, then pages in the order they were found; None when nothing is left."""
        for queue in (self._leads, self._links):
            while queue:
                name = max(queue, key=lambda name: queue[name].published_at or _LONG_AGO)
                lead = queue.pop(name)
                if name not in self._visited:
                    return lead
        return None

    def left(self) -> int:
        """Return how many addresses are still to be visited."""
        return len(self._listings) + len(self._leads) + len(self._links)


def _shape(url: str) -> str:
    """Return what the addresses of one series share: the path and the names of the query; empty without a query."""
    parts = urlsplit(url)
    names = sorted({name for name, _ in parse_qsl(parts.query)})
    return parts.path + "?" + "&".join(names) if parts.query else ""
