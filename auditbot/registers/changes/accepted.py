"""The register as it was last accepted, what changed in ``pupils.csv`` since, and the log of every change.

``consent/register_changes.csv`` is append-only: when, how, whom, what. Names and birthdays never stand in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from auditbot.errors import RegisterError, RegistersInUse
from auditbot.registers.changes import register_gate as gate
from auditbot.registers.csv_register import read_table
from auditbot.registers.people import CHANNELS, FLAGS, read_rows, register_bytes
from auditbot.safe_files import private_folder, replace_together
from auditbot.sentences import Sentence
from auditbot.settings import Workspace, load_settings

PUPILS, ACCEPTED, LOG = "pupils.csv", "kept/pupils-accepted.csv", "register_changes.csv"
LOG_HEADING = ("at", "how", "pupil_id", "what", "column", "old", "new")
BY_HAND = "edited by hand"
VALUES_TOLD = frozenset((*CHANNELS, *FLAGS, *gate.DAYS_THAT_PROTECT, "name_use", "consent_expires_on", "left_on",
                         "biometric_consent"))  # fmt: skip
"""Columns whose values stand in the log; of all others only that they changed."""
LONGEST_WAIT = 60
"""Seconds that writing a register waits for another command to write one; no audit ever holds it for longer than it
reads or adds a few lines.
"""

Rows = dict[str, dict[str, str]]


@contextmanager
def register_lock(consent: Path) -> Iterator[None]:
    """Hold the registers while they are read or written: a moment, and never for as long as an audit takes.

    Raises RegistersInUse if another command does not let go of them.
    """
    place = private_folder(consent.parent / "data") / "registers.lock"
    lock = FileLock(place, mode=0o600, timeout=LONGEST_WAIT, is_singleton=True)
    try:
        lock.acquire()
    except Timeout as error:
        raise RegistersInUse(consent) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Edited:
    """What differs between the accepted register and ``pupils.csv``."""

    before: Rows
    """The accepted register, by pupil id."""
    after: Rows
    """What ``pupils.csv`` holds."""
    changes: tuple[gate.Change, ...]
    """Every difference."""
    stopped: tuple[gate.Stopped, ...]
    """What of it needs a person's word."""

    @property
    def to_go_by(self) -> Rows:
        """The register that counts: the edited one, or while a stop stands the accepted one made stricter."""
        return gate.guarded(self.before, self.after, self.stopped) if self.stopped else self.after


def edited(consent: Path, today: date) -> Edited:
    """Compare ``pupils.csv`` with the register as it was last accepted; at the first time nothing is compared.

    Raises RegisterError if ``pupils.csv`` cannot be read, or where a spreadsheet took leading zeros off the ids.
    """
    after = read_rows(consent / PUPILS)
    if not (consent / ACCEPTED).exists():
        return Edited(after, after, (), ())
    before = read_rows(consent / ACCEPTED)
    _refuse_lost_zeros(consent / PUPILS, before, after)
    changes = gate.difference(before, after, today)
    dated = {
        (each.pupil_id, each.column)
        for each in changes
        if each.what == gate.What.ANSWER
        and after[each.pupil_id].get("consent_given_on", "") > before[each.pupil_id].get("consent_given_on", "")
    }
    return Edited(before, after, changes, gate.stops(changes, before, after, today, dated))


def _refuse_lost_zeros(path: Path, before: Rows, after: Rows) -> None:
    bare: dict[str, list[str]] = {}
    for pupil_id in before:
        if pupil_id not in after and pupil_id.startswith("0"):
            bare.setdefault(pupil_id.lstrip("0"), []).append(pupil_id)
    lines = {pupil_id: number for number, pupil_id in enumerate(after, 2)}
    lost = [
        f"line {lines[pupil_id]}, column pupil_id: {pupil_id} was {bare[pupil_id][0]}; a spreadsheet took the "
        "zeros off. Write them again, with the column formatted as text"
        for pupil_id in after
        if pupil_id not in before and pupil_id in bare
    ]
    if lost:
        raise RegisterError(path, lost)


def accepted_files(
    consent: Path, rows: Rows, changed: Sequence[tuple[str, Sequence[gate.Change]]], now: datetime
) -> dict[str, bytes]:
    """Return the files, by name, that make these rows the accepted register, with the log of what changed, and how."""
    files = {ACCEPTED: register_bytes(rows.values())}
    if any(changes for _, changes in changed):
        files[LOG] = _with_log(consent / LOG, changed, now)
    return files


def _with_log(path: Path, changed: Sequence[tuple[str, Sequence[gate.Change]]], now: datetime) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    earlier = path.read_bytes() if path.exists() else b""
    if not earlier:
        writer.writerow(LOG_HEADING)
    moment = now.isoformat(timespec="seconds")
    for how, changes in changed:
        for each in changes:
            old, new = (each.old, each.new) if each.column in VALUES_TOLD else ("", "")
            writer.writerow([moment, how, each.pupil_id, each.what.value, each.column, old, new])
    return earlier + text.getvalue().encode("utf-8")


def lines_since(consent: Path, since: datetime | None) -> tuple[Sentence, ...]:
    """Return what reports say of every change of the register after a moment, or of all that the log holds."""
    path = consent / LOG
    if not path.exists():
        return ()
    by_how: dict[str, list[gate.Change]] = {}
    for row in read_table(path, LOG_HEADING, LOG_HEADING):
        if since is None or datetime.fromisoformat(row.text("at")) > since:
            what = gate.What(row.text("what"))
            change = gate.Change(what, row.text("pupil_id"), row.text("column"), row.text("old"), row.text("new"))
            by_how.setdefault(row.text("how"), []).append(change)
    return tuple(line for how, changes in by_how.items() for line in gate.lines(changes, how))


def accept(consent: Path, state: Edited, now: datetime) -> None:
    """Make what ``pupils.csv`` holds the accepted register, and note every change. Raises OSError if it cannot be."""
    if state.changes or not (consent / ACCEPTED).exists():
        replace_together(consent, accepted_files(consent, state.after, [(BY_HAND, state.changes)], now))


def restore(consent: Path, now: datetime) -> Path:
    """Put the accepted register back in the place of the edited one, which is kept. Return where it is kept."""
    kept = f"kept/pupils-{now:%Y-%m-%dT%H%M%S}-edited.csv"
    files = {kept: (consent / PUPILS).read_bytes(), PUPILS: (consent / ACCEPTED).read_bytes()}
    replace_together(consent, files)
    return consent / kept


def local_moment(workspace: Workspace) -> datetime:
    """Return the school's local time, to the second."""
    return datetime.now(ZoneInfo(load_settings(workspace).school.timezone)).replace(microsecond=0)
