"""What a page holds and shows to nobody, told apart from what a visitor can open: tabs, folds, slides."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.dom import ancestors, attribute, ids, select

_PICTURES = frozenset({"img", "picture", "figure", "video"})
_UNSEEN = "[hidden]:not([hidden=until-found]), [data-auditbot-unseen]"
# Whole names of classes alone: "panel", "more" or "show" in a name say nothing of who may open it.
_FOLDS = re.compile(
    r"(?:[a-z0-9]+[-_]+)*(?:accordions?|collaps(?:e|ed|ible)|tabs|tab-?(?:pane|panel|content)|carousel|slide|slider|"
    r"slideshow|swiper|slick|splide|glide|owl|flickity|faqs?|lightbox|vc_tta)(?:[-_]+[\w-]*)?"
    r"|(?:et_pb_)?toggle[-_]+(?:content|body|inner)",
    re.IGNORECASE,
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


def _has_class(node: LexborNode, known: re.Pattern[str]) -> bool:
    return any(known.fullmatch(name) for name in attribute(node, "class").split())
