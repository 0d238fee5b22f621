"""What an import has to tell or to ask, as codes with their values; the sentence is made where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class NoteCode(Enum):
    """What a person should know of how a file was read."""

    COLUMNS_NOT_USED = "columns not used"
    COLUMNS_WITHOUT_HEADING = "columns without heading"
    COLUMN_EMPTY = "column empty"
    CONSENT_NOT_USED = "consent not used"
    ROW_PASSED_OVER = "row passed over"
    SHEET_NOT_READ = "sheet not read"
    OTHER_YEAR = "other academic year"
    BIOMETRICS_NOT_USED = "biometrics not used"
    COLOURS_NOT_READ = "colours not read"
    COMMENTS_NOT_READ = "comments not read"
    MARKS_NOT_SEEN = "marks not seen"
    HIDDEN_COLUMN_READ = "hidden column read"
    MONTH_FIRST = "month first"
    CLASS_LINES = "lines name classes"
    ID_OF_RESPONSE = "id of a response"
    HIDDEN_ROWS_READ = "hidden rows read"
    NAME_IN_USE = "name in use"
    NAME_NOT_USED = "name not used"
    SEVERAL_MEAN_ONE = "several columns mean one"
    HEADING_TWICE = "heading twice"
    ROWS_THE_SAME = "rows the same"
    READ_AS_SAID = "read as said"
    BLANK_MAY_REFUSE = "blank may refuse"
    WITHOUT_UPN = "without UPN"
    PART_OF_SCHOOL = "part of the school"
    MATCHED_BY_NAME = "matched by name"
    IDS_GIVEN = "ids given"
    ANSWERED_AGAIN = "answered again"


PASSED_BY = frozenset(
    {
        NoteCode.COLUMNS_NOT_USED,
        NoteCode.COLUMNS_WITHOUT_HEADING,
        NoteCode.COLUMN_EMPTY,
        NoteCode.CONSENT_NOT_USED,
        NoteCode.ROW_PASSED_OVER,
        NoteCode.SHEET_NOT_READ,
        NoteCode.OTHER_YEAR,
        NoteCode.BIOMETRICS_NOT_USED,
        NoteCode.COLOURS_NOT_READ,
        NoteCode.COMMENTS_NOT_READ,
        NoteCode.MARKS_NOT_SEEN,
        NoteCode.NAME_NOT_USED,
    }
)
"""Notes that say what of the file was not used."""

SENTENCES: Mapping[NoteCode, str] = {
    NoteCode.COLUMNS_NOT_USED: "Not used: {columns}.",
    NoteCode.COLUMNS_WITHOUT_HEADING: "Not used, for want of a heading: column {columns}.",
    NoteCode.COLUMN_EMPTY: 'The column "{heading}" is empty and not used.',
    NoteCode.CONSENT_NOT_USED: 'The consent "{kind}" is not used.',
    NoteCode.ROW_PASSED_OVER: "Row {row} is a total or a remark and is passed over.",
    NoteCode.SHEET_NOT_READ: 'The {hidden}sheet "{title}" is not read.',
    NoteCode.OTHER_YEAR: '"{heading}" is of another academic year and not used.',
    NoteCode.BIOMETRICS_NOT_USED: (
        '"{heading}" does not say that it is about faces, so it is no consent to a face template and not used.'
    ),
    NoteCode.COLOURS_NOT_READ: "Colours of cells are not read: what only a colour says does not come in.",
    NoteCode.COMMENTS_NOT_READ: "Comments on {count} cells are not read; those on a yes are asked about.",
    NoteCode.MARKS_NOT_SEEN: (
        "In this file it cannot be seen what is struck through, hidden or commented. If that matters, save it as an "
        "Excel workbook (.xlsx)."
    ),
    NoteCode.HIDDEN_COLUMN_READ: 'The column "{heading}", which the file hides, is read like the others.',
    NoteCode.MONTH_FIRST: '"{heading}" is read with the month before the day, as its days can only be meant.',
    NoteCode.CLASS_LINES: "{count} lines name the class of the pupils below them.",
    NoteCode.ID_OF_RESPONSE: '"{heading}" is the number of a response to a form, and nobody\'s id.',
    NoteCode.HIDDEN_ROWS_READ: "{count} rows that the file hides are read like the others.",
    NoteCode.NAME_IN_USE: '"{heading}" stands beside the legal {part} and is read as the {part} in use.',
    NoteCode.NAME_NOT_USED: '"{heading}" is not used: the legal and the preferred {part} stand beside it.',
    NoteCode.SEVERAL_MEAN_ONE: "{headings} all mean {column}: yes only where each says yes, no where any says no.",
    NoteCode.HEADING_TWICE: 'The heading "{heading}" stands twice with the same cells and counts once.',
    NoteCode.ROWS_THE_SAME: "Rows {first} and {second} are the same and count once.",
    NoteCode.READ_AS_SAID: '"{heading}" stands below "{words}" and is read as --map says.',
    NoteCode.BLANK_MAY_REFUSE: (
        "In {system} a blank tick may mean refused or never asked; it is imported as not recorded."
    ),
    NoteCode.WITHOUT_UPN: "{pupils} without a UPN; a child in nursery may have none.",
    NoteCode.PART_OF_SCHOOL: "The file need not hold every pupil, so nobody who is missing from it is marked as left.",
    NoteCode.MATCHED_BY_NAME: "{pupils} matched by name with birthday or class.",
    NoteCode.IDS_GIVEN: "The file holds no ids and the register no pupils: each pupil was given an id.",
    NoteCode.ANSWERED_AGAIN: "{count} answers were given again later by the same person: the latest holds.",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a person should know of how a file was read."""

    code: NoteCode
    """What it is."""
    values: tuple[tuple[str, str], ...] = ()
    """What the sentence names."""

    def __str__(self) -> str:
        """Return the sentence."""
        return SENTENCES[self.code].format(**dict(self.values))

    @property
    def passed_by(self) -> bool:
        """True if it says that something of the file was not used."""
        return self.code in PASSED_BY


def note(code: NoteCode, **values: object) -> Note:
    """Return a note with the values that its sentence names."""
    return Note(code, tuple((name, str(value)) for name, value in values.items()))


class Asked(Enum):
    """What a person is asked to decide."""

    WHO = "who"
    """Whom a row is about."""
    ANSWER = "answer"
    """What an answer means."""


LEAVE_OUT, NEW = "leave out", "new"
"""What may be decided of a row besides a pupil's id: that it is not to come in, or that it is about a new pupil."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something in a file that only a person can decide; the rest of the file comes in without it."""

    key: str
    """Short hash of what is asked: the same question in another file has the same key."""
    asks: Asked
    """What is asked."""
    row: int
    """The row of the file."""
    sentence: str
    """The question."""
    choices: tuple[str, ...]
    """What may be decided: ids of pupils, "new" and "leave out", or yes, no, not_recorded and "leave out"."""
    proposal: str = ""
    """The likeliest of them, if one is."""
    about: tuple[str, ...] = ()
    """Ids of pupils of the register whom it may be about."""
