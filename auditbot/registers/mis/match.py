"""Whom a row of an export is about: known by its numbers and by the name in use, or asked about, never guessed.

A number says who it is only where the name does not speak against it: systems renumber, numbers are given to the next
child, and a form's own numbers are nobody's. A name says who it is only with the birthday or the class beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from auditbot.registers.mis.entries import Asking, Export, how_many, joined_entry
from auditbot.registers.mis.headings import folded
from auditbot.registers.mis.notes import LEAVE_OUT, NEW, Asked, Note, NoteCode, Question, note
from auditbot.registers.mis.rows import Entry

Cells = dict[str, str]
Register = Mapping[str, Mapping[str, str]]
SEVERAL = re.compile(r"[&+/;]|\b(and|plus)\b|,.*,", re.IGNORECASE)
"""What stands in a cell with the names of several children."""
SHORT = 3
"""A class's name of more letters counts within a longer one too: Owls and Owls class; 1A and 11A are two."""
ALIKE = 3
"""How many first letters two forenames share that may be one: Thomas and Tommy."""


@dataclass(slots=True)
class Matched:
    """Which pupil each row is about."""

    of_pupil: dict[str, Entry] = field(default_factory=dict)
    """By pupil id, known or new, what the export says of the pupil."""
    questions: list[Question] = field(default_factory=list)
    """Rows that a person has to look at; they do not come in."""
    asked_about: set[str] = field(default_factory=set)
    """Ids of pupils of the register whom such a row may be about: they are not missing."""
    problems: list[str] = field(default_factory=list)
    """Why the export cannot be joined."""
    notes: list[Note] = field(default_factory=list)
    """What is to be told of it."""


def match(export: Export, register: Register, decided: Mapping[str, str]) -> Matched:
    """Return whom each entry of an export is about, with what a person decided before.

    ``decided`` holds, by the key of a question, a pupil's id, "new" or "leave out".
    """
    matched, known = Matched(), _Known(register)
    by_name = given = 0
    rows_of: dict[str, list[Entry]] = {}
    for entry in export.entries:
        found = _decided(entry, register, decided, known) or known.pupil_of(entry)
        if found.problem:
            matched.problems.append(found.problem)
        elif found.question is not None:
            matched.questions.append(found.question)
            matched.asked_about.update(found.question.about)
        elif found.pupil_id:
            rows_of.setdefault(found.pupil_id, []).append(entry)
            by_name += found.by_name
            given += found.given
    for pupil_id, entries in rows_of.items():
        joined = _joined(pupil_id, entries, matched, decided)
        matched.of_pupil[pupil_id] = joined
    if by_name:
        matched.notes.append(note(NoteCode.MATCHED_BY_NAME, pupils=how_many(by_name)))
    if given:
        matched.notes.append(note(NoteCode.IDS_GIVEN))
    return matched


def _joined(pupil_id: str, entries: list[Entry], matched: Matched, decided: Mapping[str, str]) -> Entry:
    """Join rows that turned out to be of one pupil: forms answered twice; numbers that meet are a problem."""
    if len(entries) == 1:
        return entries[0]
    if any(entry.numbers for entry in entries):
        rows = " and ".join(str(entry.row) for entry in entries)
        matched.problems.append(f"rows {rows} belong to the same pupil of the register ({pupil_id})")
        return entries[0]
    tell = _teller(matched.notes)
    return joined_entry(entries, False, (), matched.problems.append, tell, Asking(decided, matched.questions))


def _teller(notes: list[Note]) -> Callable[..., None]:
    def tell(code: NoteCode, **values: object) -> None:
        notes.append(note(code, **values))

    return tell


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom a row is about, or why that is not known."""

    pupil_id: str = ""
    problem: str = ""
    question: Question | None = None
    by_name: bool = False
    given: bool = False


def _decided(entry: Entry, register: Register, decided: Mapping[str, str], known: _Known) -> _Found | None:
    said = decided.get(entry.key, "")
    if said in register:
        return _Found(said)
    if said == LEAVE_OUT:
        known.left_out.add(entry.key)
        return _Found()
    if said == NEW:
        return known.new(entry)
    return None


class _Known:
    """The register, to be looked into by number and by name."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.left_out: set[str] = set()
        self._taken = set(register)
        self._by_upn = {row["upn"].upper(): pupil_id for pupil_id, row in register.items() if row.get("upn")}
        self._by_number: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        for pupil_id, row in register.items():
            if row.get("admission_no"):
                self._by_number.setdefault(number(row["admission_no"]), []).append(pupil_id)
            for name in names_in_use(row):
                self._by_name.setdefault(name, []).append(pupil_id)

    def pupil_of(self, entry: Entry) -> _Found:
        """Return the id, known or new, a question, or a problem."""
        if not entry.numbers:
            return self._by_name_alone(entry)
        found, doubled = self._by_numbers(entry)
        if len(set(found)) > 1:
            listed = " and ".join(dict.fromkeys(found))
            why = f"row {entry.row}: its id, UPN and admission number belong to different pupils ({listed})"
            return _Found(problem=why)
        if found:
            return self._same_pupil(entry, found[0])
        if doubled:
            why = f"row {entry.row}: several pupils of the register have its admission number"
            return _Found(problem=why)
        alike = [each for each in self._named(entry) if not self._speaks_against(entry, each)]
        if len(alike) == 1 and (self._was_temporary(entry, alike[0]) or self._had_no_number(entry, alike[0])):
            return _Found(alike[0], by_name=True)
        return _Found(question=self._ask(entry, alike)) if alike else self.new(entry)

    def _by_numbers(self, entry: Entry) -> tuple[list[str], bool]:
        """Return the pupils whom its numbers name, and whether one of them names several."""
        given, upn, admission = (entry.numbers.get(name, "") for name in ("pupil_id", "upn", "admission_no"))
        by_upn = self._by_upn.get(upn.upper(), "") or self._by_upn.get(entry.former_upn, "")
        numbers = self._by_number.get(number(admission), []) if admission else []
        by_id = self.id_as_written(given)
        by_number = numbers[0] if len(numbers) == 1 else ""
        found = [each for each in (by_id, by_upn, by_number) if each]
        return found, len(numbers) > 1 and not found

    def id_as_written(self, given: str) -> str:
        """Return the id of the register that this is, also where a spreadsheet took its leading zeros off."""
        if given in self.register or not given:
            return given if given in self.register else ""
        alike = [each for each in self.register if each.isdecimal() and each.lstrip("0") == given.lstrip("0")]
        return alike[0] if given.isdecimal() and len(alike) == 1 else ""

    def new(self, entry: Entry) -> _Found:
        """Return the id of a new pupil: its own, else its admission number, else its UPN, else the next free one.

        The UPN is a blind number, not for every day: where the export has no id, the admission number comes first.
        """
        numbers = entry.numbers
        if not entry.cells.get("legal_surname"):
            why = (
                f"row {entry.row}: the name is not one surname, a comma and a forename; write the two in columns of "
                "their own"
            )
            return _Found(problem=why)
        pupil_id = numbers.get("pupil_id") or numbers.get("admission_no") or numbers.get("upn") or self._free()
        if pupil_id in self.register:
            why = f"row {entry.row}: its number is the id of another pupil of the register ({pupil_id})"
            return _Found(problem=why)
        self._taken.add(pupil_id)
        return _Found(pupil_id, given=not numbers)

    def _free(self) -> str:
        return next(each for each in (f"P{count:03}" for count in range(1, 100_000)) if each not in self._taken)

    def _same_pupil(self, entry: Entry, pupil_id: str) -> _Found:
        """Return the pupil whom a number names, unless the name says that it is another child."""
        others = [each for each in self._named(entry) if each != pupil_id and not self._speaks_against(entry, each)]
        row = self.register[pupil_id]
        theirs, ours = (
            forenames(entry),
            {folded(row.get(name, "")) for name in ("legal_forename", "preferred_forename")},
        )
        same_forename = bool(theirs & ours) or any(
            one[:ALIKE] == other[:ALIKE] and len(one) >= ALIKE for one in theirs for other in ours - {""}
        )
        if others and not names_of(entry) & names_in_use(row):
            why = (
                f"row {entry.row}: its number is that of {pupil_id}, but forename and surname are those of another "
                f"pupil ({others[0]}); were numbers or names mixed up?"
            )
            return _Found(problem=why)
        if names_of(entry) & names_in_use(row) and not self._speaks_against(entry, pupil_id):
            return _Found(pupil_id)
        same_birthday = bool(row.get("date_of_birth")) and entry.cells.get("date_of_birth") == row["date_of_birth"]
        same_upn = bool(row.get("upn")) and entry.cells.get("upn", "").upper() == row.get("upn", "").upper()
        same_surname = bool(surnames(entry) & surnames_of(row))
        if self._has_another_upn(entry, row) and not (same_birthday or (same_surname and same_forename)):
            same_forename = same_surname = False
        if same_forename and (same_surname or same_birthday or same_upn or not self._speaks_against(entry, pupil_id)):
            return _Found(pupil_id)
        if same_upn and same_birthday:
            return _Found(pupil_id)
        if not same_forename and not same_surname:
            why = (
                f"row {entry.row}: its number is that of {pupil_id}, but forename and surname are both others; "
                "was the number given to another child?"
            )
            return _Found(problem=why)
        return _Found(question=self._ask(entry, [pupil_id]))

    def _has_another_upn(self, entry: Entry, row: Mapping[str, str]) -> bool:
        ours, theirs = row.get("upn", "").upper(), entry.cells.get("upn", "").upper()
        return bool(ours and theirs) and ours != theirs and not ours[-1].isalpha()

    def _named(self, entry: Entry) -> list[str]:
        """Return the pupils of the register who bear the name, in any order of its parts."""
        return list(dict.fromkeys(each for name in names_of(entry) for each in self._by_name.get(name, ())))

    def _speaks_against(self, entry: Entry, pupil_id: str) -> bool:
        born, ours = entry.cells.get("date_of_birth", ""), self.register[pupil_id].get("date_of_birth", "")
        return bool(born and ours) and born != ours

    def _speaks_for(self, entry: Entry, pupil_id: str) -> bool:
        """Return whether birthday or class, in this order, is the same on both sides."""
        row = self.register[pupil_id]
        born, ours = entry.cells.get("date_of_birth", ""), row.get("date_of_birth", "")
        if born and ours:
            return born == ours
        in_class, our_class = folded(entry.cells.get("class", "")), folded(row.get("class", ""))
        shorter, longer = sorted((in_class, our_class), key=len)
        return bool(shorter) and (shorter == longer or (len(shorter) > SHORT and shorter in longer))

    def _was_temporary(self, entry: Entry, pupil_id: str) -> bool:
        """Return True where the register's temporary UPN became the permanent one of the file, and no other number is.

        A temporary UPN ends in a letter.
        """
        ours, theirs = self.register[pupil_id].get("upn", ""), entry.numbers.get("upn", "")
        other = (
            {"pupil_id", "admission_no"} & entry.numbers.keys() & {n for n, v in self.register[pupil_id].items() if v}
        )
        return bool(theirs) and ours[-1:].isalpha() and not theirs[-1:].isalpha() and (
            self._speaks_for(entry, pupil_id) and not other - {"pupil_id"}
        )  # fmt: skip

    def _had_no_number(self, entry: Entry, pupil_id: str) -> bool:
        """Return True where the register holds none of the numbers that the file gives, and the birthday is the same.

        So it is when nursery children get their UPN.
        """
        row = self.register[pupil_id]
        born = entry.cells.get("date_of_birth", "")
        return bool(born) and born == row.get("date_of_birth") and not any(row.get(name) for name in entry.numbers)

    def _by_name_alone(self, entry: Entry) -> _Found:
        if not self.register:
            return self.new(entry)
        named = self._named(entry)
        sure = [each for each in named if self._speaks_for(entry, each)]
        if len(sure) == 1:
            return _Found(sure[0], by_name=True)
        likely = sure or [each for each in named if not self._speaks_against(entry, each)] or named
        return _Found(question=self._ask(entry, likely))

    def _ask(self, entry: Entry, alike: list[str]) -> Question:
        if alike:
            born = any(self.register[each].get("date_of_birth") for each in alike) and entry.cells.get("date_of_birth")
            beside = "name and birthday" if born and not self._speaks_against(entry, alike[0]) else "name"
            sentence = (
                f"row {entry.row}: {label_of(entry)} has the {beside} of {' and '.join(alike)} of the register. "
                "The same child? Write the id, or new, or leave out"
            )
        else:
            sentence = (
                f"row {entry.row}: {label_of(entry)} is nobody of the register by name with birthday or class. "
                "Write the id of the pupil, or new, or leave out"
            )
        proposal = alike[0] if len(alike) == 1 else ""
        return Question(entry.key, Asked.WHO, entry.row, sentence, (*alike, NEW, LEAVE_OUT), proposal, tuple(alike))


def label_of(entry: Entry) -> str:
    """Name the child of a row for the terminal: forename and initial."""
    words = entry.whole_name.split()
    forename = entry.cells.get("preferred_forename") or entry.cells.get("legal_forename") or (words or [""])[0]
    surname = entry.cells.get("legal_surname") or (words or [""])[-1]
    return "".join(letter for letter in f"{forename} {surname[:1]}." if letter.isprintable())


def number(text: str) -> str:
    """Return an admission number, comparable: spreadsheets take leading zeros off."""
    return text.strip().lstrip("0").casefold()


def forenames(entry: Entry) -> set[str]:
    """Return the forenames of a row, folded; of a whole name every word but the last, and the last."""
    if entry.whole_name:
        return {folded(word) for word in f"{entry.whole_name} {entry.known_as}".replace(",", " ").split()}
    named = [entry.cells.get(name, "") for name in ("legal_forename", "preferred_forename")]
    return {folded(name) for name in (*named, entry.known_as)} - {""}


def surnames(entry: Entry) -> set[str]:
    """Return the surnames of a row, folded."""
    if entry.whole_name:
        return forenames(entry)
    return {folded(entry.cells.get(name, "")) for name in ("legal_surname", "preferred_surname")} - {""}


def surnames_of(row: Mapping[str, str]) -> set[str]:
    """Return the surnames of a pupil of the register, in law, in use and former, folded."""
    former = row.get("former_surnames", "").split(";")
    return {folded(name) for name in (row.get("legal_surname", ""), row.get("preferred_surname", ""), *former)} - {""}


def _joined_name(*parts: str) -> str:
    return " ".join(sorted(folded(part) for part in parts))


def names_in_use(row: Mapping[str, str]) -> set[str]:
    """Return every name that a pupil of the register bears or bore, folded, in no order of its parts."""
    first = {folded(row.get(name, "")) for name in ("legal_forename", "preferred_forename")} - {""}
    return {_joined_name(one, other) for one in first for other in surnames_of(row)}


def names_of(entry: Entry) -> set[str]:
    """Return the names that a row may mean; of more than two words the first and the last, and each way to cut them."""
    words = entry.whole_name.replace(",", " ").split()
    if SEVERAL.search(entry.whole_name):
        return set()
    if words:
        cuts = {_joined_name("".join(words[:cut]), "".join(words[cut:])) for cut in range(1, len(words))}
        if entry.known_as:
            cuts |= {_joined_name(entry.known_as, "".join(words[cut:])) for cut in range(1, len(words))}
        return cuts | ({_joined_name(words[0], words[-1])} if len(words) > 1 else set())
    found = {_joined_name(one, other) for one in forenames(entry) for other in surnames(entry)}
    firsts = [name.split()[0] for name in (entry.cells.get("legal_forename", ""),) if " " in name]
    return found | {_joined_name(first, other) for first in firsts for other in surnames(entry)}
