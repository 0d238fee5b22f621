"""``auditbot backup`` and ``auditbot restore``: the workspace and the key to its templates, in one sealed file."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from getpass import getpass
from pathlib import Path

import platformdirs

from auditbot import __version__
from auditbot.commands.common import COMPLETE, workspace_of
from auditbot.errors import AuditbotError
from auditbot.registers.secrets import bring_back_key, key_for_backup
from auditbot.run import one_at_a_time
from auditbot.safe_files import private_folder, write_private
from auditbot.service.backup import ENDING, backup_name, make_backup, remove_older, restore
from auditbot.service.sealed import is_recovery_key, new_recovery_key
from auditbot.settings import load_settings

KEPT = 14
"""So many backups of a workspace stay in a folder unless told otherwise: two weeks of nights."""


class RecoveryKeyMissing(AuditbotError):
    """A backup is to be made, and nobody is there to whom a new recovery key could be shown."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no recovery key in {path} yet. Run auditbot backup once in a terminal: it makes one and shows "
            "it, to be written down and kept in the school's safe."
        )


class RecoveryKeyWrong(AuditbotError):
    """What was given is no recovery key."""

    def __init__(self) -> None:
        super().__init__("This is no recovery key: it has 32 letters and digits in groups of four, as it was shown.")


def recovery_key_file() -> Path:
    """Where the recovery key lies on the machine that makes backups: in the user's own configuration, mode 0600."""
    return platformdirs.user_config_path("auditbot") / "recovery.key"


def run_backup(options: argparse.Namespace) -> int:
    """Make a backup, read it back, and remove the oldest."""
    workspace, folder = workspace_of(options), Path(options.folder).resolve()
    load_settings(workspace)
    key = _recovery_key()
    now = datetime.now()
    path = folder / backup_name(workspace, now)
    with one_at_a_time(workspace):
        made = make_backup(workspace, path, key, face_key=key_for_backup(), version=__version__, now=now.astimezone())
    removed = remove_older(folder, path.name.removesuffix(f"-{now:%Y-%m-%dT%H-%M-%S}{ENDING}"), options.keep)
    print(f"Backup made and read back whole: {path} ({made.files} files, {path.stat().st_size / 1e6:.0f} MB).")
    if not made.face_key:
        print("It holds no key to face templates: none is kept here.")
    if removed:
        print(f"Removed, as more than {options.keep} were there: {len(removed)} of the oldest.")
    return COMPLETE


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
        "The recovery key of this school's backups. Write it down and put it into the school's safe; without it no "
        f"backup can be opened on another computer. It is not shown again, and lies in {path}:\n\n    {key}\n"
    )
    return key


def run_restore(options: argparse.Namespace) -> int:
    """Bring a backup back into a new folder."""
    if options.recovery_key:
        key = Path(options.recovery_key).read_text("ascii", errors="replace")
    else:
        key = getpass("The recovery key, from the school's safe (it is not shown): ")
    if not is_recovery_key(key):
        raise RecoveryKeyWrong
    folder = Path(options.to).resolve()
    back = restore(Path(options.file), folder, key)
    print(f"Restored into {folder}: {back.files} files, as they were on {back.made_at[:16].replace('T', ' at ')}.")
    if not bring_back_key(back.face_key):
        print("This computer keeps another key to face templates, which stays. Make the templates anew: auditbot enrol")
    print(f"Tokens of accounts are in no backup: auditbot token list. Next: auditbot --workspace {folder} doctor")
    return COMPLETE


def declare_backup(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("folder", metavar="FOLDER", help="where backups lie: another disk, outside the workspace")
    parser.add_argument("--keep", type=_number, default=KEPT, metavar="N", help=f"how many stay (default: {KEPT})")
    parser.set_defaults(run=run_backup)


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def declare_restore(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("file", metavar="FILE", help="the backup")
    parser.add_argument("--to", required=True, metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("--recovery-key", metavar="FILE", help="a file that holds the recovery key (default: asked)")
    parser.set_defaults(run=run_restore)
