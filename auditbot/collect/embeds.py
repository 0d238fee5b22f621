"""What pages show of other sites in frames: which of it is a publication, whose it is, and how it is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urlsplit

from auditbot.collect.site import key
from auditbot.collect.social_links import account_of
from auditbot.collect.trackers import is_tracker
from auditbot.collect.visit import Visit
from auditbot.model import NotChecked

# What is posted or filmed, by host and path, and the service's name. The first that matches counts.
_PUBLICATIONS = tuple(
    (re.compile(pattern), name)
    for pattern, name in {
        r"(youtube(-nocookie)?\.com|youtu\.be)/": "YouTube",
        r"vimeo\.com/": "Vimeo",
        r"facebook\.com/(plugins/(page|post|video|comment_embed|group)|.+/(posts|videos)/)": "Facebook",
        r"instagram\.com/": "Instagram",
        r"(x|twitter)\.com/(embed|.*status|widgets/(timeline|tweet\b)|srv/timeline)": "X",
        r"tiktok\.com/": "TikTok",
        r"bsky\.app/": "Bluesky",
        r"(docs|drive|photos|sites|script)\.google\.com/(?!forms)": "Google Drive",
        r"(1drv\.ms|onedrive\.live\.com|sharepoint\.com|officeapps\.live\.com|sway\.office\.com)/": "Microsoft Office",
        r"soundcloud\.com/": "SoundCloud",
        r"issuu\.com/": "Issuu",
        r"flickr\.com/": "Flickr",
        r"padlet\.(com|org)/": "Padlet",
        r"canva\.com/": "Canva",
        r"slideshare\.net/": "SlideShare",
    }.items()
)
# Maps, calendars, weather, forms, buttons, payment, checks for robots: nothing that somebody published about a child.
_NO_PUBLICATION = re.compile(
    r"(^|\.)google\.[a-z.]+/(maps|recaptcha|calendar)|(^|\.)(maps|calendar|translate)\.google\.|openstreetmap\.org/|"
    r"bing\.com/maps|what3words\.com/|(outlook\.(office|office365|live)\.com)/(owa/)?calendar|teamup\.com/|"
    r"docs\.google\.com/forms|forms\.(office\.com|gle|cloud\.microsoft)|jotform|typeform\.com/|surveymonkey|wufoo\.com/|"
    r"metoffice\.gov\.uk/|weather|facebook\.com/(v[\d.]+/)?plugins/(like|share|follow|customer|login|send)|"
    r"(x|twitter)\.com/widgets|platform\.(x|twitter)\.com/widgets/(follow|tweet_button|hub)|linkedin\.com/|pinterest\.|"
    r"hcaptcha\.com/|challenges\.cloudflare\.com/|stripe\.com/|paypal\.com/|parentpay|addtoany|sharethis|"
    r"\bcookie|\bconsent|accessib|browsealoud|reachdeck|recite|livechat|tawk\.to/|"
    r"(^|\.)(ceop|thinkuknow|childline|nspcc)\.",
    re.IGNORECASE,
)

# Where addresses of one post of a service name it: in the path, or in this part of the query.
_POSTS = (
    ("youtube", r"youtube(?:-nocookie)?\.com", r"/(?:embed|shorts|live|v)/([\w-]+)", "v"),
    ("youtube", r"youtu\.be", r"^/([\w-]+)", ""),
    ("instagram", r"instagram\.com", r"/(?:p|reel|tv)/([\w-]+)", ""),
    ("x", r"(?:x|twitter)\.com", r"/status/(\d+)", "id"),
    ("bluesky", r"bsky\.app", r"(?:post|app\.bsky\.feed\.post)/(\w+)", ""),
)


def service_of(url: str) -> str:
    """Return the service whose publication an embedded address shows, or its host; empty for what is none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().removeprefix("www.")
    place = f"{host}{parts.path or '/'}"
    if not host or _NO_PUBLICATION.search(place):
        return ""
    for pattern, name in _PUBLICATIONS:
        if re.search(rf"(^|\.){pattern.pattern}", place):
            return name
    return "" if is_tracker(url) else host


def thing_of(url: str) -> str:
    """Return what the page of a post or of an account and every way to embed it share."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if "/plugins/" in parts.path and "/plugins/" not in query.get("href", "/plugins/"):
        return thing_of(query["href"])
    for name, host, pattern, part in _POSTS:
        if re.search(rf"(^|\.){host}$", parts.hostname or ""):
            match = re.search(pattern, parts.path)
            if post := match[1] if match else query.get(part, ""):
                return f"{name} {post}"
    account = account_of(url)
    return account.url.lower() if account else key(url.removesuffix("/").removesuffix("/embed"))


class Embeds:
    """What one account's pages show of other sites, named once for each service at the end."""

    def __init__(self, read_elsewhere: Iterable[str]) -> None:
        self._elsewhere = {thing_of(url) for url in read_elsewhere}
        self._pages: dict[str, dict[str, None]] = {}

    def add(self, page: str, urls: Iterable[str]) -> None:
        """Note what a page embeds, unless it is read as a post or an account of the register."""
        for url in urls:
            service = service_of(url)
            if service and thing_of(url) not in self._elsewhere:
                self._pages.setdefault(service, {})[page] = None

    def notes(self, visit: Visit) -> Iterator[NotChecked]:
        """Yield a note for each service; none of them makes an audit incomplete."""
        for service, pages in self._pages.items():
            where = "This page shows" if len(pages) == 1 else f"This page and {len(pages) - 1} more show"
            reason = (
                f"{where} something from {service}, which is not looked into here. If it is the school’s own, add its "
                "account to config/accounts.toml."
            )
            yield visit.missed(next(iter(pages)), "embed", reason, aside=True)
