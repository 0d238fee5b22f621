"""Where every finding of an audit stands today: the facts, the events about it, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial

from auditbot.decisions.decided import Decided, Facts, decided, weekday
from auditbot.decisions.event import Action, Event
from auditbot.decisions.facts import consent_version, facts_of_finding
from auditbot.decisions.subject import whole_subject
from auditbot.model import TrackedFinding
from auditbot.registers.declared import Declared


@dataclass(frozen=True, slots=True)
class Standing:
    """One finding and where it stands."""

    tracked: TrackedFinding
    """The finding with its life over the audits."""
    facts: Facts
    """What decisions about it rest on."""
    decided: Decided
    """Where it stands, and why."""


class EventIndex:
    """All events of the file, found by what they are about: thousands of findings are asked about thousands."""

    def __init__(self, events: Sequence[Event]) -> None:
        """Sort the events; ``events`` are all of the file, oldest first."""
        self._all = tuple(events)
        self._by_key: dict[str, list[Event]] = {}
        self._undo = [event for event in events if event.action is Action.UNDO]
        self._taken_back = {event.draft.about for event in self._undo}
        for event in events:
            draft = event.draft
            if draft.finding:
                self._by_key.setdefault(f"finding {draft.finding}", []).append(event)
            if draft.subject.startswith("post:"):
                self._by_key.setdefault(f"post {draft.post}", []).append(event)
            elif draft.subject:
                self._by_key.setdefault(_root(draft.subject), []).append(event)

    def about(self, facts: Facts) -> tuple[Event, ...]:
        """Return the events that may concern a finding, and all that take others back, oldest first."""
        keys = {f"finding {facts.finding}", f"post {facts.post}", *map(_root, facts.subjects)}
        found = {event.id: event for key in keys for event in self._by_key.get(key, ())}
        found |= {event.id: event for event in self._undo}
        return tuple(found[number] for number in sorted(found))

    def concerns(self, facts: Facts) -> bool:
        """Whether any event may concern a finding: where none does, it stands as if nothing was ever decided."""
        keys = (f"finding {facts.finding}", f"post {facts.post}", *map(_root, facts.subjects))
        return any(key in self._by_key for key in keys)

    def is_taken_back(self, event: Event) -> bool:
        """Whether the step of this event was taken back later."""
        return event.batch in self._taken_back


def _root(subject: str) -> str:
    """Return what the fingerprints of the same photo, or of the same words in any account and field, share."""
    return f"words {subject.rpartition('|')[2]}" if subject.startswith("text:") else whole_subject(subject)


def standings(
    findings: Iterable[TrackedFinding],
    declared: Declared,
    versions: Mapping[str, str],
    events: Sequence[Event],
    now: datetime,
    due: Callable[[TrackedFinding], date | None] = lambda _: None,
    school_day: Callable[[date], bool] = weekday,
) -> dict[str, Standing]:
    """Return where each finding stands at ``now`` (with a zone), by its id, in the order given.

    ``versions`` are the audit's; ``due`` says until when a finding should be decided and gone.
    """
    consent, found = cache(partial(consent_version, declared)), {}
    for tracked in findings:
        facts = facts_of_finding(tracked, declared, versions, due(tracked), consent)
        found[tracked.finding.id] = Standing(tracked, facts, decided(facts, (), now, school_day))
    return with_events(found, events, now, school_day)


def with_events(
    undecided: Mapping[str, Standing],
    events: Sequence[Event],
    now: datetime,
    school_day: Callable[[date], bool] = weekday,
) -> dict[str, Standing]:
    """Return where each finding stands by these events; ``undecided`` is how all stand without any, on the same day."""
    index = EventIndex(events)
    return {
        name: replace(one, decided=decided(one.facts, index.about(one.facts), now, school_day))
        if index.concerns(one.facts)
        else one
        for name, one in undecided.items()
    }
