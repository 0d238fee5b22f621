"""Decide: one case on one screen; one key decides and goes on to the next. Everything can be taken back."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from auditbot.decisions.decide import Said, drafts, referred_before
from auditbot.decisions.decided import Decided, Facts, next_school_day
from auditbot.decisions.event import LEAVES_UP, Action, Event, Reason
from auditbot.errors import NotDecided, NothingToTakeBack
from auditbot.model import PhotoEvidence
from auditbot.registers.changes.entry_refused import ConsentNotRecorded
from auditbot.review.asking.requests import take_back_mail, to_ask, withdraw_requests
from auditbot.review.before.answers import checked_before
from auditbot.review.casebook.case_details import case_details
from auditbot.review.casebook.cases import Case, place_in_post, post_of
from auditbot.review.casebook.permission_seen import permission_seen
from auditbot.review.casebook.phrases import STANDS, back_because, said, told_first
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.visible_to import actor, case_for, taken_to_head, waits_for
from auditbot.review.deciding.decide_keys import THREE, TOLD_AND_DOWN, keys_of
from auditbot.review.deciding.last_step import AGAIN, explained_before, last_step
from auditbot.review.deciding.pictures_page import newest_portrait, original_of, photo_size, screenshot_taken, warm
from auditbot.review.pages.today_page import coverage, looked_through, unread
from auditbot.review.site.rendering import page, whole_number

MORNING = time(8, 0)
STAY = "stay"
"""What Enter in a field sends: no decision."""
BY_A_SECOND = (Action.SECOND, Action.SECOND_NO)
BY_LEADS = (Action.DOWN, *LEAVES_UP, Action.WAIT, Action.REFER, *BY_A_SECOND)
"""What may be recorded here: requests and proofs come from elsewhere."""


def start(request: HttpRequest) -> HttpResponse:
    """Go to the first case that needs a decision; without any, say so."""
    which = "backlog" if request.GET.get("queue") == "backlog" else ""
    person: Any = request.user
    view = served_workspace().view()
    waiting = _queue(request, view, which)
    if not waiting:
        return page(
            request,
            "empty.html",
            looked=view.audit is not None,
            said=last_step(request),
            coverage_line=looked_through(view) if person.is_lead else coverage(view, with_reason=False),
            unread=unread(view) if person.is_lead else (),
            to_send=len(to_ask(view)) if person.is_lead else 0,
            backlog=len(view.tally.backlog) if person.is_lead and which != "backlog" else 0,
        )
    return HttpResponseRedirect(_address(waiting[0], which, request.GET.get("said", "")))


def show(request: HttpRequest, finding: str) -> HttpResponse:
    """Show one case with everything that decides it."""
    view = served_workspace().view()
    case = case_for(request.user, finding, view)
    if case is None:
        raise Http404
    return _screen(request, case, view)


def _screen(request: HttpRequest, case: Case, view: View, status: int = 200, **more: Any) -> HttpResponse:
    here, which = served_workspace(), "backlog" if request.GET.get("queue") == "backlog" else ""
    waiting = _queue(request, view, which)
    place = next((at for at, one in enumerate(waiting) if one.id == case.id), None)
    after = waiting[(place + 1) % len(waiting)] if place is not None and len(waiting) > 1 else None
    before = waiting[place - 1] if place else None
    person: Any = request.user
    told = case_details(case, view, here.settings.faces.false_name_rate, here.face_trial())
    evidence = case.first.finding.evidence
    saw(request, "finding", case.first.finding.pupil_ids, case.id)
    if after is not None:
        threading.Thread(target=warm, args=(after, view), daemon=True).start()
    not_seen_again = view.visited and case.first.last_checked and case.first.last_checked < view.visited[0]
    values = {
        "told": told,
        "not_seen_again": not_seen_again,
        "case": case,
        "view": view,
        "keys": keys_of(request.user, case),
        "place": place,
        "mine": taken_to_head(case) if person.role == "head" and not case.standing.second_needed else None,
        "waiting": len(waiting),
        "next_address": _address(after, which) if after else "",
        "back_address": _address(before, which) if before else "",
        "order": after.id if after else "",
        "once": secrets.token_hex(12),
        "done": _done_today(request, view),
        "chosen": next((face.number for face in told.faces if face.chosen), 1),
        "stands": STANDS[case.standing.state],
        "which": which,
        "portraits": {pupil.pupil_id: newest_portrait(pupil.pupil_id, view) is not None for pupil in told.pupils},
        "kept": original_of(evidence) is not None if isinstance(evidence, PhotoEvidence) else False,
        "screenshot": screenshot_taken(case, view),
        "back_because": back_because(case.standing),
        "ask_likeliest": case.kind == "unknown_faces" and person.is_lead,
        "said": last_step(request),
        "checked": checked_before(evidence.sha256, case.facts[0].channels)
        if isinstance(evidence, PhotoEvidence)
        else "",
        "error": "",
        "meanwhile": (),
        "explained": explained_before(request, view),
        "same_post": _seen_before(request, case, view),
        "size": photo_size(evidence) if isinstance(evidence, PhotoEvidence) else None,
        "of_post": place_in_post(case, view.by_post.get(case.facts[0].post, ()), view.now),
    }
    return page(request, "decide.html", status, **values | more)


def show_all_faces(request: HttpRequest, finding: str) -> HttpResponse:
    """Show the photo with nothing hidden, and the way back; only to somebody who signed in within ten minutes."""
    case = case_for(request.user, finding, served_workspace().view())
    if case is None:
        raise Http404
    return page(request, "all_faces.html", case=case)


def decide(request: HttpRequest, finding: str) -> HttpResponse:
    """Record what the form says about one case and go on to the next."""
    here, view = served_workspace(), served_workspace().view()
    person: Any = request.user
    case = case_for(person, finding, view)
    if case is None:
        raise Http404
    if request.POST.get("do") == STAY:
        return HttpResponseRedirect(_address(case, request.POST.get("queue", "")))
    action, reason, by = (*request.POST.get("do", "").split(":"), "", "")[:3]
    try:
        told = _what_was_said(request, case, action, reason, here.now())
    except ValueError as error:
        raise Http404 from error
    say = told[0]
    if say.action not in (BY_LEADS if person.is_lead else BY_A_SECOND):
        raise Http404
    with here.ledger() as ledger:
        new, earlier = new_of(case, told, ledger.note)
    if earlier is not None and not new:
        return _go_on(request, case, f"{AGAIN}{earlier.batch}")
    last = whole_number(request.POST.get("last", ""))
    if last is not None and last != case.last_event:
        newer = [event for event in case.standing.history if event.id > last]
        if newer and request.POST.get("even_so") != str(case.last_event):
            given = set(request.POST) - {"last", "even_so", "csrfmiddlewaretoken"}
            again = {name: _written(request, name) for name in sorted(given)}
            return _screen(request, case, view, 409, meanwhile=[(event, said(event)) for event in newer], again=again)
    try:
        if say.action is Action.PERMITTED:
            case = permission_seen(case, by, actor(person))
            new, _earlier = new_of(case, told, lambda _event: "")  # what it rests on is in the register now
        made = [draft for facts, standing, one in new for draft in drafts(facts, standing, one, here.now())]
        with here.ledger() as ledger:
            events = ledger.append(made, once=request.POST.get("once", ""))
    except (NotDecided, ConsentNotRecorded) as error:
        return _screen(request, case, view, 400, error=str(error))
    return _go_on(request, case, f"{events[0].batch}")


def kept(request: HttpRequest) -> HttpResponse:
    """Make the decision that was sent after the session had ended, now that its person is signed in again."""
    stored = request.session.pop("kept", None)
    found = re.fullmatch(r"/f/(\w+)/decide", stored["path"]) if stored else None
    if not stored or found is None or stored["whose"] != request.user.pk:
        return HttpResponseRedirect("/")
    request.POST = QueryDict(urlencode(stored["said"], doseq=True))
    return decide(request, found[1])


def _what_was_said(request: HttpRequest, case: Case, action: str, reason: str, now: datetime) -> list[Said]:
    """Return what the form says: one thing, or to each of whom it is taken; and that it comes down, if told so too.

    Raises ValueError for what no form of this case sends.
    """
    comes_down = action == TOLD_AND_DOWN
    if comes_down and not told_first(case):
        raise ValueError(action)
    wanted = Action.REFER if comes_down else Action(action)
    ticked = request.POST.getlist("to") if wanted is Action.REFER and not reason else []
    reasons = [Reason(one) for one in dict.fromkeys(ticked)] or [Reason(reason)]
    said = [_one_said(request, wanted, why, now) for why in reasons]
    return said + [_one_said(request, Action.DOWN, Reason.NONE, now)] * comes_down


def new_of(
    case: Case, told: Sequence[Said], note_of: Callable[[Event], str]
) -> tuple[list[tuple[Facts, Decided, Said]], Event | None]:
    """Return what is said of each finding that was not written down before, and where the last of the rest was."""
    new: list[tuple[Facts, Decided, Said]] = []
    earlier: Event | None = None
    for facts, standing in zip(case.facts, case.standings, strict=True):
        for one in told:
            before = referred_before(standing, one, note_of) if one.action is Action.REFER else None
            if before is not None:
                earlier = before
            elif facts is case.facts[0] or one.action in (Action.WAIT, Action.REFER):
                new.append((facts, standing, one))
    return new, earlier


def _one_said(request: HttpRequest, action: Action, reason: Reason, now: datetime) -> Said:
    box = whole_number(request.POST.get("box", "")) or 0
    per_box = action in (Action.NOT_SO, Action.NO_PUPIL, Action.PERMITTED) and box > 0
    return Said(
        action=action,
        actor=actor(request.user),
        reason=reason,
        boxes=(box,) if per_box else (),
        when=_until(reason, _written(request, "until"), now),
        note=_written(request, "note")[:2000],
        acting_for=standing_in_for(request.user),
    )


def _written(request: HttpRequest, name: str) -> str:
    """Return what was written in one of the fields of this name: each key's choices have their own, most are empty."""
    return next((words for value in request.POST.getlist(name) if (words := value.strip())), "")


def standing_in_for(person: Any) -> str:
    """Return for whom this person stands in today, if for one person; empty otherwise."""
    from auditbot.review.people.models import Cover  # noqa: PLC0415  needs the settings

    today = served_workspace().now().date()
    covers = Cover.objects.filter(stand_in=person, first_day__lte=today, last_day__gte=today)
    absent = list(covers.values_list("absent__handle", flat=True))
    return absent[0] if len(absent) == 1 else ""


def _until(reason: Reason, day: str, now: datetime) -> datetime | None:
    if reason is Reason.UNTIL_THREE:
        return datetime.combine(now.date(), THREE, now.tzinfo)
    if reason is Reason.UNTIL_TOMORROW:
        return datetime.combine(
            next_school_day(now.date(), served_workspace().view().declared.school_days.is_school_day),
            MORNING,
            now.tzinfo,
        )
    if reason is Reason.UNTIL_DAY and day:
        return datetime.combine(datetime.fromisoformat(day).date(), MORNING, now.tzinfo)
    return None


def undo(request: HttpRequest) -> HttpResponse:
    """Take back the step that was named, or this person's last one, and show its case again."""
    here = served_workspace()
    mine = [
        event
        for event in here.view().events
        if event.draft.actor == actor(request.user) and event.action is not Action.UNDO
    ]
    taken_back = {event.draft.about for event in here.view().events if event.action is Action.UNDO}
    mine = [event for event in mine if event.batch not in taken_back]
    named = request.POST.get("batch", "")
    wanted = [event for event in mine if str(event.batch) == named] if named else mine[-1:]
    if not wanted:
        return HttpResponseRedirect(reverse("start") + "?" + urlencode({"said": "nothing"}))
    try:
        with here.ledger() as ledger:
            ledger.take_back(wanted[0].batch, actor(request.user))
    except NothingToTakeBack as error:
        raise Http404 from error
    if wanted[0].action is Action.ASK:
        take_back_mail(wanted[0].batch)
        return HttpResponseRedirect(f"{reverse('asked')}?sent=0")
    told = withdraw_requests(wanted[0].batch, here.view(), actor(request.user))
    here_again = reverse("finding", args=[wanted[0].draft.finding])
    return HttpResponseRedirect(f"{here_again}?{urlencode({'said': 'undone_told' if told else 'undone'})}")


def _go_on(request: HttpRequest, case: Case, batch: str) -> HttpResponse:
    """Go to the same case while one of its faces is left, else to the one after it."""
    view = served_workspace().view()
    which = request.POST.get("queue", "")
    now = view.by_finding.get(case.id)
    if now is not None and now.open and not now.taken_today:
        return HttpResponseRedirect(_address(now, which, batch))
    before = _order(request.POST.get("order", ""))
    waiting = {one.id: one for one in _queue(request, view, which)}
    following = [waiting[name] for name in before if name in waiting]
    target = following[0] if following else next(iter(waiting.values()), None)
    if target is None:
        return HttpResponseRedirect(f"{reverse('start')}?{urlencode({'queue': which, 'said': batch})}")
    return HttpResponseRedirect(_address(target, which, batch))


def _order(text: str) -> list[str]:
    return [name for name in text.split(" ") if name][:1]


def _queue(request: HttpRequest, view: View, which: str) -> tuple[Case, ...]:
    person: Any = request.user
    if not person.is_lead:
        return waits_for(person, view)
    mine = view.tally.backlog if which == "backlog" else view.tally.today
    return (*waits_for(person, view), *mine) if not which else mine


def _seen_before(request: HttpRequest, case: Case, view: View) -> bool:
    """Whether the screen before this one was about the same post, so that its title need not be read again."""
    path = urlsplit(request.headers.get("Referer", "")).path
    found = re.fullmatch(r"/f/(\w+)(?:/decide)?", path)
    before = view.by_finding.get(found[1]) if found else None
    return before is not None and before.id != case.id and post_of(before) == post_of(case)


def _done_today(request: HttpRequest, view: View) -> int:
    """Return how many steps this person decided today."""
    steps = {
        event.batch
        for event in view.events
        if event.draft.actor == actor(request.user)
        and event.action in (Action.DOWN, *LEAVES_UP, Action.WAIT, Action.REFER)
        and event.at.astimezone(view.now.tzinfo).date() == view.now.date()
    }
    return len(steps)


def _address(case: Case, which: str = "", batch: str = "") -> str:
    words = {name: value for name, value in (("queue", which), ("said", batch)) if value}
    return reverse("finding", args=[case.id]) + (f"?{urlencode(words)}" if words else "")


def single_keys(request: HttpRequest) -> HttpResponse:
    """Switch single keys on or off for this person, and come back."""
    from auditbot.review.site.middleware import safe_next  # noqa: PLC0415

    person: Any = request.user
    person.single_keys = request.POST.get("keys") == "on"
    person.save(update_fields=["single_keys"])
    return HttpResponseRedirect(safe_next(request))
