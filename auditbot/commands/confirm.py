"""``auditbot confirm``: learn a pupil's face from a finding's photo, once a person has said whom it shows."""

from __future__ import annotations

import argparse

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import FaceNotLearned
from auditbot.examine.learn import Confirmed, forget_learned, learn
from auditbot.registers.declared import read_declared
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import load_settings
from auditbot.store import Store


def run(options: argparse.Namespace) -> int:
    """Learn one face, or forget what was learned of a pupil."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        if options.forget_learned:
            count = forget_learned(workspace, options.forget_learned)
            print(f"forgotten  {options.forget_learned}  {count} learned {'template' if count == 1 else 'templates'}")
            return COMPLETE
        if not options.finding:
            raise FaceNotLearned("name a finding by its id, as auditbot audit --json prints it")
        declared = read_declared(workspace, local_now(settings).date())
        said = Confirmed(
            options.finding, options.pupil or "", options.box or 0, options.by or settings.school.safeguarding_lead
        )
        with Store(workspace.data / "auditbot.db") as store:
            pupil_id = learn(workspace, settings, declared, store, said)
    print(f"learned  {pupil_id}  The next audit looks at all photos again with it.")
    return COMPLETE


def add(commands: Commands) -> None:
    """Declare the command."""
    command = commands.add_parser("confirm", help="learn a pupil's face from a finding that you confirm")
    command.add_argument("finding", nargs="?", metavar="FINDING", help="id of the finding, or how it begins")
    command.add_argument("--pupil", metavar="PUPIL_ID", help="whom the face shows, if the finding does not name one")
    command.add_argument("--box", type=int, metavar="N", help="number of the face's box, if there are several")
    command.add_argument("--by", metavar="ROLE", help="who confirms it: a role or initials, never a full name")
    command.add_argument("--forget-learned", metavar="PUPIL_ID", help="remove what was learned of a pupil instead")
    command.set_defaults(run=run)
