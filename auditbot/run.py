"""One run: the lock by which a workspace has one at a time, the school's clock, and what goes from stage to stage."""

from __future__ import annotations

import hashlib
import math
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from auditbot.errors import AuditRunning
from auditbot.model import Spool
from auditbot.registers.declared import Declared
from auditbot.safe_files import private_folder
from auditbot.settings import Settings, Workspace
from auditbot.store import Store

WARC_FILE = "pages.warc.gz"
"""Name of the file of pages in the folder of a report, where an audit was asked to keep them."""


SPARE_BYTES = 300_000_000
"""So much of the disk an audit leaves free: its database and its report are still to be written."""
EXAMINING = 0.25
"""The share of an audit's time that visits leave to examining; what is checked and reported takes minutes."""


class Progress(Protocol):
    """Shows how far a stage has come. Names no person, only counts."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins; ``total`` is None where it cannot be known."""

    def advance(self, stage: str) -> None:
        """One more item of the stage is done."""

    def finish(self, stage: str) -> None:
        """The stage has ended."""


class Quiet:
    """Shows nothing."""

    def start(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, stage: str) -> None:
        """Say nothing."""

    def finish(self, stage: str) -> None:
        """Say nothing."""


QUIET = Quiet()


@dataclass(frozen=True, slots=True)
class Run:
    """One run of some or all stages."""

    workspace: Workspace
    """Where the school's files lie."""
    settings: Settings
    """config/auditbot.toml."""
    declared: Declared
    """The registers, as they stood when the run began."""
    store: Store
    """The open database."""
    audit: str
    """Id of the audit."""
    progress: Progress
    """Where progress is shown."""
    visitors: Path | None = None
    """Folder of locks that audits of several schools share, so that no host has two visitors; None for one school."""
    ends_at: float = math.inf
    """When its time is over, by the clock that only goes on (time.monotonic)."""
    removes_by_age: bool = True
    """Whether this run removes what is older than it may be kept; not while the clock cannot be believed."""

    @property
    def spool(self) -> Spool:
        """Files fetched and not yet examined and checked."""
        return Spool(private_folder(self.workspace.data / "spool"))

    @property
    def evidence(self) -> Path:
        """Photos kept because a finding rests on them, named by content hash."""
        return private_folder(self.workspace.data / "evidence")

    def bytes_of(self, sha256: str) -> Path | None:
        """Return the file with this content hash if it is at hand, in the spool or as kept evidence."""
        places = (self.spool.path(sha256), self.evidence / sha256)
        return next((place for place in places if place.is_file()), None)

    def seconds_left(self, keeping: float = 0.0) -> float:
        """Return how many seconds are left of this run's time, less what is kept for what comes later."""
        return max(self.ends_at - keeping - time.monotonic(), 0.0)

    def bytes_left(self) -> int:
        """Return how much of the disk this run may still fill: what the settings give it, and what the disk has."""
        taken = sum(path.stat().st_size for path in self.spool.folder.iterdir() if path.is_file())
        free = shutil.disk_usage(self.workspace.data).free - SPARE_BYTES
        return max(min(int(self.settings.collect.max_audit_gigabytes * 1e9) - taken, free), 0)

    def now(self) -> datetime:
        """Return the school's local time."""
        return local_now(self.settings)


@contextmanager
def one_visitor(locks: Path | None, url: str) -> Iterator[None]:
    """Hold the host of this address while it is visited; wait as long as an audit of another school holds it."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    if locks is None or not host:
        yield
        return
    name = hashlib.sha256(host.encode()).hexdigest()[:20]
    with FileLock(private_folder(locks) / f"{name}.lock", mode=0o600):
        yield


def local_now(settings: Settings) -> datetime:
    """Return the school's local time, to the second."""
    return datetime.now(ZoneInfo(settings.school.timezone)).replace(microsecond=0)


@contextmanager
def one_at_a_time(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for one run; the operating system lets go of it when the process ends, however it ends.

    Raises AuditRunning if another process holds it.
    """
    lock = FileLock(private_folder(workspace.data) / "audit.lock", mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise AuditRunning(workspace.folder) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def stage(progress: Progress, name: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Show one stage from start to finish; call what is yielded once per item."""
    progress.start(name, total)
    yield lambda: progress.advance(name)
    progress.finish(name)
