"""Tokens: from the environment or the keyring, never shown, never mixed up between accounts or with another key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import pytest
from cryptography.fernet import Fernet
from keyring.errors import KeyringError

from auditbot.errors import NoKeyring, SettingsError, TokenUnusable
from auditbot.registers.accounts import Account, read_accounts, token_variable
from auditbot.registers.secrets import find_key, find_token, forget_token, keep_token

TOKEN = "EAAB-secret_token|of.the~School=="
FACEBOOK = Account("Our page", "https://www.facebook.com/larkmere", "facebook")
OTHER = Account("Our page", "https://www.facebook.com/heathmoor", "facebook")


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that works and lives as long as the test."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringError(f"locked; not {TOKEN}")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringError(f"locked; not {password}")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """Return this computer's keyring for one test."""
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def no_ring() -> Iterator[None]:
    """Take this computer's keyring away for one test."""
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


def test_the_environment_comes_first_and_the_token_never_shows(ring: MemoryKeyring) -> None:
    keep_token(FACEBOOK, "the-one-in-the-keyring")
    found = find_token(FACEBOOK, environment={"AUDITBOT_TOKEN_OUR_PAGE": f" {TOKEN}\n"})
    assert found is not None
    assert found.token.get_secret_value() == TOKEN
    assert "AUDITBOT_TOKEN_OUR_PAGE" in found.origin
    assert TOKEN not in f"{found} {found!r} {found.token}"


def test_what_is_kept_is_found_until_it_is_forgotten(ring: MemoryKeyring) -> None:
    assert find_token(FACEBOOK, environment={}) is None
    keep_token(FACEBOOK, f"{TOKEN}\n")
    found = find_token(FACEBOOK, environment={})
    assert found is not None
    assert found.token.get_secret_value() == TOKEN
    assert [forget_token(FACEBOOK), forget_token(FACEBOOK)] == [True, False]
    assert find_token(FACEBOOK, environment={}) is None


def test_another_schools_account_of_the_same_name_is_another_account(ring: MemoryKeyring) -> None:
    keep_token(FACEBOOK, TOKEN)
    assert find_token(OTHER, environment={}) is None


def test_no_account_name_can_touch_the_key_of_the_templates(ring: MemoryKeyring, tmp_path: Path) -> None:
    ring.set_password("auditbot", "face templates", Fernet.generate_key().decode())
    before = dict(ring.entries)
    account = Account("face templates", "https://www.facebook.com/larkmere", "facebook")
    keep_token(account, TOKEN)
    forget_token(account)
    assert ring.entries == before
    find_key(environment={})


@pytest.mark.parametrize(
    "text", ["two\nlines of it", "short", "with space inside", "ümlaut-token", "x" * 9000, "a\x00bcdefgh"]
)
def test_what_is_no_token_is_refused_without_showing_it(no_ring: None, text: str) -> None:
    with pytest.raises(TokenUnusable) as refused:
        find_token(FACEBOOK, environment={"AUDITBOT_TOKEN_OUR_PAGE": text})
    assert text not in str(refused.value)


def test_a_locked_keyring_says_so_and_nothing_else(ring: MemoryKeyring) -> None:
    ring.locked = True
    for attempt in (lambda: find_token(FACEBOOK, environment={}), lambda: forget_token(FACEBOOK)):
        with pytest.raises(TokenUnusable, match="unlock the keyring") as refused:
            attempt()
        assert TOKEN not in str(refused.value)


def test_without_a_keyring_a_token_is_kept_nowhere(no_ring: None) -> None:
    with pytest.raises(NoKeyring, match="AUDITBOT_TOKEN_OUR_PAGE"):
        keep_token(FACEBOOK, TOKEN)
    assert find_token(FACEBOOK, environment={}) is None
    assert forget_token(FACEBOOK) is False


@pytest.mark.parametrize(
    ("name", "variable"),
    [("Facebook", "FACEBOOK"), ("Year 1", "YEAR_1"), ("x-feed", "X_FEED"), ("A_b", "A_B")],
)
def test_the_variables_name(name: str, variable: str) -> None:
    assert token_variable(name) == f"AUDITBOT_TOKEN_{variable}"


REGISTER = """
[[account]]
name = "{first}"
kind = "{kind}"
url = "https://www.facebook.com/a"
[[account]]
name = "{second}"
kind = "x"
url = "https://x.com/b"
"""


@pytest.mark.parametrize(
    ("first", "second", "kind", "fine"),
    [
        ("Our page", "our-page", "facebook", False),
        ("Our page", "our-page", "bluesky", True),
        ("Our page", "Our feed", "facebook", True),
    ],
)
def test_two_accounts_never_share_a_variable(tmp_path: Path, first: str, second: str, kind: str, fine: bool) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(REGISTER.format(first=first, second=second, kind=kind), "utf-8")
    if fine:
        assert len(read_accounts(path)) == 2
    else:
        with pytest.raises(SettingsError, match="would share the variable"):
            read_accounts(path)


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("website", "website"),
        ("youtube", "video"),
        *((kind, "social_media") for kind in ("bluesky", "mastodon", "facebook", "instagram", "threads", "x")),
    ],
)
def test_each_kind_has_its_channel_unless_the_register_names_one(tmp_path: Path, kind: str, channel: str) -> None:
    path = tmp_path / "accounts.toml"
    entry = f'[[account]]\nname = "a"\nkind = "{kind}"\nurl = "https://a.example/a"\n'
    path.write_text(entry, "utf-8")
    assert read_accounts(path)[0].channel == channel
    path.write_text(f'{entry}channel = "press"\n', "utf-8")
    assert read_accounts(path)[0].channel == "press"
