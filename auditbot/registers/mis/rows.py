"""One row of an export: whom it is about and what it answers, in the register's own columns and values."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditbot.model import Channel
from auditbot.registers.consent import parent_of
from auditbot.registers.mis import cells
from auditbot.registers.mis.cells import CROSS, MARKS
from auditbot.registers.mis.child_names import cut_in_two, without_known_as
from auditbot.registers.mis.columns import ANSWERED_AT, FORMER_UPN, GIVER_KEY, REMARK, Column, Said, Why
from auditbot.registers.mis.headings import ASK, DATE_OF, UNUSED, doubts, folded, meaning_of_words
from auditbot.registers.mis.notes import LEAVE_OUT, Asked, Note, NoteCode, Question, note
from auditbot.registers.mis.sheets.sheet import Line
from auditbot.registers.mis.table import IDENTITY, TICKS, Table, what_to_ask
from auditbot.registers.people import CHANNELS, COLUMNS, upn_problem

DATES = tuple(column for column in COLUMNS if column.endswith("_on") or column in ("date_of_birth", "on_roll_from"))
STATEMENTS = ("never_publish", "biometric_objection", "child_objects")
NAMES = ("legal_forename", "legal_surname", "preferred_forename", "preferred_surname", "former_surnames")
OF_ONE_CONSENT = ("consent_given_on", "consent_by", "consent_expires_on", "withdrawn_on")
"""Columns that in an export with one row per consent are about that consent, not about the pupil."""
NOTHING = ("", "na", "no", "none", "nil", "nothing")
"""What in a column of remarks says that there is none."""
ANSWERS = ("yes", "no", "not_recorded")
OFTEN = 3
"""From so many cells of a column on that say the same, one question is asked for all of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one row of an export answers for one channel."""

    channel: Channel
    """For what."""
    said: str
    """yes, no or not_recorded."""
    on: str = ""
    """When, as 2026-09-01 or with the time behind it; empty where the export does not tell."""
    by: str = ""
    """Who, as the export names them."""
    giver: str = ""
    """Who, comparable; empty where that is not known."""
    row: int = 0
    """The row it stands in."""
    kind: str = ""
    """The consent, or the column, that it answers, where several are for one channel."""


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
    past: tuple[Answer, ...] = ()
    """Answers that the same person gave before, and that no longer hold."""
    whole_name: str = ""
    """The name where it stands in one cell that is not surname, comma and forename."""
    former_upn: str = ""
    """An earlier UPN, where the export holds one."""
    known_as: str = ""
    """The name in use that stands in brackets behind the name: it helps to find the child, and changes no record."""
    answers: tuple[Answer, ...] = ()
    """Every answer that it was joined from."""

    @property
    def numbers(self) -> Mapping[str, str]:
        """Its numbers: pupil_id, upn and admission_no, those that it has."""
        return {name: self.cells[name] for name in IDENTITY if self.cells.get(name)}

    @property
    def key(self) -> str:
        """Short hash of who it is about, the same in another file that says the same of them."""
        said = [self.cells.get(name, "") for name in (*IDENTITY, *NAMES[:2], "date_of_birth", "class")]
        return hashlib.sha256("|".join(map(folded, (*said, self.whole_name))).encode()).hexdigest()[:16]


@dataclass(slots=True)
class Reading:
    """One table while it is read: every problem is noted instead of stopping at the first."""

    path: Path
    """The file."""
    table: Table
    """Where the pupils stand in it."""
    said: Said
    """What the school said that its headings mean."""
    decided: Mapping[str, str]
    """What a person decided, by the key of the question."""
    names: frozenset[str] = frozenset()
    """Every name in the file, folded: a cell with one of them is never repeated."""
    month_first: frozenset[int] = frozenset()
    """Places of columns whose days stand with the month first."""
    problems: list[str] = field(default_factory=list)
    """Why it cannot be read."""
    notes: list[Note] = field(default_factory=list)
    """What is to be told of it."""
    questions: list[Question] = field(default_factory=list)
    """What a person has to decide."""
    crosses: frozenset[int] = frozenset()
    """Places of columns in which an x stands against ticks, and so is a cross."""
    of_other_years: frozenset[str] = frozenset()
    """Names of consents of other academic years than the one that runs."""
    _said: dict[int, Counter[str]] = field(default_factory=dict)

    def problem(self, sentence: str) -> None:
        """Note a problem, once."""
        if sentence not in self.problems:
            self.problems.append(sentence)

    def tell(self, code: NoteCode, **values: object) -> None:
        """Note what is to be told, once."""
        if (told := note(code, **values)) not in self.notes:
            self.notes.append(told)

    def text(self, line: Line, column: str) -> str:
        """Return the first text that a row holds for a column; empty if there is none."""
        return next((line.cells[place] for place in self.table.fills.get(column, ()) if line.cells[place]), "")

    def how_often(self, place: int, text: str) -> int:
        """Return how many cells of a column say the same."""
        if place not in self._said:
            self._said[place] = Counter(line.cells[place].casefold() for line in self.table.lines)
        return self._said[place][text.casefold()]

    def reads_month_first(self, column: str) -> bool:
        """Return whether days of this meaning stand with the month first."""
        return bool(self.month_first & {*self.table.fills.get(column, ())})

    def refuse(self, line: Line, column: str, why: str) -> None:
        """Note a problem of one cell, never what it holds."""
        heading = self.table.headings[self.table.fills[column][0]]
        self.problems.append(f'row {line.number}, column "{heading}": {why}')


def entry_of(reading: Reading, line: Line, long: bool) -> Entry:
    """Return what one row says of a pupil. ``long`` says that the export has a row per consent."""
    held = [column for column in COLUMNS if column in reading.table.fills and column not in CHANNELS]
    row = {column: _value(reading, line, column) for column in held}
    if line.number in reading.table.class_of_row:
        row["class"] = reading.table.class_of_row[line.number]
    whole, known_as = _names(reading, line, row)
    stamp = _stamp(reading, line)
    if stamp and not row.get("consent_given_on"):
        row["consent_given_on"] = stamp[:10]
    key = folded(reading.text(line, GIVER_KEY))
    by = row.get("consent_by", "")
    giver = parent_of(by) or ("" if key in ("", "anonymous") else key)
    found = _long_answers(reading, line, row) if long else _wide_answers(reading, line)
    on = stamp or row.get("consent_given_on", "")
    answers = tuple(
        replace(
            each,
            on=each.on or on,
            by=each.by or by,
            giver=parent_of(each.by) or giver,
        )
        for each in found
    )
    former = "".join(reading.text(line, FORMER_UPN).upper().split())
    return Entry(line.number, row, answers=answers, whole_name=whole, former_upn=former, known_as=known_as)


def _names(reading: Reading, line: Line, row: dict[str, str]) -> tuple[str, str]:
    """Fill in the names of a row; return the whole name where only a known pupil's can cut it, and the name in use."""
    fills, whole, known_as = reading.table.fills, "", ""
    for name in NAMES[:2]:
        if name in row:
            row[name], found = without_known_as(row[name])
            known_as = known_as or found
    if "full_name" in fills and "legal_surname" not in row:
        text, known_as = without_known_as(reading.text(line, "full_name"))
        surname, comma, forename = (part.strip() for part in text.partition(","))
        row |= {"legal_surname": surname if comma else "", "legal_forename": forename if comma else ""}
        if not text and not reading.table.is_form:
            reading.refuse(line, "full_name", "is empty")
        elif not comma or "," in forename:
            whole = text
            row |= cut_in_two(text, reading.table.headings[fills["full_name"][0]])
        if any(letter.isdigit() for letter in text):
            reading.refuse(line, "full_name", "holds a number or a date, not a name; are columns swapped?")
    for name in ("legal_forename", "legal_surname"):
        if not row.get(name) and "full_name" not in fills and not reading.table.is_form:
            reading.refuse(line, name, "is empty")
    numbered = [name for name in IDENTITY if name in fills]
    if numbered and not any(row.get(name) for name in numbered) and not reading.table.is_form:
        reading.refuse(line, numbered[0], "is empty")
    return whole, known_as


def _stamp(reading: Reading, line: Line) -> str:
    text = reading.text(line, ANSWERED_AT)
    if not text:
        return ""
    try:
        return cells.moment(text, reading.reads_month_first(ANSWERED_AT))
    except ValueError as error:
        reading.refuse(line, ANSWERED_AT, str(error))
        return ""


def _value(reading: Reading, line: Line, column: str) -> str:
    text = _one_text(reading, line, column)
    if column == "date_of_birth" and reading.table.is_form and text:
        text = _birthday(reading, text)
    if convert := _conversion(reading, column):
        return _converted(reading, line, column, convert, text) if text else ""
    if column == "upn":
        text = "".join(text.upper().split())
        if text and (problem := upn_problem(text)):
            reading.refuse(line, column, problem)
    if column in NAMES and any(letter.isdigit() for letter in text):
        reading.refuse(line, column, "holds a number or a date, not a name; are columns swapped?")
    if column == "pupil_id" and text and not all(each.isalnum() or each in "-_" for each in text):
        reading.refuse(line, column, "may hold only letters, digits, - and _")
    return text


def _birthday(reading: Reading, text: str) -> str:
    """Return a birthday that a parent wrote, as 2021-02-13, in either order where only one can be; else nothing."""
    first = reading.reads_month_first("date_of_birth")
    for month_first in (first, not first):
        try:
            return cells.day(text, month_first)
        except ValueError:
            continue
    return ""


def _conversion(reading: Reading, column: str) -> Callable[[str], str] | None:
    if column in DATES:
        return lambda text: cells.day(text, reading.reads_month_first(column))
    if column == "year_group":
        return lambda text: cells.year_group(text, reading.said.first_nursery_year)
    if column in STATEMENTS:
        return cells.statement
    return {
        "biometric_consent": lambda text: cells.answer(text).said,
        "name_use": cells.name_use,
        "class": cells.class_name,
    }.get(column)


def _converted(reading: Reading, line: Line, column: str, convert: Callable[[str], str], text: str) -> str:
    places = reading.table.fills[column]
    place = next((place for place in places if line.cells[place] == text), places[0])
    if column in STATEMENTS and text.casefold() in MARKS and place not in reading.crosses:
        return "yes"  # a mark for those whom it is about: what it says protects
    try:
        return convert(text)
    except cells.Unclear:
        _neither(reading, line, place, text)
    except ValueError as error:
        reading.problems.append(f'row {line.number}, column "{reading.table.headings[place]}": {error}')
    return ""


def _neither(reading: Reading, line: Line, place: int, text: str) -> None:
    known = f'"{text[:40]}"' if folded(text) not in reading.names else "what it holds (a name)"
    heading = reading.table.headings[place]
    reading.problems.append(f'row {line.number}, column "{heading}": {known} is neither yes, no nor blank')


def _one_text(reading: Reading, line: Line, column: str) -> str:
    places = reading.table.fills[column]
    texts = {line.cells[place] for place in places} - {""}
    if len(texts) > 1 and column == "consent_by":
        return " and ".join(dict.fromkeys(line.cells[place] for place in places if line.cells[place]))
    if len(texts) > 1:
        headings = " and ".join(f'"{reading.table.headings[place]}"' for place in places)
        reading.problems.append(f"row {line.number}: {headings} both mean {column}, and differ")
    return next(iter(texts), "")


def _wide_answers(reading: Reading, line: Line) -> Iterator[Answer]:
    """Yield what a row answers for each channel that has a column, or a place in a list of ticks."""
    offered = _offered(reading.table)
    for column in reading.table.columns:
        if column.place in reading.table.ask:
            continue
        if TICKS in column.means:
            yield from _ticked(reading, line, column, offered)
        for channel in CHANNELS:
            if channel not in column.means:
                continue
            if column.why == Why.REFUSES:
                # A column such as "No social media": a mark is a refusal, and a blank says nothing.
                if line.cells[column.place]:
                    yield Answer(channel, "no", "", column.giver, row=line.number, kind=str(column.place))
                continue
            told = _told(reading, line, column.place)
            on = told.on or _day_of(reading, line, channel)
            yield Answer(channel, told.said, on, column.giver, row=line.number, kind=str(column.place))


def _offered(table: Table) -> tuple[Channel, ...]:
    """Return the kinds of publication that the lists of ticks name anywhere: what one could have ticked."""
    named = {
        channel
        for column in table.columns
        if TICKS in column.means
        for line in table.lines
        for channel in cells.ticked(line.cells[column.place]) or ()
    }
    return tuple(channel for channel in CHANNELS if channel in named)


def _ticked(reading: Reading, line: Line, column: Column, offered: Sequence[Channel]) -> Iterator[Answer]:
    text = line.cells[column.place]
    places = cells.ticked(text) if text else None
    said: dict[Channel, str] = {}
    if not text:
        said = dict.fromkeys(offered, "not_recorded")
    elif places is None or column.place in line.struck or _beside(reading, line, column.place):
        decided = _ask_answer(reading, line, column.place, text)
        said = dict.fromkeys(offered, decided) if decided else {}
    else:
        said = {channel: "yes" if channel in places else "no" for channel in offered}
    for channel, answer in said.items():
        yield Answer(channel, answer, row=line.number, kind=str(column.place))


def _told(reading: Reading, line: Line, place: int) -> cells.Told:
    """Return what a cell says. What it says unclearly, or struck through, is asked about and left open."""
    text = line.cells[place]
    if text.casefold() in CROSS and place in reading.crosses:
        text = "no"
    try:
        told = cells.answer(text)
    except cells.Unclear:
        letters = folded(text)
        if text.casefold() in MARKS or len(letters) == 1 or letters in reading.names or letters.isdecimal():
            _x_or_worse(reading, line, place, text)
            return cells.Told("")
    else:
        doubted = place in line.struck or (told.said == "yes" and _beside(reading, line, place))
        if not doubted or told.said == "not_recorded":
            return told
    return cells.Told(_ask_answer(reading, line, place, text))


def _x_or_worse(reading: Reading, line: Line, place: int, text: str) -> None:
    """Refuse a mark or a name where an answer should be: it is not one cell that is unclear but the column."""
    _neither(reading, line, place, text)


def _ask_answer(reading: Reading, line: Line, place: int, text: str) -> str:
    """Return what a person decided that a cell says; ask where nobody has, and return an empty text."""
    heading = reading.table.headings[place]
    whose = "|".join(reading.text(line, name) for name in (*IDENTITY, *NAMES[:2], "full_name", "date_of_birth"))
    beside = _beside(reading, line, place)
    said = f"{folded(whose)}|{folded(heading)}|{text}" + (f"|{beside}" if beside else "")
    struck = " and is struck through" if place in line.struck else ""
    also = f', and beside it "{beside[:160]}"' if beside else ""
    sentence = f'row {line.number}, column "{heading}": it says "{text[:120]}"{struck}{also}.'
    if not struck and not beside and (often := reading.how_often(place, text)) >= OFTEN:
        # What many cells of a column say alike is one question, and not one a row.
        said = f"{folded(heading)}|{text.casefold()}"
        sentence = f'column "{heading}": "{text[:120]}" stands in {often} rows, first in row {line.number}.'
    key = hashlib.sha256(said.encode()).hexdigest()[:16]
    if reading.decided.get(key) in ANSWERS:
        return reading.decided[key]
    if reading.decided.get(key) != LEAVE_OUT and key not in {each.key for each in reading.questions}:
        choices = (*ANSWERS, LEAVE_OUT)
        reading.questions.append(
            Question(key, Asked.ANSWER, line.number, f"{sentence} Yes, no, or not recorded?", choices)
        )
    return ""


def _beside(reading: Reading, line: Line, place: int) -> str:
    """Return what a comment on the cell says, or a remark in its row that may limit or take back an answer."""
    if comment := line.comments.get(place, ""):
        return comment
    for each in reading.table.fills.get(REMARK, ()):
        remark, why = line.cells[each], reading.table.columns[each].why
        if remark and (
            (why == Why.INSIDE and _is_no(remark))
            or (why != Why.INSIDE and doubts(remark))
            or (why == Why.CONTENT and folded(remark) not in NOTHING)
        ):
            return f"{reading.table.headings[each]}: {remark}" if why == Why.INSIDE else remark
    return ""


def _is_no(text: str) -> bool:
    try:
        return cells.answer(text).said == "no"
    except cells.Unclear:
        return True


def _day_of(reading: Reading, line: Line, channel: Channel) -> str:
    column = f"{DATE_OF}{channel}"
    if column not in reading.table.fills or not (text := _one_text(reading, line, column)):
        return ""
    month_first = reading.reads_month_first(column)
    return _converted(reading, line, column, lambda day: cells.day(day, month_first), text)


def _long_answers(reading: Reading, line: Line, row: Mapping[str, str]) -> Iterator[Answer]:
    """Yield what a row of an export with one row per consent answers; the day of a withdrawal makes it a no."""
    kind = reading.text(line, "consent_type")
    if kind in reading.of_other_years:
        reading.tell(NoteCode.OTHER_YEAR, heading=kind)
        return
    meant = reading.said.columns.get(folded(kind)) or (meaning_of_words(kind),)
    if meant == (ASK,) and reading.text(line, "consent_status"):
        reading.problem(what_to_ask(f'the consent "{kind}"', kind, ASK))
    if meant == (UNUSED,) and kind:
        reading.tell(NoteCode.CONSENT_NOT_USED, kind=kind)
    channels = [channel for channel in CHANNELS if channel in meant]
    if not channels:
        return
    told = [_told(reading, line, place) for place in reading.table.fills.get("consent_status", ())]
    said = "no" if row.get("withdrawn_on") else strictest([each.said for each in told])
    on = (row.get("withdrawn_on") or next((each.on for each in told if each.on), "")) or row.get("consent_given_on", "")
    for channel in channels:
        yield Answer(channel, said, on, row.get("consent_by", ""), row=line.number, kind=folded(kind))


def strictest(answers: Sequence[str]) -> str:
    """Return no if any answer is no, an empty text if one is still to be decided, and yes only if all are."""
    if "no" in answers:
        return "no"
    if "" in answers:
        return ""
    return "yes" if answers and all(answer == "yes" for answer in answers) else "not_recorded"
