"""Reading pages in tests: a node that has to be there."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode


def first(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """Return the first node that a selector finds; it has to find one."""
    found = tree.css_first(selector)
    assert found is not None, selector
    return found
