"""Fixtures for collecting from services' interfaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auditbot.collect.sources import bluesky, facebook, instagram, x, youtube
from tests.unit.collect.services import Services


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Return a server that stands for every service. They are asked by http, as no test holds their certificates."""
    for module, name in (
        (bluesky, "API"),
        (facebook, "API"),
        (instagram, "API"),
        (instagram, "THREADS_API"),
        (x, "API"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name).replace("https://", "http://"))
    monkeypatch.setattr(youtube, "SITE", "http://www.youtube.com")
    monkeypatch.setattr(youtube, "THUMBNAILS", "http://i.ytimg.com/vi")
    server = Services()
    yield server
    server.close()
