"""An export read whole: one entry per pupil, in the register's own columns and values, or every reason why not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditbot.errors import ImportRefused
from auditbot.model import Channel
from auditbot.registers.mis import cells
from auditbot.registers.mis.columns import ANSWERED_AT, read_mapping
from auditbot.registers.mis.headings import DATE_OF, SYSTEMS, folded, meaning_of_words, year_of
from auditbot.registers.mis.notes import LEAVE_OUT, Asked, Note, NoteCode, Question, note
from auditbot.registers.mis.rows import (
    ANSWERS,
    DATES,
    NAMES,
    OF_ONE_CONSENT,
    STATEMENTS,
    Answer,
    Entry,
    Reading,
    entry_of,
    strictest,
)
from auditbot.registers.mis.sheets.sheet import Line
from auditbot.registers.mis.table import IDENTITY, TICKS, find_table, is_footer, turns_round
from auditbot.registers.people import CHANNELS, COLUMNS, upn_problem

MOST_PROBLEMS = 25


@dataclass(frozen=True, slots=True)
class Export:
    """A whole export."""

    name: str
    """The file's name."""
    columns: frozenset[str]
    """Columns of the register that the export holds."""
    entries: tuple[Entry, ...]
    """One per pupil, in the order of the export."""
    notes: tuple[Note, ...]
    """What a person should know of how it was read."""
    questions: tuple[Question, ...] = ()
    """Answers that a person has to read."""
    whole_school: bool = True
    """Whether a pupil who is missing from it has left: it holds numbers and is no form."""

    @property
    def not_read(self) -> tuple[str, ...]:
        """Those of the notes that say what of the file was not used."""
        return tuple(str(each) for each in self.notes if each.passed_by)

    @property
    def answers_nothing(self) -> bool:
        """True if no cell of it answers for any channel."""
        return not self.questions and not any(
            entry.cells.get(column) in ("yes", "no") for entry in self.entries for column in (*CHANNELS, *STATEMENTS)
        )


def read_export(
    path: Path,
    system: str | None = None,
    mapping: Sequence[str] = (),
    today: date | None = None,
    decided: Mapping[str, str] | None = None,
) -> Export:
    """Read an export of a pupil records system, a form or a list. Raises ImportRefused naming every problem."""
    said = read_mapping(path, mapping)
    table = find_table(path, system, said, today)
    reading = Reading(path, table, said, decided or {})
    lines = list(_pupils(reading))
    reading.names = frozenset(folded(reading.text(line, name)) for line in lines for name in (*NAMES[:4], "full_name"))
    reading.names -= {""}
    reading.month_first = _month_first(reading, lines)
    reading.of_other_years = _of_other_years([reading.text(line, "consent_type") for line in lines], today)
    reading.crosses = _crosses(lines)
    _check_columns(reading, lines)
    entries = _entries(reading, lines)
    if not entries and not reading.problems:
        reading.problems.append("it holds headings but no pupil")
    if reading.problems:
        more = len(reading.problems) - MOST_PROBLEMS
        shown = reading.problems[:MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
        raise ImportRefused(path, shown)
    columns = frozenset(column for entry in entries for column in entry.cells)
    whole_school = not table.is_form and any(entry.numbers for entry in entries)
    notes = [*table.notes, *reading.notes, *_notes_at_the_end(system, columns, entries, whole_school)]
    return Export(path.name, columns, tuple(entries), tuple(notes), tuple(reading.questions), whole_school)


def _month_first(reading: Reading, lines: Sequence[Line]) -> frozenset[int]:
    """Return the places of columns of days that can only be read with the month first; what they are is told."""
    found = set()
    for column, places in reading.table.fills.items():
        if column in (*DATES, ANSWERED_AT) or column.startswith(DATE_OF):
            for place in places:
                at_least = 1 if reading.table.is_form else 2
                if cells.month_comes_first([line.cells[place] for line in lines], at_least):
                    found.add(place)
                    reading.tell(NoteCode.MONTH_FIRST, heading=reading.table.headings[place])
    return frozenset(found)


def _of_other_years(kinds: Iterable[str], today: date | None) -> frozenset[str]:
    """Return the named consents that ask for another academic year what one asks for the year that runs."""
    by_channel: dict[str, dict[str, int]] = {}
    for kind in dict.fromkeys(kinds):
        if (year := year_of(kind)) is not None:
            by_channel.setdefault(meaning_of_words(kind), {})[kind] = year
    begun = 9999 if today is None else today.year - (today.month < 9)
    other = set()
    for years in by_channel.values():
        runs = max((year for year in years.values() if year <= begun), default=None)
        other |= {kind for kind, year in years.items() if runs is not None and year != runs}
    return frozenset(other)


def _notes_at_the_end(
    system: str | None, columns: frozenset[str], entries: Sequence[Entry], whole_school: bool
) -> Iterator[Note]:
    blank = any(value == "not_recorded" for entry in entries for value in entry.cells.values())
    if system and SYSTEMS[system].blank_may_refuse and blank:
        yield note(NoteCode.BLANK_MAY_REFUSE, system=SYSTEMS[system].name)
    if "upn" in columns and (without := sum(not entry.cells.get("upn") for entry in entries)):
        yield note(NoteCode.WITHOUT_UPN, pupils=how_many(without))
    if not whole_school:
        yield note(NoteCode.PART_OF_SCHOOL)


def how_many(number: int) -> str:
    """Return "1 pupil" or "12 pupils"."""
    return "1 pupil" if number == 1 else f"{number} pupils"


# --- the table as a whole -------------------------------------------------------------------------------------------


def _pupils(reading: Reading) -> Iterator[Line]:
    """Yield the rows that are pupils; a closing remark that turns marks round is a problem."""
    for line in reading.table.lines:
        names = [reading.text(line, name) for name in NAMES[:2] if name in reading.table.fills]
        if "full_name" in reading.table.fills:
            whole = reading.text(line, "full_name")
            surname, comma, forename = whole.partition(",")
            names = [surname, forename] if comma else whole.split()[:2] if len(whole.split()) > 1 else [whole, ""]
            if not comma and is_footer(line, [], []):
                names = [""]
            if sum(map(bool, line.cells)) == 1 and len(whole.split()) == 1 and not reading.table.is_form:
                reading.tell(NoteCode.ROW_PASSED_OVER, row=line.number)  # the name of a class above its pupils
                continue
        if not is_footer(line, [reading.text(line, name) for name in IDENTITY], names):
            yield line
            continue
        reading.tell(NoteCode.ROW_PASSED_OVER, row=line.number)
        if turns_round(line):
            said = next(cell for cell in line.cells if cell)
            reading.problem(
                f'row {line.number} says what a mark means ("{said}"), and it may be a refusal; if every yes '
                "permits, take that row out of the file"
            )


def _check_columns(reading: Reading, lines: Sequence[Line]) -> None:
    table = reading.table
    for place, question in sorted(table.ask.items()):
        if any(line.cells[place] for line in table.lines):
            reading.problem(question)
        else:
            reading.tell(NoteCode.COLUMN_EMPTY, heading=table.headings[place])
    _refuse_uncalculated(reading)
    _refuse_several_children(reading)
    _refuse_doubled_headings(reading)
    for place in table.fills.get("admission_no", ()):
        held = [line.cells[place] for line in lines if line.cells[place]]
        if held and sum(not upn_problem(each.upper()) for each in held) > len(held) / 2:
            heading = table.headings[place]
            reading.problem(f'the column "{heading}" holds UPNs; say so with --map "{heading}=upn", or mend the export')


def _crosses(lines: Sequence[Line]) -> frozenset[int]:
    """Return the places of columns that hold ticks and no other refusal, so that an x in them is a cross."""
    width = max((len(line.cells) for line in lines), default=0)
    columns = {place: {line.cells[place] for line in lines if place < len(line.cells)} for place in range(width)}
    return frozenset(
        place
        for place, held in columns.items()
        if any(set(cell.replace("\ufe0f", "")) <= cells.TICKS for cell in held if cell)
        and not any(cell in cells.CROSSES for cell in held)
    )


def _refuse_uncalculated(reading: Reading) -> None:
    """Refuse a column of formulas whose results the file does not hold: its cells would seem to be blank."""
    for column in reading.table.columns:
        if not set(column.means) & {*COLUMNS, "full_name", "consent_type", "consent_status", TICKS}:
            continue
        lines = reading.table.lines
        empty = [line for line in lines if column.place in line.uncalculated]
        if empty and not any(line.cells[column.place] for line in lines):
            reading.problem(
                f'row {empty[0].number}, column "{column.heading}": it holds a formula, and the file does not hold its '
                "result; open the file in Excel, save it, and import it again"
            )


def _refuse_several_children(reading: Reading) -> None:
    """Refuse a form with columns for a second child: a row would be about two, and its answers about both."""
    for name in ("full_name", "legal_forename"):
        places = reading.table.fills.get(name, ())
        filled = [place for place in places if any(line.cells[place] for line in reading.table.lines)]
        if len(filled) > 1 and any(
            len({line.cells[each] for each in filled} - {""}) > 1 for line in reading.table.lines
        ):
            listed = " and ".join(f'"{reading.table.headings[place]}"' for place in filled)
            reading.problem(
                f"{listed} name a child each: a row would be about several children; leave one out with --map, and "
                "import the file once for each"
            )


def _refuse_doubled_headings(reading: Reading) -> None:
    table = reading.table
    by_heading: dict[str, list[int]] = {}
    for place, heading in enumerate(table.headings):
        if any(place in places for places in table.fills.values()):
            by_heading.setdefault(folded(heading), []).append(place)
    for places in by_heading.values():
        first, *others = places
        if any(line.cells[first] != line.cells[other] for other in others for line in table.lines):
            heading = table.headings[first]
            where = " and ".join(str(place + 1) for place in places)
            reading.problem(f'the heading "{heading}" stands twice (columns {where}), and the cells differ')
        elif others:
            reading.tell(NoteCode.HEADING_TWICE, heading=table.headings[first])
    for channel in CHANNELS:
        of_channel = [table.columns[place] for place in table.fills.get(channel, ())]
        names = list(dict.fromkeys(column.heading for column in of_channel))
        if len(names) > 1 and len({column.giver for column in of_channel}) < len(names):
            listed = ", ".join(f'"{name}"' for name in names)
            reading.tell(NoteCode.SEVERAL_MEAN_ONE, headings=listed, column=channel)


def _entries(reading: Reading, lines: Sequence[Line]) -> list[Entry]:
    """Return one entry per pupil; rows of one pupil are joined, and each of their answers is kept."""
    long = "consent_type" in reading.table.fills
    read = [entry_of(reading, line, long) for line in lines]
    grouped: dict[str, list[Entry]] = {}
    for entry in read:
        grouped.setdefault(_same_pupil(entry), []).append(entry)
    if long and read and not reading.problems and not any(answer for entry in read for answer in entry.answers):
        reading.problems.append("no kind of consent in it is one for photos, such as Website or Social Media")
    named = {answer.channel for entry in read for answer in entry.answers} if long else set()
    entries = [_one(reading, of_one, long, named) for of_one in grouped.values()]
    for name in IDENTITY[1:]:
        first: dict[str, int] = {}
        for entry in entries:
            if (value := entry.cells.get(name)) and first.setdefault(value, entry.row) != entry.row:
                reading.problems.append(f"rows {first[value]} and {entry.row} hold the same {name} for two pupils")
    return entries


def _same_pupil(entry: Entry) -> str:
    """Return a key that rows of one pupil share: a number, or the name with birthday or class, or the row alone."""
    for name in IDENTITY:
        if entry.cells.get(name):
            return f"{name} {entry.cells[name]}"
    beside = entry.cells.get("date_of_birth") or entry.cells.get("class")
    if not beside:
        return f"row {entry.row}"
    names = entry.whole_name or f"{entry.cells['legal_forename']} {entry.cells['legal_surname']}"
    return f"{' '.join(sorted(folded(part) for part in names.split()))} {beside}"


# --- rows of one pupil ----------------------------------------------------------------------------------------------


def _one(reading: Reading, rows: Sequence[Entry], long: bool, named: Iterable[Channel]) -> Entry:
    """Join the rows of one pupil."""
    first, *others = rows
    known = len(reading.problems)
    about = [name for name in first.cells if not (long and name in OF_ONE_CONSENT)]
    dated = len({answer.on for row in rows for answer in row.answers if answer.on}) > 1
    givers = len({answer.giver for row in rows for answer in row.answers}) > 1
    for other in others:
        same = dict(first.cells) == dict(other.cells) and first.answers == tuple(
            replace(each, row=first.row) for each in other.answers
        )
        if same and not long:
            reading.tell(NoteCode.ROWS_THE_SAME, first=first.row, second=other.row)
        elif not long and not dated and not givers:
            differing = [name for name in about if first.cells[name] != other.cells.get(name)]
            differing += _differing_answers(first, other)
            reading.problem(
                f"rows {first.row} and {other.row} hold the same pupil, but differ in {', '.join(differing)}"
            )
        else:
            loose = {*OF_ONE_CONSENT, "class", "year_group"} if reading.table.is_form or not long else set()
            differing = [n for n in about if n not in loose and first.cells[n] != other.cells.get(n)]
            if differing:
                reading.problem(
                    f"rows {first.row} and {other.row} hold the same pupil, but differ in {', '.join(differing)}"
                )
    problem = reading.problem if len(reading.problems) == known else _not_again
    asking = Asking(reading.decided, reading.questions) if reading.table.is_form else None
    return joined_entry(rows, long, named, problem, reading.tell, asking)


def _not_again(_: str) -> None:
    """Say nothing of rows that are refused already."""


def _differing_answers(first: Entry, other: Entry) -> list[str]:
    said = {answer.channel: answer.said for answer in first.answers}
    return [answer.channel for answer in other.answers if said.get(answer.channel) != answer.said]


@dataclass(frozen=True, slots=True)
class Asking:
    """How answers of one child that differ are asked about, where nobody knows who gave them."""

    decided: Mapping[str, str]
    """What a person decided, by the key of the question."""
    questions: list[Question]
    """What is asked."""

    def said(self, whose: str, answers: Sequence[Answer]) -> str:
        """Return what a person decided that holds; ask where nobody has, and return an empty text."""
        channel, row = answers[-1].channel, answers[-1].row
        told = "|".join(f"{answer.said} {answer.on}" for answer in answers)
        key = hashlib.sha256(f"{whose}|{channel}|{told}".encode()).hexdigest()[:16]
        if (decided := self.decided.get(key, "")) in ANSWERS:
            return decided
        numbers = " and ".join(str(each) for each in sorted({answer.row for answer in answers}))
        sentence = (
            f"rows {numbers} hold differing answers for the same child and {channel.replace('_', ' ')}, and it is not "
            "known whose they are. What holds: yes, no, or not recorded?"
        )
        if decided != LEAVE_OUT and key not in {question.key for question in self.questions}:
            self.questions.append(Question(key, Asked.ANSWER, row, sentence, (*ANSWERS, LEAVE_OUT), "no"))
        return ""


def joined_entry(
    rows: Sequence[Entry],
    long: bool,
    named: Iterable[Channel],
    problem: Callable[[str], None],
    tell: Callable[..., None],
    asking: Asking | None = None,
) -> Entry:
    """Return one entry for all rows of a pupil: the latest answer of each giver, and the strictest of all givers."""
    newest = max(rows, key=lambda row: max((answer.on for answer in row.answers), default=""))
    held = dict(rows[0].cells if long else newest.cells)
    answers = tuple(answer for row in rows for answer in row.answers)
    past: list[Answer] = []
    on: dict[Channel, str] = {}
    by: dict[Channel, str] = {}
    yes: list[Answer] = []
    wanted = [channel for channel in CHANNELS if channel in named or any(a.channel == channel for a in answers)]
    for channel in wanted:
        of_channel = [answer for answer in answers if answer.channel == channel]
        stands, earlier = _latest_by_giver(of_channel, problem, asking, rows[0].key)
        past += earlier
        said = strictest_of(stands)
        so_said = [answer for answer in stands if answer.said == said] or stands
        if said or not of_channel:
            held[channel] = said or "not_recorded"
        if days := [answer.on[:10] for answer in so_said if answer.on]:
            on[channel] = max(days)
        by[channel] = together(answer.by for answer in so_said)
        yes += so_said if said == "yes" else []
    if past:
        tell(NoteCode.ANSWERED_AGAIN, count=len(past))
    if long:
        _consent_as_a_whole(rows, held, yes)
    elif not any(answer.by for answer in answers):
        by = {}
    if not long and not (past or len(rows) > 1 or any(answer.on != held.get("consent_given_on") for answer in answers)):
        on = {}
    first = rows[0]
    return Entry(first.row, held, on, by, tuple(past), first.whole_name, first.former_upn, first.known_as, answers)


def _consent_as_a_whole(rows: Sequence[Entry], held: dict[str, str], yes: Sequence[Answer]) -> None:
    """Fill the register's columns about the form as a whole, from an export with one row per consent."""
    said_yes = {answer.row for answer in yes}
    of_yes = [row.cells for row in rows if row.row in said_yes]
    about = [row.cells for row in rows if row.answers]
    for column, value in (
        ("consent_given_on", max((row.get("consent_given_on", "") for row in of_yes), default="")),
        ("consent_by", together(row.get("consent_by", "") for row in about)),
        ("consent_expires_on", min(filter(None, (row.get("consent_expires_on") for row in of_yes)), default="")),
    ):
        if column in held:
            held[column] = value
    held.pop("withdrawn_on", None)


def _latest_by_giver(
    answers: Sequence[Answer], problem: Callable[[str], None], asking: Asking | None, whose: str
) -> tuple[list[Answer], list[Answer]]:
    """Return each giver's latest answer to each question, and what the same giver had said before."""
    stands: list[Answer] = []
    past: list[Answer] = []
    grouped: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        grouped.setdefault((answer.giver, answer.kind), []).append(answer)
    for (giver, _), of_one in grouped.items():
        in_order = sorted(of_one, key=lambda answer: answer.on)
        *earlier, last = in_order
        unsure = [each for each in earlier if each.said != last.said and (each.on == last.on or not each.on)]
        taken_back = [each for each in earlier if each.said == "no" and last.said != "no" and not giver]
        if (unsure or taken_back) and asking is not None:
            stands.append(replace(last, said=asking.said(whose, in_order)))
            continue
        if unsure or taken_back:
            numbers = " and ".join(str(each.row) for each in sorted(of_one, key=lambda each: each.row))
            problem(f"rows {numbers} hold differing answers for the same pupil and {last.channel}")
        stands.append(last)
        past += [each for each in earlier if each.said != last.said or each.on[:10] != last.on[:10]]
    return stands, past


def strictest_of(answers: Sequence[Answer]) -> str:
    """Join answers: one giver permits with a yes to each question; one parent may consent for both, any may refuse."""
    by_giver: dict[str, dict[str, str]] = {}
    for answer in answers:
        by_giver.setdefault(answer.giver, {})[answer.kind] = answer.said
    return _one_parent_is_enough([strictest(list(kinds.values())) for kinds in by_giver.values()])


def together(givers: Iterable[str]) -> str:
    """Return who gave an answer, each once."""
    return " and ".join(dict.fromkeys(giver for giver in givers if giver))


def _one_parent_is_enough(answers: Sequence[str]) -> str:
    """Join the answers of several parents to one question: one may consent for both, and any one may refuse."""
    if "no" in answers:
        return "no"
    return "" if "" in answers else "yes" if "yes" in answers else "not_recorded"
