"""An export read whole: one entry per pupil, in the register's own columns and values, or every reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditbot.errors import ImportRefused
from auditbot.model import Channel
from auditbot.registers.mis import sheet
from auditbot.registers.mis.headings import ASK, DATE_OF, UNUSED, System, folded, meaning_of_words
from auditbot.registers.mis.sheet import Line
from auditbot.registers.mis.table import Said, Table, find_table, is_footer, read_mapping, turns_round, what_to_ask
from auditbot.registers.people import CHANNELS, COLUMNS, upn_problem

DATES = tuple(column for column in COLUMNS if column.endswith("_on") or column in ("date_of_birth", "on_roll_from"))
STATEMENTS = ("never_publish", "biometric_objection", "child_objects")
NAMES = ("legal_forename", "legal_surname", "preferred_forename", "preferred_surname", "former_surnames")
IDENTITY = ("pupil_id", "upn", "admission_no")
OF_ONE_CONSENT = ("consent_given_on", "consent_by", "consent_expires_on", "withdrawn_on")
"""Columns that in an export with one row per consent are about that consent, not about the pupil."""
MOST_PROBLEMS = 25


@dataclass(frozen=True, slots=True)
class Entry:
    """What an export says of one pupil."""

    row: int
    """Where in the export the pupil first stands."""
    cells: Mapping[str, str]
    """The register's columns that the export holds, with their values as the register writes them."""
    answered_on: Mapping[Channel, str] = field(default_factory=dict)
    """The day of each answer, where the export tells it apart."""
    answered_by: Mapping[Channel, str] = field(default_factory=dict)
    """Who gave each answer, where the export tells it apart."""


@dataclass(frozen=True, slots=True)
class Export:
    """A whole export."""

    name: str
    """The file's name."""
    columns: frozenset[str]
    """Columns of the register that the export holds."""
    entries: tuple[Entry, ...]
    """One per pupil, in the order of the export."""
    notes: tuple[str, ...]
    """What a person should know of how it was read."""
    not_read: tuple[str, ...] = ()
    """Those of the notes that say what of the file was not used."""


def read_export(path: Path, system: System | None = None, mapping: Sequence[str] = ()) -> Export:
    """Read an export of a pupil records system. Raises ImportRefused naming every problem."""
    said = read_mapping(path, mapping)
    reader = _Reader(path, find_table(path, system, said), said)
    entries = reader.long_form() if "consent_type" in reader.table.fills else reader.wide_form()
    if not entries and not reader.problems:
        reader.problems.append("it holds headings but no pupil")
    if reader.problems:
        more = len(reader.problems) - MOST_PROBLEMS
        shown = reader.problems[:MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
        raise ImportRefused(path, shown)
    columns = frozenset(column for entry in entries for column in entry.cells)
    notes = [*reader.table.notes, *reader.notes]
    not_read = tuple(note for note in notes if "ot used" in note or "not read" in note or "passed over" in note)
    if system == "sims" and any(value == "not_recorded" for entry in entries for value in entry.cells.values()):
        notes.append("In SIMS a blank tick may mean refused or never asked; it is imported as not recorded.")
    if "upn" in columns and (without := sum(not entry.cells["upn"] for entry in entries)):
        notes.append(f"{_pupils(without)} without a UPN; a child in nursery may have none.")
    return Export(path.name, columns, tuple(entries), tuple(notes), not_read)


def _pupils(number: int) -> str:
    return "1 pupil" if number == 1 else f"{number} pupils"


class _Reader:
    """Reads the rows of one table, noting every problem instead of stopping at the first."""

    def __init__(self, path: Path, table: Table, said: Said) -> None:
        self.table, self.said = table, said
        self.problems: list[str] = []
        self.notes: list[str] = []
        self._ask_about_columns()
        self._refuse_doubled_headings()
        self._pupils = list(self._without_footers())
        self._words_of_names = {folded(self._text(line, name)) for line in self._pupils for name in NAMES[:4]} - {""}
        self._notice_misplaced_columns()

    def wide_form(self) -> list[Entry]:
        """Return one entry per pupil of an export with one row per pupil."""
        columns = [column for column in COLUMNS if column in self.table.fills]
        return self._once(
            [Entry(line.number, self._row(line, columns), self._days_of_answers(line)) for line in self._pupils],
        )

    def long_form(self) -> list[Entry]:
        """Return one entry per pupil of an export with one row per pupil and kind of consent."""
        columns = [column for column in COLUMNS if column in self.table.fills and column not in CHANNELS]
        about = [column for column in columns if column not in OF_ONE_CONSENT]
        said_by_pupil: dict[str, list[tuple[Line, dict[str, str], tuple[Channel, ...]]]] = {}
        for line in self._pupils:
            row = self._row(line, columns)
            kinds = self._channels_of(line)
            key = next((row[name] for name in IDENTITY if row.get(name)), "")
            said_by_pupil.setdefault(key, []).append((line, row, kinds))
        named = [
            channel
            for channel in CHANNELS
            if any(channel in kinds for rows in said_by_pupil.values() for *_, kinds in rows)
        ]
        if not named and not self.problems:
            self.problems.append("no kind of consent in it is one for photos, such as Website or Social Media")
        entries = []
        for rows in said_by_pupil.values():
            self._agree([(line.number, {name: row[name] for name in about}) for line, row, _ in rows])
            entries.append(self._pivot(rows, named))
        return self._once(entries)

    def _pivot(self, rows: list[tuple[Line, dict[str, str], tuple[Channel, ...]]], named: list[Channel]) -> Entry:
        first = dict(rows[0][1])
        answered_on: dict[Channel, str] = {}
        answered_by: dict[Channel, str] = {}
        said_yes: list[dict[str, str]] = []
        for channel in named:
            of_channel = [(line, row) for line, row, kinds in rows if channel in kinds]
            answers = [self._answer_in_row(line, row) for line, row in of_channel]
            by = {row.get("consent_by", "") for _, row in of_channel}
            kinds_of = {folded(self._text(line, "consent_type")) for line, _ in of_channel}
            if len(set(answers)) > 1 and len(by) < len(of_channel) and len(kinds_of) < len(of_channel):
                numbers = " and ".join(str(line.number) for line, _ in of_channel)
                self.problems.append(f"rows {numbers} hold differing answers for the same pupil and {channel}")
            said = _one_parent_is_enough(answers) if len(kinds_of) == 1 else _strictest(answers)
            first[channel] = said
            so_said = [row for (_, row), answer in zip(of_channel, answers, strict=True) if answer == said]
            answered_by[channel] = _together(row.get("consent_by", "") for row in so_said)
            days = [row["consent_given_on"] for _, row in of_channel if row.get("consent_given_on")]
            if days:
                answered_on[channel] = max(days)
            said_yes += so_said if said == "yes" else []
        about = [row for _, row, kinds in rows if kinds]
        for column, value in (
            ("consent_given_on", max((row.get("consent_given_on", "") for row in said_yes), default="")),
            ("consent_by", _together(row.get("consent_by", "") for row in about)),
            ("consent_expires_on", min(filter(None, (row.get("consent_expires_on") for row in said_yes)), default="")),
        ):
            if column in first:
                first[column] = value
        first.pop("withdrawn_on", None)
        return Entry(rows[0][0].number, first, answered_on, answered_by)

    def _answer_in_row(self, line: Line, row: Mapping[str, str]) -> str:
        """Return what a row of the long form says; the day on which that consent was withdrawn makes it a no."""
        said = self._answer(line, self.table.fills["consent_status"])
        return "no" if row.get("withdrawn_on") else said

    def _channels_of(self, line: Line) -> tuple[Channel, ...]:
        kind = self._text(line, "consent_type")
        meant = self.said.columns.get(folded(kind)) or (meaning_of_words(kind),)
        if meant == (ASK,) and self._text(line, "consent_status"):
            self._problem(what_to_ask(f'the consent "{kind}"', kind, ASK))
        if meant == (UNUSED,) and kind:
            self._note(f'The consent "{kind}" is not used.')
        return tuple(channel for channel in CHANNELS if channel in meant)

    def _once(self, entries: list[Entry]) -> list[Entry]:
        """Keep identical entries once; name the rows of those that differ."""
        kept: dict[str, Entry] = {}
        for entry in entries:
            key = next((entry.cells[name] for name in IDENTITY if entry.cells.get(name)), f"row {entry.row}")
            earlier = kept.setdefault(key, entry)
            if earlier is entry:
                continue
            if dict(earlier.cells) == dict(entry.cells):
                self._note(f"Rows {earlier.row} and {entry.row} are the same and count once.")
            else:
                self._agree([(earlier.row, earlier.cells), (entry.row, entry.cells)])
        for name in IDENTITY[1:]:
            first: dict[str, int] = {}
            for entry in kept.values():
                if (value := entry.cells.get(name)) and first.setdefault(value, entry.row) != entry.row:
                    self.problems.append(f"rows {first[value]} and {entry.row} hold the same {name} for two pupils")
        return list(kept.values())

    def _agree(self, rows: Sequence[tuple[int, Mapping[str, str]]]) -> None:
        (number, first), *others = rows
        for other, row in others:
            if differing := [name for name in first if first[name] != row.get(name)]:
                self._problem(f"rows {number} and {other} hold the same pupil, but differ in {', '.join(differing)}")

    # --- rows and cells ---------------------------------------------------------------------------------------------

    def _row(self, line: Line, columns: Sequence[str]) -> dict[str, str]:
        row = {column: self._value(line, column) for column in columns}
        if "full_name" in self.table.fills and "legal_surname" not in row:
            surname, comma, forename = (part.strip() for part in self._text(line, "full_name").partition(","))
            row |= {"legal_surname": surname, "legal_forename": forename}
            if not comma or "," in forename:
                self._refuse(
                    line,
                    "full_name",
                    "is not one surname, a comma and a forename; export the two in columns of their own",
                )
        for name in ("legal_forename", "legal_surname"):
            if not row.get(name) and "full_name" not in self.table.fills:
                self._refuse(line, name, "is empty")
        if not any(row.get(name) for name in IDENTITY):
            name = next(name for name in IDENTITY if name in self.table.fills)
            self._refuse(line, name, "is empty")
        return row

    def _value(self, line: Line, column: str) -> str:
        if column in CHANNELS:
            return self._answer(line, self.table.fills[column])
        text = self._one_text(line, column)
        if convert := self._conversion(column):
            return self._converted(line, column, convert, text) if text else ""
        if column == "upn":
            text = "".join(text.upper().split())
            if text and (problem := upn_problem(text)):
                self._refuse(line, column, problem)
        if column in NAMES and any(letter.isdigit() for letter in text):
            self._refuse(line, column, "holds a number or a date, not a name; are columns swapped?")
        if column == "pupil_id" and text and not all(each.isalnum() or each in "-_" for each in text):
            self._refuse(line, column, "may hold only letters, digits, - and _")
        return text

    def _days_of_answers(self, line: Line) -> dict[Channel, str]:
        days = {}
        for channel in CHANNELS:
            column = f"{DATE_OF}{channel}"
            if column in self.table.fills and (text := self._one_text(line, column)):
                days[channel] = self._converted(line, column, sheet.day, text)
        return {channel: day for channel, day in days.items() if day}

    def _conversion(self, column: str) -> Callable[[str], str] | None:
        if column in DATES:
            return sheet.day
        if column == "year_group":
            return lambda text: sheet.year_group(text, self.said.first_nursery_year)
        known = {"biometric_consent": sheet.answer, "name_use": sheet.name_use}
        return sheet.statement if column in STATEMENTS else known.get(column)

    def _answer(self, line: Line, places: Sequence[int]) -> str:
        return _strictest([self._converted_at(line, place, sheet.answer) for place in places])

    def _converted(self, line: Line, column: str, convert: Callable[[str], str], text: str) -> str:
        place = next(place for place in self.table.fills[column] if line.cells[place] == text)
        return self._converted_at(line, place, convert)

    def _converted_at(self, line: Line, place: int, convert: Callable[[str], str]) -> str:
        text = line.cells[place]
        try:
            return convert(text)
        except ValueError as error:
            why = str(error)
            if why == text:
                known = f'"{text[:40]}"' if folded(text) not in self._words_of_names else "what it holds (a name)"
                why = f"{known} is neither yes, no nor blank"
            self.problems.append(f'row {line.number}, column "{self.table.headings[place]}": {why}')
            return ""

    def _one_text(self, line: Line, column: str) -> str:
        texts = {line.cells[place] for place in self.table.fills[column]} - {""}
        if len(texts) > 1:
            headings = " and ".join(f'"{self.table.headings[place]}"' for place in self.table.fills[column])
            self.problems.append(f"row {line.number}: {headings} both mean {column}, and differ")
        return next(iter(texts), "")

    def _text(self, line: Line, column: str) -> str:
        return next((line.cells[place] for place in self.table.fills.get(column, ()) if line.cells[place]), "")

    # --- the table as a whole ---------------------------------------------------------------------------------------

    def _without_footers(self) -> Iterator[Line]:
        for line in self.table.lines:
            names = [self._text(line, name) for name in NAMES[:2]]
            if "full_name" in self.table.fills:
                names = [self._text(line, "full_name").partition(",")[2]]
            if is_footer(line, [self._text(line, name) for name in IDENTITY], names):
                self._note(f"Row {line.number} is a total or a remark and is passed over.")
                if turns_round(line):
                    said = next(cell for cell in line.cells if cell)
                    self._problem(
                        f'row {line.number} says what a mark means ("{said}"), and it may be a refusal; if every yes '
                        "permits, take that row out of the file"
                    )
            else:
                yield line

    def _ask_about_columns(self) -> None:
        for place, question in sorted(self.table.ask.items()):
            if any(line.cells[place] for line in self.table.lines):
                self._problem(question)
            else:
                self._note(f'The column "{self.table.headings[place]}" is empty and not used.')

    def _refuse_doubled_headings(self) -> None:
        by_heading: dict[str, list[int]] = {}
        for place, heading in enumerate(self.table.headings):
            if any(place in places for places in self.table.fills.values()):
                by_heading.setdefault(folded(heading), []).append(place)
        for places in by_heading.values():
            first, *others = places
            if any(line.cells[first] != line.cells[other] for other in others for line in self.table.lines):
                heading = self.table.headings[first]
                where = " and ".join(str(place + 1) for place in places)
                self._problem(f'the heading "{heading}" stands twice (columns {where}), and the cells differ')
            elif others:
                self._note(
                    f'The heading "{self.table.headings[first]}" stands twice with the same cells and counts once.'
                )
        for column in CHANNELS:
            names = list(dict.fromkeys(self.table.headings[place] for place in self.table.fills.get(column, ())))
            if len(names) > 1:
                listed = ", ".join(f'"{name}"' for name in names)
                self._note(f"{listed} all mean {column}: yes only where each says yes, no where any says no.")

    def _notice_misplaced_columns(self) -> None:
        for place in self.table.fills.get("admission_no", ()):
            held = [line.cells[place] for line in self._pupils if line.cells[place]]
            if held and sum(not upn_problem(each.upper()) for each in held) > len(held) / 2:
                heading = self.table.headings[place]
                self._problem(
                    f'the column "{heading}" holds UPNs; say so with --map "{heading}=upn", or mend the export'
                )

    def _refuse(self, line: Line, column: str, why: str) -> None:
        heading = self.table.headings[self.table.fills[column][0]]
        self.problems.append(f'row {line.number}, column "{heading}": {why}')

    def _problem(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def _together(givers: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(giver for giver in givers if giver))


def _strictest(answers: Sequence[str]) -> str:
    if "no" in answers:
        return "no"
    return "yes" if answers and all(answer == "yes" for answer in answers) else "not_recorded"


def _one_parent_is_enough(answers: Sequence[str]) -> str:
    """Join the answers of several parents to one question: one may consent for both, and any one may refuse."""
    return "no" if "no" in answers else "yes" if "yes" in answers else "not_recorded"
