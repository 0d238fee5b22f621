"""All photos one post shows: its own, those in its comments, pictures inside its documents, moments of its films."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from auditbot.model import DocumentPicture, DocumentUse, PhotoFacts, Post, PostFacts


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """One photo with where it stands and what is in it."""

    url: str
    """The photo's address; for a picture inside a document or film, the file's address and page or second."""
    place: str
    """Where it stands in the post, for people: "photo 2", "document 1 page 3", "video 1, 0:42"."""
    facts: PhotoFacts
    """What examining it found."""
    of_film: bool = False
    """Whether it is a moment or the poster of a film, so that permission for video is needed too."""


def photos_of_post(facts: PostFacts) -> Iterator[ShownPhoto]:
    """Yield each examined photo once, in page order; one that the post shows twice counts where it stands first."""
    seen: set[str] = set()
    for number, use in enumerate(facts.post.photos, 1):
        if use.sha256 in facts.photos and use.sha256 not in seen:
            seen.add(use.sha256)
            yield ShownPhoto(use.url, f"photo {number}", facts.photos[use.sha256], use.found_in == "video")
    for label, document in labelled(facts.post):
        known = facts.documents.get(document.sha256 or "")
        for picture in known.pictures if known else ():
            if picture.sha256 in facts.photos and picture.sha256 not in seen:
                seen.add(picture.sha256)
                film = document.kind == "video"
                place = f"{label}, {clock(picture.page)}" if film else f"{label} page {picture.page}"
                yield ShownPhoto(address_within(document, picture), place, facts.photos[picture.sha256], film)


def labelled(post: Post) -> Iterator[tuple[str, DocumentUse]]:
    """Yield what a post links to and plays, each kind numbered from 1: "document 1", "video 1", "captions 1"."""
    numbers: Counter[str] = Counter()
    for use in post.documents:
        numbers[use.kind] += 1
        yield f"{use.kind} {numbers[use.kind]}", use


def address_within(use: DocumentUse, picture: DocumentPicture) -> str:
    """Return where a picture stands: the address of its document with the page, of its film with the second."""
    return f"{use.url}#{'t' if use.kind == 'video' else 'page'}={picture.page}"


def clock(seconds: int) -> str:
    """Return a moment of a film as players show it, like "0:42"."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
