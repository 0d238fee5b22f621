"""Dates as pages write them, read with their zone; a date without one is read in the school's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from htmldate import find_date
from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.dom import attribute, line_of, meta, select

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_WRITTEN = re.compile(
    r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[A-Za-z]{3,9})\.?,?\s+(?P<year>\d{4})\b"
    r"|\b(?P<month2>[A-Za-z]{3,9})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{4})\b"
    r"|\b(?P<day3>\d{1,2})[/.](?P<month3>\d{1,2})[/.](?P<year3>\d{4})\b"
)
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\s*([ap]m)?\b", re.IGNORECASE)
_ARTICLE_TYPES = {"article", "newsarticle", "blogposting", "webpage", "socialmediaposting", "report", "event"}


def read_date(value: str, zone: ZoneInfo) -> datetime | None:
    """Read a date as machines write it (ISO 8601 or RFC 3339), or as the British write it. None if it is neither."""
    value = value.strip()
    if not value:
        return None
    try:
        found = datetime.fromisoformat(re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", value))
    except ValueError:
        return _written_date(value, zone)
    return _plausible(found, zone)


def _plausible(found: datetime, zone: ZoneInfo) -> datetime | None:
    """Give a date its zone; None for dates that no school page can have (a clock at its start, next year)."""
    known = found if found.tzinfo else found.replace(tzinfo=zone)
    try:
        return known if _EARLIEST < known < datetime.now(UTC) + timedelta(days=400) else None
    except OverflowError:
        return None


def _written_date(value: str, zone: ZoneInfo) -> datetime | None:
    match = _WRITTEN.search(value)
    if not match:
        return None
    parts = match.groupdict()
    day, month, year = (parts[name] or parts[name + "2"] or parts[name + "3"] for name in ("day", "month", "year"))
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    hour, minute = _clock(value[match.end() : match.end() + 20])
    try:
        return _plausible(datetime(int(year), number, int(day), hour, minute), zone)
    except ValueError:
        return None


def _clock(value: str) -> tuple[int, int]:
    match = _CLOCK.search(value)
    if not match:
        return 0, 0
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else (0, 0)


def date_in(node: LexborNode, zone: ZoneInfo) -> datetime | None:
    """Return the publication date that an element of a post or comment shows, by its marked-up times."""
    for selector in (
        "time.published[datetime], time[itemprop=datePublished][datetime], time.dt-published[datetime]",
        "[itemprop=datePublished][content], meta[itemprop=datePublished]",
        "time[pubdate][datetime], .entry-date time[datetime], time.entry-date[datetime]",
        "time[datetime]",
        ".published, .dt-published, .entry-date, .post-date, .date, time, abbr[title]",
        "[class*=date i]:not([class*=update i])",
    ):
        for found in select(node, selector):
            for value in (attribute(found, "datetime"), attribute(found, "content"), attribute(found, "title")):
                if value and (moment := read_date(value, zone)):
                    return moment
            if moment := read_date(line_of(found), zone):
                return moment
    return None


def date_of_page(tree: LexborHTMLParser, container: LexborNode | None, zone: ZoneInfo) -> datetime | None:
    """Return when a page was published: what its article says, else its JSON-LD, else its head.

    Where the article gives the day alone, the hour is taken from one of the others that names the same day.
    """
    shown = date_in(container, zone) if container is not None else None
    told = [moment for moment in _machine_dates(tree, zone) if moment]
    if shown is None:
        return told[0] if told else None
    day = shown.astimezone(zone)
    if (day.hour, day.minute, day.second) != (0, 0, 0):
        return shown
    return next((moment for moment in told if moment.astimezone(zone).date() == day.date()), shown)


def _machine_dates(tree: LexborHTMLParser, zone: ZoneInfo) -> Iterator[datetime | None]:
    for item in json_ld(tree):
        kinds = item.get("@type")
        names = {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}
        if names & _ARTICLE_TYPES:
            yield read_date(str(item.get("datePublished") or ""), zone)
    for name in ("article:published_time", "datePublished", "dcterms.created", "dc.date.issued", "date", "pubdate"):
        yield read_date(meta(tree, name), zone)


def guessed_date(html: str, url: str, zone: ZoneInfo) -> datetime | None:
    """Return the day that htmldate reads out of a page that does not mark its date up."""
    latest = (date.today() + timedelta(days=1)).isoformat()
    value = find_date(html, original_date=True, extensive_search=False, url=url, max_date=latest)
    return read_date(value, zone) if value else None


def json_ld(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Yield every object in the page's JSON-LD, nested graphs included. Broken JSON is passed over."""
    for script in select(tree, 'script[type="application/ld+json"]'):
        try:
            waiting = [json.loads(script.text_content or script.text() or "null")]
        except (ValueError, RecursionError):
            continue
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting.extend(item)
            elif isinstance(item, dict):
                yield item
                waiting.extend(value for name, value in item.items() if name in ("@graph", "mainEntity"))
