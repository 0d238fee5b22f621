"""Values from pages as the file can hold them, so that what was saved and what is found again are equal."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

Value = TypeVar("Value")


def storable(value: Value) -> Value:
    """Return the value with halves of surrogate pairs replaced by U+FFFD, and time zones by their offset."""
    changed: Any = value
    if isinstance(value, str):
        changed = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    elif isinstance(value, datetime):
        changed = datetime.fromisoformat(value.isoformat())
    elif isinstance(value, tuple):
        changed = tuple(storable(part) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = replace(value, **{part.name: storable(getattr(value, part.name)) for part in fields(value)})
    return changed  # type: ignore[no-any-return]
