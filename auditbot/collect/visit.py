"""What one account's collection works with, and how it opens a page: gently and patiently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from auditbot.collect.browser.browser import Browser
from auditbot.collect.browser.page import PageFailed, RenderedPage
from auditbot.collect.files import GONE, Files
from auditbot.collect.html.dom import parse
from auditbot.collect.html.walls import wall
from auditbot.collect.net.fetch import Fetcher, FetchFailed, Pace, retry_after
from auditbot.collect.net.urls import Site
from auditbot.model import CollectJob, KeptAnswer, NotChecked
from auditbot.settings import Settings

_TRIES = 3
_LONGEST_WAIT_SECONDS = 60.0
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


class AccountFailed(Exception):
    """Nothing can be collected from the account; the message says why."""


class AccountWalled(Exception):
    """The account keeps visitors out; the message says how."""


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

    @property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.settings.school.timezone)

    def missed(self, url: str, what: str, reason: str, aside: bool = False) -> NotChecked:
        """Say what of this account was not checked; ``aside``: and that its collection is complete all the same."""
        return NotChecked(self.job.account, url, what, reason, aside)

    def open(self, url: str) -> RenderedPage:
        """Open a page, unless this very audit has read it before it was cut short. Raises PageFailed or OutOfTime."""
        answers = self.job.answers
        if answers is None:
            return self._open(url)
        if (read := answers.before_the_cut("page", url)) is not None:
            html = read.body.decode("utf-8", "surrogatepass")
            return RenderedPage(read.url, read.status, dict(read.headers), html, read.base)
        page = self._open(url)
        if not page.cut_short and (page.status < 400 or page.status in GONE):
            shown = page.html.encode("utf-8", "surrogatepass")
            answers.note("page", url, KeptAnswer(page.url, page.status, page.headers, shown, page.base))
        return page

    def _open(self, url: str) -> RenderedPage:
        """Open a page; wait and ask again where the site is unwell. Raises PageFailed or OutOfTime."""
        failure = PageFailed("unreachable", "The site could not be reached.")
        for attempt in range(_TRIES):
            self.pace.wait(url)
            pause = max(self.pace.delay_seconds, 0.05) * 2**attempt
            try:
                page = self.browser.open(url)
            except PageFailed as error:
                if error.failure in ("slow", "crashed"):
                    return self._without_scripts(url, error)
                if error.failure != "unreachable":
                    raise
                failure = error
            else:
                if page.status not in (429, 500, 502, 503, 504, 520, 522, 524) or wall(page, parse(page.html)):
                    return page
                asked = retry_after(page.headers.get("retry-after", ""), lambda: datetime.now(UTC))
                if page.status == 429 or asked:
                    failure = PageFailed("later", "The site asked us to come back later.")
                else:
                    failure = PageFailed("unreachable", f"The site answered with an error ({page.status}).")
                if asked > _LONGEST_WAIT_SECONDS:
                    raise failure
                pause = max(pause, asked)
            if attempt < _TRIES - 1:
                self.pace.sleep(pause)
        raise failure

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
        reason = "The page does not work in a browser, so it was read without its scripts; photos may be missing."
        return RenderedPage(reply.url, reply.status, dict(reply.headers), text, reply.url, cut_short=reason)
