"""Parts of addresses that a site makes anew for each answer, as session numbers are: proved by asking twice."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection
from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import attribute, line_of, parse, select, text_of
from auditbot.collect.net.conditional import PAGE_HEADERS
from auditbot.collect.net.fetch import Fetcher, FetchFailed
from auditbot.collect.net.periods import period_of
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.website.series import without, without_counting
from auditbot.same_page import clean

# A value that no person chose: long, of letters and digits, or a long number.
_TOKEN = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{8,}|(?=(?:[a-z]*\d){3})[\da-z]{16,}|\d{9,}", re.IGNORECASE)
_MOST_ASKED = 12
"""How many requests one site's suspicions may cost."""

_Links = dict[tuple[str, str, tuple[tuple[str, str], ...]], dict[str, set[str]]]


class Sessions:
    """What one site's answers prove of the parts of its queries. What is proved, the site itself is told."""

    def __init__(self, site: Site, fetcher: Fetcher, known: Collection[str], allows: Callable[[str], bool]) -> None:
        """``known`` are addresses of earlier audits: what stands in them is not made anew; no other may be asked for
        than ``allows`` says."""
        self._site, self._fetcher, self._allows = site, fetcher, allows
        self._known = {pair for url in known for pair in parse_qsl(urlsplit(url).query)}
        self._judged: set[str] = set()
        self._met: dict[str, list[dict[str, set[str]]]] = {}
        self._asked = 0

    def learn(self, page: RenderedPage, tree: LexborHTMLParser) -> bool:
        """Look at an opened page; return True if it proved that a part is made anew for each answer.

        A part is suspected if its values look like keys, or if a page that says the same as another names others only.
        Then the page is asked for once more: all values must have changed beside the same words; and what such a link
        leads to must answer the same with another value. Raises OutOfTime.
        """
        if page.unchanged or page.status != 200 or tree.body is None:
            return False
        links = _links_of(tree, page.base, self._site)
        suspects = self._suspects(page, tree, links)
        if not suspects or self._asked + 3 > _MOST_ASKED or (answer := self._ask(page.url)) is None:
            return False
        again = _links_of(answer, page.base, self._site)
        self._judged |= suspects
        proved = [
            name
            for name in sorted(suspects)
            if self._prove(name, _pairs(links, name, suspects), _pairs(again, name, suspects))
        ]
        return bool(proved)

    def _suspects(self, page: RenderedPage, tree: LexborHTMLParser, links: list[tuple[str, str]]) -> set[str]:
        values: dict[str, set[str]] = defaultdict(set)
        for _, url in links:
            for name, value in parse_qsl(urlsplit(url).query):
                values[name].add(value)
        for name, several in values.items():
            if any((name, value) in self._known for value in several):
                self._judged.add(name)
        found = {name for name, several in values.items() if all(_TOKEN.fullmatch(value) for value in several)}
        said = "\n".join(sorted(_said(tree)))
        mark = hashlib.sha256(f"{urlsplit(page.url).path}\n{said}".encode("utf-8", "replace")).hexdigest()
        before = self._met.setdefault(mark, [])
        # Two months of a diary may say the same and lead on to others: a third page is waited for.
        if len(before) > 1:
            alike = [name for name in values if all(name in each for each in before)]
            found |= {name for name in alike if not any(values[name] & each[name] for each in before)}
        before.append(dict(values))
        # A day, a week or a month of a diary is no key, though each of its pages leads to others.
        return {name for name in found - self._judged if not all(_is_period(name, value) for value in values[name])}

    def _prove(self, name: str, before: _Links, after: _Links) -> bool:
        named = {place: several[name] for place, several in before.items() if name in several}
        pairs = [(place, several, after.get(place, {}).get(name, set())) for place, several in named.items()]
        if not pairs or any(not now or now & several for _, several, now in pairs):
            return False
        (_, path, others), several, now = pairs[0]
        one, other = (f"{path}?{urlencode([*others, (name, next(iter(values)))])}" for values in (several, now))
        bare, told = self._words_at(without(one, name)), self._words_at(other)
        if told and told == bare:
            self._site.sessions[name] = ""
        elif told and told == self._words_at(one):
            self._site.sessions[name] = next(iter(several))
        return name in self._site.sessions

    def _words_at(self, url: str) -> frozenset[str]:
        answer = self._ask(url)
        return _said(answer) if answer is not None else frozenset()

    def _ask(self, url: str) -> LexborHTMLParser | None:
        """Ask for a page as if nothing were known of it; None if it cannot be had, or if robots.txt keeps it shut."""
        if not self._allows(url):
            return None
        self._asked += 1
        try:
            reply = self._fetcher.answer(url, dict(PAGE_HEADERS))
        except FetchFailed:
            return None
        if reply.status != 200 or "html" not in reply.headers.get("content-type", ""):
            return None
        return parse(reply.body.decode("utf-8", "replace"))


def _is_period(name: str, value: str) -> bool:
    return period_of(f"http://site/?{urlencode([(name, value)])}") is not None


def _said(tree: LexborHTMLParser) -> frozenset[str]:
    lines = text_of(tree.body).split("\n") if tree.body is not None else []
    return frozenset(counted for line in lines if (counted := without_counting(line)))


def _links_of(tree: LexborHTMLParser, base: str, site: Site) -> list[tuple[str, str]]:
    """Return the words and the address of each link of the site that has a query."""
    found = [(line_of(node), clean(absolute(base, attribute(node, "href")))) for node in select(tree, "a[href]")]
    return [(said, url) for said, url in found if site.owns(url) and "?" in url]


def _pairs(links: list[tuple[str, str]], name: str, suspects: Collection[str]) -> _Links:
    """Return, by words, path and all parts that are not suspected, the values of a part."""
    found: _Links = defaultdict(lambda: defaultdict(set))
    for said, url in links:
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        kept = tuple(sorted(pair for pair in query if pair[0] not in suspects))
        for key, value in query:
            if key == name:
                found[said, url.partition("?")[0], kept][name].add(value)
    return found
