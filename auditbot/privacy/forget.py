"""``auditbot forget``: everything held about one pupil leaves the workspace; a record that it did remains.

What stays: the school's own register ``consent/pupils.csv``, unless it is asked for, and files that the school wrote by
hand, which are named. A post that holds the pupil's name is dropped whole; the next audit reads it again if it is still
published. A name that another pupil bears too, or that is an ordinary word, counts only beside the other name, or where
a finding took it for this pupil's.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditbot.check.surnames.lexicon import common_words
from auditbot.check.surnames.text import fold
from auditbot.errors import NobodyOfThatId
from auditbot.examine.faces.portraits import PICTURES, photos_by_person
from auditbot.examine.faces.templates import (
    load_templates,
    remove_templates,
    remove_unfinished_templates,
    save_templates,
)
from auditbot.privacy.access_log import forget_in_log
from auditbot.registers.declared import Declared
from auditbot.registers.door.record_answer import BIOMETRIC_LOG
from auditbot.registers.people import row_as_written
from auditbot.registers.secrets import find_key
from auditbot.report.stage import write_newest_again
from auditbot.run import local_now
from auditbot.safe_files import write_private
from auditbot.settings import Settings, Workspace
from auditbot.store import Store

REGISTER = "pupils.csv"
TEXTS = frozenset({".csv", ".toml", ".json", ".html", ".md", ".txt", ".log", ".jsonl", ".xml", ".tsv"})
UNSEARCHED = frozenset({".xlsx", ".xls", ".ods", ".zip", ".pdf", ".docx", ".doc"})
GIVEN, FAMILY = ("legal_forename", "preferred_forename"), ("legal_surname", "preferred_surname", "former_surnames")
NUMBERS = ("pupil_id", "upn", "admission_no")

Holds = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed, and what was left."""

    rows: int
    """Rows of the database."""
    lines: int
    """Lines of the consent history and of kept registers."""
    portraits: int
    """Photos to enrol from."""
    reports: int
    """Reports of audits."""
    in_register: bool
    """Whether the pupil still stands in consent/pupils.csv."""
    names_known: bool
    """Whether the names could be looked for: no register, kept or present, holds them otherwise."""
    left: tuple[Path, ...]
    """Files, written by hand, that still hold the id or the whole name."""
    unsearched: tuple[Path, ...]
    """Files that cannot be searched for a name, like workbooks."""


def forget(
    workspace: Workspace, settings: Settings, declared: Declared, pupil_id: str, why: str, *, from_register: bool
) -> Forgotten:
    """Remove everything held about one pupil. The workspace is held by the caller.

    One that is cut short can be run again: the register, which holds the names to look for, comes last. Raises
    NobodyOfThatId if nothing at all is known of the id, TemplatesUnreadable or TemplateKeyMissing before anything is
    removed.
    """
    rows = _rows_of(workspace, pupil_id)
    others = [pupil for other, pupil in declared.pupils.items() if other != pupil_id]
    taken = {name for pupil in others for name in _folded([pupil.legal_forename, pupil.preferred_forename])}
    taken |= {
        name
        for pupil in others
        for name in _folded([pupil.legal_surname, pupil.preferred_surname, *pupil.former_surnames])
    }
    is_the_pupil = _holds([*_numbers(pupil_id, rows), *_whole_names(rows)])
    holds = _holds([*_numbers(pupil_id, rows), *_whole_names(rows), *_names_alone(rows, taken)])
    forget_in_log(workspace, pupil_id)  # which this very command has just written to
    portraits = photos_by_person(workspace, declared).get(pupil_id) or _portraits(workspace, declared, pupil_id)
    if not rows and not portraits and not any(_holding(workspace, is_the_pupil)):
        raise NobodyOfThatId(pupil_id)
    _drop_templates(workspace, pupil_id)
    with Store(workspace.data / "auditbot.db") as store:
        for sha256 in store.erasure.photos_of(pupil_id):
            (workspace.data / "evidence" / sha256).unlink(missing_ok=True)
        posts = store.erasure.posts_naming(pupil_id)
        store.erasure.forget(pupil_id, why, local_now(settings), what="matches")
        removed = store.forgetting.forget_entirely(pupil_id, holds, posts, why, local_now(settings))
        # A picture of a page cannot be searched for a name: all go, and the next audit takes those it needs again.
        shutil.rmtree(workspace.data / "screens", ignore_errors=True)
        reports = _remove_reports(workspace, holds)
        if store.audits.latest() in reports:
            write_newest_again(workspace, settings, declared, store, even_if_gone=True)
        store.erasure.scrub()
    for path in portraits:
        path.unlink(missing_ok=True)
    lines = sum(_drop_lines(path, pupil_id) for path in _registers(workspace, from_register=from_register))
    return Forgotten(
        rows=removed,
        lines=lines,
        portraits=len(portraits),
        reports=len(reports),
        in_register=pupil_id in declared.pupils and not from_register,
        names_known=bool(rows),
        left=tuple(path for path in _holding(workspace, is_the_pupil) if path != workspace.consent / REGISTER),
        unsearched=tuple(sorted(path for path in workspace.consent.rglob("*") if path.suffix.lower() in UNSEARCHED)),
    )


def _rows_of(workspace: Workspace, pupil_id: str) -> list[dict[str, str]]:
    """Return the pupil's rows of the register and of registers that imports replaced: all names there ever were."""
    registers = (workspace.consent / REGISTER, *sorted((workspace.consent / "kept").glob("pupils-*.csv")))
    return [row for path in registers if path.is_file() and (row := row_as_written(path, pupil_id))]


def _numbers(pupil_id: str, rows: Iterable[dict[str, str]]) -> list[str]:
    numbers = {pupil_id, *(row.get(column, "") for row in rows for column in NUMBERS)}
    return [rf"(?<![^\W_]){re.escape(number.lower())}(?![^\W_])" for number in sorted(numbers) if number]


def _whole_names(rows: Iterable[dict[str, str]]) -> list[str]:
    """Match forename and surname side by side or run together, in either order."""
    return [
        r"[\W_]{0,3}".join(map(_loosely, pair))
        for row in rows
        for one in _folded(row.get(column, "") for column in GIVEN)
        for other in _folded(row.get(column, "") for column in FAMILY)
        for pair in ((one, other), (other, one))
    ]


def _names_alone(rows: Iterable[dict[str, str]], taken: set[str]) -> list[str]:
    """Match each name that is this pupil's alone, as a word, also where the family is meant."""
    names = {name for row in rows for name in _folded(row.get(column, "") for column in (*GIVEN, *FAMILY))}
    own = sorted(name for name in names - taken if name not in common_words() and len(name) > 2)
    return [rf"(?<![^\W\d_]){_loosely(name)}(?:'?s|e?s)?(?![^\W\d_])" for name in own]


def _folded(names: Iterable[str]) -> list[str]:
    parts = [part.strip() for name in names for part in name.split(";")]
    return list(dict.fromkeys(fold(part).text.lower() for part in parts if part))


def _loosely(name: str) -> str:
    return r"[\W_]{0,3}".join(re.escape(part) for part in re.split(r"[\W_]+", name) if part)


def _holds(parts: list[str]) -> Holds:
    pattern = re.compile("|".join(parts))

    def holds(text: str) -> bool:
        escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
        return any(pattern.search(form) is not None for form in (text.lower(), fold(escaped).text.lower()))

    return holds


def _portraits(workspace: Workspace, declared: Declared, pupil_id: str) -> list[Path]:
    """Return the portraits of a pupil whom the register no longer holds, by the names of the files."""
    folder = workspace.consent / "photos"
    named = re.compile(rf"{re.escape(pupil_id)}([_-].*)?")
    held = {path for paths in photos_by_person(workspace, declared).values() for path in paths}
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        path for path in files if path.suffix.lower() in PICTURES and path not in held and named.fullmatch(path.stem)
    ]


def _drop_templates(workspace: Workspace, pupil_id: str) -> None:
    sealed = workspace.data / "templates.sealed"
    if not sealed.exists():
        return
    key = find_key()
    templates = load_templates(sealed, key)
    kept = [template for template in templates if template.pupil_id != pupil_id]
    if not kept:
        remove_templates(sealed)
    elif len(kept) < len(templates):
        save_templates(sealed, kept, key)
        remove_unfinished_templates(sealed)


def _registers(workspace: Workspace, *, from_register: bool) -> Iterator[Path]:
    yield workspace.consent / "consent_history.csv"
    yield workspace.consent / BIOMETRIC_LOG
    yield from sorted((workspace.consent / "kept").glob("*.csv"))
    if from_register:
        yield workspace.consent / REGISTER


def _drop_lines(path: Path, pupil_id: str) -> int:
    """Rewrite a register without the rows of this pupil; return how many went."""
    if not path.is_file():
        return 0
    rows = list(csv.reader(io.StringIO(_text_of(path), newline="")))
    heading = [name.strip() for name in rows[0]] if rows else []
    if "pupil_id" not in heading:
        return 0
    place = heading.index("pupil_id")
    kept = [row for row in rows if len(row) <= place or row[place].strip() != pupil_id]
    if len(kept) < len(rows):
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(kept)
        write_private(path, out.getvalue().encode("utf-8"))
    return len(rows) - len(kept)


def _remove_reports(workspace: Workspace, holds: Holds) -> set[str]:
    removed = set()
    for folder in sorted(path.parent for path in workspace.reports.glob("*/report.json")):
        if not folder.is_symlink() and any(path.suffix in TEXTS and _has(path, holds) for path in folder.rglob("*")):
            shutil.rmtree(folder)
            removed.add(folder.name)
    return removed


def _holding(workspace: Workspace, holds: Holds) -> Iterator[Path]:
    for path in sorted(workspace.folder.rglob("*")):
        may_hold = path.is_file() and not path.is_symlink()
        if may_hold and (holds(path.name) or (path.suffix.lower() in TEXTS and _has(path, holds))):
            yield path


def _has(path: Path, holds: Holds) -> bool:
    return path.is_file() and holds(_text_of(path))


def _text_of(path: Path) -> str:
    content = path.read_bytes()
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:200].count(0) > 40
    return content.decode("utf-16" if wide else "utf-8-sig", "replace")
