"""How far a site's photos reach, asked of the site itself: search engines, open folders, and the word of proof."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from auditbot.collect.html.dom import attribute, parse
from auditbot.collect.net.fetch import Fetcher, FetchFailed
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.robots import Robots
from auditbot.collect.net.throttle import OutOfTime, Pace
from auditbot.collect.net.urls import Site, absolute
from auditbot.exposure.exposed import ExposedPhoto, Inside, Reach
from auditbot.exposure.image_sitemaps import offered_pictures
from auditbot.model import Post
from auditbot.safe_files import write_private
from auditbot.settings import Settings

SEARCHER = "Googlebot-Image"
"""The visitor whose rules say whether photos may be found by searching."""
MOST_FOLDERS = 30
MOST_BYTES = 50_000_000
LISTING = re.compile(
    rb"<title>\s*(?:Index of|Directory listing for)|\[To Parent Directory\]|<(?:ListBucketResult|EnumerationResults)\b",
    re.IGNORECASE,
)
"""How common servers and stores of files begin a folder's list."""
LISTED_PART = 0.8
"""A page most of whose links are the folder's own files is its list: written down, not measured. Sorting and the
folder above are the rest."""

_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|heic|avif|tiff?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a site answered."""

    reach: Reach
    """What search engines may keep, what sitemaps offer them, and which folders list their files."""
    proved: bool
    """Whether the word of proof stands on the site."""


def word_of_proof(secret: bytes, url: str) -> str:
    """Return the word by which whoever asks can show that they answer for a site; another machine has another."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return hashlib.blake2b(host.encode(), key=secret[:64], digest_size=8).hexdigest()


def ask(
    url: str,
    posts: Iterable[Post],
    settings: Settings,
    word: str,
    local_hosts: Mapping[str, tuple[str, int]],
) -> Asked:
    """Ask a site for its rules for searchers, its sitemaps, the folders its photos lie in, and the word of proof.

    Nothing of another host is asked for, nor what robots.txt shuts. What cannot be had counts as not seen.
    """
    options, site, shown = settings.collect, Site(url), _Shown.of(url, posts)
    with (
        Guard(local_hosts, options.allow_loopback, max(options.page_timeout_seconds / 2, 1.0)) as guard,
        closing(
            Fetcher(guard, Pace(options.delay_seconds, options.account_minutes), options.page_timeout_seconds)
        ) as fetcher,
    ):
        rules = _text(fetcher, _at(url, "/robots.txt")).decode("utf-8", "replace")
        robots, own = Robots(rules, SEARCHER), Robots(rules)
        open_to_us = [folder for folder in shown.folders if own.allows(folder)][:MOST_FOLDERS]
        listed = frozenset(folder for folder in open_to_us if is_listing(_text(fetcher, folder), folder))
        offered = offered_pictures(own.sitemaps, fetcher, site, own.allows)
        file = _at(url, f"/auditbot-{word}.txt")
        proved = (own.allows(file) and _is_word(_text(fetcher, file), word)) or (
            own.allows(url) and _meta(_text(fetcher, url), word)
        )
    searchable = frozenset(post for post, photos in shown.own.items() if any(map(robots.allows, photos)))
    return Asked(Reach(searchable, listed, offered, shown.elsewhere - searchable), proved)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Where the photos of a site's posts lie."""

    folders: tuple[str, ...]
    """Addresses of their folders on the site's own host."""
    own: Mapping[str, Sequence[str]]
    """Of each post that search engines may keep, by its permalink, the addresses of its photos on that host."""
    elsewhere: frozenset[str]
    """Permalinks of such posts that show photos of other hosts, whose rules nobody asks."""

    @classmethod
    def of(cls, url: str, posts: Iterable[Post]) -> _Shown:
        """Sort the photos of some posts by whether they lie on the host of an address."""
        host = _host(url)
        folders: dict[str, None] = {}
        own: dict[str, list[str]] = {}
        elsewhere: set[str] = set()
        for post in posts:
            for use in post.photos:
                is_own = _host(use.url) == host
                if use.sha256 and is_own:
                    folders[use.url.rpartition("/")[0] + "/"] = None
                if use.sha256 and is_own and not post.noindex:
                    own.setdefault(post.url, []).append(use.url)
                elif use.sha256 and not post.noindex:
                    elsewhere.add(post.url)
        return cls(tuple(folders), own, frozenset(elsewhere))


def fetch_again(
    url: str,
    photos: Iterable[ExposedPhoto],
    at_hand: Collection[str],
    folder: Path,
    settings: Settings,
    local_hosts: Mapping[str, tuple[str, int]],
) -> dict[str, Path]:
    """Ask once more for the files of photos that are not at hand; return those that are still the same, by their hash.

    Nothing of another host than that of ``url`` or of the photos themselves is asked for; the files lie in ``folder``.
    """
    options = settings.collect
    wanted = {
        photo.sha256: photo.url for photo in photos if photo.inside is Inside.POST and photo.sha256 not in at_hand
    }
    fetched: dict[str, Path] = {}
    with (
        Guard(local_hosts, options.allow_loopback, max(options.page_timeout_seconds / 2, 1.0)) as guard,
        closing(
            Fetcher(guard, Pace(options.delay_seconds, options.account_minutes), options.page_timeout_seconds)
        ) as fetcher,
    ):
        robots = Robots(_text(fetcher, _at(url, "/robots.txt")).decode("utf-8", "replace"))
        own = urlsplit(url).netloc
        for sha256, address in wanted.items():
            if urlsplit(address).scheme not in ("http", "https"):
                continue
            if urlsplit(address).netloc == own and not robots.allows(address):
                continue
            body = _text(fetcher, address, MOST_BYTES)
            if hashlib.sha256(body).hexdigest() == sha256:
                write_private(folder / sha256, body)
                fetched[sha256] = folder / sha256
    return fetched


def is_listing(page: bytes, folder: str) -> bool:
    """Whether what a folder's address answers is a server's list of its files, and no page of photos."""
    if LISTING.search(page):
        return True
    tree = parse(page.decode("utf-8", "replace"))
    if any(absolute(folder, attribute(node, "src")).startswith(folder) for node in tree.css("img[src]")):
        return False
    links = [absolute(folder, attribute(node, "href")) for node in tree.css("a[href]")]
    links = [link for link in links if not folder.startswith(link.partition("?")[0])]
    files = [link for link in links if re.fullmatch(r"[^/?#]+\.\w{2,5}|[^/?#]+/", link.removeprefix(folder))]
    return any(_PICTURE.search(file) for file in files) and len(files) >= LISTED_PART * len(links)


def _at(url: str, path: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{path}"


def _text(fetcher: Fetcher, url: str, limit: int = 2_000_000) -> bytes:
    try:
        return fetcher.get(url, limit=limit).body
    except (FetchFailed, OutOfTime):
        return b""


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _is_word(body: bytes, word: str) -> bool:
    """Whether a file holds the word and nothing else: a page that repeats the address asked for is no proof."""
    return body.removeprefix(b"\xef\xbb\xbf").strip() == word.encode()


def _meta(page: bytes, word: str) -> bool:
    """Whether a page carries the word: <meta name="auditbot" content="WORD">."""
    tags = re.findall(rb"<meta\s[^>]*>", page[:200_000], re.IGNORECASE)
    return any(re.search(rb"name\s*=\s*[\"']?auditbot\b", tag, re.IGNORECASE) and word.encode() in tag for tag in tags)
