"""Importing an export: prepared in full, shown, and then written in one step or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from auditbot.errors import ImportRefused, RegisterError
from auditbot.registers.consent import (
    History,
    answers_at_odds,
    changes_since_recorded,
    in_order,
    permission_today,
    read_history,
    with_answers,
    with_validity,
)
from auditbot.registers.csv_register import read_table
from auditbot.registers.mis.entries import IDENTITY, Export, read_export
from auditbot.registers.mis.headings import System
from auditbot.registers.mis.join import Cells, Joined, join, stops
from auditbot.registers.people import CHANNELS, COLUMNS, REQUIRED, Pupil, read_pupils
from auditbot.registers.record_answer import register_bytes
from auditbot.safe_files import finish_replacing, private_folder, replace_together, write_private
from auditbot.settings import Consent, Workspace, load_settings

PUPILS, HISTORY, IMPORTS, KEPT = "pupils.csv", "consent_history.csv", "imports.csv", "kept"
WHY_BLOCKED = {
    "withdrawn": "permission was withdrawn (withdrawn_on); to give it again: auditbot consent set",
    "disagreement": "the parents disagree",
    "expired": "the consent is no longer valid",
}
IMPORTS_HEADING = ("imported_at", "file", "sha256", "pupils", "new", "left", "answers")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import that could be written as it stands."""

    path: Path
    """The export."""
    sha256: str
    """Hash of its content."""
    export: Export
    """What was read from it."""
    joined: Joined
    """What it makes of the register."""
    stops: tuple[tuple[str, str], ...]
    """What needs a person's word: the switch that gives it, and the sentence."""
    files: Mapping[str, bytes]
    """The register's files as they will be, by name."""
    blocked: Mapping[str, str] = field(default_factory=dict)
    """By pupil id, why a yes of the export permits nothing today: the register holds what is stronger."""


def prepare(
    workspace: Workspace, path: Path, now: datetime, system: System | None = None, mapping: Sequence[str] = ()
) -> Prepared:
    """Read an export, join it with the register and check the outcome; nothing is written.

    Raises ImportRefused naming every problem of the export, RegisterError if the register itself cannot be trusted.
    """
    finish_replacing(workspace.consent)
    export = read_export(path, system, mapping)
    register = _rows(workspace.consent / PUPILS)
    pupils = read_pupils(workspace.consent / PUPILS) if register else {}
    moment = now.isoformat(timespec="minutes")
    named = {entry.cells.get(name, "") for entry in export.entries for name in IDENTITY}
    history = read_history(workspace.consent / HISTORY, named | pupils.keys())
    edited = changes_since_recorded(pupils.values(), history, now.date())
    recorded = in_order([*(answer for answers in history.values() for answer in answers), *edited])
    joined = join(export, register, recorded, now.date())
    if joined.problems:
        raise ImportRefused(path, joined.problems)
    added = [*edited, *(replace(answer, recorded_at=moment) for answer in joined.answers)]
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    files = {
        PUPILS: register_bytes(joined.rows.values()),
        HISTORY: with_answers(workspace.consent / HISTORY, added),
        IMPORTS: _log(workspace.consent / IMPORTS, moment, path, sha256, joined, len(added)),
    }
    new_pupils, new_history = _as_it_will_be(workspace, path, files, now)
    blocked = _blocked(joined, new_pupils, new_history, now.date())
    return Prepared(path, sha256, export, joined, tuple(stops(joined, register, now.date())), files, blocked)


def write(workspace: Workspace, prepared: Prepared, now: datetime, accepted: Sequence[str] = ()) -> None:
    """Keep the old register and replace it. Raises ImportRefused for a stop that is not accepted, and if it cannot."""
    if refused := [sentence for switch, sentence in prepared.stops if switch not in accepted]:
        raise ImportRefused(prepared.path, refused)
    try:
        old = workspace.consent / PUPILS
        if old.exists():
            kept = private_folder(workspace.consent / KEPT) / f"pupils-{now:%Y-%m-%dT%H%M%S}.csv"
            write_private(kept, old.read_bytes())
        replace_together(workspace.consent, prepared.files)
    except OSError as error:
        why = f"consent/pupils.csv cannot be replaced ({error.strerror}); is it open elsewhere?"
        raise ImportRefused(prepared.path, [why]) from error


def imported_already(workspace: Workspace, path: Path) -> bool:
    """Return True if an export with this content has been imported."""
    log = workspace.consent / IMPORTS
    if not log.exists():
        return False
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return any(row.text("sha256") == sha256 for row in read_table(log, IMPORTS_HEADING, IMPORTS_HEADING))


def _rows(path: Path) -> dict[str, Cells]:
    if not path.exists():
        return {}
    return {row.text("pupil_id"): dict(row.cells) for row in read_table(path, COLUMNS, REQUIRED)}


def _log(path: Path, moment: str, export: Path, sha256: str, joined: Joined, answers: int) -> bytes:
    earlier = path.read_bytes() if path.exists() else (",".join(IMPORTS_HEADING) + "\n").encode()
    text = io.StringIO(newline="")
    line = [moment, export.name, sha256, len(joined.rows), len(joined.new), len(joined.left), answers]
    csv.writer(text, lineterminator="\n").writerow(line)
    return earlier + text.getvalue().encode("utf-8")


def _blocked(joined: Joined, pupils: Mapping[str, Pupil], history: History, today: date) -> dict[str, str]:
    """Return why a yes in the new register permits nothing today, by pupil on roll."""
    blocked = {}
    for pupil_id, row in joined.rows.items():
        pupil = pupils[pupil_id]
        yes = [channel for channel in CHANNELS if row.get(channel) == "yes"]
        if not yes or (pupil.left_on and pupil.left_on < today):
            continue
        held = [permission_today(pupil, history, channel, today) for channel in yes]
        reasons = [WHY_BLOCKED[each.standing] for each in held if each.standing in WHY_BLOCKED]
        if pupil.never_publish:
            reasons.insert(0, "never to be published (never_publish)")
        if reasons:
            blocked[pupil_id] = "; ".join(dict.fromkeys(reasons))
    return blocked


def _as_it_will_be(
    workspace: Workspace, path: Path, files: Mapping[str, bytes], now: datetime
) -> tuple[Mapping[str, Pupil], History]:
    """Read the new register as the next audit will: what that would refuse is refused now."""
    try:
        with tempfile.TemporaryDirectory(dir=private_folder(workspace.consent), prefix=".checking.") as folder:
            for name in (PUPILS, HISTORY):
                write_private(Path(folder) / name, files[name])
            pupils = read_pupils(Path(folder) / PUPILS)
            history = read_history(Path(folder) / HISTORY, pupils)
    except RegisterError as error:
        problems = [line.removeprefix("  - ") for line in str(error).splitlines()[1:]]
        raise ImportRefused(path, [f"the new register would hold a mistake: {each}" for each in problems]) from error
    if at_odds := answers_at_odds(pupils.values(), history, now.date()):
        raise ImportRefused(path, at_odds)
    valid_for = load_settings(workspace).consent.valid_for
    return pupils, with_validity(history, pupils, valid_for, now.date())


# The watched folder: the newest export in it is imported before an audit, if it has not been yet.

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls")


def import_newest(workspace: Workspace, settings: Consent, now: datetime) -> tuple[str, ...]:
    """Import the newest export of the watched folder. Return why that could not be done, or what of it was not used.

    A refused import changes nothing: the register stands as it was, and every report says so until one succeeds.
    """
    if not settings.watch_folder:
        return ()
    folder = workspace.folder / settings.watch_folder
    try:
        newest = _newest_of(folder)
        if newest is None or imported_already(workspace, newest):
            return ()
        prepared = prepare(workspace, newest, now, settings.system or None, settings.headings)
        write(workspace, prepared, now)
    except OSError as error:
        return (f"The folder of exports, {folder}, cannot be read ({error.strerror}), so no consent was imported.",)
    except (ImportRefused, RegisterError) as error:
        reasons = "; ".join(line.strip().removeprefix("- ") for line in str(error).splitlines()[1:4])
        return (
            "The newest export of consent was not imported, so the register may be out of date: "
            f"{reasons.rstrip('.')}. Look at it with: auditbot import-consent",
        )
    if prepared.export.not_read:
        listed = " ".join(prepared.export.not_read)
        return (f"Consent was imported from {newest.name}. What of that file was passed by: {listed}",)
    return ()


def _newest_of(folder: Path) -> Path | None:
    """Return the newest export of a folder, or None. Raises OSError if it cannot be read."""
    files = [path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.name[0] not in ".~"]
    return max(files, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)
