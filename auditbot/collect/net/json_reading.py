"""Reading other people's JSON: every question has an answer, whatever came."""

from __future__ import annotations

from typing import Any


def at(value: Any, *names: str) -> Any:
    """Return what lies under these names, one inside the other; None where there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text_at(value: Any, *names: str) -> str:
    """Return the text under these names, stripped; empty if there is none. Numbers are read as text."""
    found = at(value, *names)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found.strip() if isinstance(found, str) else ""


def number_at(value: Any, *names: str) -> int:
    """Return the whole number under these names; 0 if there is none."""
    found = at(value, *names)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def items_at(value: Any, *names: str) -> list[dict[str, Any]]:
    """Return the objects of the list under these names; none if there is no list."""
    found = at(value, *names)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
