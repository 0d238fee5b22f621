"""Posts on a page that lists several: marked-up entries first, then repeated siblings that look alike."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.builders import builders
from auditbot.collect.html.comments import comment_nodes, date_in, find_comments, read_date
from auditbot.collect.html.content import around, bodies, headings
from auditbot.collect.html.dom import (
    ancestors,
    attribute,
    beginning_of,
    ids,
    inside,
    line_of,
    outermost,
    select,
    sizes_of,
    text_of,
)
from auditbot.collect.html.split_dates import split_date
from auditbot.collect.html.written_dates import counted_from, day_without_year, is_date_line, is_dated
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.post.dated_parts import PART, part
from auditbot.collect.post.embeds import find_videos
from auditbot.collect.post.links import Lead, PhotoRef, document_links, is_archive, is_numbered, is_page
from auditbot.collect.post.photos import find_photos
from auditbot.collect.post.post import Draft
from auditbot.same_page import clean, key, post_key

_MARKED = (".hentry, .h-entry", "article", f"{builders().lists}, .summary-item, .news-item, .post")
_TITLES = (
    ".entry-title a[href], .p-name a[href], a.u-url[href], a[rel~=bookmark][href], h1 a[href], h2 a[href], h3 a[href], "
    "h4 a[href]"
)
_DATES = "time, [datetime], [class*=date i], [class*=time i], [class*=permalink i]"
_FEWEST = 3
_SHORTEST = 15
_SHORT_LINE = 40
_LENGTH_OF_DAY = len("2026-11-30")
# Bounds on what is looked at, in elements: pages may nest without end, and every level would be read again in full.
_MOST_IN_BLOCK = 3000
_MOST_LOOKED_AT = 60_000
_DEEPEST = 120


@dataclass(frozen=True, slots=True)
class Block:
    """One post as a listing page shows it."""

    lead: Lead
    """What the block says of the post."""
    node: int
    """``mem_id`` of its element."""
    photos: tuple[PhotoRef, ...]
    """The photos it shows; mostly smaller renditions of the post's own."""
    draft: Draft
    """The post as the block itself shows it."""
    whole: bool
    """True if the block looks like the whole post, as in a social feed: its date leads to the post, not its title."""
    again: tuple[int, ...] = ()
    """``mem_id`` of further elements of the page that show the same post."""

    @property
    def nodes(self) -> frozenset[int]:
        """``mem_id`` of every element that shows it."""
        return frozenset({self.node, *self.again})


@dataclass(frozen=True, slots=True)
class _Address:
    """Where one link of a block leads."""

    url: str
    title: str
    by_date: bool


def posts_on(
    page: RenderedPage, tree: LexborHTMLParser, lead: Lead, site: Site, zone: ZoneInfo
) -> tuple[list[Block], set[int]]:
    """Return the posts that a page lists, none for one that is itself one post, and what surrounds its own words.

    A page that holds entries under days of their own is parted into them: ``tree`` is changed.
    """
    with counted_from(page.sent):
        return _posts_on(page, tree, lead, site, zone)


def _posts_on(
    page: RenderedPage, tree: LexborHTMLParser, lead: Lead, site: Site, zone: ZoneInfo
) -> tuple[list[Block], set[int]]:
    outside = around(tree)
    if own_block(tree, outside) or (lead.origin in ("api", "feed") and lead.html.strip()):
        return [], outside
    blocks = find_blocks(tree, page.url, page.base, site, zone, outside)
    if not blocks and lead.origin in ("link", "known", "sitemap") and part(tree, zone, outside):
        return _parted(tree, page.url, page.base, zone), around(tree)
    return blocks, outside


def find_blocks(
    tree: LexborHTMLParser, url: str, base: str, site: Site, zone: ZoneInfo, around: set[int]
) -> list[Block]:
    """Return the posts that a page lists, in page order; none if it lists fewer than two other pages."""
    for selector in _MARKED:
        nodes = [node for node in outermost(select(tree, selector)) if not inside(node, around)]
        if len(nodes) == 1 and _is_teaser(nodes[0]) and _leads_here(nodes[0], url, base):
            return []
        blocks = _blocks(nodes, url, base, site, zone)
        if len(blocks) >= 2 or (len(blocks) == 1 and len(nodes) == 1 and _is_teaser(nodes[0])):
            return blocks
    return _repeated(tree, url, base, site, zone, around)


def _parted(tree: LexborHTMLParser, url: str, base: str, zone: ZoneInfo) -> list[Block]:
    """Return the entries of a page that was parted by their days: posts with no page but this one."""
    found = []
    for node in select(tree, f"[{PART}]"):
        own = _Address(f"{url.partition('#')[0]}#{attribute(node, 'id')}", _heading(node), True)
        draft = _read_block(node, own, base, zone)
        # The line that parts the page may be too long to be read as a date again.
        day = draft.published_at or read_date(attribute(node, "id")[:_LENGTH_OF_DAY], zone)
        draft = replace(draft, published_at=day)
        lead = Lead(own.url, "listing", title=own.title, published_at=day)
        found.append(Block(lead, node.mem_id, find_photos(node, base).photos, draft, whole=True))
    return found


def _is_teaser(node: LexborNode) -> bool:
    return bool(node.css_first("h2 a[href], h3 a[href]")) and not node.css_first("h1")


def _leads_here(node: LexborNode, url: str, base: str) -> bool:
    """True for the one entry of a page whose headline leads to this very page, which is its own."""
    headline = node.css_first("h1 a[href], h2 a[href], h3 a[href]")
    return headline is not None and key(clean(absolute(base, attribute(headline, "href")))) == key(url)


def _blocks(nodes: list[LexborNode], url: str, base: str, site: Site, zone: ZoneInfo) -> list[Block]:
    blocks: dict[str, Block] = {}
    found = [_addresses(node, url, base, site) for node in nodes]
    # What many blocks lead to is no post of one of them: the author's page, the start page of an app.
    often = Counter(post_key(address) for several in found for address in {each.url for each in several})
    most = max(1, len(nodes) // 3)
    for node, several in zip(nodes, found, strict=True):
        own = next((each for each in several if often[post_key(each.url)] <= most), None)
        if own is None and attribute(node, "id") and date_in(node, zone):
            own = _Address(f"{url.partition('#')[0]}#{attribute(node, 'id')}", _heading(node), True)
        if own is None and (headed := node.css_first("h1 a[href], h2 a[href]")) is not None:
            # The same post shown twice on one page.
            target = clean(absolute(base, attribute(headed, "href")))
            own = next((each for each in several if each.url == target), None)
        if own is not None:
            titled = any(each.url == own.url and not each.by_date for each in several)
            draft = _read_block(node, own, base, zone)
            lead = Lead(own.url, "listing", title=own.title, published_at=draft.published_at)
            block = Block(lead, node.mem_id, find_photos(node, base).photos, draft, own.by_date and not titled)
            known = blocks.setdefault(post_key(own.url), block)
            if known is not block:
                blocks[post_key(own.url)] = replace(known, again=(*known.again, node.mem_id))
    return list(blocks.values())


def _addresses(node: LexborNode, url: str, base: str, site: Site) -> list[_Address]:
    """Return the pages of this site that a block may be about, likeliest first: by its date, its title, any link."""
    dated = [link for date in select(node, _DATES) if (link := _link_of(date, node)) is not None]
    found = dated + select(node, _TITLES) + select(node, "a[href]")
    if node.tag == "a":
        found.insert(0, node)
    if node.parent is not None and node.parent.tag == "a":
        found.append(node.parent)
    by_date = ids(dated)
    addresses: list[_Address] = []
    for link in found:
        whole = absolute(base, attribute(link, "href"))
        target = site.local(clean(whole))
        title = _heading(node) or ("" if link.mem_id in by_date else line_of(link))
        if not site.owns(target) or not is_page(target) or is_numbered(target):
            continue
        if is_archive(target) and not _is_title(link):
            continue
        if key(target) == key(url):
            fragment = whole.partition("#")[2]
            if fragment and link.mem_id in by_date:
                addresses.append(_Address(f"{target.partition('#')[0]}#{fragment}", title, True))
        elif not site.is_start(target):
            addresses.append(_Address(target, title, link.mem_id in by_date))
    return addresses


def _is_title(link: LexborNode) -> bool:
    """True for a link that is a heading: what it leads to is a post, however its address looks."""
    return any(parent.tag in ("h1", "h2", "h3", "h4") for parent in list(ancestors(link))[:2])


def _link_of(date: LexborNode, node: LexborNode) -> LexborNode | None:
    """Return the link that a date is, holds or stands in, within a block."""
    if date.tag == "a":
        return date if attribute(date, "href") else None
    for parent in ancestors(date):
        if parent.mem_id == node.mem_id:
            break
        if parent.tag == "a" and attribute(parent, "href"):
            return parent
    return date.css_first("a[href]")


def _heading(node: LexborNode) -> str:
    heading = node.css_first(".entry-title, .p-name, h1, h2, h3, h4")
    return line_of(heading) if heading is not None else ""


def _read_block(node: LexborNode, own: _Address, base: str, zone: ZoneInfo) -> Draft:
    """Read a post from the block that shows it."""
    comments = ids(outermost(comment_nodes(node)))
    found = find_photos(node, base, comments)
    spoken = [replace(photo, found_in="comment") for each in outermost(comment_nodes(node))
              for photo in find_photos(each, base).photos]  # fmt: skip
    films = find_videos(node, base, comments)
    skip = comments | found.captions | headings(node) | ids(select(node, "time, h2, h3" if own.title else "time"))
    return Draft(
        url=own.url,
        title=own.title,
        text="\n".join(filter(None, (text_of(body, skip) for body in bodies(node, comments)))),
        author="",
        published_at=_date_of(node, zone, comments),
        photos=(*found.photos, *spoken),
        comments=find_comments(node, base, zone),
        documents=tuple(dict.fromkeys(document_links(node, base))),
        films=films.elsewhere,
        videos=films.videos,
    )


def _date_of(node: LexborNode, zone: ZoneInfo, without: Collection[int] = ()) -> datetime | None:
    """Return the date that a block shows: marked up, alone in an element, or anywhere in its words."""
    if found := date_in(node, zone, without):
        return found
    others = (inner for inner in select(node, "*") if inner.mem_id != node.mem_id and not inside(inner, without))
    short = [line for inner in others if len(line := beginning_of(inner, _SHORT_LINE)) < _SHORT_LINE]
    found = next((found for line in short if (found := read_date(line, zone))), read_date(line_of(node, without), zone))
    found = found or split_date(node, zone)
    found = found or next((nearly for line in short if (nearly := day_without_year(line, zone))), None)
    return found or _date_before(node, zone)


def _date_before(node: LexborNode, zone: ZoneInfo) -> datetime | None:
    """Return the day that stands by itself right before a block, in a list where a day comes before each block."""
    before, day = _element_before(node), None
    if before is not None and is_date_line(line := beginning_of(before, _SHORT_LINE), zone):
        day = read_date(line, zone)
    if day is None or node.parent is None:
        return None
    for first in node.parent.iter():
        if first.is_element_node and first.tag == node.tag and first.css_first("a[href]") is not None:
            return None
        if first.is_element_node and is_date_line(beginning_of(first, _SHORT_LINE), zone):
            return day
    return None


def _element_before(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    return before


def _repeated(tree: LexborHTMLParser, url: str, base: str, site: Site, zone: ZoneInfo, around: set[int]) -> list[Block]:
    """Find siblings of one kind that each hold a link and words, most of them a date too."""
    best: list[Block] = []
    families: dict[tuple[int, str, str], list[LexborNode]] = defaultdict(list)
    sizes = sizes_of(tree, _DEEPEST)
    for node in select(tree, "li, div, section, tr, table, dl, p, a"):
        if node.parent is None or not 0 < sizes.get(node.mem_id, 0) <= _MOST_IN_BLOCK:
            continue
        if (node.tag == "a" or node.css_first("a[href]")) and not inside(node, around):
            families[(node.parent.mem_id, node.tag or "", _kind(node))].append(node)
    left = _MOST_LOOKED_AT
    for nodes in families.values():
        if len(nodes) < _FEWEST:
            continue
        left -= sum(sizes[node.mem_id] for node in nodes)
        if left < 0:
            break
        worded = [node for node in nodes if len(beginning_of(node, _SHORTEST)) >= _SHORTEST]
        dated = [node for node in worded if _date_of(node, zone) or _says_when(node, zone)]
        if len(worded) < _FEWEST or len(dated) * 2 < len(worded):
            continue
        blocks = _blocks(worded, url, base, site, zone)
        if len(blocks) > len(best):
            best = blocks
    return best


def _says_when(node: LexborNode, zone: ZoneInfo) -> bool:
    """True if an element of a block is a date and nothing else, be it as short as "18h" or without a year."""
    lines = (beginning_of(inner, _SHORT_LINE) for inner in select(node, "*"))
    return any(is_dated(line, zone) for line in lines if len(line) < _SHORT_LINE)


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
