"""Clauses that rest on registers: what the school's own records lack, in tables of hits and near misses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from auditbot.check.c11_photos import check_comment_photos
from auditbot.check.policy_state import Basis, policy_states
from auditbot.check.records.account_records import check_accounts
from auditbot.check.records.school_papers import (
    check_concerns,
    check_documents,
    check_event_photos,
    check_risk_assessments,
)
from auditbot.model import Audit, Face, Finding, LinkedAccount, PhotoEvidence, PhotoFacts, PhotoUse, PostFacts
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared
from auditbot.registers.people import StaffMember
from auditbot.registers.policy import (
    Attestation,
    Casework,
    Concern,
    Declarations,
    DocumentOnFile,
    EventApproval,
    Tool,
    read_policy,
)
from auditbot.registers.risk_assessments import COLUMNS, QUESTIONS, RiskAssessment
from auditbot.settings import School, Settings
from tests.unit.check.school import FINISHED, IN_ORDER, TODAY, declared, place_of, post, words_of

GOOD = replace(IN_ORDER, approved_on=date(2025, 7, 14), password_changed_on=date(2026, 11, 2))
HEAD = StaffMember("", "Mrs", "Helen", "Brown", "Headteacher")


def school(account: Account = GOOD, **registers: Any) -> Declared:
    filled = {"staff": (HEAD,), "risk_assessments": {"website": FINISHED}, "accounts": {account.name: account}}
    return replace(declared(), **{**filled, **registers})


def kinds(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.clause, finding.kind, finding.severity) for finding in findings]


def of_account(account: Account, domains: tuple[str, ...] = ("larkmere.example",), first: str = "2025-09-01") -> object:
    return kinds(check_accounts(school(account), domains, [post(on=first)], ()))


ACCOUNTS = [
    # what is changed in a good entry                        what is found
    ({}, []),
    ({"approved_on": None}, [("C1", "not_approved", "governance")]),
    ({"approved_by": " "}, [("C1", "not_approved", "governance")]),
    ({"approved_on": date(2026, 11, 23)}, [("C1", "not_approved", "governance")]),
    ({"approved_on": TODAY}, [("C1", "approved_late", "governance")]),
    ({"approved_on": date(2025, 9, 2)}, [("C1", "approved_late", "governance")]),
    ({"approved_on": date(2025, 9, 1)}, []),
    ({"owner": ""}, [("C1", "no_owner", "governance")]),
    ({"owner": "Mrs Gone"}, [("C1", "owner_gone", "governance")]),
    ({"owner": "mrs brown"}, []),
    ({"owner": "Helen Brown"}, []),
    ({"risk_assessment": ""}, [("C2", "no_risk_assessment", "governance")]),
    ({"risk_assessment": "elsewhere"}, [("C2", "no_risk_assessment", "governance")]),
    ({"password_changed_on": None}, [("C3", "password_date", "governance")]),
    ({"password_changed_on": date(2026, 11, 23)}, [("C3", "password_date", "governance")]),
    ({"password_changed_on": date(2026, 9, 26)}, [("C3", "password_overdue", "governance")]),  # 57 days ago
    ({"password_changed_on": date(2026, 9, 27)}, [("C3", "password_due", "governance")]),  # 56: due today
    ({"password_changed_on": date(2026, 9, 28)}, [("C3", "password_due", "governance")]),
    ({"password_changed_on": date(2026, 10, 4)}, [("C3", "password_due", "governance")]),  # due in 7 days
    ({"password_changed_on": date(2026, 10, 5)}, []),
    ({"password_meets_rule": None}, [("C3", "password_rule", "governance")]),
    ({"password_meets_rule": False}, [("C3", "password_rule", "governance")]),
    ({"administrator_email": ""}, [("C4", "administrator_missing", "governance")]),
    ({"administrator_email": "head@mail.example"}, [("C4", "administrator_outside", "week")]),
    ({"administrator_email": "head@notlarkmere.example"}, [("C4", "administrator_outside", "week")]),
    ({"administrator_email": "Head@Office.Larkmere.Example"}, []),
]


@pytest.mark.parametrize(("changed", "found"), ACCOUNTS)
def test_the_register_of_accounts(changed: dict[str, Any], found: list[tuple[str, str, str]]) -> None:
    assert of_account(replace(GOOD, **changed)) == found


def test_without_a_list_of_domains_no_address_is_called_foreign() -> None:
    assert of_account(replace(GOOD, administrator_email="head@mail.example"), domains=()) == []


LINKS = [
    ("https://www.facebook.com/larkmereschool", True),
    ("https://m.facebook.com/LarkmereSchool/?ref=page", True),
    ("https://twitter.com/larkmere", False),
    ("https://x.com/Larkmere/", False),
    ("https://www.facebook.com/somebodyelse", True),
    ("https://www.facebook.com/profile.php?id=42&ref=x", False),
    ("https://www.facebook.com/profile.php?id=43", True),
]


@pytest.mark.parametrize(("url", "found"), LINKS)
def test_an_account_that_pages_lead_to_and_no_register_holds(url: str, found: bool) -> None:
    held = {
        "website": GOOD,
        "x": replace(GOOD, name="x", url="https://x.com/larkmere"),
        "page": replace(GOOD, name="page", url="https://facebook.com/profile.php?id=42"),
    }
    link = LinkedAccount("website", url, "a service", "https://www.larkmere.example/")
    told = list(check_accounts(school(accounts=held), ("larkmere.example",), (), (link,)))
    assert [(one.clause, one.kind, one.severity) for one in told] == [("C1", "unregistered_account", "week")] * found
    not_ours = Declarations(not_ours=(url,))
    assert not list(check_accounts(school(accounts=held, declarations=not_ours), (), (), (link,)))


def test_two_accounts_of_one_service_are_two_findings_and_two_addresses_of_one_account_are_one() -> None:
    addresses = ("facebook.com/larkmere.pta", "facebook.com/larkmereclass2", "m.facebook.com/Larkmere.PTA/")
    links = [LinkedAccount("website", f"https://{one}", "Facebook", "https://larkmere.example/") for one in addresses]
    pta, other, again = (one.id for one in check_accounts(school(), (), (), links))
    assert pta == again != other


def test_every_cell_of_the_form_is_looked_at() -> None:
    empty = school(risk_assessments={"website": RiskAssessment()})
    told = [finding.explanation for finding in check_risk_assessments(empty)]
    assert len(told) == 3 + len(QUESTIONS) * len(COLUMNS) + 2
    assert told[0] == "Name of social media: it is empty."
    assert told[3] == "Is there an age restriction? – Risk: it is empty."
    assert told[-2:] == ["Authorisation: it is empty.", "Date: it is empty."]
    assert not list(check_risk_assessments(school()))


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 11, 22), ""),
        (date(2026, 11, 23), "Date: it lies in the future (2026-11-23)."),
        (date(2025, 11, 23), ""),
        (date(2025, 11, 22), "Date: its review was due on 2026-11-22."),
    ],
)
def test_the_date_of_a_form(day: date, found: str) -> None:
    told = [
        one.explanation for one in check_risk_assessments(school(risk_assessments={"w": replace(FINISHED, date=day)}))
    ]
    assert told == ([found] if found else [])


def test_a_tool_is_assessed_before_pupils_use_it() -> None:
    tools = (Tool("Blog", date(2026, 9, 2), "website"), Tool("Chat", date(2026, 8, 31), "website"))
    forms = {"website": replace(FINISHED, first_assessed_on=None)}
    used = school(declarations=Declarations(tool=(*tools, Tool("Map", date(2026, 9, 2)))), risk_assessments=forms)
    assert [place_of(finding) for finding in check_risk_assessments(used)] == [
        "register config/declarations.toml, tool Chat",
        "register config/declarations.toml, tool Map",
    ]


def test_documents_are_on_file_and_in_date(repository: Path) -> None:
    clauses = read_policy(repository / "config" / "policy.toml")
    held = (
        DocumentOnFile("A1", "AUP", date(2026, 1, 1), date(2026, 11, 23)),
        DocumentOnFile("A3", "E-safety", date(2025, 1, 1), date(2026, 11, 22)),
    )
    told = check_documents(school(clauses=clauses, declarations=Declarations(document=held)))
    assert kinds(told) == [("A3", "document_review", "governance"), ("E1", "document_missing", "governance")]


def test_photos_of_events_are_covered_by_an_approval(repository: Path) -> None:
    clauses = read_policy(repository / "config" / "policy.toml")
    posts = [post("a", on="2026-06-01"), post("b", on="2026-07-01"), post(on="2026-08-01"), post("c", on="")]
    fair = EventApproval("Headteacher", date(2026, 5, 1), "Fair", date(2026, 6, 1), date(2026, 6, 2))
    standing = EventApproval("Headteacher", date(2026, 6, 1))
    elsewhere = replace(standing, accounts=("other",))
    to_come = replace(standing, approved_on=date(2026, 11, 23), first_day=date(2026, 1, 1))

    def found(*approvals: EventApproval) -> list[str]:
        registers = school(clauses=clauses, declarations=Declarations(event_approval=approvals))
        return [finding.explanation.split(" covered")[0] for finding in check_event_photos(registers, posts)]

    assert found() == found(elsewhere) == found(to_come) == ["2 posts with photos are"]
    assert found(fair) == ["1 post with photos is"]
    assert found(standing) == []


def test_a_concern_stays_until_it_is_closed() -> None:
    concern = Concern("2026-01", "E2", date(2026, 11, 20), "A parent", "https://example.org/p/1", quote="Some words")
    closed = replace(concern, id="2026-02", closed_on=TODAY)
    (found,) = check_concerns(school(casework=Casework((concern, closed))))
    assert (found.clause, found.severity, found.band, found.post_url) == ("E2", "today", "review", concern.address)
    assert words_of(found) == "Some words"


def test_a_photo_in_a_comment_is_looked_at_if_it_shows_somebody() -> None:
    face = Face((1.0, 2.0, 30.0, 40.0), 0.9, "nobody")
    places: dict[str, Literal["comment", "post"]] = {"shown": "comment", "empty": "comment", "ours": "post"}
    uses = tuple(
        PhotoUse(f"https://www.larkmere.example/{name}.jpg", name, found_in=place) for name, place in places.items()
    )
    photos = {
        name: PhotoFacts(name, 100, 100, (face,) if name != "empty" else (), ()) for name in ("shown", "empty", "ours")
    }
    facts = PostFacts(replace(post(), photos=uses), photos, {})
    (found,) = check_comment_photos(facts)
    assert isinstance(found.evidence, PhotoEvidence) and found.evidence.sha256 == "shown"
    assert (found.clause, found.severity, found.band) == ("D1", "week", "review")
    assert found.pupil_ids == ()


NIGHT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
AUDIT = Audit("2026-11-22T02-30-00", NIGHT, NIGHT, True, {}, (), (), (), 0)
STATES = [
    # clause, what is declared, the result, whether something is missing
    ("B1", Declarations(), "Not declared.", True),
    ("B1", Declarations(attestation=(Attestation(("B1",), "All staff", date(2026, 9, 2)),)),
     "Declared (All staff); it stands until 2 September 2027.", False),
    ("B1", Declarations(attestation=(Attestation(("B1",), "All staff", date(2025, 12, 1)),)),
     "Declared (All staff); it stands until 1 December 2026.", True),
    ("B1", Declarations(attestation=(Attestation(("B1",), "All staff", date(2025, 11, 22)),)),
     "The declaration (All staff) lapsed on 22 November 2026.", True),
    ("B1", Declarations(attestation=(Attestation(("B3",), "All staff", date(2026, 9, 2)),)), "Not declared.", True),
    ("A1", Declarations(), "No document is on file.", True),
    ("A2", Declarations(no_tools_used=True), "The school declares that pupils use no social media tool.", False),
    ("A2", Declarations(), "Nothing is declared.", True),
    ("C4", Declarations(), "The register is in order.", False),
    ("C6", Declarations(), "No findings in what was reached.", False),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "declarations", "result", "missing"), STATES)
def test_the_state_of_a_clause(
    repository: Path, clause: str, declarations: Declarations, result: str, missing: bool
) -> None:
    clauses = read_policy(repository / "config" / "policy.toml")
    settings = Settings(School("Larkmere", domains=("larkmere.example",)))
    state = policy_states(Basis(school(clauses=clauses, declarations=declarations), settings, AUDIT))[clause]
    assert (state.result, bool(state.missing)) == (result, missing)
