"""Facts and events made in a line, for the tests of decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from auditbot.decisions.decided import Facts
from auditbot.decisions.event import Action, Draft, Event, Reason

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""A Monday."""
SHA = "ab" * 32
FACE = f"photo:{SHA}#10,10,40,40"
OTHER_FACE = f"photo:{SHA}#200,10,40,40"
VERSIONS = {"policy": "p1", "engine": "e1", "gallery": "g1", "consent:P001": "c1", "consent:P002": "d1"}
SEEN = {**VERSIONS, "channel:website": "seen"}


def facts(**changes: Any) -> Facts:
    """One pupil's face in one photo."""
    made = Facts(
        finding="f1",
        post="post1",
        rule="C11",
        subjects=(FACE,),
        pupil_ids=("P001",),
        people=("P001",),
        versions=VERSIONS,
        channels=("website",),
    )
    return replace(made, **changes)


def words(**changes: Any) -> Facts:
    """One surname in one text."""
    made = {"rule": "C12", "subjects": ("text:site|text|aaaa",), "pupil_ids": (), "versions": {"policy": "p1"}}
    return facts(**{**made, **changes})


def event(number: int, action: Action, reason: Reason = Reason.NONE, **changes: Any) -> Event:
    """An event about the face of :func:`facts`, ``number`` minutes after two hours ago."""
    at = changes.pop("at", NOW - timedelta(hours=2) + timedelta(minutes=number))
    batch = changes.pop("batch", number)
    draft = Draft(
        actor="Lead",
        action=action,
        finding="f1",
        post="post1",
        subject=FACE,
        rule="C11",
        pupil_ids=("P001",),
        reason=reason,
        seen=SEEN,
    )
    return Event(number, at, replace(draft, **changes), batch, None, "", "")
