"""An export joined with the register: every pupil's new row, every dated answer, and what a person should see first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from auditbot.model import Channel
from auditbot.registers.consent import (
    IMPORT,
    IMPORT_FIRST_SEEN,
    IMPORT_FORM,
    NOBODY_KNOWN,
    WORDS,
    ConsentAnswer,
    History,
    may_take_back,
)
from auditbot.registers.mis.entries import Entry, Export
from auditbot.registers.mis.headings import folded
from auditbot.registers.people import CHANNELS, COLUMNS

Cells = dict[str, str]
SAID = {"yes": True, "no": False, "not_recorded": None}
NEVER_EMPTIED = (
    "upn", "admission_no", "former_surnames", "date_of_birth", "on_roll_from", "name_use", "consent_given_on",
    "consent_by", "consent_expires_on", "withdrawn_on", "never_publish", "sibling_group",
    "biometric_parents_notified_on", "biometric_objection", "child_objects", "biometric_withdrawn_on", "photo_file",
)  # fmt: skip
"""What an empty cell of an export does not take out of the register."""
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


def join(export: Export, register: Mapping[str, Cells], history: History, today: date) -> Joined:
    """Join an export with the rows of the register, by id, or else by UPN or admission number."""
    joined = Joined()
    known = _Known(register)
    of_pupil: dict[str, Entry] = {}
    for entry in export.entries:
        pupil_id = known.pupil_of(entry, joined.problems)
        if pupil_id in of_pupil:
            rows = f"rows {of_pupil[pupil_id].row} and {entry.row}"
            joined.problems.append(f"{rows} belong to the same pupil of the register ({pupil_id})")
        elif pupil_id:
            of_pupil[pupil_id] = entry
    _notice_swapped_names(of_pupil, register, joined)
    for pupil_id, row in register.items():
        if pupil_id in of_pupil:
            joined.rows[pupil_id] = _joined_row(pupil_id, row, of_pupil[pupil_id], export, history, today, joined)
        else:
            joined.rows[pupil_id] = _leaver(pupil_id, row, today, joined)
    for pupil_id, entry in of_pupil.items():
        if pupil_id not in register:
            joined.new.append(pupil_id)
            joined.rows[pupil_id] = _new_row(pupil_id, entry, export, history, today, joined)
    return joined


class _Known:
    """Finds the pupil of the register whom a row of an export is about."""

    def __init__(self, register: Mapping[str, Cells]) -> None:
        self._register = register
        self._by_upn = {row["upn"].upper(): pupil_id for pupil_id, row in register.items() if row.get("upn")}
        self._by_number: dict[str, list[str]] = {}
        for pupil_id, row in register.items():
            if row.get("admission_no"):
                self._by_number.setdefault(_number(row["admission_no"]), []).append(pupil_id)

    def pupil_of(self, entry: Entry, problems: list[str]) -> str:
        """Return the id, known or new; empty, with a problem noted, if two pupils of the register answer to the row."""
        cells = entry.cells
        given, upn, number = (cells.get(name, "") for name in ("pupil_id", "upn", "admission_no"))
        by_upn = self._by_upn.get(upn.upper(), "") if upn else ""
        numbers = self._by_number.get(_number(number), []) if number else []
        by_number = numbers[0] if len(numbers) == 1 else ""
        if len(numbers) > 1 and not by_upn and given not in self._register:
            problems.append(f"row {entry.row}: several pupils of the register have its admission number")
            return ""
        found = [each for each in (given if given in self._register else "", by_upn, by_number) if each]
        if len(set(found)) > 1:
            listed = " and ".join(dict.fromkeys(found))
            problems.append(f"row {entry.row}: its id, UPN and admission number belong to different pupils ({listed})")
            return ""
        if found:
            return self._same_pupil(entry, found[0], problems)
        # The UPN is a blind number, not for every day: where the export has no id, the admission number comes first.
        pupil_id = given or number or upn
        if pupil_id in self._register:
            problems.append(f"row {entry.row}: its number is the id of another pupil of the register ({pupil_id})")
            return ""
        return pupil_id

    def _same_pupil(self, entry: Entry, pupil_id: str, problems: list[str]) -> str:
        row, upn = self._register[pupil_id], entry.cells.get("upn", "")
        ours = {folded(row.get(name, "")) for name in ("legal_forename", "legal_surname", "preferred_forename")}
        theirs = {
            folded(entry.cells.get(name, "")) for name in ("legal_forename", "legal_surname", "preferred_forename")
        }
        another_child = upn and row.get("upn") and row["upn"].upper() != upn.upper()
        if not (ours - {""}) & (theirs - {""}) and (
            another_child or entry.cells.get("date_of_birth") != row.get("date_of_birth")
        ):
            problems.append(
                f"row {entry.row}: its number is that of {pupil_id}, but forename and surname are both others; "
                "was the number given to another child?"
            )
            return ""
        return pupil_id


def _number(text: str) -> str:
    return text.strip().lstrip("0").casefold()


def _notice_swapped_names(of_pupil: Mapping[str, Entry], register: Mapping[str, Cells], joined: Joined) -> None:
    compared = [(register[pupil_id], entry) for pupil_id, entry in of_pupil.items() if pupil_id in register]
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
            new[column] = value
    new["former_surnames"] = _former_surnames(row, new)
    if (
        row.get("left_on")
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
    if said != old:
        joined.changed.append(Change(pupil_id, channel, old, said))
    renews = last is not None and said == "yes" and form is not None and form > last.effective_on
    if SAID[said] != (last.answer if last else None) or renews:
        joined.answers.append(_dated(pupil_id, channel, said, form, last, entry, export, today))
    return said


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


def stops(joined: Joined, register: Mapping[str, Cells], today: date) -> Iterator[tuple[str, str]]:
    """Yield what no import does without a person's word: the switch that gives it, and the sentence."""
    on_roll = sum(not row.get("left_on") or row["left_on"] >= today.isoformat() for row in register.values())
    if joined.left and len(joined.left) * 10 > on_roll:
        share = round(100 * len(joined.left) / on_roll)
        yield (
            "accept_drop",
            f"{len(joined.left)} of {on_roll} pupils on roll ({share} %) are missing from the file. Is it the whole "
            "school? If they have left, import it again with --accept-drop",
        )
    refusals = sum(row.get(channel) == "no" for row in register.values() for channel in CHANNELS)
    turned = [each for each in joined.changed if each.column in CHANNELS and (each.old, each.new) == ("no", "yes")]
    if len(turned) >= 3 and len(turned) * 10 > refusals:
        yield (
            "accept_more_permission",
            f"{len(turned)} of {refusals} refusals would become permission. Are the columns the right ones? If parents "
            "have changed their answers, import it again with --accept-more-permission",
        )
    yield from _blanks_that_become_permission(joined, register, on_roll)
    freed = [each for each in joined.changed if each.column in PROTECTIONS]
    if freed:
        listed = ", ".join(f"{each.column} of {each.pupil_id}" for each in freed)
        yield (
            "accept_more_permission",
            f"{listed} would change from yes to no. If that is right, import it again with --accept-more-permission",
        )


def _blanks_that_become_permission(
    joined: Joined, register: Mapping[str, Cells], on_roll: int
) -> Iterator[tuple[str, str]]:
    """Stop where many pupils whose answer was blank get permission for a channel that the register knew answers for.

    A blank may be a refusal, as in SIMS. An import that is the first to answer for a channel is none of these.
    """
    known = {channel for channel in CHANNELS if any(row.get(channel) in ("yes", "no") for row in register.values())}
    filled = {
        each.pupil_id
        for each in joined.changed
        if each.column in known and (each.old, each.new) == ("not_recorded", "yes")
    }
    if len(filled) >= 3 and len(filled) * 4 > on_roll:
        yield (
            "accept_more_permission",
            f"{len(filled)} of {on_roll} pupils on roll had no answer recorded and would get permission. A blank may "
            "have been a refusal. If parents have answered since, import it again with --accept-more-permission",
        )
