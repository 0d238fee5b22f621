"""The database as a file: whether it is whole, and a copy of it that is whole at one moment."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path


def is_whole(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with the pages and rows of a database; a file that is none is not whole."""
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        try:
            (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError:
            return False
    return bool(said == "ok")


def copy_database(path: Path, to: Path) -> None:
    """Copy a database that may be in use: the copy holds all that was written until now, without a log beside it."""
    with (
        contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database,
        contextlib.closing(sqlite3.connect(to)) as copy,
    ):
        database.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
