"""Fixtures for collecting from services' interfaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auditbot.collect import bluesky, facebook, instagram, threads, x, youtube
from tests.unit.collect.services import Services


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Return a server that stands for every service. They are asked by http, as no test holds their certificates."""
    for module in (bluesky, facebook, instagram, threads, x):
        monkeypatch.setattr(module, "API", module.API.replace("https://", "http://"))
    monkeypatch.setattr(youtube, "SITE", "http://www.youtube.com")
    monkeypatch.setattr(youtube, "THUMBNAILS", "http://i.ytimg.com/vi")
    server = Services()
    yield server
    server.close()
