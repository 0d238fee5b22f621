"""Secrets: the key of the face templates, tokens of the school's own accounts, the mail password.

Each stands in the environment or the operating system's keyring; a token is never in a file. The environment comes
first: AUDITBOT_TOKEN_ and the account's name. In the keyring a token stands under the
account's address, so that two schools on one computer never meet each other's.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import keyring
import platformdirs
from cryptography.fernet import Fernet, MultiFernet
from keyring.errors import KeyringError, PasswordDeleteError
from pydantic import SecretStr

from auditbot.errors import KeyNotOurs, NoKeyring, TemplateKeyMissing, TemplateKeyUnusable, TokenUnusable
from auditbot.machine.environment import secret
from auditbot.registers.accounts import Account, token_variable
from auditbot.safe_files import write_private

# The key that face templates are encrypted with.

VARIABLE = "AUDITBOT_KEY"
SERVICE = "auditbot"
ENTRY = "face templates"
WEAKEST_KEYRING = 1  # keyring's own mark for a backend fit for use


def key_file() -> Path:
    """Where the key file lies, or would lie."""
    return platformdirs.user_config_path("auditbot") / "face-templates.key"


def find_key(*, environment: Mapping[str, str] | None = None, make: bool = False) -> MultiFernet:
    """Return the key, made anew only if ``make`` is true and there is none.

    While keys are being changed it seals with the new one and opens what either has sealed.

    ``environment`` stands for that of this process, of which secrets were taken. Raises TemplateKeyMissing if there is
    no key, TemplateKeyUnusable if the one found is none or cannot be had.
    """
    text, origin = _key_text(environment)
    if text:
        return _fernet(text, origin)
    if not make:
        raise TemplateKeyMissing(key_file())
    return _made(key_file())


def key_for_backup() -> str:
    """Return the key as text, for a sealed backup; empty if there is none. Raises what ``find_key`` raises."""
    text, origin = _key_text(None)
    if text:
        _fernet(text, origin)
    return text


def bring_back_key(text: str) -> bool:
    """Keep a key out of a backup where none is kept yet; False if another key is kept, which stays as it is."""
    kept = key_for_backup()
    if kept or not text:
        return not text or kept == text
    _fernet(text, "the backup")
    _write_key(key_file(), text)
    return True


def _key_text(environment: Mapping[str, str] | None) -> tuple[str, str]:
    """Return the key and where it was found; an empty text if there is none."""
    if text := secret(VARIABLE, environment):
        return text, f"the environment variable {VARIABLE}"
    path = key_file()
    if path.is_file():
        return path.read_text("ascii", errors="replace").strip(), str(path)
    return _from_keyring(), "the keyring of this computer"


def _fernet(text: str, origin: str) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in text.split()])
    except ValueError as error:
        raise TemplateKeyUnusable(origin) from error


# Changing the key. Where it is kept stand two meanwhile, the new one first: killed at any moment, everything opens.


def begin_new_key() -> MultiFernet:
    """Put a new key in front of the one that is kept, unless one stands there already, and return both.

    Raises KeyNotOurs if the key comes from the environment and no second one stands behind it, and what ``find_key``
    raises.
    """
    text, origin = _key_text(None)
    if not text:
        raise TemplateKeyMissing(key_file())
    both = _fernet(text, origin)
    if len(text.split()) > 1:
        return both
    if secret(VARIABLE):
        raise KeyNotOurs(VARIABLE)
    new = f"{Fernet.generate_key().decode('ascii')} {text}"
    _keep_key(new)
    return _fernet(new, origin)


def newest_key() -> MultiFernet:
    """Return the first of the keys kept alone: what it opens needs no other. Raises what ``find_key`` raises."""
    text, origin = _key_text(None)
    if not text:
        raise TemplateKeyMissing(key_file())
    return _fernet(text.split()[0], origin)


def drop_old_keys() -> bool:
    """Keep the first key alone; False if the keys come from the environment, where only a person can."""
    if secret(VARIABLE):
        return False
    text, _ = _key_text(None)
    _keep_key(text.split()[0])
    return True


def _keep_key(text: str) -> None:
    """Replace the key where it is kept. Raises OSError, TemplateKeyUnusable."""
    if key_file().is_file():
        write_private(key_file(), text.encode("ascii"))
        return
    try:
        keyring.set_password(SERVICE, ENTRY, text)
    except KeyringError as error:
        raise TemplateKeyUnusable("the keyring of this computer") from error


def _has_keyring() -> bool:
    return bool(keyring.get_keyring().priority >= WEAKEST_KEYRING)


def _from_keyring() -> str:
    if not _has_keyring():
        return ""
    try:
        return keyring.get_password(SERVICE, ENTRY) or ""
    except KeyringError as error:
        raise TemplateKeyUnusable("the keyring of this computer") from error


def _made(path: Path) -> MultiFernet:
    text = Fernet.generate_key().decode("ascii")
    if _has_keyring():
        with contextlib.suppress(KeyringError):  # a keyring that cannot be written to: the file does as well
            keyring.set_password(SERVICE, ENTRY, text)
            return _fernet(text, KEYRING)
    _write_key(path, text)
    return _fernet(text, str(path))


def _write_key(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)


KEYRING = "the keyring of this computer"
_TOKEN = re.compile(r"[\x21-\x7e]{8,8192}")


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A token and where it was found."""

    token: SecretStr
    """The token; it shows itself in no text."""
    origin: str
    """Where it was found, in words."""


def find_token(account: Account, *, environment: Mapping[str, str] | None = None) -> FoundToken | None:
    """Return the account's token, or None. Raises TokenUnusable for one that is none, or a keyring that is locked."""
    variable = token_variable(account.name)
    text = secret(variable, environment)
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


MAIL_VARIABLE = "AUDITBOT_MAIL_PASSWORD"
MAIL_ENTRY = "mail password"


def mail_password(*, environment: Mapping[str, str] | None = None) -> SecretStr:
    """Return the password for the mail server, from the environment or the keyring; empty if there is none."""
    return _kept_secret(MAIL_VARIABLE, MAIL_ENTRY, environment)


def sign_on_secret(*, environment: Mapping[str, str] | None = None) -> SecretStr:
    """Return the page's secret at the school's own sign-in, from the environment or the keyring; empty if none."""
    return _kept_secret("AUDITBOT_SIGN_ON_SECRET", "sign on secret", environment)


def webhook_secret(*, environment: Mapping[str, str] | None = None) -> SecretStr:
    """Return what messages to the webhook are signed with, from the environment or the keyring; empty if none."""
    return _kept_secret("AUDITBOT_WEBHOOK_SECRET", "webhook secret", environment)


def _kept_secret(variable: str, entry: str, environment: Mapping[str, str] | None) -> SecretStr:
    if text := secret(variable, environment):
        return SecretStr(text)
    if not _has_keyring():
        return SecretStr("")
    try:
        return SecretStr(keyring.get_password(SERVICE, entry) or "")
    except KeyringError:
        return SecretStr("")  # whoever is asked for it then refuses, and the page says so
