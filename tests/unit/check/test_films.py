"""A film is one thing to decide: one finding for each pupil, for whom permission for video is needed too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditbot.check import c11_photos
from auditbot.check.c12_surnames import surname_check
from auditbot.check.films import once_per_film
from auditbot.check.permission import verdict
from auditbot.check.removal import file_of
from auditbot.check.texts import texts_of_post
from auditbot.model import (
    DocumentFacts,
    DocumentPicture,
    DocumentUse,
    Face,
    Finding,
    PhotoEvidence,
    PhotoUse,
    PostFacts,
    Words,
)
from auditbot.present.takedown import Ask, Secret
from auditbot.present.takedown import _of_photo as asked_for
from auditbot.present.wording import heading, moment_of_film, picture_text, where
from tests.unit.check.school import URL, declared, face, facts, photo, post, pupil

FILM = "f" * 64
GIVEN = "given=2025-09-01"
SCHOOL = declared(
    [
        pupil("BOTH", f"website=yes video=yes {GIVEN}"),
        pupil("PAGE", f"website=yes video=no {GIVEN}"),
        pupil("BLANK", f"website=yes {GIVEN}"),
        pupil("FILMED", f"website=no video=yes {GIVEN}"),
        pupil("NONE", f"website=no video=no {GIVEN}", name="Maya Wisniewska"),
        pupil("NEVER", f"website=yes video=yes never=yes {GIVEN}"),
    ]
)


def sha(number: int) -> str:
    return f"{number:064x}"


def film(*moments: tuple[int, tuple[Face, ...]], words: str = "") -> PostFacts:
    """Return a post with one film that shows these faces at these seconds, and perhaps words at each."""
    use = DocumentUse(f"{URL}/film.mp4", FILM, "Our film", "video")
    shown = [replace(photo(sha(at), *faces), words=_line(words)) for at, faces in moments]
    known = DocumentFacts(FILM, (), tuple(DocumentPicture(at, sha(at)) for at, _ in moments), seconds=75.0)
    return facts(replace(post(), documents=(use,)), *shown, documents=[known])


def _line(words: str) -> tuple[Words, ...]:
    return (Words(words, (1.0, 2.0, 30.0, 8.0), 0.9),) if words else ()


def told(known: PostFacts) -> list[Finding]:
    found = once_per_film(known, list(c11_photos.check(known, SCHOOL)))
    assert len({finding.id for finding in found}) == len(found)
    return found


def brief(found: list[Finding]) -> list[tuple[str, tuple[str, ...], str]]:
    return [
        (finding.kind, finding.pupil_ids, finding.evidence.photo_url.rpartition("#")[2])
        for finding in found
        if isinstance(finding.evidence, PhotoEvidence)
    ]


CONSENT = {
    "BOTH": ("", ""),
    "PAGE": ("no_permission", "for video"),
    "BLANK": ("no_permission", "for video"),
    "FILMED": ("no_permission", "No permission holds"),
    "NONE": ("no_permission", "No permission holds"),
    "NEVER": ("never_publish", ""),
}


@pytest.mark.parametrize("pupil_id", CONSENT)
def test_a_film_needs_permission_for_the_channel_and_for_video(pupil_id: str) -> None:
    kind, reason = CONSENT[pupil_id]
    found = verdict(post(), pupil_id, SCHOOL, of_film=True)
    assert (found.kind if found else "") == kind
    assert found is None or reason in found.reason


def test_a_photo_does_not_need_permission_for_video() -> None:
    assert verdict(post(), "PAGE", SCHOOL) is None


def test_on_a_video_channel_permission_for_video_alone_is_needed() -> None:
    school = replace(SCHOOL, accounts=declared(channel="video").accounts)
    assert verdict(post(), "FILMED", school, of_film=True) is None


def test_the_poster_of_a_film_counts_as_the_film() -> None:
    poster = PhotoUse(f"{URL}/poster.jpg", sha(1), found_in="video")
    assert brief(told(facts(post(poster), photo(sha(1), face("named", "PAGE"))))) == [
        ("no_permission", ("PAGE",), f"{URL}/poster.jpg")
    ]
    assert told(facts(post(replace(poster, found_in="post")), photo(sha(1), face("named", "PAGE")))) == []


def test_a_pupil_at_many_moments_is_one_finding_at_the_best_of_them() -> None:
    surer = face("named", "PAGE")
    surer = replace(surer, candidates=(replace(surer.candidates[0], score=0.95),))
    weak = (face("named", "PAGE"),)
    found = told(film((3, weak), (42, (surer, face("named", "BOTH", left=90))), (61, weak)))
    assert brief(found) == [("no_permission", ("PAGE",), "t=42")]
    assert found[0].explanation.startswith("At 0:42 of the film, also at 0:03 and 1:01.")
    assert "3 moments of its 1:15 minutes were looked at." in found[0].explanation


def test_the_finding_stays_the_same_when_another_moment_shows_it_best() -> None:
    one = told(film((3, (face("named", "PAGE"),))))
    other = told(film((3, ()), (8, (face("named", "PAGE"),))))
    assert [finding.id for finding in one] == [finding.id for finding in other]


def test_no_pupil_is_lost_when_moments_are_folded() -> None:
    found = told(
        film(
            (1, (face("named", "PAGE"), face("possible", "NONE", left=90))),
            (2, (face("possible", "NONE", "PAGE"),)),
            (3, (face("possible", "NEVER"), face("named", "FILMED", left=90))),
            (4, (face("named", "FILMED"),)),
        )
    )
    assert {one for finding in found for one in finding.pupil_ids} == {"PAGE", "NONE", "FILMED", "NEVER"}
    assert len(found) == 4


def test_faces_nobody_could_name_are_one_review_of_the_film_at_its_fullest_moment() -> None:
    nobody = face("nobody")
    found = told(film((1, (nobody,)), (7, (nobody, face("nobody", left=90))), (9, (nobody,))))
    assert brief(found) == [("unknown_faces", (), "t=7")]
    assert "one of 3 at which" in found[0].explanation
    assert "the website and video" in found[0].explanation


def test_words_at_many_moments_are_told_once() -> None:
    known = film((1, ()), (2, ()), (3, ()), words="Well done Maya Wisniewska")
    found = once_per_film(known, list(surname_check(SCHOOL)(known)))
    assert [(finding.clause, finding.pupil_ids, finding.band) for finding in found] == [("C12", ("NONE",), "breach")]


def test_what_is_outside_films_stays_as_it_is() -> None:
    known = facts(post("a" * 64), photo("a" * 64, face("named", "NONE")))
    found = list(c11_photos.check(known, SCHOOL))
    assert once_per_film(known, found) == found != []


def test_captions_and_titles_are_read_and_lead_to_their_file() -> None:
    captions = DocumentUse(f"{URL}/film.vtt", "c" * 64, "English", "captions")
    newsletter = DocumentUse(f"{URL}/n.pdf", None, "Newsletter")
    video = DocumentUse(f"{URL}/film.mp4", None, "A film of Maya Wisniewska", "video")
    one = replace(post(), documents=(captions, newsletter, video))
    known = facts(one, documents=[DocumentFacts("c" * 64, ("Look, Maya Wisniewska!",), ())])
    fields = {text.field: text.text for text in texts_of_post(known)}
    assert fields["captions 1 text"] == "Look, Maya Wisniewska!"
    assert fields["video 1 title"] == "A film of Maya Wisniewska"
    assert fields["document 1 link"] == "Newsletter"
    found = {f.evidence.field: f for f in surname_check(SCHOOL)(known) if not isinstance(f.evidence, PhotoEvidence)}
    assert set(found) == {"captions 1 text", "video 1 title"}
    assert file_of(found["captions 1 text"], known.post) == captions.url
    assert [where(field) for field in sorted(found)] == ["In captions 1 of a film", "In the title of video 1"]


def test_a_report_speaks_of_a_film_and_its_moment() -> None:
    found = told(film((42, (face("named", "PAGE"),))))[0]
    assert moment_of_film(found) == "0:42"
    assert heading(found) == "A child without permission"
    assert picture_text(found).startswith("The published film at 0:42; box 1 is")
    assert isinstance(found.evidence, PhotoEvidence)
    asked = asked_for(found.evidence, 0, Secret(frozenset(), frozenset()))
    assert asked == (Ask.FILM, "take down the film “film.mp4” (the moment at 0:42 is meant)")
