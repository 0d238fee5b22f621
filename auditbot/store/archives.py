"""Platforms' own downloads that were imported, and which posts and photos came from each."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from auditbot.model import Coverage, NotChecked
from auditbot.sentences import kept, told
from auditbot.store.transaction import writing
from auditbot.store.values import storable

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ImportedArchive:
    """One download that was imported."""

    number: int
    """Its number in the file."""
    account: str
    """Name of the account."""
    platform: str
    """Whose download it is."""
    parts: tuple[tuple[Path, int], ...]
    """Where each part lay when it was imported, and its size in bytes (0 for a folder)."""
    as_of: datetime
    """When the platform made it."""


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post that is known, as far as telling whether another is the same asks for."""

    url: str
    """Its address."""
    text: str
    """Its words."""
    published_at: datetime | None
    """When it was published, or None."""
    photos: int
    """How many photos it shows."""
    last_reached_at: datetime
    """When it was last seen."""
    gone_at: datetime | None
    """When it was found gone, or None."""
    archived: bool
    """True if a download alone has shown it."""


class Archives:
    """Which downloads there were. A post that a visit finds too is the visit's from then on."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, archive: ImportedArchive, sha256: str, at: datetime) -> ImportedArchive:
        """Record that an import begins, and return the archive with its number."""
        with writing(self._db):
            row = {
                "account": archive.account,
                "platform": archive.platform,
                "parts": json.dumps([[str(path), size] for path, size in archive.parts]),
                "sha256": sha256,
                "as_of": archive.as_of.isoformat(),
                "imported_at": at.isoformat(),
                "finished": 0,
            }
            number = self._db.table("archives").insert(row).last_rowid or 0
        return ImportedArchive(number, archive.account, archive.platform, archive.parts, archive.as_of)

    def add_post(self, archive: ImportedArchive, url: str) -> None:
        """Record that a post came from this download and from nowhere else so far."""
        with writing(self._db):
            row = {"account": archive.account, "url": storable(url), "archive": archive.number}
            self._db.table("archive_posts").upsert(row, pk=("account", "url"))

    def add_file(self, archive: ImportedArchive, url: str, member: str, sha256: str) -> None:
        """Record which of the download's files a photo is."""
        row = {
            "account": archive.account,
            "url": storable(url),
            "archive": archive.number,
            "member": storable(member),
            "sha256": sha256,
        }
        with writing(self._db):
            self._db.table("archive_files").upsert(row, pk=("account", "url"))

    def finish(self, archive: ImportedArchive, posts: int, photos: int, notes: Iterable[NotChecked]) -> None:
        """Record that all of the download was read, and what of it was not checked."""
        told = json.dumps([[note.url, note.what, kept(note.reason)] for note in map(storable, notes)])
        with writing(self._db):
            row = {"finished": 1, "posts": posts, "photos": photos, "notes": told}
            self._db.table("archives").update(archive.number, row)

    def known_posts(self, account: str) -> list[KnownPost]:
        """Return every post of the account, those that are gone too."""
        found = self._db.query(
            """SELECT posts.*, archive_posts.url IS NOT NULL AS archived,
            (SELECT count(*) FROM photo_uses WHERE post = posts.id AND found_in = 'post') AS photos
            FROM posts LEFT JOIN archive_posts USING (account, url) WHERE account = ? ORDER BY posts.id""",
            [account],
        )
        return [
            KnownPost(
                row["url"],
                row["text"],
                _moment(row["published_at"]),
                row["photos"],
                datetime.fromisoformat(row["last_reached_at"]),
                _moment(row["gone_at"]),
                bool(row["archived"]),
            )
            for row in found
        ]

    def seen(self, account: str, url: str, at: datetime) -> None:
        """Record that a download shows a known post that a visit reads better: it was up then, if not seen later."""
        with writing(self._db):
            self._db.execute(
                """UPDATE posts SET last_reached_at = :at
                WHERE account = :account AND url = :url AND julianday(last_reached_at) < julianday(:at)""",
                {"at": at.isoformat(), "account": account, "url": url},
            )

    def visited(self, account: str, url: str, twins: Collection[str]) -> None:
        """Record that a visit shows a post: it is no longer the download's, and its ``twins`` in downloads go."""
        with writing(self._db):
            self._db.table("archive_posts").delete_where("account = ? AND url = ?", [account, url])
            for twin in twins:
                for row in list(self._db.table("posts").rows_where("account = ? AND url = ?", [account, twin])):
                    for table in ("comments", "photo_uses", "document_uses", "post_words"):
                        self._db.table(table).delete_where("post = ?", [row["id"]])
                    self._db.table("posts").delete(row["id"])
                self._db.table("archive_posts").delete_where("account = ? AND url = ?", [account, twin])

    def missing_from(self, archive: ImportedArchive) -> list[str]:
        """Return the posts that an older download of the account held and this one does not."""
        found = self._db.query(
            """SELECT archive_posts.url FROM archive_posts JOIN archives ON archives.id = archive
            JOIN posts ON posts.account = archive_posts.account AND posts.url = archive_posts.url
            WHERE archive_posts.account = ? AND archive != ? AND gone_at IS NULL
            AND julianday(as_of) < julianday(?) ORDER BY archive_posts.url""",
            [archive.account, archive.number, archive.as_of.isoformat()],
        )
        return [row["url"] for row in found]

    def latest(self, account: str) -> tuple[ImportedArchive, Coverage, list[NotChecked]] | None:
        """Return the account's newest download that was read to its end, with how far and what was not checked."""
        found = self._db.table("archives").rows_where(
            "account = ? AND finished = 1", [account], order_by="julianday(as_of) DESC, id DESC", limit=1
        )
        row = next(iter(list(found)), None)
        if row is None:
            return None
        notes = [NotChecked(account, url, what, told(reason)) for url, what, reason in json.loads(row["notes"])]
        return _archive(row), Coverage(account, "partial", row["posts"], row["photos"]), notes

    def dates(self, account: str) -> frozenset[datetime]:
        """Return when each of the account's downloads was made."""
        found = self._db.query("SELECT as_of FROM archives WHERE account = ? AND finished = 1", [account])
        return frozenset(datetime.fromisoformat(row["as_of"]) for row in found)

    def files_of(self, hashes: Collection[str]) -> Iterator[tuple[ImportedArchive, list[tuple[str, str]]]]:
        """Yield each download that holds photos of these content hashes, with their members and hashes."""
        wanted: dict[int, dict[str, str]] = {}
        ordered = sorted(hashes)
        for start in range(0, len(ordered), _AT_ONCE):
            some = ordered[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            for row in self._db.table("archive_files").rows_where(f"sha256 IN ({marks})", some):
                wanted.setdefault(row["archive"], {})[row["member"]] = row["sha256"]
        for number, members in wanted.items():
            yield _archive(self._db.table("archives").get(number)), sorted(members.items())


def _archive(row: dict[str, Any]) -> ImportedArchive:
    parts = tuple((Path(path), int(size)) for path, size in json.loads(row["parts"]))
    return ImportedArchive(row["id"], row["account"], row["platform"], parts, datetime.fromisoformat(row["as_of"]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
