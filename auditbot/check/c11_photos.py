"""C11: photos of pupils only with permission.

Each face is somebody's, with the gallery's answer; permission is asked of the register for the channel, on the day the
post was published and today. What nobody can name is one review per photo, never one per face.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditbot.check.permission import STRICTEST_FIRST, Lacking, Verdict, channels
from auditbot.check.texts import ShownPhoto, photos_of_post
from auditbot.model import Band, Box, Candidate, Face, Finding, PhotoEvidence, PhotoFacts, PostFacts, Severity
from auditbot.model.found import finding_id
from auditbot.registers.declared import Declared
from auditbot.sentences import Sentence, both, either, say, say_n, together

REVIEWS_OF_A_PHOTO = ("unknown_faces", "possible_no_permission", "possible_never_publish")


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A face that may show one of several people, at least one of whom lacks permission."""

    face: Face
    """The face."""
    lacking: tuple[tuple[str, float], ...]
    """Id and score of each candidate without permission, likeliest first."""
    never_publish: bool
    """Whether one of them is never to be published."""
    severity: Severity
    """The most urgent of their verdicts."""


def check(facts: PostFacts, declared: Declared, lacking: Lacking | None = None) -> Iterator[Finding]:
    """Yield the findings of clause C11 in one post, in page order; ``lacking`` is kept from post to post."""
    lacking = lacking or Lacking(declared)
    for shown in photos_of_post(facts):
        yield from _named(facts, shown, lacking)
        yield from _possible(facts, shown, lacking)
        yield from _nobody_can_name(facts, shown, lacking)


def _named(facts: PostFacts, shown: ShownPhoto, register: Lacking) -> Iterator[Finding]:
    # Two faces of pupils who look alike may say the same of the same pupils: that is one finding with two boxes.
    alike: dict[tuple[str, tuple[str, ...]], list[tuple[Face, Candidate, Verdict]]] = {}
    for face in shown.facts.faces:
        lacking = _lacking(facts, shown, face, register) if face.outcome == "named" else []
        if lacking:
            strictest = min(lacking, key=lambda judged: STRICTEST_FIRST.index(judged[1].kind))
            pupil_ids = tuple(sorted(likely.pupil_id for likely, _ in lacking))
            alike.setdefault((strictest[1].kind, pupil_ids), []).append((face, *strictest))
    for (kind, pupil_ids), faces in alike.items():
        _, strictest_pupil, judged = faces[0]
        yield _finding(
            facts,
            shown,
            kind=kind,
            severity=judged.severity,
            band=judged.band,
            faces=[face for face, _, _ in faces],
            pupil_ids=pupil_ids,
            score=max(likely.score for _, likely, _ in faces),
            explanation=together(
                *_may_be([face for face, _, _ in faces], strictest_pupil, register),
                judged.reason,
                _elimination(facts, shown, register),
            ),
        )


def _may_be(faces: list[Face], strictest: Candidate, register: Lacking) -> list[Sentence]:
    """Name every pupil whom each box may show, and, of pupils who look alike, the one whose answer counts."""
    sentences, several = [], False
    for number, face in enumerate(faces, 1):
        pupils = [likely.pupil_id for likely in face.candidates if likely.pupil_id in register.declared.pupils]
        sentences.append(_one_of(number, pupils))
        several = several or len(pupils) > 1
    if several:
        pupil = f"{{{strictest.pupil_id}}}"
        sentences.append(say("The strictest answer counts, that of %(pupil)s.", pupil=pupil))
    return sentences


def _one_of(number: int, pupils: Iterable[str]) -> Sentence:
    pupil = either([f"{{{pupil_id}}}" for pupil_id in pupils])
    return say("The face in box %(number)s may be %(pupil)s.", number=number, pupil=pupil)


def _lacking(facts: PostFacts, shown: ShownPhoto, face: Face, register: Lacking) -> list[tuple[Candidate, Verdict]]:
    """Return the face's candidates without permission: of people who look alike, the strictest reading wins."""
    judged = [(likely, register.verdict(facts.post, likely.pupil_id, shown.of_film)) for likely in face.candidates]
    return [(likely, found) for likely, found in judged if found is not None and found.kind in STRICTEST_FIRST]


def _possible(facts: PostFacts, shown: ShownPhoto, register: Lacking) -> Iterator[Finding]:
    doubts = [doubt for face in shown.facts.faces if (doubt := _doubt(facts, shown, face, register))]
    if not doubts:
        return
    sentences = [
        _one_of(number, (person for person, _score in doubt.lacking)) for number, doubt in enumerate(doubts, 1)
    ]
    pupils = sorted({person for doubt in doubts for person, _ in doubt.lacking})
    none_holds = say_n(
        "For that pupil no permission holds today.",
        "For at least one of these pupils no permission holds today.",
        len(pupils),
    )
    yield _finding(
        facts,
        shown,
        kind="possible_never_publish" if any(doubt.never_publish for doubt in doubts) else "possible_no_permission",
        severity="today" if any(doubt.severity == "today" for doubt in doubts) else "week",
        band="review",
        faces=[doubt.face for doubt in doubts],
        pupil_ids=tuple(pupils),
        score=max(score for doubt in doubts for _, score in doubt.lacking),
        explanation=together(*sentences, none_holds, _elimination(facts, shown, register)),
    )


def _doubt(facts: PostFacts, shown: ShownPhoto, face: Face, register: Lacking) -> _Doubt | None:
    if face.outcome != "possible":
        return None
    lacking = [
        (likely, found) for likely, found in _lacking(facts, shown, face, register) if found.kind != "given_later"
    ]
    if not lacking:
        return None
    return _Doubt(
        face=face,
        lacking=tuple((likely.pupil_id, likely.score) for likely, _ in lacking),
        never_publish=any(found.kind == "never_publish" for _, found in lacking),
        severity="today" if any(found.severity == "today" for _, found in lacking) else "week",
    )


def _is_unnamed(facts: PostFacts, shown: ShownPhoto, face: Face, register: Lacking) -> bool:
    """Whether nobody can say who it is. That a face resembles permitted pupils does not say that it is one of them:
    a child who is not enrolled, often one without permission, resembles somebody too. Nor can it be said of a face
    that may show a pupil who is no longer in the register.
    """
    if face.outcome == "possible":
        return _doubt(facts, shown, face, register) is None and not face.likely
    if face.outcome == "named":
        judged = [register.verdict(facts.post, likely.pupil_id, shown.of_film) for likely in face.candidates]
        kinds = {found.kind for found in judged if found is not None}
        somebody_else = "unknown_faces" in kinds or not face.candidates
        return somebody_else and kinds <= {"unknown_faces", "given_later"}
    return face.outcome in ("nobody", "too_small")


def _nobody_can_name(facts: PostFacts, shown: ShownPhoto, register: Lacking) -> Iterator[Finding]:
    faces = [face for face in shown.facts.faces if _is_unnamed(facts, shown, face, register)]
    if not faces:
        return
    where = both([_channel(channel) for channel in channels(facts.post, register.declared, shown.of_film)])
    yield _finding(
        facts,
        shown,
        kind="unknown_faces",
        severity="week",
        band="review",
        faces=faces,
        pupil_ids=(),
        score=max(face.confidence for face in faces),
        explanation=together(
            say_n(
                "%(count)s face the program does not know.", "%(count)s faces the program does not know.", len(faces)
            ),
            say_n(
                "Please look whether it shows a pupil without permission for %(where)s: %(who)s",
                "Please look whether they show pupils without permission for %(where)s: %(who)s",
                len(faces),
                where=where,
                who=_who_lacks_it(facts, shown, register),
            ),
            say("Faces of adults who are not enrolled count too."),
            _elimination(facts, shown, register),
        ),
    )


def _who_lacks_it(facts: PostFacts, shown: ShownPhoto, of_school: Lacking) -> Sentence:
    """Say among how many pupils the reader has to look: those of the class or year named in the post stand first."""
    lacking = of_school.pupils(facts.post, shown.of_film)
    in_school = say(
        "%(lacking)s of %(all)s pupils of the school lack it.", lacking=len(lacking), all=of_school.on_register
    )
    named = of_school.named_in(facts.post)
    if not named:
        return in_school
    return say(
        "%(lacking)s of %(all)s pupils of the class or year group named in the post lack it; %(in_school)s",
        lacking=len(lacking & named),
        all=len(named),
        in_school=in_school,
    )


def _finding(
    facts: PostFacts,
    shown: ShownPhoto,
    *,
    kind: str,
    severity: Severity,
    band: Band,
    faces: list[Face],
    pupil_ids: tuple[str, ...],
    score: float,
    explanation: Sentence,
) -> Finding:
    boxes = tuple(face.box for face in faces)
    post = facts.post
    # A review of one photo stays the same review while its candidates change; a named pupil is part of the identity.
    about = () if kind in REVIEWS_OF_A_PHOTO else pupil_ids
    return Finding(
        id=finding_id("C11", kind, post.account, post.url, shown.facts.sha256, *about),
        clause="C11",
        kind=kind,
        severity=severity,
        band=band,
        account=post.account,
        post_url=post.url,
        posted_at=post.published_at,
        evidence=PhotoEvidence(shown.url, shown.facts.sha256, boxes, _others(shown.facts, boxes)),
        pupil_ids=pupil_ids,
        score=round(score, 4),
        explanation=explanation,
    )


def _others(photo: PhotoFacts, boxes: Iterable[Box]) -> tuple[Box, ...]:
    meant = set(boxes)
    return tuple(face.box for face in photo.faces if face.box not in meant)


def _elimination(facts: PostFacts, shown: ShownPhoto, register: Lacking) -> str:
    """Say what is known of the other faces: the reader then knows what is left to judge."""
    faces = shown.facts.faces
    if len(faces) == 1:
        return ""
    unnamed = sum(_is_unnamed(facts, shown, face, register) for face in faces)
    matched = sum(face.outcome == "named" and not _is_unnamed(facts, shown, face, register) for face in faces)
    perhaps = len(faces) - unnamed - matched
    return say(
        "%(count)s faces in the photo: %(matched)s the program knows, %(perhaps)s perhaps known, %(unnamed)s "
        "it does not know.",
        count=len(faces),
        matched=matched,
        perhaps=perhaps,
        unnamed=unnamed,
    )


_CHANNELS = {
    "website": say("the website"),
    "social_media": say("social media"),
    "press": say("the press"),
    "newsletter": say("newsletter"),
    "prospectus_display": say("prospectus display"),
    "video": say("video"),
}


def _channel(channel: str) -> str:
    return _CHANNELS.get(channel) or channel.replace("_", " ")


# D1: parents post no pictures of other people's children.


def check_comment_photos(facts: PostFacts) -> Iterator[Finding]:
    """Yield one review for each photo in a comment that shows at least one face; nobody is named."""
    post, seen = facts.post, set()
    for use in post.photos:
        photo = facts.photos.get(use.sha256 or "")
        if use.found_in != "comment" or photo is None or not photo.faces or photo.sha256 in seen:
            continue
        seen.add(photo.sha256)
        yield Finding(
            id=finding_id("D1", "comment_photo", post.account, post.url, photo.sha256),
            clause="D1",
            kind="comment_photo",
            severity="week",
            band="review",
            account=post.account,
            post_url=post.url,
            posted_at=post.published_at,
            evidence=PhotoEvidence(use.url, photo.sha256, tuple(face.box for face in photo.faces)),
            pupil_ids=(),
            score=max(face.confidence for face in photo.faces),
            explanation=say_n(
                "A comment holds a photo with %(count)s face. Please look whether it shows children other than the "
                "commenter’s own.",
                "A comment holds a photo with %(count)s faces. Please look whether it shows children other than the "
                "commenter’s own.",
                len(photo.faces),
            ),
        )
