"""The report on exposure, its sheet and its work list in a made-up language: no sentence is left in English."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditbot.exposure.exposed import ExposedPhoto, Inside, Naming, Trait
from auditbot.exposure.exposure_page import names_found
from auditbot.exposure.grades import ORDER
from auditbot.exposure.photo_phrases import faces_in_words, names_in_words, todo
from auditbot.exposure.worklist import exposure_csv
from auditbot.model import DocumentUse, NotChecked, PhotoFacts
from auditbot.present.exposed_since import ExposureSince
from auditbot.sentences import day_of, say
from auditbot.survey import compared, not_looked_at, not_reached, not_reached_alone, standing_of
from tests import made_up_language as made_up
from tests.unit.exposure.exposure_sample import ABOUT, sample_exposure, write_pages
from tests.unit.exposure.test_exposed_photos import post, use
from tests.unit.exposure.test_over_the_nights import NIGHT, counts

CALLED_SO = {f"auditbot exposure {ABOUT.version}", "exposure.csv", "media/", "It moves."}
"""What is called so in every language, and what a copier has said."""


@pytest.fixture(scope="module", autouse=True)
def spoken() -> Iterator[None]:
    with made_up.spoken():
        yield


@pytest.mark.parametrize("empty", [False, True])
def test_no_sentence_of_the_report_and_its_sheet_is_left_out(tmp_path: Path, empty: bool) -> None:
    about = replace(ABOUT, day=day_of(NIGHT), standing=standing_of(proved=not empty, demo=False))
    nights = ExposureSince(counts(7), counts(9, NIGHT - timedelta(days=30)))
    told = write_pages(tmp_path, empty=empty, about=about, unseen=everything_unseen(), before=compared(nights))
    data = {*made_up.strings(sample_exposure()), *CALLED_SO, about.who, *about.where}
    for path in told:
        html = path.read_text("utf-8")
        assert '<html lang="x-made-up">' in html
        assert made_up.not_translated(html, data) == []
    assert empty or "«2 fëwër thàn ön «" in told[0].read_text("utf-8")


def everything_unseen() -> list[str]:
    """A film and two documents that nobody could read, a photo that did not open, one that could not be had."""
    film = DocumentUse("https://school.example/f.webm", None, "", "video")
    letter = DocumentUse("https://school.example/l.pdf", None, "", "document")
    one = replace(post(1, use("a"), replace(use("b"), sha256=None)), documents=(film, letter, letter))
    unread = PhotoFacts("a", 0, 0, (), (), not_examined=say("It is damaged."))
    missed = NotChecked("website", "page", "", say("The page did not answer."))
    told = [*not_looked_at([one], {"a": unread}, {}), *not_reached([missed, missed])]
    shown = replace(missed, what="embed", reason=say("Something from %(service)s.", service="YouTube"))
    told += not_reached_alone([missed, missed, shown, shown])
    assert len(told) == 7 and all(sentence.startswith("«") and sentence.endswith("»") for sentence in told)
    return told


def test_no_sentence_of_the_work_list_is_left_out() -> None:
    exposure = sample_exposure()
    rows = list(csv.DictReader(io.StringIO(exposure_csv(exposure, names_found(exposure)))))
    assert len(rows) > 10
    for row in rows:
        assert row["what_to_do"].startswith("«") and row["worst_grade"].startswith("«")
        assert row["names"] == "" or row["names"].startswith("«")


def every_kind(photo: ExposedPhoto) -> Iterator[ExposedPhoto]:
    """The photo under every naming, inside everything, with every trait."""
    for naming in Naming:
        for inside in Inside:
            for trait in (None, *Trait):
                yield replace(photo, naming=naming, inside=inside, traits=frozenset({trait} if trait else ()))


def test_whatever_is_said_of_a_photo_is_said_in_the_language() -> None:
    shown = [photo for photo in sample_exposure().photos if photo.beside.names and photo.faces]
    graded = [replace(shown[0], faces=tuple(replace(shown[0].faces[0], grade=grade) for grade in ORDER)), *shown]
    for photo in (one for some in graded[:4] for one in every_kind(some)):
        for said in (todo(photo), faces_in_words(photo), names_in_words(photo)):
            assert said == "" or (said[0], said[-1]) == ("«", "»")
