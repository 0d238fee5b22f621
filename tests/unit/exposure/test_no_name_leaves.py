"""No name leaves in the page, the work list or the sheet: wherever it stands, and however photos were graded."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from auditbot.exposure.exposed import exposed_photos
from auditbot.exposure.exposure_page import names_found, page, sheet
from auditbot.exposure.photo_phrases import editors_told
from auditbot.exposure.safer import SaferCopy
from auditbot.exposure.summary import Exposure, summed
from auditbot.exposure.worklist import exposure_csv
from auditbot.model import NotChecked, PhotoUse, Post, Why
from auditbot.sentences import say
from auditbot.survey import not_reached
from tests.unit.exposure.exposure_sample import ABOUT
from tests.unit.exposure.test_exposed_photos import CLEAR, NOT, face, facts, post

SITE = "https://school.example"
NAMES = ("amelia", "okafor")


def shown(one: Post, detail: float = CLEAR) -> Exposure:
    """A post with its photos, each of one face."""
    known = {str(use.sha256): facts(str(use.sha256), face(detail)) for use in one.photos}
    return summed(exposed_photos([one], known), 1)


def told(exposure: Exposure) -> str:
    """Everything that is written of it, in small letters."""
    names = names_found(exposure)
    copies = [SaferCopy(photo, Path(photo.url.removeprefix(f"{SITE}/")), "", False, 3, 2) for photo in exposure.photos]
    whole = page(exposure, ABOUT, {}, (), searchable_known=True)
    return f"{whole}{exposure_csv(exposure, names)}{sheet(copies, Path(), names)}".casefold()


TWO = (PhotoUse(f"{SITE}/media/img1.jpg", "1"), PhotoUse(f"{SITE}/media/img2.jpg", "2"))


@pytest.mark.parametrize("detail", [CLEAR, NOT])
@pytest.mark.parametrize(
    "one",
    [
        replace(post(1, *TWO, title="Amelia Okafor wins the poetry prize"), url=f"{SITE}/news?id=12"),
        replace(post(1, *TWO, title="AMELIA OKAFOR"), url=f"{SITE}/news?id=12"),
        replace(post(1, *TWO), url=f"{SITE}/news/amelia-okafor-wins/"),
        replace(post(1, *TWO), url=f"{SITE}/news?by=amelia-okafor"),
        replace(post(1, *TWO), author="Amelia Okafor"),
        post(1, *TWO, PhotoUse(f"{SITE}/amelia-okafor/3.jpg", "3")),
        post(1, *TWO, PhotoUse(f"{SITE}/uploads/AmeliaOkafor.jpg", "3")),
        post(1, *TWO, PhotoUse(f"{SITE}/uploads/ameliaokafor.jpg", "3", caption="Here is Amelia Okafor")),
        post(1, *TWO, PhotoUse(f"{SITE}/uploads/amelias-rocket.jpg", "3", caption="Here is Amelia")),
    ],
)
def test_a_name_is_masked_wherever_it_stands_and_whatever_is_to_be_seen(one: Post, detail: float) -> None:
    written = told(shown(one, detail))
    assert "[name]" in written
    assert [name for name in NAMES if name in written] == []


def test_a_title_without_a_name_stays_as_it_is() -> None:
    assert "a day at amber house" in told(shown(post(1, *TWO, title="A day at Amber House")))


def test_editors_whose_names_are_left_out_are_told_apart() -> None:
    posts = [
        replace(post(n, TWO[0]), author=author)
        for n, author in enumerate(["Ada Nwosu", "Mia Nair", "Mrs Khan", "Year 2"])
    ]
    exposure = summed(exposed_photos(posts, {"1": facts("1", face(CLEAR))}), 4)
    assert list(editors_told(exposure, names_found(exposure)).values()) == [
        "[name] 1", "[name] 2", "Mrs Khan", "Year 2",
    ]  # fmt: skip


def test_a_name_in_an_address_that_was_not_opened_is_left_out() -> None:
    why = say("it was too slow")
    reason = say("The address %(address)s was not opened: %(why)s.", address="/news/amelia-okafor-wins", why=why)
    missed = [NotChecked("website", f"{SITE}/news/amelia-okafor-wins", "address", reason, why=Why.LIMIT)]
    assert not_reached(missed) == ["The address /news/[name]-[name]-wins was not opened: it was too slow."]


@pytest.mark.parametrize("title", ["=1+1", " =1+1", "\ufeff=1+1", "＝HYPERLINK(1)", "-2", "\ta", "@here"])
def test_no_title_becomes_a_formula_in_a_spreadsheet(title: str) -> None:
    (row,) = csv.DictReader(io.StringIO(exposure_csv(shown(post(1, TWO[0], title=title)), frozenset())))
    assert row["title"] == f"'{title}"
