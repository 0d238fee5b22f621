"""The files of a download, whatever it came as: zip parts, a folder or one file. All of it is hostile until read.

Nothing is written under a name from the archive. What is read is bounded for each member and in all, and a member that
grows out of all proportion is given up.
"""

from __future__ import annotations

import json
import lzma
import posixpath
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any
from zoneinfo import ZoneInfo

from auditbot.errors import ArchiveUnreadable
from auditbot.model import Comment
from auditbot.sentences import Sentence, say

MAX_MEMBERS = 500_000
MAX_TEXT_BYTES = 100_000_000
MAX_TOTAL_BYTES = 50_000_000_000
_CHUNK = 65536
_FREE_BYTES = 5_000_000
_MAX_RATIO = 200
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError)
_EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)


class MemberUnreadable(Exception):
    """One file of the download cannot be read."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason
        """Why, as a sentence."""


@dataclass(frozen=True, slots=True)
class _Member:
    part: int
    size: int
    packed: int
    moment: datetime
    open: Callable[[], IO[bytes]]


class Archive:
    """The members of one download, by name. Use as a context manager."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Open all parts of one download. Raises ArchiveUnreadable."""
        self.paths = tuple(paths)
        """The files or the folder it was opened from."""
        self.left_out = 0
        """Members with impossible names and links, which are passed over."""
        self._members: dict[str, _Member] = {}
        self._zips: list[zipfile.ZipFile] = []
        self._total = 0
        try:
            for number, path in enumerate(paths):
                self._add(number, path)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all parts."""
        for opened in self._zips:
            opened.close()

    def names(self) -> list[str]:
        """Return the names of all members, sorted; parts of a name are separated by "/"."""
        return sorted(self._members)

    def newest(self) -> datetime:
        """Return the latest time that a member or the file itself bears, but for impossible ones; UTC."""
        latest = max((member.moment for member in self._members.values()), default=_EARLIEST)
        if latest > _EARLIEST:
            return latest
        return max(datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in self.paths)

    def resolve(self, address: str, near: str = "") -> str | None:
        """Return the member that an address in the member ``near`` names: from some folder above it, or the top."""
        if not address or ":" in address.split("/", 1)[0] or len(address) > 1000:
            return None
        bases = [str(base) for base in PurePosixPath(near).parents] if near else []
        for base in (*bases, "."):
            name = posixpath.normpath(posixpath.join(base, address.lstrip("/")))
            if name in self._members:
                return name
        return None

    def pieces(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the content of a member. Raises MemberUnreadable, also where it is larger than ``limit`` bytes."""
        member = self._members[name]
        read = 0
        try:
            with member.open() as file:
                while piece := file.read(_CHUNK):
                    read += len(piece)
                    self._total += len(piece)
                    if read > limit:
                        raise MemberUnreadable(say("It is larger than %(count)s megabytes.", count=limit // 1_000_000))
                    if read > _FREE_BYTES and read > member.packed * _MAX_RATIO:
                        raise MemberUnreadable(say("It unpacks to far more than a file of its size should."))
                    if self._total > MAX_TOTAL_BYTES:
                        raise MemberUnreadable(say("The download unpacks to more than can be read."))
                    yield piece
        except _BROKEN as error:
            raise MemberUnreadable(say("The file inside the download is damaged.")) from error
        except OSError as error:
            raise MemberUnreadable(say("The file could not be read from the download.")) from error

    def read(self, name: str, limit: int = MAX_TEXT_BYTES) -> bytes:
        """Return the content of a member. Raises MemberUnreadable."""
        return b"".join(self.pieces(name, limit))

    def _add(self, number: int, path: Path) -> None:
        try:
            path.stat()
            if path.is_dir():
                self._add_folder(number, path)
            elif zipfile.is_zipfile(path):
                self._add_zip(number, path)
            elif path.suffix.lower() == ".zip":
                raise ArchiveUnreadable(path, "it is damaged or no zip file; download it again")
            else:
                self._put(path.name, _file_member(number, path))
        except FileNotFoundError as error:
            raise ArchiveUnreadable(path, "there is no such file or folder") from error
        except OSError as error:
            raise ArchiveUnreadable(path, f"it cannot be read ({error.strerror or type(error).__name__})") from error
        if len(self._members) > MAX_MEMBERS:
            raise ArchiveUnreadable(path, f"it holds more than {MAX_MEMBERS:,} files")

    def _add_folder(self, number: int, folder: Path) -> None:
        for path in folder.rglob("*"):
            # rglob does not go into linked folders; a linked file may lie anywhere.
            if path.is_symlink():
                self.left_out += 1
            elif path.is_file():
                self._put(path.relative_to(folder).as_posix(), _file_member(number, path))

    def _add_zip(self, number: int, path: Path) -> None:
        try:
            opened = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise ArchiveUnreadable(path, "it is damaged; download it again") from error
        self._zips.append(opened)
        for info in opened.infolist():
            if info.is_dir() or info.filename.startswith("__MACOSX/"):
                continue
            if info.flag_bits & 0x1:
                raise ArchiveUnreadable(path, "it is locked with a password; unlock it first")
            if stat.S_ISLNK(info.external_attr >> 16):
                self.left_out += 1
                continue
            self._put(info.filename, _zip_member(number, opened, info))

    def _put(self, name: str, member: _Member) -> None:
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or parts[0].endswith(":") or "\x00" in name:
            self.left_out += 1
            return
        self._members.setdefault("/".join(part for part in parts if part not in ("", ".")), member)


def _zip_member(number: int, opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
    return _Member(number, info.file_size, info.compress_size, _zip_moment(info), lambda: opened.open(info))


def _file_member(number: int, path: Path) -> _Member:
    state = path.stat()
    moment = datetime.fromtimestamp(state.st_mtime, UTC)
    return _Member(number, state.st_size, state.st_size, _possible(moment), lambda: path.open("rb"))


def _zip_moment(info: zipfile.ZipInfo) -> datetime:
    """Return the time a zip gives; it has no zone, so it may be some hours off."""
    try:
        return _possible(datetime(*info.date_time, tzinfo=UTC))
    except ValueError:
        return _EARLIEST


def _possible(moment: datetime) -> datetime:
    return moment if _EARLIEST < moment <= datetime.now(UTC) else _EARLIEST


# What a download's parsers give: published items and counts of what is left out; and how they read any JSON.

ADDRESS = "archive:"
"""How the addresses of posts and photos begin that a download gives no web address for."""


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
    reason: Sentence
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
        raise MemberUnreadable(say("The file inside the download is damaged or of an unknown form.")) from error


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
