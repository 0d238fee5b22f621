"""The films of a part of a page: players, links to video files, their captions, and what stands elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.dom import attribute, inside, line_of, meta, select
from auditbot.collect.embeds import service_of
from auditbot.collect.fetch import FetchFailed
from auditbot.collect.files import NoPhoto
from auditbot.collect.links import Link
from auditbot.collect.renditions import is_image_address
from auditbot.collect.site import absolute
from auditbot.collect.visit import Visit
from auditbot.model import DocumentUse, NotChecked

VIDEO_ENDINGS = (".mp4", ".m4v", ".mov", ".webm", ".ogv", ".avi", ".mkv", ".wmv", ".3gp", ".mpg", ".mpeg")
_STREAM_ENDINGS = (".m3u8", ".mpd")
_STREAM_TYPES = ("mpegurl", "dash+xml")
NOT_FETCHED = "Films are not fetched: config/auditbot.toml says max_video_megabytes = 0 under [collect]."
STREAMED = "The film is sent in pieces as it plays, so there is no file to look into."


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
                sha256 = visit.files.take(link.url, "captions").sha256
            except (FetchFailed, NoPhoto) as failure:
                yield visit.missed(link.url, "captions", str(failure))
            yield DocumentUse(link.url, sha256, link.title, "captions")
        yield from _take_video(page, video, visit)


def _take_video(page: str, video: VideoRef, visit: Visit) -> Iterator[DocumentUse | NotChecked]:
    if not video.candidates:
        if video.title:
            yield DocumentUse(page, None, video.title, "video")
        yield visit.missed(page, "video", STREAMED)
        return
    failure = NOT_FETCHED
    for url in video.candidates if visit.settings.collect.max_video_megabytes else ():
        try:
            yield DocumentUse(url, visit.files.take(url, "video").sha256, video.title, "video")
        except (FetchFailed, NoPhoto) as error:
            failure = str(error)
        else:
            return
    yield visit.missed(video.candidates[0], "video", failure)
    yield DocumentUse(video.candidates[0], None, video.title, "video")
