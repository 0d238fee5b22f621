"""Fixtures for tests with a real browser and a real little server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.little_server import LittleServer
from tests.browser.small_site import Collected, CollectSite, collect_site


@pytest.fixture
def site() -> Iterator[LittleServer]:
    """Return a site without pages; a test adds its routes."""
    server = LittleServer()
    yield server
    server.close()


@pytest.fixture
def neighbour() -> Iterator[LittleServer]:
    """Return a second server on this machine, which nobody may reach."""
    server = LittleServer()
    yield server
    server.close()


@pytest.fixture
def collect(site: LittleServer, tmp_path: Path) -> CollectSite:
    """Return a function that collects the ``site``."""

    def run(**options: Any) -> Collected:
        return collect_site(site, tmp_path, **options)

    return run
