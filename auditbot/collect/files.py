"""Photos and documents: taken once per run, into the spool, under the hash of their content."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

import imagesize  # type: ignore[import-untyped]

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.walls import wall_instead_of_file
from auditbot.collect.net.fetch import Fetcher, FetchFailed, validators
from auditbot.model import CollectJob, FetchedFile, FileAnswer, KeptAnswer, Spool, Why
from auditbot.sentences import NOTHING, say, together

# What a file is, by its own first bytes: addresses and headers are often wrong.

FileKind = Literal["photo", "pdf", "video", "captions", "office", "page", "drawing", "empty", "other"]
SNIFF_BYTES = 512

_PHOTO_STARTS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x00\x0cJXL ",
    b"\xff\x0a",
    b"\x00\x00\x00\x0cjP  ",
)
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<h1", b"<p", b"<div")
# What the first file inside an office document is called.
_OFFICE_PARTS = (
    b"[Content_Types].xml",
    b"_rels/",
    b"docProps/",
    b"word/",
    b"ppt/",
    b"xl/",
    b"mimetypeapplication/vnd.oasis",
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PHOTO_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"miaf")


def sniff(start: bytes) -> FileKind:
    """Tell what a file is from its first bytes (SNIFF_BYTES are enough)."""
    if start.startswith(_PHOTO_STARTS) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return "photo"
    if start[4:8] == b"ftyp" and any(brand in start[8:64] for brand in _PHOTO_BRANDS):
        return "photo"
    if document := _document(start):
        return document
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:SNIFF_BYTES].lower()
    if text.startswith(_PAGE_STARTS):
        return "page"
    if b"<svg" in text:
        return "drawing"
    return "other" if start else "empty"


def _document(start: bytes) -> FileKind | None:
    office = start.startswith(b"PK\x03\x04") and any(name in start for name in _OFFICE_PARTS)
    if office or start.startswith(_OLD_OFFICE):
        return "office"
    return "pdf" if b"%PDF-" in start else None


_SMALLEST_PIXELS = 16
_PART = ".part-"
_LEFT_AFTER_SECONDS = 86_400
VIDEO_SECONDS = 600.0
"""How long a film may take to arrive, if that is longer than any file may take."""
_ACCEPT: dict[FileKind, str] = {
    "photo": "image/avif,image/webp,image/*,*/*;q=0.8",
    "pdf": "application/pdf,*/*;q=0.8",
    "video": "video/*,*/*;q=0.8",
    "captions": "text/vtt,text/*,*/*;q=0.8",
}
_PAGE = say("The address holds a web page, not a file.")
_MOST_OF_PAGE = 100_000
_MOST_OF_REFUSAL = 100_000
# What file stores (S3, Google, Azure) answer where nothing is, or nothing that the public may have.
_STORE_DENIES = re.compile(
    rb"<Error>\s*<Code>(AccessDenied|AllAccessDisabled|AuthorizationFailure|PublicAccessNotPermitted)</Code>"
)

NO_ROOM = say("The room on this computer's disk that one audit may fill is used up; the next audit takes it.")
GONE = {404: say("404 Not Found"), 410: say("410 Gone")}
"""By HTTP status: the answers that say that something is gone."""
_SIGNS_OF_A_SIGNED_ADDRESS = frozenset({"oe", "x-amz-signature", "x-goog-signature", "signature", "expires", "se"})


class NoPhoto(Exception):
    """The file is a counting pixel, an icon or a drawing: nothing that could show a person."""

    reason = NOTHING
    """Nothing is to be told of it."""


def why_code(failure: FetchFailed | NoPhoto) -> Why:
    """Return why a file was not taken, as a code: for want of room on this computer's disk, or otherwise."""
    return Why.ROOM if isinstance(failure, FetchFailed) and failure.problem == "no room" else Why.FAILED


class PageInstead(FetchFailed):
    """A web page came where a file was wanted."""

    def __init__(self, start: bytes) -> None:
        super().__init__(problem="status", reason=_PAGE, status=200)
        self.page = RenderedPage("", 200, {}, start.decode("utf-8", "replace"), "")
        """Its beginning; ``url`` is where redirects led."""


class Files:
    """Takes files for one account."""

    def __init__(self, job: CollectJob, fetcher: Fetcher, limit_bytes: int, video_limit_bytes: int = 0) -> None:
        self._job = job
        self._fetcher = fetcher
        self._limit = limit_bytes
        self._video_limit = video_limit_bytes
        self._room = job.most_bytes
        self._taken: dict[str, FetchedFile | FetchFailed | NoPhoto] = {}
        self._new: list[FetchedFile] = []
        job.spool.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_leftovers(job.spool.folder)

    @property
    def asked(self) -> Collection[str]:
        """The addresses that were asked for, whatever came of it."""
        return self._taken.keys()

    def new(self) -> Iterator[FetchedFile]:
        """Yield each file taken since the last call, once."""
        taken, self._new = self._new, []
        yield from taken

    def take(self, url: str, want: FileKind, page: str = "") -> FetchedFile:
        """Take a file, or learn that it is unchanged. Raises FetchFailed, NoPhoto, OutOfTime, or OSError (disk).

        ``page`` is the address of the page that shows it: some servers give their files to visitors of it alone.
        """
        if url not in self._taken:
            try:
                self._taken[url] = self._before_the_cut(url) or self._noted(self._download(url, want, page))
            except (FetchFailed, NoPhoto) as failure:
                self._taken[url] = failure
        outcome = self._taken[url]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def ask_again(self, url: str, sha256: str, page: str = "") -> FileAnswer:
        """Ask a file's own address whether it still answers. Raises OutOfTime, or OSError (disk).

        ``sha256`` is the content that is looked for; empty if any will do. ``page`` is the address of the post.
        """
        try:
            taken = self.take(url, "photo", page)
        except NoPhoto:
            return FileAnswer(url, True, say("The file’s own address holds something else now."))
        except FetchFailed as failure:
            return self._not_served(url, failure)
        if sha256 and taken.sha256 != sha256:
            return FileAnswer(url, True, say("The file’s own address holds another file now."))
        return FileAnswer(url, False, say("The file still answers at its own address."))

    def _not_served(self, url: str, failure: FetchFailed) -> FileAnswer:
        """Return what it says of a file that its address does not give it: that it is gone, or nothing."""
        status, why = failure.status, failure.reason
        gone = NOTHING
        if status in GONE:
            gone = say("The file’s own address answers %(status)s.", status=GONE[status])
        elif status in (401, 403) and _is_temporary(url):
            gone = say("The file’s own address was a temporary one and is shut (%(status)s).", status=status)
        elif isinstance(failure, PageInstead):
            why = wall_instead_of_file(failure.page)
            gone = NOTHING if why else say("A web page answers where the file was.")
        elif status in (403, 409) and _STORE_DENIES.search(self._refusal(url)):
            gone = say("The file store answers %(status)s Access Denied where the file was.", status=status)
        unknown = together(say("Whether the file still answers at its own address is not known."), why)
        return FileAnswer(url, True, gone) if gone else FileAnswer(url, None, unknown)

    def _refusal(self, url: str) -> bytes:
        """Return what an address says to a visitor that it refuses; empty if that cannot be had."""
        try:
            return self._fetcher.answer(url, {"Accept": _ACCEPT["photo"]}, _MOST_OF_REFUSAL).body
        except FetchFailed:
            return b""

    def take_data(self, url: str, data: str) -> FetchedFile:
        """Take a picture that is written into the page itself. Raises FetchFailed, NoPhoto, or OSError (disk)."""
        head, _, body = data.partition(",")
        try:
            content = base64.b64decode(unquote_to_bytes(body)) if ";base64" in head.lower() else unquote_to_bytes(body)
        except (binascii.Error, ValueError) as error:
            raise FetchFailed("incomplete", say("The picture inside the page is broken.")) from error
        path, sha256 = self._write([content])
        return self._accept(FetchedFile(url, sha256), path, content[:SNIFF_BYTES], "photo")

    def _before_the_cut(self, url: str) -> FetchedFile | None:
        """Return a file that this audit took before it was cut short, if it is still at hand."""
        answers = self._job.answers
        if answers is None or (answer := answers.before_the_cut("file", url)) is None:
            return None
        sha256, known = answer.headers["sha256"], self._job.known_files.get(url)
        unchanged = answer.status == 304
        if not (known and known.sha256 == sha256 if unchanged else self._job.spool.path(sha256).is_file()):
            return None
        taken = FetchedFile(url, sha256, answer.headers["etag"], answer.headers["last-modified"], unchanged)
        self._new.append(taken)
        return taken

    def _noted(self, taken: FetchedFile) -> FetchedFile:
        if self._job.answers:
            headers = {"sha256": taken.sha256, "etag": taken.etag, "last-modified": taken.last_modified}
            answer = KeptAnswer(taken.url, 304 if taken.unchanged else 200, headers, b"")
            self._job.answers.note("file", taken.url, answer)
        return taken

    def _download(self, url: str, want: FileKind, page: str) -> FetchedFile:
        known = self._job.known_files.get(url)
        headers = {"Accept": _ACCEPT[want], **(validators(known.etag, known.last_modified) if known else {})}
        limit, seconds = (self._video_limit, VIDEO_SECONDS) if want == "video" else (self._limit, 0.0)
        if self._room is not None and self._room < limit:
            raise FetchFailed("no room", NO_ROOM)
        with self._fetcher.stream(url, headers, file=True, page=page) as (final, response):
            declared = response.headers.get("content-type", "")
            etag = response.headers.get("etag", "")
            last_modified = response.headers.get("last-modified", "")
            if response.status == 304:
                if known is None:
                    raise FetchFailed("status", say("The site answered 304 to a first question."), 304)
                unchanged = FetchedFile(url, known.sha256, known.etag, known.last_modified, unchanged=True)
                self._new.append(unchanged)
                return unchanged
            start = bytearray()
            path, sha256 = self._write(_remembering(self._fetcher.pieces(response, limit, seconds), start))
            if self._room is not None:
                self._room -= path.stat().st_size
        try:
            return self._accept(FetchedFile(url, sha256, etag, last_modified), path, bytes(start), want, declared)
        except PageInstead as instead:
            instead.page = replace(instead.page, url=final)
            raise

    def _write(self, pieces: Iterable[bytes]) -> tuple[Path, str]:
        return _write(self._job.spool, pieces)

    def _accept(self, taken: FetchedFile, path: Path, start: bytes, want: FileKind, declared: str = "") -> FetchedFile:
        """Move a file to its place if it is what was wanted; ``declared`` is the type that its server states."""
        _accept(self._job.spool, taken.sha256, path, start, want, declared)
        self._new.append(taken)
        return taken


def _is_temporary(url: str) -> bool:
    """True for an address that is signed for some days only, as content networks give them out."""
    return any(name.lower() in _SIGNS_OF_A_SIGNED_ADDRESS for name, _ in parse_qsl(urlsplit(url).query))


def into_spool(spool: Spool, pieces: Iterable[bytes], want: FileKind) -> str:
    """Put a file that comes from this machine into the spool and return its content hash.

    Raises FetchFailed, NoPhoto, OSError (disk), or what ``pieces`` raises.
    """
    spool.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    start = bytearray()
    path, sha256 = _write(spool, _remembering(pieces, start))
    _accept(spool, sha256, path, bytes(start), want)
    return sha256


def _remembering(pieces: Iterable[bytes], start: bytearray) -> Iterator[bytes]:
    for piece in pieces:
        if len(start) < SNIFF_BYTES:
            start += piece[: SNIFF_BYTES - len(start)]
        yield piece


def _write(spool: Spool, pieces: Iterable[bytes]) -> tuple[Path, str]:
    """Write to a file of its own in the spool (mode 0600); return it and the hash of its content."""
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(prefix=_PART, dir=spool.folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, digest.hexdigest()


def _accept(spool: Spool, sha256: str, path: Path, start: bytes, want: FileKind, declared: str = "") -> None:
    try:
        kind = sniff(start)
        if kind == "other" and want == "photo" and declared.lower().startswith("text/html"):
            kind = "page"
        if want == "photo" and (kind == "drawing" or _tiny(path)):
            raise NoPhoto
        if kind == "page":
            with path.open("rb") as file:
                raise PageInstead(file.read(_MOST_OF_PAGE))
        if kind == "empty":
            raise FetchFailed("status", say("The file is empty."))
        if want == "pdf" and kind not in ("pdf", "office"):
            raise FetchFailed("status", say("The file is not a PDF or an office document, so its words were not read."))
        path.replace(spool.path(sha256))
    finally:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def _remove_leftovers(folder: Path) -> None:
    """Remove what a run that was killed had begun to write; what is younger may be another account's."""
    for path in folder.glob(f"{_PART}*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - _LEFT_AFTER_SECONDS:
                path.unlink()


def _tiny(path: Path) -> bool:
    """True for a picture so small that it can show nobody."""
    try:
        width, height = imagesize.get(str(path))
    except (ValueError, OSError, LookupError, TypeError, OverflowError, MemoryError):
        # Not a picture that can be measured: the next stage says what it is.
        return False
    return bool(0 <= width < _SMALLEST_PIXELS or 0 <= height < _SMALLEST_PIXELS)
