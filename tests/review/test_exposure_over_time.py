"""Exposure over time on the page: counts for those who answer, for governors none that could point at a child."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auditbot.model.counted import ExposureCounts, MonthCounts
from auditbot.store import Store
from tests.review.conftest import Site

NOVEMBER = ExposureCounts(
    "website", datetime(2026, 11, 28, 2, tzinfo=UTC), posts=48, with_photos=40, photos=49, clear=96, recognisable=11,
    hard=16, lowest=0, named_alone=2, named_together=17, larger=37, placed=1, half=9, exposure=101.5,
)  # fmt: skip
OCTOBER = replace(NOVEMBER, at=datetime(2026, 10, 28, 2, tzinfo=UTC), clear=108, named_alone=7)


def counted(site: Site) -> None:
    months = [MonthCounts("website", 2026, 10, "close_and_clear", 9), MonthCounts("website", 2026, 11, "", 3)]
    with Store(site.workspace.data / "auditbot.db") as store:
        store.exposures.save("one", [OCTOBER], [])
        store.exposures.save("two", [NOVEMBER], months)


def test_before_the_first_count_the_page_says_so(site: Site) -> None:
    assert "Nothing was counted yet" in site.client("lead").get("/exposure").content.decode()


@pytest.mark.parametrize("role", ["lead", "head", "governor"])
def test_exposure_is_seen_to_fall(site: Site, role: str) -> None:
    counted(site)
    shown = site.client(role).get("/exposure").content.decode()
    assert "96 close and clear" in shown and "12 fewer than on 28 October 2026" in shown
    assert "Oct 2026" in shown and "Nov 2026" in shown and "9 of 40 posts" in shown
    assert "<img" not in shown


def test_governors_see_no_small_count_and_no_drawing_it_could_be_read_from(site: Site) -> None:
    counted(site)
    lead, governor = (site.client(role).get("/exposure").content.decode() for role in ("lead", "governor"))
    assert "2 alone with a name" in lead and lead.count('role="img"') == 2
    assert "under 5 alone with a name" in governor and ">2<" not in governor and 'role="img"' not in governor


@pytest.mark.parametrize("role", ["editor", "data", "it"])
def test_others_find_nothing_there(site: Site, role: str) -> None:
    assert site.client(role).get("/exposure").status_code == 404
