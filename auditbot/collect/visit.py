"""What one account's collection works with, and how it opens a page: gently and patiently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urlsplit
from zoneinfo import ZoneInfo

from auditbot.collect.browser.browser import Browser
from auditbot.collect.browser.page import PageFailed, RenderedPage
from auditbot.collect.files import GONE, Files, NoPhoto
from auditbot.collect.html.dom import parse
from auditbot.collect.html.site_scripts import Outline, SiteScripts, outline_of
from auditbot.collect.html.static import Unsure, as_shown, decoded
from auditbot.collect.html.walls import wall
from auditbot.collect.html.written_dates import ages_in
from auditbot.collect.net.conditional import Pages
from auditbot.collect.net.fetch import Fetcher, FetchFailed, retry_after
from auditbot.collect.net.throttle import Pace, Retries
from auditbot.collect.net.urls import Site, is_web_address
from auditbot.model import AccountAnswers, CollectJob, KeptAnswer, NotChecked, Why
from auditbot.sentences import Sentence, say, say_n, together
from auditbot.settings import Settings

_UNWELL = frozenset({429, 500, 502, 503, 504, 520, 522, 524})
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def _unwell(page: RenderedPage) -> tuple[PageFailed, float]:
    """Return what to report of a site that cannot answer now, and how many seconds it asks to wait."""
    asked = retry_after(page.headers.get("retry-after", ""), lambda: datetime.now(UTC))
    if page.status == 429 or asked:
        return PageFailed("later", say("The site asked us to come back later.")), asked
    return PageFailed("unreachable", say("The site answered with an error (%(status)s).", status=page.status)), asked


def _sent(answer: KeptAnswer) -> datetime | None:
    """Return when a server says that it sent an answer; None if it does not."""
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


class AccountFailed(Exception):
    """Nothing can be collected from the account."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason
        """Why, as a sentence."""


class AccountWalled(Exception):
    """The account keeps visitors out."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason
        """How, as a sentence."""


_DEAD = {
    Why.DEAD_PICTURE: say_n(
        "A picture that a page names is no longer there: the answer is %(status)s.",
        "%(count)s pictures that pages name are no longer there: the answer is %(status)s.",
        0,
        status="",
    ),
    Why.DEAD_DOCUMENT: say_n(
        "A document that a page names is no longer there: the answer is %(status)s.",
        "%(count)s documents that pages name are no longer there: the answer is %(status)s.",
        0,
        status="",
    ),
    Why.DEAD_FILM: say_n(
        "A film that a page names is no longer there: the answer is %(status)s.",
        "%(count)s films that pages name are no longer there: the answer is %(status)s.",
        0,
        status="",
    ),
}


@dataclass(frozen=True)
class Visit:
    """The tools of one account's collection."""

    job: CollectJob
    """What is to be collected."""
    settings: Settings
    """The school's settings."""
    site: Site
    """The account's site."""
    pace: Pace
    """How quickly it may be asked."""
    fetcher: Fetcher
    """Requests without a browser."""
    browser: Browser
    """The browser."""
    files: Files
    """Photos and documents."""
    pages: Pages | None = None
    """Pages as their server sends them; None where the browser is to ask for each of them itself."""
    dead_pictures: dict[str, int] = field(default_factory=dict)
    """By address: pictures that pages name and that are not there, with the HTTP status that says so."""
    dead_documents: dict[str, int] = field(default_factory=dict)
    """The same for documents."""
    dead_films: dict[str, int] = field(default_factory=dict)
    """The same for films."""
    scripts: SiteScripts = field(default_factory=SiteScripts)
    """What the site's scripts do to its pages."""
    style_sheets: dict[str, str | None] = field(default_factory=dict)
    """By address: the style sheets that pages share, asked for once; None for one that could not be had."""

    @property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.settings.school.timezone)

    def missed(self, url: str, what: str, reason: Sentence, aside: bool = False, why: Why = Why.OTHER) -> NotChecked:
        """Say what of this account was not checked; ``aside``: and that its collection is complete all the same."""
        return NotChecked(self.job.account, url, what, reason, aside, why)

    def why_not(self, url: str, failure: FetchFailed | NoPhoto) -> Sentence:
        """Return why a file could not be had, and with whom it lies if that is another site."""
        if self.site.owns(url) or not is_web_address(url):
            return failure.reason
        host = urlsplit(url).hostname or ""
        return together(say("The file lies with another site, %(host)s.", host=host), failure.reason)

    def dead(self) -> Iterator[NotChecked]:
        """Yield one line each for all pictures, documents and films that are not there: they show nobody anything."""
        kinds = (
            ("photo", self.dead_pictures, Why.DEAD_PICTURE),
            ("document", self.dead_documents, Why.DEAD_DOCUMENT),
            ("video", self.dead_films, Why.DEAD_FILM),
        )
        for what, dead, why in kinds:
            for status in sorted(set(dead.values())):
                urls = [url for url, answered in dead.items() if answered == status]
                told = _DEAD[why]
                said = say_n(told.message, told.plural, len(urls), status=GONE[status])
                yield self.missed(urls[0], what, said, aside=True, why=why)

    def open(self, url: str) -> RenderedPage:
        """Open a page, unless this very audit has read it before it was cut short. Raises PageFailed or OutOfTime."""
        answers = self.job.answers
        if answers is None:
            return self._open(url)
        if (read := answers.before_the_cut("page", url)) is not None:
            html = read.body.decode("utf-8", "surrogatepass")
            return RenderedPage(read.url, read.status, dict(read.headers), html, read.base, sent=_sent(read))
        page = self._open(url)
        # What could not be seen of a page, and what its scripts fetched, is not kept: it is to be told again.
        whole = not (page.cut_short or page.shut or page.asks or page.fetched)
        if whole and (page.status < 400 or page.status in GONE):
            self._keep(answers, url, page)
        return page

    def _keep(self, answers: AccountAnswers, url: str, page: RenderedPage) -> None:
        """Keep what a page shows, for this audit alone: one that is cut short goes on with it."""
        shown = page.html.encode("utf-8", "surrogatepass")
        answers.note("page", url, KeptAnswer(page.url, page.status, page.headers, shown, page.base))

    def open_again(self, url: str) -> RenderedPage:
        """Open a page that was read without a browser, in the browser. Raises PageFailed or OutOfTime."""
        self.pace.wait(url)
        page = self._in_browser(url, None)
        if self.job.answers is not None and not page.cut_short:
            self._keep(self.job.answers, url, page)
        return page

    def _open(self, url: str) -> RenderedPage:
        """Open a page; wait and ask again where the site is unwell. Raises PageFailed or OutOfTime."""
        self.pace.wait(url)
        answer, unchanged = (self.pages.ask(url) if self.pages else None) or (None, False)
        plain, outline = self._as_sent(answer) if answer else (None, None)
        if outline and "#" in url:
            # What stands behind the sign is told to scripts alone.
            plain = None
        if plain and (outline is None or self.scripts.change_nothing(outline, url, self.browser.scripts_say)):
            return replace(plain, unchanged=unchanged, sent=_sent(answer) if answer and unchanged else None)
        if answer is not None:
            url = answer.url if answer.url != urldefrag(url).url else url
        page = self._in_browser(url, answer)
        if plain and outline and page.status == 200:
            self.scripts.learn(outline, plain, page, self.browser.scripts_say)
        written = ages_in(answer.body.decode("utf-8", "replace")) if answer and unchanged else frozenset()
        told = unchanged and ages_in(page.html) <= written
        # What a script counts itself it counts from now.
        return replace(page, unchanged=unchanged, sent=_sent(answer) if answer and told else None)

    def _in_browser(self, url: str, answer: KeptAnswer | None) -> RenderedPage:
        """Open a page in the browser, as often as retries allow. Raises PageFailed or OutOfTime."""
        failure = PageFailed("unreachable", say("The site could not be reached."))
        retries = Retries(self.pace)
        for attempt in retries.times():
            if attempt:
                self.pace.wait(url)
            try:
                page = self.browser.open(url, known=answer if attempt == 0 else None)
            except PageFailed as error:
                if error.failure in ("slow", "crashed"):
                    return self._without_scripts(url, error)
                if error.failure != "unreachable":
                    raise
                failure = error
            else:
                if page.status not in _UNWELL or wall(page, parse(page.html)):
                    return page
                failure, asked = _unwell(page)
                if not retries.waits(asked):
                    break
        raise failure

    def _as_sent(self, answer: KeptAnswer) -> tuple[RenderedPage | None, Outline | None]:
        """Return a page as it is shown before any script runs, and what scripts find there; None for what only a
        browser can tell, and for a page without scripts.
        """
        if "refresh" in answer.headers:
            # It leads on before anybody has read it.
            return None, None
        try:
            html = decoded(answer.body, answer.headers.get("content-type", ""))
            outline = outline_of(parse(html), answer.url)
            if outline and not (answer.status == 200 and self.scripts.matter(outline)):
                return None, outline
            shown, base = as_shown(html, answer.url, self.site, self._style_sheet, scripts_too=outline is not None)
        except Unsure:
            return None, None
        return RenderedPage(answer.url, answer.status, dict(answer.headers), shown, base), outline

    def _style_sheet(self, url: str) -> str:
        """Return a style sheet. Raises Unsure if it could not be had."""
        if url not in self.style_sheets:
            try:
                reply = self.fetcher.get(url, "text/css,*/*;q=0.1", leave_site=True)
                self.style_sheets[url] = decoded(reply.body, reply.headers.get("content-type", ""))
                if reply.url == url and self.site.owns(url):
                    self.browser.share(url, reply.headers, reply.body)
            except FetchFailed as failure:
                self.style_sheets[url] = "" if failure.status in GONE else None
        if (known := self.style_sheets[url]) is None:
            raise Unsure
        return known

    def _without_scripts(self, url: str, error: PageFailed) -> RenderedPage:
        """Read a page whose scripts do not end, or that breaks the browser, as its server sends it."""
        try:
            reply = self.fetcher.get(url, "text/html")
        except FetchFailed:
            raise error from None
        if "html" not in reply.headers.get("content-type", "html") or not self.site.owns(reply.url):
            raise error
        named = _CHARSET.search(reply.headers.get("content-type", "").encode()) or _CHARSET.search(reply.body[:4096])
        try:
            text = reply.body.decode(named[1].decode() if named else "utf-8", "replace")
        except LookupError:
            text = reply.body.decode("utf-8", "replace")
        reason = say("The page does not work in a browser, so it was read without its scripts; photos may be missing.")
        return RenderedPage(reply.url, reply.status, dict(reply.headers), text, reply.url, cut_short=reason)
