"""Instagram's download, as JSON or HTML: posts, reels and profile photos. It gives no permalink.

Stories are not taken: they were public for a day and are so no longer. Those kept as highlights still are, but the
download does not say which; that is reported as not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import Archive, MemberUnreadable
from auditbot.collect.archives.items import (
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
from auditbot.collect.archives.meta import fix, media_in, read_pages

_POSTS = re.compile(r"(^|/)(media|content)/(posts|reels|igtv_videos|profile_photos)(_\d+)?\.(json|html)$")
_STORIES = re.compile(r"(^|/)(media|content)/stories(_\d+)?\.json$")
_NOT_PUBLIC = re.compile(r"(^|/)(media|content)/(archived_posts|recently_deleted\w*)(_\d+)?\.(json|html)$")
_LISTS = ("ig_reels_media", "ig_igtv_media", "ig_profile_picture", "ig_posts_media")


def is_instagram(archive: Archive) -> bool:
    """Return whether the download is one of Instagram's."""
    return any(_POSTS.search(name) or _STORIES.search(name) for name in archive.names())


def read_instagram(archive: Archive, zone: ZoneInfo) -> Iterator[Found]:
    """Yield posts, reels and profile photos."""
    names = archive.names()
    yield LeftOut("comments of visitors", "Instagram's download does not hold them.", gap=True)
    if any(_NOT_PUBLIC.search(name) for name in names):
        yield LeftOut("archived and deleted posts", "They are not public.")
    for name in names:
        if _STORIES.search(name):
            yield from _stories(archive, name)
    posts = [name for name in names if _POSTS.search(name)]
    in_json = [name for name in posts if name.endswith(".json")]
    if not in_json:
        yield from read_pages(archive, posts, zone, "instagram")
        return
    identities = Identities("instagram")
    for name in in_json:
        try:
            content = fix(read_json(archive, name))
        except MemberUnreadable as failure:
            yield LeftOut("files of posts", str(failure), gap=True)
            continue
        for entry in _entries(content):
            yield _post(entry, archive, name, identities)


def _entries(content: Any) -> Iterator[Any]:
    """Yield the posts of a file: a list, a list under a name, or one alone."""
    if isinstance(content, dict):
        found = [content[name] for name in _LISTS if name in content]
        content = [part for some in found for part in entries(some)] if found else [content]
    yield from entries(content)


def _post(entry: Any, archive: Archive, name: str, identities: Identities) -> Found:
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
        return LeftOut("entries", "They are of an unknown form.", gap=True)
    moment = moment_of(post.get("creation_timestamp")) or next(
        (found for file in files if (found := moment_of(file.get("creation_timestamp")))), None
    )
    title = "Profile photo" if "profile_photos" in name else ""
    return Item(identities.of(moment), title, caption, moment, tuple(media.photos.values()), films=media.films)


def _stories(archive: Archive, name: str) -> Iterator[Found]:
    reason = (
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
