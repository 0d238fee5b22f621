"""What must be the same after an audit was cut short, and in what it differs."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an audit that ran to its end says and leaves."""

    ended_before: int
    """How many audits of the workspace counted as ended when it began."""
    first_night: bool
    """True if its headline is that of a first audit: everything is new, and "to decide first"."""
    line: str
    """The headline's first line."""
    due: int
    """Cases that need a decision, however the line divides them into new, overdue and other ones."""
    to_read: int
    """Cases that somebody should read."""
    looked_at: tuple[str, ...]
    """The headline's sentences on posts and completeness."""
    findings: tuple[str, ...]
    """Ids of all findings, sorted."""
    coverage: tuple[tuple[str, str, int], ...]
    """Account, how far it was reached, and posts."""
    decided: tuple[str, ...]
    """Findings with a decision, or "damaged"."""
    code: int
    """The exit code."""
    headline_was_said: bool
    """True if the command's output holds the headline."""


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """Two audits, one after the other, of a workspace that nobody disturbs."""

    first: Outcome
    """The first."""
    second: Outcome
    """The one after it, to which nothing is new."""


def differing(got: Outcome, wanted: Undisturbed, *, lacked_room: bool = False) -> str:
    """Say that nothing differs, or what does.

    An audit that was cut before it counted as ended is gone on with, and has to end as a first one; after it counted,
    the next is a second one. Where the one before ``lacked_room`` and yet ended, what it could not see is new to the
    next: the line divides the cases differently then, and their number alone has to be the same.
    """
    second = got.ended_before > wanted.first.ended_before
    same_as = wanted.second if second else wanted.first
    aside = {"line"} if lacked_room and second else set()
    names = [field.name for field in fields(Outcome) if field.name not in aside]
    other = {name: getattr(got, name) for name in names if getattr(got, name) != getattr(same_as, name)}
    kind = "as a second audit" if second else "as a first audit"
    return f"nothing lost or doubled, {kind}: {not other}{f', but {other}' if other else ''}"
