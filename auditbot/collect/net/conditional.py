"""Asking a site only for what has changed: with the validator of what it answered last, and that answer at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditbot.collect.net.fetch import Fetcher, FetchFailed, OutOfTime, may_be_kept, validators
from auditbot.model import AccountAnswers, KeptAnswer

_OF_THE_TRANSFER = frozenset(
    ["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie", "trailer"]
)
# What the browser follows, asks for or shows in a way of its own.
_FOR_THE_BROWSER = frozenset({204, 205, 206, 401, 407})


class Pages:
    """One account's pages as their server sends them, before any script has run."""

    def __init__(self, answers: AccountAnswers, fetcher: Fetcher) -> None:
        self._answers = answers
        self._fetcher = fetcher

    def ask(self, url: str, headers: Mapping[str, str]) -> KeptAnswer | None:
        """Ask whether a page has changed, with the browser's own headers; return what the browser shall show.

        None if nothing is known of the page, or if what is answered is better left to the browser: then it asks itself.
        """
        known = self._answers.last("page", url)
        if known is None:
            return None
        sent = {
            name.title(): value for name, value in headers.items() if name.lower() not in ("accept-encoding", "host")
        }
        try:
            reply = self._fetcher.answer(url, {**sent, **validators(known)}, waited=True)
        except (FetchFailed, OutOfTime):
            return None
        if reply.status == 304:
            self._answers.confirm("page", url)
            return known
        if reply.status < 200 or 300 <= reply.status < 400 or reply.status in _FOR_THE_BROWSER:
            return None
        if not _is_page(reply.headers) or "set-cookie" in reply.headers:
            return None
        shown = KeptAnswer(url, reply.status, _as_decoded(reply.headers), reply.body)
        if may_be_kept(reply.status, reply.headers):
            self._answers.keep("page", url, shown)
        return shown

    def learn(self, url: str, status: int, headers: Mapping[str, str], body: Callable[[], bytes]) -> None:
        """Keep a page that the browser asked for itself, if it can be asked about again. Raises what ``body`` does."""
        if may_be_kept(status, headers) and _is_page(headers):
            self._answers.keep("page", url, KeptAnswer(url, status, _as_decoded(headers), body()))


def _is_page(headers: Mapping[str, str]) -> bool:
    return "html" in headers.get("content-type", "").lower() and "content-disposition" not in headers


def _as_decoded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in _OF_THE_TRANSFER}
