"""What of an opened page could not be seen, and is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import attribute, line_of, select
from auditbot.collect.post.links import asks_for_words
from auditbot.collect.post.post import Draft
from auditbot.collect.visit import Visit
from auditbot.model import NotChecked, Why
from auditbot.sentences import say

FEW_CHARACTERS = 300
"""A page with fewer says next to nothing of its own."""
# Words of controls that turn a page, and of those that do something else.
_TURNS = re.compile(
    r"^\W*\d{1,3}\W*$|^[»›>→]+$|"
    r"\b(?:next|older|newer|previous|earlier|more|view|show|read|go|open|select|filter|nesaf|mwy)\b",
    re.IGNORECASE,
)
_NO_PAGE = re.compile(
    r"\b(?:sort\$|sort|log ?(?:in|out|on|off)|sign|search|basket|cart|buy|pay|donate|vote|subscribe|translate|print|"
    r"cookies?|accept|reject|delete|remove|edit)",
    re.IGNORECASE,
)


def not_shown(
    visit: Visit, page: RenderedPage, tree: LexborHTMLParser, draft: Draft, lists: bool
) -> Iterator[NotChecked]:
    """Yield what of an opened page could not be seen; ``lists``: it lists posts. ``draft`` is what it shows itself."""
    if page.cut_short:
        yield visit.missed(page.url, "page", page.cut_short, why=Why.CUT_SHORT)
    if page.shut:
        said = say(
            "The page says that it has more than it showed, whatever was clicked: %(shut)s in number.", shut=page.shut
        )
        yield visit.missed(page.url, "page", said, why=Why.SHUT)
    if (sent := _sent_by_hand(tree)) and not page.cut_short:
        said = say(
            "The page leads on by forms that only a visitor sends (%(sent)s on it), so what follows was not seen.",
            sent=sent,
        )
        yield visit.missed(page.url, "page", said, why=Why.SHUT)
    if page.asks and not lists and not draft.photos and len(draft.text) < FEW_CHARACTERS:
        said = say("The page shows next to nothing until cookies are accepted. None were, so the rest is not known.")
        yield visit.missed(page.url, "page", said, why=Why.SHUT)


def _sent_by_hand(tree: LexborHTMLParser) -> int:
    """Return how many controls of a page lead on only by a form that is sent (POST): pagers, choices of a month."""
    back = select(tree, "a[href*='__doPostBack' i], [onclick*='__doPostBack' i], select[onchange*='__doPostBack' i]")
    # Those that the browser sent itself, as a visitor's click would, are marked.
    back = [node for node in back if "data-auditbot-sent" not in node.attributes]
    found = sum(not _NO_PAGE.search(f"{line_of(node)} {attribute(node, 'href')}") for node in back)
    for form in select(tree, "form[method=post i]"):
        if not asks_for_words(form):
            controls = select(form, "button, input[type=submit i], input[type=image i]")
            words = [line_of(node) or attribute(node, "value") or attribute(node, "alt") for node in controls]
            found += sum(bool(_TURNS.search(said)) and not _NO_PAGE.search(said) for said in words)
    return found
