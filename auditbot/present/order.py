"""The order in which findings are read, by what they put at risk; and what of the first night may wait."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from auditbot.decisions.decided import weekday
from auditbot.model import Finding, TrackedFinding
from auditbot.present.kinds import Risk, kind_of
from auditbot.present.school_days import due

Item = TypeVar("Item")

OLD_AFTER = timedelta(days=14)
"""A post older than this on the first night was up before anybody looked: a day more changes little."""
OLD_CHILD_AFTER = timedelta(days=92)
"""The same where a child without permission was recognised with certainty: a term."""
WEEKLY_SHARE = 40
"""So many of the backlog are meant to be looked at in a week."""


def risk_of(finding: Finding, protected: Collection[str]) -> Risk:
    """Return what a finding puts at risk; whatever names or may show a protected child comes first."""
    if any(pupil_id in protected for pupil_id in finding.pupil_ids):
        return Risk.PROTECTED
    return kind_of(finding.kind).risk


def in_backlog(tracked: TrackedFinding, first_night: date | None, zone: ZoneInfo, protected: Collection[str]) -> bool:
    """Return whether a finding belongs to the backlog: found on the first night in an old post, and of no prompt kind.

    ``first_night`` is the day of the first audit, in the school's ``zone``; None if it is not known.
    """
    finding = tracked.finding
    found = tracked.first_seen.astimezone(zone).date()
    if first_night is None or found > first_night or tracked.state == "back":
        return False
    kind = kind_of(finding.kind)
    if kind.prompt or kind.risk is Risk.RECORDS or risk_of(finding, protected) is Risk.PROTECTED:
        return False
    if finding.posted_at is None:
        return bool(finding.post_url)
    certain = kind.risk is Risk.NO_PERMISSION and finding.band == "breach"
    return finding.posted_at.astimezone(zone).date() < found - (OLD_CHILD_AFTER if certain else OLD_AFTER)


def due_on(
    tracked: TrackedFinding,
    today: date,
    first_night: date | None,
    zone: ZoneInfo,
    protected: Collection[str],
    school_day: Callable[[date], bool] = weekday,
) -> date | None:
    """Return until when a finding should be decided and gone; None if no day is fixed: for records, and the backlog.

    What came back is due as if it were found ``today``.
    """
    if in_backlog(tracked, first_night, zone, protected):
        return None
    found = today if tracked.state == "back" else tracked.first_seen.astimezone(zone).date()
    return due(tracked.finding.severity, found, school_day)


def sort_key(tracked: TrackedFinding, protected: Collection[str], front_pages: Collection[str]) -> tuple[object, ...]:
    """Return what findings are sorted by: risk, certain before likely, on a front page first, then the newest post."""
    finding = tracked.finding
    posted = -finding.posted_at.timestamp() if finding.posted_at else 0.0
    front = finding.post_url in front_pages
    likely = finding.band != "breach"
    return (risk_of(finding, protected), likely, not front, posted, -finding.score, finding.account, finding.post_url)


def posts_together(
    ordered: Sequence[Item], post_of: Callable[[Item], object], thing_of: Callable[[Item], object]
) -> tuple[Item, ...]:
    """Return what is in the order of risk so that all of one post stands together, where the gravest of it stands.

    A photo (or other thing) that is shown with several posts draws these to the gravest of them.
    """
    things: dict[object, int] = {}
    posts: dict[object, int] = {}
    for place, one in enumerate(ordered):
        things.setdefault(thing_of(one), place)
        posts.setdefault(post_of(one), place)
    drawn = dict(posts)
    for one in ordered:
        drawn[post_of(one)] = min(drawn[post_of(one)], drawn[post_of(ordered[things[thing_of(one)]])])
    return tuple(sorted(ordered, key=lambda one: (drawn[post_of(one)], posts[post_of(one)], things[thing_of(one)])))
