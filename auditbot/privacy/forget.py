"""``auditbot forget``: everything held about one pupil leaves the workspace; a record that it did remains.

What stays: the school's own register ``consent/pupils.csv``, unless it is asked for, and files that the school wrote by
hand, which are named. A post that holds the pupil's name is dropped whole; the next audit reads it again if it is still
published. A name that another pupil bears too, or that is an ordinary word, counts only beside the other name, or where
a finding took it for this pupil's.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.errors import NobodyOfThatId
from auditbot.examine.faces.templates import (
    load_templates,
    remove_templates,
    remove_unfinished_templates,
    save_templates,
)
from auditbot.privacy.access_log import forget_in_log
from auditbot.privacy.whereabouts import (
    REGISTER,
    TEXTS,
    Holds,
    Inside,
    Kind,
    Place,
    Whereabouts,
    holds_inside,
    text_of,
    where_is,
)
from auditbot.registers.changes.accepted import ACCEPTED, LOG
from auditbot.registers.changes.record_answer import BIOMETRIC_LOG
from auditbot.registers.csv_register import form_of
from auditbot.registers.declared import Declared
from auditbot.registers.mis.update import DECISIONS
from auditbot.registers.people import COLUMNS
from auditbot.registers.secrets import find_key
from auditbot.report.stage import write_newest_again
from auditbot.run import local_now
from auditbot.safe_files import write_private
from auditbot.settings import Settings, Workspace
from auditbot.store import Store


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
    left: tuple[Place, ...]
    """Where the id or the whole name still is: files written by hand, exports, workbooks."""
    unsearched: tuple[Path, ...]
    """Files that cannot be searched for a name, like packed ones."""
    stuck: tuple[Path, ...]
    """Pictures of pages, of which each may show the pupil, that could not be removed."""


def forget(
    workspace: Workspace, settings: Settings, declared: Declared, pupil_id: str, why: str, *, from_register: bool
) -> Forgotten:
    """Remove everything held about one pupil. The workspace is held by the caller.

    One that is cut short can be run again: the register, which holds the names to look for, comes last. Raises
    NobodyOfThatId if nothing at all is known of the id, TemplatesUnreadable, TemplateKeyMissing or TemplateKeyUnusable,
    each before anything is removed.
    """
    before = where_is(workspace, settings, declared, pupil_id)
    if not any(place.kind != Kind.NOT_SEARCHED for place in before.places):
        raise NobodyOfThatId(pupil_id)
    holds, is_the_pupil, portraits = before.holds, before.is_the_pupil, before.of(Kind.PORTRAIT)
    _drop_templates(workspace, pupil_id)  # first of all: without the key nothing is begun
    if (workspace.data / FILE_NAME).is_file():
        with Ledger(workspace.data / FILE_NAME) as ledger:
            ledger.forget(pupil_id)
    forget_in_log(workspace, pupil_id)  # which this very command has just written to
    with Store(workspace.data / "auditbot.db") as store:
        for sha256 in store.erasure.photos_of(pupil_id):
            for folder in ("evidence", "spool"):  # an audit that was cut short leaves photos in both
                (workspace.data / folder / sha256).unlink(missing_ok=True)
        posts = store.erasure.posts_naming(pupil_id)
        store.erasure.forget(pupil_id, why, local_now(settings), what="matches")
        removed = store.forgetting.forget_entirely(pupil_id, holds, posts, why, local_now(settings))
        # A picture of a page cannot be searched for a name: all go, and the next audit takes those it needs again.
        stuck = _remove_all(workspace.data / "screens")
        reports = _remove_reports(workspace, holds)
        if store.audits.latest() in reports:
            write_newest_again(workspace, settings, declared, store, even_if_gone=True)
        store.erasure.scrub()
    for path in portraits:
        path.unlink(missing_ok=True)
    lines = sum(_drop_lines(path, pupil_id) for path in _registers(workspace, from_register=from_register))
    in_register = pupil_id in declared.pupils and not from_register
    # The register as last accepted says what the register says, and goes with it.
    accepted = workspace.consent / ACCEPTED if in_register else None
    return Forgotten(
        rows=removed,
        lines=lines,
        portraits=len(portraits),
        reports=len(reports),
        in_register=in_register,
        names_known=before.names_known,
        left=tuple(
            place
            for place in _still(workspace, settings, declared, pupil_id, is_the_pupil, before)
            if place.path != accepted
        ),
        unsearched=before.of(Kind.NOT_SEARCHED),
        stuck=stuck,
    )


def _still(
    workspace: Workspace,
    settings: Settings,
    declared: Declared,
    pupil_id: str,
    is_the_pupil: Holds,
    before: Whereabouts,
) -> Iterator[Place]:
    """Yield where the child still is, by the numbers and names that were known before; the register is told apart."""
    known = {place.path: place for place in before.places}
    for place in where_is(workspace, settings, declared, pupil_id).places:
        known.setdefault(place.path, place)
    for place in known.values():
        if not place.path.is_file() or place.kind in (Kind.REGISTER, Kind.NOT_SEARCHED):
            continue
        if is_the_pupil(place.path.name) or holds_inside(place.path, is_the_pupil) == Inside.FOUND:
            yield place


def _remove_all(folder: Path) -> tuple[Path, ...]:
    """Remove a folder with all files in it; return those that stay, as one that is open elsewhere does on Windows."""
    shutil.rmtree(folder, ignore_errors=True)
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


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
    yield workspace.consent / LOG
    yield workspace.consent / DECISIONS
    accepted = workspace.consent / ACCEPTED
    yield from (path for path in sorted((workspace.consent / "kept").glob("*.csv")) if path != accepted)
    if from_register:
        yield accepted
    if from_register:
        yield workspace.consent / REGISTER


def _drop_lines(path: Path, pupil_id: str) -> int:
    """Rewrite a register without the rows of this pupil; return how many went."""
    if not path.is_file():
        return 0
    text = text_of(path)
    delimiter, heading = form_of(text.partition("\n")[0], ("pupil_id", *COLUMNS))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if "pupil_id" not in heading:
        return 0
    place = heading.index("pupil_id")
    kept = [row for row in rows if len(row) <= place or row[place].strip() != pupil_id]
    if len(kept) < len(rows):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(kept)
        write_private(path, out.getvalue().encode("utf-8"))
    return len(rows) - len(kept)


def _remove_reports(workspace: Workspace, holds: Holds) -> set[str]:
    removed = set()
    for folder in sorted(path.parent for path in workspace.reports.glob("*/report.json")):
        if not folder.is_symlink() and any(path.suffix in TEXTS and _has(path, holds) for path in folder.rglob("*")):
            shutil.rmtree(folder)
            removed.add(folder.name)
    return removed


def _has(path: Path, holds: Holds) -> bool:
    return path.is_file() and holds(text_of(path))
