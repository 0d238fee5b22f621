"""What may be recorded of a finding, and the fingerprints that it is recorded under."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.decisions.decide import Refused, Said, drafts, reasons_for
from auditbot.decisions.decided import Decided, Facts, State, decided
from auditbot.decisions.event import Action, Event, Reason
from auditbot.decisions.subject import face_subject, same_subject, subjects_of
from auditbot.errors import NotDecided
from auditbot.model import Finding, TextEvidence
from auditbot.sentences import quoted
from tests.unit.decisions.made_decisions import FACE, NOW, OTHER_FACE, SHA, event, facts, words

FRESH = Decided(State.NEW)


def refused(about: Facts, said: Said, standing: Decided = FRESH) -> Refused:
    with pytest.raises(NotDecided) as told:
        drafts(about, standing, said, NOW)
    return Refused(told.value.why)


def test_what_stays_up_needs_a_reason_that_fits() -> None:
    assert refused(facts(), Said(Action.NOT_SO, "Lead")) is Refused.REASON_MISSING
    assert refused(facts(), Said(Action.NOT_SO, "Lead", Reason.NOT_A_NAME)) is Refused.REASON_UNFIT
    assert refused(words(), Said(Action.NO_PUPIL, "Lead", Reason.VISITOR)) is Refused.NOT_A_FACE
    assert refused(words(), Said(Action.PERMITTED, "Lead", Reason.SEEN_ON_PAPER)) is Refused.NOT_A_FACE
    unknown = facts(pupil_ids=(), people=())
    assert refused(unknown, Said(Action.NOT_SO, "Lead", Reason.NOT_THIS_CHILD)) is Refused.REASON_UNFIT
    kept = facts(protected=True)
    assert refused(kept, Said(Action.PERMITTED, "Lead", Reason.SEEN_ON_PAPER)) is Refused.NEVER_BY_A_FORM
    assert refused(facts(), Said(Action.WAIT, "Lead", Reason.UNTIL_DAY)) is Refused.DAY_MISSING
    past = Said(Action.WAIT, "Lead", Reason.UNTIL_DAY, when=NOW - timedelta(hours=1))
    assert refused(facts(), past) is Refused.PAST
    assert refused(facts(), Said(Action.NOT_SO, "Lead", Reason.ANOTHER_PERMITTED, boxes=(2,))) is Refused.NO_SUCH_BOX
    assert refused(facts(), Said(Action.DOWN, "Lead", pupil_id="P9")) is Refused.NO_SUCH_PUPIL
    assert refused(facts(), Said(Action.DOWN, " ")) is Refused.WHO_MISSING


def test_taking_down_needs_one_key_and_is_about_the_whole_photo() -> None:
    (made,) = drafts(facts(subjects=(FACE, OTHER_FACE)), FRESH, Said(Action.DOWN, "Lead"), NOW)
    assert (made.subject, made.reason, made.when) == (f"photo:{SHA}", Reason.NONE, None)


def test_what_is_left_is_decided_face_by_face_until_the_end_of_the_school_year() -> None:
    crowd = facts(subjects=(FACE, OTHER_FACE), pupil_ids=(), people=())
    said = Said(Action.NOT_SO, "Lead", Reason.ANOTHER_PERMITTED, boxes=(2,))
    (made,) = drafts(crowd, FRESH, said, NOW)
    assert made.subject == OTHER_FACE
    assert made.when == datetime(2027, 8, 31, 23, 59, tzinfo=UTC)
    standing = replace(FRESH, left=(FACE,))
    (rest,) = drafts(crowd, standing, Said(Action.NO_PUPIL, "Lead", Reason.FAMILY), NOW)
    assert rest.subject == FACE


def test_the_second_person_is_another() -> None:
    kept, no = facts(protected=True), event(1, Action.NOT_SO, Reason.ANOTHER_PERMITTED)
    standing = decided(kept, [no], NOW)
    assert refused(kept, Said(Action.SECOND, "LEAD"), standing) is Refused.SAME_PERSON
    assert refused(facts(), Said(Action.SECOND, "Deputy")) is Refused.NOTHING_TO_AGREE_WITH
    (made,) = drafts(kept, standing, Said(Action.SECOND, "Deputy"), NOW)
    assert made.about == 1


@given(
    st.sampled_from(list(Action)),
    st.sampled_from(list(Reason)),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(), ("P001",), ("P001", "P002")]),
)
def test_whatever_may_be_recorded_counts(
    action: Action, reason: Reason, protected: bool, of_words: bool, pupils: tuple[str, ...]
) -> None:
    """What was recorded as staying up leaves the list (or waits for the second person); what is so comes down."""
    about = words(protected=protected) if of_words else facts(protected=protected, pupil_ids=pupils, people=pupils)
    standing = decided(about, [], NOW)
    said = Said(action, "Lead", reason, when=NOW + timedelta(days=1) if action is Action.WAIT else None)
    try:
        made = drafts(about, standing, said, NOW)
    except NotDecided:
        return
    events = [Event(number, NOW, one, 1, None, "", "") for number, one in enumerate(made, 1)]
    after = decided(about, events, NOW)
    if action is Action.DOWN:
        assert after.state is State.TO_COME_DOWN
    elif action in (Action.NOT_SO, Action.NO_PUPIL, Action.PERMITTED) and reason is not Reason.NOT_THIS_CHILD:
        assert after.state is (State.WAITING if protected else State.STAYS_UP)
    elif action is Action.WAIT:
        assert after.state is State.WAITING


def test_every_decision_has_a_reason_to_choose_or_needs_none() -> None:
    for about in (facts(), facts(pupil_ids=()), words(), words(rule="C5"), words(rule="C9")):
        for action in Action:
            assert reasons_for(action, about)


def in_text(text: str, word: str, *, kind: str = "surname", account: str = "Site", field: str = "text") -> str:
    start = text.index(word)
    evidence = TextEvidence(field, text, start, start + len(word))
    clause = "C12" if kind == "surname" else "C5"
    found = Finding("x", clause, kind, "today", "breach", account, "http://a/b", None, evidence, (), 1.0, quoted(""))
    return subjects_of(found)[0]


def test_words_are_the_same_wherever_they_stand_and_others_are_not() -> None:
    text = "The Winter fair is on Friday. Bring a cake."
    assert same_subject(in_text(text, "Winter"), in_text(text, "Winter", account="Facebook", field="comment 3 text"))
    assert same_subject(in_text(text, "Winter"), in_text(text.replace(" fair", "  fair"), "Winter"))
    assert not same_subject(in_text(text, "Winter"), in_text("Tom Winter won. Bring a cake.", "Winter"))
    number = "01632 960001"
    footer, news = f"Call {number}", f"Ring the office on {number} before noon"
    assert same_subject(in_text(footer, number, kind="phone_number"), in_text(news, number, kind="phone_number"))


def test_a_face_is_the_same_while_its_box_mostly_is() -> None:
    one = face_subject(SHA, (10.2, 10.4, 40.0, 40.0))
    assert same_subject(one, face_subject(SHA, (13.0, 12.0, 41.0, 38.0)))
    assert not same_subject(one, face_subject(SHA, (60.0, 10.0, 40.0, 40.0)))
    assert not same_subject(one, face_subject("cd" * 32, (10.2, 10.4, 40.0, 40.0)))
    assert not same_subject(one, f"photo:{SHA}")
