"""``auditbot enrol``: build the gallery of faces."""

from __future__ import annotations

import argparse

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.examine.enrol import enrol
from auditbot.registers.declared import read_declared
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import load_settings


def run(options: argparse.Namespace) -> int:
    """Build the gallery and say who is in it, who is not and why, and who is like whom."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(settings).date())
        enrolled = enrol(workspace, settings, declared)
    for person, photos in sorted(enrolled.photos.items()):
        print(f"enrolled  {person}  {photos} {'photo' if photos == 1 else 'photos'}")
    for name, reason in enrolled.refused:
        print(f"refused   {name}: {reason}")
    for pupil_id, reason in sorted(enrolled.no_right.items()):
        print(f"no right  {pupil_id}: {reason}")
    for person in enrolled.no_photo:
        print(f"no photo  {person}")
    for pair in enrolled.gallery.pairs:
        print(f"alike     {' and '.join(pair.pupil_ids)}")
    return COMPLETE


def add(commands: Commands) -> None:
    """Declare the command."""
    commands.add_parser("enrol", help="build the gallery from consent/photos").set_defaults(run=run)
