"""Findings gathered for reading: one card per post, and one card for posts that are copies of each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditbot.model import (
    Audit,
    Band,
    Finding,
    FindingState,
    PhotoEvidence,
    Severity,
    TextEvidence,
    TrackedFinding,
)
from auditbot.report.context import ConsentThenNow, ReportContext
from auditbot.report.headline import SEVERITIES, Subject, still_there, worst
from auditbot.report.school_days import due

Permissions = Mapping[str, tuple[ConsentThenNow, ...]]
GroupKey = tuple[str, str, Severity, Band, tuple[str, ...], tuple[ConsentThenNow, ...]]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one post that say the same: one clause, one kind, the same pupils."""

    findings: tuple[Finding, ...]
    """The findings, in the order of the audit; all share clause, kind, severity, band and pupils."""
    permissions: tuple[ConsentThenNow, ...]
    """What the register says, one entry per pupil."""
    removals: tuple[str, ...] = ()
    """What is known of removals that are not proved yet, each once."""

    @property
    def first(self) -> Finding:
        """The finding that stands for the group."""
        return self.findings[0]

    def said_of(self, pupil_id: str) -> ConsentThenNow | None:
        """Return what the register says of this pupil, or None if that is not known."""
        return next((said for said in self.permissions if said.pupil_id == pupil_id), None)

    @property
    def surest(self) -> Finding:
        """The finding with the highest score."""
        return max(self.findings, key=lambda finding: finding.score)

    @property
    def told(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        """The findings by what they say: each explanation once, with its findings."""
        told: dict[str, list[Finding]] = {}
        for finding in self.findings:
            told.setdefault(finding.explanation, []).append(finding)
        return tuple((explanation, tuple(findings)) for explanation, findings in told.items())


@dataclass(frozen=True, slots=True)
class Place:
    """One post of a card."""

    url: str
    """Its permalink; empty for a finding about the account itself."""
    posted_at: datetime | None
    """When it was published, if known."""
    state: FindingState
    """new, open or back: the most notable state of its findings."""
    first_seen: datetime
    """When an audit first found anything in it that still stands."""
    last_checked: datetime | None
    """When the post was last reached."""
    removed: bool = False
    """True if its page no longer shows anything that was found in it, as far as is known."""


@dataclass(frozen=True, slots=True)
class Card:
    """All that has to be decided about one post, or about several posts that are copies of each other."""

    number: int
    """Its number in this report, from 1."""
    account: str
    """Name of the account."""
    severity: Severity
    """The most urgent severity of its groups."""
    places: tuple[Place, ...]
    """The posts, newest first."""
    groups: tuple[Group, ...]
    """What was found, most urgent first."""
    due: date | None
    """The earliest deadline; None for governance."""
    overdue: bool
    """True if that day has passed."""

    @property
    def size(self) -> int:
        """How many posts it stands for."""
        return len(self.places)

    @property
    def first_seen(self) -> datetime:
        """When an audit first found any of it."""
        return min(place.first_seen for place in self.places)


def cards(audit: Audit, context: ReportContext) -> tuple[Card, ...]:
    """Return the cards of all findings that are not gone, most urgent first, numbered in that order."""
    today = audit.started_at.astimezone(ZoneInfo(context.timezone)).date()
    posts: dict[Subject, list[TrackedFinding]] = {}
    for tracked in still_there(audit.findings):
        posts.setdefault((tracked.finding.account, tracked.finding.post_url), []).append(tracked)
    copies: dict[object, list[list[TrackedFinding]]] = {}
    for findings in posts.values():
        copies.setdefault(_signature(findings, context.permissions), []).append(findings)
    made = [_card(group, context, today) for group in copies.values()]
    made.sort(key=_order)
    return tuple(replace(card, number=number) for number, card in enumerate(made, 1))


def _order(card: Card) -> tuple[object, ...]:
    breach = any(group.first.band == "breach" for group in card.groups)
    newest = max((place.posted_at.timestamp() for place in card.places if place.posted_at), default=0.0)
    return (SEVERITIES.index(card.severity), not card.overdue, not breach, -newest, card.account, card.places[0].url)


def _card(posts: list[list[TrackedFinding]], context: ReportContext, today: date) -> Card:
    places = sorted((_place(findings) for findings in posts), key=_newest_first)
    shown = next(found for found in posts if found[0].finding.post_url == places[0].url)
    zone = ZoneInfo(context.timezone)
    days = []
    for tracked in (tracked for findings in posts for tracked in findings):
        found = today if tracked.state == "back" else tracked.first_seen.astimezone(zone).date()
        day = due(tracked.finding.severity, found)
        days += [day] if day else []
    deadline = min(days, default=None)
    return Card(
        number=0,
        account=shown[0].finding.account,
        severity=worst(tracked.finding.severity for tracked in shown),
        places=tuple(places),
        groups=_groups(shown, context.permissions),
        due=deadline,
        overdue=deadline is not None and deadline < today,
    )


def _newest_first(place: Place) -> tuple[float, str]:
    return (-place.posted_at.timestamp() if place.posted_at else 0.0, place.url)


def _place(findings: list[TrackedFinding]) -> Place:
    states: tuple[FindingState, ...] = ("back", "new", "open")
    checked = [tracked.last_checked for tracked in findings if tracked.last_checked]
    return Place(
        url=findings[0].finding.post_url,
        posted_at=findings[0].finding.posted_at,
        state=min((tracked.state for tracked in findings), key=states.index),
        first_seen=min(tracked.first_seen for tracked in findings),
        last_checked=max(checked, default=None),
        removed=all(tracked.removal for tracked in findings),
    )


def _key(finding: Finding, permissions: Permissions) -> GroupKey:
    said = permissions.get(finding.id, ())
    return (finding.clause, finding.kind, finding.severity, finding.band, finding.pupil_ids, said)


def _groups(findings: list[TrackedFinding], permissions: Permissions) -> tuple[Group, ...]:
    gathered: dict[GroupKey, list[Finding]] = {}
    for tracked in findings:
        gathered.setdefault(_key(tracked.finding, permissions), []).append(tracked.finding)
    removals = {tracked.finding.id: tracked.removal for tracked in findings if tracked.removal}
    groups = [
        Group(tuple(same), key[-1], tuple(dict.fromkeys(removals[one.id] for one in same if one.id in removals)))
        for key, same in gathered.items()
    ]
    return tuple(sorted(groups, key=_urgency))


def _urgency(group: Group) -> tuple[int, bool, float]:
    """Sort what is urgent first; of words to be read, the worst."""
    worst_words = group.surest.score if group.first.kind.startswith("words_") else 1.0
    return (SEVERITIES.index(group.first.severity), group.first.band != "breach", -worst_words)


def _signature(findings: list[TrackedFinding], permissions: Permissions) -> object:
    """Return what makes posts copies: the same account, and the same findings on the same picture or words."""
    said = frozenset(
        (_key(tracked.finding, permissions), _fingerprint(tracked.finding.evidence), tracked.removal)
        for tracked in findings
    )
    return (findings[0].finding.account, said)


def _fingerprint(evidence: TextEvidence | PhotoEvidence) -> object:
    if isinstance(evidence, PhotoEvidence):
        return (evidence.sha256, evidence.boxes)
    window = evidence.text[max(0, evidence.start - 60) : evidence.end + 60]
    return (evidence.field, window, evidence.start - max(0, evidence.start - 60))
