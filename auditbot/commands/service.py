"""auditbot as a service of this computer: ``setup``, ``update``, ``backup`` and ``restore``."""

from __future__ import annotations

import argparse
import errno
import getpass as users
import os
import shutil
import sys
import tempfile
from datetime import datetime
from getpass import getpass
from pathlib import Path, PureWindowsPath

import platformdirs

from auditbot import __version__
from auditbot.commands.common import COMPLETE, WRONG_USE, place_of, workspace_of
from auditbot.doctor.integrity import check_integrity
from auditbot.errors import AuditbotError, NobodyToAsk, NotAnAddress
from auditbot.registers.accounts import is_site_address
from auditbot.registers.secrets import bring_back_key, key_for_backup
from auditbot.run import one_at_a_time
from auditbot.safe_files import private_folder, write_private
from auditbot.service.backup import ENDING, backup_name, make_backup, remove_older, restore
from auditbot.service.host import (
    CONFIG,
    UNIT_FILES,
    Known,
    School,
    as_user,
    check_program,
    fresh_recovery_key,
    linux_plan,
    removal_plan,
    windows_plan,
    windows_removal,
)
from auditbot.service.renew import how_installed, update_plan
from auditbot.service.sealed import is_recovery_key, new_recovery_key
from auditbot.service.steps import Step, ThisMachine, carry_out, plan_in_words
from auditbot.service.units import FOLDER, Service
from auditbot.settings import Workspace, load_settings

KEPT = 14
"""So many backups of a workspace stay in a folder unless told otherwise: two weeks of nights."""


class RecoveryKeyMissing(AuditbotError):
    """A backup is to be made, and nobody is there to whom a new recovery key could be shown."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no recovery key in {path} yet. Run auditbot backup once in a terminal: it makes one and shows "
            "it, to be written down and kept in the school's safe."
        )


class BackupInside(AuditbotError):
    """A backup is to lie in what it is a backup of."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} lies in the workspace itself. Name a folder elsewhere, best of all on another disk."
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
    workspace, folder = workspace_of(options), place_of(options.folder)
    load_settings(workspace)
    if folder.is_relative_to(workspace.folder):
        raise BackupInside(folder)
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
    return _try_restore(path, key) if options.try_it else COMPLETE


def _try_restore(path: Path, key: str) -> int:
    """Bring a backup back into a folder of its own, look over all that is in it, and remove that folder again."""
    with tempfile.TemporaryDirectory(prefix="auditbot-restore-") as folder:
        back = restore(path, Path(folder) / "school", key)
        wrong = [check for check in check_integrity(Workspace(Path(folder) / "school")) if check.standing == "missing"]
    for check in wrong:
        print(f"{check.name}: {check.message}")
    if not wrong:
        print(f"Tried: it was brought back into a folder of its own, {back.files} files, all of them whole.")
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
        "The recovery key of this school's backups. Write it down and put it into the school's safe; without it no "
        f"backup can be opened on another computer. It is not shown again, and lies in {path}:\n\n    {key}\n"
    )
    return key


def run_restore(options: argparse.Namespace) -> int:
    """Bring a backup back into a new folder."""
    if not Path(options.file).is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), options.file)
    if options.recovery_key:
        key = Path(options.recovery_key).read_text("ascii", errors="replace")
    elif sys.stdin.isatty():
        key = getpass("The recovery key, from the school's safe (it is not shown): ")
    else:
        raise NobodyToAsk("auditbot restore FILE --to FOLDER --recovery-key FILE")
    if not is_recovery_key(key):
        raise RecoveryKeyWrong
    folder = place_of(options.to)
    back = restore(Path(options.file), folder, key)
    print(f"Restored into {folder}: {back.files} files, as they were on {back.made_at[:16].replace('T', ' at ')}.")
    if not bring_back_key(back.face_key):
        print("This computer keeps another key to face templates, which stays. Make the templates anew: auditbot enrol")
    print(f"Tokens of accounts are in no backup: auditbot token list. Next: auditbot --workspace {folder} doctor")
    return COMPLETE


def declare_backup(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("folder", metavar="FOLDER", help="where backups lie: another disk, outside the workspace")
    parser.add_argument(
        "--try", dest="try_it", action="store_true", help="bring it back into a folder of its own, and look it over"
    )
    parser.add_argument("--keep", type=_number, default=KEPT, metavar="N", help=f"how many stay (default: {KEPT})")
    parser.set_defaults(run=run_backup)


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} should be a number from 1")
    return int(text)


def declare_restore(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("file", metavar="FILE", help="the backup")
    parser.add_argument("--to", required=True, metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("--recovery-key", metavar="FILE", help="a file that holds the recovery key (default: asked)")
    parser.set_defaults(run=run_restore)


# ``auditbot setup``: make this computer run auditbot for a school, every night.

USER = "auditbot"
HOMES = Path("/var/lib")


class SetupNeedsRoot(AuditbotError):
    """What setup does needs the rights of the administrator."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was changed: setup makes a user and services, which root alone may. Run it with sudo."
        )


class NoSystemd(AuditbotError):
    """This computer does not run systemd."""

    def __init__(self) -> None:
        super().__init__(
            'Nothing was changed: this computer does not run systemd. Start "auditbot schedule" and, if it is wanted, '
            '"auditbot review --serve" by what starts other programs here; setup --plan shows all other steps.'
        )


def run_setup(options: argparse.Namespace) -> int:
    """Ask what is not given, show the plan, and carry it out."""
    windows = (options.system or sys.platform) in ("windows", "win32")
    if options.remove:
        return _remove(options, windows)
    service, known, school = _asked(options, windows)
    if not windows:
        check_program(service.program)
    recovery_key = fresh_recovery_key(service, known)
    plan = windows_plan(service, known, school) if windows else linux_plan(service, known, school, recovery_key)
    if options.plan or windows:
        print(plan_in_words(plan))
        if windows and not options.plan:
            print("\nType these lines in a terminal of an administrator; each can be typed again.")
        return COMPLETE
    _begin(plan, options)
    print("\n" + "\n".join(_what_now(service, recovery_key)))
    return COMPLETE


def _begin(plan: tuple[Step, ...], options: argparse.Namespace) -> None:
    """Have the plan confirmed, and carry it out. Raises SetupNeedsRoot, NoSystemd, StepFailed."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise SetupNeedsRoot
    if not Path("/run/systemd/system").is_dir() or shutil.which("systemctl") is None:
        raise NoSystemd
    if not options.yes:
        print(plan_in_words(plan))
        if _ask("Do all this? [y/N] ", default="n").lower() not in ("y", "yes"):
            print("Nothing was changed.")
            raise SystemExit(COMPLETE)
    carry_out(plan, ThisMachine(), lambda doing: print(doing, flush=True))


def _asked(options: argparse.Namespace, windows: bool) -> tuple[Service, Known, School | None]:
    """Return what is to be set up, asking for what no option gave."""
    by_hand = sys.stdin.isatty() and not options.yes
    place = options.folder or (_ask("The workspace's folder [/srv/auditbot/school]: ", "/srv/auditbot/school"))
    folder = Path(place) if windows else place_of(place)
    there = (folder / "config" / "auditbot.toml").is_file()
    school = None
    if not there:
        name = options.school or _ask("The school's name: ")
        website = options.website or _ask("Address of its website (https://...): ")
        website = website if "://" in website else f"https://{website}"
        if not is_site_address(website):
            raise NotAnAddress(website)
        school = School(name, website)
    backup_to = options.backup_to
    if backup_to is None and by_hand:
        backup_to = _ask("Folder for backups, on another disk (Enter: none): ", "")
    settings = load_settings(Workspace(folder)) if there else None
    user = options.user or (users.getuser() if windows else USER)
    home = Path.home() if windows else HOMES / user
    service = Service(
        program=_program(windows=windows),
        workspace=folder,
        user=user,
        home=home,
        audit_at=options.at or (settings.schedule.at if settings else "02:30"),
        zone=settings.school.timezone if settings else "Europe/London",
        page=bool(settings and (settings.review.certificate or settings.review.trusted_proxy)),
        backup_to=(Path(backup_to) if windows else place_of(backup_to)) if backup_to else None,
    )
    return service, Known(_is_user(user), there, (home / CONFIG / "recovery.key").is_file()), school


def _program(*, windows: bool = sys.platform == "win32") -> Path:
    """Return the program auditbot that lies beside the Python that runs; for another system, where README puts it."""
    if windows:
        here = Path(sys.prefix) if sys.platform == "win32" else PureWindowsPath(r"C:\auditbot\.venv")
        return Path(here / "Scripts" / "auditbot.exe")
    return Path(sys.prefix) / "bin" / "auditbot"


def _is_user(name: str) -> bool:
    try:
        import pwd  # noqa: PLC0415  there is none on Windows

        pwd.getpwnam(name)
    except (ImportError, KeyError):
        return False
    return True


def _ask(question: str, default: str | None = None) -> str:
    """Ask; without anybody at the keyboard, return the default. Raises NobodyToAsk if there is none."""
    answer = ""
    while not answer:
        try:
            answer = input(question).strip() if sys.stdin.isatty() else ""
        except EOFError:
            answer = ""
        if not answer and default is not None:
            return default
        if not answer and not sys.stdin.isatty():
            raise NobodyToAsk("auditbot setup FOLDER --school NAME --website https://... --backup-to FOLDER --yes")
    return answer


def _what_now(service: Service, recovery_key: str) -> list[str]:
    """Say what a technician has to know now: keys, where the lead reads, what is left to do."""
    told = [
        f"Set up. The audit runs every night at {service.audit_at} ({service.zone}); the next: systemctl list-timers"
    ]
    if recovery_key:
        told += [
            "",
            "The recovery key of the backups. Write it down and put it into the school's safe; without it no backup "
            "can be opened on another computer. It is not shown again:",
            f"\n    {recovery_key}\n",
        ]
    if service.page:
        review = load_settings(Workspace(service.workspace)).review
        name, port = (review.names or ("this computer's name",))[0], review.listen.rpartition(":")[2]
        told.append(f"The lead reads at https://{name}:{port}/ – add people: auditbot person add NAME --role lead")
    else:
        told.append(
            f"The lead reads {service.workspace}/reports/latest/report.html on this computer. To put a page "
            "before the lead in the school's network, fill in [review] in config/auditbot.toml and run setup again."
        )
    run = " ".join(as_user(service, "--workspace", str(service.workspace), "COMMAND"))
    return [*told, f"Commands by hand run as {service.user}: {run}", f"Next: {service.workspace / 'checklist.md'}"]


def _remove(options: argparse.Namespace, windows: bool) -> int:
    """Take the service away, and say what stays."""
    plan = windows_removal() if windows else removal_plan([path.name for path in FOLDER.glob("auditbot-*")])
    if not plan:
        print("No service of auditbot is set up on this computer. Nothing was changed.")
        return COMPLETE
    if options.plan or windows:
        print(plan_in_words(plan))
        return COMPLETE
    _begin(plan, options)
    user = options.user or USER
    print(
        "The service is gone. Nothing else was removed: the workspace, its backups, the user and the keys in "
        f"{HOMES / user} stay. To remove them as well, and for good: rm -r WORKSPACE; userdel --remove {user}"
    )
    return COMPLETE


def declare_setup(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="the workspace; made if it is not there")
    parser.add_argument("--school", help="the school's name, for a new workspace")
    parser.add_argument("--website", help="address of its website, for a new workspace")
    parser.add_argument("--user", help=f"the user the service runs as (default: {USER})")
    parser.add_argument(
        "--at", type=_clock, metavar="HH:MM", help="when the nightly audit begins (default: as configured)"
    )
    parser.add_argument("--backup-to", metavar="FOLDER", help="where backups go, on another disk")
    parser.add_argument("--plan", "--dry-run", dest="plan", action="store_true", help="show every step, and do none")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--remove", action="store_true", help="take the service away; data, user and keys stay")
    parser.add_argument(
        "--system", choices=("linux", "windows"), help="show the plan for this system (default: this one)"
    )
    parser.set_defaults(run=run_setup)


def _clock(text: str) -> str:
    try:
        return datetime.strptime(text, "%H:%M").strftime("%H:%M")
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} should be a time of day like 02:30") from error


# ``auditbot update``: a newer version of the program.


def run_update(options: argparse.Namespace) -> int:
    """Back up, bring the newer version, and ask the doctor."""
    workspace = workspace_of(options)
    installed = how_installed(Path(sys.executable), Path(sys.prefix))
    there = [name for name in UNIT_FILES if (FOLDER / name).is_file()]
    program = _program_of_units(workspace) if there else (str(_program()), "--workspace", str(workspace.folder))
    backup_to = place_of(options.backup_to) if options.backup_to else None
    wheel = place_of(options.wheel) if options.wheel else None
    plan = update_plan(installed, wheel, there, program, backup_to)
    if options.plan:
        print(plan_in_words(plan))
        return COMPLETE
    print(f"auditbot {__version__} is here now.")
    if not there and backup_to is None:
        print("No backup is made first: name a folder with --backup-to to have one.")
    if installed.clone is not None and wheel is None:
        print(f"To go back: git -C {installed.clone} reset --hard HEAD@{{1}}, and install as in README.")
    carry_out(plan, ThisMachine(), lambda doing: print(doing, flush=True))
    return COMPLETE


def _program_of_units(workspace: Workspace) -> tuple[str, ...]:
    """Return how the service's user runs auditbot in this workspace."""
    user = workspace.folder.owner() if workspace.folder.is_dir() else USER
    service = Service(_program(), workspace.folder, user, HOMES / user, "02:30", "Europe/London", page=False)
    return as_user(service, "--workspace", str(workspace.folder))


def declare_update(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--wheel", metavar="FILE", help="install this wheel (default: the clone's newest version)")
    parser.add_argument(
        "--backup-to", metavar="FOLDER", help="where the backup before goes, if no service makes backups"
    )
    parser.add_argument("--plan", "--dry-run", dest="plan", action="store_true", help="show every step, and do none")
    parser.set_defaults(run=run_update)
