"""Workers that open files from the web reach no network and none of the disk but the spool, where bubblewrap works."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditbot.doctor.browsers import check_workers
from auditbot.examine.workers import ExamineWorkers
from auditbot.machine.confinement import PROGRAM, ConfinedPython, Folders, confines
from auditbot.settings import Examine, School, Settings

HERE = confines()
ONE_WORKER = Settings(school=School(name="Larkmere"), examine=Examine(workers=1))


@pytest.fixture
def somebody() -> Iterator[int]:
    """Return the port of somebody on this machine who would answer."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def try_all(path: Path) -> str:
    """Try what a decoder that has been taken over would; say what could be done, a word each."""
    port, secret = path.read_text().split()
    could = ["spool"]
    try:
        socket.create_connection(("127.0.0.1", int(port)), 3).close()
        could.append("network")
    except OSError:
        pass
    for name, place in (("secret", Path(secret)), ("parent", Path(f"/proc/{os.getppid()}/root{secret}"))):
        try:
            place.read_bytes()
            could.append(name)
        except OSError:
            pass
    if (path.parents[1] / "evidence" / "kept").is_file():
        could.append("evidence")
    for name, place in (("write", path.parent), ("forge", path.parents[1] / "evidence")):
        try:
            (place / "written").write_text("")
            could.append(name)
        except OSError:
            pass
    return " ".join(could)


def failed(path: Path, reason: str) -> str:
    return f"{path.name}: {reason}"


def tried(tmp_path: Path, port: int, *, only: bool) -> str:
    """Let a worker try, with a secret outside of the folder that it is given."""
    spool, secret = tmp_path / "spool", tmp_path / "pupils.csv"
    spool.mkdir()
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "kept").write_text("")
    secret.write_text("P001")
    (spool / "file").write_text(f"{port} {secret}")
    with ExamineWorkers(ONE_WORKER, only=Folders((spool,), (tmp_path / "evidence",)) if only else None) as workers:
        (told,) = workers.map(try_all, [spool / "file"], failed, 60)
    return told


@pytest.mark.skipif(not HERE, reason="this system has no bubblewrap, or does not allow it")
def test_a_worker_reaches_the_spool_alone(tmp_path: Path, somebody: int) -> None:
    assert tried(tmp_path, somebody, only=True) == "spool evidence write"


@pytest.mark.skipif(not HERE, reason="this system has no bubblewrap, or does not allow it")
def test_a_worker_for_our_own_files_sees_the_disk_and_no_network(tmp_path: Path, somebody: int) -> None:
    assert tried(tmp_path, somebody, only=False) == "spool secret parent evidence write forge"


def test_where_nothing_confines_workers_work_all_the_same_and_doctor_says_so(
    tmp_path: Path, somebody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditbot.machine.confinement.shutil.which", lambda _: None)
    confines.cache_clear()
    try:
        assert tried(tmp_path, somebody, only=True) == "spool network secret parent evidence write forge"
        notes = [check.message for check in check_workers()]
        assert [PROGRAM in note or "bubblewrap" in note for note in notes] == [True] * (sys.platform == "linux")
    finally:
        confines.cache_clear()


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is a program of Linux")
def test_a_bubblewrap_that_is_not_allowed_is_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = tmp_path / PROGRAM
    refusing.write_text("#!/bin/sh\necho 'setting up uid map: Permission denied' >&2\nexit 1\n")
    refusing.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    confines.cache_clear()
    try:
        assert not confines()
        assert ConfinedPython(Folders((tmp_path,))).path is None
    finally:
        confines.cache_clear()


STARTED = """
from pathlib import Path
from auditbot.examine.workers import ExamineWorkers
from auditbot.machine.confinement import Folders
from tests.unit.machine.test_confinement import ONE_WORKER, failed, words_of

if __name__ == "__main__":
    spool = Path({spool!r})
    with ExamineWorkers(ONE_WORKER, only=Folders((spool,))) as workers:
        print(*workers.map(words_of, [spool / "file"], failed, 60))
"""


def words_of(path: Path) -> str:
    return path.read_text()


@pytest.mark.skipif(not HERE, reason="this system has no bubblewrap, or does not allow it")
def test_a_program_that_is_started_by_a_link_has_its_workers(tmp_path: Path, repository: Path) -> None:
    """As pipx and uv make one, in a folder that nothing else of the program lies in."""
    for name in ("spool", "kept", "bin"):
        (tmp_path / name).mkdir()
    (tmp_path / "spool" / "file").write_text("read")
    (tmp_path / "kept" / "auditbot").write_text(STARTED.format(spool=str(tmp_path / "spool")))
    (tmp_path / "bin" / "auditbot").symlink_to(tmp_path / "kept" / "auditbot")
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    command = [sys.executable, str(tmp_path / "bin" / "auditbot")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "read\n", done.stdout + done.stderr
