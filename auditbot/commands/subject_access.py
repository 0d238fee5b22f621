"""``auditbot subject-access``: write down all that is held about one pupil."""

from __future__ import annotations

import argparse
from pathlib import Path

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import CannotWrite, WorkspaceExists
from auditbot.registers.declared import read_declared
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import load_settings
from auditbot.subject_access import write_subject_access


def run(options: argparse.Namespace) -> int:
    """Write the page, and say where it is."""
    workspace = workspace_of(options)
    folder = Path(options.out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceExists(folder)
    if folder.resolve().is_relative_to(workspace.folder):
        raise CannotWrite(folder, "it lies in the workspace; choose a folder outside of it")
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(load_settings(workspace)).date())
        try:
            page = write_subject_access(workspace, declared, options.pupil, folder)
        except OSError as error:
            raise CannotWrite(folder, error.strerror or type(error).__name__) from error
    print(f"Written: {page}")
    print("Your data protection officer reads it through before it is handed out: what may be given is for them to")
    print("decide, the row never_publish and texts that others wrote above all. Delete the folder afterwards.")
    return COMPLETE


def add(commands: Commands) -> None:
    """Declare the command."""
    command = commands.add_parser("subject-access", help="write all that is held about one pupil")
    command.add_argument("pupil", metavar="PUPIL", help="the pupil's id")
    command.add_argument("--out", required=True, metavar="FOLDER", help="an empty folder outside the workspace")
    command.set_defaults(run=run)
