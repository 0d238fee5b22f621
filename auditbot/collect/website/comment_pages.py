"""The further pages of a post's comments, read as parts of the post."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import PageFailed, RenderedPage
from auditbot.collect.html.comments import comment_pages, find_comments
from auditbot.collect.html.dom import parse
from auditbot.collect.post.post import Draft, name_of
from auditbot.collect.visit import Visit
from auditbot.collect.website.following import Following
from auditbot.collect.website.met_addresses import Ledger
from auditbot.model import Became, CollectEvent, Why

_MOST_PAGES = 100


def with_comment_pages(
    draft: Draft, page: RenderedPage, tree: LexborHTMLParser, visit: Visit, following: Following, ledger: Ledger
) -> Generator[CollectEvent, None, Draft]:
    """Read the further pages of a post's comments; return the post with all of them. Raises OutOfTime."""
    frontier, robots = following.frontier, following.robots
    waiting = comment_pages(tree, page.url, page.base, visit.site)
    comments = {name_of(comment): comment for comment in draft.comments}
    for _ in range(_MOST_PAGES):
        url = next((url for url in waiting if not frontier.visited(url) and robots.allows(url)), None)
        if url is None:
            break
        frontier.mark(url)
        try:
            further = visit.open(url)
        except PageFailed as failure:
            ledger.note(url, Became.FAILED)
            yield visit.missed(url, "comments", failure.reason, why=Why.FAILED)
            continue
        ledger.note(url, Became.OPENED)
        inside = parse(further.html)
        found = find_comments(inside, further.base, visit.zone)
        fresh = {name_of(comment): comment for comment in found if name_of(comment) not in comments}
        if further.status >= 400 or not fresh:
            continue
        comments.update(fresh)
        waiting += comment_pages(inside, page.url, further.base, visit.site)
    return replace(draft, comments=tuple(comments.values()))
