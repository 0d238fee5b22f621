"""The log: one JSON line an event in data/log/, a file a day, and nobody's name in it.

An event carries counts, codes and short names of our own (a stage, an account's name in the register), never words of
a page, a register or an address. A fault of our own keeps the way through the code that led to it, without the words
of the error: they may quote what was being read.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from auditbot.safe_files import private_folder
from auditbot.sentences import say

KEPT_DAYS = 60
"""How many days' files are kept."""

FAULT_TOLD = say(
    "A fault in this program kept it from being read. It is noted in the log for whoever maintains the program."
)
"""What a report says of it: the fault is neither the site's nor the file's."""

_LOGGER = logging.getLogger("auditbot")
_LOGGER.addHandler(logging.NullHandler())

Value = int | float | str | bool
"""What an event may carry: a number, or a short word of our own."""


class Event(StrEnum):
    """What is written down."""

    COMMAND_BEGAN = "command_began"
    COMMAND_ENDED = "command_ended"
    STAGE_BEGAN = "stage_began"
    STAGE_ENDED = "stage_ended"
    ACCOUNT_REACHED = "account_reached"
    SANDBOX_OFF = "sandbox_off"
    WORKERS_REPLACED = "workers_replaced"
    BUDGET_SPENT = "budget_spent"
    RETENTION_WAITS = "retention_waits"
    EVIDENCE_DAMAGED = "evidence_damaged"
    MAIL_WAITS = "mail_waits"
    NOT_PRINTED = "not_printed"
    FAULT = "fault"


class Log:
    """What was logged so far by this command, as far as its exit code asks for it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        """Where a fault of this program was met, in order."""


def log_event(event: Event, **values: Value) -> None:
    """Write down one event with its values. Never raises; does nothing where no command has opened the log."""
    _LOGGER.info(event.value, extra={"auditbot": dict(values)})


def log_fault(where: str, error: BaseException, **values: Value) -> None:
    """Write down a fault of our own: where it was met (a stage, an account's short name), and the way that led there.

    The command then ends with 70, and whoever calls this says "a fault in this program" where its reader looks.
    """
    carried = {"where": where, "error": type(error).__name__, "trace": trace_of(error), **values}
    _LOGGER.error(Event.FAULT.value, extra={"auditbot": carried})


def trace_of(error: BaseException) -> list[str]:
    """Return the way to an error, the first cause first: module, line and function of each step, and no value at all.

    Steps that another process took come from its notes; see ``note_trace``.
    """
    steps: list[str] = []
    met: set[int] = set()
    at: BaseException | None = error
    chain: list[BaseException] = []
    while at is not None and id(at) not in met:
        met.add(id(at))
        chain.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    for each in reversed(chain):
        steps += getattr(each, "auditbot_trace", [])
        steps += _steps(each.__traceback__)
        steps.append(f"= {type(each).__name__}")
    return steps


def is_ours(error: BaseException) -> bool:
    """True if an error was raised in a line of our own, and not inside a library that met what it cannot read."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__", "")).startswith("auditbot.")


def note_trace(error: BaseException) -> None:
    """Let an error that leaves a worker process carry the way that led to it: its traceback itself cannot travel."""
    error.__dict__["auditbot_trace"] = _steps(error.__traceback__)


def _steps(trace: TracebackType | None) -> list[str]:
    steps = []
    while trace is not None:
        frame = trace.tb_frame
        steps.append(f"{frame.f_globals.get('__name__', '?')}:{trace.tb_lineno} {frame.f_code.co_name}")
        trace = trace.tb_next
    return steps


@contextlib.contextmanager
def logging_to(folder: Path | None, *, verbose: bool = False) -> Iterator[Log]:
    """Write events to a file of this folder until the block ends; None writes none. ``verbose`` shows them as well."""
    log = Log()
    handlers: list[logging.Handler] = [_Counting(log)]
    if folder is not None:
        handlers.append(_DayFile(folder))
    if verbose:
        handlers.append(_Terminal(sys.stderr))
    for handler in handlers:
        _LOGGER.addHandler(handler)
    level, _LOGGER.propagate = _LOGGER.level, False
    _LOGGER.setLevel(logging.INFO)
    try:
        yield log
    finally:
        _LOGGER.setLevel(level)
        _LOGGER.propagate = True
        for handler in handlers:
            _LOGGER.removeHandler(handler)
            handler.close()


def _values(record: logging.LogRecord) -> Mapping[str, object]:
    found: Mapping[str, object] = getattr(record, "auditbot", {})
    return found


class _Counting(logging.Handler):
    """Keeps count of faults."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self._log.faults.append(str(_values(record).get("where", "")))


class _DayFile(logging.Handler):
    """Appends to the day's file, for this user only, and removes files that are too old."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._swept = False

    def emit(self, record: logging.LogRecord) -> None:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": record.getMessage(),
        }
        line |= {"process": os.getpid(), **_values(record)}
        # What cannot be logged (a full disk, no right to write) must not end what is being done.
        with contextlib.suppress(OSError):
            private_folder(self._folder)
            handle = os.open(self._folder / f"{at:%Y-%m-%d}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(json.dumps(line, ensure_ascii=True, default=str).encode("ascii") + b"\n")
            if not self._swept:
                self._swept = True
                self._remove_old()

    def _remove_old(self) -> None:
        for path in sorted(self._folder.glob("????-??-??.jsonl"))[:-KEPT_DAYS]:
            path.unlink(missing_ok=True)


class _Terminal(logging.StreamHandler):  # type: ignore[type-arg]
    """Shows events in a line each."""

    def emit(self, record: logging.LogRecord) -> None:
        values = " ".join(f"{key}={value}" for key, value in _values(record).items() if key != "trace")
        trace = "".join(f"\n    {step}" for step in _trace(record))
        with contextlib.suppress(OSError, ValueError):  # the terminal may have been closed
            self.stream.write(
                f"{datetime.fromtimestamp(record.created):%H:%M:%S}  {record.getMessage()} {values}{trace}\n"
            )


def _trace(record: logging.LogRecord) -> list[str]:
    found = _values(record).get("trace", [])
    return [str(step) for step in found] if isinstance(found, list) else []
