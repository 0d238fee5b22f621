"""A finding about one cell of a register, and whose approval the policy asks for."""

from __future__ import annotations

from collections.abc import Sequence

from auditbot.model import Band, Finding, Severity, TextEvidence
from auditbot.model.found import finding_id
from auditbot.registers.declared import Declared
from auditbot.registers.policy_checks import HEADTEACHER, CheckName, names_role
from auditbot.sentences import Sentence, either, say

SCHOOL = ""
"""The account of a finding about the school's own record."""


def record_finding(
    clause: str,
    kind: str,
    *,
    account: str = SCHOOL,
    register: str,
    cell: str,
    value: object = "",
    explanation: Sentence,
    severity: Severity = "governance",
    band: Band = "breach",
) -> Finding:
    """Return a finding about one cell of a register; ``value`` is what stands there, empty if nothing does."""
    text = "" if value is None else str(value)
    return Finding(
        id=finding_id(clause, kind, account, register, cell),
        clause=clause,
        kind=kind,
        severity=severity,
        band=band,
        account=account,
        post_url="",
        posted_at=None,
        evidence=TextEvidence(f"register {register}, {cell}", text, 0, len(text)),
        pupil_ids=(),
        score=1.0,
        explanation=explanation,
    )


def one_of(roles: Sequence[str]) -> str:
    """Return the roles as a sentence names them: "the Headteacher or the governors"."""
    return either([say("the %(role)s", role=role) for role in roles])


def roles_of(declared: Declared, check: CheckName) -> tuple[str, ...]:
    """Return the roles that the policy's own clause names for this check, else the Headteacher."""
    clause = declared.clauses.behind(check)
    return clause.whose if clause else HEADTEACHER


def is_one_of(text: str, roles: Sequence[str], declared: Declared) -> bool:
    """Return whether an approval names one of the roles, or a member of staff who holds one."""
    holders = [member for member in declared.staff if names_role(member.role, roles)]
    people = [f"{each.title} {each.surname}" for each in holders if each.title.strip()]
    people += [f"{each.forename} {each.surname}" for each in holders if each.forename.strip()]
    return names_role(text, roles, people)
