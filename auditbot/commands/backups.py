"""``auditbot backup`` and ``restore``: a sealed copy of the workspace and its key, and the way back."""

from __future__ import annotations

import argparse
import errno
import os
import sys
import tempfile
from datetime import datetime
from getpass import getpass
from pathlib import Path

import platformdirs

from auditbot import __version__
from auditbot.commands.common import COMPLETE, WRONG_USE, a_number, place_of, workspace_of
from auditbot.doctor.integrity import check_integrity
from auditbot.errors import AuditbotError, NobodyToAsk
from auditbot.registers.secrets import bring_back_key, key_for_backup
from auditbot.report.stage import point_at_newest
from auditbot.run import one_at_a_time
from auditbot.safe_files import private_folder, write_private
from auditbot.sentences import _, say
from auditbot.service.backup import backup_name, make_backup, remove_older, restore
from auditbot.service.sealed import is_recovery_key, new_recovery_key
from auditbot.settings import Workspace, load_settings

KEPT = 14
"""So many backups of a workspace stay in a folder unless told otherwise: two weeks of nights."""


class RecoveryKeyMissing(AuditbotError):
    """A backup is to be made, and nobody is there to whom a new recovery key could be shown."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            say(
                "There is no recovery key in %(path)s yet. Run auditbot backup once in a terminal: it makes one "
                "and shows it, to be written down and kept in the school's safe.",
                path=path,
            )
        )


class BackupInside(AuditbotError):
    """A backup is to lie in what it is a backup of."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            say(
                "%(folder)s lies in the workspace itself. Name a folder elsewhere, best of all on another disk.",
                folder=folder,
            )
        )


class RecoveryKeyWrong(AuditbotError):
    """What was given is no recovery key."""

    def __init__(self) -> None:
        super().__init__(
            say("This is no recovery key: it has 32 letters and digits in groups of four, as it was shown.")
        )


def recovery_key_file() -> Path:
    """Where the recovery key lies on the machine that makes backups: in the user's own configuration, mode 0600."""
    return platformdirs.user_config_path("auditbot") / "recovery.key"


def run_backup(options: argparse.Namespace) -> int:
    """Make a backup, read it back, and remove the oldest."""
    workspace, folder = workspace_of(options), place_of(options.folder)
    load_settings(workspace)
    if folder.is_relative_to(workspace.folder):
        raise BackupInside(folder)
    key = _recovery_key()
    now = datetime.now()
    path = folder / backup_name(workspace, now)
    with one_at_a_time(workspace):
        made = make_backup(workspace, path, key, face_key=key_for_backup(), version=__version__, now=now.astimezone())
    removed = remove_older(folder, workspace, options.keep)
    print(
        _(
            "Backup made and read back whole: %(path)s (%(files)s files, %(megabytes)s MB).",
            path=path,
            files=made.files,
            megabytes=round(path.stat().st_size / 1e6),
        )
    )
    if not made.face_key:
        print(_("It holds no key to face templates: none is kept here."))
    if removed:
        print(
            _(
                "Removed, as more than %(keep)s were there: %(count)s of the oldest.",
                keep=options.keep,
                count=len(removed),
            )
        )
    return _try_restore(path, key) if options.try_it else COMPLETE


def _try_restore(path: Path, key: str) -> int:
    """Bring a backup back into a folder of its own, look over all that is in it, and remove that folder again."""
    with tempfile.TemporaryDirectory(prefix="auditbot-restore-") as folder:
        back = restore(path, Path(folder) / "school", key)
        wrong = [check for check in check_integrity(Workspace(Path(folder) / "school")) if check.standing == "missing"]
    for check in wrong:
        print(f"{check.name}: {check.message}")
    if not wrong:
        print(
            _(
                "Tried: it was brought back into a folder of its own, %(files)s files, all of them whole.",
                files=back.files,
            )
        )
    return WRONG_USE if wrong else COMPLETE


def _recovery_key() -> str:
    path = recovery_key_file()
    if path.is_file():
        key = path.read_text("ascii", errors="replace").strip()
        if not is_recovery_key(key):
            raise RecoveryKeyWrong
        return key
    if not sys.stdout.isatty():
        raise RecoveryKeyMissing(path)
    key = new_recovery_key()
    write_private(private_folder(path.parent) / path.name, key.encode("ascii"))
    print(
        _(
            "The recovery key of this school's backups. Write it down and put it into the school's safe; "
            "without it no backup can be opened on another computer. It is not shown again, and lies in "
            "%(path)s:\n\n    %(key)s\n",
            path=path,
            key=key,
        )
    )
    return key


def run_restore(options: argparse.Namespace) -> int:
    """Bring a backup back into a new folder."""
    if not Path(options.file).is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), options.file)
    if options.recovery_key:
        key = Path(options.recovery_key).read_text("ascii", errors="replace")
    elif sys.stdin.isatty():
        key = getpass(_("The recovery key, from the school's safe (it is not shown): "))
    else:
        raise NobodyToAsk("auditbot restore FILE --to FOLDER --recovery-key FILE")
    if not is_recovery_key(key):
        raise RecoveryKeyWrong
    folder = place_of(options.to)
    back = restore(Path(options.file), folder, key)
    point_at_newest(Workspace(folder).reports)
    print(
        _(
            "Restored into %(folder)s: %(files)s files, as they were on %(moment)s.",
            folder=folder,
            files=back.files,
            moment=back.made_at[:16].replace("T", " "),
        )
    )
    if not bring_back_key(back.face_key):
        print(
            _("This computer keeps another key to face templates, which stays. Make the templates anew: auditbot enrol")
        )
    print(
        _(
            "Tokens of accounts are in no backup: auditbot token list. Next: auditbot --workspace %(folder)s doctor",
            folder=folder,
        )
    )
    return COMPLETE


def declare_backup(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("folder", metavar="FOLDER", help="where backups lie: another disk, outside the workspace")
    parser.add_argument(
        "--try", dest="try_it", action="store_true", help="bring it back into a folder of its own, and look it over"
    )
    parser.add_argument("--keep", type=a_number, default=KEPT, metavar="N", help=f"how many stay (default: {KEPT})")
    parser.set_defaults(run=run_backup)


def declare_restore(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("file", metavar="FILE", help="the backup")
    parser.add_argument("--to", required=True, metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("--recovery-key", metavar="FILE", help="a file that holds the recovery key (default: asked)")
    parser.set_defaults(run=run_restore)
