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

from auditbot.collect.html.dom import ancestors, attribute, ids, is_hidden, line_of, meta, outermost, select, text_of
from auditbot.collect.net.urls import absolute
from auditbot.model import Comment

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


# The public comments on a page: author, words, date and own address of each.

AREAS = (
    "#comments, .comments-area, .comment-list, .commentlist, ol.comments, ul.comments, .comments, #disqus_thread, "
    ".wp-block-comments, .wp-block-comment-template, .gh-comments, #respond, .comment-respond, [id^=comments-]"
)
_ITEMS = (
    "[itemprop=comment], .h-cite.comment, .h-cite.u-comment, li.comment, li.pingback, .comment-list > li, "
    ".commentlist > li, .wp-block-comment-template > li, article.comment, div.comment, "
    "ol.comments > li, ul.comments > li, .comments > li, .comments > article, [role=article][id^=comment], "
    "li[id^=comment-], div[id^=comment-], article[id^=comment-]"
)
_AUTHORS = (
    ".comment-author .fn, .fn, .p-author, [itemprop=author] [itemprop=name], [itemprop=author], [itemprop=creator], "
    ".comment-author-name, .wp-block-comment-author-name, .comment-author, .comment__author, .author, cite, b.name, "
    ".name"
)
_TEXTS = (
    ".comment-content, [itemprop=text], .wp-block-comment-content, .e-content, .p-content, .comment-text, "
    ".comment__text, .comment-body__text, .comment_text, .comment-message, .content, .text"
)
_NOISE = (
    ".reply, .comment-reply-link, .comment-metadata, .comment-meta, .says, time, .edit-link, .comment-edit-link, "
    "footer, header, form, .wp-block-comment-date, .wp-block-comment-reply-link, .wp-block-comment-edit-link, .avatar, "
    "h3, h4"
)
_MODERATION = re.compile(r"awaiting moderation", re.IGNORECASE)


def comment_nodes(tree: LexborHTMLParser | LexborNode) -> list[LexborNode]:
    """Return the element of each comment, in page order, replies included."""
    nodes = [node for node in select(tree, _ITEMS) if node.tag != "body" and not is_hidden(node)]
    # WordPress marks both the list item and the article in it: only the outer of two that hold the same comment counts.
    known = ids(nodes)
    return [node for node in nodes if not _repeats_parent(node, known)]


def _repeats_parent(node: LexborNode, known: set[int]) -> bool:
    for parent in ancestors(node):
        if parent.mem_id in known:
            return parent.tag == "li" and node.tag in ("article", "div") and not _in_replies(node, parent)
    return False


def _in_replies(node: LexborNode, holder: LexborNode) -> bool:
    for parent in ancestors(node):
        if parent.mem_id == holder.mem_id:
            return False
        if (
            parent.tag in ("ol", "ul")
            or "children" in attribute(parent, "class")
            or "replies" in attribute(parent, "class")
        ):
            return True
    return False


def find_comments(tree: LexborHTMLParser | LexborNode, base: str, zone: ZoneInfo) -> tuple[Comment, ...]:
    """Return the public comments of a page or a part of it, in page order; those that await moderation are not."""
    nodes = comment_nodes(tree)
    known = ids(nodes)
    found = []
    for node in nodes:
        replies = outermost(
            [inner for inner in select(node, "*") if inner.mem_id in known and inner.mem_id != node.mem_id]
        )
        comment = _read(node, ids(replies), base, zone)
        if comment is not None:
            found.append(comment)
    return tuple(dict.fromkeys(found))


def _read(node: LexborNode, replies: set[int], base: str, zone: ZoneInfo) -> Comment | None:
    own = [inner for inner in select(node, "*") if not _within(inner, replies)]
    own_ids = ids(own)

    def first(selector: str) -> LexborNode | None:
        for part in selector.split(","):
            for found in select(node, part.strip()):
                if found.mem_id in own_ids and line_of(found):
                    return found
        return None

    author_node = first(_AUTHORS)
    author = re.sub(r"\s*\b(says|said|wrote):?$", "", line_of(author_node)) if author_node is not None else ""
    text_node = first(_TEXTS)
    if text_node is not None:
        text = text_of(text_node, replies)
    else:
        skip = replies | ids(select(node, _NOISE)) | ({author_node.mem_id} if author_node is not None else set())
        text = text_of(node, skip)
    whole = " ".join(line_of(inner) for inner in own if "moderation" in attribute(inner, "class"))
    if not text or _MODERATION.search(whole):
        return None
    moment = next((found for found in (date_in(inner, zone) for inner in own if inner.tag == "time") if found), None)
    if moment is None:
        metas = [inner for inner in own if re.search(r"meta|date|time", attribute(inner, "class"))]
        moment = next((found for found in (date_in(inner, zone) for inner in metas) if found), None)
    return Comment(author, text, moment, _address(node, own, base))


def _within(node: LexborNode, holders: set[int]) -> bool:
    return node.mem_id in holders or any(parent.mem_id in holders for parent in ancestors(node))


def _address(node: LexborNode, own: list[LexborNode], base: str) -> str:
    for inner in own:
        href = attribute(inner, "href") if inner.tag == "a" else ""
        if re.search(r"#(comment|c)-?\d+", href) and "replytocom" not in href:
            return absolute(base, href)
    name = attribute(node, "id") or next((attribute(inner, "id") for inner in own if attribute(inner, "id")), "")
    return absolute(base, f"#{name}") if re.search(r"comment|^c\d", name) else ""
