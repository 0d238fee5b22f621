"""Two prints: for a meeting, in which every child's line reads like every other; and for one child's file."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from auditbot.decisions.decided import State
from auditbot.decisions.event import Action
from auditbot.model import PhotoEvidence
from auditbot.privacy.access_log import record_view
from auditbot.report.meeting import REFERENCE, Line, numbers, one_by_one
from auditbot.review.casebook.case_details import CaseDetails, case_details, hidden_from_second
from auditbot.review.casebook.cases import Case, of_records
from auditbot.review.casebook.phrases import STANDS as STANDS_IN_FULL
from auditbot.review.casebook.phrases import said
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.visible_to import case_for
from auditbot.review.deciding.pictures_page import original_of
from auditbot.review.pages.today_page import coverage
from auditbot.review.site.rendering import page
from auditbot.sentences import _, say

WHY = {
    "file": say("For the child’s safeguarding file"),
    "head": say("For the Headteacher"),
    "agency": say("For the LADO, the police or another agency"),
    "family": say("The family asked for it"),
}
"""Why something with a name is printed: one of these stands in the log."""


def meeting(request: HttpRequest) -> HttpResponse:
    """Show every open case in one line, without a name, a face or a reason."""
    view = served_workspace().view()
    found = [_line(case, view) for case in view.cases if not case.facts[0].gone and not of_records(case)]
    lines, months = one_by_one(found)
    return page(
        request,
        "print_meeting.html",
        lines=lines,
        months=months,
        counts=numbers(Counter(line.state for line in found)),
        coverage=coverage(view, with_reason=False),
        now=view.now,
    )


def _line(case: Case, view: View) -> Line:
    finding, zone = case.first.finding, view.now.tzinfo
    return Line(
        what=_("Photo") if finding.shows_somebody else _("Words"),
        account=finding.account,
        published_on=finding.posted_at.astimezone(zone).date() if finding.posted_at else None,
        found_on=min(one.first_seen for one in case.tracked).astimezone(zone).date(),
        state=case.standing.state,
        reference=case.id[:REFERENCE],
    )


def child_file(request: HttpRequest, finding: str) -> HttpResponse:
    """Ask why a case is to be printed with names; then show it whole, and note who printed it and why."""
    here, view, person = served_workspace(), served_workspace().view(), _person(request)
    case = case_for(person, finding, view)
    if case is None:
        raise Http404
    why = WHY.get(request.POST.get("why", "")) if request.method == "POST" else None
    told = case_details(case, view, here.settings.faces.false_name_rate, here.face_trial())
    if why is None:
        return page(request, "print_why.html", case=case, told=told, reasons=WHY)
    for pupil_id in case.first.finding.pupil_ids or ("",):
        record_view(here.workspace, person.handle, f"printed: {why}", pupil_id, case.id, here.now())
    with here.ledger() as ledger:
        steps = [
            (event, said(event), ledger.note(event) if event.has_note else "")
            for event in sorted(
                {event.id: event for one in case.standings for event in one.history}.values(), key=lambda one: one.id
            )
            if not hidden_from_second(case, event)
        ]
    evidence = case.first.finding.evidence
    return page(
        request,
        "print_file.html",
        case=case,
        told=told,
        why=why,
        steps=steps,
        taken_back={event.draft.about for event, _, _ in steps if event.action is Action.UNDO},
        stands=STANDS_IN_FULL[case.standing.state],
        kept=isinstance(evidence, PhotoEvidence) and original_of(evidence) is not None,
        sha256=evidence.sha256 if isinstance(evidence, PhotoEvidence) else "",
        chain=steps[-1][0].chain if steps else "",
        audit=view.audit,
        now=view.now,
        paste=paste(case, told, view, person.role_name),
    )


def paste(case: Case, told: CaseDetails, view: View, by: str) -> str:
    """Return the case as the text that a record system's form asks for: date, category, what, action, by whom."""
    found = min(one.first_seen for one in case.tracked).astimezone(view.now.tzinfo)
    clause = view.declared.clauses.get(case.facts[0].rule)
    history = case.standing.history
    taken_back = {event.draft.about for event in history if event.action is Action.UNDO}
    steps = [
        event
        for event in history
        if event.action not in (Action.UNDO, Action.TICK)
        and event.batch not in taken_back
        and not hidden_from_second(case, event)
    ]
    acted = "; ".join(f"{said(event)} ({event.at.astimezone(view.now.tzinfo):%d/%m/%Y})" for event in steps)
    ended = case.standing.state in (State.PROVED, State.CLOSED)
    on, taken = f"{found:%d/%m/%Y}", _("Action taken: %(steps)s.", steps=acted or _("None yet"))
    return "\n".join(
        (
            _("Date: %(day)s", day=on),
            _("Category: Online safety – %(clause)s", clause=clause.summary if clause else case.facts[0].rule),
            _("What happened: %(sentence)s %(explanation)s", sentence=told.sentence, explanation=told.explanation),
            f"{taken} {case.first.proof if ended else ''}".rstrip(),
            _("Recorded by: %(by)s", by=by),
            _("Reference: %(id)s", id=case.id),
        )
    )


def _person(request: HttpRequest) -> Any:
    return request.user
