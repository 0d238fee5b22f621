"""C12: surnames of pupils are never published, in whatever text. No consent makes it right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditbot.check.please_read.text_kinds import TextKind
from auditbot.check.read_before.reading import Reading
from auditbot.check.surnames import PupilName, StaffName, SurnameEngine, SurnameHit
from auditbot.check.surnames.engine import (
    ADULT_IN_FULL,
    NAMED_OTHERWISE,
    NOT_ON_REGISTER,
    OF_ADULTS,
    OF_PUPILS_IN_FULL,
    SURNAME_ALONE,
)
from auditbot.check.texts import Ours, PublishedText, evidence_of, kinds_of_post, part_of
from auditbot.check.whole_site import ADULT, letters_of, parts_of_adults
from auditbot.model import Finding, PostFacts
from auditbot.model.found import finding_id
from auditbot.registers.declared import Declared
from auditbot.registers.people import Pupil
from auditbot.sentences import say

NOTHING = Ours()
_ADULT_ELSEWHERE = say("A pupil's full name, which is an adult's elsewhere on this site.")
_KIND_OF_SCHOOL = re.compile(
    r"(?:[ ,]+(?:community|church|of|england|c ?of ?e|rc|catholic|voluntary|aided|controlled|infants?|junior|first"
    r"|primary|nursery|pre-?school|and|&|school|academy))+$"
)


def surname_check(declared: Declared, ours: Ours = NOTHING) -> Callable[[PostFacts], Iterator[Finding]]:
    """Return the check of clause C12 for these registers; the engine is built once, for the first text never read."""
    engine = surname_engine(declared, ours)
    reading = Reading(ours.read_before, "surnames", SurnameHit, *engine.decided_by)

    def find(published: PublishedText) -> list[SurnameHit]:
        return engine.find(published.text, kind=published.kind)

    def check(facts: PostFacts) -> Iterator[Finding]:
        seen: Counter[tuple[str, str]] = Counter()
        told: set[str] = set()
        # An address repeats what the page says of an adult.
        hits = [
            (published, hit)
            for published, hit in reading.of(facts, find)
            if not (published.kind == "address" and hit.rule in SURNAME_ALONE)
        ]
        papers = kinds_of_post(facts) if any(hit.rule in SURNAME_ALONE for _, hit in hits) else {}
        for published, hit in _but_adults(hits, parts_of_adults(facts.post), ours.adults) if hits else ():
            if _kind(hit) == ADULT and (_is_in_a_paper(hit, published, papers) or _is_told(published, hit, told)):
                continue
            about = (published.anchor, published.text[hit.start : hit.end].casefold())
            seen[about] += 1
            yield _finding(facts, published, hit, finding_id(*_place(facts), *about, str(seen[about])))

    return check


def _but_adults(
    hits: Sequence[tuple[PublishedText, SurnameHit]], of_adults: frozenset[str], adults: frozenset[str]
) -> Iterator[tuple[PublishedText, SurnameHit]]:
    """Yield the hits without those of adults who share a surname only; a pupil's full name that is an adult's is asked.

    An adult is whom a page of adults names, this one or another, and whom this post introduces as one elsewhere.
    """
    here = {_name(published, hit) for published, hit in hits if hit.rule == ADULT_IN_FULL}
    for published, hit in hits:
        on_such_a_page = part_of(published.field) in of_adults or (published.kind == "address" and bool(of_adults))
        if hit.child_near or not (on_such_a_page or _name(published, hit) in adults | here):
            yield published, hit
        elif hit.rule in OF_PUPILS_IN_FULL and hit.band == "breach":
            yield published, replace(hit, band="review", score=0.5, rule=ADULT_IN_FULL, explanation=_ADULT_ELSEWHERE)
        elif hit.rule not in SURNAME_ALONE | NAMED_OTHERWISE | {NOT_ON_REGISTER}:
            yield published, hit


def _name(published: PublishedText, hit: SurnameHit) -> str:
    """The letters of a full name, or "" if the surname stands alone."""
    return letters_of(published.text[hit.name_start : hit.name_end]) if hit.name_start < hit.start else ""


def _is_in_a_paper(hit: SurnameHit, published: PublishedText, papers: Mapping[str, TextKind]) -> bool:
    """Whether minutes, a policy or another paper names an adult who shares no more than a surname with a pupil."""
    paper = papers.get(part_of(published.field), TextKind.SPEAKING) is not TextKind.SPEAKING
    return paper and hit.rule in SURNAME_ALONE


def _is_told(published: PublishedText, hit: SurnameHit, adults: set[str]) -> bool:
    """Whether the post named this adult before; an address repeats whom the page names by surname."""
    whole, surname = (
        "".join(filter(str.isalpha, published.text[start : hit.end].casefold()))
        for start in (hit.name_start, hit.start)
    )
    told = (surname if published.kind in ("address", "filename") else whole) in adults
    adults.update((whole, surname) if whole != surname else (whole,))
    return told


def surname_engine(declared: Declared, ours: Ours = NOTHING) -> SurnameEngine:
    """Return the surname engine for the school's own registers, name and addresses."""
    classes = {pupil.class_name for pupil in declared.pupils.values() if pupil.class_name}
    return SurnameEngine(
        pupils=[_pupil_name(pupil) for pupil in declared.pupils.values()],
        staff=[StaffName(member.title, member.forename, member.surname, member.role) for member in declared.staff],
        school_words=sorted(classes | set(_names_of_school(ours))),
    )


def _names_of_school(ours: Ours) -> Iterator[str]:
    """The school's names and hosts, and each name without "Infant School" if more than one word is left."""
    yield from ours.contacts.domains
    for name in ours.names:
        yield name
        short = _KIND_OF_SCHOOL.sub("", name).strip(" ,-")
        if len(short.split()) > 1:
            yield short


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


def _kind(hit: SurnameHit) -> str:
    """What was found: a pupil's surname, somebody who seems to be an adult, or a child whom the register lacks."""
    if hit.rule == NOT_ON_REGISTER:
        return "child_not_on_the_register"
    return ADULT if hit.rule in OF_ADULTS and hit.band == "review" else "surname"


def _finding(facts: PostFacts, published: PublishedText, hit: SurnameHit, identity: str) -> Finding:
    post = facts.post
    kind = _kind(hit)
    start, end = (hit.start, hit.end) if kind == "surname" else (hit.name_start, hit.name_end)
    return Finding(
        id=identity,
        clause="C12",
        kind=kind,
        severity="today" if hit.band == "breach" else "week",
        band=hit.band,
        account=post.account,
        post_url=post.url,
        posted_at=post.published_at,
        evidence=evidence_of(published, start, end),
        pupil_ids=tuple(sorted(hit.pupil_ids)),
        score=round(hit.score, 4),
        explanation=hit.explanation,
    )
