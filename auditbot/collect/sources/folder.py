"""A folder of photos and texts as an account: a prospectus, a display screen, a shared drive before publishing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import MemberUnreadable
from auditbot.collect.files import FileKind, NoPhoto, into_spool
from auditbot.collect.html.dom import parse, text_of
from auditbot.collect.net.fetch import FetchFailed
from auditbot.collect.net.throttle import Pace
from auditbot.collect.visit import AccountFailed
from auditbot.model import CollectEvent, CollectJob, DocumentUse, FetchedFile, NotChecked, PhotoUse, Post, PostGone
from auditbot.sentences import Sentence, say
from auditbot.settings import Settings

_KINDS: Mapping[FileKind | Literal["text"], frozenset[str]] = {
    "photo": frozenset(
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"]
    ),
    "text": frozenset([".txt", ".md", ".markdown", ".text", ".rst"]),
    "page": frozenset([".html", ".htm", ".xhtml"]),
    "pdf": frozenset([".pdf"]),
    "other": frozenset([".docx", ".pptx", ".ppsx", ".xlsx", ".odt", ".odp", ".ods", ".doc", ".ppt", ".pps", ".xls"]),
}
_PASSING = (".tmp", ".part", ".partial", ".crdownload", ".download", ".swp", ".lock", "~")
_OF_THE_SYSTEM = frozenset((".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "$recycle.bin"))
_MEGABYTE = 1_000_000
_LONGEST_TEXT_BYTES = 5_000_000
_CHUNK = 65536
_SCHEME = "file:"
_HIDDEN = say("Hidden or temporary files and folders that were passed over")
_LINKS = say("Links that were not followed")
_SHUT = say("Folders that could not be opened")
_NO_FILES = say("Things that are no files")


def collect_folder(job: CollectJob, settings: Settings) -> Iterator[CollectEvent]:
    """Yield every picture, document and text of a folder. Raises AccountFailed if there is nothing to look into."""
    assert job.folder is not None
    if not job.folder.is_dir():
        raise AccountFailed(
            say("The folder is not there. If it lies on a shared drive, see that the drive is connected.")
        )
    if _holds_our_own(job.folder.resolve(), job.spool.folder.resolve()):
        raise AccountFailed(
            say("The folder holds auditbot's own files, which are not for publishing: name another one.")
        )
    yield from _Folder(job, job.folder, settings).events()


def _holds_our_own(root: Path, spool: Path) -> bool:
    """Whether a folder lies among or around pupils' photos, the database and the reports."""
    workspace = spool.parent.parent
    ours = (spool.parent, workspace / "consent", workspace / "reports", workspace / "config")
    return any(root == own or own in root.parents or root in own.parents for own in ours)


@dataclass(slots=True)
class _Folder:
    """One folder while it is read."""

    job: CollectJob
    root: Path
    settings: Settings
    _skipped: Counter[Sentence] = field(default_factory=Counter)
    _whole: bool = True

    def events(self) -> Iterator[CollectEvent]:
        pace = Pace(0, self.settings.collect.account_minutes)
        zone = ZoneInfo(self.settings.school.timezone)
        seen: set[str] = set()
        for path in self._files():
            url = self._address(path)
            if len(seen) >= self.settings.collect.max_posts or not pace.seconds_left:
                self._whole = False
                reason = say("There are more files than are read in one run; this one and those after it were not.")
                yield self._missed(url, "files", reason)
                break
            seen.add(url)
            try:
                state = path.stat(follow_symlinks=False)
            except OSError:
                yield self._missed(url, "file", say("It could not be read."))
                continue
            moment = datetime.fromtimestamp(max(0.0, min(state.st_mtime, 4e9)), UTC)
            if self.job.since is None or moment.astimezone(zone).date() >= self.job.since:
                yield from self._read(path, url, moment, f"{state.st_mtime_ns}-{state.st_size}")
        if not seen and self.job.known_posts and not self.job.may_be_empty:
            raise AccountFailed(
                say("The folder is empty and was not. If it is a shared drive, see that it is connected.")
            )
        for why, count in sorted((+self._skipped).items()):
            yield self._missed("", "files", say("%(what)s: %(count)s.", what=why, count=count))
        yield from self._gone(seen)

    def _files(self) -> Iterator[Path]:
        """Yield the files to be read, in order; count the others."""
        for folder, folders, files in os.walk(self.root, onerror=self._unreadable, followlinks=False):
            here = Path(folder)
            for name in sorted(folders):
                if _is_passed_over(name):
                    self._skipped[_HIDDEN] += name.lower() not in _OF_THE_SYSTEM
                elif (here / name).is_symlink():
                    self._skipped[_LINKS] += 1
            folders[:] = sorted(name for name in folders if not _is_passed_over(name))
            for name in sorted(files):
                path = here / name
                if _is_passed_over(name):
                    self._skipped[_HIDDEN] += name.lower() not in _OF_THE_SYSTEM
                elif path.is_symlink():
                    self._skipped[_LINKS] += 1
                elif not path.is_file():
                    self._skipped[_NO_FILES] += 1
                elif _kind(path):
                    yield path
                else:
                    ending = path.suffix.lower()[:12] or say("no ending")
                    self._skipped[say("Files of a kind that is not read (%(ending)s)", ending=ending)] += 1

    def _unreadable(self, _error: OSError) -> None:
        self._skipped[_SHUT] += 1

    def _address(self, path: Path) -> str:
        inside = os.fsencode(path.relative_to(self.root).as_posix())
        return f"{_SCHEME}{quote(self.job.account)}/{quote(inside)}"

    def _read(self, path: Path, url: str, moment: datetime, validator: str) -> Iterator[CollectEvent]:
        title = path.relative_to(self.root).with_suffix("").as_posix().replace("/", " / ").replace("_", " ")
        post = Post(self.job.account, url, title, "", published_at=moment)
        try:
            match _kind(path):
                case "photo":
                    file = self._take(path, url, validator, "photo")
                    yield file
                    yield replace(post, photos=(PhotoUse(url, file.sha256),))
                case "pdf" | "office" | "other" as want:
                    file = self._take(path, url, validator, want)
                    yield file
                    yield replace(post, documents=(DocumentUse(url, file.sha256),))
                case "page":
                    body = parse(_decoded(self._text(path))).body
                    yield replace(post, text=text_of(body) if body is not None else "")
                case _:
                    yield replace(post, text=_decoded(self._text(path)))
        except NoPhoto:
            yield self._missed(url, "photo", say("It is a drawing or too small to show anybody."))
        except (FetchFailed, MemberUnreadable) as failure:
            yield self._missed(url, "file", failure.reason)
            yield post

    def _take(self, path: Path, url: str, validator: str, want: FileKind) -> FetchedFile:
        known = self.job.known_files.get(url)
        if known and known.last_modified == validator:
            return FetchedFile(url, known.sha256, last_modified=validator, unchanged=True)
        limit = int(self.settings.collect.max_file_megabytes * _MEGABYTE)
        sha256 = into_spool(self.job.spool, _pieces(path, limit), want)
        return FetchedFile(url, sha256, last_modified=validator)

    def _text(self, path: Path) -> bytes:
        return b"".join(_pieces(path, _LONGEST_TEXT_BYTES))

    def _gone(self, seen: set[str]) -> Iterator[CollectEvent]:
        """Yield what is no longer in the folder; nothing where a part of the folder could not be looked into."""
        for url in sorted(self.job.known_posts - seen):
            inside = unquote(url.removeprefix(f"{_SCHEME}{quote(self.job.account)}/"), errors="surrogateescape")
            path = self.root / inside
            if not inside or ".." in Path(inside).parts or os.path.lexists(path):
                continue
            if self._whole and not self._skipped[_SHUT]:
                yield PostGone(self.job.account, url, say("The file is no longer in the folder."))

    def _missed(self, url: str, what: str, reason: Sentence) -> NotChecked:
        return NotChecked(self.job.account, url, what, reason)


def _is_passed_over(name: str) -> bool:
    lower = name.lower()
    return lower.startswith((".", "~$")) or lower.endswith(_PASSING) or lower in _OF_THE_SYSTEM


def _kind(path: Path) -> FileKind | Literal["text", ""]:
    """Return how a file is read, by the ending of its name ("other" is an office document); empty if it is not."""
    ending = path.suffix.lower()
    return next((kind for kind, endings in _KINDS.items() if ending in endings), "")


def _pieces(path: Path, limit: int) -> Iterator[bytes]:
    """Yield a file's content; a link that took its place meanwhile is not followed. Raises MemberUnreadable."""
    read = 0
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            while piece := file.read(_CHUNK):
                read += len(piece)
                if read > limit:
                    raise MemberUnreadable(say("It is larger than %(value)s megabytes.", value=limit // _MEGABYTE))
                yield piece
    except OSError as error:
        raise MemberUnreadable(say("It could not be read.")) from error


def _decoded(content: bytes) -> str:
    """Return text of a file that does not say its encoding: UTF-16 by its mark, else UTF-8, else that of Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").strip()
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace").strip()
