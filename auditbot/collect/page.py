"""What a visit to one page gave, or why it gave nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Failure = Literal["download", "elsewhere", "refused", "slow", "crashed", "unreachable", "later"]


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """One page as the browser shows it once everything lazy has appeared."""

    url: str
    """Address it was shown at, after redirects."""
    status: int
    """HTTP status of the answer."""
    headers: dict[str, str]
    """Headers of the answer, names in lower case."""
    html: str
    """The page after its scripts ran, with marks ``data-auditbot-*`` for what only a live page knows."""
    base: str
    """What relative links are joined to."""
    cut_short: str = ""
    """Why the page may not be whole, as a sentence; empty if it is."""

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class PageFailed(Exception):
    """A page could not be shown; the message says why, in a sentence for the safeguarding lead."""

    def __init__(self, failure: Failure, reason: str) -> None:
        super().__init__(reason)
        self.failure = failure
        """Which kind of failure it was."""
