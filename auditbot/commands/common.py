"""What commands share: progress on the error stream, exit codes, days as they are typed, the workspace."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from auditbot.machine.refusals import check_edges
from auditbot.machine.telemetry import remove_queued_telemetry
from auditbot.model import Audit
from auditbot.privacy.access_log import record_access
from auditbot.privacy.withdrawal import honour_withdrawals
from auditbot.sentences import _
from auditbot.settings import Workspace


class ProgressBars:
    """Bars that stay on the screen when their stage has ended; plain lines where the output is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description:<18}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> ProgressBars:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bars.stop()

    def start(self, stage: str, total: int | None) -> None:
        """Show a new bar."""
        self._tasks[stage] = self._bars.add_task(stage, total=total)

    def advance(self, stage: str) -> None:
        """Move the stage's bar by one."""
        self._bars.advance(self._tasks[stage])

    def finish(self, stage: str) -> None:
        """Fill the stage's bar; without a terminal, print one line."""
        task = self._bars.tasks[self._tasks[stage]]
        self._bars.update(task.id, total=task.completed if task.total is None else task.total)
        self._bars.stop_task(task.id)
        if not self._console.is_terminal:
            self._console.print(f"{stage}: {int(task.completed)}")


class Spoken:
    """Says on the error stream how far a stage is, in plain lines between those of the command itself."""

    def __init__(self) -> None:
        self._stages: dict[str, tuple[int, int | None]] = {}

    def start(self, stage: str, total: int | None) -> None:
        """Say that it begins, and how much there is."""
        self._stages[stage] = (0, total)
        self._say(stage)

    def advance(self, stage: str) -> None:
        """Say every tenth of the way how far it is."""
        done, total = self._stages[stage]
        self._stages[stage] = (done + 1, total)
        if total and (done + 1) % max(total // 10, 1) == 0:
            self._say(stage)

    def finish(self, stage: str) -> None:
        """Say nothing more: the command's own lines follow."""

    def _say(self, stage: str) -> None:
        done, total = self._stages[stage]
        far = _("%(done)s of %(total)s", done=done, total=total) if total else done
        print(f"{stage}: {far}", file=sys.stderr, flush=True)


# What a command returns to the shell.

COMPLETE, FINDINGS, WRONG_USE, INCOMPLETE = 0, 1, 2, 3
BROKEN, STOPPED = 70, 130


def of_audit(audit: Audit) -> int:
    """Return the exit code of a finished audit."""
    if not audit.complete:
        return INCOMPLETE
    return FINDINGS if any(tracked.state != "gone" for tracked in audit.findings) else COMPLETE


# What is typed.


_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")


def a_day(text: str) -> date:
    """Return the day that somebody typed: a date, "today" or "yesterday". Raises ArgumentTypeError.

    Days with slashes, dots or dashes are British ones, the day before the month.
    """
    typed = text.strip().lower()
    days = {"today": 0, "yesterday": 1}.get(typed)
    if days is not None:
        return date.today() - timedelta(days=days)
    for form in _DAYS:
        with suppress(ValueError):
            return datetime.strptime(typed, form).date()
    raise argparse.ArgumentTypeError(
        _("%(text)s should be a day like 2026-09-01 or 1/9/2026, today or yesterday", text=repr(text))
    )


def a_day_so_far(text: str) -> date:
    """Return a day that somebody typed and that has begun. Raises ArgumentTypeError."""
    day = a_day(text)
    if day > date.today():
        raise argparse.ArgumentTypeError(_("%(text)s has not come yet", text=repr(text)))
    return day


def a_day_or_moment(text: str) -> date | datetime:
    """Return what somebody typed, 2026-12-04 or 2026-12-04T15:00. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text) if len(text) <= len("2026-12-04") else datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("%(text)s should be a day or a moment, like 2026-12-04 or 2026-12-04T15:00", text=repr(text))
        ) from error


def a_number(text: str) -> int:
    """Return a whole number from 1 that somebody typed. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(_("%(text)s should be a number from 1", text=repr(text)))
    return int(text)


def a_port(text: str) -> int:
    """Return the port that somebody typed, 0 for any. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(_("%(text)s should be a port: a number up to 65535", text=repr(text)))
    return int(text)


# The workspace that a command works in.


def workspace_of(options: argparse.Namespace) -> Workspace:
    """Return the workspace named on the command line, by default the current folder."""
    return Workspace(place_of(options.workspace))


def place_of(text: str) -> Path:
    """Return the whole path of what somebody typed. Raises OSError for a link that leads round in a circle."""
    try:
        return Path(text).resolve()
    except RuntimeError as error:  # before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), text) from error


# What comes before every command that works in a workspace: its edges, withdrawals, and who reads names.


class Begun(Protocol):
    """What of a command is asked here."""

    name: str
    """Its word on the command line."""
    reads_names: bool
    """Whether it reads the names of pupils."""
    in_workspace: bool
    """Whether it works in a workspace that is there."""
    honours: bool
    """Whether withdrawals are honoured before it."""


def begin(command: Begun, options: argparse.Namespace) -> None:
    """Do it. Raises what a broken workspace raises, WorkspaceClosed first of all."""
    remove_queued_telemetry()
    if not command.in_workspace:
        return
    workspace = workspace_of(options)
    check_edges(workspace.folder)
    if command.honours:
        honour_withdrawals(workspace)
    if command.reads_names and (workspace.config / "auditbot.toml").is_file():
        record_access(workspace, command.name, datetime.now().astimezone(), getattr(options, "pupil", None) or "")
