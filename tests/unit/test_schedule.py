"""The nightly run: a missed night is noticed, two never overlap, and a stop ends the audit with the scheduler.

The scheduler runs as a process of its own; its audit is a small program that leaves marks in a folder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from auditbot.schedule import NightlyAudit, next_night, night_was_missed
from auditbot.settings import Schedule, School, Settings

LONDON = ZoneInfo("Europe/London")
LONGEST_SECONDS = 60.0


def nightly(at: str, zone: str = "Europe/London") -> Settings:
    return Settings(School("Larkmere", timezone=zone), schedule=Schedule(at=at))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MISSED = [
    # at       last audit began (UTC)   now (UTC)              missed?
    ("02:30", None,                    "2026-11-22T12:00:00", True),
    ("02:30", "2026-11-22T02:30:00",   "2026-11-22T12:00:00", False),
    ("02:30", "2026-11-22T02:29:59",   "2026-11-22T12:00:00", True),
    ("02:30", "2026-11-21T02:30:00",   "2026-11-22T12:00:00", True),
    ("02:30", "2026-11-21T02:30:00",   "2026-11-22T02:29:59", False),
    ("02:30", "2026-11-21T02:30:00",   "2026-11-22T02:30:00", True),
    ("02:30", "2026-11-20T23:00:00",   "2026-11-22T01:00:00", True),
    ("23:59", "2026-11-21T23:59:00",   "2026-11-22T00:01:00", False),
    ("23:59", "2026-11-21T20:00:00",   "2026-11-22T00:01:00", True),
    ("00:00", "2026-11-21T20:00:00",   "2026-11-22T00:00:00", True),
    # summer time: 02:30 in London is 01:30 UTC
    ("02:30", "2026-06-01T01:30:00",   "2026-06-01T12:00:00", False),
    ("02:30", "2026-06-01T01:00:00",   "2026-06-01T12:00:00", True),
    # 29 March 2026: the clocks go from 01:00 to 02:00, so 01:30 does not exist and the night's audit begins at 02:30
    ("01:30", "2026-03-29T01:30:00",   "2026-03-29T09:00:00", False),
    ("01:30", "2026-03-28T01:30:00",   "2026-03-29T09:00:00", True),
    ("02:30", "2026-03-29T01:30:00",   "2026-03-29T09:00:00", False),
    ("02:30", "2026-03-28T02:30:00",   "2026-03-29T01:29:00", False),
    ("02:30", "2026-03-28T02:30:00",   "2026-03-29T01:30:00", True),
    # 25 October 2026: the clocks go from 02:00 back to 01:00, so 01:30 comes twice; the first one counts
    ("01:30", "2026-10-25T00:30:00",   "2026-10-25T00:40:00", False),
    ("01:30", "2026-10-25T00:30:00",   "2026-10-25T01:40:00", False),
    ("01:30", "2026-10-24T00:30:00",   "2026-10-25T01:10:00", True),
    ("01:30", "2026-10-24T00:30:00",   "2026-10-25T00:20:00", False),
    ("01:30", "2026-10-25T00:30:00",   "2026-10-25T12:00:00", False),
    ("02:30", "2026-10-25T02:30:00",   "2026-10-25T12:00:00", False),
    ("02:30", "2026-10-25T01:30:00",   "2026-10-25T12:00:00", True),
]  # fmt: skip


@pytest.mark.parametrize(("at", "last", "now", "missed"), MISSED)
def test_a_missed_night_is_noticed_and_a_run_one_is_not_run_again(
    at: str, last: str | None, now: str, missed: bool
) -> None:
    last_started = utc(last).astimezone(LONDON) if last else None
    assert night_was_missed(nightly(at), last_started, utc(now).astimezone(LONDON)) is missed


def test_the_schools_own_time_zone_counts() -> None:
    settings, noon = nightly("02:30", "Pacific/Auckland"), utc("2026-11-22T00:00:00")
    now = noon.astimezone(ZoneInfo("Pacific/Auckland"))
    assert night_was_missed(settings, utc("2026-11-21T13:29:00"), now)
    assert not night_was_missed(settings, utc("2026-11-21T13:30:00"), now)


# --- the scheduler as a process -------------------------------------------------------------------------------------

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")

AUDIT = """
import os, signal, sys, time
from pathlib import Path
marks = Path(sys.argv[1])
def stop(*_):
    (marks / "stopping").touch()
    while not (marks / "let go").exists():
        time.sleep(0.02)
    sys.exit(130)
signal.signal(signal.SIGTERM, stop)
(marks / "started").write_text(str(os.getpid()))
if sys.argv[2] == "long":
    while True:
        time.sleep(0.05)
"""
SCHEDULER = """
import sys
from pathlib import Path
from auditbot.schedule import NightlyAudit, run_nightly
from auditbot.settings import School, Schedule, Settings
marks, due, length, audit = Path(sys.argv[1]), sys.argv[2] == "due", sys.argv[3], sys.argv[4]
command = [sys.executable, "-c", audit, str(marks), length]
said = lambda line: print(line, flush=True)
settings = Settings(School("Larkmere"), schedule=Schedule(at=sys.argv[5]))
said("ready")
run_nightly(settings, NightlyAudit(command, said), due)
said("end")
"""


def wait_for(what: Callable[[], object]) -> None:
    """Wait until this holds; fail after that time."""
    end = time.monotonic() + LONGEST_SECONDS
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def scheduler(marks: Path, due: str, length: str) -> Iterator[subprocess.Popen[str]]:
    far_away = f"{(datetime.now(LONDON).hour + 12) % 24:02}:00"
    command = [sys.executable, "-c", SCHEDULER, str(marks), due, length, AUDIT, far_away]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait(LONGEST_SECONDS)


def rest(process: subprocess.Popen[str]) -> tuple[str, str, int]:
    """Wait for the end; return what was said since on both streams, and the exit code."""
    code = process.wait(LONGEST_SECONDS)
    assert process.stdout is not None and process.stderr is not None
    return process.stdout.read(), process.stderr.read(), code


@posix
def test_a_missed_night_runs_at_once_and_the_scheduler_stays(tmp_path: Path) -> None:
    with scheduler(tmp_path, "due", "short") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Audit started.\n"
        assert process.stdout.readline() == "Audit ended with exit code 0.\n"
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert rest(process) == ("end\n", "", 0)


@posix
def test_a_night_that_was_not_missed_does_not_run_at_once(tmp_path: Path) -> None:
    with scheduler(tmp_path, "not due", "short") as process:
        process.send_signal(signal.SIGTERM)
        process.wait(LONGEST_SECONDS)
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_of_the_scheduler_stops_its_audit_and_both_end_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with scheduler(tmp_path, "due", "long") as process:
        wait_for(lambda: (tmp_path / "started").exists() and (tmp_path / "started").read_text())
        audit = int((tmp_path / "started").read_text())
        process.send_signal(number)
        wait_for((tmp_path / "stopping").exists)
        process.send_signal(number)
        assert process.poll() is None
        (tmp_path / "let go").touch()
        assert rest(process) == ("Audit started.\nAudit ended with exit code 130.\nend\n", "", 0)
    assert not is_running(audit)


@posix
def test_two_audits_of_one_scheduler_never_overlap(tmp_path: Path) -> None:
    said: list[str] = []
    audit = NightlyAudit([sys.executable, "-c", AUDIT, str(tmp_path), "long"], said.append)
    first = threading.Thread(target=audit.run)
    first.start()
    wait_for((tmp_path / "started").exists)
    audit.run()
    assert said == ["Audit started.", "The audit before is running still; this night's is left out."]
    (tmp_path / "let go").touch()
    audit.stop()
    first.join(LONGEST_SECONDS)
    assert said[2:] == ["Audit ended with exit code 130."]


def test_after_a_stop_no_audit_begins() -> None:
    said: list[str] = []
    audit = NightlyAudit([sys.executable, "-c", "raise SystemExit(5)"], said.append)
    audit.stop()
    audit.run()
    assert said == []


def test_an_audit_can_run_every_night() -> None:
    said: list[str] = []
    audit = NightlyAudit([sys.executable, "-c", "raise SystemExit(3)"], said.append)
    audit.run()
    audit.run()
    assert said == ["Audit started.", "Audit ended with exit code 3."] * 2


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-11-21T01:00:00", "2026-11-21T02:30:00"),
        ("2026-11-21T02:30:00", "2026-11-22T02:30:00"),
        ("2026-10-24T20:00:00", "2026-10-25T02:30:00"),
        ("2026-12-31T12:00:00", "2027-01-01T02:30:00"),
    ],
)
def test_the_next_night_is_told(now: str, night: str) -> None:
    told = next_night(nightly("02:30"), utc(now).astimezone(LONDON))
    assert told.replace(tzinfo=None).isoformat() == night
