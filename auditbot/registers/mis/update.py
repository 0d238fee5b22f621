"""Importing an export: prepared in full, shown, and then written in one step or not at all."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from auditbot.errors import ImportRefused, RegisterError
from auditbot.registers.changes.accepted import BY_HAND, Edited, accepted_files, edited, register_lock
from auditbot.registers.changes.register_gate import Stopped
from auditbot.registers.consent import History, answers_at_odds, changes_since_recorded, permission_today, with_validity
from auditbot.registers.consent_history import in_order, read_history, with_answers
from auditbot.registers.csv_register import read_table
from auditbot.registers.mis.entries import Export, read_export
from auditbot.registers.mis.join import Joined, join
from auditbot.registers.mis.notes import LEAVE_OUT, NEW, Question
from auditbot.registers.people import CHANNELS, Pupil, pupils_of, read_pupils, register_bytes
from auditbot.safe_files import finish_replacing, private_folder, replace_together, write_private
from auditbot.sentences import Sentence, say
from auditbot.settings import Consent, Workspace, load_settings

PUPILS, HISTORY, IMPORTS, KEPT = "pupils.csv", "consent_history.csv", "imports.csv", "kept"
DECISIONS, DECISIONS_HEADING = "import_decisions.csv", ("key", "pupil_id", "decision", "decided_at", "file")
"""What a person decided of rows and answers that the program asked about, so that it asks once: no names."""
QUESTIONS_HEADING = ("key", "row", "question", "choices", "proposal", "decision")
ANSWERS_SAID = {"yes": "yes", "no": "no", "not_recorded": "not_recorded", "not recorded": "not_recorded", NEW: NEW,
                LEAVE_OUT: LEAVE_OUT}  # fmt: skip
WHY_BLOCKED = {
    "withdrawn": "permission was withdrawn (withdrawn_on); to give it again: auditbot consent set",
    "disagreement": "the parents disagree",
    "expired": "the consent is no longer valid",
}
_CHANGED_SINCE = "the register was changed while the export was being read; nothing was imported. Please try again"
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
    stops: tuple[Stopped, ...]
    """What needs a person's word."""
    files: Mapping[str, bytes]
    """The register's files as they will be, by name."""
    blocked: Mapping[str, str] = field(default_factory=dict)
    """By pupil id, why a yes of the export permits nothing today: the register holds what is stronger."""
    read: Mapping[str, str] = field(default_factory=dict)
    """Hashes of the register's files that it was made of, by name; empty for one that is not there."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """What a person has to decide; the rest comes in without it."""
        return tuple(self.joined.questions)


def prepare(
    workspace: Workspace,
    path: Path,
    now: datetime,
    system: str | None = None,
    mapping: Sequence[str] = (),
    decided: Mapping[str, str] | None = None,
) -> Prepared:
    """Read an export, join it with the register and check the outcome; nothing is written.

    ``decided`` holds what a person decides of questions, by their key, besides what was decided before. Raises
    ImportRefused naming every problem of the export, RegisterError if the register itself cannot be trusted.
    """
    today = now.date()
    with register_lock(workspace.consent):
        finish_replacing(workspace.consent)
        read = _as_it_stands(workspace)
        known = {**_decided_before(workspace), **(decided or {})}
        export = read_export(path, system, mapping, today, known)
        state = _register(workspace, path, today)
        register, pupils = state.after, pupils_of(state.after)
        history = read_history(workspace.consent / HISTORY, _Everybody())
        edits = changes_since_recorded(pupils.values(), history, today)
        recorded = in_order([*(answer for answers in history.values() for answer in answers), *edits])
        joined = join(export, register, recorded, today, known)
        if joined.problems:
            raise ImportRefused(path, joined.problems)
        moment = now.isoformat(timespec="minutes")
        added = [replace(answer, recorded_at=moment) for answer in (*edits, *joined.answers)]
        after = in_order([*(answer for answers in history.values() for answer in answers), *added])
        facts = [
            replace(each, recorded_at=moment)
            for each in changes_since_recorded(pupils_of(joined.rows).values(), after, today)
            if each.channel not in CHANNELS
        ]
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        changed = [(BY_HAND, state.changes), (f"import of {path.name}", joined.changes)]
        files = {
            PUPILS: register_bytes(joined.rows.values()),
            HISTORY: with_answers(workspace.consent / HISTORY, [*added, *facts]),
            IMPORTS: _log(workspace.consent / IMPORTS, moment, path, sha256, joined, len(added)),
            **accepted_files(workspace.consent, joined.rows, changed, now),
            **_decisions(workspace, decided or {}, moment, path),
        }
        new_pupils, new_history = _as_it_will_be(workspace, path, files, now)
        blocked = _blocked(joined, new_pupils, new_history, today)
    export = replace(export, notes=(*export.notes, *joined.notes))
    return Prepared(path, sha256, export, joined, joined.stops, files, blocked, read)


def _as_it_stands(workspace: Workspace) -> dict[str, str]:
    """Return hashes of the register's files as they are now."""
    files = ((name, workspace.consent / name) for name in (PUPILS, HISTORY, IMPORTS, DECISIONS))
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "" for name, path in files}


class _Everybody:
    """Every id: the history of pupils who are not in the register counts when they come back."""

    def __contains__(self, pupil_id: object) -> bool:
        return True


def _register(workspace: Workspace, path: Path, today: date) -> Edited:
    """Return the register to join with. Raises ImportRefused while an edit by hand waits for a person's word."""
    if not (workspace.consent / PUPILS).exists():
        return Edited({}, {}, (), ())
    state = edited(workspace.consent, today)
    if state.stopped:
        why = "consent/pupils.csv was edited by hand in a way that needs somebody's word first"
        raise ImportRefused(path, [f"{why}: {state.stopped[0].sentence} See: auditbot consent changes"])
    return state


def write(workspace: Workspace, prepared: Prepared, now: datetime, accepted: Sequence[str] = ()) -> None:
    """Keep the old register and replace it. Raises ImportRefused for a stop that is not accepted, and if it cannot.

    What was recorded since the export was read would be lost with the old files: then nothing is written either.
    """
    if refused := [with_word(each) for each in prepared.stops if each.switch not in accepted]:
        raise ImportRefused(prepared.path, refused)
    try:
        with register_lock(workspace.consent):
            if _as_it_stands(workspace) != prepared.read:
                raise ImportRefused(prepared.path, [_CHANGED_SINCE])
            old = workspace.consent / PUPILS
            if old.exists():
                kept = private_folder(workspace.consent / KEPT) / f"pupils-{now:%Y-%m-%dT%H%M%S}.csv"
                write_private(kept, old.read_bytes())
            replace_together(workspace.consent, prepared.files)
    except OSError as error:
        why = f"consent/pupils.csv cannot be replaced ({error.strerror}); is it open elsewhere?"
        raise ImportRefused(prepared.path, [why]) from error


def with_word(stopped: Stopped) -> str:
    """Return why an import stops, and the word that lets it through."""
    return f"{stopped.sentence} If that is right, import it again with --{stopped.switch.replace('_', '-')}"


def _decided_before(workspace: Workspace) -> dict[str, str]:
    path = workspace.consent / DECISIONS
    if not path.exists():
        return {}
    rows = read_table(path, DECISIONS_HEADING, DECISIONS_HEADING)
    return {row.text("key"): row.text("pupil_id") or row.text("decision") for row in rows}


def _decisions(workspace: Workspace, decided: Mapping[str, str], moment: str, path: Path) -> dict[str, bytes]:
    """Return the file of decisions with new ones at its end; a pupil's id stands in a column of its own."""
    if not decided:
        return {}
    file = workspace.consent / DECISIONS
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    if not file.exists():
        writer.writerow(DECISIONS_HEADING)
    for key, said in decided.items():
        word = said in (*("yes", "no", "not_recorded"), LEAVE_OUT, NEW)
        writer.writerow([key, "" if word else said, said if word else "", moment, path.name])
    return {DECISIONS: (file.read_bytes() if file.exists() else b"") + text.getvalue().encode("utf-8")}


def questions_csv(questions: Sequence[Question]) -> bytes:
    """Return what is to be decided as a CSV file: who decides writes one of the choices in its last column."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(QUESTIONS_HEADING)
    for each in questions:
        writer.writerow([each.key, each.row, each.sentence, " | ".join(each.choices), each.proposal, ""])
    return codecs.BOM_UTF8 + text.getvalue().encode("utf-8")


def read_decisions(path: Path) -> dict[str, str]:
    """Return what a person decided, by the key of the question; rows without a decision are passed over.

    Raises RegisterError naming every decision that is none of the choices of its row; an id may be any pupil's.
    """
    decided, problems = {}, []
    for row in read_table(path, QUESTIONS_HEADING, ("key", "decision")):
        said = row.text("decision")
        if not said:
            continue
        answer = ANSWERS_SAID.get(said.casefold(), said)
        choices = row.text("choices").split(" | ")
        about_answer = not set(choices) & {NEW}
        if about_answer and answer not in choices:
            problems.append(f"line {row.line}, column decision: write one of {', '.join(choices)}")
        decided[row.text("key")] = answer
    if problems:
        raise RegisterError(path, problems)
    return decided


def imported_already(workspace: Workspace, path: Path) -> bool:
    """Return True if an export with this content has been imported."""
    log = workspace.consent / IMPORTS
    if not log.exists():
        return False
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return any(row.text("sha256") == sha256 for row in read_table(log, IMPORTS_HEADING, IMPORTS_HEADING))


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

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")


MOST_TOLD = 3
"""So many reasons against an import a report names."""


def import_newest(workspace: Workspace, settings: Consent, now: datetime) -> tuple[Sentence, ...]:
    """Import the newest export of the watched folder. Return why that could not be done, or what of it was not used.

    A refused import changes nothing: the register stands as it was, and every report says so until one succeeds.
    """
    if not settings.watch_folder:
        return ()
    folder = workspace.folder / settings.watch_folder
    try:
        newest = newest_export(folder)
        if newest is None or imported_already(workspace, newest):
            return ()
        prepared = prepare(workspace, newest, now, settings.system or None, settings.headings)
        write(workspace, prepared, now)
    except OSError as error:
        return (
            say(
                "The folder of exports, %(folder)s, cannot be read (%(why)s), so no consent was imported.",
                folder=str(folder),
                why=error.strerror or "",
            ),
        )
    except (ImportRefused, RegisterError) as error:
        reasons = "; ".join(error.problems[:MOST_TOLD])
        return (
            say(
                "The newest export of consent was not imported, so the register may be out of date: %(why)s. Look at "
                "it with: auditbot import-consent",
                why=reasons.rstrip("."),
            ),
        )
    told: list[Sentence] = []
    if prepared.questions:
        told.append(
            say(
                "Consent was imported from %(file)s, but %(count)s rows or answers of it wait for somebody to decide "
                "them: auditbot import-consent %(file)s --decide questions.csv",
                file=newest.name,
                count=len(prepared.questions),
            )
        )
    if prepared.export.not_read:
        listed = " ".join(prepared.export.not_read)
        told.append(
            say(
                "Consent was imported from %(file)s. What of that file was passed by: %(listed)s",
                file=newest.name,
                listed=listed,
            )
        )
    return tuple(told)


def newest_export(folder: Path) -> Path | None:
    """Return the newest export of a folder, or None. Raises OSError if it cannot be read."""
    files = [path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.name[0] not in ".~"]
    return max(files, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)
