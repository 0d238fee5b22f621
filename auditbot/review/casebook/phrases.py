"""Decisions in plain words: what was done, why, what each key says, and what to do before one."""

from __future__ import annotations

from collections.abc import Iterable

from auditbot.decisions.decided import Decided, Lapse, State
from auditbot.decisions.event import Action, Event, Reason
from auditbot.model import Finding
from auditbot.present.wording import moment_of_film, nothing_to_take_down, steps, words_of_staff
from auditbot.review.casebook.cases import Case, comes_down_once_told
from auditbot.sentences import _, _n, say

DONE = {
    Action.DOWN: say("To come down"),
    Action.NOT_SO: say("Stays up"),
    Action.NO_PUPIL: say("No pupil of this school"),
    Action.PERMITTED: say("Permission recorded"),
    Action.WAIT: say("Put off"),
    Action.REFER: say("Taken to"),
    Action.SECOND: say("A second person agreed that it stays up"),
    Action.SECOND_NO: say("A second person did not agree: to come down"),
    Action.ASK: say("Asked to take it down"),
    Action.DONE: say("Said to be done"),
    Action.CANNOT: say("Said that it cannot be done"),
    Action.SEEN_GONE: say("Seen gone once"),
    Action.PROVED: say("Proved gone"),
    Action.CLOSE: say("Closed"),
    Action.TICK: say("Step done"),
    Action.UNDO: say("Taken back"),
}

WHY = {
    Reason.NONE: "",
    Reason.ANOTHER_PERMITTED: say("It is another child, who may be shown"),
    Reason.NOT_THIS_CHILD: say("It is not this child"),
    Reason.NOT_RECOGNISABLE: say("Nobody could recognise the child"),
    Reason.NOT_A_NAME: say("It is not a name"),
    Reason.ANOTHERS_NAME: say("It is somebody else’s name, not a pupil’s"),
    Reason.OUR_OWN: say("It is the school’s own"),
    Reason.AGREED: say("The person agreed"),
    Reason.HARMLESS: say("The words are harmless"),
    Reason.STAFF: say("A member of staff"),
    Reason.FAMILY: say("A parent or relative"),
    Reason.VISITOR: say("A visitor"),
    Reason.OTHER_SCHOOL: say("A child of another school"),
    Reason.FORM_UPLOADED: say("A form that is on file"),
    Reason.SEEN_ON_PAPER: say("Seen on paper"),
    Reason.UNTIL_THREE: say("Until 15:00 today"),
    Reason.UNTIL_TOMORROW: say("Until tomorrow morning"),
    Reason.UNTIL_DAY: say("Until a day"),
    Reason.OFFICE_ANSWERS: say("Until the office answers"),
    Reason.HEADTEACHER: say("The Headteacher"),
    Reason.LADO: say("The local authority (LADO)"),
    Reason.DATA_PROTECTION: say("The data protection officer"),
    Reason.POLICE: say("The police"),
    Reason.NAMED_IN_POLICY: say("Whoever the policy names"),
    Reason.PHOTO: say("The photo"),
    Reason.POST: say("The post"),
    Reason.WORDS: say("The words"),
    Reason.COMMENT: say("The comment"),
    Reason.DOCUMENT: say("The document"),
    Reason.ADDRESS: say("The address of the page"),
    Reason.SEARCH_ENGINES: say("Search engines were asked to forget it"),
    Reason.COPIES: say("Shared copies were looked for"),
    Reason.FAMILY_TOLD: say("The family was told"),
    Reason.OTHER: say("Another reason"),
}

LAPSED = {
    Lapse.TEXT_CHANGED: say("the words have changed"),
    Lapse.CONSENT_CHANGED: say("the pupil’s permission has changed"),
    Lapse.POLICY_CHANGED: say("the policy has changed"),
    Lapse.ENGINE_CHANGED: say("a new version of the face matching says it again"),
    Lapse.TIME_OVER: say("the time it was decided for is over"),
    Lapse.WAIT_OVER: say("the time it was put off for is over"),
    Lapse.BACK: say("it was gone, and is there again"),
}

STANDS = {
    State.NEW: say("Needs a decision"),
    State.WAITING: say("Waiting"),
    State.TO_COME_DOWN: say("To come down"),
    State.ASKED: say("Asked"),
    State.GONE_ONCE: say("Gone, seen once"),
    State.PROVED: say("Gone, proved"),
    State.CLOSED: say("Closed"),
    State.STAYS_UP: say("Stays up"),
    State.ENDED: say("No finding any more"),
}


def said(event: Event) -> str:
    """Return what an event did, in a clause without its day and person."""
    why, done = str(WHY[event.draft.reason]), str(DONE[event.action])
    clause = why[:1].lower() + why[1:]
    if event.action is Action.REFER:
        return f"{done} {clause}"
    return f"{done} ({clause})" if why else done


def taken_to(step: Iterable[Event]) -> str:
    """Return to whom a step took something, in a clause: to one person or to several at once."""
    who = list(dict.fromkeys(str(WHY[event.draft.reason]) for event in step))
    who = [f"{one[:1].lower()}{one[1:]}" for one in who]
    named = _("%(first)s and %(last)s", first=", ".join(who[:-1]), last=who[-1]) if len(who) > 1 else who[0]
    return f"{DONE[Action.REFER]} {named}"


def back_because(standing: Decided) -> str:
    """Return why something decided before is asked again, as a sentence; empty if it is not."""
    return (
        _("This was decided before and is asked again, because %(why)s.", why=LAPSED[standing.lapsed])
        if standing.lapsed
        else ""
    )


def taken_further(case: Case) -> bool:
    """Whether the answer to a case is to take it to somebody first: nobody may be asked to take it down before."""
    return nothing_to_take_down(case.first.finding) and not case.standing.referred


def told_first(case: Case) -> bool:
    """Whether words may be a threat, of which somebody is told before it comes down, and nobody is yet."""
    return comes_down_once_told(case.first.finding) and not case.standing.referred


def later_step(case: Case, question: str, who: str) -> tuple[str, str]:
    """Return the heading of a case and what was done of it before; at the first step the ``question`` and nothing.

    ``who`` are the pupils whom it may be about.
    """
    standing, faces = case.standing, len(case.facts[0].subjects)
    if not case.open or case.taken_today:
        return question, ""
    if standing.referred and words_are_grave(case):
        now = say("Should these words come down now?") if comes_down_once_told(case.first.finding) else None
        asked = str(now or _("Is it to come down now?"))
        return _step(2, 2, asked), taken_to(standing.referred)
    if standing.unnamed and who and faces == 1:
        return _step(2, 2, _("Should this photo come down all the same?")), _("Not %(who)s", who=who)
    left = len(standing.left) or faces
    if left < faces:
        done = _n("%(count)s face decided", "%(count)s faces decided", faces - left)
        return _step(faces - left + 1, faces, question), done
    return question, ""


def words_are_grave(case: Case) -> bool:
    """Whether somebody has to be told of a case before it comes down, whether or not anybody is by now."""
    return nothing_to_take_down(case.first.finding) or comes_down_once_told(case.first.finding)


def _step(number: int, count: int, question: str) -> str:
    return _("Step %(number)s of %(count)s: %(question)s", number=number, count=count, question=question)


_IN_DANGER = {
    "words_contact": say("A child in danger now? Call 999."),
    "words_hurtful": say("Somebody in danger now? Call 999."),
}
_TOLD_BEFORE = (
    say("A threat? Tell the Headteacher first, today."),
    say("Then take it down."),
)
_OTHERS_DECIDE = (
    say("Tell the Headteacher today; the LADO, if it is about the Headteacher."),
    say("Until they decide, leave it up and speak to nobody else."),
)


def steps_first(finding: Finding, case: Case) -> tuple[str, ...]:
    """Return what to do about grave words before anything else, or how a photo may come back; else nothing."""
    if finding.kind == "photo_position" and not moment_of_film(finding):
        offered = _("“Before you post” makes that copy: choose the photo there, then “Copy without place and camera”.")
        return (*(str(step) for step in steps(finding)), offered)
    if nothing_to_take_down(finding) and case.standing.referred:
        return (
            _("Leave the post as it is until those you told have decided. Take it down here only once they say so."),
        )
    danger = (_IN_DANGER[finding.kind],) if finding.kind in _IN_DANGER else ()
    if words_of_staff(finding):
        return tuple(str(step) for step in (*danger, *_OTHERS_DECIDE))
    if told_first(case):
        return tuple(str(step) for step in (*danger, *_TOLD_BEFORE))
    return tuple(str(step) for step in steps(finding)) if nothing_to_take_down(finding) else ()
