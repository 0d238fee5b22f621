"""Nothing passes silently: on sites drawn at random, whatever is not found is told, and "complete" means found."""

from __future__ import annotations

import os
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium

from auditbot.collect.browser.driver import Driver
from auditbot.collect.browser.launch import NotStarted, launch_one, sandbox_works
from auditbot.collect.net.guard import Guard
from auditbot.model import Became, MetAddresses
from auditbot.same_page import key
from auditbot.settings import Settings
from tests.browser.little_server import LittleServer
from tests.browser.site_generator import MadeSite, Truth
from tests.browser.small_site import Collected, collect_site

_Driver = namedtuple("_Driver", "stop")
SITES = int(os.environ.get("AUDITBOT_SITES", "200"))
"""How many sites are made; 2,000 on request."""
_AT_ONCE = 10
_OPENED = {Became.OPENED, Became.UNCHANGED, Became.SAME}


@pytest.mark.parametrize("first", range(0, SITES, _AT_ONCE))
def test_found_and_told_together_are_all(first: int, tmp_path: Path) -> None:
    wrong = [said for seed in range(first, min(first + _AT_ONCE, SITES)) for said in judge(seed, tmp_path / str(seed))]
    assert wrong == []


@pytest.fixture(scope="module", autouse=True)
def one_driver() -> Iterator[None]:
    """Start the browser's driver once for all sites; each still has a browser of its own, behind its own guard."""
    driver = Driver(confined=False)

    def start(settings: Settings, mark: str, guard: Guard | None = None) -> tuple[_Driver, Chromium]:
        made = launch_one(driver, sandbox_works(), settings, mark, guard)
        assert not isinstance(made, NotStarted)
        return _Driver(lambda: None), made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("auditbot.collect.browser.browser.start", start)
        yield
    driver.stop()


def judge(seed: int, folder: Path) -> list[str]:
    """Collect one site; return what was neither found nor told, and what is called complete and is not."""
    server = LittleServer()
    try:
        made = MadeSite(seed, server)
        found = collect_site(server, folder)
        lost = [truth for truth in made.truth if not _found(truth, found)]
        silent = [truth.path for truth in lost if not _told(server.url + truth.path, found)]
        wrong = [f"site {seed}: {path} neither found nor told ({made.traits})" for path in silent]
        if lost and found.coverage.status == "complete":
            wrong.append(f"site {seed}: complete without {[truth.path for truth in lost]} ({made.traits})")
        pages = [path for path in server.paths() if "pg=" in path or "month=" in path]
        if len(pages) > 10 * 2:
            wrong.append(f"site {seed}: {len(pages)} pages of series without end ({made.traits})")
        return wrong
    finally:
        server.close()


def _found(truth: Truth, found: Collected) -> bool:
    """True if the post's words are read and every photo it shows is taken."""
    photos = {use.sha256 for post in found.posts.values() for use in post.photos}
    return any(truth.words in post.text for post in found.posts.values()) and truth.photos <= photos


def _told(url: str, found: Collected) -> bool:
    """True if a post's address stands among those that were not opened, or a page says that it shows more."""
    entries = [entry for event in found.events if isinstance(event, MetAddresses) for entry in event.entries]
    unopened = {key(entry.url) for entry in entries if entry.became not in _OPENED}
    named = {key(note.url) for note in found.not_checked if not note.aside}
    shut = any(note.what == "page" and not note.aside for note in found.not_checked)
    return key(url) in unopened | named or shut
