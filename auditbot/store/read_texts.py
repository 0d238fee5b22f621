"""What was found in texts, by a hash of the texts, of the rules and of what else decides; no words are kept."""

from __future__ import annotations

from functools import cached_property

from sqlite_utils import Database

from auditbot.store.transaction import writing

_AT_ONCE = 500
"""Answers written in one transaction: a run that is killed reads as many texts again."""


class ReadTexts:
    """Answers of this audit and of those before."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._new: dict[bytes, bytes] = {}
        self._asked: set[bytes] = set()

    @cached_property
    def _kept(self) -> dict[bytes, bytes]:
        # All at once: a hundred bytes a post, of which an audit asks for nearly all.
        return dict(self._db.execute("SELECT key, found FROM read_texts"))

    def known(self, key: bytes) -> bytes | None:
        """Return what was found in texts, or None if they were never read so."""
        self._asked.add(key)
        return self._kept.get(key)

    def keep(self, key: bytes, found: bytes) -> None:
        """Keep what was found in texts."""
        self._new[key] = self._kept[key] = found
        if len(self._new) >= _AT_ONCE:
            self._write()

    def drop_others(self) -> None:
        """Write what is new, and remove what was found in texts that this audit did not meet."""
        self._write()
        old = self._kept.keys() - self._asked
        if old:
            with writing(self._db):
                self._db.conn.executemany("DELETE FROM read_texts WHERE key = ?", [(key,) for key in old])
        for key in old:
            del self._kept[key]
        self._asked.clear()

    def _write(self) -> None:
        if self._new:
            with writing(self._db):
                self._db.conn.executemany("INSERT OR REPLACE INTO read_texts VALUES (?, ?)", self._new.items())
            self._new.clear()
