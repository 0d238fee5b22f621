"""``auditbot enrol``: build the gallery of faces."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.examine.enrol import Enrolled, enrol
from auditbot.registers.declared import Declared, read_declared
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import load_settings


def run(options: argparse.Namespace) -> int:
    """Build the gallery and say who is in it, who is not and why, and who is like whom."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(settings).date())
        enrolled = enrol(workspace, settings, declared)
    for line in _lines(enrolled, declared):
        print(line)
    return COMPLETE


def _lines(enrolled: Enrolled, declared: Declared) -> Iterator[str]:
    for person, photos in sorted(enrolled.photos.items()):
        learned = enrolled.learned.get(person, 0)
        after = f", {learned} of them learned from confirmed faces" if learned else ""
        yield f"enrolled  {person}  {photos} {'photo' if photos == 1 else 'photos'}{after}"
        for portrait in enrolled.portraits:
            if portrait.person == person:
                yield f"          {portrait.file}: {portrait.quality}"
    for portrait in enrolled.portraits:
        if portrait.old:
            day = f"{portrait.taken_on.day} {portrait.taken_on:%B %Y}"
            yield f"old       {portrait.file}: from {day}, more than a year ago; take a new one"
    for name, reason in enrolled.refused:
        yield f"refused   {name}: {reason}"
    for pupil_id, reason in sorted(enrolled.no_right.items()):
        yield f"no right  {pupil_id}: {reason}"
    for person in enrolled.no_photo:
        yield f"no photo  {person}"
    groups = {pupil.pupil_id: pupil.sibling_group for pupil in declared.pupils.values()}
    for pair in enrolled.gallery.pairs:
        first, second = (groups.get(person, "") for person in pair.pupil_ids)
        siblings = f", siblings (group {first})" if first and first == second else ""
        yield f"alike     {' and '.join(pair.pupil_ids)}{siblings}: each is shown where the other may be"


def add(commands: Commands) -> None:
    """Declare the command."""
    commands.add_parser("enrol", help="build the gallery from consent/photos").set_defaults(run=run)
