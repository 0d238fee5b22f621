"""How far each account was reached night by night, and how much was checked before it was posted. Counts only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from auditbot.model import Post
from auditbot.sentences import say

NIGHTS = 14
"""How many days the strip shows."""


class Reach(StrEnum):
    """How far the last visit of a day came."""

    WHOLE = "complete"
    PART = "partial"
    WALL = "walled"
    ERROR = "error"
    NONE = "none"


SHAPES = {Reach.WHOLE: "■", Reach.PART: "◧", Reach.WALL: "✕", Reach.ERROR: "✕", Reach.NONE: "–"}
"""One shape each, told apart without colour."""
WORDS = {
    Reach.WHOLE: say("reached in full"),
    Reach.PART: say("reached in part"),
    Reach.WALL: say("closed to visitors"),
    Reach.ERROR: say("not reached"),
    Reach.NONE: say("not visited"),
}


@dataclass(frozen=True, slots=True)
class Strip:
    """One account over the days of the strip."""

    account: str
    """Its name."""
    nights: tuple[tuple[date, Reach], ...]
    """Each day, oldest first, and how far its last visit came."""


def strips(
    accounts: Iterable[str], visits: Iterable[tuple[str, datetime, str]], today: date, zone: tzinfo, days: int = NIGHTS
) -> tuple[Strip, ...]:
    """Return one strip an account: those declared, and those visited in these days; ``visits`` oldest first."""
    shown = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    last: dict[tuple[str, date], Reach] = {}
    for account, ended, status in visits:
        last[account, ended.astimezone(zone).date()] = Reach(status)
    names = dict.fromkeys((*accounts, *(account for account, day in last if day in shown)))
    return tuple(Strip(name, tuple((day, last.get((name, day), Reach.NONE)) for day in shown)) for name in names)


@dataclass(frozen=True, slots=True)
class CheckedShare:
    """How many published photos were checked before they were posted. The same file is recognised, no other."""

    photos: int
    """Photos that posts published in the time show, each file once."""
    could_go: int
    """Those for which the answer was that they can go."""
    advised_against: int
    """Those posted although another photo, or a question, was advised."""


def checked_share(posts: Iterable[Post], answers: Mapping[str, bool], since: date, zone: tzinfo) -> CheckedShare:
    """Count the photos of posts published since a day; ``answers`` says by hash of a file whether it could go."""
    shown = {
        photo.sha256
        for post in posts
        if post.published_at and post.published_at.astimezone(zone).date() >= since
        for photo in post.photos
        if photo.sha256 and photo.found_in == "post"
    }
    told = [answers[digest] for digest in shown if digest in answers]
    return CheckedShare(len(shown), sum(told), len(told) - sum(told))
