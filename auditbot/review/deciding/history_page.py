"""History: all that was decided about one case, what visits saw of it, and what is left to people once it is gone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from auditbot.decisions.decide import Said, drafts
from auditbot.decisions.decided import State
from auditbot.decisions.event import Action, Reason
from auditbot.review.casebook.case_details import case_details, hidden_from_second
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.phrases import WHY, said
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.review.casebook.visible_to import actor, case_for
from auditbot.review.deciding.decide_page import standing_in_for
from auditbot.review.site.rendering import page


def history(request: HttpRequest, finding: str) -> HttpResponse:
    """Show all that was decided about one case, oldest first, with the words that were written beside it."""
    here, view = served_workspace(), served_workspace().view()
    case = case_for(request.user, finding, view)
    if case is None:
        raise Http404
    with here.ledger() as ledger:
        lines = [
            (event, said(event), ledger.note(event) if event.has_note else "")
            for event in sorted(
                {event.id: event for one in case.standings for event in one.history}.values(), key=lambda one: one.id
            )
            if not hidden_from_second(case, event)
        ]
    steps = {(event.batch, event.action, words, note): (event, words, note) for event, words, note in reversed(lines)}
    lines = list(reversed(steps.values()))  # what was done in several posts at once is one step
    taken_back = {event.draft.about for event, _, _ in lines if event.action is Action.UNDO}
    told = case_details(case, view, here.settings.faces.false_name_rate)
    saw(request, "history", case.first.finding.pupil_ids, case.id)
    return page(
        request,
        "history.html",
        case=case,
        told=told,
        lines=lines,
        taken_back=taken_back,
        undo=Action.UNDO,
        checklist=[(reason.value, WHY[reason], done) for reason, done in _checklist(request, case).items()],
        may_close=case.standing.state is State.PROVED,
        once=secrets.token_hex(12),
    )


CHECKLIST = (Reason.SEARCH_ENGINES, Reason.COPIES, Reason.FAMILY_TOLD)
"""What no program can do once something is proved gone."""


def _checklist(request: HttpRequest, case: Case) -> Mapping[Reason, bool]:
    """Return the steps that are left to people once it is gone, each with whether it was done; nothing before."""
    person: Any = request.user
    if not person.is_lead or case.standing.state not in (State.PROVED, State.CLOSED):
        return {}
    history = case.standing.history
    since = max((event.id for event in history if event.action is Action.PROVED), default=0)
    taken_back = {event.draft.about for event in history if event.action is Action.UNDO}
    ticks = [event for event in history if event.action is Action.TICK and event.id > since]
    ticked = {event.draft.reason for event in ticks if event.batch not in taken_back}
    return {reason: reason in ticked for reason in CHECKLIST}


def after_proof(request: HttpRequest, finding: str) -> HttpResponse:
    """Record that a step after the proof was done, or close a case that waits for a person to close it."""
    here, view = served_workspace(), served_workspace().view()
    case = case_for(request.user, finding, view)
    steps = _checklist(request, case) if case else {}
    action, reason, *_ = (*request.POST.get("do", "").split(":"), "")
    if case is None or not steps:
        raise Http404
    if action == Action.TICK.value and reason in [step.value for step in steps]:
        said_by = Said(Action.TICK, actor(request.user), Reason(reason), acting_for=standing_in_for(request.user))
    elif action == Action.CLOSE.value and case.standing.state is State.PROVED:
        said_by = Said(Action.CLOSE, actor(request.user), acting_for=standing_in_for(request.user))
    else:
        raise Http404
    with here.ledger() as ledger:
        for facts, standing in zip(case.facts, case.standings, strict=True):
            ledger.append(
                drafts(facts, standing, said_by, here.now()), once=f"{request.POST.get('once')} {facts.finding}"
            )
    return HttpResponseRedirect(reverse("history", args=[case.id]))
