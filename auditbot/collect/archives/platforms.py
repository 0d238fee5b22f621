"""Which platforms' downloads can be read, and how each is recognised: by its layout, not by its file name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from auditbot.collect.archives import wordpress, x
from auditbot.collect.archives.container import Archive, Parser
from auditbot.collect.archives.meta import is_facebook, is_instagram, read_facebook, read_instagram
from auditbot.collect.archives.youtube import is_youtube, read_youtube
from auditbot.errors import ArchiveUnknown


def _does_not_say(_archive: Archive) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform's download."""

    name: str
    """Its name, as people say it."""
    kind: str
    """The kind of the accounts that it belongs to."""
    looked_for: str
    """What tells it from others, in words."""
    recognises: Callable[[Archive], bool]
    """Whether a download is this platform's."""
    read: Parser
    """What reads it."""
    made_at: Callable[[Archive], datetime | None] = _does_not_say
    """When it was made, as it says itself, or None."""


PLATFORMS = (
    Platform(
        "Facebook", "facebook", "Facebook Page: posts/profile_posts_1.json or .html", is_facebook, read_facebook
    ),
    Platform("Instagram", "instagram", "Instagram: media/posts_1.json or .html", is_instagram, read_instagram),
    Platform("X", "x", "X: data/tweets.js", x.is_x, x.read_x, x.made_at),
    Platform(
        "WordPress", "website", "WordPress: an .xml file made under Tools, Export",
        wordpress.is_wordpress, wordpress.read_wordpress, wordpress.made_at,
    ),
    Platform("YouTube", "youtube", "YouTube (Takeout): video metadata/videos.csv", is_youtube, read_youtube),
)  # fmt: skip


def recognise(archive: Archive) -> Platform:
    """Return whose download it is. Raises ArchiveUnknown naming what was looked for."""
    for platform in PLATFORMS:
        if platform.recognises(archive):
            return platform
    raise ArchiveUnknown(archive.paths, [platform.looked_for for platform in PLATFORMS])


def as_of(archive: Archive, platform: Platform) -> datetime:
    """Return when the download was made: what it says itself, else the newest time among its files; never to come."""
    return min(platform.made_at(archive) or archive.newest(), datetime.now(UTC))
