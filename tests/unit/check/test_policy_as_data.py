"""The policy as data: a school's own ids, numbers, roles and fewer clauses give exactly its own findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import auditbot
from auditbot.check.clauses import CHECKED_CLAUSES, as_the_policy_says
from auditbot.check.policy_state import REGISTERED
from auditbot.check.records.account_records import check_accounts
from auditbot.check.records.record_findings import record_finding
from auditbot.check.records.school_papers import check_documents, check_event_photos, check_risk_assessments
from auditbot.model import Finding
from auditbot.present.kinds import KINDS as SHOWN
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared
from auditbot.registers.people import StaffMember
from auditbot.registers.policy import Clause, Declarations, DocumentOnFile, EventApproval, Policy, Tool, read_policy
from auditbot.registers.policy_checks import OF_CHECK, CheckName, is_filled, names_role
from auditbot.registers.risk_assessments import Answer, RiskAssessment
from auditbot.sentences import quoted
from tests.unit.check.school import FINISHED, IN_ORDER, TODAY, declared, post

POLICIES = Path(auditbot.__file__).parent / "data" / "policies"
HEAD = StaffMember("", "Mrs", "Helen", "Brown", "Headteacher")
KINDS: Mapping[str, tuple[str, ...]] = {
    "C1": ("not_approved", "approved_late", "no_owner", "owner_gone", "unregistered_account"),
    "C5": ("phone", "words_copyright", "words_claim"),
}
EVERY_CODE = tuple(dict.fromkeys(check.code for check in OF_CHECK.values() if check.code))


def every_finding() -> Iterator[Finding]:
    """Yield a finding of every code and kind that the program knows."""
    for code in EVERY_CODE:
        for kind in KINDS.get(code, ("any",)):
            yield record_finding(code, kind, register="r", cell=f"{code} {kind}", explanation=quoted("Something."))


def under(policy: Policy) -> Declared:
    return replace(declared(), clauses=policy)


PRIMARY = {
    "C1": "3.1", "C2": "3.2", "F": "3.2", "C3": "3.3", "C11": "4.1", "C12": "4.2", "C9": "4.3", "E2": "5.1",
    "B9": "5.2",
}  # fmt: skip
NURSERY = {"C11": "Rule 1", "C12": "Rule 2", "B2": "Rule 3", "C3": "Rule 5", "C6": "Rule 6"}


def test_another_schools_policy_gives_exactly_its_own() -> None:
    for name, cited in (("primary_academy.toml", PRIMARY), ("small_nursery.toml", NURSERY)):
        policy = read_policy(POLICIES / name)
        found = list(as_the_policy_says(every_finding(), under(policy)))
        numbers = {(each.clause, each.kind): policy.cited(each.clause, each.kind) for each in found}
        assert all(numbers.values())
        own = {clause.number for clause in numbers.values() if clause}
        assert own <= {clause.number for clause in policy.values()}
        for code, number in cited.items():
            of_code = {clause.number for (each, _), clause in numbers.items() if each == code and clause}
            assert of_code == {number}, code
        absent = set(EVERY_CODE) - {each.clause for each in found}
        assert {"A1", "C7", "C8", "C10", "D1"} <= absent


def test_what_of_a_clause_a_school_does_not_ask_is_no_finding() -> None:
    nursery = under(read_policy(POLICIES / "small_nursery.toml"))
    found = {(each.clause, each.kind) for each in as_the_policy_says(every_finding(), nursery)}
    assert ("C5", "phone") in found and ("C5", "words_copyright") not in found
    assert ("C1", "unregistered_account") in found and ("C1", "no_owner") not in found


def test_the_kinds_that_are_a_checks_own_are_kinds_of_findings() -> None:
    own = {kind for check in OF_CHECK.values() for kind in check.kinds}
    assert own <= set(SHOWN)


def test_a_clause_says_how_soon_its_findings_need_somebody() -> None:
    academy = under(read_policy(POLICIES / "primary_academy.toml"))
    surname = replace(next(each for each in every_finding() if each.clause == "C12"), severity="today")
    assert [each.severity for each in as_the_policy_says([surname], academy)] == ["week"]


@pytest.mark.parametrize("gone", EVERY_CODE)
def test_a_clause_taken_out_gives_no_finding_and_no_other_is_touched(repository: Path, gone: str) -> None:
    ours = read_policy(repository / "config" / "policy.toml")
    without = Policy(clause for clause in ours.values() if clause.id != gone)
    found = [each.clause for each in as_the_policy_says(every_finding(), under(without))]
    everything = [each.clause for each in as_the_policy_says(every_finding(), under(ours))]
    assert found == [code for code in everything if code != gone]
    assert gone in everything


def test_a_check_that_is_new_is_cited_under_the_clause_of_its_code() -> None:
    found = [record_finding("G1", "ours", register="r", cell="c", explanation=quoted("Something."))]
    assert list(as_the_policy_says(found, under(Policy([Clause("G1", "Our own.", ("pages",), "week")])))) == found
    assert list(as_the_policy_says(found, under(Policy([])))) == []


def test_every_clause_of_the_policy_that_ships_uses_a_check(repository: Path) -> None:
    ours = read_policy(repository / "config" / "policy.toml")
    assert len(ours) == 30
    for name, used in ours.checks.items():
        assert used, name
        assert any(check in REGISTERED or OF_CHECK[check].code in CHECKED_CLAUSES for check in used)
    assert {check for used in ours.checks.values() for check in used} == set(CheckName)


ROLES = [
    # what an approval names, and whether it is the Headteacher's word
    ("Headteacher", True),
    ("Head teacher", True),
    ("Acting Headteacher", True),
    ("Mrs H Brown, Headteacher", True),
    ("Mrs Brown", True),
    ("Helen Brown", True),
    ("Executive Headteacher", True),
    ("Office manager", False),
    ("Deputy Headteacher", False),
    ("Headteacher's secretary", False),
    ("pp Headteacher", False),
    ("Mrs Browning", False),
    ("Governors", False),
]


@pytest.mark.parametrize(("said", "right"), ROLES)
def test_an_approval_names_the_role_that_the_policy_asks_for(repository: Path, said: str, right: bool) -> None:
    ours = under(read_policy(repository / "config" / "policy.toml"))
    school = replace(ours, staff=(HEAD,), accounts={"website": IN_ORDER}, risk_assessments={"website": FINISHED})
    account = replace(IN_ORDER, approved_by=said)
    given = Declarations(event_approval=(EventApproval(approved_by=said, approved_on=date(2026, 1, 1)),))
    c1 = list(check_accounts(replace(school, accounts={"website": account}), (), [], ()))
    b2 = list(check_event_photos(replace(school, declarations=given), [post("a", on="2026-09-01")]))
    form = replace(FINISHED, authorised_by=said)
    f = list(check_risk_assessments(replace(school, risk_assessments={"website": form})))
    for code, found in (("C1", c1), ("B2", b2), ("F", f)):
        assert [each.clause for each in found] == ([] if right else [code]), code


def test_a_policy_names_its_own_roles() -> None:
    nursery = under(read_policy(POLICIES / "small_nursery.toml"))
    for said, right in (("Nursery Manager", True), ("Headteacher", False)):
        account = replace(IN_ORDER, approved_by=said)
        school = replace(nursery, accounts={"website": account}, risk_assessments={"website": FINISHED})
        found = list(as_the_policy_says(check_accounts(school, (), [], ()), school))
        assert [each.kind for each in found if each.clause == "C1"] == ([] if right else ["not_approved"])
    assert names_role("Deputy Headteacher", ["Deputy Headteacher"])


PASSWORDS = [
    # the policy, days since the password was changed, what is found
    ("", 56, "password_due"), ("", 57, "password_overdue"), ("primary_academy.toml", 57, None),
    ("primary_academy.toml", 91, "password_overdue"), ("small_nursery.toml", 91, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "days", "kind"), PASSWORDS)
def test_the_days_of_a_policy_count(repository: Path, name: str, days: int, kind: str | None) -> None:
    policy = read_policy(POLICIES / name) if name else read_policy(repository / "config" / "policy.toml")
    account = replace(IN_ORDER, password_changed_on=TODAY - timedelta(days=days))
    school = replace(under(policy), accounts={"website": account}, risk_assessments={"website": FINISHED})
    found = [each.kind for each in check_accounts(school, (), [], ()) if each.clause == "C3"]
    assert found == ([kind] if kind else [])


def test_nothing_falls_due_in_the_holidays() -> None:
    policy = read_policy(POLICIES / "primary_academy.toml")
    assert policy.due(date(2026, 12, 24)) == date(2027, 1, 4)
    assert policy.due(date(2026, 12, 18)) == date(2026, 12, 18)


FILLED = ["None", "n/a", "No", "Headteacher", "Moderated by the office", "0", "13+"]
PLACEHOLDERS = ["", " ", "-", "–", "?", "??", "...", "TBC", "tbc.", "TBD", "To be confirmed", "to do", "xxx", "pending"]


def test_a_placeholder_fills_no_cell() -> None:
    assert [cell for cell in FILLED if not is_filled(cell)] == []
    assert [cell for cell in PLACEHOLDERS if is_filled(cell)] == []
    form = replace(FINISHED, purpose="TBC", sign_up=Answer("-", "None", "?", "None"))
    found = list(check_risk_assessments(replace(declared(), risk_assessments={"website": form})))
    assert [each.clause for each in found] == ["F", "F", "F"]
    assert all("placeholder" in each.explanation for each in found)


DOES_NOT_FIT = [
    # the account, the form, the first post, what is told
    ({}, {}, "2026-09-10", ""),
    (
        {},
        {"date": date(2026, 9, 11), "first_assessed_on": None},
        "2026-09-10",
        "the earliest post seen is of 10 September 2026",
    ),
    ({"kind": "facebook"}, {"name": "Instagram"}, "2026-09-10", "another service"),
    ({"kind": "x"}, {"name": "Twitter"}, "2026-09-10", ""),
    ({"year_groups": ("R", "1", "2")}, {"year_groups": ("Reception", "Year 1")}, "2026-09-10", "year groups 2"),
    ({"year_groups": ("R", "1")}, {"year_groups": ("Reception", "Year 1")}, "2026-09-10", ""),
]


@pytest.mark.parametrize(("account", "form", "first", "said"), DOES_NOT_FIT)
def test_an_assessment_that_is_not_this_accounts_is_told(
    account: dict[str, object], form: dict[str, object], first: str, said: str
) -> None:
    changed: Account = replace(IN_ORDER, **account)  # type: ignore[arg-type]
    assessed: RiskAssessment = replace(FINISHED, **form)  # type: ignore[arg-type]
    school = replace(declared(), accounts={"website": changed}, risk_assessments={"website": assessed})
    found = [each for each in check_accounts(school, (), [post(on=first)], ()) if each.clause == "C2"]
    assert [said in each.explanation for each in found] == ([True] if said else [])


def test_a_tool_assessed_for_fewer_year_groups_is_told() -> None:
    tool = Tool("Class blog", date(2026, 9, 14), "website", ("R", "1"))
    school = replace(declared(), declarations=Declarations(tool=(tool,)), risk_assessments={"website": FINISHED})
    assert ["year groups 1" in each.explanation for each in check_risk_assessments(school) if each.clause == "A2"] == [
        True
    ]


def test_a_document_is_known_by_the_schools_own_number() -> None:
    clause = Clause("7.2", "Bullying.", ("register",), "governance", checks=("bullying_document",))
    document = DocumentOnFile("7.2", "Anti-bullying policy", date(2026, 1, 1), date(2027, 1, 1))
    school = under(Policy([clause]))
    assert [each.kind for each in check_documents(school)] == ["document_missing"]
    assert list(check_documents(replace(school, declarations=Declarations(document=(document,))))) == []
    waiting = replace(document, title="TBC")
    assert list(check_documents(replace(school, declarations=Declarations(document=(waiting,)))))
