"""How a text introduces a full name as somebody's who is no pupil: credits, roles, works, animals."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_BEFORE, _AFTER = 90, 70
"""Characters that are looked at."""


def introduced_as_adult(text: str, start: int, end: int) -> bool:
    """Whether the full name at `start` to `end` of a folded text is introduced as that of an adult or an animal."""
    if _after("after").match(text, end, end + _AFTER):
        return True
    lead = _lead(text, start)
    return _before("credits").search(lead) is not None or _before("before").search(lead) is not None


def from_outside(text: str, start: int, end: int) -> bool:
    """Whether the name at `start` to `end` signs a piece of work, or its work is told: somebody from outside."""
    signed = _before("credits").search(_lead(text, start)) is not None
    return signed or bool(_after("work_after").match(text, end, end + _AFTER))


def _lead(text: str, start: int) -> str:
    return text[max(0, start - _BEFORE) : start].rstrip(" \n\"'(")


@cache
def _table() -> dict[str, list[str]]:
    source = files("auditbot") / "data" / "words" / "adults.toml"
    table: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return table


@cache
def _before(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_table()[group])})$", re.IGNORECASE)


@cache
def _after(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_table()[group])})", re.IGNORECASE)
