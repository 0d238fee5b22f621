"""Which clauses are checked: the program knows, and the policy file gives a reason for every other."""

from __future__ import annotations

from pathlib import Path

from auditbot.check.clauses import CHECKED_CLAUSES, checks
from auditbot.registers.policy import read_policy
from tests.unit.check.school import declared, face, facts, photo, post, pupil

SCHOOL = declared([pupil("P001", "website=no", name="Maya Okonkwo-Price")])
BROKEN = facts(post("a" * 64, title="Well done Maya Okonkwo-Price!"), photo("a" * 64, face("named", "P001")))


def test_a_post_that_breaks_every_clause_checked_gives_findings_of_just_these() -> None:
    found = [finding.clause for check in checks(SCHOOL) for finding in check(BROKEN)]
    assert found == list(CHECKED_CLAUSES) == ["C11", "C12"]


def test_the_policy_says_why_of_every_other_clause(repository: Path) -> None:
    clauses = read_policy(repository / "config" / "policy.toml")
    assert {clause.id for clause in clauses.values() if not clause.not_audited_because} == set(CHECKED_CLAUSES)
