"""Which days are school days: by the terms in the settings, or by the calendar file of a school or council."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

import icalendar

from auditbot.errors import SettingsError
from auditbot.settings import School, Workspace

SHORTEST_TERM = 10
"""Days that an entry called a term spans at the least; "Term 2" on one day is neither its beginning nor its end."""
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """The school's own days; without anything known, Monday to Friday."""

    terms: tuple[Days, ...] = ()
    """First and last day of each term, in their order."""
    closed: frozenset[date] = frozenset()
    """Single days without pupils: holidays, and days for training."""

    @property
    def known(self) -> bool:
        """Whether anything is known beyond Monday to Friday."""
        return bool(self.terms or self.closed)

    def is_school_day(self, day: date) -> bool:
        """Return whether pupils are in school: a weekday in a term, where terms are known for that time."""
        known = bool(self.terms) and self.terms[0][0] <= day <= max(last for _, last in self.terms)
        in_term = not known or any(first <= day <= last for first, last in self.terms)
        return day.weekday() < 5 and in_term and day not in self.closed


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar, as whole days."""

    first: date
    """Its first day."""
    last: date
    """Its last day."""
    words: str
    """What it is called."""


def school_days(workspace: Workspace, school: School) -> SchoolDays:
    """Return the school days of a workspace. Raises SettingsError if the calendar file cannot be used."""
    if not school.terms_calendar:
        return SchoolDays(tuple(sorted(school.term_days)))
    return read_calendar(workspace.config / school.terms_calendar)


def read_calendar(path: Path) -> SchoolDays:
    """Return the school days that an .ics file tells. Raises SettingsError naming what is wrong with it."""
    try:
        calendar = icalendar.Calendar.from_ical(path.read_bytes())
    except FileNotFoundError as error:
        raise SettingsError(path, ["the file does not exist"]) from error
    except (ValueError, IndexError, KeyError) as error:
        raise SettingsError(path, ["it is no calendar file (.ics)"]) from error
    found = from_entries(list(_entries(calendar)))
    if not found.known:
        raise SettingsError(
            path, ["no term and no holiday was recognised in it; write the terms under [school] terms instead"]
        )
    return found


def from_entries(entries: Sequence[Entry]) -> SchoolDays:
    """Return the school days that entries tell by what they are called; all others count for nothing."""
    closed: set[date] = set()
    begins: list[date] = []
    ends: list[date] = []
    terms: list[Days] = []
    for entry in entries:
        match _meant(entry.words):
            case "closed" | "half_term":
                length = min((entry.last - entry.first).days, 366)
                closed |= {entry.first + timedelta(days=more) for more in range(length + 1)}
            case "begins":
                begins.append(entry.first)
            case "ends":
                ends.append(entry.last)
            case "term" if (entry.last - entry.first).days >= SHORTEST_TERM:
                terms.append((entry.first, entry.last))
    return SchoolDays(tuple(sorted(terms)) or tuple(_paired(sorted(set(begins)), sorted(set(ends)))), frozenset(closed))


def _paired(begins: Sequence[date], ends: Sequence[date]) -> Iterator[Days]:
    """Yield a term for each beginning that an end follows before the next beginning."""
    for at, first in enumerate(begins):
        until = begins[at + 1] if at + 1 < len(begins) else date.max
        last = next((end for end in ends if first <= end < until), None)
        if last is not None:
            yield first, last


def _meant(words: str) -> str:
    plain = " ".join(words.casefold().split())
    return next((name for name in ("half_term", "begins", "ends", "closed", "term") if _says(name, plain)), "")


def _says(name: str, plain: str) -> bool:
    return any(pattern.search(plain) for pattern in _words()[name])


@cache
def _words() -> dict[str, tuple[re.Pattern[str], ...]]:
    table = tomllib.loads(files("auditbot.data").joinpath("words/term_dates.toml").read_text("utf-8"))
    return {name: tuple(map(re.compile, patterns)) for name, patterns in table.items()}


def _entries(calendar: icalendar.Component) -> Iterator[Entry]:
    """Yield every dated entry; the end of whole days lies a day behind the last one."""
    for event in calendar.walk("VEVENT"):
        first = _day(event.get("dtstart"))
        if first is None:
            continue
        given = event.get("dtend")
        end = _day(given)
        whole = given is not None and not isinstance(given.dt, datetime)
        last = end - timedelta(days=1) if end and whole else end
        yield Entry(first, max(first, last or first), str(event.get("summary", "")))


def _day(value: object) -> date | None:
    moment = getattr(value, "dt", None)
    if isinstance(moment, datetime):
        return moment.date()
    return moment if isinstance(moment, date) else None
