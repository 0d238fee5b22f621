"""Exposure inside a workspace: from what audits know, and the counts that each night leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from auditbot.check.read_before.kept_readings import rules_version
from auditbot.exposure.exposed import Reach, Trait, exposed_photos
from auditbot.exposure.grades import Grade
from auditbot.exposure.summary import NAMED_ALONE, NAMED_TOGETHER, Exposure, summed
from auditbot.model import DocumentFacts, PhotoFacts, Post
from auditbot.model.counted import ExposureCounts, MonthCounts
from auditbot.run import Run
from auditbot.store import Store


def facts_of(posts: Iterable[Post], store: Store) -> tuple[dict[str, PhotoFacts], dict[str, DocumentFacts]]:
    """Return what is known of the photos and documents of these posts, by content hash."""
    photos: dict[str, PhotoFacts] = {}
    documents: dict[str, DocumentFacts] = {}
    for known in store.examined.facts_of(posts):
        photos |= known.photos
        documents |= known.documents
    return photos, documents


def exposure_of(posts: Collection[Post], store: Store, reach: Reach | None = None) -> Exposure:
    """Return how exposed the photos of these posts are, as far as they are examined."""
    photos, documents = facts_of(posts, store)
    return summed(exposed_photos(tuple(posts), photos, reach, documents), len(posts))


def keep_counts(run: Run) -> None:
    """Count every account as it is known tonight, and keep the counts: those of the night before if nothing changed."""
    at = run.now()
    mark = _rests_on(run)
    if run.store.exposures.repeat(run.audit, at, mark):
        return
    counts: list[ExposureCounts] = []
    months: list[MonthCounts] = []
    by_account: dict[str, list[Post]] = {}
    for post in run.store.published.posts():
        by_account.setdefault(post.account, []).append(post)
    for account in run.declared.accounts:
        if posts := by_account.get(account):
            exposure = exposure_of(posts, run.store)
            counts.append(_counts(exposure, account, at))
            months += _months(exposure, account)
    run.store.exposures.save(run.audit, counts, months, mark)


def _rests_on(run: Run) -> str:
    """Return a hash of all that the counts rest on: what is known, the accounts counted, and how it is done."""
    whole = hashlib.sha256(repr((sorted(run.declared.accounts), rules_version())).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        whole.update(path.read_bytes())
    whole.update(run.store.exposures.what_counts_rest_on().encode())
    return whole.hexdigest()


def _counts(exposure: Exposure, account: str, at: datetime) -> ExposureCounts:
    faces = exposure.faces
    return ExposureCounts(
        account=account,
        at=at,
        posts=exposure.all_posts,
        with_photos=len(exposure.posts),
        photos=len(exposure.photos),
        clear=faces[Grade.CLOSE_AND_CLEAR],
        recognisable=faces[Grade.RECOGNISABLE],
        hard=faces[Grade.HARD_TO_RECOGNISE],
        lowest=faces[Grade.NOT_RECOGNISABLE],
        named_alone=len(exposure.with_naming(NAMED_ALONE)),
        named_together=len(exposure.with_naming(NAMED_TOGETHER)),
        larger=len(exposure.larger_than_needed),
        placed=len(exposure.with_trait(Trait.POSITION)),
        half=exposure.posts_for(0.5),
        exposure=round(exposure.total, 3),
    )


def _months(exposure: Exposure, account: str) -> Iterable[MonthCounts]:
    for month in exposure.months():
        for grade, posts in month.posts.items():
            if posts:
                yield MonthCounts(account, month.year, month.month, grade.value if grade else "", posts)
