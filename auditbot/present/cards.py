"""Findings gathered for reading: one card per post, and one card for posts that are copies of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from auditbot.model import Audit, Band, Finding, FindingState, PhotoEvidence, Severity, TextEvidence, TrackedFinding
from auditbot.present.report_context import ConsentThenNow, ReportContext

# The numbers at the top of every report: counted once, here, for the page, the terminal and the e-mail alike.

SEVERITIES: tuple[Severity, ...] = ("today", "week", "governance")
Subject = tuple[str, str]
"""Account and permalink. Findings about an account itself have an empty permalink."""


def still_there(findings: Iterable[TrackedFinding]) -> tuple[TrackedFinding, ...]:
    """Return the findings somebody has to act on: all but those that are gone."""
    return tuple(tracked for tracked in findings if tracked.state != "gone")


def worst(severities: Iterable[Severity]) -> Severity:
    """Return the most urgent of ``severities``."""
    return min(severities, key=SEVERITIES.index)


@dataclass(frozen=True, slots=True)
class Headline:
    """What the first box says. A post with several findings counts once, under the most urgent."""

    today: int
    """Posts that need action today."""
    week: int
    """Posts that need action this week."""
    governance: int
    """Posts or accounts with a matter for governance."""
    no_finding: int
    """Posts that were reached and gave no finding."""
    not_reached: int
    """Accounts of which nothing was checked."""
    in_part: int
    """Accounts of which something was not checked."""
    accounts: int
    """Accounts in this audit."""
    posts: int
    """Posts reached in this audit."""
    complete: bool
    """True if nothing was left unchecked."""
    everywhere: tuple[str, ...]
    """Why something was not checked in any account, as sentences."""

    @property
    def findings(self) -> int:
        """How many posts or accounts have a finding."""
        return self.today + self.week + self.governance

    @property
    def nothing_reached(self) -> bool:
        """True if no post was reached and that is not as it should be."""
        return self.posts == 0 and not self.complete

    def parts(self) -> tuple[tuple[str, str, str], ...]:
        """Return the first line of the report in parts: what it is about, the number (or ""), the words after it."""
        parts: list[tuple[str, str, str]] = []
        if self.findings:
            parts += [("today", str(self.today), "needs action today" if self.today == 1 else "need action today")]
            parts += [("week", str(self.week), "this week")]
            if self.governance:
                parts += [("governance", str(self.governance), "for governance")]
        else:
            words = "Nothing was reached" if self.nothing_reached else "No findings in what was reached"
            parts += [("none", "", words)]
        parts += [("rest", str(self.no_finding), f"{_plural('post', self.no_finding)} with no finding")]
        parts += [("sources", str(self.not_reached), f"{_plural('source', self.not_reached)} not checked")]
        if self.in_part:
            parts += [("sources", str(self.in_part), f"{_plural('source', self.in_part)} checked in part")]
        return tuple(parts)

    def line(self) -> str:
        """Return the first line as text: "2 need action today · 3 this week · ..."."""
        return " · ".join(f"{number} {words}".strip() for _, number, words in self.parts())

    def meaning(self) -> tuple[str, ...]:
        """Return what the numbers mean, in sentences; the first says whether the audit is complete."""
        if self.nothing_reached:
            nothing = "This audit is incomplete: nothing was reached, so it says nothing about what is published now."
            earlier = "The findings below come from earlier audits and may still be up."
            return (nothing, earlier) if self.findings else (nothing,)
        if self.complete:
            first = "Everything this audit set out to look at was reached."
        else:
            first = "This audit is incomplete. Read what could not be checked before you rely on the numbers."
        second = (
            "“No finding” means that the checks found nothing in what was reached. "
            "It does not promise that nothing is there."
        )
        return (first, *self.everywhere, second)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def headline(audit: Audit) -> Headline:
    """Count what the first box says."""
    subjects: dict[Subject, list[Severity]] = {}
    for tracked in still_there(audit.findings):
        finding = tracked.finding
        subjects.setdefault((finding.account, finding.post_url), []).append(finding.severity)
    found = [worst(severities) for severities in subjects.values()]
    status = {entry.account: entry.status for entry in audit.coverage}
    left_out = {item.account for item in audit.not_checked if item.account and not item.aside}
    not_reached = {name for name, state in status.items() if state in ("walled", "error")} | (left_out - set(status))
    in_part = ({name for name, state in status.items() if state == "partial"} | left_out) - not_reached
    return Headline(
        today=found.count("today"),
        week=found.count("week"),
        governance=found.count("governance"),
        no_finding=audit.posts_without_finding,
        not_reached=len(not_reached),
        in_part=len(in_part),
        accounts=len(set(status) | left_out),
        posts=sum(entry.posts for entry in audit.coverage),
        complete=audit.complete,
        everywhere=tuple(dict.fromkeys(item.reason for item in audit.not_checked if not item.account)),
    )


# Deadlines in school days.

WEEK = 5
"""School days within which a finding of severity "week" is due."""


def school_day(day: date) -> date:
    """Return ``day``, or the Monday after it if it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def add_school_days(day: date, count: int) -> date:
    """Return the date ``count`` school days after ``day`` (or after the Monday that follows, if it is a weekend)."""
    day = school_day(day)
    for _ in range(count):
        day = school_day(day + timedelta(days=1))
    return day


def due(severity: Severity, found: date) -> date | None:
    """Return until when a finding first seen on ``found`` is due; None for governance, which has no fixed day."""
    if severity == "today":
        return school_day(found)
    if severity == "week":
        return add_school_days(found, WEEK)
    return None


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
