"""Database files as earlier versions had them, and processes that are killed at one of SQLite's statements."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlite_utils

from auditbot.store.schema import MIGRATIONS

NAMES = [migration.name for migration in MIGRATIONS.pending(sqlite_utils.Database(memory=True))]
"""All migrations, oldest first."""


def as_before(migration: str, newest: Path, path: Path) -> None:
    """Make at ``path`` what the version before a migration would have kept of all that is in ``newest``."""
    with contextlib.closing(sqlite_utils.Database(path)) as made:
        MIGRATIONS.apply(made, stop_before=migration)
        made.conn.execute("ATTACH ? AS newest", [str(newest)])
        made.conn.execute("PRAGMA foreign_keys = OFF")
        for table in made.tables:
            if not table.name.startswith(("_", "sqlite_")):
                columns = ", ".join(f'"{column.name}"' for column in table.columns)
                made.conn.execute(f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM newest."{table.name}"')
        made.conn.commit()


@contextlib.contextmanager
def kill_at(left: int) -> Iterator[None]:
    """Kill this process before SQLite carries out so many statements more, whatever connection they come by."""
    connect = sqlite3.connect

    def counting(*args: object, **named: object) -> sqlite3.Connection:
        made = connect(*args, **named)  # type: ignore[call-overload]

        def count(_: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        made.set_trace_callback(count)
        return made  # type: ignore[no-any-return]

    sqlite3.connect = counting  # type: ignore[assignment]
    try:
        yield
    finally:  # what measures the tests' coverage writes with SQLite too
        sqlite3.connect = connect
