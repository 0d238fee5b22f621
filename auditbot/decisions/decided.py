"""What follows today from what was decided: one pure function, for the report, the page and the commands alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from auditbot.decisions.event import LEAVES_UP, Action, Event, Reason
from auditbot.decisions.subject import same_subject, whole_subject


class State(StrEnum):
    """Where a finding stands, in the order of its life."""

    NEW = "new"
    """It needs a decision."""
    WAITING = "waiting"
    """It waits for a day, for the office or for a second person."""
    TO_COME_DOWN = "to_come_down"
    """It is so, and nobody was asked yet."""
    ASKED = "asked"
    """Somebody was asked to take it down."""
    GONE_ONCE = "gone_once"
    """One visit found it gone."""
    PROVED = "proved"
    """Two visits found it gone."""
    CLOSED = "closed"
    """Proved and closed."""
    STAYS_UP = "stays_up"
    """Somebody decided, with a reason, that it stays."""
    ENDED = "ended"
    """It is no finding any more, for another reason than that it was removed."""


class Lapse(StrEnum):
    """Why a decision no longer counts."""

    TEXT_CHANGED = "text_changed"
    CONSENT_CHANGED = "consent_changed"
    POLICY_CHANGED = "policy_changed"
    ENGINE_CHANGED = "engine_changed"
    TIME_OVER = "time_over"
    WAIT_OVER = "wait_over"
    BACK = "back"
    """It was proved gone, and answers again."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so today of one finding, as far as decisions rest on it."""

    finding: str
    """Its id."""
    post: str
    """Fingerprint of its post."""
    rule: str
    """Its clause."""
    subjects: tuple[str, ...]
    """Fingerprints of the faces or words it rests on; at least one."""
    pupil_ids: tuple[str, ...] = ()
    """Pupils whom a face may show, sorted; empty for words, and where nobody can be named."""
    people: tuple[str, ...] = ()
    """All pupils whom the finding may concern, sorted: of words too."""
    protected: bool = False
    """Whether one of its pupils is never to be published."""
    versions: Mapping[str, str] = field(default_factory=dict, hash=False)
    """"policy", "engine", "gallery" and "consent:ID" for each pupil, as they are today."""
    channels: tuple[str, ...] = ()
    """Channels for which permission is needed where it stands; empty if its account is no longer known."""
    due: date | None = None
    """Until when it should be decided and gone; None if there is no such day."""
    removal_seen: bool = False
    """Whether the last visit found it gone, without proof yet."""
    gone: bool = False
    """Whether it is no finding any more."""
    proof: bool = False
    """Whether it is proved that it was removed."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Where one finding stands today, and why."""

    state: State
    """Where it stands."""
    rests_on: Event | None = None
    """The decision that counts, or None."""
    lapsed: Lapse | None = None
    """Why an earlier decision no longer counts; None if there is none or it does."""
    second_needed: bool = False
    """Whether it waits for a second person."""
    to_second: tuple[Event, ...] = ()
    """The decisions that a second person has to agree to, oldest first: each by somebody else than who made it."""
    left: tuple[str, ...] = ()
    """Fingerprints of the faces or words that still need a decision."""
    unnamed: tuple[str, ...] = ()
    """Of these, the faces of which is decided only that they are not the child they were taken for."""
    asked: Event | None = None
    """The last request, or what was answered to it."""
    referred: tuple[Event, ...] = ()
    """Where it was taken, oldest first."""
    until: datetime | None = None
    """Until when the decision holds or it waits; None if without end."""
    overdue: bool = False
    """Whether its day has passed and it is still there."""
    history: tuple[Event, ...] = ()
    """All events about it, oldest first, those taken back too."""

    @property
    def open(self) -> bool:
        """Whether somebody has to decide now."""
        return self.state is State.NEW or self.second_needed


def weekday(day: date) -> bool:
    """Return whether a day is a Monday to Friday: what counts as a school day where no terms are known."""
    return day.weekday() < 5


def end_of_school_year(day: date) -> date:
    """Return the last day of the school year that ``day`` falls in, 31 August."""
    return date(day.year if day.month < 9 else day.year + 1, 8, 31)


def decided(
    facts: Facts, events: Sequence[Event], now: datetime, school_day: Callable[[date], bool] = weekday
) -> Decided:
    """Return where a finding stands at ``now`` (with a zone), by all events of the file in their order."""
    history = tuple(event for event in events if _concerns(event, facts))
    taken_back = {event.draft.about for event in events if event.action is Action.UNDO}
    counting = [event for event in history if event.batch not in taken_back and event.action is not Action.UNDO]
    back = None if facts.gone else _last(counting, Action.PROVED, facts)
    if back is not None:
        counting = [event for event in counting if event.id > back.id]
    found = _by_decisions(facts, counting, now, school_day)
    if back is not None and found.state is State.NEW and found.lapsed is None:
        found = replace(found, lapsed=Lapse.BACK)
    found = _by_what_is_published(facts, found, counting)
    overdue = found.state in _STILL_THERE and facts.due is not None and facts.due < now.date()
    referred = tuple(event for event in counting if event.action is Action.REFER)
    return replace(found, overdue=overdue, referred=referred, history=history)


OFFICE_HAS = timedelta(days=14)
"""How long something waits for the office's answer: then it is asked about again."""
CHANNEL_SEEN = "channel:"
"""Begins what an event that rests on permission says of the channels it was decided for."""
_STILL_THERE = (State.NEW, State.WAITING, State.TO_COME_DOWN, State.ASKED)
_DECIDE = (Action.DOWN, *LEAVES_UP, Action.WAIT)


def _concerns(event: Event, facts: Facts) -> bool:
    """Whether an event is about this finding: at it, or about the same face, photo or words elsewhere."""
    draft = event.draft
    if event.forgotten:
        return False
    if draft.finding == facts.finding:
        return True
    if draft.action is Action.ASK and draft.subject.startswith("post:"):
        return draft.post == facts.post
    if draft.action in (Action.ASK, Action.DONE, Action.CANNOT, Action.UNDO):
        return draft.post == facts.post and _about_same(draft.subject, facts)
    if draft.action in (Action.DOWN, *LEAVES_UP, Action.SECOND, Action.SECOND_NO, Action.REFER):
        photo = draft.subject.startswith("photo:")
        return _about_same(draft.subject, facts) and (photo or draft.rule == facts.rule)
    return False


def _about_same(subject: str, facts: Facts) -> bool:
    return any(same_subject(subject, one) or subject == whole_subject(one) for one in facts.subjects)


def _last(events: Sequence[Event], action: Action, facts: Facts) -> Event | None:
    own = (event for event in reversed(events) if event.action is action and event.draft.finding == facts.finding)
    return next(own, None)


def _by_decisions(facts: Facts, events: Sequence[Event], now: datetime, school_day: Callable[[date], bool]) -> Decided:
    """Return what the decisions alone say, before it is looked at whether the thing is still published."""
    told = {subject: _of_one(facts, subject, events, now) for subject in facts.subjects}
    counts = {subject: event for subject, (event, _) in told.items()}
    lapsed = next((lapse for _, lapse in told.values() if lapse), None)
    settled = [event for event in counts.values() if event is not None]
    unnamed = tuple(subject for subject, event in counts.items() if event is not None and _names_nobody(event, facts))
    left = tuple(subject for subject, event in counts.items() if event is None or subject in unnamed)
    if down := [event for event in settled if event.action is Action.DOWN]:
        return Decided(State.TO_COME_DOWN, max(down, key=_number))
    if waits := [event for event in settled if event.action is Action.WAIT]:
        newest = max(waits, key=_number)
        return Decided(State.WAITING, newest, left=facts.subjects, unnamed=unnamed, until=newest.draft.when)
    if left:
        return Decided(State.NEW, lapsed=lapsed, left=left, unnamed=unnamed)
    newest = max(settled, key=_number)
    if facts.protected:
        stands, missing = _second(settled, events, now, school_day)
        if stands is not State.STAYS_UP:
            return Decided(stands, newest, second_needed=stands is State.WAITING, to_second=missing)
    ends = [event.draft.when for event in settled if event.draft.when]
    return Decided(State.STAYS_UP, newest, until=min(ends, default=None))


def _number(event: Event) -> int:
    return event.id


def _of_one(facts: Facts, subject: str, events: Sequence[Event], now: datetime) -> tuple[Event | None, Lapse | None]:
    """Return what counts for one face, or words: for each of its pupils something must, and coming down outweighs."""
    told = [_that_counts(facts, subject, pupil_id, events, now) for pupil_id in facts.pupil_ids or ("",)]
    found = [event for event, _ in told if event is not None]
    down = [event for event in found if event.action is Action.DOWN]
    if down or len(found) == len(told):
        nobody = [event for event in found if _names_nobody(event, facts)]
        return max(down or nobody or found, key=_number), None
    return None, next((lapse for _, lapse in told if lapse), None)


def _names_nobody(event: Event, facts: Facts) -> bool:
    """Whether all that is known after a decision is that a face is not the child it was taken for."""
    return bool(facts.pupil_ids) and event.draft.reason is Reason.NOT_THIS_CHILD


def _that_counts(
    facts: Facts, subject: str, pupil_id: str, events: Sequence[Event], now: datetime
) -> tuple[Event | None, Lapse | None]:
    """Return the newest decision about one face and pupil, or words, that counts, or why the newest does not."""
    for event in reversed(events):
        draft = event.draft
        if draft.action not in _DECIDE or not _covers(event, facts, subject, pupil_id):
            continue
        lapse = _lapse(event, facts, subject, pupil_id, now)
        return (None, lapse) if lapse else (event, None)
    return None, None


def _covers(event: Event, facts: Facts, subject: str, pupil_id: str) -> bool:
    draft = event.draft
    here = draft.finding == facts.finding
    same = same_subject(draft.subject, subject)
    if draft.action is Action.WAIT:
        return here
    if draft.action is Action.DOWN:
        return here or same or draft.subject == whole_subject(subject)
    if draft.action is Action.NO_PUPIL:
        return same
    words_changed = here and subject.startswith("text:")
    by_a_form = draft.action is Action.PERMITTED and facts.protected  # never to be published, so not by a form either
    if by_a_form or not (same or words_changed) or draft.rule != facts.rule or not _for_its_channels(event, facts):
        return False
    if pupil_id or not subject.startswith("photo:"):
        return not pupil_id or pupil_id in draft.pupil_ids
    return draft.reason is not Reason.NOT_THIS_CHILD


def _for_its_channels(event: Event, facts: Facts) -> bool:
    """Whether a decision that rests on permission was made for the channels on which this finding stands.

    Permission is given by channel: what the website may show, a social network may not. Where a channel is not known
    the decision counts for its own finding alone.
    """
    draft = event.draft
    if draft.action is not Action.PERMITTED and draft.reason is not Reason.ANOTHER_PERMITTED:
        return True
    seen = {name.removeprefix(CHANNEL_SEEN) for name in draft.seen if name.startswith(CHANNEL_SEEN)}
    if not seen or not facts.channels:
        return draft.finding == facts.finding
    return seen.issuperset(facts.channels)


def _lapse(event: Event, facts: Facts, subject: str, pupil_id: str, now: datetime) -> Lapse | None:
    """Return why a decision no longer counts, or None if it does. What is to come down never lapses."""
    draft = event.draft
    if draft.action is Action.WAIT:
        return Lapse.WAIT_OVER if (draft.when or event.at + OFFICE_HAS) <= now else None
    over = draft.when is not None and draft.when <= now
    if draft.action in (Action.DOWN, Action.NO_PUPIL):
        return None
    if over:
        return Lapse.TIME_OVER
    if not same_subject(draft.subject, subject):
        return Lapse.TEXT_CHANGED
    consent = f"consent:{pupil_id}"
    for name, lapse in (
        (consent, Lapse.CONSENT_CHANGED),
        ("policy", Lapse.POLICY_CHANGED),
        ("engine", Lapse.ENGINE_CHANGED),
    ):
        if draft.action is Action.PERMITTED and name != consent:
            continue
        if draft.seen.get(name, "") != facts.versions.get(name, ""):
            return lapse
    return None


def _second(
    settled: Sequence[Event], events: Sequence[Event], now: datetime, school_day: Callable[[date], bool]
) -> tuple[State, tuple[Event, ...]]:
    """Return whether what leaves a protected child up stands: once another person agreed to each decision.

    Beside it, while it waits, the decisions that nobody has agreed to yet.
    """
    missing: dict[int, Event] = {}
    for decision in settled:
        said = [
            event
            for event in events
            if event.action in (Action.SECOND, Action.SECOND_NO)
            and event.draft.about in (decision.id, decision.batch)
            and event.draft.actor.casefold() != decision.draft.actor.casefold()
        ]
        if any(event.action is Action.SECOND_NO for event in said):
            return State.TO_COME_DOWN, ()
        if not said:
            asked_on = decision.at.astimezone(now.tzinfo).date()
            if now.date() > next_school_day(asked_on, school_day):
                return State.TO_COME_DOWN, ()
            missing[decision.id] = decision
    return (State.WAITING if missing else State.STAYS_UP), tuple(missing[number] for number in sorted(missing))


def next_school_day(day: date, school_day: Callable[[date], bool] = weekday) -> date:
    """Return the first school day after ``day``; after a year without any, the day itself."""
    following = (day + timedelta(days=more) for more in range(1, 366))
    return next((one for one in following if school_day(one)), day)


def _rests_on_it(asked: Event, found: Decided, events: Sequence[Event]) -> bool:
    """Whether a request was made upon a decision that still counts: with it taken back, nobody is asked any more."""
    downs = [event.id for event in events if event.action is Action.DOWN]
    first = min(downs) if downs else found.rests_on.id if found.rests_on else 0
    return first < asked.id


def _by_what_is_published(facts: Facts, found: Decided, events: Sequence[Event]) -> Decided:
    """Return the state with requests, and with what visits saw."""
    answers = (Action.ASK, Action.DONE, Action.CANNOT)
    asked = next((event for event in reversed(events) if event.action in answers), None)
    if found.state is State.TO_COME_DOWN and asked is not None and _rests_on_it(asked, found, events):
        state = State.TO_COME_DOWN if asked.action is Action.CANNOT else State.ASKED
        found = replace(found, state=state, asked=asked)
    if facts.gone:
        proved = _last(events, Action.PROVED, facts)
        since = proved.id if proved else 0  # a case that was closed, came back and is gone again is not closed by that
        closed = any(event.action is Action.CLOSE and event.id > since for event in events)
        state = State.ENDED if not facts.proof else State.CLOSED if closed else State.PROVED
        return replace(found, state=state, second_needed=False, left=(), lapsed=None)
    if facts.removal_seen:  # by what the newest visit saw: an event of an earlier one may be outlived
        return replace(found, state=State.GONE_ONCE, second_needed=False, left=())
    return found
