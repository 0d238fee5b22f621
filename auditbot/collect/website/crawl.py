"""A school's own website, found by its API, feeds, sitemaps and lists together; each page read in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import PageFailed, RenderedPage
from auditbot.collect.faults import MEANT, fault
from auditbot.collect.html.content import named_canonical
from auditbot.collect.html.day_order import DayOrder
from auditbot.collect.html.dom import meta, parse
from auditbot.collect.html.walls import WALLS, wall
from auditbot.collect.net.robots import Robots
from auditbot.collect.net.throttle import OutOfTime
from auditbot.collect.net.urls import absolute
from auditbot.collect.post.comparing import joined, reading_of
from auditbot.collect.post.embeds import Embeds, find_accounts
from auditbot.collect.post.links import Lead, PhotoRef, is_archive, is_numbered, is_page
from auditbot.collect.post.listing import Block, posts_on
from auditbot.collect.post.pictures_left import PicturesLeft
from auditbot.collect.post.post import Draft, default_image, read_post
from auditbot.collect.post.publish import document_draft, publish
from auditbot.collect.post.scripted import pictures_in_scripts
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.collect.website.discovery import Discovery, OwnFeeds, discover, feed_addresses
from auditbot.collect.website.fetched_posts import FetchedPosts
from auditbot.collect.website.following import Following, answered_of, is_alias, is_amp
from auditbot.collect.website.frontier import Moves
from auditbot.collect.website.list_pages import ListPage, ListPages, as_list_page, names_of, tells_of, with_teaser
from auditbot.collect.website.met_addresses import Ledger
from auditbot.collect.website.no_post import MadeUp, Refusals
from auditbot.collect.website.parts_of_post import Views, as_whole
from auditbot.collect.website.sessions import Sessions
from auditbot.collect.website.unseen import FEW_CHARACTERS, not_shown
from auditbot.model import Became, CollectEvent, LinkedAccount, MetAddresses, NotChecked, Post, PostGone, Why
from auditbot.same_page import key, post_key
from auditbot.sentences import say

_NO_PAGES = ("xml", "json", "javascript", "css")
_LISTED = frozenset({"api", "feed", "listing", "sitemap"})
_EXACT = frozenset({"api", "feed"})
_SURE = _EXACT | {"sitemap"}
_DESCRIPTIONS = ("description", "og:description", "twitter:description")


def collect_website(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one website publishes. Raises AccountFailed or AccountWalled if its start page cannot be read."""
    yield from Website(visit).events()


class Website:
    """One website's collection while it runs."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._ledger = Ledger()
        self._following = Following(visit.site, self._ledger)
        self._frontier = self._following.frontier
        self._default_image = ""
        self._site_words: set[str] = set()
        self._of_start: set[str] = set()
        self._posts: dict[str, Post] = {}
        self._opened = 0
        self._listings_opened = 0
        self._limit_told = False
        self._known = {key(url): url for url in visit.job.known_posts if post_key(url) == key(url)}
        self._moves = Moves(visit.job.known_posts)
        self._shared_pages: set[str] = set()
        self._sessions = Sessions(visit.site, visit.fetcher, visit.job.known_posts, self._allows)
        self._fetched = FetchedPosts(visit.site)
        self._pictures = PicturesLeft()
        self._aside: dict[str, RenderedPage] = {}
        self._lists = ListPages()
        self._days = DayOrder(visit.zone)
        self._aliases: list[tuple[str, Draft]] = []
        self._views = Views()
        self._listed: dict[str, Block] = {}
        made_up = MadeUp(visit, self._allows, self._posts, self._ledger)
        kept = self._ledger, self._known, self._listed
        self._refusals = Refusals(visit, *kept, self._moves, self._publish, made_up)
        self._own_feeds: OwnFeeds | None = None
        visit.scripts.read_by(lambda page: reading_of(page, visit.site, visit.zone, self._default_image))
        self._embeds = Embeds(visit.job.read_elsewhere)
        self._accounts: set[str] = set()

    def events(self) -> Iterator[CollectEvent]:
        """Yield everything, in the order it is found."""
        visit = self._visit
        if visit.job.only_post:
            yield from self._one_post(visit.job.only_post)
            return
        robots = self._following.robots = Robots.read(visit.fetcher, visit.site)
        visit.pace.delay_seconds = max(visit.pace.delay_seconds, robots.delay_seconds)
        try:
            yield from self._read_start()
            yield from self._read_listings()
            yield from self._read_posts()
            yield from self._ask_for_known()
            yield from self._read_again()
            yield from self._listing_posts()
            yield from self._documents_elsewhere()
        except OutOfTime:
            left = self._frontier.left()
            said = say("The time for this account was over; %(left)s addresses wait for the next run.", left=left)
            yield visit.missed(visit.site.url, "account", said, why=Why.TIME)
            self._frontier.close(Became.TIME)
        yield from self._put_right()
        yield from self._refusals.settle()
        if visit.job.since is None:
            yield from self._following.counts.notes(visit)
            yield from self._pictures.notes(visit)
            yield from self._fetched.notes(visit, self._posts.values(), self._ledger.keys())
        yield from self._embeds.notes(visit)
        yield from self._following.notes(visit)
        yield from self._moves.moved(visit.job.account, self._posts)
        self._frontier.close(Became.LIMIT)
        yield from self._ledger.notes(visit.job.account)
        yield MetAddresses(visit.job.account, self._ledger.entries())
        self._moves.check_all()

    def _allows(self, url: str) -> bool:
        return self._following.robots.allows(url)

    def _one_post(self, url: str) -> Iterator[CollectEvent]:
        """Look at one post alone. What lists posts is left to a whole visit, which knows what the posts show."""
        visit, told = self._visit, False
        try:
            self._following.robots = Robots.read(visit.fetcher, visit.site)
            for event in self._open_if_allowed(url):
                told = told or isinstance(event, Post | PostGone | NotChecked)
                yield event
        except OutOfTime:
            told = True
            yield visit.missed(url, "post", say("The time was over before the post could be looked at."), why=Why.TIME)
        if not told:
            said = say("The page lists other posts, or has moved; the next audit looks at it.")
            yield visit.missed(url, "post", said, why=Why.FAILED)
        yield from self._moves.moved(visit.job.account, self._posts)

    def _read_start(self) -> Iterator[CollectEvent]:
        visit = self._visit
        try:
            page = visit.open(visit.site.url)
        except PageFailed as failure:
            raise AccountFailed(failure.reason) from failure
        tree = parse(page.html)
        if (shut := wall(page, tree)) is Why.SEEMS_WALLED:
            yield visit.missed(page.url, "page", WALLS[shut], why=shut)
        elif shut:
            raise AccountWalled(WALLS[shut])
        if page.status >= 400:
            raise AccountFailed(say("The site answered %(status)s at the account's address.", status=page.status))
        self._default_image = default_image(tree, page.base)
        named = (named_canonical(tree, page.base), absolute(page.base, meta(tree, "og:url")))
        visit.site.learn_mirror(url for url in named if urlsplit(url).path in ("", "/"))
        self._site_words = {said for name in _DESCRIPTIONS if (said := meta(tree, name))}
        self._frontier.mark(visit.site.url)
        found = discover(visit, page, tree, self._following.robots)
        self._own_feeds = found.own_feeds
        self._following.feeds = {key(url) for url in feed_addresses(tree, page.base, visit.site)}
        self._moves.check_start(page, tree, [lead.url for lead in found.leads], visit.site)
        self._following.other_lists = not (found.whole or self._all_known_are_in(found))
        for lead in found.leads:
            if lead.origin != "link" or self._following.may_follow(lead.url):
                self._frontier.add(lead)
        yield from found.notes(visit)
        for url in found.passed_over:
            self._ledger.note(url, Became.TOOL)
        for url in found.protected:
            self._frontier.mark(url)
            self._ledger.note(url, Became.WALLED)
        yield from self._read_page(page, tree, Lead(visit.site.url, "known"))

    def _all_known_are_in(self, found: Discovery) -> bool:
        """True if the site's sitemap gives every page that earlier audits found, whichever way they came to it."""
        given = {key(lead.url) for lead in found.leads if lead.origin == "sitemap"}
        known = {name for name, url in self._known.items() if is_page(url) and not is_archive(url)}
        known = {name for name in known if not self._visit.site.is_start(self._known[name])}
        return bool(known) and known <= given

    def _read_listings(self) -> Iterator[CollectEvent]:
        limit = self._visit.settings.collect.max_listing_pages
        while self._listings_opened < limit and (url := self._frontier.next_listing()) is not None:
            self._listings_opened += 1
            yield from self._open(Lead(url, "link"), listing=True)
        if (left := self._frontier.leave_listings()) and not self._limit_told:
            self._limit_told = True
            said = say("More than %(limit)s listing pages; the rest were not followed.", limit=limit)
            yield self._visit.missed(left[0], "listing", said, why=Why.LIMIT)

    def _read_posts(self) -> Iterator[CollectEvent]:
        limit = self._visit.settings.collect.max_posts
        while (lead := self._frontier.next_lead()) is not None:
            since = self._visit.job.since
            if since and lead.published_at and lead.published_at.astimezone(self._visit.zone).date() < since:
                self._frontier.mark(lead.url)
                self._ledger.note(lead.url, Became.OLD)
                continue
            if not self._following.robots.allows(lead.url):
                self._frontier.mark(lead.url)
                self._ledger.note(lead.url, Became.ROBOTS)
                continue
            if self._opened >= limit:
                left = self._frontier.left() + 1
                yield self._visit.missed(
                    lead.url,
                    "post",
                    say("More than %(limit)s posts; %(left)s addresses were not visited.", limit=limit, left=left),
                    why=Why.LIMIT,
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
            page = self._aside.pop(key(lead.url), None) or visit.open(lead.url)
            tree = parse(page.html)
            shut = wall(page, tree)
        except PageFailed as failure:
            if not self._following.is_try(lead.url):
                yield from self._refusals.failed(lead, failure)
            return
        self._ledger.note(lead.url, Became.UNCHANGED if page.unchanged else Became.OPENED)
        if self._following.is_try(lead.url) and page.status >= 400:
            return
        if shut is Why.SEEMS_WALLED:
            yield visit.missed(lead.url, "page", WALLS[shut], key(lead.url) not in self._known, shut)
            shut = None
        if (refused := self._refusals.instead_of_post(page, tree, lead, shut)) is not None:
            yield from refused
            return
        if lead.origin == "link" and page.content_type.endswith(_NO_PAGES) and "xhtml" not in page.content_type:
            return
        if key(page.url) != key(lead.url):
            self._ledger.note(lead.url, Became.SAME, page.url)
            yield from self._refusals.moved(lead, page)
            if self._frontier.visited(page.url):
                yield from self._following.turned_back(lead, page, tree, visit)
                return
            self._frontier.mark(page.url)
        try:
            yield from self._read_page(page, tree, lead, listing)
        except MEANT:
            raise
        except Exception as error:  # noqa: BLE001
            yield visit.missed(lead.url, "page", fault(visit.job.account, error), why=Why.FAULT)

    def _read_page(
        self, page: RenderedPage, tree: LexborHTMLParser, lead: Lead, listing: bool = False
    ) -> Iterator[CollectEvent]:
        """Read an opened page: queue what it leads to, and yield the post it is, if it is one."""
        visit = self._visit
        if self._sessions.learn(page, tree):
            self._frontier.rename(visit.site.local)
        is_start = visit.site.is_start(page.url)
        blocks, outside = posts_on(page, tree, lead, visit.site, visit.zone)
        draft = read_post(
            page, tree, lead, visit.zone, outside.union(*(block.nodes for block in blocks)), self._default_image
        )
        if lead.origin in _LISTED and key(page.url) == key(lead.url):
            # The address that the site's own lists give is the permalink, whatever the page's head says.
            draft = replace(draft, url=lead.url)
        seen = draft
        photos = *draft.photos, *self._scripted(tree, page.base, draft, is_start)
        draft = self._lists.without_repeated(replace(draft, url=visit.site.local(draft.url), photos=photos))
        self._pictures.learn(page, tree, (*photos, *(photo for block in blocks for photo in block.photos)))
        shown = self._listed.get(key(lead.url))
        draft = with_teaser(draft, shown, self._listed.values())
        if shown and blocks and not tells_of(draft, shown.draft):
            # Whatever address is asked for, the site shows its list.
            yield from self._publish(shown.draft)
            return
        answered = answered_of(page, tree, outside, draft, visit.site)
        self._days.learn(answered.words, page.html)
        self._learn_days(page, [draft, *(block.draft for block in blocks)], lead)
        twin = self._following.take_in(page, tree, answered, bool(blocks) or listing or is_start)
        self._following.counts.learn(page, tree, outside)
        self._following.take_in_addresses(self._fetched.learn(page, tree), page)
        if not blocks:
            self._following.take_in_feeds(tree, page.base, visit.fetcher)
        yield from self._take_in([] if twin and not is_start else blocks, page)
        yield from self._linked_accounts(tree, page)
        if twin and lead.origin in ("link", "known") and not is_start:
            self._ledger.note(page.url, Became.SAME, twin)
            return
        yield from not_shown(visit, page, tree, seen, bool(blocks))
        pure = bool(blocks) and len(draft.text) < FEW_CHARACTERS
        listed = is_numbered(page.url) or is_archive(page.url)
        no_post = self._views.is_of_start(draft, is_start) or pure or (listed and bool(blocks))
        if no_post or blocks:
            as_list = as_list_page(page, tree, draft, blocks, is_start)
            self._lists.add(as_list if no_post else ListPage(draft, blocks, is_post=True))
        elif (is_amp(tree) or lead.origin not in _SURE) and is_alias(page, tree, visit.site):
            draft = replace(draft, published_at=None) if is_amp(tree) else draft
            self._aliases.append((named_canonical(tree, page.base), draft))
            self._frontier.add(Lead(named_canonical(tree, page.base), "known"))
        elif lead.origin == "link" and self._lists.says_nothing_again(page.url, draft):
            return
        elif draft.text or draft.photos or draft.documents:
            tools = visit, self._following, self._ledger, self._aside, self._own_feeds
            whole = yield from as_whole(draft, page, tree, lead, outside, *tools)
            if isinstance(whole, ListPage):
                self._lists.add(whole)
            else:
                yield from self._publish_page(whole)
        elif lead.origin != "link":
            yield visit.missed(page.url, "page", say("The page is empty."), why=Why.EMPTY)

    def _learn_days(self, page: RenderedPage, drafts: list[Draft], lead: Lead) -> None:
        """Take in the days of what a page shows: those that it or the site's own list names for programs are sure."""
        listed = lead.published_at if lead.origin in _EXACT else None
        for draft in drafts:
            self._days.named(draft.url, draft.published_at, page.html, listed)

    def _read_again(self) -> Iterator[CollectEvent]:
        """Open in the browser what was read without, where a later page showed that its scripts do change pages."""
        while again := self._visit.scripts.to_read_again():
            for url in again:
                try:
                    page = self._visit.open_again(url)
                except PageFailed as failure:
                    yield self._visit.missed(url, "page", failure.reason, why=Why.FAILED)
                    continue
                tree = parse(page.html)
                self._posts.pop(post_key(page.url), None)
                yield from self._read_page(page, tree, Lead(url, "known"))
                yield from self._read_listings()
            yield from self._read_posts()

    def _scripted(self, tree: LexborHTMLParser, base: str, draft: Draft, is_start: bool) -> tuple[PhotoRef, ...]:
        """Return the photos that only scripts of a page name; those of every page's script are the start page's."""
        found = pictures_in_scripts(tree, base, names_of(draft.photos) | self._of_start)
        self._of_start |= names_of(found) if is_start else set()
        return found

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

    def _linked_accounts(self, tree: LexborHTMLParser, page: RenderedPage) -> Iterator[LinkedAccount]:
        """Yield the social accounts that a page is the first to lead to."""
        for account in find_accounts(tree, page.base):
            if account.url.lower() not in self._accounts:
                self._accounts.add(account.url.lower())
                yield LinkedAccount(self._visit.job.account, account.url, account.service, page.url)

    def _documents_elsewhere(self) -> Iterator[CollectEvent]:
        """Publish the documents that pages link to outside of any post: from a menu, a sidebar, a footer."""
        if self._visit.job.since is not None:
            return
        for url, link in self._following.documents.items():
            if not self._lists.shows_document(url) and self._following.robots.allows(url):
                yield from self._publish(document_draft(link, self._visit.zone))

    def _listing_posts(self) -> Iterator[CollectEvent]:
        """Publish the pages that name another as themselves and are not it, then what only lists show."""
        for named, draft in self._aliases:
            # Some sites name the same address on every page: only what really is that post is joined with it.
            yield from self._publish_page(draft, named)
        for draft in self._lists.left(self._posts, lists_count=self._visit.job.since is None):
            yield from self._publish(draft)

    def _publish(self, draft: Draft) -> Iterator[CollectEvent]:
        """Publish a draft once: the same post under a second address is the same post."""
        since = self._visit.job.since
        if since and draft.published_at and draft.published_at.astimezone(self._visit.zone).date() < since:
            return
        if post_key(draft.url) in self._posts:
            return
        self._embeds.add(draft.url, [url for url in draft.films if not self._visit.site.owns(url)])
        self._lists.published(draft)
        words = tuple(each for each in draft.words if each.text not in self._site_words)
        published_at = self._days.meant(draft.url, draft.published_at)
        for event in publish(replace(draft, films=(), words=words, published_at=published_at), self._visit):
            if isinstance(event, Post):
                self._posts[post_key(draft.url)] = event
                for use in event.documents:
                    self._ledger.note(use.url, Became.OPENED)
            yield event

    def _publish_page(self, draft: Draft, named: str = "") -> Iterator[CollectEvent]:
        """Publish what a page shows; what is another view of a published post is joined with that.

        ``named``: the address that the page gives as its own.
        """
        known = self._views.post_of(draft, named)
        post = self._posts.get(known)
        if post is None:
            yield from self._publish(draft)
            if post_key(draft.url) in self._posts:
                self._views.add(draft)
            return
        self._ledger.note(draft.url, Became.SAME, post.url)
        if before := self._known.get(key(draft.url)):
            self._moves.note(before, post.url)
        words = tuple(each for each in draft.words if each.text not in self._site_words)
        fresh = self._views.beside(known, replace(draft, words=words))
        self._embeds.add(post.url, [url for url in fresh.films if not self._visit.site.owns(url)])
        self._lists.published(fresh)
        for event in publish(replace(fresh, films=()), self._visit):
            whole = joined(post, event) if isinstance(event, Post) else event
            if isinstance(whole, Post):
                self._posts[known] = whole
            if whole != post:
                yield whole

    def _put_right(self) -> Iterator[Post]:
        """Yield anew the posts whose day was read before it was known in which order the site writes days."""
        meant = [(post, self._days.meant(post.url, post.published_at)) for post in self._posts.values()]
        yield from (replace(post, published_at=day) for post, day in meant if day != post.published_at)

    def _ask_for_known(self) -> Iterator[CollectEvent]:
        """Ask for posts of earlier runs that discovery no longer meets; not if nothing at all was met."""
        if not self._posts:
            return
        for url in sorted(self._visit.job.known_posts):
            if post_key(url) != key(url):
                shown = post_key(url) in self._posts or key(url) not in self._shared_pages
                shown = shown or self._moves.rolled_on(url, self._posts)
                if not shown and self._visit.job.since is None:
                    yield PostGone(self._visit.job.account, url, say("The page that showed it no longer does."))
            elif not self._frontier.met(url) and self._visit.site.owns(url) and not self._visit.site.is_start(url):
                yield from self._open_if_allowed(url)

    def _open_if_allowed(self, url: str) -> Iterator[CollectEvent]:
        """Open a known post, unless the site's rules keep it shut by now."""
        if self._following.robots.allows(url):
            yield from self._open(Lead(url, "known"))
        else:
            self._frontier.mark(url)
            self._ledger.note(url, Became.ROBOTS)
            said = say("The site’s robots.txt asks automatic visitors to leave this post alone.")
            yield self._visit.missed(url, "post", said, why=Why.ROBOTS)
