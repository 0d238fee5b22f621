"""What would be published of a page and where it leads, so that two forms of one page can be compared."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.content import around, says_not_found
from auditbot.collect.html.dom import parse
from auditbot.collect.html.site_scripts import Reading
from auditbot.collect.html.walls import wall
from auditbot.collect.net.urls import Site
from auditbot.collect.post.links import Lead, page_links
from auditbot.collect.post.listing import find_blocks
from auditbot.collect.post.post import read_post
from auditbot.model import Post


def reading_of(page: RenderedPage, site: Site, zone: ZoneInfo, default_image: str) -> Reading:
    """Read a page as a post and as a list; ``default_image`` is the site's own."""
    tree = parse(page.html)
    outside = around(tree)
    blocks = find_blocks(tree, page.url, page.base, site, zone, outside)
    within = outside.union(*(block.nodes for block in blocks))
    drafts = [read_post(page, tree, Lead(page.url, "link"), zone, within, default_image)]
    drafts += [block.draft for block in blocks]
    photos = [[photo.as_taken for photo in draft.photos] for draft in drafts]
    own = ([replace(draft, photos=()) for draft in drafts], photos, wall(page, tree), says_not_found(tree))
    return Reading(own, frozenset(link.url for link in page_links(tree, page.base, site)))


def joined(post: Post, more: Post) -> Post:
    """Return a post with what another view of it has beside."""
    photos = {photo.sha256 or photo.url for photo in post.photos}
    return replace(
        post,
        text="\n".join(filter(None, (post.text, more.text))),
        published_at=post.published_at or more.published_at,
        photos=(*post.photos, *(photo for photo in more.photos if (photo.sha256 or photo.url) not in photos)),
        comments=(*post.comments, *more.comments),
        documents=(*post.documents, *more.documents),
        words=(*post.words, *more.words),
        noindex=post.noindex and more.noindex,
    )
