"""What is known of a photo besides its bytes: the posts that use it, and the registers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from auditbot.examine.matching import MATCHING
from auditbot.examine.together import PhotoContext
from auditbot.model import Post
from auditbot.registers.declared import Declared
from auditbot.registers.groups import Groups
from auditbot.store import Store

# Children are in photos before they are on roll: on settling-in days, as visiting brothers and sisters, in a nursery
# class whose date the register replaced by that of Reception. Leaving one out by mistake is worse than a wide choice,
# so only who joined more than a year after the post is left out. Leavers need no rule: they have no template.
LONG_BEFORE_JOINING = timedelta(days=366)
# Photos of one post are kept in memory together until the last is examined; a post with more is taken in parts.
MOST_TOGETHER = 24


def photos_by_post(store: Store) -> Iterator[tuple[Post, list[str]]]:
    """Yield each post that is not gone with the content hashes of all photos it shows, those in documents included."""
    for post in store.published.posts():
        shown = [use.sha256 for use in post.photos if use.sha256]
        for use in post.documents:
            document = store.examined.document(use.sha256) if use.sha256 else None
            shown += [picture.sha256 for picture in document.pictures] if document else []
        yield post, list(dict.fromkeys(shown))


def contexts_of(
    posts: Iterable[tuple[Post, list[str]]], declared: Declared, enrolled: Iterable[str]
) -> dict[str, PhotoContext]:
    """Return by content hash what all posts that use a photo say together, as far as it concerns those enrolled.

    Who is likely for one post is likely; who is left out must be so for every post.
    """
    known = frozenset(enrolled)
    groups = Groups(declared.pupils.values(), declared.today)
    joined = {pupil.pupil_id: pupil.on_roll_from for pupil in declared.pupils.values() if pupil.pupil_id in known}
    contexts: dict[str, PhotoContext] = {}
    for post, photos in posts:
        likely = groups.named_in(post) & known
        day = post.published_at.date() if post.published_at else declared.today
        absent = frozenset(one for one, since in joined.items() if since and since > day + LONG_BEFORE_JOINING)
        for sha256 in photos:
            before = contexts.get(sha256)
            contexts[sha256] = PhotoContext(
                likely | (before.likely if before else frozenset()), absent & before.absent if before else absent
            )
    return contexts


def siblings_of(declared: Declared, enrolled: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for each enrolled pupil who has any their enrolled brothers and sisters."""
    known = frozenset(enrolled)
    families: dict[str, set[str]] = {}
    for pupil in declared.pupils.values():
        if pupil.sibling_group and pupil.pupil_id in known:
            families.setdefault(pupil.sibling_group, set()).add(pupil.pupil_id)
    return {one: frozenset(family - {one}) for family in families.values() if len(family) > 1 for one in family}


def matched_with(context: PhotoContext, siblings: Mapping[str, frozenset[str]]) -> str:
    """Name in a few characters all that answers depend on besides pixels and gallery: with another, match again."""
    families = sorted({" ".join(sorted({one, *others})) for one, others in siblings.items()})
    parts = [MATCHING, *sorted(context.likely), "|", *sorted(context.absent), "|", *families]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def in_batches(waiting: Iterable[str], posts: Iterable[tuple[Post, list[str]]]) -> list[list[str]]:
    """Arrange photos so that those of one post stand together, each photo once."""
    left = dict.fromkeys(waiting)
    batches: list[list[str]] = []
    for _, photos in posts:
        here = [sha256 for sha256 in photos if sha256 in left]
        batches += [here[start : start + MOST_TOGETHER] for start in range(0, len(here), MOST_TOGETHER)]
        for sha256 in here:
            del left[sha256]
    return [*batches, *([sha256] for sha256 in left)]
