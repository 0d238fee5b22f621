"""A download as the events of a visit: its photos into the spool, its posts, and what of it was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import Archive, MemberUnreadable
from auditbot.collect.archives.items import ArchivePhoto, Item, LeftOut
from auditbot.collect.archives.platforms import Platform
from auditbot.collect.fetch import FetchFailed
from auditbot.collect.files import NoPhoto, into_spool
from auditbot.model import FetchedFile, NotChecked, PhotoUse, Post, Spool


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
                self._left_out[LeftOut("dates", "The download does not say when these were posted.", gap=True)] += 1
            if found.films:
                self._left_out[LeftOut("films", "Films are not looked into.", gap=True)] += found.films
            yield self._post(found)
        if self.archive.left_out:
            reason = "They are links, or bear names that lead out of the download."
            self._left_out[LeftOut("files", reason)] += self.archive.left_out
        if not self._posts:
            self._left_out[LeftOut("posts", "The download holds no post that could be read.", gap=True)] += 1

    def left_out(self) -> list[tuple[LeftOut, int]]:
        """Return what was not taken so far, with how often."""
        return sorted(self._left_out.items(), key=lambda pair: (not pair[0].gap, pair[0].what, pair[0].reason))

    def notes(self) -> list[NotChecked]:
        """Return what was not checked and may be public, as reports tell it."""
        return [
            NotChecked(self.account, found.url, found.what, (f"{count} of them: " if count > 1 else "") + found.reason)
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
                self._left_out[LeftOut("photos", str(failure), gap=True)] += 1
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
            reason = "The download holds only their addresses; visiting the account takes them."
            self._left_out[LeftOut("photos", reason, gap=True)] += 1
            return None
        if not photo.member:
            raise MemberUnreadable("They are named in the download but not in it; import all its parts together.")
        if self.spool is None:
            self.photos.add(photo.member)
            return None
        sha256 = into_spool(self.spool, self.archive.pieces(photo.member, self.limit_bytes), "photo")
        self.photos.add(sha256)
        return sha256
