"""A hostile file costs its own result and nothing else; no worker outlives the program."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pypdfium2 as pdfium
import pytest

from auditbot.errors import ModelFileWrong
from auditbot.examine.workers import STOPPED, ExamineWorkers
from auditbot.log import FAULT_TOLD
from auditbot.model import Spool
from auditbot.settings import Examine, School, Settings
from tests.unit.examine.hostile_pictures import cut, saved, scene, write


@pytest.fixture
def workers() -> Iterator[ExamineWorkers]:
    with ExamineWorkers(Settings(school=School(name="Larkmere"), examine=Examine(workers=2))) as pool:
        yield pool


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return [write(tmp_path, str(number).encode(), f"{number:02}") for number in range(6)]


def read_number(path: Path) -> str:
    return path.read_text()


def trip_over(trap: str, how: str, path: Path) -> str:
    """Read the file, but fail on one of them as a broken decoder does."""
    if path.name == trap:
        if how == "crash":
            os.kill(os.getpid(), getattr(signal, "SIGSEGV", signal.SIGTERM))
        if how == "exit":
            os._exit(1)
        if how == "hang":
            time.sleep(60)
        if how == "raise":
            raise ZeroDivisionError("in a decoder")
        if how == "too much memory":
            bytearray(8 * 1024**3)
        if how == "wrong model":
            raise ModelFileWrong(path, "is not the file it should be")
    return path.read_text()


def failed(path: Path, reason: str) -> str:
    return f"{path.name}: {reason}"


def test_every_file_gives_one_result(workers: ExamineWorkers, paths: list[Path]) -> None:
    assert sorted(workers.map(read_number, paths, failed, 60), key=int) == [str(number) for number in range(6)]


def test_no_file_needs_no_worker(workers: ExamineWorkers) -> None:
    before = {child.pid for child in psutil.Process().children()}
    assert list(workers.map(read_number, [], failed, 60)) == []
    assert {child.pid for child in psutil.Process().children()} == before


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("crash", STOPPED),
        ("exit", STOPPED),
        ("hang", STOPPED),
        ("raise", FAULT_TOLD),
        pytest.param(
            "too much memory",
            "The file needs more memory than one file may take, so it was not examined.",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only"),
        ),
    ],
)
def test_one_hostile_file_costs_only_its_own_result(
    how: str, reason: str, workers: ExamineWorkers, paths: list[Path]
) -> None:
    results = list(workers.map(partial(trip_over, "05", how), paths, failed, 1.0 if how == "hang" else 60))
    assert sorted(results) == sorted([*(str(number) for number in range(6) if number != 5), f"05: {reason}"])


def test_a_fault_in_a_worker_is_logged_with_the_way_that_led_there(
    workers: ExamineWorkers, paths: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="auditbot"):
        list(workers.map(partial(trip_over, "00", "raise"), paths[:1], failed, 60))
    (record,) = caplog.records
    carried = record.auditbot  # type: ignore[attr-defined]
    assert (carried["where"], carried["error"]) == ("examine", "ZeroDivisionError")
    assert any(step.endswith(" trip_over") for step in carried["trace"])


def test_several_hostile_files_are_told_apart(workers: ExamineWorkers, paths: list[Path]) -> None:
    results = list(workers.map(exit_on_even, paths[:4], failed, 60))
    assert sorted(result for result in results if ":" not in result) == sorted(str(n) for n in range(1, 4, 2))
    assert sorted(result for result in results if ":" in result) == [f"{n:02}: {STOPPED}" for n in range(0, 4, 2)]


def exit_on_even(path: Path) -> str:
    if int(path.name) % 2 == 0:
        os._exit(3)
    return path.read_text()


def test_the_workers_go_on_after_a_crash(workers: ExamineWorkers, paths: list[Path]) -> None:
    list(workers.map(partial(trip_over, "00", "exit"), paths[:1], failed, 60))
    assert len(list(workers.map(read_number, paths, failed, 60))) == 6


def test_what_concerns_the_whole_run_stops_it(workers: ExamineWorkers, paths: list[Path]) -> None:
    with pytest.raises(ModelFileWrong, match="Install auditbot again"):
        list(workers.map(partial(trip_over, "03", "wrong model"), paths, failed, 60))


def test_leaving_early_ends_workers_that_are_busy(paths: list[Path]) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    start = time.monotonic()
    with ExamineWorkers(Settings(school=School(name="Larkmere"), examine=Examine(workers=2))) as pool:
        results = pool.map(partial(trip_over, "01", "hang"), paths[:3], failed, 600)
        assert next(results) in {"0", "2"}
    assert time.monotonic() - start < 30
    assert not [child for child in children_named_worker() if child.pid not in before]


def children_named_worker() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def test_photos_and_documents_come_back_with_their_facts(workers: ExamineWorkers, tmp_path: Path) -> None:
    photos = [
        write(tmp_path, saved(scene(320, 200), "JPEG"), "a"),
        write(tmp_path, cut("JPEG"), "b"),
        write(tmp_path, b"", "c"),
    ]
    facts = {str(photo.not_examined): photo for photo in workers.map_photos(photos)}
    assert set(facts) == {"", "The file is cut short.", "The file is empty."}
    assert (facts[""].width, facts[""].height, facts[""].faces) == (320, 200, ())
    assert facts["The file is empty."].sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    document = pdfium.PdfDocument.new()
    document.new_page(200, 200)
    document.save(tmp_path / "d")
    (read,) = workers.map_documents([tmp_path / "d"], Spool(tmp_path))
    assert read.pages == ("",)
    assert read.not_examined == ""


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal that Windows does not have")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_a_killed_program(how: signal.Signals, tmp_path: Path) -> None:
    write(tmp_path, b"1", "01")
    (tmp_path / "program.py").write_text(
        textwrap.dedent("""
            import sys, time
            from functools import partial
            from pathlib import Path
            from auditbot.examine.workers import ExamineWorkers
            from auditbot.settings import Examine, School, Settings

            def sleep(path):
                Path(sys.argv[2]).touch()
                time.sleep(120)

            if __name__ == "__main__":
                with ExamineWorkers(Settings(school=School(name="x"), examine=Examine(workers=2))) as workers:
                    list(workers.map(sleep, [Path(sys.argv[1])] * 2, lambda path, reason: None, 600))
        """)
    )
    started = tmp_path / "started"
    program = subprocess.Popen([sys.executable, tmp_path / "program.py", tmp_path / "01", started], cwd=Path.cwd())
    family = psutil.Process(program.pid)
    while not started.exists():
        assert program.poll() is None
        time.sleep(0.05)
    workers = family.children(recursive=True)
    assert workers
    program.send_signal(how)
    program.wait(30)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive
