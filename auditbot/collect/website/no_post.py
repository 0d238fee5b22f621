"""What is said of an address that gave no post: not found, gone, shut to visitors, moved elsewhere, or failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import PageFailed, RenderedPage
from auditbot.collect.html.content import says_not_found
from auditbot.collect.html.walls import NOT_PUBLIC, WALLS
from auditbot.collect.post.links import Lead, Link
from auditbot.collect.post.listing import Block
from auditbot.collect.post.post import Draft, draft_of_lead
from auditbot.collect.post.publish import document_draft
from auditbot.collect.visit import Visit
from auditbot.collect.website.frontier import Moves
from auditbot.collect.website.met_addresses import Ledger
from auditbot.model import Became, CollectEvent, PostGone, Why
from auditbot.same_page import key
from auditbot.sentences import say

_GONE = {404: "404 Not Found", 410: "410 Gone"}


class Refusals:
    """One site's answers that are no post; what the site's own lists gave of such a post is published all the same."""

    def __init__(
        self,
        visit: Visit,
        ledger: Ledger,
        known: Mapping[str, str],
        listed: Mapping[str, Block],
        moves: Moves,
        publish: Callable[[Draft], Iterator[CollectEvent]],
    ) -> None:
        """``known``: posts of earlier audits by key; ``listed``: what lists show of posts, by key, as it grows."""
        self._visit = visit
        self._ledger = ledger
        self._known = known
        self._listed = listed
        self._moves = moves
        self._publish = publish

    def instead_of_post(
        self, page: RenderedPage, tree: LexborHTMLParser, lead: Lead, shut: Why | None
    ) -> Iterator[CollectEvent] | None:
        """Return what to say of an answer that is no post; None if it may be one. ``shut``: what keeps visitors out."""
        missing = not shut and (page.status in _GONE or says_not_found(tree))
        listed = self._listed.get(key(lead.url))
        if missing and listed and listed.whole:
            # A feed of one page: its posts have addresses, but no pages.
            return self._publish(listed.draft)
        if not shut and page.status in _GONE:
            return self._gone(lead, page.status)
        if shut or page.status >= 400:
            return self._walled(lead, page.status, shut)
        if missing:
            said = say("The page says that it was not found, but answers as if it were there.")
            # It shows nobody anything; of a post that was there before it is not known what has become.
            note = self._visit.missed(lead.url, "page", said, key(lead.url) not in self._known, Why.NOT_FOUND)
            return iter([note] if lead.origin != "link" else [])
        return None

    def _gone(self, lead: Lead, status: int) -> Iterator[CollectEvent]:
        visit = self._visit
        if known := self._known.get(key(lead.url)):
            yield PostGone(visit.job.account, known, say("The page answers %(status)s.", status=_GONE[status]))
        elif lead.origin in ("api", "feed"):
            said = say("The site lists this post but answers %(status)s for it.", status=_GONE[status])
            yield visit.missed(lead.url, "page", said, why=Why.GONE)
            yield from self._publish(draft_of_lead(lead))

    def _walled(self, lead: Lead, status: int, shut: Why | None) -> Iterator[CollectEvent]:
        # What visitors cannot see is not published; what they could see before is another matter.
        aside = shut in NOT_PUBLIC and key(lead.url) not in self._known
        self._ledger.note(lead.url, Became.WALLED)
        said = WALLS[shut] if shut else say("The site answered %(status)s.", status=status)
        yield self._visit.missed(lead.url, "page", said, aside, shut or Why.FAILED)
        if lead.origin == "api" and shut not in NOT_PUBLIC:
            yield from self._publish(draft_of_lead(lead))

    def moved(self, lead: Lead, page: RenderedPage) -> Iterator[CollectEvent]:
        """Say what became of a known post whose address now leads elsewhere."""
        if known := self._known.get(key(lead.url)):
            self._moves.note(known, page.url)
            where = say("the start page") if self._visit.site.is_start(page.url) else page.url
            said = say("The address now leads to %(where)s.", where=where)
            yield self._visit.missed(known, "post", said, why=Why.CHANGED_PLACE)

    def failed(self, lead: Lead, failure: PageFailed) -> Iterator[CollectEvent]:
        visit = self._visit
        if failure.failure == "download":
            # The large picture behind a small one of a post was taken with it.
            if lead.url not in visit.files.asked:
                yield from self._publish(document_draft(Link(lead.url, lead.title), visit.zone))
            return
        if failure.failure == "elsewhere" and lead.origin == "link":
            # A menu entry that leads to somebody else's site: not the school's page.
            self._ledger.note(lead.url, Became.ELSEWHERE)
            return
        self._ledger.note(lead.url, Became.FAILED)
        yield visit.missed(lead.url, "page", failure.reason, why=Why.FAILED)
        if lead.origin in ("api", "feed"):
            yield from self._publish(draft_of_lead(lead))
