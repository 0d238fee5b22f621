"""meeting.html: the audit without names, faces or reasons, in which every child's line reads like every other's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from auditbot.decisions.decided import State
from auditbot.model import Audit
from auditbot.present.cards import Card, cards
from auditbot.present.headline import headline
from auditbot.present.report_context import ReportContext
from auditbot.report.html import page_environment, render_page, style_sheet
from auditbot.sentences import _, day_of, long_day, month_of, say

STANDS = {
    State.NEW: say("Needs a decision"),
    State.ASKED: say("Asked"),
    State.GONE_ONCE: say("Gone, seen once"),
}
DECIDED = say("Decided")
"""What every other state is called: that something waits for a second person would tell who it is about."""
REFERENCE = 8
"""Characters of a finding's id that are printed."""
MOST_LINES = 400
"""So many lines are printed one by one, some ten sheets; 5,000 were 279 sheets that nobody takes to a meeting."""


@dataclass(frozen=True, slots=True)
class Line:
    """One photo or post, with nothing that tells a child or a reason; days and accounts are of the post, not of it."""

    what: str
    """Photo, words or record."""
    account: str
    """Name of the account."""
    published_on: date | None
    """The day of the newest post; None if not known."""
    found_on: date
    """The day it was first found."""
    state: State
    """Where it stands; told in as few words as tell no two children apart."""
    reference: str
    """How the lead finds it again."""

    @property
    def published(self) -> str:
        """The day of the newest post in words; empty if not known."""
        return day_of(self.published_on) if self.published_on else ""

    @property
    def found(self) -> str:
        """The day it was first found, in words."""
        return day_of(self.found_on)

    @property
    def stands(self) -> str:
        """Where it stands, in words."""
        return STANDS.get(self.state, DECIDED)


@dataclass(frozen=True, slots=True)
class Month:
    """Lines that are counted, not printed: those of the posts of one month."""

    called: str
    """The month, in words; empty if the posts have no day."""
    lines: int
    """How many there are."""
    undecided: int
    """How many of them need a decision."""


def one_by_one(lines: Iterable[Line]) -> tuple[tuple[Line, ...], tuple[Month, ...]]:
    """Return the lines found last, by the day they were found, and the others counted by month, newest first.

    What a line is about has no part in the choice, or the print would tell whom it protects.
    """
    ordered = sorted(lines, key=lambda line: (line.found_on, line.reference))
    months: dict[date | None, list[Line]] = {}
    for line in ordered[:-MOST_LINES]:
        months.setdefault(line.published_on.replace(day=1) if line.published_on else None, []).append(line)
    counted = tuple(
        Month(month_of(month) if month else "", len(some), sum(line.state is State.NEW for line in some))
        for month, some in sorted(months.items(), key=lambda item: item[0] or date.min, reverse=True)
    )
    return tuple(ordered[-MOST_LINES:]), counted


def numbers(states: Counter[State]) -> list[tuple[str, int]]:
    """Return how many stand where, in the words of the print."""
    counts: list[tuple[str, int]] = [(words, states[state]) for state, words in STANDS.items()]
    return [*counts, (DECIDED, sum(count for state, count in states.items() if state not in STANDS))]


def meeting_html(audit: Audit, context: ReportContext) -> str:
    """Return the page for the meeting as one HTML document."""
    made = cards(audit, context)
    head = headline(audit, made, first_night=context.is_first_night)
    zone = ZoneInfo(context.timezone)
    lines, months = one_by_one(_line(card, zone) for card in made)
    environment = page_environment()
    counts = [
        *numbers(Counter(card.state for card in made)),
        (_("Gone since last time"), len({(one.finding.account, one.finding.post_url) for one in head.gone})),
        (_("Posts looked at"), head.posts),
        (_("Posts with no finding"), head.no_finding),
        (_("Sources not reached"), head.not_reached),
        (_("Sources reached in part"), head.in_part),
    ]
    return render_page(
        environment,
        "meeting.html.j2",
        style_sheet(environment, "report.css").replace("RUN_ID", "without names"),
        school=context.school,
        day=long_day(audit.started_at.astimezone(zone).date()),
        audit=audit.id,
        counts=counts,
        lines=lines,
        months=months,
    )


def _line(card: Card, zone: ZoneInfo) -> Line:
    finding = card.first
    what = _("Photo") if finding.shows_somebody else _("Words") if finding.post_url else _("Record")
    published = card.places[0].posted_at
    return Line(
        what=what,
        account=card.account,
        published_on=published.astimezone(zone).date() if published else None,
        found_on=card.first_seen.astimezone(zone).date(),
        state=card.state,
        reference=finding.id[:REFERENCE],
    )
