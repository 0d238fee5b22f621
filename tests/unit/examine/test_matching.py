"""What the gallery answers for the faces of a photo."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import numpy as np
import pytest

from auditbot.examine.faces.faces import SIZES, FaceWithVector, Quality
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.matching import match_faces
from auditbot.examine.faces.templates import Template
from auditbot.model import Face
from tests.unit.examine.made_up_faces import FACES, PUPILS, STRANGERS, enrolled, faces_in

GROUP = next(g for g in json.loads((FACES / "groups" / "truth.json").read_text()) if g["file"] == "group_03.jpg")
CLEAR = Quality(size=80, sharpness=20, turn=5, tilt=0)


@cache
def made_up() -> Gallery:
    return Gallery.from_templates(enrolled())


@cache
def people() -> np.ndarray:
    rng = np.random.default_rng(11)
    rows = rng.normal(size=(60, 192))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@cache
def drawn() -> Gallery:
    """Sixty pupils P000 to P059 without faces: vectors drawn by chance, so that likeness can be set exactly."""
    return Gallery.from_templates(
        Template(f"P{n:03}", f"photo {n}", date(2026, 9, 1), None, "enrolled", "drawn 1", row.astype(np.float32))
        for n, row in enumerate(people())
    )


def face(*, x: float = 0, quality: Quality = CLEAR, **likeness: float) -> FaceWithVector:
    """A face that resembles the pupils given, for example ``P003=0.8``, and is otherwise nobody's."""
    vector = np.random.default_rng(int(x) + 500).normal(size=192) / np.sqrt(192)
    vector *= 1 - sum(likeness.values())
    for pupil_id, share in likeness.items():
        vector = vector + share * people()[int(pupil_id[1:])]
    unit = (vector / np.linalg.norm(vector)).astype(np.float32)
    return FaceWithVector((x, 0.0, quality.size, quality.size), 0.9, quality, unit)


def shown(answer: Face) -> tuple[str, list[str]]:
    return answer.outcome, [candidate.pupil_id for candidate in answer.candidates]


def test_a_clear_likeness_is_named_and_a_stranger_is_nobody() -> None:
    named, nobody = match_faces([face(P003=0.8), face(x=9)], drawn())
    assert shown(named) == ("named", ["P003"])
    assert nobody.outcome in ("nobody", "possible")
    assert named.candidates[0].score > drawn().named_above


def test_a_faint_likeness_is_possible_with_the_likeliest_first() -> None:
    (answer,) = match_faces([face(P003=0.16, P009=0.15)], drawn())
    assert answer.outcome == "possible"
    assert {candidate.pupil_id for candidate in answer.candidates} >= {"P003", "P009"}
    assert len(answer.candidates) <= 3
    scores = [candidate.score for candidate in answer.candidates]
    assert scores == sorted(scores, reverse=True)


def test_two_close_candidates_are_both_shown() -> None:
    (answer,) = match_faces([face(P003=0.5, P009=0.48)], drawn())
    assert shown(answer) == ("named", ["P003", "P009"])


def test_a_pupil_is_named_once_in_a_photo_for_the_face_most_alike() -> None:
    better, worse = match_faces([face(x=1, P003=0.8), face(x=2, P003=0.55)], drawn())
    assert shown(better) == ("named", ["P003"])
    assert worse.outcome == "possible"
    swapped = match_faces([face(x=2, P003=0.55), face(x=1, P003=0.8)], drawn())
    assert [shown(answer) for answer in swapped] == [shown(worse), shown(better)]


def test_a_faint_likeness_to_a_pupil_named_elsewhere_does_not_count() -> None:
    _, other = match_faces([face(x=1, P003=0.8), face(x=2, P003=0.16)], drawn())
    assert "P003" not in shown(other)[1]


def test_a_face_like_two_twins_is_left_to_a_person_and_shows_both() -> None:
    rows = people().copy()
    rows[9] = 0.75 * rows[3] + 0.4 * rows[9]
    rows[9] /= np.linalg.norm(rows[9])
    gallery = Gallery.from_templates(
        Template(f"P{n:03}", f"photo {n}", date(2026, 9, 1), None, "enrolled", "drawn 1", row.astype(np.float32))
        for n, row in enumerate(rows)
    )
    assert [pair.pupil_ids for pair in gallery.pairs] == [("P003", "P009")]
    (either,) = match_faces([face(P003=0.5)], gallery)
    assert either.outcome == "possible"
    assert {candidate.pupil_id for candidate in either.candidates[:2]} == {"P003", "P009"}
    (sure,) = match_faces([face(P003=0.95)], gallery)
    assert sure.outcome == "named"
    assert sure.candidates[0].pupil_id == "P003"


def test_pupils_who_were_not_on_roll_are_not_considered() -> None:
    (answer,) = match_faces([face(P003=0.8)], drawn(), absent={"P003"})
    assert "P003" not in shown(answer)[1]


def test_the_class_named_in_the_post_tips_the_balance_and_is_no_filter() -> None:
    # Just below the bar for sixty pupils, well above the bar for ten.
    shares = [
        share
        for share in np.arange(0.1, 0.4, 0.005)
        if match_faces([face(P003=share)], drawn())[0].outcome == "possible"
    ]
    borderline = face(P003=max(shares))
    tens = frozenset(f"P{n:03}" for n in range(10))
    assert shown(match_faces([borderline], drawn(), likely=tens)[0]) == ("named", ["P003"])
    assert (
        match_faces([borderline], drawn(), likely=frozenset(f"P{n:03}" for n in range(20, 30)))[0].outcome == "possible"
    )
    assert shown(match_faces([face(P045=0.8)], drawn(), likely=tens)[0]) == ("named", ["P045"])


@pytest.mark.parametrize(
    "quality",
    [Quality(SIZES.compared - 1, 20, 5, 0), Quality(80, 20, 85, 0)],
    ids=["small", "from the side"],
)
def test_a_face_that_cannot_be_told_is_said_to_be_so(quality: Quality) -> None:
    (answer,) = match_faces([face(quality=quality, P003=0.9)], drawn())
    assert shown(answer) == ("too_small", [])


def test_an_unclear_face_takes_no_name_from_a_clear_one() -> None:
    unclear = face(x=1, quality=Quality(10, 20, 5, 0), P003=0.9)
    assert shown(match_faces([unclear, face(x=2, P003=0.7)], drawn())[1]) == ("named", ["P003"])


def test_no_face_no_answer_and_no_pupil_nobody() -> None:
    assert match_faces([], drawn()) == ()
    assert shown(match_faces([face()], Gallery.from_templates([]))[0]) == ("nobody", [])


def test_the_same_faces_always_get_the_same_answers() -> None:
    faces = [face(x=n, quality=CLEAR, **{f"P{n:03}": 0.4}) for n in range(20)]
    assert match_faces(faces, drawn()) == match_faces(
        faces, Gallery.from_templates(reversed(list(templates_of(drawn()))))
    )


def templates_of(gallery: Gallery) -> list[Template]:
    return [
        Template(name, f"photo {n}", date(2026, 9, 1), None, "enrolled", "drawn 1", people()[n].astype(np.float32))
        for n, name in enumerate(gallery.pupil_ids)
    ]


def test_made_up_children_are_recognised_in_other_photos() -> None:
    answers = [match_faces(faces_in(f"{pupil_id}/candid_2.jpg")[:1], made_up())[0] for pupil_id in PUPILS]
    first = [shown(answer)[1][:1] == [pupil_id] for pupil_id, answer in zip(PUPILS, answers, strict=True)]
    assert sum(first) >= 17
    named = [pair for pair in zip(PUPILS, answers, strict=True) if pair[1].outcome == "named"]
    assert len(named) >= 12
    assert all(answer.candidates[0].pupil_id == pupil_id for pupil_id, answer in named)


def test_made_up_strangers_are_hardly_ever_named() -> None:
    """As they come in posts: other light, other look. Portraits of one studio resemble each other more."""
    outcomes = [match_faces(faces_in(f"{name}/candid_2.jpg"), made_up())[0].outcome for name in STRANGERS]
    assert outcomes.count("named") <= 1
    assert outcomes.count("nobody") >= 5


def test_names_are_evidence_above_one_bar_and_the_likeliest_are_kept_above_a_lower_one() -> None:
    outcomes: dict[str, list[Face]] = {"nobody": [], "possible": [], "named": []}
    for number in range(60):
        (answer,) = match_faces([face(x=number, P003=0.004 * number)], drawn())
        outcomes[answer.outcome].append(answer)
    assert all(outcomes.values())
    kept = [answer for answer in outcomes["nobody"] if answer.candidates]
    assert kept and all(answer.evidence == () for answer in kept)
    assert all(answer.evidence == answer.candidates != () for answer in outcomes["possible"])
    bars = drawn()
    assert bars.threshold(bars.listed_rate) < bars.shown_above < bars.named_above


def test_a_group_photo_names_pupils_where_they_stand() -> None:
    answers = match_faces(faces_in("groups/group_03.jpg"), made_up())
    assert len(answers) == 10
    standing = {face["id"]: face["box"] for face in GROUP["faces"]}
    named = {shown(answer)[1][0]: answer.box for answer in answers if answer.outcome == "named"}
    assert named
    for pupil_id, box in named.items():
        assert box[:2] == pytest.approx(standing[pupil_id][:2], abs=20), pupil_id
    possible = [shown(answer)[1] for answer in answers if answer.outcome == "possible"]
    assert all(1 <= len(candidates) <= 3 for candidates in possible)
