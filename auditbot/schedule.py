"""The nightly run. The only import of APScheduler."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from auditbot.machine.environment import for_an_audit
from auditbot.settings import Settings

LOOK_AT_CLOCK_SECONDS = 60
STOP_SECONDS = 60
_AS_GOOD_AS = timedelta(hours=2)
"""How long before its time an audit, begun late for the night before, stands for the night that follows."""


class _Stop(BaseException):
    """SIGTERM or SIGINT arrived."""


class NightlyAudit:
    """The audit as a process of its own, so that a night's memory ends with the night."""

    def __init__(self, command: Sequence[str], say: Callable[[str], None]) -> None:
        self._command = command
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._one_at_a_time = Lock()
        self._starting_or_stopping = Lock()

    def run(self) -> None:
        """Run one audit to its end; none if one is running still, or after :meth:`stop`."""
        if not self._one_at_a_time.acquire(blocking=False):
            self._say("The audit before is running still; this night's is left out.")
            return
        try:
            with self._starting_or_stopping:
                if self._stopped:
                    return
                self._say("Audit started.")
                self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, env=for_an_audit())
            self._say(f"Audit ended with exit code {self._process.wait()}.")
        finally:
            self._one_at_a_time.release()

    def stop(self) -> None:
        """End a running audit; what it has done so far is kept and the next run goes on from there."""
        with self._starting_or_stopping:
            self._stopped, process = True, self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


class OnceANight:
    """Runs what it is given once a night at the most: in the night in which an hour comes twice, its time comes twice.

    A night that was slept through and runs on waking is that night's, and takes nothing from the next.
    """

    def __init__(self, run: Callable[[], None], settings: Settings, now: Callable[[], datetime]) -> None:
        self._run, self._settings, self._now = run, settings, now
        self._ran_for: date | None = None

    def __call__(self) -> None:
        """Run it, unless it was run for this night, or late for the one before and just now."""
        night = _last_due(self._settings, self._now() + _AS_GOOD_AS).date()
        if night != self._ran_for:
            self._ran_for = night
            self._run()


def run_nightly(settings: Settings, audit: NightlyAudit, due_now: bool) -> None:
    """Stay and run the audit every night at the configured local time, until SIGTERM or SIGINT.

    ``due_now`` says that a night was missed while this program was not running: the audit then runs at once. A night
    missed while the machine sleeps runs on waking. Two runs never overlap: the scheduler holds one instance, and the
    workspace's lock keeps a manual run apart.
    """
    hour, minute = settings.schedule.at.split(":")
    zone = settings.school.timezone
    scheduler = BlockingScheduler(timezone=zone)
    nightly = CronTrigger(hour=int(hour), minute=int(minute), timezone=zone)
    late = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(
        OnceANight(audit.run, settings, lambda: datetime.now(ZoneInfo(zone))), nightly, id="nightly", **late
    )
    if due_now:
        scheduler.add_job(audit.run, id="missed", **late)
    # Sleep stops the clock that the scheduler waits by; a look at the wall clock every minute notices the lost hours.
    scheduler.add_job(int, "interval", seconds=LOOK_AT_CLOCK_SECONDS, id="clock", **late)

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        raise _Stop

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        scheduler.start()
    except _Stop:
        audit.stop()
        scheduler.shutdown(wait=True)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def next_night(settings: Settings, now: datetime) -> datetime:
    """Return when the next night's audit begins, in the school's zone."""
    hour, minute = (int(part) for part in settings.schedule.at.split(":"))
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    return due if due.astimezone(UTC) > now.astimezone(UTC) else due + timedelta(days=1)


def night_was_missed(settings: Settings, last_started: datetime | None, now: datetime) -> bool:
    """Return whether the last configured time has passed without an audit since."""
    return last_started is None or last_started < _last_due(settings, now).astimezone(UTC)


def _last_due(settings: Settings, now: datetime) -> datetime:
    """Return when the configured time was last."""
    hour, minute = (int(part) for part in settings.schedule.at.split(":"))
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    # Times of one zone compare by the clock on the wall, which goes back an hour in autumn: compare in UTC.
    return due - timedelta(days=1) if due.astimezone(UTC) > now.astimezone(UTC) else due
