"""Everything the school declares, read together: a register that cannot be trusted stops the run before it starts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditbot.errors import RegisterError
from auditbot.registers.accounts import Account, read_accounts
from auditbot.registers.allowed import AllowedPhrase, read_allowed
from auditbot.registers.casework import Casework, read_casework
from auditbot.registers.consent import History, answers_at_odds, append_answers, changes_since_recorded, read_history
from auditbot.registers.declarations import Declarations, read_declarations
from auditbot.registers.policy import Clause, read_policy
from auditbot.registers.pupils import Pupil, read_pupils
from auditbot.registers.risk_assessments import RiskAssessment, read_risk_assessments
from auditbot.registers.staff import StaffMember, read_staff
from auditbot.settings import Workspace


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
    clauses: Mapping[str, Clause]
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


def read_declared(workspace: Workspace, today: date) -> Declared:
    """Read all registers, and first add to the consent history what was edited in pupils.csv since the last run.

    Raises RegisterError or SettingsError naming every problem of the first file that has any; a cell that says yes
    where the history says otherwise is one.
    """
    pupils_file, history_file = workspace.consent / "pupils.csv", workspace.consent / "consent_history.csv"
    pupils = read_pupils(pupils_file)
    history = read_history(history_file, pupils)
    if at_odds := answers_at_odds(pupils.values(), history, today):
        raise RegisterError(history_file, at_odds)
    changes = changes_since_recorded(pupils.values(), history, today)
    if changes:
        try:
            append_answers(history_file, changes)
        except OSError as error:
            reason = f"an edited answer cannot be added ({error.strerror}); is it open elsewhere?"
            raise RegisterError(history_file, [reason]) from error
        history = read_history(history_file, pupils)
    policy_file = workspace.config / "policy.toml"
    return Declared(
        today=today,
        pupils=pupils,
        history=history,
        staff=read_staff(workspace.consent / "staff.csv"),
        accounts={account.name: account for account in read_accounts(workspace.config / "accounts.toml")},
        clauses=read_policy(policy_file),
        consent_version=_short_hash(pupils_file, history_file),
        policy_version=_short_hash(policy_file),
        declarations=read_declarations(workspace.config / "declarations.toml"),
        casework=read_casework(workspace.config / "casework.toml"),
        risk_assessments=read_risk_assessments(workspace.config / "risk_assessments"),
        allowed=read_allowed(workspace.config / "allowed_phrases.toml"),
    )


def _short_hash(*files: Path) -> str:
    content = b"".join(file.read_bytes() for file in files if file.exists())
    return hashlib.sha256(content).hexdigest()[:12]
