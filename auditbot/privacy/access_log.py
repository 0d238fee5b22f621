"""``data/access.log``: who read names when, with which command; one JSON object a line.

Lines are added, and change in two ways only: those past their time go, and a forgotten pupil is named no more. Several
commands and the review page write at once, so whoever does holds a lock beside the log.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from filelock import BaseFileLock, FileLock

from auditbot.registers.people import row_as_written
from auditbot.safe_files import private_folder, write_private
from auditbot.settings import Workspace


def access_log(workspace: Workspace) -> Path:
    """Return where the log lies."""
    return workspace.data / "access.log"


LONGEST_WAIT = 60
"""Seconds that a line waits for another to be written: a log of years is written anew in less than one."""


def record_access(workspace: Workspace, command: str, at: datetime, pupil_id: str = "") -> None:
    """Add a line: which command read the names of all pupils, or of one, and which user of this machine ran it."""
    whose = (
        pupil_id
        if not pupil_id or row_as_written(workspace.consent / "pupils.csv", pupil_id)
        else "an id that the register does not hold"
    )
    _add(workspace, {"at": at.isoformat(), "user": _user(), "command": command, "whose": whose or "all pupils"})


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a system that knows no name for it
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def accesses(workspace: Workspace, pupil_id: str) -> list[dict[str, str]]:
    """Return the lines about one pupil, oldest first; reads of all names concern everybody and are left out."""
    lines = _lines(workspace)
    return [line for line in lines if line.get("whose") == pupil_id]


def forget_in_log(workspace: Workspace, pupil_id: str) -> None:
    """Leave out whose names were read wherever the log names a forgotten pupil."""
    with _held(workspace):
        lines = _lines(workspace)
        if any(line.get("whose") == pupil_id for line in lines):
            for line in lines:
                if line.get("whose") == pupil_id:
                    line["whose"] = "a pupil forgotten since"
            _replace(workspace, lines)


def drop_old_lines(workspace: Workspace, now: datetime, days: int) -> int:
    """Remove lines older than this many days; return how many."""
    with _held(workspace):
        lines = _lines(workspace)
        kept = [line for line in lines if _moment(line["at"], now) >= now - timedelta(days=days)]
        if len(kept) < len(lines):
            _replace(workspace, kept)
    return len(lines) - len(kept)


def _moment(text: str, now: datetime) -> datetime:
    """Return when a line was written; one that cannot be read counts as new, and is kept."""
    try:
        return datetime.fromisoformat(text).astimezone(now.tzinfo)
    except ValueError:
        return now


def _lines(workspace: Workspace) -> list[dict[str, str]]:
    log = access_log(workspace)
    if not log.is_file():
        return []
    found = []
    for text in log.read_text("utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue  # a line cut short when the machine went down
        if isinstance(line, dict) and "at" in line:
            found.append({str(name): str(value) for name, value in line.items()})
    return found


def _held(workspace: Workspace) -> BaseFileLock:
    """Return the lock that whoever writes the log holds. Entering it raises TimeoutError if nobody lets go of it."""
    return FileLock(private_folder(workspace.data) / "access.log.lock", mode=0o600, timeout=LONGEST_WAIT)


def _add(workspace: Workspace, line: Mapping[str, str]) -> None:
    with _held(workspace):
        handle = os.open(access_log(workspace), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _replace(workspace: Workspace, lines: list[dict[str, str]]) -> None:
    write_private(access_log(workspace), "".join(json.dumps(line) + "\n" for line in lines).encode("utf-8"))


ON_THE_PAGE = "page: "
"""Begins what was looked at on the page; what stands without it was done by a command of that name."""


def record_view(workspace: Workspace, user: str, what: str, pupil_id: str, finding: str, at: datetime) -> None:
    """Add a line: who saw what of which pupil on the review page, and at which finding."""
    line = {
        "at": at.isoformat(),
        "user": user,
        "command": f"{ON_THE_PAGE}{what}",
        "whose": pupil_id,
        "finding": finding,
    }
    _add(workspace, line)


def lines_of(workspace: Workspace) -> list[dict[str, str]]:
    """Return all lines, oldest first."""
    return _lines(workspace)
