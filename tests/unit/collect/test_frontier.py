"""Series of pages without end are given up; sites whose pages differ by their query alone are read whole."""

from __future__ import annotations

from auditbot.collect.post.links import Lead
from auditbot.collect.website.frontier import Frontier

SITE = "https://school.example"


def test_a_menu_of_many_pages_that_differ_by_their_query_is_followed_whole() -> None:
    frontier = Frontier()
    for number in range(150):
        frontier.add(Lead(f"{SITE}/page/?title=P{number}&pid={number}", "link"), f"{SITE}/")
    # Every one of them shows the same menu.
    for number in range(150):
        frontier.add(Lead(f"{SITE}/page/?title=P{number}&pid={number}", "link"), f"{SITE}/page/?title=P1&pid=1")
    assert (frontier.left(), frontier.cut_short) == (150, "")


def test_a_series_that_leads_on_and_on_is_given_up() -> None:
    frontier = Frontier()
    frontier.add(Lead(f"{SITE}/calendar?month=0", "link"), f"{SITE}/")
    for number in range(500):
        frontier.add(Lead(f"{SITE}/calendar?month={number + 1}", "link"), f"{SITE}/calendar?month={number}")
    assert frontier.left() < 100
    assert frontier.cut_short
