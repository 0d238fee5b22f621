"""Each clause of the policy that ships, broken and kept: what is found, declared or recorded, and by which number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

import auditbot
from auditbot.check.clauses import as_the_policy_says, checks
from auditbot.check.policy_state import Basis, policy_states
from auditbot.check.records.account_records import check_accounts
from auditbot.check.records.school_papers import (
    check_concerns,
    check_documents,
    check_event_photos,
    check_risk_assessments,
)
from auditbot.check.texts import Ours
from auditbot.model import Audit, Comment, Finding, PhotoUse, PostFacts, TrackedFinding
from auditbot.registers.declared import Declared
from auditbot.registers.people import StaffMember
from auditbot.registers.policy import (
    Attestation,
    Casework,
    Concern,
    Declarations,
    DocumentOnFile,
    EventApproval,
    Policy,
    Referral,
    Tool,
    read_policy,
)
from auditbot.registers.risk_assessments import Answer
from auditbot.settings import Faces, School, Settings
from tests.unit.check.school import FINISHED, declared, face, facts, photo, post, pupil

NIGHT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
ASSESSED = Faces(dpia_reference="IA-1", dpia_officer="DPO", dpia_date=date(2026, 9, 1))
SETTINGS = Settings(School("Larkmere", domains=("larkmere.example",)), faces=ASSESSED)
POLICIES = Path(auditbot.__file__).parent / "data" / "policies"
STAFF = (StaffMember("staff-1", "Mr", "Imran", "Sadiq", "Teacher"), StaffMember("", "Mrs", "H", "Brown", "Headteacher"))
PUPILS = (pupil("P001", "website=no given=2025-09-01", name="Maya Okonkwo-Price"),
          pupil("P002", "website=yes given=2025-09-01", name="Max Lee"))  # fmt: skip
SOON = date(2027, 6, 1)
DOCUMENTS = tuple(DocumentOnFile(clause, "On file", date(2026, 1, 1), SOON) for clause in ("A1", "A3", "E1"))
APPROVED = EventApproval("Headteacher", date(2025, 9, 1))
ATTESTED = ("B1", "B3", "B4", "B5", "B7", "B8")
KEPT = replace(
    declared(PUPILS),
    staff=STAFF,
    declarations=Declarations(
        attestation=(Attestation(ATTESTED, "All staff", date(2026, 9, 2)),),
        document=DOCUMENTS,
        event_approval=(APPROVED,),
        no_tools_used=True,
    ),
)
"""A school that keeps every clause that rests on its records."""
GOOD = facts(replace(post("a" * 64, title="We made boats", text="Owl class made boats from boxes and raced them. "
             "Thank you to all who came."), comments=(Comment("A mum", "What a lovely day, thank you!"),)),
             photo("a" * 64, face("named", "P002")))  # fmt: skip
"""A post that keeps every clause."""


def saying(text: str) -> PostFacts:
    return facts(post(text=text))


def commented(author: str, text: str) -> PostFacts:
    return facts(replace(post(), comments=(Comment(author, text),)))


def account(kept: Declared, **changed: object) -> Declared:
    entry = replace(kept.accounts["website"], **changed)  # type: ignore[arg-type]
    return replace(kept, accounts={"website": entry})


def declaring(kept: Declared, **changed: object) -> Declared:
    return replace(kept, declarations=replace(kept.declarations, **changed))  # type: ignore[arg-type]


def without(kept: Declared, clause: str) -> Declared:
    return declaring(kept, document=tuple(each for each in DOCUMENTS if each.clause != clause))


IN_A_COMMENT = PhotoUse("https://www.larkmere.example/media/1.jpg", "b" * 64, found_in="comment")
BROKEN_POSTS: Mapping[str, PostFacts] = {
    "B6": saying("Nobody in the office bothered to tell us about the assembly again."),
    "C5": saying("Ring Jo on 07700 900123 about the costumes."),
    "C6": saying("I make birthday cakes, £25 each, message me to order."),
    "C7": saying("Wine o'clock for the whole team after that week."),
    "C8": saying("Boys only for football club, girls can do netball or sewing instead."),
    "C9": commented("Mr Sadiq", "Well done Maya! Add me on Snapchat and message me tonight"),
    "C10": saying("Had a great time on our honeymoon in Greece."),
    "C11": facts(post("a" * 64), photo("a" * 64, face("named", "P001"))),
    "C12": saying("Well done Maya Okonkwo-Price!"),
    "D1": facts(post(IN_A_COMMENT), photo("b" * 64, face("named", "P002"))),
    "D2": commented("A dad", "Absolutely disgraceful, no reply to my emails for three weeks. Sort it out."),
    "D3": commented("A gran", "The caretaker stole money from the office, everyone knows it"),
    "E2": commented("A mum", "I know where you live, watch your back"),
}
"""By clause, a post that breaks it and no other."""


def broken_records(kept: Declared) -> Mapping[str, Declared]:
    """Return by clause the records of a school that break it and no other."""
    unfinished = replace(FINISHED, sign_up=Answer("TBC", "None", "None", "None"))
    return {
        "A1": without(kept, "A1"),
        "A2": declaring(kept, tool=(Tool("Chat", date(2026, 9, 1)),), no_tools_used=False),
        "A3": without(kept, "A3"),
        "B2": declaring(kept, event_approval=(replace(APPROVED, approved_by="Office manager"),)),
        "C1": account(kept, approved_by="Office manager"),
        "C2": account(kept, risk_assessment=""),
        "C3": account(kept, password_changed_on=date(2026, 7, 1)),
        "C4": account(kept, administrator_email="head@mail.example"),
        "E1": without(kept, "E1"),
        "F": replace(kept, risk_assessments={"website": unfinished}),
    }


BROKEN: Mapping[str, Declared | PostFacts] = {**BROKEN_POSTS, **broken_records(KEPT)}


@cache
def shipped(repository: Path) -> Policy:
    return read_policy(repository / "config" / "policy.toml")


def all_checks(school: Declared, one: PostFacts) -> Iterator[Finding]:
    """Yield what the check stage finds of one post and the school's records."""
    posts = [one.post]
    for check in checks(school, Ours()):
        yield from check(one)
    yield from check_accounts(school, ("larkmere.example",), posts, ())
    yield from check_documents(school)
    yield from check_event_photos(school, posts)
    yield from check_concerns(school)
    yield from check_risk_assessments(school)


def found(what: Declared | PostFacts, policy: Policy, kept: Declared = KEPT) -> list[Finding]:
    school = replace(what if isinstance(what, Declared) else kept, clauses=policy)
    one = what if isinstance(what, PostFacts) else GOOD
    return list(as_the_policy_says(all_checks(school, one), school))


def test_a_school_that_keeps_every_clause_has_no_finding(repository: Path) -> None:
    assert found(GOOD, shipped(repository)) == []


@pytest.mark.parametrize("clause", BROKEN)
def test_what_breaks_a_clause_is_found_under_it_alone(repository: Path, clause: str) -> None:
    policy = shipped(repository)
    told = found(BROKEN[clause], policy)
    assert {each.clause for each in told} == {clause}
    assert {cited.number for each in told if (cited := policy.cited(each.clause, each.kind))} == {clause}
    assert found(BROKEN[clause], Policy(each for each in policy.values() if each.id != clause)) == []


@dataclass(frozen=True, slots=True)
class Declaring:
    """A clause that is declared or recorded: the state that it has broken, and kept."""

    broken: Declared
    kept: Declared


CONCERN = Concern("2026-01", "E2", date(2026, 11, 20), "A parent", quote="Some words")
RECORDED: Mapping[str, Declaring] = {
    **{
        clause: Declaring(
            declaring(KEPT, attestation=(Attestation(tuple({*ATTESTED} - {clause}), "All staff", date(2026, 9, 2)),)),
            KEPT,
        )
        for clause in ATTESTED
    },
    "B9": Declaring(
        replace(KEPT, casework=Casework((CONCERN,))),
        replace(KEPT, casework=Casework((CONCERN,), (Referral("2026-01", "LADO", date(2026, 11, 21), "DSL"),))),
    ),
}


@pytest.mark.parametrize("clause", RECORDED)
def test_what_is_declared_or_recorded_is_missing_or_stands(repository: Path, clause: str) -> None:
    policy = shipped(repository)
    for what, missing in ((RECORDED[clause].broken, True), (RECORDED[clause].kept, False)):
        school = replace(what, clauses=policy)
        tracked = tuple(TrackedFinding(each, "new", NIGHT, NIGHT) for each in found(what, policy))
        audit = replace(Audit("2026-11-22T02-30-00", NIGHT, NIGHT, True, {}, (), (), (), 0), findings=tracked)
        states = policy_states(Basis(school, SETTINGS, audit))
        assert bool(states[clause].missing) == missing, states[clause]
        others = {name for name, state in states.items() if state.missing and name != clause}
        assert others == set()


def test_every_clause_of_the_policy_is_in_one_of_the_tables(repository: Path) -> None:
    assert {*BROKEN, *RECORDED} == set(shipped(repository))
    assert not {*BROKEN} & {*RECORDED}


NURSERY = {
    "C11": "Rule 1", "C12": "Rule 2", "C5": "Rule 2", "B2": "Rule 3", "C1": "Rule 4", "C3": "Rule 5", "C6": "Rule 6",
}  # fmt: skip


def test_another_schools_shorter_policy_finds_its_own_and_cites_its_own_numbers() -> None:
    policy = read_policy(POLICIES / "small_nursery.toml")
    by_manager = (replace(APPROVED, approved_by="Nursery Manager"),)
    kept = account(declaring(KEPT, event_approval=by_manager), approved_by="Nursery Manager")
    assert found(GOOD, policy, kept) == []
    whole: dict[str, Declared | PostFacts] = {**BROKEN_POSTS, **broken_records(kept)}
    for clause, what in whole.items():
        told = found(what, policy, kept)
        numbers = {cited.number for each in told if (cited := policy.cited(each.clause, each.kind))}
        assert numbers == ({NURSERY[clause]} if clause in NURSERY else set()), clause
