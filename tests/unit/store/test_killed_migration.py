"""A kill at any moment of bringing a file up to date leaves it as it was or as it should be, with every row."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditbot.decisions.event import Action, Draft
from auditbot.decisions.ledger import Ledger
from auditbot.store import Store
from tests.unit.store.facts import NOON, URL, finding, photo, post
from tests.unit.store.older_files import NAMES, as_before, kill_at

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def killed_at(statement: int, work: Callable[[], None]) -> bool:
    """Do the work in a process of its own, killed before it has SQLite carry out this statement; False if it ended."""
    child = os.fork()
    if child == 0:
        try:
            with kill_at(statement):
                work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def older(path: Path, stop_before: str) -> None:
    """Make a file as the version before this migration had it, with all that its columns can hold."""
    newest = path.with_name("newest.db")
    with Store(newest) as store:
        for number in range(30):
            store.published.save_post(post(f"{URL}/{number}", "a" * 64), NOON)
        store.examined.save_photo(photo("a" * 64), "engines 1")
        store.audits.save_check(
            store.audits.begin(NOON, ""), NOON, findings=[finding()], not_checked=(), ended={}, versions={},
            posts_without_finding=29,
        )  # fmt: skip
    as_before(stop_before, newest, path)


def content(path: Path) -> dict[str, object]:
    """Return every table's definition and rows, but for the moment at which a migration was applied."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name, _ in tables}
    rows["_sqlite_migrations"] = [row[:-1] for row in rows.get("_sqlite_migrations", [])]
    return {"tables": sorted(tables), "rows": rows}


def opened(path: Path) -> Callable[[], None]:
    return lambda: Store(path).close()


@pytest.mark.parametrize(("first", "step"), [(NAMES[1], 31), (NAMES[-1], 7)])
def test_the_store_is_brought_up_to_date_whole_or_not_at_all(tmp_path: Path, first: str, step: int) -> None:
    before, undisturbed = tmp_path / "before.db", tmp_path / "undisturbed.db"
    older(before, first)
    shutil.copy(before, undisturbed)
    Store(undisturbed).close()
    wanted, statement, kills = content(undisturbed), 1, 0
    assert content(before) != wanted and wanted["rows"]["posts"] and wanted["rows"]["findings"]  # type: ignore[index]
    while True:
        path = tmp_path / f"killed-{statement}.db"
        shutil.copy(before, path)
        if not killed_at(statement, opened(path)):
            break
        assert content(path)["tables"] in (content(before)["tables"], wanted["tables"])
        Store(path).close()
        assert content(path) == wanted, statement
        path.unlink()
        statement, kills = statement + step, kills + 1
    assert kills >= 5
    assert content(path) == wanted


def test_a_new_decisions_file_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    statement = 1
    while True:
        path = tmp_path / f"decisions-{statement}.db"
        if not killed_at(statement, lambda path=path: Ledger(path).close()):  # type: ignore[misc]
            break
        with Ledger(path) as ledger:
            ledger.append([Draft("DSL", Action.DOWN, finding="f1")])
            assert ledger.verify() is None and len(ledger.events()) == 1
        statement += 1
    assert statement > 8
