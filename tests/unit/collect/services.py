"""Services on this machine that answer as the real ones are documented to, and what a collection of them yields."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from auditbot.collect.stage import collect_account
from auditbot.model import CollectJob, Spool
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import Collected, photo

TOKEN = "EAAB1secret-Token.of_the~School%2F0123456789"
HOSTS = (
    "www.youtube.com",
    "consent.youtube.com",
    "i.ytimg.com",
    "public.api.bsky.app",
    "social.example",
    "graph.facebook.com",
    "graph.instagram.com",
    "graph.threads.net",
    "api.x.com",
    "cdn.example",
    "www.facebook.example",
)
Reply = Mapping[str, Any] | list[Any] | Answer | Callable[[dict[str, str]], Any]


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    """Return an answer in JSON; headers are given with _ for -."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(json.dumps(value), "application/json", status, named)


class Services(LittleServer):
    """One server for all hosts. Photos lie under /photos/; an answer may be a function of the question's parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.wants_token = True

    def says(self, path: str, *replies: Reply) -> None:
        """Answer this path with each reply in turn, the last one for ever."""
        waiting = list(replies)

        def route(asked: Asked) -> Answer:
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
            answer = reply(query) if callable(reply) else reply
            return answer if isinstance(answer, Answer) else as_json(answer)

        self.routes[path] = route

    def shows(self, *names: str) -> None:
        """Hold a photo under /photos/NAME for each name."""
        for name in names:
            self.routes[f"/photos/{name}"] = Answer(photo(name), "image/jpeg")

    def collect(
        self,
        folder: Path,
        kind: str,
        url: str,
        *,
        token: str | None = TOKEN,
        known: tuple[str, ...] = (),
        since: date | None = None,
        **options: Any,
    ) -> Collected:
        """Collect an account of this kind; every host named above is this server."""
        job = CollectJob(
            account="the account",
            kind=kind,
            url=url,
            may_be_empty=False,
            spool=Spool(folder / "spool"),
            known_files={},
            known_posts=frozenset(known),
            since=since,
            token=SecretStr(token) if token else None,
        )
        # A browser that is not there: what is read by an interface must not need one.
        usual = {"delay_seconds": 0.0, "page_timeout_seconds": 10.0, "browser": "/no/such/browser"}
        collect = Collect(**{**usual, **options})
        settings = Settings(school=School(name="Larkmere Infant School"), collect=collect)
        host, _, port = self.address.partition(":")
        local = {name: (host, int(port)) for name in HOSTS}
        return Collected(list(collect_account(job, settings, local_hosts=local)), job.spool)


def cdn(name: str) -> str:
    """Return the address of a photo on the services' own file host."""
    return f"http://cdn.example/photos/{name}"
