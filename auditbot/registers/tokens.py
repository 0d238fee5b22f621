"""Tokens of the school's own accounts: in the environment or the operating system's keyring, never in a file.

The environment variable comes first: AUDITBOT_TOKEN_ and the account's name. In the keyring a token stands under the
account's address, so that two schools on one computer never meet each other's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

import keyring
from keyring.errors import KeyringError, PasswordDeleteError
from pydantic import SecretStr

from auditbot.errors import NoKeyring, TokenUnusable
from auditbot.registers.accounts import Account, token_variable
from auditbot.registers.template_key import SERVICE, WEAKEST_KEYRING

KEYRING = "the keyring of this computer"
_TOKEN = re.compile(r"[\x21-\x7e]{8,8192}")


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A token and where it was found."""

    token: SecretStr
    """The token; it shows itself in no text."""
    origin: str
    """Where it was found, in words."""


def find_token(account: Account, *, environment: Mapping[str, str] = os.environ) -> FoundToken | None:
    """Return the account's token, or None. Raises TokenUnusable for one that is none, or a keyring that is locked."""
    variable = token_variable(account.name)
    text = environment.get(variable, "").strip()
    if text:
        return FoundToken(_checked(text, f"the environment variable {variable}"), f"the variable {variable}")
    if not _has_keyring():
        return None
    try:
        text = keyring.get_password(SERVICE, account.url) or ""
    except KeyringError as error:
        raise TokenUnusable(KEYRING) from error
    return FoundToken(_checked(text, KEYRING), KEYRING) if text else None


def keep_token(account: Account, text: str) -> None:
    """Keep a token in the keyring. Raises TokenUnusable if it is none, NoKeyring if it cannot be kept."""
    token = _checked(text.strip(), "what was typed")
    if not _has_keyring():
        raise NoKeyring(token_variable(account.name))
    try:
        keyring.set_password(SERVICE, account.url, token.get_secret_value())
    except KeyringError as error:
        raise NoKeyring(token_variable(account.name)) from error


def forget_token(account: Account) -> bool:
    """Remove the account's token from the keyring; False if there was none. Raises TokenUnusable."""
    try:
        if not _has_keyring() or keyring.get_password(SERVICE, account.url) is None:
            return False
        keyring.delete_password(SERVICE, account.url)
    except PasswordDeleteError:
        return False
    except KeyringError as error:
        raise TokenUnusable(KEYRING) from error
    return True


def _checked(text: str, origin: str) -> SecretStr:
    """Refuse what cannot stand in a header: the libraries that send it would print it."""
    if not _TOKEN.fullmatch(text):
        raise TokenUnusable(origin)
    return SecretStr(text)


def _has_keyring() -> bool:
    return bool(keyring.get_keyring().priority >= WEAKEST_KEYRING)
