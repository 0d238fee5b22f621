"""What a whole command costs: processor time of itself and all it started, and the most memory they held at once."""

from __future__ import annotations

import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one command."""

    code: int
    """Its exit code."""
    cpu: float
    """Processor seconds, user and system, of itself and every process it started."""
    wall: float
    """Seconds from start to end, beside whatever else the machine did."""
    peak: int
    """The most bytes of memory held at once, what processes share counted once."""
    said: str
    """What it printed on standard output."""


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run one command to its end. One at a time: children of this process are told apart by before and after."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.DEVNULL)
        peak = _Peak(process.pid)
        code = process.wait()
        peak.stop()
        out.seek(0)
        said = out.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(code, cpu, time.monotonic() - began, peak.most, said)


class _Peak:
    def __init__(self, pid: int) -> None:
        self.most = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(pid,), daemon=True)
        self._thread.start()

    def _look(self, pid: int) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            total = 0
            try:
                processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            except psutil.Error:
                continue
            for process in processes:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.most = max(self.most, total)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


def bytes_in(folder: Path) -> int:
    """Return how many bytes of disk a folder's files take; a file with several names counts once."""
    seen: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found = path.stat()
            seen[found.st_dev, found.st_ino] = found.st_size
    return sum(seen.values())
