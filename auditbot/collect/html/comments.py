"""Dates and comments on a page: when it was published, in which zone, and who said what below it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from htmldate import find_date
from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.html.builders import builders
from auditbot.collect.html.dom import (
    ancestors,
    attribute,
    beginning_of,
    ids,
    inside,
    is_hidden,
    line_of,
    meta,
    outermost,
    parse,
    select,
    text_of,
)
from auditbot.collect.html.written_dates import (
    day_without_year,
    is_byline,
    is_date_line,
    is_dated,
    plausible,
    written_date,
)
from auditbot.collect.net.periods import period_of
from auditbot.collect.net.urls import absolute
from auditbot.model import Comment

_LINES_LOOKED_AT = 6
_OF_EVENTS = "[class*=event-date i], [class*=event_date i], [class*=eventdate i], [class*=date-of-event i]"
_OF_COMMENTS = "[class*=comment i][class*=date i], [class*=comment i] [class*=date i], [id*=comment i] [class*=date i]"
# When a page is looked over is no day on which it was published.
_REVIEWED = re.compile(
    r"\b(?:last|next|date of|due for)\s+review|\breview(?:ed)?\s+(?:on|date|due|by)\b", re.IGNORECASE
)
_POSTED = re.compile(r"(?:posted|published|written|added)\b", re.IGNORECASE)
_LONGEST_NOTE = 80
_ARTICLE_TYPES = {"article", "newsarticle", "blogposting", "webpage", "socialmediaposting", "report", "event"}


def read_date(value: str, zone: ZoneInfo) -> datetime | None:
    """Read a date as machines write it (ISO 8601 or RFC 3339), or as people do. None if it is neither."""
    value = value.strip()
    if not value:
        return None
    try:
        found = datetime.fromisoformat(re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", value))
    except ValueError:
        return written_date(value, zone)
    if found.tzinfo and found.time() == time.min and found.astimezone(zone).date() != found.date():
        # A day without an hour, written in the zone of a server elsewhere: the day is what is meant.
        found = found.replace(tzinfo=zone)
    return plausible(found, zone)


def date_in(node: LexborNode, zone: ZoneInfo, without: Collection[int] = ()) -> datetime | None:
    """Return the publication date that an element of a post or comment shows, by its marked-up times.

    ``without``: elements within it whose dates are not its own, as those of comments.
    """
    for selector in (
        "time.published[datetime], time[itemprop=datePublished][datetime], time.dt-published[datetime]",
        "[itemprop=datePublished][content], meta[itemprop=datePublished]",
        "time[pubdate][datetime], .entry-date time[datetime], time.entry-date[datetime]",
        "time[datetime]",
        ".published, .dt-published, .entry-date, .post-date, .date, time, abbr[title]",
        "[class*=date i]:not([class*=update i])",
        builders().dates,
    ):
        for found in select(node, selector):
            if without and inside(found, without):
                continue
            for value in (attribute(found, "datetime"), attribute(found, "content"), attribute(found, "title")):
                if value and (moment := read_date(value, zone)):
                    return moment
            if moment := read_date(line_of(found), zone):
                return moment
    return _date_beside_words(node, zone, without)


def _date_beside_words(node: LexborNode, zone: ZoneInfo, without: Collection[int]) -> datetime | None:
    """Return the date that an element has for programs and for the pointer alone: beside "18h", in a link's label."""
    for name in ("data-utime", "data-timestamp", "data-time", "data-date", "data-datetime", "data-published", "title",
                 "aria-label", "data-tooltip", "data-tooltip-content"):  # fmt: skip
        for found in select(node, f"[{name}]"):
            value = attribute(found, name)
            if without and inside(found, without):
                continue
            if re.fullmatch(r"1\d{9}(?:\d{3})?", value):
                return plausible(datetime.fromtimestamp(int(value[:10]), UTC), zone)
            machine = re.match(r"\d{4}-\d\d-\d\d", value)
            if (machine or is_date_line(value, zone)) and (moment := read_date(value, zone)):
                return moment
    return None


def date_of_page(tree: LexborHTMLParser, container: LexborNode | None, zone: ZoneInfo) -> datetime | None:
    """Return when a page was published: what its article says, else its JSON-LD, else its head.

    Where the article gives the day alone, the hour is taken from one of the others that names the same day.
    """
    spoken = ids(outermost(comment_nodes(container))) if container is not None else set()
    spoken |= ids(select(container, _OF_COMMENTS)) if container is not None else set()
    # When something takes place is its day only if nothing says when it was published.
    coming = ids(select(container, _OF_EVENTS)) if container is not None else set()
    lines = text_of(container, spoken).split("\n") if container is not None else []
    shown = date_in(container, zone, spoken | coming) if container is not None else None
    shown = shown or _date_line(lines[:_LINES_LOOKED_AT], zone) or _posted(lines, zone)
    shown = shown or _filed_under(container, zone, spoken | coming)
    told = [moment for moment in _machine_dates(tree, zone) if moment]
    if shown is None and coming and not told and container is not None:
        shown = date_in(container, zone, spoken)
    if shown is None:
        # What stands at the end may be the last of a list of dates.
        return told[0] if told else _date_line(lines[_LINES_LOOKED_AT:][-2:], zone)
    day = shown.astimezone(zone)
    if (day.hour, day.minute, day.second) != (0, 0, 0):
        return shown
    return next((moment for moment in told if moment.astimezone(zone).date() == day.date()), shown)


def _date_line(lines: list[str], zone: ZoneInfo) -> datetime | None:
    """Return the date that stands in a line of its own, or beside the author's name alone."""
    return next((read_date(line, zone) for line in lines if is_date_line(line, zone) or is_byline(line, zone)), None)


def _posted(lines: list[str], zone: ZoneInfo) -> datetime | None:
    """Return the day of the one line of a page that says when it was posted, wherever it stands; None if several do."""
    said = {line for line in lines if _POSTED.match(line) and (is_date_line(line, zone) or is_byline(line, zone))}
    return read_date(said.pop(), zone) if len(said) == 1 else None


def _filed_under(container: LexborNode | None, zone: ZoneInfo, without: Collection[int]) -> datetime | None:
    """Return the day whose archive a page leads to by a link that says that day; None if it leads to several."""
    found: set[datetime] = set()
    for link in select(container, "a[href]") if container is not None else []:
        path = urlsplit(attribute(link, "href")).path
        period = period_of(path) if re.search(r"\d/?$", path) and not inside(link, without) else None
        moment = read_date(line, zone) if period and is_date_line(line := line_of(link), zone) else None
        if period and moment and period.start in (moment.date(), moment.date().replace(day=1)):
            found.add(moment)
    return found.pop() if len(found) == 1 else None


def nearly_dated(container: LexborNode | None, zone: ZoneInfo) -> datetime | None:
    """Return the day that the beginning of a post names without its year, or as social media do: "18h"."""
    if container is None:
        return None
    lines = text_of(container, ids(outermost(comment_nodes(container)))).split("\n")[:_LINES_LOOKED_AT]
    return next((found for line in lines if (found := day_without_year(line, zone))), None)


def _machine_dates(tree: LexborHTMLParser, zone: ZoneInfo) -> Iterator[datetime | None]:
    for item in articles_in_json_ld(tree):
        yield read_date(str(item.get("datePublished") or ""), zone)
    for name in ("article:published_time", "datePublished", "dcterms.created", "dc.date.issued", "date", "pubdate"):
        yield read_date(meta(tree, name), zone)


def guessed_date(html: str, url: str, zone: ZoneInfo) -> datetime | None:
    """Return the day that htmldate reads out of a page that does not mark its date up; comments are left out."""
    tree = parse(html)
    reviews = _REVIEWED.search(html) is not None
    noted = [node for node in select(tree, "p, div, span, small, footer, li, td, em")
             if _REVIEWED.search(line := beginning_of(node, _LONGEST_NOTE)) and len(line) <= _LONGEST_NOTE
             ] if reviews else []  # fmt: skip
    aside = outermost([*comment_nodes(tree), *noted])
    for node in aside:
        node.decompose()
    html = (tree.html or html) if aside else html
    latest = (date.today() + timedelta(days=1)).isoformat()
    value = find_date(html, original_date=True, extensive_search=False, url=url, max_date=latest)
    return read_date(value, zone) if value else None


def articles_in_json_ld(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Yield the objects of the page's JSON-LD that describe the page or its article, and not the site."""
    for item in json_ld(tree):
        kinds = item.get("@type")
        if {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])} & _ARTICLE_TYPES:
            yield item


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
    "li[id^=comment-], div[id^=comment-], article[id^=comment-], ul.replies > li, ol.replies > li, "
    "ul[class*=comment i][class*=list i]:not([class*=recent i]):not([class*=latest i]) > li, "
    "ol[class*=comment i][class*=list i]:not([class*=recent i]):not([class*=latest i]) > li, .ccm-conversation-message"
)
_AUTHORS = (
    ".comment-author .fn, .fn, .p-author, [itemprop=author] [itemprop=name], [itemprop=author], [itemprop=creator], "
    ".comment-author-name, .wp-block-comment-author-name, .comment-author, .comment__author, .author, cite, b.name, "
    ".name, [class*=comment i][class*=author i], .ccm-conversation-message-username"
)
_TEXTS = (
    ".comment-content, [itemprop=text], .wp-block-comment-content, .e-content, .p-content, .comment-text, "
    ".comment__text, .comment-body__text, .comment_text, .comment-message, .content, .text, "
    "[class*=comment i][class*=text i], .ccm-conversation-message-body"
)
_WHO = "[class*=author i], [class*=name i], [class*=user i], [class*=poster i], cite"
_WHAT = "[class*=text i], [class*=body i], [class*=content i], [class*=message i]"
# What an area for comments says that holds none, or none yet.
_NO_COMMENT = re.compile(
    r"\b(?:no|not|closed?|first|leave|log(?:ged)?|sign(?:ed)?|post|write|loading|enable|disqus|dim)\b", re.I
)
_NO_PART = "form, #respond, .comment-respond, h1, h2, h3, h4, h5, h6, nav, button, noscript, script, style"
_NOISE = (
    ".reply, .comment-reply-link, .comment-metadata, .comment-meta, .says, time, .edit-link, .comment-edit-link, "
    "footer, header, form, .wp-block-comment-date, .wp-block-comment-reply-link, .wp-block-comment-edit-link, .avatar, "
    "h3, h4, [class*=comment i][class*=date i], [class*=comment i][class*=link i], [class*=comment i][class*=reply i], "
    ".ccm-conversation-message-controls"
)
_WORDS_FOR_COMMENTS = r"comments?|replies|responses|discussion|conversation|sylwadau?|ymatebion"
_HEADS_COMMENTS = re.compile(
    rf">\s*(?:\d+\s+|view\s+|all\s+|show\s+|hide\s+)*(?:{_WORDS_FOR_COMMENTS})\b", re.IGNORECASE
)
_SAYS_COMMENTS = re.compile(
    rf"(?:(?:view|all|show|hide)\s+)*(?:\d+\s+)?(?:{_WORDS_FOR_COMMENTS})(?:\s*[(:]?\s*\d*\s*[):]?)?", re.IGNORECASE
)
_ACTIONS = re.compile(r"(?:\d+\s+)?(?:likes?|reply|replies|share|report|hoffi|ateb)(?:\s+\d+)?", re.IGNORECASE)
# What stands around the name of who says something.
_WRITTEN = re.compile(r"\s*\b(?:says|said|wrote):?$|^(?:posted|written|said|comment(?:ed)?)\s+by:?\s+", re.IGNORECASE)
_LONGEST_HEAD = 40
_LONGEST_NAME = 40
_MOST_LINES = 40
_MOST_HEADS = 20_000
_ANY_ZONE = ZoneInfo("Europe/London")
_MODERATION = re.compile(r"awaiting moderation", re.IGNORECASE)


def comment_nodes(tree: LexborHTMLParser | LexborNode) -> list[LexborNode]:
    """Return the element of each comment, in page order, replies included."""
    nodes = [node for node in select(tree, _ITEMS) if node.tag != "body" and not is_hidden(node)]
    # WordPress marks both the list item and the article in it: only the outer of two that hold the same comment counts.
    known = ids(nodes)
    return [node for node in nodes if not _repeats_parent(node, known)] or _of_two_parts(tree) or _unmarked(tree)


def _of_two_parts(root: LexborHTMLParser | LexborNode) -> list[LexborNode]:
    """Return what its class calls a comment and holds one name and words, in parts that are called so."""
    found = [node for node in select(root, "[class*=comment i]") if node.tag != "body" and not is_hidden(node)]
    return outermost([node for node in found if not node.css_first("form, textarea") and _names_two_parts(node)])


def _names_two_parts(node: LexborNode) -> bool:
    who, what = outermost(select(node, _WHO)), outermost(select(node, _WHAT))
    return len(who) == 1 and bool(what) and not _within(what[0], ids(who))


def _unmarked(root: LexborHTMLParser | LexborNode) -> list[LexborNode]:
    """Return comments that no name marks: siblings of one kind, each dated, after a line that counts or heads them.

    A feed has such a line in each of its posts.
    """
    if not _HEADS_COMMENTS.search(root.html or ""):
        return []
    found: dict[int, LexborNode] = {}
    for head in select(root, "h2, h3, h4, h5, p, div, span, button, summary")[:_MOST_HEADS]:
        # What stands on a button is no word of the page, and heads what it has opened.
        said = head.text(deep=True) if head.tag == "button" else beginning_of(head, _LONGEST_HEAD)
        if len(said) <= _LONGEST_HEAD and _SAYS_COMMENTS.fullmatch(said.strip()):
            found.update((node.mem_id, node) for node in _after(head))
    return list(found.values())


def _after(head: LexborNode) -> list[LexborNode]:
    """Return the comments after the line that heads them, beside it or beside what holds it."""
    for holder in [head, *list(ancestors(head))[:2]]:
        following = holder.next
        while following is not None:
            if following.is_element_node and (found := _dated_siblings(following)):
                return found
            following = following.next
    return []


def _dated_siblings(holder: LexborNode) -> list[LexborNode]:
    """Return the children of an element, or it and those beside it, that say who, when and what, without a heading."""
    children = [child for child in holder.iter() if child.is_element_node]
    spoken = [node for node in children if _is_spoken(node)]
    within = spoken if len(spoken) * 2 > len(children) else []
    alike: list[LexborNode] = []
    following: LexborNode | None = holder
    while following is not None:
        if following.is_element_node:
            if following.tag != holder.tag or not _is_spoken(following):
                break
            alike.append(following)
        following = following.next
    # Each may stand in an element of its own, which says no more than it does.
    return alike if len(alike) > len(within) else within


def _is_spoken(node: LexborNode) -> bool:
    lines = _pieces(node, frozenset())
    if not 2 <= len(lines) <= _MOST_LINES or node.css_first("h1, h2, h3, h4, form"):
        return False
    return len(lines[0]) <= _LONGEST_NAME and any(is_dated(line, _ANY_ZONE) for line in lines)


def _pieces(node: LexborNode, without: Collection[int]) -> list[str]:
    """Return the words of an element, a piece for each part of it that holds words of its own."""
    parts = [inner for inner in select(node, "*") if not _within(inner, without) and _has_own_words(inner)]
    return [line for part in outermost(parts) for line in text_of(part, without).split("\n") if line]


def _has_own_words(node: LexborNode) -> bool:
    return any(child.is_text_node and (child.text_content or "").strip() for child in node.iter(include_text=True))


def _repeats_parent(node: LexborNode, known: set[int]) -> bool:
    for parent in ancestors(node):
        if parent.mem_id in known:
            return parent.tag == "li" and node.tag in ("article", "div") and not _in_replies(node, parent)
    return False


def _in_replies(node: LexborNode, holder: LexborNode) -> bool:
    for parent in ancestors(node):
        if parent.mem_id == holder.mem_id:
            return False
        if parent.tag in ("ol", "ul") or re.search("children|replies", attribute(parent, "class")):
            return True
    return False


def find_comments(tree: LexborHTMLParser | LexborNode, base: str, zone: ZoneInfo) -> tuple[Comment, ...]:
    """Return the public comments of a page or a part of it, in page order; those that await moderation are not."""
    nodes = comment_nodes(tree)
    known = ids(nodes)
    found = []
    for node in nodes:
        replies = outermost([inner for inner in select(node, "*") if inner.mem_id in known - {node.mem_id}])
        comment = _read(node, ids(replies), base, zone)
        if comment is not None:
            found.append(comment)
    return tuple(dict.fromkeys(found if nodes else _whole_areas(tree)))


def _whole_areas(root: LexborHTMLParser | LexborNode) -> list[Comment]:
    """Return the words of areas for comments whose make is not known, each as one comment: better so than unread."""
    found = []
    for area in outermost(select(root, AREAS)):
        lines = text_of(area, ids(select(area, _NO_PART))).split("\n") if not is_hidden(area) else []
        spoken = [
            line for line in lines if line and not _SAYS_COMMENTS.fullmatch(line) and not _ACTIONS.fullmatch(line)
        ]
        if any(len(line.split()) > 2 and not _NO_COMMENT.search(line) for line in spoken):
            found.append(Comment("", "\n".join(spoken)))
    return found


def _read(node: LexborNode, replies: set[int], base: str, zone: ZoneInfo) -> Comment | None:
    own = [inner for inner in select(node, "*") if not _within(inner, replies)]
    own_ids = ids(own)

    def first(selector: str) -> LexborNode | None:
        for part in selector.split(","):
            for found in select(node, part.strip()):
                if found.mem_id in own_ids and line_of(found):
                    return found
        return None

    named = "comment" in f"{attribute(node, 'class')} {attribute(node, 'id')}".lower()
    if not named and first(f"{_AUTHORS}, {_TEXTS}") is None:
        return _read_lines(node, replies, own, base, zone)
    author_node = first(f"{_AUTHORS}, {_WHO}")
    author = _WRITTEN.sub("", line_of(author_node)) if author_node is not None else ""
    text_node = first(_TEXTS)
    dates: list[str] = []
    if text_node is not None:
        text = text_of(text_node, replies)
    else:
        skip = replies | ids(select(node, _NOISE)) | ({author_node.mem_id} if author_node is not None else set())
        lines = text_of(node, skip).split("\n")
        dates = [line for line in lines[:2] if is_dated(line, zone)]
        text = "\n".join(line for line in lines if line not in dates and not _ACTIONS.fullmatch(line))
    whole = " ".join(line_of(inner) for inner in own if "moderation" in attribute(inner, "class"))
    if not text or _MODERATION.search(whole):
        return None
    moment = next((found for found in (date_in(inner, zone) for inner in own if inner.tag == "time") if found), None)
    if moment is None:
        metas = [inner for inner in own if re.search(r"meta|date|time", attribute(inner, "class"), re.IGNORECASE)]
        moment = next((found for found in (date_in(inner, zone) for inner in metas) if found), None)
    if moment is None:
        moment = next((found for line in dates if (found := read_date(line, zone))), None)
    return Comment(author, text, moment, _address(node, own, base))


def _read_lines(
    node: LexborNode, replies: set[int], own: list[LexborNode], base: str, zone: ZoneInfo
) -> Comment | None:
    """Read a comment that no name marks: first who, then when and what."""
    author, *lines = _pieces(node, replies) or [""]
    dates = [line for line in lines if is_dated(line, zone)]
    words = [line for line in lines if line not in dates and not _ACTIONS.fullmatch(line)]
    moment = next((found for line in dates if (found := read_date(line, zone) or day_without_year(line, zone))), None)
    return Comment(author, "\n".join(words), moment, _address(node, own, base)) if words else None


def _within(node: LexborNode, holders: Collection[int]) -> bool:
    return node.mem_id in holders or any(parent.mem_id in holders for parent in ancestors(node))


def _address(node: LexborNode, own: list[LexborNode], base: str) -> str:
    for inner in own:
        href = attribute(inner, "href") if inner.tag == "a" else ""
        if re.search(r"#(comment|c)-?\d+", href) and "replytocom" not in href:
            return absolute(base, href)
    name = attribute(node, "id") or next((attribute(inner, "id") for inner in own if attribute(inner, "id")), "")
    return absolute(base, f"#{name}") if re.search(r"comment|^c\d", name) else ""
