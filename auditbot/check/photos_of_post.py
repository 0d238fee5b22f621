"""All photos one post shows: its own, those in its comments, and the pictures inside its documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditbot.model import PhotoFacts, PostFacts


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """One photo with where it stands and what is in it."""

    url: str
    """The photo's address; for a picture inside a document, the document's address and page."""
    place: str
    """Where it stands in the post, for people: "photo 2", "document 1 page 3"."""
    facts: PhotoFacts
    """What examining it found."""


def photos_of_post(facts: PostFacts) -> Iterator[ShownPhoto]:
    """Yield each examined photo once, in page order; one that the post shows twice counts where it stands first."""
    seen: set[str] = set()
    for number, use in enumerate(facts.post.photos, 1):
        if use.sha256 in facts.photos and use.sha256 not in seen:
            seen.add(use.sha256)
            yield ShownPhoto(use.url, f"photo {number}", facts.photos[use.sha256])
    for number, document in enumerate(facts.post.documents, 1):
        known = facts.documents.get(document.sha256 or "")
        for picture in known.pictures if known else ():
            if picture.sha256 in facts.photos and picture.sha256 not in seen:
                seen.add(picture.sha256)
                place = f"document {number} page {picture.page}"
                yield ShownPhoto(f"{document.url}#page={picture.page}", place, facts.photos[picture.sha256])
