"""``config/allowed_phrases.toml``: phrases the school has looked at and allows, each with a reason and an end date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.toml_file import CONFIG, explain, read_toml

SURNAMES = "C12"


def _some_words(value: str) -> str:
    if len(re.findall(r"\w", value)) < 3:
        raise ValueError("should hold three letters or digits at least")
    return value


def _clause_or_none(value: str) -> str:
    if value and not re.fullmatch(r"[A-Z]\d{1,2}", value, re.ASCII):
        raise ValueError(f"{value!r} should be a clause like C12, or left out")
    return value


@dataclass(frozen=True, config=CONFIG)
class AllowedPhrase:
    """One [[phrase]] of the register."""

    text: Annotated[str, AfterValidator(_some_words)]
    """The words as published; capitals and the width of spaces do not matter."""
    reason: Annotated[str, Field(min_length=1)]
    """Why they may stand."""
    until: date
    """The last day on which they may."""
    clause: Annotated[str, AfterValidator(_clause_or_none)] = ""
    """The one clause they are allowed under; empty for every clause about words."""


@dataclass(frozen=True, config=CONFIG)
class _Register:
    phrase: tuple[AllowedPhrase, ...] = ()


def read_allowed(path: Path) -> tuple[AllowedPhrase, ...]:
    """Return all phrases, expired ones too; none if there is no file. Raises SettingsError naming every problem."""
    try:
        content = read_toml(path)
        return TypeAdapter(_Register).validate_json(json.dumps(content, default=str)).phrase
    except FileNotFoundError:
        return ()
    except ValidationError as error:
        known = {"": ["phrase"], "phrase": list(AllowedPhrase.__dataclass_fields__)}
        raise SettingsError(path, explain(error, known, content)) from error


def covers(phrases: Iterable[AllowedPhrase], clause: str, text: str, start: int, end: int, today: date) -> bool:
    """Whether a phrase that is allowed today stands around these characters of the text, and covers them all.

    Marks and spaces at the edges of the characters do not count. A surname is allowed only within more words than the
    surname: a phrase that is nothing else would allow it everywhere.
    """
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    for phrase in phrases:
        if phrase.until < today or phrase.clause not in ("", clause):
            continue
        for found in _pattern(phrase.text).finditer(text):
            longer = re.search(r"\w", text[found.start() : start] + text[end : found.end()]) is not None
            if found.start() <= start and end <= found.end() and (longer or clause != SURNAMES):
                return True
    return False


def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, phrase.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
