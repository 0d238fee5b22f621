"""Asked: requests for removal, their age and proof; and the task that an editor sees, without a name or a box."""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from auditbot.decisions.decided import State
from auditbot.decisions.event import Action
from auditbot.model import PhotoEvidence
from auditbot.review.asking.recheck import look_again
from auditbot.review.asking.requests import answer, ask, gathered, held_back, marked, to_ask, token_digest
from auditbot.review.casebook.drawn import Drawn, draw_whole
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.deciding.pictures_page import original_of
from auditbot.review.people.models import Task
from auditbot.review.site.rendering import page
from auditbot.sentences import _

_drawn = Drawn(24)


def asked(request: HttpRequest) -> HttpResponse:
    """Show what is to be asked for, what was asked, and what is gone and waits for its second proof."""
    view = served_workspace().view()
    standing = [case for case in view.cases if case.standing.state is State.ASKED]
    waiting = to_ask(view)
    once = [case for case in view.cases if case.standing.state is State.GONE_ONCE]
    return page(
        request,
        "asked.html",
        to_ask=waiting,
        by_mail=[one for one in waiting if one.mailed],
        by_hand=[one for one in waiting if not one.mailed],
        held=held_back(view),
        mail=bool(served_workspace().settings.mail.server),
        asked=gathered(standing, view),
        once_gone=gathered(once, view),
        view=view,
        once=secrets.token_hex(12),
        done=request.GET.get("sent", ""),
        told=request.GET.get("told", ""),
        answers={Action.DONE: _("said to be done"), Action.CANNOT: _("said that it cannot be done")},
    )


def send(request: HttpRequest) -> HttpResponse:
    """Ask by mail for everything that is to come down, or mark it as told, as one step that can be taken back.

    What somebody told the editors is what stood in the message: ``case`` lists it, so that nothing decided meanwhile
    counts as told.
    """
    told = request.POST.get("how") == "told"
    waiting, listed = to_ask(served_workspace().view()), frozenset(request.POST.getlist("case"))
    if told and listed:
        some = ((one, tuple(case for case in one.cases if case.id in listed)) for one in waiting)
        waiting = tuple(replace(one, cases=cases) for one, cases in some if cases)
    elif not told:
        waiting = tuple(one for one in waiting if one.mailed)
    count = ask(request, waiting, by_mail=not told)
    said = f"?{'told' if told else 'sent'}={count}" if count else ""
    return HttpResponseRedirect(reverse("asked") + said)


def _task(request: HttpRequest, token: str) -> Task:
    person: Any = request.user
    listed = token.isdecimal() and len(token) < 12  # from the person's own list: role and account count all the same
    which = Task.objects.filter(pk=int(token)) if listed else Task.objects.filter(digest=token_digest(token))
    found = which.first()
    if found is None or (person.role == "editor" and found.account not in person.accounts):
        raise Http404
    return found


def task(request: HttpRequest, token: str) -> HttpResponse:
    """Show one task, or take the answer to it."""
    view, found = served_workspace().view(), _task(request, token)
    cases = list(
        {view.by_finding[name].id: view.by_finding[name] for name in found.findings if name in view.by_finding}.values()
    )
    error = ""
    if request.method == "POST" and found.answered_at is None:
        done = request.POST.get("do") == "done"
        why = request.POST.get("why", "").strip()[:1000]
        if done or why:
            answer(found, request.user, view, Action.DONE if done else Action.CANNOT, why)
            if done:
                threading.Thread(target=look_again, args=(found.pk,), daemon=True).start()
            return HttpResponseRedirect(reverse("task", args=[token]))
        error = _("Please say in a few words why it cannot be done.")
    places = {
        (tracked.finding.account, tracked.finding.post_url)
        for case in cases
        for tracked in case.tracked
        if tracked.finding.id in found.findings
    }
    parts = [
        {
            "number": at,
            "photo": isinstance(case.first.finding.evidence, PhotoEvidence)
            and original_of(case.first.finding.evidence) is not None,
            "is_photo": isinstance(case.first.finding.evidence, PhotoEvidence),
            "marked": marked(case),
            "ask": one,
        }
        for at, case in enumerate(cases)
        for one in [next(iter(gathered([case], view))).words if case.first.finding.post_url else ""]
    ]
    return page(
        request,
        "task.html",
        400 if error else 200,
        task=found,
        token=token,
        parts=parts,
        places=[(account, address, _editor(account, address, view)) for account, address in sorted(places)],
        view=view,
        error=error,
        gone=all(case.standing.state in (State.GONE_ONCE, State.PROVED, State.CLOSED, State.ENDED) for case in cases),
    )


def _editor(account: str, address: str, view: View) -> str:
    """Return where the post is changed; never by its title, which may hold a name that an editor is not told."""
    known = view.declared.accounts.get(account)
    return known.editor_of(address) if known else ""


def task_photo(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Send the photo of a task as it was published, with no face marked."""
    view, found = served_workspace().view(), _task(request, token)
    cases = list(
        {view.by_finding[name].id: view.by_finding[name] for name in found.findings if name in view.by_finding}.values()
    )
    if not 0 <= number < len(cases):
        raise Http404
    evidence = cases[number].first.finding.evidence
    original = original_of(evidence) if isinstance(evidence, PhotoEvidence) else None
    picture = _drawn.get(original.name, partial(draw_whole, original)) if original else None
    if picture is None:
        raise Http404
    saw(request, "photo", cases[number].first.finding.pupil_ids, cases[number].id)
    return HttpResponse(picture, content_type="image/jpeg")
