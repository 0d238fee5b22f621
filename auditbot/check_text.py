"""``auditbot check-text``: texts in, findings out, one JSON object a line. The same engines as the audit's.

In: ``id``, ``channel``, ``kind``, ``author_role``, ``text``. Out: ``id`` and ``findings`` of ``rule``, ``start``,
``end`` (code points, end exclusive), ``severity`` (breach or review), ``pupil_ids``, ``score``, ``explanation``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditbot.check.please_read import PleaseReadRules
from auditbot.check.surnames import PupilName, StaffName, SurnameEngine
from auditbot.errors import RegisterError, TextsUnreadable

ALIASES = {
    "legal_forename": ("legal_forename", "forename"),
    "preferred_forename": ("preferred_forename", "known_as"),
    "legal_surname": ("legal_surname", "surname"),
    "preferred_surname": ("preferred_surname",),
    "former_surnames": ("former_surnames",),
    "middle_names": ("middle_names",),
    "class": ("class", "class_name"),
    "year_group": ("year_group",),
}


def check_texts(texts: Path, pupils: Path, staff: Path | None) -> Iterator[dict[str, Any]]:
    """Yield one result per line of ``texts``, in its order; every id once.

    Raises TextsUnreadable naming the line, RegisterError if a list of names cannot be read.
    """
    engine = SurnameEngine(read_pupil_names(pupils), read_staff_names(staff) if staff else [])
    please_read = PleaseReadRules()
    for line in _lines(texts):
        about = {"kind": str(line.get("kind") or "post"), "author_role": str(line.get("author_role") or "school")}
        text = line["text"]
        findings = [
            {
                "rule": "surname",
                "start": hit.start,
                "end": hit.end,
                "severity": hit.band,
                "pupil_ids": list(hit.pupil_ids),
                "score": round(hit.score, 4),
                "explanation": hit.explanation,
            }
            for hit in engine.find(text, **about)
        ]
        findings += [
            {
                "rule": found.rule,
                "start": found.start,
                "end": found.end,
                "severity": found.band,
                "score": round(found.score, 4),
                "explanation": found.reason,
            }
            for found in please_read.find(text, **about)
        ]
        yield {"id": line["id"], "findings": findings}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    try:
        content = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TextsUnreadable(path, 0, "it cannot be read as UTF-8 text") from error
    for number, text in enumerate(content.split("\n"), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError as error:
            raise TextsUnreadable(path, number, "it is not JSON") from error
        if not isinstance(line, dict) or not isinstance(line.get("text"), str) or "id" not in line:
            raise TextsUnreadable(path, number, "it should be an object with id and text")
        if str(line["id"]) in seen:
            raise TextsUnreadable(path, number, f"the id {line['id']} stands there twice")
        seen.add(str(line["id"]))
        yield line


def read_pupil_names(path: Path) -> list[PupilName]:
    """Return the pupils of a CSV file with canonical columns (``legal_forename``) or short ones (``forename``)."""
    return [_pupil(row) for row in _rows(path, ("pupil_id",))]


def _pupil(row: dict[str, str]) -> PupilName:
    cells = {name: next((row[alias] for alias in aliases if row.get(alias)), "") for name, aliases in ALIASES.items()}
    known_as, also_known_as = cells["preferred_forename"], ""
    if " " in known_as and not cells["preferred_surname"]:
        # A pupil known by another surname: the whole name stands in one cell.
        known_as, also_known_as = known_as.split(" ", 1)
    surnames = (cells["legal_surname"], cells["preferred_surname"], also_known_as, *cells["former_surnames"].split(";"))
    return PupilName(
        pupil_id=row["pupil_id"],
        forenames=_filled(cells["legal_forename"], known_as),
        surnames=_filled(*surnames),
        year_group=cells["year_group"],
        class_name=cells["class"],
        middle_names=_filled(*cells["middle_names"].replace(";", " ").split()),
    )


def _filled(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def read_staff_names(path: Path) -> list[StaffName]:
    """Return the staff of a CSV file with the columns title, forename, surname and role."""
    return [
        StaffName(row.get("title", ""), row.get("forename", ""), row["surname"], row.get("role", ""))
        for row in _rows(path, ("surname",))
    ]


def _rows(path: Path, required: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, restval="")
            missing = [name for name in required if name not in (table.fieldnames or ())]
            if missing:
                raise RegisterError(path, [f"column {name!r} is missing" for name in missing])
            for row in table:
                yield {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RegisterError(path, ["it cannot be read as a CSV file in UTF-8"]) from error
