"""The ledger of a site's addresses: every one that was met, what became of it, and what a report says of the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from urllib.parse import parse_qsl, urlsplit

from auditbot.model import Became, MetAddress, NotChecked, Why
from auditbot.same_page import key
from auditbot.sentences import Sentence, say

_OPENED = frozenset({Became.OPENED, Became.SAME, Became.FAILED, Became.WALLED, Became.ELSEWHERE})
_LISTED = say("another list of the site gives all its posts")
_LIMIT = say("more addresses of this kind were met than one audit opens")
_TIME = say("the time for this account was over")
_KIND = say("files of this kind are not looked into")
# What each says of one address and of several, whether they are explained by it, and by which code.
_SENTENCES: dict[Became, tuple[tuple[Sentence, Sentence], bool, Why]] = {
    Became.ROBOTS: (
        (
            say("the site’s robots.txt asks automatic visitors to leave it alone"),
            say("the site’s robots.txt asks automatic visitors to leave them alone"),
        ),
        False,
        Why.ROBOTS,
    ),
    Became.SERIES: (
        (
            say("it belongs to a series of pages without end, which brought nothing new"),
            say("they belong to a series of pages without end, which brought nothing new"),
        ),
        # Several in a row were opened, on either side of where it was entered, and were empty.
        True,
        Why.SERIES,
    ),
    Became.ALIKE: (
        (
            say("several like it were opened, and each showed a page that was read already"),
            say("several like them were opened, and each showed a page that was read already"),
        ),
        True,
        Why.ALIKE,
    ),
    Became.LISTED: ((_LISTED, _LISTED), True, Why.LISTED),
    Became.LIMIT: ((_LIMIT, _LIMIT), False, Why.LIMIT),
    Became.TIME: ((_TIME, _TIME), False, Why.TIME),
    Became.KIND: ((_KIND, _KIND), False, Why.KIND),
    Became.WAITING: (
        (say("the audit ended before it was reached"), say("the audit ended before they were reached")),
        False,
        Why.TIME,
    ),
}


_LONGEST_SHOWN = 100


class Ledger:
    """What became of each address of one account's site in one audit."""

    def __init__(self) -> None:
        self._entries: dict[str, MetAddress] = {}

    def note(self, url: str, became: Became, same_as: str = "") -> None:
        """Record what became of an address; that it was opened stands, whatever is met of it later."""
        known = self._entries.get(key(url))
        if known is None or known.became not in _OPENED or became in _OPENED:
            self._entries[key(url)] = MetAddress(url, became, same_as)

    def knows(self, url: str) -> bool:
        """True if the address was met before."""
        return key(url) in self._entries

    def shown(self, url: str) -> bool:
        """True if the address was opened and showed a page of its own."""
        entry = self._entries.get(key(url))
        return entry is not None and entry.became in (Became.OPENED, Became.UNCHANGED)

    def keys(self) -> Collection[str]:
        """Return the keys of all addresses that were met."""
        return self._entries.keys()

    def entries(self) -> tuple[MetAddress, ...]:
        """Return all, in the order they were met."""
        return tuple(self._entries.values())

    def notes(self, account: str) -> Iterator[NotChecked]:
        """Yield one line for each kind of address that was not opened, and one for all that a rule explains.

        Tools of the site's software are left to the ledger.
        """
        groups: dict[tuple[Became, str], list[str]] = defaultdict(list)
        for entry in self._entries.values():
            if entry.became in _SENTENCES:
                explained = _SENTENCES[entry.became][1]
                groups[entry.became, "" if explained else shown_shape(entry.url)].append(entry.url)
        for (became, shape), urls in groups.items():
            said, explained, why = _SENTENCES[became]
            if len(urls) == 1:
                one = say(
                    "The address %(address)s was not opened: %(why)s.", address=shown_address(urls[0]), why=said[0]
                )
                yield NotChecked(account, urls[0], "address", one, explained, why)
                continue
            reason = (
                say(
                    "%(count)s addresses like %(shape)s were not opened: %(why)s.",
                    count=len(urls),
                    shape=shape,
                    why=said[1],
                )
                if shape
                else say("%(count)s addresses were not opened: %(why)s.", count=len(urls), why=said[1])
            )
            yield NotChecked(account, urls[0], "addresses", reason, explained, why)


def shown_address(url: str) -> str:
    """Return one address as a report shows it: without its host, and not at any length."""
    parts = urlsplit(url)
    shown = parts.path + (f"?{parts.query}" if parts.query else "")
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"


def shown_shape(url: str) -> str:
    """Return what addresses like this one have in common, as a report shows it: "/news.asp?action=…"."""
    parts = urlsplit(url)
    names = [f"{name}=…" for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    steps = [step for step in parts.path.split("/") if step]
    if names:
        return f"{parts.path}?{'&'.join(names)}"
    if len(steps) > len(set(steps)):
        return f"/{steps[0]}/…"
    return parts.path if len(steps) < 2 else "/" + "/".join(steps[:-1]) + "/…"
