"""One run at a time in a workspace: held against every other process, and let go of however the holder ends."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from auditbot.errors import AuditRunning
from auditbot.pipeline import Request
from auditbot.run import one_at_a_time, one_visitor, stage
from auditbot.settings import Cluster, Workspace

HOLDER = """
import sys
from pathlib import Path
from auditbot.run import one_at_a_time
from auditbot.settings import Cluster, Workspace
with one_at_a_time(Workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that holds the workspace until it is told to let go."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate(timeout=60)


def test_a_second_run_is_refused_while_another_process_holds_the_workspace(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        for _ in range(2):
            with pytest.raises(AuditRunning, match="Wait until it ends"), one_at_a_time(Workspace(tmp_path)):
                pytest.fail("two runs at once")
        other.communicate("let go\n", timeout=60)
        with one_at_a_time(Workspace(tmp_path)):
            pass


def test_a_killed_holder_leaves_nothing_behind(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        other.kill()
        other.wait(60)
        with one_at_a_time(Workspace(tmp_path)):
            pass


def test_a_second_run_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with one_at_a_time(Workspace(tmp_path)):
        with pytest.raises(AuditRunning), one_at_a_time(Workspace(tmp_path)):
            pytest.fail("two runs at once")
        with pytest.raises(AuditRunning), one_at_a_time(Workspace(tmp_path)):
            pytest.fail("two runs at once")


def test_another_workspace_is_another_matter(tmp_path: Path) -> None:
    with one_at_a_time(Workspace(tmp_path / "a")), one_at_a_time(Workspace(tmp_path / "b")):
        pass


def test_a_run_that_fails_lets_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), one_at_a_time(Workspace(tmp_path)):
        raise KeyError
    with one_at_a_time(Workspace(tmp_path)):
        pass


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX file modes")
def test_lock_and_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with one_at_a_time(Workspace(tmp_path)):
            assert stat.S_IMODE((tmp_path / "data" / "audit.lock").stat().st_mode) == 0o600
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@dataclass
class Told:
    """Progress as a list of what was shown."""

    lines: list[tuple[object, ...]] = field(default_factory=list)

    def start(self, stage: str, total: int | None) -> None:
        self.lines.append(("start", stage, total))

    def advance(self, stage: str) -> None:
        self.lines.append(("advance", stage))

    def finish(self, stage: str) -> None:
        self.lines.append(("finish", stage))


def test_a_stage_is_shown_from_start_to_finish() -> None:
    told = Told()
    with stage(told, "Posts checked", 2) as one_more:
        one_more()
        one_more()
    name = "Posts checked"
    assert told.lines == [("start", name, 2), ("advance", name), ("advance", name), ("finish", name)]


def test_a_host_has_one_visitor_at_a_time_whoever_asks(tmp_path: Path) -> None:
    seen: list[str] = []
    inside = threading.Event()

    def visit(name: str, url: str) -> None:
        with one_visitor(tmp_path / "locks", url):
            seen.append(f"{name} in")
            inside.set()
            threading.Event().wait(0.1)
            seen.append(f"{name} out")

    first = threading.Thread(target=visit, args=("first", "https://www.shared.example/a"), daemon=True)
    second = threading.Thread(target=visit, args=("second", "https://shared.example/b"), daemon=True)
    first.start()
    assert inside.wait(60), "the first visit never began"
    second.start()
    for visitor in (first, second):
        visitor.join(60)
        assert not visitor.is_alive(), "a visit waits for ever"
    assert seen == ["first in", "first out", "second in", "second out"]


def test_other_hosts_and_a_school_alone_never_wait(tmp_path: Path) -> None:
    with one_visitor(tmp_path, "https://one.example/"), one_visitor(tmp_path, "https://two.example/"):
        pass
    with one_visitor(None, "https://one.example/"), one_visitor(None, "https://one.example/"):
        pass


def test_the_same_request_goes_on_with_the_same_audit_and_no_other() -> None:
    since, cluster = date(2026, 11, 1), Cluster("tls://workers:8786", "certificates")
    asked = [Request(), Request(account="website"), Request(since=since), Request(cluster=cluster), Request(warc=True)]
    assert len({one.key for one in asked}) == len(asked)
    again = Request(since=since, cluster=Cluster("tls://workers:8786", "certificates"))
    assert Request(cluster=cluster, since=since).key == again.key
