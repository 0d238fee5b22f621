"""Removing one pupil from the file entirely: every row that holds the pupil's id or one of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlite_utils import Database

from auditbot.store.transaction import writing

KEPT = frozenset({"deletions", "audits", "answers"})
"""Tables not searched: no page's text stands in them, or they are emptied. Deletions are recorded by pupil id."""
PARTS = {
    "posts": ("comments", "photo_uses", "document_uses"),
    "photos": ("faces", "candidates", "words", "photo_metadata_words"),
    "documents": ("document_pages", "document_pictures"),
}
"""What is deleted as a whole if any part of it holds the pupil: it is then taken and examined again, if still there."""
WHOLE_OF = {part: whole for whole, parts in PARTS.items() for part in parts}
KEYS = {"posts": ("id", "post"), "photos": ("sha256", "sha256"), "documents": ("sha256", "sha256")}
"""The column by which a whole is known, and the column of its parts that names it."""


class Forgetting:
    """Removes whatever holds an id or a name."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def forget_entirely(
        self, person: str, holds: Callable[[str], bool], posts: Iterable[tuple[str, str]], why: str, at: datetime
    ) -> int:
        """Delete every row in which a text holds a name, with the post, photo or document it is part of, and ``posts``.

        Returns how many rows were deleted, and records the deletion. Freed pages are emptied by ``Erasure.scrub``.
        """
        self._db.register_function(lambda text: int(isinstance(text, str) and holds(text)), name="holds", replace=True)
        deleted = 0
        with writing(self._db):
            for account, url in posts:
                for row in list(self._db.table("posts").rows_where("account = ? AND url = ?", [account, url])):
                    deleted += self._delete("posts", row["id"])
                self._db.execute("DELETE FROM findings WHERE account = ? AND post_url = ?", [account, url])
            for whole, parts in PARTS.items():
                deleted += self._delete_wholes(whole, parts)
            for table in self._tables() - KEPT - PARTS.keys() - WHOLE_OF.keys():
                where = self._holds(table)
                if where:
                    deleted += self._db.execute(f"DELETE FROM [{table}] WHERE {where}").rowcount
            self._db.execute("DELETE FROM answers")  # compressed, so it cannot be searched
            self._db.table("deletions").insert(
                {"person_id": person, "what": "everything", "at": at.isoformat(), "why": why, "scrubbed": 0}
            )
        return deleted

    def _delete_wholes(self, whole: str, parts: tuple[str, ...]) -> int:
        own, of_part = KEYS[whole]
        found = {row[0] for row in self._db.execute(f"SELECT [{own}] FROM [{whole}] WHERE {self._holds(whole)}")}
        for part in parts:
            rows = self._db.execute(f"SELECT DISTINCT [{of_part}] FROM [{part}] WHERE {self._holds(part)}")
            found |= {row[0] for row in rows}
        return sum(self._delete(whole, key) for key in found)

    def _delete(self, whole: str, key: object) -> int:
        own, of_part = KEYS[whole]
        for part in PARTS[whole]:
            self._db.execute(f"DELETE FROM [{part}] WHERE [{of_part}] = ?", [key])
        return self._db.execute(f"DELETE FROM [{whole}] WHERE [{own}] = ?", [key]).rowcount

    def _holds(self, table: str) -> str:
        texts = [column.name for column in self._db.table(table).columns if column.type.upper() == "TEXT"]
        return " OR ".join(f"holds([{name}])" for name in texts)

    def _tables(self) -> set[str]:
        return {name for name in self._db.table_names() if not name.startswith(("sqlite_", "_sqlite"))}
