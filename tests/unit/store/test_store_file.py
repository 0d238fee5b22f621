"""The file itself: private, safe against kills and second readers, brought up to date or refused with a sentence."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlite_utils

from auditbot.errors import CannotWrite, StoreDamaged, StoreTooNew
from auditbot.model import Comment
from auditbot.store import Store
from auditbot.store.schema import MIGRATIONS
from tests.unit.store.facts import NOON, URL, post

NAMES = [migration.name for migration in MIGRATIONS.pending(sqlite_utils.Database(memory=True))]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX file modes")
def test_file_log_and_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with Store(tmp_path / "data" / "auditbot.db") as store:
            store.published.save_post(post(), NOON)
            files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    finally:
        os.umask(old)
    assert files == {"auditbot.db": 0o600, "auditbot.db-wal": 0o600, "auditbot.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        with Store(tmp_path / "auditbot.db") as store:
            store.published.save_post(post(), NOON)
    with Store(tmp_path / "auditbot.db") as store:
        assert list(store.published.posts()) == [post()]


def test_a_full_disk_is_told_and_what_was_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "auditbot.db"
    with Store(path) as store:
        store.published.save_post(post(), NOON)
        store._connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the pages there are as the least
        with pytest.raises(CannotWrite, match="cannot be written: the disk is full"):
            store.published.save_post(replace(post(), url=f"{URL}/long", text="words " * 100_000), NOON)
        assert list(store.published.posts()) == [post()]
        store._connection.execute("PRAGMA max_page_count = 1000000")
        store.published.save_post(replace(post(), url=f"{URL}/short"), NOON)
    with Store(path) as store:
        assert {kept.url for kept in store.published.posts()} == {post().url, f"{URL}/short"}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_every_earlier_version_is_brought_up_to_date(tmp_path: Path, name: str) -> None:
    path = tmp_path / "auditbot.db"
    older = sqlite_utils.Database(path)
    MIGRATIONS.apply(older, stop_before=name)
    assert name in [migration.name for migration in MIGRATIONS.pending(older)]
    older.close()
    with Store(path) as store:
        store.published.save_post(post(), NOON)
        assert list(store.published.posts()) == [post()]
    newer = sqlite_utils.Database(path)
    assert [applied.name for applied in MIGRATIONS.applied(newer)] == NAMES
    newer.close()


def test_a_file_of_a_later_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "auditbot.db"
    Store(path).close()
    later = sqlite3.connect(path)
    later.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('auditbot', 'm999_x', '')")
    later.commit()
    later.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    later.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match=r"newer version of auditbot. Update auditbot"):
        Store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"pupil_id,upn\n" * 200, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "auditbot.db"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="damaged or is no database"):
        Store(path)
    assert path.read_bytes() == content


def test_two_at_once_write_and_read_without_failing(tmp_path: Path) -> None:
    path, errors = tmp_path / "auditbot.db", []
    start = threading.Barrier(4)

    def write(name: str) -> None:
        try:
            start.wait(30)
            with Store(path) as store:
                for number in range(25):
                    store.published.save_post(post(f"{URL}/{number}", "a" * 64, account=name), NOON)
                    list(store.published.posts(name))
        except (sqlite3.Error, threading.BrokenBarrierError) as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    with Store(path) as store:
        assert len(list(store.published.posts())) == 100


def test_a_reader_sees_the_last_state_while_another_writes(tmp_path: Path) -> None:
    path = tmp_path / "auditbot.db"
    with Store(path) as writer, Store(path) as reader:
        writer.published.save_post(post(), NOON)
        reading = reader.published.posts()
        assert next(reading) == post()
        writer.published.save_post(post(title="Harvest!"), NOON)
        assert [one.title for one in reader.published.posts()] == ["Harvest!"]


KILLED = """
import os, signal, sys
from pathlib import Path
from auditbot.store import Store
from tests.unit.store.test_store_file import ONE, OTHER, NOON
left = int(sys.argv[2])
store = Store(Path(sys.argv[1]))
store.published.save_post(ONE, NOON)
def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
store._connection.set_trace_callback(count)
store.published.save_post(OTHER, NOON)
"""
ONE = replace(post(URL, "a" * 64), comments=(Comment("Ann", "Lovely"),))
OTHER = replace(post(URL, "b" * 64, "c" * 64, title="Harvest!"), comments=(Comment("Bob", "Oh"), Comment("Cy", "Ah")))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("statement", [2, 5, 8, 11])
def test_a_kill_at_any_moment_leaves_all_of_a_post_or_nothing(tmp_path: Path, repository: Path, statement: int) -> None:
    path = tmp_path / "auditbot.db"
    command = [sys.executable, "-c", KILLED, str(path), str(statement)]
    ended = subprocess.run(command, cwd=repository, check=False, timeout=120)
    assert ended.returncode == -9
    with Store(path) as store:
        assert list(store.published.posts()) == [ONE]
        store.published.save_post(OTHER, NOON)
        assert list(store.published.posts()) == [OTHER]
