"""Which case which person may see: leads all, the Headteacher what was taken to the office, nobody else any."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from auditbot.decisions.decide import others_to_second
from auditbot.decisions.decided import State
from auditbot.decisions.event import Action, Event, Reason
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.served_workspace import View

UNSETTLED = (State.NEW, State.WAITING, State.TO_COME_DOWN, State.ASKED)
"""States in which something is still to be done."""


def case_for(person: Any, finding: str, view: View) -> Case | None:
    """Return the case of a finding, or None if there is none or this person may not see it."""
    case = view.by_finding.get(finding)
    return case if case is not None and may_see(person, case) else None


def may_see(person: Any, case: Case) -> bool:
    """Whether this person may see this case."""
    if person.is_lead:
        return True
    return person.role == "head" and referred_to_head(case)


def referred_to_head(case: Case) -> bool:
    """Whether a case was taken to the Headteacher, or waits for a second person."""
    return taken_to_head(case) is not None or case.standing.second_needed


def taken_to_head(case: Case) -> Event | None:
    """Return the newest event that took a case to the Headteacher, or None."""
    taken = (one for one in reversed(case.standing.referred) if one.draft.reason is Reason.HEADTEACHER)
    return next((one for one in taken if one.action is Action.REFER), None)


def with_the_head(view: View) -> tuple[tuple[Case, datetime], ...]:
    """Return the cases that were taken to the Headteacher and are not settled, each with when, the newest first."""
    taken = ((case, taken_to_head(case)) for case in view.cases if case.standing.state in UNSETTLED)
    there = [(case, event.at) for case, event in taken if event is not None and not case.facts[0].gone]
    return tuple(sorted(there, key=lambda one: one[1], reverse=True))


def waits_for(person: Any, view: View) -> tuple[Case, ...]:
    """Return the cases that wait for a second person who may be this one: not who decided first."""
    return tuple(
        case for case in view.tally.second if others_to_second(case.standing, actor(person)) and may_see(person, case)
    )


def actor(person: Any) -> str:
    """Return how a person stands in decisions: the name they sign in with."""
    return str(person.handle)
