"""The values that go into the surname engine and come out of it."""

from dataclasses import dataclass
from typing import Literal

Band = Literal["breach", "review"]


@dataclass(frozen=True, slots=True)
class PupilName:
    """The names of one pupil, as the register holds them."""

    pupil_id: str
    """The register's own id, passed through to the hits."""
    forenames: tuple[str, ...]
    """Legal forename first, then preferred or known-as forenames."""
    surnames: tuple[str, ...]
    """Legal surname first, then preferred and former surnames."""
    year_group: str
    """As in the register, for example "Year 1"; may be empty."""
    class_name: str
    """As in the register, for example "Squirrels"; may be empty."""
    middle_names: tuple[str, ...] = ()
    """Middle names, which may stand between forename and surname."""


@dataclass(frozen=True, slots=True)
class StaffName:
    """The name of one adult whom the school names in public: staff, governors, PTA officers."""

    title: str
    """"Mrs", "Dr", ...; may be empty."""
    forename: str
    """May be empty."""
    surname: str
    """The surname, which the school may publish."""
    role: str
    """For example "Year 1 Teacher"; its words count as a sign that this adult is meant."""


@dataclass(frozen=True, slots=True)
class SurnameHit:
    """A place in a text where the surname of a pupil is, or may be, published."""

    start: int
    """First character of the surname, in code points of the text as given."""
    end: int
    """One past the last character of the surname."""
    pupil_ids: tuple[str, ...]
    """The pupils whom it may mean, likeliest first, then in the order of the register."""
    band: Band
    """"breach" stands by itself; "review" asks a person to look."""
    score: float
    """How sure the rule is, from 0 to 1; comparable between hits, not a probability."""
    rule: str
    """The name of the rule that decided."""
    explanation: str
    """One sentence for the person who decides; it contains no name."""
