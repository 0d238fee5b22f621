"""``auditbot setup`` and ``update``: this computer runs auditbot every night, and runs the newest."""

from __future__ import annotations

import argparse
import errno
import getpass as users
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path, PureWindowsPath

from auditbot import __version__
from auditbot.commands.common import COMPLETE, place_of, workspace_of
from auditbot.errors import AuditbotError, NobodyToAsk, NotAnAddress
from auditbot.registers.accounts import is_site_address
from auditbot.sentences import _, say
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
from auditbot.service.steps import Step, ThisMachine, carry_out, plan_in_words
from auditbot.service.units import FOLDER, Service, time_kept
from auditbot.settings import Settings, Workspace, load_settings

# ``auditbot setup``: make this computer run auditbot for a school, every night.

USER = "auditbot"
USUAL_HOUR = "02:30"
HOMES = Path("/var/lib")


class SetupNeedsRoot(AuditbotError):
    """What setup does needs the rights of the administrator."""

    def __init__(self) -> None:
        super().__init__(
            say("Nothing was changed: setup makes a user and services, which root alone may. Run it with sudo.")
        )


class NoSystemd(AuditbotError):
    """This computer does not run systemd."""

    def __init__(self) -> None:
        super().__init__(
            say(
                'Nothing was changed: this computer does not run systemd. Start "auditbot schedule" and, if it is '
                'wanted, "auditbot review --serve" by what starts other programs here; setup --plan shows all '
                "other steps."
            )
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
        if windows:
            print("\n" + "\n".join(_what_now_on_windows(service)))
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
        if _ask(_("Do all this? [y/N] "), default="n").lower() not in ("y", "yes"):
            print(_("Nothing was changed."))
            raise SystemExit(COMPLETE)
    carry_out(plan, ThisMachine(), lambda doing: print(doing, flush=True))


def _asked(options: argparse.Namespace, windows: bool) -> tuple[Service, Known, School | None]:
    """Return what is to be set up, asking for what no option gave."""
    by_hand = sys.stdin.isatty() and not options.yes
    place = options.folder or (_ask(_("The workspace's folder [/srv/auditbot/school]: "), "/srv/auditbot/school"))
    folder = Path(place) if windows else place_of(place)
    there = (folder / "config" / "auditbot.toml").is_file()
    school = None
    if not there:
        name = options.school or _ask(_("The school's name: "))
        website = options.website or _ask(_("Address of its website (https://...): "))
        website = website if "://" in website else f"https://{website}"
        if not is_site_address(website):
            raise NotAnAddress(website)
        school = School(name, website)
    backup_to = options.backup_to
    if backup_to is None and by_hand:
        backup_to = _ask(_("Folder for backups, on another disk (Enter: none): "), "")
    settings = load_settings(Workspace(folder)) if there else None
    user = options.user or (users.getuser() if windows else USER)
    home = Path.home() if windows else HOMES / user
    service = Service(
        program=_program(windows=windows),
        workspace=folder,
        user=user,
        home=home,
        audit_at=_audit_at(options, settings),
        zone=settings.school.timezone if settings else "Europe/London",
        page=bool(settings and (settings.review.certificate or settings.review.trusted_proxy)),
        backup_to=(Path(backup_to) if windows else place_of(backup_to)) if backup_to else None,
    )
    return service, Known(_is_user(user), there, (home / CONFIG / "recovery.key").is_file()), school


def _audit_at(options: argparse.Namespace, settings: Settings | None) -> str:
    """Return when the audit begins: as given, or as configured, or, where that is the usual hour, as it is set up."""
    configured = settings.schedule.at if settings else USUAL_HOUR
    return options.at or (configured if configured != USUAL_HOUR else time_kept(FOLDER) or USUAL_HOUR)


def _program(*, windows: bool = sys.platform == "win32") -> Path:
    """Return the program auditbot that lies beside the Python that runs; for another system, where README puts it."""
    if windows:
        here = Path(sys.prefix) if sys.platform == "win32" else PureWindowsPath(r"C:\auditbot\.venv")
        return Path(str(here / "Scripts" / "auditbot.exe"))
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
        _(
            "Set up. The audit runs every night at %(audit_at)s (%(zone)s); the next: systemctl list-timers",
            audit_at=service.audit_at,
            zone=service.zone,
        )
    ]
    if recovery_key:
        told += [
            "",
            _(
                "The recovery key of the backups. Write it down and put it into the school's safe; without it no "
                "backup can be opened on another computer. It is not shown again:"
            ),
            f"\n    {recovery_key}\n",
        ]
    if service.page:
        review = load_settings(Workspace(service.workspace)).review
        name, port = (review.names or (_("this computer's name"),))[0], review.listen.rpartition(":")[2]
        told.append(
            _(
                "The lead reads at https://%(name)s:%(port)s/ – add people: auditbot person add NAME --role lead",
                name=name,
                port=port,
            )
        )
    else:
        told.append(
            _(
                "The lead reads %(workspace)s/reports/latest/report.html on this computer. To put a page before "
                "the lead in the school's network, fill in [review] in config/auditbot.toml and run setup again.",
                workspace=service.workspace,
            )
        )
    run = " ".join(as_user(service, "--workspace", str(service.workspace), "COMMAND"))
    return [
        *told,
        _("Commands by hand run as %(user)s: %(run)s", user=service.user, run=run),
        _("Next: %(path)s", path=service.workspace / "checklist.md"),
    ]


def _what_now_on_windows(service: Service) -> list[str]:
    """Say how the lines of the plan are typed, what no line can set, and where the lead reads."""
    told = [
        _(
            "Type these lines in a Command Prompt (cmd, not PowerShell) that was opened as administrator by %(user)s; "
            "each can be typed again.",
            user=service.user,
        ),
        _(
            'Then, in the Task Scheduler, for each task: on the page "Settings" tick "Run task as soon as possible '
            'after a scheduled start is missed"; on "Conditions" untick "Start the task only if the computer is on AC '
            'power".'
        ),
    ]
    if service.page:
        told.append(_('For "auditbot page" untick "Stop the task if it runs longer than" as well.'))
    else:
        told.append(
            _(
                "The lead reads %(report)s on this computer, signed in as %(user)s.",
                report=rf"{service.workspace}\reports\latest\report.html",
                user=service.user,
            )
        )
    return told


def _remove(options: argparse.Namespace, windows: bool) -> int:
    """Take the service away, and say what stays."""
    plan = windows_removal() if windows else removal_plan([path.name for path in FOLDER.glob("auditbot-*")])
    if not plan:
        print(_("No service of auditbot is set up on this computer. Nothing was changed."))
        return COMPLETE
    if options.plan or windows:
        print(plan_in_words(plan))
        return COMPLETE
    _begin(plan, options)
    user = options.user or USER
    print(
        _(
            "The service is gone. Nothing else was removed: the workspace, its backups, the user and the keys "
            "in %(homes)s stay. To remove them as well, and for good: rm -r WORKSPACE; userdel --remove "
            "%(user)s",
            homes=HOMES / user,
            user=user,
        )
    )
    return COMPLETE


def declare_setup(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="the workspace; made if it is not there")
    parser.add_argument("--school", help="the school's name, for a new workspace")
    parser.add_argument("--website", help="address of its website, for a new workspace")
    parser.add_argument("--user", help=f"the user the service runs as (default: {USER})")
    parser.add_argument(
        "--at",
        type=_clock,
        metavar="HH:MM",
        help="when the audit begins (default: as configured, or as it was)",
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
        raise argparse.ArgumentTypeError(_("%(text)s should be a time of day like 02:30", text=repr(text))) from error


# ``auditbot update``: a newer version of the program.


def run_update(options: argparse.Namespace) -> int:
    """Back up, bring the newer version, and ask the doctor."""
    workspace = workspace_of(options)
    installed = how_installed(Path(sys.executable), Path(sys.prefix))
    there = [name for name in UNIT_FILES if (FOLDER / name).is_file()]
    program = _program_of_units(workspace) if there else (str(_program()), "--workspace", str(workspace.folder))
    backup_to = place_of(options.backup_to) if options.backup_to else None
    wheel = place_of(options.wheel) if options.wheel else None
    if wheel is not None and not wheel.is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(wheel))
    plan = update_plan(installed, wheel, there, program, backup_to)
    if options.plan:
        print(plan_in_words(plan))
        return COMPLETE
    print(_("auditbot %(version)s is here now.", version=__version__))
    if not there and backup_to is None:
        print(_("No backup is made first: name a folder with --backup-to to have one."))
    if installed.clone is not None and wheel is None:
        print(_("To go back: git -C %(clone)s reset --hard HEAD@{1}, and install as in README.", clone=installed.clone))
    carry_out(plan, ThisMachine(), lambda doing: print(doing, flush=True))
    return COMPLETE


def _program_of_units(workspace: Workspace) -> tuple[str, ...]:
    """Return how the service's user runs auditbot in this workspace."""
    user = workspace.folder.owner() if workspace.folder.is_dir() else USER
    service = Service(_program(), workspace.folder, user, HOMES / user, USUAL_HOUR, "Europe/London", page=False)
    return as_user(service, "--workspace", str(workspace.folder))


def declare_update(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--wheel", metavar="FILE", help="install this wheel (default: the clone's newest version)")
    parser.add_argument(
        "--backup-to", metavar="FOLDER", help="where the backup before goes, if no service makes backups"
    )
    parser.add_argument("--plan", "--dry-run", dest="plan", action="store_true", help="show every step, and do none")
    parser.set_defaults(run=run_update)
