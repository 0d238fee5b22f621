"""The public comments on a page: author, words, date and own address of each."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.dates import date_in
from auditbot.collect.dom import ancestors, attribute, ids, line_of, outermost, select, text_of
from auditbot.collect.hidden import is_hidden
from auditbot.collect.site import absolute
from auditbot.model import Comment

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
