"""Dates as people write them, in English, Welsh, Irish and Gaelic: "14.03.26", "Sat 14th Mar 26", "2 days ago"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import dateparser

_COUNTED_FROM: ContextVar[datetime | None] = ContextVar("counted_from", default=None)
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_LONGEST_LINE = 60
_MONTH = r"[^\W\d_]{3,10}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|af|ail|ydd|fed|eg|ain)?"
# Where a date may stand in a line, the most certain forms first. Those with a year of two digits are read in short
# lines only: in running words they are as often a score or a list of ages.
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_BY_NUMERAL = rf"(?<![\d./-])\d{{1,2}}([/.\-])(?:{'|'.join(reversed(_ROMAN))})\1(?:\d{{4}}|\d{{2}})(?![\d/-])"
_WHOLE = re.compile(
    rf"\b{_DAY}(?:\s+(?:of|o)\s+|[\s\-/.]+){_MONTH}(?:,?\s+|[\-/.]+)\d{{4}}\b"
    rf"|\b{_MONTH}\s+(?:the\s+)?{_DAY},?\s+\d{{4}}\b"
    r"|(?<![\d./-])\d{1,2}\s?([/.\-])\s?\d{1,2}\s?\1\s?\d{4}(?![\d/-])"
    r"|(?<![\d./-])\d{4}([/.\-])\d{1,2}\2\d{1,2}(?![\d/-])"
)
_SHORT = re.compile(
    rf"\b{_DAY}(?:\s+(?:of|o)\s+|[\s\-/.]+){_MONTH}(?:,?\s+|[\-/.]+)['’]?\d{{2}}\b(?![:.]\d)"
    rf"|\b{_MONTH}\s+(?:the\s+)?{_DAY},?\s+['’]\d{{2}}\b"
    r"|(?<![\d./-])\d{1,2}([/.\-])\d{1,2}\1['’]?\d{2}(?![\d/-])"
    rf"|\b\d{{1,2}}(?:{_MONTHS})[a-z]{{0,6}}['’]?(?:\d{{4}}|\d{{2}})\b"
    # A leaf of a calendar, whose parts stand in elements of their own.
    rf"|\b(?:{_MONTHS})[a-z]{{0,6}}\d{{1,2}}(?:19|20)\d\d\b"
    rf"|{_BY_NUMERAL.replace(chr(92) + '1', chr(92) + '2')}",
    re.IGNORECASE,
)
# Numbers with hyphens are a date only where nothing else stands beside them.
# Days that are spelt out: "the eleventh of March 2026".
_ONES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = ("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
          "eighteenth", "nineteenth", "twentieth")  # fmt: skip
_ORDINALS = (*_ONES, *_TEENS, *(f"twenty-{each}" for each in _ONES), "thirtieth", "thirty-first")
_SPELT = re.compile(rf"\b({'|'.join(reversed(_ORDINALS))})(?:\s+day)?(?=\s+of\s+{_MONTH}\b)", re.IGNORECASE)
# "Published: 20260207": eight figures are a day where a word says so.
_COMPACT = re.compile(
    r"\b((?:published|posted|added|uploaded|date)(?:\s+on)?\W{1,3})((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)",
    re.IGNORECASE,
)
_SCORE = re.compile(r"\d{1,2}-\d{1,2}-\d{2}")
_AGO = re.compile(
    r"\b(?:\d{1,3}|an?|one|two|three|four|five|six)\s+(?:second|sec|minute|min|hour|hr|day|week|month|year)s?\s+ago\b"
    r"|\byesterday\b|\btoday\b(?=\s*(?:at\b|$))"
    r"|\b\d{1,3}\s+(?:munud|awr|diwrnod|ddiwrnod|wythnos|mis|blynedd)\s+yn\s+ôl\b|\bddoe\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})(?::\d{2})?\s*([ap]\.?m\b)?|\b(\d{1,2})\s*([ap])\.?m\b", re.IGNORECASE)
# Without a year, or as short as social media show them: enough to see that a block is dated, not to say when.
_NEARLY = re.compile(
    r"^(?P<count>\d{1,3})\s?(?P<unit>s|m|h|d|w|mo|y|mins?|hrs?)$|"
    rf"^(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)\w*,?\s+)?(?:the\s+)?(?P<day>{_DAY})(?:\s+(?:of|o))?\s+(?P<month>{_MONTH})"
    rf"(?:,?\s+(?:at\s+)?\d{{1,2}}[:.]\d\d(?:\s?[ap]m)?)?$|^(?P<month_first>{_MONTH})\s+(?:the\s+)?(?P<day_after>{_DAY})"
    r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d\d(?:\s?[ap]m)?)?$"
    r"|^(?P<last>mon|tues|wednes|thurs|fri|satur|sun)day(?P<at>\s+at\b.*)?$|^(?P<now>just now)$",
    re.IGNORECASE,
)
_AROUND_LINE = " \t·•|–—-,"
# How long one of the short units lasts; months and years by their mean.
_DAYS_OF = {"s": 0.0, "m": 0.0, "h": 1 / 24, "d": 1.0, "w": 7.0, "mo": 30.44, "y": 365.25}
_MOST_YEARS_BACK = 11
_IS_MONTH = re.compile(
    rf"(?:{_MONTHS}|ion|chwe|maw|faw|ebr|mai|fai|meh|feh|gor|orff|awst|med|fed|hyd|tach|dach|rhag|rag)", re.IGNORECASE
)
# So many days ahead, a day without a year is as likely one that is announced.
_SOON = 90
_BESIDE = re.compile(
    r"\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|rsday|urday)?\b|\b(?:date|posted|published|added|"
    r"written|created|uploaded|on|at|in|by|the|of|o|last|updated|news|when|am|pm|gmt|bst|utc|w/?[bc]|week|commencing|beginning|ending|wedi|ei|"
    r"all\s+day|morning|afternoon|evening|noon|midday|gyhoeddi|ar|dydd|llun|mawrth|mercher|iau|gwener|sadwrn|sul)\b|[^\w]|\d",
    re.IGNORECASE,
)
# What a day without a year may follow: "Week beginning Monday 13th April", "Posted on 6 March".
BEFORE_DAY = re.compile(
    r"^(?:the\s+)?(?:(?:week|wk)\.?\s+(?:beginning|commencing|starting|of)|w/?[bc]|(?:posted|published|added|written|"
    r"uploaded|date)(?:\s+on)?|on|wythnos\s+(?:yn\s+)?(?:dechrau|cychwyn))\b\s*[:.–—-]?\s*",
    re.IGNORECASE,
)
"""What may stand before a day in the line that gives it."""
# The week of a year as ISO 8601 counts them, and the day of the week: "2026-W07", "2026-W07-4".
_WEEK = re.compile(r"(?<![\w-])(?P<year>(?:19|20)\d\d)-?w(?P<week>\d\d)(?:-?(?P<day>[1-7]))?(?![\w])", re.IGNORECASE)
# Irish and Scottish Gaelic months, after the number of a day, as January to December of the English.
_GAELIC = (
    "ean[aá]ir|(?:am )?faoilleach|(?:an )?fhaoillich", "feabhra|(?:an )?gearran|ghearrain", "m[aá]rta|(?:am )?m[aà]rt",
    "aibre[aá]i?n|(?:an )?giblean", "b(?:h)?ealtaine|(?:an )?c[eè]itean", "mh?eith(?:ea|i)mh|(?:an t-)?[oò]gmh[iì]os",
    "i[uú]il|(?:an t-)?iuchar", "l[uú]nasa|(?:an )?l[uù]nastal", "mh?e[aá]n f[oó]mhair|(?:an t-)?sultain",
    "dh?eireadh f[oó]mhair|(?:an )?d[aà]mhair", "(?:an t-)?samhain|samhna", "nollai?g|(?:an )?d[uù]bhlachd",
)  # fmt: skip
_ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December")  # fmt: skip
_GAELIC_MONTH = re.compile(
    r"(?<=\d)(?:ú|adh|mh|amh)?\s+(?:(?:de|den|d['’])\s*)?(?:mh[ií]\s+(?:na\s+)?)?(?:"
    + "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_GAELIC))
    + r")\b",
    re.IGNORECASE,
)
_GAELIC_DAY = re.compile(
    r"\b(?:d[eé]\s+(?:luain|m[aá]irt|c[eé]adaoin|haoine|sathairn|domhnaigh)|d[eé]ardaoin|"
    r"di(?:-?luain|m[aà]irt|ciadain|ardaoin|haoine|sathairne|d[oò]mhnaich))\b,?",
    re.IGNORECASE,
)
# What stands beside a date in the line below a heading: "By Mrs Vale", "in News", "3 min read".
_BETWEEN = re.compile(r"\s*[·|•]\s*|\s+[–—-]\s+")
_AUTHOR = r"(?:(?:posted|written|published|added)\s+)?by\s+\S+(?:\s\S+){0,3}?"
_BYLINE = re.compile(
    rf"{_AUTHOR}|in\s+\S+(?:\s\S+){{0,2}}|\d+\s+(?:comments?|min(?:ute)?s?(?:\s+read)?)", re.IGNORECASE
)
_BY_ON = re.compile(rf"^{_AUTHOR}\s+on\s+", re.IGNORECASE)
_ON_BY = re.compile(r"(?<=\d)(?:\s+at\s+[\d:.]+\s*(?:[ap]m)?)?,?\s+by\s+\S+(?:\s\S+){0,3}$", re.IGNORECASE)
# "Posted in Nature 5 comments Posted by Mrs Vale on 3 May 2026": names, and nothing that tells of anything.
_FILED = re.compile(
    r"^(?:Posted|Published|Filed|Written|Added)\s+(?:(?:[A-Z][\w'’.-]*|\d+|by|in|under|and|of|the|for|comments?|&)"
    r"[,|·\s]+){1,16}on\s+(?=\S)"
)
# Welsh months in the forms that follow "o" and after a day, which are not in the library's list.
_MUTATED = {"fawrth": "mawrth", "fai": "mai", "fehefin": "mehefin", "orffennaf": "gorffennaf", "fedi": "medi",
            "dachwedd": "tachwedd", "ragfyr": "rhagfyr", "chwefror": "chwefror"}  # fmt: skip
_SETTINGS: dict[str, Any] = {
    "DATE_ORDER": "DMY",
    "PREFER_DATES_FROM": "past",
    "REQUIRE_PARTS": ["day", "month", "year"],
}


@contextmanager
def counted_from(moment: datetime | None) -> Iterator[None]:
    """Count "2 days ago" from a moment: that at which the page was sent that says so. None: from now."""
    token = _COUNTED_FROM.set(moment)
    try:
        yield
    finally:
        _COUNTED_FROM.reset(token)


def _now(zone: ZoneInfo) -> datetime:
    now = datetime.now(zone)
    return min(now, (_COUNTED_FROM.get() or now).astimezone(zone))


def ages_in(html: str) -> frozenset[str]:
    """Return the words of a page that count from the day on which it is read."""
    return frozenset(" ".join(match[0].lower().split()) for match in _AGO.finditer(html))


def written_date(value: str, zone: ZoneInfo) -> datetime | None:
    """Return the first date in a line of words, midnight in the school's zone where no hour stands; None if none."""
    value = _in_figures(" ".join(value.split()))
    for pattern in (_WHOLE, _SHORT) if len(value) <= _LONGEST_LINE else (_WHOLE,):
        for match in pattern.finditer(value):
            rest = f"{value[: match.start()]} {value[match.end() :]}"
            if pattern is _SHORT and _SCORE.fullmatch(match[0]) and _BESIDE.sub("", rest):
                continue
            if (found := _read(match[0])) is not None:
                hour, minute = _clock(value[match.end() : match.end() + 20])
                return plausible(found.replace(hour=hour, minute=minute), zone)
    if len(value) <= _LONGEST_LINE and (ago := _AGO.search(value)):
        now = _now(zone).replace(tzinfo=None)
        settings: Any = {"PREFER_DATES_FROM": "past", "RELATIVE_BASE": now}
        if found := dateparser.parse(ago[0], languages=["en", "cy"], settings=settings):
            whole_days = not re.search(r"sec|min|hour|hr|awr|munud", ago[0], re.IGNORECASE)
            return plausible(found.replace(hour=0, minute=0, second=0, microsecond=0) if whole_days else found, zone)
    return None


def _in_figures(line: str) -> str:
    """Return a line with its days in figures: "the eleventh of March" as "the 11 of March"."""
    line = _COMPACT.sub(r"\1\2-\3-\4", line)
    if _GAELIC_MONTH.search(line):
        line = _GAELIC_DAY.sub(" ", _GAELIC_MONTH.sub(_in_english, line)).strip()
    if "th " not in line.lower() and "st " not in line and "nd " not in line and "rd " not in line:
        return line
    return _SPELT.sub(lambda match: str(_ORDINALS.index(match[1].lower()) + 1), line)


def _in_english(match: re.Match[str]) -> str:
    return f" {_ENGLISH[int((match.lastgroup or 'm0')[1:])]}"


def is_dated(line: str, zone: ZoneInfo) -> bool:
    """True for a line that is a date and nothing else, be it one without a year or as short as "18h"."""
    line = line.strip(_AROUND_LINE)
    if not line or len(line) > _LONGEST_LINE:
        return False
    return bool(_NEARLY.match(BEFORE_DAY.sub("", line))) or is_date_line(line, zone)


def day_without_year(line: str, zone: ZoneInfo, now: datetime | None = None) -> datetime | None:
    """Return the last day, up to now, that a line means by "Fri 6th March", "18h" or "Monday at 9.15"; None if none.

    With a weekday it is the last year in which that day fell on it. None too where the line may as well mean a day that
    is still to come. ``now`` is the moment of reading.
    """
    line = line.strip(_AROUND_LINE)
    match = _NEARLY.match(BEFORE_DAY.sub("", line)) if len(line) <= _LONGEST_LINE else None
    if match is None:
        return None
    today = (now or _now(zone)).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if match["count"]:
        unit = re.sub(r"^(?:mins?)$", "m", re.sub(r"^hrs?$", "h", match["unit"].lower()))
        moment = (now or _now(zone)).astimezone(zone) - timedelta(days=int(match["count"]) * _DAYS_OF[unit])
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if match["now"]:
        return today
    if match["last"]:
        wanted = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun").index(match["last"].lower())
        # A weekday alone may be a heading of a timetable.
        return today - timedelta(days=(today.weekday() - wanted) % 7 or 7) if match["at"] else None
    month = match["month"] or match["month_first"]
    return _last_such_day(match["day"] or match["day_after"], month, match["weekday"], today)


def week_in(address: str, zone: ZoneInfo) -> datetime | None:
    """Return the day that an address names by its week: the Monday of "/diary/2026-W07"; None if it names none."""
    for match in _WEEK.finditer(address):
        try:
            day = date.fromisocalendar(int(match["year"]), int(match["week"]), int(match["day"] or 1))
        except ValueError:
            continue
        return plausible(datetime(day.year, day.month, day.day, tzinfo=zone), zone)
    return None


def _last_such_day(day: str, month: str, weekday: str | None, today: datetime) -> datetime | None:
    if not _IS_MONTH.match(month):
        return None
    wanted = (weekday or "").lower()
    # From the year to come backwards.
    years = [_read(f"{day} {month} {today.year - back}") for back in range(-1, _MOST_YEARS_BACK if wanted else 2)]
    days = [found.date() for found in years if found is not None]
    coming = [found for found in days if 0 < (found - today.date()).days < (366 if wanted else _SOON)]
    past = [found for found in days if found <= today.date() and (not wanted or f"{found:%a}".lower() == wanted)]
    if not past:
        return None
    last = past[0]
    may_come = any(not wanted or f"{found:%a}".lower() == wanted for found in coming)
    if may_come and (today.date() - last).days > 366 - _SOON:
        return None
    return today.replace(year=last.year, month=last.month, day=last.day)


def is_date_line(line: str, zone: ZoneInfo) -> bool:
    """True for a line that says when something was published, and nothing else."""
    line = _in_figures(line)
    found = _WHOLE.search(line) or _SHORT.search(line) or _AGO.search(line) if len(line) <= _LONGEST_LINE else None
    if found is None or written_date(line, zone) is None:
        return False
    # Before the hour "3.20pm" is taken apart, its letters stand at no beginning of a word.
    return not _BESIDE.sub("", _CLOCK.sub(" ", f"{line[: found.start()]} {line[found.end() :]}"))


def is_byline(line: str, zone: ZoneInfo) -> bool:
    """True for a line that says when and by whom something was published, and nothing else."""
    if len(line) > 2 * _LONGEST_LINE:
        return False
    if (filed := _FILED.match(line.strip())) and is_date_line(line.strip()[filed.end() :], zone):
        return True
    parts = [part for part in _BETWEEN.split(_ON_BY.sub("", _BY_ON.sub("", line.strip()))) if part]
    dated = [part for part in parts if is_date_line(part, zone)]
    return len(dated) == 1 and all(part in dated or _BYLINE.fullmatch(part) for part in parts)


@lru_cache(maxsize=4096)
def _read(value: str) -> datetime | None:
    """Read one date as the British write it: the day first, unless only the other order makes a date."""
    words = re.sub(r"\b(of|o)\b\s+", "", value.lower())
    words = re.sub(r"(\d)(st|nd|rd|th|af|ail|ydd|fed|eg|ain)\b", r"\1", words).replace("’", "").replace("'", "")
    words = re.sub(rf"(?<=\d)((?:{_MONTHS})[a-z]*)(?=\d)", r" \1 ", words)
    words = re.sub(rf"^((?:{_MONTHS})[a-z]*)(\d{{1,2}})(\d{{4}})$", r"\2 \1 \3", words)
    words = re.sub(rf"^(\d+)([/.-])({'|'.join(_ROMAN)})\2(\d+)$", _numbered, words)
    words = re.sub(r"\bthe\b", " ", words)
    words = " ".join(
        _MUTATED.get(word, word)
        for word in re.split(r"[\s,]+", re.sub(r"(?<=[^\W\d])\.|\.(?=[^\W\d])", " ", words))
        if word
    )
    order = "YMD" if re.match(r"\d{4}", words) else "DMY"
    found = dateparser.parse(words, languages=["en", "cy"], settings={**_SETTINGS, "DATE_ORDER": order})
    return found.replace(tzinfo=None) if found else None


def _numbered(match: re.Match[str]) -> str:
    return f"{match[1]}/{_ROMAN.index(match[3]) + 1}/{match[4]}"


def _clock(value: str) -> tuple[int, int]:
    match = _CLOCK.search(value)
    if not match:
        return 0, 0
    hour, minute, half = int(match[1] or match[4]), int(match[2] or 0), (match[3] or match[5] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return (hour, minute) if hour < 24 and minute < 60 else (0, 0)


def plausible(found: datetime, zone: ZoneInfo) -> datetime | None:
    """Give a date its zone; None for dates that no school page can have (a clock at its start, next year)."""
    known = found if found.tzinfo else found.replace(tzinfo=zone)
    try:
        return known if _EARLIEST < known < datetime.now(UTC) + timedelta(days=400) else None
    except OverflowError:
        return None
