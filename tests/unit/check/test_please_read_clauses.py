"""B6, C5 to C10, D2, D3, E2 in a post: which clause, by who speaks; always a review, always quoted, the worst first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditbot.check.meaning import passages
from auditbot.check.please_read.please_read_clauses import KINDS, OF_OTHERS, OF_THE_SCHOOL, please_read_check
from auditbot.check.texts import Ours, ours_of
from auditbot.model import Comment, Finding, Post, TextEvidence
from auditbot.present.kinds import KINDS as SHOWN
from auditbot.registers.people import StaffMember
from auditbot.settings import School
from tests.unit.check.school import declared, facts, post

REGISTERS = declared(staff=[StaffMember("staff-1", "Mrs", "Farah", "Khan", "Teacher")])
OURS = ours_of(School("Oakfield", contacts=("01632 960100",)), REGISTERS.accounts, ())
GRIEVANCE = "Nobody in the office ever replies, it is a shambles and we are fed up."
CLAIM = "The caretaker stole money from the office, everyone knows it."
CONTACT = "Hi Ella, add me on Snapchat and message me tonight."
THREAT = "I know where you live, watch your back."
OFFER = "I make birthday cakes, £25 each, message me to order."
PRIVATE = "We are off on our honeymoon in Greece."


@pytest.fixture(scope="module")
def check() -> object:
    return please_read_check(REGISTERS, OURS)


def find(check: object, one: Post) -> list[Finding]:
    assert callable(check)
    found = list(check(facts(one)))
    assert len({finding.id for finding in found}) == len(found)
    return found


def by(author: str, text: str) -> Post:
    return replace(post(), comments=(Comment(author, text),))


@pytest.mark.parametrize(
    ("one", "clauses"),
    [
        (post(text=GRIEVANCE), ["B6"]),
        (by("Mrs Khan", GRIEVANCE), ["B6"]),
        (by("A dad", GRIEVANCE), ["D2"]),
        (post(text=CLAIM), ["C5"]),
        (by("A dad", CLAIM), ["D3"]),
        (by("Mrs Khan", CONTACT), ["C9"]),
        (by("A dad", CONTACT), ["C9"]),
        (by("A dad", THREAT), ["E2"]),
        (by("A dad", OFFER), ["C6"]),
        (post(text=PRIVATE), ["C10"]),
        (by("Mrs Khan", PRIVATE), ["C10"]),
        (by("A dad", PRIVATE), []),
        (post(text="Gin o'clock in the staff room, what a bloody awful week!"), ["C7"]),
        (by("School office", "Please ring us on 01632 960100, so that we can find you a time."), []),
        (by("A dad", "Thank you all, she had a lovely day!"), []),
        (post(text="Please speak to the class teacher or the office if you have a concern."), []),
    ],
)
def test_who_speaks_decides_the_clause(check: object, one: Post, clauses: list[str]) -> None:
    found = find(check, one)
    assert [finding.clause for finding in found] == clauses
    assert {finding.band for finding in found} <= {"review"}
    assert {finding.severity for finding in found} <= ({"today"} if clauses in (["C9"], ["E2"]) else {"week"})


DEFAMED = "You deserve to be beaten, I am coming for you tonight. The head teacher is a thief who stole the PTA money."


@pytest.mark.parametrize(
    ("author", "clauses"),
    [
        ("Dave", ["E2", "D3"]),
        ("Office", ["E2", "C5"]),
        ("School", ["E2", "C5"]),
        ("Admin", ["E2", "C5"]),
        ("Oakfield", ["E2", "C5"]),
        ("Mrs Khan", ["E2", "C5"]),
    ],
)
def test_who_signs_as_the_school_is_heard_as_anybody_else_too(check: object, author: str, clauses: list[str]) -> None:
    assert [finding.clause for finding in find(check, by(author, DEFAMED))] == clauses


@pytest.mark.parametrize("author", ["Office", "Mrs Khan"])
def test_what_the_school_answers_in_a_comment_stays_quiet(check: object, author: str) -> None:
    for text in (
        "Thank you all for coming, we raised £300 for the library!",
        "Please speak to the class teacher or the office if you have a concern.",
        "The gate opens at 8.40. Please bring a coat and a packed lunch.",
        "Sorry about the late coach, the children are safe and on their way home.",
    ):
        assert find(check, by(author, text)) == []


def test_the_sentence_is_quoted_and_the_worst_comes_first(check: object) -> None:
    one = replace(
        post(text=f"We made boats. {OFFER}"), comments=(Comment("A dad", THREAT), Comment("A mum", GRIEVANCE))
    )
    found = find(check, one)
    assert found[0].clause == "E2"
    assert [finding.score for finding in found[1:]] == sorted((f.score for f in found[1:]), reverse=True)
    quoted = {f.evidence.text[f.evidence.start : f.evidence.end] for f in found if isinstance(f.evidence, TextEvidence)}
    assert quoted == {THREAT, OFFER, GRIEVANCE}


def test_a_finding_keeps_its_identity_when_another_comment_joins(check: object) -> None:
    (before,) = find(check, by("A dad", THREAT))
    joined = replace(post(), comments=(Comment("A mum", "Lovely!"), Comment("A dad", THREAT)))
    assert [finding.id for finding in find(check, joined)] == [before.id]


def test_names_of_kinds_describe_words_and_no_person() -> None:
    assert set(KINDS) == {*OF_THE_SCHOOL, *OF_OTHERS}
    for kind in KINDS.values():
        assert kind in SHOWN


def test_a_school_that_declared_nothing_is_checked_all_the_same() -> None:
    found = find(please_read_check(declared(), Ours()), by("Mrs Khan", THREAT))
    assert [finding.clause for finding in found] == ["E2"]


def test_of_a_very_long_text_the_beginning_is_read(check: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "LONGEST", 2000)
    text = THREAT + " We made boats." * 200 + THREAT
    found = find(check, by("A dad", text))
    assert [finding.evidence.start for finding in found if isinstance(finding.evidence, TextEvidence)] == [0]
