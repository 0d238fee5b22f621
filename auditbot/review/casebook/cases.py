"""Cases: findings that one decision settles, in the order of risk in which somebody should look at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from auditbot.decisions.decided import Decided, Facts, State
from auditbot.decisions.standing import Standing
from auditbot.model import PhotoEvidence, TrackedFinding

RISKS: tuple[frozenset[str], ...] = (
    frozenset(("never_publish", "possible_never_publish")),
    frozenset(("words_hurtful", "words_contact")),
    frozenset(("no_permission", "withdrawn_since", "lapsed_since", "given_later", "possible_no_permission")),
    frozenset(
        ("phone_number", "email_address", "postal_address", "date_of_birth", "photo_position", "photo_serial_number")
    )
    | {"special_data"},
    frozenset(("surname", "child_not_on_the_register")),
    frozenset(("unknown_faces", "comment_photo")),
)
"""Kinds of finding by risk, gravest first; words to be read follow them."""
RECORDS = "governance"
"""Severity of what is put in order in a register, and never decided here."""
RECENT_DAYS = 14
"""Posts this old or newer are never part of the backlog of a first night."""
NEVER_BACKLOG = RISKS[0] | RISKS[1] | RISKS[3] | {"withdrawn_since"}


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


def cases(standings: Iterable[Standing], first_night: date | None, today: date) -> tuple[Case, ...]:
    """Return every case, in the order of risk. ``first_night`` is the day of the first audit, or None."""
    gathered: dict[object, list[Standing]] = {}
    for standing in standings:
        gathered.setdefault(_key(standing), []).append(standing)
    return in_order([_case(same, first_night, today) for same in gathered.values()])


def _key(standing: Standing) -> object:
    finding, facts = standing.tracked.finding, standing.facts
    if isinstance(finding.evidence, PhotoEvidence):
        about: object = facts.subjects
    else:
        about = facts.subjects[0].rpartition("|")[2] or finding.id
    return (about, finding.clause, finding.kind, finding.pupil_ids, standing.decided.state, facts.gone)


def _case(same: list[Standing], first_night: date | None, today: date) -> Case:
    same.sort(key=lambda one: (-_posted(one.tracked), one.tracked.finding.post_url, one.tracked.finding.id))
    tracked = tuple(one.tracked for one in same)
    return Case(
        tracked,
        tuple(one.facts for one in same),
        tuple(one.decided for one in same),
        first_night is not None and all(_old(one, first_night) for one in tracked),
        any(event.at.astimezone().date() == today for one in same for event in one.decided.referred),
    )


def _posted(tracked: TrackedFinding) -> float:
    posted = tracked.finding.posted_at
    return posted.timestamp() if posted else 0.0


def _old(tracked: TrackedFinding, first_night: date) -> bool:
    finding = tracked.finding
    if finding.kind in NEVER_BACKLOG or tracked.first_seen.date() > first_night:
        return False
    return finding.posted_at is not None and finding.posted_at.date() < first_night - timedelta(days=RECENT_DAYS)


def risk(case: Case) -> int:
    """Return the place of a case's kind in the order of risk, 0 gravest."""
    if any(facts.protected for facts in case.facts):
        return 0
    return next((place for place, kinds in enumerate(RISKS) if case.kind in kinds), len(RISKS))


def in_order(made: Iterable[Case]) -> tuple[Case, ...]:
    """Return cases by risk, the likeliest and newest first; all of one photo or post stand together."""
    ordered = sorted(made, key=lambda case: (risk(case), -case.first.finding.score, -_posted(case.first), case.id))
    places: dict[object, int] = {}
    for place, case in enumerate(ordered):
        places.setdefault(_together(case), place)
    return tuple(sorted(ordered, key=lambda case: places[_together(case)]))


def _together(case: Case) -> object:
    finding = case.first.finding
    evidence = finding.evidence
    return evidence.sha256 if isinstance(evidence, PhotoEvidence) else (finding.account, finding.post_url)


def decidable(case: Case) -> bool:
    """Whether a case is decided on the page; gaps in registers are mended there instead."""
    return case.first.finding.severity != RECORDS and not case.facts[0].gone


def queue(made: Iterable[Case], *, backlog: bool = False) -> tuple[Case, ...]:
    """Return the cases that need a decision now: those for today, or those of the first night's backlog."""
    return tuple(
        case for case in made if decidable(case) and case.open and case.backlog is backlog and not case.taken_today
    )
