"""Values as rows of the file and back: a column of the same name for each field, and a finding as JSON.

Columns hold what SQLite has: moments as ISO 8601 with their offset, truth as 0 or 1, codes as their words, sentences as
message and values. A field that holds several values is a table of its own and no column.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar, get_type_hints

from pydantic import TypeAdapter

from auditbot.model import Finding, PhotoEvidence, TextEvidence
from auditbot.sentences import Sentence, as_data, from_data, kept, told

Value = TypeVar("Value")


class HasFields(Protocol):
    """Any frozen value."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def row_of(value: HasFields, **columns: object) -> dict[str, object]:
    """Return the row of a value, with further columns before its own. Tuples and values within it are left out."""
    return {**columns, **{name: column(one) for name, one in _fields_of(value).items() if not _is_a_table(one)}}


def column(value: object) -> object:
    """Return what a column holds of one value."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool):
        return int(value)
    return kept(value) if isinstance(value, str) else value


def value_of(kind: type[Value], row: Mapping[str, Any], **more: object) -> Value:
    """Return the value of a kind that a row holds, with ``more`` for the fields that are no columns.

    Columns that are no field are passed over. Raises pydantic's ValidationError for what is no such value.
    """
    of_kind: Any = kind
    read_first = {name: read(row[name]) for name, read in _columns(of_kind) if name in row}
    value: Value = _reader(of_kind).validate_python({**row, **read_first, **more})
    return value


def values_of(kind: type[Value], rows: Iterable[Mapping[str, Any]]) -> tuple[Value, ...]:
    """Return the values of a kind that rows hold."""
    return tuple(value_of(kind, row) for row in rows)


def moment_of(text: str | None) -> datetime | None:
    """Return the moment that a column holds, or None for an empty one."""
    return datetime.fromisoformat(text) if text else None


def _is_a_table(value: object) -> bool:
    return isinstance(value, tuple) or is_dataclass(value)


@cache
def _columns(kind: type[Any]) -> tuple[tuple[str, Callable[[Any], object]], ...]:
    """Return the fields whose columns are not as they are, and how each is read; the words of a page are never read as
    a sentence of ours."""
    readers: dict[object, Callable[[Any], object]] = {Sentence: told, datetime: moment_of, datetime | None: moment_of}
    return tuple((name, readers[hint]) for name, hint in get_type_hints(kind).items() if hint in readers)


@cache
def _reader(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


# A finding as JSON text and back, unchanged.


def finding_to_json(finding: Finding) -> str:
    """Return the finding as one JSON object."""
    own = _fields_of(finding) | {"evidence": _fields_of(finding.evidence), "explanation": as_data(finding.explanation)}
    return json.dumps(own, default=datetime.isoformat, ensure_ascii=False, sort_keys=True)


def _fields_of(value: HasFields) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def finding_from_json(text: str) -> Finding:
    """Return the finding that :func:`finding_to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)
    posted_at = fields.pop("posted_at")
    return Finding(
        **{
            **fields,
            "posted_at": datetime.fromisoformat(posted_at) if posted_at else None,
            "evidence": _evidence(fields["evidence"]),
            "pupil_ids": tuple(fields["pupil_ids"]),
            "explanation": from_data(fields["explanation"]),
        }
    )


def _evidence(fields: dict[str, Any]) -> TextEvidence | PhotoEvidence:
    if "field" in fields:
        return TextEvidence(**fields)
    boxes = {name: tuple(tuple(box) for box in fields[name]) for name in ("boxes", "other_faces")}
    return PhotoEvidence(**{**fields, **boxes})


# Values from pages as the file can hold them, so that what was saved and what is found again are equal.


def storable(value: Value) -> Value:
    """Return the value with halves of surrogate pairs replaced by U+FFFD, and time zones by their offset."""
    changed: Any = value
    if isinstance(value, Sentence):
        changed = from_data(json.loads(storable(json.dumps(as_data(value), ensure_ascii=False))))
    elif isinstance(value, str):
        changed = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    elif isinstance(value, datetime):
        changed = datetime.fromisoformat(value.isoformat())
    elif isinstance(value, tuple):
        changed = tuple(storable(part) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changed = replace(value, **{part.name: storable(getattr(value, part.name)) for part in fields(value)})
    return changed  # type: ignore[no-any-return]
