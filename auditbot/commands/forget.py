"""``auditbot forget``: remove all that is held about one pupil."""

from __future__ import annotations

import argparse

from auditbot.commands.exit_codes import COMPLETE, FINDINGS
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import NotConfirmed
from auditbot.forget import Forgotten, forget
from auditbot.registers.declared import read_declared
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import load_settings


def run(options: argparse.Namespace) -> int:
    """Forget one pupil, and say what went and what is left."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    if not options.yes:
        raise NotConfirmed(f"forget {options.pupil}")
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(settings).date())
        done = forget(workspace, settings, declared, options.pupil, options.why, from_register=options.from_register)
    _tell(done, options.pupil)
    return FINDINGS if done.left else COMPLETE


def _tell(done: Forgotten, pupil_id: str) -> None:
    print(f"Removed: {done.rows} rows of the database, {done.lines} lines of consent history and kept registers,")
    print(f"         {done.portraits} portraits, {done.reports} reports, and any face template.")
    print("The deletion is recorded.")
    if done.names_known:
        print("Posts that held the pupil's name are read again by the next audit, if they are still published;")
        print("those that came from a download come back only if it is imported again: auditbot import-archive.")
    else:
        print("No register holds the pupil's names, so they could not be looked for: only the id was.")
    if done.in_register:
        print(f"Still in consent/pupils.csv: take out the row of {pupil_id} there and in your records system,")
        print("or run this again with --from-register; else the next command holds the pupil again.")
    for path in done.left:
        print(f"Still there, written by hand: {path}")
    for path in done.unsearched:
        print(f"Not searched, please look yourself: {path}")


def add(commands: Commands) -> None:
    """Declare the command."""
    command = commands.add_parser("forget", help="remove all that is held about one pupil")
    command.add_argument("pupil", metavar="PUPIL", help="the pupil's id")
    command.add_argument("--why", required=True, metavar="TEXT", help="the reason, for the record; no names, please")
    command.add_argument("--from-register", action="store_true", help="take the row out of consent/pupils.csv too")
    command.add_argument("--yes", action="store_true", help="really do it: nothing brings it back")
    command.set_defaults(run=run)
