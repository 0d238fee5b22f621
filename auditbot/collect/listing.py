"""Posts on a page that lists several: marked-up entries first, then repeated siblings that look alike."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.dates import date_in, read_date
from auditbot.collect.dom import attribute, inside, line_of, outermost, select
from auditbot.collect.leads import Lead, PhotoRef
from auditbot.collect.links import is_archive, is_numbered, is_page
from auditbot.collect.photos import find_photos
from auditbot.collect.site import Site, absolute, clean, key

_MARKED = (".hentry, .h-entry", "article", ".wp-block-post, .post-card, .blog-item, .summary-item, .news-item, .post")
_TITLES = (
    ".entry-title a[href], .p-name a[href], a.u-url[href], a[rel~=bookmark][href], h1 a[href], h2 a[href], h3 a[href], "
    "h4 a[href]"
)
_FEWEST = 3
_SHORTEST = 15


@dataclass(frozen=True, slots=True)
class Block:
    """One post as a listing page shows it."""

    lead: Lead
    """What the block says of the post."""
    node: int
    """``mem_id`` of its element."""
    photos: tuple[PhotoRef, ...] = ()
    """The photos it shows; mostly smaller renditions of the post's own."""


def find_blocks(
    tree: LexborHTMLParser, url: str, base: str, site: Site, zone: ZoneInfo, around: set[int]
) -> list[Block]:
    """Return the posts that a page lists, in page order; none if it lists fewer than two other pages."""
    for selector in _MARKED:
        nodes = [node for node in outermost(select(tree, selector)) if not inside(node, around)]
        blocks = _blocks(nodes, url, base, site, zone)
        if len(blocks) >= 2 or (len(blocks) == 1 and len(nodes) == 1 and _is_teaser(nodes[0])):
            return blocks
    return _repeated(tree, url, base, site, zone, around)


def _is_teaser(node: LexborNode) -> bool:
    return bool(node.css_first("h2 a[href], h3 a[href]")) and not node.css_first("h1")


def _blocks(nodes: list[LexborNode], url: str, base: str, site: Site, zone: ZoneInfo) -> list[Block]:
    blocks: dict[str, Block] = {}
    for node in nodes:
        link = _permalink(node, url, base, site)
        if link:
            lead = Lead(link[0], "listing", title=link[1], published_at=date_in(node, zone))
            blocks.setdefault(key(lead.url), Block(lead, node.mem_id, find_photos(node, base).photos))
    return list(blocks.values())


def _permalink(node: LexborNode, url: str, base: str, site: Site) -> tuple[str, str] | None:
    """Return address and title of the post that a block leads to; None if it leads to no other page of this site."""
    found = select(node, _TITLES) + select(node, "a[href]")
    if node.tag == "a":
        found.insert(0, node)
    if node.parent is not None and node.parent.tag == "a":
        found.append(node.parent)
    for link in found:
        target = clean(absolute(base, attribute(link, "href")))
        if site.owns(target) and is_page(target) and key(target) != key(url) and not site.is_start(target):
            if is_archive(target) or is_numbered(target):
                continue
            heading = node.css_first(".entry-title, .p-name, h1, h2, h3, h4")
            return target, line_of(heading if heading is not None else link)
    return None


def _repeated(tree: LexborHTMLParser, url: str, base: str, site: Site, zone: ZoneInfo, around: set[int]) -> list[Block]:
    """Find siblings of one kind that each hold a link and words, most of them a date too."""
    best: list[Block] = []
    families: dict[tuple[int, str, str], list[LexborNode]] = defaultdict(list)
    for node in select(tree, "li, div, section, tr, dl, p, a"):
        if node.parent is not None and (node.tag == "a" or node.css_first("a[href]")) and not inside(node, around):
            families[(node.parent.mem_id, node.tag or "", _kind(node))].append(node)
    for nodes in families.values():
        if len(nodes) < _FEWEST:
            continue
        worded = [node for node in nodes if len(line_of(node)) >= _SHORTEST]
        dated = [node for node in worded if date_in(node, zone) or read_date(line_of(node), zone)]
        if len(worded) < _FEWEST or len(dated) * 2 < len(worded):
            continue
        blocks = _blocks(worded, url, base, site, zone)
        if len(blocks) > len(best):
            best = blocks
    return best


def _kind(node: LexborNode) -> str:
    """Return an element's class without the parts that number or distinguish siblings."""
    return " ".join(sorted(re.sub(r"\d+", "", attribute(node, "class")).split()[:1]))


def own_block(tree: LexborHTMLParser, around: set[int]) -> bool:
    """True if the page itself is one post: an entry with the page's main heading, not linked elsewhere."""
    for node in select(tree, "article, .hentry, .h-entry"):
        heading = node.css_first("h1")
        if heading is not None and not inside(node, around) and not heading.css_first("a[href]"):
            return True
    return False
