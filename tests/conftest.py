"""Fixtures for every test: the checkout, and an empty workspace as ``auditbot init`` makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditbot.settings import Workspace
from auditbot.workspace import make_workspace


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the top folder of the checkout, which is also the demo school's workspace. Tests never write there."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def fresh_workspace(tmp_path: Path) -> Workspace:
    """Return a new workspace in a temporary folder: commented settings, empty registers, one account "website"."""
    return make_workspace(tmp_path / "school", "Larkmere Infant School", "https://www.larkmere.example/")
