"""What discovery knows of a post before its page is opened, and how knowledge from several sources becomes one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from auditbot.model import Comment

Origin = Literal["api", "feed", "sitemap", "listing", "link", "known"]
_TRUST: dict[Origin, int] = {"api": 0, "feed": 1, "listing": 2, "sitemap": 3, "link": 4, "known": 5}


@dataclass(frozen=True, slots=True)
class PhotoRef:
    """One photo as a page names it, before it is fetched."""

    candidates: tuple[str, ...]
    """Addresses of its renditions, largest first; the first that answers with a picture is taken."""
    alt: str = ""
    """The alternative text."""
    caption: str = ""
    """The visible caption."""
    found_in: Literal["post", "comment", "document", "video"] = "post"
    """Where in the post it is."""
    data: str = ""
    """The picture itself as a ``data:`` address, if it has no other."""
    is_drawing: bool = False
    """True for a drawing or an icon: it shows nobody, but its words are published words."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A post's address and what is known of it so far."""

    url: str
    """The permalink as found."""
    origin: Origin
    """Where it was found; the most trusted one after merging."""
    title: str = ""
    """The headline."""
    html: str = ""
    """The body as HTML; empty if the source does not give it."""
    author: str = ""
    """The author's shown name."""
    published_at: datetime | None = None
    """When it was published, with a zone."""
    photos: tuple[PhotoRef, ...] = ()
    """Photos that the source names, with their largest renditions."""
    comments: tuple[Comment, ...] = ()
    """Comments that the source gives."""

    def merged(self, other: Lead) -> Lead:
        """Return what both know; where both know something, the more trusted source wins."""
        first, second = (self, other) if _TRUST[self.origin] <= _TRUST[other.origin] else (other, self)
        return replace(
            first,
            title=first.title or second.title,
            html=first.html or second.html,
            author=first.author or second.author,
            published_at=first.published_at or second.published_at,
            photos=first.photos or second.photos,
            comments=first.comments or second.comments,
        )
