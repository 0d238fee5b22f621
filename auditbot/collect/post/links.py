"""Which links of a page lead on: to posts, to further listing pages, to documents, or nowhere we go."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.html.builders import is_tool
from auditbot.collect.html.dom import ancestors, attribute, hidden, inside, line_of, select
from auditbot.collect.net.urls import Site, absolute
from auditbot.model import Comment, PostWords
from auditbot.same_page import clean, key

# What holds no words and no photos of people, whatever links to it.
_PARTS = re.compile(r"\.(ico|css|js|mjs|json|xml|rss|atom|ics|vcf|woff2?|ttf|eot|svg|map)$", re.IGNORECASE)
_PICTURES = re.compile(r"\.(jpe?g|jfif|png|gif|webp|avif|hei[cf]|bmp|tiff?)$", re.IGNORECASE)
# What may hold words or photos and is opened by nothing here.
_CLOSED = re.compile(r"\.(zip|rar|7z|gz|tgz|txt|csv|exe|dmg|mp3|m4a|wav|ogg|mp4|m4v|mov|avi|wmv|webm)$", re.IGNORECASE)
# Pages of data that a style sheet turns into words for visitors; what lists pages for machines is none.
_DATA = re.compile(r"/(?![^/]*(?:rss|feed|atom|sitemap|search|manifest|config|rsd|podcast))[^/]+\.xml$", re.IGNORECASE)
_DOCUMENTS = re.compile(r"\.(pdf|docx?|pptx?|xlsx?|odt|odp|ods|pub|rtf|pages)$", re.IGNORECASE)
_LONGEST_ADDRESS = 2000
# Where a click leads that no link names: "location.href = '/news/1'", "window.open('/news/1')".
_CLICK = re.compile(
    r"(?:location(?:\.href)?\s*=\s*|location\.(?:assign|replace)\(\s*|\bopen\(\s*|navigate\w*\(\s*|goTo\w*\(\s*)"
    r"(['\"])(?P<url>[^'\"]+)\1"
)
# An address that a page's own script is told to open: "javascript:openWin('/news/1.htm')".
_CALL = re.compile(
    r"^\s*(?:javascript:\s*)?(?:return\s+)?(?!\w*(?:fetch|post|delete|remove|send|ajax|buy|vote|like|track|log))"
    r"[\w$.]*(?:open|pop|show|go|view|nav|link|visit|jump|read|redirect|win)\w*\(\s*(['\"])"
    r"(?P<url>/[^/'\"\s][^'\"\s]*|https?://[^'\"\s]+|\.{0,2}[\w%./~-]*\.(?:html?|php\d?|aspx?|cfm|jsp)(?:\?[^'\"\s]*)?)\1",
    re.IGNORECASE,
)
# By the name of an attribute: what else leads to a page.
_PLACES = {
    "src": "frame[src], iframe[src], embed[type='text/html' i]",
    "data": "object[type='text/html' i]",
    "longdesc": "[longdesc]",
    "xlink:href": "svg a",
    "formaction": "form:not([method=post i]) [formaction]",
}
_HELD_BACK = re.compile(r"data-(?:[\w-]+-)?(?:src|url|href)")
_AFTER = re.compile(r"url\s*=\s*['\"]?(?P<url>[^'\"]+)", re.IGNORECASE)
_LEADING = ("data-href", "data-url", "data-link", "data-permalink", "data-target-url", "data-auditbot-leads")
# Values of a choice that are addresses and no names of things.
_ADDRESS = re.compile(
    r"^(?:/[^/\s]|https?://|\?\w+=|\.{1,2}/|[\w%./~-]+\.(?:html?|php\d?|aspx?|cfm|jsp)\b)", re.IGNORECASE
)
_MOST_OF_FORM = 60
_DATED = re.compile(r"/(19|20)\d\d(/[01]?\d(/[0-3]?\d)?)?/?$")
_TAXONOMY = re.compile(r"/(tag|tags|author|authors|category|categories|topic|topics|archive|archives)/", re.IGNORECASE)
_PAGE_PATH = re.compile(r"/page[/-]?\d+/?$", re.IGNORECASE)
_PAGE_QUERY = frozenset(
    ["page", "paged", "pg", "p", "start", "offset", "pagenum", "pageno", "page_num", "from", "skip"]
)
_OLDER = re.compile(
    r"^\W*((older|next|more|previous)( (posts?|news|entries|page|articles?|stories))?|(load|show|see) more)\W*$|"
    r"^[»›→]+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a page."""

    url: str
    """Where it leads, without fragment and tracking parameters."""
    title: str
    """Its words."""


def page_links(tree: LexborHTMLParser, base: str, site: Site) -> list[Link]:
    """Return the links to addresses of the same site, each once, those that a click or a choice leads to as well."""
    found: dict[str, Link] = {}
    unseen = hidden(tree)
    for node, href in leading(tree):
        if unseen and inside(node, unseen) and not _in_menu(node):
            # Only programs meet such a link; some are laid out for them.
            continue
        url = site.local(clean(absolute(base, href)))
        if site.owns(url) and key(url) not in found:
            found[key(url)] = Link(url, line_of(node) if node.tag != "option" else "")
    return _without_routes(list(found.values()))


def leading(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Yield each element that leads somewhere, with where."""
    for node in select(tree, "a[href], area[href], link[rel~=next][href], link[rel~=prev][href]"):
        href = attribute(node, "href")
        if href.lower().startswith("javascript:"):
            yield from ((node, url) for url in _told(unquote(href)))
        elif href:
            yield node, href
    yield from _by_choice(tree)
    for name, selector in _PLACES.items():
        yield from ((node, attribute(node, name)) for node in select(tree, selector) if attribute(node, name))
    for node in select(tree, "iframe:not([src])"):
        # A frame that waits to be scrolled to, or for a consent that was declined.
        held = (value for name, value in node.attributes.items() if value and _HELD_BACK.fullmatch(name))
        yield from ((node, value.strip()) for value in held)
    for node in select(tree, "meta[http-equiv=refresh i]"):
        if after := _AFTER.search(attribute(node, "content")):
            yield node, after["url"]


def _told(script: str) -> list[str]:
    """Return the addresses that the script of a click goes to, or tells another script to open."""
    found = [match["url"] for match in _CLICK.finditer(script)]
    called = _CALL.match(script)
    return found or ([called["url"]] if called else [])


def _by_choice(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Yield what a click on anything but a link, or a choice, leads to."""
    for node in select(tree, "[onclick]"):
        yield from ((node, url) for url in _told(attribute(node, "onclick")))
    for name in _LEADING:
        for node in select(tree, f"[{name}]"):
            for href in attribute(node, name).split():
                if href.startswith(("/", "http", "?")) or "." in href:
                    yield node, href
    for node in select(tree, "select option[value]"):
        if _ADDRESS.match(attribute(node, "value")):
            yield node, attribute(node, "value")
    for form in select(tree, "form"):
        yield from ((form, address) for address in _of_form(form))


def _of_form(form: LexborNode) -> Iterator[str]:
    """Yield where a form leads that asks for nothing but a choice: by its hidden fields and each of its options.

    One that has neither is a link in the shape of a button.
    """
    if attribute(form, "method").lower() not in ("", "get") or asks_for_words(form):
        return
    action = attribute(form, "action").partition("#")[0]
    fixed = [(attribute(node, "name"), attribute(node, "value")) for node in select(form, "input[type=hidden i][name]")]
    chosen: dict[str, list[str]] = {}
    for node in select(form, "select[name] option, input[type=radio i][name], button[name][value]"):
        holder = next((parent for parent in ancestors(node) if parent.tag == "select"), None)
        name = attribute(holder, "name") if holder is not None and node.tag == "option" else attribute(node, "name")
        value = attribute(node, "value") if "value" in node.attributes else line_of(node)
        chosen.setdefault(name, []).append(value)
    combinations = itertools.product(*([(name, value) for value in values] for name, values in chosen.items()))
    if fixed or chosen:
        for several in itertools.islice(combinations, _MOST_OF_FORM):
            yield f"{action}?{urlencode([*fixed, *several])}"
    elif action and select(form, "button, input[type=submit i], input[type=image i]"):
        yield action


def asks_for_words(form: LexborNode) -> bool:
    """True for a form that its visitor has to fill in: a search, a message, an order."""
    fields = select(form, "input, textarea, [contenteditable]")
    kinds = {attribute(node, "type").lower() if node.tag == "input" else "text" for node in fields}
    return not kinds <= {"hidden", "submit", "image", "button", "reset", "radio"}


def _without_routes(links: list[Link]) -> list[Link]:
    """Drop what leads to places within the page, save on a site of one page, whose every page is such a place."""
    plain = [link for link in links if "#" not in link.url]
    routes = [link for link in links if "#" in link.url]
    # "#!" has no other use.
    return links if len(routes) > len(plain) else [link for link in links if "#" not in link.url or "#!" in link.url]


def _in_menu(node: LexborNode) -> bool:
    """True for a link that a visitor comes to by opening a menu."""
    return any(
        parent.tag in ("nav", "header", "footer")
        or re.search(r"menu|nav|drop", attribute(parent, "class"), re.IGNORECASE)
        for parent in ancestors(node)
    )


def is_page(url: str) -> bool:
    """True if an address may hold a page to read."""
    path = urlsplit(url).path
    parts = (_PARTS, _PICTURES, _CLOSED, _DOCUMENTS)
    return len(url) <= _LONGEST_ADDRESS and not any(kind.search(path) for kind in parts) and not is_tool(url)


def is_document(url: str) -> bool:
    """True if an address ends like a document's."""
    return bool(_DOCUMENTS.search(urlsplit(url).path))


def is_unreadable_kind(url: str) -> bool:
    """True if an address ends like a file that may hold words or photos and that nothing here opens."""
    path = urlsplit(url).path
    return bool(_CLOSED.search(path) or _DATA.search(path)) or len(url) > _LONGEST_ADDRESS


def is_archive(url: str) -> bool:
    """True if an address looks like a list by tag, category, author or date."""
    path = urlsplit(url).path
    return bool(_DATED.search(path) or _TAXONOMY.search(path))


def document_links(root: LexborNode, base: str) -> Iterator[Link]:
    """Yield the links to documents within an element, by their address or their declared type."""
    for node in select(root, "a[href], embed[src], object[data], iframe[src]"):
        url = absolute(base, attribute(node, "href") or attribute(node, "src") or attribute(node, "data"))
        declared = attribute(node, "type").lower() == "application/pdf"
        if url and (declared or _DOCUMENTS.search(urlsplit(url).path)):
            yield Link(url.partition("#")[0], line_of(node) or attribute(node, "title"))


def further_pages(tree: LexborHTMLParser, base: str, site: Site) -> list[str]:
    """Return the further pages of the list that this page is a part of: "older posts", numbers, rel=next."""
    found = {}
    for node in select(tree, "a[href], link[rel~=next][href]"):
        url = site.local(clean(absolute(base, attribute(node, "href"))))
        if site.owns(url) and key(url) != key(base) and _leads_on(node, url) and is_page(url):
            found[key(url)] = url
    return list(found.values())


def _leads_on(node: LexborNode, url: str) -> bool:
    if node.tag == "link" or "next" in attribute(node, "rel").split():
        return True
    return is_numbered(url) or bool(_OLDER.match(line_of(node)) and not is_archive(url) and _in_pager(node))


def _in_pager(node: LexborNode) -> bool:
    pager = re.compile(r"pag(ination|er|ing|es|enavi)|nav|next|older|more")
    parent: LexborNode | None = node
    for _ in range(4):
        if parent is None:
            return False
        if pager.search(attribute(parent, "class")) or parent.tag == "nav":
            return True
        parent = parent.parent
    return False


def is_numbered(url: str) -> bool:
    """True if an address names a page number of a list."""
    parts = urlsplit(url)
    if _PAGE_PATH.search(parts.path):
        return True
    return any(name.lower() in _PAGE_QUERY and value.isdigit() for name, value in parse_qsl(parts.query) if name != "p")


# What discovery knows of a post before its page is opened, and how knowledge from several sources becomes one.

Origin = Literal["api", "feed", "sitemap", "listing", "link", "known"]
_TRUST: dict[Origin, int] = {"api": 0, "feed": 1, "listing": 2, "sitemap": 3, "link": 4, "known": 5}


@dataclass(frozen=True, slots=True)
class PhotoRef:
    """One photo as a page names it, before it is fetched."""

    candidates: tuple[str, ...]
    """Addresses of its renditions, largest first; the first that answers with a picture is taken."""
    alt: str = ""
    """The alternative text."""
    caption: str = ""
    """The visible caption."""
    found_in: Literal["post", "comment", "document", "video"] = "post"
    """Where in the post it is."""
    data: str = ""
    """The picture itself as a ``data:`` address, if it has no other."""
    is_drawing: bool = False
    """True for a drawing or an icon: it shows nobody, but its words are published words."""
    shown: frozenset[str] = frozenset()
    """Those of its renditions that the page itself shows; empty where that is not known."""

    @property
    def as_taken(self) -> tuple[object, ...]:
        """What is taken of it and said beside it: two that are alike in this are one to whoever sees the post."""
        first = self.candidates[:1]
        behind = bool(self.shown) and not set(first) & self.shown
        return first, behind, self.alt, self.caption, self.found_in, bool(self.data), self.is_drawing


@dataclass(frozen=True, slots=True)
class Lead:
    """A post's address and what is known of it so far."""

    url: str
    """The permalink as found."""
    origin: Origin
    """Where it was found; the most trusted one after merging."""
    title: str = ""
    """The headline."""
    html: str = ""
    """The body as HTML; empty if the source does not give it."""
    author: str = ""
    """The author's shown name."""
    published_at: datetime | None = None
    """When it was published, with a zone."""
    photos: tuple[PhotoRef, ...] = ()
    """Photos that the source names, with their largest renditions."""
    comments: tuple[Comment, ...] = ()
    """Comments that the source gives."""
    words: tuple[PostWords, ...] = ()
    """Excerpt, tags and categories that the source gives."""

    def merged(self, other: Lead) -> Lead:
        """Return what both know; where both know something, the more trusted source wins."""
        first, second = (self, other) if _TRUST[self.origin] <= _TRUST[other.origin] else (other, self)
        return replace(
            first,
            title=first.title or second.title,
            html=first.html or second.html,
            author=first.author or second.author,
            published_at=first.published_at or second.published_at,
            photos=first.photos or second.photos,
            comments=first.comments or second.comments,
            words=tuple(dict.fromkeys((*first.words, *second.words))),
        )
