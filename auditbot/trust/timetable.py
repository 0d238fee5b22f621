"""Which school's audit begins next: the slow ones first, and none whose site is being visited for another school.

Interfaces that many schools' accounts are read from are short visits; audits wait for one another there, by a lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visit:
    """One school's audit of a night."""

    school: str
    """Its folder."""
    hosts: frozenset[str]
    """The hosts of its websites."""
    seconds: float
    """How long it took the last time; a school never audited counts as the slowest."""


class Timetable:
    """The visits of one night that have not begun yet."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self._waiting = sorted(visits, key=lambda visit: (-visit.seconds, visit.school))

    def begin(self, busy: Iterable[frozenset[str]]) -> Visit | None:
        """Take and return the slowest visit none of whose hosts is being visited; None if each has to wait."""
        taken = frozenset[str]().union(*busy)
        for visit in self._waiting:
            if visit.hosts.isdisjoint(taken):
                self._waiting.remove(visit)
                return visit
        return None

    def __len__(self) -> int:
        return len(self._waiting)
