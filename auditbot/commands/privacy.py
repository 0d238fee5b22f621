"""``auditbot forget`` and ``subject-access``: remove, or write down, all that is held about one pupil."""

from __future__ import annotations

import argparse
from pathlib import Path

from auditbot.commands.common import COMPLETE, FINDINGS, workspace_of
from auditbot.errors import CannotWrite, NotConfirmed, WorkspaceExists
from auditbot.privacy.forget import Forgotten, forget
from auditbot.privacy.subject_access import write_subject_access
from auditbot.privacy.whereabouts import where_is
from auditbot.registers.declared import read_declared
from auditbot.run import local_now, one_at_a_time
from auditbot.sentences import _, say
from auditbot.settings import load_settings


def run_forget(options: argparse.Namespace) -> int:
    """Forget one pupil, and say what went and what is left."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        if not options.yes:
            declared = read_declared(workspace, local_now(settings).date())
            for place in where_is(workspace, settings, declared, options.pupil).places:
                print(_("It is in %(kind)s: %(path)s", kind=place.kind, path=place.path))
            raise NotConfirmed(f"forget {options.pupil}")
        declared = read_declared(workspace, local_now(settings).date())
        done = forget(workspace, settings, declared, options.pupil, options.why, from_register=options.from_register)
    _tell(done, options.pupil)
    return FINDINGS if done.left or done.stuck else COMPLETE


def _tell(done: Forgotten, pupil_id: str) -> None:
    print(
        _(
            "Removed: %(rows)s rows of the database, %(lines)s lines of consent history and kept registers,",
            rows=done.rows,
            lines=done.lines,
        )
    )
    print(
        "         "
        + _(
            "%(portraits)s portraits, %(reports)s reports, and any face template.",
            portraits=done.portraits,
            reports=done.reports,
        )
    )
    print(_("The deletion is recorded."))
    if done.names_known:
        print(
            _(
                "Posts that held the pupil's name are read again by the next audit, if they are still published;\n"
                "those that came from a download come back only if it is imported again: auditbot import-archive."
            )
        )
    else:
        print(_("No register holds the pupil's names, so they could not be looked for: only the id was."))
    if done.in_register:
        print(
            _(
                "Still in consent/pupils.csv: take out the row of %(pupil_id)s there and in your records system,\n"
                "or run this again with --from-register; else the next command holds the pupil again.",
                pupil_id=pupil_id,
            )
        )
    for place in done.left:
        print(_("Still there, in %(kind)s: %(path)s", kind=place.kind, path=place.path))
    for path in done.stuck:
        print(_("Could not be removed, please remove it yourself: %(path)s", path=path))
    for path in done.unsearched:
        print(_("Not searched, please look yourself: %(path)s", path=path))


def declare_forget(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("pupil", metavar="PUPIL", help="the pupil's id")
    parser.add_argument("--why", required=True, metavar="TEXT", help="the reason, for the record; no names, please")
    parser.add_argument("--from-register", action="store_true", help="take the row out of consent/pupils.csv too")
    parser.add_argument("--yes", action="store_true", help="really do it: nothing brings it back")
    parser.set_defaults(run=run_forget)


# ``auditbot subject-access``: write down all that is held about one pupil.


def run_subject_access(options: argparse.Namespace) -> int:
    """Write the page, and say where it is."""
    workspace = workspace_of(options)
    folder = Path(options.out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceExists(folder)
    if folder.resolve().is_relative_to(workspace.folder):
        raise CannotWrite(folder, say("it lies in the workspace; choose a folder outside of it"))
    with one_at_a_time(workspace):
        settings = load_settings(workspace)
        declared = read_declared(workspace, local_now(settings).date())
        try:
            page = write_subject_access(workspace, settings, declared, options.pupil, folder)
        except OSError as error:
            raise CannotWrite(folder, error.strerror or type(error).__name__) from error
    print(_("Written: %(path)s", path=page))
    print(
        _(
            "Your data protection officer reads it through before it is handed out: what may be given is for them to\n"
            "decide, the row never_publish and texts that others wrote above all. Delete the folder afterwards."
        )
    )
    return COMPLETE


def declare_subject_access(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("pupil", metavar="PUPIL", help="the pupil's id")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="an empty folder outside the workspace")
    parser.set_defaults(run=run_subject_access)
