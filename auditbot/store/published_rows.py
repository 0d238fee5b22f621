"""Posts, comments, photos and documents as found on the pages."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from sqlite_utils import Database

from auditbot.model import (
    AnswerKind,
    Comment,
    DocumentUse,
    FetchedFile,
    FileAnswer,
    KeptAnswer,
    KnownFile,
    LinkedAccount,
    MetAddress,
    MetAddresses,
    PhotoUse,
    Post,
    PostGone,
    PostMoved,
    PostWords,
)
from auditbot.sentences import is_kept, kept, quoted, told
from auditbot.store.transaction import writing
from auditbot.store.values import moment_of, row_of, storable, value_of, values_of


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
            row = row_of(
                post,
                last_reached_at=moment,
                changed_at=before["changed_at"] if before and not changed else moment,
                **dict.fromkeys(("gone_at", "gone_proof", "gone_checked_at")),
            )
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
        row = row_of(storable(link), seen_at=seen_at.isoformat())
        with writing(self._db):
            self._db.table("linked_accounts").upsert(row, pk=("account", "url"))

    def forget_links(self, account: str, seen_before: datetime) -> None:
        """Drop the links that a complete visit, begun at that time, did not meet again."""
        with writing(self._db):
            self._db.table("linked_accounts").delete_where(
                "account = ? AND julianday(seen_at) < julianday(?)", [account, seen_before.isoformat()]
            )

    def titles(self) -> dict[str, str]:
        """Return by permalink the title of every post ever seen, of those taken down too."""
        return {row["url"]: row["title"] or "" for row in self._db.query("SELECT url, title FROM posts")}

    def links(self) -> list[LinkedAccount]:
        """Return the social media accounts that pages lead to, in a fixed order."""
        rows = self._db.table("linked_accounts").rows_where(order_by="service, url, account")
        return list(values_of(LinkedAccount, rows))

    def _replace_parts(self, number: int, post: Post) -> None:
        for (name, _), table in _PARTS.items():
            values: Iterable[Any] = getattr(post, name)
            self._db.table(table).delete_where("post = ?", [number])
            self._db.table(table).insert_all(
                row_of(value, post=number, place=place) for place, value in enumerate(values, 1)
            )

    def save_addresses(self, audit: str, met: MetAddresses) -> None:
        """Replace the ledger of one account's addresses by that of this audit."""
        with writing(self._db):
            self._db.table("addresses").delete_where("account = ?", [met.account])
            self._db.table("addresses").insert_all(
                row_of(storable(entry), account=met.account, audit=audit) for entry in met.entries
            )

    def addresses(self, account: str) -> MetAddresses:
        """Return the ledger of the account's addresses as its last audit left it, in the order they were met."""
        rows = self._db.table("addresses").rows_where("account = ?", [account], order_by="rowid")
        return MetAddresses(account, values_of(MetAddress, rows))

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
        self._mark_gone(gone.account, gone.url, kept(gone.proof), at)

    def _mark_gone(self, account: str, url: str, proof: str, at: datetime) -> None:
        with writing(self._db):
            self._db.execute(
                "UPDATE posts SET gone_checked_at = ? WHERE account = ? AND url = ?", [at.isoformat(), account, url]
            )
            self._db.execute(
                "UPDATE posts SET gone_at = ?, gone_proof = ? WHERE account = ? AND url = ? AND gone_at IS NULL",
                [at.isoformat(), proof, account, url],
            )

    def mark_moved(self, moved: PostMoved, at: datetime) -> None:
        """Record that a post stands at another permalink now, if what stands there is the same post; else nothing."""
        before, now = (self._row(moved.account, url) for url in (moved.url, moved.now_at))
        if before and now and _same_post(self._load(before), self._load(now)):
            self._mark_gone(moved.account, moved.url, f"{_NOW_AT} {moved.now_at}", at)

    def save_answer(self, answer: FileAnswer, at: datetime) -> None:
        """Record what the own address of a file answered that its post no longer shows."""
        with writing(self._db):
            self._db.table("file_answers").upsert(row_of(answer, asked_at=at.isoformat()), pk="url")

    def answers(self) -> dict[str, tuple[FileAnswer, datetime]]:
        """Return by address what the own addresses of files last answered, and when."""
        return {
            row["url"]: (value_of(FileAnswer, row), datetime.fromisoformat(row["asked_at"]))
            for row in self._db.table("file_answers").rows
        }

    def last_looked_at(self, account: str, url: str) -> datetime | None:
        """Return when a post's page was last read or last found gone, or None if the post is unknown."""
        row = self._row(account, url)
        return moment_of(row["gone_checked_at"] or row["gone_at"] or row["last_reached_at"]) if row else None

    def last_reached(self) -> dict[tuple[str, str], datetime]:
        """Return by account and permalink when each post that is not gone was last reached."""
        found = self._db.query("SELECT account, url, last_reached_at AS at FROM posts WHERE gone_at IS NULL")
        return {(row["account"], row["url"]): datetime.fromisoformat(row["at"]) for row in found}

    def permalinks(self, account: str) -> frozenset[str]:
        """Return the permalinks of the account's posts that are not gone."""
        found = self._db.query("SELECT url FROM posts WHERE account = ? AND gone_at IS NULL", [account])
        return frozenset(row["url"] for row in found)

    def known_files(self) -> dict[str, KnownFile]:
        """Return by address every file taken so far that came with a validator."""
        found = self._db.query("SELECT * FROM files WHERE etag != '' OR last_modified != ''")
        return {row["url"]: value_of(KnownFile, row) for row in found}

    def posts(self, account: str | None = None) -> Iterator[Post]:
        """Yield the posts that are not gone, of one account or of all, by account, date and permalink."""
        where = "gone_at IS NULL" + (" AND account = :account" if account else "")
        ordered = f"SELECT * FROM posts WHERE {where} ORDER BY account, published_at, url"
        rows = iter(list(self._db.query(ordered, {"account": account})))
        while some := list(islice(rows, _AT_ONCE)):
            yield from self._load_all(some)

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
        return next(self._db.query("SELECT * FROM posts WHERE account = ? AND url = ?", [account, url]), None)

    def _load(self, row: dict[str, Any]) -> Post:
        (post,) = self._load_all([row])
        return post

    def _load_all(self, rows: Sequence[dict[str, Any]]) -> Iterator[Post]:
        numbers = [row["id"] for row in rows]
        marks = ", ".join("?" * len(numbers))
        parts: dict[int, dict[str, list[Any]]] = {number: {name: [] for name, _ in _PARTS} for number in numbers}
        for (name, kind), table in _PARTS.items():
            for row in self._db.query(f"SELECT * FROM {table} WHERE post IN ({marks}) ORDER BY place", numbers):
                parts[row["post"]][name].append(value_of(kind, row))
        for row in rows:
            yield value_of(Post, row, **{name: tuple(some) for name, some in parts.pop(row["id"]).items()})


_PARTS: Mapping[tuple[str, type[Any]], str] = {
    ("comments", Comment): "comments",
    ("photos", PhotoUse): "photo_uses",
    ("documents", DocumentUse): "document_uses",
    ("words", PostWords): "post_words",
}
"""The fields of a post that hold several values, of which kind, and the table of each."""
_NOW_AT = "it now stands at"
"""A mark in the column of proofs, never shown: the post has moved, and was not taken down."""
_ENOUGH_CHARACTERS = 40
_AT_ONCE = 200
"""Posts of which all parts are asked for in one question."""


def _proof(written: str) -> str:
    if written.startswith(_NOW_AT):
        return ""
    # Older versions wrote a clause.
    return told(written) if is_kept(written) else quoted(f"{written[:1].upper()}{written[1:]}.")


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


# Answers of sites: of an audit that is under way, and the last one that came with a validator.

_LAST = ""
"""What stands in place of an audit's id for answers that are kept from audit to audit."""
_PAGE_LIMIT = 2_000_000
_LIST_LIMIT = 5_000_000


class Answers:
    """Bodies are kept compressed, so no text in them can be searched for: whoever is forgotten, all of them go."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, audit: str, account: str, now: Callable[[], datetime]) -> AnswersOfAccount:
        """Return the answers of one account's site as one audit, begun or gone on with now, reads and keeps them."""
        return AnswersOfAccount(self._db, audit, account, now)

    def read_at(self, audit: str, account: str, url: str) -> datetime | None:
        """Return when this audit read this page, or None if that is not known."""
        where = "audit = ? AND account = ? AND kind = 'page' AND (url = ? OR answered_url = ?)"
        row = next(iter(self._db.table("answers").rows_where(where, [audit, account, url, url], limit=1)), None)
        return datetime.fromisoformat(row["at"]) if row else None

    def account_reached(self, audit: str, account: str, whole: bool) -> None:
        """Drop what served to go on after a cut; and, if all was reached, what this audit did not meet again."""
        with writing(self._db):
            self._db.table("answers").delete_where("audit = ? AND account = ?", [audit, account])
            if whole:
                old = """audit = ? AND account = ? AND
                    julianday(at) < (SELECT julianday(started_at) FROM audits WHERE id = ?)"""
                self._db.table("answers").delete_where(old, [_LAST, account, audit])

    def drop_others(self, accounts: Iterable[str], now: datetime, resume_within: timedelta) -> None:
        """Drop the answers of accounts no longer in the register, and of audits that nobody can go on with."""
        with writing(self._db):
            known = sorted(accounts)
            marks = ", ".join("?" for _ in known)
            self._db.table("answers").delete_where(f"account NOT IN ({marks})", known)
            over = """audit != ? AND audit NOT IN
                (SELECT id FROM audits WHERE ended_at IS NULL AND julianday(started_at) > julianday(?))"""
            self._db.table("answers").delete_where(over, [_LAST, (now - resume_within).isoformat()])


class AnswersOfAccount:
    """One account's answers; see ``AccountAnswers``."""

    def __init__(self, database: Database, audit: str, account: str, now: Callable[[], datetime]) -> None:
        self._db = database
        self._audit = audit
        self._account = account
        self._now = now
        rows = database.query("SELECT kind, url FROM answers WHERE audit = ? AND account = ?", [audit, account])
        self._before = {(row["kind"], row["url"]) for row in rows}

    def before_the_cut(self, kind: AnswerKind, url: str) -> KeptAnswer | None:
        """Return what this very audit was answered before it was cut short, or None."""
        return self._find(self._audit, kind, url) if (kind, url) in self._before else None

    def note(self, kind: AnswerKind, url: str, answer: KeptAnswer) -> None:
        """Keep what this audit was answered until the account has been reached."""
        self._save(self._audit, kind, url, answer)

    def last(self, kind: AnswerKind, url: str) -> KeptAnswer | None:
        """Return the last answer that came with a validator, of this audit or an earlier one, or None."""
        return self._find(_LAST, kind, url)

    def keep(self, kind: AnswerKind, url: str, answer: KeptAnswer) -> None:
        """Keep an answer that came with a validator for the next audits."""
        self._save(_LAST, kind, url, answer)

    def confirm(self, kind: AnswerKind, url: str) -> None:
        """Record that the last answer still stands."""
        with writing(self._db):
            self._db.execute(
                "UPDATE answers SET at = ? WHERE audit = ? AND account = ? AND kind = ? AND url = ?",
                [self._now().isoformat(), _LAST, self._account, kind, url],
            )

    def _find(self, audit: str, kind: AnswerKind, url: str) -> KeptAnswer | None:
        where = "audit = ? AND account = ? AND kind = ? AND url = ?"
        rows = self._db.table("answers").rows_where(where, [audit, self._account, kind, url])
        row: dict[str, Any] | None = next(iter(rows), None)
        if row is None:
            return None
        headers = json.loads(row["headers"])
        return KeptAnswer(row["answered_url"], row["status"], headers, zlib.decompress(row["body"]), row["base"])

    def _save(self, audit: str, kind: AnswerKind, url: str, answer: KeptAnswer) -> None:
        if len(answer.body) > (_PAGE_LIMIT if kind == "page" else _LIST_LIMIT):
            return
        row = {
            "audit": audit,
            "account": self._account,
            "kind": kind,
            "url": url,
            "at": self._now().isoformat(),
            "answered_url": answer.url,
            "status": answer.status,
            "headers": json.dumps(dict(answer.headers)),
            "base": answer.base,
            "body": zlib.compress(answer.body),
        }
        with writing(self._db):
            self._db.table("answers").upsert(row, pk=("audit", "account", "kind", "url"))
