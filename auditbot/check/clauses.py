"""The clauses that are checked on pages, in one explicit tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from auditbot.check import c11_photos
from auditbot.check.c12_surnames import surname_check
from auditbot.model import Finding, PostFacts
from auditbot.registers.declared import Declared

Check = Callable[[PostFacts], Iterator[Finding]]


def checks(declared: Declared) -> tuple[Check, ...]:
    """Return every check, bound to what the school declares. Each is a pure function of one post's facts."""
    return (
        partial(c11_photos.check, declared=declared),
        surname_check(declared),
    )
