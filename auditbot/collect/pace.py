"""How quickly one account's site is asked, and when its time is over."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

_FILE_PART = 0.1


class OutOfTime(Exception):
    """The account's time is over; what is left is reported and taken up by the next run."""


class Pace:
    """Keeps a pause between requests to one host, and an eye on the account's deadline."""

    def __init__(self, delay_seconds: float, account_minutes: float) -> None:
        self.delay_seconds = delay_seconds
        """Pause between two pages of one host; files wait a tenth of it."""
        self._end = time.monotonic() + account_minutes * 60
        self._last: dict[str, float] = {}

    @property
    def seconds_left(self) -> float:
        """Seconds until the account's time is over; never below zero."""
        return max(self._end - time.monotonic(), 0.0)

    def wait(self, url: str, file: bool = False) -> None:
        """Wait until this address may be asked. Raises OutOfTime if that would be too late."""
        host = urlsplit(url).netloc.lower()
        pause = self.delay_seconds * (_FILE_PART if file else 1.0)
        self.sleep(self._last.get(host, float("-inf")) + pause - time.monotonic())
        self._last[host] = time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep. Raises OutOfTime, at once, if the account's time would be over then."""
        if max(seconds, 0.0) >= self.seconds_left:
            raise OutOfTime
        if seconds > 0:
            time.sleep(seconds)
