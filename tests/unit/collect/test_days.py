"""Days as schools and social media write them, with a year and without one."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from auditbot.collect.html.comments import date_in, date_of_page
from auditbot.collect.html.day_order import DayOrder
from auditbot.collect.html.dom import parse
from auditbot.collect.html.written_dates import (
    counted_from,
    day_without_year,
    is_byline,
    is_date_line,
    week_in,
    written_date,
)

ZONE = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 30, 9, 15, tzinfo=ZONE)
WRITTEN = {
    "14/10/'26": date(2026, 10, 14),
    "October the 9th, 2026": date(2026, 10, 9),
    "3MAR26": date(2026, 3, 3),
    "Posted 25Sep2026": date(2026, 9, 25),
    "6-iii-26": date(2026, 3, 6),
    "17.XI.2025": date(2025, 11, 17),
    "w/c 2 March 2026": date(2026, 3, 2),
    "Published on 24 June 2026 at 3.20pm": date(2026, 6, 24),
    "24/06/2026 3pm": date(2026, 6, 24),
    "Week ending Friday 6th March 2026": date(2026, 3, 6),
    "Dydd Gwener, 6 o Fawrth 2026": date(2026, 3, 6),
    "Dydd Mercher 1af Gorffennaf 2026": date(2026, 7, 1),
    "May122025": date(2025, 5, 12),
    "Dé Céadaoin, 14 Deireadh Fómhair 2026": date(2026, 10, 14),
    "Dé hAoine, 25 Meán Fómhair 2026": date(2026, 9, 25),
    "13 Márta 2026": date(2026, 3, 13),
    "3ú de Mheitheamh 2026": date(2026, 6, 3),
    "18 Nollaig 2025": date(2025, 12, 18),
    "Diciadain 3 Dàmhair 2025": date(2025, 10, 3),
    "12 An Gearran 2026": date(2026, 2, 12),
    "5 an t-Sultain 2026": date(2026, 9, 5),
    "Tuesday 6th October 2026, All day": date(2026, 10, 6),
    "6 October 2026, afternoon": date(2026, 10, 6),
}


@pytest.mark.parametrize("line", WRITTEN)
def test_a_day_is_read_in_the_forms_that_schools_use(line: str) -> None:
    found = written_date(line, ZONE)
    assert found is not None
    assert (found.date(), is_date_line(line, ZONE)) == (WRITTEN[line], True)


@pytest.mark.parametrize(
    "line", ["room 3mar", "A 3-vi-2 win", "12sept", "B16MAY", "Lost by 2-iv", "4.x.y", "Nollaig 2026", "Samhain"]
)
def test_what_only_looks_like_one_is_none(line: str) -> None:
    assert written_date(line, ZONE) is None


WITHOUT_YEAR = {
    "14 October": date(2026, 10, 14),
    "7 October ·": date(2026, 10, 7),
    "14 October at 10:15": date(2026, 10, 14),
    "Fri 6th Nov": date(2026, 11, 6),
    "May 3": date(2026, 5, 3),
    "4 Medi": date(2026, 9, 4),
    "18h": date(2026, 11, 29),
    "3 d": date(2026, 11, 27),
    "2w": date(2026, 11, 16),
    "40 mins": date(2026, 11, 30),
    "Monday at 9.15": date(2026, 11, 23),
    "Just now": date(2026, 11, 30),
    "Week beginning Monday 13th April": date(2026, 4, 13),
    "w/b 9 November": date(2026, 11, 9),
    "Posted on 6 November": date(2026, 11, 6),
    # The weekday says which year: 6 March was a Friday in 2026, a Thursday in 2025.
    "Thu 6 March": date(2025, 3, 6),
}


@pytest.mark.parametrize("line", WITHOUT_YEAR)
def test_a_day_without_a_year_is_the_last_of_its_kind(line: str) -> None:
    found = day_without_year(line, ZONE, NOW)
    assert found is not None
    assert found.date() == WITHOUT_YEAR[line]


@pytest.mark.parametrize(
    "line",
    [
        "Monday",
        "Year 3",
        "Story 12",
        "12 apples",
        "Sat 30th Feb",
        "2 December",
        "Thursday 3rd December",
        "3 May we won",
    ],
)
def test_what_is_to_come_or_no_day_is_none(line: str) -> None:
    assert day_without_year(line, ZONE, NOW) is None


@pytest.mark.parametrize(
    "body",
    [
        "<a href='/p/1' aria-label='14 October 2026 at 10:15'>6w</a>",
        "<a href='/p/1'><span title='Wednesday, 14 October 2026'>14 October</span></a>",
        "<abbr data-utime='1791965700'>6 weeks</abbr>",
        "<span data-date='2026-10-14T09:15:00Z'>a while</span>",
    ],
)
def test_the_day_that_an_element_keeps_beside_its_words_is_read(body: str) -> None:
    node = parse(f"<div>{body}<p>Words on 3 things.</p></div>").css_first("div")
    assert node is not None
    found = date_in(node, ZONE)
    assert found is not None
    assert found.astimezone(ZONE).date() == date(2026, 10, 14)


WEEKS = {
    "/diary/2026-W07": date(2026, 2, 9),
    "/diary/2026-w07-4/pond": date(2026, 2, 12),
    "/2026W16/": date(2026, 4, 13),
    "/diary/2026-W60": None,
    "/file/12026-W07": None,
    "/class-2026-W074": None,
}


@pytest.mark.parametrize("address", WEEKS)
def test_the_week_of_an_address_is_read_as_iso_counts_them(address: str) -> None:
    found = week_in(address, ZONE)
    assert (found.date() if found else None) == WEEKS[address]


ORDERS = {
    "the month first": ("4/5/2026 and 5/21/2026", "", date(2026, 4, 5)),
    "the month first, two digits": ("4/5/26 and 5/21/26", "", date(2026, 4, 5)),
    "the day first": ("4/5/2026 and 21/5/2026", "", date(2026, 5, 4)),
    "both, so the British": ("4/5/2026, 21/5/2026 and 5/21/2026", "", date(2026, 5, 4)),
    "neither, so the British": ("4/5/2026 and 6/7/2026", "", date(2026, 5, 4)),
    "a day that is told to programs": ("4/5/2026 and 5/21/2026", "<time datetime='2026-05-04'>", date(2026, 5, 4)),
    "scores and versions": ("4/5/2026, lost 3-21-9, part 1.30.7.2", "", date(2026, 5, 4)),
}


@pytest.mark.parametrize("kind", ORDERS)
def test_a_site_shows_in_which_order_it_writes_days(kind: str) -> None:
    words, html, meant = ORDERS[kind]
    order = DayOrder(ZONE)
    order.learn(words, html)
    found = order.meant("/a", datetime(2026, 5, 4, tzinfo=ZONE))
    assert found is not None
    assert found.date() == meant
    assert order.meant("/a", found) == found


NAMED = datetime(2026, 5, 4, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("html", "listed", "meant"),
    [
        ("", None, date(2026, 4, 5)),
        ("<time datetime='2026-05-04T09:00'>", None, date(2026, 5, 4)),
        ("", NAMED, date(2026, 5, 4)),
        ("", datetime(2026, 6, 7, tzinfo=ZONE), date(2026, 4, 5)),
    ],
)
def test_a_day_that_one_post_names_for_programs_is_sure_whatever_other_pages_write(
    html: str, listed: datetime | None, meant: date
) -> None:
    order = DayOrder(ZONE)
    order.learn("4/5/2026 and 5/21/2026", "")
    order.named("/b", NAMED, html, listed)
    found = order.meant("/b", NAMED)
    assert found is not None and found.date() == meant


BYLINES = {
    "Posted in Celebrations 5 comments Posted by Mrs Vale on 10 July 2026": True,
    "Published by The Office in Nature, Sport on 3 May 2026": True,
    "Posted in error was the letter that says sports day falls on 10 July 2026": False,
    "Written by the children, who will sing it to us on 10 July 2026": False,
}


@pytest.mark.parametrize("line", BYLINES)
def test_a_line_that_files_a_post_ends_with_its_day(line: str) -> None:
    assert is_byline(line, ZONE) is BYLINES[line]


FILED = {
    "<a href='/news/archive/2026/7/10'>10 July 2026</a>": date(2026, 7, 10),
    "<a href='/2026/07/'>10 July 2026</a>": date(2026, 7, 10),
    "<a href='/2026/07/10/pond-day/'>10 July 2026</a>": None,
    "<a href='/news/archive/2026/6/9'>10 July 2026</a>": None,
    "<a href='/2026/7/10'>10 July 2026</a> or <a href='/2026/7/11'>11 July 2026</a>": None,
}


@pytest.mark.parametrize("said", FILED)
def test_the_archive_that_a_post_is_filed_under_gives_its_day(said: str) -> None:
    words = "".join(f"<p>Words of line {n} about the pond.</p>" for n in range(9))
    tree = parse(
        f"<article><h1>Pond</h1>{words}<p>In Nature {said} with thanks to all who came along.</p>{words}</article>"
    )
    found = date_of_page(tree, tree.css_first("article"), ZONE)
    assert (found.date() if found else None) == FILED[said]


COUNTED = {
    "2 days ago": date(2026, 11, 28),
    "Posted 3 weeks ago": date(2026, 11, 9),
    "yesterday": date(2026, 11, 29),
    "6 March 2026": date(2026, 3, 6),
}


@pytest.mark.parametrize("line", COUNTED)
def test_days_are_counted_from_the_day_on_which_they_were_sent(line: str) -> None:
    with counted_from(NOW):
        found = written_date(line, ZONE)
    assert (found.date() if found else None) == COUNTED[line]
