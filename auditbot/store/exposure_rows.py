"""Counts of each night: how exposed each account's photos were. No photo, no post and no person stands here."""

from __future__ import annotations

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

    def save(self, audit: str, counts: Iterable[ExposureCounts], months: Iterable[MonthCounts]) -> None:
        """Keep the counts of one audit, and put ``months`` in the place of those known before."""
        with writing(self._db):
            for one in counts:
                row = asdict(one) | {"audit": audit, "at": one.at.isoformat()}
                self._db.table("exposure_counts").upsert(row, pk=("audit", "account"))
            self._db.table("exposure_months").delete_where()
            self._db.table("exposure_months").insert_all(map(asdict, months))

    def nights(self) -> list[ExposureCounts]:
        """Return all that was counted, oldest first, each night's accounts by name."""
        rows = self._db.query("SELECT * FROM exposure_counts ORDER BY julianday(at), account")
        return [
            ExposureCounts(
                **{name: value for name, value in row.items() if name not in ("audit", "at")},
                at=datetime.fromisoformat(row["at"]),
            )
            for row in rows
        ]

    def months(self) -> list[MonthCounts]:
        """Return the newest months of all accounts, oldest first."""
        rows = self._db.query("SELECT * FROM exposure_months ORDER BY year, month, account, grade")
        return [MonthCounts(**row) for row in rows]
