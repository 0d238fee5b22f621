"""What visits saw gone becomes events: once for each time, closed unless it was taken to somebody, and open if back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from auditbot.decisions.decided import Lapse, State, decided
from auditbot.decisions.event import Action, Draft, Reason
from auditbot.decisions.ledger import Ledger
from auditbot.decisions.proof import record_proofs
from auditbot.decisions.standing import Standing
from auditbot.model import Finding, PhotoEvidence, TrackedFinding
from auditbot.sentences import quoted
from tests.unit.decisions.made_decisions import NOW, SHA, facts

EVIDENCE = PhotoEvidence("https://school.example/a.jpg", SHA, ((10, 10, 40, 40),))
FINDING = Finding(
    "f1", "C11", "no_permission", "today", "breach", "site", "", NOW, EVIDENCE, ("P001",), 0.9, quoted("It may.")
)
NIGHT = timedelta(days=1)


def standing(ledger: Ledger, now: datetime, last_seen: datetime, *, gone: bool = False, once: bool = False) -> Standing:
    tracked = TrackedFinding(
        FINDING, "gone" if gone else "open", NOW, last_seen, seen_gone=once, proof="It answers 404."
    )
    about = facts(gone=gone, proof=gone, removal_seen=once)
    return Standing(tracked, about, decided(about, ledger.events(), now))


def actions(ledger: Ledger) -> Sequence[Action]:
    return [event.action for event in ledger.events()]


def test_a_life_is_written_once_and_a_second_life_again(tmp_path: Path) -> None:
    with Ledger(tmp_path / "decisions.db") as ledger:
        first, second, third = NOW + NIGHT, NOW + 2 * NIGHT, NOW + 3 * NIGHT
        assert record_proofs(ledger, [standing(ledger, first, NOW)], first) == 0
        for _ in range(2):  # an audit that was killed and ran again
            record_proofs(ledger, [standing(ledger, first, NOW, once=True)], first)
        for _ in range(2):
            record_proofs(ledger, [standing(ledger, second, NOW, gone=True)], second)
        assert actions(ledger) == [Action.SEEN_GONE, Action.PROVED, Action.CLOSE]
        assert standing(ledger, second, NOW, gone=True).decided.state is State.CLOSED
        back = standing(ledger, third, third).decided
        assert (back.state, back.lapsed, len(back.history)) == (State.NEW, Lapse.BACK, 3)
        fourth = third + NIGHT
        record_proofs(ledger, [standing(ledger, fourth, third, once=True)], fourth)
        assert standing(ledger, fourth, third, once=True).decided.state is State.GONE_ONCE
        # There again on the next night: one visit that saw it gone proves nothing.
        assert standing(ledger, fourth + NIGHT, fourth + NIGHT).decided.state is State.NEW
        record_proofs(ledger, [standing(ledger, fourth + 2 * NIGHT, fourth + NIGHT, once=True)], fourth + 2 * NIGHT)
        assert actions(ledger)[3:] == [Action.SEEN_GONE, Action.SEEN_GONE]
        assert {event.draft.actor for event in ledger.events()} == {"audit"} and ledger.verify() is None


def test_what_was_taken_to_somebody_is_closed_by_a_person(tmp_path: Path) -> None:
    with Ledger(tmp_path / "decisions.db") as ledger:
        ledger.append([Draft("lead", Action.REFER, finding="f1", reason=Reason.LADO)])
        record_proofs(ledger, [standing(ledger, NOW + NIGHT, NOW, gone=True)], NOW + NIGHT)
        assert actions(ledger) == [Action.REFER, Action.PROVED]
        assert standing(ledger, NOW + NIGHT, NOW, gone=True).decided.state is State.PROVED
        plain = replace(standing(ledger, NOW + NIGHT, NOW, gone=True).facts, proof=False)
        assert decided(plain, ledger.events(), NOW).state is State.ENDED
