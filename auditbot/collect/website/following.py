"""Which links of a page are followed; of every other address of the site it is recorded why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import PageFailed, RenderedPage
from auditbot.collect.html.builders import is_tool
from auditbot.collect.html.comment_pages import comment_page_of
from auditbot.collect.html.content import named_canonical
from auditbot.collect.html.dom import attribute, inside, parse, select, text_of
from auditbot.collect.net.fetch import Fetcher, FetchFailed
from auditbot.collect.net.periods import period_of
from auditbot.collect.net.robots import Robots
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.post.links import (
    Lead,
    Link,
    further_pages,
    is_archive,
    is_document,
    is_page,
    is_unreadable_kind,
    page_links,
)
from auditbot.collect.post.post import Draft
from auditbot.collect.visit import Visit
from auditbot.collect.website.discovery import feed_addresses, read_feed
from auditbot.collect.website.frontier import Frontier, is_cell
from auditbot.collect.website.list_pages import names_of
from auditbot.collect.website.met_addresses import Ledger
from auditbot.collect.website.series import Answered, SeriesBook, shape
from auditbot.collect.website.unseen import ListCounts
from auditbot.model import Became, NotChecked, Why
from auditbot.same_page import clean, key
from auditbot.sentences import say

# Of one site: those of tags and months are as many as there are tags and months.
_MOST_FEEDS = 20
# Words of a link to older entries, and how often such a link is followed that leads back to its own page.
_OLDER = re.compile(
    r"^\W*(?:older|earlier|hŷn|(?:older|earlier|further|more|rhagor o|mwy o|hŷn)\s+(?:of\s+)?(?:our\s+)?(?:posts?|news|"
    r"stories|entries|items|articles|newyddion)|next\s+page|tudalen nesaf)\W*$",
    re.IGNORECASE,
)
_MOST_TURNS = 60
# First parts of names that stand for mail, files and log-ins: nothing that a school publishes.
_NO_SITE = re.compile(
    r"(?:web)?mail\d?|owa|autodiscover|cpanel|ftp|vpn|remote|login|sso|auth|cdn\d?|static|assets|img|images?|media|files|"
    r"api|m|moodle|vle|sims|office|portal|my|staff"
)


class Following:
    """The links of one site's pages: queued, or recorded with what keeps them from being opened."""

    def __init__(self, site: Site, ledger: Ledger) -> None:
        self._site = site
        self._ledger = ledger
        self._book = SeriesBook()
        self.frontier = Frontier(self._book, ledger)
        """What is still to be visited."""
        self.robots = Robots("")
        """What the site asks of automatic visitors."""
        self.other_lists = True
        """False once one list has given every post: lists by tag or month lead to nothing new."""
        self.counts = ListCounts()
        """What lists say that they have."""
        self._neighbours: dict[str, str] = {}
        self._tried: set[str] = set()
        self.feeds: set[str] = set()
        """Keys of the feeds that were asked."""
        self.documents: dict[str, Link] = {}
        """By address: documents that pages link to, wherever on the page."""

    def take_in(self, page: RenderedPage, tree: LexborHTMLParser, answered: Answered, lists: bool) -> str:
        """Queue what a page leads to; return the address of the opened page that it is itself, or nothing.

        ``lists``: it is a list, whose further pages come before all else. A page that is another under a second address
        leads nowhere that the other does not: what of its own series it names is a series without end.
        """
        links = page_links(tree, page.base, self._site)
        self._note_neighbours(tree, page)
        twin = self._book.twin(answered)
        given_up = self._book.learn(answered, self._any_unmet(links, page), bool(twin))
        if lists and not twin:
            for url in further_pages(tree, page.base, self._site):
                if self.may_follow(url):
                    self.frontier.add_listing(url, page.url)
        for link in links:
            self._take_in_link(link, page, twin)
        if (period := period_of(page.url)) is not None and period.unit != "day" and not twin:
            self.frontier.take_up(shape(page.url))
        if given_up:
            self.frontier.give_up(given_up)
            self._ask_once_more(page)
        return twin

    def _ask_once_more(self, page: RenderedPage) -> None:
        """Queue the periods of a diary beyond a gap at which it was given up, whether or not a page leads there."""
        for url in self._book.once_more(page.url):
            if not self.frontier.met(url) and self.may_follow(url):
                self._tried.add(key(url))
                self.frontier.add(Lead(url, "link"))

    def is_try(self, url: str) -> bool:
        """True for an address that no page was seen to lead to: that it is not there says nothing of the site."""
        return key(url) in self._tried

    def _note_neighbours(self, tree: LexborHTMLParser, page: RenderedPage) -> None:
        """Note where pages lead to another host of the same domain: "blog." beside "www."."""
        own = (urlsplit(self._site.url).hostname or "").removeprefix("www.")
        for node in select(tree, "a[href], iframe[src]"):
            url = absolute(page.base, attribute(node, "href") or attribute(node, "src"))
            host = (urlsplit(url).hostname or "").lower()
            first, _, rest = host.partition(".")
            if rest == own and first != "www" and not _NO_SITE.fullmatch(first):
                self._neighbours.setdefault(host, url)

    def notes(self, visit: Visit) -> Iterator[NotChecked]:
        """Yield one line for each host beside the account's own that pages lead to and no account is registered for."""
        known = {urlsplit(url).hostname for url in visit.job.read_elsewhere}
        for host, url in self._neighbours.items():
            if host not in known:
                said = say(
                    "Pages lead to %(host)s, a site beside this one, which was not looked into. If the school "
                    "publishes there, add it as an account.",
                    host=host,
                )
                yield visit.missed(url, "site", said, aside=True, why=Why.OTHER_HOST)

    def take_in_feeds(self, tree: LexborHTMLParser, base: str, fetcher: Fetcher) -> None:
        """Queue what the feeds list that a page names and that no page named before. Raises OutOfTime.

        A feed that does not answer gives nothing: it is a second list of what the site shows.
        """
        for url in feed_addresses(tree, base, self._site) if self.other_lists else []:
            if key(url) in self.feeds or len(self.feeds) >= _MOST_FEEDS or not self.robots.allows(url):
                continue
            self.feeds.add(key(url))
            with suppress(FetchFailed):
                for lead in read_feed(url, fetcher, self._site):
                    self.frontier.add(lead)

    def take_in_links(self, page: RenderedPage, tree: LexborHTMLParser) -> None:
        """Queue what a page leads to that is a part of a post."""
        for link in page_links(tree, page.base, self._site):
            self._take_in_link(link, page, "")

    def turned_back(self, lead: Lead, page: RenderedPage, tree: LexborHTMLParser, visit: Visit) -> Iterator[NotChecked]:
        """Read what a link for older entries shows that leads back to a page read before.

        Such a list is turned by what the site remembers of its visitor. While it brings addresses that nobody had met
        it is asked again; one that brings none is told. Raises OutOfTime.
        """
        if not _OLDER.match(lead.title) or self._site.is_start(page.url):
            return
        turns = 0
        for turns in range(_MOST_TURNS):  # noqa: B007
            met = len(self.frontier.all_met)
            self.take_in_links(page, tree)
            if len(self.frontier.all_met) == met:
                break
            try:
                page = visit.open(lead.url)
            except PageFailed:
                break
            tree = parse(page.html)
        if turns == 0:
            said = say(
                "The link “%(words)s” leads back to this page: what it shows to visitors was not read.",
                words=lead.title,
            )
            yield visit.missed(page.url, "listing", said, why=Why.SHUT)

    def take_in_addresses(self, urls: list[str], page: RenderedPage) -> None:
        """Queue pages that a page's scripts were told of."""
        for url in urls:
            if self.may_follow(url):
                self.frontier.add(Lead(url, "link"), page.url)

    def _take_in_link(self, link: Link, page: RenderedPage, twin: str) -> None:
        if is_document(link.url):
            self.documents.setdefault(link.url, link)
        elif (post := comment_page_of(link.url)) is not None:
            self._ledger.note(link.url, Became.SAME, post)
            if self.may_follow(post):
                self.frontier.add(Lead(post, "link"), page.url)
        elif twin and (plain := self._unpiled(link.url, page.url, twin)):
            self._ledger.note(link.url, Became.SAME, plain)
        elif twin and shape(link.url) and shape(link.url) == shape(page.url):
            if not self.frontier.met(link.url):
                self._ledger.note(link.url, Became.ALIKE)
        elif self.may_follow(link.url):
            self.frontier.add(Lead(link.url, "link", title=link.title), page.url)

    def _unpiled(self, link: str, url: str, twin: str) -> str:
        """Return what a relative link of a page means that is another under a longer address, if that was met."""
        path, own = urlsplit(url).path, urlsplit(twin).path
        steps = path.removesuffix(own) if path.endswith(own) else ""
        parts = urlsplit(link)
        if not steps or not parts.path.startswith(f"{steps}/"):
            return ""
        plain = parts._replace(path=parts.path.removeprefix(steps)).geturl()
        return plain if self.frontier.met(plain) else ""

    def may_follow(self, url: str) -> bool:
        """True for an address that is to be opened; of the others it is recorded why not."""
        if self.frontier.met(url):
            return is_page(url) and self.robots.allows(url)
        if is_tool(url):
            self._ledger.note(url, Became.TOOL)
        elif not is_page(url):
            if is_unreadable_kind(url):
                self._ledger.note(url, Became.KIND)
        elif not self.robots.allows(url):
            self._ledger.note(url, Became.ROBOTS)
        elif not self.other_lists and is_archive(url):
            self._ledger.note(url, Became.LISTED)
        else:
            return True
        return False

    def _any_unmet(self, links: list[Link], page: RenderedPage) -> bool:
        """True if a page is the first to lead to an address outside its own series and those that were given up."""
        own = shape(page.url)
        return any(
            is_page(link.url)
            and not self._ledger.knows(link.url)
            and not self.frontier.met(link.url)
            and (not (series := shape(link.url)) or (series != own and not self._left(link)))
            for link in links
        )

    def _left(self, link: Link) -> bool:
        """True if the series of a link was given up, or is that of days of which none told anything so far."""
        return self._book.given_up(link.url, True) or (is_cell(link.url, link.title) and not self._book.tells(link.url))


def answered_of(page: RenderedPage, tree: LexborHTMLParser, outside: set[int], draft: Draft, site: Site) -> Answered:
    """Return what of an opened page tells it apart from others: nothing that the site makes anew for each answer."""
    words = text_of(tree.body, outside) if tree.body is not None else ""
    links = (attribute(node, "href") for node in select(tree, "a[href]") if not inside(node, outside))
    told = (link for link in links if absolute(page.base, link))
    if site.sessions:
        told = (site.local(clean(absolute(page.base, link))) for link in told)
    return Answered(page.url, words, frozenset(names_of(draft.photos)), frozenset(told))


def is_alias(page: RenderedPage, tree: LexborHTMLParser, site: Site) -> bool:
    """True if a page says that it is another page of its site."""
    named = named_canonical(tree, page.base)
    if not site.owns(named) or comment_page_of(named) is not None:
        return False
    return key(named) != key(page.url) and not site.is_start(named)


def is_amp(tree: LexborHTMLParser) -> bool:
    """True for a page in the short form for telephones (AMP), which names the post that it is a view of."""
    return any({"amp", "⚡"} & node.attributes.keys() for node in select(tree, "html"))
