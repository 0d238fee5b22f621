"""The one place that decides whether a template of a pupil's face may be held.

Each parent notified, one consents in writing, no parent objects, the child does not object, nothing withdrawn, still on
roll (Protection of Freedoms Act 2012, sections 26 to 28). Permission for photos never implies it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from auditbot.registers.declared import Declared
from auditbot.registers.pupils import Pupil


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
    recorded = pupil.biometric
    reasons = {
        f"left on {pupil.left_on}": pupil.left_on is not None and pupil.left_on < today,
        "a parent objects": recorded.objection is True,
        "the child objects": recorded.child_objects is True,
        f"biometric consent withdrawn on {recorded.withdrawn_on}": _reached(recorded.withdrawn_on, today),
        "no record that each parent was notified": not _reached(recorded.parents_notified_on, today),
        "biometric consent declined": recorded.consent is False,
        "no biometric consent recorded": recorded.consent is None,
        f"biometric consent starts on {recorded.consent_on}": recorded.consent_on is not None
        and recorded.consent_on > today,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _reached(day: date | None, today: date) -> bool:
    return day is not None and day <= today
