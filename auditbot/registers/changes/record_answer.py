"""An answer that somebody enters by hand: into the history, with who and why, and into pupils.csv, in one step."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from auditbot.model import Channel
from auditbot.registers.changes import register_gate as gate
from auditbot.registers.changes.accepted import BY_HAND, accepted_files, edited, register_lock
from auditbot.registers.changes.entry_refused import (
    AllWithdrawnLater,
    DayNotCome,
    DayTooEarly,
    EditWaits,
    LaterAnswerStands,
    NoLastDay,
    NotSaidByWhom,
    NotSaidOf,
    RegistersNotFree,
)
from auditbot.registers.consent import WORDS, ConsentAnswer, Fact, History, Kind
from auditbot.registers.consent_history import with_answers
from auditbot.registers.csv_register import read_table
from auditbot.registers.people import CHANNELS, register_bytes, row_as_written
from auditbot.safe_files import replace_together
from auditbot.settings import Workspace

BIOMETRIC_LOG = "biometric_history.csv"
BIOMETRIC_HEADING = ("pupil_id", "answer", "effective_on", "given_by", "recorded_at", "source")
"""Append-only, like consent_history.csv: who withdrew consent to hold a face template, when and why."""
SAID_OF_FACT: Mapping[Fact, tuple[str, ...]] = {
    "never_publish": ("yes", "no"),
    "name_use": ("none", "first", WORDS[None]),
}
"""What one can say of a fact that is no day."""
BY_COMMAND = "recorded with auditbot consent"
SAID = {word: answer for answer, word in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Answered:
    """Who answered for whom, when, and how it came."""

    pupil_id: str
    """Whom it is about."""
    by: str
    """Who gave it."""
    why: str
    """How it came, or why."""
    on: date
    """The day from which it holds."""
    now: datetime
    """When it is entered."""


def record_answer(workspace: Workspace, given: Answered, channel: Channel, answer: str, history: History) -> None:
    """Record one answer. Raises ConsentNotRecorded if it cannot stand beside what is on record."""
    _check(given)
    days = _days(given, history, [channel])
    row = row_as_written(workspace.consent / "pupils.csv", given.pupil_id)
    answers: list[ConsentAnswer] = []
    cells: dict[str, str] = {channel: answer}
    if answer == "yes" and row.get("withdrawn_on"):
        withdrawn = _date(row["withdrawn_on"])
        if given.on < withdrawn:
            raise AllWithdrawnLater(withdrawn)
        # The withdrawal of everything becomes a no for each channel, so that one of them can be given again.
        answers = [_answer(given, each, "no", withdrawn) for each in CHANNELS if not _refused(history, given, each)]
        cells = {**{str(each): "no" for each in CHANNELS}, "withdrawn_on": "", channel: answer}
    _write(
        workspace, given.now, given.pupil_id, cells, [*answers, *(_answer(given, channel, answer, day) for day in days)]
    )


def withdraw_all(workspace: Workspace, given: Answered, history: History) -> None:
    """Record that permission for every channel is withdrawn. Raises ConsentNotRecorded."""
    _check(given)
    cells = {**{str(channel): "no" for channel in CHANNELS}, "withdrawn_on": given.on.isoformat()}
    days = _days(given, history, CHANNELS)
    _write(
        workspace,
        given.now,
        given.pupil_id,
        cells,
        [_answer(given, each, "no", day) for each in CHANNELS for day in days],
    )


def _days(given: Answered, history: History, channels: Sequence[Channel]) -> list[date]:
    """Return the days to date an answer by: the day given, and today too if something was only noticed in between.

    Raises ConsentNotRecorded if somebody wrote down a later answer: that one would go on to hold.
    """
    later = [
        each
        for channel in channels
        for each in history.get((given.pupil_id, channel), ())
        if each.effective_on > given.on
    ]
    if stated := [each for each in later if each.written_by_hand]:
        raise LaterAnswerStands(stated[-1].channel, stated[-1].effective_on)
    return [given.on, given.now.date()] if later else [given.on]


def record_fact(workspace: Workspace, given: Answered, fact: Fact, said: str, history: History) -> None:
    """Record whether a pupil is never to be published, which name may be used, or the last day of validity.

    ``said`` is yes or no; none, first or not_recorded; a day as 2026-08-31 or not_recorded. Raises ConsentNotRecorded.
    """
    _check(given)
    if fact == "consent_expires_on" and said != WORDS[None]:
        try:
            date.fromisoformat(said)
        except ValueError as error:
            raise NoLastDay from error
    elif said not in SAID_OF_FACT[fact] and fact != "consent_expires_on":
        raise NotSaidOf(fact, SAID_OF_FACT[fact])
    cell = "" if said == WORDS[None] or (fact == "never_publish" and said == "no") else said
    answer = {"yes": True, "no": False}.get(said) if fact == "never_publish" else None
    value = "" if fact == "never_publish" or said == WORDS[None] else said
    days = [given.on, given.now.date()] if any(
        each.effective_on > given.on for each in history.get((given.pupil_id, fact), ())
    ) else [given.on]  # fmt: skip
    answers = [replace(_answer(given, fact, WORDS[None], day), answer=answer, value=value) for day in days]
    _write(workspace, given.now, given.pupil_id, {fact: cell}, answers)


def withdraw_biometric(workspace: Workspace, given: Answered) -> None:
    """Record that consent to hold a face template is withdrawn; the next command removes it."""
    _check(given)
    cells = {"biometric_consent": "no", "biometric_withdrawn_on": given.on.isoformat()}
    log = workspace.consent / BIOMETRIC_LOG
    line = (given.pupil_id, "no", given.on.isoformat(), given.by, given.now.isoformat(timespec="minutes"), given.why)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([line] if log.exists() else [BIOMETRIC_HEADING, line])
    earlier = log.read_bytes() if log.exists() else b""
    _write(workspace, given.now, given.pupil_id, cells, [], {BIOMETRIC_LOG: earlier + text.getvalue().encode("utf-8")})


def biometric_answers(workspace: Workspace, pupil_id: str) -> list[tuple[str, ...]]:
    """Return what was entered by hand about holding a face template: day, answer, giver, when entered, why."""
    log = workspace.consent / BIOMETRIC_LOG
    rows = list(read_table(log, BIOMETRIC_HEADING, BIOMETRIC_HEADING)) if log.exists() else []
    wanted = ("effective_on", "answer", "given_by", "recorded_at", "source")
    return [tuple(row.text(name) for name in wanted) for row in rows if row.text("pupil_id") == pupil_id]


def _check(given: Answered) -> None:
    if given.on > given.now.date():
        raise DayNotCome
    if given.on.year < 1900:
        raise DayTooEarly
    for name, text in (("--by", given.by), ("--why", given.why)):
        if not text.strip() or not text.isprintable():
            raise NotSaidByWhom(name)


def _refused(history: History, given: Answered, channel: Channel) -> bool:
    answers = history.get((given.pupil_id, channel), ())
    return bool(answers) and answers[-1].answer is False


def _answer(given: Answered, channel: Kind, answer: str, on: date) -> ConsentAnswer:
    moment = given.now.isoformat(timespec="minutes")
    source = f"entered by hand: {' '.join(given.why.split())}"
    return ConsentAnswer(given.pupil_id, channel, SAID[answer], on, " ".join(given.by.split()), moment, source)


def _date(text: str) -> date:
    return date.fromisoformat(text) if "-" in text else datetime.strptime(text, "%d/%m/%Y").date()


def _write(
    workspace: Workspace,
    now: datetime,
    pupil_id: str,
    cells: Mapping[str, str],
    answers: Iterable[ConsentAnswer],
    logs: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Replace these cells of the pupil's row and add the answers: a person's word, so no stop stands.

    Raises ConsentNotRecorded if a file is not free, or an edit by hand waits for a person's word.
    """
    try:
        with register_lock(workspace.consent):
            state = edited(workspace.consent, now.date())
            if state.stopped:
                raise EditWaits(state.stopped[0].sentence)
            rows = {each: dict(row) for each, row in state.after.items()}
            rows[pupil_id].update(cells)
            changed = [(BY_HAND, state.changes), (BY_COMMAND, gate.difference(state.after, rows, now.date()))]
            files = {
                "pupils.csv": register_bytes(rows.values()),
                "consent_history.csv": with_answers(workspace.consent / "consent_history.csv", answers),
                **accepted_files(workspace.consent, rows, changed, now),
                **logs,
            }
            replace_together(workspace.consent, files)
    except OSError as error:
        raise RegistersNotFree(error.strerror or type(error).__name__) from error
