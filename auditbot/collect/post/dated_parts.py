"""A page that holds several entries, each under a day of its own and none with an address: parted into them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.html.comments import comment_nodes, read_date
from auditbot.collect.html.content import find_container
from auditbot.collect.html.dom import ancestors, attribute, beginning_of, ids, inside, line_of, select
from auditbot.collect.html.split_dates import under_headings
from auditbot.collect.html.written_dates import day_without_year, is_byline, is_date_line, is_dated, written_date

PART = "data-auditbot-part"
"""The mark of the element that is put around an entry."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = (
    "h1, h2, h3, h4, h5, h6, p, div, span, time, b, strong, em, i, small, dt, li, font, u, center, a, label, td, th"
)
_ROWS = ("table", "thead", "tbody", "tfoot", "tr")
_TABLE = re.compile(r"<(/?)(?:table|caption|colgroup|col|thead|tbody|tfoot|tr|td|th)\b", re.IGNORECASE)
# A day, a title and what happened.
_FEWEST_CELLS = 3
_LONGEST_LINE = 80
_FEWEST = 3
_FEWEST_IN_FOLD = 2
_FEWEST_CHARACTERS = 25
_MOST_LOOKED_AT = 20_000
_MOST_HOLDERS = 12
# Of ten entries one may stand out of order, as a pinned one does.
_OUT_OF_ORDER = 0.1


@dataclass(frozen=True, slots=True)
class _Head:
    """A line that says when an entry was published."""

    node: LexborNode
    moment: datetime
    with_year: bool


def part(tree: LexborHTMLParser, zone: ZoneInfo, outside: set[int]) -> bool:
    """Put an element with an id around each dated entry of a page; False, and nothing done, if it holds few or none.

    The id is the entry's day, with a number from the second entry of one day on: it stays when others are added.
    """
    container = find_container(tree, outside)
    days: Counter[str] = Counter()
    if container is None:
        return False
    heads = _heads(container, zone, outside)
    if not _part(container, heads, zone, days, _FEWEST) and not _are_terms(heads):
        return False
    # Beside it stand others of their own: each term is a list of its own.
    for _ in range(_MOST_HOLDERS):
        left = [head for head in _heads(container, zone, outside) if head.with_year and not _is_parted(head.node)]
        if not _part(container, left, zone, days, _FEWEST_IN_FOLD):
            break
    # A fold of a term or a year holds entries of its own.
    for fold in select(tree, f"[{PART}]"):
        heads = [head for head in _heads(fold, zone, outside) if head.with_year]
        if _part(fold, heads, zone, days, _FEWEST_IN_FOLD):
            del fold.attrs[PART]
    return bool(days)


def _are_terms(heads: list[_Head]) -> bool:
    """True for days that are the terms of lists of definitions, few in each and several in all."""
    return len(heads) >= _FEWEST and all(head.node.tag == "dt" and head.with_year for head in heads)


def _is_parted(node: LexborNode) -> bool:
    return any(PART in parent.attributes for parent in ancestors(node))


def _part(container: LexborNode, heads: list[_Head], zone: ZoneInfo, days: Counter[str], fewest: int) -> bool:
    """Part an element; False, and nothing done, if it holds fewer entries than that."""
    holder = _holder(heads, container)
    if holder is None:
        return False
    children = list(holder.iter(include_text=True))
    sections = _sections(children, _dated(children, heads), fewest)
    moments = [moment for _, _, moment in sections]
    worded = sum(_says_something(children[first:last]) for first, last, _ in sections)
    if len(sections) < fewest or worded < max(fewest, 0.6 * len(sections)) or not _in_order(moments, zone):
        return False
    if holder.tag in _ROWS and any(_cells(children[first:last]) < _FEWEST_CELLS for first, last, _ in sections):
        # A day and a line: a plan, or results.
        return False
    parted = _wrapped(children, sections, days)
    if holder.tag in _ROWS:
        _as_blocks(holder, parted)
    else:
        holder.inner_html = parted
    return True


def _heads(container: LexborNode, zone: ZoneInfo, outside: set[int]) -> list[_Head]:
    found: list[_Head] = []
    # When somebody answered a post is no day of an entry.
    outside = outside | ids(comment_nodes(container))
    for node in select(container, _LINES)[:_MOST_LOOKED_AT]:
        line = beginning_of(node, _LONGEST_LINE).strip()
        if not line or len(line) > _LONGEST_LINE or inside(node, outside):
            continue
        moment = _moment(node, line, zone)
        if moment is not None:
            found.append(_Head(node, moment, moment != day_without_year(line, zone) or _under_year(node, line, zone)))
    return found


def _under_year(node: LexborNode, line: str, zone: ZoneInfo) -> bool:
    """True if the year of a line's day stands in a heading above it."""
    return under_headings(node, line, zone) is not None


def _moment(node: LexborNode, line: str, zone: ZoneInfo) -> datetime | None:
    """Return the day that a line gives as its own: alone, beside its author, or in a heading or a bold line."""
    if node.tag == "time" and (moment := read_date(attribute(node, "datetime"), zone)):
        return moment
    if is_date_line(line, zone) or is_byline(line, zone):
        return read_date(line, zone)
    bold = node.css_first("b, strong")
    stands_out = node.tag in _HEADINGS or node.tag == "dt" or (bold is not None and line_of(bold) == line)
    if stands_out and (found := written_date(line, zone)) is not None:
        return found
    return (under_headings(node, line, zone) or day_without_year(line, zone)) if is_dated(line, zone) else None


def _holder(heads: list[_Head], container: LexborNode) -> LexborNode | None:
    """Return the innermost element most of whose children are, or hold, a day each."""
    holders: dict[int, LexborNode] = {}
    children: Counter[int] = Counter()
    counted: set[tuple[int, int]] = set()
    for head in heads:
        child = head.node
        for depth, parent in enumerate(ancestors(head.node)):
            if (parent.mem_id, child.mem_id) not in counted:
                counted.add((parent.mem_id, child.mem_id))
                children[parent.mem_id] += 1
                holders.setdefault(parent.mem_id, parent)
            if parent.mem_id == container.mem_id or depth > 40:
                break
            child = parent
    if not children:
        return None
    most = max(children.values())
    best = [holders[name] for name, count in children.items() if count == most]
    # The innermost of several: one that is no ancestor of another.
    above = {parent.mem_id for node in best for parent in ancestors(node)}
    return next((node for node in best if node.mem_id not in above), None)


def _dated(children: list[LexborNode], heads: list[_Head]) -> dict[int, datetime]:
    """Return, by the place of a child, the first day that stands in it."""
    places = {child.mem_id: place for place, child in enumerate(children)}
    found: dict[int, datetime] = {}
    for head in heads:
        for node in (head.node, *ancestors(head.node)):
            if node.mem_id in places:
                found.setdefault(places[node.mem_id], head.moment)
                break
    return found


def _sections(children: list[LexborNode], dated: dict[int, datetime], fewest: int) -> list[tuple[int, int, datetime]]:
    """Return the first place, the place after the last, and the day of each entry."""
    starts = sorted(dated)
    if len(starts) < fewest:
        return []
    top = next((place for place in range(starts[0]) if _is_entry(children[place])), starts[0])
    rules = [place for place, child in enumerate(children) if child.tag == "hr"]
    if len(rules) >= len(starts) - 1:
        bounds = [top - 1, *rules, len(children)]
        parts = [(first + 1, last) for first, last in pairwise(bounds)]
        ruled = [(first, last, days[0]) for first, last in parts
                 if len(days := [dated[place] for place in starts if first <= place < last]) == 1]  # fmt: skip
        if len(ruled) == len(starts):
            return ruled
    before, after = children[: starts[0]], children[starts[-1] + 1 :]
    line = children[starts[-1] : starts[-1] + 1]
    if _says_something(before) and not _says_something(after) and not _says_something(line):
        # Signed and dated at the end.
        firsts = [top, *(place + 1 for place in starts[:-1])]
        return [(first, place + 1, dated[place]) for first, place in zip(firsts, starts, strict=True)]
    headed = [_heading_before(children, place) for place in starts]
    if sum(heading is not None for heading in headed) * 2 > len(starts):
        starts_at = [place if heading is None else heading for place, heading in zip(starts, headed, strict=True)]
    else:
        starts_at = starts
    ends = [*starts_at[1:], len(children)]
    return [(first, last, dated[place]) for first, last, place in zip(starts_at, ends, starts, strict=True)]


def _is_entry(child: LexborNode) -> bool:
    """True for what may begin an entry: neither the page's headline nor empty space before it."""
    if child.is_text_node:
        return bool((child.text_content or "").strip())
    return child.is_element_node and child.tag not in ("h1", "hr", "br")


def _heading_before(children: list[LexborNode], place: int) -> int | None:
    """Return the place of the heading that stands right before a child; None if none does."""
    for before in range(place - 1, -1, -1):
        child = children[before]
        if child.is_text_node and not (child.text_content or "").strip():
            continue
        return before if child.tag in _HEADINGS - {"h1"} else None
    return None


def _says_something(nodes: list[LexborNode]) -> bool:
    """True if nodes hold a picture, or words beyond a line with a day."""
    words = 0
    for node in nodes:
        if node.is_text_node:
            words += len((node.text_content or "").strip())
        elif node.is_element_node:
            if node.tag == "img" or node.css_first("img, picture, video") is not None:
                return True
            words += len(beginning_of(node, 4 * _FEWEST_CHARACTERS))
    return words >= 2 * _FEWEST_CHARACTERS


def _in_order(moments: list[datetime], zone: ZoneInfo) -> bool:
    """True for days that run one way and of which most are past: a list of what has been, and no plan."""
    pairs = list(pairwise(moments))
    rising, falling = sum(one < other for one, other in pairs), sum(one > other for one, other in pairs)
    past = sum(moment <= datetime.now(zone) + timedelta(days=1) for moment in moments)
    return min(rising, falling) <= _OUT_OF_ORDER * len(moments) and past * 2 > len(moments)


def _cells(rows: list[LexborNode]) -> int:
    return sum(len(select(row, "td, th")) for row in rows if row.is_element_node)


def _as_blocks(holder: LexborNode, parted: str) -> None:
    """Put parted rows in the place of a table's: as blocks, since in a table nothing may stand around a row."""
    table = next((node for node in (holder, *ancestors(holder)) if node.tag == "table"), None)
    if table is None or table.parent is None:
        return
    whole, rows, inner = table.html or "", holder.html or "", f"<div>{parted}</div>"
    blocks = _TABLE.sub(r"<\1div", whole.replace(rows, inner, 1))
    table.parent.inner_html = (table.parent.inner_html or "").replace(whole, blocks, 1)


def _wrapped(children: list[LexborNode], sections: list[tuple[int, int, datetime]], days: Counter[str]) -> str:
    """Return the children as they are written, with an element around each entry."""
    opens = {first: moment for first, _, moment in sections}
    closes = {last for _, last, _ in sections}
    pieces: list[str] = []
    for place, child in enumerate(children):
        if place in closes:
            pieces.append("</article>")
        if place in opens:
            day = opens[place].date().isoformat()
            days[day] += 1
            name = day if days[day] == 1 else f"{day}-{days[day]}"
            pieces.append(f'<article id="{name}" {PART}="">')
        pieces.append(child.html or "")
    if len(children) in closes:
        pieces.append("</article>")
    return "".join(pieces)
