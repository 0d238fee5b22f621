"""``auditbot concern`` and ``auditbot refer``: what a person reported, and what was taken further."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import NoSuchFinding, NotAnAddress, NotInTheFuture, UnknownAccount
from auditbot.registers.accounts import read_accounts
from auditbot.registers.casework import CLAUSES, Casework, Concern, Referral, read_casework, write_casework
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import load_settings
from auditbot.store import Store


def add_concern(options: argparse.Namespace) -> int:
    """Enter a concern; the next audit shows it like any finding."""
    workspace = workspace_of(options)
    accounts = [account.name for account in read_accounts(workspace.config / "accounts.toml")]
    if options.account and options.account not in accounts:
        raise UnknownAccount(options.account, accounts)
    if options.address and not re.match(r"https?://[^\s/]+", options.address):
        raise NotAnAddress(options.address)
    with one_at_a_time(workspace):
        file, casework, today = _casework(options)
        number = f"{today.year}-{sum(known.id.startswith(f'{today.year}-') for known in casework.concern) + 1:02}"
        concern = Concern(
            id=number,
            clause=options.clause,
            reported_on=_past(options.on or today, today),
            reported_by=" ".join(options.by.split()),
            address=options.address,
            account=options.account,
            quote=options.quote,
        )
        write_casework(file, replace(casework, concern=(*casework.concern, concern)))
    print(f"Concern {number} is entered. The next audit shows it.")
    return COMPLETE


def list_concerns(options: argparse.Namespace) -> int:
    """Print every concern, open and closed."""
    _, casework, _ = _casework(options)
    for concern in casework.concern:
        state = f"closed {concern.closed_on}" if concern.closed_on else "open"
        print(f"{concern.id}  {concern.clause:4} {state:17} reported {concern.reported_on}  {concern.address}")
    return COMPLETE


def close_concern(options: argparse.Namespace) -> int:
    """Close a concern with its outcome."""
    with one_at_a_time(workspace_of(options)):
        file, casework, today = _casework(options)
        if options.id not in {concern.id for concern in casework.concern}:
            raise NoSuchFinding(options.id)
        closed = tuple(
            replace(known, closed_on=today, outcome=options.outcome) if known.id == options.id else known
            for known in casework.concern
        )
        write_casework(file, replace(casework, concern=closed))
    print(f"Concern {options.id} is closed.")
    return COMPLETE


def refer(options: argparse.Namespace) -> int:
    """Record that a finding or concern was referred."""
    workspace = workspace_of(options)
    with one_at_a_time(workspace):
        file, casework, today = _casework(options)
        with Store(workspace.data / "auditbot.db") as store:
            known = {finding.id for finding, _ in store.audits.lives()} | {concern.id for concern in casework.concern}
        if options.finding not in known:
            raise NoSuchFinding(options.finding)
        referral = Referral(
            finding=options.finding,
            referred_to=options.to,
            referred_on=_past(options.on or today, today),
            referred_by=options.by,
        )
        write_casework(file, replace(casework, referral=(*casework.referral, referral)))
    print(f"Recorded: {options.finding} was referred to the {options.to} on {referral.referred_on}.")
    return COMPLETE


def _casework(options: argparse.Namespace) -> tuple[Path, Casework, date]:
    workspace = workspace_of(options)
    today = local_now(load_settings(workspace)).date()
    file = workspace.config / "casework.toml"
    return file, read_casework(file), today


def _past(day: date, today: date) -> date:
    if day > today:
        raise NotInTheFuture(day)
    return day


def add(commands: Commands) -> None:
    """Declare the commands."""
    concern = commands.add_parser("concern", help="enter, list or close a concern that somebody reported")
    actions = concern.add_subparsers(required=True, metavar="ACTION")
    new = actions.add_parser("add", help="enter a concern; it then stands in every report until it is closed")
    new.add_argument("--clause", required=True, choices=CLAUSES, help="the clause it concerns")
    new.add_argument("--by", required=True, metavar="ROLE", help='who reported it, by role: "A parent"')
    new.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="when (default: today)")
    new.add_argument("--address", default="", metavar="URL", help="where it is published")
    new.add_argument("--account", default="", help="the school's account it stands on")
    new.add_argument("--quote", default="", metavar="WORDS", help="the words it is about")
    new.set_defaults(run=add_concern)
    actions.add_parser("list", help="list all concerns").set_defaults(run=list_concerns)
    close = actions.add_parser("close", help="close a concern")
    close.add_argument("id", metavar="ID")
    close.add_argument("--outcome", required=True, metavar="TEXT", help="how it ended; no names, please")
    close.set_defaults(run=close_concern)
    referral = commands.add_parser("refer", help="record that a finding was taken to the Headteacher or the LADO")
    referral.add_argument("finding", metavar="FINDING", help="the finding's id, or the concern's")
    referral.add_argument("--to", required=True, choices=["Headteacher", "LADO"])
    referral.add_argument("--by", required=True, metavar="ROLE", help="who referred it, by role")
    referral.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="when (default: today)")
    referral.set_defaults(run=refer)
