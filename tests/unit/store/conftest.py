"""A real SQLite file for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditbot.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an open store in a new file, data/auditbot.db."""
    with Store(tmp_path / "data" / "auditbot.db") as opened:
        yield opened
