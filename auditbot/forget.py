"""``auditbot forget``: everything held about one pupil leaves the workspace; a record that it did remains.

What stays: the school's own register ``consent/pupils.csv``, unless it is asked for, and files that the school wrote by
hand, which are named. Posts that hold one of the names, as whatever word, are dropped whole; the next audit reads them
again if they are still published.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditbot.errors import NobodyOfThatId
from auditbot.examine.enrol import photos_by_person
from auditbot.private_files import write_private
from auditbot.registers.access_log import forget_in_log
from auditbot.registers.answer import BIOMETRIC_LOG
from auditbot.registers.declared import Declared
from auditbot.registers.pupils import Pupil
from auditbot.registers.template_key import find_key
from auditbot.registers.templates import load_templates, remove_templates, remove_unfinished_templates, save_templates
from auditbot.report.stage import write_newest_again
from auditbot.run import local_now
from auditbot.settings import Settings, Workspace
from auditbot.store import Store

REGISTER = "pupils.csv"
TEXTS = frozenset({".csv", ".toml", ".json", ".html", ".md", ".txt", ".log", ".jsonl", ".warc", ".xml", ".gz"})


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
    left: tuple[Path, ...]
    """Files, written by hand, that still hold the id or a name."""


def forget(
    workspace: Workspace, settings: Settings, declared: Declared, pupil_id: str, why: str, *, from_register: bool
) -> Forgotten:
    """Remove everything held about one pupil. The workspace is held by the caller.

    A pupil who is no longer in the register can be forgotten by id; names cannot be looked for then. Raises
    NobodyOfThatId if nothing at all is known of the id.
    """
    pupil = declared.pupils.get(pupil_id)
    sure = [*_numbers(pupil_id, pupil), *_whole_names(pupil)]
    is_the_pupil, holds = _pattern(sure), _pattern([*sure, *_any_name(pupil)])
    forget_in_log(workspace, is_the_pupil)  # which this very command has just written to
    unheard_of = pupil is None and not any(_holding(workspace, is_the_pupil))
    if unheard_of and not _in_database(workspace, pupil_id):
        raise NobodyOfThatId(pupil_id)
    portraits = photos_by_person(workspace, declared).get(pupil_id, [])
    for path in portraits:
        path.unlink()
    _drop_templates(workspace, pupil_id)
    lines = sum(_drop_lines(path, pupil_id) for path in _registers(workspace, from_register=from_register))
    with Store(workspace.data / "auditbot.db") as store:
        newest = store.audits.latest()
        for sha256 in store.erasure.photos_of(pupil_id):
            (workspace.data / "evidence" / sha256).unlink(missing_ok=True)
        store.erasure.forget(pupil_id, why, local_now(settings), what="matches")
        rows = store.forgetting.forget_entirely(pupil_id, holds, why, local_now(settings))
        # A picture of a page cannot be searched for a name: all go, and the next audit takes those it needs again.
        shutil.rmtree(workspace.data / "screens", ignore_errors=True)
        reports = _remove_reports(workspace, holds)
        if newest in reports:
            write_newest_again(workspace, settings, declared, store)
        store.erasure.scrub()
    left = tuple(path for path in _holding(workspace, is_the_pupil) if path != workspace.consent / REGISTER)
    in_register = pupil is not None and not from_register
    return Forgotten(rows, lines, len(portraits), len(reports), in_register, left)


def _numbers(pupil_id: str, pupil: Pupil | None) -> list[str]:
    numbers = [pupil_id, pupil.upn] if pupil else [pupil_id]
    return [rf"(?<![^\W_]){re.escape(number)}(?![^\W_])" for number in numbers if number]


def _whole_names(pupil: Pupil | None) -> list[str]:
    """Match forename and surname side by side or run together, in either order."""
    if pupil is None:
        return []
    given, family = _names(pupil.legal_forename, pupil.preferred_forename), _names(*_surnames(pupil))
    pairs = [pair for one in given for other in family for pair in ((one, other), (other, one))]
    return [r"[\W_]{0,3}".join(map(_loosely, pair)) for pair in pairs]


def _any_name(pupil: Pupil | None) -> list[str]:
    """Match each name by itself, as a word: what goes may be more than the pupil's, and is read again."""
    names = _names(pupil.legal_forename, pupil.preferred_forename, *_surnames(pupil)) if pupil else []
    return [rf"(?<![^\W\d_]){_loosely(name)}(?![^\W\d_])" for name in names]


def _surnames(pupil: Pupil) -> tuple[str, ...]:
    return (pupil.legal_surname, pupil.preferred_surname, *pupil.former_surnames)


def _names(*names: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def _loosely(name: str) -> str:
    return r"[\W_]{0,3}".join(re.escape(part) for part in re.split(r"[\W_]+", name) if part)


def _pattern(parts: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


def _in_database(workspace: Workspace, pupil_id: str) -> bool:
    with Store(workspace.data / "auditbot.db") as store:
        return pupil_id in store.erasure.people_with_matches()


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
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or "pupil_id" not in rows[0]:
        return 0
    place = rows[0].index("pupil_id")
    kept = [row for row in rows if len(row) <= place or row[place].strip() != pupil_id]
    if len(kept) < len(rows):
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(kept)
        write_private(path, out.getvalue().encode("utf-8"))
    return len(rows) - len(kept)


def _remove_reports(workspace: Workspace, holds: re.Pattern[str]) -> set[str]:
    removed = set()
    for folder in sorted(path.parent for path in workspace.reports.glob("*/report.json")):
        if not folder.is_symlink() and any(path.suffix in TEXTS and _holds(path, holds) for path in folder.rglob("*")):
            shutil.rmtree(folder)
            removed.add(folder.name)
    return removed


def _holding(workspace: Workspace, holds: re.Pattern[str]) -> Iterator[Path]:
    for path in sorted(workspace.folder.rglob("*")):
        named = holds.search(path.name) is not None
        if path.is_file() and not path.is_symlink() and (named or (path.suffix in TEXTS and _holds(path, holds))):
            yield path


def _holds(path: Path, holds: re.Pattern[str]) -> bool:
    if not path.is_file():
        return False
    return holds.search(_content(path).decode("utf-8", errors="replace")) is not None


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix != ".gz":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return content  # cut short, or only called so
