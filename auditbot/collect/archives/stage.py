"""Importing a download into the store, reading its photos again, and what an account is worth that only it shows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import Archive, MemberUnreadable
from auditbot.collect.archives.items import LeftOut
from auditbot.collect.archives.platforms import as_of, recognise
from auditbot.collect.archives.reading import Reading, ReadPost
from auditbot.collect.archives.sameness import KnownPosts
from auditbot.collect.fetch import FetchFailed
from auditbot.collect.files import NoPhoto, into_spool
from auditbot.errors import ArchiveOfAnotherKind, ArchiveUnreadable, ImportCutShort
from auditbot.model import Coverage, NotChecked, Post, Spool
from auditbot.registers.accounts import Account
from auditbot.run import Run, local_now
from auditbot.settings import Settings
from auditbot.store import Store
from auditbot.store.archives import ImportedArchive

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in counts."""

    platform: str
    """Whose download it is."""
    as_of: datetime
    """When it was made."""
    posts: int
    """Published posts in it."""
    known: int
    """Those of them that visits have shown better, or later downloads."""
    photos: int
    """Different photos taken from it."""
    left_out: tuple[tuple[LeftOut, int], ...]
    """What was not taken, with how often."""
    no_longer_there: int
    """Posts of older downloads that this one does not hold."""


def import_archive(
    paths: Sequence[Path],
    account: Account,
    settings: Settings,
    into: tuple[Store, Spool] | None,
    one_more: Callable[[], None] = lambda: None,
) -> Imported:
    """Read a download for an account into the store; without ``into``, count only.

    Hold the workspace meanwhile. Raises ArchiveUnreadable, ArchiveUnknown or ArchiveOfAnotherKind.
    """
    zone = ZoneInfo(settings.school.timezone)
    paths = [path.resolve() for path in paths]
    with Archive(paths) as archive:
        platform = recognise(archive)
        if platform.kind != account.kind:
            raise ArchiveOfAnotherKind(platform.name, account.name, account.kind)
        made_at = as_of(archive, platform).astimezone(zone).replace(microsecond=0)
        limit = int(settings.collect.max_file_megabytes * _MEGABYTE)
        reading = Reading(archive, platform, account.name, zone, into[1] if into else None, limit)
        posts = known = 0
        if into is None:
            for _ in reading.posts():
                posts += 1
                one_more()
            return _counted(reading, made_at, posts, 0, 0)
        store = into[0]
        parts = tuple((path, path.stat().st_size if path.is_file() else 0) for path in paths)
        record = ImportedArchive(0, account.name, platform.name, parts, made_at)
        record = store.archives.begin(record, _hash_of(paths, archive), local_now(settings))
        known_posts = KnownPosts(store.archives.known_posts(account.name))
        try:
            for read in reading.posts():
                posts += 1
                known += not _save(read, record, known_posts, store)
                one_more()
        except OSError as error:
            raise ImportCutShort(error.strerror or type(error).__name__) from error
        gone = store.archives.missing_from(record) if posts else []
        notes = reading.notes()
        if gone:
            reason = (
                f"{len(gone)} posts of an earlier download are not in this one. That may be its range of dates or a "
                "removal: look whether they are still up."
            )
            notes.append(NotChecked(account.name, gone[0], "posts", reason))
        if posts:
            store.archives.finish(record, posts, len(reading.photos), notes)
        return _counted(reading, made_at, posts, known, len(gone))


def _counted(reading: Reading, made_at: datetime, posts: int, known: int, gone: int) -> Imported:
    return Imported(
        reading.platform.name, made_at, posts, known, len(reading.photos), tuple(reading.left_out()), gone
    )  # fmt: skip


def _save(read: ReadPost, record: ImportedArchive, known_posts: KnownPosts, store: Store) -> bool:
    """Save one post, unless a visit showed it or something later did: then True is not returned."""
    known = known_posts.find(read.item)
    post = read.post
    if known and (not known.archived or known.last_reached_at > record.as_of):
        if known.gone_at is None:
            store.archives.seen(post.account, known.url, record.as_of)
            _keep_files(read, record, store)
            return False
        if known.gone_at >= record.as_of:
            return False
    _keep_files(read, record, store)
    url = known.url if known else post.url
    store.published.save_post(_at(post, url), record.as_of)
    if known is None or known.archived:
        store.archives.add_post(record, url)
    return True


def _at(post: Post, url: str) -> Post:
    return replace(post, url=url)


def _keep_files(read: ReadPost, record: ImportedArchive, store: Store) -> None:
    for file, member in read.files:
        store.archives.add_file(record, file.url, member, file.sha256)


def _hash_of(paths: Sequence[Path], archive: Archive) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        else:
            digest.update("\n".join(archive.names()).encode("utf-8", "replace"))
    return digest.hexdigest()


def read_again(run: Run, hashes: Collection[str]) -> None:
    """Put photos of imported downloads back into the spool, as far as the downloads lie where they were."""
    limit = int(run.settings.collect.max_file_megabytes * _MEGABYTE)
    for record, members in run.store.archives.files_of(hashes):
        if _away(record):
            continue
        try:
            with Archive([path for path, _ in record.parts]) as archive:
                names = set(archive.names())
                for member, sha256 in members:
                    if member in names:
                        _again(archive, member, sha256, run.spool, limit)
        except ArchiveUnreadable:
            # The check stage says which photos still wait, and for which download.
            continue


def _again(archive: Archive, member: str, sha256: str, spool: Spool, limit: int) -> None:
    try:
        found = into_spool(spool, archive.pieces(member, limit), "photo")
    except (MemberUnreadable, FetchFailed, NoPhoto):
        return
    if found != sha256:
        spool.path(found).unlink(missing_ok=True)


def _away(record: ImportedArchive) -> bool:
    """Whether a part of the download is no longer where it was imported from, or is another file now."""
    for path, size in record.parts:
        try:
            if size and path.stat().st_size != size:
                return True
            if not path.exists():
                return True
        except OSError:
            return True
    return False


def archives_away(run: Run, waiting: Collection[str]) -> list[NotChecked]:
    """Say which photos wait to be looked at again while the download that holds them is not where it was."""
    wanted = {sha256 for sha256 in waiting if run.bytes_of(sha256) is None}
    return [
        NotChecked(
            record.account,
            "",
            "photos",
            f"{len(members)} photos wait to be looked at again, and the download from {record.platform} of "
            f"{record.as_of.day} {record.as_of:%B %Y} is no longer where it was imported from "
            f"({record.parts[0][0].name}). Put it back, or import it again.",
        )
        for record, members in run.store.archives.files_of(wanted)
        if _away(record)
    ]


def stand_in(run: Run) -> None:
    """Where no visit reached an account and a download shows it, let the audit rest on the download, as of its date."""
    for account in run.declared.accounts:
        run.store.audits.carry_forward(run.audit, account)
    covered = run.store.audits.coverage_of(run.audit)
    notes = run.store.audits.notes_of_visits(run.audit)
    for account in run.declared.accounts:
        imported = run.store.archives.latest(account)
        if imported is None or account not in covered:
            continue
        record, read, left_out = imported
        visit, visited_at = covered[account]
        rests_on_older = visited_at in run.store.archives.dates(account) and visited_at < record.as_of
        last = run.store.audits.last_reached(account)
        if not rests_on_older and (visit.status not in ("error", "walled") or (last and last > record.as_of)):
            continue
        day = f"{record.as_of.day} {record.as_of:%B %Y}"
        reason = f"Read from the download of {record.platform} made on {day}; what was posted since is not checked."
        said = [] if rests_on_older else [note for note in notes if note.account == account]
        run.store.audits.save_coverage(
            run.audit,
            Coverage(account, "partial", read.posts, read.photos, reason),
            [NotChecked(account, "", "posts", reason), *said, *left_out],
            started_at=record.as_of,
            at=record.as_of,
        )
