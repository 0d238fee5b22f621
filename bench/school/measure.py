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

_LOOK_SECONDS = 0.2


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
        watch = _Watch(process.pid)
        code = process.wait()
        watch.stop()
        out.seek(0)
        said = out.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Confined workers are waited for by nobody whom this process waits for: what was last seen of each counts.
    cpu = max(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, watch.cpu)
    return Cost(code, cpu, time.monotonic() - began, watch.most, said)


class _Watch:
    """Looks at a process and all it started, several times a second: processor seconds and memory."""

    def __init__(self, pid: int) -> None:
        self.most = 0
        self._spent: dict[tuple[int, float], float] = {}
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
                    times = process.cpu_times()
                    self._spent[process.pid, process.create_time()] = times.user + times.system
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.most = max(self.most, total)

    @property
    def cpu(self) -> float:
        """Processor seconds of all processes, as they were last seen."""
        return sum(self._spent.values())

    def stop(self) -> None:
        """Look no more."""
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
