"""Pictures that a page names anywhere – in data, templates, sidebars – and that were not looked at by the end."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import attribute, select
from auditbot.collect.net.urls import absolute, is_tracker
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.photos import is_decoration
from auditbot.collect.post.renditions import are_sizes, folder_of, loose_name, read_srcset, rendition_key
from auditbot.collect.post.scripted import NO_PHOTO
from auditbot.collect.visit import Visit
from auditbot.model import NotChecked, Why
from auditbot.sentences import say, say_n

_ENDINGS = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".avif", ".heic", ".heif")
# Where one address of a list ends and the next begins without a space.
_PARTED = re.compile(
    r"(\.(?:jpe?g|jfif|png|webp|avif|hei[cf])(?:\?[^\s,\"'<>]{0,200})?)(?:\s+[\d.]+[wx])?\s?,", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\s\"'`()<>{}|;\\\[\]$+]{5,2000}")
# What stands on more than this share of the pages read belongs to the site: its banner, the badges of its footer.
_MOST_PAGES = 0.3
_LONG_NAME = 10
_MOST_NAMED = 20


@dataclass
class _Met:
    url: str
    page: str
    pages: int = 1


class PicturesLeft:
    """The pictures that pages of one site name, held at the end against those that were asked for."""

    def __init__(self) -> None:
        self._met: dict[str, _Met] = {}
        self._read: set[str] = set()
        self._pages = 0

    def notes(self, visit: Visit) -> Iterator[NotChecked]:
        """Yield one line for each picture that nobody looked at, and one for all beyond the first of many."""
        left = list(self.left(visit.files.asked))
        for url, page in left[:_MOST_NAMED]:
            said = say("A part of %(page)s that was not read names this picture; it was not looked at.", page=page)
            yield visit.missed(url, "photo", said, why=Why.SHUT)
        if more := left[_MOST_NAMED:]:
            said = say_n(
                "One more picture is named like this; it was not looked at.",
                "%(count)s more pictures are named like this; they were not looked at.",
                len(more),
            )
            yield visit.missed(more[0][1], "photo", said, why=Why.SHUT)

    def learn(self, page: RenderedPage, tree: LexborHTMLParser, read: Iterable[PhotoRef]) -> None:
        """Take in what an opened page names; ``read`` are the pictures that were found in it and are seen to."""
        self._pages += 1
        self._read.update(rendition_key(url) for photo in read for url in photo.candidates)
        plain = {rendition_key(url) for url in _decorations(tree, page.base)}
        found: dict[str, str] = {}
        for url in addresses_in(page.html, page.base):
            found.setdefault(rendition_key(url), url)
        for name, url in found.items():
            if name in self._met:
                self._met[name].pages += 1
            elif name not in plain:
                self._met[name] = _Met(url, page.url)

    def left(self, asked: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield address and page of each picture of which no size was asked for, those of the whole site left out."""
        keys = {rendition_key(url) for url in asked} | self._read
        by_name: dict[str, list[str]] = defaultdict(list)
        for url in asked:
            by_name[loose_name(url)].append(url)
        most = max(1 if self._pages < 4 else 2, _MOST_PAGES * self._pages)
        for name, met in self._met.items():
            if name in keys or (met.pages > most and self._pages > 1):
                continue
            own = loose_name(met.url)
            sizes = (url for url in by_name[own] if are_sizes(met.url, url))
            if not any(len(own) >= _LONG_NAME or folder_of(met.url) == folder_of(url) for url in sizes):
                yield met.url, met.page


def addresses_in(text: str, base: str) -> Iterator[str]:
    """Yield the addresses of pictures that a page's source names, comments left out."""
    first, *others = text.split("<!--")
    shown = first + "".join(other.partition("-->")[2] for other in others)
    plain = html.unescape(shown).replace("\\/", "/")
    for token in _TOKEN.findall(_PARTED.sub(r"\1 ", plain)):
        path = token.partition("?")[0].lower()
        name = path.rpartition("/")[2]
        if "/" not in path or not path.endswith(_ENDINGS) or name.startswith(".") or NO_PHOTO.search(name):
            continue
        url = absolute(base, token)
        if url and not is_tracker(url):
            yield url


def _decorations(tree: LexborHTMLParser, base: str) -> Iterator[str]:
    """Yield the addresses of icons, logos, pixels and emoji."""
    for node in select(tree, "img"):
        links = [attribute(node, "src"), *(link for link, _ in read_srcset(attribute(node, "srcset")))]
        urls = [absolute(base, link) for link in links if link and not link.startswith("data:")]
        if is_decoration(node, urls):
            yield from urls
    for node in select(tree, "link[href]"):
        yield absolute(base, attribute(node, "href"))
