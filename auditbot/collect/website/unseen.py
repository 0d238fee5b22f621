"""What of an opened page could not be seen, and is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.comment_pages import TURNS_PAGE
from auditbot.collect.html.dom import attribute, hidden, ids, inside, line_of, select
from auditbot.collect.net.urls import Site, absolute, is_tracker
from auditbot.collect.post.links import asks_for_words, leading
from auditbot.collect.post.post import Draft
from auditbot.collect.visit import Visit
from auditbot.model import NotChecked, Why
from auditbot.sentences import say

# How many entries, or pages, a list says that it has.
_ENTRIES = re.compile(
    r"\b(?:(?:show|display)(?:ing|s)?|yn dangos|results?|items?|entries|posts?)\s*:?\s*"
    r"(?:\d{1,4}\s*(?:-|–|to|i)\s*)?\d{1,4}\s+(?:of|o|out of|/)\s+(?P<all>\d{1,4})\b"
    r"(?!\s*(?:photo|picture|image|llun|slide|page|tudalen))|\b\d{1,4}\s+(?:of|o)\s+(?P<named>\d{1,4})\s+"
    r"(?:posts?|stor(?:y|ies)|articles?|items?|results?|entries|news|straeon|updates?)\b",
    re.IGNORECASE,
)
_PAGES = re.compile(r"\b(?:page|tudalen)\s+(?P<this>\d{1,3})\s*(?:of|o|/)\s*(?P<all>\d{1,3})\b", re.IGNORECASE)
_MOST_OF_LIST = 2000
_COOKIES = re.compile(r"\bcookies?\b|\bcwcis\b|\bconsent\b", re.IGNORECASE)
_ANSWERS = re.compile(
    r"\b(?:accept|agree|allow|decline|reject|refuse|consent|continue|enter|derbyn|gwrthod|cytuno)\b", re.IGNORECASE
)
_NUMBERED_STEP = re.compile(r"/(?:page|tudalen|p)?[-/]?\d{1,3}/?$", re.IGNORECASE)
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
    waits = page.asks or _waits_for_consent(tree, page.base, visit.site) or _asks_by_form(tree)
    if waits and not lists and not draft.photos and len(draft.text) < FEW_CHARACTERS:
        said = say("The page shows next to nothing until cookies are accepted. None were, so the rest is not known.")
        yield visit.missed(page.url, "page", said, why=Why.SHUT)


def _waits_for_consent(tree: LexborHTMLParser, base: str, site: Site) -> bool:
    """True if a script of the site itself is held back until cookies are accepted: one that counts visitors is none."""
    for node in select(tree, "script[type='text/plain' i]"):
        names = (name for name in node.attributes if name == "src" or name.endswith("-src"))
        urls = (absolute(base, attribute(node, name)) for name in names)
        if any(site.owns(site.local(url)) and not is_tracker(url) for url in urls if url):
            return True
    return False


def _asks_by_form(tree: LexborHTMLParser) -> bool:
    """True if a page asks about cookies in a form that is sent before anything else is shown."""
    if tree.body is None or not _COOKIES.search(line_of(tree.body)):
        return False
    controls = select(tree, "form button, form input[type=submit i], form input[type=image i]")
    return any(_ANSWERS.search(_label(node)) for node in controls)


def _label(control: LexborNode) -> str:
    """Return what is written on a control: the words on a button are no words of the page."""
    return " ".join(control.text().split()) or attribute(control, "value") or attribute(control, "alt")


def _sent_by_hand(tree: LexborHTMLParser) -> int:
    """Return how many controls of a page lead on only by a form that is sent (POST): pagers, choices of a month."""
    back = select(tree, "a[href*='__doPostBack' i], [onclick*='__doPostBack' i], select[onchange*='__doPostBack' i]")
    # Those that the browser sent itself, as a visitor's click would, are marked.
    back = [node for node in back if "data-auditbot-sent" not in node.attributes]
    found = sum(not _NO_PAGE.search(f"{line_of(node)} {attribute(node, 'href')}") for node in back)
    for form in select(tree, "form[method=post i]"):
        if not asks_for_words(form):
            controls = select(form, "button, input[type=submit i], input[type=image i]")
            words = [_label(node) for node in controls]
            found += sum(bool(_TURNS.search(said)) and not _NO_PAGE.search(said) for said in words)
    return found


def _counting_words(tree: LexborHTMLParser) -> str:
    """Return the shown words of a page that counts something, those of each element apart; else nothing."""
    if tree.body is None:
        return ""
    quickly = tree.body.text(separator=" ")
    if not (_ENTRIES.search(quickly) or _PAGES.search(quickly)):
        return ""
    unseen = hidden(tree) | ids(select(tree.body, "script, style, noscript, template"))
    pieces = (
        node.text_content or ""
        for node in tree.body.traverse(include_text=True)
        if node.is_text_node and node.parent is not None and not inside(node.parent, unseen)
    )
    return " ".join(" ".join(pieces).split())


@dataclass
class _Counted:
    url: str
    entries: int = 0
    pages: int = 0
    met: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)


class ListCounts:
    """What lists say that they have, held against what was met of them: "Showing 3 of 9", "Page 1 of 4"."""

    def __init__(self) -> None:
        self._lists: dict[str, _Counted] = {}

    def learn(self, page: RenderedPage, tree: LexborHTMLParser, outside: set[int]) -> None:
        """Take in an opened page; ``outside`` are the elements around its own words."""
        path = _NUMBERED_STEP.sub("", urlsplit(page.url).path).rstrip("/")
        text = _counting_words(tree)
        entries = [int(match["all"] or match["named"]) for match in _ENTRIES.finditer(text)]
        pages = [(int(match["this"]), int(match["all"])) for match in _PAGES.finditer(text)]
        if not entries and not pages and path not in self._lists:
            return
        known = self._lists.setdefault(path, _Counted(page.url))
        known.entries = max([known.entries, *entries])
        known.pages = max([known.pages, *(number for _, number in pages)])
        known.met |= {href for node, href in leading(tree) if not inside(node, outside)}
        known.numbers |= {number for number, _ in pages}
        turns = (node for node, href in leading(tree) if not href.startswith("#") and TURNS_PAGE.match(line_of(node)))
        if next(turns, None) is not None:
            # What it leads on to is followed, or told among the addresses.
            known.numbers |= {number + 1 for number, of in pages if number < of}
        # What the browser turned over itself is read as one page.
        known.numbers |= set(range(1, page.turned + 1)) if page.turned else set()

    def notes(self, visit: Visit) -> Iterator[NotChecked]:
        """Yield one line for each list that says it has more than was met of it."""
        for known in self._lists.values():
            if 0 < len(known.met) < known.entries <= _MOST_OF_LIST:
                said = say(
                    "The list says that it has %(stated)s entries; %(given)s were met.",
                    stated=known.entries,
                    given=len(known.met),
                )
                yield visit.missed(known.url, "listing", said, why=Why.SHORT_LIST)
            elif len(known.numbers) < known.pages:
                said = say(
                    "The list says that it has %(stated)s pages; %(given)s were met.",
                    stated=known.pages,
                    given=len(known.numbers),
                )
                yield visit.missed(known.url, "listing", said, why=Why.SHORT_LIST)
