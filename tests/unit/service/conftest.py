"""A user of this computer for backups and keys."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the user have an empty configuration folder and no keyring; return the folder."""
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / "user" / name)
    monkeypatch.setattr("auditbot.registers.secrets._has_keyring", lambda: False)
    monkeypatch.delenv("AUDITBOT_KEY", raising=False)
    return tmp_path / "user" / "auditbot"
