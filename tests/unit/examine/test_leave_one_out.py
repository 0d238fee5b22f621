"""The gallery tried on its own photos: right counts, words a school understands, and nothing of a pupil kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from auditbot.examine.faces.enrol import Enrolled
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.templates import Template
from auditbot.examine.faces.trial import (
    TRIAL_FILE,
    Trial,
    in_words,
    kept_trial,
    portraits_in_words,
    trial_of,
    try_gallery,
)
from tests.unit.check.school import TODAY, declared
from tests.unit.examine.test_enrol import pupil

RATE = 0.01


def school(people: int, photos: int, noise: float, mixed_up: bool = False) -> list[Template]:
    """People whose photos are their own vector and some noise; mixed up, every second photo is the next person's."""
    rng = np.random.default_rng(5)
    own = rng.normal(size=(people, 64))
    made = []
    for person in range(people):
        for number in range(photos):
            row = own[(person + (number if mixed_up else 0)) % people] + noise * rng.normal(size=64)
            vector = (row / np.linalg.norm(row)).astype(np.float32)
            key = f"{person} {number}"
            made.append(Template(f"SECRET{person:03}", key, date(2026, 9, 1), None, "enrolled", "drawn 1", vector))
    return made


def tried(templates: list[Template]) -> Trial:
    trial = try_gallery(templates, Gallery.from_templates(templates, false_name_rate=RATE), RATE)
    assert trial is not None
    return trial


def test_people_who_look_like_themselves_are_found_and_strangers_are_not_named() -> None:
    trial = tried(school(40, 2, 0.3))
    assert (trial.people, trial.tried, trial.first, trial.in_three, trial.named_wrong) == (40, 80, 80, 80, 0)
    assert trial.strangers == 80 and trial.strangers_named <= 4
    assert trial.named_right >= 76


def test_a_gallery_whose_photos_are_mixed_up_shows_it() -> None:
    trial = tried(school(40, 2, 0.3, mixed_up=True))
    assert trial.first == 0 and trial.named_right == 0 and trial.named_wrong > 0


def test_with_one_photo_each_they_serve_as_strangers_only() -> None:
    trial = tried(school(40, 1, 0.3))
    assert (trial.tried, trial.first, trial.strangers) == (0, 0, 40)
    assert "could not be tried" in in_words(trial)[0]


def test_too_few_people_are_not_tried(tmp_path: Path) -> None:
    few = school(8, 2, 0.3)
    (tmp_path / TRIAL_FILE).write_text("of an earlier, larger gallery", "utf-8")
    trial = trial_of(tmp_path, few, Gallery.from_templates(few), RATE)
    assert trial is None and not (tmp_path / TRIAL_FILE).exists()
    assert "too few to try" in in_words(trial)[0]


SAMPLE = Trial("v", 30, 23, 21, 22, 19, 0, 53, 1, 0.01, 0.6, (0.5, 0.9), (0.1, 0.7))


def test_the_words_a_school_reads() -> None:
    first, named, more, strangers, easier = in_words(SAMPLE)
    assert first.startswith(
        "Of 23 photos that were tried as if they were new, the right child came first for 21 (91%) and was among the "
        "first three for 22 (96%)."
    )
    assert "anything from 73% to 98%" in first
    assert named.startswith("19 of them would have been named rightly and 0 wrongly;")
    assert "1 (2%) would have been given somebody's name; the settings permit 1.0%." in strangers
    assert "one fewer than the gallery holds" in more and "15 more of 100" in more
    assert "easier" not in easier and "expect less" in easier


@pytest.mark.parametrize(("count", "told"), [(999, True), (1000, False)])
def test_a_range_is_told_only_where_few_were_tried(count: int, told: bool) -> None:
    many = replace(SAMPLE, tried=count, first=count, in_three=count, strangers=5000)
    assert ("With so few photos" in in_words(many)[0]) == told


def test_what_is_kept_is_read_again_until_the_gallery_changes_and_names_nobody(tmp_path: Path) -> None:
    templates = school(20, 2, 0.3)
    gallery = Gallery.from_templates(templates)
    first = trial_of(tmp_path, templates, gallery, RATE)
    assert first is not None and trial_of(tmp_path, [], gallery, RATE) == first == kept_trial(tmp_path / TRIAL_FILE)
    assert b"SECRET" not in (tmp_path / TRIAL_FILE).read_bytes()
    changed = templates[:-1]
    second = trial_of(tmp_path, changed, Gallery.from_templates(changed), RATE)
    assert second is not None and second.gallery != first.gallery


def test_what_more_photos_are_worth_is_told_in_the_school_s_own_figures() -> None:
    trial = tried(school(30, 3, 1.2))
    assert trial.compared == 90
    assert trial.named_by_one < trial.named_by_more
    told = in_words(trial)[2]
    assert told.startswith("Of 90 photos of children with three or more, ") and str(trial.named_by_more) in told


@pytest.mark.parametrize(
    ("first", "told"), [(359, "359 (99.7%)"), (360, "360 (100%)"), (0, "0 (0%)"), (1, "1 (0.3%)"), (180, "180 (50%)")]
)
def test_all_but_one_is_not_called_all(first: int, told: str) -> None:
    many = replace(SAMPLE, tried=360, first=first, in_three=first)
    assert told in in_words(many)[0]


@pytest.mark.parametrize(
    ("trial", "worth"),
    [
        (replace(SAMPLE, compared=30, named_by_one=11, named_by_more=19), "11 would have been named rightly had one"),
        (SAMPLE, "Here 19 of 23 photos were named when tried against the child’s other photo."),
        (replace(SAMPLE, tried=0), "15 more of 100"),
        (None, "15 more of 100"),
    ],
)
def test_pupils_with_one_photo_and_none_of_this_year_are_counted_and_told_what_a_second_is_worth(
    trial: Trial | None, worth: str
) -> None:
    registers = declared([pupil("P1"), pupil("P2"), pupil("P3")])
    newest = {"P1": TODAY, "P2": date(TODAY.year - 2, 1, 1), "P3": TODAY, "staff 1": date(2020, 1, 1)}
    photos = {"P1": 1, "P2": 2, "P3": 1, "staff 1": 1}
    enrolled = Enrolled(Gallery.from_templates([]), photos, (), {}, (), frozenset(), frozenset(), newest=newest)
    one, old = portraits_in_words(enrolled, registers, trial)
    assert one.startswith("2 of 3 pupils have one photo. ") and worth in one
    assert old.startswith("1 of 3 pupils has no photo younger than a year")
    nobody = replace(enrolled, photos={"P1": 2}, newest={"P1": TODAY})
    assert list(portraits_in_words(nobody, registers, trial)) == []
