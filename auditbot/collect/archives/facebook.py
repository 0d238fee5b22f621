"""A Facebook Page's download, as JSON or HTML: posts and albums. It gives no permalink."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import Archive, MemberUnreadable
from auditbot.collect.archives.items import (
    ADDRESS,
    Found,
    Identities,
    Item,
    LeftOut,
    entries,
    fields,
    moment_of,
    read_json,
    words,
)
from auditbot.collect.archives.meta import Media, fix, media_in, read_pages
from auditbot.model import Comment

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
        yield LeftOut("archived, deleted and unpublished posts", "They are not public.")
    yield LeftOut("comments of visitors", "Facebook's download does not hold them.", gap=True)
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
        yield LeftOut("files of posts", str(failure), gap=True)
        return
    # An object, not a list, where there is only one post.
    for entry in entries(content) or [content]:
        if isinstance(entry, dict):
            item = _post(fields(entry), media_in(archive, name), identities)
            if item.title or item.text or item.photos or item.films:
                yield item
            else:
                yield LeftOut("empty entries", "They hold neither words nor photos.")
        else:
            yield LeftOut("entries", "They are of an unknown form.", gap=True)


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
        yield LeftOut("albums", str(failure), gap=True)
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
        yield LeftOut("lists of photos", str(failure), gap=True)
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
