"""The key that face templates are encrypted with. It never lies in the workspace and is never shown.

Looked for in this order: the environment variable AUDITBOT_KEY, the key file in the user's own configuration folder,
the operating system's keyring. Made on first use and kept in the keyring, or in the key file where there is none.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import keyring
import platformdirs
from cryptography.fernet import Fernet
from keyring.errors import KeyringError

from auditbot.errors import TemplateKeyMissing, TemplateKeyUnusable

VARIABLE = "AUDITBOT_KEY"
SERVICE = "auditbot"
ENTRY = "face templates"
WEAKEST_KEYRING = 1  # keyring's own mark for a backend fit for use


def key_file() -> Path:
    """Where the key file lies, or would lie."""
    return platformdirs.user_config_path("auditbot") / "face-templates.key"


def find_key(*, environment: Mapping[str, str] = os.environ, make: bool = False) -> Fernet:
    """Return the key, made anew only if ``make`` is true and there is none.

    Raises TemplateKeyMissing if there is none, TemplateKeyUnusable if the one found is no key or cannot be had.
    """
    text = environment.get(VARIABLE, "").strip()
    if text:
        return _fernet(text, f"the environment variable {VARIABLE}")
    path = key_file()
    if path.is_file():
        return _fernet(path.read_text("ascii", errors="replace").strip(), str(path))
    text = _from_keyring()
    if text:
        return _fernet(text, "the keyring of this computer")
    if not make:
        raise TemplateKeyMissing(path)
    return _made(path)


def _fernet(text: str, origin: str) -> Fernet:
    try:
        return Fernet(text)
    except ValueError as error:
        raise TemplateKeyUnusable(origin) from error


def _has_keyring() -> bool:
    return bool(keyring.get_keyring().priority >= WEAKEST_KEYRING)


def _from_keyring() -> str:
    if not _has_keyring():
        return ""
    try:
        return keyring.get_password(SERVICE, ENTRY) or ""
    except KeyringError as error:
        raise TemplateKeyUnusable("the keyring of this computer") from error


def _made(path: Path) -> Fernet:
    text = Fernet.generate_key().decode("ascii")
    if _has_keyring():
        with contextlib.suppress(KeyringError):  # a keyring that cannot be written to: the file does as well
            keyring.set_password(SERVICE, ENTRY, text)
            return Fernet(text)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
    return Fernet(text)
