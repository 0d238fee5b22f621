"""The month, week or day that an address names, as those of a diary do, and the addresses of others beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

Unit = Literal["day", "week", "month"]

_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
_NAME = rf"(?P<name>{'|'.join(_NAMES)}|{'|'.join(name[:3] for name in _NAMES)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
# A name of a month is one only as a whole step of an address, or beside a year.
NAMED_MONTH = re.compile(
    rf"(?<=[/_-]){_NAME}(?=[/_-](?:19|20)\d\d(?!\d))|(?<=\d\d[/_-]){_NAME.replace('name', 'after')}(?=[/_.-]|$)",
    re.IGNORECASE,
)
_IN_ADDRESS = (
    re.compile(rf"(?<!\d){_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?P<sep>[-/._]){_MONTH}(?P=sep)(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}[-/._]?(?:w|week)[-/_]?(?P<week>[0-5]?\d)(?!\d)", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}[-/._]{_MONTH}(?!\d)"),
    re.compile(rf"(?<![\w]){_NAME}[-/_+]{_YEAR}(?!\d)", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}[-/_+]{_NAME}(?![a-z])", re.IGNORECASE),
)
_YEARS, _MONTHS, _DAYS = frozenset({"year", "yr", "y"}), frozenset({"month", "mon", "m"}), frozenset({"day", "d"})
# How far behind the last empty page the next are looked for, nearest first: past a weekend, past the holidays of
# summer, a school year back.
_LEAPS: dict[Unit, tuple[int, ...]] = {"day": (7, 56), "week": (8, 52), "month": (6, 12)}


@dataclass(frozen=True, slots=True)
class Period:
    """What an address of a diary is about."""

    unit: Unit
    """How long it is."""
    start: date
    """Its first day."""
    at: Callable[[date], str]
    """Gives the address of the period in which another day lies."""


def period_of(url: str) -> Period | None:
    """Return the period that an address names; None if it names none."""
    parts = urlsplit(url)
    asked = f"{parts.path}?{parts.query}" if parts.query else parts.path
    for pattern in _IN_ADDRESS:
        for match in pattern.finditer(asked):
            said = match.groupdict()
            start = _first_day(said)
            if start is not None:
                unit: Unit = "day" if said.get("day") else "week" if said.get("week") else "month"
                return Period(unit, start, lambda day, found=match: _with(url, asked, found, day))  # type: ignore[misc]
    return _of_query(url)


def beside(url: str, back: bool) -> list[str]:
    """Return the addresses at which a diary is asked once more after several empty pages in a row; ``back``: earlier.

    One period lies beyond any holidays; going back, another lies a year away. None is still to come.
    """
    period = period_of(url)
    if period is None:
        return []
    leaps = _LEAPS[period.unit] if back else _LEAPS[period.unit][:1]
    days = [_moved(period, -leap if back else leap) for leap in leaps]
    return [period.at(day) for day in days if day <= date.today()]


def is_ahead(url: str) -> bool:
    """True if an address names a period that has not begun."""
    period = period_of(url)
    return period is not None and period.start > date.today()


def _moved(period: Period, by: int) -> date:
    if period.unit == "month":
        months = period.start.year * 12 + period.start.month - 1 + by
        return date(months // 12, months % 12 + 1, 1)
    return period.start + timedelta(days=by * (7 if period.unit == "week" else 1))


def _first_day(said: dict[str, str | None]) -> date | None:
    year = int(said["year"] or 0)
    try:
        if week := said.get("week"):
            return date.fromisocalendar(year, int(week), 1)
        name = (said.get("name") or "").lower()[:3]
        month = int(said.get("month") or 0) or next(n for n, each in enumerate(_NAMES, 1) if each[:3] == name)
        return date(year, month, int(said.get("day") or 1))
    except (ValueError, StopIteration):
        return None


def _with(url: str, asked: str, match: re.Match[str], day: date) -> str:
    """Return an address with another day in place of the one that was found in it, written in the same way."""
    said = match.groupdict()
    written = {"year": str(day.year)}
    if said.get("week"):
        week = day.isocalendar()
        written = {"year": str(week.year), "week": f"{week.week:0{len(said['week'])}d}"}
    if said.get("month"):
        written["month"] = f"{day.month:0{len(said['month'])}d}"
    if said.get("day"):
        written["day"] = f"{day.day:0{len(said['day'])}d}"
    if name := said.get("name"):
        whole = _NAMES[day.month - 1] if len(name) > 3 or name.lower() == "may" else _NAMES[day.month - 1][:3]
        written["name"] = whole.title() if name[0].isupper() else whole
    for group, value in sorted(written.items(), key=lambda pair: -match.start(pair[0])):
        asked = asked[: match.start(group)] + value + asked[match.end(group) :]
    path, _, query = asked.partition("?")
    return urlsplit(url)._replace(path=path, query=query).geturl()


def _of_query(url: str) -> Period | None:
    """Read a year and a month, and perhaps a day, that stand in parts of the query of their own."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    names = {
        kind: next((name for name, value in pairs if name.lower() in known and value.isdigit()), "")
        for kind, known in (("year", _YEARS), ("month", _MONTHS), ("day", _DAYS))
    }
    values = dict(pairs)
    if not names["year"] or not names["month"] or len(values[names["year"]]) != 4:
        return None
    start = _first_day({kind: values[name] for kind, name in names.items() if name})
    if start is None:
        return None

    def at(day: date) -> str:
        written = {names["year"]: str(day.year), names["month"]: _alike(day.month, values[names["month"]])}
        if names["day"]:
            written[names["day"]] = _alike(day.day, values[names["day"]])
        return parts._replace(query=urlencode([(name, written.get(name, value)) for name, value in pairs])).geturl()

    return Period("day" if names["day"] else "month", start, at)


def _alike(number: int, before: str) -> str:
    """Return a number written with a nought in front if the one in its place was."""
    return f"{number:02d}" if before.startswith("0") else str(number)
