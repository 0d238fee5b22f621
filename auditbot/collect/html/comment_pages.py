"""The further pages of a post's comments: by their addresses, beside the comments, and in frames of their own."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.html.builders import is_tool
from auditbot.collect.html.comments import AREAS, comment_nodes, find_comments
from auditbot.collect.html.dom import ancestors, attribute, ids, inside, line_of, outermost, select, text_of
from auditbot.collect.net.urls import Site, absolute
from auditbot.model import Comment
from auditbot.same_page import clean, key

TURNS_PAGE = re.compile(
    r"^\W*(?:(?:(?:page|part|tudalen|rhan)\s*)?\d{1,3}(?:\s*(?:of|/|o)\s*\d{1,3})?|"
    r"(?:next|previous|older|newer|earlier|later|more|nesaf|blaenorol|hŷn)\b.{0,30})\W*$|^[‹›«»<>]+$",
    re.IGNORECASE,
)
_OF_COMMENTS = re.compile(r"comment|discuss|conversation|\bthread|/thread|\btalk\b|sylwad", re.IGNORECASE)
_HOLDERS = "li, div, article, blockquote"


def comment_page_of(url: str) -> str | None:
    """Return the post whose further page of comments an address is, by WordPress's way of naming them; else None."""
    parts = urlsplit(url)
    if match := re.fullmatch(r"(.*/)comment-page-\d+/?", parts.path):
        return parts._replace(path=match[1], fragment="").geturl()
    if any(name == "cpage" for name, _ in parse_qsl(parts.query)):
        kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "cpage"]
        return parts._replace(query=urlencode(kept), fragment="").geturl()
    return None


def comment_pages(tree: LexborHTMLParser, url: str, base: str, site: Site) -> list[str]:
    """Return the further pages of the comments of the post at ``url``: addresses of the post that its comments name."""
    post = urlsplit(url)
    found: dict[str, str] = {}
    areas = ids(inner for area in _comment_areas(tree) for inner in select(area, "a[href]"))
    for node in select(tree, "a[href]"):
        target = site.local(clean(absolute(base, attribute(node, "href"))))
        if not site.owns(target) or key(target) == key(url) or is_tool(target):
            continue
        parts = urlsplit(target)
        own = comment_page_of(target)
        numbered = node.mem_id in areas and parts.path.rstrip("/") == post.path.rstrip("/")
        # What WordPress names as a page of comments is one wherever on the page it is named.
        if (own is not None and key(own) == key(url)) or (
            numbered and _counts_on(post.query, parts.query, bool(TURNS_PAGE.match(line_of(node))))
        ):
            found.setdefault(key(target), target)
    return list(found.values())


def _counts_on(query: str, longer: str, turns: bool) -> bool:
    """True if a query is another with a number of a page beside: with a word beside it shows something else.

    ``turns``: the link says that it turns a page, whatever its number is called.
    """
    own, further = set(parse_qsl(query)), set(parse_qsl(longer))
    beside = further - own
    if not own < further or not all(re.fullmatch(r"\d*(?:#.*)?", value) for _, value in beside):
        return turns and own < further
    return turns or any(re.search(r"page|start|offset", name, re.IGNORECASE) for name, _ in beside)


def comments_in_frames(
    tree: LexborHTMLParser, page: str, base: str, site: Site, zone: ZoneInfo
) -> tuple[tuple[Comment, ...], list[str]]:
    """Return what a post shows in frames as its comments, and the further pages of the site that they name."""
    found: tuple[Comment, ...] = ()
    further: list[str] = []
    for frame in select(tree, "[data-auditbot-frame]"):
        holders = [frame, *list(ancestors(frame))[:2]]
        names = [attribute(holder, name) for holder in holders for name in ("id", "class", "data-auditbot-frame")]
        if not _OF_COMMENTS.search(" ".join(names)):
            continue
        url = absolute(base, attribute(frame, "data-auditbot-frame").partition(" ")[0]) or page
        spoken, onward = comments_alone(frame, url, base, site, zone)
        found += spoken
        further += onward
    return found, further


def comments_alone(
    root: LexborHTMLParser | LexborNode, url: str, base: str, site: Site, zone: ZoneInfo
) -> tuple[tuple[Comment, ...], list[str]]:
    """Return the comments of a page or frame at ``url`` that holds nothing else, and its further pages."""
    found = find_comments(root, base, zone)
    if not found:
        outside = ids(select(root, "h1, h2, h3, a, button, summary, form, nav, header, footer"))
        parts = [node for node in select(root, "li, div, article, blockquote, p") if not inside(node, outside)]
        spoken = [node for node in parts if not any(inner.tag != "p" for inner in select(node, _HOLDERS))]
        texts = [text for node in outermost(spoken) if (text := text_of(node, outside))]
        found = tuple(Comment("", text, None, "") for text in dict.fromkeys(texts))
    further = []
    for node in select(root, "a[href]"):
        target = site.local(clean(absolute(base, attribute(node, "href"))))
        if site.owns(target) and urlsplit(target).path == urlsplit(url).path and TURNS_PAGE.match(line_of(node)):
            further.append(target)
    return found, further


def _comment_areas(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return what holds the comments of a page and what turns their pages, whatever it is called."""
    named = select(tree, f"{AREAS}, .comment-navigation, .comments-pagination, .wp-block-comments-pagination")
    holders: dict[int, LexborNode] = {}
    for node in comment_nodes(tree):
        for parent in list(ancestors(node))[:2]:
            # What holds the post itself as well turns other pages than those of comments.
            if parent.tag in ("body", "main", "article", "html") or parent.css_first("h1") is not None:
                break
            holders.setdefault(parent.mem_id, parent)
    return [*named, *holders.values()]
