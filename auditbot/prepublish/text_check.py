"""``auditbot check-text``: texts in, findings out, one JSON object a line. The same engines as the audit's.

In: ``id``, ``channel``, ``kind``, ``author_role``, ``text``; or a plain text, which is read as a post of the school.
Out: ``id`` and ``findings`` of ``rule``, ``start``, ``end`` (code points, end exclusive), ``severity`` (breach or
review), ``pupil_ids``, ``score``, ``explanation``; and ``other_findings`` in the same form, of personal data, conduct
and personal use. With a school's policy each bears ``clause``, the policy's own number, and what no clause of it asks
for is no finding.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from auditbot.check.c05_personal_data import KINDS, NAMES_NOT_WORDS, SPECIAL, band_of, explained, why_special
from auditbot.check.clauses import NOBODY
from auditbot.check.meaning.passages import LONGEST
from auditbot.check.personal_data import find_private_data
from auditbot.check.personal_data.special import find_special
from auditbot.check.please_read import PleaseReadRules
from auditbot.check.please_read.model import RULES
from auditbot.check.please_read.please_read_clauses import KINDS as KINDS_OF_WORDS
from auditbot.check.please_read.please_read_clauses import OF_OTHERS, OF_THE_SCHOOL
from auditbot.check.surnames import PupilName, StaffName, SurnameEngine
from auditbot.check.texts import Ours
from auditbot.errors import RegisterError, TextsUnreadable
from auditbot.registers.policy import AllowedPhrase, Policy, covers
from auditbot.sentences import say

Allowed = Sequence[AllowedPhrase]
_TOO_LONG = say(
    "Only the first %(count)s characters were read for the “please read” clauses.", count=format(LONGEST, ",")
)
OTHER_KINDS = frozenset(
    {"title", "alt", "alt_text", "caption", "filename", "address", "comment", "author", "byline", "newsletter", "ocr"}
    | {"hashtag"}
)
"""What a text can be that is not read as a post; a letter, a list or minutes are, as on a page."""
ASSOCIATION = "pta"
"""The role of a parents' association."""
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


def check_texts(
    texts: Path | TextIO,
    pupils: Path,
    staff: Path | None,
    ours: Ours = NOBODY,
    allowed: Allowed = (),
    policy: Policy | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield one result per line of ``texts``, in its order, every id once; of a plain text one, by its file's name.

    ``policy`` is the school's; without one everything that can be found is told.

    Raises TextsUnreadable naming the line, RegisterError if a list of names cannot be read.
    """
    names = read_pupil_names(pupils)
    forenames = frozenset(name.lower() for pupil in names for name in pupil.forenames)
    engine = SurnameEngine(names, read_staff_names(staff) if staff else [])
    please_read = PleaseReadRules()
    today = date.today()
    for line in _lines(texts):
        text, about = line["text"], _about(line)
        clauses = OF_THE_SCHOOL if about["author_role"] in ("school", "staff") else OF_OTHERS
        surnames = [
            {
                **_found("surname", hit.start, hit.end, hit.band, hit.score, hit.explanation),
                "pupil_ids": [*hit.pupil_ids],
            }
            for hit in engine.find(text, kind=about["kind"])
            if not covers(allowed, "C12", text, hit.start, hit.end, today)
        ]
        read = [
            _found(found.rule, found.start, found.end, found.band, found.score, found.reason)
            for found in please_read.find(text, kind=about["kind"], author_role=about["author_role"])
            if found.rule in clauses and not covers(allowed, clauses[found.rule], text, found.start, found.end, today)
        ]
        private = [
            _found(KINDS[item.kind], item.start, item.end, band_of(item), item.score, explained(item))
            for item in (find_private_data(text, ours.contacts, today) if about["kind"] not in NAMES_NOT_WORDS else ())
            if not covers(allowed, "C5", text, item.start, item.end, today)
        ]
        private += [
            _found(SPECIAL, said.start, said.end, "review", said.score, why_special(said))
            for said in (find_special(text, forenames) if about["kind"] not in NAMES_NOT_WORDS else ())
            if not covers(allowed, "C5", text, said.start, said.end, today)
        ]
        surnames, read, private = (
            list(_asked_for(surnames, dict.fromkeys(["surname"], "C12"), policy)),
            list(_asked_for(read, clauses, policy)),
            list(_asked_for(private, {}, policy)),
        )
        others = [found for found in read if found["rule"] not in RULES]
        yield {
            "id": line["id"],
            "findings": [*surnames, *(found for found in read if found["rule"] in RULES)],
            "other_findings": [*private, *others],
            **({"not_checked": str(_TOO_LONG)} if len(text) > LONGEST else {}),
        }


def _asked_for(
    found: Sequence[dict[str, Any]], codes: Mapping[str, str], policy: Policy | None
) -> Iterator[dict[str, Any]]:
    """Yield what a clause of the policy asks for, with the clause's own number; without a policy everything.

    ``codes`` holds the code of each rule; of the others it is C5.
    """
    for each in found:
        rule = str(each["rule"])
        clause = policy.cited(codes.get(rule, "C5"), KINDS_OF_WORDS.get(rule, rule)) if policy is not None else None
        if clause is not None:
            yield {**each, "clause": clause.number}
        elif policy is None:
            yield each


def _about(line: dict[str, Any]) -> dict[str, str]:
    kind, role = str(line.get("kind") or "post"), str(line.get("author_role") or "school")
    # What a parents' association posts is read as the school's own: its fairs and raffles are for the school.
    role = "school" if role == ASSOCIATION and kind != "comment" else role
    return {"kind": kind if kind in OTHER_KINDS else "post", "author_role": role}


def _found(rule: str, start: int, end: int, band: str, score: float, explanation: str) -> dict[str, Any]:
    return {
        "rule": rule,
        "start": start,
        "end": end,
        "severity": band,
        "score": round(score, 4),
        "explanation": str(explanation),
    }


def _lines(texts: Path | TextIO) -> Iterator[dict[str, Any]]:
    path = texts if isinstance(texts, Path) else Path("-")
    seen: set[str] = set()
    try:
        content = texts.read_text("utf-8-sig") if isinstance(texts, Path) else texts.read().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise TextsUnreadable(path, 0, "it cannot be read as UTF-8 text") from error
    if content.strip() and not content.lstrip().startswith("{"):
        yield {"id": path.name, "text": content}
        return
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
