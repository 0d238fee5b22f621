"""auditbot, killed with its children at the N-th step of one kind: python -m tests.bench.cut.killed_at KIND N WORDS…

KIND is "migration" (a statement of SQLite while the store's file is brought up to date) or "report" (a file that is
opened, renamed or removed below reports/). With N = 0 nothing is killed, and the number of steps is the last line said.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable

import sqlite_utils

from auditbot.cli import main
from auditbot.store.schema import MIGRATIONS

_BELOW = f"{os.sep}reports{os.sep}"


def _counted(at: int) -> tuple[Callable[[], None], list[int]]:
    """Return what counts a step and kills this process's group at the given one, and what it has counted."""
    counted = [0]

    def count() -> None:
        counted[0] += 1
        if counted[0] == at:
            os.killpg(os.getpgid(0), signal.SIGKILL)

    return count, counted


def _at_a_file(count: Callable[[], None]) -> None:
    def hear(event: str, details: tuple[object, ...]) -> None:
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.symlink") and any(
            _BELOW in str(detail) for detail in details[:2]
        ):
            count()

    sys.addaudithook(hear)


def _at_a_statement(count: Callable[[], None]) -> None:
    apply = MIGRATIONS.apply

    def counting(database: sqlite_utils.Database) -> None:
        assert isinstance(database.conn, sqlite3.Connection)
        database.conn.set_trace_callback(lambda _: count())
        apply(database)
        count()  # all is made, and nothing of it is written yet

    MIGRATIONS.apply = counting  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    count, counted = _counted(int(sys.argv[2]))
    {"migration": _at_a_statement, "report": _at_a_file}[sys.argv[1]](count)
    code = main(sys.argv[3:])
    print(counted[0])
    sys.exit(code)
