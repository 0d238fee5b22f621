"""The units of systemd that run auditbot on Linux: the audit and the backup by timers, the page all the time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from auditbot.service.steps import shown_word

AUDIT, PAGE, BACKUP = "auditbot-audit", "auditbot-page", "auditbot-backup"
FOLDER = Path("/etc/systemd/system")
"""Where the units of a machine's own lie."""
_AT = re.compile(r"^OnCalendar=\*-\*-\* (\d\d:\d\d):00", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Service:
    """How auditbot runs on one machine for one school."""

    program: Path
    """The program auditbot."""
    workspace: Path
    """The school's folder."""
    user: str
    """The user it runs as."""
    home: Path
    """That user's home: keys and the browser's own files."""
    audit_at: str
    """When the audit begins, HH:MM."""
    zone: str
    """The school's time zone."""
    page: bool
    """Whether the page is served to the school's network."""
    backup_to: Path | None = None
    """Where backups go; None for none."""
    backup_at: str = "12:30"
    """When the backup begins, HH:MM: at a time at which no audit runs."""


# What a service of this kind never needs, so that a fault in it or in its browser reaches nothing else. Not among them:
# RestrictNamespaces and MemoryDenyWriteExecute, with which the browser could not have its own sandbox nor scripts; and
# ProtectKernelTunables and ProtectKernelLogs, which cover parts of /proc, so that bubblewrap could give no worker a
# /proc of its own: a user without capabilities changes and reads nothing there as it is.
_HARDENING = """\
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelModules=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
KeyringMode=private
TasksMax=2048
"""

# What else the machine does at night comes first.
_LAST = "Nice=10\nIOSchedulingClass=idle\n"


def units(service: Service) -> dict[str, str]:
    """Return every unit by its file name."""
    made = {
        f"{AUDIT}.service": _unit(
            service,
            "Nightly audit of what the school publishes",
            "oneshot",
            ("audit",),
            f"SuccessExitStatus=1 3\n{_LAST}",
        ),
        f"{AUDIT}.timer": _timer("Nightly audit of what the school publishes", service.audit_at, service.zone),
    }
    if service.page:
        made[f"{PAGE}.service"] = _unit(
            service,
            "Social media audit: the safeguarding lead's page",
            "simple",
            ("review", "--serve"),
            "Restart=on-failure\nRestartSec=10\n",
            installed=True,
        )
    if service.backup_to is not None:
        made[f"{BACKUP}.service"] = _unit(
            service,
            "Sealed backup of auditbot's workspace and key",
            "oneshot",
            ("backup", str(service.backup_to)),
            f"ReadWritePaths={_path(service.backup_to)}\n{_LAST}",
        )
        made[f"{BACKUP}.timer"] = _timer(
            "Sealed backup of auditbot's workspace and key", service.backup_at, service.zone
        )
    return made


def switched_on(service: Service) -> tuple[str, ...]:
    """Return the units that start with the machine."""
    names = [f"{AUDIT}.timer", *([f"{PAGE}.service"] if service.page else [])]
    return (*names, *([f"{BACKUP}.timer"] if service.backup_to is not None else []))


def _unit(service: Service, what: str, kind: str, words: tuple[str, ...], more: str, *, installed: bool = False) -> str:
    command = (str(service.program), "--workspace", str(service.workspace), *words)
    return (
        f"[Unit]\nDescription={what}\nAfter=network-online.target\nWants=network-online.target\n\n"
        f"[Service]\nType={kind}\nUser={service.user}\nGroup={service.user}\n"
        f"Environment=PLAYWRIGHT_BROWSERS_PATH={_path(browsers(service))}\n"
        f"ExecStart={' '.join(shown_word(word.replace('%', '%%').replace('$', '$$')) for word in command)}\n{more}"
        f"ReadWritePaths={_path(service.workspace)} {_path(service.home)}\n{_HARDENING}"
        + ("\n[Install]\nWantedBy=multi-user.target\n" if installed else "")
    )


def browsers(service: Service) -> Path:
    """Return where a browser of Playwright's own lies, if the system has none."""
    return service.home / "browsers"


def time_kept(folder: Path) -> str:
    """Return when the timer that lies in this folder begins the audit, HH:MM; empty if there is none."""
    try:
        timer = (folder / f"{AUDIT}.timer").read_text("utf-8")
    except OSError:
        return ""
    found = _AT.search(timer)
    return found[1] if found else ""


def _timer(what: str, at: str, zone: str) -> str:
    return (
        f"[Unit]\nDescription={what}\n\n[Timer]\nOnCalendar=*-*-* {at}:00 {zone}\nPersistent=yes\nAccuracySec=1min\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def _path(path: Path) -> str:
    return str(path).replace("%", "%%").replace(" ", "\\x20")
