"""C11: which findings a photo gives, by what the gallery says of each face and what the register says of each pupil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from auditbot.check import c11_photos
from auditbot.model import (
    DocumentFacts,
    DocumentPicture,
    DocumentUse,
    Face,
    Finding,
    PhotoEvidence,
    PhotoFacts,
    PhotoUse,
    PostFacts,
)
from auditbot.registers.declared import Declared
from tests.unit.check.school import URL, dated, declared, face, facts, photo, post, pupil

A, B = "a" * 64, "b" * 64
YES, NO, NEVER, GONE, RAN_OUT, LATER = "YES", "NO", "NEVER", "GONE", "RAN", "LATER"
SCHOOL = declared(
    [
        pupil(YES, "website=yes given=2025-09-01"),
        pupil("YES2", "website=yes given=2025-09-01"),
        pupil(NO, "website=no given=2025-09-01"),
        pupil(NEVER, "website=yes given=2025-09-01 never=yes"),
        pupil(GONE, "website=yes given=2025-09-01 withdrawn=2026-07-01"),
        pupil(RAN_OUT, "website=yes given=2025-09-01 expires=2026-08-31"),
        pupil(LATER, "website=yes"),
    ],
    history=dated(LATER, "website", "2025-09-01 no, 2026-07-01 yes"),
)


def check(known: PostFacts, school: Declared = SCHOOL) -> list[Finding]:
    found = list(c11_photos.check(known, school))
    assert len({finding.id for finding in found}) == len(found), "every finding of a post has its own identity"
    return found


def of_photo(*faces: Face) -> list[Finding]:
    return check(facts(post(A), photo(A, *faces)))


def brief(found: Sequence[Finding]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(finding.kind, finding.severity, finding.band, finding.pupil_ids) for finding in found]


UNKNOWN = ("unknown_faces", "week", "review", ())
ONE_FACE = [
    # what the gallery says of the one face     what follows
    (face("named", YES), []),
    (face("named", NO), [("no_permission", "today", "breach", (NO,))]),
    (face("named", NEVER), [("never_publish", "today", "breach", (NEVER,))]),
    (face("named", GONE), [("withdrawn_since", "today", "breach", (GONE,))]),
    (face("named", RAN_OUT), [("lapsed_since", "week", "review", (RAN_OUT,))]),
    (face("named", LATER), [("given_later", "governance", "review", (LATER,))]),
    (face("named", "staff-A001"), []),
    # two who look alike: the stricter answer counts, whoever is likelier
    (face("named", YES, NO), [("no_permission", "today", "breach", (NO,))]),
    (face("named", NO, YES), [("no_permission", "today", "breach", (NO,))]),
    (face("named", YES, "YES2"), []),
    (face("named", RAN_OUT, GONE), [("withdrawn_since", "today", "breach", (GONE, RAN_OUT))]),
    (face("named", GONE, NO, NEVER), [("never_publish", "today", "breach", (GONE, NEVER, NO))]),
    (face("named", "staff-A001", NO), [("no_permission", "today", "breach", (NO,))]),
    (face("named", LATER, RAN_OUT), [("lapsed_since", "week", "review", (LATER, RAN_OUT))]),
    # nobody is sure: a person looks
    (face("possible", YES), [UNKNOWN]),
    (face("possible", NO), [("possible_no_permission", "today", "review", (NO,))]),
    (face("possible", YES, NO), [("possible_no_permission", "today", "review", (NO,))]),
    (face("possible", YES, NEVER), [("possible_never_publish", "today", "review", (NEVER,))]),
    (face("possible", RAN_OUT), [("possible_no_permission", "week", "review", (RAN_OUT,))]),
    (face("possible", RAN_OUT, GONE), [("possible_no_permission", "today", "review", (GONE, RAN_OUT))]),
    (face("possible", LATER), [UNKNOWN]),
    (face("possible", "staff-A001"), [UNKNOWN]),
    # a pupil who stood in the register when the photo was examined, and stands there no longer
    (face("named", "P999"), [UNKNOWN]),
    (face("named"), [UNKNOWN]),
    (face("named", "P999", YES), [UNKNOWN]),
    (face("named", "staff-A001", "P999"), [UNKNOWN]),
    (face("named", "P999", NO), [("no_permission", "today", "breach", (NO,))]),
    (face("named", "P999", LATER), [("given_later", "governance", "review", (LATER,)), UNKNOWN]),
    (face("possible", "P999"), [UNKNOWN]),
    (face("possible", "P999", NO), [("possible_no_permission", "today", "review", (NO,))]),
    (replace(face("possible", YES), likely=True), []),
    (replace(face("possible", NO), likely=True), [("possible_no_permission", "today", "review", (NO,))]),
    (face("nobody"), [UNKNOWN]),
    (face("too_small"), [UNKNOWN]),
]


@pytest.mark.parametrize(("seen", "follows"), ONE_FACE)
def test_what_one_face_gives(seen: Face, follows: list[tuple[str, str, str, tuple[str, ...]]]) -> None:
    found = of_photo(seen)
    assert brief(found) == follows
    for finding in found:
        assert isinstance(finding.evidence, PhotoEvidence)
        assert finding.evidence.boxes == (seen.box,)
        assert finding.clause == "C11"
        assert 0 <= finding.score <= 1


def test_a_photo_without_faces_gives_nothing() -> None:
    assert of_photo() == []


def test_a_photo_that_would_not_decode_gives_nothing() -> None:
    assert check(facts(post(A), photo(A, not_examined="It is cut short."))) == []


@pytest.mark.parametrize(("seen", "follows"), ONE_FACE)
def test_a_face_counts_even_if_only_part_of_the_picture_was_looked_at(
    seen: Face, follows: list[tuple[str, str, str, tuple[str, ...]]]
) -> None:
    partly = photo(A, seen, not_examined="The picture moves: 8 of its 12 different frames were examined.")
    assert brief(check(facts(post(A), partly))) == follows


def test_a_group_gives_one_finding_per_pupil_and_one_review_for_all_that_nobody_can_name() -> None:
    faces = [
        face("named", YES, left=0),
        face("named", NO, left=50),
        face("named", NEVER, left=100),
        face("nobody", left=150),
        face("too_small", left=200),
        face("nobody", left=250),
        face("named", "staff-A001", left=300),
    ]
    found = of_photo(*faces)
    assert [finding.kind for finding in found] == ["no_permission", "never_publish", "unknown_faces"]
    refused, _, unknown = (finding.evidence for finding in found)
    assert isinstance(refused, PhotoEvidence) and isinstance(unknown, PhotoEvidence)
    assert refused.boxes == (faces[1].box,)
    assert refused.other_faces == tuple(one.box for one in faces if one is not faces[1])
    assert unknown.boxes == (faces[3].box, faces[4].box, faces[5].box)
    assert unknown.other_faces == tuple(faces[number].box for number in (0, 1, 2, 6))
    assert found[0].explanation == (
        f"The face in box 1 may be {{{NO}}}. No permission holds: today the answer is refused (1 September 2025). "
        "7 faces in the photo: 4 the program knows, 0 perhaps known, 3 it does not know."
    )
    assert found[2].explanation == (
        "3 faces the program does not know. Please look whether they show pupils without permission for the website: "
        "4 of 7 pupils of the school lack it. Faces of adults who are not enrolled count too. "
        "7 faces in the photo: 4 the program knows, 0 perhaps known, 3 it does not know."
    )


def test_the_class_named_in_the_post_says_among_whom_to_look() -> None:
    pupils = {
        one.pupil_id: replace(one, class_name="Robins" if one.pupil_id in (YES, NO, NEVER) else "Wrens", year_group="1")
        for one in SCHOOL.pupils.values()
    }
    school = replace(SCHOOL, pupils=pupils)
    (robins,) = check(facts(post(A, title="Robins at the farm", on="2026-10-01"), photo(A, face("nobody"))), school)
    assert (
        "2 of 3 pupils of the class or year group named in the post lack it; 4 of 7 pupils of the school lack it."
        in robins.explanation
    )
    (nobody,) = check(facts(post(A, title="Our class at the farm"), photo(A, face("nobody"))), school)
    assert "named in the post" not in nobody.explanation


def test_staff_and_permitted_pupils_are_counted_and_not_listed() -> None:
    (finding,) = of_photo(face("named", "staff-A001"), face("named", YES, left=50), face("named", NO, left=100))
    assert finding.pupil_ids == (NO,)
    assert "staff-A001" not in finding.explanation and "{YES}" not in finding.explanation
    assert finding.explanation.endswith(
        "3 faces in the photo: 3 the program knows, 0 perhaps known, 0 it does not know."
    )


def test_a_face_of_somebody_who_is_no_longer_in_the_register_counts_as_not_recognised() -> None:
    (finding,) = of_photo(face("named", "P999"), face("named", YES, left=50))
    assert "P999" not in finding.explanation
    assert finding.explanation.endswith(
        "2 faces in the photo: 1 the program knows, 0 perhaps known, 1 it does not know."
    )


def test_pupils_who_look_alike_are_both_shown_and_the_one_whose_answer_counts_is_said() -> None:
    (finding,) = of_photo(face("named", YES, NO))
    assert finding.explanation == (
        f"The face in box 1 may be {{{YES}}} or {{{NO}}}. The strictest answer counts, that of {{{NO}}}. "
        "No permission holds: today the answer is refused (1 September 2025)."
    )


def test_two_faces_of_pupils_who_look_alike_are_one_finding_with_two_boxes() -> None:
    faces = face("named", NO, NEVER, left=0), face("named", NEVER, NO, left=50)
    (finding,) = of_photo(*faces)
    assert isinstance(finding.evidence, PhotoEvidence)
    assert (finding.kind, finding.pupil_ids) == ("never_publish", (NEVER, NO))
    assert finding.evidence.boxes == (faces[0].box, faces[1].box)
    assert finding.evidence.other_faces == ()
    assert "box 2" in finding.explanation


def test_uncertain_faces_of_a_photo_are_one_review() -> None:
    faces = face("possible", YES, NO), face("possible", YES, left=50), face("possible", GONE, left=100)
    finding, unnamed = of_photo(*faces)
    assert isinstance(finding.evidence, PhotoEvidence)
    assert (finding.kind, finding.pupil_ids) == ("possible_no_permission", (GONE, NO))
    assert finding.evidence.boxes == (faces[0].box, faces[2].box)
    assert finding.explanation.startswith(f"The face in box 1 may be {{{NO}}}. The face in box 2 may be {{{GONE}}}.")
    # To resemble a permitted pupil is not to be one: a child who is not enrolled resembles somebody too.
    assert isinstance(unnamed.evidence, PhotoEvidence)
    assert (unnamed.kind, unnamed.pupil_ids, unnamed.evidence.boxes) == ("unknown_faces", (), (faces[1].box,))


def test_no_explanation_holds_a_name() -> None:
    for seen, _ in ONE_FACE:
        for finding in of_photo(seen, face("nobody", left=60)):
            assert "Maya" not in finding.explanation
            assert "Day" not in finding.explanation
            assert finding.explanation.endswith(".")


# --- where photos stand ---------------------------------------------------------------------------------------------


def test_a_picture_inside_a_document_is_looked_at_and_named_by_its_page() -> None:
    newsletter = DocumentUse(f"{URL}/n.pdf", "d" * 64, "Newsletter")
    inside = DocumentFacts("d" * 64, ("one", "two"), (DocumentPicture(2, B),))
    known = facts(replace(post(), documents=(newsletter,)), photo(B, face("named", NO)), documents=[inside])
    (finding,) = check(known)
    assert isinstance(finding.evidence, PhotoEvidence)
    assert (finding.evidence.photo_url, finding.evidence.sha256) == (f"{URL}/n.pdf#page=2", B)


def test_a_photo_shown_twice_in_one_post_gives_one_finding() -> None:
    twice = (PhotoUse(f"{URL}/1.jpg", A), PhotoUse(f"{URL}/1-copy.jpg", A))
    inside = DocumentFacts("d" * 64, (), (DocumentPicture(1, A),))
    one = replace(post(*twice), documents=(DocumentUse(f"{URL}/n.pdf", "d" * 64),))
    (finding,) = check(facts(one, photo(A, face("named", NO)), documents=[inside]))
    assert isinstance(finding.evidence, PhotoEvidence)
    assert finding.evidence.photo_url == f"{URL}/1.jpg"


def test_photos_not_examined_yet_or_not_to_be_had_give_no_finding() -> None:
    one = post(PhotoUse(f"{URL}/1.jpg", None), B)
    assert check(facts(replace(one, documents=(DocumentUse(f"{URL}/n.pdf", None),)))) == []


# --- identity -------------------------------------------------------------------------------------------------------

GROUP = (face("named", NO), face("possible", GONE, left=50), face("nobody", left=100))


def ids(known: PostFacts) -> list[str]:
    return [finding.id for finding in check(known)]


def test_the_same_facts_give_the_same_findings_in_the_same_order() -> None:
    known = facts(post(A, B), photo(A, *GROUP), photo(B, *GROUP))
    assert check(known) == check(known)
    assert len(ids(known)) == 6


SAME = [
    ("another photo before it", facts(post(B, A), photo(A, *GROUP), photo(B))),
    ("another face nobody can name", facts(post(A), photo(A, *GROUP, face("nobody", left=150)))),
    ("another named face", facts(post(A), photo(A, face("named", YES, left=150), *GROUP))),
    (
        "another candidate of an uncertain face",
        facts(post(A), photo(A, GROUP[0], face("possible", GONE, NO), GROUP[2])),
    ),
    ("another title and text", facts(post(A, title="Other", text="Other"), photo(A, *GROUP))),
    ("another day", facts(post(A, on=""), photo(A, *GROUP))),
]


@pytest.mark.parametrize(("what", "known"), SAME, ids=[what for what, _ in SAME])
def test_a_finding_stays_itself_while_what_is_around_it_changes(what: str, known: PostFacts) -> None:
    before = ids(facts(post(A), photo(A, *GROUP)))
    assert sorted(set(before) & set(ids(known))) == sorted(before)


OTHERS = [
    ("another photo", facts(post(B), photo(B, *GROUP))),
    ("another post", facts(post(A, url=f"{URL}-2"), photo(A, *GROUP))),
    ("another account", facts(replace(post(A), account="other"), photo(A, *GROUP))),
]


@pytest.mark.parametrize(("what", "known"), OTHERS, ids=[what for what, _ in OTHERS])
def test_another_photo_post_or_account_is_another_finding(what: str, known: PostFacts) -> None:
    school = replace(SCHOOL, accounts={**SCHOOL.accounts, "other": SCHOOL.accounts["website"]})
    assert not set(ids(facts(post(A), photo(A, *GROUP)))) & {finding.id for finding in check(known, school)}


def test_the_same_pupil_found_for_another_reason_is_another_finding() -> None:
    refused = declared([pupil("P001", "website=no given=2025-09-01")])
    withdrawn = declared([pupil("P001", "website=yes given=2025-09-01 withdrawn=2026-07-01")])
    known: PhotoFacts = photo(A, face("named", "P001"))
    first, second = check(facts(post(A), known), refused), check(facts(post(A), known), withdrawn)
    assert first[0].id != second[0].id
