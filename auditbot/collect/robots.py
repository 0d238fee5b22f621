"""What a site's robots.txt asks of automatic visitors. It binds discovery; what a list links to is visited."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

from auditbot.collect.fetch import Fetcher, FetchFailed
from auditbot.collect.site import Site, absolute

_LONGEST_DELAY = 10.0


class Robots:
    """The rules for a visitor called "auditbot"."""

    def __init__(self, text: str) -> None:
        self._parser = RobotFileParser()
        self._parser.parse(text.splitlines())

    @classmethod
    def read(cls, fetcher: Fetcher, site: Site) -> Robots:
        """Ask the site for its rules; a site without any allows everything. Raises OutOfTime."""
        try:
            return cls(fetcher.get(absolute(site.url, "/robots.txt"), "text/plain").body.decode("utf-8", "replace"))
        except FetchFailed:
            return cls("")

    def allows(self, url: str) -> bool:
        """True if a page may be looked for at this address."""
        return self._parser.can_fetch("auditbot", url)

    @property
    def delay_seconds(self) -> float:
        """The pause the site asks for between two pages, within reason; 0 if it asks for none."""
        return min(float(self._parser.crawl_delay("auditbot") or 0), _LONGEST_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps it names."""
        return list(self._parser.site_maps() or [])
