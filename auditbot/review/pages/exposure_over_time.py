"""Exposure over time: counts of each account, night by night and month by month. No photo, no face, no name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from auditbot.exposure.grades import ORDER, Grade
from auditbot.exposure.photo_phrases import GRADE_NAMES
from auditbot.model.counted import ExposureCounts, MonthCounts
from auditbot.present.exposed_since import by_month, exposure_since
from auditbot.review.casebook.figures import suppressed
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.review.site.rendering import page

MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_MONTHS = 12
LEFT, WIDE, TOP, BOTTOM = 12.0, 448.0, 22.0, 150.0


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar."""

    pattern: int
    """Its pattern: 0 for the worst grade, then the others, 4 for no face."""
    y: float
    """Its upper edge in the drawing."""
    high: float
    """Its height."""
    count: int
    """What it counts."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One month."""

    name: str
    """The month, three letters."""
    year: int
    """Its year."""
    x: float
    """Left edge in the drawing."""
    wide: float
    """Width."""
    parts: tuple[Part, ...]
    """Its pieces, from below."""

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.wide / 2, 1)


def show_exposure(request: HttpRequest) -> HttpResponse:
    """Show the counts; to governors without any so small that it could point at a child, and without drawings."""
    person: Any = request.user
    with served_workspace().store() as store:
        nights, months = store.exposures.nights(), store.exposures.months()
    monthly = by_month(nights)[-MOST_MONTHS:]
    governor = person.role == "governor"
    return page(
        request,
        "exposure_over_time.html",
        accounts=exposure_since(nights),
        monthly=[(f"{MONTHS[month]} {year}", one) for year, month, one in monthly],
        by_night=() if governor else _by_night(monthly),
        by_post=() if governor else _by_post(months),
        grades=[GRADE_NAMES[grade] for grade in (*ORDER, None)],
        shown=suppressed if governor else str,
    )


def _by_night(monthly: Sequence[tuple[int, int, ExposureCounts]]) -> tuple[Bar, ...]:
    """Faces by grade, as the last night of each month found them."""
    stacks = [(year, month, [one.clear, one.recognisable, one.hard, one.lowest, 0]) for year, month, one in monthly]
    return _bars(stacks)


def _by_post(months: Sequence[MonthCounts]) -> tuple[Bar, ...]:
    """Posts by the month in which they were published and by their worst face."""
    stacks: dict[tuple[int, int], list[int]] = {}
    for one in months:
        if one.year:
            place = ORDER.index(Grade(one.grade)) if one.grade else len(ORDER)
            stacks.setdefault((one.year, one.month), [0] * (len(ORDER) + 1))[place] += one.posts
    return _bars([(year, month, counts) for (year, month), counts in sorted(stacks.items())][-MOST_MONTHS:])


def _bars(stacks: Sequence[tuple[int, int, list[int]]]) -> tuple[Bar, ...]:
    most = max((sum(counts) for _, _, counts in stacks), default=0)
    step = WIDE / max(1, len(stacks))
    wide = round(min(64.0, 0.74 * step), 1)
    bars = []
    for number, (year, month, counts) in enumerate(stacks):
        top, parts = BOTTOM, []
        for pattern, count in enumerate(counts):
            high = round((BOTTOM - TOP) * count / max(1, most), 1)
            if high:
                top = round(top - high, 1)
                parts.append(Part(pattern, top, high, count))
        x = round(LEFT + number * step + (step - wide) / 2, 1)
        bars.append(Bar(MONTHS[month], year, x, wide, tuple(parts)))
    return tuple(bars)
