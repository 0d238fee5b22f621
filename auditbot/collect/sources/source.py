"""Which kinds of account there are, and what reads each: one line a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from auditbot.collect.sources.bluesky import collect_bluesky
from auditbot.collect.sources.facebook import collect_facebook
from auditbot.collect.sources.instagram import collect_instagram, collect_threads
from auditbot.collect.sources.mastodon import collect_mastodon
from auditbot.collect.sources.x import collect_x
from auditbot.collect.sources.youtube import collect_youtube
from auditbot.collect.visit import Visit
from auditbot.collect.website.crawl import collect_website
from auditbot.model import CollectEvent
from auditbot.registers.services import BY_KIND, Service


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of account that is visited."""

    kind: str
    """What accounts.toml and auditbot/data/services.toml call it."""
    collect: Callable[[Visit], Iterator[CollectEvent]]
    """What reads one account: yields every event but Coverage, raises AccountFailed or AccountWalled."""

    @property
    def service(self) -> Service:
        """Its name, channel, need of a token and hosts."""
        return BY_KIND[self.kind]


SOURCES: tuple[Source, ...] = (
    Source("website", collect_website),
    Source("youtube", collect_youtube),
    Source("bluesky", collect_bluesky),
    Source("mastodon", collect_mastodon),
    Source("facebook", collect_facebook),
    Source("instagram", collect_instagram),
    Source("threads", collect_threads),
    Source("x", collect_x),
)
"""Every kind that is visited. A folder is read where it lies, by :mod:`auditbot.collect.sources.folder`."""
BY_SOURCE_KIND: Mapping[str, Source] = {source.kind: source for source in SOURCES}
"""The same, by kind."""
