"""How quickly a site's pages and files are asked, how often a busy site is asked again, and when time is over."""

from __future__ import annotations

import time
from collections.abc import Iterator
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


class Retries:
    """Asks a site that is unwell again: a few times, after longer and longer pauses, or as long as it asks for."""

    def __init__(self, pace: Pace, tries: int = 3, longest_seconds: float = 60.0) -> None:
        """``longest_seconds`` is the longest pause; a site that asks for more is not asked again in this run."""
        self._pace = pace
        self._tries = tries
        self._longest = longest_seconds
        self._pause = 0.0

    def times(self) -> Iterator[int]:
        """Yield the number of each try, from 0, with a pause before all but the first. Raises OutOfTime."""
        for number in range(self._tries):
            self._pause = min(max(self._pace.delay_seconds, 0.05) * 2**number, self._longest)
            yield number
            if number < self._tries - 1:
                self._pace.sleep(self._pause)

    def waits(self, seconds: float) -> bool:
        """Lengthen the coming pause to what the site asks for; False if that is longer than is waited for."""
        self._pause = max(self._pause, seconds)
        return seconds <= self._longest
