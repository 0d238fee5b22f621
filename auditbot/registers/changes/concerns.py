"""Concerns that somebody reported: entered and closed under the register's lock, by commands and by the page alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from auditbot.errors import NoSuchFinding
from auditbot.registers.changes.accepted import register_lock
from auditbot.registers.policy import Concern, ConcernClause, read_casework, write_casework
from auditbot.settings import Workspace


def enter_concern(
    workspace: Workspace,
    today: date,
    *,
    clause: ConcernClause,
    by: str,
    reported_on: date,
    address: str = "",
    account: str = "",
    quote: str = "",
    about_head: bool = False,
) -> Concern:
    """Add a concern to config/casework.toml and return it with its number; the next audit shows it like any finding."""
    file = workspace.config / "casework.toml"
    with register_lock(workspace.consent):
        casework = read_casework(file)
        concern = Concern(
            id=_next_number(casework.concern, today.year),
            clause=clause,
            reported_on=reported_on,
            reported_by=" ".join(by.split()),
            address=address,
            account=account,
            quote=quote,
            about_head=about_head,
        )
        write_casework(file, replace(casework, concern=(*casework.concern, concern)))
    return concern


def _next_number(known: Iterable[Concern], year: int) -> str:
    """Return the number after the highest of this year: one that was taken out by hand leaves a gap."""
    ends = [one.id.partition("-")[2] for one in known if one.id.startswith(f"{year}-")]
    return f"{year}-{max((int(end) for end in ends if end.isdecimal()), default=0) + 1:02}"


def close_concern(workspace: Workspace, number: str, outcome: str, today: date) -> None:
    """Close a concern with its outcome. Raises NoSuchFinding if there is none of this number."""
    file = workspace.config / "casework.toml"
    with register_lock(workspace.consent):
        casework = read_casework(file)
        if number not in {concern.id for concern in casework.concern}:
            raise NoSuchFinding(number)
        closed = tuple(
            replace(known, closed_on=today, outcome=outcome) if known.id == number else known
            for known in casework.concern
        )
        write_casework(file, replace(casework, concern=closed))
