"""Where each clause of the policy stands: how it is audited, when that was last done, its result, what is missing.

A clause is checked on pages, kept in a register, declared by a role, recorded as a workflow, or openly not audited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from auditbot.check.clauses import CHECKED_CLAUSES
from auditbot.model import Audit
from auditbot.model.found import finding_id
from auditbot.registers.declared import Declared
from auditbot.registers.policy import Clause
from auditbot.registers.policy_checks import CONCERN, OF_CHECK, CheckName
from auditbot.sentences import Sentence, either, say, say_n
from auditbot.settings import Settings

REMIND_DAYS = 30
TAKEN_FURTHER = frozenset({"B6", "C7", "C9"})
"""Clauses about the words of staff and contact with pupils: their findings are taken to whom the policy names."""
PERSONAL_ACCOUNTS = say(
    "Staff’s personal accounts are never visited: they are private, and looking at them is not the school’s business. "
    "What staff declare stands here instead."
)
"""Why the clauses on staff's own accounts rest on a declaration."""


@dataclass(frozen=True, slots=True)
class ClauseState:
    """Where one clause stands."""

    last: date | None
    """When it was last checked, declared or recorded; None if never."""
    result: str
    """What that said, in a sentence."""
    missing: str = ""
    """What is missing, and how to mend it; empty if nothing is."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the states are told from."""

    declared: Declared
    """The registers."""
    settings: Settings
    """The school's settings."""
    audit: Audit
    """The audit that is reported."""
    referred: tuple[date, ...] = ()
    """Days on which something was taken to somebody, as the decisions say."""
    taken: frozenset[str] = frozenset()
    """Ids of the findings that were taken to somebody, as the decisions say."""

    def findings(self, clause: Clause) -> int:
        """Return how many findings that are cited under this clause are not gone."""
        cited = self.declared.clauses.cited
        return sum(
            cited(found.finding.clause, found.finding.kind) == clause and found.state != "gone"
            for found in self.audit.findings
        )

    def uses(self, clause: Clause, check: CheckName) -> bool:
        """Return whether a clause uses a check."""
        return check in self.declared.clauses.checks[clause.id]


def policy_states(basis: Basis) -> dict[str, ClauseState]:
    """Return the state of every clause of the policy file, in its order."""
    return {name: _state(clause, basis) for name, clause in basis.declared.clauses.items()}


_OWN = say("this clause is the school’s own.")


def _state(clause: Clause, basis: Basis) -> ClauseState:
    used = basis.declared.clauses.checks[clause.id]
    if state := next((REGISTERED[check] for check in used if check in REGISTERED), None):
        return state(clause, basis)
    if any(OF_CHECK[check].code in CHECKED_CLAUSES for check in used):
        return _on_pages(clause, basis)
    if "attest" in clause.how:
        return _attested(clause, basis)
    return ClauseState(None, say("Not audited: %(why)s", why=clause.not_audited_because or _OWN))


def _on_pages(clause: Clause, basis: Basis) -> ClauseState:
    audit = basis.audit
    reached = sum(entry.posts for entry in audit.coverage)
    found = basis.findings(clause)
    missing = "" if audit.complete else say("Not everything was reached or examined; see what could not be checked.")
    if basis.uses(clause, CheckName.PHOTO_PERMISSION) and not basis.settings.faces.matching_allowed:
        missing = say("Faces are counted and not matched until the impact assessment is recorded.")
    if basis.uses(clause, CheckName.PHOTO_PERMISSION) and not basis.declared.pupils:
        missing = say("The register of pupils is empty.")
    if found:
        return ClauseState(_day(basis), _findings(found), missing)
    if not reached and not audit.complete:
        return ClauseState(_day(basis), say("Nothing was reached."), missing)
    return ClauseState(_day(basis), say("No findings in what was reached."), missing)


def _on_register(clause: Clause, basis: Basis) -> ClauseState:
    found = basis.findings(clause)
    if not basis.declared.accounts:
        return ClauseState(_day(basis), say("The register of accounts is empty."))
    if basis.uses(clause, CheckName.SCHOOL_EMAIL) and not basis.settings.school.domains:
        missing = say("Which domains are the school’s: [school] domains in config/auditbot.toml.")
        return ClauseState(_day(basis), _findings(found) if found else say("Addresses could not be compared."), missing)
    if basis.uses(clause, CheckName.FORM) and not basis.declared.risk_assessments:
        missing = say("A form for each account: auditbot risk-assessment new ACCOUNT.")
        return ClauseState(_day(basis), say("No form is on file."), missing)
    return ClauseState(_day(basis), _findings(found) if found else say("The register is in order."))


def _document(clause: Clause, basis: Basis) -> ClauseState:
    codes = {OF_CHECK[check].code for check in basis.declared.clauses.checks[clause.id]}
    codes |= {clause.id, clause.number}
    held = [document for document in basis.declared.declarations.document if document.clause in codes]
    if not held:
        return ClauseState(
            None, say("No document is on file."), say("An entry [[document]] in config/declarations.toml.")
        )
    latest = max(held, key=lambda document: document.review_on)
    result = say(
        "“%(title)s” is on file, to be reviewed by %(review_on)s.", title=latest.title, review_on=latest.review_on
    )
    return ClauseState(latest.approved_on, result, _due(latest.review_on, basis, say("It is due for review.")))


def _tools(clause: Clause, basis: Basis) -> ClauseState:
    declarations = basis.declared.declarations
    if declarations.tool:
        found = basis.findings(clause)
        count = len(declarations.tool)
        result = (
            _findings(found)
            if found
            else say_n("%(count)s tool was assessed first.", "%(count)s tools were assessed first.", count)
        )
        return ClauseState(_day(basis), result)
    if declarations.no_tools_used:
        return ClauseState(_day(basis), say("The school declares that pupils use no social media tool."))
    missing = say("Say in config/declarations.toml which tools pupils use ([[tool]]), or no_tools_used = true.")
    return ClauseState(None, say("Nothing is declared."), missing)


def _attested(clause: Clause, basis: Basis) -> ClauseState:
    today = basis.declared.today
    said = [
        entry for entry in basis.declared.declarations.attestation if {clause.id, clause.number} & set(entry.clauses)
    ]
    said = [entry for entry in said if entry.declared_on <= today]
    if not said:
        return ClauseState(None, say("Not declared."), say("An entry [[attestation]] in config/declarations.toml."))
    latest = max(said, key=lambda entry: entry.lapses_on)
    if latest.lapses_on <= today:
        result = say(
            "The declaration (%(role)s) lapsed on %(lapses_on)s.", role=latest.role, lapses_on=latest.lapses_on
        )
        return ClauseState(latest.declared_on, result, say("A new declaration."))
    result = say("Declared (%(role)s); it stands until %(lapses_on)s.", role=latest.role, lapses_on=latest.lapses_on)
    return ClauseState(latest.declared_on, result, _due(latest.lapses_on, basis, say("It needs to be renewed.")))


def _event_photos(clause: Clause, basis: Basis) -> ClauseState:
    approvals = basis.declared.declarations.event_approval
    last = max((given.approved_on for given in approvals), default=None)
    found = basis.findings(clause)
    result = (
        say("Photos without an approval on record.")
        if found
        else say("Every post with photos is covered by an approval.")
    )
    missing = say("An entry [[event_approval]] in config/declarations.toml.") if found else ""
    return ClauseState(last, result, missing)


def _referrals(clause: Clause, basis: Basis) -> ClauseState:
    days = [*(referral.referred_on for referral in basis.declared.casework.referral), *basis.referred]
    waiting = _not_taken(basis)
    whom = either([say("the %(role)s", role=role) for role in clause.roles or ("Headteacher", "LADO")])
    missing: str = ""
    if waiting:
        missing = say_n(
            "%(count)s finding about words of staff or a concern waits to be taken to %(whom)s; then record it: "
            "auditbot refer FINDING.",
            "%(count)s findings about words of staff or concerns wait to be taken to %(whom)s; then record it: "
            "auditbot refer FINDING.",
            waiting,
            whom=whom,
        )
    if not days:
        return ClauseState(None, say("No referral is recorded. Record one with: auditbot refer FINDING."), missing)
    last, count = max(days), len(days)
    return ClauseState(
        last, say_n("%(count)s referral is recorded.", "%(count)s referrals are recorded.", count), missing
    )


def _not_taken(basis: Basis) -> int:
    """Return how many findings about staff's words, contact with a pupil, and concerns nobody was told of (B9)."""
    by_hand = {referral.finding for referral in basis.declared.casework.referral}
    by_hand |= {finding_id("concern", name) for name in by_hand}
    return sum(
        tracked.state != "gone"
        and (tracked.finding.kind == CONCERN or tracked.finding.clause in TAKEN_FURTHER)
        and tracked.finding.id not in basis.taken | by_hand
        for tracked in basis.audit.findings
    )


State = Callable[[Clause, Basis], ClauseState]
REGISTERED: Mapping[CheckName, State] = {
    CheckName.ACCEPTABLE_USE: _document,
    CheckName.TOOLS_ASSESSED: _tools,
    CheckName.SANCTIONS: _document,
    CheckName.ATTESTED: _attested,
    CheckName.EVENT_PHOTOS: _event_photos,
    CheckName.REFERRALS: _referrals,
    CheckName.SERVICE_APPROVED: _on_register,
    CheckName.OWNER_NAMED: _on_register,
    CheckName.ACCOUNTS_KNOWN: _on_register,
    CheckName.RISK_ASSESSED: _on_register,
    CheckName.PASSWORDS: _on_register,
    CheckName.SCHOOL_EMAIL: _on_register,
    CheckName.BULLYING_DOCUMENT: _document,
    CheckName.FORM: _on_register,
}
"""By check, what tells the state of a clause that rests on a register or a declaration."""


def _findings(count: int) -> Sentence:
    return say_n("%(count)s finding.", "%(count)s findings.", count)


def _due(day: date, basis: Basis, words: str) -> str:
    if day <= basis.declared.today:
        return words
    soon = day - basis.declared.today <= timedelta(days=REMIND_DAYS)
    return say("Due by %(day)s.", day=day) if soon else ""


def _day(basis: Basis) -> date:
    return basis.audit.started_at.date()
