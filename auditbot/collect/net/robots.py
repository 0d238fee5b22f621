"""What a site's robots.txt asks of automatic visitors (RFC 9309); what it keeps shut is told.

Rules that cannot be had forbid nothing: the school itself asks for the visit, and a site that is down is told anyway.
"""

from __future__ import annotations

from protego import Protego

from auditbot.collect.net.fetch import Fetcher, FetchFailed
from auditbot.collect.net.urls import Site, absolute

_NAME = "auditbot"
_LONGEST_DELAY = 10.0


class Robots:
    """The rules for one visitor: "auditbot", unless another is named."""

    def __init__(self, text: str, visitor: str = _NAME) -> None:
        self._rules, self._visitor = Protego.parse(text), visitor

    @classmethod
    def read(cls, fetcher: Fetcher, site: Site) -> Robots:
        """Ask the site for its rules; a site without any allows everything. Raises OutOfTime."""
        try:
            return cls(fetcher.get(absolute(site.url, "/robots.txt"), "text/plain").body.decode("utf-8", "replace"))
        except FetchFailed:
            return cls("")

    def allows(self, url: str) -> bool:
        """True if this address may be opened."""
        return bool(self._rules.can_fetch(url, self._visitor))

    @property
    def delay_seconds(self) -> float:
        """The pause the site asks for between two pages, within reason; 0 if it asks for none."""
        return min(max(float(self._rules.crawl_delay(self._visitor) or 0), 0.0), _LONGEST_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps it names."""
        return list(self._rules.sitemaps)
