"""Photos of one post answered together: who is in several is one person, a picture that moves is several frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from auditbot.examine.faces.faces import FaceWithVector, Quality
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.matching import PhotoContext, link, match_faces, match_together
from auditbot.examine.faces.templates import Template
from auditbot.examine.photo import ExaminedPhoto, examine_photo
from auditbot.model import Box, Face
from auditbot.settings import Examine, Faces, School, Settings
from tests.unit.examine.made_up_faces import enrolled, faces_in, picture
from tests.unit.examine.test_matching import GROUP, drawn, face, people, shown

STRANGER = np.random.default_rng(77).normal(size=192)
STRANGER /= np.linalg.norm(STRANGER)

ALLOWED = Faces(dpia_reference="DPIA 1", dpia_officer="A. Officer", dpia_date=date(2026, 9, 1))


def photo(sha256: str, *faces: FaceWithVector, panels: tuple[Box, ...] = ()) -> ExaminedPhoto:
    return ExaminedPhoto(sha256, 800, 600, faces, (), panels)


def view(person: np.ndarray, seed: int, share: float = 0.55, quality: Quality | None = None) -> FaceWithVector:
    """One view of a person: that share of them, and the rest by chance."""
    noise = np.random.default_rng(seed).normal(size=192) / np.sqrt(192)
    vector = share * person + (1 - share) * noise
    made = face(x=seed)
    return replace(made, vector=(vector / np.linalg.norm(vector)).astype(np.float32), quality=quality or made.quality)


@cache
def portraits() -> Gallery:
    """The sixty people of ``drawn``, enrolled from one unlike view each, as real portraits are."""
    return Gallery.from_templates(
        Template(
            f"P{n:03}", f"photo {n}", date(2026, 9, 1), None, "enrolled", "drawn 1", view(row, 900 + n, 0.3).vector
        )
        for n, row in enumerate(people())
    )


def answers(*photos: ExaminedPhoto, contexts: Mapping[str, PhotoContext] | None = None) -> list[tuple[Face, ...]]:
    return match_together(photos, drawn(), contexts or {})


def test_children_in_several_photos_are_known_better_than_in_one() -> None:
    alone, together = 0, 0
    for person in range(20):
        photos = [photo(str(n), view(people()[person], 50 * person + n, 0.45), face(x=300 + n)) for n in range(4)]
        apart = [match_faces(one.faces, portraits()) for one in photos]
        joined = match_together(photos, portraits(), {})
        alone += sum(shown(faces[0])[0] == "named" for faces in apart)
        names = {shown(face)[1][0] for faces in joined for face in faces if face.outcome == "named"}
        assert names <= {f"P{person:03}"}
        together += sum(shown(faces[0])[0] == "named" for faces in joined)
    assert together > 1.2 * alone


def test_faces_of_one_photo_are_never_taken_for_one_person() -> None:
    twins = [view(STRANGER, 1, 0.8), view(STRANGER, 2, 0.8)]
    assert link([twins], drawn()) == [twins]
    linked = link([twins, [view(STRANGER, 3, 0.8)]], drawn())
    same = [np.array_equal(one.vector, linked[1][0].vector) for one in linked[0]]
    assert sorted(same) == [False, True]


def test_strangers_to_each_other_stay_apart() -> None:
    photos = [[face(x=10 * number + place) for place in range(5)] for number in range(4)]
    assert link(photos, drawn()) == photos


def test_an_unclear_face_is_linked_with_nobody() -> None:
    small = view(STRANGER, 1, 0.9, Quality(10, 20, 5, 0))
    clear = view(STRANGER, 2, 0.9)
    assert link([[small], [clear]], drawn()) == [[small], [clear]]


def test_too_small_a_school_links_nothing() -> None:
    one, other = view(STRANGER, 1, 0.9), view(STRANGER, 2, 0.9)
    assert link([[one], [other]], Gallery.from_templates([])) == [[one], [other]]


def test_a_child_is_answered_in_every_frame_of_a_picture_that_moves() -> None:
    frames: tuple[Box, ...] = ((0.0, 0.0, 800.0, 300.0), (0.0, 300.0, 800.0, 300.0))
    upper = replace(view(people()[3], 1, 0.8), box=(10.0, 20.0, 80.0, 80.0))
    lower = replace(view(people()[3], 2, 0.6), box=(10.0, 320.0, 80.0, 80.0))
    ((first, second),) = answers(photo("moving", upper, lower, panels=frames))
    assert (shown(first)[0], shown(second)[0]) == ("named", "named")
    assert (first.candidates[0].pupil_id, second.candidates[0].pupil_id) == ("P003", "P003")
    assert (first.box, second.box) == (upper.box, lower.box)
    ((_, still),) = answers(photo("still", upper, lower))
    assert shown(still)[0] != "named"


def test_each_photo_has_its_own_context_and_answers_keep_their_order() -> None:
    clear = [view(people()[number], 40 + number, 0.8) for number in range(6)]
    first, second = answers(
        photo("a", *clear[:3]),
        photo("b", *clear[3:]),
        contexts={"a": PhotoContext(absent=frozenset({"P001", "P004"}))},
    )
    assert [ids[0] if outcome == "named" else "" for outcome, ids in map(shown, first)] == ["P000", "", "P002"]
    assert [shown(one)[1][0] for one in second] == ["P003", "P004", "P005"]


# --- siblings -------------------------------------------------------------------------------------------------------

FAMILY = {"P003": frozenset({"P009"}), "P009": frozenset({"P003"})}


def test_a_sibling_who_is_nearly_as_like_is_shown_too() -> None:
    seen = face(P003=0.22, P009=0.16)
    assert shown(match_faces([seen], drawn())[0]) == ("named", ["P003"])
    assert shown(match_faces([seen], drawn(), siblings=FAMILY)[0]) == ("named", ["P003", "P009"])


@pytest.mark.parametrize("seen", [face(P003=0.8), face(P030=0.22, P009=0.16)], ids=["unlike", "no sibling"])
def test_a_sibling_who_is_not_like_and_who_is_none_is_not_shown(seen: FaceWithVector) -> None:
    assert match_faces([seen], drawn(), siblings=FAMILY) == match_faces([seen], drawn())


def test_a_sibling_named_beside_them_is_not_in_question() -> None:
    one, other = match_faces([face(x=1, P003=0.22, P009=0.16), face(x=2, P009=0.9)], drawn(), siblings=FAMILY)
    assert (shown(one), shown(other)) == (("named", ["P003"]), ("named", ["P009"]))


def test_a_sibling_who_is_not_enrolled_changes_nothing() -> None:
    seen = face(P003=0.22, P009=0.16)
    assert match_faces([seen], drawn(), siblings={"P003": frozenset({"P777"}), "P777": frozenset({"P003"})}) == (
        match_faces([seen], drawn())
    )


# --- made-up children ------------------------------------------------------------------------------------------------


def test_a_post_of_single_and_group_photos_names_made_up_children_where_they_stand() -> None:
    gallery = Gallery.from_templates(enrolled())
    children = ("C002", "C004", "C013")
    photos = [photo(name, *faces_in(f"{name}/candid_2.jpg")[:1]) for name in children]
    photos.append(photo("group", *faces_in("groups/group_03.jpg")))
    *single, group = match_together(photos, gallery, {})
    for name, (one,) in zip(children, single, strict=True):
        assert one.candidates[0].pupil_id == name
    standing = {face["id"]: face["box"] for face in GROUP["faces"]}
    named = {one.candidates[0].pupil_id: one.box for one in group if one.outcome == "named"}
    assert set(named) & set(children)
    for name, box in named.items():
        assert box[:2] == pytest.approx(standing[name][:2], abs=20), name


def test_a_made_up_child_in_two_frames_of_a_real_animation(tmp_path: Path) -> None:
    size = (640, 640)
    frames = [Image.fromarray(picture(f"C013/{name}.jpg")).resize(size) for name in ("candid_2", "portrait_1")]
    frames[0].save(tmp_path / "moving.webp", save_all=True, append_images=frames[1:], duration=500, quality=95)
    examined = examine_photo(
        tmp_path / "moving.webp", Settings(School("Larkmere"), faces=ALLOWED, examine=Examine(read_words=False))
    )
    assert len(examined.panels) == 2
    (faces,) = match_together([examined], Gallery.from_templates(enrolled()), {})
    named = [one for one in faces if one.outcome == "named"]
    assert [one.candidates[0].pupil_id for one in named] == ["C013", "C013"]
    assert sorted(one.box[1] // size[1] for one in named) == [0, 1]
