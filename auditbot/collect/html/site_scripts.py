"""What the scripts of one site do to its pages: a page like those whose words they did not change needs no browser."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import attribute, select
from auditbot.collect.html.static import runs
from auditbot.collect.net.urls import absolute
from auditbot.same_page import clean

# On how many pages that were read the same with and without a browser each hook of a page must have stood, and how
# many pages are then read without one until the next is opened in it all the same. With these, 400 posts in a template
# with scripts cost .24 of the processor time of before, the same posts, words and photos read
# (tests/bench/crawl/speed.py, 2026-11-30).
_PROOFS = 4
_CHECKED = 16
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What says what an element shows, and nothing to a script.
_PLAIN = frozenset(
    {"class", "id", "href", "src", "srcset", "sizes", "alt", "title", "width", "height", "style", "datetime", "content",
     "name", "property", "lang", "dir", "rel", "for", "loading", "decoding", "fetchpriority", "aria-label", "charset",
     "aria-labelledby", "aria-describedby", "colspan", "rowspan", "value", "media", "integrity", "nonce", "data-id"}
)  # fmt: skip
# A shorter last step of an address is an everyday word, which any script may say.
_SHORTEST_NAME = 5
_KEYWORD = re.compile(r"[a-z][a-z_-]{0,30}")
# Classes by which builders say which tag, author or day a page has: as many as there are pages.
_OF_ONE = re.compile(r"^((?:post_)?tag|category|author|term|archive|date|path)-.+", re.IGNORECASE)


ScriptsSay = Callable[[re.Pattern[str]], bool]
"""Whether a script that pages share says something."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What scripts find on a page: they themselves, and all that they could take hold of."""

    scripts: str
    """A hash of the scripts, what tells one page's from another's left out."""
    hooks: frozenset[str]
    """The kinds of elements, their classes, ids and further attributes, without numbers."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read of a page, to be compared."""

    own: object
    """All that is published of it, and the posts it lists."""
    links: frozenset[str]
    """The addresses of the site that it leads to."""


@dataclass
class _Known:
    quiet: Counter[str] = field(default_factory=Counter)
    loud: list[frozenset[str]] = field(default_factory=list)
    added: Counter[str] = field(default_factory=Counter)
    relied_on: list[str] = field(default_factory=list)
    changes: bool = False


def outline_of(tree: LexborHTMLParser, url: str) -> Outline | None:
    """Return what scripts find on a page; None if none runs there."""
    if not runs(tree, url):
        return None
    told = hashlib.sha256()
    for script in select(tree, "script"):
        if attribute(script, "type").lower() != "application/ld+json":
            inside = _without_own(script.text_content or script.text() or "", url)
            source = absolute(url, attribute(script, "src"))
            told.update(f"{attribute(script, 'type')}\n{source}\n{inside}\n".encode("utf-8", "replace"))
    return Outline(told.hexdigest(), frozenset(_hooks(tree)))


def _without_own(script: str, url: str) -> str:
    """Return a script without numbers and without the address of the page it stands on."""
    for own in (url, clean(url)):
        for written in (own, own.replace("/", "\\/")):
            script = script.replace(written, "@")
    return re.sub(r"\d+", "#", script)


def _hooks(tree: LexborHTMLParser) -> Iterator[str]:
    for node in select(tree, "*"):
        tag = node.tag or ""
        yield tag
        for name, value in node.attributes.items():
            said = (value or "").strip()
            if name == "class":
                yield from (f"{tag}.{_numbered(each)}" for each in said.split())
            elif name == "id":
                if tag not in _HEADINGS:
                    yield f"{tag}#{_numbered(said)}"
            elif name.startswith("on") or said.lower().startswith("javascript:"):
                yield f"{tag}[{name}={said}]"
            elif name not in _PLAIN:
                yield f"{tag}[{name}={said if _KEYWORD.fullmatch(said) else ''}]"
        if tag == "a" and _leads_nowhere(node):
            yield "a[href=#]"


def _leads_nowhere(node: LexborNode) -> bool:
    """True for a link that leads nowhere by itself: what becomes of a click is a script's business."""
    href = attribute(node, "href")
    return href in ("", "#") or href.lower().startswith("javascript:")


def _numbered(name: str) -> str:
    return re.sub(r"\d+", "#", _OF_ONE.sub(r"\1-#", name))


class SiteScripts:
    """The scripts of one site. Nothing is relied on before ``read_by`` says how pages are read.

    A page needs no browser if its scripts are those of pages that were read the same with and without one, if they
    asked for nothing there, and if whatever they could take hold of on it stood on several of those.
    """

    def __init__(self) -> None:
        self._read: Callable[[RenderedPage], Reading] | None = None
        self._known: dict[str, _Known] = {}
        # Each night another of the pages that need no browser is opened, until all have been.
        self._turn = date.today().toordinal()

    def read_by(self, read: Callable[[RenderedPage], Reading]) -> None:
        """Say how a page is read, so that two forms of it can be compared."""
        self._read = read

    def matter(self, outline: Outline) -> bool:
        """False for scripts of which nothing more can be learnt: they change what pages say."""
        return self._read is not None and not self._of(outline).changes

    def change_nothing(self, outline: Outline, url: str, scripts_say: ScriptsSay) -> bool:
        """True if a page can be read without a browser. Now and then one that can is to be opened all the same."""
        known = self._of(outline)
        if known.changes or not _proved(outline.hooks, known) or scripts_say(_names_of(url)):
            return False
        self._turn += 1
        if self._turn % _CHECKED == 0:
            return False
        known.relied_on.append(url)
        return True

    def learn(self, outline: Outline, plain: RenderedPage, shown: RenderedPage, scripts_say: ScriptsSay) -> None:
        """Compare a page as its server sends it with the page as a browser shows it.

        A page that a shared script names says nothing of others: the script may hold what this one is to show.
        """
        if self._read is None or scripts_say(_names_of(plain.url)):
            return
        known = self._of(outline)
        same = self._same(self._read, plain, shown, known)
        if same:
            known.quiet.update(outline.hooks)
        elif same is False:
            known.loud.append(outline.hooks)
        known.changes = any(_proved(hooks, known) for hooks in known.loud)

    def to_read_again(self) -> list[str]:
        """Return, once, the addresses of pages that were read without a browser, by scripts that do change pages."""
        found = []
        for known in self._known.values():
            if known.changes:
                found += known.relied_on
                known.relied_on = []
        return found

    def _of(self, outline: Outline) -> _Known:
        return self._known.setdefault(outline.scripts, _Known())

    def _same(
        self, read: Callable[[RenderedPage], Reading], plain: RenderedPage, shown: RenderedPage, known: _Known
    ) -> bool | None:
        """Return whether a page says the same before and after its scripts ran; None if more pages have to tell."""
        if shown.fetches or shown.cut_short or shown.shut or shown.asks or shown.url != plain.url:
            return False
        if "data-auditbot-leads" in shown.html or plain.base != shown.base:
            return False
        before, after = read(plain), read(shown)
        # A menu that a script builds, and a script that a script loads, are the same on every page.
        added = (after.links - before.links) | shown.scripts
        usual = all(known.added[each] for each in added)
        known.added.update(added)
        if before.own != after.own:
            return False
        return True if usual else False if known.quiet and max(known.quiet.values()) >= _PROOFS else None


def _proved(hooks: frozenset[str], known: _Known) -> bool:
    return all(known.quiet[hook] >= _PROOFS for hook in hooks)


def _names_of(url: str) -> re.Pattern[str]:
    """Return a pattern for what a script would tell this page from others by: its path, its last step, its number."""
    parts = urlsplit(url)
    named = {parts.path.strip("/"), parts.path.strip("/").rpartition("/")[2]}
    named |= {value for _, value in parse_qsl(parts.query)}
    words = [re.escape(name) for name in named if len(name) > _SHORTEST_NAME and not name.isdigit()]
    numbers = [rf"[\"'{{,(\[]\s*{name}\s*[\"']?\s*[:\])]" for name in named if name.isdigit()]
    return re.compile("|".join([*words, *numbers]) or r"(?!)")
