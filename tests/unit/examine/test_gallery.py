"""A gallery sets its own thresholds, and they hold; a photo becomes a template or is refused with a reason."""

from __future__ import annotations

from datetime import date

import cv2
import numpy as np
import pytest

from auditbot.errors import GalleryMixed
from auditbot.examine.faces.enrol import Enrolment, EnrolmentRefusal, enrol_photo
from auditbot.examine.faces.faces import Pixels
from auditbot.examine.faces.gallery import FEWEST_TO_NAME, Gallery
from auditbot.examine.faces.templates import Template
from tests.unit.examine.made_up_faces import PUPILS, engine, enrolled, picture


def drawn(number: int, vector: np.ndarray, engine_id: str = "drawn 1", pupil_id: str = "") -> Template:
    unit = (vector / np.linalg.norm(vector)).astype(np.float32)
    name = pupil_id or f"P{number:04}"
    return Template(name, f"photo {number}", date(2026, 9, 1), None, "enrolled", engine_id, unit)


def alike(rng: np.random.Generator, count: int, shared: float, size: int = 192) -> np.ndarray:
    """People who all have ``shared`` of their look in common, spread unevenly over the dimensions."""
    spread = np.linspace(1.5, 0.5, size)
    own = rng.normal(size=(count, size)) * spread
    return own + shared * np.linspace(1, -1, size) * spread * 1.5


@pytest.mark.parametrize("shared", [0.0, 1.0, 3.0], ids=["unlike", "alike", "very alike"])
@pytest.mark.parametrize("count", [20, 120])
def test_strangers_are_named_at_about_the_stated_rate_however_alike_people_are(count: int, shared: float) -> None:
    rates = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        people = alike(rng, count + 4000, shared)
        gallery = Gallery.from_templates([drawn(n, vector) for n, vector in enumerate(people[:count])])
        strangers = people[count:] / np.linalg.norm(people[count:], axis=1, keepdims=True)
        rates.append(float((gallery.scores(strangers).max(axis=1) >= gallery.named_above).mean()))
    assert 0.003 < np.mean(rates) < 0.02


def test_a_lower_rate_asks_for_a_higher_score() -> None:
    usual = Gallery.from_templates(enrolled())
    strict = Gallery.from_templates(enrolled(), false_name_rate=0.001)
    assert usual.shown_above < usual.named_above < strict.named_above < 1
    assert usual.threshold(0.01, among=5) < usual.named_above


def test_too_few_pupils_name_nobody() -> None:
    few = Gallery.from_templates(enrolled()[: FEWEST_TO_NAME - 1])
    enough = Gallery.from_templates(enrolled()[:FEWEST_TO_NAME])
    assert few.named_above == float("inf")
    assert enough.named_above < 1
    own = np.stack([template.vector for template in enrolled()[: FEWEST_TO_NAME - 1]])
    assert (few.scores(own).argmax(axis=1) == np.arange(len(own))).all()


def test_an_empty_gallery_answers_nobody() -> None:
    empty = Gallery.from_templates([])
    assert empty.pupil_ids == ()
    assert empty.scores(np.zeros((3, 192), np.float32)).shape == (3, 0)


def test_the_version_tells_what_the_gallery_holds_and_not_in_which_order() -> None:
    version = Gallery.from_templates(enrolled()).version
    assert Gallery.from_templates(reversed(enrolled())).version == version
    assert Gallery.from_templates(enrolled()[1:]).version != version
    assert Gallery.from_templates(enrolled(), false_name_rate=0.02).version != version


def test_several_photos_of_a_pupil_count_as_one_pupil() -> None:
    again = Template("C001", "another", date(2026, 9, 1), None, "learned", enrolled()[0].engine, enrolled()[1].vector)
    gallery = Gallery.from_templates([*enrolled(), again])
    assert gallery.pupil_ids == PUPILS
    assert gallery.rows.shape[0] == len(PUPILS)


def test_templates_of_different_engines_are_not_mixed() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(GalleryMixed, match="drawn 1, drawn 2"):
        Gallery.from_templates([drawn(1, rng.normal(size=192)), drawn(2, rng.normal(size=192), "drawn 2")])


def test_pupils_who_resemble_each_other_are_listed() -> None:
    rng = np.random.default_rng(5)
    people = rng.normal(size=(40, 192))
    people[7] = people[3] + 0.5 * rng.normal(size=192)
    gallery = Gallery.from_templates([drawn(n, vector) for n, vector in enumerate(people)])
    assert gallery.pairs[0].pupil_ids == ("P0003", "P0007")
    assert len(gallery.pairs) < 5


def enrol(rgb: Pixels) -> Enrolment | EnrolmentRefusal:
    return enrol_photo(rgb, engine(), pupil_id="P1", photo_sha256="ab", enrolled_on=date(2026, 9, 1))


def test_a_portrait_is_enrolled_with_its_quality() -> None:
    result = enrol(picture("C001/portrait_1.jpg"))
    assert isinstance(result, Enrolment)
    assert (result.template.pupil_id, result.template.kind) == ("P1", "enrolled")
    assert result.quality.size > 100


def blurred() -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture("C001/portrait_1.jpg"), (0, 0), 9), np.uint8)


def small() -> Pixels:
    return np.asarray(cv2.resize(picture("C001/portrait_1.jpg"), (80, 96), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.mark.parametrize(
    ("rgb", "reason"),
    [
        (np.full((300, 300, 3), 200, np.uint8), "no_face"),
        (picture("groups/group_03.jpg"), "several_faces"),
        (np.hstack([picture("C001/portrait_1.jpg"), picture("C002/portrait_1.jpg")]), "several_faces"),
        (small(), "too_small"),
        (blurred(), "blurred"),
    ],
    ids=["empty", "group", "two", "small", "blurred"],
)
def test_any_other_photo_is_refused_with_its_reason(rgb: Pixels, reason: str) -> None:
    result = enrol(rgb)
    assert isinstance(result, EnrolmentRefusal)
    assert result.reason == reason
    assert result.explanation.endswith(".")
