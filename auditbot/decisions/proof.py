"""What visits saw gone, as events: the audit itself is the one who says so, once for each time that it saw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from auditbot.decisions.event import Action, Draft, Event
from auditbot.decisions.ledger import Ledger
from auditbot.decisions.standing import EventIndex, Standing

AUDIT = "audit"
"""How the audit stands in decisions."""
SEEN = (Action.SEEN_GONE, Action.PROVED)


def record_proofs(ledger: Ledger, stands: Iterable[Standing], now: datetime) -> int:
    """Write what the newest audit saw gone or proved gone and no event says yet; return how many findings it was.

    What is proved is closed too, unless it was taken to somebody: that is closed by a person.
    """
    events = ledger.events()
    index, count = EventIndex(events), 0
    for standing in stands:
        steps = tuple(_steps(standing, index))
        if steps:
            life = f"{standing.facts.finding} since {standing.tracked.last_seen.isoformat()}"
            ledger.append(steps, once=f"{steps[0].action.value} {life}", at=now)
            count += 1
    return count


def _steps(standing: Standing, index: EventIndex) -> Iterator[Draft]:
    tracked, facts = standing.tracked, standing.facts
    proved = facts.gone and facts.proof
    if not proved and not facts.removal_seen:
        return
    step = Action.PROVED if proved else Action.SEEN_GONE
    own = [event for event in index.about(facts) if event.draft.finding == facts.finding and _counts(event, index)]
    if any(event.action is step and event.at >= tracked.last_seen for event in own):
        return
    yield _draft(standing, step)
    if proved and not standing.decided.referred:
        yield _draft(standing, Action.CLOSE)


def _counts(event: Event, index: EventIndex) -> bool:
    return event.action in SEEN and not index.is_taken_back(event)


def _draft(standing: Standing, action: Action) -> Draft:
    facts = standing.facts
    return Draft(
        actor=AUDIT,
        action=action,
        finding=facts.finding,
        post=facts.post,
        subject=facts.subjects[0],
        rule=facts.rule,
        pupil_ids=facts.people,
    )
