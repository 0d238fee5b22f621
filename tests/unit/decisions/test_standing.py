"""The index changes nothing but the time it takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditbot.decisions.decided import decided
from auditbot.decisions.event import Event
from auditbot.decisions.standing import EventIndex
from tests.unit.decisions.made_decisions import NOW, facts, words
from tests.unit.decisions.test_decided import lives


@given(lives(), st.booleans())
def test_an_indexed_finding_stands_where_it_does_by_all_events(events: list[Event], of_words: bool) -> None:
    about = words() if of_words else facts()
    assert decided(about, EventIndex(events).about(about), NOW) == decided(about, events, NOW)
