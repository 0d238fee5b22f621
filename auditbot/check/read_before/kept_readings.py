"""Where readings of earlier audits are kept, and which rules they were read by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

_PACKAGE = Path(__file__).parents[2]
_RULES_ARE_IN = (_PACKAGE / "check", _PACKAGE / "data")
_LIBRARIES = ("nicknames", "numpy", "onnxruntime", "phonenumbers", "rapidfuzz")
"""Libraries that decide too what is found in words."""


class ReadBefore(Protocol):
    """Readings of earlier audits, by a hash of the texts and of all that decides what is read; they hold no words."""

    def known(self, key: bytes) -> bytes | None:
        """Return what was found, as JSON, or None if these texts were never read so."""

    def keep(self, key: bytes, found: bytes) -> None:
        """Keep what was found."""


class NothingRead:
    """Keeps nothing: every text is read."""

    def known(self, key: bytes) -> bytes | None:
        """Return None."""

    def keep(self, key: bytes, found: bytes) -> None:
        """Do nothing."""


@cache
def rules_version() -> str:
    """Return a hash of all that decides what is found: the rules as they stand, their weights and lists of words."""
    whole = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    for path in _files():
        whole.update(path.name.encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _files() -> Iterator[Path]:
    for folder in _RULES_ARE_IN:
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
