"""Series of pages without end are given up; sites whose pages differ by their query alone are read whole."""

from __future__ import annotations

from collections import Counter

import pytest

from auditbot.collect.post.links import Lead
from auditbot.collect.website.frontier import Frontier
from auditbot.collect.website.met_addresses import Ledger
from auditbot.collect.website.series import Answered, SeriesBook, shape
from auditbot.model import Became

SITE = "https://school.example"


def fresh() -> tuple[Frontier, SeriesBook, Ledger]:
    ledger, book = Ledger(), SeriesBook()
    return Frontier(book, ledger), book, ledger


def answered(path: str, words: str, *links: str) -> Answered:
    return Answered(SITE + path, words, frozenset(), frozenset(links))


def test_a_menu_of_many_pages_that_differ_by_their_query_is_followed_whole() -> None:
    frontier, _, ledger = fresh()
    for number in range(150):
        frontier.add(Lead(f"{SITE}/page/?title=P{number}&pid={number}", "link"), f"{SITE}/")
    # Every one of them shows the same menu.
    for number in range(150):
        frontier.add(Lead(f"{SITE}/page/?title=P{number}&pid={number}", "link"), f"{SITE}/page/?title=P1&pid=1")
    assert frontier.left() == 150
    assert {entry.became for entry in ledger.entries()} == {Became.WAITING}


def test_a_series_that_leads_on_and_on_is_bounded_and_told() -> None:
    frontier, _, ledger = fresh()
    frontier.add(Lead(f"{SITE}/calendar?month=0", "link"), f"{SITE}/")
    for number in range(500):
        frontier.add(Lead(f"{SITE}/calendar?month={number + 1}", "link"), f"{SITE}/calendar?month={number}")
    assert frontier.left() < 100
    became = Counter(entry.became for entry in ledger.entries())
    assert became[Became.WAITING] + became[Became.LIMIT] == 501
    (note,) = [note for note in ledger.notes("website") if "more addresses" in note.reason]
    assert note.reason.startswith(f"{became[Became.LIMIT]} addresses like /calendar?month=… were not opened")
    assert not note.aside


def test_a_series_ends_after_three_pages_that_bring_nothing_new() -> None:
    frontier, book, ledger = fresh()
    given_up = ""
    pages = [
        "Trip to the farm",
        "Sports day",
        "Nothing in March 2027.",
        "Nothing in April 2027.",
        "Nothing in May.",
        "Nothing in June.",
    ]
    for number, words in enumerate(pages):
        page = answered(f"/diary?month={number}", words)
        frontier.next_lead()
        frontier.mark(page.url)
        frontier.add(Lead(f"{SITE}/diary?month={number + 1}", "link"), page.url)
        given_up = book.learn(page, fresh_links=False, twin=False)
        if given_up:
            frontier.give_up(given_up)
    assert given_up == "/diary?month"
    assert frontier.left() == 0
    assert [entry.url for entry in ledger.entries() if entry.became is Became.SERIES] == [f"{SITE}/diary?month=6"]


SAME = [
    ("/one/", "/one/?print=1"),
    ("/one/", "/one.html"),
    ("/one/", "/amp/one/"),
    ("/One/", "/one"),
    ("/news/pond/", "/print/pond/"),
    ("/clubs/chess/", "/clubs/chess/chess/"),
]
OTHER = [("/a/", "/b/"), ("/news/1", "/diary/1"), ("/robins/", "/robins/trip/")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_addresses_that_answer_the_same_are_one_page(one: str, other: str) -> None:
    book = SeriesBook()
    assert book.twin(answered(one, "The pond froze over.", "chess/", one, other)) == ""
    assert book.twin(answered(other, "The pond froze over.", "chess/", one, other)) == SITE + one


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_addresses_that_answer_differently_are_two_pages(one: str, other: str) -> None:
    book = SeriesBook()
    book.twin(answered(one, "The pond froze over."))
    assert book.twin(answered(other, "The pond thawed.")) == ""


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_pages_of_the_same_words_at_unlike_addresses_are_two(one: str, other: str) -> None:
    book = SeriesBook()
    book.twin(answered(one, "Photos."))
    assert book.twin(answered(other, "Photos.")) == ""


def test_a_part_of_a_query_that_never_changed_an_answer_is_presumed_not_to() -> None:
    book = SeriesBook()
    for name in "abc":
        book.twin(answered(f"/{name}", f"Words of {name}."))
        book.twin(answered(f"/{name}?visit=9", f"Words of {name}."))
    met = {"school.example/d", "school.example/a"}
    assert book.presumed(f"{SITE}/d?visit=9", met)
    assert not book.presumed(f"{SITE}/unmet?visit=9", met)
    book.twin(answered("/a?visit=10", "Other words."))
    assert not book.presumed(f"{SITE}/d?visit=9", met)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/news?b=1&a=2", "/news?a&b"),
        ("/calendar/2026/03", "/calendar/#/#"),
        ("/frames?34", "/frames?#"),
        ("/list?page12", "/list?page#"),
        ("/grow/robins/wrens/robins", "/grow/robins/wrens/**"),
        ("/news/pond-dipping", ""),
    ],
)
def test_what_the_addresses_of_a_series_share(path: str, expected: str) -> None:
    assert shape(SITE + path) == expected


@pytest.mark.parametrize(
    ("path", "series"),
    [
        ("/diary/2026/3/3", "/diary/#/#/#"),
        ("/diary/2026/3/14", "/diary/#/#/#"),
        ("/diary/march-2026/", "/diary/#-#/"),
        ("/diary/2026/Mar", "/diary/#/#"),
        ("/news/march-of-the-penguins/", ""),
        ("/clubs/chess/chess/", "/chess/clubs/**"),
    ],
)
def test_periods_are_one_series_however_they_are_written(path: str, series: str) -> None:
    assert shape(SITE + path) == series


def test_the_months_beside_one_that_was_written_are_opened_though_many_others_were_empty() -> None:
    frontier, book, _ = fresh()
    names = [(month, year) for month in range(1, 13) for year in range(2019, 2027)]
    for month, year in names:
        frontier.add(Lead(f"{SITE}/diary?month={month}&year={year}", "link"), f"{SITE}/")
    written, opened = {(1, 2026), (12, 2025), (9, 2025)}, set()
    while (lead := frontier.next_lead()) is not None:
        frontier.mark(lead.url)
        month, year = (int(part.partition("=")[2]) for part in lead.url.partition("?")[2].split("&"))
        said = f"What we did in our garden, story number {month} of {year} and pond" if (month, year) in written else ""
        words = f"{said} {['robins', 'wrens', 'owls', 'larks'][month % 4] if said else 'Nothing.'}"
        opened.add((month, year))
        page = answered(f"/diary?month={month}&year={year}", words)
        if given_up := book.learn(page, fresh_links=bool(said), twin=False):
            frontier.give_up(given_up)
        # Each of its pages offers them all.
        for month, year in names:
            frontier.add(Lead(f"{SITE}/diary?month={month}&year={year}", "link"), f"{SITE}/")
    assert written <= opened
    assert len(opened) < len(names)
