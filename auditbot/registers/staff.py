"""``consent/staff.csv``: who works here, so that a member of staff is not taken for a pupil."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from auditbot.registers.table import read_table

REQUIRED = ("title", "forename", "surname", "role")
STAFF_PREFIX = "staff-"
COLUMNS = ("staff_id", *REQUIRED, "biometric_consent", "photo_file")


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
    for row in read_table(path, COLUMNS, REQUIRED):
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
