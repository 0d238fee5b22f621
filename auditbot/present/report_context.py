"""What a report needs beyond the audit itself: names, permissions, clauses, accounts and where the pictures lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditbot.check.policy_state import ClauseState
from auditbot.decisions.decided import Decided, State
from auditbot.decisions.standing import Standing
from auditbot.examine.faces.trial import Trial
from auditbot.model import Channel, Finding, Screen, Severity
from auditbot.present.exposed_since import ExposureSince
from auditbot.registers.changes.term_dates import SchoolDays


@dataclass(frozen=True, slots=True)
class PupilLabel:
    """How a pupil is called in the safeguarding lead's report; joined from the register when a report is written."""

    name: str
    """The name to show, for example "Amara K."."""
    class_name: str = ""
    """The pupil's class; empty if the register does not say."""


@dataclass(frozen=True, slots=True)
class ConsentThenNow:
    """What the register says about one pupil of one finding, on the day of the post and today."""

    pupil_id: str
    """The pupil's id in the register."""
    then: str
    """For the day it was posted, as a short phrase: "yes (form of 2025-09-03)"; empty if it cannot be told."""
    now: str
    """For the day of the audit, as a short phrase: "withdrawn on 2026-10-12"."""
    by: str = ""
    """Who gave the newest answer, how and when; empty if nobody is on record."""


@dataclass(frozen=True, slots=True)
class ClauseText:
    """One clause of the policy as the report tells it."""

    summary: str
    """The clause in a few words of our own."""
    how: str
    """How it is audited: "pages", "register", "attest", "workflow", or several of them."""
    state: ClauseState
    """Where it stands."""
    severity: Severity | None = None
    """The severity its findings usually have, or None if it gives none."""
    wording: str = ""
    """The school's own wording or numbering; empty if none is recorded."""


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One account of the accounts register."""

    name: str
    """Its name in the register."""
    kind: str
    """Which source reads it, for example "website"."""
    url: str
    """Its address."""
    channel: Channel
    """Which permission applies to what it publishes."""
    owner: str = ""
    """Who looks after it: a role; empty if nobody is recorded."""


@dataclass(frozen=True, slots=True)
class ReportContext:
    """All that a report says and the audit does not hold. It is put together when a report is written, never stored."""

    school: str
    """The school's name."""
    safeguarding_lead: str
    """Who decides on findings: a role."""
    timezone: str
    """The school's time zone; all times are shown in it."""
    pupils: Mapping[str, PupilLabel] = field(default_factory=dict)
    """Labels by pupil id."""
    secret_names: frozenset[str] = frozenset()
    """Names of all pupils of the register, as secret_names() gives them: no take-down request holds any of them."""
    of_day: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """By account and permalink: which of its day's posts a post is, from 1, and how many there were that day."""
    keep_up: Mapping[tuple[str, str], tuple[Finding, ...]] = field(default_factory=dict)
    """By account and permalink: findings of words that have to stay as evidence until it is decided that they go."""
    parts: Mapping[tuple[str, str], Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Of the posts in ``keep_up``: which parts of the post its files are, as parts_by_file() gives them."""
    permissions: Mapping[str, tuple[ConsentThenNow, ...]] = field(default_factory=dict)
    """By finding id: what the register says for each pupil it may concern."""
    clauses: Mapping[str, ClauseText] = field(default_factory=dict)
    """By clause id, in the order of the policy."""
    cited: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By finding id: the id of the policy's clause, and its number as the school's policy has it."""
    referrals: Mapping[str, str] = field(default_factory=dict)
    """By finding id: to whom it was referred, and when."""
    accounts: tuple[AccountEntry, ...] = ()
    """The accounts register, in its order."""
    evidence: Mapping[str, Path] = field(default_factory=dict)
    """By content hash: photos kept as evidence, as published."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """By permalink: the titles of posts."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Further figures for the method section, by what they count: {"pupils in the register": 61}."""
    screens: Mapping[tuple[str, str], Screen] = field(default_factory=dict)
    """By account and permalink: screenshots of posts with findings."""
    protected: frozenset[str] = frozenset()
    """Ids of pupils who are never to be published."""
    standings: Mapping[str, Standing] = field(default_factory=dict)
    """By finding id: where it stands, by all decisions so far."""
    first_night: date | None = None
    """The day of the first audit; None if it is not known."""
    school_days: SchoolDays = field(default_factory=SchoolDays)
    """Which days are school days: deadlines count them."""
    is_first_night: bool = False
    """Whether this is the first audit, in which everything is new."""
    front_pages: frozenset[str] = frozenset()
    """Addresses of the accounts: what stands on them is seen first."""
    photo_numbers: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By permalink and content hash: the number of a photo in its post, from 1."""
    false_name_rate: float = 0.01
    """The share of strangers' faces that may be given somebody's name."""
    face_trial: Trial | None = None
    """What came of trying the gallery's own photos; None if faces are not matched or too few people are enrolled."""

    exposure: tuple[ExposureSince, ...] = ()
    """How exposed each account's photos are tonight, and were before; empty if nothing was counted yet."""

    def decided(self, finding: str) -> Decided:
        """Return where a finding stands; undecided if nothing is known of it."""
        standing = self.standings.get(finding)
        return standing.decided if standing else UNDECIDED

    def number(self, finding: Finding) -> str:
        """Return the number of the clause that a finding is cited under, as the school's own policy has it."""
        return self.cited.get(finding.id, ("", finding.clause))[1]

    def clause_of(self, finding: Finding) -> ClauseText | None:
        """Return the clause that a finding is cited under, or None if the policy no longer holds it."""
        return self.clauses.get(self.cited.get(finding.id, (finding.clause, ""))[0])


UNDECIDED = Decided(State.NEW)
