"""A1, A3, E1: documents on file. B2: pictures of events that were approved. And concerns reported by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditbot.check.identity import finding_id
from auditbot.check.records import record_finding
from auditbot.model import Finding, Post, Severity, TextEvidence
from auditbot.registers.casework import Concern
from auditbot.registers.declared import Declared

REGISTER = "config/declarations.toml"
DOCUMENTS = {
    "A1": "the acceptable use policy",
    "A3": "the e-safety policy with its sanctions",
    "E1": "the e-safety or anti-bullying policy with its sanctions",
}
URGENT = frozenset({"C5", "C9", "C11", "C12", "E2"})


def check_documents(declared: Declared) -> Iterator[Finding]:
    """Yield which documents that the policy rests on are not on file, or due for review."""
    for clause, name in DOCUMENTS.items():
        if clause not in declared.clauses:
            continue
        held = [document for document in declared.declarations.document if document.clause == clause]
        if not held:
            yield record_finding(
                clause, "document_missing", register=REGISTER, cell=f"document {clause}",
                explanation=f"No entry says that {name} is on file.",
            )  # fmt: skip
        elif all(document.review_on <= declared.today for document in held):
            latest = max(held, key=lambda document: document.review_on)
            yield record_finding(
                clause, "document_review", register=REGISTER, cell=f"document {clause}", value=latest.review_on,
                explanation=f"“{latest.title}” was due for review on this day.",
            )  # fmt: skip


def check_event_photos(declared: Declared, posts: Iterable[Post]) -> Iterator[Finding]:
    """Yield, once for each account, how many posts with photos no approval by the Headteacher covers (B2)."""
    if "B2" not in declared.clauses:
        return
    without: dict[str, list[Post]] = {}
    for post in posts:
        if post.photos and post.published_at and post.account in declared.accounts:
            day = post.published_at.date()
            given = declared.declarations.event_approval
            if not any(approval.covers(post.account, day, declared.today) for approval in given):
                without.setdefault(post.account, []).append(post)
    for account, found in without.items():
        newest = max(found, key=lambda post: (str(post.published_at), post.url))
        posts_with = "1 post with photos is" if len(found) == 1 else f"{len(found)} posts with photos are"
        yield record_finding(
            "B2", "no_event_approval", account=account, register=REGISTER, cell="event_approval", severity="week",
            band="review",
            explanation=f"{posts_with} covered by no approval of the Headteacher; the newest is {newest.url}. "
            "Enter an approval for the event, or a standing one for the account.",
        )  # fmt: skip


def check_concerns(declared: Declared) -> Iterator[Finding]:
    """Yield every open concern that somebody entered by hand."""
    for concern in declared.casework.concern:
        if concern.closed_on is None:
            yield _concern(concern)


def _concern(concern: Concern) -> Finding:
    severity: Severity = "today" if concern.clause in URGENT else "week"
    reported = concern.reported_on
    return Finding(
        id=finding_id("concern", concern.id),
        clause=concern.clause,
        kind="concern",
        severity=severity,
        band="review",
        account=concern.account,
        post_url=concern.address,
        posted_at=None,
        evidence=TextEvidence("reported words", concern.quote, 0, len(concern.quote)),
        pupil_ids=(),
        score=1.0,
        explanation=f"Reported on {reported.day} {reported:%B %Y} ({concern.reported_by}), concern {concern.id}. "
        f"It stays here until it is closed with: auditbot concern close {concern.id}",
    )
