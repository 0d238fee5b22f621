"""What was read of a text in an earlier audit: the same words are not read twice by the same rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter

from auditbot.check.please_read.rules import PleaseRead, PleaseReadRules
from auditbot.check.please_read.text_kinds import TextKind

_FOUND = TypeAdapter(list[PleaseRead])
_PACKAGE = Path(__file__).parents[2]
_RULES_ARE_IN = (_PACKAGE / "check", _PACKAGE / "data")


class ReadBefore(Protocol):
    """Answers of earlier audits, by a hash of the text and all that its reading depends on. They hold no words."""

    def known(self, key: bytes) -> bytes | None:
        """Return what was found in a text, as JSON, or None if it was never read."""

    def keep(self, key: bytes, found: bytes) -> None:
        """Keep what was found in a text."""


class NothingRead:
    """Keeps nothing: every text is read."""

    def known(self, key: bytes) -> bytes | None:
        """Return None."""

    def keep(self, key: bytes, found: bytes) -> None:
        """Do nothing."""


class Reader:
    """Asks the answers of earlier audits first; the models load for the first text that is new."""

    def __init__(self, before: ReadBefore) -> None:
        self._before = before

    @cached_property
    def _rules(self) -> PleaseReadRules:
        return PleaseReadRules()

    def find(self, text: str, *, kind: str, author_role: str, text_kind: TextKind | None = None) -> list[PleaseRead]:
        """Return what :meth:`PleaseReadRules.find` finds in the text, now or in an earlier audit."""
        about = (kind, author_role, str(text_kind), rules_version())
        key = hashlib.sha256("\0".join((*about, text)).encode("utf-8", "surrogatepass")).digest()[:16]
        known = self._before.known(key)
        if known is not None:
            return _FOUND.validate_json(known)
        found = self._rules.find(text, kind=kind, author_role=author_role, text_kind=text_kind)
        self._before.keep(key, _FOUND.dump_json(found))
        return found


@cache
def rules_version() -> str:
    """Return a hash of all that decides what is found: the rules as they stand, their weights and lists of words."""
    whole = hashlib.sha256()
    for path in _files():
        whole.update(path.name.encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _files() -> Iterator[Path]:
    for folder in _RULES_ARE_IN:
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
