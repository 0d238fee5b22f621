"""How a text introduces a full name as somebody's who is no pupil: credits, roles, works, animals."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_BEFORE, _AFTER = 90, 70
"""Characters that are looked at."""


def introduced_as_adult(text: str, start: int, end: int) -> bool:
    """Whether the full name at `start` to `end` of a folded text is introduced as that of an adult or an animal."""
    leads = ("credits", "titles", "contacts")
    return holds_a_role(text, start, end) or any(_led(group, text, start) for group in leads)


def holds_a_role(text: str, start: int, end: int) -> bool:
    """Whether a role, an office or an animal stands right before or after the name, or how the bearer is reached."""
    told = _after("after").match(text, end, end + _AFTER) or _after("reached").match(text, end, end + _AFTER)
    return told is not None or _led("before", text, start)


def is_aged_as_a_pupil(text: str, end: int) -> bool:
    """Whether an age of two to eight stands right after the name that ends there."""
    return _after("aged").match(text, end, end + _AFTER) is not None


def is_of_long_ago(sentence: str) -> bool:
    """Whether a sentence of a folded text tells of former times: whom it names is no pupil of today."""
    return _anywhere("long_ago").search(sentence) is not None


def from_outside(text: str, start: int, end: int) -> bool:
    """Whether the name at `start` to `end` signs a piece of work, or its work is told: somebody from outside."""
    return _led("credits", text, start) or _after("work_after").match(text, end, end + _AFTER) is not None


def is_page_of_adults(title_or_path: str) -> bool:
    """Whether a page of this title or address says who works for, governs or helps the school."""
    return _anywhere("pages").search(title_or_path) is not None


def _led(group: str, text: str, start: int) -> bool:
    """The words right before the name end with one of the group."""
    lead = text[max(0, start - _BEFORE) : start].rstrip(" \n\"'(")
    return _before(group).search(lead) is not None


@cache
def _table() -> dict[str, list[str]]:
    source = files("auditbot") / "data" / "words" / "adults.toml"
    table: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return table


@cache
def _before(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_table()[group])})$", re.IGNORECASE)


@cache
def _anywhere(group: str) -> re.Pattern[str]:
    return re.compile("|".join(_table()[group]), re.IGNORECASE)


@cache
def _after(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_table()[group])})", re.IGNORECASE)
