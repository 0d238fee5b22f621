"""Which "please read" a person is shown in full: few, the worst first, the same words once; the rest counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditbot.check.please_read.please_read_clauses import KINDS
from auditbot.model import Finding, PhotoEvidence

MOST = 10
"""Shown in full in a night; what needs somebody the same day is never among the rest."""
OF_PLEASE_READ = frozenset(KINDS.values())
"""Kinds of finding that are ranked here."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding that is shown in full."""

    finding: Finding
    """The finding."""
    also: tuple[Finding, ...] = ()
    """The same words elsewhere on the same account: a footer, a motto, a notice that is repeated."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Findings of one kind that are counted and not shown."""

    kind: str
    """Their kind."""
    findings: tuple[Finding, ...]
    """All of them, repeated words too, the worst first."""
    different: int
    """How many different words these are."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """All "please read" of a night."""

    told: tuple[Told, ...]
    """Shown in full, the worst first."""
    folded: tuple[Folded, ...]
    """The rest by kind, the most frequent kind first."""


def ranked(findings: Iterable[Finding], most: int = MOST) -> Ranked:
    """Return the "please read" among the findings: ``most`` in full, or more if more need somebody the same day."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in sorted(findings, key=_worst_first):
        if finding.kind in OF_PLEASE_READ:
            groups.setdefault((finding.account, finding.kind, _words(finding)), []).append(finding)
    together = list(groups.values())
    urgent = sum(group[0].severity == "today" for group in together)
    shown = max(most, urgent)
    told = tuple(Told(group[0], tuple(group[1:])) for group in together[:shown])
    rest: dict[str, list[list[Finding]]] = {}
    for group in together[shown:]:
        rest.setdefault(group[0].kind, []).append(group)
    folded = [
        Folded(kind, tuple(finding for group in own for finding in group), len(own)) for kind, own in rest.items()
    ]
    return Ranked(told, tuple(sorted(folded, key=lambda one: (-one.different, one.kind))))


def _worst_first(finding: Finding) -> tuple[bool, float, str]:
    return (finding.severity != "today", -finding.score, finding.id)


def _words(finding: Finding) -> str:
    evidence = finding.evidence
    text = evidence.words if isinstance(evidence, PhotoEvidence) else evidence.text
    return " ".join(text[evidence.start : evidence.end].casefold().split())
