"""Little sites to collect: their pages, their photos, and what a collection of them yielded."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image

from auditbot.collect.stage import collect_account
from auditbot.model import CollectEvent, CollectJob, Coverage, FetchedFile, KnownFile, NotChecked, Post, PostGone, Spool
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import LittleServer


def photo(name: str, width: int = 320, height: int = 240, kind: str = "JPEG") -> bytes:
    """Return a small picture that is like no other: its colours come from its name."""
    first, second, third, *_ = hashlib.sha256(name.encode()).digest()
    image = Image.new("RGB", (width, height), (first, second, third))
    image.paste((third, first, second), (width // 4, height // 4, width // 2, height // 2))
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


def sha256(content: bytes) -> str:
    """Return a content hash as the product writes it."""
    return hashlib.sha256(content).hexdigest()


@dataclass
class Collected:
    """What one collection yielded."""

    events: list[CollectEvent]
    spool: Spool

    @property
    def posts(self) -> dict[str, Post]:
        """Posts by the path of their address."""
        return {path(post.url): post for post in self.events if isinstance(post, Post)}

    @property
    def not_checked(self) -> list[NotChecked]:
        """Everything that was not checked."""
        return [item for item in self.events if isinstance(item, NotChecked)]

    @property
    def missed(self) -> dict[str, str]:
        """Reasons by the path of what was not checked."""
        return {path(item.url): item.reason for item in self.events if isinstance(item, NotChecked)}

    @property
    def files(self) -> dict[str, FetchedFile]:
        """Files by the path of their address."""
        return {path(item.url): item for item in self.events if isinstance(item, FetchedFile)}

    @property
    def gone(self) -> dict[str, str]:
        """Proofs by the path of posts that are gone."""
        return {path(item.url): item.proof for item in self.events if isinstance(item, PostGone)}

    @property
    def coverage(self) -> Coverage:
        """The one Coverage, which is the last event."""
        coverages = [item for item in self.events if isinstance(item, Coverage)]
        assert coverages == self.events[-1:]
        return coverages[0]

    def known_files(self) -> dict[str, KnownFile]:
        """Return the files as a next run knows them."""
        return {
            item.url: KnownFile(item.sha256, item.etag, item.last_modified)
            for item in self.events
            if isinstance(item, FetchedFile)
        }


def path(url: str) -> str:
    """Return an address without its host."""
    return "/" + url.partition("://")[2].partition("/")[2]


CollectSite = Callable[..., Collected]


def collect_site(
    server: LittleServer,
    folder: Path,
    *,
    start: str = "/",
    may_be_empty: bool = False,
    known_files: dict[str, KnownFile] | None = None,
    known_posts: frozenset[str] = frozenset(),
    since: date | None = None,
    local_hosts: dict[str, tuple[str, int]] | None = None,
    url: str = "",
    **options: Any,
) -> Collected:
    """Collect a little site with no pause between pages; ``options`` are settings of [collect]."""
    chosen: dict[str, object] = {
        "delay_seconds": 0.0,
        "page_timeout_seconds": 5.0,
        "allow_loopback": (server.address,),
        **options,
    }
    settings = Settings(school=School(name="Larkmere"), collect=Collect(**chosen))  # type: ignore[arg-type]
    job = CollectJob(
        account="website",
        kind="website",
        url=url or f"{server.url}{start}",
        may_be_empty=may_be_empty,
        spool=Spool(folder / "spool"),
        known_files=known_files or {},
        known_posts=known_posts,
        since=since,
    )
    return Collected(list(collect_account(job, settings, local_hosts=local_hosts or {})), job.spool)


def article(title: str, body: str, date: str = "2026-11-02T09:30:00+00:00") -> str:
    """Return the page of one ordinary post."""
    return (
        f"<!doctype html><html><head><title>{title} – Larkmere</title></head><body>"
        f"<header><a href='/'>Larkmere</a></header>"
        f"<main><article><h1>{title}</h1><p class='byline'>by <span class='author'>Mrs Vale</span></p>"
        f"<time datetime='{date}'>a day</time><div class='entry-content'>{body}</div></article></main></body></html>"
    )


def listing(*links: str, after: str = "") -> str:
    """Return a page that lists posts by their addresses."""
    blocks = "".join(
        f"<article><h2><a href='{link}'>About {link.strip('/')}</a></h2><time datetime='2026-11-01'>1 November</time>"
        f"<p>A few words about what happened at school.</p></article>"
        for link in links
    )
    return f"<!doctype html><html><head><title>News</title></head><body><main>{blocks}{after}</main></body></html>"
