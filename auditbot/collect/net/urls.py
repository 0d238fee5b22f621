"""Which addresses belong to an account's site, and which are web addresses at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from auditbot.same_page import key

_NAMES_A_HOST = re.compile(r"[\w+.-]*:|[/\\]{2}")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# A page's links are looked at by each of a dozen questions: a quarter of the processor time of a visit was theirs
# (tests.bench.crawl.speed, 2026-12-01).
_REMEMBERED = 8192


@lru_cache(_REMEMBERED)
def absolute(base: str, link: str) -> str:
    """Join a link to its page's address; empty if the link is, or if the result is no web address."""
    if not link.strip():
        return ""
    if "\\" in link and not _NAMES_A_HOST.match(link.strip()):
        # As browsers do; where a host is named, readers disagree on where it ends.
        link = link.replace("\\", "/")
    try:
        joined = urljoin(base, link.strip().replace("\n", "").replace("\t", ""))
        parts = urlsplit(joined)
        if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
            return ""
        whole = urlunsplit(_escaped(parts))
        return whole if is_plain_address(whole) else ""
    except ValueError:
        return ""


def _without_dots(path: str) -> str:
    """Return a path without steps that stay in place or lead back ("/./a/../b" is "/b")."""
    if "/." not in path:
        return path
    steps: list[str] = []
    for step in path.split("/")[1:]:
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    ends_open = path.endswith(("/.", "/.."))
    return "/" + "/".join(steps) + ("/" if ends_open and steps else "")


def _escaped(parts: SplitResult) -> SplitResult:
    """Lower-case scheme and host, drop the default port, escape what may not stand in an address."""
    host = (parts.hostname or "").encode("idna").decode() if not (parts.hostname or "").isascii() else parts.hostname
    host = f"[{host}]" if ":" in (host or "") else (host or "")
    port = f":{parts.port}" if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme.lower()] else ""
    path = quote(_without_dots(parts.path) or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    return SplitResult(parts.scheme.lower(), host + port, path, query, parts.fragment)


@dataclass(frozen=True, slots=True)
class Site:
    """One account's site: a host, with or without "www.", on one port."""

    url: str
    """The account's address."""
    mirrors: set[tuple[str, int | None]] = field(default_factory=set, compare=False)
    """Other hosts, as (name, port), under which the site names its own pages."""
    sessions: dict[str, str] = field(default_factory=dict, compare=False)
    """By name: parts of queries that are proved to be made anew for each answer, with the value they get, if any."""

    def learn_mirror(self, urls: Iterable[str]) -> None:
        """Take the host that more than half of a list's addresses stand on for another name of this one.

        ``urls`` are what the site's own interface, feed or sitemap gives as addresses of its pages.
        """
        origins = Counter(_origin(url) for url in urls if is_plain_address(url))
        for origin, count in origins.most_common(1):
            if count * 2 > origins.total() and origin != _origin(self.url):
                self.mirrors.add(origin)

    def add_mirror(self, url: str) -> None:
        """Take the host of an address for another name of this one: it is proved that it leads here."""
        self.mirrors.add(_origin(url))

    def local(self, url: str) -> str:
        """Return an address as it is asked for here: at its own host, without what each answer makes anew."""
        if self.sessions and "?" in url and self.owns(url):
            parts = urlsplit(url)
            query = [
                (name, self.sessions.get(name, value)) for name, value in parse_qsl(parts.query, keep_blank_values=True)
            ]
            kept = [(name, value) for name, value in query if value or name not in self.sessions]
            return parts._replace(query=urlencode(kept)).geturl()
        if self.mirrors and is_plain_address(url) and _origin(url) in self.mirrors:
            own = urlsplit(self.url)
            return urlsplit(url)._replace(scheme=own.scheme, netloc=own.netloc).geturl()
        return url

    def owns(self, url: str) -> bool:
        """True if the address is a page of this site."""
        return is_plain_address(url) and _origin(url) == _origin(self.url)

    def is_start(self, url: str) -> bool:
        """True if the address is the account's own."""
        return key(url) == key(self.url)


def is_web_address(url: str) -> bool:
    """True for http and https addresses with a host: nothing else is ever opened."""
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in _DEFAULT_PORTS and bool(parts.hostname)
    except ValueError:
        return False


@lru_cache(_REMEMBERED)
def is_plain_address(url: str) -> bool:
    """True for a web address whose host every reader takes for the same: no user, no backslash, no blank in it.

    Browsers, urllib.parse and urllib3 disagree on where the host of ``http://one.example\\@other.example/`` ends.
    """
    asked = url.partition("#")[0]
    if "\\" in asked or any(sign.isspace() or not sign.isprintable() for sign in asked) or not is_web_address(asked):
        return False
    try:
        parts, heard = urlsplit(asked), parse_url(asked)
        port = parts.port
    except (LocationParseError, ValueError):
        return False
    if "@" in parts.netloc:
        return False
    host = (heard.host or "").lower().strip("[]")
    return (host, heard.port) == (parts.hostname, port) or not parts.netloc.isascii()


def _origin(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower().rstrip(".").removeprefix("www."), parts.port
    except ValueError:
        return "", -1


# Hosts that count visitors or sell advertisements: nothing is asked of them, and their pictures are no photos.

_HOSTS = re.compile(
    r"(^|\.)(google-analytics\.com|googletagmanager\.com|analytics\.google\.com|doubleclick\.net|googlesyndication\.com|"
    r"googleadservices\.com|google\.com|connect\.facebook\.net|facebook\.com|hotjar\.com|clarity\.ms|bat\.bing\.com|"
    r"stats\.wp\.com|pixel\.wp\.com|matomo\.cloud|plausible\.io|quantserve\.com|scorecardresearch\.com|addthis\.com|"
    r"sharethis\.com|addtoany\.com|newrelic\.com|nr-data\.net|segment\.io|segment\.com|mixpanel\.com|amazon-adsystem\.com|"
    r"adservice\.google\.[a-z.]+|linkedin\.com|licdn\.com|ads-twitter\.com|analytics\.twitter\.com|t\.co|"
    r"cloudflareinsights\.com|gstatic\.com|fontawesome\.com|fonts\.googleapis\.com|typekit\.net|gravatar\.com)$",
    re.IGNORECASE,
)
_PATHS = re.compile(
    r"/(pixel|beacon|track(er|ing)?|collect|counter|analytics|hit)(\.(gif|png|php|aspx?))?$", re.IGNORECASE
)


def is_tracker(url: str) -> bool:
    """True if the address counts visitors, shows advertisements or holds fonts and avatars."""
    parts = urlsplit(url)
    return bool(_HOSTS.search(parts.hostname or "") or _PATHS.search(parts.path))
