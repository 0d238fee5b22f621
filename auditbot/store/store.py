"""Opening the file: private, write-ahead log, foreign keys, up to date."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import TracebackType

import sqlite_utils

from auditbot.errors import AuditbotError, StoreDamaged, StoreTooNew
from auditbot.machine.refusals import database_refusal
from auditbot.store.archives import Archives
from auditbot.store.audits import Audits
from auditbot.store.erasure import Erasure, Forgetting
from auditbot.store.examined_rows import Examined
from auditbot.store.exposure_rows import Exposures
from auditbot.store.published_rows import Answers, Published
from auditbot.store.read_texts import ReadTexts
from auditbot.store.schema import MIGRATIONS
from auditbot.store.transaction import writing

BUSY_SECONDS = 30.0
"""So long another program may hold the file before a command gives up."""

StoreError = sqlite3.Error
"""What the database under a store raises where no class in auditbot/errors.py says more."""


class Store:
    """The open file. Each of its three parts is written by one stage and read by the later ones.

    Every method of a part is one transaction, so a run that is killed at any moment leaves either all of a fact or
    nothing of it. The file holds pupil ids, never names from the register, and never the vector of a posted face.
    """

    published: Published
    """Posts, comments, photos and documents as found: written by ``collect``."""
    examined: Examined
    """Faces and words by content hash: written by ``examine``."""
    audits: Audits
    """Audits, coverage, what was not checked, findings over time: written by ``check``."""
    archives: Archives
    """Platforms' own downloads, and what came from each: written by ``import-archive``."""
    exposures: Exposures
    """How exposed each account's photos were, night by night: written after ``check``."""
    answers: Answers
    """What sites answered, to go on after a cut and to ask only for what has changed: written by ``collect``."""
    read_texts: ReadTexts
    """What was found in texts, without their words: written by ``check``."""
    erasure: Erasure
    """Removes people whose face data may no longer be held, and records it."""
    forgetting: Forgetting
    """Removes one pupil entirely."""

    def __init__(self, path: Path) -> None:
        """Open or make the file at ``path``.

        Raises StoreTooNew if a later version of the program wrote it, StoreDamaged if it is no database
        of ours.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._path = path
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            database = self._up_to_date(path)
        except (sqlite3.Error, StoreTooNew, StoreDamaged) as error:
            self._connection.close()
            if isinstance(error, sqlite3.Error) and (refused := _refusal(path, error)):
                raise refused from error
            raise
        self.published = Published(database)
        self.examined = Examined(database)
        self.audits = Audits(database)
        self.archives = Archives(database)
        self.exposures = Exposures(database)
        self.answers = Answers(database)
        self.read_texts = ReadTexts(database)
        self.erasure = Erasure(database)
        self.forgetting = Forgetting(database)

    def _up_to_date(self, path: Path) -> sqlite_utils.Database:
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("PRAGMA secure_delete = ON")
        database = sqlite_utils.Database(self._connection)
        names = {applied.name for applied in MIGRATIONS.applied(database)}
        if not names and any(not name.startswith("_") for name in database.table_names()):
            raise StoreDamaged(path)  # it is another program's
        database.enable_wal()
        if names - _names_of_this_version():
            raise StoreTooNew(path)
        if MIGRATIONS.pending(database):
            with writing(database):
                MIGRATIONS.apply(database)
        return database

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; what the disk or another program did to it leaves as a sentence."""
        self.close()
        if isinstance(error, sqlite3.Error) and (refused := _refusal(self._path, error)):
            raise refused from error


def _refusal(path: Path, error: sqlite3.Error) -> AuditbotError | None:
    return database_refusal(path, getattr(error, "sqlite_errorcode", 0))


def _names_of_this_version() -> set[str]:
    empty = sqlite_utils.Database(memory=True)
    return {migration.name for migration in MIGRATIONS.pending(empty)}
