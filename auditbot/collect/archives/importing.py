"""Importing a download into the store, reading its photos again, and what an account is worth that only it shows."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import ADDRESS, Archive, ArchivePhoto, Item, LeftOut, MemberUnreadable
from auditbot.collect.archives.platforms import Platform, as_of, recognise
from auditbot.collect.files import NoPhoto, into_spool
from auditbot.collect.net.fetch import FetchFailed
from auditbot.errors import ArchiveOfAnotherKind, ArchiveUnreadable, ImportCutShort
from auditbot.model import Coverage, FetchedFile, NotChecked, PhotoUse, Post, Spool
from auditbot.registers.accounts import Account
from auditbot.run import Run, local_now
from auditbot.same_page import key
from auditbot.sentences import say
from auditbot.settings import Settings
from auditbot.store import Store
from auditbot.store.archives import ImportedArchive, KnownPost

# A download as the events of a visit: its photos into the spool, its posts, and what of it was not checked.


@dataclass(frozen=True, slots=True)
class ReadPost:
    """One post of a download, with the photos that came with it."""

    item: Item
    """What the download holds."""
    post: Post
    """The post."""
    files: tuple[tuple[FetchedFile, str], ...]
    """Its photos in the spool, each with the name of the download's file."""


@dataclass(slots=True)
class Reading:
    """Reads one download for one account, and counts."""

    archive: Archive
    """The download."""
    platform: Platform
    """Whose it is."""
    account: str
    """Name of the account."""
    zone: ZoneInfo
    """The school's time zone."""
    spool: Spool | None
    """Where photos are put; None to count only."""
    limit_bytes: int
    """The largest photo that is taken."""
    photos: set[str] = field(default_factory=set)
    """The photos taken, by content hash; by name where only counted."""
    _left_out: Counter[LeftOut] = field(default_factory=Counter)
    _posts: int = 0

    def posts(self) -> Iterator[ReadPost]:
        """Yield the published posts. Raises OSError (disk)."""
        for found in self.platform.read(self.archive, self.zone):
            if isinstance(found, LeftOut):
                self._left_out[found] += 1
                continue
            self._posts += 1
            if found.published_at is None:
                self._left_out[
                    LeftOut("dates", say("The download does not say when these were posted."), gap=True)
                ] += 1
            if found.films:
                self._left_out[LeftOut("films", say("Films are not looked into."), gap=True)] += found.films
            yield self._post(found)
        if self.archive.left_out:
            reason = say("They are links, or bear names that lead out of the download.")
            self._left_out[LeftOut("files", reason)] += self.archive.left_out
        if not self._posts:
            self._left_out[LeftOut("posts", say("The download holds no post that could be read."), gap=True)] += 1

    def left_out(self) -> list[tuple[LeftOut, int]]:
        """Return what was not taken so far, with how often."""
        return sorted(self._left_out.items(), key=lambda pair: (not pair[0].gap, pair[0].what, pair[0].reason))

    def notes(self) -> list[NotChecked]:
        """Return what was not checked and may be public, as reports tell it."""
        return [
            NotChecked(
                self.account,
                found.url,
                found.what,
                say("%(count)s of them: %(why)s", count=count, why=found.reason) if count > 1 else found.reason,
            )
            for found, count in self.left_out()
            if found.gap
        ]

    def _post(self, item: Item) -> ReadPost:
        uses: list[PhotoUse] = []
        files: list[tuple[FetchedFile, str]] = []
        for photo in item.photos:
            sha256 = None
            try:
                sha256 = self._take(photo)
            except NoPhoto:
                continue
            except (MemberUnreadable, FetchFailed) as failure:
                self._left_out[LeftOut("photos", failure.reason, gap=True)] += 1
            if sha256 is not None and self.spool is not None:
                files.append((FetchedFile(photo.url, sha256), photo.member))
            uses.append(PhotoUse(photo.url, sha256, photo.alt, photo.caption))
        post = Post(
            account=self.account,
            url=item.url,
            title=item.title,
            text=item.text,
            author=item.author,
            published_at=item.published_at,
            photos=tuple(uses),
            comments=item.comments,
        )
        return ReadPost(item, post, tuple(files))

    def _take(self, photo: ArchivePhoto) -> str | None:
        """Put a photo into the spool and return its hash; its name where photos are only counted."""
        if not photo.member and self.platform.kind == "website":
            reason = say("The download holds only their addresses; visiting the account takes them.")
            self._left_out[LeftOut("photos", reason, gap=True)] += 1
            return None
        if not photo.member:
            raise MemberUnreadable(say("They are named in the download but not in it; import all its parts together."))
        if self.spool is None:
            self.photos.add(photo.member)
            return None
        sha256 = into_spool(self.spool, self.archive.pieces(photo.member, self.limit_bytes), "photo")
        self.photos.add(sha256)
        return sha256


# Whether two posts are one, met in a download and on a visit: by address, else by minute and words.

_STATUS = re.compile(r"/status(es)?/(\d+)")
_X_HOSTS = ("x.com", "twitter.com")
_FILM_HOSTS = ("youtube.com", "youtu.be")
_ENOUGH = 20


def identity(url: str) -> str:
    """Return what all addresses of one post share."""
    if url.startswith(ADDRESS):
        return url
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
        if host in _X_HOSTS and (status := _STATUS.search(parts.path)):
            return f"x {status[2]}"
        if host in _FILM_HOSTS:
            number = parse_qs(parts.query).get("v", [""])[0] or parts.path.rpartition("/")[2]
            return f"youtube {number}"
        return key(url)
    except ValueError:
        return url


class KnownPosts:
    """An account's known posts, to find one among them."""

    def __init__(self, posts: Iterable[KnownPost]) -> None:
        self._by_identity: dict[str, KnownPost] = {}
        self._by_minute: dict[datetime, list[KnownPost]] = defaultdict(list)
        self.any_archived = False
        """Whether a download alone has shown any of them."""
        for post in posts:
            self.any_archived |= post.archived
            self._by_identity.setdefault(identity(post.url), post)
            if post.published_at:
                self._by_minute[_minute(post.published_at)].append(post)
        self.met: set[str] = set()
        """Addresses of the posts found so far: each is found by its words once only."""

    def find(self, item: Item) -> KnownPost | None:
        """Return the known post that a download's item is."""
        for url in (item.url, *item.same_as):
            if known := self._by_identity.get(identity(url)):
                self.met.add(known.url)
                return known
        if item.url.startswith(ADDRESS) and item.published_at:
            for known in self._by_minute.get(_minute(item.published_at), ()):
                if known.url not in self.met and _same_words(item.text, len(item.photos), known.text, known.photos):
                    self.met.add(known.url)
                    return known
        return None

    def twins(self, post: Post) -> list[str]:
        """Return the posts that only downloads have shown and that are the post a visit shows now."""
        found = []
        same = self._by_identity.get(identity(post.url))
        if same and same.archived and same.url != post.url:
            found.append(same.url)
        photos = sum(use.found_in == "post" for use in post.photos)
        for known in self._by_minute.get(_minute(post.published_at), ()) if post.published_at else ():
            no_address = known.archived and known.url.startswith(ADDRESS) and known.url not in self.met
            if no_address and _same_words(known.text, known.photos, post.text, photos):
                self.met.add(known.url)
                found.append(known.url)
                break
        return found


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _same_words(one: str, photos_of_one: int, other: str, photos_of_other: int) -> bool:
    """Compare letters and digits alone; one may go on longer, with the name of a link or a place."""
    first, second = sorted((re.sub(r"\W+", "", text.casefold()) for text in (one, other)), key=len)
    if not first and not second:
        return photos_of_one == photos_of_other
    return first == second or (len(first) >= _ENOUGH and second.startswith(first))


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
            reason = say(
                "%(count)s posts of an earlier download are not in this one. That may be its range of dates or a "
                "removal: look whether they are still up.",
                count=len(gone),
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
            say(
                "%(count)s photos wait to be looked at again, and the download from %(platform)s of %(day)s is no "
                "longer where it was imported from (%(name)s). Put it back, or import it again.",
                count=len(members),
                platform=record.platform,
                day=record.as_of.date(),
                name=record.parts[0][0].name,
            ),
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
        reason = say(
            "Read from the download of %(platform)s made on %(day)s; what was posted since is not checked.",
            platform=record.platform,
            day=record.as_of.date(),
        )
        said = [] if rests_on_older else [note for note in notes if note.account == account]
        run.store.audits.save_coverage(
            run.audit,
            Coverage(account, "partial", read.posts, read.photos, reason),
            [NotChecked(account, "", "posts", reason), *said, *left_out],
            started_at=record.as_of,
            at=record.as_of,
        )
