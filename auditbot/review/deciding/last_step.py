"""The line that tells what the step before did, in at most eight words, and offers to take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from auditbot.decisions.event import LEAVES_UP, Action, Event
from auditbot.review.casebook.case_details import label_of
from auditbot.review.casebook.phrases import DONE
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.visible_to import actor
from auditbot.review.deciding.faces_page import offer_to_learn
from auditbot.review.site.rendering import whole_number
from auditbot.sentences import _, day_and_month, say

AGAIN = "again-"
"""Begins what names a step that would only have repeated an earlier one."""
ALSO_SAID = {
    "undone": say("Taken back. It needs a decision again."),
    "undone_told": say("Taken back. They were asked already: tell them."),
    "nothing": say("There is nothing of yours to take back."),
    "learned": say("Remembered. Later audits compare with this face."),
    "not_learned": say("Not kept: unclear, or its right has ended."),
    "busy": say("Not kept: an audit is running. Try later."),
}
_BY_A_SECOND = {Action.SECOND: Action.NOT_SO, Action.SECOND_NO: Action.DOWN}
"""What a second person's word comes to."""


def last_step(request: HttpRequest) -> Mapping[str, Any]:
    """Return what the step before did, for the line that offers to take it back; nothing if there was none."""
    told = request.GET.get("said", "")
    if told in ALSO_SAID:
        return {"words": ALSO_SAID[told], "batch": "", "offer": None}
    view, again = served_workspace().view(), told.startswith(AGAIN)
    number = whole_number(told.removeprefix(AGAIN))
    step = [event for event in view.events if event.batch == number]
    if not step or (not again and step[0].draft.actor != actor(request.user)):
        return {}
    own = step[0].draft.actor == actor(request.user)
    return {
        "words": _before(step[0], view) if again else _done(step, view),
        "batch": str(number) if own else "",
        "offer": None if again else offer_to_learn(view, told),
    }


def _before(event: Event, view: View) -> str:
    at = event.at.astimezone(view.now.tzinfo)
    if at.date() == view.now.date():
        return _("Already written down at %(time)s.", time=at.strftime("%H:%M"))
    return _("Already written down on %(day)s.", day=day_and_month(at))


def _done(step: Sequence[Event], view: View) -> str:
    """Return what a step did, and about whom if that is one pupil; why is not told again to whoever chose it."""
    actions = {event.action for event in step}
    if Action.REFER in actions:
        told = _("Written down. Tell them yourself; it comes down.")
        return told if Action.DOWN in actions else _("Written down. Now tell them yourself.")
    event = step[0]
    case = view.by_finding.get(event.draft.finding)
    pupils = case.facts[0].pupil_ids if case else ()
    done = str(DONE[_BY_A_SECOND.get(event.action, event.action)])
    named = label_of(pupils[0], view) if len(pupils) == 1 else ""
    return f"{named} – {done[:1].lower()}{done[1:]}." if named else f"{done}."


def explained_before(request: HttpRequest, view: View) -> bool:
    """Whether this person decided about a face before, and so has read what "likely" means."""
    own = actor(request.user)
    answers = (Action.DOWN, *LEAVES_UP, Action.WAIT, Action.REFER)
    return any(
        event.draft.actor == own and event.action in answers and event.draft.rule == "C11"
        for event in reversed(view.events)
    )
