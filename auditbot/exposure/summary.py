"""What an account's photos come to: five numbers, the months, and where to begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from auditbot.exposure.exposed import ExposedPhoto, Naming, Trait
from auditbot.exposure.grades import ORDER, Grade, worst

NAMED_ALONE = (Naming.SINGLE, Naming.SINGLE_BY_TEXT)
NAMED_TOGETHER = (Naming.IN_ORDER, Naming.SOME, Naming.BY_TEXT)
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ExposedPost:
    """One post and all that its photos expose."""

    url: str
    """Its permalink."""
    account: str
    """Name of the account."""
    title: str
    """Its headline."""
    editor: str
    """The name the page shows as its author; empty if none."""
    published_at: datetime | None
    """When it was published, if known."""
    photos: tuple[ExposedPhoto, ...]
    """Its photos, the most exposed first."""

    @property
    def exposure(self) -> float:
        """The exposure of all its photos together."""
        return sum(photo.exposure for photo in self.photos)

    @property
    def grade(self) -> Grade | None:
        """The most recognisable face of all its photos; None where there is none."""
        return worst([face.grade for photo in self.photos for face in photo.faces])


@dataclass(frozen=True, slots=True)
class Month:
    """The posts of one month, by their worst face."""

    year: int
    """The year; 0 for posts without a date."""
    month: int
    """The month, 1 to 12; 0 for posts without a date."""
    posts: dict[Grade | None, int]
    """How many posts have this as their worst grade; None for no face."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How exposed the people in the photos of one or more accounts are."""

    photos: tuple[ExposedPhoto, ...]
    """Every photo examined, once for each post that shows it, the most exposed first."""
    posts: tuple[ExposedPost, ...]
    """Every post that shows a photo, the one whose mending takes away most first."""
    all_posts: int
    """How many posts were read, with photos or without."""

    @property
    def faces(self) -> dict[Grade, int]:
        """How many faces have each grade."""
        counted = dict.fromkeys(ORDER, 0)
        for photo in self.photos:
            for face in photo.faces:
                counted[face.grade] += 1
        return counted

    @property
    def total(self) -> float:
        """The exposure of all posts together."""
        return sum(post.exposure for post in self.posts)

    def with_naming(self, namings: Sequence[Naming]) -> tuple[ExposedPhoto, ...]:
        """Return the photos beside whose faces names stand in one of these ways."""
        return tuple(photo for photo in self.photos if photo.naming in namings)

    def with_trait(self, *traits: Trait) -> tuple[ExposedPhoto, ...]:
        """Return the photos that have one of these traits or more, each once."""
        return tuple(photo for photo in self.photos if not photo.traits.isdisjoint(traits))

    @property
    def search_not_known(self) -> tuple[ExposedPhoto, ...]:
        """Return the photos on other hosts of which nobody knows whether search engines may keep them."""
        return tuple(photo for photo in self.photos if not photo.search_known)

    @property
    def larger_than_needed(self) -> tuple[ExposedPhoto, ...]:
        """Return the photos of which anybody can fetch a file that shows a close and clear face."""
        return tuple(photo for photo in self.photos if photo.grade is Grade.CLOSE_AND_CLEAR)

    @property
    def first(self) -> tuple[ExposedPhoto, ...]:
        """The photos that a report shows: the most exposed, and none that exposes nobody."""
        return tuple(photo for photo in self.photos if photo.exposure > 0)[:MOST_SHOWN]

    def curve(self) -> tuple[float, ...]:
        """Return the share of the exposure that is gone once so many posts, the worst first, are put right."""
        exposures = [post.exposure for post in self.posts]
        total = sum(exposures)
        if total <= 0:
            return (0.0,)
        return (0.0, *(so_far / total for so_far in accumulate(exposures)))

    def posts_for(self, share: float) -> int:
        """Return how few posts hold this share of the exposure; 0 where there is none."""
        return next((count for count, held in enumerate(self.curve()) if held >= share - 1e-9), 0) if self.total else 0

    def months(self) -> tuple[Month, ...]:
        """Return the posts by month, oldest first, those without a date last, and the empty ones between."""
        counted: dict[tuple[int, int], dict[Grade | None, int]] = defaultdict(lambda: dict.fromkeys((*ORDER, None), 0))
        for post in self.posts:
            day = post.published_at
            counted[(day.year, day.month) if day else (0, 0)][post.grade] += 1
        dated = sorted(month for month in counted if month != (0, 0))
        if dated:
            year, month = dated[0]
            while (year, month) < dated[-1]:
                counted.setdefault((year, month), dict.fromkeys((*ORDER, None), 0))
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        ordered = sorted(month for month in counted if month != (0, 0)) + [one for one in counted if one == (0, 0)]
        return tuple(Month(year, month, dict(counted[(year, month)])) for year, month in ordered)


def summed(photos: Sequence[ExposedPhoto], all_posts: int) -> Exposure:
    """Put photos together by post; ``all_posts`` counts posts without a photo too."""
    by_post: dict[tuple[str, str], list[ExposedPhoto]] = defaultdict(list)
    for photo in photos:
        by_post[(photo.account, photo.post_url)].append(photo)
    posts = [_post(group) for group in by_post.values()]
    return Exposure(tuple(photos), tuple(sorted(posts, key=_most_first)), all_posts)


def _post(photos: Iterable[ExposedPhoto]) -> ExposedPost:
    ordered = tuple(sorted(photos, key=lambda photo: photo.order))
    first = ordered[0]
    return ExposedPost(
        first.post_url, first.account, first.post_title, first.editor, first.published_at, ordered
    )  # fmt: skip


def _most_first(post: ExposedPost) -> tuple[float, str, str]:
    return (-post.exposure, post.account, post.url)
