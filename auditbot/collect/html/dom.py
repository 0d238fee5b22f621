"""Reading HTML: small questions asked of its elements, and their words as plain text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "canvas",
        "object",
        "iframe",
        "select",
        "textarea",
        "button",
        "input",
        "datalist",
        "head",
        "title",
        "audio",
        "video",
        "map",
        "progress",
        "meter",
    ]
)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2028\u2029]+")


def parse(html: str) -> LexborHTMLParser:
    """Parse a page."""
    return LexborHTMLParser(html)


def select(root: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    """Return what a CSS selector matches, in page order, each element once (the library repeats some)."""
    return list({node.mem_id: node for node in root.css(selector)}.values())


def attribute(node: LexborNode, name: str) -> str:
    """Return an attribute's value, stripped; empty if there is none."""
    return (node.attributes.get(name) or "").strip()


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the node's parents, nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def inside(node: LexborNode, holders: Collection[int]) -> bool:
    """True if the node is, or is inside, one of the nodes with these ``mem_id``."""
    return node.mem_id in holders or any(parent.mem_id in holders for parent in ancestors(node))


def ids(nodes: Iterator[LexborNode] | list[LexborNode]) -> set[int]:
    """Return the ``mem_id`` of each node."""
    return {node.mem_id for node in nodes}


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Drop the nodes that are inside another of them."""
    known = ids(nodes)
    return [node for node in nodes if not any(parent.mem_id in known for parent in ancestors(node))]


def text_of(node: LexborNode, without: Collection[int] = ()) -> str:
    """Return an element's words as a reader sees them, a line per block, without the nodes of these ``mem_id``."""
    pieces: list[str] = []
    for is_text, value in _words(node, without):
        pieces.append(value if is_text else "\n")
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def line_of(node: LexborNode, without: Collection[int] = ()) -> str:
    """Return an element's words on one line."""
    return text_of(node, without).replace("\n", " ")


def beginning_of(node: LexborNode, length: int) -> str:
    """Return an element's words on one line, or of a longer line at least ``length`` characters of its beginning."""
    line = ""
    for is_text, value in _words(node, ()):
        line += value if is_text else " "
        if len(line) > length * 2 and len(line := _SPACES.sub(" ", line).lstrip()) > length:
            break
    return " ".join(line.split())


def sizes_of(tree: LexborHTMLParser, deepest: int) -> dict[int, int]:
    """Return, by ``mem_id``, how many elements each element holds, itself included; none for what lies deeper."""
    sizes: dict[int, int] = {}
    path: list[int] = []
    node = tree.root
    while node is not None:
        if node.is_element_node:
            path.append(node.mem_id)
            sizes[node.mem_id] = 1
            if node.child is not None:
                node = node.child
                continue
        while node is not None:
            if node.is_element_node:
                size = sizes[path.pop()]
                if path:
                    sizes[path[-1]] += size
                if len(path) > deepest:
                    del sizes[node.mem_id]
            if node.next is not None:
                node = node.next
                break
            node = node.parent
            if not path:
                return sizes
    return sizes


def _words(root: LexborNode, without: Collection[int]) -> Iterator[tuple[bool, str]]:
    """Walk the tree without recursion, since hostile pages nest without end. Yield (True, words) or (False, "")."""
    node: LexborNode | None = root
    entering = True
    while node is not None:
        tag = node.tag or ""
        if entering:
            if node.is_text_node:
                yield True, (node.text_content or "").replace("\n", " ")
            elif tag == "img" and "emoji" in attribute(node, "class"):
                yield True, attribute(node, "alt")
            elif tag not in _SILENT and node.mem_id not in without and not node.is_comment_node:
                if tag in _BLOCKS:
                    yield False, ""
                child = node.child
                if child is not None:
                    node = child
                    continue
        if tag in _BLOCKS:
            yield False, ""
        if node.mem_id == root.mem_id:
            return
        following = node.next
        entering = following is not None
        node = following if following is not None else node.parent


def meta(tree: LexborHTMLParser, *names: str) -> str:
    """Return the first non-empty ``<meta>`` with one of these names, properties or item properties."""
    for name in names:
        for node in tree.css(f'meta[property="{name}"], meta[name="{name}"], meta[itemprop="{name}"]'):
            if value := attribute(node, "content"):
                return value
    return ""


# What a page holds and shows to nobody, told apart from what a visitor can open: tabs, folds, slides.

_PICTURES = frozenset({"img", "picture", "figure", "video"})
_UNSEEN = "[hidden]:not([hidden=until-found]), [data-auditbot-unseen]"
# Whole names of classes alone: "panel", "more" or "show" in a name say nothing of who may open it.
_FOLDS = re.compile(
    r"(?:[a-z0-9]+[-_]+)*(?:accordions?|collaps(?:e|ed|ible)|tabs|tab-?(?:pane|panel|content)|"
    r"[a-z]{0,12}(?:carousel|slides?|slider|slideshow)|fotorama|orbit|swiper|slick|splide|glide|owl|flickity|faqs?|lightbox|vc_tta)(?:[-_]+[\w-]*)?"
    r"|(?:et_pb_)?toggle[-_]+(?:content|body|inner)",
    re.IGNORECASE,
)
_STATES_OF_ONE = re.compile(
    r"(?:is-|js-)?(?:active|inactive|show|shown|in|current|selected|open|opened|closed|hidden|hide|visible|invisible|more|"
    r"first|last|odd|even|extra|d-none|\d+|[\w-]*-\d+)"
)
_HOLDERS_OF_FOLDS = re.compile(r"(?:[a-z0-9]+[-_]+)*(?:accordions?|faqs?)", re.IGNORECASE)
_GALLERIES = re.compile(r"(?:[a-z0-9]+[-_]+)*(?:gallery|galleries|lightbox)(?:[-_]+[\w-]*)?", re.IGNORECASE)
# Shown on another kind of screen, or once it is scrolled to.
_OTHERWISE_SHOWN = re.compile(
    r"(?:[a-z]+-)?(?:hidden|visible|show|hide)-(?:on-|for-)?(?:xs|sm|md|lg|xl|mobile|desktop|tablet|phone)[\w-]*"
    r"|(?:mobile|desktop|tablet|phone)(?:-[\w-]+)?|d-(?:sm|md|lg|xl|xxl)-none|(?:sm|md|lg|xl|2xl):hidden"
    r"|elementor-invisible|wow|lazy(?:load\w*|-\w+)?",
    re.IGNORECASE,
)


def hidden(tree: LexborHTMLParser) -> set[int]:
    """Return the ``mem_id`` of what no visitor is meant to see; tabs and folds that a click opens are not hidden."""
    never = select(tree, "[type=hidden], template")
    shut = select(tree, _UNSEEN)
    opened_by = _opened_by(tree) if shut else set()
    return ids(never + [node for node in shut if not _opens(node, opened_by)])


def is_hidden(node: LexborNode) -> bool:
    """True if no visitor is meant to see an element, for its own sake or for that of what it is in."""
    line = [node, *ancestors(node)]
    shut = [each for each in line if "data-auditbot-unseen" in each.attributes or _says_hidden(each)]
    opened_by = _opened_by(line[-1]) if shut else set()
    return any(not _opens(each, opened_by) for each in shut)


def _says_hidden(node: LexborNode) -> bool:
    return "hidden" in node.attributes and attribute(node, "hidden") != "until-found"


def _opened_by(root: LexborHTMLParser | LexborNode) -> set[str]:
    """Return the ids of what the page's controls open."""
    found = {name for node in select(root, "[aria-controls]") for name in attribute(node, "aria-controls").split()}
    for holder, name in (("a", "href"), ("", "data-target"), ("", "data-bs-target")):
        found.update(attribute(node, name)[1:] for node in select(root, f"{holder}[{name}^='#']"))
    return found - {""}


def _opens(node: LexborNode, opened_by: set[str]) -> bool:
    """True for what a visitor can bring to light: a tab, a fold, a slide, a part for other screens, a lazy picture."""
    if attribute(node, "role") == "tabpanel" or attribute(node, "id") in opened_by:
        return True
    if node.tag == "dialog" or "popover" in node.attributes or "data-auditbot-opens" in node.attributes:
        return True
    if _beside_shown_ones(node):
        return True
    if node.tag in _PICTURES:
        return any(
            other.tag == node.tag
            and "data-auditbot-unseen" not in other.attributes
            and "hidden" not in other.attributes
            for other in (node.parent.iter() if node.parent is not None else ())
        )
    before = node.prev
    while before is not None and before.is_text_node:
        before = before.prev
    if before is not None and (before.css_first("[aria-expanded]") or "aria-expanded" in before.attributes):
        return True
    above = list(ancestors(node))[:2]
    return (
        _has_class(node, _OTHERWISE_SHOWN)
        or any(_has_class(each, _FOLDS) for each in [node, *above[:1]])
        or any(_has_class(each, _HOLDERS_OF_FOLDS) for each in above)
        or (node.css_first("img") is not None and any(_has_class(each, _GALLERIES) for each in above[:1]))
    )


def _beside_shown_ones(node: LexborNode) -> bool:
    """True for one of several alike of which some are shown: a list that shows its first, or those of one choice."""
    own = _own_classes(node)
    if not own or node.parent is None:
        return False
    others = (other for other in node.parent.iter() if other.tag == node.tag and other.mem_id != node.mem_id)
    return any(
        _own_classes(other) == own and "data-auditbot-unseen" not in other.attributes and not _says_hidden(other)
        for other in others
    )


def _own_classes(node: LexborNode) -> frozenset[str]:
    """Return an element's classes without those that say which of several is shown."""
    return frozenset(name for name in attribute(node, "class").lower().split() if not _STATES_OF_ONE.fullmatch(name))


def _has_class(node: LexborNode, known: re.Pattern[str]) -> bool:
    return any(known.fullmatch(name) for name in attribute(node, "class").split())
