"""Pictures that only a page's own scripts name: slide shows by a list, viewers, pictures changed by the pointer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.html.dom import attribute, select
from auditbot.collect.net.urls import absolute, is_tracker
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.renditions import rendition_key

_NAMED = re.compile(
    r"[\"'`(]([^\"'`()\s<>{}]+\.(?:jpe?g|png|webp|avif|heic)(?:\?[^\"'`()\s<>]*)?)[\"'`)]", re.IGNORECASE
)
NO_PHOTO = re.compile(
    r"(^|[-_.])(logo|icon|favicon|sprite|spinner|badge|marker|pin|loading|loader|placeholder|blank|arrow|avatar|flag|"
    r"pattern|bg|background|texture|cursor)s?([-_.\d]|$)",
    re.IGNORECASE,
)
# Descriptions for search engines, and what frameworks keep of other pages too: what they show stands in the page.
_NOT_READ = "script[src], script[type='application/ld+json' i], #__NEXT_DATA__, #__NUXT_DATA__, [type=importmap i]"
_MOST = 100


def pictures_in_scripts(tree: LexborHTMLParser, base: str, known: Collection[str]) -> tuple[PhotoRef, ...]:
    """Return the pictures that scripts within a page name; ``known`` are the rendition keys of those it shows."""
    found: dict[str, PhotoRef] = {}
    for text in _scripts(tree):
        for match in _NAMED.finditer(text.replace("\\/", "/")):
            url = absolute(base, match[1])
            name = url.partition("?")[0].rpartition("/")[2]
            if url and not is_tracker(url) and not NO_PHOTO.search(name) and rendition_key(url) not in known:
                found.setdefault(rendition_key(url), PhotoRef((url,)))
            if len(found) >= _MOST:
                return tuple(found.values())
    return tuple(found.values())


def _scripts(tree: LexborHTMLParser) -> Iterator[str]:
    not_read = {node.mem_id for node in select(tree, _NOT_READ)}
    for node in select(tree, "script"):
        if node.mem_id not in not_read:
            yield node.text_content or node.text() or ""
    for name in ("onmouseover", "onmouseenter", "onmouseout", "onclick", "onload", "onfocus"):
        for node in select(tree, f"[{name}]"):
            yield attribute(node, name)
