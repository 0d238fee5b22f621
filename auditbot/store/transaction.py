"""One transaction, which asks for the right to write at its start."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from auditbot.errors import CannotWrite
from auditbot.model import Finding, PhotoEvidence, TextEvidence
from auditbot.sentences import Sentence, as_data, from_data

_DISK_FULL = "the disk is full. What was done before is kept; make room, and start the command again"


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """Write all of what follows or nothing of it. Raises CannotWrite if the disk is full.

    A plain BEGIN would read first and ask later, and is refused at once if another process wrote in between.
    """
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.conn.execute("COMMIT")
    except BaseException as error:
        database.conn.rollback()
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            place = Path(database.conn.execute("PRAGMA database_list").fetchone()[2])
            raise CannotWrite(place, _DISK_FULL) from error
        raise


# A finding as JSON text and back, unchanged.


def finding_to_json(finding: Finding) -> str:
    """Return the finding as one JSON object."""
    fields = asdict(finding) | {"explanation": as_data(finding.explanation)}
    return json.dumps(fields, default=datetime.isoformat, ensure_ascii=False, sort_keys=True)


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

Value = TypeVar("Value")


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
