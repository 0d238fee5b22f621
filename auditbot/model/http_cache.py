"""What a site answered, kept: to go on after a cut, and to ask the next time only whether it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

AnswerKind = Literal["page", "list", "file"]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer of a site."""

    url: str
    """Address it came from, after redirects."""
    status: int
    """HTTP status."""
    headers: Mapping[str, str]
    """Headers, names in lower case."""
    body: bytes
    """Content, decompressed."""
    base: str = ""
    """For a page as the browser showed it: what relative links are joined to; empty otherwise."""


class AccountAnswers(Protocol):
    """The answers of one account's site, by the address that was asked. Pages, lists and files are kept apart."""

    def before_the_cut(self, kind: AnswerKind, url: str) -> KeptAnswer | None:
        """Return what this very audit was answered before it was cut short, or None."""

    def note(self, kind: AnswerKind, url: str, answer: KeptAnswer) -> None:
        """Keep what this audit was answered until the account has been reached."""

    def last(self, kind: AnswerKind, url: str) -> KeptAnswer | None:
        """Return the last answer that came with a validator, of this audit or an earlier one, or None."""

    def keep(self, kind: AnswerKind, url: str, answer: KeptAnswer) -> None:
        """Keep an answer that came with a validator for the next audits."""

    def confirm(self, kind: AnswerKind, url: str) -> None:
        """Record that the last answer still stands."""
