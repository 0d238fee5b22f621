"""Where in an export the pupils stand: the row of headings, its columns, and the rows below that are pupils."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from auditbot.errors import ImportRefused
from auditbot.registers.mis.cells import MARKS, Unclear, answer, is_list_of_ticks
from auditbot.registers.mis.columns import IGNORE, REMARK, Column, Said, Why, columns_of
from auditbot.registers.mis.heading_row import heading_rows
from auditbot.registers.mis.headings import (
    ASK,
    ASK_END,
    ASK_START,
    UNUSED,
    folded,
    is_about_answers,
    may_be_a_remark,
    meaning_of_words,
    refused_channel,
    refuses,
    year_of,
)
from auditbot.registers.mis.notes import Note, NoteCode, note
from auditbot.registers.mis.sheets.sheet import Line, Page, read_pages, with_place
from auditbot.registers.people import CHANNELS

TICKS = "ticks"
"""What a column means whose cells are lists of the boxes that were ticked."""
TOTAL = re.compile(r"^(grand |sub[- ]?)?totals?\b", re.IGNORECASE)
FOOTER = re.compile(
    rf"{TOTAL.pattern}|^count\b|^sum\b|^average\b|^number of|^no\.? of "
    r"|^\d+ (pupils|students|records|rows|children)"
    r"|^(pupils|students|records|rows|children)\b.*\d|^page \d|^printed|^report|^end of"
    r"|^generated|^exported|^run (on|at)"
    r"|^created|^confidential|^produced|^key\b|^notes?\b|^\*|^--|^source\b|^©|^copyright",
    re.IGNORECASE,
)
SECTION = re.compile(
    r"^(year|class|form|reg|reg group|registration (group|form)|tutor group)\b(?! no)|^reception$", re.I
)
"""A line that says to which class the pupils below it belong, and nothing else."""
CLASS_BEFORE = re.compile(r"^(class|form|reg( group)?|registration (group|form)|tutor group)\W+", re.IGNORECASE)
HINT = re.compile(
    r"\W*(y(es)?\W{1,3}n(o)?|yes or no|(please )?(tick|select|delete as appropriate|enter)\b.*|dd/mm/y+|text|required"
    r"|optional|e\.?g\.?\W.*|example\b.*)\W*",
    re.IGNORECASE,
)
"""A cell below a heading that says how to fill the column in."""
GIVES = re.compile(
    r"(mother|father|mum(my)?|mam|dad(dy)?|(parent|guardian|carer|contact) ?\d|grand\w+|step\w+)", re.IGNORECASE
)
"""What stands in a column that says which parent a row is of."""
AGREES = re.compile(r"\b(agree|consent|permission|permit|allow|happy)\w*", re.IGNORECASE)
"""What a question asks that is answered by a list of places."""
LEGEND = re.compile(
    r"=|✓|✔|☑|\b(tick|cross|mark|shade|highlight)(s|ed)?\b|\b[yx] (means|is|for)\b"
    r"|\b(must|do|may|should|can) ?not\b|\bnever\b",
    re.IGNORECASE,
)
IDENTITY = ("pupil_id", "upn", "admission_no")
NOT_OF_NOW = re.compile(
    r"\b(leavers?|left|former|archived?|old|previous|deleted|alumni|applicants?|waiting)\b", re.IGNORECASE
)
"""Names of sheets with children who are not on roll."""


@dataclass(frozen=True, slots=True)
class Table:
    """The part of an export that holds pupils."""

    columns: tuple[Column, ...]
    """Its columns, by place."""
    lines: tuple[Line, ...]
    """The rows below the headings that hold anything."""
    notes: tuple[Note, ...]
    """What a person should know of how the export was read."""
    ask: Mapping[int, str] = field(default_factory=dict)
    """Places of columns that only the school can explain, with what to ask."""
    is_form: bool = False
    """Whether it is the answers to a form: then it need not hold every pupil, and its numbers are nobody's ids."""
    class_of_row: Mapping[int, str] = field(default_factory=dict)
    """By row, the class that its sheet's name or a line above it says, where no column does."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, by place."""
        return tuple(column.heading for column in self.columns)

    @property
    def fills(self) -> Mapping[str, tuple[int, ...]]:
        """Places of the columns by what they fill."""
        found: dict[str, tuple[int, ...]] = {}
        for column in self.columns:
            for meant in column.means if column.place not in self.ask else ():
                if meant not in (UNUSED, IGNORE):
                    found[meant] = (*found.get(meant, ()), column.place)
        return found


def find_table(path: Path, system: str | None, said: Said, today: date | None = None) -> Table:
    """Return the pupils' table of an export. Raises ImportRefused if there is none, or more than one."""
    found: dict[str, tuple[tuple[int, int], Table]] = {}
    nearest: tuple[tuple[int, int], tuple[str, ...]] = ((0, 0), ())
    pages = read_pages(path)
    for page in pages:
        for score, start, headings in heading_rows([line.cells for line in page.sheet], system, said):
            if score > nearest[0]:
                nearest = (score, headings)
            if page.title in found and score <= found[page.title][0]:
                continue
            above = [name for name in (path.stem, page.title) if is_about_answers(name)]
            above += [cell for line in page.sheet[: start - 1] for cell in line.cells]
            table = _table(headings, page, start, system, said, above, today)
            if not _missing(table):
                found[page.title] = (score, table)
    if not found:
        raise ImportRefused(path, _why_no_table(nearest[1], system, said))
    title, table = _one_of(path, {title: each for title, (_, each) in found.items()}, today)
    unknown = [each for each in said.columns if each not in {folded(heading) for heading in table.headings}]
    if unknown and "consent_type" not in table.fills:
        written = [each for each in said.written if folded(each.rpartition("=")[0]) in unknown]
        raise ImportRefused(path, [f'--map "{each}": there is no such heading in this file' for each in written])
    not_read = [
        note(NoteCode.SHEET_NOT_READ, hidden="hidden " if page.hidden else "", title=page.title)
        for page in pages
        if page.title not in title and (page.hidden or (page.title and any(not line.blank for line in page.sheet)))
    ]
    return replace(table, notes=(*table.notes, *not_read))


def _one_of(path: Path, found: Mapping[str, Table], today: date | None) -> tuple[tuple[str, ...], Table]:
    """Return the one table: of sheets for several academic years the one that runs, of sheets for classes all."""
    found = {title: each for title, each in found.items() if not NOT_OF_NOW.search(title)} or found
    if len(found) == 1:
        return tuple(found), next(iter(found.values()))
    years = {title: year for title in found if (year := year_of(title)) is not None}
    if len(years) == len(found):
        begun = None if today is None else today.year - (today.month < 9)
        latest = max((title for title in years if begun is None or years[title] <= begun), key=years.__getitem__,
                     default=max(years, key=years.__getitem__))  # fmt: skip
        return (latest,), found[latest]
    tables = list(found.values())
    same = all(tuple(map(folded, each.headings)) == tuple(map(folded, tables[0].headings)) for each in tables)
    pupils = [key for title, each in found.items() for key in {_who(each, line, title) for line in each.lines}]
    if not same or len(pupils) != len(set(pupils)):
        names = ", ".join(f'"{name}"' for name in found)
        raise ImportRefused(path, [f"it holds pupils on more than one sheet ({names}); keep one sheet"])
    # Rows of several sheets are told apart by hundreds of thousands: the sheet's number, and then the row's.
    lines, classes = [], {}
    for number, (title, each) in enumerate(found.items()):
        for line in each.lines:
            lines.append(replace(line, number=number * 100_000 + line.number))
            if "class" not in each.fills:
                classes[lines[-1].number] = each.class_of_row.get(line.number, title)
    notes = tuple(dict.fromkeys(one for each in tables for one in each.notes))
    return tuple(found), replace(tables[0], lines=tuple(lines), notes=notes, class_of_row=classes)


def _who(table: Table, line: Line, title: str) -> tuple[str, ...]:
    """Return whom a row is about; where only the name says so, with the class that the sheet is called after."""
    of = (*IDENTITY, "full_name", "legal_forename", "legal_surname", "date_of_birth", "class")
    sheet = () if {*IDENTITY, "date_of_birth", "class"} & table.fills.keys() else (title,)
    return (*sheet, *(folded(line.cells[place]) for name in of for place in table.fills.get(name, ())))


def _table(
    headings: tuple[str, ...],
    page: Page,
    start: int,
    system: str | None,
    said: Said,
    above: Sequence[str],
    today: date | None,
) -> Table:
    again = tuple(folded(heading) for heading in headings)
    headings += ("",) * (max((len(line.cells) for line in page.sheet[start:]), default=0) - len(headings))
    lines = [
        with_place(line, len(headings))
        for line in page.sheet[start:]
        if not line.blank
        and tuple(folded(cell) for cell in line.cells[: len(again)]) != again
        and not all(HINT.fullmatch(cell) for cell in line.cells if cell)
    ]
    columns, is_form, notes = columns_of(headings, system, said, today)
    lines = _of_the_year_that_runs(columns, lines, today, notes)
    lines, classes = ([*lines], {}) if is_form else _below_classes(columns, lines, above, notes)
    columns = tuple(_settled_by_cells(columns, lines, is_form))
    columns, ask = _kinds_settled(columns, lines)
    for column in columns:
        if about := next((each for each in column.means if each in (ASK, ASK_START, ASK_END)), ""):
            ask[column.place] = what_to_ask(f'the column "{column.heading}"', column.heading, about)
    ask |= _turned_round(columns, said, above, notes)
    notes += _not_used(columns, lines, page)
    return Table(columns, tuple(lines), tuple(notes), ask, is_form, classes)


def _below_classes(
    columns: Sequence[Column], lines: Sequence[Line], above: Sequence[str], notes: list[Note]
) -> tuple[list[Line], dict[int, str]]:
    """Take lines that name a class out of a list that has no column for it; the pupils below them are in that class."""
    held = {meant for column in columns for meant in column.means}
    if {*IDENTITY, "class"} & held:
        return list(lines), {}
    title = next((text for text in reversed(above) if CLASS_BEFORE.search(text)), "")
    kept, classes, current, count = [], {}, CLASS_BEFORE.sub("", title), int(bool(title))
    for line in lines:
        said = [cell for cell in line.cells if cell]
        if len(said) == 1 and _names_a_class(said[0]):
            current, count = CLASS_BEFORE.sub("", said[0]), count + 1
            continue
        kept.append(line)
        if current:
            classes[line.number] = current
    if not classes:
        return list(lines), {}
    notes.append(note(NoteCode.CLASS_LINES, count=count))
    return kept, classes


def _names_a_class(text: str) -> bool:
    if FOOTER.search(text) or text.isdecimal():
        return False
    return bool(SECTION.search(text)) or len(text.split()) == 1 or text.casefold().endswith(" class")


def _of_the_year_that_runs(
    columns: Sequence[Column], lines: list[Line], today: date | None, notes: list[Note]
) -> list[Line]:
    """Of rows that a column gives to several academic years keep those of the one that runs."""
    begun = 9999 if today is None else today.year - (today.month < 9)
    for column in columns:
        if folded(column.heading) in ("academicyear", "schoolyear", "consentyear"):
            years = {line.number: year for line in lines if (year := year_of(line.cells[column.place])) is not None}
            runs = max((year for year in years.values() if year <= begun), default=None)
            if runs is not None and len(set(years.values())) > 1:
                notes.append(note(NoteCode.OTHER_YEAR, heading=column.heading))
                return [line for line in lines if years.get(line.number, runs) == runs]
    return lines


def _settled_by_cells(columns: Sequence[Column], lines: Sequence[Line], is_form: bool) -> Iterator[Column]:
    """Settle by its cells what a heading leaves open: "Student" by names or numbers, "Photos" by lists of ticks."""
    held = {meant for column in columns for meant in column.means}
    whole_name = {"legal_forename", "legal_surname"} <= held
    for column in columns:
        cells = [line.cells[column.place] for line in lines if line.cells[column.place]]
        remarks = may_be_a_remark(column.heading) and not any(map(_answers, cells))
        if column.means == (ASK,) and (refused := refused_channel(column.heading)) and all(map(_marks_only, cells)):
            yield replace(column, means=(refused,), why=Why.REFUSES)
        elif column.means == (ASK,) and cells and remarks:
            yield replace(column, means=(REMARK,), why=Why.CONTENT)
        elif column.means == (UNUSED,) and "consent_by" not in held and _name_givers(cells):
            yield replace(column, means=("consent_by",), why=Why.CONTENT)
        elif column.means == ("person",):
            numbers = sum(any(letter.isdigit() for letter in each) for each in cells)
            holds = "pupil_id" if numbers * 2 > len(cells) else "full_name"
            unused = holds in held or (holds == "full_name" and whole_name)
            yield replace(column, means=(UNUSED,) if unused else (holds,), why=Why.CONTENT)
        elif column.means == ("full_name",) and whole_name:
            yield replace(column, means=(UNUSED,))
        elif is_form and column.means == (UNUSED,) and AGREES.search(column.heading) and is_list_of_ticks(cells):
            asks = (ASK,) if refuses(column.heading) else (TICKS,)
            yield replace(column, means=asks, why=Why.CONTENT)
        elif column.means in ((ASK,), ("consent_type",)) and not refuses(column.heading) and (
            is_list_of_ticks(cells) and (column.means == (ASK,) or (is_form and "consent_status" not in held))
        ):  # fmt: skip
            yield replace(column, means=(TICKS,), why=Why.CONTENT)
        else:
            yield column


def _answers(cell: str) -> bool:
    """Return True if a cell says yes or no and nothing more."""
    try:
        return answer(cell).said != "not_recorded"
    except Unclear:
        return False


def _marks_only(cell: str) -> bool:
    """Return True if a cell marks whom its column is about, with a yes or a mark and never with a no."""
    try:
        return answer(cell).said == "yes"
    except Unclear:
        return cell.casefold() in MARKS


def _name_givers(cells: Sequence[str]) -> bool:
    return sum(bool(GIVES.fullmatch(cell)) for cell in cells) * 2 > len(cells)


def _turned_round(columns: Sequence[Column], said: Said, above: Sequence[str], notes: list[Note]) -> dict[int, str]:
    """Return what to ask about columns of answers below words such as "must not": a tick there may be a refusal."""
    words = next((text for text in above if refuses(text)), "")
    ask = {}
    for column in columns if words else ():
        heading = column.heading
        answers = [meant for meant in column.means if meant in (*CHANNELS, "consent_status", TICKS)]
        if answers and folded(heading) in said.columns:
            notes.append(note(NoteCode.READ_AS_SAID, heading=heading, words=words))
        elif answers:
            ask[column.place] = (
                f'the column "{heading}" stands below "{words}", so a yes in it may be a refusal; if a yes permits, '
                f'say so with --map "{heading}={answers[0]}", and if not, leave it out with --map "{heading}={IGNORE}"'
            )
    return ask


def _kinds_settled(columns: Sequence[Column], lines: Sequence[Line]) -> tuple[tuple[Column, ...], dict[int, str]]:
    """Ask about kinds of consent that stand without answers, or answers without kinds; else leave them out."""
    held = {meant for column in columns for meant in column.means}
    if {"consent_type", "consent_status"} <= held:
        return tuple(columns), {}
    ask, settled = {}, []
    for column in columns:
        heading = column.heading
        if not {"consent_type", "consent_status"} & set(column.means):
            settled.append(column)
            continue
        if any(meaning_of_words(line.cells[column.place]) in CHANNELS for line in lines):
            ask[column.place] = (
                f'the column "{heading}" names kinds of consent, but no column with the answers beside it is known; '
                'say which it is with --map "Heading=consent_status"'
            )
        elif meaning_of_words(heading) == ASK:
            ask[column.place] = what_to_ask(f'the column "{heading}"', heading, ASK)
        settled.append(replace(column, means=(UNUSED,)))
    return tuple(settled), ask


def _not_used(columns: Sequence[Column], lines: Sequence[Line], page: Page) -> Iterator[Note]:
    unused = [
        f'"{column.heading}"'
        for column in columns
        if column.heading and column.means in ((UNUSED,), (REMARK,)) and column.why != Why.NOT_FACES
    ]
    if unused:
        yield note(NoteCode.COLUMNS_NOT_USED, columns=", ".join(unused))
    nameless = [
        str(column.place + 1)
        for column in columns
        if not column.heading and any(line.cells[column.place] for line in lines)
    ]
    if nameless:
        yield note(NoteCode.COLUMNS_WITHOUT_HEADING, columns=", ".join(nameless))
    numbers = {line.number for line in lines}
    places = {column.place for column in columns if {*CHANNELS, "consent_status", TICKS} & set(column.means)}
    if any(row in numbers and place in places for row, place in page.coloured):
        yield note(NoteCode.COLOURS_NOT_READ)
    if commented := sum(len(line.comments) for line in page.sheet):
        yield note(NoteCode.COMMENTS_NOT_READ, count=commented)
    if not page.marks_told:
        yield note(NoteCode.MARKS_NOT_SEEN)
    for column in columns:
        if column.place in page.hidden_columns and set(column.means) - {UNUSED, REMARK}:
            yield note(NoteCode.HIDDEN_COLUMN_READ, heading=column.heading)
    if hidden := numbers & page.hidden_rows:
        yield note(NoteCode.HIDDEN_ROWS_READ, count=len(hidden))


def what_to_ask(what: str, heading: str, about: str) -> str:
    """Return the sentence that asks what a heading, or the name of a consent, means."""
    if about in (ASK_START, ASK_END):
        of_pupil, of_consent = (
            ("on_roll_from", "consent_given_on") if about == ASK_START else ("left_on", "consent_expires_on")
        )
        return (
            f"{what} does not say whether it is about the pupil or the consent; say it with "
            f'--map "{heading}={of_pupil}" (or {of_consent}, or {IGNORE})'
        )
    if refuses(heading):
        return (
            f"{what} may be about a refusal, so that a yes in it is no permission; if a yes permits, say what with "
            f'--map "{heading}=website" (or another); if it forbids everything, with --map "{heading}=never_publish"; '
            f'or leave it out with --map "{heading}={IGNORE}"'
        )
    return (
        f'{what} does not say where photos may be published; say it with --map "{heading}=website" '
        f"(or {', '.join(CHANNELS[1:])}, several joined by +, or {IGNORE})"
    )


def _missing(table: Table) -> list[str]:
    fills = table.fills
    missing = [] if "full_name" in fills else [n for n in ("legal_forename", "legal_surname") if n not in fills]
    answers = {*CHANNELS, "consent_type", TICKS} & fills.keys()
    if not {*IDENTITY} & fills.keys() and (missing or not (answers or table.ask)):
        missing.insert(0, "pupil_id")
    return missing


def _why_no_table(headings: tuple[str, ...], system: str | None, said: Said) -> list[str]:
    if not headings:
        return [
            "no row with headings was found; there must be one with forename and surname, and best with pupil_id "
            "(or UPN or admission number)"
        ]
    reasons = {
        "pupil_id": "pupil_id (or upn or admission_no) is missing: a heading like Pupil ID, UPN or Admission Number",
        "legal_forename": "legal_forename is missing: a heading like Forename, First Name or Legal Forename",
        "legal_surname": "legal_surname is missing: a heading like Surname, Last Name or Legal Surname",
    }
    table = _table(headings, Page("", []), 0, system, said, (), None)
    return [f"the column {reasons[name]}" for name in _missing(table)]


def turns_round(line: Line) -> bool:
    """Return True if a closing remark says that a mark stands for a refusal, like "Ticked = do not publish"."""
    text = " ".join(line.cells)
    return bool(LEGEND.search(text)) and refuses(text)


def is_footer(line: Line, identity: Sequence[str], names: Sequence[str]) -> bool:
    """Return True for a total or a closing remark below the pupils, never for a row that could be a pupil.

    A row with forename and surname is a pupil. So is one with a number that is not its first cell, unless it begins
    with "Total": Key, Page and Note are surnames too.
    """
    if names and all(names) and not any(letter.isdigit() for name in names for letter in name):
        return False
    first, *others = [cell for cell in line.cells if cell] or [""]
    if not others and SECTION.search(first):
        return True
    if not any(identity) and not any(names) and all(cell.isdecimal() for cell in line.cells if cell):
        return True
    if any(each and each != first for each in identity):
        return bool(TOTAL.search(first))
    return bool(FOOTER.search(first))
