"""What decisions rest on, of one finding: put together from the audit and the registers as they are today."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from auditbot.decisions.decided import Facts
from auditbot.decisions.subject import post_key, subjects_of
from auditbot.model import PhotoEvidence, TrackedFinding
from auditbot.registers.declared import Declared


def facts_of_finding(
    tracked: TrackedFinding,
    declared: Declared,
    versions: Mapping[str, str],
    due: date | None = None,
    consent: Callable[[str], str] | None = None,
) -> Facts:
    """Return the facts of one finding; ``versions`` are the audit's, ``due`` until when it should be gone.

    ``consent`` returns consent_version by pupil, where it is worth remembering.
    """
    consent = consent or partial(consent_version, declared)
    finding = tracked.finding
    of_face = finding.shows_somebody
    people = [declared.pupils[pupil_id] for pupil_id in finding.pupil_ids if pupil_id in declared.pupils]
    return Facts(
        finding=finding.id,
        post=post_key(finding.account, finding.post_url),
        rule=finding.clause,
        subjects=subjects_of(finding),
        pupil_ids=tuple(sorted(finding.pupil_ids)) if of_face else (),
        people=tuple(sorted(finding.pupil_ids)),
        protected=any(pupil.never_publish for pupil in people),
        versions={
            "policy": declared.policy_version,
            "engine": versions.get("face engine", "") if of_face else "",
            "gallery": versions.get("gallery", ""),
            **{f"consent:{pupil_id}": consent(pupil_id) for pupil_id in finding.pupil_ids},
        },
        channels=_channels(tracked, declared),
        due=due,
        removal_seen=tracked.seen_gone,
        gone=tracked.state == "gone",
        proof=bool(tracked.proof),
    )


def _channels(tracked: TrackedFinding, declared: Declared) -> tuple[str, ...]:
    """Return the channels for which permission is needed, as the check asks: the account's own, video for a film."""
    finding = tracked.finding
    account = declared.accounts.get(finding.account)
    if account is None:
        return ()
    of_film = isinstance(finding.evidence, PhotoEvidence) and "#t=" in finding.evidence.photo_url
    return (account.channel, "video") if of_film and account.channel != "video" else (account.channel,)


def consent_version(declared: Declared, pupil_id: str) -> str:
    """Return a short hash of all that the register says of one pupil's permission: it changes when any of it does."""
    pupil = declared.pupils.get(pupil_id)
    answers = [
        [channel, answer.answer, str(answer.effective_on), answer.given_by, str(answer.valid_until)]
        for (whose, channel), answers in sorted(declared.history.items())
        if whose == pupil_id
        for answer in answers
    ]
    said = [pupil.never_publish, str(pupil.left_on)] if pupil else []
    return hashlib.sha256(json.dumps([said, answers]).encode()).hexdigest()[:12]
