"""The clauses that are checked on pages, in one explicit table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from auditbot.check import c11_photos
from auditbot.check.c12_surnames import surname_check
from auditbot.model import Finding, PostFacts
from auditbot.registers.declared import Declared

Check = Callable[[PostFacts], Iterator[Finding]]


def _photo_check(declared: Declared) -> Check:
    return partial(c11_photos.check, declared=declared)


CHECKS: Mapping[str, Callable[[Declared], Check]] = {"C11": _photo_check, "C12": surname_check}
"""By clause, what binds its check to the registers."""
CHECKED_CLAUSES = tuple(CHECKS)
"""The clauses that reports may say were checked, whatever the policy file says."""


def checks(declared: Declared) -> tuple[Check, ...]:
    """Return every check, bound to what the school declares. Each is a pure function of one post's facts."""
    return tuple(bind(declared) for bind in CHECKS.values())
