"""X's download: posts, answers and reposts, all public under the account's name. Its files are scripts, never run."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import (
    ADDRESS,
    Archive,
    ArchivePhoto,
    Found,
    Item,
    LeftOut,
    MemberUnreadable,
    entries,
    fields,
    parse_json,
    possible,
    words,
)
from auditbot.sentences import say

_POSTS = re.compile(r"(^|/)(tweets?|community-tweet)(-part\d+)?\.js$")
_NOTES = re.compile(r"(^|/)note-tweet(-part\d+)?\.js$")
_NOT_PUBLIC = re.compile(r"(^|/)(deleted-tweets?|direct-messages?|twitter-circle-tweet|periscope-\w+)[\w-]*\.js$")
_MEDIA = re.compile(r"(^|/)(tweets?_media|community_tweet_media)/(?P<post>\d+)-(?P<file>[^/]+)$")
_ASSIGNMENT = re.compile(rb"\s*[\w.$\[\]'\"]{1,100}\s*=\s*")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CREATED = re.compile(r"\w{3} (\w{3}) (\d{2}) (\d{2}):(\d{2}):(\d{2}) [+]0000 (\d{4})", re.ASCII)
_LINK = re.compile(r"https://t\.co/\w+", re.ASCII)
_ALIKE = 80


def is_x(archive: Archive) -> bool:
    """Return whether the download is one of X's."""
    return any(_POSTS.search(name) for name in archive.names())


def read_x(archive: Archive, _zone: ZoneInfo) -> Iterator[Found]:
    """Yield the posts of all parts."""
    names = archive.names()
    if any(_NOT_PUBLIC.search(name) for name in names):
        yield LeftOut("deleted posts, messages and posts to a circle", say("They are not public."))
    yield LeftOut("answers by others", say("X's download does not hold them."), gap=True)
    user = _user(archive, names)
    notes = _notes(archive, names)
    media: dict[str, dict[str, str]] = {}
    for name in names:
        if found := _MEDIA.search(name):
            media.setdefault(found["post"], {})[found["file"]] = name
    for name in names:
        if not _POSTS.search(name):
            continue
        try:
            listed = entries(_script(archive, name))
        except MemberUnreadable as failure:
            yield LeftOut("files of posts", failure.reason, gap=True)
            continue
        for entry in listed:
            wrapped = fields(entry).get("tweet")
            yield _post(fields(wrapped if isinstance(wrapped, dict) else entry), user, media, notes)


def _script(archive: Archive, name: str) -> Any:
    """Return the JSON that a script assigns. Raises MemberUnreadable."""
    content = archive.read(name).removeprefix(b"\xef\xbb\xbf")
    assigned = _ASSIGNMENT.match(content)
    return parse_json(content[assigned.end() :] if assigned else content)


def _first_of(archive: Archive, names: list[str], ending: str) -> Any:
    for name in names:
        if posixpath.basename(name) == ending:
            try:
                return _script(archive, name)
            except MemberUnreadable:
                return None
    return None


def _user(archive: Archive, names: list[str]) -> str:
    for entry in entries(_first_of(archive, names, "account.js")):
        user = words(fields(fields(entry).get("account")).get("username"))
        if re.fullmatch(r"\w{1,20}", user, re.ASCII):
            return user
    return "i"


def made_at(archive: Archive) -> datetime | None:
    """Return when X made the download, as it says itself."""
    info = fields(fields(_first_of(archive, archive.names(), "manifest.js")).get("archiveInfo"))
    try:
        moment = datetime.fromisoformat(words(info.get("generationDate")))
    except ValueError:
        return None
    return possible(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _notes(archive: Archive, names: list[str]) -> list[str]:
    """Return the whole words of long posts, which the posts themselves only begin."""
    found = []
    for name in names:
        if _NOTES.search(name):
            try:
                listed = entries(_script(archive, name))
            except MemberUnreadable:
                continue
            found += [words(fields(fields(fields(note).get("noteTweet")).get("core")).get("text")) for note in listed]
    return [text for text in found if len(text) > _ALIKE]


def _post(tweet: dict[str, Any], user: str, media: dict[str, dict[str, str]], notes: list[str]) -> Found:
    number = words(tweet.get("id_str")) or words(tweet.get("id"))
    if not re.fullmatch(r"\d{1,25}", number, re.ASCII):
        return LeftOut("entries", say("They are of an unknown form."), gap=True)
    text = words(tweet.get("full_text")) or words(tweet.get("text"))
    shown = entries(fields(tweet.get("extended_entities")).get("media")) or entries(
        fields(tweet.get("entities")).get("media")
    )
    photos, films = [], 0
    files = dict(media.get(number, {}))
    for part in map(fields, shown):
        text = _without(text, words(part.get("url")))
        address = words(part.get("media_url_https")) or words(part.get("media_url"))
        member = files.pop(posixpath.basename(address), "")
        if words(part.get("type")) in ("video", "animated_gif"):
            films += 1
            files = {name: path for name, path in files.items() if not name.lower().endswith((".mp4", ".m3u8"))}
            if not member:
                continue
        web = address if address.startswith(("http://", "https://")) else f"{ADDRESS}{number}"
        photos.append(ArchivePhoto(member, web, alt=words(part.get("ext_alt_text"))))
    for name, member in sorted(files.items()):
        if name.lower().endswith((".mp4", ".m3u8")):
            films += 1
        else:
            photos.append(ArchivePhoto(member, f"{ADDRESS}{number}/{name}"))
    for link in map(fields, entries(fields(tweet.get("entities")).get("urls"))):
        short, whole = words(link.get("url")), words(link.get("expanded_url"))
        text = text.replace(short, whole) if short and whole else text
    text = html.unescape(text).strip()
    start = _LINK.sub("", text).rstrip(" …")[:_ALIKE]
    longer = [note for note in notes if len(start) == _ALIKE and note.startswith(start)]
    return Item(
        url=f"https://x.com/{user}/status/{number}",
        title="",
        text=longer[0] if longer else text,
        published_at=_created(words(tweet.get("created_at"))),
        photos=tuple(photos),
        films=films,
    )


def _without(text: str, link: str) -> str:
    return text.replace(link, "").rstrip() if link else text


def _created(value: str) -> datetime | None:
    """Read a time like "Thu Mar 05 10:21:33 +0000 2026", whatever this machine's language is."""
    found = _CREATED.fullmatch(value)
    if not found or found[1] not in _MONTHS:
        return None
    try:
        day, hour, minute, second, year = (int(found[group]) for group in (2, 3, 4, 5, 6))
        return possible(datetime(year, _MONTHS.index(found[1]) + 1, day, hour, minute, second, tzinfo=UTC))
    except ValueError:
        return None
