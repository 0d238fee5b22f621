"""What a download's parsers give: published items and counts of what is left out; and how they read any JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import Archive, MemberUnreadable
from auditbot.model import Comment

ADDRESS = "archive:"
"""How the addresses of posts and photos begin that a download gives no web address for."""
_EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ArchivePhoto:
    """One picture of an item."""

    member: str = ""
    """The download's file that holds it; empty if none does."""
    url: str = ""
    """Its web address; where it has none, ``archive:`` and what the item calls its file."""
    caption: str = ""
    """The words under it."""
    alt: str = ""
    """The alternative text."""


@dataclass(frozen=True, slots=True)
class Item:
    """One published item of a download."""

    url: str
    """Its permalink, or an address that starts with ``archive:`` and stays the same in later downloads."""
    title: str
    """The headline; empty if there is none."""
    text: str
    """The words as plain text."""
    published_at: datetime | None
    """When it was published, with a zone, or None where the download does not say."""
    photos: tuple[ArchivePhoto, ...] = ()
    """Its pictures, in order."""
    comments: tuple[Comment, ...] = ()
    """The public comments that the download holds."""
    author: str = ""
    """Who wrote it, as shown to the public; empty if not shown."""
    films: int = 0
    """How many films it holds, which nobody looks into."""
    same_as: tuple[str, ...] = ()
    """Other addresses that lead to the same item."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a download that is not taken."""

    what: str
    """What it is, in the plural: "drafts", "stories", "files"."""
    reason: str
    """Why, as a sentence."""
    gap: bool = False
    """True if it may be public and so stands in the report as not checked; False for what is rightly not taken."""
    url: str = ""
    """Where, if that helps the reader."""


Found = Item | LeftOut
Parser = Callable[[Archive, ZoneInfo], Iterator[Found]]


class Identities:
    """Gives items without a permalink an identity from their second, numbered where a second holds several."""

    def __init__(self, platform: str, part: str = "") -> None:
        """``part`` tells apart what may share its second with posts, such as albums."""
        self._platform = platform
        self._part = part
        self._used: Counter[str] = Counter()

    def of(self, moment: datetime | None) -> str:
        """Return the next item's address."""
        stamp = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else "undated"
        self._used[stamp] += 1
        number = self._used[stamp]
        address = f"{ADDRESS}{self._platform}/{stamp}" + (f"/{self._part}" if self._part else "")
        return f"{address}/{number}" if number > 1 else address


def read_json(archive: Archive, name: str) -> Any:
    """Return a member's JSON. Raises MemberUnreadable."""
    return parse_json(archive.read(name))


def parse_json(content: bytes) -> Any:
    """Return JSON of any shape. Raises MemberUnreadable."""
    try:
        return json.loads(content.decode("utf-8-sig", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise MemberUnreadable("The file inside the download is damaged or of an unknown form.") from error


def entries(value: object) -> list[Any]:
    """Return a list as it is, and nothing for anything else."""
    return value if isinstance(value, list) else []


def fields(value: object) -> dict[str, Any]:
    """Return an object as it is, and nothing for anything else."""
    return value if isinstance(value, dict) else {}


def words(value: object) -> str:
    """Return a text as it is, and nothing for anything else."""
    return value if isinstance(value, str) else ""


def moment_of(value: object) -> datetime | None:
    """Return seconds since 1970 as a time, or None for what no post can bear."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return possible(datetime.fromtimestamp(value, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def possible(moment: datetime | None) -> datetime | None:
    """Return a time with a zone if a post can bear it, else None."""
    try:
        return moment if moment and _EARLIEST < moment < datetime.now(UTC) + timedelta(days=2) else None
    except OverflowError:
        return None
