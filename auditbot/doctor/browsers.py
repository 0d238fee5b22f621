"""The browser of this machine: which one an audit would use and how old it is, and getting one where there is none."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from auditbot.collect.browser.launch import FoundBrowser, find_browser, ran_unconfined, ran_without_sandbox
from auditbot.doctor.line import Check
from auditbot.errors import BrowserMissing, BrowserUnusable
from auditbot.machine.confinement import confines
from auditbot.sentences import _, _n
from auditbot.settings import School, Settings

# What confines workers; what Playwright's own driver lacks on a bare system; without a font a browser draws no letters.
SYSTEM_PARTS = ("bubblewrap", "fonts-dejavu-core", "libatomic1")
BROWSER_OF_DEBIAN = "chromium-headless-shell"
"""Debian's package; Ubuntu has none of that name, and none that is no snap: there Playwright's own is taken."""
OLD_AFTER = timedelta(days=60)
"""Chromium is mended against attacks by pages every week or two; a machine two months behind is not looked after."""


def check_browser(settings: Settings, now: datetime) -> Iterator[Check]:
    """Say which browser an audit would use, how old it is, and whether it has its sandbox."""
    try:
        found = find_browser(settings)
    except (BrowserMissing, BrowserUnusable) as error:
        yield Check(_("Browser"), "missing", str(error))
        return
    yield age(found, now)
    if ran_without_sandbox():
        yield Check(
            _("Browser sandbox"),
            "note",
            _(
                "The browser runs without its sandbox, which some systems forbid, and root's browsers have only "
                "where bubblewrap is allowed. Run auditbot as a user of its own; each report says so until then."
            ),
        )
    if not ran_unconfined():
        yield Check(
            _("Browser's network"), "good", _("It reaches nobody but the guard, and sees nothing of this disk.")
        )
    elif sys.platform == "linux":
        yield Check(
            _("Browser's network"),
            "note",
            _(
                "The browser keeps to the guard by its own settings only. Install the package bubblewrap; where it "
                "is installed, this system does not allow it, or the browser is a snap."
            ),
        )


def check_workers() -> Iterator[Check]:
    """Say whether the workers that open files from the web are confined."""
    if confines():
        yield Check(
            _("Workers"), "good", _("They open files from the web without a network and see nothing else of this disk.")
        )
    elif sys.platform == "linux":
        yield Check(
            _("Workers"),
            "note",
            _(
                "They open files from the web with all rights of this user. Install the package bubblewrap; where "
                "it is installed, this system does not allow it, as some containers do not."
            ),
        )


def age(found: FoundBrowser, now: datetime) -> Check:
    """Say how old a browser is, as its program file tells."""
    if found.built_at is None:
        return Check(_("Browser"), "good", found.version)
    days = max((now - found.built_at).days, 0)
    told = _("%(version)s, of %(day)s (%(age)s)", version=found.version, day=found.built_at.date(), age=_weeks(days))
    if days <= OLD_AFTER.days:
        return Check(_("Browser"), "good", f"{told}.")
    return Check(
        _("Browser"),
        "note",
        _(
            "%(told)s. Browsers are mended against attacks by pages every few weeks: update it as this "
            "computer's other programs are updated (%(program)s).",
            told=told,
            program=found.program,
        ),
    )


def _weeks(days: int) -> str:
    if days < 14:
        return _n("%(count)s day old", "%(count)s days old", days)
    return _n("%(count)s week old", "%(count)s weeks old", days // 7)


def get_browser() -> str:
    """Install a browser if there is none: Debian's package as root, else Playwright's own download. Return its name.

    Raises BrowserMissing if neither works.
    """
    settings = Settings(school=School(name="-"))
    installers: list[Callable[[], bool]] = [lambda: True, _from_the_system, _from_playwright]
    for install in installers:
        if install() and _driver_starts():
            try:
                return find_browser(settings).version
            except BrowserMissing:
                continue
    raise BrowserMissing


def _driver_starts() -> bool:
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0


def packages_of_the_system() -> tuple[str, ...]:
    """Return the packages to install by apt: with the browser on Debian, without it where there is no such package."""
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        return SYSTEM_PARTS
    families = {system.get("ID", ""), *system.get("ID_LIKE", "").split()}
    return SYSTEM_PARTS if "ubuntu" in families else (BROWSER_OF_DEBIAN, *SYSTEM_PARTS)


def _from_the_system() -> bool:
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", *packages_of_the_system()],
    )
    return all(
        subprocess.run(command, check=False, env=quiet, stdout=sys.stderr).returncode == 0 for command in commands
    )


def _from_playwright() -> bool:
    with_system_parts = ["--with-deps"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "playwright", "install", *with_system_parts, "--only-shell", "chromium"]
    return subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0
