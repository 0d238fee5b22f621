"""Asking a site only for what has changed: with the validator of what it answered last, and that answer at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urldefrag

from auditbot.collect.net.fetch import REDIRECTS, USER_AGENT, Fetcher, FetchFailed, may_be_kept, validators_of
from auditbot.collect.net.urls import Site, absolute
from auditbot.model import AccountAnswers, KeptAnswer

_OF_THE_TRANSFER = frozenset(
    ["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie", "trailer"]
)
# What is a page whoever asks for it; the browser asks again for everything else.
_PLAIN = frozenset({200, 404, 410})
_MAX_REDIRECTS = 10
PAGE_HEADERS: Mapping[str, str] = {
    "User-Agent": f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Safari/537.36 {USER_AGENT}",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "en-GB",
    "Upgrade-Insecure-Requests": "1",
}
"""What is sent with a request for a page."""


class Pages:
    """One account's pages as their server sends them, before any script has run."""

    def __init__(self, answers: AccountAnswers | None, fetcher: Fetcher, site: Site) -> None:
        """``answers`` holds earlier ones, so that a page is sent again only if it has changed; None: all are sent."""
        self._answers = answers
        self._fetcher = fetcher
        self._site = site

    def ask(self, url: str) -> tuple[KeptAnswer, bool] | None:
        """Ask for a page as a browser would, its pause kept before; return it, and whether it is confirmed unchanged.

        None for whatever is better left to the browser: then it asks itself. Raises OutOfTime.
        """
        address = urldefrag(url).url
        for _ in range(_MAX_REDIRECTS):
            known = self._answers.last("page", address) if self._answers else None
            try:
                reply = self._fetcher.answer(address, {**PAGE_HEADERS, **validators_of(known)}, waited=True)
            except FetchFailed:
                return None
            if reply.status == 304 and known and self._answers:
                self._answers.confirm("page", address)
                return known, True
            if reply.status in REDIRECTS and "set-cookie" not in reply.headers:
                following = absolute(address, reply.headers.get("location", ""))
                if not self._site.owns(following) or urldefrag(following).url == address:
                    return None
                address = urldefrag(following).url
                continue
            if reply.status not in _PLAIN or not _is_page(reply.headers):
                return None
            shown = KeptAnswer(address, reply.status, _as_decoded(reply.headers), reply.body)
            if self._answers and may_be_kept(reply.status, reply.headers):
                self._answers.keep("page", address, shown)
            return shown, False
        return None

    def learn(self, url: str, status: int, headers: Mapping[str, str], body: Callable[[], bytes]) -> None:
        """Keep a page that the browser asked for itself, if it can be asked about again. Raises what ``body`` does."""
        if self._answers and may_be_kept(status, headers) and _is_page(headers):
            self._answers.keep("page", url, KeptAnswer(url, status, _as_decoded(headers), body()))


def _is_page(headers: Mapping[str, str]) -> bool:
    return "html" in headers.get("content-type", "").lower() and "content-disposition" not in headers


def _as_decoded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in _OF_THE_TRANSFER}
