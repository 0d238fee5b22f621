"""A pupil who moves to another school of the trust takes refusals along; permission is asked for anew there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from auditbot.registers.changes.entry_refused import ConsentNotRecorded, IdNotInRegister
from auditbot.registers.changes.record_answer import (
    Answered,
    record_answer,
    record_fact,
    withdraw_all,
    withdraw_biometric,
)
from auditbot.registers.consent import NOBODY_KNOWN, History, permission_today
from auditbot.registers.consent_history import read_history
from auditbot.registers.people import CHANNELS, Pupil, pupils_of, read_rows
from auditbot.settings import Workspace
from auditbot.trust.trust_errors import NotThatPupil

NAMES = ("legal_forename", "legal_surname", "date_of_birth")
"""What has to be the same in both registers where both hold it."""


@dataclass(frozen=True, slots=True)
class Move:
    """Who moves from where to where, and who said so."""

    old: Workspace
    """The school before."""
    old_id: str
    """The pupil's id there."""
    new: Workspace
    """The school now."""
    new_id: str
    """The pupil's id here."""
    said_by_old: str
    """Who said so for the school before."""
    said_by_new: str
    """Who said so for the school now."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One refusal."""

    what: str
    """The channel, or the column of the register."""
    on: date
    """The day from which it holds."""
    problem: str = ""
    """Why it was not entered, as a sentence; empty if it was."""


def carry_refusals(move: Move, now: datetime) -> tuple[Carried, ...]:
    """Enter in the new school what the old one has as refused, each with its day; return what was carried.

    Answers already given to the new school are left: one that is later stands. Raises ConsentNotRecorded for an
    unknown id, NotThatPupil if the two registers name different children, RegisterError.
    """
    old, new = _row(move.old, move.old_id), _row(move.new, move.new_id)
    if any(old.get(name) and new.get(name) and _folded(old[name]) != _folded(new[name]) for name in NAMES):
        raise NotThatPupil(move.old_id, move.new_id)
    history = _history(move.old, move.old_id)
    (pupil,) = pupils_of({move.old_id: old}).values()
    return tuple(_enter(move, refused, now) for refused in _refusals(pupil, old, history, now.date()))


def _row(workspace: Workspace, pupil_id: str) -> Mapping[str, str]:
    rows = read_rows(workspace.consent / "pupils.csv")
    if pupil_id not in rows:
        raise IdNotInRegister(workspace.consent / "pupils.csv", pupil_id)
    return rows[pupil_id]


def _history(workspace: Workspace, pupil_id: str) -> History:
    return read_history(workspace.consent / "consent_history.csv", {pupil_id})


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


@dataclass(frozen=True, slots=True)
class _Refused:
    """What the school before has as refused."""

    what: str
    on: date
    by: str = NOBODY_KNOWN


def _refusals(pupil: Pupil, row: Mapping[str, str], history: History, today: date) -> Iterator[_Refused]:
    """What holds there today, whether a cell says it or only an answer that was written down."""
    if row.get("never_publish") == "yes":
        yield _Refused("never_publish", _since(history, pupil.pupil_id, "never_publish", today))
    if row.get("withdrawn_on"):
        yield _Refused("withdrawn_on", date.fromisoformat(row["withdrawn_on"]))
    else:
        for channel in CHANNELS:
            standing = permission_today(pupil, history, channel, today)
            if standing.standing in ("no", "withdrawn", "disagreement"):
                noes = [one for one in history.get((pupil.pupil_id, channel), ()) if one.answer is False]
                noes = [one for one in noes if one.written_by_hand and one.effective_on <= today]
                by = noes[-1].given_by if noes else NOBODY_KNOWN
                yield _Refused(channel, min(standing.since or today, today), by)
    if "yes" in (row.get("biometric_objection"), row.get("child_objects")) or row.get("biometric_consent") == "no":
        yield _Refused("biometric_consent", today)


def _since(history: History, pupil_id: str, kind: str, today: date) -> date:
    answers = next((found for (who, what), found in history.items() if (who, what) == (pupil_id, kind)), [])
    return min(answers[-1].effective_on, today) if answers else today


def _enter(move: Move, refused: _Refused, now: datetime) -> Carried:
    what, day = refused.what, refused.on
    why = f"taken along from the school before, as {move.said_by_old} there and {move.said_by_new} here said"
    given = Answered(move.new_id, refused.by or NOBODY_KNOWN, why, day, now)
    history = _history(move.new, move.new_id)
    try:
        if what == "never_publish":
            record_fact(move.new, given, "never_publish", "yes", history)
        elif what == "withdrawn_on":
            withdraw_all(move.new, given, history)
        elif what == "biometric_consent":
            withdraw_biometric(move.new, given)
        else:
            record_answer(move.new, given, next(one for one in CHANNELS if one == what), "no", history)
    except ConsentNotRecorded as error:
        return Carried(what, day, str(error))
    return Carried(what, day)
