"""A school's own website, found by its API, feeds, sitemaps and lists together; each page read in the browser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import UNREADABLE, PageFailed, RenderedPage
from auditbot.collect.html.content import around, named_canonical, says_not_found
from auditbot.collect.html.dom import hidden, parse
from auditbot.collect.html.walls import NOT_PUBLIC, SEEMS_WALLED, wall
from auditbot.collect.net.fetch import OutOfTime
from auditbot.collect.net.urls import clean, key, post_key
from auditbot.collect.post.embeds import Embeds, find_accounts
from auditbot.collect.post.links import Lead, Link, PhotoRef, further_pages, is_archive, is_numbered, page_links
from auditbot.collect.post.listing import Block, find_blocks, own_block
from auditbot.collect.post.photos import find_photos, loose_name, rendition_key
from auditbot.collect.post.post import Draft, default_image, draft_of_lead, read_post
from auditbot.collect.post.publish import document_draft, publish
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.collect.website.discovery import Robots, discover
from auditbot.collect.website.frontier import Frontier, Moves
from auditbot.model import CollectEvent, LinkedAccount, Post, PostGone

_FEW_CHARACTERS = 300
_GONE = {404: "404 Not Found", 410: "410 Gone"}


def collect_website(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one website publishes. Raises AccountFailed or AccountWalled if its start page cannot be read."""
    yield from Website(visit).events()


class Website:
    """One website's collection while it runs."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._frontier = Frontier()
        self._robots = Robots("")
        self._default_image = ""
        self._posts: dict[str, Post] = {}
        self._opened = 0
        self._listings_opened = 0
        self._known = {key(url): url for url in visit.job.known_posts if post_key(url) == key(url)}
        self._moves = Moves(visit.job.known_posts)
        self._shared_pages: set[str] = set()
        self._late: list[_Late] = []
        self._aliases: list[tuple[str, Draft]] = []
        self._documents: set[str] = set()
        self._photo_names: dict[str, frozenset[str]] = {}
        self._shown: set[str] = set()
        self._other_lists = True
        self._listed: dict[str, Block] = {}
        self._embeds = Embeds(visit.job.read_elsewhere)
        self._accounts: set[str] = set()

    def events(self) -> Iterator[CollectEvent]:
        """Yield everything, in the order it is found."""
        visit = self._visit
        self._robots = Robots.read(visit.fetcher, visit.site)
        visit.pace.delay_seconds = max(visit.pace.delay_seconds, self._robots.delay_seconds)
        try:
            yield from self._read_start()
            yield from self._read_listings()
            yield from self._read_posts()
            yield from self._ask_for_known()
            yield from self._listing_posts()
        except OutOfTime:
            yield visit.missed(
                visit.site.url,
                "account",
                f"The time for this account was over; {self._frontier.left()} addresses wait for the next run.",
            )
        yield from self._embeds.notes(visit)
        yield from self._moves.moved(visit.job.account, self._posts)
        if self._frontier.cut_short:
            reason = "A series of pages without end was given up here."
            yield visit.missed(self._frontier.cut_short, "listing", reason)
        self._moves.check_all()

    def _read_start(self) -> Iterator[CollectEvent]:
        visit = self._visit
        try:
            page = visit.open(visit.site.url)
        except PageFailed as failure:
            raise AccountFailed(str(failure)) from failure
        tree = parse(page.html)
        if (reason := wall(page, tree)) == SEEMS_WALLED:
            yield visit.missed(page.url, "page", reason)
        elif reason:
            raise AccountWalled(reason)
        if page.status >= 400:
            raise AccountFailed(f"The site answered {page.status} at the account's address.")
        self._default_image = default_image(tree, page.base)
        self._frontier.mark(visit.site.url)
        found = discover(visit, page, tree, self._robots)
        self._moves.check_start(page, tree, [lead.url for lead in found.leads], visit.site)
        self._other_lists = not found.whole
        for lead in found.leads:
            self._frontier.add(lead)
        for url in found.unread:
            yield visit.missed(url, "listing", "The site's own list of its posts here could not be read.")
        for url in found.protected:
            self._frontier.mark(url)
            yield visit.missed(
                url, "post", "The post is not public: it asks for a password or a membership.", aside=True
            )
        yield from self._read_page(page, tree, Lead(visit.site.url, "known"))

    def _read_listings(self) -> Iterator[CollectEvent]:
        limit = self._visit.settings.collect.max_listing_pages
        while (url := self._frontier.next_listing()) is not None:
            if self._listings_opened >= limit:
                yield self._visit.missed(
                    url, "listing", f"More than {limit} listing pages; the rest were not followed."
                )
                return
            self._listings_opened += 1
            yield from self._open(Lead(url, "known"), listing=True)

    def _read_posts(self) -> Iterator[CollectEvent]:
        limit = self._visit.settings.collect.max_posts
        while (lead := self._frontier.next_lead()) is not None:
            since = self._visit.job.since
            if since and lead.published_at and lead.published_at.astimezone(self._visit.zone).date() < since:
                self._frontier.mark(lead.url)
                continue
            if self._opened >= limit:
                left = self._frontier.left() + 1
                yield self._visit.missed(
                    lead.url, "post", f"More than {limit} posts; {left} addresses were not visited."
                )
                return
            self._opened += 1
            yield from self._open(lead)
            yield from self._read_listings()

    def _open(self, lead: Lead, listing: bool = False) -> Iterator[CollectEvent]:
        """Open one address and yield what it holds, or why it was not checked."""
        visit = self._visit
        self._frontier.mark(lead.url)
        try:
            page = visit.open(lead.url)
            tree = parse(page.html)
            reason = wall(page, tree)
        except PageFailed as failure:
            yield from self._failed(lead, failure)
            return
        if reason == SEEMS_WALLED:
            reason = ""
            yield visit.missed(lead.url, "page", SEEMS_WALLED, aside=key(lead.url) not in self._known)
        if (refused := self._refused(page, tree, lead, reason)) is not None:
            yield from refused
            return
        if lead.origin == "link" and page.content_type.endswith(("xml", "json", "javascript", "css")):
            return
        if key(page.url) != key(lead.url):
            yield from self._moved(lead, page)
            if self._frontier.visited(page.url):
                return
            self._frontier.mark(page.url)
        try:
            yield from self._read_page(page, tree, lead, listing)
        except UNREADABLE as error:
            reason = f"The page could not be read ({type(error).__name__})."
            yield visit.missed(lead.url, "page", reason)

    def _refused(
        self, page: RenderedPage, tree: LexborHTMLParser, lead: Lead, reason: str
    ) -> Iterator[CollectEvent] | None:
        """Return what to say of an answer that is no post; None if it may be one. ``reason``: its wall, or empty."""
        missing = not reason and (page.status in _GONE or says_not_found(tree))
        listed = self._listed.get(key(lead.url))
        if missing and listed and listed.whole:
            # A feed of one page: its posts have addresses, but no pages.
            return self._publish(listed.draft)
        if not reason and page.status in _GONE:
            return self._gone(lead, page.status)
        if reason or page.status >= 400:
            return self._walled(lead, reason or f"The site answered {page.status}.")
        if missing:
            said = "The page says that it was not found, but answers as if it were there."
            return iter([self._visit.missed(lead.url, "page", said)] if lead.origin != "link" else [])
        return None

    def _gone(self, lead: Lead, status: int) -> Iterator[CollectEvent]:
        visit = self._visit
        if known := self._known.get(key(lead.url)):
            yield PostGone(visit.job.account, known, f"the page answers {_GONE[status]}")
        elif lead.origin in ("api", "feed"):
            yield visit.missed(lead.url, "page", f"The site lists this post but answers {_GONE[status]} for it.")
            yield from self._publish(draft_of_lead(lead))

    def _walled(self, lead: Lead, reason: str) -> Iterator[CollectEvent]:
        # What visitors cannot see is not published; what they could see before is another matter.
        aside = reason in NOT_PUBLIC and key(lead.url) not in self._known
        yield self._visit.missed(lead.url, "page", reason, aside)
        if lead.origin == "api" and reason not in NOT_PUBLIC:
            yield from self._publish(draft_of_lead(lead))

    def _moved(self, lead: Lead, page: RenderedPage) -> Iterator[CollectEvent]:
        """Say what became of a known post whose address now leads elsewhere."""
        if known := self._known.get(key(lead.url)):
            self._moves.note(known, page.url)
            where = "the start page" if self._visit.site.is_start(page.url) else page.url
            yield self._visit.missed(known, "post", f"The address now leads to {where}.")

    def _failed(self, lead: Lead, failure: PageFailed) -> Iterator[CollectEvent]:
        visit = self._visit
        if failure.failure == "download":
            yield from self._publish(document_draft(Link(lead.url, lead.title)))
            return
        if failure.failure == "elsewhere" and lead.origin == "link":
            # A menu entry that leads to somebody else's site: not the school's page.
            return
        yield visit.missed(lead.url, "page", str(failure))
        if lead.origin in ("api", "feed"):
            yield from self._publish(draft_of_lead(lead))

    def _read_page(
        self, page: RenderedPage, tree: LexborHTMLParser, lead: Lead, listing: bool = False
    ) -> Iterator[CollectEvent]:
        """Read an opened page: queue what it leads to, and yield the post it is, if it is one."""
        visit = self._visit
        outside = around(tree)
        is_start = visit.site.is_start(page.url)
        blocks = self._blocks_of(page, tree, lead, outside)
        draft = read_post(page, tree, lead, visit.zone, outside | {block.node for block in blocks}, self._default_image)
        shown = self._listed.get(key(lead.url))
        if shown and blocks and not _tells_of(draft, shown.draft):
            # Whatever address is asked for, the site shows its list.
            yield from self._publish(shown.draft)
            return
        yield from self._take_in(blocks, page)
        if blocks or listing or is_start:
            for url in further_pages(tree, page.base, visit.site):
                if self._robots.allows(url):
                    self._frontier.add_listing(url)
        yield from self._follow_links(tree, page)
        if page.cut_short:
            yield visit.missed(page.url, "page", page.cut_short)
        pure = bool(blocks) and len(draft.text) < _FEW_CHARACTERS
        listed = is_numbered(page.url) or is_archive(page.url)
        no_post = is_start or pure or (listed and (listing or bool(blocks)))
        if no_post or blocks:
            self._late.append(
                _Late(_as_listing(page, tree, draft, blocks, is_start) if no_post else draft, blocks, not no_post)
            )
        elif self._is_alias(page, tree):
            self._aliases.append((named_canonical(tree, page.base), draft))
            self._frontier.add(Lead(named_canonical(tree, page.base), "known"))
        elif draft.text or draft.photos or draft.documents:
            yield from self._publish(draft)
        elif lead.origin != "link":
            yield visit.missed(page.url, "page", "The page is empty.")

    def _blocks_of(self, page: RenderedPage, tree: LexborHTMLParser, lead: Lead, outside: set[int]) -> list[Block]:
        """Return the posts that a page lists; none for a page that is itself one post."""
        if own_block(tree, outside) or (lead.origin in ("api", "feed") and lead.html.strip()):
            return []
        return find_blocks(tree, page.url, page.base, self._visit.site, self._visit.zone, outside)

    def _is_alias(self, page: RenderedPage, tree: LexborHTMLParser) -> bool:
        """True if a page says that it is another page of this site."""
        named = named_canonical(tree, page.base)
        site = self._visit.site
        return site.owns(named) and key(named) != key(page.url) and not site.is_start(named)

    def _take_in(self, blocks: list[Block], page: RenderedPage) -> Iterator[CollectEvent]:
        """Queue the posts that a page lists; publish those that have no page but this one."""
        for block in blocks:
            if key(block.lead.url) == key(page.url):
                if not page.cut_short:
                    self._shared_pages.add(key(page.url))
                yield from self._publish(block.draft)
            else:
                self._listed.setdefault(key(block.lead.url), block)
                self._frontier.add(block.lead)

    def _follow_links(self, tree: LexborHTMLParser, page: RenderedPage) -> Iterator[LinkedAccount]:
        """Queue the pages that a page links to; yield the social accounts that it is the first to lead to."""
        for account in find_accounts(tree, page.base):
            if account.url.lower() not in self._accounts:
                self._accounts.add(account.url.lower())
                yield LinkedAccount(self._visit.job.account, account.url, account.service, page.url)
        for link in page_links(tree, page.base, self._visit.site):
            wanted = self._other_lists or not is_archive(link.url)
            if wanted and not is_numbered(link.url) and self._robots.allows(link.url):
                self._frontier.add(Lead(link.url, "link", title=link.title), page.url)

    def _publish(self, draft: Draft) -> Iterator[CollectEvent]:
        """Publish a draft once: the same post under a second address is the same post."""
        since = self._visit.job.since
        if since and draft.published_at and draft.published_at.astimezone(self._visit.zone).date() < since:
            return
        if post_key(draft.url) in self._posts:
            return
        self._embeds.add(draft.url, [url for url in draft.films if not self._visit.site.owns(url)])
        self._shown.update(_names(draft.photos))
        self._documents.update(link.url for link in draft.documents)
        addresses = [candidate for photo in draft.photos for candidate in photo.candidates]
        self._photo_names[post_key(draft.url)] = frozenset(loose_name(address) for address in addresses)
        for event in publish(replace(draft, films=()), self._visit):
            if isinstance(event, Post):
                self._posts[post_key(draft.url)] = event
            yield event

    def _ask_for_known(self) -> Iterator[CollectEvent]:
        """Ask for posts of earlier runs that discovery no longer meets; not if nothing at all was met."""
        if not self._posts:
            return
        for url in sorted(self._visit.job.known_posts):
            if post_key(url) != key(url):
                shown = post_key(url) in self._posts or key(url) not in self._shared_pages
                shown = shown or self._moves.rolled_on(url, self._posts)
                if not shown and self._visit.job.since is None:
                    yield PostGone(self._visit.job.account, url, "the page that showed it no longer does")
            elif not self._frontier.met(url) and self._visit.site.owns(url) and not self._visit.site.is_start(url):
                yield from self._open(Lead(url, "known"))

    def _listing_posts(self) -> Iterator[CollectEvent]:
        """Publish pages that list posts, now that it is known which photos the posts themselves show.

        A page that is nothing but a list is published only with photos and documents that are shown nowhere else. Where
        only newer posts were asked for that cannot be told: what lists show may belong to older ones, and is left out.
        """
        lists_count = self._visit.job.since is None
        for named, draft in self._aliases:
            post = self._posts.get(post_key(named))
            # Some sites name the same address on every page: only what really is that post is left out.
            if post is None or post.text != draft.text:
                yield from self._publish(draft)
        for late in self._late:
            self._shown.update(_names(late.draft.photos) if late.is_post else ())
        for late in self._late:
            blocks = late.blocks if lists_count else []
            teasers = [photo for block in blocks for photo in block.photos if not self._in_post(block, photo)]
            photos = [photo for photo in (*late.draft.photos, *teasers) if not _names([photo]) & self._shown]
            self._shown.update(_names(photos))
            if late.is_post:
                yield from self._publish(replace(late.draft, photos=(*late.draft.photos, *photos)))
                continue
            documents = tuple(link for link in late.draft.documents if link.url not in self._documents)
            if not lists_count:
                continue
            if any(not photo.is_drawing for photo in photos) or documents or self._is_all_there_is(late.draft):
                yield from self._publish(replace(late.draft, photos=tuple(photos), documents=documents))

    def _in_post(self, block: Block, photo: PhotoRef) -> bool:
        """True if a teaser's photo is, by its name, one of those that its post shows."""
        post = self._photo_names.get(post_key(block.lead.url), frozenset())
        return bool(post & {loose_name(candidate) for candidate in photo.candidates})

    def _is_all_there_is(self, draft: Draft) -> bool:
        """True for the start page of a site of one page."""
        start = self._visit.site.is_start(draft.url)
        return start and not self._posts and len(draft.text) >= _FEW_CHARACTERS


@dataclass(frozen=True, slots=True)
class _Late:
    """A page that lists posts, kept until all posts are known."""

    draft: Draft
    """The page without its list."""
    blocks: list[Block]
    """The posts it lists."""
    is_post: bool
    """True if it has words of its own; False for a mere list."""


def _names(photos: Iterable[PhotoRef]) -> set[str]:
    names = {rendition_key(candidate) for photo in photos for candidate in photo.candidates}
    return names | {hashlib.sha256(photo.data.encode()).hexdigest() for photo in photos if photo.data}


def _tells_of(draft: Draft, listed: Draft) -> bool:
    """True if a page, without the posts it lists, holds the post that was looked for."""
    said, begins = " ".join(f"{draft.title} {draft.text}".split()), " ".join(listed.text.split())[:40]
    return bool(begins and begins in said) or bool(listed.title and listed.title in said) or not begins


def _as_listing(page: RenderedPage, tree: LexborHTMLParser, draft: Draft, blocks: list[Block], is_start: bool) -> Draft:
    """Return a page that is no post as a draft of itself: of the start page, what surrounds its content too."""
    photos = draft.photos
    if is_start and tree.body is not None:
        photos = find_photos(tree.body, page.base, hidden(tree) | {block.node for block in blocks}).photos
    named = tree.css_first("title")
    title = named.text().strip() if named is not None else ""
    return replace(draft, url=clean(page.url), title=title, author="", published_at=None, photos=photos, comments=())
