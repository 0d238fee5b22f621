"""What the program writes is for this user alone, and whole or not there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from auditbot.safe_files import private_folder, remove_unfinished, write_private

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")


@posix
@pytest.mark.parametrize("before", [None, 0o755, 0o700])
def test_a_folder_lets_in_its_owner_alone_even_if_it_was_there(tmp_path: Path, before: int | None) -> None:
    folder = tmp_path / "reports"
    if before is not None:
        folder.mkdir()
        folder.chmod(before)
    assert private_folder(folder) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix
def test_a_file_is_readable_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "findings.csv"
    path.write_bytes(b"old")
    path.chmod(0o644)
    old = os.umask(0)
    try:
        write_private(path, b"new")
    finally:
        os.umask(old)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.mkdir()
    (path / "kept").write_bytes(b"old")
    with pytest.raises(OSError):
        write_private(path, b"new")
    assert [found.name for found in tmp_path.rglob("*")] == ["report.html", "kept"]


KILLED = """
import os, signal, sys
from pathlib import Path
from auditbot.safe_files import write_private
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
write_private(Path(sys.argv[1]), b"new")
"""


@posix
def test_what_a_killed_write_leaves_can_be_found_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(b"old")
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=60)
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 2
    remove_unfinished(tmp_path)
    assert list(tmp_path.iterdir()) == [path]
