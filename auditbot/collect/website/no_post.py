"""What is said of an address that gave no post: not found, gone, shut to visitors, moved elsewhere, or failed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import PageFailed, RenderedPage
from auditbot.collect.html.content import around, says_not_found
from auditbot.collect.html.dom import line_of, parse, text_of
from auditbot.collect.html.walls import NOT_PUBLIC, WALLS, wall
from auditbot.collect.net.throttle import OutOfTime
from auditbot.collect.post.links import Lead, Link
from auditbot.collect.post.listing import Block
from auditbot.collect.post.post import Draft, draft_of_lead
from auditbot.collect.post.publish import document_draft
from auditbot.collect.visit import Visit
from auditbot.collect.website.frontier import Moves
from auditbot.collect.website.met_addresses import Ledger
from auditbot.collect.website.series import without_counting
from auditbot.model import Became, CollectEvent, NotChecked, Post, PostGone, Why
from auditbot.same_page import key
from auditbot.sentences import say

# A name in an address that is shorter stands in other words, too.
_SHORT_STEP = 3
_GONE = {404: "404 Not Found", 410: "410 Gone"}


@dataclass(frozen=True, slots=True)
class _Said:
    """What an address answered, without what it says of the address itself."""

    landed: str
    """Key of the address that it led to."""
    words: frozenset[str]
    """The lines of the page that stands there."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A known post whose address answers something else, until it is known what the site answers for no address."""

    known: str
    """Its address."""
    said: _Said
    """What it answered."""
    note: NotChecked
    """What is said of it if that proves nothing."""


class MadeUp:
    """What a site answers for addresses that never were: what a known post answers alike is no longer there."""

    def __init__(self, visit: Visit, allows: Callable[[str], bool], posts: Mapping[str, Post], ledger: Ledger) -> None:
        """``posts``: those read so far, as they grow; ``allows`` says which addresses may be asked for."""
        self._visit, self._allows, self._posts, self._ledger = visit, allows, posts, ledger
        self._answers: dict[str, _Said | None] = {}

    def proves_gone(self, url: str, said: _Said) -> bool:
        """True if an address answers as a made-up one of its form does, and a post of that form still answers as one.

        A site that leads every address to one page, for a time, proves nothing. Raises OutOfTime.
        """
        form = _form(url)
        others = [post for post in self._posts.values() if _form(post.url) == form and self._ledger.shown(post.url)]
        others = [post for post in others if key(post.url) not in (key(url), said.landed)]
        if not any(_lines(f"{post.title}\n{post.text}") - said.words for post in others):
            return False
        if form not in self._answers:
            self._answers[form] = self._ask(made_up(url))
        known = self._answers[form]
        if known is None or not said.words:
            return False
        return said.words == known.words and (said.landed == known.landed or key(url) == said.landed)

    def _ask(self, url: str) -> _Said | None:
        if not self._allows(url):
            return None
        try:
            page = self._visit.open(url)
        except PageFailed:
            return None
        tree = parse(page.html)
        return None if page.status != 200 or wall(page, tree) else said_by(url, page, tree)


def made_up(url: str) -> str:
    """Return an address of the same form that no site has: another number, or another name."""
    drawn = hashlib.sha256(url.encode("utf-8", "replace"))
    number, name = str(int(drawn.hexdigest()[:7], 16) + 10**8), drawn.hexdigest()[:8].translate(_LETTERS)

    def other(value: str) -> str:
        if value.isdigit():
            return number
        stem, dot, ending = value.rpartition(".")
        return f"{stem}-{name}{dot}{ending}" if stem and len(ending) <= 5 else f"{value}-{name}"

    parts = urlsplit(url)
    if query := parse_qsl(parts.query, keep_blank_values=True):
        last, value = query[-1]
        return parts._replace(query=urlencode([*query[:-1], (last, other(value))])).geturl()
    path = parts.path.rstrip("/")
    folder, _, step = path.rpartition("/")
    return parts._replace(path=f"{folder}/{other(step)}{parts.path[len(path) :]}").geturl()


_LETTERS = str.maketrans("0123456789", "qrstuvwxyz")


def said_by(url: str, page: RenderedPage, tree: LexborHTMLParser) -> _Said:
    """Return what a page says, without the address that it was asked for by."""
    words = text_of(tree.body, around(tree)) if tree.body is not None else ""
    title = tree.css_first("title")
    whole = f"{title.text() if title is not None else ''}\n{words}"
    parts = urlsplit(url)
    step = parts.path.rstrip("/").rpartition("/")[2]
    own = [url, f"{parts.path}?{parts.query}", parts.path, *(value for _, value in parse_qsl(parts.query)), step]
    landed = key(url) if key(page.url) == key(url) else key(page.url)
    for name in sorted((each for each in own if len(each) > _SHORT_STEP), key=len, reverse=True):
        whole, landed = whole.replace(name, ""), landed if landed == key(url) else landed.replace(name, "")
    return _Said(landed, _lines(whole))


def _lines(text: str) -> frozenset[str]:
    return frozenset(line for each in text.split("\n") if (line := without_counting(each)))


def _form(url: str) -> str:
    """Return what addresses of one form share: their folder and the names in their query, without numbers."""
    parts = urlsplit(url)
    names = "&".join(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    folder = parts.path if names else parts.path.rstrip("/").rpartition("/")[0]
    return re.sub(r"\d+", "#", f"{folder}?{names}")


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
        made_up: MadeUp,
    ) -> None:
        """``known``: posts of earlier audits by key; ``listed``: what lists show of posts, by key, as it grows."""
        self._visit = visit
        self._ledger = ledger
        self._known = known
        self._listed = listed
        self._moves = moves
        self._publish = publish
        self._made_up = made_up
        self._held: list[_Held] = []

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
            return self._missing(page, tree, lead)
        return iter([self._no_longer(self._known[key(lead.url)])]) if self._is_another(page, tree, lead) else None

    def _missing(self, page: RenderedPage, tree: LexborHTMLParser, lead: Lead) -> Iterator[CollectEvent]:
        said = say("The page says that it was not found, but answers as if it were there.")
        known = self._known.get(key(lead.url))
        # It shows nobody anything; of a post that was there before it is not known what has become.
        note = self._visit.missed(lead.url, "page", said, not known, Why.NOT_FOUND)
        if known:
            yield from self._hold(_Held(known, said_by(lead.url, page, tree), note))
        elif lead.origin != "link":
            yield note

    def _is_another(self, page: RenderedPage, tree: LexborHTMLParser, lead: Lead) -> bool:
        """True if what answers for a known post, that nothing leads to by its name, is what no post answers.

        Raises OutOfTime.
        """
        known = self._known.get(key(lead.url))
        if not known or page.unchanged or page.status != 200 or key(page.url) != key(lead.url):
            return False
        words = line_of(tree.body) if tree.body is not None else ""
        named = lead.origin != "known" and not (lead.origin == "link" and lead.title not in words)
        if named or self._visit.site.is_start(known) or self._visit.job.only_post:
            return False
        return self._made_up.proves_gone(known, said_by(lead.url, page, tree))

    def _hold(self, held: _Held) -> Iterator[CollectEvent]:
        """Keep what is said of a known post until all posts are read; of one alone it is said at once."""
        if self._visit.job.only_post:
            yield held.note
        else:
            self._held.append(held)

    def settle(self) -> Iterator[CollectEvent]:
        """Yield, now that all posts are read, which of the known ones are gone, and of which that is not known."""
        in_time = True
        for held in self._held:
            try:
                gone = in_time and self._made_up.proves_gone(held.known, held.said)
            except OutOfTime:
                gone = in_time = False
            if gone:
                self._moves.forget(held.known)
                yield self._no_longer(held.known)
            else:
                yield held.note

    def _no_longer(self, known: str) -> PostGone:
        said = say("The address answers as the site answers for addresses that never were.")
        return PostGone(self._visit.job.account, known, said)

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
            note = self._visit.missed(known, "post", said, why=Why.CHANGED_PLACE)
            answered = said_by(lead.url, page, parse(page.html))
            yield from self._hold(_Held(known, answered, note))

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
