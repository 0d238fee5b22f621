"""The films of a part of a page: players, links to video files, their captions, and what stands elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.files import GONE, NoPhoto, why_code
from auditbot.collect.html.comments import AREAS
from auditbot.collect.html.dom import attribute, ids, inside, line_of, meta, select
from auditbot.collect.net.fetch import FetchFailed
from auditbot.collect.net.urls import absolute, is_tracker
from auditbot.collect.post.links import Link
from auditbot.collect.post.renditions import is_image_address
from auditbot.collect.visit import Visit
from auditbot.model import DocumentUse, NotChecked, Why
from auditbot.registers.services import SERVICES, Service
from auditbot.same_page import key
from auditbot.sentences import say

# Links that lead to somebody's account on a social service; not to one post of it, nor to its buttons for
# sharing.

_PREFIX = re.compile(r"^(www|m|mobile|web|[a-z]{2}|[a-z]{2}-[a-z]{2})\.")


_USUAL = "about|help|login|signup|signin|legal|privacy|terms|policies|policy|search|explore|settings|share|intent|home"
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
    service = next((each for each in SERVICES if each.at(host)), None)
    if service is not None:
        number = dict(parse_qsl(parts.query)).get("id", "") if path == "/profile.php" else ""
        name = f"profile.php?id={number}" if number.isdigit() else _name_in(service, path)
        return SocialAccount(service.name, f"https://{service.usual_host or host}/{name}") if name else None
    match = _MASTODON.fullmatch(path) if is_own or _MASTODON_HOST.search(host) else None
    return SocialAccount("Mastodon", f"https://{host}/@{match[1]}") if match else None


def _name_in(service: Service, path: str) -> str:
    """Return the account's own part of a path; empty if it is no account's."""
    match = re.fullmatch(service.account, path, re.ASCII)
    never = f"{_USUAL}|{service.never}" if service.never else _USUAL
    return match[1] if match and not re.fullmatch(never, match[1], re.IGNORECASE) else ""


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


# What pages show of other sites in frames: which of it is a publication, whose it is, and how it is named.

# What is posted or filmed, by host and path, and the service's name.
_PUBLICATIONS = tuple((service.embedded, service.name) for service in SERVICES if service.embedded)
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
        if re.search(rf"(^|\.){pattern}", place):
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
            reason = (
                say(
                    "This page shows something from %(service)s, which is not looked into here. If it is the school’s "
                    "own, add its account to config/accounts.toml.",
                    service=service,
                )
                if len(pages) == 1
                else say(
                    "This page and %(count)s more show something from %(service)s, which is not looked "
                    "into here. If it is the school’s own, add its account to config/accounts.toml.",
                    count=len(pages) - 1,
                    service=service,
                )
            )
            yield visit.missed(next(iter(pages)), "embed", reason, aside=True)


VIDEO_ENDINGS = (".mp4", ".m4v", ".mov", ".webm", ".ogv", ".avi", ".mkv", ".wmv", ".3gp", ".mpg", ".mpeg")
_STREAM_ENDINGS = (".m3u8", ".mpd")
_STREAM_TYPES = ("mpegurl", "dash+xml")
NOT_FETCHED = say("Films are not fetched: config/auditbot.toml says max_video_megabytes = 0 under [collect].")
STREAMED = say("The film is sent in pieces as it plays, so there is no file to look into.")


@dataclass(frozen=True, slots=True)
class VideoRef:
    """One film as a page names it, before it is fetched."""

    candidates: tuple[str, ...]
    """Addresses of its files, in the order of the page; empty if it is only sent in pieces."""
    title: str = ""
    """What the player or the link is called."""
    captions: tuple[Link, ...] = ()
    """Files of captions, subtitles, descriptions and chapters, with what each is called."""


@dataclass(frozen=True, slots=True)
class FoundVideos:
    """The films of a part of a page."""

    videos: tuple[VideoRef, ...] = ()
    """Films whose files the page names, and those that are sent in pieces."""
    elsewhere: tuple[str, ...] = ()
    """Addresses of embedded pages of other services, which nobody looks into."""


def find_videos(root: LexborNode, base: str, without: Collection[int] = ()) -> FoundVideos:
    """Return the films inside an element, without the parts of these ``mem_id``. ``base`` joins relative links."""
    videos: dict[object, VideoRef] = {}
    elsewhere: dict[str, None] = {}
    known: set[str] = set()
    for node in select(root, "video, iframe[src], iframe[data-src], embed[src], object[data], a[href]"):
        if inside(node, without):
            continue
        if node.tag == "video":
            found = _of_player(node, base)
            if found.candidates or found.captions or _plays(node):
                videos.setdefault(found.candidates or found.captions or node.mem_id, found)
                known.update(found.candidates)
            continue
        names = ("src", "data-src", "data", "href")
        url = absolute(base, next((link for name in names if (link := attribute(node, name))), "")).partition("#")[0]
        if is_video_address(url):
            if url not in known:
                known.add(url)
                videos[(url,)] = VideoRef((url,), line_of(node) or attribute(node, "title"))
        elif node.tag in ("iframe", "embed") and service_of(url):
            elsewhere[url] = None
    return FoundVideos(tuple(videos.values()), tuple(elsewhere))


def head_video(tree: LexborHTMLParser, base: str, shown: Collection[VideoRef]) -> tuple[VideoRef, ...]:
    """Return the film that a page names for social media, if it is a file and the page does not show it itself."""
    url = absolute(base, meta(tree, "og:video:secure_url", "og:video:url", "og:video"))
    known = any(url in video.candidates for video in shown)
    return () if known or not is_video_address(url) else (VideoRef((url,)),)


def is_video_address(url: str) -> bool:
    """True if an address ends like that of a film's file."""
    return urlsplit(url).path.lower().endswith(VIDEO_ENDINGS)


def _of_player(node: LexborNode, base: str) -> VideoRef:
    files: dict[str, None] = {}
    for source in [node, *select(node, "source")]:
        for name in ("src", "data-src", "data-lazy-src"):
            url = absolute(base, attribute(source, name)).partition("#")[0]
            if url and not _is_stream(url, attribute(source, "type")) and not is_image_address(url):
                files[url] = None
    captions = {}
    for track in select(node, "track[src]"):
        url = absolute(base, attribute(track, "src"))
        if url:
            captions[url] = Link(url, attribute(track, "label"))
    title = attribute(node, "title") or attribute(node, "aria-label") or attribute(node, "data-title")
    return VideoRef(tuple(files), title, tuple(captions.values()))


def _plays(node: LexborNode) -> bool:
    """True if a player without a file of its own plays something all the same: in pieces, or by a script."""
    return any(attribute(part, "src") or attribute(part, "data-src") for part in [node, *select(node, "source")])


def _is_stream(url: str, declared: str) -> bool:
    return urlsplit(url).path.lower().endswith(_STREAM_ENDINGS) or any(
        kind in declared.lower() for kind in _STREAM_TYPES
    )


def take_videos(page: str, videos: tuple[VideoRef, ...], visit: Visit) -> Iterator[DocumentUse | NotChecked]:
    """Take each film and its captions; yield how the post uses them, and what could not be had."""
    for video in videos:
        for link in video.captions:
            sha256 = None
            try:
                sha256 = visit.files.take(link.url, "captions", page).sha256
            except (FetchFailed, NoPhoto) as failure:
                yield visit.missed(link.url, "captions", failure.reason)
            yield DocumentUse(link.url, sha256, link.title, "captions")
        yield from _take_video(page, video, visit)


def _take_video(page: str, video: VideoRef, visit: Visit) -> Iterator[DocumentUse | NotChecked]:
    if not video.candidates:
        if video.title:
            yield DocumentUse(page, None, video.title, "video")
        yield visit.missed(page, "video", STREAMED)
        return
    failure, dead, why = NOT_FETCHED, 0, Why.FAILED
    for url in video.candidates if visit.settings.collect.max_video_megabytes else ():
        try:
            yield DocumentUse(url, visit.files.take(url, "video", page).sha256, video.title, "video")
        except (FetchFailed, NoPhoto) as error:
            failure, why = visit.why_not(url, error), why_code(error)
            dead = error.status if isinstance(error, FetchFailed) and error.status in GONE else 0
        else:
            return
    if dead:
        visit.dead_films.setdefault(video.candidates[0], dead)
    else:
        yield visit.missed(video.candidates[0], "video", failure, why=why)
    yield DocumentUse(video.candidates[0], None, video.title, "video")
