"""A trust's night: each school's audit is a process of its own, that writes that school's files alone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from auditbot.machine.environment import for_an_audit
from auditbot.safe_files import write_private
from auditbot.settings import Cluster
from auditbot.trust.schools import School, take_shared
from auditbot.trust.timetable import Timetable, Visit

LAST_NIGHT = "trust_night.json"
"""Beside the schools: how many seconds each took, to begin with the slowest the next time. No name stands in it."""
VISITORS = ".visitors"
"""Beside the schools: a lock for each host that is being visited, by whichever school's audit."""
NEVER_AUDITED = float("inf")
NOT_BEGUN = 74
"""Stands for the exit code of an audit that was not begun: the shared files could not be brought into the school."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What became of one school's audit."""

    school: School
    """The school."""
    code: int
    """The exit code of its audit."""
    seconds: float
    """How long it took by the clock."""
    own_files: tuple[str, ...]
    """Files of the school's own that stand instead of the trust's."""


Command = Callable[[School], Sequence[str]]


def audit_of(school: School, cluster: Cluster | None = None) -> list[str]:
    """Return the command of one school's audit; ``cluster`` are other machines that look at its photos."""
    folder = school.workspace.folder
    command = [sys.executable, "-m", "auditbot", "--workspace", str(folder), "audit"]
    command += ["--visitors", str(folder.parent / VISITORS)]
    if cluster is None:
        return command
    return [*command, "--scheduler", cluster.scheduler, "--certificates", cluster.certificates]


def run_night(folder: Path, schools: Sequence[School], at_once: int, command: Command = audit_of) -> Iterator[Audited]:
    """Audit every school, so many at once; yield each as it ends. A school whose audit fails stops no other."""
    took = _last_night(folder / LAST_NIGHT)
    by_folder = {school.workspace.folder.name: school for school in schools}
    table = Timetable(Visit(name, one.hosts, took.get(name, NEVER_AUDITED)) for name, one in by_folder.items())
    running: dict[Future[Audited], Visit] = {}
    with ThreadPoolExecutor(at_once) as threads:
        while len(table) or running:
            while len(running) < at_once:
                visit = table.begin(visit.hosts for visit in running.values())
                if visit is None:
                    break
                running[threads.submit(_audit, folder, by_folder[visit.school], command)] = visit
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                took[running.pop(future).school] = future.result().seconds
                yield future.result()
    kept = {name: round(seconds, 1) for name, seconds in took.items() if name in by_folder}
    write_private(folder / LAST_NIGHT, json.dumps(kept, indent=2).encode("ascii"))


def _audit(folder: Path, school: School, command: Command) -> Audited:
    began = time.monotonic()
    try:
        own = take_shared(folder, school)
    except (OSError, ValueError):  # a folder that is read-only, a file that is damaged: this school's alone
        return Audited(school, NOT_BEGUN, time.monotonic() - began, ())
    quiet = subprocess.DEVNULL  # its report says what it found, its log what went wrong
    code = subprocess.run(command(school), stdin=quiet, stdout=quiet, stderr=quiet, env=for_an_audit(), check=False)
    return Audited(school, code.returncode, time.monotonic() - began, own)


def _last_night(path: Path) -> dict[str, float]:
    """Return how long each school took; nothing of a file that is damaged, for it only says who begins."""
    try:
        read = json.loads(path.read_text("ascii"))
    except (OSError, ValueError):
        return {}
    took = read.items() if isinstance(read, dict) else ()
    return {name: float(seconds) for name, seconds in took if isinstance(seconds, int | float)}
