"""What makes a computer run auditbot for a school, as a plan: for Linux with systemd, and for Windows."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditbot.errors import AuditbotError
from auditbot.sentences import say
from auditbot.service.sealed import new_recovery_key
from auditbot.service.steps import Remove, Run, Step, Write
from auditbot.service.units import AUDIT, BACKUP, FOLDER, PAGE, Service, browsers, switched_on, units

CONFIG = Path(".config/auditbot")
"""Where keys lie in the home of the user, on Linux."""


class ProgramOutOfReach(AuditbotError):
    """The program lies where the service's user cannot come, or where systemd hides it from services."""

    def __init__(self, program: Path, at: Path) -> None:
        super().__init__(
            "The program %(program)s lies in %(at)s, which a service's user may not enter. Put it where every "
            "user can read it, and run setup from there: git clone REPOSITORY /opt/auditbot && cd "
            "/opt/auditbot && make program",
            program=program,
            at=at,
        )


@dataclass(frozen=True, slots=True)
class School:
    """What ``init`` is told where there is no workspace yet."""

    name: str
    """The school's name."""
    website: str
    """Address of its website."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is so on this computer before the plan is carried out."""

    user: bool
    """Whether the service's user is there."""
    workspace: bool
    """Whether the workspace is there."""
    recovery_key: bool
    """Whether that user has a recovery key already."""


def check_program(program: Path, root: Path = Path("/")) -> None:
    """Raises ProgramOutOfReach unless every user may read the program, and no unit's ProtectHome hides it."""
    for hidden in (Path("/root"), Path("/home"), Path("/run/user")):
        if program.is_relative_to(hidden):
            raise ProgramOutOfReach(program, hidden)
    for folder in [each for each in reversed(program.parents) if each != Path("/")]:
        place = root / folder.relative_to("/")
        if place.is_dir() and not place.stat().st_mode & stat.S_IXOTH:
            raise ProgramOutOfReach(program, folder)


def linux_plan(service: Service, known: Known, school: School | None, recovery_key: str = "") -> tuple[Step, ...]:
    """Return all steps on Linux with systemd; what is there already is left as it is.

    ``recovery_key`` is a new one, for where the user has none and backups are wanted.
    """
    return (
        *_user_and_folders(service, known),
        *_workspace(service, known, school),
        *_keys(service, known, recovery_key),
        *_browser(service),
        *_units(service),
        *_first_backup(service),
        *_switched_on(service),
    )


def as_user(service: Service, *words: str) -> tuple[str, ...]:
    """Return the command that runs auditbot as the service's user, as its units do."""
    surroundings = (f"HOME={service.home}", f"PLAYWRIGHT_BROWSERS_PATH={browsers(service)}")
    return ("runuser", "-u", service.user, "--", "env", *surroundings, str(service.program), *words)


def _user_and_folders(service: Service, known: Known) -> Iterator[Step]:
    if not known.user:
        yield Run(
            say("make the user %(user)s, who can sign in nowhere", user=service.user),
            (
                *("useradd", "--system", "--user-group", "--home-dir", str(service.home), "--create-home"),
                *("--shell", "/usr/sbin/nologin", service.user),
            ),
        )
    yield Run(say("let nobody else into %(home)s", home=service.home), ("chmod", "0700", str(service.home)))
    owned = ("-o", service.user, "-g", service.user)
    yield Run(say("make the folder above the workspace"), ("mkdir", "-p", str(service.workspace.parent)))
    yield Run(
        say("make the workspace's folder, for that user alone"),
        ("install", "-d", "-m", "0700", *owned, str(service.workspace)),
    )
    if service.backup_to is not None:
        yield Run(say("make the folder of backups"), ("install", "-d", "-m", "0700", *owned, str(service.backup_to)))


def _workspace(service: Service, known: Known, school: School | None) -> Iterator[Step]:
    if known.workspace:
        yield Run(
            say("give the workspace, with all that is in it, to that user"),
            ("chown", "-R", f"{service.user}:{service.user}", str(service.workspace)),
        )
        yield Run(say("let nobody else read it"), ("chmod", "-R", "u+rwX,go=", str(service.workspace)))
    elif school is not None:
        words = ("init", str(service.workspace), "--school", school.name, "--website", school.website)
        yield Run(say("make the workspace"), as_user(service, *words))


def _keys(service: Service, known: Known, recovery_key: str) -> Iterator[Step]:
    yield Run(say("make the key, unless there is one"), as_user(service, *_in(service), "key", "make"))
    if service.backup_to is not None and not known.recovery_key:
        yield Write(
            say("keep the recovery key of the backups, which is shown once at the end"),
            service.home / CONFIG / "recovery.key",
            recovery_key,
            mode=0o600,
            owner=service.user,
            secret=True,
        )


def _browser(service: Service) -> Iterator[Step]:
    place = f"PLAYWRIGHT_BROWSERS_PATH={browsers(service)}"
    yield Run(
        say("get a browser, unless there is one"), ("env", place, str(service.program), "doctor", "--get-browser")
    )


def _units(service: Service) -> Iterator[Step]:
    for name, text in units(service).items():
        yield Write(say("write %(name)s", name=name), FOLDER / name, text)
    yield Run(say("tell systemd"), ("systemctl", "daemon-reload"))


def _first_backup(service: Service) -> Iterator[Step]:
    """Before anything is switched on: an audit that a timer began meanwhile would hold the workspace."""
    if service.backup_to is not None:
        yield Run(
            say("make a first backup, bring it back into a folder of its own and look it over"),
            as_user(service, *_in(service), "backup", str(service.backup_to), "--try"),
        )


def _switched_on(service: Service) -> Iterator[Step]:
    for name in switched_on(service):
        yield Run(say("switch on %(name)s", name=name), ("systemctl", "enable", "--now", name))
    yield Run(say("ask the doctor what is still missing"), as_user(service, *_in(service), "doctor"), may_fail=True)


def _in(service: Service) -> tuple[str, str]:
    return "--workspace", str(service.workspace)


def removal_plan(there: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps that take the service away, of the units that are there; nothing else is touched."""
    names = [name for name in UNIT_FILES if name in there]
    steps: list[Step] = [
        Run(say("switch off %(name)s", name=name), ("systemctl", "disable", "--now", name), may_fail=True)
        for name in names
    ]
    steps += [Remove(say("remove %(name)s", name=name), FOLDER / name) for name in names]
    return (*steps, Run(say("tell systemd"), ("systemctl", "daemon-reload"))) if names else ()


UNIT_FILES = (
    *(f"{AUDIT}.timer", f"{PAGE}.service", f"{BACKUP}.timer"),
    *(f"{AUDIT}.service", f"{BACKUP}.service"),
)
"""Every unit that a plan may have written, those that start something first."""


# Windows: the Task Scheduler of the user who sets it up, or of a user named.


def windows_plan(service: Service, known: Known, school: School | None) -> tuple[Step, ...]:
    """Return all steps on Windows: the workspace, its rights, and tasks in the Task Scheduler."""
    program, workspace = str(service.program), str(service.workspace)
    steps: list[Step] = []
    if not known.workspace and school is not None:
        words = ("init", workspace, "--school", school.name, "--website", school.website)
        steps.append(Run(say("make the workspace"), (program, *words)))
    rights = (f"{service.user}:(OI)(CI)F", "SYSTEM:(OI)(CI)F")
    steps += [
        Run(
            say("let that user alone into the workspace"),
            ("icacls", workspace, "/inheritance:r", "/grant:r", rights[0], "/grant:r", rights[1]),
        ),
        Run(say("make the key, unless there is one"), (program, "--workspace", workspace, "key", "make")),
        Run(say("get a browser, unless there is one"), (program, "doctor", "--get-browser")),
        _task(service, "auditbot", ("/SC", "DAILY", "/ST", service.audit_at), ("audit",)),
    ]
    if service.page:
        steps.append(_task(service, "auditbot page", ("/SC", "ONSTART"), ("review", "--serve")))
    if service.backup_to is not None:
        when = ("/SC", "DAILY", "/ST", service.backup_at)
        steps.append(_task(service, "auditbot backup", when, ("backup", str(service.backup_to))))
        does = say("make a first backup, which shows the recovery key once, bring it back for a trial and look it over")
        tried = (program, "--workspace", workspace, "backup", str(service.backup_to), "--try")
        steps.append(Run(does, tried))
    steps.append(
        Run(say("ask the doctor what is still missing"), (program, "--workspace", workspace, "doctor"), may_fail=True)
    )
    return tuple(steps)


WINDOWS_TASKS = ("auditbot", "auditbot page", "auditbot backup")


def windows_removal() -> tuple[Step, ...]:
    """Return the steps that take the tasks away."""
    return tuple(
        Run(say("remove the task %(name)s", name=name), ("schtasks", "/Delete", "/F", "/TN", name), may_fail=True)
        for name in WINDOWS_TASKS
    )


def _task(service: Service, name: str, when: tuple[str, ...], words: tuple[str, ...]) -> Run:
    line = " ".join(f'"{word}"' if " " in word else word for word in (str(service.program), "--workspace"))
    line += f' "{service.workspace}" ' + " ".join(f'"{word}"' if " " in word else word for word in words)
    command = ("schtasks", "/Create", "/F", "/TN", name, *when, "/RU", service.user, "/RP", "*", "/TR", line)
    return Run(say("make the task %(name)s", name=name), command)


def fresh_recovery_key(service: Service, known: Known) -> str:
    """Return a new recovery key if the plan needs one, else nothing."""
    return new_recovery_key() if service.backup_to is not None and not known.recovery_key else ""
