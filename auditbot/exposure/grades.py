"""Grades: how recognisable a published face is to ordinary software, from its detail width.

Cuts and rates come from Labelled Faces in the Wild (2026-11-29): 300 adults with one clean photo each, 1,864 other
photos of them reduced, blurred and compressed at random, 1,000 strangers degraded alike; the rates are those of people
with whom the cuts were not set. `python -m tests.bench.exposure` measures them anew: on 600 others, graded as now, it
gave .91, .65, .17 and 0 (2026-11-30, decision 0022), within the intervals told here or just below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How recognisable a face is, most recognisable first."""

    CLOSE_AND_CLEAR = "close_and_clear"
    RECOGNISABLE = "recognisable"
    HARD_TO_RECOGNISE = "hard_to_recognise"
    NOT_RECOGNISABLE = "not_recognisable"


ORDER = tuple(Grade)
"""The grades, most recognisable first."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured for faces of one grade."""

    from_detail: float
    """The smallest detail width of the grade, in pixels."""
    found_again: float
    """Share found again among 300 people where one stranger in a hundred is taken for somebody."""
    low: float
    """Lower end of the 95 % interval of that share."""
    high: float
    """Upper end of that interval."""
    first_of_300: float
    """Share for whom the right person came first of 300, whoever else is let through."""


MEASURED: Mapping[Grade, Measured] = {
    Grade.CLOSE_AND_CLEAR: Measured(22.0, 0.94, 0.90, 0.97, 0.98),
    Grade.RECOGNISABLE: Measured(14.0, 0.67, 0.62, 0.72, 0.87),
    Grade.HARD_TO_RECOGNISE: Measured(9.0, 0.22, 0.18, 0.26, 0.48),
    Grade.NOT_RECOGNISABLE: Measured(0.0, 0.02, 0.0, 0.04, 0.18),
}
CHILDREN = 1 / 3
"""Young children, from photos years apart: about this share of the adults' rates, in the same order (2026-11-29)."""
TURNED_AWAY = 40.0
"""In degrees: a head turned further is graded one lower; on adults the evidence for it is thin."""


UNSURE, DOUBTED = 0.85, 0.75
"""The detector's certainty: below the first a face is graded one lower, below the second two. Bare faces of 70 made-up
people had .88 at the least whatever their size, six children on a school's posters .86; on the site of a preschool that
shows children from behind, 45 of 56 finds (backs of heads, profiles, hands, tables) had less than the first, 36 less
than the second, and 13 of them had counted as close and clear (2026-11-30)."""


def grade_of(detail: float, turn: float, certainty: float = 1.0) -> Grade:
    """Return the grade of a face of this detail width, in pixels, whose head is turned so many degrees aside.

    ``certainty`` is the detector's, 0 to 1.
    """
    place = next(place for place, grade in enumerate(ORDER) if detail >= MEASURED[grade].from_detail)
    lower = (turn > TURNED_AWAY) + (certainty < UNSURE) + (certainty < DOUBTED)
    return ORDER[min(place + lower, len(ORDER) - 1)]


def worst(grades: list[Grade]) -> Grade | None:
    """Return the most recognisable of some grades; None where there is no face."""
    return min(grades, key=ORDER.index, default=None)
