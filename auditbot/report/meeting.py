"""meeting.html: the audit without names, faces or reasons, in which every child's line reads like every other's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from auditbot.decisions.decided import State
from auditbot.model import Audit, PhotoEvidence
from auditbot.present.cards import Card, cards
from auditbot.present.headline import headline
from auditbot.present.report_context import ReportContext
from auditbot.report.html import page_environment, render_page, style_sheet
from auditbot.sentences import _, day_of, long_day, say

STANDS = {
    State.NEW: say("Needs a decision"),
    State.ASKED: say("Asked"),
    State.GONE_ONCE: say("Gone, seen once"),
}
DECIDED = say("Decided")
"""What every other state is called: that something waits for a second person would tell who it is about."""
REFERENCE = 8
"""Characters of a finding's id that are printed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One photo or post, with nothing that tells a child or a reason; days and accounts are of the post, not of it."""

    what: str
    """Photo, words or record."""
    account: str
    """Name of the account."""
    published: str
    """The day of the newest post; empty if not known."""
    found: str
    """The day it was first found."""
    stands: str
    """Where it stands, in as few words as tell no two children apart."""
    reference: str
    """How the lead finds it again."""


def meeting_html(audit: Audit, context: ReportContext) -> str:
    """Return the page for the meeting as one HTML document."""
    made = cards(audit, context)
    head = headline(audit, made, first_night=context.is_first_night)
    zone = ZoneInfo(context.timezone)
    lines = sorted((_line(card, zone) for card in made), key=lambda found: (found[0], found[1].reference))
    environment = page_environment()
    states = Counter(card.state for card in made)
    counts: list[tuple[str, int]] = [(words, states[state]) for state, words in STANDS.items()]
    counts.append((DECIDED, sum(count for state, count in states.items() if state not in STANDS)))
    counts += [
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
        lines=[line for _found, line in lines],
    )


def _line(card: Card, zone: ZoneInfo) -> tuple[str, Line]:
    finding, found = card.first, card.first_seen.astimezone(zone).date()
    evidence = finding.evidence
    photo = isinstance(evidence, PhotoEvidence) and not evidence.words
    what = _("Photo") if photo else _("Words") if finding.post_url else _("Record")
    published = card.places[0].posted_at
    return found.isoformat(), Line(
        what=what,
        account=card.account,
        published=day_of(published.astimezone(zone).date()) if published else "",
        found=day_of(found),
        stands=STANDS.get(card.state, DECIDED),
        reference=finding.id[:REFERENCE],
    )
