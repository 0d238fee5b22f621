"""Days whose parts stand apart: in cells of a table, or beside an entry under a heading with the month and the year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from auditbot.collect.html.dom import ancestors, attribute, beginning_of, line_of, select
from auditbot.collect.html.written_dates import BEFORE_DAY, plausible, written_date

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr)"
)
_WEEKDAY = r"(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+"
_DAY = re.compile(
    rf"^(?:{_WEEKDAY})?(?:the\s+)?(?P<day>\d{{1,2}})(?P<nth>st|nd|rd|th)?(?:\s+(?:of\s+)?(?P<month>{_MONTH})\.?)?$|"
    rf"^(?P<month_first>{_MONTH})\.?\s+(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?$",
    re.IGNORECASE,
)
_NAMES_MONTH = re.compile(rf"\b(?P<month>{_MONTH})\b", re.IGNORECASE)
_IS_MONTH = re.compile(rf"(?P<month>{_MONTH})\.?,?(?:\s+(?:19|20)\d\d)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d/.-])(?P<year>(?:19|20)\d\d)(?:\s*[-–/]\s*(?P<next>(?:20)?\d\d))?(?![\d/-])")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "summary", "legend", "dt", "th"})
_LONGEST_PART = 24
_LONGEST_HEADING = 80
_MOST_PARTS = 30
_MOST_SIBLINGS = 400
_HIGHEST = 8
_NEW_SCHOOL_YEAR = 9


def split_date(node: LexborNode, zone: ZoneInfo) -> datetime | None:
    """Return the day of an entry of a list whose parts stand apart, midnight in the school's zone; else None."""
    parts = _parts(node)
    for day, month, year in zip(parts, parts[1:], parts[2:], strict=False):
        if day.isdigit() and month.isdigit() and len(day) <= 2 and len(month) <= 2 and _YEAR.fullmatch(year):
            return _checked(f"{day}/{month}/{year}", "", zone)
    if sum(part.isdigit() and len(part) <= 2 for part in parts) > 1:
        # A week of a calendar is no entry of one day.
        return None
    for part in parts:
        if _DAY.match(part) and (found := under_headings(node, part, zone)):
            return found
    return None


def under_headings(node: LexborNode, line: str, zone: ZoneInfo) -> datetime | None:
    """Return the day that a line gives together with the cells beside it and the headings above its element.

    ``line`` is a day with or without its weekday and month. A bare number counts only under, or beside, the name of a
    month that stands alone.
    """
    match = _DAY.match(BEFORE_DAY.sub("", line.strip()))
    if match is None:
        return None
    day, month, year = match["day"] or match["day_after"], match["month"] or match["month_first"] or "", ""
    bare = not (match["nth"] or match["weekday"] or month)
    for said in (*_parts(node), *_above(node)):
        named = _IS_MONTH.fullmatch(said) if bare else _NAMES_MONTH.search(said)
        # "You may like" names no month.
        if not month and named and named["month"][0].isupper() and said != line:
            month = named["month"]
        if not year and month and (found := _YEAR.search(said)):
            year = _year(found, month)
        if month and year:
            return _checked(f"{day} {month} {year}", match["weekday"] or "", zone)
    return None


def _year(match: re.Match[str], month: str) -> str:
    """Return the year that a heading gives a month: of a school year ("2025–26"), its second from January on."""
    if not match["next"]:
        return match["year"]
    first = written_date(f"1 {month} {match['year']}", ZoneInfo("UTC"))
    second = int(match["year"]) + 1
    is_school_year = match["next"][-2:] == f"{second % 100:02d}"
    return str(second) if is_school_year and first and first.month < _NEW_SCHOOL_YEAR else match["year"]


def _checked(written: str, weekday: str, zone: ZoneInfo) -> datetime | None:
    found = written_date(written, zone)
    if found is None or (weekday and f"{found:%a}".lower() != weekday.lower()):
        return None
    return plausible(found, zone)


def _parts(node: LexborNode) -> list[str]:
    """Return the short lines of an entry that stand in elements of their own, in their order."""
    leaves = (inner for inner in select(node, "*") if all(child.tag == "sup" for child in inner.iter()))
    lines = (beginning_of(inner, _LONGEST_PART).strip() for inner in islice(leaves, _MOST_PARTS))
    return [line for line in lines if 0 < len(line) <= _LONGEST_PART]


def _above(node: LexborNode) -> Iterator[str]:
    """Yield the headings that stand above an element, nearest first, and the cells that reach down beside its row."""
    for level, place in enumerate((node, *ancestors(node))):
        if level > _HIGHEST or place.tag in ("body", "html"):
            return
        before, distance = place.prev, 0
        while before is not None and distance < _MOST_SIBLINGS:
            if before.is_element_node:
                distance += 1
                yield from _heads(before, distance)
            before = before.prev


def _heads(node: LexborNode, distance: int) -> Iterator[str]:
    """Yield what an element says of those that follow it; ``distance`` rows below it for a row of a table."""
    if node.tag == "tr":
        cells = [cell for cell in node.iter() if cell.tag in ("td", "th")]
        reaching = [cell for cell in cells if _spans(cell, "rowspan") > distance]
        yield from (line_of(cell) for cell in (cells if len(cells) == 1 else reaching))
    elif node.tag in _HEADINGS or (node.tag in ("p", "div") and _is_bold(node)):
        line = beginning_of(node, _LONGEST_HEADING)
        yield from [line] if len(line) <= _LONGEST_HEADING else []


def _spans(cell: LexborNode, name: str) -> int:
    value = attribute(cell, name)
    return int(value) if value.isdigit() and len(value) < 5 else 1


def _is_bold(node: LexborNode) -> bool:
    bold = node.css_first("b, strong")
    return bold is not None and line_of(bold) == beginning_of(node, _LONGEST_HEADING)
