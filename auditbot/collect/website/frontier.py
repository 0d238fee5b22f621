"""Which addresses of a site are still to be visited, in which order, and which have been."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import attribute, select
from auditbot.collect.net.periods import period_of
from auditbot.collect.net.urls import Site
from auditbot.collect.post.links import Lead, page_links
from auditbot.collect.visit import AccountFailed
from auditbot.collect.website.met_addresses import Ledger
from auditbot.collect.website.series import SeriesBook, shape
from auditbot.model import Became, Post, PostMoved
from auditbot.same_page import key, post_key
from auditbot.sentences import say

# The most addresses of one series that are opened: those that only its own pages lead to, and those others name.
_MOST_INSIDE = 60
_MOST_NAMED = 2000
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Frontier:
    """Listing pages first, then posts from the newest on, then pages that are only linked, in the order met."""

    def __init__(self, book: SeriesBook, ledger: Ledger) -> None:
        self._book = book
        self._ledger = ledger
        self._listings: deque[str] = deque()
        self._leads: dict[str, Lead] = {}
        self._links: dict[str, Lead] = {}
        self._newest: list[tuple[float, int, str]] = []
        self._inside: dict[str, bool] = {}
        self._met: set[str] = set()
        self._visited: set[str] = set()
        self._alike: Counter[tuple[str, bool]] = Counter()
        self._left_out: dict[str, list[tuple[Lead, str]]] = defaultdict(list)
        self._turn = 0

    def met(self, url: str) -> bool:
        """True if discovery has seen this address, visited or not."""
        return key(url) in self._met

    @property
    def all_met(self) -> Collection[str]:
        """Keys of all addresses that discovery has seen."""
        return self._met

    def visited(self, url: str) -> bool:
        """True if this address has been visited, or a visit to another ended there."""
        return key(url) in self._visited

    def mark(self, url: str) -> None:
        """Note an address as visited."""
        self._met.add(key(url))
        self._visited.add(key(url))

    def add_listing(self, url: str, found_on: str = "") -> None:
        """Queue a further page of a list, unless its series has ended."""
        name = key(url)
        if name in self._visited or url in self._listings:
            return
        if self._held_back(url, found_on):
            return
        self._met.add(name)
        self._ledger.note(url, Became.WAITING)
        self._listings.append(url)

    def add(self, lead: Lead, found_on: str = "") -> None:
        """Queue a post, or join what is newly known of it. ``found_on`` is the page that links to it."""
        name = key(lead.url)
        if name in self._visited:
            self._met.add(name)
            return
        queue = self._links if lead.origin == "link" and name not in self._leads else self._leads
        if queue is self._leads and name in self._links:
            lead = self._links.pop(name).merged(lead)
        if name in queue:
            queue[name] = queue[name].merged(lead)
        elif queue is self._links and self._held_back(lead.url, found_on, is_cell(lead.url, lead.title)):
            if self._book.given_up(lead.url, shape(lead.url) == shape(found_on)):
                self._left_out[shape(lead.url)].append((lead, found_on))
            return
        else:
            queue[name] = lead
        self._met.add(name)
        self._ledger.note(lead.url, Became.WAITING)
        if queue is self._leads:
            self._turn += 1
            moment = (queue[name].published_at or _LONG_AGO).astimezone(UTC) - _LONG_AGO
            heapq.heappush(self._newest, (-moment.total_seconds(), self._turn, name))

    def _held_back(self, url: str, found_on: str, cell: bool = False) -> bool:
        """True for an address that its series, by what it has answered so far, makes not worth opening."""
        series = shape(url)
        if not series:
            return False
        if self._book.presumed(url, self._met):
            self._ledger.note(url, Became.ALIKE)
            return True
        inside = series == shape(found_on)
        if self._book.given_up(url, inside, cell):
            self._ledger.note(url, Became.SERIES)
            return True
        known = self._inside.get(key(url))
        if known is None:
            self._alike[series, inside] += 1
            if self._alike[series, inside] > (_MOST_INSIDE if inside else _MOST_NAMED):
                self._ledger.note(url, Became.LIMIT)
                return True
        self._inside[key(url)] = inside and known is not False
        return False

    def rename(self, local: Callable[[str], str]) -> None:
        """Join what waits, and what was visited, under the addresses that ``local`` gives: two may have become one."""

        def named(name: str) -> str:
            return key(local(f"http://{name}"))

        self._visited |= {named(name) for name in self._visited}
        self._met |= {named(name) for name in self._met}
        listings, leads = list(self._listings), [*self._leads.values(), *self._links.values()]
        self._listings.clear()
        self._leads.clear()
        self._links.clear()
        self._newest.clear()
        for url, lead in [*((url, None) for url in listings), *((lead.url, lead) for lead in leads)]:
            now = local(url)
            if key(now) != key(url):
                self._ledger.note(url, Became.SAME, now)
            if lead is None:
                self.add_listing(now)
            else:
                self.add(replace(lead, url=now))

    def give_up(self, series: str) -> None:
        """Take out of the queues what belongs to a series that has brought nothing new."""
        for name, lead in list(self._links.items()):
            inside = self._inside.get(name, False)
            if shape(lead.url) == series and self._book.given_up(lead.url, inside, is_cell(lead.url, lead.title)):
                self._ledger.note(lead.url, Became.SERIES)
                self._left_out[series].append((lead, lead.url if inside else ""))
                del self._links[name]
        for url in [url for url in self._listings if shape(url) == series and self._inside.get(key(url), False)]:
            if self._book.given_up(url, True):
                self._ledger.note(url, Became.SERIES)
                self._listings.remove(url)

    def take_up(self, series: str) -> None:
        """Queue what was left out of a series, as far as it is not given up any more: it went on beyond a gap."""
        for lead, found_on in self._left_out.pop(series, ()):
            self.add(lead, found_on)

    def next_listing(self) -> str | None:
        """Take the next listing page, or None."""
        while self._listings:
            url = self._listings.popleft()
            if key(url) not in self._visited:
                self._leads.pop(key(url), None)
                self._links.pop(key(url), None)
                return url
        return None

    def leave_listings(self) -> list[str]:
        """Take all listing pages that wait away, with the limit as the reason; return their addresses."""
        left = []
        while (url := self.next_listing()) is not None:
            self._ledger.note(url, Became.LIMIT)
            left.append(url)
        return left

    def next_lead(self) -> Lead | None:
        """Take the newest post, then pages in the order they were found; None when nothing is left."""
        while self._newest:
            name = heapq.heappop(self._newest)[2]
            lead = self._leads.pop(name, None)
            if lead is not None and name not in self._visited:
                return lead
        while self._links:
            name = next(iter(self._links))
            lead = self._links.pop(name)
            if name in self._visited:
                continue
            if shape(lead.url) and self._book.presumed(lead.url, self._met):
                self._ledger.note(lead.url, Became.ALIKE)
                continue
            return lead
        return None

    def left(self) -> int:
        """Return how many addresses are still to be visited."""
        return len(self._listings) + len(self._leads) + len(self._links)

    def close(self, became: Became) -> None:
        """Record of all that still waits what became of it."""
        for url in (*self._listings, *(lead.url for queue in (self._leads, self._links) for lead in queue.values())):
            if key(url) not in self._visited:
                self._ledger.note(url, became)


def is_cell(url: str, words: str) -> bool:
    """True for a day of a calendar whose link says nothing but its number."""
    return words.strip().isdigit() and (period := period_of(url)) is not None and period.unit == "day"


# Where the addresses of known posts lead now: a redirect proves neither that a post is gone nor that it is
# there.


class Moves:
    """What the known posts of one account lead to, while it is collected."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._leads_to: dict[str, str] = {}

    def note(self, known: str, landed: str) -> None:
        """Remember that the address of a known post led to another address."""
        self._leads_to[known] = landed

    def forget(self, known: str) -> None:
        """Take back where a known post leads: it is proved to be gone."""
        self._leads_to.pop(known, None)

    def rolled_on(self, known: str, posts: Mapping[str, Post]) -> bool:
        """True if a post that shared a page with others was met on another page, as older ones are in rolling lists."""
        name = post_key(known).partition("#")[2]
        now_at = next((place for place in posts if "#" in place and place.partition("#")[2] == name), "")
        if now_at:
            self._leads_to[known] = posts[now_at].url
        return bool(now_at)

    def check_start(self, page: RenderedPage, tree: LexborHTMLParser, found: Collection[str], site: Site) -> None:
        """Raise AccountFailed if the start page is another page now, and that leads to none of the known posts."""
        if key(page.url) == key(site.url):
            return
        here = key(page.url)
        inside = {post_key(url).partition("#")[2] for url in self._known if key(url) == here} - {""}
        others = {key(url) for url in self._known} - {here, key(site.url)}
        listed = {key(url) for url in found} | {key(link.url) for link in page_links(tree, page.base, site)}
        shown = inside & {attribute(node, "id") for node in select(tree, "[id]")}
        if (others or inside) and not (others & listed or shown):
            raise AccountFailed(
                say("The start page now leads to %(url)s, which leads to none of the known posts.", url=page.url)
            )

    def check_all(self) -> None:
        """Raise AccountFailed if most known posts lead to one page: one for visitors who have to wait, or consent."""
        pages = ((known, landed) for known, landed in self._leads_to.items() if post_key(landed) == key(landed))
        targets = Counter(_without_origin(known, landed) for known, landed in pages)
        for _, count in targets.most_common(1):
            if count > 1 and count * 2 >= len(self._known):
                raise AccountFailed(say("The site leads every address to one page, so nothing is known of its posts."))

    def moved(self, account: str, posts: Mapping[str, Post]) -> Iterator[PostMoved]:
        """Yield the known posts whose address now leads to a post that was read; ``posts`` are by their post_key."""
        for known, landed in self._leads_to.items():
            if (post := posts.get(post_key(landed)) or posts.get(key(landed))) and post.url != known:
                yield PostMoved(account, known, post.url)


def _without_origin(known: str, landed: str) -> str:
    """Return which page an address led to; a page that is told where its visitor came from is one page for all."""
    parts = urlsplit(landed)
    came_from = urlsplit(known).path.rstrip("/")
    return key(parts._replace(query="").geturl()) if came_from and came_from in unquote(parts.query) else key(landed)
