"""A key or token that was taken out of the environment is still found."""

from __future__ import annotations

import os

import pytest
from cryptography.fernet import Fernet

from auditbot.machine.environment import take_secrets
from auditbot.registers.accounts import Account
from auditbot.registers.secrets import find_key, find_token


def test_the_key_is_found_after_it_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Fernet.generate_key().decode()
    monkeypatch.setenv("AUDITBOT_KEY", text)
    take_secrets()
    assert "AUDITBOT_KEY" not in os.environ
    assert Fernet(text).decrypt(find_key().encrypt(b"a face")) == b"a face"


def test_a_token_is_found_after_it_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITBOT_TOKEN_OUR_PAGE", "a-token-of-letters")
    take_secrets()
    found = find_token(Account("Our page", "https://www.facebook.com/larkmere", "facebook"))
    assert found is not None and found.token.get_secret_value() == "a-token-of-letters"
