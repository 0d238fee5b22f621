"""What a rule is, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass

from auditbot.check.surnames.roster import Band
from auditbot.check.surnames.rules.features import Features
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


def owners(features: Features) -> tuple[int, ...]:
    """Every pupil with the surname."""
    return features.surname.pupils


def bearers(features: Features) -> tuple[int, ...]:
    """The pupils whose forename stands with the surname."""
    return features.whole.pupils


def named_children(features: Features) -> tuple[int, ...]:
    """The pupils with the surname whose forename stands elsewhere near."""
    return features.children


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: when the condition holds, this is the answer."""

    name: str
    """What the finding is called, or what was recognised instead of a pupil."""
    when: Callable[[Features], bool]
    """The condition."""
    finding: tuple[Band, float] | None = None
    """The band, and how sure it is from 0 to 1; None: no finding."""
    says: Sentence = NOTHING
    """The explanation: one sentence without names."""
    about: Callable[[Features], tuple[int, ...]] = owners
    """The pupils whom the finding means."""

    def verdict(self, features: Features) -> Verdict:
        """The answer, without asking for the condition."""
        if self.finding is None:
            return Verdict(None, 0.0, self.name, NOTHING)
        return Verdict(*self.finding, self.name, self.says, self.about(features))
