"""What the downloads of Facebook and Instagram share: text of the wrong encoding, and how they name their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from auditbot.collect.archives.container import (
    ADDRESS,
    Archive,
    ArchivePhoto,
    Found,
    Identities,
    Item,
    LeftOut,
    MemberUnreadable,
    entries,
    fields,
    moment_of,
    possible,
    read_json,
    words,
)
from auditbot.collect.html.comments import read_date
from auditbot.collect.html.dom import attribute, ids, line_of, parse, select, text_of
from auditbot.model import Comment
from auditbot.sentences import say

_FILMS = (".mp4", ".mov", ".m4v", ".avi", ".webm", ".mkv", ".3gp")
_SECONDS = re.compile(r"(\d{1,2}:\d{2}):\d{2}")
_ENTRIES = "section._a6-g, div._a6-g"
_TIMES = "._a72d, ._a6-o"


def fix(value: object) -> Any:
    """Return JSON of Meta's with its text put right: it is UTF-8 that was read as Latin-1.

    A text that is no such thing stays as it is.
    """
    if isinstance(value, str):
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value
    if isinstance(value, list):
        return [fix(part) for part in value]
    if isinstance(value, dict):
        return {fix(name): fix(part) for name, part in value.items()}
    return value


@dataclass(slots=True)
class Media:
    """Collects the pictures and films of one item."""

    archive: Archive
    """The download."""
    near: str
    """The member that the item stands in."""
    photos: dict[str, ArchivePhoto]
    """By address, the pictures so far."""
    films: int = 0
    """How many films there were."""

    def add(self, address: object, caption: str = "") -> None:
        """Add what the item calls by this address."""
        uri = words(address)
        if not uri or uri.startswith(("http://", "https://")):
            return
        if uri.lower().partition("?")[0].endswith(_FILMS):
            self.films += 1
            return
        member = self.archive.resolve(uri, self.near) or self.archive.resolve(uri.replace("+", " "), self.near)
        known = self.photos.get(uri)
        if known is None or (caption and not known.caption):
            self.photos[uri] = ArchivePhoto(member or "", f"{ADDRESS}{uri}", caption)


def media_in(archive: Archive, near: str) -> Media:
    """Return an empty collection for one item of the member ``near``."""
    return Media(archive, near, {})


def read_pages(archive: Archive, names: list[str], zone: ZoneInfo, platform: str) -> Iterator[Found]:
    """Yield the items of a download in HTML. Its dates are in the reader's language and without a zone."""
    identities = Identities(platform)
    for name in names:
        try:
            tree = parse(archive.read(name).decode("utf-8", "replace"))
        except MemberUnreadable as failure:
            yield LeftOut("files of posts", failure.reason, gap=True)
            continue
        for node in select(tree, _ENTRIES):
            if item := _page_item(node, archive, name, zone, identities, platform):
                yield item


def _page_item(
    node: LexborNode, archive: Archive, name: str, zone: ZoneInfo, identities: Identities, platform: str
) -> Item | None:
    # Tables hold what the camera and the network wrote: never published, and they hold addresses of computers.
    times = [found for found in select(node, _TIMES) if found.mem_id != node.mem_id]
    silent = ids(select(node, "table, footer, script, style")) | ids(times)
    heading = next(iter(select(node, "h2, ._a6-h")), None)
    head = text_of(heading, silent) if heading is not None else ""
    media = media_in(archive, name)
    for found in select(node, "img[src], video[src], a[href]"):
        link = attribute(found, "src") or attribute(found, "href")
        if found.tag != "a" or archive.resolve(link, name):
            media.add(link)
    body = text_of(node, silent | (ids([heading]) if heading is not None else set()))
    if not head and not body and not media.photos and not media.films:
        return None
    moment = _local(times, zone)
    title, text = ("", head) if platform == "instagram" else (head, body)
    photos = tuple(media.photos.values())
    return Item(identities.of(moment), title, text, moment, photos, films=media.films)


def _local(times: list[LexborNode], zone: ZoneInfo) -> datetime | None:
    for node in reversed(times):
        line = _SECONDS.sub(r"\1", line_of(node))
        if moment := possible(read_date(line, zone)):
            return moment
    return None


# A Facebook Page's download, as JSON or HTML: posts and albums.

_POSTS = re.compile(r"(^|/)posts/(profile_posts|your_posts|page_posts)[^/]*_?\d*\.(json|html)$")
_ALBUMS = re.compile(r"(^|/)(posts|photos_and_videos)/album/\d+\.json$")
_LOOSE = re.compile(r"(^|/)(posts|photos_and_videos)/(your_photos|your_uncategorized_photos)\.json$")
_NOT_PUBLIC = re.compile(r"(^|/)(archive|trash|drafts?|scheduled_posts|unpublished_posts)[^/]*\.(json|html)$")


def is_facebook(archive: Archive) -> bool:
    """Return whether the download is one of Facebook's."""
    return any(_POSTS.search(name) for name in archive.names())


def read_facebook(archive: Archive, zone: ZoneInfo) -> Iterator[Found]:
    """Yield the posts, then of the albums what no post showed."""
    names = archive.names()
    posts = [name for name in names if _POSTS.search(name)]
    if any(_NOT_PUBLIC.search(name) for name in names):
        yield LeftOut("archived, deleted and unpublished posts", say("They are not public."))
    yield LeftOut("comments of visitors", say("Facebook's download does not hold them."), gap=True)
    shown: set[str] = set()
    identities = Identities("facebook")
    in_json = [name for name in posts if name.endswith(".json")]
    for name in in_json:
        for found in _read_posts(archive, name, identities):
            if isinstance(found, Item):
                shown.update(photo.url for photo in found.photos)
            yield found
    if not in_json:
        yield from read_pages(archive, posts, zone, "facebook")
        return
    identities = Identities("facebook", "album")
    for name in names:
        if _ALBUMS.search(name):
            yield from _read_album(archive, name, identities, shown)
        elif _LOOSE.search(name):
            yield from _read_loose(archive, name, identities, shown)


def _read_posts(archive: Archive, name: str, identities: Identities) -> Iterator[Found]:
    try:
        content = fix(read_json(archive, name))
    except MemberUnreadable as failure:
        yield LeftOut("files of posts", failure.reason, gap=True)
        return
    # An object, not a list, where there is only one post.
    for entry in entries(content) or [content]:
        if isinstance(entry, dict):
            item = _post(fields(entry), media_in(archive, name), identities)
            if item.title or item.text or item.photos or item.films:
                yield item
            else:
                yield LeftOut("empty entries", say("They hold neither words nor photos."))
        else:
            yield LeftOut("entries", say("They are of an unknown form."), gap=True)


def _post(entry: dict[str, Any], media: Media, identities: Identities) -> Item:
    lines = [words(fields(part).get("post")) for part in entries(entry.get("data"))]
    for attachment in entries(entry.get("attachments")):
        for part in entries(fields(attachment).get("data")):
            file = fields(fields(part).get("media"))
            said = words(file.get("description"))
            media.add(file.get("uri"), "" if said in lines else said)
            outside = fields(fields(part).get("external_context"))
            place = fields(fields(part).get("place"))
            lines += [words(outside.get("name")), words(outside.get("url")), words(place.get("name"))]
            lines += [words(fields(part).get("text"))]
    moment = moment_of(entry.get("timestamp"))
    return Item(
        url=identities.of(moment),
        title=words(entry.get("title")),
        text="\n".join(dict.fromkeys(line.strip() for line in lines if line.strip())),
        published_at=moment,
        photos=tuple(media.photos.values()),
        films=media.films,
    )


def _read_album(archive: Archive, name: str, identities: Identities, shown: set[str]) -> Iterator[Found]:
    try:
        album = fields(fix(read_json(archive, name)))
    except MemberUnreadable as failure:
        yield LeftOut("albums", failure.reason, gap=True)
        return
    comments = tuple(
        Comment(words(said.get("author")), words(said.get("comment")), moment_of(said.get("timestamp")))
        for said in map(fields, entries(album.get("comments")))
        if words(said.get("comment"))
    )
    text = words(album.get("description"))
    yield from _photo_posts(
        archive, name, entries(album.get("photos")), identities, shown, words(album.get("name")), text, comments
    )


def _read_loose(archive: Archive, name: str, identities: Identities, shown: set[str]) -> Iterator[Found]:
    try:
        content = fix(read_json(archive, name))
    except MemberUnreadable as failure:
        yield LeftOut("lists of photos", failure.reason, gap=True)
        return
    for photos in [content] if isinstance(content, list) else fields(content).values():
        yield from _photo_posts(archive, name, entries(photos), identities, shown)


def _photo_posts(
    archive: Archive,
    name: str,
    photos: list[Any],
    identities: Identities,
    shown: set[str],
    title: str = "",
    text: str = "",
    comments: tuple[Comment, ...] = (),
) -> Iterator[Item]:
    """Yield the photos of a list that no post showed as one post for each time they were put up."""
    by_moment: dict[object, list[dict[str, Any]]] = {}
    for photo in map(fields, photos):
        by_moment.setdefault(photo.get("creation_timestamp"), []).append(photo) if _hashable(photo) else None
    for stamp, some in by_moment.items():
        media, lines = media_in(archive, name), [text]
        for photo in some:
            if f"{ADDRESS}{words(photo.get('uri'))}" not in shown:
                media.add(photo.get("uri"), words(photo.get("description")))
                lines.append(words(photo.get("title")))
        if media.photos or media.films:
            moment = moment_of(stamp)
            said = "\n".join(dict.fromkeys(line for line in lines if line and line != title))
            shown.update(photo.url for photo in media.photos.values())
            photos_here = tuple(media.photos.values())
            yield Item(identities.of(moment), title, said, moment, photos_here, comments, films=media.films)


def _hashable(photo: dict[str, Any]) -> bool:
    return isinstance(photo.get("creation_timestamp"), int | float | str | None)


# Instagram's download, as JSON or HTML: posts, reels and profile photos.

_INSTAGRAM_POSTS = re.compile(r"(^|/)(media|content)/(posts|reels|igtv_videos|profile_photos)(_\d+)?\.(json|html)$")
_STORIES = re.compile(r"(^|/)(media|content)/stories(_\d+)?\.json$")
_INSTAGRAM_NOT_PUBLIC = re.compile(r"(^|/)(media|content)/(archived_posts|recently_deleted\w*)(_\d+)?\.(json|html)$")
_LISTS = ("ig_reels_media", "ig_igtv_media", "ig_profile_picture", "ig_posts_media")


def is_instagram(archive: Archive) -> bool:
    """Return whether the download is one of Instagram's."""
    return any(_INSTAGRAM_POSTS.search(name) or _STORIES.search(name) for name in archive.names())


def read_instagram(archive: Archive, zone: ZoneInfo) -> Iterator[Found]:
    """Yield posts, reels and profile photos."""
    names = archive.names()
    yield LeftOut("comments of visitors", say("Instagram's download does not hold them."), gap=True)
    if any(_INSTAGRAM_NOT_PUBLIC.search(name) for name in names):
        yield LeftOut("archived and deleted posts", say("They are not public."))
    for name in names:
        if _STORIES.search(name):
            yield from _stories(archive, name)
    posts = [name for name in names if _INSTAGRAM_POSTS.search(name)]
    in_json = [name for name in posts if name.endswith(".json")]
    if not in_json:
        yield from read_pages(archive, posts, zone, "instagram")
        return
    identities = Identities("instagram")
    held: set[frozenset[str]] = set()
    for name in in_json:
        try:
            content = fix(read_json(archive, name))
        except MemberUnreadable as failure:
            yield LeftOut("files of posts", failure.reason, gap=True)
            continue
        for entry in map(_with_labels, _entries(content)):
            files = frozenset(words(fields(file).get("uri")) for file in entries(fields(entry).get("media")))
            # A download of 2026 may tell the same posts in the old form and in the new.
            if not files or files not in held:
                held.add(files)
                yield _post_of_instagram(entry, archive, name, identities)


def _with_labels(entry: Any) -> Any:
    """Return a post of the form of 2026 as one of the older form: its files and words stand in a list of labels.

    Labels are in the language of the account's holder, so files are known by what they hold; every value but an address
    was published with the post.
    """
    labels = [fields(label) for label in entries(fields(entry).get("label_values"))]
    if not labels:
        return entry
    files = [*entries(entry.get("media")), *(file for label in labels for file in entries(label.get("media")))]
    said = [words(label.get("value")).strip() for label in labels]
    lines = dict.fromkeys(line for line in said if line and not line.startswith(("https://", "http://")))
    return {
        "media": files,
        "title": words(entry.get("title")) or "\n".join(lines),
        "creation_timestamp": entry.get("creation_timestamp") or entry.get("timestamp"),
    }


def _entries(content: Any) -> Iterator[Any]:
    """Yield the posts of a file: a list, a list under a name, or one alone."""
    if isinstance(content, dict):
        found = [content[name] for name in _LISTS if name in content]
        content = [part for some in found for part in entries(some)] if found else [content]
    yield from entries(content)


def _post_of_instagram(entry: Any, archive: Archive, name: str, identities: Identities) -> Found:
    media = media_in(archive, name)
    post = fields(entry)
    # A profile photo stands by itself, not in a list of media.
    files = [fields(file) for file in entries(post.get("media"))] or ([post] if "uri" in post else [])
    caption = words(post.get("title"))
    alone = len(files) == 1
    if not caption and alone:
        caption = words(files[0].get("title"))
    for file in files:
        own = words(file.get("title"))
        media.add(file.get("uri"), "" if own == caption else own)
    if not media.photos and not media.films and not caption:
        return LeftOut("entries", say("They are of an unknown form."), gap=True)
    moment = moment_of(post.get("creation_timestamp")) or next(
        (found for file in files if (found := moment_of(file.get("creation_timestamp")))), None
    )
    title = "Profile photo" if "profile_photos" in name else ""
    return Item(identities.of(moment), title, caption, moment, tuple(media.photos.values()), films=media.films)


def _stories(archive: Archive, name: str) -> Iterator[Found]:
    reason = say(
        "Stories are public for a day only; look by hand at those that are kept as highlights: the download does "
        "not say which these are."
    )
    try:
        content = read_json(archive, name)
    except MemberUnreadable:
        content = None
    stories = entries(fields(content).get("ig_stories")) or entries(content)
    for _ in stories:
        yield LeftOut("stories", reason, gap=True)
