"""config/policy.toml: every clause of the policy, in the school's words."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import auditbot.registers
from auditbot.errors import SettingsError
from auditbot.registers.policy import read_policy

EVERY_CLAUSE = [
    "A1", "A2", "A3", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "C1", "C2", "C3", "C4", "C5", "C6", "C7",
    "C8", "C9", "C10", "C11", "C12", "D1", "D2", "D3", "E1", "E2", "F",
]  # fmt: skip
HOW = {
    "register": {"A1", "A2", "A3", "C2", "C3", "C4", "E1", "F"},
    "pages": {"B6", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C12", "D1", "D2", "D3", "E2"},
    "register pages": {"B2", "C1"},
    "attest": {"B1", "B3", "B4", "B5", "B7", "B8"},
    "workflow": {"B9"},
}
SEVERITY = {
    "today": {"C5", "C9", "C11", "C12", "E2"},
    "week": {"B2", "B6", "C4", "C6", "C7", "C8", "C10", "D1", "D2", "D3"},
    "governance": {"A1", "A2", "A3", "C1", "C2", "C3", "E1", "F"},
    "": {"B1", "B3", "B4", "B5", "B7", "B8", "B9"},
}


def test_the_policy_holds_every_clause_in_order(repository: Path) -> None:
    assert list(read_policy(repository / "config" / "policy.toml")) == EVERY_CLAUSE


def test_each_clause_is_audited_the_way_the_policy_table_says(repository: Path) -> None:
    clauses = read_policy(repository / "config" / "policy.toml")
    assert {clause.id: " ".join(clause.how) for clause in clauses.values()} == {
        name: how for how, names in HOW.items() for name in names
    }
    assert {clause.id: clause.severity for clause in clauses.values()} == {
        name: severity for severity, names in SEVERITY.items() for name in names
    }


def test_every_summary_is_a_sentence(repository: Path) -> None:
    for clause in read_policy(repository / "config" / "policy.toml").values():
        assert clause.summary.endswith(".")


def test_init_copies_the_same_policy(repository: Path) -> None:
    packaged = Path(auditbot.registers.__file__).with_name("policy.toml")
    assert packaged.read_bytes() == (repository / "config" / "policy.toml").read_bytes()


CLAUSE = '[[clause]]\nid = "C11"\nsummary = "s."\nhow = ["pages"]\nseverity = "today"\n'
WRONG = [
    ("", "clause: is missing"),
    ("clause = []\n", "it holds no [[clause]]"),
    (CLAUSE + CLAUSE, "clause C11 stands twice"),
    # which clauses are checked is for the program to know, and not for the file to claim
    (CLAUSE + 'state = "checked"\n', "clause 1 (C11), state: unknown key"),
    (CLAUSE.replace("C11", "c11"), "clause 1 (c11), id: 'c11' should be a number as in the policy, like C11 or 4.2"),
    (
        CLAUSE.replace('"today"', '"soon"'),
        "clause 1 (C11), severity: should be 'today', 'week', 'governance' or '' (found \"soon\")",
    ),
    (CLAUSE + "colour = 1\n", "clause 1 (C11), colour: unknown key"),
    (CLAUSE + 'school_wordin = ""\n', "clause 1 (C11), school_wordin: unknown key; did you mean 'school_wording'?"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG, ids=[problem for _, problem in WRONG])
def test_a_policy_that_cannot_be_used_is_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as stopped:
        read_policy(path)
    assert str(stopped.value).splitlines()[1:] == [f"  - {problem}"]


def test_a_schools_own_wording_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(CLAUSE + 'school_wording = "Ask first."\nschool_number = "4.11"\n', "utf-8")
    clause = read_policy(path)["C11"]
    assert (clause.school_wording, clause.school_number) == ("Ask first.", "4.11")
    assert tomllib.loads(path.read_text())["clause"][0]["school_wording"] == clause.school_wording
