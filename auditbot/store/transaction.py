"""One transaction, which asks for the right to write at its start."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from auditbot.errors import CannotWrite

_DISK_FULL = "the disk is full. What was done before is kept; make room, and start the command again"


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """Write all of what follows or nothing of it. Raises CannotWrite if the disk is full.

    A plain BEGIN would read first and ask later, and is refused at once if another process wrote in between.
    """
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.conn.execute("COMMIT")
    except BaseException as error:
        database.conn.rollback()
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            place = Path(database.conn.execute("PRAGMA database_list").fetchone()[2])
            raise CannotWrite(place, _DISK_FULL) from error
        raise
