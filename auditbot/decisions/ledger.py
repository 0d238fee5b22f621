"""``data/decisions.db``: events one after another, each chained to the one before; none is ever changed or removed.

What an event says of a child (which, about what, the note) stands beside the chain and enters it as a salted hash only,
so that a pupil can be forgotten and the chain still holds.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from auditbot.decisions.event import FIRST_CHAIN, Action, Draft, Event, Reason, chain_of, digest_of
from auditbot.errors import CannotWrite, DecisionsDamaged, DecisionsTooNew, NothingToTakeBack
from auditbot.machine.refusals import database_refusal

FILE_NAME = "decisions.db"
VERSION = 1
"""Of the file's layout, kept as SQLite's user_version."""
BUSY_SECONDS = 30.0
"""Seconds to wait for another process that is just writing an event; one event takes milliseconds."""
BUSY_PAUSE = 0.01
"""Seconds between two tries to choose the write-ahead log."""

_FINAL = """CREATE TRIGGER event_is_final BEFORE UPDATE OF id, at, actor, acting_for, action, rule, reason, moment,
    about, batch, before, digest, chain, once ON event BEGIN SELECT RAISE(ABORT, 'events are final'); END"""
_LAYOUT = (
    """CREATE TABLE event (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, acting_for TEXT NOT NULL, action TEXT NOT NULL,
    rule TEXT NOT NULL, reason TEXT NOT NULL, moment TEXT, about INTEGER, batch INTEGER NOT NULL, before INTEGER,
    digest TEXT NOT NULL, chain TEXT NOT NULL, once TEXT UNIQUE,
    salt BLOB, personal TEXT, note BLOB
    ) STRICT""",
    "CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events stay'); END",
    _FINAL,
)


class Ledger:
    """The open file. Each append is one short transaction of its own; any number of processes may read meanwhile."""

    def __init__(self, path: Path, key: Callable[[], Fernet | MultiFernet] | None = None) -> None:
        """Open or make the file; ``key`` returns what notes are sealed with, and is asked only if there is one.

        Raises DecisionsDamaged if the file is none of ours, DecisionsTooNew if a later version wrote it.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._path, self._key = path, key
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            self._prepare()
        except (sqlite3.Error, DecisionsTooNew, DecisionsDamaged) as error:
            self._connection.close()
            if type(error) is sqlite3.DatabaseError:
                raise DecisionsDamaged(path) from error
            self._refuse(error)
            raise

    def _prepare(self) -> None:
        self._write_ahead()
        self._connection.execute("PRAGMA synchronous = FULL")  # what was answered "recorded" survives a power cut
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.row_factory = sqlite3.Row
        version = self._version()
        if version == 0:
            with self._writing():
                if self._version() == 0:  # another process may have made it since
                    if self._connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                        raise DecisionsDamaged(self._path)  # it is another program's
                    for statement in _LAYOUT:
                        self._connection.execute(statement)
                    self._connection.execute(f"PRAGMA user_version = {VERSION}")
        elif version > VERSION:
            raise DecisionsTooNew(self._path)

    def _write_ahead(self) -> None:
        """Choose the write-ahead log: while others open the same new file SQLite says "busy" at once, so ask again."""
        busy_ends = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > busy_ends:
                    raise
            time.sleep(BUSY_PAUSE)

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.rollback()
            if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise CannotWrite(self._path, "the disk is full; nothing was recorded") from error
            self._refuse(error)
            raise

    def _refuse(self, error: BaseException) -> None:
        """Raise what the disk or another program did to this file as a sentence that names it."""
        code = getattr(error, "sqlite_errorcode", 0) if isinstance(error, sqlite3.Error) else 0
        if code and (refused := database_refusal(self._path, code)):
            raise refused from error

    def append(self, drafts: Sequence[Draft], *, once: str = "", at: datetime | None = None) -> tuple[Event, ...]:
        """Write these drafts as one step, all or none, and return the events.

        ``once`` names the step: a second append of the same name (a form sent twice) writes nothing and returns the
        events of the first. ``at`` is when it happened, with a zone; by default now. Raises CannotWrite if the disk is
        full, and the errors of ``key`` if a note cannot be sealed.
        """
        moment = (at or datetime.now(UTC)).astimezone(UTC)
        notes = [self._sealed(draft.note) for draft in drafts]
        with self._writing():
            if once and (done := self._named(once)):
                return done
            first = int(self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM event").fetchone()[0])
            last = self._connection.execute("SELECT chain FROM event ORDER BY id DESC LIMIT 1").fetchone()
            chain = last["chain"] if last else FIRST_CHAIN
            known = self._last_by_subject({draft.subject for draft in drafts if draft.subject})
            written = []
            for number, (draft, note) in enumerate(zip(drafts, notes, strict=True), first):
                salt, personal = secrets.token_bytes(16), _personal(draft, note)
                event = Event(
                    id=number,
                    at=moment,
                    draft=replace(draft, note=""),
                    batch=first,
                    before=known.get(draft.subject),
                    digest=digest_of(salt, personal),
                    chain="",
                    has_note=note is not None,
                )
                chain = chain_of(chain, event)
                event = replace(event, chain=chain)
                self._insert(event, salt, personal, note, once if number == first else "")
                known[draft.subject] = number
                written.append(event)
        return tuple(written)

    def take_back(self, event_id: int, actor: str, *, acting_for: str = "", once: str = "") -> tuple[Event, ...]:
        """Take back a step, all events of its batch, with one more event; taken back already, nothing is written.

        Raises NothingToTakeBack if there is no such event, or it is itself a taking back.
        """
        events = self.events()
        found = next((event for event in events if event.id == event_id), None)
        if found is None or found.action is Action.UNDO:
            raise NothingToTakeBack(event_id)
        if any(event.action is Action.UNDO and event.draft.about == found.batch for event in events):
            return ()
        first = next(event for event in events if event.id == found.batch)
        undo = replace(
            first.draft,
            action=Action.UNDO,
            reason=Reason.NONE,
            when=None,
            actor=actor,
            acting_for=acting_for,
            about=found.batch,
            seen={},
        )
        return self.append((undo,), once=once or f"take back {found.batch}")

    def events(self) -> tuple[Event, ...]:
        """Return all events, oldest first."""
        return tuple(map(_event, self._connection.execute("SELECT * FROM event ORDER BY id")))

    def note(self, event: Event) -> str:
        """Return the words of an event, opened; empty if it has none, or if they cannot be opened with this key."""
        row = self._connection.execute("SELECT note FROM event WHERE id = ?", [event.id]).fetchone()
        if row is None or row["note"] is None or self._key is None:
            return ""
        try:
            return self._key().decrypt(row["note"]).decode()
        except InvalidToken:
            return ""

    def verify(self) -> int | None:
        """Return the id of the first event that is not as it was written, or None if all are."""
        chain, expected = FIRST_CHAIN, 1
        for row in self._connection.execute("SELECT * FROM event ORDER BY id"):
            event = _event(row)
            chain = chain_of(chain, event)
            whole = row["salt"] is None or digest_of(row["salt"], _with_note(row)) == event.digest
            if event.id != expected or chain != event.chain or not whole:
                return event.id
            expected += 1
        return None

    def seal_anew(self, key: MultiFernet) -> int:
        """Seal every note with the first of these keys, and return how many no key opens: these stay.

        The sealed bytes are part of the chain, so the chain is written anew with them: all in one step, and only if it
        is whole. Raises DecisionsDamaged if it is not.
        """
        lost, chain = 0, FIRST_CHAIN
        with self._writing():
            if self.verify() is not None:
                raise DecisionsDamaged(self._path)
            self._connection.execute("DROP TRIGGER event_is_final")
            for row in self._connection.execute("SELECT * FROM event ORDER BY id").fetchall():
                event, note = _event(row), row["note"]
                if note is not None:
                    try:
                        note = key.rotate(note)
                    except InvalidToken:
                        lost += 1
                    event = replace(event, digest=digest_of(row["salt"], str(row["personal"]) + note.hex()))
                chain = chain_of(chain, event)
                self._connection.execute(
                    "UPDATE event SET note = ?, digest = ?, chain = ? WHERE id = ?",
                    [note, event.digest, chain, event.id],
                )
            self._connection.execute(_FINAL)
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return lost

    def forget(self, pupil_id: str, rule: str = "") -> int:
        """Forget all that events about this pupil, or those of one rule and what takes them back, say of them.

        Return how many. The chain still verifies.
        """
        about = [event for event in self.events() if pupil_id in event.draft.pupil_ids]
        ruled = {event.id for event in about if rule in ("", event.draft.rule)}
        return self._forget([event.id for event in about if event.id in ruled or event.draft.about in ruled])

    def forget_before(self, moment: datetime, still_needed: Callable[[Event], bool]) -> int:
        """Forget what events written before ``moment`` say of children, unless still needed; return how many."""
        old = [
            event.id for event in self.events() if event.at < moment and not event.forgotten and not still_needed(event)
        ]
        return self._forget(old)

    def _forget(self, ids: Sequence[int]) -> int:
        with self._writing():
            for number in ids:
                self._connection.execute(
                    "UPDATE event SET salt = NULL, personal = NULL, note = NULL WHERE id = ?", [number]
                )
        if ids:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(ids)

    def copy_to(self, path: Path) -> None:
        """Write a copy as it stands now, while others may go on writing; it is made whole or not at all."""
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            copy = sqlite3.connect(part)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _sealed(self, note: str) -> bytes | None:
        if not note:
            return None
        if self._key is None:
            raise ValueError("a note needs a key to be sealed with")
        return self._key().encrypt(note.encode())

    def _named(self, once: str) -> tuple[Event, ...]:
        row = self._connection.execute("SELECT batch FROM event WHERE once = ?", [once]).fetchone()
        if row is None:
            return ()
        rows = self._connection.execute("SELECT * FROM event WHERE batch = ? ORDER BY id", [row["batch"]])
        return tuple(map(_event, rows))

    def _last_by_subject(self, subjects: set[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        if subjects:
            for event in self.events():
                if event.draft.subject in subjects:
                    found[event.draft.subject] = event.id
        return found

    def _insert(self, event: Event, salt: bytes, personal: str, note: bytes | None, once: str) -> None:
        draft = event.draft
        row = {
            "id": event.id,
            "at": event.at.isoformat(),
            "actor": draft.actor,
            "acting_for": draft.acting_for,
            "action": draft.action.value,
            "rule": draft.rule,
            "reason": draft.reason.value,
            "moment": draft.when.isoformat() if draft.when else None,
            "about": draft.about,
            "batch": event.batch,
            "before": event.before,
            "digest": event.digest,
            "chain": event.chain,
            "once": once or None,
            "salt": salt,
            "personal": json.dumps(_said(draft), sort_keys=True),
            "note": note,
        }
        columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        self._connection.execute(f"INSERT INTO event ({columns}) VALUES ({places})", row)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _said(draft: Draft) -> dict[str, Any]:
    """Return what can be forgotten of a draft, besides its note."""
    return {
        "finding": draft.finding,
        "post": draft.post,
        "subject": draft.subject,
        "pupil_ids": list(draft.pupil_ids),
        "seen": dict(draft.seen),
    }


def _personal(draft: Draft, note: bytes | None) -> str:
    return json.dumps(_said(draft), sort_keys=True) + (note or b"").hex()


def _with_note(row: sqlite3.Row) -> str:
    return str(row["personal"]) + (row["note"] or b"").hex()


def _event(row: sqlite3.Row) -> Event:
    said = json.loads(row["personal"]) if row["personal"] is not None else {}
    draft = Draft(
        actor=row["actor"],
        action=Action(row["action"]),
        finding=said.get("finding", ""),
        post=said.get("post", ""),
        subject=said.get("subject", ""),
        rule=row["rule"],
        pupil_ids=tuple(said.get("pupil_ids", ())),
        reason=Reason(row["reason"]),
        when=datetime.fromisoformat(row["moment"]) if row["moment"] else None,
        seen=said.get("seen", {}),
        about=row["about"],
        acting_for=row["acting_for"],
    )
    return Event(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        draft=draft,
        batch=row["batch"],
        before=row["before"],
        digest=row["digest"],
        chain=row["chain"],
        has_note=row["note"] is not None,
        forgotten=row["personal"] is None,
    )
