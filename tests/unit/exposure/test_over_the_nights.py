"""Counts of each night: what is kept, what it is compared with, and that nobody stands in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditbot.exposure import nightly
from auditbot.exposure.exposed import Inside, Naming, exposed_photos
from auditbot.exposure.nightly import exposure_of, keep_counts
from auditbot.exposure.summary import Exposure
from auditbot.model import DocumentFacts, DocumentPicture, DocumentUse, PhotoMetadata, PhotoUse, Post
from auditbot.model.counted import ExposureCounts, MonthCounts
from auditbot.present.exposed_since import by_month, exposure_since
from auditbot.registers.declared import Declared
from auditbot.run import Run
from auditbot.settings import School, Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import declared
from tests.unit.check.test_check_stage import Silent
from tests.unit.exposure.test_exposed_photos import CLEAR, HARD, SEEN, face, facts, post, use

NIGHT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


def counts(clear: int, at: datetime = NIGHT, account: str = "website", **more: int) -> ExposureCounts:
    numbers = dict.fromkeys(
        (
            "posts", "with_photos", "photos", "recognisable", "hard", "lowest", "named_alone", "named_together",
            "larger", "placed", "half",
        ),
        1,
    )  # fmt: skip
    return ExposureCounts(account=account, at=at, clear=clear, exposure=1.0, **(numbers | more))


# --- pictures inside documents, and films ---------------------------------------------------------------------------


def newsletter(*pages: str, kind: str = "document") -> tuple[Post, dict[str, DocumentFacts]]:
    """A post that links to a document with one picture a page, or plays a film with as many moments."""
    linked = DocumentUse("https://school.example/media/june.pdf", "doc", "June", kind)  # type: ignore[arg-type]
    pictures = tuple(DocumentPicture(number, f"p{number}") for number in range(1, len(pages) + 1))
    return replace(post(1, title="Letters"), documents=(linked,)), {"doc": DocumentFacts("doc", pages, pictures)}


def test_pictures_inside_documents_count_with_the_words_of_their_page() -> None:
    one, documents = newsletter("Zayn built a rocket.", "A walk in the wood, seen from afar.")
    known = {"p1": facts("p1", face(CLEAR)), "p2": facts("p2", face(HARD), face(HARD))}
    first, second = exposed_photos([one], known, None, documents)
    assert (first.inside, first.naming, first.url) == (
        Inside.DOCUMENT, Naming.SINGLE_BY_TEXT, "https://school.example/media/june.pdf#page=1",
    )  # fmt: skip
    assert (second.naming, len(second.faces), second.post_title) == (Naming.NONE, 2, "Letters")


def test_a_picture_that_post_and_document_show_counts_once() -> None:
    one, documents = newsletter("Zayn built a rocket.")
    shown = replace(one, photos=(PhotoUse("https://school.example/media/r.jpg", "p1"),))
    (only,) = exposed_photos([shown], {"p1": facts("p1", face(CLEAR))}, None, documents)
    assert only.inside is Inside.POST


def test_of_a_film_the_most_exposed_moment_counts() -> None:
    one, documents = newsletter("", "", "", kind="video")
    known = {"p1": facts("p1", face(HARD)), "p2": facts("p2", face(CLEAR), face(CLEAR)), "p3": facts("p3", face(CLEAR))}
    (only,) = exposed_photos([one], known, None, documents)
    assert (only.inside, only.sha256, only.url.rpartition("#")[2]) == (Inside.FILM, "p2", "t=2")
    captions, _ = newsletter("Zayn", kind="captions")
    assert exposed_photos([captions], known, None, documents) == ()


# --- night by night -------------------------------------------------------------------------------------------------


def test_a_night_leaves_counts_for_each_account_and_no_name_photo_or_address(tmp_path: Path) -> None:
    settings = Settings(School("Larkmere"))
    own = declared().accounts["website"]
    registers = replace(declared(), accounts={"website": own, "blog": replace(own, name="blog")})
    with Store(tmp_path / "data" / "auditbot.db") as store:
        for one, photo in (
            (post(1, use("a", "Zayn’s rocket")), facts("a", face(CLEAR))),
            (post(2, use("b"), month=7), facts("b", face(SEEN), face(SEEN))),
            (replace(post(3, use("c")), account="blog"), facts("c", face(HARD))),
            (replace(post(4, use("d")), account="somebody's"), facts("d", face(CLEAR))),
        ):
            store.published.save_post(one, NIGHT)
            store.examined.save_photo(photo, "test")
        run = Run(Workspace(tmp_path), settings, registers, store, "2026-11-29", Silent())
        keep_counts(run)
        keep_counts(run)  # the same night again changes nothing
        blog, website = store.exposures.nights()
        assert (website.clear, website.recognisable, website.named_alone, website.posts) == (1, 2, 1, 2)
        assert (blog.hard, blog.clear, blog.faces) == (1, 0, 1)
        assert website.half == 1 and website.exposure == pytest.approx(0.94 * 3 + 0.67 * 2)
        assert MonthCounts("website", 2026, 7, "recognisable", 1) in store.exposures.months()
        assert exposure_of([], store).photos == ()
    with sqlite3.connect(tmp_path / "data" / "auditbot.db") as database:
        rows = [row for table in ("counts", "months") for row in database.execute(f"SELECT * FROM exposure_{table}")]
    written = json.dumps(rows)
    assert len(rows) == 5 and not any(word in written for word in ("Zayn", "http", ".jpg", "rocket"))


def test_a_night_that_changed_nothing_counts_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def counting(posts: Collection[Post], *rest: Any) -> Exposure:
        counted.append(len(posts))
        return exposure_of(posts, *rest)

    monkeypatch.setattr(nightly, "exposure_of", counting)
    one, shown = post(1, use("a", "Zayn’s rocket")), facts("a", face(CLEAR))
    with Store(tmp_path / "data" / "auditbot.db") as store:
        registers = declared()

        def night(name: str, registers: Declared) -> None:
            keep_counts(Run(Workspace(tmp_path), Settings(School("Larkmere")), registers, store, name, Silent()))

        store.published.save_post(one, NIGHT)
        store.examined.save_photo(shown, "test")
        night("1", registers)
        night("2", replace(registers, pupils={}, consent_version="another"))
        assert counted == [1]
        first, second = store.exposures.nights()
        assert replace(second, at=first.at) == first
        changes: tuple[Callable[[], None], ...] = (
            lambda: store.published.save_post(replace(one, title="Zayn"), NIGHT + timedelta(days=1)),
            lambda: store.examined.save_photo(facts("a", face(CLEAR), face(SEEN)), "test"),
            lambda: store.examined.save_photo(replace(shown, metadata=PhotoMetadata(has_position=True)), "test"),
            lambda: store.published.save_post(replace(post(2), account="website"), NIGHT),
        )
        for number, change in enumerate(changes, 2):
            change()
            night(f"{number + 1}", registers)
            assert len(counted) == number, number
        own = registers.accounts["website"]
        night("9", replace(registers, accounts={"website": own, "blog": replace(own, name="blog")}))
        assert len(counted) == 6


@pytest.mark.parametrize(
    ("earlier", "change"),
    [
        ([], ""),
        ([(1, 9)], "2 fewer than on 28 November 2026"),
        ([(40, 12), (29, 10), (1, 9)], "3 fewer than on 31 October 2026"),
        ([(60, 5), (40, 12)], "5 fewer than on 20 October 2026"),
        ([(30, 7)], "as many as on 30 October 2026"),
        ([(30, 1)], "6 more than on 30 October 2026"),
    ],
)
def test_tonight_is_compared_with_a_month_ago_or_the_first_night(earlier: list[tuple[int, int]], change: str) -> None:
    nights = [counts(clear, NIGHT - timedelta(days=days)) for days, clear in earlier] + [counts(7)]
    (only,) = exposure_since(nights)
    assert only.now.clear == 7
    assert only.change == change


def test_an_account_that_is_no_longer_in_the_register_is_not_told_and_months_sum_over_accounts() -> None:
    old = counts(3, NIGHT - timedelta(days=40), "gone")
    before = (counts(4, NIGHT - timedelta(days=40)), counts(9, NIGHT - timedelta(days=35)))
    nights = [old, *before, counts(2), counts(5, account="blog")]
    assert [one.now.account for one in exposure_since(nights)] == ["blog", "website"]
    told = [(year, month, one.clear, one.faces) for year, month, one in by_month(nights)]
    assert told == [(2026, 10, 12, 18), (2026, 11, 7, 13)]
