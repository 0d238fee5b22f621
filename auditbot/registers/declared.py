"""Everything the school declares, read together: a register that cannot be trusted stops the run before it starts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditbot.errors import RegisterError
from auditbot.registers import consent
from auditbot.registers.accounts import Account, read_accounts
from auditbot.registers.changes.accepted import Edited, accept, edited, local_moment, register_lock
from auditbot.registers.changes.term_dates import SchoolDays, school_days
from auditbot.registers.consent import History, answers_at_odds, changes_since_recorded, with_validity
from auditbot.registers.consent_history import append_answers, read_history
from auditbot.registers.csv_register import read_table
from auditbot.registers.people import Pupil, StaffMember, pupils_of, read_pupils, read_staff
from auditbot.registers.policy import (
    AllowedPhrase,
    Casework,
    Declarations,
    Policy,
    read_allowed,
    read_casework,
    read_declarations,
    read_policy,
)
from auditbot.registers.risk_assessments import RiskAssessment, read_risk_assessments
from auditbot.safe_files import finish_replacing
from auditbot.sentences import Sentence, say
from auditbot.settings import Workspace, load_settings


@dataclass(frozen=True, slots=True)
class Declared:
    """The registers as they stand on one day."""

    today: date
    """The school's local date."""
    pupils: Mapping[str, Pupil]
    """Pupils by id."""
    history: History
    """Dated consent answers."""
    staff: tuple[StaffMember, ...]
    """Members of staff."""
    accounts: Mapping[str, Account]
    """Accounts by name."""
    clauses: Policy
    """Policy clauses by id."""
    consent_version: str
    """Short hash of the consent list: changes when any answer does."""
    policy_version: str
    """Short hash of the policy file."""
    declarations: Declarations = field(default_factory=Declarations)
    """What roles declare, documents on file and approved photos of events."""
    casework: Casework = field(default_factory=Casework)
    """Concerns entered by hand, and referrals."""
    risk_assessments: Mapping[str, RiskAssessment] = field(default_factory=dict)
    """Risk assessments by id."""
    allowed: tuple[AllowedPhrase, ...] = ()
    """Phrases that the school allows, expired ones too."""
    school_days: SchoolDays = field(default_factory=SchoolDays)
    """Which days are school days."""
    notes: tuple[Sentence, ...] = ()
    """What in the consent register could not be used, a sentence each, for the top of every report."""


def read_declared(workspace: Workspace, today: date) -> Declared:
    """Read all registers, and first add to the consent history what was edited in pupils.csv since the last run.

    An edit that needs a person's word does not count before it has it: the register as last accepted is gone by, made
    stricter by what the edit refuses, and the notes say so. Raises RegisterError or SettingsError naming every problem
    of the first file that has any; a cell that says yes where the history says otherwise is one.
    """
    with register_lock(workspace.consent):
        pupils, history, notes = _people(workspace, today)
        settings = load_settings(workspace)
        valid_for = settings.consent.valid_for
        policy_file = workspace.config / "policy.toml"
        files = (workspace.consent / "pupils.csv", workspace.consent / "consent_history.csv")
        return Declared(
            today=today,
            pupils=pupils,
            history=with_validity(history, pupils, valid_for, today),
            staff=read_staff(workspace.consent / "staff.csv"),
            accounts={account.name: account for account in read_accounts(workspace.config / "accounts.toml")},
            clauses=read_policy(policy_file),
            consent_version=_short_hash(valid_for.encode(), *files),
            policy_version=_short_hash(b"", policy_file),
            declarations=read_declarations(workspace.config / "declarations.toml"),
            casework=read_casework(workspace.config / "casework.toml"),
            risk_assessments=read_risk_assessments(workspace.config / "risk_assessments"),
            allowed=read_allowed(workspace.config / "allowed_phrases.toml"),
            school_days=school_days(workspace, settings.school),
            notes=notes,
        )


def _people(workspace: Workspace, today: date) -> tuple[Mapping[str, Pupil], History, tuple[Sentence, ...]]:
    """Return pupils and history, with what was edited by hand dated and noted, and what is to be told of it."""
    consent_folder = workspace.consent
    pupils_file, history_file = consent_folder / "pupils.csv", consent_folder / "consent_history.csv"
    finish_replacing(consent_folder)
    pupils = read_pupils(pupils_file)
    state = edited(consent_folder, today)
    if state.stopped:
        pupils = pupils_of(state.to_go_by)
    history = read_history(history_file, pupils)
    notes = (*_waiting(state), *_ids_not_in_register(history_file, pupils))
    if at_odds := answers_at_odds(pupils.values(), history, today):
        raise RegisterError(history_file, at_odds)
    changes = changes_since_recorded(pupils.values(), history, today)
    try:
        if changes:
            append_answers(history_file, changes)
        if not state.stopped:
            accept(consent_folder, state, local_moment(workspace))
    except OSError as error:
        reason = f"an edited answer cannot be added ({error.strerror}); is it open elsewhere?"
        raise RegisterError(history_file, [reason]) from error
    return pupils, read_history(history_file, pupils) if changes else history, notes


def _waiting(state: Edited) -> tuple[Sentence, ...]:
    """Say that an edit waits for a person's word, and why."""
    return tuple(
        say(
            "consent/pupils.csv was edited by hand, and it does not count before somebody says that it is right: "
            "%(why)s Until then the register of before counts, and what the edit refuses. See: auditbot consent "
            "changes",
            why=each.sentence,
        )
        for each in state.stopped
    )


def _ids_not_in_register(history_file: Path, pupils: Mapping[str, Pupil]) -> tuple[Sentence, ...]:
    """Return a note on ids of the history that may be mistyped: an answer, perhaps a refusal, counts for nobody.

    An id that is a pupil's but for case, zeros and letters that look alike stops the run (RegisterError). A leaver who
    was taken out of the register needs no note: the program itself once wrote down an answer of theirs.
    """
    lines: dict[str, int] = {}
    once_in_register = set()
    for row in read_table(history_file, consent.COLUMNS, consent.COLUMNS[:4]) if history_file.exists() else ():
        pupil_id, source = row.text("pupil_id"), row.text("source")
        if pupil_id and pupil_id not in pupils:
            lines.setdefault(pupil_id, row.line)
            if source in (consent.FIRST_SEEN, consent.FORM, consent.CHANGED) or source.startswith(consent.IMPORT):
                once_in_register.add(pupil_id)
    alike = {_as_it_looks(pupil_id): pupil_id for pupil_id in pupils}
    mistyped = [
        f"line {line} is about {pupil_id}, whom pupils.csv does not hold; is {alike[_as_it_looks(pupil_id)]} meant?"
        for pupil_id, line in lines.items()
        if _as_it_looks(pupil_id) in alike
    ]
    if mistyped:
        raise RegisterError(history_file, mistyped)
    unknown = [f"{pupil_id} (line {line})" for pupil_id, line in lines.items() if pupil_id not in once_in_register]
    if not unknown:
        return ()
    return (
        say(
            "consent/consent_history.csv holds answers about ids that consent/pupils.csv does not: %(ids)s. "
            "They count for nobody. If an id is mistyped, correct it; if a pupil has left, keep the row in pupils.csv, "
            "with the day in left_on.",
            ids=", ".join(unknown),
        ),
    )


def _as_it_looks(pupil_id: str) -> str:
    alike = pupil_id.casefold().replace("o", "0").translate(str.maketrans("il", "11", "-_ "))
    return "".join(part.lstrip("0") if part.isdecimal() else part for part in re.split(r"(\d+)", alike))


def _short_hash(rule: bytes, *files: Path) -> str:
    content = rule.removeprefix(b"until leaving") + b"".join(file.read_bytes() for file in files if file.exists())
    return hashlib.sha256(content).hexdigest()[:12]


# The one place that decides whether a template of a pupil's face may be held.


@dataclass(frozen=True, slots=True)
class Rights:
    """Of whom a template may be held on one day."""

    may_hold: frozenset[str]
    """Pupils and staff of whom one may be held; nobody while face matching is not allowed."""
    why_not: Mapping[str, str]
    """By pupil: why none may be held, for the data manager."""


def rights(declared: Declared, *, matching_allowed: bool) -> Rights:
    """Return of whom a template may be held today: of nobody, if no impact assessment is recorded."""
    reasons = {pupil.pupil_id: why_no_template(pupil, declared.today) for pupil in declared.pupils.values()}
    why_not = {pupil_id: reason for pupil_id, reason in reasons.items() if reason}
    staff = {member.staff_id for member in declared.staff if member.biometric_consent}
    may_hold = (declared.pupils.keys() - why_not.keys()) | staff if matching_allowed else set()
    return Rights(frozenset(may_hold), why_not)


def why_no_template(pupil: Pupil, today: date) -> str:
    """Return why no template of this pupil may be held, for the data manager; empty if one may."""
    return next((reason for reason, _ in _against_template(pupil, today)), "")


def column_against_template(pupil: Pupil, today: date) -> str:
    """Return the column of consent/pupils.csv in which that stands or is missing; empty if a template may be held."""
    return next((column for _, column in _against_template(pupil, today)), "")


def _against_template(pupil: Pupil, today: date) -> Iterator[tuple[str, str]]:
    """Yield each reason and its column, those that outweigh the others first."""
    recorded = pupil.biometric
    if pupil.left_on is not None and pupil.left_on < today:
        yield f"left on {pupil.left_on}", "left_on"
    if recorded.objection is True:
        yield "a parent objects", "biometric_objection"
    if recorded.child_objects is True:
        yield "the child objects", "child_objects"
    if _reached(recorded.withdrawn_on, today):
        yield f"biometric consent withdrawn on {recorded.withdrawn_on}", "biometric_withdrawn_on"
    if not _reached(recorded.parents_notified_on, today):
        yield "no record that each parent was notified", "biometric_parents_notified_on"
    if not recorded.consent:
        said = "biometric consent declined" if recorded.consent is False else "no biometric consent recorded"
        yield said, "biometric_consent"
    if recorded.consent_on is not None and recorded.consent_on > today:
        yield f"biometric consent starts on {recorded.consent_on}", "biometric_consent_on"


def _reached(day: date | None, today: date) -> bool:
    return day is not None and day <= today
