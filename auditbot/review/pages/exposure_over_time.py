"""Exposure over time: counts of each account, night by night and month by month. No photo, no face, no name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from auditbot.exposure.grades import ORDER, Grade
from auditbot.exposure.month_bars import Bar, month_bars
from auditbot.exposure.photo_phrases import GRADE_NAMES
from auditbot.model.counted import ExposureCounts, MonthCounts
from auditbot.present.exposed_since import by_month, exposure_since
from auditbot.review.casebook.figures import suppressed
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.review.site.rendering import page
from auditbot.sentences import SHORT_MONTHS, _

MOST_MONTHS = 12


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
        monthly=[
            (_("%(month)s %(year)s", month=SHORT_MONTHS[month - 1], year=year), one) for year, month, one in monthly
        ],
        by_night=() if governor else _by_night(monthly),
        by_post=() if governor else _by_post(months),
        grades=[GRADE_NAMES[grade] for grade in (*ORDER, None)],
        shown=suppressed if governor else str,
    )


def _by_night(monthly: Sequence[tuple[int, int, ExposureCounts]]) -> tuple[Bar, ...]:
    """Faces by grade, as the last night of each month found them."""
    stacks = [(year, month, [one.clear, one.recognisable, one.hard, one.lowest, 0]) for year, month, one in monthly]
    return month_bars(stacks)


def _by_post(months: Sequence[MonthCounts]) -> tuple[Bar, ...]:
    """Posts by the month in which they were published and by their worst face."""
    stacks: dict[tuple[int, int], list[int]] = {}
    for one in months:
        if one.year:
            place = ORDER.index(Grade(one.grade)) if one.grade else len(ORDER)
            stacks.setdefault((one.year, one.month), [0] * (len(ORDER) + 1))[place] += one.posts
    return month_bars([(year, month, counts) for (year, month), counts in sorted(stacks.items())][-MOST_MONTHS:])
