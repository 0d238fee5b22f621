"""What a rule answers, and the form of a rule."""

from collections.abc import Callable
from dataclasses import dataclass

from auditbot.check.surnames.context import Context
from auditbot.check.surnames.roster import Band
from auditbot.sentences import NOTHING, Sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule decided."""

    band: Band | None
    """None: no finding."""
    score: float
    """From 0 to 1."""
    rule: str
    """The rule's name."""
    explanation: Sentence
    """One sentence without names."""
    pupils: tuple[int, ...] = ()
    """Indexes of the pupils meant."""


Rule = Callable[[Context], Verdict | None]
"""Looks at the surroundings and decides, or returns None when it has no opinion."""


def clear(rule: str) -> Verdict:
    """No pupil's surname, says that rule."""
    return Verdict(None, 0.0, rule, NOTHING)
