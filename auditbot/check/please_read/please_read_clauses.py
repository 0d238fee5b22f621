"""B6, C5 to C10, D2, D3 and E2: words that somebody should read. Always a review; quoted, ranked, accusing nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from auditbot.check.personal_data.contact import OwnContacts, find_emails, find_phones
from auditbot.check.personal_data.private import CERTAIN
from auditbot.check.please_read import PleaseRead, PleaseReadRules
from auditbot.check.please_read.rules import OF_THE_SCHOOL as BY_SCHOOL
from auditbot.check.read_before.reading import Reading
from auditbot.check.texts import (
    Ours,
    PublishedText,
    author_role,
    evidence_of,
    kinds_of_post,
    part_of,
    staff_names,
)
from auditbot.model import Finding, PostFacts, Severity
from auditbot.model.found import finding_id
from auditbot.registers.declared import Declared

OF_THE_SCHOOL = {
    "complaint": "B6",
    "defamation_or_malicious": "C5",
    "copyright": "C5",
    "commercial": "C6",
    "personal_campaign": "C6",
    "conduct": "C7",
    "discrimination": "C8",
    "direct_contact_with_pupil": "C9",
    "personal_use": "C10",
    "bullying": "E2",
}
"""The clause of each rule where the school's account or a member of staff speaks."""
OF_OTHERS = {
    "complaint": "D2",
    "defamation_or_malicious": "D3",
    "copyright": "C5",
    "commercial": "C6",
    "personal_campaign": "C6",
    "discrimination": "C8",
    "direct_contact_with_pupil": "C9",
    "bullying": "E2",
}
"""The clause of each rule where somebody else comments. What the school alone can do has none; whoever invites a child
to private contact has to be seen."""
PRIVATE = "direct_contact_with_pupil"
_SURE_OF_SIGNED = 0.7
"""Score from which a comment signed as the school is told as anybody's words: an office's plain answer came to .67,
plain threats and claims to .75 and more (the demo school and this check's tests, 2026-11-30)."""
TODAY = frozenset({"C9", "E2"})
"""Clauses that need somebody the same day; the others within the week."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was found, and as whose words."""

    by_school: bool
    """Whether it was read as the school's or its staff's own words."""
    read: PleaseRead
    """What was found."""


def please_read_check(declared: Declared, ours: Ours) -> Callable[[PostFacts], Iterator[Finding]]:
    """Return the check of all these clauses; the models load once, for the first text that was never read."""
    reading = Reading(ours.read_before, "please read", _Heard, sorted(ours.names), sorted(staff_names(declared)))
    rules = cache(PleaseReadRules)

    def check(facts: PostFacts) -> Iterator[Finding]:
        papers = cache(lambda: kinds_of_post(facts))

        def find(published: PublishedText) -> Iterator[_Heard]:
            paper = papers().get(part_of(published.field))
            told: list[PleaseRead] = []
            roles = _roles(author_role(published, declared, ours), published)
            for role in roles:
                read = rules().find(published.text, kind=published.kind, author_role=role, text_kind=paper)
                if role != roles[0]:
                    read = [one for one in read if one.score >= _SURE_OF_SIGNED]
                new = [one for one in read if not any(_same(one, other) for other in told)]
                yield from (_Heard(role in BY_SCHOOL, one) for one in new)
                told += new

        found = []
        for published, heard in reading.of(facts, find):
            read, clauses = heard.read, OF_THE_SCHOOL if heard.by_school else OF_OTHERS
            quoted = published.text[read.start : read.end]
            if read.rule in clauses and not (read.rule == PRIVATE and _leads_to_the_school(quoted, read, ours)):
                found.append((clauses[read.rule], published, read))
        seen: Counter[tuple[str, ...]] = Counter()
        for clause, published, read in sorted(found, key=_worst_first):
            quoted = " ".join(published.text[read.start : read.end].casefold().split())
            about = (clause, read.rule, facts.post.account, facts.post.url, published.anchor, quoted)
            seen[about] += 1
            yield _finding(facts, clause, published, read, finding_id(*about, str(seen[about])))

    return check


def _roles(signed: str, published: PublishedText) -> tuple[str, ...]:
    """Return as whose words a text is read: anybody can sign a comment with the school's or a teacher's name."""
    return (signed,) if signed == published.author_role else (signed, published.author_role)


def _same(read: PleaseRead, other: PleaseRead) -> bool:
    return read.rule == other.rule and read.start < other.end and other.start < read.end


def _leads_to_the_school(quoted: str, read: PleaseRead, ours: Ours) -> bool:
    """Whether words that only hint at private contact lead to the school itself."""
    if read.score >= CERTAIN:
        return False
    theirs = [*find_phones(quoted, ours.contacts), *find_emails(quoted, ours.contacts)]
    nobodys = OwnContacts()
    return not theirs and any([*find_phones(quoted, nobodys), *find_emails(quoted, nobodys)])


def _worst_first(found: tuple[str, PublishedText, PleaseRead]) -> tuple[bool, float]:
    clause, _, read = found
    return (clause not in TODAY, -read.score)


def _finding(facts: PostFacts, clause: str, published: PublishedText, read: PleaseRead, identity: str) -> Finding:
    post = facts.post
    severity: Severity = "today" if clause in TODAY else "week"
    return Finding(
        id=identity,
        clause=clause,
        kind=KINDS[read.rule],
        severity=severity,
        band="review",
        account=post.account,
        post_url=post.url,
        posted_at=post.published_at,
        evidence=evidence_of(published, read.start, read.end),
        pupil_ids=(),
        score=round(read.score, 4),
        explanation=read.reason,
    )


KINDS = {
    "complaint": "words_complaint",
    "defamation_or_malicious": "words_claim",
    "copyright": "words_copyright",
    "commercial": "words_advertisement",
    "personal_campaign": "words_campaign",
    "conduct": "words_conduct",
    "discrimination": "words_discrimination",
    "direct_contact_with_pupil": "words_contact",
    "personal_use": "words_personal",
    "bullying": "words_hurtful",
}
"""The kind of finding of each rule: it describes the words, never a person."""
