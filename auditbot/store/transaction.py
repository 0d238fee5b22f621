"""One transaction, which asks for the right to write at its start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """Write all of what follows or nothing of it.

    A plain BEGIN would read first and ask later, and is refused at once if another process wrote in between.
    """
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.conn.rollback()
        raise
    database.conn.execute("COMMIT")
