"""D1: parents post no pictures of other people's children. A photo in a comment shows who, so somebody should look."""

from __future__ import annotations

from collections.abc import Iterator

from auditbot.check.identity import finding_id
from auditbot.model import Finding, PhotoEvidence, PostFacts


def check(facts: PostFacts) -> Iterator[Finding]:
    """Yield one review for each photo in a comment that shows at least one face; nobody is named."""
    post, seen = facts.post, set()
    for use in post.photos:
        photo = facts.photos.get(use.sha256 or "")
        if use.found_in != "comment" or photo is None or not photo.faces or photo.sha256 in seen:
            continue
        seen.add(photo.sha256)
        people = "1 face" if len(photo.faces) == 1 else f"{len(photo.faces)} faces"
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
            explanation=f"A comment holds a photo with {people}. Please look whether it shows children other than the "
            "commenter’s own.",
        )
