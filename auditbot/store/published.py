"""Posts, comments, photos and documents as found on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlite_utils import Database

from auditbot.model import (
    Comment,
    DocumentUse,
    FetchedFile,
    FileAnswer,
    KnownFile,
    LinkedAccount,
    PhotoUse,
    Post,
    PostGone,
    PostMoved,
)
from auditbot.store.storable import storable
from auditbot.store.transaction import writing


class Published:
    """What the accounts publish. Post, file and photo use are kept apart: one file may be used by many posts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save_post(self, post: Post, reached_at: datetime) -> None:
        """Insert the post, or replace what was known of it; ``changed_at`` moves only if something differs.

        A file that could not be had this time, while the post still shows it, stands as it was last taken. The time of
        the post is kept in the zone of ``reached_at``, the school's: the day it was posted is a day at the school.
        """
        if post.published_at:
            post = replace(post, published_at=post.published_at.astimezone(reached_at.tzinfo))
        post = storable(post)
        with writing(self._db):
            before = self._row(post.account, post.url)
            known = self._load(before) if before else None
            if known:
                post = _with_known_files(post, known)
            moment = reached_at.isoformat()
            changed = known != post
            row = {
                "account": post.account,
                "url": post.url,
                "title": post.title,
                "text": post.text,
                "author": post.author,
                "published_at": post.published_at.isoformat() if post.published_at else None,
                "last_reached_at": moment,
                "changed_at": before["changed_at"] if before and not changed else moment,
                "gone_at": None,
                "gone_proof": None,
                "gone_checked_at": None,
            }
            posts = self._db.table("posts")
            if before is None:
                number = posts.insert(row).last_rowid or 0
            else:
                number = int(before["id"])
                posts.update(number, row)
            if changed:
                self._replace_parts(number, post)

    def save_link(self, link: LinkedAccount, seen_at: datetime) -> None:
        """Record that a page leads to this social media account."""
        link = storable(link)
        row = {"account": link.account, "url": link.url, "service": link.service, "found_on": link.found_on}
        with writing(self._db):
            self._db.table("linked_accounts").upsert({**row, "seen_at": seen_at.isoformat()}, pk=("account", "url"))

    def forget_links(self, account: str, seen_before: datetime) -> None:
        """Drop the links that a complete visit, begun at that time, did not meet again."""
        with writing(self._db):
            self._db.table("linked_accounts").delete_where(
                "account = ? AND julianday(seen_at) < julianday(?)", [account, seen_before.isoformat()]
            )

    def links(self) -> list[LinkedAccount]:
        """Return the social media accounts that pages lead to, in a fixed order."""
        rows = self._db.table("linked_accounts").rows_where(order_by="service, url, account")
        return [LinkedAccount(row["account"], row["url"], row["service"], row["found_on"]) for row in rows]

    def _replace_parts(self, number: int, post: Post) -> None:
        for table in ("comments", "photo_uses", "document_uses"):
            self._db.table(table).delete_where("post = ?", [number])
        self._db.table("comments").insert_all(
            {
                "post": number,
                "place": place,
                "author": comment.author,
                "text": comment.text,
                "published_at": comment.published_at.isoformat() if comment.published_at else None,
                "url": comment.url,
            }
            for place, comment in enumerate(post.comments, 1)
        )
        self._db.table("photo_uses").insert_all(
            {
                "post": number,
                "place": place,
                "url": use.url,
                "sha256": use.sha256,
                "alt": use.alt,
                "caption": use.caption,
                "found_in": use.found_in,
            }
            for place, use in enumerate(post.photos, 1)
        )
        self._db.table("document_uses").insert_all(
            {"post": number, "place": place, "url": use.url, "sha256": use.sha256, "title": use.title, "kind": use.kind}
            for place, use in enumerate(post.documents, 1)
        )

    def save_file(self, file: FetchedFile) -> None:
        """Remember a file's content hash and validators by its address."""
        file = storable(file)
        with writing(self._db):
            self._db.table("files").upsert(
                {"url": file.url, "sha256": file.sha256, "etag": file.etag, "last_modified": file.last_modified},
                pk="url",
            )

    def mark_gone(self, gone: PostGone, at: datetime) -> None:
        """Record that a permalink now answers that the post is gone: when that was first so, and when last."""
        gone = storable(gone)
        with writing(self._db):
            self._db.execute(
                "UPDATE posts SET gone_checked_at = ? WHERE account = ? AND url = ?",
                [at.isoformat(), gone.account, gone.url],
            )
            self._db.execute(
                "UPDATE posts SET gone_at = ?, gone_proof = ? WHERE account = ? AND url = ? AND gone_at IS NULL",
                [at.isoformat(), gone.proof, gone.account, gone.url],
            )

    def mark_moved(self, moved: PostMoved, at: datetime) -> None:
        """Record that a post stands at another permalink now, if what stands there is the same post; else nothing."""
        before, now = (self._row(moved.account, url) for url in (moved.url, moved.now_at))
        if before and now and _same_post(self._load(before), self._load(now)):
            self.mark_gone(PostGone(moved.account, moved.url, f"{_NOW_AT} {moved.now_at}"), at)

    def save_answer(self, answer: FileAnswer, at: datetime) -> None:
        """Record what the own address of a file answered that its post no longer shows."""
        row = {"url": answer.url, "gone": answer.gone, "answer": answer.answer, "asked_at": at.isoformat()}
        with writing(self._db):
            self._db.table("file_answers").upsert(row, pk="url")

    def answers(self) -> dict[str, tuple[FileAnswer, datetime]]:
        """Return by address what the own addresses of files last answered, and when."""
        return {
            row["url"]: (
                FileAnswer(row["url"], None if row["gone"] is None else bool(row["gone"]), row["answer"]),
                datetime.fromisoformat(row["asked_at"]),
            )
            for row in self._db.table("file_answers").rows
        }

    def last_looked_at(self, account: str, url: str) -> datetime | None:
        """Return when a post's page was last read or last found gone, or None if the post is unknown."""
        row = self._row(account, url)
        return _moment(row["gone_checked_at"] or row["gone_at"] or row["last_reached_at"]) if row else None

    def permalinks(self, account: str) -> frozenset[str]:
        """Return the permalinks of the account's posts that are not gone."""
        found = self._db.query("SELECT url FROM posts WHERE account = ? AND gone_at IS NULL", [account])
        return frozenset(row["url"] for row in found)

    def known_files(self) -> dict[str, KnownFile]:
        """Return by address every file taken so far that came with a validator."""
        found = self._db.query("SELECT * FROM files WHERE etag != '' OR last_modified != ''")
        return {row["url"]: KnownFile(row["sha256"], row["etag"], row["last_modified"]) for row in found}

    def posts(self, account: str | None = None) -> Iterator[Post]:
        """Yield the posts that are not gone, of one account or of all, by account, date and permalink."""
        where = "gone_at IS NULL" + (" AND account = :account" if account else "")
        ordered = self._db.table("posts").rows_where(where, {"account": account}, order_by="account, published_at, url")
        for row in list(ordered):
            yield self._load(row)

    def gone_proofs(self) -> dict[tuple[str, str], str]:
        """Return by account and permalink how it is known that a post is gone; empty for one that stands elsewhere now.

        A post whose words appeared at another permalink of its account since it was last reached was not taken down.
        """
        found = list(self._db.query("SELECT * FROM posts WHERE gone_at IS NOT NULL"))
        same_text = self._db.query(
            "SELECT old.id AS old, now.* FROM posts AS old JOIN posts AS now ON now.account = old.account "
            "WHERE old.gone_at IS NOT NULL AND now.gone_at IS NULL AND now.text = old.text "
            "AND julianday(now.changed_at) > julianday(old.last_reached_at)"
        )
        old = {row["id"]: row for row in found}
        moved = {row["old"] for row in same_text if _same_post(self._load(old[row["old"]]), self._load(row))}
        return {(row["account"], row["url"]): "" if row["id"] in moved else _proof(row["gone_proof"]) for row in found}

    def state_of(self, account: str, url: str) -> dict[str, Any] | None:
        """Return when the post was last reached, last changed and found gone (and the proof), or None if unknown."""
        return self._row(account, url)

    def _row(self, account: str, url: str) -> dict[str, Any] | None:
        return next(iter(self._db.table("posts").rows_where("account = ? AND url = ?", [account, url])), None)

    def _load(self, row: dict[str, Any]) -> Post:
        number = [row["id"]]
        return Post(
            account=row["account"],
            url=row["url"],
            title=row["title"],
            text=row["text"],
            author=row["author"],
            published_at=_moment(row["published_at"]),
            photos=tuple(
                PhotoUse(part["url"], part["sha256"], part["alt"], part["caption"], part["found_in"])
                for part in self._db.table("photo_uses").rows_where("post = ?", number, order_by="place")
            ),
            comments=tuple(
                Comment(part["author"], part["text"], _moment(part["published_at"]), part["url"])
                for part in self._db.table("comments").rows_where("post = ?", number, order_by="place")
            ),
            documents=tuple(
                DocumentUse(part["url"], part["sha256"], part["title"], part["kind"])
                for part in self._db.table("document_uses").rows_where("post = ?", number, order_by="place")
            ),
        )


_NOW_AT = "it now stands at"
_ENOUGH_CHARACTERS = 40


def _proof(clause: str) -> str:
    return "" if clause.startswith(_NOW_AT) else f"{clause[:1].upper()}{clause[1:]}."


def _same_post(one: Post, other: Post) -> bool:
    """True if two posts say the same; those of few words have to share their title and, without words, a photo too."""
    if min(len(one.text), len(other.text)) >= _ENOUGH_CHARACTERS:
        words, others = one.text.split(), other.text.split()
        return words == others or SequenceMatcher(None, words, others, autojunk=False).ratio() >= 0.9
    photos = {use.sha256 for use in one.photos if use.sha256} & {use.sha256 for use in other.photos if use.sha256}
    return (one.title, one.text) == (other.title, other.text) and bool(one.text or photos)


def _with_known_files(post: Post, known: Post) -> Post:
    uses: tuple[PhotoUse | DocumentUse, ...] = (*known.photos, *known.documents)
    taken = {use.url: use.sha256 for use in uses if use.sha256}
    return replace(
        post,
        photos=tuple(replace(use, sha256=use.sha256 or taken.get(use.url)) for use in post.photos),
        documents=tuple(replace(use, sha256=use.sha256 or taken.get(use.url)) for use in post.documents),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
