"""Counts of each night: how exposed each account's photos were. No photo, no post and no person stands here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlite_utils import Database

from auditbot.model.counted import ExposureCounts, MonthCounts
from auditbot.store.transaction import writing


class Exposures:
    """One row for each account and audit, and the newest months of each account's posts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def what_counts_rest_on(self) -> str:
        """Return a hash of all in the store that counts rest on; who is in a photo and may be is not part of it."""
        whole = hashlib.sha256()
        for question in _RESTS_ON:
            for row in self._db.execute(question):
                whole.update(repr(row).encode("utf-8", "surrogatepass"))
        return whole.hexdigest()

    def repeat(self, audit: str, at: datetime, rests_on: str) -> bool:
        """Keep the counts of the night before for this audit, if they rest on the same; return whether they do."""
        newest = "SELECT audit FROM exposure_counts ORDER BY julianday(at) DESC, rowid DESC LIMIT 1"
        rows = list(self._db.query(f"SELECT * FROM exposure_counts WHERE audit = ({newest})"))
        if not rows or any(row["rests_on"] != rests_on for row in rows):
            return False
        with writing(self._db):
            for row in rows:
                again = row | {"audit": audit, "at": at.isoformat()}
                self._db.table("exposure_counts").upsert(again, pk=("audit", "account"))
        return True

    def save(
        self, audit: str, counts: Iterable[ExposureCounts], months: Iterable[MonthCounts], rests_on: str = ""
    ) -> None:
        """Keep the counts of one audit, and put ``months`` in the place of those known before."""
        with writing(self._db):
            for one in counts:
                row = asdict(one) | {"audit": audit, "at": one.at.isoformat(), "rests_on": rests_on}
                self._db.table("exposure_counts").upsert(row, pk=("audit", "account"))
            self._db.table("exposure_months").delete_where()
            self._db.table("exposure_months").insert_all(map(asdict, months))

    def nights(self) -> list[ExposureCounts]:
        """Return all that was counted, oldest first, each night's accounts by name."""
        rows = self._db.query("SELECT * FROM exposure_counts ORDER BY julianday(at), account")
        return [
            ExposureCounts(
                **{name: value for name, value in row.items() if name not in ("audit", "at", "rests_on")},
                at=datetime.fromisoformat(row["at"]),
            )
            for row in rows
        ]

    def months(self) -> list[MonthCounts]:
        """Return the newest months of all accounts, oldest first."""
        rows = self._db.query("SELECT * FROM exposure_months ORDER BY year, month, account, grade")
        return [MonthCounts(**row) for row in rows]


_RESTS_ON = (
    "SELECT id, account, changed_at, gone_at IS NULL FROM posts ORDER BY id",
    """SELECT sha256, width, height, not_examined, examined_with, has_position, has_serial_number, has_time, has_device
    FROM photos ORDER BY sha256""",
    """SELECT count(*), total(detail), total(turn), total(confidence), total(width), total(height), total(length(cover))
    FROM faces""",
    "SELECT count(*), total(length(text)) FROM words",
    "SELECT sha256, not_examined, examined_with FROM documents ORDER BY sha256",
)
"""Posts by when they changed, photos and documents by what they were examined with, and what was found in sums."""
