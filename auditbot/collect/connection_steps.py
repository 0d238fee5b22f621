"""The way to a site, step by step, before anything is read: its name, certificate, redirects and rules for robots."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from auditbot.collect.net.fetch import REDIRECTS, Fetcher, FetchFailed, Reply, trust
from auditbot.collect.net.guard import Guard, Refused
from auditbot.collect.net.robots import Robots
from auditbot.collect.net.throttle import OutOfTime, Pace
from auditbot.collect.net.urls import Site, absolute
from auditbot.settings import Settings

_HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_MOST_HOPS = 10
_ENOUGH_BYTES = 5_000_000
_SECONDS = 15.0
CERTIFICATE_ENDS_SOON = 14
"""So many days before its end a certificate is told of: whoever renews it has missed the usual day by then."""


class Stage(StrEnum):
    """What of the way a step is about."""

    NAME = "name"
    CERTIFICATE = "certificate"
    PAGE = "page"
    ROBOTS = "robots"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way."""

    stage: Stage
    """What it is about."""
    passed: bool
    """Whether an audit gets past it."""
    said: str
    """What was met there, and what to do about it, in sentences."""
    doubtful: bool = False
    """Passed, and yet somebody should look at it."""


def steps_to(url: str, settings: Settings, local_hosts: Mapping[str, tuple[str, int]]) -> Iterator[Step]:
    """Go to a web address as an audit would and yield each step; the first that is not passed is the last."""
    options = settings.collect
    pace = Pace(options.delay_seconds, 5.0)
    with (
        Guard(local_hosts, options.allow_loopback, max(options.page_timeout_seconds / 2, 1.0)) as guard,
        closing(Fetcher(guard, pace, options.page_timeout_seconds)) as fetcher,
    ):
        for step in _steps(url, guard, fetcher):
            yield step
            if not step.passed:
                return


def _steps(url: str, guard: Guard, fetcher: Fetcher) -> Iterator[Step]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        addresses = guard.addresses(host, port)
    except Refused as refused:
        yield Step(Stage.NAME, False, _refused(host, port, str(refused)))
        return
    except (OSError, UnicodeError):
        yield Step(
            Stage.NAME,
            False,
            f"The name {host} is not known here. Look at its spelling, and whether this computer is online.",
        )
        return
    yield Step(Stage.NAME, True, f"{host} is {', '.join(address for address, _ in addresses[:3])}.")
    if parts.scheme == "https":
        yield _certificate(host, addresses)
    yield from _page(url, fetcher)
    yield _robots(url, fetcher)


def _refused(host: str, port: int, reason: str) -> str:
    if _is_this_computer(host):
        return (
            f"{host}:{port} is this computer itself. To try auditbot with a site here, write "
            f'allow_loopback = ["{host}:{port}"] under [collect] in config/auditbot.toml, and take it out again.'
        )
    return f"{host}:{port} may not be visited ({reason}): an audit visits only what anybody on the internet can reach."


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _certificate(host: str, addresses: list[tuple[str, int]]) -> Step:
    try:
        with (
            socket.create_connection(addresses[0], timeout=_SECONDS) as plain,
            trust().wrap_socket(plain, server_hostname=host) as secured,
        ):
            certificate = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message.rstrip(".")
        return Step(
            Stage.CERTIFICATE,
            False,
            f"The certificate of {host} is not accepted: {why}. Whoever looks after the site should mend it; behind a "
            "filter of the school's own, install its certificate on this computer.",
        )
    except OSError:
        return Step(
            Stage.CERTIFICATE, False, f"{host} does not answer by https. Look whether it does in a browser here."
        )
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (ends - datetime.now(UTC)).days
    soon = days < CERTIFICATE_ENDS_SOON
    told = f"The certificate is accepted, and holds until {ends.day} {ends:%B %Y}."
    return Step(
        Stage.CERTIFICATE, True, told + (" That is soon: see that it is renewed." if soon else ""), doubtful=soon
    )


def _page(url: str, fetcher: Fetcher) -> Iterator[Step]:
    """Ask for the page itself, and follow where it leads on its own site."""
    asked, site = url, Site(url)
    for _ in range(_MOST_HOPS + 1):
        try:
            reply = fetcher.answer(url, {"Accept": _HTML}, _ENOUGH_BYTES)
        except (FetchFailed, OutOfTime) as failure:
            yield Step(Stage.PAGE, False, f"{url}: {failure or 'It took too long.'}")
            return
        if reply.status not in REDIRECTS or "location" not in reply.headers:
            yield _answered(asked, reply)
            return
        url = absolute(url, reply.headers["location"])
        if not url:
            yield Step(Stage.PAGE, False, f"{reply.url} leads to something that is no web address.")
            return
        if not site.owns(url):
            told = f"{asked} leads to {url}, another site: if it is right, write that into config/accounts.toml."
            yield Step(Stage.PAGE, False, told)
            return
    yield Step(Stage.PAGE, False, f"{asked} leads round in a circle.")


def _answered(asked: str, reply: Reply) -> Step:
    led = f"{asked} leads to {reply.url}. " if reply.url != asked else ""
    if reply.status >= 400:
        return Step(Stage.PAGE, False, f"{led}The answer is {reply.status}. {_MEANING.get(reply.status, '')}".rstrip())
    kind = reply.headers.get("content-type", "").split(";")[0]
    size = max(len(reply.body) // 1000, 1)
    return Step(Stage.PAGE, True, f"{led}The answer is {reply.status}, {size} kB of {kind or 'no kind'}.")


_MEANING = {
    401: "It asks for a password: auditbot never signs in.",
    403: "The site keeps this computer or programs out: ask whoever looks after it to let auditbot in.",
    404: "There is no such page: look at the address.",
    429: "The site has been asked too often and wants peace: try again tomorrow.",
    503: "The site is down, or keeps programs out: look at it in a browser.",
}


def _robots(url: str, fetcher: Fetcher) -> Step:
    place = absolute(url, "/robots.txt")
    try:
        reply = fetcher.answer(place, {"Accept": "text/plain"}, _ENOUGH_BYTES)
    except (FetchFailed, OutOfTime):
        return Step(Stage.ROBOTS, True, "The site's robots.txt could not be had, so nothing is forbidden by it.")
    if reply.status != 200:
        return Step(Stage.ROBOTS, True, "The site has no robots.txt: everything may be visited.")
    rules = Robots(reply.body.decode("utf-8", "replace"))
    if not rules.allows(url):
        return Step(
            Stage.ROBOTS,
            False,
            f"{place} keeps automatic visitors out of this address. Have these lines put into it: "
            '"User-agent: auditbot" and, below, "Allow: /".',
        )
    delay = f", and asks for {rules.delay_seconds:g} seconds between two pages" if rules.delay_seconds else ""
    return Step(Stage.ROBOTS, True, f"robots.txt lets auditbot in{delay}.")
