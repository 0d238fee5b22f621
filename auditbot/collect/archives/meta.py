"""What the downloads of Facebook and Instagram share: text of the wrong encoding, and how they name their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from auditbot.collect.archives.container import Archive, MemberUnreadable
from auditbot.collect.archives.items import ADDRESS, ArchivePhoto, Found, Identities, Item, LeftOut, possible, words
from auditbot.collect.dates import read_date
from auditbot.collect.dom import attribute, ids, line_of, parse, select, text_of

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
            yield LeftOut("files of posts", str(failure), gap=True)
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
