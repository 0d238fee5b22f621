"""The workspace that this process serves: what all pages read, put together once and kept until it changes."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from auditbot.decisions.event import Event
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.decisions.standing import Standing, standings, with_events
from auditbot.decisions.subject import post_key
from auditbot.errors import NoAuditYet
from auditbot.examine.faces.trial import TRIAL_FILE, Trial, kept_trial
from auditbot.model import Audit, Post, TrackedFinding
from auditbot.present.kinds import Risk, kind_of
from auditbot.present.order import due_on
from auditbot.registers.changes.accepted import register_lock
from auditbot.registers.declared import Declared, read_declared
from auditbot.registers.secrets import find_key
from auditbot.review.casebook.cases import Case, Order, Tally, cases, tally
from auditbot.review.casebook.figures import Life
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
    visited: tuple[datetime, datetime] | None = None
    """When the visits began and ended that the newest audit rests on, or None."""
    lives: tuple[Life, ...] = ()
    """The lives of all findings that are still kept."""
    first_audit: datetime | None = None
    """When the first audit began that was checked, or None."""
    not_ended: datetime | None = None
    """When an audit began that has not ended; None if the newest has."""
    tally: Tally = field(default_factory=Tally)
    """What pages count and list again and again."""
    by_finding: Mapping[str, Case] = field(default_factory=dict)
    """By the id of each of their findings, the cases."""
    post_keys: Mapping[str, Post] = field(default_factory=dict)
    """Posts by the sixteen hex digits that stand for their address."""
    post_days: Mapping[str, date] = field(default_factory=dict)
    """By the same digits, the school's day on which each was published; those without a date are left out."""
    by_post: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    """By the same digits, the cases of each post, in the order of risk."""


class ServedWorkspace:
    """One workspace, opened for the page. Every thread has its own connections; what they read is shared."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.workspace = workspace
        self.settings = settings
        self.looks: dict[tuple[str, str, str], float] = {}  # who saw which child in what, and when: see seen.py
        self._lock = threading.Lock()
        self._seen: _Seen | None = None
        self._declared: Declared | None = None
        self._view: View | None = None
        self._registers: object = None
        self._stamp: object = None
        self._undecided: tuple[date, _Seen, Declared, dict[str, Standing]] | None = None
        self._trial: tuple[tuple[int, int], Trial | None] | None = None
        self._read_at = 0.0

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open auditbot.db. Raises what Store does."""
        with Store(self.workspace.data / "auditbot.db") as store:
            yield store

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """Open decisions.db. Raises what Ledger does."""
        with Ledger(self.workspace.data / FILE_NAME, lambda: find_key(make=True)) as ledger:
            yield ledger

    def face_trial(self) -> Trial | None:
        """Return the trial of the school's own portraits, or None; read again only if it changed."""
        file = self.workspace.data / TRIAL_FILE
        stamp = _written(file)
        if self._trial is None or self._trial[0] != stamp:
            self._trial = (stamp, kept_trial(file))
        return self._trial[1]

    def now(self) -> datetime:
        """Return the school's local time."""
        return local_now(self.settings)

    def forget(self) -> None:
        """Read everything anew the next time: an audit is known to have ended, or a register to have changed."""
        with self._lock:
            self._seen = self._declared = None

    def view(self) -> View:
        """Return all that pages show. Each part is read anew only if it changed; where things stand, every minute."""
        now = self.now()
        registers = (now.date(), _stamp_of(self._register_files()))
        decisions = _stamp_of(self.workspace.data / f"{FILE_NAME}{more}" for more in ("", "-wal"))
        with self._lock:
            if self._declared is None or registers != self._registers:
                with register_lock(self.workspace.consent):
                    self._declared, self._registers = read_declared(self.workspace, now.date()), registers
                self._view = None
            seen = self._seen
            if seen is None or self._audit_may_have_written():
                self._read_at = time.monotonic()
                seen = self._read_again()
            stamp = (decisions, f"{now:%H:%M}")
            if self._view is None or stamp != self._stamp:
                self._view, self._stamp = self._made(seen, self._declared, now), stamp
            return self._view

    def _register_files(self) -> list[Path]:
        config = (path for path in self.workspace.config.rglob("*") if path.suffix.lower() in (".toml", ".ics"))
        return [*sorted(self.workspace.consent.glob("*.csv")), *sorted(config)]

    def _audit_may_have_written(self) -> bool:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return False
        changed = max(_written(self.workspace.data / f"auditbot.db{more}")[0] for more in ("", "-wal"))
        return changed > time.time_ns() - (time.monotonic() - self._read_at) * 1e9

    def _read_again(self) -> _Seen:
        """Read what audits left, unless it is what was read before: an audit that is at work changes nothing yet."""
        with self.store() as store:
            mark = store.audits.mark()
            if self._seen is None or self._seen.mark != mark:
                self._seen, self._view = self._read_audit(store, mark), None
                gc.freeze()  # thousands of findings live until the next audit; looking them through again takes .2 s
            return self._seen

    def _read_audit(self, store: Store, mark: object) -> _Seen:
        newest = store.audits.latest()
        if newest is None:
            return _Seen(mark)
        posts = {(post.account, post.url): post for post in store.published.posts()}
        keys = {post_key(*place): post for place, post in posts.items()}
        zone = ZoneInfo(self.settings.school.timezone)
        return _Seen(
            mark,
            store.audits.load(newest),
            posts,
            store.audits.first_started(),
            _visited(store, newest),
            tuple(_lives(store)),
            keys,
            {key: post.published_at.astimezone(zone).date() for key, post in keys.items() if post.published_at},
            store.audits.not_ended(),
        )

    def _made(self, seen: _Seen, declared: Declared, now: datetime) -> View:
        with self.ledger() as ledger:
            events = ledger.events()
        order = _order(declared, now, ZoneInfo(self.settings.school.timezone), seen.first)
        school_day = declared.school_days.is_school_day
        stands = with_events(self._without_events(seen, declared, now, order), events, now, school_day)
        made = cases(stands.values(), order)
        return View(
            audit=seen.audit,
            declared=declared,
            posts=seen.posts,
            cases=made,
            events=events,
            now=now,
            visited=seen.visited,
            first_audit=seen.first,
            not_ended=seen.not_ended,
            lives=seen.lives,
            tally=tally(made),
            by_finding={tracked.finding.id: case for case in made for tracked in case.tracked},
            post_keys=seen.keys,
            post_days=seen.days,
            by_post=_by_post(made),
        )

    def _without_events(self, seen: _Seen, declared: Declared, now: datetime, order: Order) -> dict[str, Standing]:
        """Return where all findings stand before anything is decided; put together once a day, audit and register."""
        if seen.audit is None:
            return {}
        kept = self._undecided
        if kept is None or kept[0] != now.date() or kept[1] is not seen or kept[2] is not declared:
            school_day = declared.school_days.is_school_day

            def until(tracked: TrackedFinding) -> date | None:
                return due_on(tracked, order.today, order.first_night, order.zone, order.protected, school_day)

            made = standings(seen.audit.findings, declared, seen.audit.versions, (), now, until, school_day)
            kept = self._undecided = (now.date(), seen, declared, made)
        return kept[3]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What audits left, as the store holds it."""

    mark: object = None
    audit: Audit | None = None
    posts: Mapping[tuple[str, str], Post] = field(default_factory=dict)
    first: datetime | None = None
    visited: tuple[datetime, datetime] | None = None
    lives: tuple[Life, ...] = ()
    keys: Mapping[str, Post] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    not_ended: datetime | None = None


def _by_post(made: Iterable[Case]) -> dict[str, tuple[Case, ...]]:
    found: dict[str, list[Case]] = {}
    for case in made:
        for key in dict.fromkeys(facts.post for facts in case.facts):
            found.setdefault(key, []).append(case)
    return {key: tuple(some) for key, some in found.items()}


def _stamp_of(files: Iterable[Path]) -> tuple[tuple[int, int], ...]:
    return tuple(map(_written, files))


def _written(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _visited(store: Store, audit: str) -> tuple[datetime, datetime] | None:
    began = list(store.audits.visits(audit).values())
    ended = [at for _, at in store.audits.coverage_of(audit).values() if at is not None]
    return (min(began), max(ended)) if began and ended else None


def _lives(store: Store) -> Iterator[Life]:
    for finding, life in store.audits.lives():
        if kind_of(finding.kind).risk is not Risk.RECORDS:
            gone = datetime.fromisoformat(life["gone_at"]) if life["gone_at"] else None
            yield Life(datetime.fromisoformat(life["first_seen"]), gone, finding.clause)


def _order(declared: Declared, now: datetime, zone: ZoneInfo, first: datetime | None) -> Order:
    return Order(
        today=now.date(),
        zone=zone,
        first_night=first.astimezone(zone).date() if first else None,
        protected=frozenset(pupil.pupil_id for pupil in declared.pupils.values() if pupil.never_publish),
        front_pages=frozenset(account.url for account in declared.accounts.values()),
    )


_open: list[ServedWorkspace] = []


def serve_workspace(workspace: Workspace, settings: Settings) -> ServedWorkspace:
    """Make this workspace the one that the process serves, and return it."""
    _open[:] = [ServedWorkspace(workspace, settings)]
    return _open[0]


def served_workspace() -> ServedWorkspace:
    """Return the workspace that this process serves. Raises NoAuditYet if none was opened."""
    if not _open:
        raise NoAuditYet(Path())
    return _open[0]
