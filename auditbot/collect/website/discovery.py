"""What a site tells of its posts before any is opened: feeds (RSS, Atom), sitemaps, and its own interface."""

from __future__ import annotations

import calendar
import gzip
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.faults import MEANT, fault
from auditbot.collect.html.dom import attribute, select
from auditbot.collect.net.fetch import MAX_LISTING_BYTES, REDIRECTS, Fetcher, FetchFailed, Reply
from auditbot.collect.net.robots import Robots
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.post.links import Lead, PhotoRef, is_archive, is_page
from auditbot.collect.post.renditions import stated_width, with_guesses
from auditbot.collect.visit import Visit
from auditbot.collect.website.interfaces.ghost import Ghost
from auditbot.collect.website.interfaces.wordpress import WordPress, api_root
from auditbot.model import NotChecked, PostWords, Why
from auditbot.same_page import clean, key
from auditbot.sentences import say

_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
_MAX_FEED_PAGES = 100
# Of one site: posts whose own feeds are asked for their day, and how many in a row may have none until no more are.
_MOST_OWN_FEEDS = 200
_FEEDS_WITHOUT = 3


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
        parsed = _parsed(reply)
        site.learn_mirror(absolute(reply.url, str(entry.get("link", ""))) for entry in parsed.entries)
        leads = [lead for entry in parsed.entries if (lead := _lead(entry, reply.url, site))]
        yield from leads
        links = [link for link in parsed.feed.get("links", []) if link.get("rel") == "next"]
        following = [absolute(reply.url, str(link.get("href", ""))) for link in links]
        waiting += [link for link in following if site.owns(link) and link not in seen and leads]


def _parsed(reply: Reply) -> Any:
    return feedparser.parse(
        io.BytesIO(reply.body), response_headers={"content-location": reply.url}, sanitize_html=False
    )


class OwnFeeds:
    """The days of posts whose pages show none, by the feed that WordPress keeps of each post beside its page.

    Themes show a day under news alone, not under pages and a school's own kinds of posts.
    """

    def __init__(self, fetcher: Fetcher, site: Site, robots: Robots) -> None:
        self._fetcher, self._site, self._robots = fetcher, site, robots
        self._without = 0
        self._asked = 0

    def day_of(self, url: str) -> datetime | None:
        """Return when a post was published by its own feed; None if it has none. Raises OutOfTime."""
        address = f"{clean(url).rstrip('/')}/feed/?withoutcomments=1"
        over = self._without >= _FEEDS_WITHOUT or self._asked >= _MOST_OWN_FEEDS
        if over or urlsplit(url).query or not self._robots.allows(address):
            return None
        with suppress(FetchFailed):
            # When a post was published does not change: what was answered once is not asked for again.
            if (reply := self._fetcher.kept(address)) is None:
                self._asked += 1
                reply = self._fetcher.get(address, _ACCEPT)
            for entry in _parsed(reply).entries:
                lead = _lead(entry, reply.url, self._site)
                if lead and key(lead.url) == key(url) and lead.published_at:
                    self._without = 0
                    return lead.published_at
        self._without += 1
        return None


def feed_entries(content: bytes, url: str) -> list[Any]:
    """Return the entries of a feed as feedparser reads them, texts as they stand."""
    parsed = feedparser.parse(io.BytesIO(content), response_headers={"content-location": url}, sanitize_html=False)
    return list(parsed.entries)


def _lead(entry: Any, base: str, site: Site) -> Lead | None:
    url = site.local(clean(absolute(base, str(entry.get("link", ""))))) if entry.get("link") else ""
    if not site.owns(url):
        return None
    contents = [str(content.get("value", "")) for content in entry.get("content", [])]
    if not any(contents) and re.search(r"<(?:p|div|img|br|figure)\b", summary := str(entry.get("summary", ""))):
        # Some feeds have the whole text where others have its beginning.
        contents = [summary]
    author = str(entry.get("author", ""))
    return Lead(
        url=url,
        origin="feed",
        title=LexborHTMLParser(str(entry.get("title", ""))).text().strip(),
        html=max(contents, key=len, default=""),
        author="" if "@" in author else author,
        published_at=_moment(entry),
        photos=_pictures(entry, base),
        words=_words(entry),
    )


def _pictures(entry: Any, base: str) -> tuple[PhotoRef, ...]:
    """Return the pictures that an entry encloses or names as its media."""
    links = [str(link.get("href", "")) for link in entry.get("links", [])
             if link.get("rel") == "enclosure" and str(link.get("type", "")).startswith("image/")]  # fmt: skip
    for each in [*entry.get("media_content", []), *entry.get("media_thumbnail", [])]:
        if each.get("medium", "image") == "image" and str(each.get("type", "image/")).startswith("image/"):
            links.append(str(each.get("url", "")))
    urls = [url for link in dict.fromkeys(links) if (url := absolute(base, link))]
    return tuple(PhotoRef(with_guesses([(url, stated_width(url))])) for url in urls)


def _words(entry: Any) -> tuple[PostWords, ...]:
    """Return an entry's summary and categories."""
    tags = [str(tag.get("term") or "").strip() for tag in entry.get("tags", [])]
    summary = LexborHTMLParser(str(entry.get("summary", ""))).text(separator=" ").strip()
    excerpt = [PostWords("excerpt", " ".join(summary.split()))] if summary else []
    return (*excerpt, *(PostWords("category", tag) for tag in tags if tag))


def _moment(entry: Any) -> datetime | None:
    """Return when an entry says it was published; None for a date outside the calendar."""
    parsed = entry.get("published_parsed")
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (OSError, OverflowError, ValueError):
        return None
    # The last year of the calendar has moments that do not exist in every zone.
    return moment if moment and 1990 < moment.year < 9999 else None


# Sitemaps: addresses of pages that a site lists for machines.

# Words of a sitemap's name that say that it lists lists, people or files; "posts" among them says otherwise.
_NO_POSTS = re.compile(r"(?:user|author|tag|video|image|template)s?|(?:taxonom|categor)(?:y|ies)")
_WORDS_OF_A_NAME = re.compile(r"[^\W\d_]+")
_MAX_SITEMAPS = 60
# Of one site: other hosts that are asked whether they lead here, and redirects that each may take for it.
_MOST_HOSTS = 5
_MOST_STEPS = 4
USUAL = ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml")


class OtherHosts:
    """The hosts beside the account's own that a site's maps name: those that lead here are it, the others are told."""

    def __init__(self, fetcher: Fetcher, site: Site) -> None:
        self._fetcher, self._site = fetcher, site
        self._asked: set[str] = set()
        self._pages: dict[str, list[str]] = defaultdict(list)
        self._maps: dict[str, str] = {}
        self._read: set[str] = set()

    def here(self, url: str) -> str:
        """Return an address as this site's own; as it stands if it is another's. Raises OutOfTime."""
        url = self._site.local(url)
        host = urlsplit(url).netloc.lower()
        if self._site.owns(url) or not host or host in self._asked or len(self._asked) >= _MOST_HOSTS:
            return url
        self._asked.add(host)
        if self._leads_here(url):
            self._site.add_mirror(url)
        return self._site.local(url)

    def _leads_here(self, url: str) -> bool:
        """True if an address of another host is answered with a redirect to this site. Nothing is read there."""
        for _ in range(_MOST_STEPS):
            try:
                reply = self._fetcher.answer(url, {"Accept": "*/*"})
            except FetchFailed:
                return False
            url = absolute(url, reply.headers.get("location", "")) if reply.status in REDIRECTS else ""
            if not url or self._site.owns(url):
                return bool(url)
        return False

    def map_here(self, url: str) -> str:
        """Return where a map is read that is named at another host: here, under the same path."""
        own = urlsplit(self._site.url)
        if self._site.owns(url := self.here(url)):
            return urlsplit(url)._replace(scheme=own.scheme).geturl()
        self._maps[url] = urlsplit(url)._replace(scheme=own.scheme, netloc=own.netloc).geturl()
        return self._maps[url]

    def page(self, url: str) -> None:
        """Take note of a page of another site that a map lists."""
        self._pages[urlsplit(url).hostname or ""].append(url)

    def was_read(self, url: str) -> None:
        """Take note of a map that lists something."""
        self._read.add(url)

    def notes(self, visit: Visit) -> Iterator[NotChecked]:
        """Yield one line for each other host of which pages are listed, and one for each map that lies with one."""
        known = {urlsplit(url).hostname for url in visit.job.read_elsewhere}
        for host, urls in self._pages.items():
            if host in known:
                continue
            said = say(
                "The site’s own list of its pages names %(count)s at %(host)s, another site, which was not looked "
                "into. If the school publishes there, add it as an account.",
                count=len(set(urls)),
                host=host,
            )
            yield visit.missed(urls[0], "site", said, aside=True, why=Why.OTHER_HOST)
        for url, place in self._maps.items():
            host = urlsplit(url).hostname or ""
            said = say("A list of the site’s pages lies with another site, %(host)s, and was not read.", host=host)
            # Where the site has the same list itself, nothing is missing.
            yield visit.missed(url, "listing", said, aside=place in self._read, why=Why.OTHER_HOST)


def read_sitemaps(
    named: list[str], fetcher: Fetcher, site: Site, passed_over: list[str], others: OtherHosts
) -> Iterator[str]:
    """Yield the pages listed in the sitemaps that robots.txt names, or else in one at a usual place.

    A sitemap that cannot be read is left: it is one way of several to find pages. Those whose names say that they list
    no posts are not asked for, and written to ``passed_over``.
    """
    places = [[others.map_here(url) for url in named]] if named else []
    for place in (*places, *([absolute(site.url, usual)] for usual in USUAL)):
        found = list(_read(place, fetcher, site, passed_over, others))
        if found:
            yield from found
            return


def each_sitemap(
    waiting: list[str], fetcher: Fetcher, site: Site, *, most: int, limit: int = MAX_LISTING_BYTES
) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the content of each sitemap of a list, which its reader lengthens by those it names.

    No more than ``most`` are asked for, none of another site; one that cannot be had, or that is larger than ``limit``
    bytes, lists nothing. Raises OutOfTime.
    """
    seen: set[str] = set()
    while waiting and len(seen) < most:
        url = waiting.pop(0)
        if url in seen or not site.owns(url):
            continue
        seen.add(url)
        try:
            body = fetcher.get(url, "application/xml, text/xml, */*;q=0.5", limit).body
        except FetchFailed:
            continue
        yield url, unzipped(body)


def _read(
    waiting: list[str], fetcher: Fetcher, site: Site, passed_over: list[str], others: OtherHosts
) -> Iterator[str]:
    for url, body in each_sitemap(waiting, fetcher, site, most=_MAX_SITEMAPS):
        entries = sitemap_entries(body)
        if entries:
            others.was_read(url)
        site.learn_mirror(absolute(url, link) for _, link in entries)
        for kind, link in entries:
            named = absolute(url, link)
            if kind == "sitemap":
                target = others.map_here(clean(named))
                (waiting if may_list_posts(target) else passed_over).append(target)
            elif kind == "url" and site.owns(target := others.here(clean(named))):
                if is_page(target):
                    yield target
            elif kind == "url" and named:
                others.page(named)


def may_list_posts(url: str) -> bool:
    """False for a sitemap whose name says that it lists lists by tag, people or files: "wp-sitemap-users-1.xml"."""
    words = _WORDS_OF_A_NAME.findall(urlsplit(url).path.rpartition("/")[2].lower())
    return "posts" in words or not any(map(_NO_POSTS.fullmatch, words))


def unzipped(body: bytes) -> bytes:
    """Unpack a sitemap that is a gzip file, up to a bound; nothing if it is damaged."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            return file.read(MAX_LISTING_BYTES)
    except (OSError, EOFError):
        return b""


def sitemap_entries(body: bytes, kinds: tuple[str, ...] = ("url", "sitemap")) -> list[tuple[str, str]]:
    """Return kind and address of each entry of these kinds ("image" is one too); of a text sitemap, of each line."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        lines = body.decode("utf-8", "replace").split()
        return [("url", line) for line in lines if line.startswith(("http://", "https://"))]
    found = []
    for location in root.iter("{*}loc"):
        parent = location.getparent()
        kind = etree.QName(parent).localname if parent is not None else ""
        if kind in kinds and location.text:
            found.append((kind, location.text.strip()))
    return found


# What a site tells of its posts before any is opened: its API, its feeds, its sitemaps.


@dataclass
class Discovery:
    """Leads from all sources, and whether one of them lists the whole site."""

    leads: list[Lead] = field(default_factory=list)
    """What was found; the same post may come from several sources."""
    protected: list[str] = field(default_factory=list)
    """Posts that the site says are protected by a password."""
    unread: list[str] = field(default_factory=list)
    """Addresses of lists that a source names and that could not be read."""
    passed_over: list[str] = field(default_factory=list)
    """Sitemaps that were not asked for, as their names say that they list no posts."""
    faults: list[tuple[str, Exception]] = field(default_factory=list)
    """Faults of our own, each with the address that was being read."""
    short: list[tuple[str, int, int]] = field(default_factory=list)
    """Lists that gave fewer items than they say they have: address, items given, items stated."""
    others: OtherHosts | None = None
    """Other hosts that the site's maps name."""
    own_feeds: OwnFeeds | None = None
    """What tells the days of posts whose pages show none; None where the site is no WordPress."""
    whole: bool = False
    """True if an interface gave as many posts as it says it has: lists by tag or month lead to nothing new."""

    def notes(self, visit: Visit) -> Iterator[NotChecked]:
        """Yield what of the site's own lists could not be read, and which posts they keep from the public."""
        for url in self.unread:
            said = say("The site's own list of its posts here could not be read.")
            yield visit.missed(url, "listing", said, why=Why.FAILED)
        for url, error in self.faults:
            yield visit.missed(url, "listing", fault(visit.job.account, error), why=Why.FAULT)
        for url, given, stated in self.short:
            said = say(
                "The site’s own list here says that it has %(stated)s items, and gave %(given)s of them.",
                stated=stated,
                given=given,
            )
            yield visit.missed(url, "listing", said, why=Why.SHORT_LIST)
        if self.others:
            yield from self.others.notes(visit)
        for url in self.protected:
            said = say("The post is not public: it asks for a password or a membership.")
            yield visit.missed(url, "post", said, True, Why.PASSWORD)


def discover(visit: Visit, page: RenderedPage, tree: LexborHTMLParser, robots: Robots) -> Discovery:
    """Ask every source the site has. A source that does not answer leaves the others. Raises OutOfTime."""
    found = Discovery()
    with _source(visit.site.url, found):
        root = api_root(tree, page.headers, page.base, visit.site)
        found.own_feeds = OwnFeeds(visit.fetcher, visit.site, robots) if root else None
        if root and robots.allows(root):
            _from_api(root, WordPress(root, visit.fetcher, visit.site), found)
        elif ghost := Ghost.of_page(tree, page.base, visit.fetcher, visit.site, robots):
            _from_api(visit.site.url, ghost, found)
    if not found.whole:
        _from_feeds(visit, page, tree, robots, found)
    with _source(visit.site.url, found):
        named = [url for each in robots.sitemaps if (url := absolute(visit.site.url, each)) and robots.allows(url)]
        found.others = OtherHosts(visit.fetcher, visit.site)
        for url in read_sitemaps(named, visit.fetcher, visit.site, found.passed_over, found.others):
            # Lists by tag or month come last, and not at all where one list has given every post.
            found.leads.append(Lead(url, "link" if is_archive(url) else "sitemap"))
    return found


@contextmanager
def _source(url: str, found: Discovery) -> Iterator[None]:
    """Ask one source. Whatever becomes of it, what it gave before is kept and the others are asked."""
    try:
        yield
    except FetchFailed:
        # Closed by a plug-in, or not what it seemed: the other sources and the pages show the same posts.
        return
    except MEANT:
        raise
    except Exception as error:  # noqa: BLE001
        found.faults.append((url, error))


def _from_api(url: str, api: WordPress | Ghost, found: Discovery) -> None:
    with _source(url, found):
        found.leads += api.leads()
        found.whole = not api.left.unread and not api.left.short and not api.left.faults
    found.faults += api.left.faults
    found.unread += api.left.unread
    found.short += api.left.short
    found.protected += api.left.protected


def _from_feeds(visit: Visit, page: RenderedPage, tree: LexborHTMLParser, robots: Robots, found: Discovery) -> None:
    for address in feed_addresses(tree, page.base, visit.site):
        if robots.allows(address):
            with _source(address, found):
                found.leads += read_feed(address, visit.fetcher, visit.site)
