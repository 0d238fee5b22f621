"""Decisions in plain words: what was done, why, and what each key says."""

from __future__ import annotations

from auditbot.decisions.decided import Decided, Lapse, State
from auditbot.decisions.event import Action, Event, Reason

DONE = {
    Action.DOWN: "Decided: to come down",
    Action.NOT_SO: "Decided: it stays up",
    Action.NO_PUPIL: "Decided: no pupil of this school",
    Action.PERMITTED: "Permission recorded",
    Action.WAIT: "Put off",
    Action.REFER: "Taken to",
    Action.SECOND: "A second person agreed that it stays up",
    Action.SECOND_NO: "A second person did not agree: to come down",
    Action.ASK: "Asked to take it down",
    Action.DONE: "Said to be done",
    Action.CANNOT: "Said that it cannot be done",
    Action.SEEN_GONE: "Seen gone once",
    Action.PROVED: "Proved gone",
    Action.CLOSE: "Closed",
    Action.TICK: "Step done",
    Action.UNDO: "Taken back",
}

WHY = {
    Reason.NONE: "",
    Reason.ANOTHER_PERMITTED: "It is another child, who may be shown",
    Reason.NOT_THIS_CHILD: "It is not this child",
    Reason.NOT_RECOGNISABLE: "Nobody could recognise the child",
    Reason.NOT_A_NAME: "It is not a name",
    Reason.ANOTHERS_NAME: "It is somebody else’s name, not a pupil’s",
    Reason.OUR_OWN: "It is the school’s own",
    Reason.AGREED: "The person agreed",
    Reason.HARMLESS: "The words are harmless",
    Reason.STAFF: "A member of staff",
    Reason.FAMILY: "A parent or relative",
    Reason.VISITOR: "A visitor",
    Reason.OTHER_SCHOOL: "A child of another school",
    Reason.FORM_UPLOADED: "A form that is on file",
    Reason.SEEN_ON_PAPER: "Seen on paper",
    Reason.UNTIL_THREE: "Until 15:00 today",
    Reason.UNTIL_TOMORROW: "Until tomorrow morning",
    Reason.UNTIL_DAY: "Until a day",
    Reason.OFFICE_ANSWERS: "Until the office answers",
    Reason.HEADTEACHER: "The Headteacher",
    Reason.LADO: "The LADO",
    Reason.DATA_PROTECTION: "The data protection officer",
    Reason.POLICE: "The police",
    Reason.NAMED_IN_POLICY: "The person whom the policy names",
    Reason.PHOTO: "The photo",
    Reason.POST: "The post",
    Reason.WORDS: "The words",
    Reason.COMMENT: "The comment",
    Reason.DOCUMENT: "The document",
    Reason.ADDRESS: "The address of the page",
    Reason.SEARCH_ENGINES: "Search engines were asked to forget it",
    Reason.COPIES: "Shared copies were looked for",
    Reason.FAMILY_TOLD: "The family was told",
    Reason.OTHER: "Another reason",
}

LAPSED = {
    Lapse.TEXT_CHANGED: "the words have changed",
    Lapse.CONSENT_CHANGED: "the pupil’s permission has changed",
    Lapse.POLICY_CHANGED: "the policy has changed",
    Lapse.ENGINE_CHANGED: "a new version of the face matching says it again",
    Lapse.TIME_OVER: "the time it was decided for is over",
    Lapse.WAIT_OVER: "the time it was put off for is over",
    Lapse.BACK: "it was gone, and is there again",
}

STANDS = {
    State.NEW: "Needs a decision",
    State.WAITING: "Waiting",
    State.TO_COME_DOWN: "To come down",
    State.ASKED: "Asked",
    State.GONE_ONCE: "Gone, seen once",
    State.PROVED: "Gone, proved",
    State.CLOSED: "Closed",
    State.STAYS_UP: "Stays up",
    State.ENDED: "No finding any more",
}


def said(event: Event) -> str:
    """Return what an event did, in a clause without its day and person."""
    why = WHY[event.draft.reason]
    if event.action is Action.REFER:
        return f"{DONE[event.action]} {why[:1].lower()}{why[1:]}"
    return f"{DONE[event.action]} ({why[:1].lower()}{why[1:]})" if why else DONE[event.action]


def back_because(standing: Decided) -> str:
    """Return why something decided before is asked again, as a sentence; empty if it is not."""
    return f"This was decided before and is asked again, because {LAPSED[standing.lapsed]}." if standing.lapsed else ""
