"""Questions to a service's public interface: JSON, patiently, with a token that goes to that interface alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from pydantic import SecretStr

from auditbot.collect.net.fetch import USER_AGENT, Fetcher, FetchFailed, Reply, retry_after
from auditbot.collect.net.throttle import Pace, Retries
from auditbot.collect.net.urls import is_plain_address
from auditbot.sentences import Sentence, say

Trouble = Literal["gone", "absent", "token", "permission", "later", "walled", "heavy", "unusable", "unreachable"]
_TRIES = 4
_LONGEST_WAIT_SECONDS = 960.0
"""X counts in windows of fifteen minutes: waiting one out is worth it, more is for the next run."""
_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RESETS = ("x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset")
_REGAIN = re.compile(r'"estimated_time_to_regain_access"\s*:\s*(\d{1,6})')
_SECRETS = frozenset({"access_token", "appsecret_proof", "client_secret", "token"})
_HIDDEN = "[token]"


class ApiFailed(Exception):
    """The interface gave nothing usable; the message is a sentence for the safeguarding lead, never the service's."""

    def __init__(self, trouble: Trouble, reason: Sentence, again: bool = False, status: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        """Why, as a sentence."""
        self.trouble = trouble
        """Which kind of failure it was: "gone" is definite, "absent" may be a matter of permission."""
        self.again = again
        """Whether asking again may help."""
        self.status = status
        """HTTP status of the answer, where it is what says so; else 0."""


Judge = Callable[[int, Any], ApiFailed | None]
"""Given the HTTP status and the document (None if it is no JSON), says what failed; None if nothing did."""


class Api:
    """One service's interface, asked for one account."""

    def __init__(self, base: str, fetcher: Fetcher, pace: Pace, token: SecretStr | None, judge: Judge) -> None:
        """``base`` is the interface's address; nothing is asked elsewhere on its behalf while there is a token."""
        self._base = base.rstrip("/")
        self._fetcher = fetcher
        self._pace = pace
        self._token = token
        self._judge = judge

    def get(self, path: str, query: Mapping[str, str] | None = None, wrap: str = "") -> dict[str, Any]:
        """Ask for a JSON object, waiting and asking again where that helps. Raises ApiFailed or OutOfTime.

        ``path`` may be a whole address of this interface, as paging gives it. With ``wrap`` a list is asked for, and
        returned under that name.
        """
        asked = urlencode({name: value for name, value in (query or {}).items() if value}, safe=",:")
        url = path if self.owns(path) else f"{self._base}/{path.lstrip('/')}" + (f"?{asked}" if asked else "")
        failure = ApiFailed("unreachable", say("The service could not be reached."))
        retries = Retries(self._pace, _TRIES, _LONGEST_WAIT_SECONDS)
        for _ in retries.times():
            try:
                reply = self._ask(url)
            except FetchFailed as problem:
                if problem.problem in ("refused", "too large"):
                    raise ApiFailed("unusable", problem.reason) from problem
                failure = ApiFailed("unreachable", say("The service could not be reached."))
            else:
                document = _read(reply)
                found = self._judge(reply.status, document) or _general(reply.status, document)
                if found is None:
                    return self._without_token({wrap: document} if wrap and isinstance(document, list) else document)
                if not found.again:
                    raise found
                failure = found
                if not retries.waits(asked_to_wait(reply.headers, datetime.now(UTC))):
                    break
        raise failure

    def owns(self, url: str) -> bool:
        """True if an address is one of this interface: a paging address that leads elsewhere is not followed."""
        if not url.isascii() or not is_plain_address(url):
            return False
        try:
            ours, theirs = urlsplit(self._base), urlsplit(url)
            return (ours.scheme, ours.hostname, ours.port) == (theirs.scheme, theirs.hostname, theirs.port)
        except ValueError:
            return False

    def _ask(self, url: str) -> Reply:
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
            return self._fetcher.answer(url, headers)
        for _ in range(_MAX_REDIRECTS):
            reply = self._fetcher.answer(url, headers)
            if reply.status not in _REDIRECTS or "location" not in reply.headers:
                return reply
            try:
                url = urljoin(url, reply.headers["location"])
            except ValueError as error:
                raise FetchFailed("redirects", say("The address leads nowhere.")) from error
        raise FetchFailed("redirects", say("The address leads round in a circle."))

    def _without_token(self, document: Any) -> dict[str, Any]:
        """Return an answer in which the token does not occur: it must never be taken for something published."""
        if not isinstance(document, dict):
            raise ApiFailed("unusable", say("The service answered in a form that is not known."))
        secret = self._token.get_secret_value() if self._token else ""
        forms = tuple(dict.fromkeys(form for form in (secret, unquote(secret), quote(secret, safe="")) if form))
        cleaned: dict[str, Any] = _cleaned(document, forms)
        return cleaned


def _read(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        return None


def _general(status: int, document: Any) -> ApiFailed | None:
    """Judge an answer by its status alone, as every service means it."""
    failure = None
    if status == 429:
        failure = ApiFailed("later", say("The service asked us to come back later."), again=True)
    elif status >= 500:
        failure = ApiFailed(
            "unreachable", say("The service answered with an error (%(status)s).", status=status), again=True
        )
    elif status in (404, 410) and isinstance(document, dict):
        failure = ApiFailed("gone", say("The service answered %(status)s.", status=status), status=status)
    elif status in (401, 403):
        failure = ApiFailed("walled", say("The service does not let visitors see it (%(status)s).", status=status))
    elif status != 200:
        failure = ApiFailed("unusable", say("The service answered %(status)s.", status=status))
    elif document is None:
        failure = ApiFailed("unusable", say("The service answered with something that cannot be read."), again=True)
    return failure


def asked_to_wait(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds a service asks to wait, by Retry-After or by when its count starts anew; 0 if neither."""
    seconds = retry_after(headers.get("retry-after", ""), lambda: now)
    # Meta counts in minutes, in JSON inside a header.
    minutes = [int(number) for number in _REGAIN.findall(headers.get("x-business-use-case-usage", ""))]
    seconds = max(seconds, 60.0 * max(minutes, default=0))
    for name in _RESETS:
        value = headers.get(name, "").strip()
        spent = headers.get(name.replace("reset", "remaining"), "0").strip() == "0"
        if not seconds and value and spent:
            seconds = max((_moment(value, now) - now).total_seconds() + 1.0, 0.0)
    return seconds


def _moment(value: str, now: datetime) -> datetime:
    """Read when a count starts anew: seconds since 1970, or ISO 8601; ``now`` if it is neither."""
    try:
        if value.isascii() and value.isdigit():
            return datetime.fromtimestamp(int(value), UTC)
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        return now
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _cleaned(value: Any, secrets: tuple[str, ...]) -> Any:
    """Take the token out of every text, and what is named like one out of every address."""
    if isinstance(value, dict):
        return {name: _cleaned(inner, secrets) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, secrets) for inner in value]
    if not isinstance(value, str):
        return value
    if value.startswith(("http://", "https://")):
        value = without_secrets(value)
    for secret in secrets:
        value = value.replace(secret, _HIDDEN)
    return value


def without_secrets(url: str) -> str:
    """Return an address without parameters that hold a token; what is no address as it stands."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(name.lower() in _SECRETS for name, _ in pairs):
        return url
    kept = urlencode([(name, value) for name, value in pairs if name.lower() not in _SECRETS])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, kept, parts.fragment))
