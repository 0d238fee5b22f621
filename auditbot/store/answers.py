"""Answers of sites: of an audit that is under way, and the last one that came with a validator."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from auditbot.model import AnswerKind, KeptAnswer
from auditbot.store.transaction import writing

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
