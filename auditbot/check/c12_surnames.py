"""C12: surnames of pupils are never published, in whatever text. No consent makes it right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from auditbot.check.identity import finding_id
from auditbot.check.surnames import PupilName, StaffName, SurnameEngine, SurnameHit
from auditbot.check.texts_of_post import PublishedText, texts_of_post
from auditbot.model import Box, Finding, PhotoEvidence, PostFacts, TextEvidence
from auditbot.registers.declared import Declared
from auditbot.registers.pupils import Pupil


def surname_check(declared: Declared) -> Callable[[PostFacts], Iterator[Finding]]:
    """Return the check of clause C12 for these registers; the engine is built once."""
    engine = surname_engine(declared)

    def check(facts: PostFacts) -> Iterator[Finding]:
        seen: Counter[tuple[str, str]] = Counter()
        for published in texts_of_post(facts):
            for hit in engine.find(published.text, kind=published.kind, author_role=published.author_role):
                about = (published.anchor, published.text[hit.start : hit.end].casefold())
                seen[about] += 1
                yield _finding(facts, published, hit, finding_id(*_place(facts), *about, str(seen[about])))

    return check


def surname_engine(declared: Declared) -> SurnameEngine:
    """Return the surname engine for the school's own registers."""
    return SurnameEngine(
        pupils=[_pupil_name(pupil) for pupil in declared.pupils.values()],
        staff=[StaffName(member.title, member.forename, member.surname, member.role) for member in declared.staff],
        school_words=sorted({pupil.class_name for pupil in declared.pupils.values() if pupil.class_name}),
    )


def _pupil_name(pupil: Pupil) -> PupilName:
    return PupilName(
        pupil_id=pupil.pupil_id,
        forenames=_filled(pupil.legal_forename, pupil.preferred_forename),
        surnames=_filled(pupil.legal_surname, pupil.preferred_surname, *pupil.former_surnames),
        year_group=pupil.year_group,
        class_name=pupil.class_name,
    )


def _filled(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _place(facts: PostFacts) -> tuple[str, ...]:
    return ("C12", "surname", facts.post.account, facts.post.url)


def _finding(facts: PostFacts, published: PublishedText, hit: SurnameHit, identity: str) -> Finding:
    post = facts.post
    return Finding(
        id=identity,
        clause="C12",
        kind="surname",
        severity="today" if hit.band == "breach" else "week",
        band=hit.band,
        account=post.account,
        post_url=post.url,
        posted_at=post.published_at,
        evidence=_evidence(published, hit),
        pupil_ids=tuple(sorted(hit.pupil_ids)),
        score=round(hit.score, 4),
        explanation=hit.explanation,
    )


def _evidence(published: PublishedText, hit: SurnameHit) -> TextEvidence | PhotoEvidence:
    if published.photo is None:
        return TextEvidence(published.field, published.text, hit.start, hit.end)
    photo = published.photo.facts
    return PhotoEvidence(
        photo_url=published.photo.url,
        sha256=photo.sha256,
        boxes=_boxes_of_lines(published, hit),
        other_faces=tuple(face.box for face in photo.faces),
        words=published.text,
        start=hit.start,
        end=hit.end,
    )


def _boxes_of_lines(published: PublishedText, hit: SurnameHit) -> tuple[Box, ...]:
    assert published.photo is not None
    boxes, start = [], 0
    for line in published.photo.facts.words:
        end = start + len(line.text)
        if start < hit.end and hit.start < end:
            boxes.append(line.box)
        start = end + 1
    return tuple(boxes)
