"""Making decisions: what page and command line may record of one finding, and what they have to say with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from auditbot.decisions.decided import CHANNEL_SEEN, OFFICE_HAS, Decided, Facts, end_of_school_year
from auditbot.decisions.event import LEAVES_UP, REASONS, Action, Draft, Event, Reason
from auditbot.decisions.subject import whole_subject
from auditbot.errors import NotDecided


class Refused(StrEnum):
    """Why a decision cannot be recorded as it stands."""

    REASON_MISSING = "reason_missing"
    REASON_UNFIT = "reason_unfit"
    NO_SUCH_BOX = "no_such_box"
    NO_SUCH_PUPIL = "no_such_pupil"
    NOT_A_FACE = "not_a_face"
    NEVER_BY_A_FORM = "never_by_a_form"
    DAY_MISSING = "day_missing"
    PAST = "past"
    TOO_FAR = "too_far"
    NOTHING_TO_AGREE_WITH = "nothing_to_agree_with"
    SAME_PERSON = "same_person"
    WHO_MISSING = "who_missing"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said about one finding."""

    action: Action
    """The decision."""
    actor: str
    """Who: a role on the command line, a person of the page."""
    reason: Reason = Reason.NONE
    """Why; needed for what stays up."""
    boxes: tuple[int, ...] = ()
    """Numbers of the boxes meant, from 1; empty for all that are left."""
    pupil_id: str = ""
    """Which pupil it is about, if the finding names several; empty for all of them."""
    when: datetime | None = None
    """Until when it holds or waits, or when it was referred, with a zone."""
    note: str = ""
    """Words of the person; kept sealed."""
    acting_for: str = ""
    """For whom the person stands in."""


LONGEST_WAIT = timedelta(days=7)
"""Past a finding's own day nothing waits longer at one person's word: leaving it up needs more than that."""

FACE_REASONS = (Reason.ANOTHER_PERMITTED, Reason.NOT_THIS_CHILD, Reason.NOT_RECOGNISABLE)
UNNAMED_REASONS = (Reason.ANOTHER_PERMITTED, Reason.NOT_RECOGNISABLE)
WORD_REASONS: dict[str, tuple[Reason, ...]] = {
    "C12": (Reason.NOT_A_NAME, Reason.ANOTHERS_NAME, Reason.OTHER),
    "C5": (Reason.OUR_OWN, Reason.AGREED, Reason.HARMLESS),
    "B6": (Reason.HARMLESS, Reason.OTHER),
    "C7": (Reason.HARMLESS, Reason.OTHER),
    "C9": (Reason.HARMLESS, Reason.OTHER),
    "E2": (Reason.HARMLESS, Reason.OTHER),
}
OTHER_REASONS = (Reason.HARMLESS, Reason.AGREED, Reason.OTHER)


def reasons_for(action: Action, facts: Facts, standing: Decided | None = None) -> tuple[Reason, ...]:
    """Return the reasons that fit this decision of this finding, in the order of their digits from 1."""
    if action is not Action.NOT_SO:
        return REASONS.get(action, (Reason.NONE,))
    if not _is_face(facts):
        return WORD_REASONS.get(facts.rule, OTHER_REASONS)
    named = bool(facts.pupil_ids) and not (standing and standing.unnamed)
    return FACE_REASONS if named else UNNAMED_REASONS


def drafts(facts: Facts, standing: Decided, said: Said, now: datetime) -> tuple[Draft, ...]:
    """Return the events that record a decision, as one step. Raises NotDecided with the reason why it cannot be one.

    A decision about faces is one event for each face; what is to come down is one about the whole photo.
    """
    if not said.actor.strip():
        raise NotDecided(Refused.WHO_MISSING)
    fitting = reasons_for(said.action, facts, standing)
    if said.reason not in fitting:
        missing = said.reason is Reason.NONE
        raise NotDecided(Refused.REASON_MISSING if missing else Refused.REASON_UNFIT)
    if said.pupil_id and said.pupil_id not in facts.pupil_ids:
        raise NotDecided(Refused.NO_SUCH_PUPIL)
    when = _when(said, facts, now)
    if said.action in (Action.SECOND, Action.SECOND_NO):
        return _second(facts, standing, said)
    if said.action in LEAVES_UP:
        _may_stay(facts, said)
        return tuple(_draft(facts, said, subject, when) for subject in _meant(facts, standing, said))
    return (_draft(facts, said, whole_subject(facts.subjects[0]), when),)


def referred_before(standing: Decided, said: Said, note_of: Callable[[Event], str]) -> Event | None:
    """Return the referral to the same person that a second one would only repeat; None if it says something new.

    A reference that the first does not have is something new; ``note_of`` opens the note of an event.
    """
    same = [event for event in standing.referred if event.draft.reason is said.reason]
    return next((event for event in reversed(same) if not said.note or note_of(event) == said.note), None)


def _may_stay(facts: Facts, said: Said) -> None:
    if said.action is Action.NO_PUPIL and not _is_face(facts):
        raise NotDecided(Refused.NOT_A_FACE)
    if said.action is Action.PERMITTED:
        if not facts.pupil_ids:
            raise NotDecided(Refused.NOT_A_FACE)
        if facts.protected:
            raise NotDecided(Refused.NEVER_BY_A_FORM)


def _is_face(facts: Facts) -> bool:
    return any("#" in subject for subject in facts.subjects) and facts.rule not in WORD_REASONS


def _when(said: Said, facts: Facts, now: datetime) -> datetime | None:
    """Return the moment that the decision speaks of: the end of the school year for what stays up without another."""
    ahead = said.action in (*LEAVES_UP, Action.WAIT)
    if said.when is not None:
        if ahead and said.when <= now:
            raise NotDecided(Refused.PAST)
        if said.action is Action.WAIT and said.when > _latest(facts, now):
            raise NotDecided(Refused.TOO_FAR)
        return said.when
    if said.action is Action.NOT_SO:
        return _end_of(end_of_school_year(now.date()), now)
    if said.action is Action.WAIT and said.reason is not Reason.OFFICE_ANSWERS:
        raise NotDecided(Refused.DAY_MISSING)
    return _end_of(now.date() + OFFICE_HAS, now) if said.action is Action.WAIT else None


def _latest(facts: Facts, now: datetime) -> datetime:
    """Return until when one person may put a finding off: a week past its day, or past today if that has come."""
    return _end_of(max(facts.due or now.date(), now.date()) + LONGEST_WAIT, now)


def _end_of(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(23, 59), now.tzinfo)


def _meant(facts: Facts, standing: Decided, said: Said) -> Sequence[str]:
    if any(not 1 <= number <= len(facts.subjects) for number in said.boxes):
        raise NotDecided(Refused.NO_SUCH_BOX)
    if said.boxes:
        return [facts.subjects[number - 1] for number in said.boxes]
    return standing.left or facts.subjects


def _draft(facts: Facts, said: Said, subject: str, when: datetime | None) -> Draft:
    pupils = (said.pupil_id,) if said.pupil_id else facts.people
    return Draft(
        actor=" ".join(said.actor.split()),
        action=said.action,
        finding=facts.finding,
        post=facts.post,
        subject=subject,
        rule=facts.rule,
        pupil_ids=pupils,
        reason=said.reason,
        when=when,
        note=said.note,
        seen={name: version for name, version in facts.versions.items() if _rests_on(name, pupils)}
        | {f"{CHANNEL_SEEN}{channel}": "seen" for channel in facts.channels if said.action in LEAVES_UP},
        acting_for=said.acting_for,
    )


def _rests_on(name: str, pupils: Sequence[str]) -> bool:
    return not name.startswith("consent:") or name.removeprefix("consent:") in pupils


def _second(facts: Facts, standing: Decided, said: Said) -> tuple[Draft, ...]:
    """Return one event for each step that waits for a second person and was made by somebody else."""
    if not standing.to_second:
        raise NotDecided(Refused.NOTHING_TO_AGREE_WITH)
    steps = {decision.batch: decision for decision in reversed(others_to_second(standing, said.actor))}
    if not steps:
        raise NotDecided(Refused.SAME_PERSON)
    return tuple(_agreed(facts, steps[batch], said) for batch in sorted(steps))


def others_to_second(standing: Decided, actor: str) -> tuple[Event, ...]:
    """Return the decisions that wait for a second person who may be this one: who did not make them."""
    own = " ".join(actor.split()).casefold()
    return tuple(decision for decision in standing.to_second if decision.draft.actor.casefold() != own)


def _agreed(facts: Facts, decision: Event, said: Said) -> Draft:
    return Draft(
        actor=" ".join(said.actor.split()),
        action=said.action,
        finding=facts.finding,
        post=facts.post,
        subject=decision.draft.subject,
        rule=facts.rule,
        pupil_ids=facts.people,
        about=decision.batch,
        note=said.note,
        acting_for=said.acting_for,
    )
