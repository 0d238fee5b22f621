"""Requests without a browser: listings and files, all through the guard, and what a site's answers mean."""

from __future__ import annotations

import ssl
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import IO, Literal
from urllib.parse import urldefrag, urlsplit

import certifi
import urllib3
from urllib3.exceptions import HTTPError

from auditbot import __version__
from auditbot.collect.net.guard import Guard, words_of_guard
from auditbot.collect.net.throttle import Pace, Retries
from auditbot.collect.net.urls import Site, absolute, is_web_address
from auditbot.collect.net.warc import Warc
from auditbot.model import AccountAnswers, KeptAnswer
from auditbot.sentences import Sentence, say

USER_AGENT = f"auditbot/{__version__} (+school's own audit)"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""HTTP statuses that lead on to another address."""
_MAX_REDIRECTS = 10
_CHUNK = 65536
MAX_LISTING_BYTES = 30_000_000

Problem = Literal[
    "refused", "unreachable", "later", "too large", "no room", "status", "redirects", "walled", "incomplete"
]

NOT_OFFERED = (401, 403, 404, 405, 410)
"""Answers of an interface, or a list of it, that is not offered to visitors: no gap, as nothing of it is public."""


class FetchFailed(Exception):
    """Nothing usable came; the message is a sentence for the safeguarding lead."""

    def __init__(self, problem: Problem, reason: Sentence, status: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        """Why, as a sentence."""
        self.problem = problem
        """Which kind of failure it was."""
        self.status = status
        """HTTP status of the answer, or 0 if there was none."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, read whole."""

    url: str
    """Address it came from, after redirects."""
    status: int
    """HTTP status: 200 or 304, any from ``answer``."""
    headers: Mapping[str, str]
    """Headers, names in lower case."""
    body: bytes
    """Content, decompressed."""


class Fetcher:
    """Asks one account's hosts, gently. One request at a time."""

    def __init__(
        self,
        guard: Guard,
        pace: Pace,
        timeout_seconds: float,
        warc: Warc | None = None,
        answers: AccountAnswers | None = None,
    ) -> None:
        """``timeout_seconds`` bounds one request from its start to the last byte; ``warc`` keeps what is answered.

        ``answers`` holds earlier ones: of lists, only what has changed is asked for.
        """
        self._pace = pace
        self._answers = answers
        self._warc = warc
        self._sent: dict[str, str] = {}
        self._address = ""
        self._timeout = timeout_seconds
        wait = urllib3.Timeout(connect=min(timeout_seconds, 15.0), read=min(timeout_seconds, 30.0))
        self._pool = urllib3.ProxyManager(
            guard.url,
            proxy_headers=urllib3.make_headers(proxy_basic_auth=":".join(guard.credentials)),
            timeout=wait,
            retries=False,
            maxsize=2,
            num_pools=20,
            ssl_context=trust(),
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.clear()

    def get(self, url: str, accept: str = "*/*", limit: int = MAX_LISTING_BYTES, leave_site: bool = False) -> Reply:
        """Read one listing, unless this very audit has before it was cut short. Raises FetchFailed or OutOfTime.

        ``leave_site``: redirects may lead to another host.
        """
        if self._answers is None:
            return self._get(url, {"Accept": accept}, limit, leave_site)
        if (read := self._answers.before_the_cut("list", url)) is not None:
            return Reply(read.url, read.status, read.headers, read.body)
        known = self._answers.last("list", url)
        reply = self._get(url, {"Accept": accept, **validators_of(known)}, limit, leave_site)
        if reply.status == 304 and known:
            if reply.url == known.url:
                self._answers.confirm("list", url)
                reply = Reply(known.url, known.status, known.headers, known.body)
            else:
                # The address leads elsewhere now, and the answer is about that place.
                reply = self._get(url, {"Accept": accept}, limit, leave_site)
        answer = KeptAnswer(reply.url, reply.status, reply.headers, reply.body)
        self._answers.note("list", url, answer)
        if reply.status == 200 and answer != known and may_be_kept(reply.status, reply.headers):
            self._answers.keep("list", url, answer)
        return reply

    def kept(self, url: str) -> Reply | None:
        """Return what a listing answered last, without asking: for what does not change. None if that is not kept."""
        known = self._answers.last("list", url) if self._answers else None
        if known is None or self._answers is None:
            return None
        self._answers.confirm("list", url)
        return Reply(known.url, known.status, known.headers, known.body)

    def _get(self, url: str, headers: Mapping[str, str], limit: int, leave_site: bool) -> Reply:
        content = bytearray()
        with self.stream(url, headers, within=None if leave_site else Site(url)) as (final, response):
            for piece in self.pieces(response, limit):
                content += piece
            return Reply(final, response.status, _lower(response.headers), bytes(content))

    def answer(
        self, url: str, headers: Mapping[str, str], limit: int = MAX_LISTING_BYTES, waited: bool = False
    ) -> Reply:
        """Ask once and return whatever is answered, redirects and errors too. Raises FetchFailed or OutOfTime.

        For interfaces that explain their errors, and for questions that carry a token and must not be sent elsewhere.
        ``waited``: the pause that the site is owed has been kept.
        """
        if not waited:
            self._pace.wait(url)
        self._address = ""
        try:
            response = self._ask(url, headers)
        except (HTTPError, OSError) as error:
            raise FetchFailed("unreachable", say("The site could not be reached.")) from error
        try:
            content = b"".join(self.pieces(response, limit))
            return Reply(url, response.status, _lower(response.headers), content)
        finally:
            response.close()

    @contextmanager
    def stream(
        self, url: str, headers: Mapping[str, str], file: bool = False, within: Site | None = None, page: str = ""
    ) -> Iterator[tuple[str, urllib3.BaseHTTPResponse]]:
        """Open an address whose answer is 200 or 304, with retries and redirects. Raises FetchFailed or OutOfTime.

        ``within`` is the site that redirects may not leave; ``page`` is the address of the page that asks for it.
        """
        for _ in range(_MAX_REDIRECTS + 1):
            response = self._with_retries(url, {**headers, **referer(page, url)}, file)
            try:
                if response.status in REDIRECTS and "location" in response.headers:
                    self._keep(url, response, b"")
                    url = absolute(url, response.headers["location"])
                    if not is_web_address(url):
                        raise FetchFailed("refused", say("The address may not be visited: not a web address."))
                    if within and not within.owns(url):
                        raise FetchFailed("redirects", say("The address leads to another site."))
                    continue
                _check_status(response)
                self._address = url
                yield url, response
                return
            finally:
                # Never drained: what is left of an answer may be endless.
                response.close()
        raise FetchFailed("redirects", say("The address leads round in a circle."))

    def pieces(self, response: urllib3.BaseHTTPResponse, limit: int, seconds: float = 0.0) -> Iterator[bytes]:
        """Read an answer's content, decompressed, up to ``limit`` bytes and in bounded time. Raises FetchFailed.

        ``seconds`` gives it longer than the usual time; what takes that, a film, is not kept in a WARC file.
        """
        address, self._address = self._address, ""
        if not self._warc or not address or seconds:
            yield from self._read(response, limit, seconds)
            return
        with tempfile.SpooledTemporaryFile(_CHUNK * 16) as copy:
            for piece in self._read(response, limit, seconds):
                copy.write(piece)
                yield piece
            self._keep(address, response, copy)

    def _read(self, response: urllib3.BaseHTTPResponse, limit: int, seconds: float) -> Iterator[bytes]:
        end = time.monotonic() + max(self._timeout, seconds)
        stated = response.headers.get("content-length", "")
        if stated.isascii() and stated.isdigit() and int(stated) > limit:
            raise FetchFailed("too large", say("It is larger than %(count)s megabytes.", count=limit // 1_000_000))
        size = 0
        try:
            # read1 returns what has come, however little: a dripping answer must not outlast the clock.
            while piece := response.read1(_CHUNK, decode_content=True):
                size += len(piece)
                if size > limit:
                    raise FetchFailed(
                        "too large", say("It is larger than %(count)s megabytes.", count=limit // 1_000_000)
                    )
                if time.monotonic() > end:
                    raise FetchFailed("incomplete", say("It did not arrive in time."))
                yield piece
        except (HTTPError, OSError) as error:
            raise FetchFailed("incomplete", say("The connection broke before it had arrived whole.")) from error

    def _keep(self, url: str, response: urllib3.BaseHTTPResponse, body: IO[bytes] | bytes) -> None:
        if self._warc:
            self._warc.add(url, response.status, self._sent, response.headers, body)

    def _with_retries(self, url: str, headers: Mapping[str, str], file: bool) -> urllib3.BaseHTTPResponse:
        failure = FetchFailed("unreachable", say("The site could not be reached."))
        retries = Retries(self._pace)
        for _ in retries.times():
            self._pace.wait(url, file)
            try:
                response = self._ask(url, headers)
            except (HTTPError, OSError):
                failure = FetchFailed("unreachable", say("The site could not be reached."))
            else:
                if response.status != 429 and response.status < 500:
                    return response
                failure, asked_for = _unwell(response)
                response.close()
                if not retries.waits(asked_for):
                    break
        raise failure

    def _ask(self, url: str, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        if not url.lower().startswith(("http://", "https://")):
            raise FetchFailed("refused", say("The address may not be visited: not a web address."))
        self._sent = sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", **headers}
        response = self._pool.request("GET", url, headers=sent, preload_content=False, redirect=False)
        refused, failed = words_of_guard(url, response.headers)
        if refused:
            raise FetchFailed("refused", say("The address may not be visited: %(refused)s.", refused=refused))
        if failed:
            raise OSError(failed)
        return response


def validators(etag: str, last_modified: str) -> dict[str, str]:
    """Return the headers that ask whether what was answered with these still stands; empty ones are left out."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {header: value for header, value in asked.items() if value}


def validators_of(known: KeptAnswer | None) -> dict[str, str]:
    """Return the headers that ask whether an answer still stands; none if there is no answer."""
    return validators(known.headers.get("etag", ""), known.headers.get("last-modified", "")) if known else {}


def referer(page: str, url: str) -> dict[str, str]:
    """Return the header that tells a server which page asks, as browsers send it (strict-origin-when-cross-origin)."""
    if not is_web_address(page):
        return {}
    asks, asked = urlsplit(page), urlsplit(url)
    if asks.scheme == "https" and asked.scheme != "https":
        return {}
    if (asks.scheme, asks.netloc.lower()) == (asked.scheme, asked.netloc.lower()):
        return {"Referer": urldefrag(page).url}
    return {"Referer": f"{asks.scheme}://{asks.netloc}/"}


def may_be_kept(status: int, headers: Mapping[str, str]) -> bool:
    """True for an answer that can be asked about again and is the same for every visitor."""
    modified = headers.get("last-modified", "")
    # "Modified just now" is what pages say that are made anew for every visit.
    validated = headers.get("etag") or (modified and modified != headers.get("date"))
    varies = {name.strip() for name in headers.get("vary", "").lower().split(",")}
    private = "set-cookie" in headers or "no-store" in headers.get("cache-control", "").lower()
    return status == 200 and bool(validated) and not private and not varies & {"*", "cookie"}


@cache
def trust() -> ssl.SSLContext:
    """The machine's own certificates (a school's filter may add one) and, where it has none, the usual ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _unwell(response: urllib3.BaseHTTPResponse) -> tuple[FetchFailed, float]:
    """Turn 429 or 5xx into what to report and how many seconds the site asks to wait."""
    seconds = retry_after(response.headers.get("retry-after", ""), lambda: datetime.now(UTC))
    if response.status == 429 or seconds:
        return FetchFailed("later", say("The site asked us to come back later."), response.status), seconds
    return FetchFailed(
        "status", say("The site answered with an error (%(status)s).", status=response.status), response.status
    ), 0.0


def retry_after(value: str, now: Callable[[], datetime]) -> float:
    """Read a Retry-After header, seconds or a date; 0 if there is none that makes sense."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max((at.replace(tzinfo=at.tzinfo or UTC) - now()).total_seconds(), 0.0)


def _check_status(response: urllib3.BaseHTTPResponse) -> None:
    status = response.status
    if status in (200, 203, 304):
        return
    if status in (401, 403, 407):
        raise FetchFailed("walled", say("The site does not let visitors see it (%(status)s).", status=status), status)
    if status in REDIRECTS:
        raise FetchFailed("redirects", say("The address leads round in a circle."), status)
    raise FetchFailed("status", say("The site answered %(status)s.", status=status), status)
