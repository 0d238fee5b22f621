"""From posts and facts to graded photos, and from those to five numbers, months and where to begin."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.examine.workers import ExamineWorkers
from auditbot.exposure.exposed import ExposedPhoto, Naming, Reach, Trait, exposed_photos
from auditbot.exposure.grades import MEASURED, ORDER, Grade, grade_of, worst
from auditbot.exposure.image_sitemaps import as_compared
from auditbot.exposure.photo_phrases import TRAIT_NAMES, todo
from auditbot.exposure.safer import safer_copies
from auditbot.exposure.summary import summed
from auditbot.model import Face, PhotoFacts, PhotoMetadata, PhotoUse, Post
from auditbot.model.examined import Cover
from auditbot.settings import School, Settings

CLEAR, SEEN, HARD, NOT = 30.0, 16.0, 10.0, 5.0


def face(detail: float, turn: float = 0.0, cover: Cover = "") -> Face:
    return Face((10.0, 10.0, 60.0, 70.0), 0.9, "nobody", detail=detail, turn=turn, cover=cover)


def facts(sha256: str, *faces: Face, **more: Any) -> PhotoFacts:
    return replace(PhotoFacts(sha256, 1200, 800, faces, ()), **more)


def post(number: int, *uses: PhotoUse, month: int = 6, text: str = "", title: str = "A day") -> Post:
    return Post(
        "website", f"https://school.example/news/{number}/", title, text,
        published_at=datetime(2026, month, 1 + number % 28, tzinfo=UTC), photos=uses,
    )  # fmt: skip


def only(one: Post, photo: PhotoFacts, reach: Reach | None = None) -> ExposedPhoto:
    (exposed,) = exposed_photos([one], {photo.sha256: photo}, reach)
    return exposed


def use(sha256: str = "a", caption: str = "", behind: bool = False) -> PhotoUse:
    return PhotoUse(f"https://school.example/media/{sha256}.jpg", sha256, caption=caption, is_behind=behind)


@pytest.mark.parametrize(
    ("detail", "turn", "grade"),
    [
        (22.0, 0, Grade.CLOSE_AND_CLEAR),
        (21.9, 0, Grade.RECOGNISABLE),
        (14.0, 0, Grade.RECOGNISABLE),
        (13.9, 0, Grade.HARD_TO_RECOGNISE),
        (9.0, 0, Grade.HARD_TO_RECOGNISE),
        (8.9, 0, Grade.NOT_RECOGNISABLE),
        (0.0, 0, Grade.NOT_RECOGNISABLE),
        (40.0, 41, Grade.RECOGNISABLE),
        (40.0, 40, Grade.CLOSE_AND_CLEAR),
        (5.0, 80, Grade.NOT_RECOGNISABLE),
    ],
)
def test_grades(detail: float, turn: float, grade: Grade) -> None:
    assert grade_of(detail, turn) is grade


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 90))
def test_more_detail_is_never_less_recognisable(one: float, other: float, turn: float) -> None:
    less, more = sorted((one, other))
    assert ORDER.index(grade_of(more, turn)) <= ORDER.index(grade_of(less, turn))
    rates = [MEASURED[grade].found_again for grade in ORDER]
    assert rates == sorted(rates, reverse=True)
    assert worst([]) is None


@pytest.mark.parametrize(
    ("certainty", "cover", "grade"),
    [
        (0.88, "", Grade.CLOSE_AND_CLEAR),
        (0.84, "", Grade.RECOGNISABLE),
        (0.74, "", Grade.HARD_TO_RECOGNISE),
        (0.61, "eye_bar", Grade.CLOSE_AND_CLEAR),
    ],
)
def test_what_may_be_no_face_counts_lower_but_not_what_was_meant_to_be_hidden(
    certainty: float, cover: Cover, grade: Grade
) -> None:
    seen = replace(face(CLEAR, cover=cover), confidence=certainty)
    assert only(post(1, use()), facts("a", seen)).grade is grade


@pytest.mark.parametrize(
    ("faces", "caption", "text", "naming"),
    [
        ((CLEAR,), "Zayn’s rocket", "", Naming.SINGLE),
        ((CLEAR, NOT), "Zayn’s rocket", "", Naming.SINGLE),
        ((CLEAR, CLEAR), "Zayn and Mr Hollis", "", Naming.SINGLE),
        ((CLEAR,), "A rocket", "Zayn built it.", Naming.SINGLE_BY_TEXT),
        ((CLEAR, SEEN), "Mia & Arlo", "", Naming.IN_ORDER),
        ((CLEAR, SEEN, SEEN), "Mia & Arlo", "", Naming.SOME),
        ((CLEAR, SEEN), "A rocket", "Zayn built it.", Naming.BY_TEXT),
        ((HARD, NOT), "Mia & Arlo", "", Naming.NONE),
        ((CLEAR,), "Mr Hollis", "", Naming.NONE),
        ((), "Zayn’s rocket", "", Naming.NONE),
        ((CLEAR,), "A rocket", "", Naming.NONE),
    ],
)
def test_how_names_go_with_faces(faces: tuple[float, ...], caption: str, text: str, naming: Naming) -> None:
    photo = facts("a", *map(face, faces))
    assert only(post(1, use(caption=caption), text=text), photo).naming is naming


def test_what_else_makes_a_photo_worse() -> None:
    given_away = PhotoMetadata(has_position=True, has_time=True, has_device=True)
    photo = facts("a", face(CLEAR, cover="eye_bar"), metadata=given_away)
    reach = Reach(frozenset({"https://school.example/news/1/"}), frozenset({"https://school.example/media/"}))
    reach = replace(reach, offered=frozenset({as_compared(use().url)}))
    assert only(post(1, use(behind=True)), photo, reach).traits == set(Trait)
    assert only(post(1, use()), facts("a", face(CLEAR))).traits == set()


@pytest.mark.parametrize(
    ("second", "named"),
    [
        (use("zylowen-with-a-kite"), True),
        (use("ZylowenKite"), True),
        (use("b", "At the pond, Zylowen and a net"), True),
        (use("b", "a zylowen"), False),
        (use("b", "A pond"), False),
    ],
)
def test_a_name_found_beside_one_photo_is_looked_for_beside_the_others(second: PhotoUse, named: bool) -> None:
    photos = (use("first", "Here is Zylowen with a lamb"), second)
    known = {str(one.sha256): facts(str(one.sha256), face(CLEAR)) for one in photos}
    found = {photo.sha256: photo.naming for photo in exposed_photos([post(1, *photos)], known)}
    assert found == {"first": Naming.SINGLE, second.sha256: Naming.SINGLE if named else Naming.NONE}


def test_a_single_named_child_comes_first_however_many_faces_others_hold() -> None:
    group = facts("group", *[face(CLEAR)] * 17)
    alone = facts("alone", face(SEEN))
    posts = [post(1, use("group")), post(2, use("alone", "Zayn’s rocket"))]
    found = exposed_photos(posts, {"group": group, "alone": alone})
    assert [photo.sha256 for photo in found] == ["alone", "group"]


def test_a_full_name_comes_before_a_forename() -> None:
    posts = [post(1, use("a", "Zayn’s rocket")), post(2, use("b", "Priya Nair’s rocket"))]
    found = exposed_photos(posts, {"a": facts("a", face(CLEAR)), "b": facts("b", face(CLEAR))})
    assert [photo.sha256 for photo in found] == ["b", "a"]


def test_the_fewest_posts_that_hold_half_of_the_exposure() -> None:
    posts = [post(n, use(str(n))) for n in range(10)]
    photos = {str(n): facts(str(n), *[face(CLEAR)] * (9 if n == 3 else 1)) for n in range(10)}
    exposure = summed(exposed_photos(posts, photos), 12)
    assert exposure.posts[0].url.endswith("/3/")
    assert exposure.posts_for(0.5) == 1
    assert exposure.posts_for(0.9) == 9
    assert exposure.curve()[-1] == pytest.approx(1.0)
    assert exposure.faces[Grade.CLOSE_AND_CLEAR] == 18


def test_months_are_kept_where_nothing_was_posted() -> None:
    posts = [post(1, use("a"), month=3), post(2, use("b"), month=6)]
    exposure = summed(exposed_photos(posts, {"a": facts("a", face(CLEAR)), "b": facts("b")}), 2)
    months = exposure.months()
    assert [(month.month, sum(month.posts.values())) for month in months] == [(3, 1), (4, 0), (5, 0), (6, 1)]
    assert months[0].posts[Grade.CLOSE_AND_CLEAR] == 1
    assert months[3].posts[None] == 1


def test_nothing_exposed_asks_for_nothing() -> None:
    exposure = summed(exposed_photos([post(1, use("a"))], {"a": facts("a")}), 1)
    assert (exposure.posts_for(0.5), exposure.total, exposure.first, exposure.curve()) == (0, 0, (), (0.0,))


@given(st.lists(st.lists(st.sampled_from([CLEAR, SEEN, HARD, NOT]), max_size=5), min_size=1, max_size=12))
def test_the_curve_rises_and_the_first_post_holds_most(shown: list[list[float]]) -> None:
    posts = [post(n, use(str(n))) for n in range(len(shown))]
    photos = {str(n): facts(str(n), *map(face, details)) for n, details in enumerate(shown)}
    exposure = summed(exposed_photos(posts, photos), len(posts))
    curve = exposure.curve()
    assert list(curve) == sorted(curve)
    steps = [after - before for before, after in itertools.pairwise(curve)]
    assert all(one >= other - 1e-9 for one, other in itertools.pairwise(steps))
    assert sum(exposure.faces.values()) == sum(map(len, shown))


@pytest.mark.parametrize("detail", [CLEAR, NOT])
def test_a_face_meant_to_be_hidden_has_a_safer_copy_however_little_is_to_be_seen(tmp_path: Path, detail: float) -> None:
    shown = only(post(1, use()), facts("a", face(detail, cover="mosaic")))
    assert "hides nobody for certain" in todo(shown) and "still recognisable" not in str(TRAIT_NAMES[Trait.NOT_HIDDEN])
    with ExamineWorkers(Settings(School("Larkmere"))) as workers:
        made = safer_copies([shown], {}, tmp_path, workers, names=frozenset(), max_megapixels=1.0)
    assert [copy.photo for copy in made] == [shown]
