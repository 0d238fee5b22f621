"""Links that lead to somebody's account on a social service; not to one post of it, nor to its buttons for sharing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.comments import AREAS
from auditbot.collect.dom import attribute, ids, inside, select
from auditbot.collect.site import absolute

_NAME = r"[\w.%-]+"
_PREFIX = re.compile(r"^(www|m|mobile|web|[a-z]{2}|[a-z]{2}-[a-z]{2})\.")


@dataclass(frozen=True, slots=True)
class _Service:
    """How one service writes the addresses of its accounts."""

    name: str
    host: str
    """What hosts match, without www; the first alternative is how the account is named."""
    path: str
    """What paths match; group 1 is the account's own part."""
    never: str = ""
    """First steps of paths that are no account."""


_USUAL = "about|help|login|signup|signin|legal|privacy|terms|policies|policy|search|explore|settings|share|intent|home"
_SERVICES = (
    _Service(
        "Facebook", r"facebook\.com|fb\.com",
        rf"/(?:pg/)?((?:groups/|pages/(?:category/)?{_NAME}/|people/{_NAME}/)?{_NAME})"
        r"(?:/(?:about|photos|videos|reviews|community|likes|mentions|timeline|\?.*)?(?:/?))?",
        r"sharer|share\.php|dialog|plugins|login\.php|events|hashtag|watch|photo|photo\.php|photos|permalink\.php|story\.php|"
        r"posts|video|video\.php|videos|marketplace|gaming|tr|business|ads|l\.php|reel|reels|r\.php|recover|home\.php|public|"
        r"sharer\.php|media|stories|pages|groups|people|badges|policy\.php|index\.php|profile\.php|events\.php|help\.php",
    ),
    _Service("Instagram", r"instagram\.com|instagr\.am", rf"/({_NAME})(?:/(?:reels|tagged|channel)?)?",
             "p|reel|reels|tv|stories|accounts|developer|direct|web|challenge"),
    _Service("X", r"x\.com|twitter\.com", rf"/@?({_NAME})(?:/(?:media|with_replies|likes|following|followers)?)?",
             "hashtag|i|tos|messages|notifications|download|widgets|timeline|statuses|share\\?.*"),
    _Service("YouTube", r"youtube\.com",
             rf"/((?:channel/|c/|user/|@)?{_NAME})(?:/(?:videos|featured|playlists|shorts|streams|about|community)?)?",
             "watch|embed|playlist|shorts|results|feed|t|live|redirect|hashtag|v|premium|channel|c|user|ads|yt|creators|iframe_api|"
             "live_chat|attribution_link|subscription_center|account|music|gaming|kids"),
    _Service("Threads", r"threads\.net|threads\.com", rf"/(@{_NAME})/?"),
    _Service("TikTok", r"tiktok\.com", rf"/(@{_NAME})/?"),
    _Service("LinkedIn", r"linkedin\.com",
             rf"/((?:company|school|showcase|in)/{_NAME})(?:/(?:about|posts|people|mycompany)?)?"),
    _Service("Bluesky", r"bsky\.app", r"/(profile/[\w.:%-]+)/?"),
    _Service("Flickr", r"flickr\.com", r"/((?:photos|people|groups)/[\w@.%-]+)(?:/(?:albums|sets)?)?", "photos/tags"),
    _Service("Vimeo", r"vimeo\.com", rf"/((?:channels/|groups/)?(?!\d+(?:/|$)){_NAME})(?:/(?:videos)?)?",
             "watch|features|upgrade|categories|blog|channels|groups|event|video|ondemand|showcase|album|user|api|join|stock"),
    _Service("Pinterest", r"pinterest\.com|pinterest\.co\.uk|pinterest\.ie",
             rf"/({_NAME})(?:/(?:_saved|_created|boards|pins)?)?",
             "pin|ideas|today|business|pin-builder"),
    _Service("Snapchat", r"snapchat\.com", rf"/(add/{_NAME})/?"),
    _Service("Tapestry", r"tapestryjournal\.com", rf"/(s/{_NAME})(?:/.*)?"),
    _Service("Seesaw", r"blogs\.seesaw\.me|app\.seesaw\.me|seesaw\.me", rf"/((?:blog/|blogs/|pages/)?{_NAME})/?",
             "blog|blogs|pages|features|pricing|resources|parents|families"),
    _Service("ClassDojo", r"classdojo\.com", rf"/((?:school|schools|class|story|ul/p)/{_NAME})(?:/.*)?"),
)  # fmt: skip
_MASTODON = re.compile(r"/(?:@|users/)([\w.-]+)/?")
_MASTODON_HOST = re.compile(r"(^|\.)(mastodon|mstdn|mas\.to|mastodonapp|fosstodon|toot|tooting|scholar|social)\b")


@dataclass(frozen=True, slots=True)
class SocialAccount:
    """One account that a page leads to."""

    service: str
    """The service, for example "Facebook"."""
    url: str
    """The account's address, without what only tells where the link stood."""


def account_of(url: str, is_own: bool = False) -> SocialAccount | None:
    """Return the account that an address is of; None for posts, shares, searches, log-ins and all other sites.

    ``is_own``: the page says that the address is its owner's (rel=me); only then is any host taken for a Mastodon.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    while (shorter := _PREFIX.sub("", host)) != host and shorter.count("."):
        host = shorter
    path = unquote(parts.path)
    service = next((each for each in _SERVICES if re.fullmatch(each.host, host)), None)
    if service is not None:
        number = dict(parse_qsl(parts.query)).get("id", "") if path == "/profile.php" else ""
        name = f"profile.php?id={number}" if number.isdigit() else _name_in(service, path)
        return SocialAccount(service.name, f"https://{_usual_host(service, host)}/{name}") if name else None
    match = _MASTODON.fullmatch(path) if is_own or _MASTODON_HOST.search(host) else None
    return SocialAccount("Mastodon", f"https://{host}/@{match[1]}") if match else None


def _name_in(service: _Service, path: str) -> str:
    """Return the account's own part of a path; empty if it is no account's."""
    match = re.fullmatch(service.path, path, re.ASCII)
    never = f"{_USUAL}|{service.never}" if service.never else _USUAL
    return match[1] if match and not re.fullmatch(never, match[1], re.IGNORECASE) else ""


def _usual_host(service: _Service, host: str) -> str:
    """Return how the service's addresses are usually written."""
    usual = {"Facebook": "www.facebook.com", "Instagram": "www.instagram.com", "X": "x.com"}
    return {**usual, "YouTube": "www.youtube.com"}.get(service.name, host)


def find_accounts(tree: LexborHTMLParser, base: str) -> Iterator[SocialAccount]:
    """Yield the accounts that a page leads to or shows in a frame, each once; what visitors link to does not count."""
    comments = ids(select(tree, AREAS))
    found: dict[str, SocialAccount] = {}
    for node in select(tree, "a[href], area[href], link[rel~=me][href], iframe[src], iframe[data-src], [data-href]"):
        links = (attribute(node, name) for name in ("href", "src", "data-src", "data-href"))
        url = absolute(base, next(filter(None, links), ""))
        if node.tag == "iframe":
            # The plug-in that shows a Facebook Page names it.
            plugin = urlsplit(url).path.endswith("/plugins/page.php")
            url = (parse_qs(urlsplit(url).query).get("href") or [""])[0] if plugin else ""
        account = account_of(url, "me" in attribute(node, "rel").lower().split()) if url else None
        if account is not None and not inside(node, comments):
            found.setdefault(account.url.lower(), account)
    yield from found.values()
