"""Whether a site writes the month before the day ("5/21/2026"), learnt from all its pages."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/-])")
_MONTHS = range(1, 13)


class DayOrder:
    """The days that one site writes in numbers, in the order in which it writes them."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._day_first = False
        self._month_first = False
        self._doubtful: set[date] = set()
        self._settled: set[str] = set()

    def learn(self, words: str, html: str) -> None:
        """Take in the words of an opened page. A day that its ``html`` names for programs too is in no doubt."""
        for match in _NUMBERS.finditer(words):
            first, second, year = int(match[1]), int(match[3]), int(match[4])
            year += 2000 if year < 100 else 0
            if first in _MONTHS and second in _MONTHS:
                read, other = date(year, second, first), date(year, first, second)
                if read != other and read.isoformat() not in html and other.isoformat() not in html:
                    self._doubtful.add(read)
            elif second in _MONTHS:
                self._day_first = True
            elif first in _MONTHS and 12 < second <= 31 and 1995 <= year < 2100:
                self._month_first = True

    def named(self, url: str, moment: datetime | None, html: str, listed: datetime | None = None) -> None:
        """Take in the day of one post: sure if the page's ``html`` or the site's own list names it for programs."""
        if moment is not None and (moment == listed or moment.astimezone(self._zone).date().isoformat() in html):
            self._settled.add(url)

    def meant(self, url: str, moment: datetime | None) -> datetime | None:
        """Return the day that a post's day stands for, as far as is known by now; asked once more, it stays."""
        if moment is None or not self._month_first or self._day_first or url in self._settled:
            return moment
        local = moment.astimezone(self._zone)
        if local.date() not in self._doubtful:
            return moment
        self._settled.add(url)
        return local.replace(month=local.day, day=local.month)
