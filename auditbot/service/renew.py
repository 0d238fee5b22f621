"""What brings a newer version of auditbot onto a computer, as a plan: from a clone, or from a wheel."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from auditbot.errors import AuditbotError
from auditbot.sentences import say
from auditbot.service.steps import Run, Step
from auditbot.service.units import BACKUP, PAGE


class NothingToUpdateFrom(AuditbotError):
    """It is not known where a newer version comes from."""

    def __init__(self) -> None:
        super().__init__(
            "auditbot was installed from a wheel here: name the newer one with --wheel FILE. From a copy of "
            "the repository, run update with the auditbot of that copy: .venv/bin/auditbot update"
        )


@dataclass(frozen=True, slots=True)
class Installed:
    """How this auditbot was installed."""

    python: Path
    """The Python that runs it."""
    prefix: Path
    """The environment it lies in."""
    clone: Path | None
    """The copy of the repository that it runs from; None for a wheel."""


def how_installed(python: Path, prefix: Path) -> Installed:
    """Find out how auditbot was installed, by what the installer noted."""
    try:
        noted = distribution("auditbot").read_text("direct_url.json")
    except PackageNotFoundError:
        noted = None
    about = json.loads(noted) if noted else {}
    if not about.get("dir_info", {}).get("editable"):
        return Installed(python, prefix, None)
    folder = Path(url2pathname(urlsplit(about["url"]).path))
    return Installed(python, prefix, folder if (folder / ".git").exists() else None)


def update_plan(
    installed: Installed, wheel: Path | None, units: Sequence[str], program: Sequence[str], backup_to: Path | None
) -> tuple[Step, ...]:
    """Return all steps of an update. ``units`` are those of ours that systemd has, ``program`` how auditbot is run.

    Raises NothingToUpdateFrom.
    """
    page, backup = f"{PAGE}.service", f"{BACKUP}.service"
    steps: list[Step] = []
    if backup in units:
        steps.append(Run(say("make a backup first"), ("systemctl", "start", backup)))
    elif backup_to is not None:
        steps.append(Run(say("make a backup first"), (*program, "backup", str(backup_to))))
    if page in units:
        steps.append(Run(say("stop the page"), ("systemctl", "stop", page)))
    steps += _newer(installed, wheel)
    if page in units:
        steps.append(Run(say("start the page again"), ("systemctl", "start", page)))
    return (*steps, Run(say("ask the doctor whether all is well"), (*program, "doctor"), may_fail=True))


def _newer(installed: Installed, wheel: Path | None) -> Iterator[Step]:
    python = str(installed.python)
    if wheel is not None:
        yield Run(say("install the wheel"), _install(installed, wheel))
        return
    if installed.clone is None:
        raise NothingToUpdateFrom
    folder = str(installed.clone)
    pip = (python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet")
    pinned = str(installed.clone / "constraints-production.txt")
    yield Run(say("get the newest version"), ("git", "-C", folder, "pull", "--ff-only"))
    yield Run(say("install the packages it needs"), (*pip, "--require-hashes", "-r", pinned))
    yield Run(say("install it"), (*pip, "--no-deps", "--no-build-isolation", "--editable", folder))


def _install(installed: Installed, wheel: Path) -> tuple[str, ...]:
    """Return the command of whichever tool made the environment: pipx and uv leave a file of their own in it."""
    if (installed.prefix / "pipx_metadata.json").is_file():
        return ("pipx", "install", "--force", str(wheel))
    if (installed.prefix / "uv-receipt.toml").is_file():
        return ("uv", "tool", "install", "--force", str(wheel))
    return (str(installed.python), "-m", "pip", "install", "--upgrade", "--disable-pip-version-check", str(wheel))
