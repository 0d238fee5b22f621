"""A site that has been written for years is drawn by year, one of this year by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auditbot.exposure.exposed import exposed_photos
from auditbot.exposure.exposure_page import page
from auditbot.exposure.summary import summed
from tests.unit.exposure.exposure_sample import ABOUT
from tests.unit.exposure.test_exposed_photos import CLEAR, HARD, face, facts, post, use


def drawn(days: Sequence[tuple[int, int]]) -> str:
    posts = [
        replace(post(number, use("a" if number % 2 else "b")), published_at=datetime(year, month, 3, tzinfo=UTC))
        for number, (year, month) in enumerate(days)
    ]
    known = {"a": facts("a", face(CLEAR)), "b": facts("b", face(HARD))}
    exposure = summed(exposed_photos(posts, known), len(posts))
    return page(exposure, ABOUT, {}, (), searchable_known=False)


@pytest.mark.parametrize(
    ("days", "by_year"),
    [
        ([(2026, 1), (2026, 2), (2026, 11)], False),
        ([(2025, 1), (2026, 2), (2026, 11)], False),  # two of three in the last twelve months
        ([(2015, 1), (2015, 2), (2024, 11)], True),
        ([(2015, 1), (2016, 2), (2026, 10), (2026, 11)], False),
    ],
)
def test_years_are_drawn_where_most_posts_are_older(days: Sequence[tuple[int, int]], by_year: bool) -> None:
    html = drawn(days)
    assert ("Year by year, each post by its worst face" in html) is by_year
    assert ("Month by month, each post by its worst face" in html) is not by_year


def test_each_year_holds_its_posts_and_empty_years_stand_between() -> None:
    html = drawn([(2022, 1), (2022, 2), (2022, 3), (2024, 11)])
    told = "2022: 3 posts, 1 with a close, clear face; 2023: 0 posts, 0 with a close, clear face; 2024: 1 post, 1 with"
    assert told in html and ">2023</text>" in html and ">33%</text>" in html
