"""The one place that decides whether a template of a pupil's face may be held.

Each parent notified, one consents in writing, no parent objects, the child does not object, nothing withdrawn, still on
roll (Protection of Freedoms Act 2012, sections 26 to 28). Permission for photos never implies it.
"""

from __future__ import annotations

from datetime import date

from auditbot.registers.pupils import Pupil


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
