"""What a visit to one page gave, or why it gave nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from auditbot.sentences import NOTHING, Sentence, say

Failure = Literal["download", "elsewhere", "refused", "slow", "crashed", "unreachable", "later"]

ELSEWHERE: tuple[Failure, Sentence] = ("elsewhere", say("The page leads to another site."))
ROUND: tuple[Failure, Sentence] = ("refused", say("The address leads round in a circle."))
GREW = say("The page kept growing while it was scrolled; what had appeared by then was read.")
LATE = say("The time for this page was over before all of it had been opened; what had appeared by then was read.")
_CRASHED: tuple[Failure, Sentence] = ("crashed", say("The page made the browser fail."))
_CERTIFICATE: tuple[Failure, Sentence] = ("unreachable", say("The site's security certificate is not valid."))
_FILE: tuple[Failure, Sentence] = ("download", say("The address holds a file, not a page."))
_REASONS: Mapping[str, tuple[Failure, Sentence]] = {
    "ERR_CERT": _CERTIFICATE,
    "ERR_SSL": _CERTIFICATE,
    "ERR_TOO_MANY_REDIRECTS": ROUND,
    "ERR_EMPTY_RESPONSE": ("unreachable", say("The site closed the connection without an answer.")),
    "ERR_INVALID_AUTH_CREDENTIALS": ("unreachable", say("The site asks for a user name and password.")),
    "Download is starting": _FILE,
    "ERR_ABORTED": _FILE,
    "crashed": _CRASHED,
    "closed": _CRASHED,
}


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
    cut_short: Sentence = NOTHING
    """Why the page may not be whole, as a sentence; empty if it is."""
    shut: int = 0
    """How many comments, pictures or cards the page says it has and did not show, whatever was clicked."""
    asks: bool = False
    """True if the page still asks for consent: what it would show afterwards is not known."""
    fetches: bool = False
    """True if its scripts asked for something, and were answered, or were made for this page alone."""
    scripts: frozenset[str] = frozenset()
    """The addresses of the scripts that it loaded."""
    fetched: tuple[tuple[str, str], ...] = ()
    """What its scripts were sent as JSON: addresses and texts."""
    turned: int = 0
    """How many further pages of a list its scripts showed in it when they were turned."""
    unchanged: bool = False
    """True if its server confirmed that the page is as it was when last asked."""
    sent: datetime | None = None
    """When it was sent, for one whose days count from then: "2 days ago". None: now."""

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class PageFailed(Exception):
    """A page could not be shown; the message says why, in a sentence for the safeguarding lead."""

    def __init__(self, failure: Failure, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason
        """Why, as a sentence."""
        self.failure = failure
        """Which kind of failure it was."""


def explain(message: str, late: bool, strayed: bool, round_and_round: bool, crashed: bool) -> PageFailed:
    """Turn what the browser said into what a school is told. ``strayed``: a script of the page led to another site."""
    failure, reason = next(
        (known for code, known in _REASONS.items() if code in message),
        ("unreachable", say("The site could not be reached.")),
    )
    if strayed and not late:
        failure, reason = ELSEWHERE
    elif round_and_round:
        failure, reason = ROUND
    elif late:
        failure, reason = "slow", say("The page did not answer in time.")
    elif crashed:
        failure, reason = _CRASHED
    return PageFailed(failure, reason)
