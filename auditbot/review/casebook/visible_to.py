"""Which case which person may see: leads all, the Headteacher what was taken to the office, nobody else any."""

from __future__ import annotations

from typing import Any

from auditbot.decisions.event import Action, Reason
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.served_workspace import View


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
    taken = any(
        event.action is Action.REFER and event.draft.reason is Reason.HEADTEACHER for event in case.standing.referred
    )
    return taken or case.standing.second_needed


def waits_for(person: Any, view: View) -> tuple[Case, ...]:
    """Return the cases that wait for a second person who may be this one: not who decided first."""
    return tuple(
        case
        for case in view.tally.second
        if case.standing.rests_on is not None
        and case.standing.rests_on.draft.actor.casefold() != actor(person).casefold()
        and may_see(person, case)
    )


def actor(person: Any) -> str:
    """Return how a person stands in decisions: the name they sign in with."""
    return str(person.handle)
