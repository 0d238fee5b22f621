"""``consent/pupils.csv`` and ``staff.csv``: who the pupils and the staff are, and today's answers for publication."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from auditbot.model import Channel
from auditbot.registers.csv_register import Row, read_table

# ``consent/staff.csv``: who works here, so that a member of staff is not taken for a pupil.

STAFF_REQUIRED = ("title", "forename", "surname", "role")
STAFF_PREFIX = "staff-"
STAFF_COLUMNS = ("staff_id", *STAFF_REQUIRED, "biometric_consent", "photo_file")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One row of the register."""

    staff_id: str
    """The school's own id, else the name of the photo to enrol from; starts with "staff-"."""
    title: str
    """Mr, Mrs, Miss, ..."""
    forename: str
    """First name."""
    surname: str
    """Surname."""
    role: str
    """What they do here, for example "Headteacher"."""
    biometric_consent: bool = False
    """Whether they agreed that a template of their own face is held."""
    photo_file: str = ""
    """Photo to enrol from, if not named after the staff id."""


def read_staff(path: Path) -> tuple[StaffMember, ...]:
    """Return all members of staff. Raises RegisterError naming every bad cell."""
    staff: list[StaffMember] = []
    first_line: dict[str, int] = {}
    for row in read_table(path, STAFF_COLUMNS, STAFF_REQUIRED):
        member = StaffMember(
            staff_id=_staff_id(row.text("staff_id") or PurePosixPath(row.text("photo_file")).stem),
            title=row.text("title"),
            forename=row.text("forename"),
            surname=row.text("surname", required=True),
            role=row.text("role"),
            biometric_consent=row.flag("biometric_consent"),
            photo_file=row.text("photo_file"),
        )
        if member.staff_id in first_line:
            row.refuse("staff_id", f"the same id stands on line {first_line[member.staff_id]} already")
        if member.biometric_consent and not member.staff_id:
            row.refuse("staff_id", "is needed where biometric_consent is yes and no photo_file is named")
        if member.staff_id:
            first_line.setdefault(member.staff_id, row.line)
        staff.append(member)
    return tuple(staff)


def _staff_id(own: str) -> str:
    """Keep staff apart from pupils in the gallery, whatever ids the school uses."""
    return f"{STAFF_PREFIX}{own}" if own else ""


# The unique pupil number's check letter (Department for Education, "UPN: guide for schools").

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"


def upn_problem(upn: str) -> str:
    """Return what is wrong with a UPN, or an empty string. A temporary UPN ends in a letter, which counts by place."""
    if len(upn) != 13:
        return f"a UPN has 13 characters, this one has {len(upn)}"
    digits, last = upn[1:12], upn[12]
    if upn[0] not in ALPHABET or not digits.isdecimal() or not (last.isdecimal() or last in ALPHABET):
        return "a UPN is a letter and twelve digits (a temporary one ends in a letter)"
    values = [int(digit) for digit in digits] + [int(last) if last.isdecimal() else ALPHABET.index(last)]
    expected = ALPHABET[sum(weight * value for weight, value in zip(range(2, 14), values, strict=True)) % 23]
    return "" if upn[0] == expected else f"the check letter should be {expected}; is a digit mistyped?"


CHANNELS: tuple[Channel, ...] = ("website", "social_media", "prospectus_display", "newsletter", "press", "video")
FLAGS = ("never_publish", "biometric_objection", "child_objects")
"""Columns that are yes, no or blank, and whose yes protects a child."""
REQUIRED = ("pupil_id", "legal_forename", "legal_surname")
COLUMNS = (
    "pupil_id", "upn", "admission_no", "legal_forename", "legal_surname", "preferred_forename", "preferred_surname",
    "former_surnames", "date_of_birth", "year_group", "class", "on_roll_from", "left_on", *CHANNELS, "name_use",
    "consent_given_on", "consent_by", "consent_expires_on", "withdrawn_on", "never_publish", "sibling_group",
    "biometric_parents_notified_on", "biometric_consent", "biometric_consent_on", "biometric_objection",
    "child_objects", "biometric_withdrawn_on", "photo_file",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BiometricAnswers:
    """What is recorded about holding a face template of a pupil. The gate is computed in declared.py."""

    parents_notified_on: date | None = None
    """When each parent was notified."""
    consent: bool | None = None
    """Whether one parent consented in writing."""
    consent_on: date | None = None
    """When that parent consented."""
    objection: bool | None = None
    """Whether any parent objects."""
    child_objects: bool | None = None
    """Whether the child objects or refuses."""
    withdrawn_on: date | None = None
    """When the consent was withdrawn."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """One row of the register."""

    pupil_id: str
    """The school's own id; all that the database and exports ever hold."""
    legal_forename: str
    """Forename in law."""
    legal_surname: str
    """Surname in law."""
    preferred_forename: str = ""
    """Forename in use, if another."""
    preferred_surname: str = ""
    """Surname in use, if another."""
    former_surnames: tuple[str, ...] = ()
    """Surnames used before."""
    year_group: str = ""
    """N1, N2, R, 1, 2, ..."""
    class_name: str = ""
    """The class."""
    on_roll_from: date | None = None
    """First day on roll."""
    left_on: date | None = None
    """Last day on roll."""
    answers: Mapping[Channel, bool | None] | None = None
    """Today's answer by channel: yes, no, or None for not recorded."""
    consent_given_on: date | None = None
    """Date of the form these answers come from."""
    consent_expires_on: date | None = None
    """Last day on which the answers hold."""
    withdrawn_on: date | None = None
    """Day from which all permission is withdrawn."""
    never_publish: bool = False
    """Overrides everything; no report says why."""
    sibling_group: str = ""
    """The same for siblings."""
    biometric: BiometricAnswers = BiometricAnswers()
    """What is recorded about holding a face template."""
    photo_file: str = ""
    """Photo to enrol from, if not named after the pupil id."""
    name_use: str = ""
    """Which name may stand beside a photo: none, first, or empty if nothing is recorded."""
    upn: str = ""
    """Unique pupil number; nursery children may have none."""
    admission_no: str = ""
    """Admission number; portraits from a photographer are often named after it."""
    parents_disagree: bool = False
    """Whether consent_by says that the parents disagree: then no yes counts."""

    @property
    def forename(self) -> str:
        """The forename in use."""
        return self.preferred_forename or self.legal_forename

    @property
    def label(self) -> str:
        """How reports name the pupil: forename and initial, never the whole surname."""
        return f"{self.forename} {(self.preferred_surname or self.legal_surname)[:1]}."


def pupils_called(pupils: Mapping[str, Pupil], typed: str, *, begun: bool = False) -> list[Pupil]:
    """Return whom somebody means who types an id or names, in any case and without accents.

    Every word typed has to be one of a pupil's names, or with ``begun`` the beginning of one.
    """
    if by_id := [pupil for pupil in pupils.values() if pupil.pupil_id.casefold() == typed.strip().casefold()]:
        return by_id
    words = _plain(typed).split()
    return [pupil for pupil in pupils.values() if words and _is_called(pupil, words, begun=begun)]


def _is_called(pupil: Pupil, words: list[str], *, begun: bool) -> bool:
    given = (pupil.legal_forename, pupil.preferred_forename, pupil.legal_surname, pupil.preferred_surname)
    names = _plain(" ".join((*given, *pupil.former_surnames))).split()
    return all(any(name.startswith(word) if begun else name == word for name in names) for word in words)


def _plain(text: str) -> str:
    """Return a text in small letters, without accents, with every other sign as a blank."""
    letters = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign)
    )
    return "".join(sign if sign.isalnum() else " " for sign in letters)


DATES = tuple(column for column in COLUMNS if column.endswith("_on") or column in ("date_of_birth", "on_roll_from"))
WORDS = {True: "yes", False: "no", None: ""}


def row_as_written(path: Path, pupil_id: str) -> dict[str, str]:
    """Return the cells of one pupil's row as text, by column; nothing if the register does not hold the id.

    Raises RegisterError if the file cannot be read.
    """
    rows = list(read_table(path, COLUMNS, REQUIRED))
    return next((row.cells for row in rows if row.text("pupil_id") == pupil_id), {})


def read_rows(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows by pupil id, each cell as the program writes it: days as 2026-09-01, answers as yes and no.

    Further columns of notes are kept as they stand. Raises RegisterError naming every bad cell.
    """
    rows = {}
    for row in read_table(path, COLUMNS, REQUIRED):
        cells = dict(row.cells)
        for column in DATES:
            if day := row.date(column):
                cells[column] = day.isoformat()
        for column in (*CHANNELS, "biometric_consent"):
            if (said := row.answer(column)) is not None:
                cells[column] = WORDS[said]
        for column in FLAGS:
            cells[column] = WORDS[row.statement(column)] if cells.get(column) else ""
        rows[row.text("pupil_id")] = {**dict.fromkeys(COLUMNS, ""), **cells}
    return rows


def register_bytes(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return pupils.csv with these rows, every column under its heading, further columns of notes behind them."""
    rows = list(rows)
    further = list(dict.fromkeys(name for row in rows for name in row if name not in COLUMNS))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, (*COLUMNS, *further), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def read_pupils(path: Path) -> dict[str, Pupil]:
    """Return the pupils by id. Raises RegisterError naming every bad cell."""
    pupils: dict[str, Pupil] = {}
    first_line: dict[str, int] = {}
    for row in read_table(path, COLUMNS, REQUIRED):
        pupil = _pupil(row)
        if pupil.pupil_id and pupil.pupil_id in pupils:
            row.refuse("pupil_id", f"the same id stands on line {first_line[pupil.pupil_id]} already")
            continue
        pupils[pupil.pupil_id] = pupil
        first_line[pupil.pupil_id] = row.line
    return pupils


def pupils_of(rows: Mapping[str, Mapping[str, str]]) -> dict[str, Pupil]:
    """Return the pupils of rows that :func:`read_rows` has read."""
    return {pupil_id: _pupil(Row(0, dict(row))) for pupil_id, row in rows.items()}


def _pupil(row: Row) -> Pupil:
    upn = row.text("upn").upper()
    if upn and (problem := upn_problem(upn)):
        row.refuse("upn", problem)
    pupil = Pupil(
        pupil_id=row.text("pupil_id", required=True),
        legal_forename=row.text("legal_forename", required=True),
        legal_surname=row.text("legal_surname", required=True),
        preferred_forename=row.text("preferred_forename"),
        preferred_surname=row.text("preferred_surname"),
        former_surnames=tuple(name.strip() for name in row.text("former_surnames").split(";") if name.strip()),
        year_group=row.text("year_group"),
        class_name=row.text("class"),
        on_roll_from=row.date("on_roll_from"),
        left_on=row.date("left_on"),
        answers={channel: row.answer(channel) for channel in CHANNELS},
        consent_given_on=row.date("consent_given_on"),
        consent_expires_on=row.date("consent_expires_on"),
        withdrawn_on=row.date("withdrawn_on"),
        never_publish=row.flag("never_publish"),
        sibling_group=row.text("sibling_group"),
        biometric=BiometricAnswers(
            parents_notified_on=row.date("biometric_parents_notified_on"),
            consent=row.answer("biometric_consent"),
            consent_on=row.date("biometric_consent_on"),
            objection=row.statement("biometric_objection"),
            child_objects=row.statement("child_objects"),
            withdrawn_on=row.date("biometric_withdrawn_on"),
        ),
        photo_file=row.text("photo_file"),
        name_use=row.text("name_use"),
        upn=upn,
        admission_no=row.text("admission_no"),
        parents_disagree="disagree" in row.text("consent_by").casefold(),
    )
    row.date("date_of_birth")
    if not all(character.isalnum() or character in "-_" for character in pupil.pupil_id):
        row.refuse("pupil_id", "may hold only letters, digits, - and _")
    if pupil.pupil_id.startswith(STAFF_PREFIX):
        row.refuse("pupil_id", f"may not start with {STAFF_PREFIX}, which marks members of staff")
    if pupil.on_roll_from and pupil.left_on and pupil.left_on < pupil.on_roll_from:
        row.refuse("left_on", "is before on_roll_from")
    return pupil
