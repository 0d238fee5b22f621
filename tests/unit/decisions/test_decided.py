"""What follows from decisions: each kind against each change, and what holds whatever was decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.decisions.decided import Facts, Lapse, State, decided
from auditbot.decisions.event import LEAVES_UP, REASONS, Action, Event, Reason
from tests.unit.decisions.made_decisions import FACE, NOW, OTHER_FACE, SHA, VERSIONS, event, facts, words

PERMITTED_ELSE = Reason.ANOTHER_PERMITTED
LATER = NOW + timedelta(days=30)

CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "that pupil's consent": {"versions": {**VERSIONS, "consent:P001": "c2"}},
    "another pupil's consent": {"versions": {**VERSIONS, "consent:P002": "d2"}},
    "policy": {"versions": {**VERSIONS, "policy": "p2"}},
    "engine": {"versions": {**VERSIONS, "engine": "e2"}},
    "gallery": {"versions": {**VERSIONS, "gallery": "g2"}},
    "photo": {"subjects": (f"photo:{'cd' * 32}#10,10,40,40",), "finding": "f2"},
    "box by a little": {"subjects": (f"photo:{SHA}#13,11,40,40",), "finding": "f2"},
    "post": {"finding": "f2", "post": "post2"},
    "account's name": {"finding": "f3", "post": "post3"},
    "channel": {"finding": "f4", "post": "post4", "channels": ("social_media",)},
    "film": {"finding": "f5", "post": "post5", "channels": ("website", "video")},
    "account gone": {"finding": "f6", "post": "post6", "channels": ()},
    "time": {},
}
# One line a decision, one letter a change, in the order above: U stays up, D to come down, N needs a decision again.
TABLE = {
    "down": "DDDDDDNDDDDDDD",
    "not so": "UNUNNUNUUUNNNN",
    "no pupil": "UUUUUUNUUUUUUU",
    "permitted": "UNUUUUNUUUNNNN",
    "wait": "WWWWWWNNNNNNNN",
}
LETTER = {State.STAYS_UP: "U", State.TO_COME_DOWN: "D", State.NEW: "N", State.WAITING: "W"}


def made(decision: str) -> Event:
    return {
        "down": event(1, Action.DOWN, subject=f"photo:{SHA}"),
        "not so": event(1, Action.NOT_SO, PERMITTED_ELSE, when=NOW + timedelta(days=20)),
        "no pupil": event(1, Action.NO_PUPIL, Reason.VISITOR),
        "permitted": event(1, Action.PERMITTED, Reason.SEEN_ON_PAPER, when=NOW + timedelta(days=20)),
        "wait": event(1, Action.WAIT, Reason.UNTIL_TOMORROW, when=NOW + timedelta(days=1)),
    }[decision]


@pytest.mark.parametrize("decision", TABLE)
def test_each_decision_against_each_change(decision: str) -> None:
    told = ""
    for change, values in CHANGES.items():
        now = LATER if change == "time" else NOW
        told += LETTER[decided(facts(**values), [made(decision)], now).state]
    assert told == TABLE[decision]


@pytest.mark.parametrize(
    ("change", "lapse"),
    [
        ("that pupil's consent", Lapse.CONSENT_CHANGED),
        ("policy", Lapse.POLICY_CHANGED),
        ("engine", Lapse.ENGINE_CHANGED),
        ("time", Lapse.TIME_OVER),
    ],
)
def test_what_comes_back_says_why(change: str, lapse: Lapse) -> None:
    now = LATER if change == "time" else NOW
    assert decided(facts(**CHANGES[change]), [made("not so")], now).lapsed is lapse


def test_words_that_changed_come_back_and_say_so() -> None:
    harmless = event(
        1, Action.NOT_SO, Reason.HARMLESS, subject="text:site|text|aaaa", rule="C12", seen={"policy": "p1"}
    )
    assert decided(words(), [harmless], NOW).state is State.STAYS_UP
    changed = decided(words(subjects=("text:site|text|bbbb",)), [harmless], NOW)
    assert (changed.state, changed.lapsed) == (State.NEW, Lapse.TEXT_CHANGED)
    elsewhere = words(finding="f9", post="post9", subjects=("text:other|comment  text|aaaa",))
    assert decided(elsewhere, [harmless], NOW).state is State.STAYS_UP
    assert decided(replace(elsewhere, rule="C7"), [harmless], NOW).state is State.NEW


def test_not_this_child_leaves_the_face_unnamed_until_somebody_says_who_it_is() -> None:
    not_him = event(1, Action.NOT_SO, Reason.NOT_THIS_CHILD)
    first = decided(facts(), [not_him], NOW)
    assert (first.state, first.unnamed, first.left) == (State.NEW, (FACE,), (FACE,))
    unknown = facts(finding="f2", pupil_ids=(), people=())
    assert decided(unknown, [not_him], NOW).state is State.NEW
    visitor = event(2, Action.NO_PUPIL, Reason.VISITOR)
    assert decided(facts(), [not_him, visitor], NOW).state is State.STAYS_UP


def test_another_candidate_of_the_same_face_still_needs_a_decision() -> None:
    not_one = event(1, Action.NOT_SO, PERMITTED_ELSE)
    both = facts(pupil_ids=("P001", "P002"))
    assert decided(both, [not_one], NOW).state is State.NEW
    not_two = event(2, Action.NOT_SO, PERMITTED_ELSE, pupil_ids=("P002",))
    assert decided(both, [not_one, not_two], NOW).state is State.STAYS_UP


def test_one_face_of_two_is_left() -> None:
    crowd = facts(subjects=(FACE, OTHER_FACE), pupil_ids=(), people=())
    one = event(1, Action.NO_PUPIL, Reason.STAFF)
    assert decided(crowd, [one], NOW).left == (OTHER_FACE,)
    two = event(2, Action.NO_PUPIL, Reason.STAFF, subject=OTHER_FACE)
    assert decided(crowd, [one, two], NOW).state is State.STAYS_UP
    down = event(3, Action.DOWN, subject=f"photo:{SHA}")
    assert decided(crowd, [one, down], NOW).state is State.TO_COME_DOWN


def test_a_protected_child_stays_up_only_with_a_second_person() -> None:
    no = made("not so")
    kept = facts(protected=True)
    waiting = decided(kept, [no], NOW)
    assert (waiting.state, waiting.second_needed) == (State.WAITING, True)
    same = event(2, Action.SECOND, about=1, actor=" LEAD ".strip())
    assert decided(kept, [no, same], NOW).state is State.WAITING
    other = event(2, Action.SECOND, about=1, actor="Deputy")
    assert decided(kept, [no, other], NOW).state is State.STAYS_UP
    against = event(2, Action.SECOND_NO, about=1, actor="Deputy")
    assert decided(kept, [no, against], NOW).state is State.TO_COME_DOWN
    assert decided(kept, [no], NOW + timedelta(days=1)).state is State.WAITING
    assert decided(kept, [no], NOW + timedelta(days=2)).state is State.TO_COME_DOWN
    assert decided(kept, [made("permitted"), other], NOW).state is State.NEW


def test_asking_and_proof() -> None:
    down = made("down")
    ask = event(2, Action.ASK, Reason.PHOTO, subject=f"photo:{SHA}")
    assert decided(facts(), [down, ask], NOW).state is State.ASKED
    assert decided(facts(finding="f2", post="post2"), [down, ask], NOW).state is State.TO_COME_DOWN
    cannot = event(3, Action.CANNOT, subject=f"photo:{SHA}")
    assert decided(facts(), [down, ask, cannot], NOW).state is State.TO_COME_DOWN
    assert decided(facts(removal_seen=True), [down, ask], NOW).state is State.GONE_ONCE
    assert decided(facts(gone=True, proof=True), [down, ask], NOW).state is State.PROVED
    assert decided(facts(gone=True), [down, ask], NOW).state is State.ENDED
    close = event(4, Action.CLOSE)
    assert decided(facts(gone=True, proof=True), [down, ask, close], NOW).state is State.CLOSED
    whole_post = event(2, Action.ASK, Reason.POST, finding="f7", subject="post:post1")
    assert decided(facts(), [down, whole_post], NOW).state is State.ASKED


def test_what_was_proved_gone_and_answers_again_is_new_with_its_history() -> None:
    lived = [made("down"), event(2, Action.ASK), event(3, Action.PROVED), event(4, Action.CLOSE)]
    back = decided(facts(), lived, NOW)
    assert (back.state, back.lapsed, len(back.history)) == (State.NEW, Lapse.BACK, 4)
    again = decided(facts(), [*lived, event(5, Action.DOWN, subject=f"photo:{SHA}")], NOW)
    assert again.state is State.TO_COME_DOWN


def test_what_closed_an_earlier_life_does_not_close_a_later_one() -> None:
    before = [made("down"), event(2, Action.PROVED), event(3, Action.CLOSE)]
    referred = [*before, event(4, Action.REFER, Reason.LADO), event(5, Action.PROVED)]
    gone = facts(gone=True, proof=True)
    assert decided(gone, before, NOW).state is State.CLOSED
    assert decided(gone, referred, NOW).state is State.PROVED
    assert decided(gone, [*referred, event(6, Action.CLOSE)], NOW).state is State.CLOSED


def test_its_day_passes_while_it_is_still_there() -> None:
    late = facts(due=date(2026, 11, 27))
    assert decided(late, [], NOW).overdue
    assert decided(late, [event(1, Action.WAIT, Reason.OFFICE_ANSWERS)], NOW).overdue
    assert not decided(late, [made("not so")], NOW).overdue
    assert not decided(facts(due=date(2026, 11, 30)), [], NOW).overdue


ACTIONS = st.sampled_from([action for action in Action if action is not Action.UNDO])


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Any decisions by two people, at any of two faces, some taken back."""
    events: list[Event] = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        if events and draw(st.integers(0, 4)) == 0:
            about = draw(st.sampled_from(events)).batch
            events.append(event(number, Action.UNDO, about=about))
            continue
        action = draw(ACTIONS)
        subject = f"photo:{SHA}" if action is Action.DOWN else draw(st.sampled_from([FACE, OTHER_FACE]))
        events.append(
            event(
                number,
                action,
                draw(st.sampled_from(REASONS.get(action, (Reason.NONE,)))),
                actor=draw(st.sampled_from(["Lead", "Deputy"])),
                subject=subject,
                finding=draw(st.sampled_from(["f1", "f2"])),
                about=draw(st.integers(1, 8)) if action in (Action.SECOND, Action.SECOND_NO) else None,
                when=draw(st.sampled_from([None, NOW - timedelta(hours=1), NOW + timedelta(hours=1)])),
            )
        )
    return events


@given(lives(), st.booleans())
def test_taking_back_the_newest_step_leaves_what_was_before(events: list[Event], protected: bool) -> None:
    before = decided(facts(protected=protected), events, NOW)
    more = event(20, Action.DOWN, subject=f"photo:{SHA}")
    undo = event(21, Action.UNDO, about=20)
    after = decided(facts(protected=protected), [*events, more, undo], NOW)
    assert replace(after, history=()) == replace(before, history=())


@given(lives())
def test_events_about_anything_else_change_nothing(events: list[Event]) -> None:
    far = [
        event(30 + number, action, subject="photo:ee#1,1,5,5", finding="f9", post="post9")
        for number, action in enumerate(LEAVES_UP)
    ]
    assert decided(facts(), [*events, *far], NOW) == decided(facts(), events, NOW)


@given(lives())
def test_a_protected_child_never_stays_up_by_one_persons_word(events: list[Event]) -> None:
    by_one = [replace(one, draft=replace(one.draft, actor="Lead")) for one in events]
    assert decided(facts(protected=True), by_one, NOW).state is not State.STAYS_UP


@given(lives(), st.booleans(), st.booleans())
def test_nothing_leaves_the_first_screen_without_a_decision(events: list[Event], removal: bool, gone: bool) -> None:
    """What stays up rests on an event that says so, with a reason; nothing a person said is out of the history."""
    found = decided(facts(removal_seen=removal, gone=gone), events, NOW)
    if found.state is State.STAYS_UP:
        assert found.rests_on is not None
        assert found.rests_on.action in LEAVES_UP
        assert found.rests_on.draft.reason is not Reason.NONE
    if not [one for one in events if one.action is not Action.UNDO] and not removal and not gone:
        assert found.state is State.NEW
    assert {one.id for one in events if one.draft.finding == "f1"} <= {one.id for one in found.history}


@given(lives())
def test_a_pupil_forgotten_takes_no_other_decision_along(events: list[Event]) -> None:
    gone = [replace(one, forgotten=True) for one in events]
    bare: Facts = facts()
    assert decided(bare, gone, NOW) == decided(bare, [], NOW)
