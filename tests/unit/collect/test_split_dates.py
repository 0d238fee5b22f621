"""Days whose parts stand apart are put together; numbers that are no days stay numbers."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from auditbot.collect.html.dom import parse
from auditbot.collect.html.split_dates import split_date

LONDON = ZoneInfo("Europe/London")
_ROW = "<tr id='x'>{}<td><a href='/a'>The pond</a></td></tr>"
_SPANNING = "<tr><th rowspan='3'>March</th><td>2nd</td><td>Owls</td></tr><tr><td>4th</td><td>Newts</td></tr>"

_POND = "<a href='/a'>The pond</a>"

DAYS = {
    "three cells": (f"<table>{_ROW.format('<td>6</td><td>March</td><td>2026</td>')}</table>", "2026-03-06"),
    "three cells of numbers": (f"<table>{_ROW.format('<td>06</td><td>06</td><td>2026</td>')}</table>", "2026-06-06"),
    "a month that reaches down, a year in the caption": (
        f"<table><caption>Spring 2026</caption><tbody>{_SPANNING}{_ROW.format('<td>Fri 6th</td>')}</tbody></table>",
        "2026-03-06",
    ),
    "a row that is a heading": (
        f"<table><tr><td colspan='2'>March 2026</td></tr>{_ROW.format('<td>6</td>')}</table>",
        "2026-03-06",
    ),
    "a heading of its own for the year": (
        f"<h2>2024</h2><h3>March</h3><ul><li>The owls</li><li id='x'><b>6th</b> {_POND}</li></ul>",
        "2024-03-06",
    ),
    "the year alone above": (f"<h2>News 2023</h2><ul><li id='x'><i>6 March</i> {_POND}</li></ul>", "2023-03-06"),
    "a school year, before Christmas": (f"<h2>2024-25</h2><p id='x'><i>6 October</i> {_POND}</p>", "2024-10-06"),
    "a school year, after Christmas": (f"<h2>2024/2025</h2><p id='x'><i>6 March</i> {_POND}</p>", "2025-03-06"),
    "a raised ending": (f"<h2>March 2026</h2><p id='x'><b>6<sup>th</sup></b> {_POND}</p>", "2026-03-06"),
    "the nearest heading": (
        f"<h2>2025</h2><h3>June</h3><p><b>1st</b></p><h3>May</h3><p id='x'><b>6th</b> {_POND}</p>",
        "2025-05-06",
    ),
}
NONE = {
    "a number under no month": "<h2>Year 2 in 2026</h2><p id='x'><b>6</b> <a href='/a'>The pond</a></p>",
    "a number under words with a month": "<h2>March fun run 2026</h2><p id='x'><b>6</b> <a href='/a'>The pond</a></p>",
    "another weekday": "<h2>March 2026</h2><p id='x'><b>Mon 6th</b> <a href='/a'>The pond</a></p>",
    "no year anywhere": "<h2>March</h2><p id='x'><b>6th</b> <a href='/a'>The pond</a></p>",
    "a day that is none": "<h2>February 2026</h2><p id='x'><b>31st</b> <a href='/a'>The pond</a></p>",
    "a heading of a neighbour": "<div><h2>March 2026</h2></div><div><p id='x'><b>6th</b> <a>Pond</a></p></div>",
    "a week of a calendar": "<h2>March 2026</h2><table><tr id='x'><td>6</td><td>7</td><td>The pond</td></tr></table>",
    "words that are no month": "<h2>You may like 2026</h2><p id='x'><b>6th</b> <a href='/a'>The pond</a></p>",
}


@pytest.mark.parametrize("case", DAYS)
def test_parts_of_a_day_are_put_together(case: str) -> None:
    html, day = DAYS[case]
    node = parse(f"<html><body><main>{html}</main></body></html>").css_first("#x")
    assert node is not None
    found = split_date(node, LONDON)
    assert found is not None
    assert found.date().isoformat() == day


@pytest.mark.parametrize("case", NONE)
def test_what_is_no_day_is_none(case: str) -> None:
    node = parse(f"<html><body><main>{NONE[case]}</main></body></html>").css_first("#x")
    assert node is not None
    assert split_date(node, LONDON) is None
