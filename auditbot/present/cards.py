"""Findings gathered for reading: one card per photo, wherever it is shown, and one per post for its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditbot.decisions.decided import Decided, State
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
from auditbot.present.kinds import About, Risk, kind_of
from auditbot.present.order import due_on, in_backlog, posts_together, risk_of, sort_key
from auditbot.present.report_context import ConsentThenNow, ReportContext

Permissions = Mapping[str, tuple[ConsentThenNow, ...]]
GroupKey = tuple[str, str, Severity, Band, tuple[str, ...], tuple[ConsentThenNow, ...]]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one card that say the same: one clause, one kind, the same pupils."""

    findings: tuple[Finding, ...]
    """The findings, in their order; all share clause, kind, severity, band and pupils."""
    permissions: tuple[ConsentThenNow, ...]
    """What the register says, one entry per pupil."""
    decided: Decided
    """Where the first of them stands."""
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

    account: str
    """Name of the account."""
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
    seen_gone: bool = False
    """True if one visit found page and files without it."""


@dataclass(frozen=True, slots=True)
class Card:
    """All that has to be decided about one photo or about the words of one post."""

    number: int
    """Its number in this report, from 1."""
    risk: Risk
    """What it puts at risk, the worst of its findings."""
    severity: Severity
    """The most urgent severity of its findings."""
    places: tuple[Place, ...]
    """The posts, newest first."""
    groups: tuple[Group, ...]
    """What was found, in the order of risk."""
    state: State
    """Where it stands: what needs somebody first, of its findings."""
    due: date | None
    """The earliest deadline of what still stands; None if no day is fixed."""
    overdue: bool
    """True if that day has passed."""
    backlog: bool
    """True if it was found on the first night and may wait its turn."""
    worst: TrackedFinding
    """The finding that decides its place in the order."""

    @property
    def account(self) -> str:
        """Name of the account of its newest post."""
        return self.places[0].account

    @property
    def first(self) -> Finding:
        """The finding that stands for the card."""
        return self.groups[0].first

    @property
    def size(self) -> int:
        """How many posts it stands for."""
        return len(self.places)

    @property
    def first_seen(self) -> datetime:
        """When an audit first found any of it."""
        return min(place.first_seen for place in self.places)

    @property
    def news(self) -> FindingState | None:
        """new or back, if any of it is since the last audit; None if all was seen before."""
        states = {place.state for place in self.places}
        return next((state for state in NEWS if state in states), None)

    @property
    def to_read(self) -> bool:
        """True if it is only words that somebody should read."""
        return self.risk is Risk.WORDS


def cards(audit: Audit, context: ReportContext) -> tuple[Card, ...]:
    """Return the cards of all findings that are not gone, numbered in the order of risk, those of one post together."""
    today = audit.started_at.astimezone(ZoneInfo(context.timezone)).date()
    copies = copies_of_posts(audit.findings)
    gathered: dict[object, list[TrackedFinding]] = {}
    for tracked in audit.findings:
        if tracked.state != "gone":
            gathered.setdefault(_subject(tracked.finding, copies), []).append(tracked)
    made = [_card(findings, context, today) for findings in gathered.values()]
    made.sort(key=lambda card: sort_key(card.worst, context.protected, context.front_pages))
    ordered = posts_together(made, _post, lambda card: card.worst.finding.id)
    return tuple(replace(card, number=number) for number, card in enumerate(ordered, 1))


def _post(card: Card) -> object:
    """Return the newest post that a card stands in; of a record, the record itself."""
    place = card.places[0]
    return (place.account, place.url) if place.url else card.worst.finding.id


def _subject(finding: Finding, copies: Mapping[str, str]) -> object:
    """Return what a finding is about: a photo wherever it stands, or the words of a post; of copies the first one's."""
    evidence = finding.evidence
    if isinstance(evidence, PhotoEvidence) and not evidence.words:
        return ("photo", evidence.sha256)
    if not finding.post_url:
        return ("record", finding.account, finding.kind)
    same = copies.get(finding.post_url, finding.post_url)
    return ("words", finding.account, same, kind_of(finding.kind).about is About.WORDS)


def _card(findings: list[TrackedFinding], context: ReportContext, today: date) -> Card:
    zone, protected = ZoneInfo(context.timezone), context.protected
    ordered = sorted(findings, key=lambda tracked: sort_key(tracked, protected, context.front_pages))
    standing = {tracked.finding.id: context.decided(tracked.finding.id) for tracked in ordered}
    days = [
        day
        for tracked in ordered
        if standing[tracked.finding.id].state in STILL_TO_DO
        and (day := due_on(tracked, today, context.first_night, zone, protected, context.school_days.is_school_day))
    ]
    deadline = min(days, default=None)
    return Card(
        number=0,
        risk=risk_of(ordered[0].finding, protected),
        severity=min((tracked.finding.severity for tracked in ordered), key=SEVERITIES.index),
        places=_places(ordered),
        groups=_groups(ordered, context.permissions, standing),
        state=min((one.state for one in standing.values()), key=ATTENTION.index),
        due=deadline,
        overdue=deadline is not None and deadline < today,
        backlog=all(in_backlog(tracked, context.first_night, zone, protected) for tracked in ordered),
        worst=ordered[0],
    )


NEWS: tuple[FindingState, ...] = ("new", "back")
SEVERITIES: tuple[Severity, ...] = ("today", "week", "governance")
STILL_TO_DO = (State.NEW, State.WAITING, State.TO_COME_DOWN, State.ASKED)
"""States in which a deadline counts."""
ATTENTION = (
    State.NEW,
    State.TO_COME_DOWN,
    State.WAITING,
    State.ASKED,
    State.GONE_ONCE,
    State.STAYS_UP,
    State.PROVED,
    State.CLOSED,
    State.ENDED,
)
"""Of the findings of one card, the state that counts: what needs somebody first."""


def _places(findings: Iterable[TrackedFinding]) -> tuple[Place, ...]:
    posts: dict[tuple[str, str], list[TrackedFinding]] = {}
    for tracked in findings:
        posts.setdefault((tracked.finding.account, tracked.finding.post_url), []).append(tracked)
    return tuple(sorted((_place(found) for found in posts.values()), key=_newest_first))


def _newest_first(place: Place) -> tuple[float, str, str]:
    return (-place.posted_at.timestamp() if place.posted_at else 0.0, place.account, place.url)


def _place(findings: list[TrackedFinding]) -> Place:
    states: tuple[FindingState, ...] = ("back", "new", "open")
    first = findings[0].finding
    return Place(
        account=first.account,
        url=first.post_url,
        posted_at=first.posted_at,
        state=min((tracked.state for tracked in findings), key=states.index),
        first_seen=min(tracked.first_seen for tracked in findings),
        last_checked=max((tracked.last_checked for tracked in findings if tracked.last_checked), default=None),
        removed=all(tracked.removal for tracked in findings),
        seen_gone=all(tracked.seen_gone for tracked in findings),
    )


def _key(finding: Finding, permissions: Permissions) -> GroupKey:
    said = permissions.get(finding.id, ())
    return (finding.clause, finding.kind, finding.severity, finding.band, finding.pupil_ids, said)


def _groups(
    findings: list[TrackedFinding], permissions: Permissions, standing: Mapping[str, Decided]
) -> tuple[Group, ...]:
    gathered: dict[GroupKey, list[Finding]] = {}
    for tracked in findings:
        gathered.setdefault(_key(tracked.finding, permissions), []).append(tracked.finding)
    removals = {tracked.finding.id: tracked.removal for tracked in findings if tracked.removal}
    return tuple(
        Group(
            tuple(same),
            key[-1],
            standing[same[0].id],
            tuple(dict.fromkeys(removals[one.id] for one in same if one.id in removals)),
        )
        for key, same in gathered.items()
    )


def copies_of_posts(findings: Iterable[TrackedFinding]) -> dict[str, str]:
    """Return by permalink of posts that are copies of each other, word for word where anything was found, the first."""
    said: dict[tuple[str, str], set[object]] = {}
    for tracked in findings:
        finding, evidence = tracked.finding, tracked.finding.evidence
        if tracked.state != "gone" and finding.post_url and isinstance(evidence, TextEvidence):
            words = evidence.text[max(0, evidence.start - 60) : evidence.end + 60]
            said.setdefault((finding.account, finding.post_url), set()).add((finding.kind, evidence.field, words))
    first: dict[object, str] = {}
    return {url: first.setdefault((account, frozenset(words)), url) for (account, url), words in sorted(said.items())}


@dataclass(frozen=True, slots=True)
class Child:
    """One pupil over all cards."""

    pupil_id: str
    """The pupil's id."""
    photos: int
    """In how many photos the pupil may be."""
    likely: int
    """In how many of them the face is so like that the program would name the pupil."""
    perhaps: int
    """In how many it is a possible match."""
    numbers: tuple[int, ...]
    """Numbers of the cards, in their order."""


def children(made: Iterable[Card]) -> tuple[Child, ...]:
    """Return the pupils who may be in more than one photo that has to be decided or to come down, by risk and count."""
    found: dict[str, list[tuple[Card, bool]]] = {}
    for card in made:
        if card.state not in STILL_TO_DO:
            continue
        sure: dict[str, bool] = {}
        for group in card.groups:
            if kind_of(group.first.kind).about is About.FACE:
                for pupil_id in group.first.pupil_ids:
                    sure[pupil_id] = sure.get(pupil_id, False) or group.first.band == "breach"
        for pupil_id, certain in sure.items():
            found.setdefault(pupil_id, []).append((card, certain))
    told = [
        Child(
            pupil_id,
            len(some),
            sum(certain for _, certain in some),
            sum(not certain for _, certain in some),
            tuple(card.number for card, _ in some),
        )
        for pupil_id, some in found.items()
        if len(some) > 1
    ]
    return tuple(sorted(told, key=lambda child: (-child.likely, -child.photos, child.pupil_id)))
