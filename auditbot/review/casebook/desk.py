"""The desk: what all pages read, put together once and kept until anything of it changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from auditbot.decisions.event import Event
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.decisions.standing import standings
from auditbot.errors import NoAuditYet
from auditbot.model import Audit, Post, TrackedFinding
from auditbot.present.school_days import due
from auditbot.registers.declared import Declared, read_declared
from auditbot.registers.secrets import find_key
from auditbot.review.casebook.cases import Case, cases
from auditbot.run import local_now
from auditbot.settings import Settings, Workspace
from auditbot.store import Store

FRESH_SECONDS = 10.0
"""How long what an audit wrote meanwhile may go unnoticed; decisions and registers are noticed at once."""


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page shows, as it stood at one moment."""

    audit: Audit | None
    """The newest audit, or None if there was none."""
    declared: Declared
    """The registers."""
    posts: Mapping[tuple[str, str], Post]
    """Posts as collected, by account and permalink."""
    cases: tuple[Case, ...]
    """All cases, in the order of risk."""
    events: tuple[Event, ...]
    """All decisions, oldest first."""
    now: datetime
    """When it was put together, in the school's time."""
    by_finding: Mapping[str, Case] = field(default_factory=dict)
    """By the id of each of their findings, the cases."""


class Desk:
    """One workspace, opened for the page. Every thread has its own connections; what they read is shared."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.workspace = workspace
        self.settings = settings
        self._lock = threading.Lock()
        self._view: View | None = None
        self._stamp: object = None
        self._read_at = 0.0

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open auditbot.db. Raises what Store does."""
        with Store(self.workspace.data / "auditbot.db") as store:
            yield store

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """Open decisions.db. Raises what Ledger does."""
        with Ledger(self.workspace.data / FILE_NAME, find_key) as ledger:
            yield ledger

    def now(self) -> datetime:
        """Return the school's local time."""
        return local_now(self.settings)

    def view(self) -> View:
        """Return all that pages show, read anew only if something changed."""
        stamp = self._stamped()
        with self._lock:
            if self._view is None or stamp != self._stamp or self._audit_may_have_written():
                self._view, self._stamp, self._read_at = self._read(), stamp, time.monotonic()
            return self._view

    def _stamped(self) -> object:
        """Return what changes when registers or decisions do, or a day begins."""
        places = [self.workspace.data / f"{FILE_NAME}{more}" for more in ("", "-wal")]
        places += sorted(self.workspace.consent.glob("*.csv")) + sorted(self.workspace.config.rglob("*.toml"))
        return (self.now().date(), tuple(map(_written, places)))

    def _audit_may_have_written(self) -> bool:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return False
        changed = max(_written(self.workspace.data / f"auditbot.db{more}")[0] for more in ("", "-wal"))
        return changed > time.time_ns() - (time.monotonic() - self._read_at) * 1e9

    def _read(self) -> View:
        now = self.now()
        declared = read_declared(self.workspace, now.date())
        with self.ledger() as ledger:
            events = ledger.events()
        audit, posts, first_night = None, {}, None
        with self.store() as store:
            newest = store.audits.latest()
            if newest is not None:
                audit = store.audits.load(newest)
                posts = {(post.account, post.url): post for post in store.published.posts()}
                first_night = _first_night(store)
        made = _cases(audit, declared, events, now, first_night) if audit else ()
        return View(
            audit=audit,
            declared=declared,
            posts=posts,
            cases=made,
            events=events,
            now=now,
            by_finding={tracked.finding.id: case for case in made for tracked in case.tracked},
        )


def _written(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _first_night(store: Store) -> date | None:
    first = min((life["first_seen"] for _, life in store.audits.lives() if life["first_seen"]), default="")
    return datetime.fromisoformat(first).date() if first else None


def _cases(
    audit: Audit, declared: Declared, events: tuple[Event, ...], now: datetime, first_night: date | None
) -> tuple[Case, ...]:
    def until(tracked: TrackedFinding) -> date | None:
        seen = now if tracked.state == "back" else tracked.first_seen.astimezone(now.tzinfo)
        return due(tracked.finding.severity, seen.date())

    found = standings(audit.findings, declared, audit.versions, events, now, until)
    return cases(found.values(), first_night, now.date())


_open: list[Desk] = []


def open_desk(workspace: Workspace, settings: Settings) -> Desk:
    """Make this workspace the one that the process serves, and return its desk."""
    _open[:] = [Desk(workspace, settings)]
    return _open[0]


def desk() -> Desk:
    """Return the desk of this process. Raises NoAuditYet if none was opened."""
    if not _open:
        raise NoAuditYet(Path())
    return _open[0]
