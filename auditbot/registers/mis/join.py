"""An export joined with the register: every pupil's new row, every dated answer, and what a person should see first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from auditbot.model import Channel
from auditbot.registers.changes import register_gate as gate
from auditbot.registers.consent import (
    FIRST_SEEN,
    IMPORT,
    IMPORT_FIRST_SEEN,
    IMPORT_FORM,
    NOBODY_KNOWN,
    WORDS,
    ConsentAnswer,
    History,
    may_take_back,
)
from auditbot.registers.mis.entries import Export
from auditbot.registers.mis.headings import folded
from auditbot.registers.mis.match import match, number
from auditbot.registers.mis.notes import Note, Question
from auditbot.registers.mis.rows import NAMES, Entry
from auditbot.registers.people import CHANNELS, COLUMNS

Cells = dict[str, str]
SAID = {"yes": True, "no": False, "not_recorded": None}
NEVER_EMPTIED = (
    "upn", "admission_no", "former_surnames", "date_of_birth", "on_roll_from", "name_use", "consent_given_on",
    "consent_by", "consent_expires_on", "withdrawn_on", "never_publish", "sibling_group",
    "biometric_parents_notified_on", "biometric_objection", "child_objects", "biometric_withdrawn_on", "photo_file",
)  # fmt: skip
"""What an empty cell of an export does not take out of the register."""
OF_THE_RECORD = (
    "legal_forename", "legal_surname", "preferred_forename", "preferred_surname", "date_of_birth", "year_group",
    "class",
)  # fmt: skip
"""What only the school's records say of a child, and no form that a parent filled in."""
PROTECTIONS = ("never_publish", "biometric_objection", "child_objects")
"""Columns whose yes protects a child; an export that says no to one that says yes needs a person's word."""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer, or a protection, that the import changes."""

    pupil_id: str
    """Whom it is about."""
    column: str
    """The channel, or the column of a protection."""
    old: str
    """What the register says."""
    new: str
    """What it will say."""


@dataclass(slots=True)
class Joined:
    """The register as it will be, and what changes."""

    rows: dict[str, Cells] = field(default_factory=dict)
    """Every row of the new register by pupil id, in its order."""
    answers: list[ConsentAnswer] = field(default_factory=list)
    """Dated answers to add to the history."""
    new: list[str] = field(default_factory=list)
    """Ids of pupils who are not in the register yet."""
    left: list[str] = field(default_factory=list)
    """Ids of pupils on roll who are missing from the export."""
    back: list[str] = field(default_factory=list)
    """Ids of pupils who had left and are in the export."""
    changed: list[Change] = field(default_factory=list)
    """Answers that change, of pupils who are in the register already."""
    details: dict[str, list[str]] = field(default_factory=dict)
    """By pupil id, the other columns that change."""
    kept: list[Change] = field(default_factory=list)
    """Answers that stay although the export says another: a refusal written down since."""
    unchanged: int = 0
    """How many pupils of the export change in nothing."""
    problems: list[str] = field(default_factory=list)
    """Why the export cannot be joined."""
    questions: list[Question] = field(default_factory=list)
    """What a person has to decide; the rest comes in without it."""
    notes: list[Note] = field(default_factory=list)
    """What is to be told of how rows and pupils were matched."""
    dated: set[tuple[str, str]] = field(default_factory=set)
    """Pupil and channel of each yes that bears a newer day than the answer before it."""
    stops: tuple[gate.Stopped, ...] = ()
    """What needs a person's word."""
    changes: tuple[gate.Change, ...] = ()
    """Everything that changes, as the gate of the register sees it."""


def join(
    export: Export,
    register: Mapping[str, Cells],
    history: History,
    today: date,
    decided: Mapping[str, str] | None = None,
) -> Joined:
    """Join an export with the rows of the register, with what a person decided of it before."""
    matched = match(export, register, decided or {})
    joined = Joined(problems=matched.problems, questions=[*export.questions, *matched.questions], notes=matched.notes)
    of_pupil = matched.of_pupil
    _notice_swapped_names(of_pupil, register, joined)
    for pupil_id, row in register.items():
        if pupil_id in of_pupil:
            joined.rows[pupil_id] = _joined_row(pupil_id, row, of_pupil[pupil_id], export, history, today, joined)
        elif export.whole_school and pupil_id not in matched.asked_about:
            joined.rows[pupil_id] = _leaver(pupil_id, row, today, joined)
        else:
            joined.rows[pupil_id] = row
    for pupil_id, entry in of_pupil.items():
        if pupil_id not in register:
            joined.new.append(pupil_id)
            joined.rows[pupil_id] = _new_row(pupil_id, entry, export, history, today, joined)
    joined.changes = gate.difference(register, joined.rows, today)
    joined.stops = gate.stops(joined.changes, register, joined.rows, today, joined.dated)
    if export.answers_nothing:
        why = "no cell of it answers yes or no for any channel (colours and struck-through cells are no answers)."
        joined.stops = (*joined.stops, gate.Stopped(gate.Stop.NO_ANSWERS, why))
    return joined


def _notice_swapped_names(of_pupil: Mapping[str, Entry], register: Mapping[str, Cells], joined: Joined) -> None:
    compared = [
        (register[pupil_id], entry)
        for pupil_id, entry in of_pupil.items()
        if pupil_id in register and "legal_surname" in entry.cells
    ]
    swapped = [
        entry.row
        for row, entry in compared
        if folded(row["legal_forename"])
        == folded(entry.cells["legal_surname"])
        != folded(row["legal_surname"])
        == folded(entry.cells["legal_forename"])
    ]
    if swapped and len(swapped) * 2 >= len(compared):
        joined.problems.append(
            f"forename and surname are swapped against the register in {len(swapped)} of {len(compared)} rows "
            f"(the first is row {swapped[0]}); are the two columns, or their headings, the wrong way round?"
        )


def _joined_row(
    pupil_id: str, row: Cells, entry: Entry, export: Export, history: History, today: date, joined: Joined
) -> Cells:
    new = dict(row)
    for column, value in entry.cells.items():
        if column != "pupil_id" and column not in CHANNELS and (value or column not in NEVER_EMPTIED):
            new[column] = _as_the_register_has_it(column, row.get(column, ""), value)
    if not export.whole_school or entry.whole_name:
        # What a parent wrote of the child on a form says whom it is about, and changes no record.
        new |= {name: row.get(name, "") for name in OF_THE_RECORD}
    new["former_surnames"] = _former_surnames(row, new)
    if (
        export.whole_school
        and row.get("left_on")
        and row["left_on"] < today.isoformat()
        and (not new.get("left_on") or "left_on" not in entry.cells)
    ):
        new["left_on"] = ""
        joined.back.append(pupil_id)
    for column in PROTECTIONS:
        if row.get(column) == "yes" and new.get(column) == "no":
            joined.changed.append(Change(pupil_id, column, "yes", "no"))
    changes = len(joined.changed)
    for channel in CHANNELS:
        if channel in entry.cells:
            said = _answered(pupil_id, channel, row, entry, export, history, today, joined)
            new[channel] = said if said != "not_recorded" or row.get(channel) else ""
    if not _dates_an_answer(pupil_id, new.get("consent_given_on", ""), history, joined, today):
        new["consent_given_on"] = row.get("consent_given_on", "")
    others = [name for name in COLUMNS if name not in CHANNELS and row.get(name, "") != new.get(name, "")]
    if others:
        joined.details[pupil_id] = others
    joined.unchanged += not others and len(joined.changed) == changes
    return new


def _as_the_register_has_it(column: str, old: str, new: str) -> str:
    """Return the register's spelling where a file only took zeros off a number or wrote a name in capitals."""
    if column == "admission_no" and old and number(old) == number(new):
        return old
    shouted = column in NAMES and new.casefold() == old.casefold() and (new.isupper() or new.islower())
    return old if shouted else new


def _dates_an_answer(pupil_id: str, form: str, history: History, joined: Joined, today: date) -> bool:
    """Return False for the day of a form that gave no consent: it would seem to renew what other forms gave."""
    recorded = [answer for channel in CHANNELS for answer in history.get((pupil_id, channel), ())]
    return form > today.isoformat() or any(
        answer.imported and answer.effective_on.isoformat() == form
        for answer in (*recorded, *joined.answers)
        if answer.pupil_id == pupil_id
    )


def _former_surnames(row: Cells, new: Cells) -> str:
    """Keep a surname that was in use: it must not be published any more than the new one."""
    former = [name.strip() for name in new.get("former_surnames", "").split(";") if name.strip()]
    in_use = {folded(new.get(name, "")) for name in ("legal_surname", "preferred_surname")}
    for name in ("legal_surname", "preferred_surname"):
        old = row.get(name, "")
        if old and folded(old) not in in_use | {folded(each) for each in former}:
            former.append(old)
    return "; ".join(former)


def _answered(
    pupil_id: str,
    channel: Channel,
    row: Cells,
    entry: Entry,
    export: Export,
    history: History,
    today: date,
    joined: Joined,
) -> str:
    """Return the new cell; note the change, and the dated answer that goes into the history."""
    said = entry.cells[channel]
    answers = [each for each in history.get((pupil_id, channel), ()) if each.effective_on <= today]
    last = answers[-1] if answers else None
    by_hand = next((each for each in reversed(answers) if each.written_by_hand), None)
    form = _day_of_form(channel, entry, today)
    old = row.get(channel, "") or "not_recorded"
    if last is by_hand is not None and not by_hand.answer and SAID[said] is not by_hand.answer:
        giver = _giver(channel, entry)
        renewed = said == "yes" and form is not None and form > by_hand.effective_on and may_take_back(by_hand, giver)
        if not renewed and said != "no":
            stays = WORDS[by_hand.answer]
            joined.kept.append(Change(pupil_id, channel, stays, said))
            said = stays
    if not export.whole_school and form and last and _is_of_before(said, form, last):
        joined.kept.append(Change(pupil_id, channel, WORDS[last.answer], said))
        said = WORDS[last.answer]
    if said != old:
        joined.changed.append(Change(pupil_id, channel, old, said))
    renews = last is not None and said == "yes" and form is not None and form > last.effective_on
    if said == "yes" and form is not None and last is not None and form > last.effective_on:
        joined.dated.add((pupil_id, channel))
    _remember_the_past(pupil_id, channel, entry, export, last, today, joined)
    if SAID[said] != (last.answer if last else None) or renews:
        joined.answers.append(_dated(pupil_id, channel, said, form, last, entry, export, today))
    return said


def _is_of_before(said: str, form: date, last: ConsentAnswer) -> bool:
    """Return True if a form is older than the last answer on record, which it does not change then.

    Of an answer that was only seen one day nobody knows how old it is: the form counts, and the stops look after it.
    """
    if SAID[said] is last.answer or last.source == FIRST_SEEN or last.source.endswith(IMPORT_FIRST_SEEN):
        return False
    return form < last.effective_on or (form == last.effective_on and said == "yes" and last.answer is False)


def _remember_the_past(
    pupil_id: str,
    channel: Channel,
    entry: Entry,
    export: Export,
    last: ConsentAnswer | None,
    today: date,
    joined: Joined,
) -> None:
    """Keep what the same person had answered before, where that is newer than what is on record."""
    for past in entry.past:
        day = date.fromisoformat(past.on[:10]) if past.on else None
        if past.channel == channel and day and day <= today and (last is None or day > last.effective_on):
            source = f"{IMPORT}{export.name}{IMPORT_FORM}"
            said = SAID[past.said or "not_recorded"]
            joined.answers.append(ConsentAnswer(pupil_id, channel, said, day, past.by or NOBODY_KNOWN, "", source))


def _dated(
    pupil_id: str,
    channel: Channel,
    said: str,
    form: date | None,
    last: ConsentAnswer | None,
    entry: Entry,
    export: Export,
    today: date,
) -> ConsentAnswer:
    """Date an answer by its form, where that is newer than what was recorded before, or else by today."""
    effective, source = today, f"{IMPORT}{export.name}"
    if form and said != "not_recorded" and (last is None or form > last.effective_on):
        effective, source = form, source + IMPORT_FORM
    elif last is None:
        source += IMPORT_FIRST_SEEN
    giver = _giver(channel, entry) or NOBODY_KNOWN
    return ConsentAnswer(pupil_id, channel, SAID[said], effective, giver, "", source)


def _giver(channel: Channel, entry: Entry) -> str:
    return entry.answered_by.get(channel, entry.cells.get("consent_by", ""))


def _day_of_form(channel: Channel, entry: Entry, today: date) -> date | None:
    text = entry.answered_on.get(channel) or entry.cells.get("consent_given_on", "")
    day = date.fromisoformat(text) if text else None
    return day if day and day <= today else None


def _new_row(pupil_id: str, entry: Entry, export: Export, history: History, today: date, joined: Joined) -> Cells:
    row = {"pupil_id": pupil_id, **{name: value for name, value in entry.cells.items() if name != "pupil_id"}}
    for channel in CHANNELS:
        answers = [each for each in history.get((pupil_id, channel), ()) if each.effective_on <= today]
        last, said = (answers[-1] if answers else None), row.get(channel, "")
        if last and last.written_by_hand and not last.answer and said == "yes":
            joined.kept.append(Change(pupil_id, channel, WORDS[last.answer], said))
            row[channel] = said = WORDS[last.answer]
        if SAID.get(said) != (last.answer if last else None):
            form = _day_of_form(channel, entry, today)
            joined.answers.append(_dated(pupil_id, channel, said or "not_recorded", form, last, entry, export, today))
    return row


def _leaver(pupil_id: str, row: Cells, today: date, joined: Joined) -> Cells:
    """Mark a pupil on roll who is missing from the export as left; one who had left stays as recorded."""
    if row.get("left_on") and row["left_on"] < today.isoformat():
        return row
    joined.left.append(pupil_id)
    return {**row, "left_on": max(today.isoformat(), row.get("on_roll_from", ""))}
