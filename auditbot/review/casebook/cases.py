"""Cases: findings that one decision settles, in the order of risk in which somebody should look at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditbot.decisions.decided import Decided, Facts, State
from auditbot.decisions.standing import Standing
from auditbot.model import Finding, PhotoEvidence, TrackedFinding
from auditbot.present.kinds import Risk, kind_of
from auditbot.present.order import in_backlog, posts_together, sort_key
from auditbot.present.wording import nothing_to_take_down

GONE = (State.GONE_ONCE, State.PROVED, State.CLOSED)
"""States of what a visit saw gone."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the order of cases rests on."""

    today: date
    """The school's day."""
    zone: ZoneInfo
    """The school's time zone."""
    first_night: date | None
    """The day of the first audit, or None."""
    protected: frozenset[str]
    """Pupils who are never to be published."""
    front_pages: frozenset[str]
    """Addresses of the accounts themselves."""


@dataclass(frozen=True, slots=True)
class Case:
    """Findings of one thing, wherever it is published: one decision settles all of them."""

    tracked: tuple[TrackedFinding, ...]
    """The findings with their lives, of the newest post first; all have one clause, one kind and the same pupils."""
    facts: tuple[Facts, ...]
    """What decisions rest on, one for each finding."""
    standings: tuple[Decided, ...]
    """Where each stands today."""
    backlog: bool = False
    """Whether it was there before the first audit and can take its turn."""
    taken_today: bool = False
    """Whether it was taken to somebody else today: it is asked again on the next day."""

    @property
    def id(self) -> str:
        """Id of the finding that stands for the case."""
        return self.first.finding.id

    @property
    def first(self) -> TrackedFinding:
        """The finding that stands for the case."""
        return self.tracked[0]

    @property
    def standing(self) -> Decided:
        """Where the finding that stands for the case stands."""
        return self.standings[0]

    @property
    def kind(self) -> str:
        """What was found."""
        return self.first.finding.kind

    @property
    def open(self) -> bool:
        """Whether somebody has to decide now."""
        return self.standing.state is State.NEW

    @property
    def last_event(self) -> int:
        """Number of the newest event about it, 0 if there is none: what a form shows it was made upon."""
        return max((event.id for standing in self.standings for event in standing.history), default=0)


def cases(standings: Iterable[Standing], order: Order) -> tuple[Case, ...]:
    """Return every case, in the order in which the report tells them too."""
    gathered: dict[object, list[Standing]] = {}
    for standing in standings:
        gathered.setdefault(_key(standing), []).append(standing)
    return in_order([_case(same, order) for same in gathered.values()], order)


def _key(standing: Standing) -> object:
    finding, facts = standing.tracked.finding, standing.facts
    if isinstance(finding.evidence, PhotoEvidence):  # permission is given by channel, so it is decided by channel
        about: object = (facts.subjects, facts.channels)
    else:
        about = facts.subjects[0].rpartition("|")[2] or finding.id
    return (about, finding.clause, finding.kind, finding.pupil_ids, standing.decided.state, facts.gone)


def _case(same: list[Standing], order: Order) -> Case:
    same.sort(key=lambda one: (-_posted(one.tracked), one.tracked.finding.post_url, one.tracked.finding.id))
    tracked = tuple(one.tracked for one in same)
    return Case(
        tracked,
        tuple(one.facts for one in same),
        tuple(one.decided for one in same),
        all(in_backlog(one, order.first_night, order.zone, order.protected) for one in tracked),
        not comes_down_once_told(tracked[0].finding)
        and any(
            event.at.astimezone(order.zone).date() == order.today for one in same for event in one.decided.referred
        ),
    )


def comes_down_once_told(finding: Finding) -> bool:
    """Whether words may be a threat that comes down as soon as somebody is told of it: nobody else decides that."""
    return kind_of(finding.kind).risk is Risk.THREAT and not nothing_to_take_down(finding)


def _posted(tracked: TrackedFinding) -> float:
    posted = tracked.finding.posted_at
    return posted.timestamp() if posted else 0.0


def in_order(made: Iterable[Case], order: Order) -> tuple[Case, ...]:
    """Return cases by risk, the likeliest and newest first; all of one post stand together, with the gravest of it."""
    ordered = sorted(made, key=lambda case: sort_key(case.first, order.protected, order.front_pages))
    return posts_together(ordered, post_of, _thing)


def _thing(case: Case) -> object:
    evidence = case.first.finding.evidence
    return evidence.sha256 if isinstance(evidence, PhotoEvidence) else case.id


def post_of(case: Case) -> tuple[str, str]:
    """Return the post with which a case is shown: the newest that it stands in, by account and address."""
    finding = case.first.finding
    return finding.account, finding.post_url or case.id


def decidable(case: Case) -> bool:
    """Whether a case is decided on the page; gaps in registers are mended there instead."""
    return not of_records(case) and not case.facts[0].gone


def place_in_post(case: Case, together: Iterable[Case], now: datetime) -> tuple[int, int]:
    """Return which of the things of its post that are decided on one day a case is, from 1, and how many they are."""

    def of_today(one: Case) -> bool:
        return one.open or any(event.at.astimezone(now.tzinfo).date() == now.date() for event in one.standing.history)

    names = [
        one.id
        for one in together
        if post_of(one) == post_of(case) and decidable(one) and one.backlog is case.backlog and of_today(one)
    ]
    return (names.index(case.id) + 1, len(names)) if case.id in names else (1, 1)


@dataclass(frozen=True, slots=True)
class Tally:
    """What pages count and list again and again of all cases, gathered once."""

    today: tuple[Case, ...] = ()
    """Cases that need a decision now."""
    backlog: tuple[Case, ...] = ()
    """Cases of the first night that can take their turn."""
    second: tuple[Case, ...] = ()
    """Cases that wait for a second person."""
    put_off: tuple[Case, ...] = ()
    """Cases that wait for a day, or were taken to somebody today."""
    gone: tuple[Case, ...] = ()
    """Cases seen gone or proved gone."""
    states: Mapping[State, int] = field(default_factory=dict)
    """By state, how many cases are still there; the school's records are left out."""
    overdue: int = 0
    """Cases whose day has passed; those of the backlog have none."""
    records: int = 0
    """Gaps in the school's records."""


def tally(made: Sequence[Case]) -> Tally:
    """Gather what pages count and list."""
    found = [case for case in made if not of_records(case)]
    there = [case for case in found if not case.facts[0].gone]
    return Tally(
        today=queue(there),
        backlog=queue(there, backlog=True),
        second=tuple(case for case in there if case.standing.second_needed),
        put_off=tuple(
            case for case in there if case.standing.state is State.WAITING or (case.open and case.taken_today)
        ),
        gone=tuple(case for case in found if case.standing.state in GONE),
        states=Counter(case.standing.state for case in there),
        overdue=sum(case.standing.overdue and not case.backlog for case in there),
        records=sum(of_records(case) and not case.facts[0].gone for case in made),
    )


def of_records(case: Case) -> bool:
    """Whether a case is about the school's own records."""
    return kind_of(case.kind).risk is Risk.RECORDS


def queue(made: Iterable[Case], *, backlog: bool = False) -> tuple[Case, ...]:
    """Return the cases that need a decision now: those for today, or those of the first night's backlog."""
    return tuple(
        case for case in made if decidable(case) and case.open and case.backlog is backlog and not case.taken_today
    )
