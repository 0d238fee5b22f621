"""The clauses that are checked on pages, in one explicit table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from auditbot.check import c11_photos
from auditbot.check.c05_personal_data import personal_data_check
from auditbot.check.c12_surnames import surname_check
from auditbot.check.permission import Lacking
from auditbot.check.please_read.please_read_clauses import OF_OTHERS, OF_THE_SCHOOL, please_read_check
from auditbot.check.texts import Ours
from auditbot.model import Finding, PhotoEvidence, PostFacts
from auditbot.registers.declared import Declared
from auditbot.registers.policy import covers

Check = Callable[[PostFacts], Iterator[Finding]]
NOBODY = Ours()


@dataclass(frozen=True, slots=True)
class BoundTo:
    """One check of the table."""

    clauses: tuple[str, ...]
    """The clauses it finds for."""
    bind: Callable[[Declared, Ours], Check]
    """What binds it to the registers and to what is the school's own."""


def _forenames(declared: Declared) -> frozenset[str]:
    names = (name for pupil in declared.pupils.values() for name in (pupil.legal_forename, pupil.preferred_forename))
    return frozenset(name.lower() for name in names if name)


CHECKS: tuple[BoundTo, ...] = (
    BoundTo(("C11",), lambda declared, _: partial(c11_photos.check, declared=declared, lacking=Lacking(declared))),
    BoundTo(("C12",), surname_check),
    BoundTo(("C5",), lambda declared, ours: personal_data_check(ours, declared.today, _forenames(declared))),
    BoundTo(("D1",), lambda _declared, _ours: c11_photos.check_comment_photos),
    BoundTo(tuple(sorted({*OF_THE_SCHOOL.values(), *OF_OTHERS.values()})), please_read_check),
)
CHECKED_CLAUSES = tuple(dict.fromkeys(clause for check in CHECKS for clause in check.clauses))
"""The clauses that reports may say were checked, whatever the policy file says."""


def checks(declared: Declared, ours: Ours = NOBODY) -> tuple[Check, ...]:
    """Return every check, bound to what the school declares. Each is a pure function of one post's facts."""
    return tuple(_but_allowed(check.bind(declared, ours), declared) for check in CHECKS)


def as_the_policy_says(findings: Iterable[Finding], declared: Declared) -> Iterator[Finding]:
    """Yield the findings that a clause of the school's policy asks for, as soon as it says that they need somebody.

    What no clause asks for is no finding, whatever the program could check.
    """
    for finding in findings:
        clause = declared.clauses.cited(finding.clause, finding.kind)
        if clause is not None:
            severity = clause.finding_severity
            yield replace(finding, severity=severity) if severity else finding


def _but_allowed(check: Check, declared: Declared) -> Check:
    """Leave out what stands in words that the school allows."""

    def checked(facts: PostFacts) -> Iterator[Finding]:
        return (finding for finding in check(facts) if not _is_allowed(finding, declared))

    return checked


def _is_allowed(finding: Finding, declared: Declared) -> bool:
    evidence = finding.evidence
    text = evidence.words if isinstance(evidence, PhotoEvidence) else evidence.text
    return bool(text) and covers(declared.allowed, finding.clause, text, evidence.start, evidence.end, declared.today)
