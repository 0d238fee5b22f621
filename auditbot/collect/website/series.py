"""Series of addresses, proved by what they answer: which bring nothing new, and which two addresses are one page."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from auditbot.collect.net.periods import NAMED_MONTH, beside, is_ahead, period_of
from auditbot.same_page import key

# Pages in a row that bring nothing new until a series is given up: of addresses that only its own pages lead to, in
# either direction from where it was entered, and of those that other pages name. A diary is empty in the holidays, for
# two months in a row in many schools: beyond longer gaps it is asked once more (see periods). What is still to come is
# read when it has come. Cells of a calendar that say only their number are left sooner, if none ever told anything.
# Measured on generated sites with pagers, calendars and session ids (2026-11-30).
_STALE_INSIDE = 3
_STALE_AHEAD = 2
_STALE_NAMED = 25
_STALE_CELLS = 9
_PROOFS = 3
_LENGTHS = {"day": 1, "week": 7, "month": 31}
# A long word with a digit in it is a key or a token that each page is given anew.
_COUNTED = re.compile(
    r"\b(?=[a-z]*\d)[a-z\d]{6,}\b|\d+(st|nd|rd|th)?|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\b|"
    r"\b(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(day|nesday|rsday|urday)?\b|\bnext\b|\bprevious\b|[^\w\s]",
    re.IGNORECASE,
)
_VARIANT = re.compile(r"^/(amp|print|m|mobile)(?=/)|/(amp|print)$|\.(html?|php|aspx?|cfm|jsp)$", re.IGNORECASE)
_INDEX = re.compile(r"/(index|default|home)\.\w{3,5}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answered:
    """What one opened page holds, as far as it tells pages apart."""

    url: str
    """Its address."""
    words: str
    """Its own words, what surrounds them left out."""
    photos: frozenset[str]
    """Keys of the photos it shows."""
    links: frozenset[str]
    """The links among its words, as they are written."""

    def mark(self, by_name: bool = False) -> str:
        """Return what two answers share only if they are the same page; ``by_name``: wherever their photos lie."""
        own = {(name, value) for name, value in parse_qsl(urlsplit(self.url).query, keep_blank_values=True)}
        series = shape(self.url)
        elsewhere = (
            link for link in self.links if not _variants(link, self.url) and not _of_series(link, self.url, series)
        )
        links = sorted({_without(link, own) for link in elsewhere})
        photos = {photo.rpartition("/")[2] for photo in self.photos} if by_name else self.photos
        told = "\n".join((" ".join(self.words.split()), *sorted(photos), *links))
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


@dataclass
class _Series:
    lines: set[str] = field(default_factory=set)
    photos: set[str] = field(default_factory=set)
    first: str = ""
    told: bool = False
    gaps: set[int] = field(default_factory=set)
    stale: int = 0
    stale_ways: Counter[int] = field(default_factory=Counter)
    opened: int = 0
    written: set[date] = field(default_factory=set)


class SeriesBook:
    """What the answers of one site have proved of its addresses."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = defaultdict(_Series)
        self._closed: set[tuple[str, int]] = set()
        self._closed_wholly: set[str] = set()
        self._closed_cells: set[str] = set()
        self._marks: dict[str, list[str]] = defaultdict(list)
        self._marks_by_name: dict[str, list[str]] = defaultdict(list)
        self._without: dict[tuple[str, str], tuple[str, str]] = {}
        self._same: dict[str, set[str]] = defaultdict(set)
        self._tells: set[str] = set()
        self._of_months: set[str] = set()

    def twin(self, page: Answered) -> str:
        """Return the address of an opened page that is this very page under another address; empty if there is none.

        Two addresses are one page only if both answer the same and one is a variant of the other: by a part of the
        query, by an ending, by a folder for print or telephones, or by steps that a relative link has piled up.
        """
        if not page.words.strip() and not page.photos:
            return ""
        mark = page.mark()
        self._compare(page.url, mark)
        known = next((url for url in self._marks[mark] if _variants(url, page.url)), "")
        self._marks[mark].append(page.url)
        # A server that answers for any folder shows a page's photos under addresses of their own there.
        by_name = self._marks_by_name[page.mark(by_name=True)]
        known = known or next((url for url in by_name if piled_up(page.url, url)), "")
        by_name.append(page.url)
        return known

    def _compare(self, url: str, mark: str) -> None:
        """Learn, for each part of a query, whether it changes what is answered."""
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        for name in {name for name, _ in query} | {""}:
            place = (key(without(url, name)) if name else key(url), name)
            names = [name] if name else [other for base, other in self._without if base == place[0] and other]
            for each in names:
                other = self._without.get((place[0], each))
                if other and other[0] != url:
                    if other[1] == mark:
                        self._same[each].add(place[0])
                    else:
                        self._tells.add(each)
            if name:
                bare = self._without.get((place[0], ""))
                if bare and bare[1] == mark:
                    self._same[name].add(place[0])
                elif bare:
                    self._tells.add(name)
            self._without.setdefault(place, (url, mark))

    def presumed(self, url: str, met: Collection[str]) -> bool:
        """True if an address differs from one that was met by a part of the query that never changed an answer."""
        for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True):
            proved = len(self._same[name]) >= _PROOFS and name not in self._tells
            if proved and key(without(url, name)) in met:
                return True
        return False

    def learn(self, page: Answered, fresh_links: bool, twin: bool) -> str:
        """Take in an opened page; return its series if that is given up now, else nothing.

        ``fresh_links``: it leads to an address outside its series that nobody had met.
        """
        series = shape(page.url)
        if not series:
            return ""
        known = self._series[series]
        known.opened += 1
        known.first = known.first or page.url
        way = self._way(series, page.url)
        lines = {counted for line in page.words.split("\n") if (counted := without_counting(line))}
        period = period_of(page.url)
        of_days = period is not None and period.unit == "day"
        if period is not None and not of_days:
            self._of_months |= lines
        # What stands in the cells of a month is nothing new on the page of its day.
        told = known.lines | (self._of_months if of_days else set())
        new = not twin and (bool(lines - told) or bool(page.photos - known.photos) or fresh_links)
        known.lines |= lines
        known.photos |= page.photos
        known.told = known.told or (new and known.opened > 1)
        if new and period is not None and known.opened > 1:
            known.written.add(period.start)
        fresh = new or known.opened == 1
        if new and (series, way) in self._closed:
            # Beyond a gap it goes on in both directions.
            self._closed.discard((series, way))
            known.gaps.add(way)
        known.stale = 0 if fresh else known.stale + 1
        known.stale_ways[way] = 0 if fresh else known.stale_ways[way] + 1
        if known.stale >= _STALE_NAMED and series not in self._closed_wholly:
            self._closed_wholly.add(series)
            return series
        if of_days and known.stale >= _STALE_CELLS and not known.told and series not in self._closed_cells:
            self._closed_cells.add(series)
            return series
        enough = _STALE_AHEAD if is_ahead(page.url) else _STALE_INSIDE * (2 if way in known.gaps else 1)
        if known.stale_ways[way] >= enough and (series, way) not in self._closed:
            self._closed.add((series, way))
            return series
        return ""

    def given_up(self, url: str, inside: bool, cell: bool = False) -> bool:
        """True if the series of an address was given up.

        ``inside``: one that only pages of the series lead to; ``cell``: one of a day, whose link says only its number.
        """
        series = shape(url)
        if series in self._closed_wholly and not self._near_written(series, url):
            return True
        if cell and series in self._closed_cells:
            return True
        return inside and (series, self._way(series, url)) in self._closed and not self._near_written(series, url, 1)

    def _near_written(self, series: str, url: str, steps: int = 3) -> bool:
        """True if an address names a period just before or after one in which something was written.

        Months may lie so many ``steps`` away: schools write nothing in their holidays.
        A page that offers every month of many years offers most of them empty, in an order of its own. Between two
        months in which something was written lie others that may hold something, however few.
        """
        period = period_of(url)
        if period is None or period.start > date.today():
            return False
        written = self._series[series].written
        if period.unit != "day" and written and min(written) < period.start < max(written):
            return True
        near = timedelta(days=_LENGTHS[period.unit] * (steps if period.unit == "month" else 1))
        return any(abs(period.start - day) <= near for day in self._series[series].written)

    def tells(self, url: str) -> bool:
        """True if the series of an address has brought something since its first page."""
        series = shape(url)
        return series in self._series and self._series[series].told

    def once_more(self, url: str) -> list[str]:
        """Return where a series is asked once more that was given up at this address: periods beyond a long gap."""
        return [] if shape(url) in self._closed_cells else beside(url, back=self._way(shape(url), url) < 0)

    def _way(self, series: str, url: str) -> int:
        """Return on which side of the first opened address of its series one lies: -1 before it."""
        first = self._series[series].first if series in self._series else ""
        return -1 if first and _is_before(url, first) else 1


def shape(url: str) -> str:
    """Return what the addresses of one series share; empty for an address that stands alone.

    Addresses with a query are alike by their path and the names in it without numbers, others by their path without its
    numbers; paths that repeat their steps, as broken relative links make them, are alike by their steps.
    """
    parts = urlsplit(url)
    if parts.query:
        # A bare number ("?34") is all name and no value.
        names = sorted({re.sub(r"\d+", "#", name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
        return f"{parts.path}?{'&'.join(names)}"
    # The third of March is no step that repeats itself: "/diary/2026/3/3".
    steps = [step for step in parts.path.split("/") if step and not step.isdigit()]
    if len(steps) > len(set(steps)) or len(steps) > 8:
        return "/" + "/".join(sorted(set(steps))) + "/**"
    return re.sub(r"\d+", "#", NAMED_MONTH.sub("#", parts.path)) if re.search(r"\d", parts.path) else ""


def _is_before(url: str, other: str) -> bool:
    """True if an address comes before another of its series: by the days that both name, else by their numbers."""
    one, two = period_of(url), period_of(other)
    if one is not None and two is not None:
        return one.start < two.start
    return _numbers(url) < _numbers(other)


def _numbers(url: str) -> tuple[int, ...]:
    """Return the numbers in an address, in their order."""
    parts = urlsplit(url)
    return tuple(int(number) for number in re.findall(r"\d{1,15}", f"{parts.path}?{parts.query}"))


def without(url: str, name: str) -> str:
    """Return an address without one part of its query."""
    parts = urlsplit(url)
    kept = [(each, value) for each, value in parse_qsl(parts.query, keep_blank_values=True) if each != name]
    return parts._replace(query=urlencode(kept)).geturl()


def without_counting(line: str) -> str:
    """Return a line without numbers, keys, months, days of the week and signs: what pages of a calendar share."""
    return " ".join(_COUNTED.sub(" ", line).lower().split())


def _without(link: str, own: Iterable[tuple[str, str]]) -> str:
    head, mark, query = link.partition("?")
    if not mark:
        return link
    carried = set(own)
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair not in carried]
    return f"{head}?{urlencode(kept)}" if kept else head


def _of_series(link: str, url: str, series: str) -> bool:
    if not series:
        return False
    if link.startswith("?"):
        return shape(urlsplit(url)._replace(query=link[1:].partition("#")[0]).geturl()) == series
    return shape(link.partition("#")[0]) == series


def _variants(one: str, other: str) -> bool:
    first, second = (_plain_path(url) for url in (one, other))
    name = first.rpartition("/")[2]
    if first == second or (len(name) > 3 and not name.isdigit() and second.endswith(f"/{name}")):
        return True
    shorter, longer = sorted((first, second), key=len)
    return longer.startswith(f"{shorter}/") and bool(shorter) and shape(longer).endswith("/**")


def piled_up(url: str, twin: str) -> str:
    """Return the steps that an address has before those of its twin, as relative links pile them up; else nothing."""
    longer, shorter = urlsplit(url).path, urlsplit(twin).path
    if urlsplit(url).query != urlsplit(twin).query or not longer.endswith(shorter) or shorter.strip("/").count("/") < 1:
        return ""
    return longer.removesuffix(shorter)


def _plain_path(url: str) -> str:
    path = _INDEX.sub("", urlsplit(url).path.lower()).rstrip("/")
    while (shorter := _VARIANT.sub("", path).rstrip("/")) != path:
        path = shorter
    return path
