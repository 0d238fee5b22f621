"""Days as people at a school type them."""

from __future__ import annotations

import argparse
from datetime import date

import pytest

from auditbot.commands.common import a_day


@pytest.mark.parametrize(
    "typed", ["2026-09-01", "01/09/2026", "1/9/2026", "1.9.2026", "01-09-2026", "1 September 2026", " 1 sep 2026 "]
)
def test_a_day_is_british_whichever_way_it_is_typed(typed: str) -> None:
    assert a_day(typed) == date(2026, 9, 1)


@pytest.mark.parametrize("typed", ["", "soon", "31.12.", "1/9/26", "13/13/2026", "2026-13-01", "09-2026"])
def test_what_may_be_another_day_is_asked_again(typed: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="day like"):
        a_day(typed)
